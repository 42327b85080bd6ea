import pytest

from include.aggregate.check import CheckFailed, check
from include.aggregate.reconcile.years import reconcile_year
from include.datasets.catalogue import CLAIMS, INCIDENTS, MEMBERSHIPS, MONTHLY_TALLIES, RECONCILIATION, REVISIONS
from tests.aggregate.claims import claim
from tests.aggregate.factory import ISIS, PALMYRA, killed, on, report
from tests.aggregate.ledger import aggregate, write_reports

MARCH = {"year": 2022, "month": 3}
APRIL = {"year": 2022, "month": 4}


@pytest.fixture
def ledger(lake):
    """A lake with three incidents in two months, aggregated."""
    write_reports(
        lake,
        "b1",
        report("a", killed(4), ISIS),
        report("b", killed(4, 4, None), ISIS, on("2022-04-01")),
        report("m", PALMYRA, killed(2), on("2022-03-08"), published="2022-03-09"),
    )
    aggregate(lake)
    return lake


def rows(lake, dataset, partition):
    path = lake.path(dataset, partition, dataset.name)
    return [{k: v for k, v in r.items() if k in dataset.schema.names} for r in lake.read_file(path).to_pylist()]


def rewrite(lake, dataset, partition, new):
    lake.write(dataset, partition, dataset.name, new)


def problem(lake):
    """The one problem that check finds."""
    with pytest.raises(CheckFailed) as failed:
        check(lake)
    (found,) = failed.value.problems
    assert found in str(failed.value)
    return found


def test_a_lake_that_adds_up_says_how_much_was_checked(ledger):
    assert check(ledger) == {"reports": 3, "incidents": 3, "months": 2, "tallies": 2, "claims": 0}


def test_an_empty_lake_adds_up(lake):
    assert check(lake) == {"reports": 0, "incidents": 0, "months": 0, "tallies": 0, "claims": 0}


NOTHING = {"reports": 0, "incidents": 0, "months": 0, "tallies": 0, "claims": 0}


def test_what_was_checked_and_did_not_change_is_not_checked_again(ledger):
    everything = check(ledger)
    assert check(ledger) == NOTHING
    assert check(ledger, whole=True) == everything
    write_reports(ledger, "b2", report("n", killed(1), on("2022-04-05")))
    aggregate(ledger)
    assert check(ledger) == {"reports": 3, "incidents": 3, "months": 1, "tallies": 3, "claims": 0}
    assert check(ledger) == NOTHING


def test_a_check_that_fails_fails_again(ledger):
    check(ledger)
    new = rows(ledger, INCIDENTS, MARCH)
    new[0]["event_type"] = "clash"
    rewrite(ledger, INCIDENTS, MARCH, new)
    assert problem(ledger) == problem(ledger)


@pytest.mark.parametrize(
    ("dataset", "found"),
    [(INCIDENTS, "expected once, found 2 times"), (MEMBERSHIPS, "m expected once, found 2 times")],
)
def test_what_is_in_a_changed_month_and_in_one_that_did_not_change_is_named(ledger, dataset, found):
    check(ledger)
    rewrite(ledger, dataset, APRIL, rows(ledger, dataset, APRIL) + rows(ledger, dataset, MARCH))
    with pytest.raises(CheckFailed, match=found):
        check(ledger)


def test_a_membership_that_is_lost_is_named_though_its_report_did_not_change(ledger):
    check(ledger)
    rewrite(ledger, MEMBERSHIPS, APRIL, [r for r in rows(ledger, MEMBERSHIPS, APRIL) if r["report_id"] != "b"])
    with pytest.raises(CheckFailed, match="b expected in one incident, found in none"):
        check(ledger)


@pytest.mark.parametrize(
    ("column", "value"),
    [("killed_low", 9), ("killed_best", 11), ("killed_high", 12), ("injured_low", 0), ("killed_women_low", 1), ("n_weak", 0)],
)
def test_a_tally_that_is_not_the_sum_of_its_incidents_is_named(ledger, column, value):
    new = rows(ledger, MONTHLY_TALLIES, {"year": 2022})
    april = next(r for r in new if r["month"] == 4)
    expected = april[column]
    april[column] = value
    april["killed_best"] = max(april["killed_best"], april["killed_low"])
    rewrite(ledger, MONTHLY_TALLIES, {"year": 2022}, new)
    with pytest.raises(CheckFailed) as failed:
        check(ledger)
    (found,) = [p for p in failed.value.problems if f" {column} " in p and "groups of" not in p]
    assert found.startswith("monthly_tallies: monthly_tallies/year=2022/monthly_tallies.parquet row 1: year=2022, month=4")
    assert found.endswith(f"{column} expected {expected}, found {value}")


def test_a_missing_and_a_spare_row_of_tallies_are_named(ledger):
    new = rows(ledger, MONTHLY_TALLIES, {"year": 2022})
    new[0]["country"] = "IRQ"
    rewrite(ledger, MONTHLY_TALLIES, {"year": 2022}, new)
    with pytest.raises(CheckFailed) as failed:
        check(ledger)
    spare, missing = failed.value.problems
    assert "country=IRQ" in spare
    assert "expected no such row" in spare
    assert "country=SYR" in missing
    assert "expected a row for its 1, found none" in missing


