"""Incidents under decisions: whatever the log says, and in whatever order it is read."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from include.aggregate.decisions import decision, record, standing
from include.aggregate.resolve import resolve
from tests.aggregate.factory import BADIA, ISIS, PALMYRA, SYRIA, killed, on, report

NOON = datetime(2022, 5, 1, 12, tzinfo=UTC)
REPORTS = [
    report("a1", killed(4), ISIS),
    report("a2", killed(4), ISIS, BADIA, published="2022-04-12"),
    report("a3", killed(5), SYRIA, article_id="article of a2", document_id="document of a2", published="2022-04-12"),
    report("b1", killed(4), ISIS, PALMYRA),
    report("b2", killed(4), PALMYRA, published="2022-04-13"),
    report("c1", killed(9), PALMYRA, on("2022-03-30"), published="2022-03-31"),
    report("d1", killed(4), mention_role="background_reference", published="2022-05-01", **on("2022-04-01", "2022-04-30", 4)),
]
IDS = [r["report_id"] for r in REPORTS]
SIDE = st.lists(st.sampled_from([*IDS, "gone"]), min_size=1, max_size=3)
JUDGED = st.tuples(st.sampled_from(["same", "different", "unsure"]), SIDE, SIDE, st.booleans())
thorough = settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.too_slow])


def log_of(judged, withdrawn=()):
    """A decision for each of `judged`, an hour apart, by a person or a rule; those at the indexes `withdrawn` are withdrawn."""
    log = [
        decision(
            verdict,
            a,
            b,
            by="somebody",
            by_kind="person" if person else "rule",
            why="read",
            decided_at=NOON + timedelta(hours=n),
        )
        for n, (verdict, a, b, person) in enumerate(judged)
    ]
    late = NOON + timedelta(days=9)
    taken = [log[i]["decision_id"] for i in sorted(withdrawn) if i < len(log)]
    return log + [decision("withdrawn", withdraws=i, by="somebody", why="no", decided_at=late) for i in taken]


LOGS = st.builds(log_of, st.lists(JUDGED, max_size=5), st.sets(st.integers(0, 4), max_size=2))


@thorough
@given(LOGS, st.randoms())
def test_logs_and_reports_in_any_order_give_the_same_incidents(log, rng):
    assert resolve(rng.sample(REPORTS, len(REPORTS)), rng.sample(log, len(log))) == resolve(REPORTS, log)


@thorough
@given(LOGS, JUDGED)
def test_withdrawing_restores_every_incident_as_it_was_ids_included(log, judged):
    verdict, a, b, _ = judged
    added = decision(verdict, a, b, by="a reviewer", why="read", decided_at=NOON + timedelta(days=10))
    back = decision(
        "withdrawn", withdraws=added["decision_id"], by="a reviewer", why="no", decided_at=NOON + timedelta(days=11)
    )
    assert resolve(REPORTS, [*log, added, back]) == resolve(REPORTS, log)


@thorough
@given(LOGS)
def test_what_a_person_judged_different_is_never_one_incident_and_no_report_is_lost(log):
    incidents = resolve(REPORTS, log)
    assert sorted(r for i in incidents for r in i["report_ids"]) == sorted(IDS)
    for d in standing(log):
        if d["verdict"] == "different" and d["by_kind"] == "person":
            for incident in incidents:
                one, two = ({*side} & {*incident["report_ids"]} for side in (d["reports_a"], d["reports_b"]))
                assert len(one | two) < 2 or not one or not two


@thorough
@given(st.lists(JUDGED, max_size=4))
def test_what_people_tied_stays_one_incident_whatever_rules_say(judged):
    """Only people's `same` against rules' everything: each holds, and the rules' `different` gives way."""
    people = [("same", a, b, True) for _, a, b, person in judged if person]
    rules = [(verdict, a, b, False) for verdict, a, b, person in judged if not person]
    incident_of = {r: i["incident_id"] for i in resolve(REPORTS, log_of([*rules, *people])) for r in i["report_ids"]}
    for _, a, b, _ in people:
        assert len({incident_of[r] for r in (*a, *b) if r != "gone"}) <= 1


def test_the_older_of_two_keeps_its_id_and_withdrawing_brings_both_back():
    apart = {r: i["incident_id"] for i in resolve(REPORTS) for r in i["report_ids"]}
    (tie, back) = log_of([("same", ["a1"], ["c1"], True)], {0})
    one = {r: i["incident_id"] for i in resolve(REPORTS, [tie]) for r in i["report_ids"]}
    assert one["a1"] == one["c1"] == apart["c1"] != apart["a1"], "the report of March is the older"
    assert {r: i["incident_id"] for i in resolve(REPORTS, [tie, back]) for r in i["report_ids"]} == apart


REPLAY = """
import json, sys
from include.aggregate.decisions import bonds, read_decisions
from include.aggregate.resolve import resolve
from include.datasets.lake import Lake
from tests.aggregate.test_decided_incidents import REPORTS
log = read_decisions(Lake(sys.argv[1]))
incidents = resolve(REPORTS[::-1], log[::-1])
print(json.dumps([sorted(bonds(log).tied.items()), [[i["incident_id"], i["report_ids"]] for i in incidents]]))
"""


def test_a_log_replayed_in_another_process_gives_the_same(lake):
    log = log_of(
        [("same", ["a1"], ["c1"], True), ("different", ["a1"], ["b1", "a2"], False), ("same", ["a2", "b1"], ["b2"], True)]
    )
    for d in log:
        record(lake, [d])
    project = Path(__file__).parents[2]
    environment = os.environ | {"PYTHONHASHSEED": "4711", "PYTHONPATH": str(project)}
    run = [sys.executable, "-c", REPLAY, lake.url]
    there = json.loads(subprocess.run(run, env=environment, cwd=project, capture_output=True, check=True, text=True).stdout)
    assert there[1] == [[i["incident_id"], i["report_ids"]] for i in resolve(REPORTS, log)]
    assert dict(there[0])["c1"] == dict(there[0])["a1"]
