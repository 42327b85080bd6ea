from datetime import UTC, datetime

import pytest

from include.aggregate.growth import AGES, COLUMNS, growth, steps
from tests.aggregate.chronicle import Chronicle
from tests.aggregate.factory import PALMYRA, killed, on, report

NEVER = dict.fromkeys(on("2022-04-10"))
A = report("a", killed(4))
B = report("b", killed(2, None, 9), PALMYRA, on("2022-04-20"))


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def known(*runs, now="2022-08-15"):
    """The growth table of runs, each an instant and its reports."""
    ledger = Chronicle()
    for instant, *reports in runs:
        ledger.run(*reports, recorded_at=utc(instant))
    return growth(ledger.revisions.select(COLUMNS), utc(now))


def test_a_month_at_each_age_is_what_the_ledger_said_then():
    (april,) = known(("2022-04-15", A), ("2022-05-03", A, B), ("2022-07-01", A | killed(7), B))
    assert april == {"year": 2022, "month": 4, "after_0": 4, "after_7": 6, "after_30": 6, "after_90": 9} | {
        "after_180": None,
        "after_365": None,
        "now": 9,
    }


def test_an_age_is_reached_to_the_microsecond_and_not_before():
    (april,) = known(("2022-05-01T00:00:00.000001", A), ("2022-05-08", A, B))
    assert (april["after_0"], april["after_7"]) == (None, 6)


def test_before_the_ledger_began_nothing_is_known_and_later_nobody():
    january = report("j", killed(3), on("2022-01-05"))
    february = report("f", killed(3), on("2022-02-05"))
    rows = known(("2022-02-04", january), ("2022-03-20", january, february))
    assert [(r["month"], r["after_0"], r["after_7"], r["after_30"]) for r in rows] == [(1, None, 3, 3), (2, 0, 0, 3)]


def test_what_was_removed_no_longer_counts_and_what_has_no_date_never_did():
    (april,) = known(("2022-04-15", A, B, report("u", killed(50), NEVER)), ("2022-05-20", B))
    assert (april["after_0"], april["after_30"], april["now"]) == (6, 2, 2)


def test_an_empty_ledger_has_no_months():
    assert growth(Chronicle.empty().select(COLUMNS), utc("2022-01-01")) == []


def month(*ages):
    return dict(zip((f"after_{days}" for days in AGES), ages, strict=True))


def test_the_usual_step_is_the_median_of_the_months_that_have_been_through_it():
    found = steps([month(10, 20, 30, 30, 30, 30), month(10, 30, 30, 60, None, None), month(10, 10, None, None, None, None)])
    assert [(s["after"], s["until"], s["n_months"], s["growth"]) for s in found[:3]] == [
        (0, 7, 3, 2),
        (7, 30, 2, 1.25),
        (30, 90, 2, 1.5),
    ]
    assert [s["to_come"] for s in found] == pytest.approx([3.75, 1.875, 1.5, 1, 1])


def test_a_step_that_no_month_has_been_through_is_not_known_nor_what_includes_it():
    found = steps([month(10, 20, 20, 20, 25, None), month(0, 5, 5, 5, 5, None), month(None, None, None, None, 4, 8)])
    assert [s["n_months"] for s in found] == [1, 2, 2, 2, 1]
    found = steps([month(10, 20, None, None, None, None)])
    assert [(s["growth"], s["to_come"]) for s in found] == [(2, None), *[(None, None)] * 4]
