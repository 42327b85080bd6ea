"""What became of each source's articles, day by day."""

import random
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from include.aggregate.days import cover_days, days
from include.clean import STAGE as CLEAN
from include.clean import batch as clean
from include.datasets.batches import finish
from include.datasets.catalogue import ARTICLES, COVERAGE_DAYS, DOCUMENTS, SCRAPES
from include.datasets.lake import Lake
from include.scrape import visits
from include.scrape.fetch import FetchSettings
from include.scrape.scrape import SourceFailed, scrape_source
from include.scrape.sources import Bounds
from tests.scrape.hostile import HostileServer, page
from tests.scrape.outlet import Clock, outlet
from tests.scrape.test_bounds import story

FIRST = date(2022, 4, 11)


@pytest.fixture
def visit(tmp_path):
    """A function that visits a source, then cleans what it brought and counts the days."""
    lake, clock = Lake(tmp_path), Clock()

    def visit(source, hours=0.0):
        clock.pass_hours(hours)
        ways = {"rng": random.Random(7), "sleep": lambda _: None, "settings": FetchSettings(retries=0)}
        with suppress(SourceFailed):
            scrape_source(lake, source, now=clock, run="r", **ways)
        for path in clean.pending(lake):
            clean.clean_batch(lake, path)
        counts = cover_days(lake)["counts"]
        return lake.read(COVERAGE_DAYS).to_pylist(), counts["coverage_days"]

    return visit


def test_each_day_tells_at_which_step_articles_were_lost(visit):
    with HostileServer() as server:
        feed = server.feed(story(server, "/a"), story(server, "/empty", text=False), "/gone", "/left")
        rows, _ = visit(outlet(feed, max_articles=3))
        (day,) = rows
        assert (day["day"], day["source"], day["n_visits"], day["n_visits_failed"]) == (FIRST, "herald", 1, 0)
        assert [day[f"n_{name}"] for name in ("listed", "captured", "cleaned", "failed", "left")] == [4, 2, 1, 1, 1]
        assert day["errors"] == ["http_404: 1"]
        server.resources["/feed"] = page(status=404)
        rows, _ = visit(outlet(feed), hours=24)
        assert [(row["day"], row["n_visits"], row["n_visits_failed"], row["n_failed"]) for row in rows] == [
            (FIRST, 1, 0, 1),
            (FIRST + timedelta(days=1), 1, 1, 0),
        ]
        assert rows[-1]["errors"] == ["visit http_404: 1"]


def test_pages_that_are_held_are_counted_as_such(visit):
    with HostileServer() as server:
        feed = server.feed("/gone", *(story(server, f"/{n}", text=False) for n in range(6)))
        ((day,), _) = visit(outlet(feed, bounds=Bounds(text=0.9)))
        assert [day[f"n_{name}"] for name in ("visits_failed", "listed", "captured", "held", "failed")] == [1, 7, 0, 6, 1]
        assert day["errors"] == ["http_404: 1", "visit bounds: 1"]


def test_a_quiet_day_is_a_row_and_only_the_months_that_changed_are_written(visit):
    with HostileServer() as server:
        source = outlet(server.feed(story(server, "/a")))
        visit(source)
        rows, written = visit(source, hours=30 * 24)
        assert [(row["day"].month, row["n_visits"], row["n_captured"]) for row in rows] == [(4, 1, 1), (5, 1, 0)]
        assert written == 1


def test_a_file_deleted_by_hand_is_written_again(visit, tmp_path):
    with HostileServer() as server:
        source = outlet(server.feed(story(server, "/a")))
        visit(source)
        (path,) = Lake(tmp_path).files(COVERAGE_DAYS)
        before = Lake(tmp_path).read_file(path)
        Lake(tmp_path).remove(path)
        cover_days(Lake(tmp_path))
        assert Lake(tmp_path).read_file(path).equals(before)


# --- file by file ------------------------------------------------------------------------------------------------------


