"""Are two reports the same incident? A score for a pair, with the reasons that made it.

The weights and their meanings are data/match.yaml. Some pairs cannot be one incident, whatever else agrees:

- two reports of one article: its writer tells them apart;
- days that do not overlap and are not adjacent either;
- places farther apart than their precision allows, or in different governorates or countries where that is all that is named.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from include.aggregate.ranges import Range, range_of
from include.aggregate.spelling import folded
from include.extract import gazetteer

LONGEST = 400
"""Periods of more days than this ("in recent years") are taken for no date when reports are compared."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The table in data/match.yaml."""

    weights: dict[str, int]
    thresholds: dict[str, int]
    reach_km: dict[int, float]
    news_days: int
    related_types: tuple[frozenset[str], ...]


@cache
def rules() -> Rules:
    """The rules, read once."""
    table = yaml.safe_load((Path(__file__).parent / "data" / "match.yaml").read_text(encoding="utf-8"))
    return Rules(
        weights={name: reason["weight"] for name, reason in table["reasons"].items()},
        thresholds=table["threshold"],
        reach_km=table["reach_km"],
        news_days=table["news_days"],
        related_types=tuple(frozenset(group) for group in table["related_types"]),
    )


@dataclass(frozen=True, slots=True)
class Account:
    """What a report says, in the form in which reports are compared. Days are ordinals."""

    report_id: str
    article_id: str
    copy: str
    """Id of the group of near-duplicate texts that the article is in; its own id where it is alone."""
    background: bool
    sentence: str
    published: int | None
    first_day: int | None
    """First day on which it can have happened. An undated piece of news is taken to be of the week before publication."""
    last_day: int | None
    dated: bool
    """Whether the text gives those days."""
    latitude: float | None
    longitude: float | None
    reach: float | None
    """How far from there it can have happened, km; None: known by name only."""
    where_prec: int | None
    place: str | None
    admin1: str | None
    country: str | None
    perpetrator: str | None
    """Id in the actor table, else the folded words."""
    perpetrator_known: bool
    target_id: str | None
    target_words: frozenset[str]
    victim_class: str | None
    event_type: str | None
    killed: Range | None
    injured: Range | None
    total: Range | None
    """Killed and injured together."""
    origin: str | None

    @property
    def days(self) -> int | None:
        """How many days it can have happened on; None: no day is known."""
        return None if self.first_day is None else self.last_day - self.first_day + 1

    @property
    def is_located(self) -> bool:
        """Whether it has coordinates that are good to a district."""
        return self.reach is not None and self.where_prec <= 3

    @property
    def is_named_only(self) -> bool:
        """Whether it names a place that the gazetteer lacks."""
        return self.place is not None and self.latitude is None and self.where_prec not in (4, 5, 6)

    @property
    def is_anchor(self) -> bool:
        """Whether it is exact enough for vaguer reports to join it: news, dated to a week and placed to a district."""
        return not self.background and self.dated and self.days <= 7 and self.is_located


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two reports compared. `score` is None where they cannot be one incident, and `reasons` then names why not."""

    score: int | None
    reasons: tuple[str, ...]


def account(report: Mapping[str, Any], copy: str | None = None) -> Account:
    """What a row of `reports` says, for comparison. `copy` is the id of its article's group of near-duplicates."""
    background = report["mention_role"] == "background_reference"
    published = _ordinal(report.get("published_on"))
    first, last = _window(report, published, background)
    precision = report.get("where_prec")
    has_coordinates = report.get("latitude") is not None and report.get("longitude") is not None
    reach = rules().reach_km.get(precision) if has_coordinates else None
    killed, injured = range_of(report, "killed"), range_of(report, "injured")
    return Account(
        report_id=report["report_id"],
        article_id=report["article_id"],
        copy=copy or report["article_id"],
        background=background,
        sentence=folded(report.get("sentence")) or "",
        published=published,
        first_day=first,
        last_day=last,
        dated=report.get("date_start") is not None and first is not None,
        latitude=report["latitude"] if has_coordinates else None,
        longitude=report["longitude"] if has_coordinates else None,
        reach=reach,
        where_prec=precision,
        place=folded(report.get("place_name") or report.get("place")),
        admin1=folded(report.get("admin1")),
        country=report.get("country"),
        perpetrator=report.get("perpetrator_id") or folded(report.get("perpetrator")),
        perpetrator_known=report.get("perpetrator_id") is not None,
        target_id=report.get("target_id"),
        target_words=frozenset(w for w in (folded(report.get("target")) or "").split() if len(w) > 3),
        victim_class=_specific(report.get("victim_class"), "unknown", "mixed"),
        event_type=_specific(report.get("event_type"), "unknown"),
        killed=killed,
        injured=injured,
        total=_total(killed, injured, range_of(report, "casualties")),
        origin=folded(report.get("origin") or report.get("outlet") or report.get("source")),
    )


def compare(a: Account, b: Account) -> Comparison:
    """Score two reports. The order of the two makes no difference."""
    if a.article_id == b.article_id:
        return Comparison(None, ("same_article",))
    reasons: list[str] = []
    if (conflict := _when(a, b, reasons) or _where(a, b, reasons)) is not None:
        return Comparison(None, (conflict,))
    _who(a, b, reasons)
    _how_many(a, b, reasons)
    same_sentence = a.sentence == b.sentence and len(a.sentence) >= 30
    if same_sentence:
        reasons.append("same_sentence")
    elif a.copy == b.copy:
        reasons.append("copy_tells_both")
    weights = rules().weights
    return Comparison(sum(weights[r] for r in reasons), tuple(reasons))


