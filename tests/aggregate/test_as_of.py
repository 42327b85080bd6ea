from datetime import timedelta
from itertools import groupby

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from include.aggregate.as_of import as_of, current_ids, intervals
from include.aggregate.decisions import decision
from include.aggregate.incident import describe
from include.aggregate.resolve import resolve
from include.datasets.catalogue import INCIDENTS
from tests.aggregate.chronicle import Chronicle, at
from tests.aggregate.factory import BAGHDAD, ISIS, PALMYRA, killed, on, report

A = report("a", killed(4), ISIS)
B = report("b", killed(5), ISIS, published="2022-04-12")
C = report("c", killed(5), ISIS, published="2022-04-13")
ELSEWHERE = on("2022-04-20")


def incident_id(*reports):
    (incident,) = resolve(reports)
    return incident["incident_id"]


def rows_of(frame):
    return frame.select([c.name for c in INCIDENTS.columns]).sort("incident_id").to_dicts()


def whole(incidents):
    return pl.DataFrame(INCIDENTS.table(incidents)).sort("incident_id").to_dicts()


def test_what_stood_at_an_instant_is_what_was_recorded_last_by_then():
    ledger = Chronicle()
    for reports in ([A], [A, B], [B]):
        ledger.run(*reports)
    for run, reports in enumerate([[A], [A, B], [B]]):
        assert rows_of(as_of(ledger.revisions, at(run))) == whole(resolve(reports))
    assert as_of(ledger.revisions, at(0) - timedelta(microseconds=1)).is_empty()
    assert rows_of(as_of(ledger.revisions, at(1) - timedelta(microseconds=1))) == whole(resolve([A]))


def test_a_figure_that_vanishes_and_comes_back_shows_both_intervals():
    ledger = Chronicle()
    for reports in ([A], [], [A]):
        ledger.run(*reports)
    assert intervals(ledger.revisions).select("recorded_at", "recorded_to", "killed_best").rows() == [
        (at(0), at(1), 4),
        (at(2), None, 4),
    ]


def test_an_incident_that_moves_is_in_one_month_at_a_time():
    ledger = Chronicle()
    ledger.run(A)
    ledger.run(A | on("2022-03-31"))
    assert as_of(ledger.revisions, at(0))["month"].to_list() == [4]
    assert as_of(ledger.revisions, at(1))["month"].to_list() == [3]


def test_of_two_revisions_at_one_instant_the_later_stands():
    ledger = Chronicle()
    ledger.run(A, recorded_at=at(0))
    ledger.run(A, B, recorded_at=at(0))
    assert rows_of(as_of(ledger.revisions, at(0))) == whole(resolve([A, B]))


# -- ids -------------------------------------------------------------------------------------------------------------------


def test_a_chain_of_merges_leads_to_the_incident_that_holds_the_founding_report():
    ledger = Chronicle()
    apart = [A, B | ELSEWHERE, C | BAGHDAD]
    for reports in (apart, [A, B | ELSEWHERE, C | ELSEWHERE], [A, B, C]):
        ledger.run(*reports)
    ids = current_ids(ledger.revisions)
    assert ids == {incident_id(r): incident_id(A) for r in (A, B, C)}


def test_a_merge_that_is_undone_brings_both_ids_back():
    ledger = Chronicle()
    for reports in ([A, B | ELSEWHERE], [A, B], [A, B | ELSEWHERE]):
        ledger.run(*reports)
    assert current_ids(ledger.revisions) == {incident_id(r): incident_id(r) for r in (A, B)}


def test_an_id_whose_founding_report_is_gone_leads_on_by_the_next_report_and_else_nowhere():
    ledger = Chronicle()
    ledger.run(A, B, C | BAGHDAD)
    ledger.run(B)
    assert current_ids(ledger.revisions) == {
        incident_id(A): incident_id(B),
        incident_id(B): incident_id(B),
        incident_id(C): None,
    }
    assert current_ids(Chronicle.empty()) == {}


# -- properties ------------------------------------------------------------------------------------------------------------

FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LINKED = settings(FEW, max_examples=10)
"""Linking takes as long for six reports as for a hundred; that it depends on nothing but its input has tests of its own."""
TOLLS = st.integers(0, 9).map(killed)
DAYS = st.sampled_from(["2022-03-30", "2022-03-31", "2022-04-01", "2022-04-02"]).map(on)
PLACES = st.sampled_from([{}, PALMYRA, BAGHDAD])
NAMES = "abcdef"


