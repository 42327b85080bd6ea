import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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


def test_an_incident_whose_days_reach_into_another_month_is_marked():
    (row,) = tallies(report("a", killed(1), on("2022-03-29", "2022-04-02", 2)))
    assert (row["month"], row["n_incidents"], row["n_across_months"]) == (3, 1, 1)
    (row,) = tallies(report("a", killed(1), on("2022-03-01", "2022-03-31", 4)))
    assert row["n_across_months"] == 0


def test_incidents_that_only_background_references_tell_of_are_counted_apart():
    background = {"mention_role": "background_reference"}
    (row,) = tallies(apart(0, killed(1)), apart(1, killed(2), background))
    assert (row["n_incidents"], row["n_background_only"]) == (2, 1)


def test_the_codebook_is_that_of_the_incidents_and_null_where_they_differ():
    acled, gtd = {"count_mode": "acled"}, {"count_mode": "gtd"}
    assert [r["count_mode"] for r in tallies(apart(0, acled), apart(1, acled))] == ["acled"]
    assert [r["count_mode"] for r in tallies(apart(0, acled), apart(1, gtd))] == [None]


# --- by side -----------------------------------------------------------------------------------------------------------


def side(victim_class, low, best="same", high="same", *, measure="killed", attackers=False):
    best, high = (low if v == "same" else v for v in (best, high))
    return {
        "measure": measure,
        "victim_class": victim_class,
        "attackers": attackers,
        "low": low,
        "best": best,
        "high": high,
    }


def sides(*groups):
    return {"groups": list(groups)}


def incident(n, *columns):
    row = {"incident_id": f"i{n}", "grading": "weak", "latitude": 34.0, "flags": [], **on("2022-04-10")}
    for part in columns:
        row |= part
    return row


CIVILIANS_AND_SOLDIERS = (killed(8), sides(side("civilians", 5), side("state_forces", 3)), {"victim_class": "mixed"})
BY_SIDE = {
    "two sides, and one of them again": (
        [CIVILIANS_AND_SOLDIERS, (killed(2), {"victim_class": "mixed"}, sides(side("civilians", 1), side("rebels", 1)))],
        [side("civilians", 6), side("rebels", 1), side("state_forces", 3)],
    ),
    "groups that do not add up to the range of the incident": (
        [(killed(6, 8, 8), sides(side("civilians", 5), side("state_forces", 3)), {"victim_class": "mixed"})],
        [side("mixed", 6, 8, 8)],
    ),
    "sides that are known beside sides that are not": (
        [
            CIVILIANS_AND_SOLDIERS,
            (killed(6, 8, 8), sides(side("civilians", 2), side("state_forces", 4)), {"victim_class": "mixed"}),
        ],
        [side("civilians", 5), side("mixed", 6, 8, 8), side("state_forces", 3)],
    ),
    "no groups": ([(killed(4), {"victim_class": "civilians"})], [side("civilians", 4)]),
    "no groups and no class": ([(killed(4, 4, None),)], [side("unknown", 4, 4, None)]),
    "a side without best counts its low": (
        [(killed(5, None, 11), sides(side("civilians", 3, None, 9), side("state_forces", 2)), {"victim_class": "mixed"})],
        [side("civilians", 3, 3, 9), side("state_forces", 2)],
    ),
    "attackers who are kept apart from the count": (
        [
            (
                killed(5),
                {"attackers_killed_low": 2, "attackers_killed_best": 2, "attackers_killed_high": 2},
                sides(side("state_forces", 5), side("extremist_group", 2, attackers=True)),
                {"victim_class": "state_forces"},
            )
        ],
        [side("state_forces", 5)],
    ),
    "attackers who are the count": (
        [(killed(3), sides(side("extremist_group", 3, attackers=True)), {"victim_class": "extremist_group"})],
        [side("extremist_group", 3, attackers=True)],
    ),
    "killed, injured and both together": (
        [(killed(1), injured(2)), (casualties(24, None, 99),)],
        [
            side("unknown", 1),
            side("unknown", 2, measure="injured"),
            side("unknown", 24, 24, 99, measure="casualties"),
        ],
    ),
}


@pytest.mark.parametrize(("incidents", "expected"), BY_SIDE.values(), ids=BY_SIDE.keys())
def test_groups_split_the_people_of_a_row_by_side(incidents, expected):
    (row,) = tally(incident(n, *columns) for n, columns in enumerate(incidents))
    assert row["groups"] == expected


def test_a_row_that_counts_nobody_has_no_groups():
    (row,) = tally([incident(0)])
    assert (row["n_incidents"], row["groups"]) == (1, None)


