"""Linking as a whole: what decisions, captures and copies do to it, and that it depends on nothing but its input."""

from datetime import UTC, datetime, timedelta
from itertools import combinations

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from include.aggregate.decisions import bonds
from include.aggregate.match import blocking
from include.aggregate.match.link import link, pairs_of, windows
from include.aggregate.match.score import compare, named
from tests.aggregate.factory import AL_SUKHNAH, BADIA, HOMS_PROVINCE, ISIS, NOWHERE, PALMYRA, SYRIA, day, killed, on, report
from tests.aggregate.test_decisions import NOON, different, judged, logs, same, withdrawn

BACKGROUND = {"mention_role": "background_reference"}


def groups(linkage):
    """The ids of the reports of each incident."""
    return sorted(linkage.memberships.group_by("incident_id").agg("report_id")["report_id"].list.sort().to_list())


def row(linkage, name):
    """The membership of a report."""
    rows = {r["report_id"]: r for r in linkage.memberships.rows(named=True)}
    return rows[name]


# --- what linking tells ------------------------------------------------------------------------------------------------


def test_a_member_tells_the_report_that_it_fits_best_with_score_and_reasons():
    a, b, c = report("a", killed(4), ISIS), report("b", BADIA, killed(4)), report("c", BADIA, killed(4), ISIS)
    linkage = link([a, b, c])
    found = compare(a, c)
    assert (row(linkage, "c")["joined_to"], row(linkage, "c")["score"]) == ("a", found.score)
    assert tuple(row(linkage, "c")["reasons"]) == found.reasons
    assert (row(linkage, "a")["joined_to"], row(linkage, "a")["reasons"]) == (None, None)
    assert [row(linkage, name)["tier"] for name in "abc"] == ["exact", "vague", "vague"]


def test_a_report_that_counts_no_dead_is_vague_and_brings_no_two_incidents_together():
    told = killed(2, None, None) | {"event_type": "explosion"}
    rows = [report("a", killed(4), ISIS), report("b", killed(9), ISIS), report("uncounted", told, ISIS)]
    linkage = link(rows)
    assert row(linkage, "uncounted")["tier"] == "vague"
    assert len(groups(linkage)) == len(groups(link(rows[:2])))


def test_pairs_are_those_that_link_and_the_near_misses():
    near = report("b", on("2022-04-09"), killed(4), ISIS)
    (pair,) = named(pairs_of([report("a", killed(4), ISIS), near, report("c", PALMYRA)])).rows(named=True)
    assert (pair["report_a"], pair["report_b"], pair["linked"]) == ("a", "b", False)
    assert (pair["score"], pair["day"]) == (10, day("2022-04-10"))
    assert "adjacent_day" in pair["reasons"]


def test_the_pairs_of_some_reports_are_their_part_of_all_pairs():
    reports = [report(name, killed(4), ISIS) for name in "abcd"]
    whole = pairs_of(reports)
    touching = (whole["report_a"] == "b") | (whole["report_b"] == "b")
    assert_frame_equal(pairs_of(reports, ["b"]), whole.filter(touching))


def test_pairs_are_handed_over_some_days_at_a_time_in_their_order(monkeypatch):
    rows = [("a", "10"), ("b", "11"), ("c", "10"), ("d", "02"), ("e", "03")]
    never = report(
        "never", killed(4), dict.fromkeys(on("2022-04-10")), published=None, sentence="Four men were killed near the town."
    )
    reports = [report(name, killed(4), ISIS, on(f"2022-04-{n}")) for name, n in rows]
    reports += [never, report("f", killed(4), on("2022-05-20"), published="2022-05-21", sentence=never["sentence"])]
    monkeypatch.setattr(blocking, "_AT_ONCE", 1)
    parts = []
    link(reports, keep=parts.append)
    days = [set(part["day"]) for part in parts if part.height]
    assert days == [{day("2022-04-03")}, {day("2022-04-10")}, {day("2022-04-11")}, {None}]
    assert_frame_equal(pl.concat(parts).sort("report_a", "report_b"), pairs_of(reports))


