"""Coverage in the lake, brought up to date as pages are fetched and read.

What a new file of articles, reports or documents brings concerns its sources, from the first month that it tells of; as the
lake's last capture moves, so does the last month of all sources. The months before stand as they are. Where a file was lost or
changed, all is made anew.
"""

from collections.abc import Mapping, Set
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from include.aggregate import VERSION
from include.aggregate.coverage import LIVE, Seen, coverage, rows_since
from include.clean import STAGE as CLEAN
from include.datasets import batches
from include.datasets.catalogue import ARTICLES, COVERAGE, DOCUMENTS, REPORTS
from include.datasets.lake import Lake, partition_of
from include.datasets.schema import Dataset
from include.extract import STAGE as EXTRACT

RECORD = batches.record_path("coverage", "lake")

_A_MONTH = timedelta(days=31)
_captured = pl.col("captured_at").dt.date()


def cover(lake: Lake) -> dict[str, Any]:
    """Write the files of years whose coverage differs from what they hold, and return {"years": [...], "counts": {...}}."""
    record = lake.read_json(RECORD) or {}
    inputs = batches.hashes(lake, CLEAN, ARTICLES) | batches.hashes(lake, EXTRACT, REPORTS)
    inputs |= dict.fromkeys(lake.files(DOCUMENTS), "")
    intact = record.get("version") == VERSION and record["outputs"] == lake.hashes(COVERAGE)
    if intact and record["inputs"] == inputs:
        return {"years": [], "counts": {"coverage": 0}}
    stored = lake.frame(COVERAGE)
    stands, followed, new = stored.clear(), {}, set()
    if intact and record["inputs"].items() <= inputs.items():
        stands, followed, new = stored, record["followed"], inputs.keys() - record["inputs"].keys()
    captures = _captures(lake)
    seen = _seen(lake, captures)
    sources = seen.sources()
    changed = _changed(sources, stands, followed, _told_of(lake, captures, new))
    stands = stands.join(sources, on="source", how="semi").join(changed, on="source", how="left")
    stands = stands.filter((pl.date("year", "month", 1) < pl.col("since")).fill_null(True)).select(stored.columns)
    rows = pl.concat([stands, pl.DataFrame(rows_since(seen, changed, stands), schema=stored.schema)])
    years, n_rows = [], 0
    lake.remove(RECORD)
    for year in sorted({*stored["year"], *rows["year"]}):
        before, now = (frame.filter(pl.col("year") == year).sort(COVERAGE.sort) for frame in (stored, rows))
        if not now.equals(before):
            _replace(lake, year, now.drop("year"))
            years.append(year)
            n_rows += len(now)
    followed = {source: str(last) for source, last in seen.followed.iter_rows()}
    lake.write_json(RECORD, {"version": VERSION, "inputs": inputs, "followed": followed, "outputs": lake.hashes(COVERAGE)})
    return {"years": years, "counts": {"coverage": n_rows}}


def coverage_as_of(lake: Lake, instant: datetime) -> list[dict[str, Any]]:
    """The rows of `coverage` that what was captured until an instant gives, read as the lake reads it now."""
    return coverage(_seen(lake, _captures(lake, instant), instant))


def _changed(sources: pl.DataFrame, stands: pl.DataFrame, followed: Mapping[str, str], told_of: pl.DataFrame) -> pl.DataFrame:
    """The sources of which a month is not as it stands, with the first day of the first such month, `since`.

    `followed` is to which day each was followed when `stands` was written, `told_of` has the days (source, day) of which new
    files tell.
    """
    were = pl.DataFrame([*followed.items()], {"source": pl.String, "to": pl.String}, orient="row")
    were = were.with_columns(pl.col("to").str.to_date())
    were = were.join(stands.group_by("source").agg(named=pl.col("outlet").first()), on="source", how="left")
    now = sources.join(were, on="source", how="left")
    now = now.join(told_of.group_by("source").agg(pl.col("day").min()), on="source", how="left")
    anew = pl.when(pl.col("to").is_null() | pl.col("named").ne_missing(pl.col("outlet"))).then("begun")
    moved = anew.when(pl.col("to") != pl.col("last")).then(pl.min_horizontal("to", "last"))
    now = now.with_columns(since=pl.min_horizontal(moved, "day").dt.truncate("1mo"))
    return now.drop_nulls("since").select(*sources.columns, "since")


