"""One run of a DAG in this process, task after task, without a scheduler: `python -m local.run casualties`.

The metadata database is a SQLite file: one process writes to it, which is what SQLite is good at.
"""

import argparse
import json
import os
import sys
from pathlib import Path

from local.environment import HOME, PROJECT, environment
from local.processes import NotUp
from local.up import migrate


def prepare(home: Path) -> None:
    """Make this process one that can run Airflow from `home`: its environment and its metadata database.

    Call it before anything of Airflow is imported. Raises NotUp if the database cannot be made.
    """
    database = home / "airflow.db"
    env = environment(home, f"sqlite:///{database}")
    home.mkdir(parents=True, exist_ok=True)
    done = home / "migrated"
    lock = (PROJECT / "requirements.txt").read_text()
    if not (database.exists() and done.exists() and done.read_text() == lock):
        migrate(env, home / "migrate.log")
        done.write_text(lock)
    os.environ.update(env)


def run(dag_id: str, conf: dict) -> str:
    """Run a DAG of the project and return the state of the run: success or failed. Raises KeyError for an unknown DAG."""
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(str(PROJECT / "dags"))
    if bag.import_errors:
        raise RuntimeError(f"DAG files do not import: {bag.import_errors}")
    return str(bag.dags[dag_id].test(run_conf=conf).state)


def main() -> int:
    """Run a DAG; 1 if the run failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dag_id")
    parser.add_argument("--conf", type=json.loads, default={}, help="the run's parameters as a JSON object")
    parser.add_argument("--home", type=Path, default=HOME / "run", help="where Airflow keeps its files")
    args = parser.parse_args()
    try:
        prepare(args.home)
    except NotUp as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0 if run(args.dag_id, args.conf) == "success" else 1


if __name__ == "__main__":
    sys.exit(main())
