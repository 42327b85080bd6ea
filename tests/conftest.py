"""Airflow for the tests that need it: one metadata database, in the project's folder, migrated once."""

import warnings
from collections.abc import Callable

import pytest

from local.environment import HOME
from local.run import prepare, run


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