def _told_of(lake: Lake, captures: pl.DataFrame, files: Set[str]) -> pl.DataFrame:
    """The days (source, day) of which some files of articles, reports and documents tell, and those where their articles were
    before.
    """
    ids = [lake.frame(d, ["article_id"], sorted(files & {*lake.files(d)})) for d in (ARTICLES, REPORTS)]
    days = captures.filter(pl.col("article_id").is_in(pl.concat(ids)["article_id"].implode())).select("source", "day")
    fetched = [partition_of(path) for path in files & {*lake.files(DOCUMENTS)}]
    fetched = [(partition["source"], date.fromisoformat(partition["fetch_date"])) for partition in fetched]
    return pl.concat([days, pl.DataFrame(fetched, days.schema, orient="row")])


def _captures(lake: Lake, until: datetime | None = None) -> pl.DataFrame:
    """Every capture of an article, or those until an instant, with the day of publication, else of the capture."""
    captures = _captured_until(lake, until, ARTICLES, "captured_at", "article_id", "source", "outlet", "published_on")
    return captures.with_columns(day=pl.coalesce("published_on", _captured))


def _seen(lake: Lake, captures: pl.DataFrame, until: datetime | None = None) -> Seen:
    """What was seen of all sources; of an article captured more than once, its last capture."""
    again = captures["article_id"].hash().is_duplicated()  # twice as fast as by the ids; a clash does no harm
    last = captures.filter(again).sort("captured_at", "source", "day", "outlet").unique("article_id", keep="last")
    documents = _captured_until(lake, until, DOCUMENTS, "fetched_at", "source", "fetch_date", "outcome", "error_class")
    documents = documents.with_columns(day=pl.col("fetch_date").str.to_date())
    return Seen(
        articles=pl.concat([captures.filter(~again), last]).select("article_id", "source", "outlet", "day"),
        reports=_captured_until(lake, until, REPORTS, "recorded_at", "article_id", "country"),
        attempts=documents.group_by("source", "day", "outcome", "error_class").len("n"),
        followed=_followed(captures, documents),
    )


def _captured_until(lake: Lake, until: datetime | None, dataset: Dataset, instant: str, *columns: str) -> pl.DataFrame:
    """Rows that live scraping brought, or what was read out of any articles."""
    where = LIVE if "via" in dataset.schema.names else pl.lit(value=True)
    if until is not None:
        where &= (pl.col(instant) <= until).fill_null(True)
    return lake.frame(dataset, [*columns, instant], where=where)


def _followed(captures: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """The day to which each source is followed."""
    fetched = pl.concat([captures.select("source", day=_captured), documents.select("source", "day")])
    known = captures.filter(pl.col("published_on") <= _captured)
    newest = known.filter(pl.col("published_on") == pl.col("published_on").max().over("source")).group_by("source")
    newest = newest.agg(pl.col("published_on").first(), found=_captured.max())
    archive = newest.filter(pl.col("found") - pl.col("published_on") > _A_MONTH)
    sources = fetched.select(pl.col("source").unique(), last=pl.lit(fetched["day"].max()))
    return sources.join(archive, on="source", how="left").select("source", last=pl.coalesce("published_on", "last"))


def _replace(lake: Lake, year: int, rows: pl.DataFrame) -> None:
    """Make the year's file hold these rows; none: remove it."""
    if len(rows):
        lake.write(COVERAGE, {"year": year}, COVERAGE.name, rows.to_arrow())
    else:
        lake.remove(lake.path(COVERAGE, {"year": year}, COVERAGE.name))
