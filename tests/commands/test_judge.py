import json
from datetime import UTC, datetime

import pytest

from include.__main__ import main
from include.aggregate.decisions import decision, read_decisions, record
from include.datasets.catalogue import INCIDENTS, MONTHLY_TALLIES, REPORTS
from include.datasets.ids import content_id, short
from include.datasets.lake import Lake
from tests.aggregate.factory import HOMS_PROVINCE, ISIS, PALMYRA, killed, on, report
from tests.aggregate.ledger import aggregate, write_reports

SIGNED = ["--by", "Rana", "--why", "read both"]


def rid(name):
    return content_id("report", name=name)


A1 = report(rid("a1"), killed(4), ISIS, published="2022-04-11")
A2 = report(rid("a2"), killed(6), ISIS, published="2022-04-12")
B = report(rid("b"), PALMYRA, killed(3), on("2022-03-30"), published="2022-03-31")
C = report(rid("c"), PALMYRA, killed(1), on("2022-05-20"), published="2022-05-21")


@pytest.fixture
def lake(tmp_path):
    lake = Lake(tmp_path)
    write_reports(lake, "b1", A1, A2, B, C)
    aggregate(lake)
    return lake


def incident(lake, row):
    (found,) = [i for i in lake.read(INCIDENTS).to_pylist() if row["report_id"] in i["report_ids"]]
    return found["incident_id"]


def call(lake, *args):
    return main(["judge", *args, "--lake", lake.url])


def judged(lake, capsys, *args):
    """What the command prints; it must succeed."""
    assert call(lake, *args, *SIGNED) == 0
    return capsys.readouterr().out


def refused(lake, capsys, *args):
    """The error of a wrong call, which leaves no decision."""
    before = read_decisions(lake)
    assert call(lake, *args, *SIGNED) == 2
    assert read_decisions(lake) == before
    return capsys.readouterr().err


def test_same_makes_incidents_one_and_says_what_moves(lake, capsys):
    a, b = incident(lake, A1), incident(lake, B)
    out = judged(lake, capsys, "same", short(a), short(b))
    (row,) = read_decisions(lake)
    assert (row["verdict"], row["by"], row["why"]) == ("same", "Rana", "read both")
    assert (row["score"], row["reasons"]) == (None, ["other_days"])
    assert {*row["reports_a"], *row["reports_b"]} == {A1["report_id"], A2["report_id"], B["report_id"]}
    assert f"will be one, {short(b)} (2022-04-10 As Sukhnah, Homs, SYR: killed 6 [3-6])" in out
    assert "Homs 2022-03 falls by 3 killed: 3 -> 0." in out
    assert "The next run publishes it, or: python -m include aggregate" in out


def test_different_splits_an_incident_between_two_of_its_reports(lake, capsys):
    out = judged(lake, capsys, "different", short(A1["report_id"]), short(A2["report_id"]))
    assert f"{short(incident(lake, A1))} will be 2: " in out
    assert "Homs 2022-04 rises by 4 killed: 6 -> 10." in out


def test_split_takes_reports_out_of_an_incident(lake, capsys):
    judged(lake, capsys, "split", incident(lake, A1), A2["report_id"])
    (row,) = read_decisions(lake)
    assert (row["verdict"], row["reports_a"], row["reports_b"]) == ("different", [A2["report_id"]], [A1["report_id"]])
    assert row["score"] == 14 and "same_place" in row["reasons"]


def test_what_is_so_already_changes_nothing_and_is_kept(lake, capsys):
    assert "Nothing changes" in judged(lake, capsys, "same", A1["report_id"], A2["report_id"])
    assert "Nothing changes" in judged(lake, capsys, "different", A1["report_id"], B["report_id"])
    assert len(read_decisions(lake)) == 2


def test_three_different_incidents_are_different_from_each_other(lake, capsys):
    judged(lake, capsys, "different", A1["report_id"], B["report_id"], C["report_id"])
    a, b, c = A1["report_id"], B["report_id"], C["report_id"]
    assert sorted((r["reports_a"], r["reports_b"]) for r in read_decisions(lake)) == sorted([([a], sorted([b, c])), ([b], [c])])


def test_a_conflict_is_told_with_the_decision_that_stands_against_it(lake, capsys):
    judged(lake, capsys, "different", A1["report_id"], B["report_id"])
    (first,) = read_decisions(lake)
    out = judged(lake, capsys, "same", incident(lake, A1), incident(lake, B))
    assert f"Not applied: it is in conflict with {short(first['decision_id'])} (different) by Rana of " in out
    assert "In doubt: killed 9" in out and "killed 6" in out


def test_a_different_that_undoes_a_same_says_which(lake, capsys):
    judged(lake, capsys, "same", A1["report_id"], B["report_id"])
    (first,) = read_decisions(lake)
    out = judged(lake, capsys, "different", A1["report_id"], B["report_id"])
    assert f"No longer applied: {short(first['decision_id'])} (same) by Rana of " in out


