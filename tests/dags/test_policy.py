"""What every DAG of the project must be like."""

import ast
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from include.scrape.sources import SOURCE_ID

PROJECT = Path(__file__).parents[2]
FILES = sorted((PROJECT / "dags").glob("*.py"))


def test_every_dag_says_what_it_is_whose_it_is_and_what_it_is_about(dags):
    for dag in dags.values():
        assert dag.doc_md and "badia" in dag.tags and not dag.catchup
        for name in dag.params:
            param = dag.params.get_param(name)
            assert param.description and param.schema.get("type"), f"{dag.dag_id}: parameter {name}"


def test_every_task_is_documented_owned_and_bounded(dags):
    for dag in dags.values():
        for task in dag.tasks:
            assert task.owner == "badia" and task.execution_timeout <= timedelta(hours=1), task.task_id
            assert task.partial_kwargs["doc_md"] if task.is_mapped else task.doc_md, task.task_id


def test_tasks_that_meet_the_outside_world_are_retried_with_exponential_backoff(dags):
    task = dags["casualties"].get_task("scrape.scrape_source")
    assert task.retries >= 2 and task.retry_exponential_backoff and task.max_retry_delay <= timedelta(minutes=10)


def test_the_four_stages_are_the_task_groups(dags):
    groups = dags["casualties"].task_group.get_task_group_dict()
    assert {"scrape", "clean", "extract", "aggregate"} <= set(groups)


def test_each_dataset_is_an_asset_that_one_task_publishes(dags):
    from include.datasets.catalogue import CATALOGUE

    published = [asset.name for task in dags["casualties"].tasks for asset in task.outlets]
    expected = {*CATALOGUE, "backlog"} - {"decisions"}
    assert sorted(published) == sorted(expected), "decisions are written by people, not by the pipeline"


def test_casualties_is_woken_by_a_backlog_only_and_by_none_of_its_datasets(dags):
    assert dags["casualties"].timetable.asset_condition.name == "backlog"
    publishers = {
        (d.dag_id, t.task_id) for d in dags.values() for t in d.tasks for asset in t.outlets if asset.name == "backlog"
    }
    assert publishers == {("casualties", "go_on"), ("import_archive", "publish")}


def test_a_run_takes_no_more_batches_than_airflow_maps(dags):
    from airflow.configuration import conf

    find_pending = dags["casualties"].get_task("clean.find_pending").python_callable
    assert find_pending.__globals__["MOST_BATCHES"] <= conf.getint("core", "max_map_length")


@pytest.mark.parametrize("file", FILES, ids=[f.stem for f in FILES])
def test_a_dag_file_is_wiring_only(file):
    """Heavy imports stay inside of tasks; a task's body has no loops, tries excepted, of its own making."""
    heavy = {"pandas", "pyarrow", "trafilatura", "httpx2", "spacy", "duckdb", "polars"}
    script = (
        "import sys, warnings; warnings.simplefilter('ignore')\n"
        "import airflow.sdk, airflow.sdk.exceptions, importlib.util as u, time\n"
        "for name in airflow.sdk.__all__: getattr(airflow.sdk, name, None)\n"
        "before = set(sys.modules)\n"
        "start = time.process_time()\n"
        "spec = u.spec_from_file_location('dag_file', sys.argv[1]); spec.loader.exec_module(u.module_from_spec(spec))\n"
        "print(time.process_time() - start, *sorted({m.split('.')[0] for m in set(sys.modules) - before}))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(file)], cwd=PROJECT, capture_output=True, text=True, check=True,
        env={"PYTHONPATH": str(PROJECT), "AIRFLOW_HOME": str(PROJECT / ".airflow" / "test"), "PATH": ""},
    )  # fmt: skip
    seconds, *imported = done.stdout.splitlines()[-1].split()
    assert not heavy & set(imported)
    assert float(seconds) < 1


def test_include_imports_no_airflow():
    for file in (PROJECT / "include").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [n for n in names if n.split(".")[0] == "airflow"], file


def test_what_airflow_renders_as_markdown_is_what_the_dag_files_say_and_nothing_else(dags):
    said = " ".join("".join(file.read_text() for file in FILES).split())
    for dag in dags.values():
        docs = [dag.doc_md, dag.description, *(dag.params.get_param(name).description for name in dag.params)]
        docs += [task.partial_kwargs["doc_md"] if task.is_mapped else task.doc_md for task in dag.tasks]
        for words in docs:
            assert " ".join(words.split()) in said, words
        for name in dag.params:
            examples = dag.params.get_param(name).schema.get("examples", [])
            assert all(re.fullmatch(SOURCE_ID, example) for example in examples)
