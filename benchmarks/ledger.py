"""How the ledger does at scale: reports to incidents to tallies. `make bench-ledger` prints the tables of docs/PERFORMANCE.md.

For each size a synthetic lake is written (synthetic.py), and the commands that a user would call run on it, each in a process
of its own: `aggregate` on the whole, `aggregate` again after one late report, `tallies`. Seconds are those on the clock from
start to end of the process, and those that processors worked for it; memory is the peak of the process and its children
together. The incidents are compared with the true ones.

`--make N FOLDER` only writes a lake.
"""

import argparse
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import psutil

from benchmarks import synthetic
from benchmarks.agreement import agreement
from include.datasets.catalogue import INCIDENTS
from include.datasets.lake import Lake

ROOT = Path(__file__).parents[1]
BENCH_PYTHON = ROOT / ".venv-bench" / "bin" / "python"
SIZES = (10_000, 100_000, 1_000_000)
SPLINK_SIZE = 100_000
QUERIES = {
    "aggregate with nothing new": ("aggregate",),
    "tallies of one country and year": ("tallies", "--country", "SYR", "--year", "2020"),
    "all tallies as JSON": ("tallies", "--json"),
}
_SAMPLED_EVERY = 0.02


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--make", nargs=2, metavar=("N", "FOLDER"), help="only write a lake of N reports")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="N", help="numbers of reports")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    if args.make:
        count, folder = int(args.make[0]), Path(args.make[1])
        if folder.exists():
            sys.exit(f"error: {folder} is there already; name a new folder")
        synthetic.make(str(folder), count, args.seed)
        return
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores; time on the clock.\n")
    with tempfile.TemporaryDirectory() as folder:
        lakes = {count: f"{folder}/{count}" for count in args.sizes}
        growth = list(_growth(lakes, args.seed))
        _print(("reports", "incidents", "seconds", "of processors", "ms a report", "peak MB"), (row[0] for row in growth))
        _print(("reports", "precision", "recall", "B-cubed precision", "B-cubed recall"), (row[1] for row in growth))
        largest = lakes[max(args.sizes)]
        columns = f"on {max(args.sizes):,} reports", "seconds", "of processors", "peak MB", "files written"
        _print(columns, _late_and_queries(largest))


def _growth(lakes: dict[int, str], seed: int) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    for count, lake in lakes.items():
        subprocess.run(
            [sys.executable, "-m", "benchmarks.ledger", "--make", str(count), lake, "--seed", str(seed)], cwd=ROOT, check=True
        )
        spent = run("aggregate", "--lake", lake)
        groups = groups_of(lake)
        found = agreement(groups)
        incidents, each = groups["found"].n_unique(), spent.of_processors / count * 1000
        measured = f"{count:,}", f"{incidents:,}", *spent.times(1), f"{each:.3f}", spent.peak
        yield measured, (f"{count:,}", *(f"{value:.3f}" for value in found.values()))


def _late_and_queries(lake: str) -> Iterator[tuple[str, ...]]:
    synthetic.add_late_report(lake)
    before = _files(lake)
    spent = run("aggregate", "--lake", lake)
    written = sorted(path for path, stamp in _files(lake).items() if before.get(path) != stamp)
    yield "aggregate after one late report", *spent.times(2), spent.peak, "<br>".join(written)
    for name, command in QUERIES.items():
        spent = run(*command, "--lake", lake)
        yield name, *spent.times(2), spent.peak, ""


@dataclass(frozen=True)
class Spent:
    """What a command took: seconds on the clock, seconds that processors worked, peak of memory in bytes."""

    seconds: float
    of_processors: float
    resident: int

    def times(self, digits: int) -> tuple[str, str]:
        """Both times as text."""
        return f"{self.seconds:.{digits}f}", f"{self.of_processors:.{digits}f}"

    @property
    def peak(self) -> str:
        """The peak in MB (10^6 bytes), as text."""
        return f"{self.resident / 1e6:.0f}"


def run(*command: str) -> Spent:
    """Run a command of `python -m include` to its end. Exits if it fails."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    call = [sys.executable, "-m", "include", *command]
    with tempfile.TemporaryFile() as out:
        process = psutil.Popen(call, cwd=ROOT, stdout=out, stderr=subprocess.STDOUT)
        peak = 0
        while process.poll() is None:
            peak = max(peak, _resident(process))
            time.sleep(_SAMPLED_EVERY)
        seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        if process.returncode:
            out.seek(0)
            sys.exit(f"error: {' '.join(command)} failed:\n{out.read().decode()}")
    return Spent(seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, peak)


def _resident(process: psutil.Process) -> int:
    total = 0
    try:
        for one in (process, *process.children(recursive=True)):
            total += one.memory_info().rss
    except psutil.NoSuchProcess:  # it ended meanwhile
        return total
    return total


def groups_of(lake: str) -> pl.DataFrame:
    """Every report with its true and its found incident."""
    incidents = pl.DataFrame(Lake(lake).read(INCIDENTS, columns=["incident_id", "report_ids"]))
    found = incidents.explode("report_ids").select(report_id="report_ids", found="incident_id")
    truth = pl.read_parquet(f"{lake}/{synthetic.TRUTH}").rename({"incident": "true"})
    groups = truth.join(found, on="report_id", how="full", coalesce=True)
    if groups.null_count().sum_horizontal().item():
        sys.exit(f"error: the reports of {lake} and those of its incidents differ; each must be in one incident")
    return groups


def _files(lake: str) -> dict[str, tuple[int, int]]:
    """The files of the lake and what changes when they are written."""
    found = ((p, p.stat()) for p in Path(lake).rglob("*") if p.is_file())
    return {str(p.relative_to(lake)): (stat.st_mtime_ns, stat.st_ino) for p, stat in found}


def _print(columns: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    """A Markdown table, row by row as they come."""
    print("| " + " | ".join(columns) + " |")
    print("|" + "---|" * len(columns))
    for row in rows:
        print("| " + " | ".join(row) + " |", flush=True)
    print()


if __name__ == "__main__":
    main()
