"""The processes that `make up` starts: each in a session of its own with its log, and all of them stopped again.

What a process has started itself (workers, parsers, tasks) goes with it. A file per process remembers it, so that the next
`make up` stops what an earlier one left running when it was killed.
"""

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil

from local.environment import PROJECT

PATIENCE_SECONDS = 10


class NotUp(RuntimeError):
    """A part of Airflow did not start, or ended by itself."""


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Hold `home` for this process. Raises NotUp if another one holds it."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise NotUp(f"Airflow is already up in {home} (process {lock.read()}); stop that one first") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def log_of(home: Path, name: str) -> Path:
    """Where the output of a process goes."""
    return home / "parts" / f"{name}.log"


def start(home: Path, name: str, command: Sequence[str], **options: Any) -> psutil.Popen:
    """Start a process with its log in `home`. `options` are those of subprocess.Popen."""
    log = log_of(home, name)
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as out:
        process = psutil.Popen(
            command,
            cwd=PROJECT,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **options,
        )
    log.with_suffix(".pid").write_text(f"{process.pid} {process.create_time()}")
    return process


def check(home: Path, running: dict[str, psutil.Popen]) -> None:
    """Raise NotUp, with the end of its log, if a process has ended."""
    for name, process in running.items():
        if process.poll() is not None:
            raise NotUp(
                f"{name} ended with status {process.returncode}; the end of {log_of(home, name)}:\n{tail(log_of(home, name))}"
            )


def stop(processes: Iterable[psutil.Process]) -> None:
    """Ask processes and all that they have started to end, wait for them, and kill what is left."""
    processes = list(processes)
    family = _family(processes)
    for process in family:
        with suppress(psutil.NoSuchProcess):
            process.terminate()
    wait(family)
    for process in [*family, *_family(processes)]:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    for process in processes:
        # Orphans of a process that had died by itself. macOS says PermissionError where only zombies are left.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    psutil.wait_procs(processes, timeout=PATIENCE_SECONDS)


def wait(processes: Iterable[psutil.Process]) -> None:
    """Wait until processes have ended, but not for longer than one is patient."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while any(map(_alive, processes)) and time.monotonic() < deadline:
        time.sleep(0.05)


def left_running(home: Path, names: Iterable[str]) -> list[psutil.Process]:
    """Those of the named processes that were started in `home` earlier and still run."""
    found = []
    for name in names:
        file = log_of(home, name).with_suffix(".pid")
        with suppress(FileNotFoundError, psutil.NoSuchProcess):
            pid, created = file.read_text().split()
            process = psutil.Process(int(pid))
            # The number may have gone to another process since; the time at which it started tells. Clocks get set: 5 s.
            if abs(process.create_time() - float(created)) < 5:
                found.append(process)
    return found


def tail(log: Path, lines: int = 25) -> str:
    """The last lines of a log."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def _family(processes: Iterable[psutil.Process]) -> list[psutil.Process]:
    family = []
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            family += [process, *process.children(recursive=True)]
    return family


def _alive(process: psutil.Process) -> bool:
    """Whether a process runs; one that has ended and waits for its parent to notice does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
