"""`make demo`: the real DAG on a small fictional newsroom, served on this machine and fetched over HTTP.

Three months of 2022 as four outlets told them: a monitor, an agency, a gazette that republishes the agency and a tabloid.
At the end the tallies that Airflow's run made are compared with the answer key that an analyst wrote.
"""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

from rich.console import Console

from demo.compare import compare, show
from demo.newsroom.articles import load_outlets
from demo.newsroom.server import newsroom, write_sources
from include.commands.tallies import WIDTH, table
from include.datasets.catalogue import MONTHLY_TALLIES, REPORTS
from include.datasets.lake import Lake
from local.environment import PROJECT

HERE = Path(__file__).parent
LAKE = HERE / "lake"
NEXT = """\
What to type next ([i]B[/i] stands for [i].venv/bin/python -m include[/i]):
  B tallies --lake {lake} --json
  B explain --lake {lake} {example}
  make up          Airflow with its UI, on your own sources (include/sources.yaml)
The Parquet: {lake}
  pandas.read_parquet("{lake}/monthly_tallies")
Columns: docs/DATA_DICTIONARY.md. Articles and answer key: demo/newsroom, demo/key."""


def main() -> int:
    """Run the demo; 1 if Airflow's run failed or its tallies are not those of the key."""
    # A pipe or a file has no width; the tables must not be cut there.
    console = Console(highlight=False, width=None if sys.stdout.isatty() else WIDTH)
    LAKE.mkdir(exist_ok=True)
    log = LAKE / "_run.log"
    outlets = load_outlets()
    console.print(f"A newsroom of {len(outlets)} fictional outlets, {sum(len(o.articles) for o in outlets)} articles.")
    with newsroom() as sites:
        for outlet in outlets:
            console.print(f"  {sites[outlet.id]:24} {outlet.outlet}")
        write_sources(LAKE / "_sources.yaml", sites)
        console.print("Airflow runs the DAG casualties on it: scrape, clean, extract, aggregate ...")
        status = run_dag(log, console)
    if status:
        console.print(f"[red]The run failed.[/red] The end of its log ({log}):\n")
        console.print("\n".join(log.read_text(errors="replace").splitlines()[-40:]), markup=False)
        return 1
    lake = Lake(LAKE)
    console.print()
    console.print(table(lake.read(MONTHLY_TALLIES).to_pylist()))
    comparison = compare(lake)
    show(comparison, console)
    shown = os.path.relpath(LAKE)
    console.print()
    console.print(NEXT.format(lake=shown, example=lake.read(REPORTS)["url"].to_pylist()[0]))
    return 0 if comparison.equal else 1


def run_dag(log: Path, console: Console) -> int:
    """Run the DAG in a process of its own, its output in `log`; name each task as it ends. The process's exit status."""
    environment = os.environ | {"BADIA_LAKE": str(LAKE), "BADIA_SOURCES": str(LAKE / "_sources.yaml")}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "local.run", "casualties"],
            cwd=PROJECT, env=environment, stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
        ended: list[str] = []
        while process.poll() is None:
            time.sleep(0.3)
            ended += _tell(log, ended, console)
    _tell(log, ended, console)
    return process.returncode


def _tell(log: Path, ended: list[str], console: Console) -> list[str]:
    """Name the tasks that have ended since the last look at the log, and return them."""
    found = re.findall(r"\[DAG TEST\] end task task_id=(\S+)", log.read_text(errors="replace"))[len(ended) :]
    for name in found:
        console.print(f"  done {name}")
    return found


if __name__ == "__main__":
    sys.exit(main())
