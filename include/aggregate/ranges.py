"""Counts as ranges that can be compared."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

MEASURES = ("killed", "injured", "casualties")
"""The measures that reports and incidents count: stems of their _low, _best and _high columns."""


@dataclass(frozen=True, slots=True)
class Range:
    """A count as bounds that can be compared: `high` is infinite where the words set no upper bound."""

    low: int
    high: float

    def overlaps(self, other: "Range") -> bool:
        """Whether one number can satisfy both."""
        return self.low <= other.high and other.low <= self.high

    @property
    def exact(self) -> bool:
        """Whether it is a single number."""
        return self.low == self.high


def range_of(row: Mapping[str, Any], measure: str) -> Range | None:
    """The range that a report or incident states of a measure; None if it states none."""
    low, best, high = (row.get(f"{measure}_{bound}") for bound in ("low", "best", "high"))
    if low is None and best is None and high is None:
        return None
    floor = low if low is not None else best if best is not None else 0
    return Range(floor, high if high is not None else math.inf)


def total(rows: Iterable[Mapping[str, Any]], measure: str) -> tuple[int | None, int | None, int | None]:
    """Low, best and high of a measure over several incidents, by the rules of `monthly_tallies`: an incident without best
    counts its low; the high is None where one has no upper bound; all are None where none states the measure.
    """
    bounds = [tuple(row[f"{measure}_{b}"] for b in ("low", "best", "high")) for row in rows if range_of(row, measure)]
    if not bounds:
        return None, None, None
    lows = [low if low is not None else best or 0 for low, best, _ in bounds]
    bests = [best if best is not None else low or 0 for low, best, _ in bounds]
    highs = [high for *_, high in bounds]
    return sum(lows), sum(bests), None if None in highs else sum(highs)
