"""Print the monthly tallies: killed and injured by month, country, governorate, perpetrator and victims.

A figure is best [low-high]; a high of ? means that some report states no upper bound.
"""

import argparse
import json
import sys

from include.commands.lake import add_lake, lake_of

COLUMNS = {
    "killed": "killed",
    "injured": "injured",
    "casualties": "killed or injured",
    "killed_women": "women killed",
    "killed_children": "children killed",
}
"""The counts that the table shows, as far as any row states them."""
WIDTH = 140
"""Columns of a table that no terminal shows."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--year", type=int, help="only this year")
    parser.add_argument("--country", metavar="ISO3", help="only this country, such as SYR")
    parser.add_argument("--json", action="store_true", help="JSON lines with the columns of monthly_tallies")
    add_lake(parser)


def run(args: argparse.Namespace) -> int:
    """Run the command; 1 if there are no tallies."""
    from rich.console import Console

    from include.datasets.catalogue import MONTHLY_TALLIES

    lake = lake_of(args)
    rows = lake.read(MONTHLY_TALLIES).to_pylist()
    if not rows:
        Console(stderr=True).print(
            f"No tallies in the lake {lake.url}. Has a run aggregated anything? See: python -m include --help"
        )
        return 1
    rows = [r for r in rows if args.year in (None, r["year"]) and args.country in (None, r["country"])]
    if args.json:
        for row in rows:
            print(json.dumps(row, ensure_ascii=False))
    else:
        # A pipe or a file has no width; the table must not be cut there.
        Console(width=None if sys.stdout.isatty() else WIDTH).print(table(rows))
    return 0


def table(rows: list[dict]):
    """The tallies as a table for the terminal."""
    from rich.table import Table

    shown = Table(
        "month", "country", "admin1", "perpetrator", "victims", title="Monthly casualty tallies", title_justify="left"
    )
    measures = [m for m in COLUMNS if any(figure(row, m) for row in rows)]
    for name in ("incidents", *(COLUMNS[m] for m in measures)):
        shown.add_column(name, justify="right")
    for row in rows:
        month = f"{row['year']}-{row['month']:02}" if row["year"] else "undated"
        texts = (row["country"], row["admin1"], row["perpetrator"], (row["victim_class"] or "unknown").replace("_", " "))
        counts = (figure(row, m) for m in measures)
        shown.add_row(month, *(t or "-" for t in texts), str(row["n_incidents"]), *counts)
    return shown


def figure(row: dict, measure: str) -> str:
    """A range in words: `4`, `24 [24-99]`, `5 [5-?]`, or empty where nothing is stated."""
    low, best, high = (row[f"{measure}_{bound}"] for bound in ("low", "best", "high"))
    if low is None and best is None and high is None:
        return ""
    if low == best == high:
        return str(best)
    return f"{low if best is None else best} [{low}-{'?' if high is None else high}]"
