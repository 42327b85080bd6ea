"""`make demo`: the real DAG on a small fictional newsroom, served on this machine and fetched over HTTP.

Three months of 2022 as five outlets told them: a monitor, an agency, a gazette that republishes the agency, a tabloid, and a
local paper that falls silent. The DAG runs twice: what appears after the first run is a late report, and between the two the
desk notes a doubt. At the end what Airflow's runs made is compared with the answer key that an analyst wrote.
"""

import os
import re
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from demo.compare import compare, show
from demo.desk import note_doubts
from demo.newsroom.articles import load_outlets
from demo.newsroom.server import newsroom, write_sources
from include.aggregate.as_of import as_of, read
from include.commands import output
from include.commands.tallies import figure, show_tallies
from include.datasets.catalogue import MONTHLY_TALLIES, REPORTS
from include.datasets.ids import short
from include.datasets.lake import Lake
from local.environment import PROJECT

HERE = Path(__file__).parent
LAKE = HERE / "lake"
NEXT = """\
What to type next ([i]B[/i] stands for [i].venv/bin/python -m include[/i]):
  B tallies --lake {lake} --as-of {first}    what the ledger said after the first run
  B incidents --lake {lake} --month 2022-02
  B history --lake {lake} {changed}    what a late report changed
  B reconcile --lake {lake}    what the monitor claims, against the incidents
  B coverage --lake {lake} --year 2022    who fell silent
  B judge list --lake {lake}    what the desk decided
  B explain --lake {lake} {example}
  make up          Airflow with its UI, on your own sources (include/sources.yaml)
The Parquet: {lake}
  pandas.read_parquet("{lake}/monthly_tallies")
Columns: docs/DATA_DICTIONARY.md. Articles and answer key: demo/newsroom, demo/key."""


def main() -> int:
    """Run the demo; 1 if Airflow's run failed or its tallies are not those of the key."""
    console = output.console()
    LAKE.mkdir(exist_ok=True)
    log = LAKE / "_run.log"
    outlets = load_outlets()
    console.print(f"A newsroom of {len(outlets)} fictional outlets, {sum(len(o.articles) for o in outlets)} articles.")
    late = threading.Event()
    with newsroom(late) as sites:
        for outlet in outlets:
            console.print(f"  {sites[outlet.id]:24} {outlet.outlet}")
        write_sources(LAKE / "_sources.yaml", sites)
        console.print("Airflow runs the DAG casualties on it: scrape, clean, extract, aggregate ...")
        status = run_dag(log, console)
        first = datetime.now(UTC)
        if not status:
            console.print("The desk notes a doubt, two late articles appear, and the DAG runs again ...")
            note_doubts(Lake(LAKE), first)
            late.set()
            status = run_dag(log, console)
    if status:
        console.print(f"[red]The run failed.[/red] The end of its log ({log}):\n", markup=True)
        console.print("\n".join(log.read_text(errors="replace").splitlines()[-40:]))
        return 1
    lake = Lake(LAKE)
    console.print("What the second run changed:")
    changed = changes(lake, first)
    for line in changed.values():
        console.print(f"  {line}")
    console.print()
    show_tallies(console, lake.read(MONTHLY_TALLIES).to_pylist())
    comparison = compare(lake)
    show(comparison, console)
    shown = os.path.relpath(LAKE)
    console.print()
    example, changed_id = lake.read(REPORTS)["url"].to_pylist()[0], next(iter(changed), "ID")
    console.print(
        NEXT.format(lake=shown, example=example, changed=short(changed_id), first=first.isoformat(timespec="seconds")),
        markup=True,
    )
    return 0 if comparison.equal else 1


def changes(lake: Lake, since: datetime) -> dict[str, str]:
    """What the ledger has recorded since an instant, a line for each incident, by its id."""
    revisions = read(lake)
    before = {row["incident_id"]: row for row in as_of(revisions, since).to_dicts()}
    lines = {}
    for row in revisions.filter(revisions["recorded_at"] > since).sort("recorded_at", "incident_id").to_dicts():
        old, new = before.get(row["incident_id"]), f"killed {figure(row, 'killed') or '-'}"
        what = f"{row['date_start'] or 'undated'} {row['place_name'] or row['place']}: {new}"
        lines[row["incident_id"]] = f"{what}, was {figure(old, 'killed') or '-'}" if old else f"{what}, not known before"
    return lines


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
