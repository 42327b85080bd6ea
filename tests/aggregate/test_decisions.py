from datetime import UTC, datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from include.aggregate.decisions import bonds, decision, naming, read_decisions, record, standing, touched
from include.datasets.catalogue import DECISIONS

NOON = datetime(2022, 5, 1, 12, tzinfo=UTC)


def judged(verdict, a="", b="", *, hour=0, **more):
    """A decision between the reports that the letters of `a` and `b` name, some hours after noon of 1 May."""
    return decision(verdict, a, b, **({"by": "Rana", "why": "read both", "decided_at": NOON + timedelta(hours=hour)} | more))


def same(a, b, **more):
    return judged("same", a, b, **more)


def different(a, b, **more):
    return judged("different", a, b, **more)


def withdrawn(target, **more):
    return judged("withdrawn", withdraws=target["decision_id"], **({"hour": 10} | more))


RULE = {"by_kind": "rule", "by": "same-sentence", "rule_version": "1"}


def sets(log):
    """The tied sets, each as a sorted word."""
    tied = bonds(log).tied
    return sorted("".join(sorted(r for r in tied if tied[r] == name)) for name in set(tied.values()))


def unapplied(log):
    return [(u.decision, u.against, u.outranked) for u in bonds(log).unapplied]


# --- the log -----------------------------------------------------------------------------------------------------------


def test_the_id_comes_from_the_content_and_not_from_the_order_of_the_reports():
    assert same("ab", "c") == same("ba", "c")
    ids = {same("a", "b")["decision_id"], same("a", "b", why="other")["decision_id"], same("a", "b", hour=1)["decision_id"]}
    assert len(ids) == 3


def test_an_instant_in_another_zone_is_the_same_instant():
    eastern = NOON.astimezone(datetime.strptime("+0300", "%z").tzinfo)
    assert same("a", "b", decided_at=eastern) == same("a", "b")


def test_an_act_that_is_written_twice_is_one(lake):
    act = [different("a", "bc"), different("b", "c", hour=1)]
    assert record(lake, act) == record(lake, reversed(act))
    record(lake, [same("d", "e", hour=24 * 40)])
    assert [len(lake.files(DECISIONS)), len(read_decisions(lake))] == [2, 3]
    assert [p.split("/")[1] for p in lake.files(DECISIONS)] == ["decided_month=2022-05", "decided_month=2022-06"]


def test_the_log_is_read_as_it_was_written_and_binds_the_same(lake):
    log = [same("a", "b"), different("b", "c", hour=1), withdrawn(same("a", "b"), hour=2), same("x", "y", hour=3, **RULE)]
    record(lake, log)
    read = read_decisions(lake)
    assert read == log
    assert bonds(read) == bonds(log)
    record(lake, read)
    assert read_decisions(lake) == read


def test_an_empty_log_binds_nothing(lake):
    assert read_decisions(lake) == []
    assert (bonds([]).tied, bonds([]).apart, bonds([]).unapplied) == ({}, {}, ())


# --- what stands -------------------------------------------------------------------------------------------------------


def test_what_is_withdrawn_does_not_stand_and_a_withdrawn_withdrawal_does_nothing():
    first = same("a", "b")
    taken_back = withdrawn(first)
    again = withdrawn(taken_back, hour=11)
    assert standing([first]) == [first]
    assert standing([first, taken_back]) == []
    assert standing([first, taken_back, again]) == [first]
    assert standing([first, taken_back, again, withdrawn(again, hour=12)]) == []


def test_a_decision_withdrawn_twice_needs_both_withdrawn_to_stand_again():
    first = same("a", "b")
    one, two = withdrawn(first), withdrawn(first, hour=11)
    assert standing([first, one, two, withdrawn(one, hour=12)]) == []
    assert standing([first, one, two, withdrawn(one, hour=12), withdrawn(two, hour=12)]) == [first]


def test_people_rank_before_rules_then_the_earlier_then_the_smaller_id():
    by_rule, late = same("a", "b", **RULE), same("c", "d", hour=5)
    twins = sorted([same("e", "f", hour=1), same("g", "h", hour=1)], key=lambda d: d["decision_id"])
    assert standing([by_rule, late, *reversed(twins)]) == [*twins, late, by_rule]


