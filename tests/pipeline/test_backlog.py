"""Runs that may clean and extract fewer batches than there are: the next run is called at once, as long as that helps."""

import shutil
from types import SimpleNamespace

import pytest

from include.clean import batch as clean
from include.datasets.catalogue import DOCUMENTS
from include.datasets.lake import Lake
from include.extract import batch as extract
from tests.pipeline.recorded import events, tasks


@pytest.fixture
def lake(captured, tmp_path):
    return Lake(shutil.copytree(captured, tmp_path / "lake"))


@pytest.fixture
def run(lake, run_dag, dags, monkeypatch):
    """A function that runs the DAG on what is captured, of at most some batches, and gives what it told of a backlog."""
    monkeypatch.setattr("include.scrape.live.chosen", lambda path, ids: [])
    monkeypatch.setattr("airflow.dag_processing.dagbag.DagBag", lambda folder: SimpleNamespace(dags=dags, import_errors={}))
    settings = dags["casualties"].get_task("clean.find_pending").python_callable.__globals__

    def running(most):
        monkeypatch.setitem(settings, "MOST_BATCHES", most)
        run_dag("casualties", lake=lake.root, sources=lake.full("_sources.yaml"))
        return events("casualties").get("backlog")

    return running


def test_a_run_that_left_batches_calls_the_next_and_that_one_does_the_rest(lake, run):
    batches = len(lake.files(DOCUMENTS))
    assert run(batches - 1) == {"batches": 1}
    assert len(clean.pending(lake)) == 1
    assert run(batches - 1) is None
    assert not clean.pending(lake) and not extract.pending(lake)


def test_a_run_that_got_nothing_done_calls_no_other(lake, run, monkeypatch):
    from airflow.sdk.exceptions import AirflowFailException

    def clean_batch(lake, path):
        raise AirflowFailException("not retried, for that would take a minute")

    monkeypatch.setattr(clean, "clean_batch", clean_batch)
    assert run(1) is None
    assert {state for (task, _), (state, _) in tasks("casualties").items() if task == "clean.clean_batch"} == {"failed"}
    assert len(clean.pending(lake)) == len(lake.files(DOCUMENTS))