def test_windows_are_the_days_as_compared():
    undated = report("b", dict.fromkeys(on("2022-04-10")), published="2022-04-12")
    days = windows([report("a", on("2022-04-04", "2022-04-30", 4)), undated])
    assert days.select("report_id", "first_day", "last_day").rows() == [
        ("a", day("2022-04-04"), day("2022-04-12")),
        ("b", day("2022-04-05"), day("2022-04-12")),
    ]


# --- captures and copies -----------------------------------------------------------------------------------------------


def test_two_captures_of_one_article_can_tell_of_one_incident_and_one_capture_cannot():
    first = report("a", killed(4), ISIS)
    later = report("b", killed(6), ISIS, article_id=first["article_id"], document_id="the next day", published="2022-04-12")
    assert groups(link([first, later])) == [["a", "b"]]
    assert groups(link([first, later | {"document_id": first["document_id"]}])) == [["a"], ["b"]]


def test_a_text_printed_again_after_a_month_joins_the_incident_that_it_told_of():
    first = report("a", killed(4), ISIS, sentence="Four men were killed near the town on Sunday.", copy="text")
    again = report("b", killed(4), on("2023-04-09"), published="2023-04-10", sentence=first["sentence"], copy="text")
    linkage = link([first, again])
    assert groups(linkage) == [["a", "b"]]
    member = row(linkage, "b")
    assert (member["tier"], member["flags"], member["first_day"]) == ("republished", ["republished"], None)
    assert (member["year"], member["month"]) == (2022, 4)


def test_a_text_printed_again_without_its_first_print_makes_no_incident_in_its_own_year():
    again = report("b", killed(4), on("2023-04-09"), published="2023-04-10", copy="text", copied_on=day("2022-04-11"))
    member = row(link([again]), "b")
    assert (member["flags"], member["year"], member["month"]) == (["republished"], 0, 0)


ODD = {
    "dated_after_publication": on("2022-05-01"),
    "dates_reversed": on("2022-04-10") | {"date_end": day("2022-04-01")},
    "period_too_long": on("2015-01-01", "2022-04-10", 5),
}


@pytest.mark.parametrize(("flag", "columns"), ODD.items())
def test_what_is_odd_about_the_days_of_a_report_is_flagged(flag, columns):
    assert row(link([report("a", columns), report("b")]), "a")["flags"] == [flag]
    assert row(link([report("a", columns), report("b")]), "b")["flags"] == []


# --- decisions ---------------------------------------------------------------------------------------------------------

IN_PALMYRA = report("p", PALMYRA, killed(9))


def test_reports_judged_the_same_are_one_incident_whatever_they_say():
    linkage = link([report("a", killed(4)), IN_PALMYRA], [same("a", "p")])
    assert groups(linkage) == [["a", "p"]]
    assert row(linkage, "a")["flags"] == row(linkage, "p")["flags"] == ["decided"]


def test_what_fits_one_of_the_reports_that_are_tied_joins_them():
    reports = [report("a", killed(4), ISIS), report("b", killed(4), ISIS), IN_PALMYRA, report("q", PALMYRA, killed(9))]
    assert groups(link(reports, [same("a", "p")])) == [["a", "b", "p", "q"]]


def test_reports_judged_different_are_two_incidents_whatever_they_say():
    reports = [report(name, killed(14), ISIS) for name in "abc"]
    assert groups(link(reports, [different("a", "c")])) == [["a", "b"], ["c"]]


def test_a_vague_report_judged_different_from_a_member_joins_elsewhere_or_stays_alone():
    vague = report("v", HOMS_PROVINCE, killed(4), ISIS)
    reports = [report("a", killed(4), ISIS), report("b", killed(4), ISIS), vague]
    assert groups(link(reports)) == [["a", "b", "v"]]
    assert groups(link(reports, [different("v", "b")])) == [["a", "b"], ["v"]]


