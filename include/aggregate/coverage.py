"""Coverage: how many articles each source published, month by month, against what its own past lets expect.

A source that dies looks like peace. What it published before says what to expect of a month; a month that falls far short is
`low`, one that breaks off `interrupted`, one without any article `silent`. The rules, all ours:

- Expected is the median of the last twelve whole months that were not flagged, lowest the least of them. The month in which a
  source begins is no whole month. With fewer than three there is nothing to judge by: `too_new`.
- A month counts as short only where chance does not explain it: a Poisson count of what was expected is as small in fewer than
  one month in a hundred.
- A source is followed to the day of the lake's last capture, and only that share of the last month is expected of it. One whose
  newest article was captured more than a month after its publication comes from an archive: it is followed to that article.
"""

import math
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from hashlib import sha256
from statistics import median
from typing import Any

import polars as pl

from include.aggregate import VERSION
from include.aggregate.resolve import Month
from include.datasets import batches
from include.datasets.catalogue import ARTICLES, COVERAGE, DOCUMENTS, REPORTS
from include.datasets.lake import Lake
from include.datasets.schema import Dataset

PAST = 12
"""Months of a source's past that are looked at."""
ENOUGH = 3
"""Fewest whole months of a past to judge by."""
SHORT = ("low", "interrupted", "silent")
"""Statuses of a month whose quiet is not to be read as peace."""

RECORD = batches.record_path("cover", "lake")

_WEEK = 7
_A_MONTH = timedelta(days=31)
LIVE = pl.col("via").fill_null("live") == "live"
"""What was fetched, of articles or documents. An archive that ends is no source that fell silent."""

_captured = pl.col("captured_at").dt.date().alias("captured")
_published_on = pl.coalesce("published_on", _captured)
_fetched = pl.col("fetch_date").str.to_date()


def coverage(published: pl.DataFrame, attempts: pl.DataFrame, followed: pl.DataFrame) -> list[dict[str, Any]]:
    """The rows of `coverage`, with the partition column `year`, for every source and month from its first trace to the day to
    which it is `followed` (source, day); what claims to be published after it is left out.

    `published` has a row a source and day of publication (of capture where the page states none): source, outlet, day,
    n_articles, n_reporting (those that a report was read out of), countries (that those reports name). `attempts` has a row
    a source, day, outcome and error_class of fetches, with their number n.
    """
    return _rows(*_facts(published, attempts, followed))


def _rows(sources: pl.DataFrame, facts: pl.DataFrame) -> list[dict[str, Any]]:
    known: dict[str, dict[Month, dict[str, Any]]] = defaultdict(dict)
    for fact in facts.iter_rows(named=True):
        known[fact["source"]][_month(fact["month"])] = fact
    rows = []
    for source in sources.iter_rows(named=True):
        of_source = known[source["source"]]
        told: deque[Sequence[str]] = deque(maxlen=PAST)
        for row in _of_source(of_source, source["begun"], source["last"]):
            fact = of_source.get((row["year"], row["month"]), {})
            row |= {"source": source["source"], "outlet": source["outlet"], "n_reporting": fact.get("n_reporting") or 0}
            row |= {"countries": sorted({country for countries in told for country in countries})}
            row |= {"n_attempts": fact.get("n_attempts") or 0, "n_failed": fact.get("n_failed") or 0}
            row |= {"errors": fact.get("errors") or []}
            told.append(fact.get("countries") or ())
            rows.append(row)
    return rows


def silent_in(rows: Iterable[Mapping[str, Any]]) -> dict[tuple[int, int, str], list[str]]:
    """The sources that fell short, by (year, month, country): what the tallies of that month and country may lack.

    `rows` are those of `coverage`; a source counts for the countries that it told of in the twelve months before.
    """
    silent: dict[tuple[int, int, str], list[str]] = defaultdict(list)
    for row in rows:
        if row["status"] in SHORT:
            for country in row["countries"]:
                silent[row["year"], row["month"], country].append(row["source"])
    return {key: sorted(sources) for key, sources in silent.items()}