def distance_km(a: Account, b: Account) -> float:
    """Great-circle distance between the coordinates of two reports, in km."""
    return gazetteer.distance_km(a.latitude, a.longitude, b.latitude, b.longitude)


def _when(a: Account, b: Account, reasons: list[str]) -> str | None:
    if a.first_day is None or b.first_day is None:
        reasons.append("no_day")
        return None
    gap = max(a.first_day, b.first_day) - min(a.last_day, b.last_day)
    if gap > 1:
        return "other_days"
    if not (a.dated and b.dated):
        reasons.append("soon_reported")
    elif gap == 1:
        reasons.append("adjacent_day")
    elif a.days == b.days == 1:
        reasons.append("same_day")
    else:
        reasons.append("days_overlap" if max(a.days, b.days) <= 7 else "period_overlaps")
    return None


def _where(a: Account, b: Account, reasons: list[str]) -> str | None:
    if a.country and b.country and a.country != b.country:
        return "other_country"
    if a.reach and b.reach:
        return _apart(a, b, reasons)
    if a.is_named_only and b.is_named_only and a.place == b.place:
        reasons.append("same_place")
        return None
    if a.admin1 and b.admin1:
        if a.admin1 != b.admin1:
            return "other_admin1"
        reasons.append("same_admin1")
    else:
        reasons.append("same_country" if a.country and b.country else "no_place")
    if (a.is_named_only and (b.is_located or b.is_named_only)) or (b.is_named_only and a.is_located):
        reasons.append("other_place")
    return None


def _apart(a: Account, b: Account, reasons: list[str]) -> str | None:
    distance = distance_km(a, b)
    if distance > (a.reach if a.where_prec == b.where_prec == 1 else a.reach + b.reach):
        return "too_far"
    if not (a.is_located and b.is_located):
        reasons.append("in_region")
        return None
    if a.where_prec == b.where_prec == 1:
        reasons.append("same_place" if a.place == b.place or distance <= 2 else "next_place")
    else:
        reasons.append("near")
    if a.admin1 and b.admin1 and a.admin1 != b.admin1:
        reasons.append("across_admin1")
    return None


def _who(a: Account, b: Account, reasons: list[str]) -> None:
    if a.perpetrator and b.perpetrator:
        if a.perpetrator == b.perpetrator:
            reasons.append("same_perpetrator")
        elif a.perpetrator_known and b.perpetrator_known:
            reasons.append("other_perpetrator")
    if a.target_id and b.target_id:
        reasons.append("same_target" if a.target_id == b.target_id else "other_target")
    elif a.target_words & b.target_words:
        reasons.append("alike_target")
    elif a.target_words and b.target_words and not (a.target_id or b.target_id):
        reasons.append("unlike_target")
    if a.victim_class and b.victim_class:
        reasons.append("same_victims" if a.victim_class == b.victim_class else "other_victims")
    if a.event_type and b.event_type:
        if a.event_type == b.event_type:
            reasons.append("same_type")
        elif not any({a.event_type, b.event_type} <= group for group in rules().related_types):
            reasons.append("other_type")


def _how_many(a: Account, b: Account, reasons: list[str]) -> None:
    if a.killed and b.killed:
        reasons.append(_tolls(a, b))
        if a.origin is not None and a.origin == b.origin and not a.killed.overlaps(b.killed):
            reasons.append("origin_tells_both" if a.published == b.published else "origin_updates")
    elif a.total and b.total:
        reasons.append("casualties_overlap" if a.total.overlaps(b.total) else "casualties_differ")
    if a.injured and a.injured.exact and a.injured == b.injured and a.injured.low > 0:
        reasons.append("same_injured")


def _tolls(a: Account, b: Account) -> str:
    if a.killed.exact and a.killed == b.killed and a.killed.low > 0:
        return "same_toll_of_1" if a.killed.low == 1 else "same_toll" if a.killed.low < 10 else "same_high_toll"
    if a.killed.overlaps(b.killed):
        return "tolls_overlap"
    if a.published is None or b.published is None or a.published == b.published:
        return "toll_differs"
    earlier, later = sorted((a, b), key=lambda x: x.published)
    if later.killed.low < earlier.killed.low:
        return "toll_fell"
    return "toll_rose" if later.killed.low <= 3 * max(earlier.killed.high, 1) else "toll_jumped"


def _window(report: Mapping[str, Any], published: int | None, background: bool) -> tuple[int | None, int | None]:
    """First and last day on which it can have happened, as ordinals. What happened was over when it was published."""
    start, end = _ordinal(report.get("date_start")), _ordinal(report.get("date_end"))
    if start is None:
        if published is None or background:
            return None, None
        return published - rules().news_days, published
    end = start if end is None else end
    first, last = min(start, end), max(start, end)
    if published is not None and first <= published + 1:
        last = min(last, published + 1)
    return (first, last) if last - first < LONGEST else (None, None)


def _total(killed: Range | None, injured: Range | None, casualties: Range | None) -> Range | None:
    if casualties is not None:
        return casualties
    if killed is None and injured is None:
        return None
    parts = [part or Range(0, math.inf) for part in (killed, injured)]
    return Range(sum(p.low for p in parts), sum(p.high for p in parts))


def _specific(value: str | None, *unspecific: str) -> str | None:
    return None if value in unspecific else value


def _ordinal(day: date | None) -> int | None:
    return None if day is None else day.toordinal()
