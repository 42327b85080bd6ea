"""Whether two tellings can be of one place: the places where they say that it happened, and how far apart these are."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from include.extract.gazetteer import distance_km
from include.extract.mentions import PlaceMention

SAME_PLACE_KM = 10.0
SPOTS = ("settlement", "site", "district", "unknown")
"""Kinds of places that are points on a map."""
_IN_PASSING = frozenset({"bare", "passing", "border", "within", "unknown_in", "said"})
"""Rules of places.py by which a name may be no more than mentioned."""


def told_places(places: Sequence[PlaceMention]) -> list[PlaceMention]:
    """Where it happened; a place that is not in the gazetteer is in the province of the one that it is said to be near."""
    near = next((p for p in places if p.rule == "within" and p.admin1), None)
    return [
        replace(p, admin1=near.admin1, country=near.country) if near and p.latitude is None and not p.admin1 else p
        for p in places
        if told_place(p)
    ]


def told_place(place: PlaceMention) -> bool:
    """The words say that something happened there; the place is not only mentioned."""
    return place.role == "location" and place.rule not in _IN_PASSING


def apart(some: Iterable[PlaceMention], others: Iterable[PlaceMention]) -> bool:
    """Both name points on the map, and none of them are near each other; or they are in different provinces."""
    here, there = _points(some), _points(others)
    if here and there:
        return all(distance_km(a.latitude, a.longitude, b.latitude, b.longitude) > SAME_PLACE_KM for a in here for b in there)
    here, there = ({(p.country, p.admin1) for p in places if p.admin1} for places in (some, others))
    return bool(here and there) and not here & there


def abroad(some: Iterable[PlaceMention], others: Iterable[PlaceMention]) -> bool:
    """They are in different countries."""
    here, there = ({p.country for p in places if p.country} for places in (some, others))
    return bool(here and there) and not here & there


def _points(places: Iterable[PlaceMention]) -> list[PlaceMention]:
    return [p for p in places if p.latitude is not None and p.kind in SPOTS]
