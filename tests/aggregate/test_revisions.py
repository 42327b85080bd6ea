from datetime import timedelta

import polars as pl
import pytest

from include.aggregate.as_of import read
from include.aggregate.decisions import decision
from include.aggregate.resolve import resolve
from include.aggregate.revisions import record, run_instant
from include.datasets.catalogue import INCIDENTS, REVISIONS
from tests.aggregate.chronicle import Chronicle, at
from tests.aggregate.factory import ISIS, PALMYRA, killed, on, report

A = report("a", killed(4), ISIS)
B = report("b", killed(5), ISIS, published="2022-04-12")
FAR = report("far", killed(9), PALMYRA, on("2022-04-20"), published="2022-04-21")


def told(rows, *columns):
    """The rows as dicts of some columns, causes as text."""
    return [
        {c: [f"{x['kind']} {x['id']}" for x in row[c] or []] if c == "because" else row[c] for c in columns}
        for row in rows.to_dicts()
    ]


def incident_id(*reports):
    (incident,) = resolve(reports)
    return incident["incident_id"]


def test_a_new_incident_is_added_because_of_its_reports():
    rows = Chronicle().run(A, B)
    assert told(rows, "revision", "recorded_at", "change", "changed", "because", "rules", "killed_best") == [
        {
            "revision": 1,
            "recorded_at": at(0),
            "change": "added",
            "changed": None,
            "because": ["report_joined a", "report_joined b"],
            "rules": "1",
            "killed_best": 5,
        }
    ]


def test_a_run_that_changes_nothing_records_nothing():
    ledger = Chronicle()
    ledger.run(A, B)
    assert ledger.run(B, A).is_empty() and ledger.run(A, B).is_empty()


def test_a_changed_incident_says_which_columns_changed_and_which_report_did_it():
    ledger = Chronicle()
    ledger.run(A)
    (row,) = told(ledger.run(A, B), "incident_id", "change", "changed", "because", "killed_best", "report_ids")
    assert row["incident_id"] == incident_id(A) and row["change"] == "changed" and row["report_ids"] == ["a", "b"]
    assert {"killed_best", "grading", "n_reports", "report_ids"} <= set(row["changed"])
    assert not {"incident_id", "killed_low", "place", "groups"} & set(row["changed"])
    assert row["because"] == ["report_joined b"]


def test_an_incident_that_loses_a_report_says_so():
    ledger = Chronicle()
    ledger.run(A, B)
    assert told(ledger.run(A), "change", "because") == [{"change": "changed", "because": ["report_left b"]}]


def test_of_two_that_merge_the_older_goes_on_and_the_other_says_into_which():
    ledger = Chronicle()
    ledger.run(A, B | on("2022-04-20"))
    rows = ledger.run(A, B)
    assert told(rows, "incident_id", "change", "merged_into", "moved_to", "because") == sorted(
        [
            {"incident_id": incident_id(A), "change": "changed", "because": ["report_joined b"]}
            | {"merged_into": None, "moved_to": None},
            {"incident_id": incident_id(B), "change": "removed", "because": ["report_left b"]}
            | {"merged_into": incident_id(A), "moved_to": None},
        ],
        key=lambda row: row["incident_id"],
    )


def test_an_incident_whose_date_moves_leaves_one_month_for_the_other():
    ledger = Chronicle()
    ledger.run(A)
    rows = ledger.run(A | on("2022-03-31"))
    assert told(rows, "month", "change", "moved_to", "merged_into", "date_start") == [
        {"month": 3, "change": "added", "moved_to": None, "merged_into": None, "date_start": on("2022-03-31")["date_start"]},
        {"month": 4, "change": "removed", "moved_to": "2022-03", "merged_into": None, "date_start": A["date_start"]},
    ]
    assert ledger.run(A | dict.fromkeys(on("2022-03-31")))["moved_to"].to_list() == [None, "undated"]


def test_an_incident_whose_reports_are_gone_is_removed_and_goes_nowhere():
    ledger = Chronicle()
    ledger.run(A, FAR)
    rows = ledger.run(FAR)
    assert told(rows, "change", "because", "merged_into", "moved_to") == [
        {"change": "removed", "because": ["report_left a"], "merged_into": None, "moved_to": None}
    ]


def test_an_incident_whose_founding_report_is_gone_goes_on_under_the_next_report():
    ledger = Chronicle()
    ledger.run(A, B)
    gone = ledger.run(B).filter(pl.col("change") == "removed")
    assert told(gone, "incident_id", "merged_into") == [{"incident_id": incident_id(A), "merged_into": incident_id(B)}]


