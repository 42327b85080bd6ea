from datetime import timedelta

import pytest

from include.aggregate.check import CheckFailed, check
from include.aggregate.decisions import decision, record
from include.aggregate.doubts import weigh_doubts
from include.datasets.catalogue import DOUBTS, MONTHLY_TALLIES
from tests.aggregate.factory import ISIS, PALMYRA, killed, on, report
from tests.aggregate.ledger import NOW, aggregate, contents, write_reports

MARCH = report("m", killed(3), ISIS, PALMYRA, on("2022-03-30"), published="2022-03-31")
APRIL = [report("a", killed(6), ISIS), report("b", killed(6), ISIS, published="2022-04-12")]
OTHER = report("x", killed(1), on("2021-01-08"), published="2021-01-09")
UNSURE = decision("unsure", ["m"], ["a", "b"], by="Rana", why="one bus or two", decided_at=NOW - timedelta(days=1))
BACK = decision("withdrawn", withdraws=UNSURE["decision_id"], by="Rana", why="two units", decided_at=NOW)


@pytest.fixture
def ledger(lake):
    write_reports(lake, "b1", MARCH, *APRIL, OTHER)
    aggregate(lake)
    return lake


def test_a_doubt_is_written_by_the_older_incident_and_tallied_where_it_matters(ledger):
    record(ledger, [UNSURE])
    assert aggregate(ledger) == ([], [2022]), "no incident changes, and one year's tallies do"
    assert ledger.files(DOUBTS) == ["doubts/year=2022/month=3/doubts.parquet"]
    tallies = {r["month"]: r for r in ledger.read(MONTHLY_TALLIES).to_pylist() if r["year"] == 2022}
    shown = {
        month: [row[c] for c in ("n_in_doubt", "killed_best", "killed_doubt_low", "killed_doubt_high")]
        for month, row in tallies.items()
    }
    assert shown == {3: [1, 3, -3, 0], 4: [1, 6, 0, 0]}
    check(ledger)


def test_a_doubt_that_is_withdrawn_leaves_the_lake_as_it_was(ledger):
    before = {p: b for p, b in contents(ledger).items() if p.startswith(("doubts", "monthly_tallies", "incidents"))}
    record(ledger, [UNSURE])
    aggregate(ledger)
    record(ledger, [BACK])
    assert aggregate(ledger) == ([], [2022])
    assert {p: b for p, b in contents(ledger).items() if p.startswith(("doubts", "monthly_tallies", "incidents"))} == before


def test_weighing_again_writes_nothing(ledger):
    record(ledger, [UNSURE])
    assert weigh_doubts(ledger) == {"counts": {"doubts": 1}}
    assert weigh_doubts(ledger) == {"counts": {"doubts": 0}}


def test_a_file_of_doubts_deleted_by_hand_comes_back(ledger):
    record(ledger, [UNSURE])
    aggregate(ledger)
    before = contents(ledger)
    ledger.remove(ledger.files(DOUBTS)[0])
    aggregate(ledger)
    assert contents(ledger) == before


def test_without_open_questions_no_report_is_read(ledger, monkeypatch):
    monkeypatch.setattr("include.aggregate.doubts.Ledger", None)
    assert weigh_doubts(ledger) == {"counts": {"doubts": 0}}


@pytest.mark.parametrize("change", [{"killed_doubt_low": 1}, {"n_in_doubt": 0}])
def test_a_tally_whose_doubt_is_not_that_of_the_doubts_is_named(ledger, change):
    record(ledger, [UNSURE])
    aggregate(ledger)
    rows = [{k: v for k, v in r.items() if k != "year"} for r in ledger.read(MONTHLY_TALLIES).to_pylist() if r["year"] == 2022]
    rows[0] |= change
    ledger.write(MONTHLY_TALLIES, {"year": 2022}, "monthly_tallies", rows)
    (column,) = change
    with pytest.raises(CheckFailed, match=f"{column} expected"):
        check(ledger)


def test_a_doubt_that_outlived_its_tallies_is_named(ledger):
    record(ledger, [UNSURE])
    weigh_doubts(ledger)
    with pytest.raises(CheckFailed, match="n_in_doubt expected 1, found 0"):
        check(ledger)
