"""The stages after scrape over one lake, in this process: `python -m tests.pipeline.stages LAKE [KILL_AT]`.

With KILL_AT, the process kills itself with SIGKILL just before its KILL_ATth rename, that is in the middle of a write.
"""

import os
import signal
import sys
from datetime import UTC, datetime

from include.aggregate.check import check
from include.aggregate.cover import cover
from include.aggregate.days import cover_days
from include.aggregate.doubts import weigh_doubts
from include.aggregate.memberships import resolve_reports
from include.aggregate.months import aggregate_month, changed_months
from include.aggregate.reconcile.years import find_changed_years, reconcile_year
from include.aggregate.years import changed_years, tally_year
from include.clean import batch as clean
from include.datasets.lake import Lake
from include.extract import batch as extract

NOW = datetime(2022, 5, 2, 6, tzinfo=UTC)
"""The run's instant."""


def run_stages(lake: Lake) -> None:
    """Clean, extract, aggregate and check what is pending."""
    for path in clean.pending(lake):
        clean.clean_batch(lake, path)
    for batch in extract.pending(lake):
        extract.extract_batch(lake, batch)
    resolve_reports(lake)
    for month in changed_months(lake):
        aggregate_month(lake, month, NOW)
    cover(lake)
    cover_days(lake)
    weigh_doubts(lake)
    for year in changed_years(lake):
        tally_year(lake, year)
    for year in find_changed_years(lake):
        reconcile_year(lake, year)
    check(lake)


def main(root: str, kill_at: str | None = None) -> None:
    """Run the stages, or die on the way."""
    rename, renames = os.replace, 0

    def counting(*args):
        nonlocal renames
        renames += 1
        if kill_at is not None and renames == int(kill_at):
            os.kill(os.getpid(), signal.SIGKILL)
        rename(*args)

    os.replace = counting
    run_stages(Lake(root))
    print(renames)


if __name__ == "__main__":
    main(*sys.argv[1:])