def some_visit(lakes, number, rng):
    """A visit that begins somewhere around the turn of a month, what it fetched in the hours after, and what came of that."""
    started = datetime(2022, 4, 30, tzinfo=UTC) + timedelta(hours=rng.choice([0, 0, 23, 23, 23, 90 * 24]))
    source, batch = rng.choice(["one", "two"]), f"b{number}"
    visited = dict.fromkeys(SCRAPES.schema.names) | {"started_at": started, "ended_at": started, "problems": [], "errors": []}
    visited |= {"outcome": rng.choice(["done", "failed"])}
    visited |= {name: rng.randint(0, 9) for name in SCRAPES.schema.names if name.startswith("n_")}
    fetched = [started + timedelta(hours=rng.randint(0, 3)) for _ in range(rng.randint(0, 9))]
    via = rng.choice(["live", "live", "live", "archive"])
    attempts = [
        {"document_id": f"{batch} {n}", "url": f"https://x.org/{batch}/{n}", "fetched_at": at, "via": via}
        | {"listing": rng.random() < 0.1, "outcome": rng.choice(["captured", "failed", "not_modified", "held"])}
        | {"error_class": rng.choice(["timeout", "http_404", None])}
        for n, at in enumerate(fetched)
    ]
    for lake in lakes:
        visits.record(lake, source, visited)
        partition = {"fetch_date": started.date().isoformat(), "source": source}
        path = lake.write(DOCUMENTS, partition, batch, attempts)
    captured = [row for row in attempts if row["outcome"] == "captured"]
    return path, batch, source, captured, via


def cleaned(lakes, visited, rng):
    """Clean what a visit captured, now and then in another way than before."""
    path, batch, source, captured, via = visited
    rows = [
        {"article_id": row["document_id"], "document_id": row["document_id"], "source": source, "via": via}
        | {"captured_at": row["fetched_at"], "clean_outcome": rng.choice(["cleaned", "failed"])}
        for row in captured
    ]
    for lake in lakes:
        written = [lake.write(ARTICLES, {"published_month": "2022-04"}, batch, rows)] if rows else []
        finish(lake, CLEAN, "1", batch, source=path, outputs=written, counts={})


@pytest.mark.parametrize("seed", range(8))
def test_file_by_file_the_days_are_those_of_all_at_once(tmp_path, seed):
    """Visits over the turn of a month, archives, pages cleaned late and cleaned anew, files deleted by hand."""
    rng = random.Random(seed)
    lakes = step_by_step, at_once = Lake(tmp_path / "steps"), Lake(tmp_path / "once")
    batches = []
    for number in range(rng.randint(6, 12)):
        batches.append(some_visit(lakes, number, rng))
        if rng.random() < 0.7:
            cleaned(lakes, rng.choice(batches), rng)
        if rng.random() < 0.2:
            gone = rng.choice(batches)[0]
            for lake in lakes:
                lake.remove(gone)
        if rng.random() < 0.2 and (files := step_by_step.files(COVERAGE_DAYS)):
            step_by_step.remove(files[0])
        cover_days(step_by_step)
        assert step_by_step.frame(COVERAGE_DAYS, COVERAGE_DAYS.schema.names).sort("source", "day").to_dicts() == whole(
            step_by_step
        )
    cover_days(at_once)
    assert step_by_step.frame(COVERAGE_DAYS).to_dicts() == at_once.frame(COVERAGE_DAYS).to_dicts()
    assert cover_days(step_by_step) == {"months": [], "counts": {"coverage_days": 0}}


def whole(lake):
    """The rows that all visits, pages and articles give."""
    live = pl.col("via") == "live"
    attempts, articles = lake.frame(DOCUMENTS, where=live & ~pl.col("listing")), lake.frame(ARTICLES, where=live)
    return days(lake.frame(SCRAPES), attempts, articles).select(COVERAGE_DAYS.schema.names).to_dicts()
