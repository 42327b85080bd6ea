"""Print the monthly tallies: killed and injured by month, country, governorate, perpetrator and victims.

A figure is best [low-high]; a high of ? means that some report states no upper bound.
"""

import argparse
import json
import re
import sys
from datetime import UTC, date, datetime, time

from include.commands.lake import add_lake, lake_of
from include.datasets.lake import Lake

COLUMNS = {
    "killed": "killed",
    "injured": "injured",
    "casualties": "killed or injured",
    "killed_women": "women killed",
    "killed_children": "children killed",
}
"""The counts that the table shows, as far as any row states them."""
TITLE = "Monthly casualty tallies"
WIDTH = 140
"""Columns of a table that no terminal shows."""


def instant(text: str) -> datetime:
    """The argument --as-of: the end of a day in UTC, or an instant with its zone. Raises ArgumentTypeError."""
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return datetime.combine(date.fromisoformat(text), time.max, UTC)
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no day (2022-04-30) and no instant with a zone (2022-04-30T18:00Z)")
    return at.astimezone(UTC)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--year", type=int, help="only this year")
    parser.add_argument("--country", metavar="ISO3", help="only this country, such as SYR")
    parser.add_argument(
        "--as-of",
        type=instant,
        metavar="DATE",
        help="as the ledger said at the end of that day in UTC, or at an instant such as 2022-04-30T18:00Z",
    )
    parser.add_argument("--json", action="store_true", help="JSON lines with the columns of monthly_tallies")
    add_lake(parser)


def run(args: argparse.Namespace) -> int:
    """Run the command; 1 if there are no tallies, 2 if the ledger begins later than --as-of."""
    from rich.console import Console

    from include.datasets.catalogue import MONTHLY_TALLIES

    lake = lake_of(args)
    title = TITLE
    if args.as_of:
        try:
            rows, title = tallies_as_of(lake, args.as_of)
        except LookupError as error:
            print(f"error: {error}", file=sys.stderr)
            return 2
    else:
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
        Console(width=None if sys.stdout.isatty() else WIDTH).print(table(rows, title))
    return 0


def tallies_as_of(lake: Lake, at: datetime) -> tuple[list[dict], str]:
    """The tallies as the ledger said at an instant, and what they are, with the runs that they rest on.

    Raises LookupError if nothing was recorded by then.
    """
    from include.aggregate.as_of import NEEDED, as_of, read
    from include.aggregate.tallies import COLUMNS, tally_frame

    revisions = read(lake, columns=[*NEEDED, *(c for c in COLUMNS if c not in NEEDED)])
    runs = revisions["recorded_at"].unique().sort().to_list()
    if not runs:
        raise LookupError(f"the ledger in the lake {lake.url} has recorded nothing yet; see: python -m include aggregate")
    before = [run for run in runs if run <= at]
    if not before:
        raise LookupError(f"the ledger in the lake {lake.url} knows nothing before its first run, of {_minute(runs[0])}")
    rests = f"run of {_minute(before[-1])}" + (f", the last of {len(before)} since {_minute(before[0])}" if before[1:] else "")
    return tally_frame(as_of(revisions, at)).to_dicts(), f"{TITLE} as of {_minute(at)} ({rests})"


def _minute(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC"


def table(rows: list[dict], title: str = TITLE):
    """The tallies as a table for the terminal."""
    from rich.table import Table

    shown = Table("month", "country", "admin1", "perpetrator", "victims", title=title, title_justify="left")
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