def test_what_was_decided_after_an_instant_is_not_known_then():
    first = same("a", "b")
    log = [first, withdrawn(first, hour=10), same("c", "d", hour=20)]
    assert standing(log, NOON) == [first]
    assert standing(log, NOON + timedelta(hours=10)) == []


def test_withdrawing_what_is_not_in_the_log_takes_nothing_back():
    first = same("a", "b")
    assert standing([first, withdrawn(same("x", "y"))]) == [first]


def test_a_rule_cannot_withdraw_what_a_person_decided_but_a_person_can_what_a_rule_did():
    by_person, by_rule = same("a", "b"), same("c", "d", **RULE)
    assert standing([by_person, by_rule, withdrawn(by_person, **RULE), withdrawn(by_rule)]) == [by_person]


def test_withdrawals_that_go_round_in_a_circle_do_not_stand_and_end():
    one = {**withdrawn(same("a", "b")), "decision_id": "one", "withdraws": "two"}
    two = {**one, "decision_id": "two", "withdraws": "one"}
    assert standing([one, two, same("a", "b")]) == [same("a", "b")]


def test_a_decision_that_is_read_twice_stands_once():
    assert standing([same("a", "b"), same("a", "b")]) == [same("a", "b")]


# --- what it binds -----------------------------------------------------------------------------------------------------


def test_same_ties_all_reports_together_through_others_too():
    assert sets([same("a", "b"), same("b", "cd", hour=1), same("x", "y")]) == ["abcd", "xy"]
    assert bonds([same("d", "bc")]).tied == {"b": "b", "c": "b", "d": "b"}


def test_different_holds_between_each_report_of_one_side_and_each_of_the_other():
    held = bonds([different("ab", "cd")])
    assert all(held.forbids(a, b) and held.forbids(b, a) for a in "ab" for b in "cd")
    assert not held.forbids("a", "b") and not held.forbids("c", "d") and not held.forbids("a", "x")


def test_different_holds_between_all_that_is_tied_to_either_side():
    held = bonds([same("a", "b"), same("c", "d"), different("a", "c", hour=1)])
    assert held.forbids("b", "d")
    assert held.apart == {"a": {"c"}, "c": {"a"}}


def test_a_same_against_a_different_is_not_applied_and_names_it_whichever_came_first():
    for first, second in ((0, 1), (1, 0)):
        tie, cut = same("a", "b", hour=first), different("a", "b", hour=second)
        assert unapplied([tie, cut]) == [(tie, (cut["decision_id"],), False)]
        assert sets([tie, cut]) == []
        assert bonds([tie, cut]).forbids("a", "b")


def test_of_a_chain_that_would_join_what_is_held_apart_the_last_link_is_not_applied():
    one, two, cut = same("a", "b"), same("b", "c", hour=1), different("a", "c", hour=2)
    assert unapplied([two, cut, one]) == [(two, (cut["decision_id"],), False)]
    assert sets([two, cut, one]) == ["ab"]


def test_a_same_is_applied_whole_or_not_at_all():
    assert sets([same("ab", "c"), different("a", "c")]) == []


def test_a_person_outranks_a_rule_and_that_is_no_conflict():
    tie, cut = same("a", "b", hour=5), different("a", "b", **RULE)
    assert unapplied([tie, cut]) == [(cut, (tie["decision_id"],), True)]
    assert sets([tie, cut]) == ["ab"]
    tie, cut = same("a", "b", **RULE), different("a", "b", hour=5)
    assert unapplied([tie, cut]) == [(tie, (cut["decision_id"],), True)]
    assert bonds([tie, cut]).conflicts == ()


def test_a_rules_different_holds_between_the_reports_that_no_person_has_tied():
    held = bonds([same("a", "c"), different("a", "cd", **RULE)])
    assert held.tied == {"a": "a", "c": "a"}
    assert held.forbids("c", "d")


def test_two_rules_can_be_in_conflict():
    tie, cut = same("a", "b", **RULE), different("a", "b", **RULE)
    assert [u.decision for u in bonds([tie, cut]).conflicts] == [tie]


def test_unsure_binds_nothing():
    assert bonds([judged("unsure", "a", "b")]) == bonds([])


def test_a_report_is_not_held_apart_from_itself():
    held = bonds([different("ab", "bc")])
    assert not held.forbids("b", "b")
    assert held.forbids("a", "b") and held.forbids("a", "c") and held.forbids("b", "c")


