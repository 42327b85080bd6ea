"""Pulling the power: a run that ends at one of its writes."""

import itertools
import os
from collections.abc import Callable

_WRITES = ("fsync", "replace", "remove", "unlink")


class PowerCut(BaseException):
    """The process ends here."""


def runs_through(run: Callable[[], object], stop_at: int, monkeypatch) -> bool:
    """Whether `run` ends by itself: before its write number `stop_at` the power is cut."""
    steps = itertools.count(1)
    with monkeypatch.context() as patch:
        for name in _WRITES:
            patch.setattr(os, name, _stopping(getattr(os, name), steps, stop_at))
        try:
            run()
        except PowerCut:
            return False
    return True


def _stopping(real, steps, stop_at):
    def call(*args, **more):
        if next(steps) == stop_at:
            raise PowerCut
        return real(*args, **more)

    return call
