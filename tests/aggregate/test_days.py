"""What became of each source's articles, day by day."""

import random
from contextlib import suppress
from datetime import date, timedelta

import pytest

from include.aggregate.days import cover_days
from include.clean import batch as clean
from include.datasets.catalogue import COVERAGE_DAYS
from include.datasets.lake import Lake
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


def test_pages_that_are_held_are_counted_as_such(visit):
    with HostileServer() as server:
        feed = server.feed("/gone", *(story(server, f"/{n}", text=False) for n in range(6)))
        ((day,), _) = visit(outlet(feed, bounds=Bounds(text=0.9)))
        assert [day[f"n_{name}"] for name in ("visits_failed", "listed", "captured", "held", "failed")] == [1, 7, 0, 6, 1]
        assert day["errors"] == ["http_404: 1"]


def test_a_quiet_day_is_a_row_and_only_the_months_that_changed_are_written(visit):
    with HostileServer() as server:
        source = outlet(server.feed(story(server, "/a")))
        visit(source)
        rows, written = visit(source, hours=30 * 24)
        assert [(row["day"].month, row["n_visits"], row["n_captured"]) for row in rows] == [(4, 1, 1), (5, 1, 0)]
        assert written == 1
