"""What tests of several folders need: the newsroom scraped once, and Airflow with one metadata database, migrated once."""

import random
import shutil
import time
import warnings
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from demo.newsroom.server import newsroom, write_sources
from include.datasets.lake import Lake
from include.scrape.scrape import scrape_source
from include.scrape.sources import load_sources
from local.environment import HOME
from local.run import prepare, run

NOW = datetime(2023, 5, 2, 6, tzinfo=UTC)


@pytest.fixture(scope="session")
def captured(tmp_path_factory):
    """The root of a lake that holds the newsroom's pages and nothing made of them. Not to be changed."""
    root = tmp_path_factory.mktemp("captured")
    with newsroom() as sites:
        write_sources(root / "_sources.yaml", sites)
        for source in load_sources(root / "_sources.yaml").values():
            scrape_source(Lake(root), source, now=lambda: NOW, run="test", rng=random.Random(0), sleep=time.sleep)
    return root


@pytest.fixture(scope="module")
def captured_lake(captured, tmp_path_factory):
    """A lake with the newsroom's pages, for the tests of one module."""
    return Lake(shutil.copytree(captured, tmp_path_factory.mktemp("module") / "lake"))


@pytest.fixture(scope="session")
def airflow_home():
    """This process, made ready to import Airflow."""
    prepare(HOME / "test")
    with warnings.catch_warnings():
        # Airflow's own imports warn; what our code does with it must not.
        warnings.simplefilter("ignore")
        import airflow.dag_processing.dagbag  # noqa: F401
    return HOME / "test"


@pytest.fixture(scope="session")
def dags(airflow_home):
    """The project's DAGs by id."""
    from airflow.dag_processing.dagbag import DagBag

    from local.environment import PROJECT

    bag = DagBag(str(PROJECT / "dags"))
    assert bag.import_errors == {}
    return bag.dags


@pytest.fixture(scope="module")
def run_dag(airflow_home) -> Callable[..., str]:
    """A function that runs a DAG on a lake and a sources file, and gives the run's state."""

    def running(dag_id: str, *, lake, sources, **conf) -> str:
        with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            patch.setenv("BADIA_LAKE", str(lake))
            patch.setenv("BADIA_SOURCES", str(sources))
            return run(dag_id, conf)

    return running
