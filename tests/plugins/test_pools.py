"""One pool per host."""

import pytest
import yaml

HOSTS = {"a": "one.example", "b": "two.example", "c": "one.example", "d": "three.example:8080"}


@pytest.fixture
def sources(tmp_path, monkeypatch):
    entry = {"outlet": "O", "kind": "agency", "languages": ["en"], "listing": {"feed": "/feed"}}
    entries = [entry | {"id": name, "base_url": f"https://{host}/"} for name, host in HOSTS.items()]
    path = tmp_path / "sources.yaml"
    path.write_text(yaml.safe_dump({"sources": entries}))
    monkeypatch.setenv("BADIA_SOURCES", str(path))
    return path


@pytest.fixture
def pools_of(airflow_home, sources):
    """A function that gives the pool of each mapped task of a run, and the slots of the pools that are there then."""
    from airflow.models.dagrun import DagRun
    from airflow.models.pool import Pool
    from airflow.settings import task_instance_mutation_hook
    from airflow.utils.session import create_session

    class TaskInstance:
        pool = "default_pool"

        def __init__(self, task_id, map_index):
            self.task_id, self.map_index = task_id, map_index

    def pools_of(conf, task_id="scrape.scrape_source"):
        with create_session() as session:
            run = DagRun(dag_id="casualties", run_id="r", conf=conf, run_type="manual")
            session.add(run)
            tasks = [TaskInstance(task_id, index) for index in range(-1, len(HOSTS))]
            with session.no_autoflush:
                for task in tasks:
                    task_instance_mutation_hook(task, dag_run=run)
                slots = {
                    pool.pool: pool.slots for pool in (*Pool.get_pools(session=session), *session.new) if hasattr(pool, "slots")
                }
            session.rollback()
        return [task.pool for task in tasks], slots

    return pools_of


def test_sources_of_one_host_share_a_pool_of_one_slot(pools_of):
    pools, slots = pools_of({})
    assert pools == ["default_pool", "host_one.example", "host_two.example", "host_one.example", "host_three.example_8080"]
    assert {slots[pool] for pool in pools[1:]} == {1}


def test_the_sources_that_a_run_is_for_are_counted_as_the_run_counts_them(pools_of):
    pools, _ = pools_of({"sources": ["d", "c"]})
    assert pools[1:] == ["host_one.example", "host_three.example_8080", "default_pool", "default_pool"]


def test_other_tasks_are_left_alone(pools_of):
    assert set(pools_of({}, "clean.clean_batch")[0]) == {"default_pool"}


def test_a_broken_sources_file_does_not_break_the_scheduler(pools_of, sources):
    sources.write_text("sources: [")
    assert set(pools_of({})[0]) == {"default_pool"}
