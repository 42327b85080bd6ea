"""Pulling the power: what a run leaves that ends at one of its writes."""

import os
import shutil
from collections.abc import Callable
from functools import wraps
from pathlib import Path

import pytest

from include.datasets.lake import Lake

_WRITES = ("fsync", "replace", "remove", "unlink")


def cut_off(run: Callable[[Lake], object], lake: Lake, into: Path) -> list[Lake]:
    """Run over the lake, and give copies of it as a power cut before each write would leave it; of those in which a reader sees
    the same, one, with all that lies beside.
    """
    cuts: dict[tuple[tuple[str, bytes], ...], Lake] = {}

    def keep() -> None:
        seen = tuple((path, lake.open(path).read()) for path in lake.find("", ""))
        cut = cuts.setdefault(seen, Lake(into / f"cut {len(cuts)}"))
        shutil.copytree(lake.root, cut.root, dirs_exist_ok=True)

    with pytest.MonkeyPatch.context() as patch:
        for name in _WRITES:
            patch.setattr(os, name, _after(keep, getattr(os, name)))
        run(lake)
    return list(cuts.values())


def _after(keep, real):
    @wraps(real)
    def call(*args, **more):
        keep()
        return real(*args, **more)

    return call
