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
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from statistics import median
from typing import Any

import polars as pl

from include.aggregate.resolve import Month

PAST = 12
"""Months of a source's past that are looked at."""
ENOUGH = 3
"""Fewest whole months of a past to judge by."""
SHORT = ("low", "interrupted", "silent")
"""Statuses of a month whose quiet is not to be read as peace."""
LIVE = pl.col("via").fill_null("live") == "live"
"""What was fetched, of articles or documents. An archive that ends is no source that fell silent."""

_WEEK = 7


@dataclass(frozen=True)
class Seen:
    """What was seen of sources, as frames."""

    articles: pl.DataFrame
    """A row an article: article_id, source, outlet, and the day of publication (of capture where the page states none)."""
    reports: pl.DataFrame
    """What was read out of articles: article_id, country."""
    attempts: pl.DataFrame
    """The number n of fetches by source, day, outcome and error_class."""
    followed: pl.DataFrame
    """The day to which each source is followed: source, last."""

    def sources(self) -> pl.DataFrame:
        """Each source with its first day (`begun`), the day to which it is followed (`last`) and its latest outlet."""
        articles, attempts = (frame.join(self.followed, on="source") for frame in (self.articles, self.attempts))
        traces = pl.concat([frame.select("source", "day", "last") for frame in (articles, attempts)])
        begun = traces.filter(pl.col("day") <= pl.col("last")).group_by("source").agg(pl.col("day").min().alias("begun"))
        newest = articles.filter(pl.col("day") <= pl.col("last")).filter(pl.col("day") == pl.col("day").max().over("source"))
        outlets = newest.group_by("source").agg(pl.col("outlet").max())
        return begun.join(self.followed, on="source").join(outlets, on="source", how="left").sort("source")


def coverage(seen: Seen) -> list[dict[str, Any]]:
    """The rows of `coverage`, with the partition column `year`, for every source and month from its first trace to the day to
    which it is followed; what claims to be published after it is left out.
    """
    return rows_since(seen, seen.sources().with_columns(since=pl.col("begun").dt.truncate("1mo")))


def rows_since(seen: Seen, sources: pl.DataFrame, stood: pl.DataFrame | None = None) -> list[dict[str, Any]]:
    """The rows of some of the `sources`, each from the month that begins on the day `since`; `stood` has the rows before."""
    reach = sources.select("source", "last", first=pl.col("since").dt.offset_by(f"-{PAST}mo"))
    within = pl.col("day").is_between("first", "last")
    articles, attempts = (frame.join(reach, on="source").filter(within) for frame in (seen.articles, seen.attempts))
    facts: dict[str, dict[Month, dict[str, Any]]] = defaultdict(dict)
    for fact in _facts(articles, seen.reports, attempts).iter_rows(named=True):
        facts[fact["source"]][_month(fact["month"])] = fact
    past = {} if stood is None else _past(stood, sources)
    return [
        row
        for source in sources.iter_rows(named=True)
        for row in _of_source(source, facts[source["source"]], past.get(source["source"], []))
    ]


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


def _facts(articles: pl.DataFrame, reports: pl.DataFrame, attempts: pl.DataFrame) -> pl.DataFrame:
    """What was seen of each source in each month in which anything was."""
    by = "source", pl.col("day").dt.truncate("1mo").alias("month")
    seen = articles.group_by(by).agg(
        n_articles=pl.len(),
        first_day=pl.col("day").min(),
        last_day=pl.col("day").max(),
        widest=pl.col("day").unique().sort().diff().dt.total_days().max(),
    )
    told = reports.join(articles, on="article_id").group_by(by)
    told = told.agg(n_reporting=pl.col("article_id").n_unique(), countries=pl.col("country").drop_nulls().unique().sort())
    kind = pl.coalesce("error_class", "outcome").alias("kind")
    failures = (
        attempts.filter(pl.col("outcome").is_in(["failed", "blocked", "held"])).group_by(*by, kind).agg(pl.col("n").sum())
    )
    failures = failures.sort("n", "kind", descending=[True, False]).group_by("source", "month", maintain_order=True)
    failed = failures.agg(n_failed=pl.col("n").sum(), errors=pl.format("{}: {}", "kind", "n"))
    tried = attempts.group_by(by).agg(n_attempts=pl.col("n").sum())
    facts = seen.join(told, on=["source", "month"], how="left").join(tried, on=["source", "month"], how="full", coalesce=True)
    return facts.join(failed, on=["source", "month"], how="left")


def _past(stood: pl.DataFrame, sources: pl.DataFrame) -> dict[str, list[tuple[int, int]]]:
    """By source what :func:`_of_source` has learnt before the month `since`, out of the rows that stood."""
    rows = stood.join(sources.select("source", "since", "begun"), on="source").with_columns(day=pl.date("year", "month", 1))
    usual = rows.filter(pl.col("day").is_between("begun", "since", closed="left"), ~pl.col("status").is_in(SHORT)).sort("day")
    usual = usual.filter(pl.col("n_articles").cum_max().over("source") > 0)
    learnt = usual.group_by("source").agg(pl.concat_list("n_articles", "silent_days").tail(PAST))
    return {source: [(number, gap) for number, gap in months] for source, months in learnt.iter_rows()}


def _of_source(
    source: Mapping[str, Any], facts: Mapping[Month, Mapping[str, Any]], past: list[tuple[int, int]]
) -> Iterator[dict[str, Any]]:
    """A row a month from the month `since` on: what was published, against the months before. `past` has the number of
    articles and the longest gap of those that say what is usual.
    """
    begun, last = source["begun"], source["last"]
    month = _month(max(begun, source["since"]))
    while month <= _month(last):
        first, end = date(*month, 1), min(_end_of(month), last)
        fact = facts.get(month, {})
        number, gap = fact.get("n_articles") or 0, _longest_gap(fact, max(first, begun), end)
        share = ((end - first).days + 1) / ((_end_of(month) - first).days + 1)
        row = {"year": month[0], "month": month[1], "source": source["source"], "outlet": source["outlet"]}
        row |= {"n_articles": number, "silent_days": gap, "n_reporting": fact.get("n_reporting") or 0}
        row |= _judged(number, gap, past[-PAST:], share, (end - first).days + 1)
        told = (facts.get(_months_before(month, n), {}).get("countries") or () for n in range(1, PAST + 1))
        row |= {"countries": sorted({country for countries in told for country in countries})}
        row |= {"n_attempts": fact.get("n_attempts") or 0, "n_failed": fact.get("n_failed") or 0}
        yield row | {"errors": fact.get("errors") or []}
        if row["status"] not in SHORT and first >= begun and share == 1 and (past or number):
            past.append((number, gap))
        month = _months_before(month, -1)


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


@cache
def _months_before(month: Month, n: int) -> Month:
    years, months = divmod(month[0] * 12 + month[1] - 1 - n, 12)
    return years, months + 1


@cache
def _end_of(month: Month) -> date:
    return date(*_months_before(month, -1), 1) - timedelta(days=1)
