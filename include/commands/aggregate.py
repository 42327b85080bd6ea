"""Resolve the reports in the lake into incidents, add them up by month, and check that the sums are right.

Only the months whose reports changed are written again.
"""

import argparse
import sys

from include.commands import progress
from include.commands.lake import add_lake, lake_of


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_lake(parser)


def run(args: argparse.Namespace) -> int:
    """Run the command; 1 if the check of the result fails."""
    from include.aggregate.check import CheckFailed, check
    from include.aggregate.months import aggregate_month, changed_months, changed_years, tally_year
    from include.aggregate.reconcile.years import find_changed_years, reconcile_year

    lake = lake_of(args)
    for year, month in progress.shown(changed_months(lake), "aggregate"):
        print(f"{year:04}-{month:02}: {progress.counted(aggregate_month(lake, year, month)['counts'])}")
    for year in progress.shown(changed_years(lake), "tally"):
        print(f"{year}: {progress.counted(tally_year(lake, year)['counts'])}")
    for year in progress.shown(find_changed_years(lake), "reconcile"):
        print(f"{year}: {progress.counted(reconcile_year(lake, year)['counts'])}")
    try:
        print(f"checked: {progress.counted(check(lake))}")
    except CheckFailed as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0
