from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from include.aggregate.decisions import decision, standing
from include.aggregate.doubts import doubts, in_doubt
from include.aggregate.resolve import resolve
from include.datasets.catalogue import DOUBTS
from tests.aggregate.factory import ISIS, PALMYRA, injured, killed, on, report

NOON = datetime(2022, 5, 1, 12, tzinfo=UTC)
RULE = {"by_kind": "rule", "by": "a rule", "rule_version": "1"}

SUKHNAH = [report("a1", killed(4), ISIS), report("a2", killed(6), ISIS, published="2022-04-12")]
TADMUR = [report("b1", PALMYRA, killed(3), injured(2), on("2022-03-30"), published="2022-03-31")]
OTHER = [report("c1", PALMYRA, killed(1), on("2022-05-20"), published="2022-05-21")]
REPORTS = [*SUKHNAH, *TADMUR, *OTHER]


def judged(verdict, a, b, *, hour=0, **more):
    row = {"by": "Rana", "why": "read both", "decided_at": NOON + timedelta(hours=hour)} | more
    return decision(verdict, a.split(), b.split(), **row)


def taken_back(target, *, hour=20):
    return decision(
        "withdrawn", by="Omar", why="a slip", withdraws=target["decision_id"], decided_at=NOON + timedelta(hours=hour)
    )


def found(*log, reports=REPORTS):
    """The doubts of a log over reports that are resolved with it."""
    incident_of = {r: i["incident_id"] for i in resolve(reports, log) for r in i["report_ids"]}
    rows = doubts(log, reports, incident_of)
    DOUBTS.table([{k: v for k, v in row.items() if k not in ("year", "month")} for row in rows])
    return rows


def bests(row, measure="killed"):
    """Best now, if same, if different."""
    return tuple(row[f"{measure}{which}_best"] for which in ("", "_if_same", "_if_different"))


def effects(row):
    """The effects on killed by month."""
    return {(e["year"], e["month"]): (e["n_incidents"], e["killed_low"], e["killed_high"]) for e in row["effects"]}


def test_no_decisions_leave_no_doubt():
    assert found() == []
    assert in_doubt([]) == set()


def test_unsure_of_two_incidents_shows_what_one_would_be():
    (row,) = found(judged("unsure", "a1 a2", "b1"))
    assert (row["kind"], row["by"], row["why"]) == ("unsure", "Rana", "read both")
    assert row["report_ids"] == ["a1", "a2", "b1"] and len(row["incident_ids"]) == 2
    assert bests(row) == (9, 6, 9)
    assert bests(row, "injured") == (2, 2, 2)
    assert (row["n_if_same"], row["n_if_different"]) == (1, 2)
    assert (row["year"], row["month"]) == (2022, 3), "the month of the older incident"


def test_unsure_of_one_incident_shows_what_two_would_be():
    (row,) = found(judged("unsure", "a1", "a2"))
    assert bests(row) == (6, 6, 10)
    assert (row["n_if_same"], row["n_if_different"]) == (1, 2)
    assert effects(row) == {(2022, 4): (1, 0, 4)}


def test_decisions_that_contradict_each_other_are_a_doubt_that_names_both_sides():
    tie, cut = judged("same", "a1", "b1"), judged("different", "b1", "a2", hour=1)
    grip = judged("same", "a1", "a2", hour=-1)
    (row,) = found(grip, tie, cut)
    assert (row["kind"], row["decision_id"], row["against"]) == ("conflict", tie["decision_id"], [cut["decision_id"]])
    assert bests(row) == (9, 6, 9)


def test_a_rule_that_a_person_outranks_leaves_no_doubt():
    assert found(judged("same", "a1", "b1"), judged("different", "a1", "b1", **RULE)) == []


def test_the_effects_fall_on_the_rows_of_the_tallies_that_they_concern():
    (row,) = found(judged("unsure", "a1 a2", "b1"))
    assert effects(row) == {(2022, 3): (1, -3, 0), (2022, 4): (1, 0, 0)}, "one incident would be of April, with 6 killed"


