"""The figures of an incident out of the figures of its reports: low, best, high, and the rule that chose best.

- Of one origin, the latest figure stands: a toll that rose or was corrected supersedes the earlier one, and no longer drags
  the low or the high. A vaguer figure that allows the one before it ("several" after 4) supersedes nothing.
- Between origins the range is kept as it is: the low is the lowest low, the high the highest high. The high is open (null)
  if an open figure ("at least 9") goes beyond every upper bound that is stated.
- best is `latest_trusted`: the best of the most recent report that is not the perpetrator's own figure; several on that day are
  decided by majority, then the lowest.
- A perpetrator's own figure can raise the high, never lower the low or set best; alone, it leaves best null.
- A background reference does not set the figures of an incident that other reports give figures for; if it is exact it counts
  for low and high.
- A combined figure ("killed and injured") gives way as soon as killed or injured is stated by itself: the same people must
  not be in two columns.
"""

import math
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from include.aggregate.origins import origin_of
from include.aggregate.parties import party_of
from include.aggregate.ranges import MEASURES, range_of
from include.datasets.catalogue import BREAKDOWN


@dataclass(frozen=True, slots=True)
class Figure:
    """What one report says of one measure."""

    low: int | None
    best: int | None
    high: float
    """Infinite where the words set no upper bound."""
    published: date
    """date.min where the article has no date: it counts as the oldest."""
    origin: str

    @property
    def floor(self) -> int:
        """The lowest number that it allows."""
        return next((v for v in (self.low, self.best) if v is not None), 0)

    def is_vaguer_than(self, other: "Figure") -> bool:
        """Whether it allows all that the other allows, and more."""
        mine, others = (self.floor, self.high), (other.floor, other.high)
        return mine != others and mine[0] <= others[0] and others[1] <= mine[1]


@dataclass(frozen=True, slots=True)
class Count:
    """A measure of an incident."""

    low: int | None = None
    best: int | None = None
    high: int | None = None
    rule: str | None = None
    """The rule that chose best; None: no report states the measure."""


def incident_counts(reports: Sequence[Mapping[str, Any]], origins: Mapping[str, str]) -> dict[str, Any]:
    """The count columns of an incident and `count_rule`, that of the first of killed, injured, casualties that is stated. Who
    was hurt (civilians, women, children, attackers) is counted by the same rules, and left out where it exceeds the count.

    `origins` gives each report's origin (see origins.py).
    """
    perpetrators = {party_of(r.get("perpetrator"), r.get("perpetrator_id")) for r in reports}
    perpetrators |= {party_of(r.get("claimed_by")) for r in reports}
    main = [r for r in reports if r["mention_role"] != "background_reference"]
    background = [r for r in reports if r["mention_role"] == "background_reference"]
    if not any(range_of(r, m) for r in main for m in MEASURES):
        main, background = background, []
    own = [r for r in main if is_own_figure(r, perpetrators - {None})]
    trusted = [r for r in main if r not in own]
    stems = (*MEASURES, *BREAKDOWN)
    counts = {m: count(*(_figures(rs, m, origins) for rs in (trusted, own, background))) for m in stems}
    if counts["killed"].rule or counts["injured"].rule:
        counts["casualties"] = Count()
    for stem in BREAKDOWN:
        whole = counts.get(stem.partition("_")[0])
        if whole and whole.high is not None and (counts[stem].low or 0) > whole.high:
            counts[stem] = Count()
    stated = [counts[m].rule for m in MEASURES if counts[m].rule]
    columns = {f"{m}_{b}": getattr(c, b) for m, c in counts.items() for b in ("low", "best", "high")}
    return columns | {"count_rule": stated[0] if stated else "not_stated"}


def is_own_figure(report: Mapping[str, Any], perpetrators: Collection[str]) -> bool:
    """Whether a report's figures are a perpetrator's own, given by itself or through a medium that speaks for it."""
    return bool({party_of(report.get("monitor")), party_of(origin_of(report))} & set(perpetrators))


def count(trusted: Sequence[Figure], claimed: Sequence[Figure] = (), background: Sequence[Figure] = ()) -> Count:
    """Low, best and high of one measure from the figures of its reports.

    `claimed` are the perpetrator's own figures, `background` those of passing mentions in later articles.
    """
    standing, claims = _standing(trusted), _standing(claimed)
    if not standing:
        return _bounded(claims, claims, None, "perpetrator_claim_only") if claims else Count()
    exact = [f for f in background if f.low == f.high]
    best, rule = _latest(standing)
    return _bounded(standing + exact, standing + exact + claims, best, rule)


def _figures(reports: Iterable[Mapping[str, Any]], measure: str, origins: Mapping[str, str]) -> list[Figure]:
    return [
        Figure(
            low=r.get(f"{measure}_low"),
            best=r.get(f"{measure}_best"),
            high=math.inf if r.get(f"{measure}_high") is None else r[f"{measure}_high"],
            published=r.get("published_on") or date.min,
            origin=origins[r["report_id"]],
        )
        for r in reports
        if range_of(r, measure)
    ]


def _standing(figures: Sequence[Figure]) -> list[Figure]:
    """The figures that no later one of the same origin supersedes."""
    standing = []
    for origin in sorted({f.origin for f in figures}):
        last: list[Figure] = []
        of_origin = [f for f in figures if f.origin == origin]
        for day in sorted({f.published for f in of_origin}):
            today = [f for f in of_origin if f.published == day]
            news = [f for f in today if not any(f.is_vaguer_than(g) for g in (*today, *last))]
            last = news or last
        standing += last
    return standing


def _latest(figures: Sequence[Figure]) -> tuple[int | None, str]:
    with_best = [f for f in figures if f.best is not None]
    if not with_best:
        return None, "no_best_stated"
    latest = max(f.published for f in with_best)
    votes = Counter(f.best for f in with_best if f.published == latest)
    if len(votes) == 1:
        return next(iter(votes)), "latest_trusted"
    most = max(votes.values())
    winners = sorted(v for v, n in votes.items() if n == most)
    return winners[0], "latest_trusted_majority" if len(winners) == 1 else "latest_trusted_lowest"


def _bounded(for_low: Sequence[Figure], for_high: Sequence[Figure], best: int | None, rule: str) -> Count:
    lows = [f.floor for f in for_low if f.low is not None or f.best is not None]
    stated = [f.high for f in for_high if f.high != math.inf]
    reached = max((f.best or f.floor) for f in for_high)
    high = max(stated) if stated and max(stated) >= reached else None
    return Count(min(lows) if lows else None, best, high, rule)
