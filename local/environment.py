"""The environment in which Airflow runs on this machine. Everything it keeps is under one home folder in the project."""

import json
import os
import secrets
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
HOME = PROJECT / ".airflow"


def environment(home: Path, database: str, **settings: str) -> dict[str, str]:
    """This process's environment with what Airflow needs to run from `home` on the database URL `database`.

    `settings` are more variables, such as BADIA_LAKE. Airflow's variables of the outside are left out: they belong to
    another installation.
    """
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("AIRFLOW")}
    path = os.pathsep.join([str(PROJECT), *filter(None, [os.environ.get("PYTHONPATH")])])
    # Airflow's tasks talk to its server on this machine, never through the proxy of a company.
    direct = ",".join(filter(None, [os.environ.get("NO_PROXY") or os.environ.get("no_proxy"), "127.0.0.1"]))
    return (
        inherited
        | {
            "NO_PROXY": direct,
            "no_proxy": direct,
            "AIRFLOW_HOME": str(home),
            "PYTHONPATH": path,
            "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT / "dags"),
            "AIRFLOW__CORE__PLUGINS_FOLDER": str(PROJECT / "plugins"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
            "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
            # LocalExecutor starts up to 32 workers by default, each a whole Airflow process. Scraping waits more than it works.
            "AIRFLOW__CORE__PARALLELISM": str(max(4, os.cpu_count() or 4)),
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": database,
            "AIRFLOW__DATABASE__LOAD_DEFAULT_CONNECTIONS": "False",
            "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(home / "logs"),
            "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
        }
        | settings
    )


def secret(home: Path, name: str) -> str:
    """A random secret kept in `home` for its owner alone; made at the first call."""
    path = home / name
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(secrets.token_hex(48))
    return path.read_text()


def password_file(home: Path, user: str) -> Path:
    """The file of the UI's passwords, with one made for `user` at the first call."""
    path = home / "passwords.json"
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            json.dump({user: secrets.token_urlsafe(12)}, out)
    return path
