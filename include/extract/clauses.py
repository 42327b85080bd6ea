"""Sentences of several incidents: "Shells killed three people in Kherson and two in Nikopol; in Kharkiv a drone wounded five".

Such a sentence tells of an incident per place or day. It is cut between the casualties where both sides name a place of their
own, and these lie apart or are two towns with the same measure told of each; or where both name a day of their own. Else its
casualties are of one incident.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from include.extract.gazetteer import fold
from include.extract.mentions import ActorMention, Casualty, DateMention, PlaceMention
from include.extract.nearness import SPOTS, abroad, apart, told_places
from include.extract.roles import Role, cue, has

_JOINTS = tuple(map(re.compile, (r";", r",?\s(?:while|whereas|but)\b", r",\sand\b", r"\sand\b", r",\s")))
"""What parts two clauses, the surest first."""
_SURE = 2
"""So many of them begin a sentence of its own, with a subject of its own."""

_FEW_DAYS = 2
"""Precision up to which a date is a day, or a few."""
_A_MONTH = 4
"""Precision up to which it is no longer than a month."""
_INCIDENTS = ("main_event", "background_reference")
Mention = TypeVar("Mention", ActorMention, DateMention, PlaceMention)


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a sentence with what it tells: text[start:end]."""

    start: int
    end: int
    alone: bool = False
    """Who did it is told in it, or nowhere: it has a subject of its own."""
    shares_places: bool = False
    """Only its day is its own: the places of the sentence are those of all its clauses."""

    def of(self, mentions: Iterable[Mention]) -> list[Mention]:
        """The mentions that stand in it."""
        return [m for m in mentions if self.start <= m.start < self.end]


def incidents_of(
    text: str,
    casualties: Sequence[Casualty],
    roles: Sequence[Role],
    places: Sequence[PlaceMention],
    dates: Sequence[DateMention],
) -> list[Clause | None]:
    """The clause of each casualty of a sentence, where it has clauses of several incidents; else null for each.

    `roles` are those of the casualties, `places` and `dates` those of the sentence. The dead who died of wounds elsewhere,
    attackers, totals and people who were told of before belong to what stands before them.
    """
    nowhere: list[Clause | None] = [None] * len(casualties)
    if len(casualties) < 2 or (len(places) < 2 and len(dates) < 2):
        return nowhere
    order = sorted(range(len(casualties)), key=lambda n: casualties[n].quantity.start)
    groups, clauses = [[order[0]]], [Clause(0, len(text))]
    for before, after in pairwise(order):
        parts = None
        if roles[before].role in _INCIDENTS and roles[after].role in _INCIDENTS and _is_counted_anew(casualties[after]):
            joint = _joint(text, casualties[before], casualties[after], roles[after])
            if joint and not has("of_wounds", text[joint[0] :]):
                parts = _by_place(clauses[-1], joint, casualties[before], casualties[after], places)
                parts = parts or _by_day(clauses[-1], joint, casualties[before], casualties[after], dates)
        if parts is None:
            groups[-1].append(after)
        else:
            clauses[-1:] = parts
            groups.append([after])
    if len(groups) == 1:
        return nowhere
    clause_of = {n: clause for clause, group in zip(clauses, groups, strict=True) for n in group}
    return [clause_of[n] for n in range(len(casualties))]


def _is_counted_anew(casualty: Casualty) -> bool:
    return not (casualty.anaphoric or casualty.attackers or casualty.negated or casualty.total)


_Joint = tuple[int, bool]
_Cut = tuple[Clause, Clause] | None


def _by_place(whole: Clause, joint: _Joint, before: Casualty, after: Casualty, places: Sequence[PlaceMention]) -> _Cut:
    """The clause cut in two, where each part names a place: these are apart, or other towns with a count each."""
    at, alone = joint
    same_measure = before.measure == after.measure
    since = 0 if same_measure or alone else before.quantity.start  # "In X two died and six were hurt when Y was hit"
    first, second = Clause(whole.start, at, whole.alone or alone), Clause(at, whole.end, alone)
    named = [p for p in places if p.rule != "header"]
    here, there = told_places(Clause(max(since, first.start), at).of(named)), told_places(second.of(named))
    if not (here and there):
        return None
    towns, others = _spots(here), _spots(there)
    other_towns = (alone or same_measure) and bool(towns and others) and not towns & others
    return (first, second) if apart(here, there) or abroad(here, there) or other_towns else None


def _spots(places: Iterable[PlaceMention]) -> set[str]:
    return {fold(p.place) for p in places if p.kind in SPOTS and p.kind != "site"}


def _by_day(whole: Clause, joint: _Joint, before: Casualty, after: Casualty, dates: Sequence[DateMention]) -> _Cut:
    """The clause cut in two, where each part names another day, and not only that on which some of the hurt died."""
    if cue("died_since").match(after.trigger) and after.trigger_start != before.trigger_start:
        return None
    at, alone = joint
    first, second = (Clause(*span, shares_places=True) for span in ((whole.start, at), (at, whole.end)))
    prec = _A_MONTH if alone else _FEW_DAYS
    days = [d for d in dates if d.kind == "point" and d.date_start and d.date_prec <= prec]
    days = [d for d in days if not d.rule.startswith("distance") or d.rule == "distance_later"]
    here, there = first.of(days), second.of(days)
    disjoint = all(a.date_end < b.date_start or b.date_end < a.date_start for a in here for b in there)
    return (first, second) if here and there and disjoint else None


def _joint(text: str, before: Casualty, after: Casualty, role: Role) -> _Joint | None:
    """Where the clause of the second casualty begins, and whether its subject is in it; null where nothing parts them. Words
    that make it an earlier incident ("a day after") begin it.
    """
    start, end = before.quantity.end, after.quantity.start
    if before.trigger_start != after.trigger_start:  # two verbs, and not "killed two in one town and three in another"
        start, end = max(start, before.trigger_end), min(end, after.trigger_start)
    if start >= end:
        return None
    if role.role == "background_reference" and start <= role.start < end:
        return role.start, True
    for n, joint in enumerate(_JOINTS):
        if found := [m.start() for m in joint.finditer(text, start, end)]:
            return found[-1], n < _SURE
    return None
