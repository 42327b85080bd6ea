"""How much memory each of some cases takes at its peak: `python -m tests.peak MODULE [ARGUMENT]`.

The module has `warm_up(argument)`, which loads what any work loads, and `cases(argument)`, functions by name. Each runs in a
process of its own, forked when all is warm, so that one neither hides nor pays what another took.
"""

import importlib
import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NamedTuple

MOST = 32.0
"""MB that memory may grow by on anything hostile."""


class Peak(NamedTuple):
    """What a case took: MB more than before at its peak, seconds, and what it returned, or the error's words."""

    grown: float
    seconds: float
    outcome: Any


def peaks(module: str, argument: str = "", timeout: float = 120) -> dict[str, Peak]:
    """Measure the cases of a module, in a process of their own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.peak", module, argument],
        cwd=Path(__file__).resolve().parents[1],
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return {name: Peak(*rest) for name, *rest in map(json.loads, done.stdout.splitlines())}


def _megabytes(what: str) -> float:
    return int(re.search(rf"{what}:\s+(\d+) kB", Path("/proc/self/status").read_text())[1]) / 1024


def main(module: str, argument: str) -> None:
    """Print a line for each case."""
    cases = importlib.import_module(module)
    cases.warm_up(argument)
    for name, run in cases.cases(argument).items():
        sys.stdout.flush()
        child = os.fork()
        if child:
            assert os.waitpid(child, 0)[1] == 0, f"{name} died"
            continue
        cases.warm_up(argument)  # libraries are mapped anew in a process that was forked
        Path("/proc/self/clear_refs").write_text("5")  # what was the peak until now is none
        before, started = _megabytes("VmRSS"), time.monotonic()
        try:
            outcome = run()
        except Exception as error:  # noqa: BLE001  (whatever it is, it is the outcome)
            outcome = f"{type(error).__name__}: {error}"
        print(json.dumps([name, _megabytes("VmHWM") - before, time.monotonic() - started, outcome]), flush=True)
        os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