def test_a_tie_across_what_is_held_apart_is_a_conflict_and_not_applied():
    decisions = [different("a", "b"), tie := same("a", "b", hour=1)]
    linkage = link([report("a", killed(4)), report("b", killed(4))], decisions)
    assert groups(linkage) == [["a"], ["b"]]
    (conflict,) = linkage.conflicts.rows(named=True)
    assert (conflict["decision_id"], conflict["against"]) == (tie["decision_id"], [decisions[0]["decision_id"]])


def test_reports_that_decisions_name_and_nobody_knows_are_listed():
    decision = same("a", "z")
    assert link([report("a")], [decision]).unknown.rows() == [(decision["decision_id"], "z")]


# --- a pure function ---------------------------------------------------------------------------------------------------

_REPORTS = st.lists(
    st.tuples(
        st.sampled_from([AL_SUKHNAH, AL_SUKHNAH, PALMYRA, HOMS_PROVINCE, BADIA, SYRIA, NOWHERE]),
        st.sampled_from([on("2022-04-10"), on("2022-04-10"), on("2022-04-11"), on("2022-03-01", "2022-03-31", 4)]),
        st.sampled_from([killed(4), killed(5), killed(3, None, 9)]),
        st.sampled_from([{}, ISIS]),
        st.sampled_from([{}, {}, BACKGROUND, {"copy": "text"}]),
        st.sampled_from([{"article_id": "x"}, {"article_id": "y"}, {}, {}]),
        st.sampled_from(["2022-04-11", "2022-04-12", "2022-08-01"]),
    ),
    min_size=16,
    max_size=16,
).map(lambda rows: [report(name, *r[:-1], published=r[-1]) for name, r in zip("abcdefghijklmnop", rows, strict=True)])
"""Reports, the first seven with the ids that the logs of decisions name."""

_FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""Few and large: linking takes as long for seven reports as for a hundred."""


def assert_same(one, other):
    for name in ("memberships", "conflicts", "unknown"):
        assert_frame_equal(getattr(one, name), getattr(other, name))


@_FEW
@given(_REPORTS, logs(), st.randoms(use_true_random=False))
def test_neither_the_order_of_arrival_nor_that_of_the_log_makes_a_difference(reports, log, rng):
    shuffled = rng.sample(reports, len(reports))
    assert_same(link(shuffled, rng.sample(log, len(log))), link(reports, log))
    assert_frame_equal(pairs_of(shuffled), pairs_of(reports))


@_FEW
@given(_REPORTS, logs())
def test_what_is_held_apart_is_never_together_and_what_is_tied_always(reports, log):
    incident = dict(link(reports, log).memberships.select("report_id", "incident_id").iter_rows())
    held = bonds(log)
    for a, b in combinations("abcdefg", 2):
        assert not (held.forbids(a, b) and incident[a] == incident[b])
        assert held.name(a) != held.name(b) or incident[a] == incident[b]


@_FEW
@given(_REPORTS, logs(), st.sampled_from("abcdefg"), st.sampled_from("abcdefg"), st.sampled_from(["same", "different"]))
def test_a_decision_withdrawn_leaves_what_was_before_ids_included(reports, log, a, b, verdict):
    added = judged(verdict, a, b, hour=50)
    undone = link(reports, [*log, added, withdrawn(added, hour=51)])
    assert_frame_equal(undone.memberships, link(reports, log).memberships)


@_FEW
@given(_REPORTS, logs(), st.sampled_from([datetime(2022, 4, 11, 12, tzinfo=UTC), NOON + timedelta(hours=1)]))
def test_as_of_an_instant_nothing_after_it_is_known(reports, log, instant):
    known = [r for r in reports if r["recorded_at"] <= instant]
    then = [d for d in log if d["decided_at"] <= instant]
    after = [r | {"killed_low": 99} for r in reports if r["recorded_at"] > instant]
    assert_same(link(known + after, log, instant), link(known, then))
