"""What the ledger said at an instant, from `revisions` alone.

A revision holds from the instant at which it was recorded until the next of the same incident and month. A figure that vanishes
and comes back therefore shows as two intervals.
"""

from collections.abc import Collection
from datetime import datetime

import polars as pl

from include.aggregate.resolve import Month
from include.datasets.catalogue import REVISIONS
from include.datasets.lake import Lake, partition_of

_OF = ["year", "month", "incident_id"]
"""What a row of `revisions` is a revision of: the incident as far as it is in that month."""


def read(lake: Lake, months: Collection[Month] | None = None, columns: list[str] | None = None) -> pl.DataFrame:
    """The revisions of some months or of all, with their partition columns. Reads only the columns that are asked for."""
    paths = [p for p in lake.files(REVISIONS) if months is None or _month(p) in months]
    return pl.DataFrame(lake.read(REVISIONS, columns, paths))


def as_of(revisions: pl.DataFrame, instant: datetime) -> pl.DataFrame:
    """The incidents as the ledger said at an instant: the rows of `revisions` that stood then.

    Nothing recorded later has a say. Columnar: a million revisions take about a second.
    """
    recorded = revisions.filter(pl.col("recorded_at") <= instant).sort("revision", maintain_order=True)
    return recorded.unique(_OF, keep="last", maintain_order=True).filter(pl.col("change") != "removed").sort(_OF)


def intervals(revisions: pl.DataFrame) -> pl.DataFrame:
    """The rows of `revisions` but for the removed ones, with `recorded_to`: until when each stood (null: it still does)."""
    until = pl.col("recorded_at").shift(-1).over(_OF, order_by="revision").alias("recorded_to")
    return revisions.with_columns(until).filter(pl.col("change") != "removed").sort(*_OF, "revision")


def current_ids(revisions: pl.DataFrame) -> dict[str, str | None]:
    """For every incident that there ever was, the id of the one that holds its founding report now.

    That is its own id as long as it stands. Where the founding report is gone, the first of its other reports leads on; null
    where all are gone. A merge that is withdrawn therefore brings both ids back, and chains of merges need no walking.
    """
    last = revisions["recorded_at"].max()
    if last is None:
        return {}
    holders = as_of(revisions, last).select("report_ids", current="incident_id").explode("report_ids", empty_as_null=False)
    known = revisions.sort("recorded_at", "revision").unique("incident_id", keep="last").select("incident_id", "report_ids")
    reports = known.explode("report_ids", empty_as_null=False).with_row_index("order")
    found = reports.join(holders, on="report_ids", how="left", maintain_order="left").sort(pl.col("current").is_null(), "order")
    ids = found.unique("incident_id", keep="first", maintain_order=True).sort("incident_id")
    return dict(zip(ids["incident_id"], ids["current"], strict=True))


def _month(path: str) -> Month:
    partition = partition_of(path)
    return int(partition["year"]), int(partition["month"])
