"""What a monitor said, once: the claims that quote one figure are one statement, and statements on one thing are a series."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from include.aggregate.origins import full_names, outlet_of
from include.aggregate.parties import is_named, name_of, party_of
from include.aggregate.reconcile.area import Area, area_key, area_of
from include.aggregate.reconcile.rules import rules
from include.aggregate.spelling import folded
from include.datasets.catalogue import VICTIM_CLASSES
from include.datasets.ids import content_id
from include.extract.actors import actor, find_actors
from include.extract.people import class_of_words

Claim = Mapping[str, Any]
ALL = frozenset(VICTIM_CLASSES)


@dataclass(frozen=True, slots=True)
class Victims:
    """Whom a claim counts. `measure` is the stem of the ledger's columns that count them; None: the ledger has none.

    `classes` is ALL where it counts everybody. `own` is set where they are the perpetrator's own dead.
    """

    measure: str | None
    classes: frozenset[str]
    own: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """One figure as a monitor gave it on a day, however many outlets quote it."""

    claim: Claim
    """The claim that stands for it: of the earliest days given, the first recorded."""
    claims: tuple[Claim, ...]
    """All that quote it, in the same order."""
    monitor: str | None
    perpetrator: str | None
    party: str | None
    victims: Victims
    area: Area
    series: str
    first: date | None
    """First day on which it can have been stated."""
    last: date | None
    """Last day on which it can have been stated."""
    start: date | None
    end: date | None
    """The days that it covers."""

    @property
    def value(self) -> tuple[int | None, int | None, int | None]:
        """The figure: low, best, high."""
        return self.claim.get("value_low"), self.claim.get("value_best"), self.claim.get("value_high")

    @property
    def running(self) -> bool:
        """It runs up to the day on which it was stated."""
        return self.end is not None and self.end == self.last

    @property
    def year(self) -> int:
        """The year that it belongs to: of the last day that it covers, else of the day when it was stated or published."""
        day = self.end or self.last or self.claim.get("published_on")
        return day.year if day else 0


def statements(claims: Iterable[Claim]) -> list[list[Statement]]:
    """The statements that the claims quote, by series, each series from its first to its last."""
    claims = sorted(claims, key=lambda c: c["claim_id"])
    named = full_names(sorted({n for c in claims if (n := _speaker(c))}))
    series: dict[str, list[Statement]] = defaultdict(list)
    for claim in claims:
        alone = _statement(claim, named.get(_speaker(claim) or ""))
        series[alone.series].append(alone)
    return [sorted(_merged(same), key=_in_time) for _, same in sorted(series.items())]


def victims_of(claim: Claim) -> Victims:
    """Whom a row of `claims` counts."""
    measure, stated = claim["measure"], claim.get("victim_class")
    if measure == "attacks":
        return Victims(measure, ALL)
    parts = [words for part in re.split(r",|\band\b|\bor\b|&", claim.get("victims") or "") if (words := _words(part))]
    subsets = {name for words in parts for name, heads in rules().subsets.items() if heads & set(words)}
    if subsets and all(any(heads & set(words) for heads in rules().subsets.values()) for words in parts):
        (name,) = subsets if len(subsets) == 1 else (None,)
        return Victims(f"{measure}_{name}" if name and measure in ("killed", "injured") else None, ALL)
    if parts and all(rules().not_counted_apart.issuperset(words) for words in parts):
        return Victims(None, ALL)
    classes = frozenset().union(*map(_classes, parts))
    if "unknown" in classes or not classes - {"mixed"}:
        classes = ALL if stated in (None, "unknown", "mixed") else frozenset({stated})
    elif classes >= ALL - {"mixed", "unknown"}:
        classes = ALL
    return Victims(measure, classes, own=classes == {_side(claim)})


def _words(text: str) -> tuple[str, ...]:
    return tuple(w for w in re.findall(r"[\w'’-]+", text.lower()) if w not in ("the", "a", "an"))


@lru_cache(maxsize=10_000)
def _classes(words: tuple[str, ...]) -> frozenset[str]:
    """The classes that words for victims name; unknown where they name none."""
    side = next((classes for cues, classes in rules().sides if cues.intersection(words)), None)
    found = class_of_words(words)
    if side is None and found == "unknown":
        if rules().fighters.intersection(words):
            return ALL - {"civilians", "unknown"}
        named = next((a.side for a in find_actors(" ".join(words)) if a.side), None)
        return frozenset({named or "unknown"})
    return side or frozenset({found})


def _side(claim: Claim) -> str | None:
    """The class of the perpetrator's own people."""
    try:
        side = actor(claim["perpetrator_id"]).side if claim.get("perpetrator_id") else None
    except KeyError:  # an id that the table no longer has
        return None
    return None if side == "civilians" else side


