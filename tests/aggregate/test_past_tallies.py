"""Tallies as of a run are that run's tallies, in every column."""

from datetime import UTC, date, datetime, time, timedelta
from operator import itemgetter

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from include.aggregate.cover import cover
from include.aggregate.decisions import decision, record
from include.aggregate.memberships import resolve_reports
from include.aggregate.past_tallies import tallies_as_of
from include.datasets.catalogue import ARTICLES, MONTHLY_TALLIES, REPORTS
from include.datasets.lake import Lake
from include.datasets.schema import month_of
from tests.aggregate.factory import BAGHDAD, HOMS_PROVINCE, ISIS, PALMYRA, killed, on, report
from tests.aggregate.ledger import aggregate, write_reports

FIRST = datetime(2022, 7, 1, 6, tzinfo=UTC)
LATER = FIRST + timedelta(days=60)
TOLD = report("m", killed(3), ISIS, PALMYRA, on("2022-03-30"), published="2022-03-31")
AGAIN = [report("a", killed(6), ISIS), report("b", killed(6), ISIS, published="2022-04-12")]
LATE = report("l", killed(9), ISIS, PALMYRA, on("2022-03-30"), recorded_at=LATER - timedelta(hours=1))
UNSURE = decision("unsure", ["m"], ["a", "b"], by="Rana", why="one bus or two", decided_at=FIRST - timedelta(days=1))


def run(lake, at):
    """What is pending, all of it."""
    resolve_reports(lake)
    cover(lake)
    aggregate(lake, at)


def tallies(lake):
    return lake.frame(MONTHLY_TALLIES).sort(MONTHLY_TALLIES.key[0])


def as_rows(frame):
    names = [*MONTHLY_TALLIES.schema.names, "year"]
    return sorted(frame.select(names).to_dicts(), key=str)


def publish(lake, batch, first, last, *, source="wire", country="SYR"):
    """An article a day, captured at noon, each third with a report on Baghdad or Homs of a toll that no other has."""
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    rows = {}
    for n, day in enumerate(days):
        at = datetime.combine(day, time(12), UTC)
        name = f"{source} {day}"
        article = {"article_id": name, "document_id": name, "source": source, "outlet": source, "captured_at": at}
        where = BAGHDAD if country == "IRQ" else {}
        told = report(name, where, killed(n), on(str(day)), published=str(day), article_id=name, source=source, recorded_at=at)
        rows.setdefault(month_of(day), []).append(
            (article | {"published_on": day, "clean_outcome": "cleaned"}, told if n % 3 == 0 else None)
        )
    for month, pairs in rows.items():
        lake.write(ARTICLES, {"published_month": month}, batch, [article for article, _ in pairs])
        lake.write(REPORTS, {"published_month": month}, batch, [told for _, told in pairs if told])


@pytest.fixture
def lake(tmp_path):
    """A ledger of two runs: at the first a source has fallen silent and a doubt is open; then all of that changes."""
    lake = Lake(tmp_path)
    publish(lake, "b1", date(2022, 1, 1), date(2022, 5, 10))
    publish(lake, "b2", date(2022, 1, 1), date(2022, 6, 30), source="gazette", country="IRQ")
    write_reports(lake, "b3", TOLD, *AGAIN)
    record(lake, [UNSURE])
    return lake


def test_tallies_as_of_a_run_are_its_tallies_in_every_column(lake):
    run(lake, FIRST)
    first = tallies(lake)
    assert first["n_in_doubt"].sum() == 2 and first["silent_sources"].drop_nulls().len()
    record(lake, [decision("withdrawn", withdraws=UNSURE["decision_id"], by="Rana", why="two", decided_at=LATER)])
    record(lake, [decision("same", ["m", "a"], by="Rana", why="one", decided_at=LATER)])
    publish(lake, "b4", date(2022, 7, 2), date(2022, 8, 29))
    write_reports(lake, "b5", LATE)
    run(lake, LATER)
    assert as_rows(tallies(lake)) != as_rows(first)
    for at, expected in ((FIRST, first), (LATER, tallies(lake))):
        told = tallies_as_of(lake, at)
        assert (as_rows(told.tallies), told.untold, told.read_anew) == (as_rows(expected), [], None)


