"""The figures of an incident out of the figures of its reports: low, best, high, and the rule that chose best.

- Of one origin, the latest figure stands: a toll that rose or was corrected supersedes the earlier one, and no longer drags
  the low or the high. A vaguer figure that allows the one before it ("several" after 4) supersedes nothing.
- Between origins the range is kept as it is: the low is the lowest low, the high the highest high. The high is open (null)
  if an open figure ("at least 9") goes beyond every upper bound that is stated.
- best is chosen, by one of three rules, among the figures that stand and are not the perpetrator's own. `latest_trusted`: the
  most recent; of several on that day the one that most tell, then the lowest. `majority`: the one that most tell, then the
  lowest. `lowest`: the lowest. Most tell what most origins tell, then what most reports tell.
- A perpetrator's own figure can raise the high, never lower the low or set best; alone, it leaves best null.
- What is told in passing (a background reference, a report that repeats old news) does not set the figures of an incident that
  other reports give figures for; if it is exact it counts for low and high.
- A combined figure ("killed and injured") gives way as soon as killed or injured is stated by itself: the same people must
  not be in two columns.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from include.aggregate.origins import origin_of
from include.aggregate.parties import party_of
from include.aggregate.ranges import MEASURES
from include.datasets.catalogue import BREAKDOWN
from include.settings import COUNT_RULES

Report = Mapping[str, Any]

_BOUNDS = {stem: (f"{stem}_low", f"{stem}_best", f"{stem}_high") for stem in (*MEASURES, *BREAKDOWN)}
"""The columns of each count."""
_NOTHING_STATED = dict.fromkeys(column for columns in _BOUNDS.values() for column in columns)


class Figure(NamedTuple):
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
        return self.low if self.low is not None else self.best or 0

    def is_vaguer_than(self, other: "Figure") -> bool:
        """Whether it allows all that the other allows, and more."""
        floor, others = self.floor, other.floor
        return floor <= others and other.high <= self.high and (floor != others or self.high != other.high)


@dataclass(frozen=True, slots=True)
class Figures:
    """What the reports of an incident say, by measure."""

    trusted: Mapping[str, Sequence[Figure]]
    own: Mapping[str, Sequence[Figure]]
    """The perpetrator's own."""
    passing: Mapping[str, Sequence[Figure]]
    """What is told in passing."""


@dataclass(frozen=True, slots=True)
class Count:
    """A measure of an incident."""

    low: int | None = None
    best: int | None = None
    high: int | None = None
    rule: str | None = None
    """The rule that chose best; None: no report states the measure."""


def is_in_passing(report: Report) -> bool:
    """Whether a report is no news of its incident: a background reference, or one flagged as old news repeated."""
    return report["mention_role"] == "background_reference" or "republished" in (report.get("flags") or ())


def perpetrators_of(reports: Iterable[Report]) -> set[str]:
    """The parties to which reports ascribe their incident, and those that claim it (see parties.party_of)."""
    parties = set()
    for r in reports:
        if r.get("perpetrator") or r.get("perpetrator_id"):
            parties.add(party_of(r.get("perpetrator"), r.get("perpetrator_id")))
        if r.get("claimed_by"):
            parties.add(party_of(r["claimed_by"]))
    return parties - {None}


def figures_of(reports: Sequence[Report], origins: Mapping[str, str], perpetrators: Collection[str]) -> Figures:
    """What the reports of an incident say, by how far they are trusted. `origins` gives each report's origin (see origins.py),
    `perpetrators` the parties behind the incident.

    What is told in passing is the news where nothing else gives a count. A perpetrator's own figures are those of which it, or
    a medium that speaks for it, is the origin.
    """
    news = [r for r in reports if not is_in_passing(r)]
    passing = [r for r in reports if is_in_passing(r)] if len(news) < len(reports) else []
    if passing and not any(r.get(column) is not None for r in news for m in MEASURES for column in _BOUNDS[m]):
        news, passing = passing, []
    own = [r for r in news if _speakers(r) & perpetrators] if perpetrators else []
    trusted = [r for r in news if r not in own] if own else news
    return Figures(*(_by_measure(rs, origins) if rs else {} for rs in (trusted, own, passing)))


def _speakers(report: Report) -> set[str | None]:
    return {party_of(report.get("monitor")), party_of(origin_of(report))}