def cover(lake: Lake) -> dict[str, Any]:
    """Write the files of years whose coverage differs from what they hold, and return {"years": [...], "counts": {...}}.

    Only sources whose articles or fetches changed since are looked at; all of them, if a file was lost or changed.
    """
    facts = _facts(*_seen(lake))
    hashes = _hashes(*facts)
    record = lake.read_json(RECORD) or {}
    intact = record.get("version") == VERSION and record["outputs"] == lake.hashes(COVERAGE)
    known = record["sources"] if intact else {}
    changed = {source for source in hashes.keys() | known.keys() if hashes.get(source) != known.get(source)}
    if intact and not changed:
        return {"years": [], "counts": {"coverage": 0}}
    stale = pl.col("source").is_in(changed) if intact else pl.lit(value=True)
    facts = (frame.filter(pl.col("source").is_in(changed)) for frame in facts)
    stored = lake.frame(COVERAGE)
    new = pl.DataFrame(_rows(*facts), schema=stored.schema)
    years = sorted({*stored.filter(stale)["year"], *new["year"]})
    lake.remove(RECORD)
    current = pl.concat([stored.filter(~stale), new]).filter(pl.col("year").is_in(years))
    for year in years:
        _replace(lake, year, current.filter(pl.col("year") == year).drop("year"))
    lake.write_json(RECORD, {"version": VERSION, "sources": hashes, "outputs": lake.hashes(COVERAGE)})
    return {"years": years, "counts": {"coverage": len(current)}}


def coverage_as_of(lake: Lake, instant: datetime) -> list[dict[str, Any]]:
    """The rows of `coverage` that what was captured until an instant gives, read as the lake reads it now."""
    return coverage(*_seen(lake, instant))


def _seen(lake: Lake, until: datetime | None = None) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """What :func:`coverage` needs, as frames, of all captures or of those until an instant."""

    def captured(dataset: Dataset, instant: str, *columns: str) -> pl.DataFrame:
        where = None if until is None else (pl.col(instant) <= until).fill_null(True)
        return lake.frame(dataset, [*columns, instant], where=where)

    articles = captured(ARTICLES, "captured_at", "via", "article_id", "source", "outlet", "published_on").filter(LIVE)
    documents = captured(DOCUMENTS, "fetched_at", "via", "source", "fetch_date", "outcome", "error_class").filter(LIVE)
    return (
        _published(articles, captured(REPORTS, "recorded_at", "article_id", "country")),
        documents.group_by("source", _fetched.alias("day"), "outcome", "error_class").len("n"),
        _followed_to(articles, documents),
    )


def _published(articles: pl.DataFrame, reports: pl.DataFrame) -> pl.DataFrame:
    """The articles, each counted once however often it was captured, by source, outlet and day."""
    by = ["source", "outlet", "day"]
    once = (
        articles.sort("captured_at", "source")
        .group_by("article_id")
        .last()
        .select("article_id", *by[:2], _published_on.alias("day"))
    )
    told = (
        reports.join(once, on="article_id")
        .group_by(by)
        .agg(
            pl.col("article_id").n_unique().alias("n_reporting"),
            pl.col("country").drop_nulls().unique().sort().alias("countries"),
        )
    )
    return (
        once.group_by(by)
        .len("n_articles")
        .join(told, on=by, how="left", nulls_equal=True)
        .with_columns(pl.col("n_reporting").fill_null(0))
    )


