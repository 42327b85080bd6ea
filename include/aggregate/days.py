"""Each source day by day: how often it was visited, what it listed, what came of fetching that and of cleaning it.

Where coverage says that a source fell silent, this says at which step: not visited, nothing listed, listed and not fetched,
fetched and held, or fetched and without text. What was imported from archives is not counted.
"""

from typing import Any

import polars as pl

from include.aggregate.coverage import LIVE
from include.datasets.catalogue import ARTICLES, COVERAGE_DAYS, DOCUMENTS, SCRAPES
from include.datasets.lake import Lake

_BY = ["source", "day"]
_ANSWERED = ("captured", "not_modified", "held")
_COUNTS = [column.name for column in COVERAGE_DAYS.columns if column.name.startswith("n_")]


def days(visits: pl.DataFrame, attempts: pl.DataFrame, articles: pl.DataFrame) -> pl.DataFrame:
    """The rows of `coverage_days`, with its partition columns.

    `visits` are rows of scrapes, `attempts` rows of documents that are no listings (source, fetched_at, outcome, error_class),
    `articles` rows of articles (source, captured_at, clean_outcome).
    """
    seen = visits.sort("started_at").group_by("source", _day("started_at")).agg(
        n_visits=pl.len(),
        n_visits_failed=(pl.col("outcome") == "failed").sum(),
        n_requests=pl.col("n_requests").sum(),
        n_listed=pl.col("n_new").sum(),
        n_left=pl.col("n_left").last(),
    )  # fmt: skip
    tried = attempts.group_by("source", _day("fetched_at")).agg(
        n_captured=(pl.col("outcome") == "captured").sum(),
        n_not_modified=(pl.col("outcome") == "not_modified").sum(),
        n_held=(pl.col("outcome") == "held").sum(),
        n_failed=(~pl.col("outcome").is_in(_ANSWERED)).sum(),
    )
    failed = attempts.filter(~pl.col("outcome").is_in(_ANSWERED))
    kind = pl.coalesce("error_class", "outcome").alias("kind")
    kinds = failed.group_by("source", _day("fetched_at"), kind).len("n").sort("n", "kind", descending=[True, False])
    errors = kinds.group_by(_BY, maintain_order=True).agg(errors=pl.format("{}: {}", "kind", "n"))
    cleaned = articles.group_by("source", _day("captured_at")).agg(n_cleaned=(pl.col("clean_outcome") == "cleaned").sum())
    rows = seen
    for frame in (tried, errors, cleaned):
        rows = rows.join(frame, on=_BY, how="full", coalesce=True)
    rows = rows.with_columns(pl.col(_COUNTS).fill_null(0).cast(pl.Int32), pl.col("errors").fill_null([]))
    return rows.with_columns(year=pl.col("day").dt.year(), month=pl.col("day").dt.month().cast(pl.Int32)).sort(_BY)


def cover_days(lake: Lake) -> dict[str, Any]:
    """Write the files of months that differ from what they hold, and return {"months": [...], "counts": {...}}."""
    pages = LIVE & pl.col("listing").fill_null(False).not_()
    attempts = lake.frame(DOCUMENTS, ["source", "fetched_at", "outcome", "error_class"], where=pages)
    new = days(
        lake.frame(SCRAPES, ["source", "started_at", "outcome", "n_requests", "n_new", "n_left"]),
        attempts,
        lake.frame(ARTICLES, ["source", "captured_at", "clean_outcome"], where=LIVE),
    )
    stored = lake.frame(COVERAGE_DAYS)
    new = new.select(stored.columns).cast(stored.schema)
    changed = pl.concat([new, stored]).unique(keep="none").select("year", "month").unique().sort("year", "month")
    for year, month in changed.iter_rows():
        rows = new.filter(year=year, month=month).drop("year", "month")
        partition = {"year": year, "month": month}
        if len(rows):
            lake.write(COVERAGE_DAYS, partition, COVERAGE_DAYS.name, rows.to_arrow())
        else:
            lake.remove(lake.path(COVERAGE_DAYS, partition, COVERAGE_DAYS.name))
    rows = new.join(changed, on=["year", "month"], how="semi")
    return {"months": [list(month) for month in changed.iter_rows()], "counts": {"coverage_days": len(rows)}}


def _day(instant: str) -> pl.Expr:
    return pl.col(instant).dt.date().alias("day")
