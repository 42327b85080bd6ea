import pytest

from include.aggregate.resolve import resolve
from include.aggregate.tallies import tally
from include.datasets.catalogue import MONTHLY_TALLIES
from tests.aggregate.factory import BAGHDAD, ISIS, NOWHERE, PALMYRA, casualties, injured, killed, on, report


def tallies(*reports):
    return tally(resolve(reports))


def bounds(row, measure="killed"):
    return tuple(row[f"{measure}_{b}"] for b in ("low", "best", "high"))


def apart(n, *columns, **more):
    """The n-th of several reports that are incidents of their own."""
    return report(f"r{n}", on(f"2022-04-{3 * n + 1:02}"), *columns, **({"published": "2022-05-01", "admin1": "Homs"} | more))


SUMS = {
    "lows, bests and highs are summed": ([killed(4), killed(2, 3, 5)], (6, 7, 9), 0),
    "an incident without best counts its low": ([killed(4), killed(3, None, 9)], (7, 7, 13), 0),
    "an open upper bound opens the sum": ([killed(4), killed(3, 3, None)], (7, 7, None), 1),
    "an incident that does not state the measure adds nothing": ([killed(4), injured(6)], (4, 4, 4), 0),
    "a measure that no incident states is null": ([injured(4), injured(6)], (None, None, None), 0),
    "none killed is 0": ([killed(0), injured(6)], (0, 0, 0), 0),
    "only an upper bound is 0 or more": ([killed(None, None, 5), killed(1)], (1, 1, 6), 0),
}


@pytest.mark.parametrize(("counts", "expected", "n_open"), SUMS.values(), ids=SUMS.keys())
def test_sums(counts, expected, n_open):
    (row,) = tallies(*(apart(n, c) for n, c in enumerate(counts)))
    assert bounds(row) == expected
    assert (row["n_incidents"], row["n_open_ended"]) == (len(counts), n_open)


def test_combined_figures_have_a_column_of_their_own():
    (row,) = tallies(apart(0, killed(4)), apart(1, casualties(24, None, 99)))
    assert bounds(row) == (4, 4, 4)
    assert bounds(row, "casualties") == (24, 24, 99)


def test_a_row_for_each_month_country_admin1_perpetrator_and_victim_class():
    reports = [
        report("a", killed(1)),
        report("b", killed(1), on("2022-03-30"), published="2022-04-01"),
        report("c", killed(1), BAGHDAD),
        report("d", killed(1), on("2022-04-01"), ISIS),
        report("e", killed(1), on("2022-04-05"), victim_class="civilians"),
        report("f", killed(1), on("2021-04-05"), published="2021-04-06"),
    ]
    rows = tallies(*reports)
    assert [(r["year"], r["month"], r["country"], r["perpetrator"], r["victim_class"]) for r in rows] == [
        (2021, 4, "SYR", None, None),
        (2022, 3, "SYR", None, None),
        (2022, 4, "IRQ", None, None),
        (2022, 4, "SYR", None, None),
        (2022, 4, "SYR", None, "civilians"),
        (2022, 4, "SYR", "ISIS", None),
    ]
    MONTHLY_TALLIES.table({k: v for k, v in r.items() if k != "year"} for r in rows if r["year"] == 2022)


def test_an_incident_that_spans_months_counts_where_it_starts():
    (row,) = tallies(report("a", killed(1), on("2022-03-29", "2022-04-02", 2)))
    assert (row["year"], row["month"]) == (2022, 3)


def test_an_incident_without_a_date_is_tallied_in_month_0_of_year_0():
    undated, dated = tallies(report("a", killed(1), dict.fromkeys(on("2022-04-10"))), report("b", PALMYRA, killed(2)))
    assert (undated["year"], undated["month"], undated["killed_best"]) == (0, 0, 1)
    assert (dated["year"], dated["month"], dated["killed_best"]) == (2022, 4, 2)


def test_weak_unlocated_and_imprecise_incidents_are_counted():
    reports = [
        report("a1", killed(4), on("2022-04-01")),
        report("a2", killed(4), on("2022-04-01")),
        apart(1, killed(1), on("2022-04-10", "2022-04-16", 3)),
        report("b", killed(1), NOWHERE, on("2022-04-20"), country="SYR", admin1="Homs", published="2022-04-21"),
    ]
    (row,) = tallies(*reports)
    assert {k: row[k] for k in ("n_incidents", "n_weak", "n_unlocated", "n_imprecise")} == {
        "n_incidents": 3,
        "n_weak": 2,
        "n_unlocated": 1,
        "n_imprecise": 1,
    }


def test_no_incidents_give_no_tallies():
    assert tally([]) == []