numbers = st.integers(0, 30)
ranges = st.one_of(
    st.just((None, None, None)),
    st.tuples(numbers, numbers, numbers).map(lambda n: tuple(sorted(n))),
    numbers.map(lambda n: (n, n, n)),
    numbers.map(lambda n: (n, n, None)),
    numbers.map(lambda n: (n, None, None)),
    numbers.map(lambda n: (None, None, n)),
)


@st.composite
def random_incidents(draw):
    rows = []
    for n in range(draw(st.integers(0, 8))):
        row = incident(n, {"victim_class": draw(st.sampled_from([None, "civilians", "mixed"])), "groups": []})
        row |= on(draw(st.sampled_from(["2022-03-31", "2022-04-10"]))) | {"country": draw(st.sampled_from([None, "SYR"]))}
        for measure in ("killed", "injured"):
            groups = [
                side(c, *draw(ranges), measure=measure)
                for c in draw(st.sets(st.sampled_from(["civilians", "rebels", "state_forces"])))
            ]
            row["groups"] += groups
            totals = zip(*((g["low"], g["best"], g["high"]) for g in groups), strict=True)
            added_up = [None if None in values else sum(values) for values in totals]
            counts = added_up if added_up and draw(st.booleans()) else draw(ranges)
            row |= dict(zip((f"{measure}_low", f"{measure}_best", f"{measure}_high"), counts, strict=True))
        rows.append(row)
    return rows


@settings(deadline=None)
@given(random_incidents(), st.randoms())
def test_rows_add_up_to_the_whole_and_groups_to_their_row_in_any_order(incidents, rng):
    rows = tally(incidents)
    assert tally(rng.sample(incidents, len(incidents))) == rows
    assert sum(r["n_incidents"] for r in rows) == len(incidents)
    assert len({(r["year"], r["month"], r["country"], r["victim_class"]) for r in rows}) == len(rows)
    for measure in ("killed", "injured"):
        for bound in ("low", "best"):
            per_incident = sum(next((i[f"{measure}_{b}"] for b in order if i[f"{measure}_{b}"] is not None), 0)
                               for i in incidents for order in [(bound, "best" if bound == "low" else "low")])  # fmt: skip
            assert sum(r[f"{measure}_{bound}"] or 0 for r in rows) == per_incident
        for row in rows:
            groups = [g for g in row["groups"] or () if g["measure"] == measure]
            for bound in ("low", "best", "high"):
                parts = [g[bound] for g in groups]
                whole = None if not parts or None in parts else sum(parts)
                assert row[f"{measure}_{bound}"] == whole, (row, groups)


# --- silence -----------------------------------------------------------------------------------------------------------

SILENT = {(2022, 4, "SYR"): ["sohr", "wire"], (2022, 5, "IRQ"): ["wire"]}


def test_rows_of_a_month_and_country_name_the_sources_that_fell_silent():
    april, may = tally(resolve([report("a", killed(1))]), silent=SILENT)
    assert (april["silent_sources"], april["n_incidents"]) == (["sohr", "wire"], 1)
    assert (may["year"], may["month"], may["country"], may["silent_sources"]) == (2022, 5, "IRQ", ["wire"])


def test_silence_without_any_incident_has_a_row_of_its_own_that_counts_nothing():
    row = tally([], silent=SILENT)[1]
    assert (row["n_incidents"], row["n_weak"], row["killed_best"], row["groups"], row["victim_class"]) == (0, 0) + (None,) * 3
    MONTHLY_TALLIES.table([{k: v for k, v in row.items() if k != "year"}])


def test_without_silence_no_source_is_named():
    (row,) = tallies(report("a", killed(1)))
    assert row["silent_sources"] is None


# --- doubt -------------------------------------------------------------------------------------------------------------

IN_DOUBT = {"n_in_doubt": 1, "killed_doubt_low": -3, "killed_doubt_high": 0}


def test_a_row_tells_by_how_much_decisions_left_open_would_change_it():
    key = (2022, 4, "SYR", "Homs", None, None)
    (row,) = tally(resolve([report("a", killed(4))]), {key: IN_DOUBT})
    assert (row["killed_best"], row["n_in_doubt"], row["killed_doubt_low"], row["killed_doubt_high"]) == (4, 1, -3, 0)


def test_a_row_without_doubt_has_none():
    (row,) = tallies(report("a", killed(4)))
    assert (row["n_in_doubt"], row["killed_doubt_low"]) == (0, None)


def test_a_doubt_that_would_make_a_row_has_one_that_counts_nothing_and_tells_of_silence_too():
    key = (2022, 4, "SYR", "Hama", None, None)
    rows = tally(resolve([report("a", killed(4))]), {key: IN_DOUBT}, SILENT)
    assert [(r["admin1"], r["n_incidents"], r["n_in_doubt"], r["silent_sources"]) for r in rows[:2]] == [
        ("Hama", 0, 1, ["sohr", "wire"]),
        ("Homs", 1, 0, ["sohr", "wire"]),
    ]
