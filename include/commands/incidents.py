"""Print the incidents: when, where, who, how many, how well they stand, and by how many reports of how many origins.

A figure is best [low-high]; a high of ? means that some report states no upper bound. The beginning of an id is enough for the
command history.
"""

import argparse
import re
from collections.abc import Iterable, Mapping
from typing import Any

from include.commands.lake import add_lake, lake_of
from include.commands.output import console, grid, print_json, show
from include.commands.tallies import figure
from include.datasets.catalogue import GRADINGS
from include.datasets.ids import short

COUNTS = {"killed": "killed", "injured": "injured", "casualties": "killed or injured"}
"""The counts that the table shows, as far as any incident states them."""
SPARE = ("against", "grading", "injured", "killed or injured", "reports /\norigins", "to note")
"""What a narrow terminal does without, the last first."""
COLOURS = {"weak": "yellow", "contested": "red", "discounted": "dim", "confirmed": "green"}


def month(text: str) -> tuple[int, int]:
    """The argument --month, YYYY-MM. Raises ArgumentTypeError."""
    found = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", text)
    if not found:
        raise argparse.ArgumentTypeError(f"{text!r} is no month; write it as YYYY-MM, such as 2022-04")
    return int(found[1]), int(found[2])


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    when = parser.add_mutually_exclusive_group()
    when.add_argument("--year", type=int, help="only those that began in this year; 0: without a date")
    when.add_argument("--month", type=month, metavar="YYYY-MM", help="only those that began in this month")
    parser.add_argument("--country", type=str.upper, metavar="ISO3", help="only this country, such as SYR")
    parser.add_argument("--grading", choices=GRADINGS, help="only those graded so")
    parser.add_argument("--min-killed", type=int, metavar="N", help="only those with N killed or more (best, else low)")
    parser.add_argument("--json", action="store_true", help="JSON lines with the columns of incidents")
    add_lake(parser)


def run(args: argparse.Namespace) -> int:
    """Run the command; 1 if there are no incidents, or none like that."""
    from rich.console import Console

    from include.datasets.catalogue import INCIDENTS
    from include.datasets.lake import month_in

    lake = lake_of(args)
    files = lake.files(INCIDENTS)
    began = {path: month_in(path) for path in files}
    paths = [p for p, (y, m) in began.items() if args.year in (None, y) and args.month in (None, (y, m))]
    incidents = lake.frame(INCIDENTS, paths=paths).filter(*_wanted(args))
    rows = incidents.sort("year", "month", "date_start", "incident_id").to_dicts()
    if not rows:
        why = "None of the incidents is like that" if files else "No incidents"
        hint = "; ask for less." if files else ". Has a run aggregated anything? See: python -m include --help"
        Console(stderr=True).print(f"{why} in the lake {lake.url}{hint}", markup=False, highlight=False)
        return 1
    if args.json:
        print_json(rows)
        return 0
    show(console(), table(rows), SPARE)
    return 0


def table(rows: Iterable[Mapping[str, Any]]):
    """The incidents as a table for the terminal."""
    from rich.text import Text

    rows = list(rows)
    measures = [m for m in COUNTS if any(figure(row, m) for row in rows)]
    flagged = any(row["flags"] for row in rows)
    shown = grid(_title(rows))
    shown.add_column("id", no_wrap=True, style="cyan")
    shown.add_column("date", no_wrap=True)
    for name in ("place", "by", "against"):
        shown.add_column(name)
    for measure in measures:
        shown.add_column(COUNTS[measure], justify="right", no_wrap=True)
    shown.add_column("grading")
    shown.add_column("reports /\norigins", justify="right")
    if flagged:
        shown.add_column("to note", style="dim")
    for row in rows:
        shown.add_row(
            short(row["incident_id"]),
            when(row),
            where(row) or "-",
            row["perpetrator"] or "-",
            against(row) or "-",
            *(figure(row, m) for m in measures),
            Text(row["grading"], COLOURS.get(row["grading"], "")),
            f"{row['n_reports']}/{row['n_independent_origins']}",
            *([", ".join(row["flags"] or ()).replace("_", " ")] if flagged else []),
        )
    return shown


def when(row: Mapping[str, Any]) -> str:
    """The day, or the days from the first to the last."""
    start, end = row["date_start"], row["date_end"]
    if start is None:
        return "undated"
    if end in (None, start):
        return str(start)
    same_month = (start.year, start.month) == (end.year, end.month)
    return f"{start}..{end:%d}" if same_month else f"{start}..{end:%m-%d}" if start.year == end.year else f"{start}..{end}"


def where(row: Mapping[str, Any]) -> str:
    """The place with what it lies in, each name once."""
    names = (row["place_name"] or row["place"], row["admin1"], row["country"])
    return ", ".join(dict.fromkeys(name for name in names if name))


def against(row: Mapping[str, Any]) -> str:
    """The target, else the class of the victims."""
    return row["target"] or (row["victim_class"] or "").replace("_", " ")


def _wanted(args: argparse.Namespace) -> list:
    """What is asked for beside the time, as conditions on the columns of incidents."""
    import polars as pl

    wanted = [pl.col(c) == v for c, v in (("country", args.country), ("grading", args.grading)) if v is not None]
    if args.min_killed is not None:
        wanted.append(pl.coalesce("killed_best", "killed_low", 0) >= args.min_killed)
    return wanted


def _title(rows: list[Mapping[str, Any]]) -> str:
    return f"{len(rows)} incidents" if len(rows) > 1 else "1 incident"
