"""A disk that fails or dies at the n-th thing that the lake asks of it, as SQLite tests its own commits.

What counts as a thing: creating a folder, opening a file, writing, syncing, renaming, deleting. A disk that died does nothing
more: the cleaning up that follows an error does not happen either, as after a power cut.
"""

import builtins
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from include.datasets import lake


class PowerCut(BaseException):
    """The machine is dead from here on."""


def fails(number: int) -> Callable[[], None]:
    """The thing asked for fails with an error of the operating system; the next one works."""

    def fault() -> None:
        raise OSError(number, os.strerror(number))

    return fault


def dies() -> None:
    """The machine dies."""
    raise PowerCut


def is_killed() -> None:
    """The process is killed, for real."""
    os.kill(os.getpid(), signal.SIGKILL)


class Disk:
    """Passes on what the lake asks of the operating system, until thing number `at` (from 0) comes to pass.

    `done` are the things that were done, by name. What a power cut may undo is known too: bytes that were not synced, and names
    in folders that were not.
    """

    def __init__(self, at: int | None, fault: Callable[[], None] = dies):
        self._at = at
        self._fault = fault
        self._dead = False
        self.done: list[str] = []
        self._synced: dict[str, int] = {}  # bytes of a file that are on the platter, by path
        self._loose: dict[str, dict[str, bytes | None]] = {}  # by folder: its names that are not, and what they meant before
        self._folders: dict[int, str] = {}

    @contextmanager
    def below(self) -> Iterator["Disk"]:
        """Put the disk below the lake for a while."""
        with mock.patch.object(lake, "os", self), mock.patch.object(lake, "open", self._open_file, create=True):
            yield self

    def step(self, name: str) -> None:
        """One thing asked for. Raises what the fault raises."""
        if self._dead:
            raise PowerCut
        if len(self.done) == self._at:
            self.done.append(f"{name} failed")
            try:
                self._fault()
            except PowerCut:
                self._dead = True
                raise
        self.done.append(name)

    def lose(self, names_too: bool) -> None:
        """What the power cut undoes: bytes that were not synced, and with `names_too` changes of folders that were not."""
        for path, size in self._synced.items():
            if os.path.exists(path):
                os.truncate(path, size)
        if names_too:
            for folder, names in self._loose.items():
                for name, before in names.items():
                    path = f"{folder}/{name}"
                    if os.path.isdir(path):
                        os.rename(path, f"{path}.lost")  # what it held went with it
                    elif before is None:
                        if os.path.exists(path):
                            os.unlink(path)
                    else:
                        with builtins.open(path, "wb") as out:
                            out.write(before)

    @property
    def all_is_safe(self) -> bool:
        """Whether a power cut now would undo nothing."""
        return not any(self._loose.values()) and all(
            size == os.path.getsize(path) for path, size in self._synced.items() if os.path.exists(path)
        )

    # -- what the lake asks for -------------------------------------------------------------------------------------

    def __getattr__(self, name: str) -> Any:
        return getattr(os, name)

    def mkdir(self, path: str) -> None:
        self.step("mkdir")
        os.mkdir(path)
        self._change(path, None)

    def _open_file(self, path: str, mode: str) -> "_File":
        self.step("open")
        before = _bytes(path)
        out = _File(builtins.open(path, mode), self)  # noqa: SIM115  (whoever asked for it closes it)
        self._change(path, before)
        self._synced[path] = 0
        return out

    def open(self, path: str, flags: int) -> int:
        self.step("open folder")
        number = os.open(path, flags)
        self._folders[number] = path
        return number

    def close(self, number: int) -> None:
        del self._folders[number]
        os.close(number)

    def fsync(self, number: int) -> None:
        if number in self._folders:
            self.step("sync folder")
            os.fsync(number)
            self._loose.pop(self._folders[number], None)
            return
        self.step("sync")
        os.fsync(number)
        path = os.readlink(f"/proc/self/fd/{number}")
        self._synced[path] = os.path.getsize(path)

    def replace(self, source: str, target: str) -> None:
        self.step("rename")
        before = _bytes(target)
        os.replace(source, target)
        self._synced[target] = self._synced.pop(source)
        self._loose.get(os.path.dirname(source), {}).pop(os.path.basename(source), None)
        self._change(target, before)

    def unlink(self, path: str) -> None:
        self.step("delete")
        os.unlink(path)

    def _change(self, path: str, before: bytes | None) -> None:
        self._loose.setdefault(os.path.dirname(path), {}).setdefault(os.path.basename(path), before)


class _File:
    """A file whose writes count. Half of a write that fails is written."""

    def __init__(self, inner: Any, disk: Disk):
        self._inner = inner
        self._disk = disk

    def write(self, data: Any) -> int:
        try:
            self._disk.step("write")
        except BaseException:
            self._inner.write(bytes(data)[: len(bytes(data)) // 2])
            self._inner.flush()
            raise
        return self._inner.write(data)

    def flush(self) -> None:
        self._disk.step("flush")
        self._inner.flush()

    def __enter__(self) -> "_File":
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._inner.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)


def _bytes(path: str) -> bytes | None:
    if not os.path.exists(path):
        return None
    with builtins.open(path, "rb") as source:
        return source.read()
