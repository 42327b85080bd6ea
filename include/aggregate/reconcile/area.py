"""The area of a claim: the places of the gazetteer that its words can mean."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from include.aggregate.reconcile.rules import rules
from include.aggregate.spelling import folded
from include.extract.gazetteer import Place, gazetteer


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
        """Whether its words, or the country where it names no area, say where it is."""
        return bool(self.places) or (self.name is None and self.country is not None)


def area_of(claim: Mapping[str, Any]) -> Area:
    """The area that a row of `claims` names."""
    return _area(claim.get("area"), claim.get("country"), claim.get("admin1"))


@lru_cache(maxsize=10_000)
def _area(name: str | None, country: str | None, admin1: str | None) -> Area:
    if name is None:
        return Area(None, country, part=True)
    places = _places(name, country, admin1)
    if places:
        return Area(_title(places, name), places[0].country or country, places)
    words = [w for w in re.findall(r"[\w'’-]+", name) if w.lower() not in ("the", "of", "in", "province's")]
    bare = [w for w in words if w.lower() not in rules().governorate | rules().part_of_area]
    places = _places(" ".join(bare), country, admin1)
    if any(w.lower() in rules().governorate for w in words):
        places = tuple(p for p in places if p.kind == "admin1") or places
    part = any(w.lower() in rules().part_of_area for w in words)
    if part and admin1:  # "the northern countryside of Aleppo" is of the governorate
        places = tuple(p for p in places if p.kind in ("admin1", "country")) or places
    return Area(name, country, places, part)


def area_key(area: Area) -> str:
    """What identifies an area in a series: its name in the gazetteer, else its words, else its country."""
    whole = "part of " * area.part
    return whole + (folded(area.places[0].name if area.places else area.name) or area.country or "")


def _places(name: str, country: str | None, admin1: str | None) -> tuple[Place, ...]:
    """The best place of each kind of that name in the country; of towns in the governorate, if one is named."""
    found = [m.place for m in gazetteer().lookup(name) if m.exact] or [m.place for m in gazetteer().lookup(name)]
    found = [p for p in found if country in (None, p.country)]
    if country is None:  # a country or region of its own name, never some town of the world
        found = [p for p in found if p.kind in ("country", "region")]
    found = [p for p in found if admin1 is None or p.admin1 in (None, admin1)] or found
    best: dict[str, Place] = {}
    for place in found:
        best.setdefault("settlement" if place.kind == "site" else place.kind, place)
    if "country" in best or "region" in best:
        return (best.get("country") or best["region"],)
    return tuple(best[kind] for kind in sorted(best))


def _title(places: tuple[Place, ...], name: str) -> str:
    return places[0].name if len({p.name for p in places}) == 1 else name
