"""Each source day by day: how often it was visited, what it listed, what came of fetching that and of cleaning it.

Where coverage says that a source fell silent, this says at which step: not visited, nothing listed, listed and not fetched,
fetched and held, or fetched and without text. What was imported from archives is not counted.

Counted anew are the months of which a file tells that is new, gone or not as it was, and those whose own file is not as it was
written; all that tells of one of them is read for it.
"""

from collections.abc import Collection
from typing import Any

import polars as pl

from include.aggregate import VERSION
from include.aggregate.coverage import LIVE
from include.clean import STAGE as CLEAN
from include.datasets import batches
from include.datasets.catalogue import ARTICLES, COVERAGE_DAYS, DOCUMENTS, SCRAPES
from include.datasets.lake import Lake, month_in

RECORD = batches.record_path("coverage_days", "lake")

_PAGES = LIVE & pl.col("listing").fill_null(False).not_()
_READ = (
    (SCRAPES, ["source", "started_at", "outcome", "error_class", "n_requests", "n_new", "n_left"], None),
    (DOCUMENTS, ["source", "fetched_at", "outcome", "error_class"], _PAGES),
    (ARTICLES, ["source", "captured_at", "clean_outcome"], LIVE),
)
"""What is counted: of which datasets which columns, the second of them the instant, and which rows."""
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
    of_visits = visits.filter(pl.col("outcome") == "failed").select(
        "source", _day("started_at"), kind=pl.format("visit {}", "error_class")
    )
    of_pages = attempts.filter(~pl.col("outcome").is_in(_ANSWERED)).select(
        "source", _day("fetched_at"), kind=pl.coalesce("error_class", "outcome")
    )
    kinds = pl.concat([of_visits, of_pages]).group_by(*_BY, "kind").len("n").sort("n", "kind", descending=[True, False])
    errors = kinds.group_by(_BY, maintain_order=True).agg(errors=pl.format("{}: {}", "kind", "n"))
    cleaned = articles.group_by("source", _day("captured_at")).agg(n_cleaned=(pl.col("clean_outcome") == "cleaned").sum())
    rows = seen
    for frame in (tried, errors, cleaned):
        rows = rows.join(frame, on=_BY, how="full", coalesce=True)
    rows = rows.with_columns(pl.col(_COUNTS).fill_null(0).cast(pl.Int32), pl.col("errors").fill_null([]))
    return rows.with_columns(year=pl.col("day").dt.year(), month=pl.col("day").dt.month().cast(pl.Int32)).sort(_BY)


def cover_days(lake: Lake) -> dict[str, Any]:
    """Write the files of months that differ from what they hold, and return {"months": [...], "counts": {...}}."""
    record = lake.read_json(RECORD) or {}
    known = record["inputs"] if record.get("version") == VERSION else {}
    written = record.get("outputs", {})
    files = lake.hashes(SCRAPES) | dict.fromkeys(lake.files(DOCUMENTS), "") | batches.hashes(lake, CLEAN, ARTICLES)
    inputs = {path: known[path] for path, sha in files.items() if path in known and known[path][0] == sha}
    inputs |= {path: [files[path], *months] for path, months in _months_of(lake, files.keys() - inputs.keys()).items()}
    changed = {path for path in known.keys() | inputs.keys() if known.get(path) != inputs.get(path)}
    pending = {month for path in changed for of in (known, inputs) for month in of.get(path, [])[1:]}
    pending |= {_name(*month_in(path)) for path, _ in written.items() ^ lake.hashes(COVERAGE_DAYS).items()}
    if not changed and not pending:
        return {"months": [], "counts": {"coverage_days": 0}}
    lake.remove(RECORD)
    months, n_rows = _count(lake, pending, {path for path, (_, *of) in inputs.items() if not pending.isdisjoint(of)})
    lake.write_json(RECORD, {"version": VERSION, "inputs": inputs, "outputs": lake.hashes(COVERAGE_DAYS)})
    return {"months": months, "counts": {"coverage_days": n_rows}}


def _months_of(lake: Lake, paths: Collection[str]) -> dict[str, list[str]]:
    """The months of which each of some files tells."""
    found: dict[str, list[str]] = {path: [] for path in paths}
    for dataset, (_, instant, *_), where in _READ:
        of_dataset = sorted(path for path in paths if path.startswith(f"{dataset.name}/"))
        rows = lake.frame(dataset, [instant], of_dataset, where=where, file="file")
        for path, month in rows.select("file", pl.col(instant).dt.strftime("%Y-%m")).unique().sort("file", instant).iter_rows():
            found[path].append(month)
    return found


def _count(lake: Lake, pending: Collection[str], paths: Collection[str]) -> tuple[list[list[int]], int]:
    """Count the days of some months, of which some files tell; those that differ from what was stored, and their rows."""
    new = days(
        *(
            lake.frame(d, columns, sorted(p for p in paths if p.startswith(f"{d.name}/")), where=where)
            for d, columns, where in _READ
        )
    )
    stored = lake.frame(COVERAGE_DAYS, paths=[p for p in lake.files(COVERAGE_DAYS) if _name(*month_in(p)) in pending])
    new = new.select(stored.columns).cast(stored.schema)
    months, n_rows = [], 0
    for name in sorted(pending):
        partition = dict(zip(("year", "month"), map(int, name.split("-")), strict=True))
        rows, before = (frame.filter(**partition).drop("year", "month").sort(_BY) for frame in (new, stored))
        if rows.equals(before):
            continue
        if len(rows):
            lake.write(COVERAGE_DAYS, partition, COVERAGE_DAYS.name, rows.to_arrow())
        else:
            lake.remove(lake.path(COVERAGE_DAYS, partition, COVERAGE_DAYS.name))
        months.append([*partition.values()])
        n_rows += len(rows)
    return months, n_rows


def _name(year: int, month: int) -> str:
    return f"{year}-{month:02}"


def _day(instant: str) -> pl.Expr:
    return pl.col(instant).dt.date().alias("day")
