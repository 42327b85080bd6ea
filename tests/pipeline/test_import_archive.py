"""The newsroom's own WARC files, imported as an archive: what was reported live comes out again."""

import shutil
from datetime import UTC, datetime

import pytest

from include.aggregate.days import cover_days
from include.datasets.catalogue import ARTICLES, COVERAGE, COVERAGE_DAYS, DOCUMENTS, INCIDENTS, REPORTS
from include.datasets.lake import Lake
from include.scrape.archive.importing import Progress, import_shard, start
from include.scrape.sources import load_sources
from tests.pipeline.recorded import events
from tests.pipeline.stages import run_stages

BEGUN = datetime(2024, 1, 1, tzinfo=UTC)
SAID = ("source", "url", "sentence", "place_name", "killed_low", "killed_best", "killed_high", "injured_low", "perpetrator_id")


@pytest.fixture(scope="module")
def live(captured_lake):
    run_stages(captured_lake)
    return captured_lake


@pytest.fixture(scope="module")
def imported(live, tmp_path_factory):
    lake = Lake(tmp_path_factory.mktemp("imported") / "lake")
    sources = load_sources(live.full("_sources.yaml"))
    begun = start(lake, [live.full("warc")], now=BEGUN)
    for number in Progress(lake, begun).left:
        import_shard(lake, begun["id"], number, sources)
    run_stages(lake)
    return lake


def said(lake: Lake) -> list[tuple]:
    """What the reports say; not when, for some pages are dated by the listing that named them, which no archive has."""
    return sorted(tuple(str(row[name]) for name in SAID) for row in lake.read(REPORTS).to_pylist())


def test_every_report_of_the_live_ledger_comes_out_again(live, imported):
    assert said(imported) == said(live)
    assert len(imported.read(INCIDENTS)) >= len(live.read(INCIDENTS))


def test_pages_that_report_nothing_were_left_at_the_gate(live, imported):
    assert len(imported.read(DOCUMENTS)) < len(live.read(DOCUMENTS))


def test_the_ledger_knew_of_it_when_it_was_imported_and_not_before(imported):
    assert {row["recorded_at"] for row in imported.read(REPORTS).to_pylist()} == {BEGUN}
    assert {row["captured_at"].year for row in imported.read(ARTICLES).to_pylist()} == {2023}


def test_an_archive_that_ends_is_no_source_that_fell_silent(live, imported):
    assert len(live.read(COVERAGE)) > 0
    assert len(imported.read(COVERAGE)) == 0
    cover_days(imported)
    assert len(imported.read(COVERAGE_DAYS)) == 0


def test_the_dag_imports_and_wakes_those_who_wait_once(live, run_dag, tmp_path):
    root = tmp_path / "lake"
    shutil.copy(live.full("_sources.yaml"), tmp_path / "sources.yaml")

    def run():
        assert run_dag("import_archive", lake=root, sources=tmp_path / "sources.yaml", paths=[live.full("warc")]) == "success"
        return events("import_archive")

    told = run()
    assert told.keys() == {"documents", "backlog"}
    assert told["documents"]["rows"] == len(Lake(root).read(DOCUMENTS)) > 20
    assert run() == {}


def test_a_path_that_leads_nowhere_fails_one_task_with_words(live, run_dag, tmp_path, capfd):
    paths = [str(tmp_path / "gone.warc.gz")]
    assert run_dag("import_archive", lake=tmp_path / "lake", sources=live.full("_sources.yaml"), paths=paths) == "failed"
    said = "".join(capfd.readouterr())
    assert f"there is no file or folder '{paths[0]}'" in said
    assert said.count("Task failed with exception") == 1
