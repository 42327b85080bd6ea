"""What the ledger said at an instant, from `revisions` alone.

A revision holds from the instant at which it was recorded until the next of the same incident and month. A figure that vanishes
and comes back therefore shows as two intervals.
"""

from collections.abc import Iterable
from datetime import datetime

import polars as pl

from include.aggregate.resolve import Month
from include.datasets.catalogue import REVISIONS
from include.datasets.lake import Lake

_OF = ["year", "month", "incident_id"]
"""What a row of `revisions` is a revision of: the incident as far as it is in that month."""

NEEDED = [*_OF, "revision", "recorded_at", "change"]
"""The columns that :func:`as_of` cannot do without."""


def read(lake: Lake, months: Iterable[Month] | None = None, columns: list[str] | None = None) -> pl.DataFrame:
    """The revisions of some months or of all, with their partition columns. Reads only the columns that are asked for."""
    paths = None if months is None else [p for year, month in months for p in lake.files(REVISIONS, year=year, month=month)]
    return lake.frame(REVISIONS, columns, paths)


def as_of(revisions: pl.DataFrame, instant: datetime) -> pl.DataFrame:
    """The incidents as the ledger said at an instant: the rows of `revisions` that stood then.

    Nothing recorded later has a say. Columnar: a million revisions take about a second.
    """
    recorded = revisions.select(NEEDED).with_row_index("row")
    recorded = recorded.filter(pl.col("recorded_at") <= instant)
    last = recorded.filter(pl.col("revision") == pl.col("revision").max().over(_OF), pl.col("change") != "removed")
    return revisions[last.sort(_OF)["row"]]


def intervals(revisions: pl.DataFrame) -> pl.DataFrame:
    """The rows of `revisions` but for the removed ones, with `recorded_to`: until when each stood (null: it still does)."""
    until = pl.col("recorded_at").shift(-1).over(_OF, order_by="revision").alias("recorded_to")
    return revisions.with_columns(until).filter(pl.col("change") != "removed").sort(*_OF, "revision")


def current_ids(revisions: pl.DataFrame, of: Iterable[str] | None = None) -> dict[str, str | None]:
    """For every incident that there ever was, or those of some ids, the id of the one that holds its founding report now.

    That is its own id as long as it stands. Where the founding report is gone, the first of its other reports leads on; null
    where all are gone. A merge that is withdrawn therefore brings both ids back, and chains of merges need no walking.
    """
    last = revisions["recorded_at"].max()
    if last is None:
        return {}
    holders = as_of(revisions, last).select(report_id="report_ids", current="incident_id").explode("report_id")
    known = revisions if of is None else revisions.filter(pl.col("incident_id").is_in(list(of)))
    known = known.select("incident_id", "report_ids", "recorded_at", "revision").sort("recorded_at", "revision")
    reports = known.unique("incident_id", keep="last").select("incident_id", report_id="report_ids").explode("report_id")
    found = reports.join(holders, on="report_id", how="left", maintain_order="left").group_by("incident_id")
    ids = found.agg(pl.col("current").drop_nulls().first()).sort("incident_id")
    return dict(ids.iter_rows())