def _speaker(claim: Claim) -> str | None:
    """Who states the figure: the monitor, the outlet where that has no name, the party for its own claim."""
    monitor = claim.get("monitor")
    if claim["claim_type"] == "perpetrator":
        return monitor or name_of(claim.get("perpetrator_id"), claim.get("perpetrator"))
    return _known_as(monitor) if monitor and is_named(monitor) else outlet_of(claim)


def _known_as(monitor: str) -> str:
    """A monitor's name in the actor table, if it is in there."""
    try:
        return actor(party_of(monitor) or "").name
    except KeyError:
        return monitor


def _statement(claim: Claim, monitor: str | None) -> Statement:
    party = party_of(claim.get("perpetrator"), claim.get("perpetrator_id"))
    victims, area = victims_of(claim), area_of(claim)
    series = content_id(
        "series",
        by=folded(monitor),
        type=claim["claim_type"],
        measure=victims.measure or f"{claim['measure']} of {folded(claim.get('victims'))}",
        victims=sorted(victims.classes),
        perpetrator=party,
        area=area_key(area),
        country=area.country,
        since=str(claim.get("period_start")),
    )
    last = claim.get("as_of") or claim.get("published_on")
    return Statement(
        claim=claim,
        claims=(claim,),
        monitor=monitor,
        perpetrator=name_of(claim.get("perpetrator_id"), claim.get("perpetrator")),
        party=party,
        victims=victims,
        area=area,
        series=series,
        first=claim.get("as_of_start") or last,
        last=last,
        start=claim.get("period_start"),
        end=claim.get("period_end"),
    )


def _merged(series: Sequence[Statement]) -> Iterator[Statement]:
    """The statements of a series, each once: the same figure given again within days is the same statement, unless it is one
    outlet that gives it again, which confirms it."""
    by_value: dict[tuple, list[Statement]] = defaultdict(list)
    for statement in series:
        by_value[statement.value].append(statement)
    for same in by_value.values():
        same.sort(key=_in_time)
        group = [same[0]]
        for statement in same[1:]:
            if not _quotes(statement, group):
                yield _one(group)
                group = []
            group.append(statement)
        yield _one(group)


def _quotes(statement: Statement, group: Sequence[Statement]) -> bool:
    """Whether a later claim with the figure of a group quotes the same statement."""
    if statement.last is None or group[-1].last is None:
        return True
    soon = statement.last - group[-1].last <= timedelta(days=rules().same_statement_days)
    again = any(outlet_of(statement.claim) == outlet_of(one.claim) and statement.last != one.last for one in group)
    return soon and not again


def _one(group: Sequence[Statement]) -> Statement:
    """The statement that all of a group quote. It was made no later than the first of them says."""

    def least(days: Iterable[date | None]) -> date | None:
        return min((d for d in days if d is not None), default=None)

    return replace(
        group[0],
        claims=tuple(s.claim for s in group),
        first=least(s.first for s in group),
        last=least(s.last for s in group),
        end=least(s.end for s in group),
    )


def _in_time(statement: Statement) -> tuple:
    """Order by the last day covered, then by when it was stated, then by when it was recorded. What is not known goes last."""
    recorded = statement.claim.get("recorded_at")
    days = (statement.end, statement.last, statement.first)
    return (*((d is None, d or date.min) for d in days), recorded is None, str(recorded), statement.claim["claim_id"])
