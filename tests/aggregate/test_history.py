from datetime import timedelta

import pytest

from include.aggregate.history import events, find, life, reports_of
from include.datasets.ids import content_id
from tests.aggregate.chronicle import Chronicle, at
from tests.aggregate.factory import BAGHDAD, ISIS, killed, on, report
from tests.aggregate.ledger import write_reports

A = report("a", killed(4), ISIS)
B = report("b", killed(5), ISIS, published="2022-04-12")
ELSEWHERE = on("2022-04-20")
ID_A, ID_B = (content_id("incident", report=name) for name in "ab")


def of(ledger, incident_id):
    return events(row for row in ledger.revisions.to_dicts() if row["incident_id"] == incident_id)


def test_a_life_has_an_event_for_each_change():
    ledger = Chronicle()
    for reports in ([A], [A, B], [A]):
        ledger.run(*reports)
    added, grown, shrunk = of(ledger, ID_A)
    assert (added.change, added.recorded_at, added.joined, added.left, added.changed) == ("added", at(0), ["a"], [], {})
    assert (grown.change, grown.joined, grown.left) == ("changed", ["b"], [])
    assert grown.changed["killed_best"] == (4, 5) and "killed_low" not in grown.changed
    assert (shrunk.change, shrunk.joined, shrunk.left) == ("changed", [], ["b"])


def test_going_over_to_another_month_and_back_is_a_change_of_the_date():
    ledger = Chronicle()
    for reports in ([A], [A | on("2022-03-31")], [A]):
        ledger.run(*reports)
    assert [e.change for e in of(ledger, ID_A)] == ["added", "changed", "changed"]
    _, there, back = of(ledger, ID_A)
    march, april = on("2022-03-31")["date_start"], A["date_start"]
    assert (there.changed["date_start"], back.changed["date_start"]) == ((april, march), (march, april))
    assert not there.joined and not there.left


def test_a_merge_and_its_undoing_are_the_end_and_the_return_of_the_younger():
    ledger = Chronicle()
    for reports in ([A, B | ELSEWHERE], [A, B], [A, B | ELSEWHERE]):
        ledger.run(*reports)
    assert [(e.change, e.merged_into, e.joined, e.left) for e in of(ledger, ID_B)] == [
        ("added", None, ["b"], []),
        ("merged", ID_A, [], []),
        ("returned", None, [], []),
    ]


def test_an_incident_whose_reports_are_gone_ends():
    ledger = Chronicle()
    for reports in ([A], []):
        ledger.run(*reports, rules=str(len(reports)))
    assert [(e.change, e.left, e.rules) for e in of(ledger, ID_A)] == [("added", [], None), ("removed", ["a"], "0")]


# -- in the lake -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def ledger(lake):
    """A lake with two months and three runs: b joins a, and something in Baghdad leaves again."""
    ledger = Chronicle()
    far = report("c", BAGHDAD, killed(1), on("2022-03-02"), published="2022-03-03")
    for reports in ([A, far, B | ELSEWHERE], [A, B]):
        ledger.run(*reports)
    ledger.write(lake)
    write_reports(lake, "b1", A, B, far)
    return lake


def test_an_id_is_found_by_its_beginning_and_forwarded(ledger):
    assert find(ledger, ID_A[:17]) == (ID_A, ID_A)
    assert find(ledger, ID_B.removeprefix("incident-")[:6]) == (ID_B, ID_A)
    assert find(ledger, content_id("incident", report="c")) == (content_id("incident", report="c"), None)
    with pytest.raises(LookupError, match="the ids most like it"):
        find(ledger, "ffff")


def test_the_life_of_an_incident_reads_from_the_lake(ledger):
    assert [(e.change, e.recorded_at) for e in life(ledger, ID_A)] == [("added", at(0)), ("changed", at(1))]
    assert [e.change for e in life(ledger, ID_B)] == ["added", "merged"]


def test_the_reports_of_events_are_those_of_the_last_capture(ledger):
    again = B | {"sentence": "It says something else now.", "recorded_at": B["recorded_at"] + timedelta(days=1)}
    write_reports(ledger, "b2", again)
    found = reports_of(ledger, life(ledger, ID_A))
    assert found.keys() == {"a", "b"}
    assert (found["a"]["sentence"], found["b"]["sentence"]) == (A["sentence"], "It says something else now.")
