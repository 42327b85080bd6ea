"""How the ledger does at scale: reports to incidents to tallies. `make bench-ledger` prints the tables of docs/PERFORMANCE.md.

For each size a synthetic lake is written (synthetic.py), and the commands that a user would call run on it, each in a process
of its own: `aggregate` on the whole, `aggregate` again after one late report, `tallies`. Seconds are those on the clock from
start to end of the process, and those that processors worked for it; memory is the peak of the process and its children
together. The incidents are compared with the true ones.

The linkage alone is then compared with splink's, of the same reports and the same candidate pairs (linkage_side.py,
splink_side.py).

`--make N FOLDER` only writes a lake.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import psutil

from benchmarks import synthetic
from benchmarks.agreement import agreement
from benchmarks.tables import print_table
from include import settings
from include.datasets.catalogue import INCIDENTS
from include.datasets.lake import Lake

ROOT = Path(__file__).parents[1]
BENCH_PYTHON = ROOT / ".venv-bench" / "bin" / "python"
SIZES = (10_000, 100_000, 1_000_000)
SPLINK_SIZE = 100_000
AGREEMENT = ("precision", "recall", "B-cubed precision", "B-cubed recall")
QUERIES = {
    "aggregate with nothing new": ("aggregate",),
    "tallies of one country and year": ("tallies", "--country", "SYR", "--year", "2020"),
    "the same as of an instant": ("tallies", "--country", "SYR", "--year", "2020", "--as-of", "2100-01-01"),
    "all tallies as JSON": ("tallies", "--json"),
}
READERS = {
    "DuckDB": """import duckdb; print(duckdb.sql("from read_parquet('{}/monthly_tallies/**/*.parquet', hive_partitioning=true)"
    " select year, country, sum(killed_best) group by all").fetchall()[0])""",
    "Polars": """import polars as pl; print(pl.scan_parquet("{}/monthly_tallies/**/*.parquet", hive_partitioning=True)
    .group_by("year", "country").agg(pl.col("killed_best").sum()).collect())""",
    "pandas": """import pandas as pd; print(pd.read_parquet("{}/monthly_tallies").groupby(["year", "country"],
    observed=True)["killed_best"].sum())""",
}
"""Killed by year and country, from the files of the tallies alone."""
COMMAND = (sys.executable, "-m", "include")
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
"""Start-up is that of a second start: what Python compiles it may keep."""
_SAMPLED_EVERY = 0.02


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--make", nargs=2, metavar=("N", "FOLDER"), help="only write a lake of N reports")
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, metavar="N", help="numbers of reports")
    parser.add_argument("--against-splink", type=int, default=SPLINK_SIZE, metavar="N", help="reports that both link")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--to-tallies", metavar="LAKE", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.to_tallies:
        _to_tallies(args.to_tallies)
        return
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
        print_table(("reports", "incidents", "seconds", "of processors", "ms a report", "peak MB"), (row[0] for row in growth))
        print_table(("reports", *AGREEMENT), (row[1] for row in growth))
        largest = lakes[max(args.sizes)]
        columns = f"on {max(args.sizes):,} reports", "seconds", "of processors", "peak MB", "files written"
        print_table(columns, _late_and_queries(largest))
        columns = f"linkage of {args.against_splink:,} reports", "seconds", "of processors", "peak MB", "candidate pairs"
        print_table((*columns, *AGREEMENT), _against_splink(folder, args.against_splink, args.seed))


def _growth(lakes: dict[int, str], seed: int) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    for count, lake in lakes.items():
        _make(count, lake, seed)
        spent, _ = run(*COMMAND, "aggregate", "--lake", lake)
        groups = groups_of(lake)
        incidents, each = groups["found"].n_unique(), spent.of_processors / count * 1000
        measured = f"{count:,}", f"{incidents:,}", *spent.times(1), f"{each:.3f}", spent.peak
        yield measured, (f"{count:,}", *_agreement(groups))


def _late_and_queries(lake: str) -> Iterator[tuple[str, ...]]:
    synthetic.add_late_report(lake)
    before = _files(lake)
    spent, _ = run(sys.executable, "-m", "benchmarks.ledger", "--to-tallies", lake)
    written = sorted(path for path, stamp in _files(lake).items() if before.get(path) != stamp)
    yield "one late report, until its months and tallies are written", *spent.times(2), spent.peak, "<br>".join(written)
    spent, _ = run(*COMMAND, "aggregate", "--lake", lake)
    yield "the rest of `aggregate`: coverage, reconciliation, check", *spent.times(2), spent.peak, ""
    for name, command in QUERIES.items():
        spent, _ = run(*COMMAND, *command, "--lake", lake)
        yield name, *spent.times(2), spent.peak, ""
    for name, code in READERS.items():
        spent, _ = run(sys.executable, "-c", code.format(lake))
        yield f"killed by year and country with {name}", *spent.times(2), spent.peak, ""


def _to_tallies(root: str) -> None:
    """The steps of `aggregate` from the reports to the tallies."""
    from include.aggregate.memberships import resolve_reports
    from include.aggregate.months import aggregate_month, changed_months
    from include.aggregate.revisions import run_instant
    from include.aggregate.years import changed_years, tally_year

    lake, rule = Lake(root), settings.count_rule()
    recorded_at = run_instant(lake, synthetic.LAST_INSTANT)
    resolve_reports(lake)
    for month in changed_months(lake, rule):
        aggregate_month(lake, month, recorded_at, rule, settings.count_mode())
    for year in changed_years(lake):
        tally_year(lake, year)


def _against_splink(folder: str, count: int, seed: int) -> Iterator[tuple[str, ...]]:
    """The ledger's linkage, and splink's at each threshold: one that its user chooses without knowing the truth."""
    lake, sides = f"{folder}/{count}", Path(folder) / "sides"
    sides.mkdir()
    if not Path(lake).exists():
        _make(count, lake, seed)
    truth = pl.read_parquet(f"{lake}/{synthetic.TRUTH}").rename({"incident": "true"})
    calls = {
        "ledger": [sys.executable, "-m", "benchmarks.linkage_side", lake, sides],
        "splink": [BENCH_PYTHON, "-m", "benchmarks.splink_side", sides],
        "splink, its own pairs": [BENCH_PYTHON, "-m", "benchmarks.splink_side", sides, "--own-blocking"],
    }
    for side, call in calls.items():
        _, said = run(*map(str, call))
        told = json.loads(said.splitlines()[-1])
        seconds = told["seconds"]
        whole = f"{sum(seconds.values()):.1f}", f"{told['of_processors']:.1f}", f"{told['peak_mb']:.0f}", f"{told['pairs']:,}"
        steps = f" (train {seconds['train']:.1f}, score {seconds['score']:.1f})" if "train" in seconds else ""
        groups = pl.read_parquet(sides / f"{side.split(',')[0]}.parquet").join(truth, on="report_id")
        for n, column in enumerate(c for c in groups.columns if c not in ("report_id", "true")):
            name = side + steps if n == 0 else side
            at = "" if column == "found" else f", p >= {column}"
            shown = _agreement(groups.select("true", found=column))
            yield name + at, *(whole if n == 0 else ("",) * len(whole)), *shown


def _make(count: int, lake: str, seed: int) -> None:
    run(sys.executable, "-m", "benchmarks.ledger", "--make", str(count), lake, "--seed", str(seed))


def _agreement(groups: pl.DataFrame) -> list[str]:
    return [f"{value:.3f}" for value in agreement(groups).values()]


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


def run(*command: str) -> tuple[Spent, str]:
    """Run a command to its end; what it took, and what it printed. Exits if it fails."""
    start, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryFile() as out:
        process = psutil.Popen(command, cwd=ROOT, env=ENVIRONMENT, stdout=out, stderr=subprocess.STDOUT)
        peak = 0
        while process.poll() is None:
            peak = max(peak, _resident(process))
            time.sleep(_SAMPLED_EVERY)
        seconds, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        out.seek(0)
        said = out.read().decode()
    if process.returncode:
        sys.exit(f"error: {' '.join(command)} failed:\n{said}")
    return Spent(seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, peak), said


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


if __name__ == "__main__":
    main()