def _followed_to(articles: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """The day to which each source is followed."""
    captured = pl.concat([articles.select("source", _captured), documents.select("source", _fetched.alias("captured"))])
    newest = articles.filter(pl.col("published_on") <= _captured).sort("published_on", _captured).group_by("source").last()
    archive = newest.filter(_captured - pl.col("published_on") > _A_MONTH).select("source", "published_on")
    sources = captured.select("source", last=pl.col("captured").max()).unique("source")
    return sources.join(archive, on="source", how="left").select("source", day=pl.coalesce("published_on", "last"))


def _hashes(*frames: pl.DataFrame) -> dict[str, str]:
    """A hash for each source of its rows in all frames."""
    lines = []
    for n, frame in enumerate(frames):
        rows = frame.select("source", line=pl.format("{} {}", pl.lit(n), pl.struct(pl.exclude("source")).struct.json_encode()))
        lines.append(rows)
    of_source = pl.concat(lines).sort("source", "line").group_by("source", maintain_order=True).agg("line")
    return {source: sha256("\n".join(rows).encode()).hexdigest() for source, rows in of_source.iter_rows()}


def _replace(lake: Lake, year: int, rows: pl.DataFrame) -> None:
    """Make the year's file hold these rows; none: remove it."""
    if len(rows):
        lake.write(COVERAGE, {"year": year}, COVERAGE.name, rows.to_arrow())
    else:
        lake.remove(lake.path(COVERAGE, {"year": year}, COVERAGE.name))


def _facts(published: pl.DataFrame, attempts: pl.DataFrame, followed: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What :func:`coverage` is made from: the sources, sorted, with the day of the first trace, the last day to which each is
    followed and its latest outlet; and what was seen of each in each month in which anything was.
    """
    last = followed.select("source", last="day")
    published, attempts = (
        frame.join(last, on="source").filter(pl.col("day") <= pl.col("last")) for frame in (published, attempts)
    )
    return _sources(published, attempts), _months(published, attempts)


def _sources(published: pl.DataFrame, attempts: pl.DataFrame) -> pl.DataFrame:
    columns = "source", "day", "last"
    traces = pl.concat([published.select(columns), attempts.select(columns)])
    outlets = published.sort("day", pl.col("outlet").fill_null("")).group_by("source").agg(pl.col("outlet").last())
    begun = traces.group_by("source").agg(begun=pl.col("day").min(), last=pl.col("last").first())
    return begun.join(outlets, on="source", how="left").sort("source")


def _months(published: pl.DataFrame, attempts: pl.DataFrame) -> pl.DataFrame:
    by = "source", pl.col("day").dt.truncate("1mo").alias("month")
    seen = published.group_by(by).agg(
        pl.col("n_articles", "n_reporting").sum(),
        pl.col("countries").explode(empty_as_null=True).drop_nulls().unique().sort(),
        first_day=pl.col("day").min(),
        last_day=pl.col("day").max(),
        widest=pl.col("day").unique().sort().diff().dt.total_days().max(),
    )
    kind = pl.coalesce("error_class", "outcome").alias("kind")
    failures = attempts.filter(pl.col("outcome").is_in(["failed", "blocked"])).group_by(*by, kind).agg(pl.col("n").sum())
    failures = failures.sort("n", "kind", descending=[True, False]).group_by("source", "month", maintain_order=True)
    failed = failures.agg(n_failed=pl.col("n").sum(), errors=pl.format("{}: {}", "kind", "n"))
    tried = attempts.group_by(by).agg(n_attempts=pl.col("n").sum()).join(failed, on=["source", "month"], how="left")
    return seen.join(tried, on=["source", "month"], how="full", coalesce=True)


def _of_source(facts: Mapping[Month, Mapping[str, Any]], begun: date, last: date) -> Iterator[dict[str, Any]]:
    """A row a month: what was published, against the months before."""
    past: list[tuple[int, int]] = []
    month = _month(begun)
    while month <= _month(last):
        first, end = date(*month, 1), min(_end_of(month), last)
        fact = facts.get(month, {})
        number, gap = fact.get("n_articles") or 0, _longest_gap(fact, max(first, begun), end)
        row = {"year": month[0], "month": month[1], "n_articles": number, "silent_days": gap}
        share = ((end - first).days + 1) / ((_end_of(month) - first).days + 1)
        row |= _judged(number, gap, past[-PAST:], share, (end - first).days + 1)
        yield row
        if row["status"] not in SHORT and first >= begun and share == 1 and (past or number):
            past.append((number, gap))
        month = _next(month)


def _judged(number: int, gap: int, past: Sequence[tuple[int, int]], share: float, days: int) -> dict[str, Any]:
    if len(past) < ENOUGH:
        return {"n_expected": None, "lowest_before": None, "status": "too_new"}
    usual, lowest = median(n for n, _ in past), min(n for n, _ in past)
    expected = usual * share
    bounds = {"n_expected": math.floor(expected + 0.5), "lowest_before": lowest}
    a_day = usual * share / days
    if number == 0 and _improbable(0, expected):
        status = "silent"
    elif number < lowest * share / 2 and _improbable(number, expected):
        status = "low"
    elif gap >= _WEEK and gap > 2 * max(g for _, g in past) and _improbable(0, a_day * gap):
        status = "interrupted"
    else:
        status = "usual" if share == 1 else "in_progress"
    return bounds | {"status": status}


def _improbable(number: int, expected: float) -> bool:
    """Whether a Poisson count with this mean is so small in less than one month in a hundred."""
    if expected <= 0:
        return False
    return sum(math.exp(k * math.log(expected) - expected - math.lgamma(k + 1)) for k in range(number + 1)) < 0.01


def _longest_gap(fact: Mapping[str, Any], first: date, end: date) -> int:
    """The most days in a row without an article, from `first` to `end`."""
    if not fact.get("n_articles"):
        return (end - first).days + 1
    return max((fact["first_day"] - first).days, (fact["widest"] or 1) - 1, (end - fact["last_day"]).days)


def _month(day: date) -> Month:
    return day.year, day.month


def _next(month: Month) -> Month:
    return (month[0] + month[1] // 12, month[1] % 12 + 1)


@cache
def _end_of(month: Month) -> date:
    return date(*_next(month), 1) - timedelta(days=1)