def test_a_rule_that_a_person_contradicts_is_outranked(lake, capsys):
    rule = {"by": "by-sentence", "by_kind": "rule", "rule_version": "1", "decided_at": datetime(2022, 5, 1, tzinfo=UTC)}
    record(lake, [decision("different", [A1["report_id"]], [B["report_id"]], why="other words", **rule)])
    out = judged(lake, capsys, "same", A1["report_id"], B["report_id"])
    assert "is outranked by" in out and "will be one" in out


def test_unsure_changes_nothing_and_says_what_either_answer_would_make(lake, capsys):
    out = judged(lake, capsys, "unsure", incident(lake, A1), incident(lake, B))
    assert "In doubt: killed 9 [7-9] now; killed 6 [3-6] if they are one incident; killed 9 [7-9] if they are not." in out


def test_an_answer_says_what_it_settles(lake, capsys):
    judged(lake, capsys, "unsure", A1["report_id"], B["report_id"])
    (asked,) = read_decisions(lake)
    assert f"No longer in doubt: {short(asked['decision_id'])} (unsure)" in judged(
        lake, capsys, "different", A1["report_id"], B["report_id"]
    )
    judged(lake, capsys, "unsure", A1["report_id"], C["report_id"])
    last = max(read_decisions(lake), key=lambda d: d["decided_at"])
    assert "No longer in doubt" in judged(lake, capsys, "withdraw", last["decision_id"])


VAGUE = HOMS_PROVINCE | on("2022-04-09", "2022-04-11", 2)


@pytest.fixture
def contested(lake):
    """An article tells vaguely of two attacks that fit the same incident best: one joins, the other stays apart."""
    told = {"article_id": "one article", "published": "2022-04-12"}
    first, second = (report(rid(name), VAGUE, killed(4), ISIS, **told) for name in ("v1", "v2"))
    write_reports(lake, "b2", first, second)
    aggregate(lake)
    inside, apart = sorted((first, second), key=lambda v: incident(lake, v) != incident(lake, A1))
    assert incident(lake, inside) == incident(lake, A1) != incident(lake, apart)
    return lake, inside, apart


def test_an_incident_that_nobody_named_and_that_changes_is_told_too(contested, capsys):
    lake, inside, apart = contested
    before = incident(lake, apart)
    out = judged(lake, capsys, "split", incident(lake, A1), inside["report_id"])
    aggregate(lake)
    assert incident(lake, apart) == incident(lake, A1) != before
    assert short(before) in out and "Homs 2022-04" not in out, "one takes the other's place, and the tallies stay"


def test_what_is_decided_already_and_not_yet_published_is_not_told_again(contested, capsys):
    lake, inside, apart = contested
    judged(lake, capsys, "split", incident(lake, A1), inside["report_id"])
    out = judged(lake, capsys, "same", B["report_id"], C["report_id"])
    assert short(incident(lake, apart)) not in out and "will be one" in out
    out = judged(lake, capsys, "different", apart["report_id"], A1["report_id"])
    assert "will be 2: " in out, "by then it would have joined"


def test_when_too_much_is_near_the_message_says_that_others_may_change(contested, capsys, monkeypatch):
    lake, inside, _ = contested
    monkeypatch.setattr("include.aggregate.memberships._SMALL", 1)
    out = judged(lake, capsys, "split", incident(lake, A1), inside["report_id"])
    assert "will be 2: " in out and "Others may change too." in out


def test_withdrawing_says_what_comes_back(lake, capsys):
    judged(lake, capsys, "same", A1["report_id"], B["report_id"])
    (first,) = read_decisions(lake)
    out = judged(lake, capsys, "withdraw", short(first["decision_id"]))
    assert "Homs 2022-03 rises by 3 killed: 0 -> 3." in out
    assert refused(lake, capsys, "withdraw", short(first["decision_id"])).count("is withdrawn already, by") == 1
    again = next(d for d in read_decisions(lake) if d["verdict"] == "withdrawn")
    assert "falls by 3 killed" in judged(lake, capsys, "withdraw", again["decision_id"])


def test_reports_that_changed_since_they_were_resolved_are_an_error_that_says_what_to_do(lake, capsys):
    a, b = incident(lake, A1), incident(lake, B)
    for path in lake.files(REPORTS):
        lake.remove(path)
    assert "Aggregate again, from the start" in refused(lake, capsys, "same", a, b)


def test_wrong_calls_say_what_is_right(lake, capsys):
    a, b = incident(lake, A1), incident(lake, B)
    assert "there is no incident-00000000; the ids most like it are" in refused(lake, capsys, "same", "incident-00000000", a)
    assert "needs two or more" in refused(lake, capsys, "same", a)
    assert "is named twice" in refused(lake, capsys, "same", a, a[:20])
    assert f"judge split {short(a)} {short(A1['report_id'])}" in refused(lake, capsys, "different", A1["report_id"], a)
    assert "whose reports are" in refused(lake, capsys, "split", a, B["report_id"])
    assert "all reports of incident" in refused(lake, capsys, "split", b, B["report_id"])
    assert "takes an incident first" in refused(lake, capsys, "split", A1["report_id"], A2["report_id"])
    assert "nothing to withdraw" in refused(lake, capsys, "withdraw", "decision-1234")