@st.composite
def told_reports(draw, names=NAMES):
    """What some reports, the first the oldest, say at the time of one run: any figures, days and places."""
    told = draw(st.lists(st.sampled_from(names), unique=True))
    return [report(name, draw(TOLLS), draw(DAYS), draw(PLACES), ISIS, recorded_at=at(-10 + NAMES.index(name))) for name in told]


def told(*runs):
    """The ledger of some runs over reports that are one incident if they tell of one place and day: how they are linked makes
    no difference to what is recorded of it, and takes most of the time.
    """
    ledger = Chronicle()
    for reports in runs:
        groups = groupby(sorted(reports, key=_where_and_when), _where_and_when)
        incidents = [describe(list(group), copies={}) for _, group in groups]
        ledger.run(*reports, incidents=sorted(incidents, key=lambda incident: incident["incident_id"]))
    return ledger


def _where_and_when(row):
    return row["place"], row["date_start"]


@FEW
@given(st.lists(told_reports(), min_size=1, max_size=5), st.data())
def test_as_of_equals_a_replay_up_to_that_instant_and_ignores_all_that_came_after(runs, data):
    ledger = told(*runs)
    until = data.draw(st.integers(0, len(runs) - 1))
    replay = told(*runs[: until + 1])
    between = at(until) + timedelta(hours=data.draw(st.integers(0, 23)))
    shuffled = ledger.revisions.sample(fraction=1, shuffle=True, seed=until)
    assert as_of(shuffled, between).equals(as_of(replay.revisions, at(len(runs))))
    assert rows_of(as_of(shuffled, between)) == whole(ledger.incidents[until])


@FEW
@given(st.lists(told_reports(), min_size=1, max_size=5))
def test_intervals_hold_exactly_what_stood_at_each_run(runs):
    ledger = told(*runs)
    frame = intervals(ledger.revisions)
    assert frame.filter(pl.col("recorded_to") <= pl.col("recorded_at")).is_empty()
    for run in range(len(runs)):
        stood = frame.filter(pl.col("recorded_at") <= at(run), (pl.col("recorded_to") > at(run)).fill_null(True))
        assert rows_of(stood) == whole(ledger.incidents[run])


@FEW
@given(st.lists(told_reports(), min_size=1, max_size=5))
def test_an_id_stands_for_its_founding_report_for_ever(runs):
    ledger = told(*runs)
    founded = {}
    for incidents in ledger.incidents:
        for incident in incidents:
            assert founded.setdefault(incident["incident_id"], incident["report_ids"][0]) == incident["report_ids"][0]
    assert len(set(founded.values())) == len(founded), "no report founds two ids"
    holders = {r: i["incident_id"] for i in ledger.incidents[-1] for r in i["report_ids"]}
    ids = current_ids(ledger.revisions)
    assert ids.keys() == founded.keys()
    for incident, report_id in founded.items():
        if report_id in holders:
            assert ids[incident] == holders[report_id]


@LINKED
@given(told_reports(), told_reports(), st.randoms())
def test_figures_places_days_and_the_order_of_arrival_do_not_change_an_id(before, after, random):
    """A report that founds an incident before and after founds the same."""
    shuffled = random.sample(after, len(after))
    ids = [{i["report_ids"][0]: i["incident_id"] for i in resolve(reports)} for reports in (before, shuffled)]
    assert all(ids[0][founding] == ids[1][founding] for founding in ids[0].keys() & ids[1].keys())


@LINKED
@given(told_reports(), st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), max_size=3), st.randoms())
def test_decisions_that_are_withdrawn_bring_every_incident_and_id_back(reports, pairs, random):
    ties = [decision("same", pair, by="Jane", why="one attack", decided_at=at(0)) for pair in pairs]
    undone = [decision("withdrawn", by="Jane", why="a slip", decided_at=at(1), withdraws=tie["decision_id"]) for tie in ties]
    ledger = Chronicle()
    for log in ([], ties, random.sample(ties + undone, 2 * len(ties))):
        ledger.run(*reports, decisions=log, incidents=resolve(reports, decisions=log))
    first, _, last = ledger.incidents
    assert last == first
    ids, stand = current_ids(ledger.revisions), {i["incident_id"] for i in first}
    assert {i: ids[i] for i in stand} == {i: i for i in stand} and set(ids.values()) == stand
