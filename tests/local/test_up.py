"""`make up`'s own parts: its database, its hold on the home folder, and that it leaves nothing running."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import pytest

from local import database
from local.environment import PROJECT, environment
from local.processes import NotUp, alone, check, left_running, start, stop
from local.up import airflow

SLEEP = [sys.executable, "-c", "import time; print('asleep', flush=True); time.sleep(600)"]
PARENT = [
    sys.executable,
    "-c",
    "import signal, subprocess, sys, time\n"
    "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
    "print(subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']).pid, flush=True)\n"
    "time.sleep(600)\n",
]


@pytest.fixture
def home():
    """A folder, not in pytest's: each session that starts locks others out of that, and PostgreSQL under root is another."""
    with tempfile.TemporaryDirectory(prefix="badia-test-") as folder:
        yield Path(folder)


def running(pid):
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def first_line(log, seconds=10):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if (text := log.read_text()).endswith("\n"):
            return text.splitlines()[0]
        time.sleep(0.05)
    raise AssertionError(f"{log} stayed empty")


@pytest.mark.parametrize("folder", ["a folder with spaces", "long/" * 30], ids=["spaces", "long"])
def test_the_database_answers_on_a_socket_of_its_owners_alone(home, folder):
    import psycopg2

    with database.database(home / folder) as url:
        sockets = Path(url.split("host=")[1])
        assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
        server = psutil.Process(int((home / folder / "postgres" / "postmaster.pid").read_text().splitlines()[0]))
        assert not server.net_connections("inet")
        connection = psycopg2.connect(user="postgres", dbname="postgres", host=str(sockets))
        connection.close()
    assert not server.is_running() and not sockets.exists()


def test_a_database_that_was_cut_off_while_it_was_made_is_made_again(home):
    (home / "postgres.new").mkdir()
    (home / "postgres.new" / "PG_VERSION").write_text("18\n")
    with database.database(home):
        assert (home / "postgres" / "postmaster.pid").exists()


def test_a_database_that_cannot_start_says_why_and_what_may_be_deleted(home):
    (home / "postgres").mkdir(mode=0o700)
    with pytest.raises(NotUp, match=r"(?s)database ended with status.*delete .*postgres"), database.database(home):
        pass


def test_a_folder_is_held_by_one_process_at_a_time(home):
    with alone(home), pytest.raises(NotUp, match=rf"already up in .*process {os.getpid()}"), alone(home):
        pass
    with alone(home):
        pass


def test_a_taken_port_is_named_with_what_to_do(home):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(NotUp, match=rf"port {port} is taken.*make up PORT="), airflow(home, port):
            pass


def test_a_process_that_ended_is_named_with_the_end_of_its_log(home):
    process = start(home, "short", [sys.executable, "-c", "print('out of luck'); raise SystemExit(3)"])
    process.wait(10)
    with pytest.raises(NotUp, match=r"(?s)short ended with status 3.*out of luck"):
        check(home, {"short": process})


def test_stopping_ends_a_process_that_will_not_and_what_it_started(home, monkeypatch):
    monkeypatch.setattr("local.processes.PATIENCE_SECONDS", 1)
    process = start(home, "stubborn", PARENT)
    child = int(first_line(home / "parts" / "stubborn.log"))
    assert running(process.pid) and running(child)
    stop([process])
    assert not running(process.pid)
    gone = time.monotonic() + 5
    while running(child) and time.monotonic() < gone:
        time.sleep(0.05)
    assert not running(child)


def test_what_a_killed_one_left_running_is_found_and_only_that(home):
    script = (
        "import os, signal; from pathlib import Path; from local.processes import start\n"
        f"start(Path({str(home)!r}), 'orphan', {SLEEP!r}); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    env = environment(home, "sqlite://")
    killed = subprocess.run([sys.executable, "-c", script], cwd=PROJECT, env=env, check=False)
    assert killed.returncode == -signal.SIGKILL
    # A number that now belongs to another process, this one.
    (home / "parts" / "other.pid").write_text(f"{os.getpid()} 1000000000.0")
    (orphan,) = left_running(home, ["orphan", "other", "never started"])
    assert orphan.cmdline()[-1] == SLEEP[-1]
    stop([orphan])
    assert not left_running(home, ["orphan"])
