"""The area of a claim: the places of the gazetteer that its words can mean."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from include.aggregate.reconcile.rules import rules
from include.aggregate.spelling import folded
from include.extract.gazetteer import KINDS, Place, gazetteer

_KINDS = {
    1: ("settlement", "site"),
    2: ("settlement", "site"),
    3: ("district",),
    4: ("admin1",),
    5: ("region",),
    6: ("country",),
}
"""The kinds of place that an area of a precision can be."""


@dataclass(frozen=True, slots=True)
class Area:
    """Where a claim's victims can have died.

    `places` are what its words can mean ("Homs": the city or the governorate): inside is certain only inside all of them.
    `part` is set where the claim covers an unnamed part of them, so that nothing is certainly inside. Without places and
    without a country the area is not known.
    """

    name: str | None
    country: str | None
    places: tuple[Place, ...] = ()
    part: bool = False

    @property
    def known(self) -> bool:
        """Whether its words, or the country where it names no area, say where it is, in one country."""
        return self.country is not None and (bool(self.places) or self.name is None)


def area_of(claim: Mapping[str, Any]) -> Area:
    """The area that a row of `claims` names."""
    return _area(*(claim.get(c) for c in ("area", "area_name", "country", "admin1", "where_prec")))


@lru_cache(maxsize=10_000)
def _area(written: str | None, name: str | None, country: str | None, admin1: str | None, where_prec: int | None) -> Area:
    if written is None:
        return Area(None, country, part=True)
    if name is None:
        return Area(written, country)
    found = [m.place for m in gazetteer().lookup(name) if m.exact and country in (None, m.place.country)]
    found = [p for p in found if admin1 is None or p.admin1 in (None, admin1)] or found
    meant = [p for p in found if p.kind in _KINDS.get(where_prec, KINDS)] or found
    best: dict[str, Place] = {}
    for place in meant:
        best.setdefault(place.kind, place)
    words = {w.lower() for w in re.findall(r"\w+", written)}
    part = (
        bool(words & rules().part_of_area) and not words & {w.lower() for w in re.findall(r"\w+", name)} & rules().part_of_area
    )
    places = tuple(best[kind] for kind in sorted(best))
    return Area(name if places else written, country or (places[0].country if places else None), places, part)


def area_key(area: Area) -> str:
    """What identifies an area in a series: its name in the gazetteer, else its words, else its country."""
    whole = "part of " * area.part
    return whole + (folded(area.places[0].name if area.places else area.name) or area.country or "")