def test_doubts_that_share_an_incident_have_their_effects_together():
    """Three incidents with 4 killed each: all one, they are 4 and not 12, however often that is asked."""
    reports = [report(name, killed(4), on(f"2022-04-{n}")) for name, n in (("x", "01"), ("y", "05"), ("z", "09"))]
    rows = found(*(judged("unsure", a, b) for a, b in ("xy", "yz", "xz")), reports=reports)
    assert [effects(row) for row in rows] == [{(2022, 4): (3, -8, 0)}, {}, {}]


def test_doubts_that_share_no_incident_are_counted_each():
    rows = found(judged("unsure", "a1", "a2"), judged("unsure", "b1", "c1"))
    assert all(row["effects"] for row in rows)


def test_a_later_answer_settles_an_unsure_and_an_earlier_one_does_not():
    asked = judged("unsure", "a1 a2", "b1", hour=5)
    for verdict in ("same", "different"):
        assert found(asked, judged(verdict, "a1 a2", "b1", hour=6)) == []
        assert len(found(asked, judged(verdict, "a1 a2", "b1", hour=4))) == 1
    assert len(found(asked, judged("same", "a1", "a2", hour=6))) == 1
    assert len(found(asked, judged("different", "a1", "b1", hour=6))) == 1, "half an answer"


def test_a_rule_does_not_settle_what_a_person_is_unsure_of_but_a_person_does_what_a_rule_is():
    person, rule = judged("unsure", "a1", "b1"), judged("unsure", "a1", "b1", hour=5, **RULE)
    assert len(found(person, judged("different", "a1", "b1", hour=6, **RULE))) == 1
    assert found(rule, judged("different", "a1", "b1", hour=4)) == []


def test_an_answer_that_is_withdrawn_opens_the_question_again():
    asked, answer = judged("unsure", "a1", "b1"), judged("same", "a1", "b1", hour=1)
    assert len(found(asked, answer, taken_back(answer))) == 1
    assert found(asked, taken_back(asked)) == []


def test_a_split_that_a_person_has_tied_is_still_shown_where_someone_is_unsure_later():
    (row,) = found(judged("same", "a1", "b1"), judged("unsure", "a1 a2", "b1", hour=2))
    assert (row["n_if_same"], row["n_if_different"]) == (1, 2)
    assert bests(row) == (6, 6, 9)


@pytest.mark.parametrize("a, b", [("gone", "lost"), ("a1", "gone"), ("a1", "a1")])
def test_a_doubt_without_reports_on_both_sides_has_no_row(a, b):
    assert found(judged("unsure", a, b)) == []


def test_a_doubt_holds_between_the_reports_that_are_left():
    (row,) = found(judged("unsure", "a1 gone", "b1"))
    assert row["report_ids"] == ["a1", "b1"]


def test_what_is_decided_later_is_not_in_doubt_yet():
    asked = judged("unsure", "a1", "b1", hour=5)
    assert in_doubt(standing([asked], NOON)) == set()
    assert in_doubt(standing([asked], NOON + timedelta(hours=5))) == {"a1", "b1"}


def test_an_undated_incident_is_in_doubt_in_month_0():
    undated = report("u", killed(2), dict.fromkeys(on("2022-04-10")), published=None, recorded_at=NOON - timedelta(days=900))
    (row,) = found(judged("unsure", "u", "c1"), reports=[undated, *OTHER])
    assert (row["year"], row["month"]) == (0, 0)


QUESTIONS = st.lists(
    st.tuples(st.sampled_from(["unsure", "unsure", "same", "different"]), st.sampled_from(["a1", "a2", "b1", "c1"]),
              st.sampled_from(["a1", "a2", "b1", "c1"]), st.integers(0, 3)),
    max_size=5,
)  # fmt: skip


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow])
@given(QUESTIONS, st.randoms())
def test_the_order_of_log_and_reports_makes_no_difference_and_effects_are_never_more_than_there_is(asked, rng):
    log = [judged(verdict, a, b, hour=hour) for verdict, a, b, hour in asked]
    rows = found(*log)
    assert found(*rng.sample(log, len(log)), reports=rng.sample(REPORTS, len(REPORTS))) == rows
    for row in rows:
        for e in row["effects"]:
            assert e["killed_low"] <= 0 <= e["killed_high"]
        assert all(row[f"killed{which}_best"] is not None for which in ("", "_if_same", "_if_different"))
