"""Which pairs of reports are worth comparing: those that share a day and a place, as far as each names them.

Every report stands under keys for the places that it can have happened at. Reports with coordinates find each other by grid
cell. A report that names only a governorate, a country or no known place asks for all reports under that key on its days.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator

from include.aggregate.compare import Account

_FINE = 0.5
"""Grid for places, degrees."""
_COARSE = 5.0
"""Grid for regions, degrees."""
_KM_PER_DEGREE = 111.2


class Neighbours:
    """The reports that can be one incident with a given report. Built once for all; reports are known by their index."""

    def __init__(self, accounts: list[Account]):
        self._accounts = accounts
        self._members: dict[tuple, list[int]] = defaultdict(list)
        self._askers: dict[tuple, list[int]] = defaultdict(list)
        for i, a in enumerate(accounts):
            for key in _keys(a, _known_by(a)):
                self._members[key].append(i)
            for key in _keys(a, _asks_for(a)):
                self._askers[key].append(i)

    def of(self, i: int) -> list[int]:
        """Indexes of the reports to compare with report `i`, sorted. If j is among those of i, then i is among those of j."""
        a = self._accounts[i]
        found: set[int] = set()
        for key in _keys(a, _asks_for(a)):
            found.update(self._members.get(key, ()))
        for key in _keys(a, _known_by(a)):
            found.update(self._askers.get(key, ()))
        found.discard(i)
        return sorted(found)


def _keys(a: Account, places: Iterable[tuple]) -> Iterator[tuple]:
    """The places with each day on which it can have happened, and one more for reports that are a day apart."""
    days = () if a.first_day is None else range(a.first_day, a.last_day + 2)
    for place in places:
        if place[0] == "sentence":
            yield place
        else:
            for day in days:
                yield (*place, day)


def _known_by(a: Account) -> Iterator[tuple]:
    yield ("sentence", a.sentence)
    if a.is_located:
        yield from _cells(a, _FINE)
    if a.reach is not None:
        yield from _cells(a, _COARSE)
    if a.is_named_only:
        yield ("place", a.place)
    if a.country:
        yield ("admin1", a.country, a.admin1)
        yield ("country", a.country)
    if a.killed and a.killed.exact and a.killed.low > 0:
        yield ("killed", a.killed.low)


def _asks_for(a: Account) -> Iterator[tuple]:
    if a.first_day is None:
        yield ("sentence", a.sentence)
        return
    if a.is_located:
        yield from _cells(a, _FINE)
    elif a.country and a.admin1 and a.where_prec != 5:
        yield ("admin1", a.country, a.admin1)
        yield ("admin1", a.country, None)
    elif a.country:
        yield ("country", a.country)
    elif a.reach is not None:
        yield from _cells(a, _COARSE)
    else:
        yield ("sentence", a.sentence)
        if a.is_named_only:
            yield ("place", a.place)
        if a.killed and a.killed.exact and a.killed.low > 0:
            yield ("killed", a.killed.low)


def _cells(a: Account, size: float) -> Iterator[tuple]:
    """The grid cells that the report's reach touches. Reports whose reaches meet share at least one."""
    up = a.reach / _KM_PER_DEGREE
    across = up / max(math.cos(math.radians(a.latitude)), 0.01)
    for y in range(math.floor((a.latitude - up) / size), math.floor((a.latitude + up) / size) + 1):
        for x in range(math.floor((a.longitude - across) / size), math.floor((a.longitude + across) / size) + 1):
            yield (size, y, x)