def incident_counts(figures: Figures, rule: str = "latest_trusted") -> dict[str, Any]:
    """The count columns of an incident and `count_rule`, that of the first of killed, injured, casualties that is stated. Who
    was hurt (civilians, women, children, attackers) is counted by the same rules, and left out where it exceeds the count.

    Raises ValueError for an unknown rule.
    """
    if rule not in COUNT_RULES:
        raise ValueError(f"unknown count rule {rule!r}; valid are {', '.join(COUNT_RULES)}")
    trusted, own, passing = figures.trusted, figures.own, figures.passing
    counts = {}
    for stem in {**trusted, **own, **passing}:
        found = count(trusted.get(stem, ()), own.get(stem, ()), passing.get(stem, ()), rule)
        if found.rule:
            counts[stem] = found
    if "killed" in counts or "injured" in counts:
        counts.pop("casualties", None)
    for stem in BREAKDOWN.keys() & counts.keys():
        part, whole = counts[stem], counts.get(stem.partition("_")[0])
        if whole and whole.high is not None and (part.low or 0) > whole.high:
            del counts[stem]
    columns = dict(_NOTHING_STATED)
    for stem, c in counts.items():
        low, best, high = _BOUNDS[stem]
        columns[low], columns[best], columns[high] = c.low, c.best, c.high
    columns["count_rule"] = next((counts[m].rule for m in MEASURES if m in counts), "not_stated")
    return columns


def toll_fell(figures: Figures) -> bool:
    """Whether an origin's toll of killed is, on a later day, below all that it said before."""
    for told in _by_origin(figures.trusted.get("killed", ())):
        least = 0
        for today in _by_day(told):
            if max(f.high for f in today) < least:
                return True
            least = min(f.floor for f in today)
    return False


def count(
    trusted: Sequence[Figure],
    claimed: Sequence[Figure] = (),
    passing: Sequence[Figure] = (),
    rule: str = "latest_trusted",
) -> Count:
    """Low, best and high of one measure from the figures of its reports.

    `claimed` are the perpetrator's own figures, `passing` those of passing mentions in later articles.
    """
    standing, claims = _standing(trusted), _standing(claimed)
    if not standing:
        return _bounded(claims, claims, None, "perpetrator_claim_only") if claims else Count()
    exact = [f for f in passing if f.low == f.high]
    best, decided_by = _best(standing, rule)
    return _bounded(standing + exact, standing + exact + claims, best, decided_by)


def _by_measure(reports: Iterable[Report], origins: Mapping[str, str]) -> dict[str, list[Figure]]:
    figures: dict[str, list[Figure]] = {}
    for r in reports:
        values = map(r.get, _NOTHING_STATED)
        for stem, low, best, high in zip(_BOUNDS, values, values, values, strict=False):  # three columns for each stem
            if low is not None or best is not None or high is not None:
                published, origin = r.get("published_on") or date.min, origins[r["report_id"]]
                figure = Figure(low, best, math.inf if high is None else high, published, origin)
                figures.setdefault(stem, []).append(figure)
    return figures


def _standing(figures: Sequence[Figure]) -> list[Figure]:
    """The figures that no later one of the same origin supersedes."""
    return [f for told in _by_origin(figures) for f in (_last_word(told) if len(told) > 1 else told)]


def _last_word(figures: Sequence[Figure]) -> list[Figure]:
    """The figures of one origin that stand in the end."""
    last: list[Figure] = []
    for today in _by_day(figures):
        news = [f for f in today if not any(f.is_vaguer_than(g) for g in (*today, *last))]
        last = news or last
    return last


def _by_origin(figures: Iterable[Figure]) -> Collection[list[Figure]]:
    told: dict[str, list[Figure]] = {}
    for f in figures:
        told.setdefault(f.origin, []).append(f)
    return told.values()


def _by_day(figures: Iterable[Figure]) -> list[list[Figure]]:
    """The figures of each day of publication, the first day first."""
    told: dict[date, list[Figure]] = {}
    for f in figures:
        told.setdefault(f.published, []).append(f)
    return [told[day] for day in sorted(told)]


def _best(figures: Sequence[Figure], rule: str) -> tuple[int | None, str]:
    """The best figure by a rule, and the rule with what decided."""
    figures = [f for f in figures if f.best is not None]
    if not figures:
        return None, "no_best_stated"
    if rule == "lowest":
        return min(f.best for f in figures), rule
    if rule == "latest_trusted":
        latest = max(f.published for f in figures)
        figures = [f for f in figures if f.published == latest]
    if len({f.best for f in figures}) == 1:
        return figures[0].best, rule
    by_best: dict[int, list[Figure]] = {}
    for f in figures:
        by_best.setdefault(f.best, []).append(f)
    votes = {best: (len({f.origin for f in told}), len(told)) for best, told in by_best.items()}
    most = max(votes.values())
    winners = [best for best, n in votes.items() if n == most]
    if len(winners) > 1:
        return min(winners), f"{rule}_lowest"
    return winners[0], rule if rule == "majority" else f"{rule}_majority"


def _bounded(for_low: Sequence[Figure], for_high: Sequence[Figure], best: int | None, rule: str) -> Count:
    lows = [f.floor for f in for_low if f.low is not None or f.best is not None]
    stated = [f.high for f in for_high if f.high != math.inf]
    reached = max((f.best or f.floor) for f in for_high)
    high = max(stated) if stated and max(stated) >= reached else None
    return Count(min(lows) if lows else None, best, high, rule)
