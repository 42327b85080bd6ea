"""`make up`: Airflow with its UI on this machine's loopback. Ctrl-C stops all of it.

The parts (api-server, scheduler, dag-processor, triggerer) run as processes of their own, on an embedded PostgreSQL; nothing
else needs to be installed. SQLite is not used here: it locks up when mapped tasks write at once.
"""

import argparse
import json
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psutil

from include import settings
from local import database
from local.environment import HOME, PROJECT, environment, password_file, secret
from local.processes import NotUp, alone, check, left_running, log_of, start, stop, tail

USER = "admin"
PARTS = {
    "api-server": ["api-server", "--workers", "1"],
    "scheduler": ["scheduler", "--skip-serve-logs"],
    "dag-processor": ["dag-processor"],
    "triggerer": ["triggerer", "--skip-serve-logs"],
}
STARTUP_SECONDS = 180
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
WELCOME = """
  {url}   user {user}   password {password}

The DAG casualties is switched off until you start a run (Trigger) or switch it on (every six hours, from the next one on).
It reads {sources} and writes {lake}. Ctrl-C stops Airflow."""


@contextmanager
def airflow(home: Path, port: int, **variables: str) -> Iterator[tuple[str, Callable[[], None]]]:
    """Airflow's parts, running; gives the UI's URL when it answers, and a function that raises NotUp once a part has ended.

    `variables` are more environment variables, such as BADIA_LAKE. Raises NotUp with the part's log if one does not start.
    """
    url = f"http://127.0.0.1:{port}"
    with ExitStack() as stack:
        stack.enter_context(alone(home))
        stop(left_running(home, PARTS))
        for server in left_running(home, [database.NAME]):
            database.end(server)
        if _taken(port):
            raise NotUp(f"port {port} is taken on 127.0.0.1; stop what listens there, or choose another: make up PORT=8081")
        database_url = stack.enter_context(database.database(home))
        env = environment(
            home,
            database_url,
            AIRFLOW__API__HOST="127.0.0.1",
            AIRFLOW__API__PORT=str(port),
            AIRFLOW__API__BASE_URL=url,
            AIRFLOW__API__SECRET_KEY=secret(home, "api_secret"),
            AIRFLOW__API_AUTH__JWT_SECRET=secret(home, "jwt_secret"),
            AIRFLOW__CORE__EXECUTION_API_SERVER_URL=f"{url}/execution/",
            AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS=f"{USER}:admin",
            AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE=str(password_file(home, USER)),
            AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL="10",
            **variables,
        )
        migrate(env, log_of(home, "migrate"))
        running: dict[str, psutil.Popen] = {}
        stack.callback(lambda: stop(running.values()))
        for name, command in PARTS.items():
            running[name] = start(home, name, [sys.executable, "-m", "airflow", *command], env=env)
        _wait_until_healthy(url, home, running)
        yield url, lambda: check(home, running)


def migrate(env: dict[str, str], log: Path) -> None:
    """Bring the metadata database to this Airflow's schema. Raises NotUp with the end of the log."""
    with log.open("wb") as out:
        done = subprocess.run(
            [sys.executable, "-m", "airflow", "db", "migrate"],
            env=env, cwd=PROJECT, stdout=out, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
    if done.returncode:
        raise NotUp(f"airflow db migrate failed; the end of {log}:\n{tail(log)}")


def _wait_until_healthy(url: str, home: Path, running: dict[str, psutil.Popen]) -> None:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    deadline = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < deadline:
        check(home, running)
        with suppress(OSError, ValueError), direct.open(f"{url}/api/v2/monitor/health", timeout=5) as answer:
            health = json.load(answer)
            if all(health[part]["status"] == "healthy" for part in ("metadatabase", "scheduler", "dag_processor", "triggerer")):
                return
        time.sleep(0.5)
    logs = log_of(home, "scheduler").parent
    raise NotUp(f"Airflow did not answer healthy on {url} within {STARTUP_SECONDS} s; the logs of its parts are in {logs}")


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _stop_once(*_: object) -> None:
    """Stop as Ctrl-C does; while things end, another Ctrl-C would only leave some of them behind."""
    for number in STOPPING:
        signal.signal(number, signal.SIG_IGN)
    print("\nStopping ...", flush=True)
    raise KeyboardInterrupt


def main() -> int:
    """Run Airflow until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8080, help="port of the UI on 127.0.0.1")
    port = parser.parse_args().port
    for number in STOPPING:
        signal.signal(number, _stop_once)
    print("Starting Airflow; this takes up to a minute ...", flush=True)
    try:
        with airflow(HOME, port) as (url, check_parts):
            password = json.loads(password_file(HOME, USER).read_text())[USER]
            paths = {"sources": settings.sources_file(), "lake": settings.lake_root()}
            print(WELCOME.format(url=url, user=USER, password=password, **paths), flush=True)
            while True:
                check_parts()
                time.sleep(1)
    except NotUp as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