def test_other_rules_are_named_where_they_change_an_incident():
    ledger = Chronicle()
    ledger.run(A, FAR, rules="1")
    (row,) = told(ledger.run(A | killed(6), FAR, rules="2 majority"), "incident_id", "because", "rules")
    assert row == {"incident_id": incident_id(A), "because": ["rules 2 majority"], "rules": "2 majority"}


def test_a_report_that_says_something_else_under_the_same_rules_needs_no_cause():
    ledger = Chronicle()
    ledger.run(A)
    assert told(ledger.run(A | killed(6)), "changed", "because") == [
        {"changed": ["killed_low", "killed_best", "killed_high"], "because": []}
    ]


@pytest.fixture
def same():
    return decision("same", ["a", "b"], by="Jane", why="one attack", decided_at=at(0))


def test_decisions_are_named_where_they_name_a_report_that_joined_or_left(same):
    ledger = Chronicle()
    unsure = decision("unsure", ["a"], ["b"], by="Jane", why="not clear", decided_at=at(0))
    other = decision("same", ["far", "farther"], by="Jane", why="one attack", decided_at=at(0))
    ledger.run(A, B | on("2022-04-20"))
    rows = ledger.run(A, B, decisions=[unsure, other, same])
    assert {cause for row in told(rows, "because") for cause in row["because"]} == {
        "report_joined b",
        "report_left b",
        f"decision {same['decision_id']}",
    }


def test_a_withdrawal_is_named_when_it_takes_effect_and_not_later(same):
    ledger = Chronicle()
    withdrawal = decision("withdrawn", by="Jane", why="a slip", decided_at=at(1), withdraws=same["decision_id"])
    ledger.run(A, B, decisions=[same])
    apart = ledger.run(A, B | on("2022-04-20"), decisions=[same, withdrawal], recorded_at=at(2))
    assert all(f"decision {withdrawal['decision_id']}" in row["because"] for row in told(apart, "because"))
    again = ledger.run(A, B, decisions=[same, withdrawal], recorded_at=at(3))
    assert not [cause for row in told(again, "because") for cause in row["because"] if cause.startswith("decision")]


def test_the_clock_never_goes_back():
    ledger = Chronicle()
    ledger.run(A, recorded_at=at(5))
    rows = ledger.run(A, B, recorded_at=at(2))
    assert rows["recorded_at"].to_list() == [at(5)] and rows["revision"].to_list() == [2]


def test_what_vanishes_and_comes_back_is_removed_and_added_again():
    ledger = Chronicle()
    for reports in ([A, FAR], [FAR], [A, FAR]):
        ledger.run(*reports)
    of_a = ledger.revisions.filter(pl.col("incident_id") == incident_id(A))
    assert told(of_a, "revision", "change") == [
        {"revision": n, "change": change} for n, change in ((1, "added"), (2, "removed"), (3, "added"))
    ]


# -- in the lake -----------------------------------------------------------------------------------------------------------


APRIL = (2022, 4)
HOLDS = pl.DataFrame({"report_id": ["a"], "incident_id": [incident_id(A)], "year": [2022], "month": [4]})


def recording(lake, *reports, instant=None):
    incidents = INCIDENTS.table(resolve(reports))
    return record(lake, APRIL, incidents, memberships=HOLDS, recorded_at=instant or at(0), rules="1")


def test_each_change_is_a_file_of_its_own_and_a_rerun_writes_none(lake):
    assert (recording(lake, A), recording(lake, A), recording(lake, A, B, instant=at(1)), recording(lake, A, B)) == (1, 0, 1, 0)
    assert lake.files(REVISIONS) == [f"revisions/year=2022/month=4/0000{n}.parquet" for n in (1, 2)]
    assert read(lake, [APRIL])["killed_best"].to_list() == [4, 5]
    assert read(lake, [(2022, 3)]).is_empty()


def test_the_same_run_writes_the_same_bytes(lake):
    recording(lake, A, B)
    (path,) = lake.files(REVISIONS)
    before = lake.open(path).read()
    lake.remove(path)
    recording(lake, B, A)
    assert lake.open(path).read() == before


def test_a_month_without_incidents_records_that_they_are_gone(lake):
    recording(lake, A)
    assert recording(lake, instant=at(1)) == 1
    assert read(lake)["change"].to_list() == ["added", "removed"]


def test_a_run_whose_clock_is_behind_records_under_the_last_instant(lake):
    assert run_instant(lake, at(3)) == at(3)
    recording(lake, A, instant=at(3))
    recording(lake, A, B, instant=at(9))
    assert run_instant(lake, at(4)) == at(9)
    assert run_instant(lake, at(9) + timedelta(seconds=1)) == at(9) + timedelta(seconds=1)
