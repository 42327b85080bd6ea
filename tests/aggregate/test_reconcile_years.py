"""Reconciliation in the lake: which years are done again, and that doing them again leaves the same bytes."""

import pytest

from include.aggregate.reconcile import years
from include.aggregate.reconcile.years import find_changed_years, read_claims, reconcile_year
from include.datasets.catalogue import CLAIMS, INCIDENTS, RECONCILIATION
from tests.aggregate.claims import claim, incident
from tests.aggregate.factory import killed, on, report
from tests.aggregate.ledger import contents, write_reports
from tests.aggregate.power import cut_off


def write_claims(lake, batch, *claims):
    lake.write(CLAIMS, {"published_month": "2022-04"}, batch, claims)


def write_incidents(lake, *incidents):
    filled = {"count_rule": "latest_trusted", "claim_status": "unknown", "event_type": "unknown"}
    filled |= {"n_reports": 1, "n_outlets": 1, "n_independent_origins": 1}
    months = {(i["date_start"].year, i["date_start"].month) for i in incidents}
    for year, month in months:
        rows = [filled | {k: v for k, v in i.items() if v is not None} for i in incidents]
        rows = [r for r in rows if (r["date_start"].year, r["date_start"].month) == (year, month)]
        lake.write(INCIDENTS, {"year": year, "month": month}, INCIDENTS.name, rows)


def reconciled(lake):
    """Do what is pending, and return the years done."""
    found = find_changed_years(lake)
    for year in found:
        reconcile_year(lake, year)
    return found


@pytest.fixture
def told(lake):
    """Two years of claims, and incidents that they cover."""
    write_claims(lake, "b1", claim("new", 61), claim("old", 20, said="2021-12-20", since="2021-07-01"))
    write_incidents(lake, incident("a", killed(4)), incident("b", killed(2), on("2021-08-10")))
    return lake


def test_years_are_written_and_then_nothing_is_left_to_do(told):
    assert reconciled(told) == [2021, 2022]
    assert reconciled(told) == []
    assert told.files(RECONCILIATION) == [f"reconciliation/year={y}/reconciliation.parquet" for y in (2021, 2022)]
    rows = {r["claim_id"]: (r["year"], r["explained_low"]) for r in told.read(RECONCILIATION).to_pylist()}
    assert rows == {"new": (2022, 4), "old": (2021, 2)}


def test_a_task_says_what_it_did(told):
    assert reconcile_year(told, 2022) == {"year": 2022, "counts": {"reconciliations": 1, "claims": 1}}


def test_an_empty_lake_has_nothing_to_do(lake):
    assert reconciled(lake) == []


def test_running_again_writes_the_same_bytes(told):
    reconciled(told)
    before = contents(told)
    reconcile_year(told, 2022)
    assert contents(told) == before


def test_a_changed_incident_changes_the_years_whose_claims_cover_it(told):
    reconciled(told)
    write_incidents(told, incident("b", killed(3), on("2020-08-10")))
    assert reconciled(told) == [2021]
    write_incidents(told, incident("a", killed(9)))
    assert reconciled(told) == [2022]


def test_a_later_incident_changes_no_earlier_year_of_a_series(told):
    write_claims(told, "b2", claim("newer", 30, said="2022-01-20", since="2021-07-01"))
    reconciled(told)
    write_incidents(told, incident("c", killed(3), on("2022-01-10")))
    assert reconciled(told) == [2022]


def test_a_new_claim_changes_its_year_and_that_of_its_series(told):
    reconciled(told)
    write_claims(told, "b2", claim("newer", 30, said="2022-01-03", since="2021-07-01"))
    assert reconciled(told) == [2021, 2022]
    rows = {r["claim_id"]: r for r in told.read(RECONCILIATION).to_pylist()}
    assert (rows["old"]["status"], rows["old"]["superseded_by"], rows["newer"]["previous"]) == ("superseded", "newer", "old")


def test_the_last_claim_of_a_year_takes_its_file_with_it(told):
    reconciled(told)
    write_claims(told, "b1", claim("new", 61))
    assert reconciled(told) == [2021]
    assert told.files(RECONCILIATION) == ["reconciliation/year=2022/reconciliation.parquet"]


def test_a_file_deleted_by_hand_comes_back(told):
    reconciled(told)
    before = contents(told)
    told.remove("reconciliation/year=2022/reconciliation.parquet")
    assert reconciled(told) == [2022]
    assert contents(told) == before


def test_a_new_version_of_the_rules_reconciles_everything_anew(told, monkeypatch):
    reconciled(told)
    monkeypatch.setattr(years, "VERSION", "another")
    assert reconciled(told) == [2021, 2022]


@pytest.mark.parametrize("country, reason", [("SYR", "period_before_ledger"), ("IRQ", "country_not_covered")])
def test_the_ledger_begins_with_the_month_of_the_first_report_on_a_country(told, country, reason):
    write_reports(told, "b1", report("r", killed(1), country=country, published="2022-03-20"), report("u", published=None))
    reconciled(told)
    assert {r["reason"] for r in told.read(RECONCILIATION).to_pylist()} == {reason}


def test_a_claim_captured_twice_is_one(lake):
    write_claims(lake, "b1", claim("c", 61))
    write_claims(lake, "b2", claim("c", 61, outlet="renamed"))
    assert len(read_claims(lake)) == 1


def test_cut_off_at_any_write_and_run_again_leaves_the_same_bytes(told, tmp_path):
    reconciled(told)
    write_incidents(told, incident("a", killed(9)))
    cuts = cut_off(reconciled, told, tmp_path)
    for lake in cuts:
        reconciled(lake)
        assert contents(lake) == contents(told)
    assert len(cuts) > 1
