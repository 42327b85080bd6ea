"""Who was hurt: the sides of an incident's victims, women and children among them, and the attackers' own.

Sides are told apart as far as the words do (UCDP GED): `groups` add up to the count, each person in one of them. Women and
children are counted in columns of their own (Airwars, IBC), whatever their side.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, reduce
from operator import add

from include.extract.figures import Figure, Receipt, resolved, told
from include.extract.lexicon import load, word_list
from include.extract.mentions import Casualty
from include.extract.merge import Incident
from include.extract.reading import Line
from include.extract.statements import Statement

KINDS = ("women", "children")
COUNTED = ("killed", "injured")
"""Measures of which women, children and attackers are counted apart."""
UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Group:
    """The killed (injured, casualties) of one side of an incident."""

    measure: str
    victim_class: str
    figure: Figure
    attackers: bool = False


@cache
def _words(name: str) -> frozenset[str]:
    return word_list("demography.yaml", name)


@cache
def _child_age() -> re.Pattern:
    return re.compile(load("demography.yaml")["child_age"])


def kind_of(victims: str | None) -> str | None:
    """women or children, where the words for the victims say so of all of them."""
    if victims and _child_age().match(victims.lower()):
        return "children"
    kinds = set()
    for word in (victims or "").lower().replace(",", " ").split():
        if word in _words("ends"):
            break
        kinds |= {kind for kind in KINDS if word.rpartition("-old-")[2] in _words(kind)}
    return kinds.pop() if len(kinds) == 1 else None


def women_and_children(incident: Incident) -> dict[str, Figure]:
    """How many women and children are among the killed and injured, by the stem of the columns ("killed_women"); without those
    of whom nothing is said.

    The sentences that give the count go first. Others name some of them, so that there may be more.
    """
    found: dict[tuple[str, str], list[tuple[Line, Figure]]] = {}
    for statement in incident.statements:
        members: dict[tuple[str, str], list[Casualty]] = {}
        for casualty in statement.casualties:
            if casualty.measure in COUNTED and not casualty.negated:
                for kind, member in _members(casualty):
                    members.setdefault((casualty.measure, kind), []).append(member)
        for (measure, kind), people in members.items():
            figure = told(measure, people, statement.line.part, statement.line.sentence)
            found.setdefault((measure, kind), []).append((statement.line, figure))
    chosen = {
        f"{measure}_{kind}": _of_kind(incident.figures.get(measure), found.get((measure, kind), []))
        for measure in COUNTED
        for kind in KINDS
    }
    return {stem: figure for stem, figure in chosen.items() if figure}


def _of_kind(whole: Figure | None, found: Sequence[tuple[Line, Figure]]) -> Figure | None:
    if whole is None:
        return None
    counting = {id(r.sentence) for r in whole.receipts}
    fitting = [(line, f) for line, f in found if _fits(f, whole)]
    first = [f for line, f in fitting if id(line.sentence) in counting]
    others = [f for line, f in fitting if id(line.sentence) not in counting]
    counted = reduce(add, first) if first else None
    if counted and (counted.best is not None or not others) and _fits(counted, whole):
        return counted
    named = max((f for f in others if f.best is not None), key=lambda f: f.best, default=None)
    return replace(named, high=None) if named else counted or next(iter(others), None)


def _fits(part: Figure, whole: Figure) -> bool:
    """As many can be among them."""
    return whole.high is None or max(part.low or 0, part.best or 0) <= whole.high


def _members(casualty: Casualty) -> Iterator[tuple[str, Casualty]]:
    """The group itself where it is of women or of children; then parts of it that are, of the other kind."""
    whole = kind_of(casualty.victims) if casualty.quantity.rule != "sum" else None
    if whole:
        yield whole, casualty
    for part in casualty.parts:
        kind = kind_of(part.victims)
        if kind and kind != whole:
            yield kind, part


def groups_of(incident: Incident, perpetrator: str | None = None) -> list[Group]:
    """The sides of an incident: its victims by measure and class, then the attackers' own where they are kept apart, who are of
    the `perpetrator`'s side where the words for them tell none.
    """
    victims = _Sides(incident.statements)
    found = [
        Group(measure, side, part, attackers=incident.only_attackers)
        for measure, figure in incident.figures.items()
        if figure.high != 0
        for side, part in victims.of(measure, figure)
    ]
    attackers = _Sides(incident.attackers)
    for measure in COUNTED:
        figure = resolved(s.figures[measure] for s in incident.attackers if measure in s.figures)
        for side, part in attackers.of(measure, figure) if figure else ():
            found.append(Group(measure, perpetrator or side if side == UNKNOWN else side, part, attackers=True))
    return found


def civilians_killed(groups: Sequence[Group]) -> Figure | None:
    """The civilians among the killed; there may be more where the side of others is unknown."""
    killed = {g.victim_class: g.figure for g in groups if g.measure == "killed" and not g.attackers}
    civilians = killed.get("civilians")
    return replace(civilians, high=None) if civilians and {UNKNOWN, "mixed"} & killed.keys() else civilians


def class_of(groups: Sequence[Group]) -> str:
    """The class of the victims, which must hold for half of the killed or half of all who were hurt; mixed where several do."""
    victims = [g for g in groups if not g.attackers] or groups
    known, unknown = Counter(), Counter()
    for g in victims:
        (unknown if g.victim_class == UNKNOWN else known)[g.measure] += g.figure.best or g.figure.low or 1
    measures = list(dict.fromkeys(g.measure for g in victims))
    if not measures or (known[measures[0]] < unknown[measures[0]] and known.total() < unknown.total()):
        return UNKNOWN
    classes = {g.victim_class for g in victims if known[g.measure] >= unknown[g.measure]} - {UNKNOWN}
    return classes.pop() if len(classes) == 1 else "mixed"


class _Sides:
    """The sides that the statements of an incident tell of."""

    def __init__(self, statements: Sequence[Statement]):
        self.told = [[(s.line, c) for c in s.casualties if c.quantity.high != 0] for s in statements]

    def of(self, measure: str, figure: Figure) -> list[tuple[str, Figure]]:
        """The count by class of victims, in the order of the text. Where the sentence that gives it tells no class, another
        one that tells of as many people may.
        """
        quantities = {id(r.quantity) for r in figure.receipts}
        one = self._one_of(quantities)
        if one and one.victim_class != UNKNOWN and not one.parts:
            return [(one.victim_class, figure)]
        told = [[(line, c) for line, c in casualties if c.measure == measure] for casualties in self.told]
        counted = self._by_class((line, c) for casualties in told for line, c in casualties if id(c.quantity) in quantities)
        tellings = [counted]
        if not counted.keys() - {UNKNOWN}:
            tellings += [self._by_class([one]) for casualties in told for one in casualties]
            tellings += [self._by_class(casualties) for casualties in told if casualties]
        as_many = [sides for sides in tellings if sides and _least(reduce(add, sides.values())) == _least(figure)]
        sides = next((sides for sides in as_many if sides.keys() - {UNKNOWN}), next(iter(as_many), counted))
        if sides in as_many and len(sides) > 1:
            return list(sides.items())
        return [(next(iter(sides)) if len(sides) == 1 else "mixed" if sides else UNKNOWN, figure)]

    def _one_of(self, quantities: set[int]) -> Casualty | None:
        """The casualty that alone gives a count."""
        if len(quantities) > 1:
            return None
        return next((c for casualties in self.told for _, c in casualties if id(c.quantity) in quantities), None)

    def _class_of(self, casualty: Casualty) -> str:
        """The class of a group. People without a word for who they are ("seven were wounded") are of the one class that is told
        of, but one person does not tell for many.
        """
        if casualty.victims is not None or casualty.victim_class != UNKNOWN:
            return casualty.victim_class
        others = [c for casualties in self.told for _, c in casualties if c.victim_class != UNKNOWN]
        classes = {c.victim_class for c in others}
        most = max((c.quantity.low or 0 for c in others), default=0)
        many = most > 1 or 2 * most >= (casualty.quantity.low or 0)
        return classes.pop() if len(classes) == 1 and many else UNKNOWN

    def _by_class(self, casualties: Iterable[tuple[Line, Casualty]]) -> dict[str, Figure]:
        sides: dict[str, Figure] = {}
        for line, casualty in casualties:
            for side, figure in self._split(line, casualty):
                sides[side] = sides[side] + figure if side in sides else figure
        return sides

    def _split(self, line: Line, casualty: Casualty) -> Iterator[tuple[str, Figure]]:
        """A group of people by class: parts of another class ("nine people, including four soldiers") apart from the rest."""
        rest = _figure(line, casualty)
        for part in casualty.parts:
            figure = _figure(line, part)
            tells = part.victim_class not in (UNKNOWN, casualty.victim_class)
            tells = tells and not (part.victim_class == "civilians" and kind_of(part.victims))
            if tells and figure.low == figure.high and figure.low <= (rest.low or 0):
                yield part.victim_class, figure
                low, best, high = (None if bound is None else bound - figure.low for bound in _bounds(rest))
                rest = replace(rest, low=low, best=best, high=high)
        if rest.best != 0:
            yield self._class_of(casualty), rest


def _least(figure: Figure) -> tuple[int | None, int | None]:
    return figure.low, figure.best


def _bounds(figure: Figure) -> tuple[int | None, ...]:
    return figure.low, figure.best, figure.high


def _figure(line: Line, casualty: Casualty) -> Figure:
    q = casualty.quantity
    return Figure(q.low, q.best, q.high, (Receipt(line.part, line.sentence, q),))