def test_an_incident_in_the_wrong_month_is_named(ledger):
    rewrite(ledger, INCIDENTS, {"year": 2022, "month": 5}, rows(ledger, INCIDENTS, MARCH))
    ledger.remove("incidents/year=2022/month=3/incidents.parquet")
    with pytest.raises(CheckFailed) as failed:
        check(ledger)
    assert "starts 2022-03-08, expected in {'year': 2022, 'month': 3}, found in {'year': 2022, 'month': 5}" in str(failed.value)


def test_an_incident_left_in_two_months_is_named(ledger):
    spare = rows(ledger, INCIDENTS, MARCH)
    rewrite(ledger, INCIDENTS, APRIL, rows(ledger, INCIDENTS, APRIL) + spare)
    with pytest.raises(CheckFailed) as failed:
        check(ledger)
    assert f"{spare[0]['incident_id']} expected once, found 2 times" in str(failed.value)
    assert "rests on m, expected as in memberships, found otherwise" in str(failed.value)


def test_a_report_in_no_incident_is_named(ledger):
    write_reports(ledger, "b2", report("n", killed(1), on("2022-04-05")))
    assert (
        problem(ledger)
        == "reports: reports/published_month=2022-04/b2.parquet row 0: n expected in one incident, found in none"
    )


def test_a_report_without_casualties_is_in_an_incident_too(ledger):
    write_reports(ledger, "b2", report("n", on("2022-04-05")))
    assert "n expected in one incident, found in none" in problem(ledger)
    aggregate(ledger)
    assert check(ledger)["reports"] == 4


def test_an_incident_whose_report_is_gone_is_named(ledger):
    ledger.remove("reports/published_month=2022-03/b1.parquet")
    assert "m expected in reports, found nowhere" in problem(ledger)


def test_a_wrong_number_of_reports_is_named(ledger):
    new = rows(ledger, INCIDENTS, MARCH)
    new[0]["n_reports"] = 2
    rewrite(ledger, INCIDENTS, MARCH, new)
    assert "n_reports expected 1, found 2" in problem(ledger)


def test_the_same_report_captured_twice_is_one(ledger):
    write_reports(ledger, "b2", report("a", killed(4), ISIS))
    assert check(ledger)["reports"] == 3


def test_groups_that_do_not_add_up_to_their_row_are_named(ledger):
    new = rows(ledger, MONTHLY_TALLIES, {"year": 2022})
    next(group for group in new[0]["groups"] if group["measure"] == "killed")["best"] = 3
    rewrite(ledger, MONTHLY_TALLIES, {"year": 2022}, new)
    assert "groups of killed_best expected 2, found 3" in problem(ledger)


def test_an_incident_that_is_not_what_was_recorded_last_is_named(ledger):
    new = rows(ledger, INCIDENTS, MARCH)
    new[0]["event_type"] = "clash"
    rewrite(ledger, INCIDENTS, MARCH, new)
    assert "expected as its last revision tells it, found other values of event_type" in problem(ledger)


def test_an_incident_whose_revisions_are_lost_is_named_and_recorded_anew(ledger):
    ledger.remove(ledger.path(REVISIONS, MARCH, "00001"))
    assert "expected as its last revision tells it, found no revision" in problem(ledger)
    ledger.remove(ledger.path(INCIDENTS, MARCH, "incidents"))
    aggregate(ledger)
    assert check(ledger)


def test_a_report_in_two_incidents_is_named(ledger):
    rewrite(ledger, MEMBERSHIPS, {"year": 2021, "month": 1}, rows(ledger, MEMBERSHIPS, MARCH))
    with pytest.raises(CheckFailed) as failed:
        check(ledger)
    assert any(p.startswith("memberships: m expected once, found 2 times") for p in failed.value.problems)


def test_the_message_says_what_to_do_and_stays_short():
    text = str(CheckFailed([f"problem {n}" for n in range(50)]))
    assert text.startswith("50 values do not add up")
    assert "and 30 more" in text
    assert "python -m include aggregate" in text


@pytest.mark.parametrize(
    ("column", "value", "found"),
    [
        ("residual_high", 60, "residual_high expected 57, found 60"),
        ("explained_high", 5, "residual_low expected 56, found 57"),
        ("incidents_certain", ["gone"], "covers gone, expected in incidents, found nowhere"),
    ],
)
def test_a_claim_that_its_incidents_do_not_explain_so_is_named(ledger, column, value, found):
    lake_claims = [claim("c", 61, said="2022-04-20", since="2022-04-02")]
    ledger.write(CLAIMS, {"published_month": "2022-04"}, "b1", lake_claims)
    reconcile_year(ledger, 2022)
    assert check(ledger)["claims"] == 1
    (row,) = rows(ledger, RECONCILIATION, {"year": 2022})
    rewrite(ledger, RECONCILIATION, {"year": 2022}, [row | {column: value}])
    assert found in problem(ledger)
