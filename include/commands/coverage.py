"""Print what each source published by month, against what its own past lets expect: silence is not peace.

With --days, print what became of its articles day by day instead: visited, listed, fetched, cleaned, failed.
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from include.commands.lake import add_lake, lake_of
from include.commands.output import console, grid, print_json, show

if TYPE_CHECKING:
    from include.datasets.lake import Lake

MONTHS = 12
"""Months that the table shows, unless a year is asked for."""
MARKS = {"silent": "✗", "interrupted": "…", "low": "↓", "too_new": "?", "in_progress": "*", "usual": ""}
MEANINGS = "✗ silent, … interrupted, ↓ low, ? too new to judge, * not over"
COLOURS = {"silent": "bold red", "interrupted": "yellow", "low": "yellow", "too_new": "dim"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--year", type=int, help="only this year (default: the last twelve months of the lake)")
    parser.add_argument("--source", metavar="ID", help="only this source of sources.yaml")
    parser.add_argument("--days", type=int, metavar="N", help="the last N days (with --source: each of them)")
    parser.add_argument("--json", action="store_true", help="JSON lines with the columns of coverage, or of coverage_days")
    add_lake(parser)


def run(args: argparse.Namespace) -> int:
    """Run the command; 1 if there is nothing to show."""
    from include.datasets.catalogue import COVERAGE

    lake = lake_of(args)
    if args.days:
        return _days(args, lake)
    rows = lake.read(COVERAGE).to_pylist()
    known = sorted({row["source"] for row in rows})
    months = sorted({(row["year"], row["month"]) for row in rows})
    months = [m for m in months if m[0] == args.year] if args.year else months if args.json else months[-MONTHS:]
    rows = [r for r in rows if (r["year"], r["month"]) in months and args.source in (None, r["source"])]
    if (code := _without_table(args, lake.url, rows, known)) is not None:
        return code
    terminal = console()
    show(terminal, table(rows, months))
    terminal.print(f"Articles by month of publication. {MEANINGS}.")
    for line in remarks(rows):
        terminal.print(line, markup=False)
    return 0


def _without_table(args: argparse.Namespace, lake: str, rows: list[dict[str, Any]], known: list[str]) -> int | None:
    """The exit code where no table is shown: there is nothing to show, which is said, or JSON is asked for; else null."""
    from rich.console import Console

    if not rows:
        Console(stderr=True).print(_nothing(args, lake, known))
        return 1
    if args.json:
        print_json(rows)
        return 0
    return None


def _days(args: argparse.Namespace, lake: "Lake") -> int:
    """Show the last days that the lake knows of."""
    from include.datasets.catalogue import COVERAGE_DAYS

    rows = lake.read(COVERAGE_DAYS).to_pylist()
    known = sorted({row["source"] for row in rows})
    last = max((row["day"] for row in rows), default=None)
    rows = [r for r in rows if r["day"] > last - timedelta(days=args.days) and args.source in (None, r["source"])]
    if (code := _without_table(args, lake.url, rows, known)) is not None:
        return code
    terminal = console()
    show(terminal, days_table(rows, by_day=args.source is not None), ("requests", "not\nmodified", "left"))
    terminal.print(
        "Listed for the first time, captured, with a text; what failed is tried again (include/scrape/data/retries.yaml)."
    )
    return 0


def days_table(rows: Iterable[Mapping[str, Any]], *, by_day: bool):
    """A line a source, or a line a day: what became of the articles."""
    from rich.text import Text

    shown = grid("Coverage day by day" if by_day else "Coverage of the last days")
    shown.add_column("day" if by_day else "source", no_wrap=True)
    names = ("visits", "visits_failed", "requests", "listed", "captured", "cleaned", "not_modified", "held", "failed", "left")
    for name in names:
        shown.add_column(name.replace("_", "\n"), justify="right")
    shown.add_column("errors")
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for row in sorted(rows, key=lambda row: (row["source"], row["day"])):
        groups.setdefault(str(row["day"]) if by_day else row["source"], []).append(row)
    for name, group in groups.items():
        total = {n: sum(row[f"n_{n}"] or 0 for row in group) for n in names} | {"left": group[-1]["n_left"]}
        errors: Counter[str] = Counter()
        for kind, number in (error.rsplit(": ", 1) for row in group for error in row["errors"]):
            errors[kind] += int(number)
        kinds = ", ".join(f"{kind}: {number}" for kind, number in errors.most_common())
        is_bad = total["visits_failed"] or (total["captured"] and not total["cleaned"])
        shown.add_row(Text(name, style="bold red" if is_bad else ""), *(f"{total[n]:,}" for n in names), kinds)
    return shown


def table(rows: Iterable[Mapping[str, Any]], months: Iterable[tuple[int, int]]):
    """A line a source and a column a month: the articles seen, marked where they fall short."""
    from rich.text import Text

    shown = grid("Coverage")
    shown.add_column("source")
    for year, month in months:
        shown.add_column(f"{year % 100:02}-\n{month:02}", justify="right", no_wrap=True)
    cells: dict[str, dict[tuple[int, int], Text]] = {}
    for row in rows:
        text = Text(f"{row['n_articles']}{MARKS[row['status']]}", style=COLOURS.get(row["status"], ""))
        cells.setdefault(row["source"], {})[row["year"], row["month"]] = text
    for source in sorted(cells):
        shown.add_row(source, *(cells[source].get(month, "") for month in months))
    return shown


def remarks(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """A line for each month in which a source fell short or could not be fetched, in words."""
    said = {
        "silent": "silent: no article, about {n_expected} expected",
        "interrupted": "interrupted: {silent_days} days without an article; {n_articles} of about {n_expected} expected",
        "low": "low: {n_articles} articles, about {n_expected} expected",
    }
    lines = []
    for row in sorted(rows, key=lambda r: (r["year"], r["month"], r["source"])):
        parts = [said[row["status"]].format(**row)] if row["status"] in said else []
        if row["n_failed"] and (parts or row["n_failed"] * 2 > row["n_attempts"]):
            parts.append(f"{row['n_failed']} of {row['n_attempts']} fetches failed ({', '.join(row['errors'][:3])})")
        if parts and row["countries"]:
            parts.append(f"it used to tell of {', '.join(row['countries'])}")
        if parts:
            lines.append(f"  {row['year']}-{row['month']:02} {row['outlet'] or row['source']}: {'; '.join(parts)}")
    return lines


def _nothing(args: argparse.Namespace, lake: str, known: list[str]) -> str:
    if not known:
        return f"No coverage in the lake {lake}. Has a run aggregated anything? See: python -m include --help"
    if args.source and args.source not in known:
        return f"No source {args.source!r} in the lake {lake}; it has {', '.join(known)}."
    return f"Nothing in {args.year} in the lake {lake}; leave out --year to see what there is."
