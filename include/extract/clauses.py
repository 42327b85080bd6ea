"""Sentences of several places: "Shells killed three people in Kherson and two in Nikopol; in Kharkiv a drone wounded five".

Such a sentence tells of an incident per place. It is cut between the casualties where both sides name a place of their own, and
these lie apart; else its casualties are of one incident.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from include.extract.mentions import ActorMention, Casualty, DateMention, PlaceMention
from include.extract.nearness import abroad, apart, told_places
from include.extract.roles import has

_JOINTS = tuple(map(re.compile, (r";", r",?\s(?:while|whereas|but)\b", r",\sand\b", r"\sand\b", r",\s")))
"""What parts two clauses, the surest first."""
_SURE = 2
"""So many of them begin a sentence of its own, with a subject of its own."""

Mention = TypeVar("Mention", ActorMention, DateMention, PlaceMention)


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a sentence with what it tells: text[start:end]."""

    start: int
    end: int
    alone: bool = False
    """Who did it is told in it, or nowhere: it has a subject of its own."""

    def of(self, mentions: Iterable[Mention]) -> list[Mention]:
        """The mentions that stand in it."""
        return [m for m in mentions if self.start <= m.start < self.end]


def by_place(
    text: str, casualties: Sequence[Casualty], places: Sequence[PlaceMention]
) -> list[tuple[Clause | None, tuple[Casualty, ...]]]:
    """The casualties of a sentence, by the clauses whose places lie apart; all of them without a clause where they do not.

    `places` are those of the sentence. The dead who died of wounds elsewhere, attackers, totals and people who were told of
    before belong to what stands before them.
    """
    if len(casualties) < 2 or len(places) < 2:
        return [(None, tuple(casualties))]
    ordered = sorted(casualties, key=lambda c: c.quantity.start)
    groups, cuts = [[ordered[0]]], [Clause(0, len(text))]
    for before, after in pairwise(ordered):
        joint = _joint(text, before, after)
        own = not (after.anaphoric or after.attackers or after.negated or after.total)
        if joint is None or not own or has("of_wounds", text[joint[0] :]):
            groups[-1].append(after)
            continue
        at, alone = joint
        whole = cuts[-1]
        first, second = Clause(whole.start, at, whole.alone), Clause(at, len(text), alone)
        here, there = (told_places([p for p in clause.of(places) if p.rule != "header"]) for clause in (first, second))
        if here and there and (apart(here, there) or abroad(here, there)):
            cuts[-1:] = [Clause(first.start, first.end, first.alone or alone), second]
            groups.append([after])
        else:
            groups[-1].append(after)
    if len(groups) == 1:
        return [(None, tuple(casualties))]
    return [(cut, tuple(group)) for cut, group in zip(cuts, groups, strict=True)]


def _joint(text: str, before: Casualty, after: Casualty) -> tuple[int, bool] | None:
    """Where the clause of the second casualty begins, and whether its subject is in it; null where nothing parts them."""
    start, end = before.quantity.end, after.quantity.start
    if before.trigger_start != after.trigger_start:  # two verbs, and not "killed two in one town and three in another"
        start, end = max(start, before.trigger_end), min(end, after.trigger_start)
    if start >= end:
        return None
    for n, joint in enumerate(_JOINTS):
        if found := [m.start() for m in joint.finditer(text, start, end)]:
            return found[-1], n < _SURE
    return None