@pytest.mark.parametrize("missing", ["--by", "--why"])
def test_a_decision_without_name_or_reason_is_refused(lake, capsys, missing):
    args = [a for option in zip(SIGNED[::2], SIGNED[1::2], strict=True) if option[0] != missing for a in option]
    with pytest.raises(SystemExit) as stopped:
        call(lake, "same", A1["report_id"], B["report_id"], *args)
    assert stopped.value.code == 2
    assert missing in capsys.readouterr().err


def test_an_empty_reason_is_refused(lake, capsys):
    with pytest.raises(SystemExit):
        call(lake, "same", A1["report_id"], B["report_id"], "--by", "Rana", "--why", " ")
    assert "--why" in capsys.readouterr().err


def test_the_list_shows_the_log_and_what_became_of_it(lake, capsys):
    judged(lake, capsys, "same", A1["report_id"], B["report_id"])
    (first,) = read_decisions(lake)
    judged(lake, capsys, "different", A1["report_id"], B["report_id"])
    judged(lake, capsys, "unsure", A1["report_id"], C["report_id"])
    judged(lake, capsys, "withdraw", short(first["decision_id"]))
    record(
        lake,
        [
            decision(
                "same",
                ["report-gone"],
                [C["report_id"]],
                by="Omar",
                why="as [/he] says",
                decided_at=datetime(2022, 1, 1, tzinfo=UTC),
            )
        ],
    )
    assert call(lake, "list") == 0
    shown = capsys.readouterr().out
    assert "as [/he] says" in shown, "what people write is no markup"
    assert "Decisions" in shown and "1 no longer there" in shown and "withdrawn by" in shown
    assert call(lake, "list", "--json") == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [r["state"] for r in rows] == ["applied", "withdrawn", "applied", "in doubt", "applied"]
    assert rows[0]["gone"] == ["report-gone"]


def test_an_empty_log_is_told(lake, capsys):
    assert call(lake, "list") == 1
    assert "No decisions" in capsys.readouterr().err


def test_json_has_the_decision_and_what_it_changes(lake, capsys):
    row = json.loads(judged(lake, capsys, "same", A1["report_id"], B["report_id"], "--json"))
    assert row["verdict"] == "same"
    assert any("falls by 3 killed" in line for line in row["effects"])


def test_suggest_lists_what_is_near_the_threshold(lake, capsys):
    near = report(rid("near"), killed(6), ISIS, on("2022-04-11"), published="2022-04-13", outlet="Gazette", event_type="clash")
    write_reports(lake, "b2", near)
    aggregate(lake)
    assert call(lake, "suggest", "--json") == 0
    first, *_ = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {first["report_a"], first["report_b"]} == {A2["report_id"], near["report_id"]}
    assert (first["together"], first["killed"]) == (False, 6)
    assert call(lake, "suggest") == 0
    assert "adjacent day" in capsys.readouterr().out


def test_suggest_without_anything_says_so(tmp_path, capsys):
    assert call(Lake(tmp_path), "suggest") == 1
    assert "Nothing near the threshold" in capsys.readouterr().err


def ledger_of(lake):
    """Incidents with their reports and killed, and the tallies, as published."""
    incidents = [(i["incident_id"], i["report_ids"], i["killed_best"]) for i in lake.read(INCIDENTS).to_pylist()]
    return sorted(incidents), lake.read(MONTHLY_TALLIES).to_pylist()


def test_the_next_run_publishes_what_judge_said_and_withdrawing_brings_all_back(lake, capsys):
    before, (a, b) = ledger_of(lake), (incident(lake, A1), incident(lake, B))
    judged(lake, capsys, "same", a, b)
    aggregate(lake)
    assert incident(lake, A1) == incident(lake, B) == b, "the older keeps its id"
    assert [r["killed_best"] for r in ledger_of(lake)[1] if r["month"] == 3] == []
    assert "is named twice" in refused(lake, capsys, "different", short(a), short(b)), "the old id leads to the new"
    (decided,) = read_decisions(lake)
    judged(lake, capsys, "withdraw", decided["decision_id"])
    aggregate(lake)
    assert ledger_of(lake) == before


def test_what_is_unsure_is_in_the_tallies_of_the_next_run(lake, capsys):
    judged(lake, capsys, "unsure", incident(lake, A1), incident(lake, B))
    aggregate(lake)
    doubts = {r["month"]: (r["n_in_doubt"], r["killed_doubt_low"]) for r in ledger_of(lake)[1]}
    assert (doubts[3], doubts[4], doubts[5]) == ((1, -3), (1, 0), (0, None))
