from datetime import timedelta

import pytest

from include.aggregate import months
from include.aggregate.as_of import as_of, read
from include.aggregate.history import events, find, life, reports_of
from include.aggregate.incident import describe
from include.datasets.catalogue import INCIDENTS, REVISIONS
from include.datasets.ids import content_id
from tests.aggregate.chronicle import Chronicle, at
from tests.aggregate.factory import BAGHDAD, ISIS, killed, on, report
from tests.aggregate.ledger import aggregate, write_reports

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


# -- run after run -------------------------------------------------------------------------------------------------------------

LATE = report("late", killed(7), ISIS, published="2022-05-20")


def standing(lake, run):
    """The killed of each incident that stood at a run."""
    return as_of(read(lake), at(run))["killed_best"].to_list()


def test_a_late_report_changes_its_month_and_the_past_stays_as_it_was(lake):
    write_reports(lake, "b1", A)
    aggregate(lake, at(0))
    write_reports(lake, "b2", LATE)
    aggregate(lake, at(20))
    assert [standing(lake, run) for run in (0, 19, 20)] == [[4], [4], [7]]
    told = life(lake, ID_A)
    assert [(e.change, e.joined) for e in told] == [("added", ["a"]), ("changed", ["late"])]
    reports = reports_of(lake, told)
    assert reports["a"]["score"] is None and "same_day" in reports["late"]["reasons"]
    assert reports["late"]["narrowed"] is None


def test_incidents_that_are_deleted_by_hand_come_back_without_a_revision(lake):
    write_reports(lake, "b1", A)
    aggregate(lake, at(0))
    (path,) = lake.files(INCIDENTS)
    lake.remove(path)
    aggregate(lake, at(1))
    assert lake.files(INCIDENTS) == [path]
    assert len(life(lake, ID_A)) == 1


@pytest.mark.parametrize("dataset", [REVISIONS, INCIDENTS])
def test_a_run_that_is_killed_before_it_wrote_loses_nothing_and_records_nothing_twice(lake, monkeypatch, dataset):
    write_reports(lake, "b1", A)
    aggregate(lake, at(0))
    write_reports(lake, "b2", B)
    write = lake.write

    def dying(to, *args):
        if to is dataset:
            raise KeyboardInterrupt
        return write(to, *args)

    with monkeypatch.context() as patch:
        patch.setattr(lake, "write", dying)
        with pytest.raises(KeyboardInterrupt):
            aggregate(lake, at(1))
    aggregate(lake, at(2))
    recorded = at(1) if dataset is INCIDENTS else at(2)
    assert [(e.change, e.recorded_at) for e in life(lake, ID_A)] == [("added", at(0)), ("changed", recorded)]
    assert lake.read(INCIDENTS)["killed_best"].to_pylist() == standing(lake, 2) == [5]


def test_other_rules_are_told_as_the_cause(lake, monkeypatch):
    write_reports(lake, "b1", A, LATE)
    aggregate(lake, at(0))
    monkeypatch.setattr(months, "VERSION", "another")
    monkeypatch.setattr(months, "describe", lambda *args: describe(*args) | {"grading": "discounted"})
    aggregate(lake, at(1))
    _, event = life(lake, ID_A)
    assert list(event.changed) == ["grading"] and "another" in event.rules