def test_a_page_that_was_captured_again_speaks_as_it_did_then(lake):
    run(lake, FIRST)
    first = tallies(lake)
    write_reports(lake, "b4", TOLD | killed(8) | {"document_id": "again", "recorded_at": LATER, "published_on": LATER.date()})
    run(lake, LATER)
    told = tallies_as_of(lake, FIRST)
    assert (as_rows(told.tallies), told.untold) == (as_rows(first), [])


@pytest.mark.parametrize("change", [killed(4), {"place_name": "Homs"}, None], ids=["other figure", "other place", "gone"])
def test_a_doubt_about_reports_that_read_otherwise_today_is_not_told_and_not_guessed(lake, change):
    run(lake, FIRST)
    first = tallies(lake)
    write_reports(lake, "b3", *([TOLD | change] if change else []), *AGAIN)
    if not change:
        (path,) = [p for p in lake.files(REPORTS) if p.endswith("2022-03/b3.parquet")]
        lake.remove(path)
    told = tallies_as_of(lake, FIRST)
    assert told.untold == [UNSURE["decision_id"]], "whether or not a run has noticed"
    run(lake, LATER)
    told = tallies_as_of(lake, FIRST)
    assert told.untold == [UNSURE["decision_id"]]
    doubt = ["n_in_doubt", *(f"{m}_doubt_{b}" for m in ("killed", "injured") for b in ("low", "high"))]
    concerned = [row for row in as_rows(told.tallies) if row["n_in_doubt"] is None]
    assert {row["month"] for row in concerned} == {3, 4}
    assert all(row[c] is None for row in concerned for c in doubt)
    assert as_rows(told.tallies.drop(doubt).with_columns(pl.lit(0).alias(c) for c in doubt)) == as_rows(
        first.drop(doubt).with_columns(pl.lit(0).alias(c) for c in doubt)
    )


FEW = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
VERDICTS = st.sampled_from(["same", "different", "unsure", "unsure"])
NAMES = "abcdef"


@FEW
@given(st.data())
def test_of_any_runs_the_tallies_as_of_each_are_what_they_were(tmp_path_factory, data):
    """Reports that come, and decisions that are made and withdrawn, between runs."""
    lake, log, said = Lake(tmp_path_factory.mktemp("lake")), [], []
    for number in range(data.draw(st.integers(1, 3))):
        at = FIRST + timedelta(days=number)
        rows = [
            report(
                f"{name}{number}",
                killed(data.draw(st.integers(0, 9))),
                on(data.draw(st.sampled_from(["2022-03-30", "2022-03-31", "2022-04-01"]))),
                data.draw(st.sampled_from([{}, PALMYRA, BAGHDAD, HOMS_PROVINCE])),
                published="2022-04-02",
                recorded_at=at - timedelta(hours=2),
            )
            for name in data.draw(st.sets(st.sampled_from(NAMES), min_size=1))
        ]
        write_reports(lake, f"b{number}", *sorted(rows, key=itemgetter("report_id")))
        known = sorted(lake.frame(REPORTS)["report_id"])
        told = {"by": "Rana", "why": "to see", "decided_at": at - timedelta(hours=1)}
        for _ in range(data.draw(st.integers(0, 2))):
            ids = data.draw(st.lists(st.sampled_from(known), min_size=2, max_size=3, unique=True)) if known[1:] else []
            drawn = [decision(data.draw(VERDICTS), ids[:1], ids[1:], **told)] if ids else []
            log += [d for d in drawn if d not in log]
        if log and data.draw(st.booleans()):
            log.append(decision("withdrawn", withdraws=data.draw(st.sampled_from(log))["decision_id"], **told))
        record(lake, log)
        run(lake, at)
        said.append((at, tallies(lake)))
    for at, expected in said:
        past = tallies_as_of(lake, at)
        assert (as_rows(past.tallies), past.untold) == (as_rows(expected), [])
