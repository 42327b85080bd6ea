import shutil
import signal
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest

from include.aggregate import memberships, months, years
from include.aggregate.memberships import resolve_reports
from include.aggregate.months import aggregate_month, changed_months
from include.aggregate.years import changed_years, tally_year
from include.datasets import batches
from include.datasets.catalogue import ARTICLES, INCIDENTS, MONTHLY_TALLIES
from tests.aggregate.factory import ISIS, PALMYRA, injured, killed, on, report
from tests.aggregate.ledger import NOW, aggregate, contents, write_reports
from tests.aggregate.power import cut_off

LATER = NOW + timedelta(days=30)
APRIL = report("a", killed(4), ISIS)
MARCH = report("m", PALMYRA, killed(2), on("2022-03-08"), published="2022-03-09")
LATE = report("late", PALMYRA, killed(7), on("2022-03-20"), published="2022-04-26")
UNDATED = report("u", killed(2, 2, None), dict.fromkeys(on("2022-04-10")), published=None)


def test_months_and_years_are_written_and_then_nothing_is_left_to_do(lake):
    write_reports(lake, "b1", APRIL, MARCH, UNDATED)
    assert aggregate(lake) == ([(0, 0), (2022, 3), (2022, 4)], [0, 2022])
    assert aggregate(lake) == ([], [])
    assert lake.files(INCIDENTS) == [
        "incidents/year=0/month=0/incidents.parquet",
        "incidents/year=2022/month=3/incidents.parquet",
        "incidents/year=2022/month=4/incidents.parquet",
    ]
    assert lake.files(MONTHLY_TALLIES) == [f"monthly_tallies/year={y}/monthly_tallies.parquet" for y in (0, 2022)]


def test_a_task_says_what_it_did(lake):
    write_reports(lake, "b1", APRIL, MARCH)
    assert resolve_reports(lake) == {"counts": {"memberships": 2, "narrowed": 0, "candidate_pairs": 0}}
    counts = {"incidents": 1, "reports": 1, "revisions": 1}
    assert aggregate_month(lake, (2022, 4), NOW) == {"month": [2022, 4], "counts": counts}
    assert tally_year(lake, 2022) == {"year": 2022, "counts": {"tallies": 1, "incidents": 1}}


def test_an_empty_lake_has_nothing_to_do(lake):
    assert aggregate(lake) == ([], [])


def test_running_again_writes_the_same_bytes(lake):
    write_reports(lake, "b1", APRIL, MARCH, UNDATED)
    aggregate(lake)
    before = contents(lake)
    for month in ((2022, 3), (2022, 4), (0, 0)):
        aggregate_month(lake, month, LATER)
    tally_year(lake, 2022)
    assert contents(lake) == before


def test_a_late_report_changes_its_own_month_and_no_other(lake):
    write_reports(lake, "b1", APRIL, MARCH)
    aggregate(lake)
    april = contents(lake)["incidents/year=2022/month=4/incidents.parquet"]
    write_reports(lake, "b2", LATE)
    assert aggregate(lake) == ([(2022, 3)], [2022])
    assert contents(lake)["incidents/year=2022/month=4/incidents.parquet"] == april
    march = lake.read(MONTHLY_TALLIES).to_pandas().set_index("month").loc[3]
    assert (march["n_incidents"], march["killed_best"]) == (2, 9)


def test_batches_in_another_order_give_the_same_bytes(lake, tmp_path):
    other = type(lake)(tmp_path / "other")
    for batch, row in enumerate([APRIL, MARCH, LATE]):
        write_reports(lake, f"b{batch}", row)
        aggregate(lake)
    write_reports(other, "x", LATE, APRIL, MARCH)
    aggregate(other)
    described = ("incidents/", "monthly_tallies/")
    assert {p: b for p, b in contents(lake).items() if p.startswith(described)} == {
        p: b for p, b in contents(other).items() if p.startswith(described)
    }


def test_an_incident_whose_date_moves_leaves_its_old_month(lake):
    write_reports(lake, "b1", APRIL, MARCH)
    aggregate(lake)
    write_reports(lake, "b1", APRIL | on("2022-03-31", "2022-04-02", 2), MARCH)
    assert aggregate(lake) == ([(2022, 3), (2022, 4)], [2022])
    assert lake.files(INCIDENTS) == ["incidents/year=2022/month=3/incidents.parquet"]
    assert lake.read(INCIDENTS).num_rows == 2
    assert aggregate(lake) == ([], [])


def test_the_last_incident_of_a_year_takes_its_tallies_with_it(lake):
    write_reports(lake, "b1", APRIL, report("x", killed(1), on("2021-12-30"), published="2022-01-02"))
    aggregate(lake)
    lake.remove("reports/published_month=2022-01/b1.parquet")
    assert aggregate(lake) == ([(2021, 12)], [2021])
    assert lake.files(MONTHLY_TALLIES) == ["monthly_tallies/year=2022/monthly_tallies.parquet"]


@pytest.mark.parametrize("dataset", [INCIDENTS, MONTHLY_TALLIES])
def test_a_file_deleted_by_hand_comes_back(lake, dataset):
    write_reports(lake, "b1", APRIL, MARCH)
    aggregate(lake)
    before = contents(lake)
    lake.remove(lake.files(dataset)[0])
    aggregate(lake)
    assert contents(lake) == before


def test_a_new_version_of_the_rules_aggregates_everything_anew(lake, monkeypatch):
    write_reports(lake, "b1", APRIL, MARCH)
    aggregate(lake)
    for module in (memberships, months, years):
        monkeypatch.setattr(module, "VERSION", "another")
    assert aggregate(lake) == ([(2022, 3), (2022, 4)], [2022])