def test_a_withdrawn_same_no_longer_stands_in_the_way_of_another():
    cut, tie = different("a", "b"), same("a", "b", hour=1)
    assert sets([cut, tie]) == []
    assert sets([cut, tie, withdrawn(cut)]) == ["ab"]


# --- what a change of the log reaches -----------------------------------------------------------------------------------


def test_touched_are_the_reports_whose_bonds_changed():
    log = [same("a", "b"), same("b", "c", hour=1), different("p", "q"), same("x", "y")]
    assert touched(log, log) == set()
    assert touched(log, [*log, withdrawn(log[1])]) == set("abc")
    assert touched(log, [*log, different("q", "r", hour=2)]) == set("qr")
    assert touched(log, [*log, same("q", "z", hour=2)]) == set("pqz")
    assert touched(log, [*log, judged("unsure", "a", "x")]) == set()


def test_naming_follows_withdrawals_to_the_reports_of_what_they_withdraw():
    first = same("a", "b")
    back = withdrawn(first)
    again = withdrawn(back, hour=11)
    lost = withdrawn(same("x", "y"))
    ids = sorted(d["decision_id"] for d in (first, back, again))
    assert naming([again, first, back, lost]) == {"a": ids, "b": ids}


# --- properties --------------------------------------------------------------------------------------------------------

unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
NAMES = st.text("abcdefg", min_size=1, max_size=3)


@st.composite
def logs(draw):
    """A log of up to a dozen decisions over seven reports, withdrawals among them."""
    log = []
    for _ in range(draw(st.integers(0, 12))):
        kind = draw(st.sampled_from([{}, RULE]))
        hour = draw(st.integers(0, 3))
        if log and draw(st.integers(0, 3)) == 0:
            log.append(withdrawn(draw(st.sampled_from(log)), hour=hour, **kind))
        else:
            log.append(
                judged(draw(st.sampled_from(["same", "different", "unsure"])), draw(NAMES), draw(NAMES), hour=hour, **kind)
            )
    return log


@unhurried
@given(logs(), st.randoms())
def test_the_order_of_the_log_makes_no_difference(log, rng):
    shuffled = rng.sample(log + log[:2], len(log) + len(log[:2]))
    assert standing(shuffled) == standing(log)
    assert bonds(shuffled) == bonds(log)
    assert naming(shuffled) == naming(log)


@unhurried
@given(logs(), NAMES, NAMES, st.sampled_from(["same", "different", "unsure"]))
def test_withdrawing_restores_the_state_before(log, a, b, verdict):
    added = judged(verdict, a, b, hour=50)
    assert bonds([*log, added, withdrawn(added, hour=51)]) == bonds(log)


@unhurried
@given(logs())
def test_what_people_judged_different_is_never_tied_and_what_is_tied_is_never_held_apart(log):
    held = bonds(log)
    for d in standing(log):
        if d["verdict"] == "different" and d["by_kind"] == "person":
            assert all(held.forbids(a, b) for a in d["reports_a"] for b in d["reports_b"] if a != b)
    assert all(name not in others for name, others in held.apart.items())
    assert all(name in held.apart[other] for name, others in held.apart.items() for other in others)


@unhurried
@given(logs())
def test_rules_change_nothing_about_what_people_tied_or_held_apart(log):
    people = [d for d in log if d["by_kind"] == "person"]
    all_held, held = bonds(log), bonds(people)
    for a in "abcdefg":
        for b in "abcdefg":
            if held.name(a) == held.name(b):
                assert all_held.name(a) == all_held.name(b)
            assert not held.forbids(a, b) or all_held.forbids(a, b)


@unhurried
@given(logs())
def test_every_standing_same_or_different_is_applied_or_named_as_not_applied(log):
    held = bonds(log)
    named = {u.decision["decision_id"] for u in held.unapplied}
    for d in standing(log):
        if d["decision_id"] in named or d["verdict"] == "unsure":
            continue
        if d["verdict"] == "same":
            assert len({held.name(r) for r in (*d["reports_a"], *d["reports_b"])}) == 1
        else:
            assert all(held.forbids(a, b) for a in d["reports_a"] for b in d["reports_b"] if a != b)


def test_a_long_log_is_bound_in_little_time():
    n = 2000
    log = [same([f"r{i}"], [f"r{i + 1}"], hour=i) for i in range(n)] + [different([f"r{i}"], [f"x{i}"]) for i in range(n)]
    assert len(bonds(log).tied) == n + 1
