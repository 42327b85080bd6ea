"""Print how much each month still grows: its killed as the ledger knew them some days after the month's end, and now.

Below, the usual growth: the median step from each age to the next, over the months that have been through it, and what all
steps ahead make together. A dash: the ledger had recorded nothing yet, or that age is still to come.
"""

import argparse
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from include.commands.lake import add_lake, lake_of
from include.commands.output import console, grid, print_json, show

Rows = Iterable[Mapping[str, Any]]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--year", type=int, help="only the months of this year; the usual growth is still that of all months")
    parser.add_argument("--json", action="store_true", help="JSON lines: the months, then the steps from age to age")
    add_lake(parser)


def run(args: argparse.Namespace) -> int:
    """Run the command; 1 if the ledger has recorded no month like that."""
    from rich.console import Console

    from include.aggregate.as_of import read
    from include.aggregate.growth import COLUMNS, growth, steps

    lake = lake_of(args)
    months = growth(read(lake, columns=COLUMNS), datetime.now(UTC))
    usual = steps(months)
    shown = [m for m in months if args.year in (None, m["year"])]
    if not shown:
        why = f"Nothing of {args.year}" if months else "Nothing"
        Console(stderr=True).print(
            f"{why} is recorded in the lake {lake.url}. Has a run aggregated anything? See: python -m include --help",
            markup=False,
        )
        return 1
    if args.json:
        print_json((*shown, *usual))
        return 0
    show(console(), table(shown, usual))
    return 0


def table(months: Rows, usual: Rows):
    """The killed of each month by age, and the usual growth in the last lines."""
    from include.aggregate.growth import AGES

    shown = grid("Killed as known some days after the month's end")
    shown.add_column("month", no_wrap=True)
    for name in (*(f"{days}\ndays" if days else "at its\nend" for days in AGES), "now"):
        shown.add_column(name, justify="right", no_wrap=True)
    for month in months:
        ages = (month[f"after_{days}"] for days in AGES)
        shown.add_row(f"{month['year']}-{month['month']:02}", *("-" if n is None else str(n) for n in (*ages, month["now"])))
    shown.add_section()
    steps = list(usual)
    shown.add_row("to the next age", *(percent(step["growth"]) for step in steps), style="bold")
    shown.add_row("months it rests on", *(str(step["n_months"]) for step in steps), style="dim")
    shown.add_row(f"until {AGES[-1]} days", *(percent(step["to_come"]) for step in steps), style="bold")
    return shown


def percent(growth: float | None) -> str:
    """A factor as growth: 1.25 is `+25%`."""
    return "-" if growth is None else f"{growth - 1:+.0%}"
