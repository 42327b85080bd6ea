"""Resolve the reports in the lake into incidents, add them up by month, and check that the sums are right.

Only what new, changed or gone reports and decisions change is written again.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import partial
from multiprocessing import get_context

from include import settings
from include.commands import progress
from include.commands.lake import add_lake, lake_of

_FEW = 6
"""Up to this many months one process is faster than starting more."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--check-all", action="store_true", help="check also what did not change since it was checked")
    add_lake(parser)


def run(args: argparse.Namespace) -> int:
    """Run the command; 1 if the check of the result fails."""
    from include.aggregate.check import CheckFailed, check
    from include.aggregate.cover import cover
    from include.aggregate.days import cover_days
    from include.aggregate.doubts import weigh_doubts
    from include.aggregate.memberships import resolve_reports
    from include.aggregate.months import changed_months
    from include.aggregate.reconcile.years import find_changed_years, reconcile_year
    from include.aggregate.revisions import run_instant
    from include.aggregate.years import changed_years, tally_year

    lake, now = lake_of(args), datetime.now(UTC)
    recorded_at = run_instant(lake, now)
    print(f"resolved: {progress.counted(resolve_reports(lake)['counts'])}")
    months = changed_months(lake, settings.count_rule())
    with ThreadPoolExecutor(1) as beside:
        covered = beside.submit(cover, lake)  # coverage rests on nothing that months give
        for (year, month), done in zip(
            months, progress.shown(_aggregated(lake.url, months, recorded_at), "aggregate"), strict=True
        ):
            print(f"{year:04}-{month:02}: {progress.counted(done['counts'])}")
    print(f"in doubt: {progress.counted(weigh_doubts(lake, settings.count_rule())['counts'])}")
    print(f"covered: {progress.counted(covered.result()['counts'] | cover_days(lake)['counts'])}")
    for year in progress.shown(changed_years(lake), "tally"):
        print(f"{year}: {progress.counted(tally_year(lake, year)['counts'])}")
    for year in progress.shown(find_changed_years(lake), "reconcile"):
        print(f"{year}: {progress.counted(reconcile_year(lake, year)['counts'])}")
    try:
        print(f"checked: {progress.counted(check(lake, whole=args.check_all))}")
    except CheckFailed as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    return 0


def _aggregated(lake: str, months: Sequence[tuple[int, int]], recorded_at: datetime) -> Iterator[dict]:
    """What aggregating each month gave, in their order; many months are shared among processes."""
    do = partial(_aggregate, lake, recorded_at, settings.count_rule(), settings.count_mode())
    with ExitStack() as stack:
        if len(months) > _FEW:
            pool = stack.enter_context(ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")))
            yield from pool.map(do, months)
        else:
            yield from map(do, months)


def _aggregate(lake: str, recorded_at: datetime, rule: str, mode: str, month: tuple[int, int]) -> dict:
    from include.aggregate.months import aggregate_month
    from include.datasets.lake import Lake

    return aggregate_month(Lake(lake), month, recorded_at, rule, mode)
