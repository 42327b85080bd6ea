"""Candidate pairs in the lake: which reports were compared with which, and what came of it.

A pair stands in the month in which the later of the two windows begins, so that the pairs of a report are in the months that
its own window touches; a pair without a common time, one of an undated report or of a text republished long after, is in
year=0/month=0.
"""

from collections.abc import Callable, Iterator, Set
from datetime import date, timedelta

import polars as pl

from include.aggregate.resolve import Month
from include.datasets.catalogue import CANDIDATE_PAIRS
from include.datasets.lake import Lake

_NO_TIME: Month = (0, 0)
_DAY = timedelta(days=1)


def with_month(pairs: pl.DataFrame) -> pl.DataFrame:
    """The pairs of a linkage with the `year` and `month` that they stand in."""
    year, month = (pl.col("day").dt.year(), pl.col("day").dt.month().cast(pl.Int32))
    return pairs.with_columns(year=year.fill_null(0), month=month.fill_null(0)).drop("day")


class MonthsInOrder:
    """Pairs that come in the order of their days, those of no day last, are handed on month by month, each month whole."""

    def __init__(self, write: Callable[[pl.DataFrame], object]):
        self._write = write
        self._held: list[pl.DataFrame] = []
        self.n = 0
        """Pairs taken in."""

    def take(self, pairs: pl.DataFrame) -> None:
        """Take in pairs of which none is of a day before those taken in already."""
        self.n += pairs.height
        self._held.append(pairs)
        if last := pairs["day"].max():
            whole = pl.concat(self._held)
            begun = (pl.col("day") >= last.replace(day=1)).fill_null(True)
            self._held = [whole.filter(begun)]
            self._hand_on(whole.filter(~begun))

    def close(self) -> None:
        """There are no more."""
        self._hand_on(pl.concat(self._held))

    def _hand_on(self, pairs: pl.DataFrame) -> None:
        if pairs.height:
            self._write(with_month(pairs))


def months_of(windows: pl.DataFrame) -> set[Month]:
    """The months in which pairs of reports with these windows (first_day, last_day) stand."""
    spans = windows.select("first_day", "last_day").drop_nulls().unique().iter_rows()
    return {_NO_TIME}.union(*(set(_months(first, last + _DAY)) for first, last in spans))


class StoredPairs:
    """The pairs in the lake that link, looked up by report; each month is read when it is first needed."""

    def __init__(self, lake: Lake, windows: pl.DataFrame):
        self._lake = lake
        self._windows = windows
        self._there = set(lake.files(CANDIDATE_PAIRS))
        self._read: dict[Month, pl.DataFrame] = {}

    def of(self, reports: Set[str]) -> set[str]:
        """The reports that link with any of `reports`."""
        found: set[str] = set()
        for pairs in self._months_with(reports).values():
            found.update(pairs["report_a"], pairs["report_b"])
        return found - reports

    def months_with(self, reports: Set[str]) -> set[Month]:
        """The months in which a pair of one of `reports` stands."""
        return {month for month, pairs in self._months_with(reports, linked=False).items() if len(pairs)}

    def _months_with(self, reports: Set[str], linked: bool = True) -> dict[Month, pl.DataFrame]:
        months = months_of(self._windows.filter(pl.col("report_id").is_in(reports)))
        of_them = pl.col("report_a").is_in(reports) | pl.col("report_b").is_in(reports)
        return {m: self._month(m).filter(of_them & (pl.col("linked") | (not linked))) for m in sorted(months)}

    def _month(self, month: Month) -> pl.DataFrame:
        if month not in self._read:
            path = self._lake.path(CANDIDATE_PAIRS, {"year": month[0], "month": month[1]}, CANDIDATE_PAIRS.name)
            paths = [path] if path in self._there else []
            self._read[month] = self._lake.frame(CANDIDATE_PAIRS, ["report_a", "report_b", "linked"], paths)
        return self._read[month]


def _months(first: date, last: date) -> Iterator[Month]:
    for n in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        yield n // 12, n % 12 + 1