def test_a_file_that_was_left_without_its_record_is_noticed(lake):
    write_reports(lake, "b1", APRIL, MARCH)
    aggregate(lake)
    lake.remove(batches.record_path("aggregate", "2022-03"))
    lake.remove("reports/published_month=2022-03/b1.parquet")
    assert aggregate(lake) == ([(2022, 3)], [2022])
    assert lake.files(INCIDENTS) == ["incidents/year=2022/month=4/incidents.parquet"]


def test_the_record_of_a_month_that_lost_its_reports_and_its_file_goes(lake):
    write_reports(lake, "b1", APRIL, MARCH)
    aggregate(lake)
    lake.remove("reports/published_month=2022-03/b1.parquet")
    lake.remove("incidents/year=2022/month=3/incidents.parquet")
    assert aggregate(lake) == ([(2022, 3)], [2022])
    assert list(batches.records(lake, "aggregate")) == ["2022-04"]


def test_an_article_captured_twice_gives_its_report_once(lake):
    write_reports(lake, "b1", APRIL)
    write_reports(lake, "b2", APRIL | {"published_on": date(2022, 4, 12)} | killed(5))
    aggregate(lake)
    (incident,) = lake.read(INCIDENTS).to_pylist()
    assert (incident["killed_best"], incident["n_reports"], incident["last_published_on"]) == (5, 1, date(2022, 4, 12))


def test_which_capture_stands_does_not_depend_on_file_names(lake, tmp_path):
    other = type(lake)(tmp_path / "other")
    one, two = APRIL, APRIL | killed(5)
    for target, first, second in ((lake, one, two), (other, two, one)):
        write_reports(target, "b1", first)
        write_reports(target, "b2", second)
        aggregate(target)
    assert lake.read(INCIDENTS) == other.read(INCIDENTS)


ARTICLE = {"source": "s", "captured_at": APRIL["recorded_at"], "clean_outcome": "cleaned"}


def test_copies_of_one_text_are_one_origin(lake):
    copied = report("b", killed(4), ISIS)
    write_reports(lake, "b1", APRIL, copied, report("c", killed(4), ISIS))
    texts = {APRIL["article_id"]: range(64), copied["article_id"]: range(64), "article of c": range(900, 964)}
    rows = [ARTICLE | {"article_id": a, "document_id": f"d {a}", "fingerprint": list(f)} for a, f in texts.items()]
    lake.write(ARTICLES, {"published_month": "2022-04"}, "b1", rows)
    aggregate(lake)
    (incident,) = lake.read(INCIDENTS).to_pylist()
    assert (incident["n_outlets"], incident["n_independent_origins"], incident["grading"]) == (3, 2, "fair")


def test_an_agency_is_the_origin_of_what_others_take_from_it(lake):
    cited = {"monitor": "a health official"}
    write_reports(lake, "b1", report("a", killed(4), cited, outlet="Wire"), report("b", killed(4), cited, outlet="Gazette"))
    row = ARTICLE | {"article_id": "article of b", "document_id": "d", "syndicated_from": "Wire"}
    lake.write(ARTICLES, {"published_month": "2022-04"}, "b1", [row])
    aggregate(lake)
    (incident,) = lake.read(INCIDENTS).to_pylist()
    assert incident["origins"] == ["Wire"]


# --- pulling the power -------------------------------------------------------------------------------------------------


@pytest.fixture
def changed(lake):
    """A lake that has been aggregated and then got a changed, a new and no longer one of its reports."""
    write_reports(lake, "b1", APRIL, MARCH)
    aggregate(lake)
    write_reports(lake, "b1", APRIL | injured(3), report("x", killed(1), on("2022-05-02"), published="2022-05-03"))
    lake.remove("reports/published_month=2022-03/b1.parquet")
    return lake


def copy_of(lake, path):
    shutil.copytree(lake.root, path)
    return type(lake)(path)


def test_cut_off_at_any_write_and_run_again_leaves_the_same_bytes(changed, tmp_path):
    cuts = cut_off(aggregate, changed, tmp_path)
    for lake in cuts:
        aggregate(lake)
        assert contents(lake) == contents(changed)
        assert changed_months(lake) == changed_years(lake) == []
    assert len(cuts) > 15


_KILLED = """
import itertools, os, signal, sys
from include.datasets.lake import Lake
from tests.aggregate.ledger import aggregate

stop_at, steps = int(sys.argv[1]), itertools.count(1)


def killing(real):
    def call(*args, **more):
        if next(steps) == stop_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **more)

    return call


for name in ("fsync", "replace", "remove", "unlink"):
    setattr(os, name, killing(getattr(os, name)))
aggregate(Lake(sys.argv[2]))
"""


@pytest.mark.parametrize("stop_at", [3, 8, 20])
def test_killed_and_run_again_leaves_the_same_bytes(changed, tmp_path, stop_at):
    undisturbed = copy_of(changed, tmp_path / "undisturbed")
    aggregate(undisturbed)
    root = Path(__file__).parents[2]
    run = subprocess.run([sys.executable, "-c", _KILLED, str(stop_at), changed.root], cwd=root, check=False)
    assert run.returncode == -signal.SIGKILL
    aggregate(changed)
    left_behind = {p for p in contents(changed) if Path(p).name.startswith(".")}
    assert {p: b for p, b in contents(changed).items() if p not in left_behind} == contents(undisturbed)
