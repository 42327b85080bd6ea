"""Three runs of the DAG: the newsroom, then late articles and an analyst's split, then the split withdrawn and a file lost."""

import threading
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl
import pytest

from demo.newsroom.server import newsroom, write_sources
from include.aggregate.as_of import as_of, read
from include.aggregate.check import check
from include.aggregate.decisions import decision, record
from include.aggregate.past_tallies import tallies_as_of
from include.datasets.catalogue import INCIDENTS, MEMBERSHIPS, MONTHLY_TALLIES, REPORTS
from include.datasets.lake import Lake, partition_of


@dataclass
class Ledger:
    """What is in the lake after a run."""

    files: dict[str, bytes]
    """The files of incidents."""
    members: dict[str, str]
    """The incident of each report."""
    tallies: list[dict]
    """The rows of the tallies, in every column."""
    ended: datetime

    def months(self):
        return {month(path): content for path, content in self.files.items()}


def month(path):
    partition = partition_of(path)
    return int(partition["year"]), int(partition["month"])


def rows_of(tallies):
    return sorted(tallies.select(*MONTHLY_TALLIES.schema.names, "year").to_dicts(), key=str)


def ledger(lake):
    return Ledger(
        {path: lake.open(path).read() for path in lake.files(INCIDENTS)},
        dict(lake.frame(MEMBERSHIPS, ["report_id", "incident_id"]).iter_rows()),
        rows_of(lake.frame(MONTHLY_TALLIES)),
        datetime.now(UTC),
    )


@dataclass
class Runs:
    """The lake, what was in it after each run, and what was done between them."""

    lake: Lake
    after: list[Ledger]
    late: set[str]
    """The reports that came in the second run."""
    split: str
    """The incident that was split for the second run."""
    decision_id: str
    lost: str
    """The file that was deleted before the third run."""


@pytest.fixture(scope="module")
def runs(run_dag, tmp_path_factory):
    root = tmp_path_factory.mktemp("ledger")
    lake, late, after = Lake(root / "lake"), threading.Event(), []

    def run():
        assert run_dag("casualties", lake=lake.root, sources=root / "sources.yaml") == "success"
        after.append(ledger(lake))

    with newsroom(late) as sites:
        write_sources(root / "sources.yaml", sites)
        run()
        several = lake.frame(INCIDENTS).filter(pl.col("n_reports") > 1).sort("incident_id").row(0, named=True)
        first, *others = several["report_ids"]
        told = {"by": "analyst", "why": "two attacks"}
        apart = decision("different", [first], others, decided_at=datetime.now(UTC), **told)
        alone = lake.frame(INCIDENTS).filter(pl.col("n_reports") == 1).sort("incident_id")["report_ids"].explode()
        unsure = decision("unsure", alone[:1], alone[1:2], decided_at=datetime.now(UTC), by="analyst", why="one or two")
        record(lake, [apart, unsure])
        before = set(lake.read(REPORTS)["report_id"].to_pylist())
        late.set()
        run()
        came = set(lake.read(REPORTS)["report_id"].to_pylist()) - before
        for undone in (apart, unsure):
            record(lake, [decision("withdrawn", withdraws=undone["decision_id"], decided_at=datetime.now(UTC), **told)])
        lost = next(p for p in lake.files(INCIDENTS) if month(p) != (several["date_start"].year, several["date_start"].month))
        lake.remove(lost)
        run()
    return Runs(lake, after, came, several["incident_id"], apart["decision_id"], lost)


def revisions_of(runs, number):
    """The revisions that a run recorded."""
    since = runs.after[number - 1].ended
    return read(runs.lake).filter((pl.col("recorded_at") > since) & (pl.col("recorded_at") <= runs.after[number].ended))


def test_late_reports_and_a_decision_change_their_own_months_and_no_other(runs):
    first, second = runs.after[0].months(), runs.after[1].months()
    changed = {m for m in first.keys() | second.keys() if first.get(m) != second.get(m)}
    assert changed == set(revisions_of(runs, 1).select("year", "month").iter_rows())
    known = runs.late | {report for report, incident in runs.after[0].members.items() if incident == runs.split}
    theirs = runs.lake.frame(MEMBERSHIPS, where=pl.col("report_id").is_in(known)).select("year", "month")
    assert runs.late and changed == set(theirs.iter_rows())
    assert first.keys() - changed, "months that nothing concerns stay as they are"


def test_the_revisions_name_the_late_reports_and_the_decision_as_causes(runs):
    causes = revisions_of(runs, 1)["because"].explode().struct.unnest()
    assert runs.late <= set(causes.filter(pl.col("kind") == "report_joined")["id"])
    assert runs.decision_id in set(causes.filter(pl.col("kind") == "decision")["id"])


def test_a_split_makes_two_and_its_withdrawal_brings_the_one_back_with_its_id(runs):
    one, two, again = (ledger.members for ledger in runs.after)
    theirs = {report for report, incident in one.items() if incident == runs.split}
    assert len({two[r] for r in theirs}) > 1 and runs.split in {two[r] for r in theirs}
    assert {again[r] for r in theirs} == {runs.split}


def test_tallies_as_of_each_run_are_that_run_s_in_every_column(runs):
    first, second, third = (ledger.tallies for ledger in runs.after)
    assert any(row["silent_sources"] for row in first) and any(row["n_in_doubt"] for row in second)
    assert second not in (first, third)
    for after in runs.after:
        told = tallies_as_of(runs.lake, after.ended)
        assert (rows_of(told.tallies), told.untold, told.read_anew) == (after.tallies, [], None)


def test_tallies_as_of_the_instant_of_a_run_know_what_that_run_captured(runs):
    (recorded_at,) = revisions_of(runs, 1)["recorded_at"].unique()
    assert rows_of(tallies_as_of(runs.lake, recorded_at).tallies) == runs.after[1].tallies


def test_the_ledger_as_of_the_first_run_is_that_of_the_first_run(runs):
    stood = as_of(read(runs.lake), runs.after[0].ended)
    held = dict(stood.select("report_ids", "incident_id").explode("report_ids").iter_rows())
    assert held == runs.after[0].members


def test_a_month_that_was_deleted_comes_back_without_a_revision(runs):
    assert runs.after[2].files[runs.lost] == runs.after[1].files[runs.lost]
    assert month(runs.lost) not in set(revisions_of(runs, 2).select("year", "month").iter_rows())


def test_the_ledger_adds_up_after_all_that(runs):
    assert check(runs.lake, whole=True)["reports"] == len(runs.after[2].members)
