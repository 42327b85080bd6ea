"""A lake with reports in it, and the aggregation run over it."""

from datetime import UTC, datetime

from include.aggregate.doubts import weigh_doubts
from include.aggregate.memberships import resolve_reports
from include.aggregate.months import aggregate_month, changed_months
from include.aggregate.years import changed_years, tally_year
from include.datasets.catalogue import REPORTS
from include.datasets.schema import month_of


def write_reports(lake, batch, *reports):
    """Write the reports as one batch, a file per month of publication."""
    for month in {month_of(r["published_on"]) for r in reports}:
        rows = [r for r in reports if month_of(r["published_on"]) == month]
        lake.write(REPORTS, {"published_month": month}, batch, rows)


NOW = datetime(2022, 5, 2, 6, tzinfo=UTC)


def aggregate(lake, now=NOW):
    """Do what is pending as of an instant, and return the months and years done."""
    resolve_reports(lake)
    months = changed_months(lake)
    for month in months:
        aggregate_month(lake, month, now)
    weigh_doubts(lake)
    years = changed_years(lake)
    for year in years:
        tally_year(lake, year)
    return months, years


def contents(lake):
    """All files of the lake with their bytes, but for the reports."""
    paths = [p for p in lake.find("", "") if not p.startswith("reports/")]
    return {p: lake.open(p).read() for p in paths}
