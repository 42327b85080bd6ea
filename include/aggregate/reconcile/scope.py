"""Which incidents a statement covers, certainly or possibly, and how much of it they explain.

An incident is certainly covered if its days lie inside the period and before the figure was stated, its place inside the area,
its perpetrator is the one claimed, and its victims are of the class claimed. Where one of these is not known or not exact, it
is possibly covered, and counts in the high only.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from include.aggregate.match.rules import rules as match_rules
from include.aggregate.parties import name_of, party_of, unidentified
from include.aggregate.reconcile.area import Area
from include.aggregate.reconcile.holdings import holdings
from include.aggregate.reconcile.rules import rules
from include.aggregate.reconcile.statements import ALL, Statement
from include.aggregate.spelling import folded
from include.datasets.catalogue import VICTIM_CLASSES
from include.extract.gazetteer import EARTH_DIAMETER_KM, Place

COLUMNS = (
    "incident_id", "date_start", "date_end", "place", "place_name", "admin1", "country", "latitude", "longitude", "where_prec",
    "perpetrator", "perpetrator_id", "target", "target_id", "victim_class", "event_clarity", "grading", "groups",
    "first_published_on", "last_published_on",
    *(f"{stem}_{bound}" for bound in ("low", "best", "high") for stem in (
        "killed", "injured", "casualties", "killed_civilians", "killed_women", "killed_children", "injured_women",
        "injured_children", "attackers_killed", "attackers_injured",
    )),
)  # fmt: skip
"""The columns of `incidents` that are read."""
_NEVER = 10**7
"""An ordinal later than any day."""
_NOTHING = np.array([], int)
_CLASSES = {name: n for n, name in enumerate(VICTIM_CLASSES, 1)}
_PRECISION = {"settlement": 1, "site": 1, "district": 3, "region": 5}


@dataclass(frozen=True, slots=True)
class Explained:
    """What covered incidents make of a figure: `low` those that are certainly covered at least, `best` the same at best, `high`
    all of them at most (None: no upper bound). `certain` and `possible` are the numbers of the incidents in the ledger."""

    low: int
    best: int
    high: int | None
    certain: np.ndarray
    possible: np.ndarray


class Ledger:
    """The incidents in the form in which statements are held against them, for the measures that they count."""

    def __init__(self, incidents: pl.DataFrame, measures: Iterable[str]):
        incidents = incidents.select(COLUMNS).sort("incident_id")
        self._ids = incidents["incident_id"]
        days = {c: _ordinals(incidents[c]) for c in ("date_start", "date_end", "first_published_on", "last_published_on")}
        self.dated = days["date_start"] >= 0
        published = np.where(days["first_published_on"] < 0, _NEVER, days["first_published_on"])
        ends = np.where(days["date_end"] < 0, days["date_start"], days["date_end"])
        self.first, self.last = np.minimum(days["date_start"], ends), np.maximum(days["date_start"], ends)
        self.last = np.where(self.dated, self.last, published)  # what has no day was over when it was published
        self.first = np.where(self.dated, self.first, -1)
        self.published, self.updated = published, days["last_published_on"]
        self.country, self._countries = _codes(incidents["country"])
        self.admin1, self._admin1 = _codes(incidents["admin1"], folded)
        self.place, self._places = _codes(incidents.select(pl.coalesce("place_name", "place")).to_series(), folded)
        self.latitude, self.longitude = (
            incidents[c].cast(pl.Float64).fill_null(math.nan).to_numpy() for c in ("latitude", "longitude")
        )
        reach = incidents["where_prec"].replace_strict(match_rules().reach_km, default=None, return_dtype=pl.Float64)
        self.reach = np.where(np.isnan(self.latitude), math.nan, reach.fill_null(math.nan).to_numpy())
        codes: dict[str, int] = {}
        self.perpetrator = _parties(incidents, "perpetrator", codes)
        self.target = _parties(incidents, "target", codes)
        self._party_codes = codes
        self.contested = (incidents["grading"] == "contested").fill_null(False).to_numpy()
        self._hold(holdings(incidents, measures))

    def _hold(self, held: pl.DataFrame) -> None:
        """Keep the holdings by measure and country, in the order of the incidents' first days."""
        measure, self._measures = _codes(held["measure"])
        at = held["i"].to_numpy().astype(np.int64)
        order = np.lexsort((at, self.first[at], self.country[at], measure))
        self._at = at[order]
        self._class = _codes(held["victim_class"], codes=dict(_CLASSES))[0][order]
        self._attackers, self._whole, self._side = (held[c].to_numpy()[order] for c in ("attackers", "whole", "side"))
        self._low, self._best, self._high = (held[c].to_numpy()[order] for c in ("low", "best", "high"))
        self._first = self.first[self._at]
        self._slices = _runs(measure[order] * 100_000 + self.country[self._at])

    def explain(self, statement: Statement, *, own_too: bool = False, since: Statement | None = None) -> Explained | None:
        """What the ledger explains of a statement; None where period, area or victims cannot be compared.

        `own_too`: the figure is known to count the perpetrator's own dead. `since`: only what the monitor can have added since
        that earlier statement of the series.
        """
        if (
            statement.start is None
            or statement.end is None
            or statement.victims.measure is None
            or statement.area.country is None
        ):
            return None
        parts = [self._covered(statement, s, own_too, since) for s in self._candidates(statement)]
        low, best, high = (sum(part[n] for part in parts) for n in range(3))
        certain, covered = (np.unique(np.concatenate([_NOTHING, *(part[n] for part in parts)])) for n in (3, 4))
        possible = np.setdiff1d(covered, certain, assume_unique=True)
        return Explained(int(low), int(best), None if math.isinf(high) else int(high), certain, possible)

    def ids(self, numbers: np.ndarray) -> list[str]:
        """The ids of incidents by their numbers, in order."""
        return self._ids.gather(numbers).to_list()

    def _candidates(self, statement: Statement) -> list[slice]:
        """Holdings of the measure, in the area's country or in none that is known, that begin before the period ends."""
        measure = self._measures.get(statement.victims.measure)
        found = []
        for country in {0, self._countries.get(statement.area.country, 0)} if measure else ():
            whole = self._slices.get(measure * 100_000 + country)
            if whole is not None:
                until = np.searchsorted(self._first[whole], statement.end.toordinal(), side="right")
                found.append(slice(whole.start, whole.start + int(until)))
        return found

    def _covered(self, statement: Statement, within: slice, own_too: bool, since: Statement | None) -> tuple:
        """Sums of low and best of the certain holdings and of high of all, and the incidents of the ones and of all."""
        reaches = self.last[self._at[within]] >= statement.start.toordinal()
        reaches &= (self._whole if statement.victims.classes == ALL else self._side)[within]
        rows = np.flatnonzero(reaches) + within.start
        sure = np.ones(len(rows), bool)
        for test in (
            lambda rows: self._when(statement, self._at[rows]),
            lambda rows: self._added(since, self._at[rows]),
            lambda rows: self._who(statement, rows, own_too),
            lambda rows: self._where(statement.area, self._at[rows]),
        ):
            certainly, possibly = test(rows)
            kept = certainly | possibly
            rows, sure = rows[kept], (sure & certainly)[kept]
        certain = rows[sure]
        sums = self._low[certain].sum(), self._best[certain].sum(), self._high[rows].sum()
        return *sums, self._at[certain], self._at[rows]

    def _when(self, statement: Statement, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """What happened on the day when the figure was stated may have come after it."""
        until = min(statement.end, (statement.first or statement.end) - timedelta(days=1)).toordinal()
        inside = (self.first[at] >= statement.start.toordinal()) & (self.last[at] <= until) & self.dated[at]
        return inside, np.ones(len(at), bool)

    def _added(self, since: Statement | None, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Whether a monitor can have counted it only after its earlier statement: it happened later, was reported later, or its
        toll was still rising."""
        if since is None or since.last is None or since.first is None:
            return np.ones(len(at), bool), np.zeros(len(at), bool)
        before, told = since.first.toordinal(), since.last.toordinal()
        later = self.dated[at] & (self.first[at] > told)
        rising = (self.updated[at] > before) & (self.last[at] >= before - rules().toll_rises_days)
        return later, (self.last[at] >= before) | (self.published[at] > before) | rising

    def _where(self, area: Area, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        here = self.country[at] == self._countries.get(area.country, -1)
        nowhere = self.country[at] == 0
        if not area.places:
            return np.zeros(len(at), bool), here | nowhere
        tests = [self._inside(place, at, here, nowhere) for place in area.places]
        sure = np.logical_and.reduce([t[0] for t in tests])
        maybe = np.logical_or.reduce([t[0] | t[1] for t in tests])
        return (np.zeros(len(at), bool) if area.part else sure), maybe

    def _inside(self, place: Place, at: np.ndarray, here: np.ndarray, nowhere: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if place.kind == "country":
            return here, nowhere
        admin1 = self.admin1[at]
        other = (admin1 != 0) & (admin1 != self._admin1.get(folded(place.admin1), -1)) & (place.admin1 is not None)
        if place.kind == "admin1":
            return here & (admin1 != 0) & ~other, (here | nowhere) & (admin1 == 0)
        reach = match_rules().reach_km[_PRECISION[place.kind]]
        core = reach * rules().region_core if place.kind == "region" else reach
        distance = _distance_km(place, self.latitude[at], self.longitude[at])
        known = ~np.isnan(self.reach[at])
        named = here & (self.place[at] == self._places.get(folded(place.name), -1)) & known
        spread = np.where(self.reach[at] == match_rules().reach_km[1], 0, self.reach[at])
        sure = here & known & (distance + spread <= core) | (named & (place.kind == "region"))
        near = known & (distance - self.reach[at] <= reach)
        return sure, (here | nowhere) & (near | (~known & ~other))

    def _who(self, statement: Statement, rows: np.ndarray, own_too: bool) -> tuple[np.ndarray, np.ndarray]:
        at, attackers, classes = self._at[rows], self._attackers[rows], statement.victims.classes
        of_class, like_class = self._of_class(classes, self._class[rows])
        if statement.party is None:
            return of_class, like_class
        party = self._party_codes.get(statement.party, -1)
        by = (self.perpetrator[at] == party) & ~self.contested[at]
        by_perhaps = (self.perpetrator[at] == 0) | self.contested[at]
        on = (self.target[at] == party) | ((self.target[at] == 0) & ~by)
        if statement.victims.own:
            killed_by_others = ~attackers & on & (of_class | like_class)
            return attackers & by, (attackers & by_perhaps) | killed_by_others
        sure, maybe = ~attackers & by & of_class, ~attackers & (by | by_perhaps) & (of_class | like_class)
        if classes == ALL:
            own = attackers & by
            return (sure | own, maybe) if own_too else (sure, maybe | own)
        fighting_it = attackers & (self.target[at] == party) & of_class
        return sure, maybe | fighting_it

    @staticmethod
    def _of_class(classes: frozenset[str], found: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        if classes == ALL:
            return np.ones(len(found), bool), np.zeros(len(found), bool)
        like = {"mixed", "unknown"}.union(*(group for group in rules().related_classes if group & classes))
        sure = np.isin(found, [_CLASSES[c] for c in classes - {"mixed", "unknown"}])
        return sure, np.isin(found, [_CLASSES[c] for c in like])


def _ordinals(days: pl.Series) -> np.ndarray:
    """Days as ordinals; -1 for none."""
    epoch = date(1970, 1, 1).toordinal()
    return (days.cast(pl.Date).to_physical().cast(pl.Int64) + epoch).fill_null(-1).to_numpy()


def _codes(
    values: pl.Series, named: Callable[[str], str | None] = str, codes: dict[str, int] | None = None
) -> tuple[np.ndarray, dict[str, int]]:
    """A number for the name of each value, from 1 on, 0 for none; and the numbers by name."""
    codes = {} if codes is None else codes
    names = {value: named(value) for value in values.drop_nulls().unique().sort()}
    numbers = {value: codes.setdefault(name, len(codes) + 1) if name else 0 for value, name in names.items()}
    found = (
        values.replace_strict(numbers, default=0, return_dtype=pl.Int64)
        if numbers
        else pl.zeros(len(values), pl.Int64, eager=True)
    )
    return found.fill_null(0).to_numpy(), codes


def _parties(incidents: pl.DataFrame, column: str, codes: dict[str, int]) -> np.ndarray:
    """The party of each incident as a number; 0 where nobody in particular is named."""
    pairs = incidents.select(column, f"{column}_id")
    known = pairs.unique().sort(pl.all())
    parties = [None if name_of(i, written) == unidentified() else party_of(written, i) for written, i in known.iter_rows()]
    numbers = pl.Series("number", [codes.setdefault(p, len(codes) + 1) if p else 0 for p in parties], pl.Int64)
    joined = pairs.join(known.with_columns(numbers), on=pairs.columns, how="left", nulls_equal=True, maintain_order="left")
    return joined["number"].to_numpy()


def _runs(keys: np.ndarray) -> dict[int, slice]:
    """Where each key stands in an array that is sorted by them."""
    found, starts = np.unique(keys, return_index=True)
    ends = np.append(starts, len(keys))[1:]
    return {int(key): slice(int(start), int(end)) for key, start, end in zip(found, starts, ends, strict=True)}


def _distance_km(place: Place, latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    a, b = math.radians(place.latitude), np.radians(latitude)
    h = np.sin((b - a) / 2) ** 2 + math.cos(a) * np.cos(b) * np.sin(np.radians(longitude - place.longitude) / 2) ** 2
    return EARTH_DIAMETER_KM * np.arcsin(np.minimum(1.0, np.sqrt(h)))
