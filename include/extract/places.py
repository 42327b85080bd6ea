"""Places: which entry of the gazetteer a name means, how precisely it locates, and where an incident happened.

`find_places` settles homonyms by what else the text says: countries, provinces, the containing place after a comma. The
precision of a mention follows UCDP GED and comes from the wording: "in X" 1, "near X" 2, a district 3, a governorate 4, a
region or a line 5, a country 6. `choose_place` picks the place of one incident.
"""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import cache, lru_cache
from itertools import pairwise
from math import log10
from operator import attrgetter

from include.extract.gazetteer import DATA, Match, Place, distance_km, fold, gazetteer, plain, read_table
from include.extract.mentions import PlaceMention
from include.extract.toponyms import Toponym, find_toponyms, place_words

PRECISION = {"settlement": 1, "site": 1, "district": 3, "admin1": 4, "region": 5, "country": 6}
NEAR_KM = 25
"""UCDP: within about 25 km of a known point is where_prec 2."""
CONTAINED_KM = 60
"""A settlement is taken as lying in another ("Khuza'a in Khan Younis") up to this distance."""
FAR_KM = 150
"""A place that is said to lie in another is not one farther away than this."""
CONURBATION_KM = 15
"""The same across the border of a province ("Dahiyeh in Beirut")."""

SPOKEN_OF = 0.25
"""A text speaks of a country that it names a quarter as often as the one it names most."""

_NAMED = 1.5
"""Weight of a country that is named."""
FIRM = 2.5
"""Weight from which a text is firmly about another country: it names it twice, or it and a place of it."""

LEAD = 500
"""Characters at the head of an article that mostly tell where its incident happened."""

_PROMINENCE = {"country": 6.0, "admin1": 3.0, "region": 2.4, "site": 1.0, "district": 0.5, "settlement": 0.5}
_NAMED_ALIKE = frozenset(["SYR", "IRQ", "YEM", "AFG", "SDN", "MMR", "MLI", "NER", "NGA"])
"""Countries whose provinces bear the name of their capital: "northern Aleppo" is of the province."""

_SPECIFIC = {"settlement": 3.0, "site": 3.0, "district": 1.5, "unknown": 1.2, "admin1": 0.8, "region": 0.5, "country": -4.0}
_LOCATES = {
    "across": 7.0,
    "bare": 0.0,
    "within": -1.2,
    "passing": -2.5,
    "abroad": -3.0,
    "border": -3.0,
    "far": -5.0,
    "to": 0.0,
    "of": 0.5,
    "said": -2.5,
    "header": -1.5,
    "unsupported": -0.5,
}
_IN_TOWN = frozenset({"site", "unknown"})
"""Kinds of places that a town can have in it."""
_IN = frozenset({"in", "across", "near", "struck", "where", "between", "road", "type", "within"})
"""How a sentence names where something happened."""
_ABROAD = 6.0
_PART = re.compile(
    r"[^.\n]{0,300}?\b(?:in|near|on|off|along)\s(?:the|a|an|its|their)\s(?:[\w-]{1,20}\s){0,3}?(?:north|south|east|west|north-?east|north-?west"
    r"|south-?east|south-?west|(?:north|south|east|west)\w{0,8}ern\s\w+|centre|borders?|frontier|coast|village|hamlet|province|district"
    r"|countryside|desert|island|interior|highlands|mountains)\b"
)
"""What puts an incident in a part of a country, and not in its capital."""
_SURE = 0.5
"""Weight from which the country of one name is sure."""
_HOME = 0.4
"""Weight of the countries that the outlet's name and the armed groups tell, as a share."""
_LISTED = re.compile(r"(?:,|,?\s(?:and|or)|/)\s?(?:the\s)?")
_ALIKE = 0.7
"""Share of letters in common from which two names are spellings of one."""
_ANY_COUNTRY = 500_000
_LARGE = 100_000
_TOWN = 15_000
NEARBY = 800
"""Characters around a sentence in which another place may tell where its place lies."""
_FAR = 20_000
"""Characters, longer than most articles, beyond which a place that is not in the lead is not the place of a sentence."""
_start = attrgetter("start")


def find_places(
    text: str,
    *,
    country: str | None = None,
    context: Sequence[PlaceMention] = (),
    outlet: str | None = None,
    fighters: Iterable[str] = (),
) -> list[PlaceMention]:
    """Places that a sentence or an article names, in order.

    `country` (ISO 3166-1 alpha-3) is the country that the source writes about, `context` places known from elsewhere in the
    article, `outlet` the name of the outlet, which may tell where it is at home, `fighters` the
    countries of the armed groups that the text names: they settle homonyms. A place that is not in
    the gazetteer is given where the wording supports one ("the village of X", "near X"): its name as written, no coordinates,
    where_prec null, and the country if the text speaks of one only.
    """
    names, adjectives, states = find_toponyms(text)
    countries = _countries(names, adjectives, states, country, context)
    countries.home = _home(outlet) if outlet else None
    countries.near = frozenset(fighters) | ({countries.home} if countries.home else set())
    for name in names:
        if name.capital:
            name.matches = _capital(countries)
    meant = [(name, match) for name in names if (match := _meant(name, countries)) is not None]
    meant = _listed_alike(text, _provinces_for_cities(_of_one_sense(meant)))
    around = {id(n.within) for n, m in meant if n.within and (isinstance(m, Toponym) or _lies_in(m.place, n.within))}
    found = [_mention(name, match, meant, id(name) in around) for name, match in meant]
    found = [_of_its_country(m) if m.role == "dateline" and _elsewhere_in(text, m) else m for m in found]
    if (sole := countries.sole()) and not any(m.country for m in found):
        return [replace(m, country=sole) for m in found]
    return [replace(m, rule="abroad") if m.rule != "where" and countries.abroad(m) else m for m in found]


def choose_place(mentions: Sequence[PlaceMention], start: int, end: int, trigger: int | None = None) -> PlaceMention | None:
    """The place of an incident that the sentence text[start:end] tells, from all mentions of the text.

    `trigger` is the position of the word that tells it ("killed"). A place in the sentence goes before one elsewhere, a
    specific one before the region around it, "in X" before a name in passing; origins, destinations and datelines are the last
    resort. A place without coordinates takes those of the nearest place around it that has some, with the precision that this
    leaves (UCDP: 2 near a known point, 3 district or a governorate no larger, 4 governorate), and keeps its own name as
    written; a neighbourhood or a building is as exact as the town that it stands in. Null where nothing is named. Of a very
    long text only what stands in the lead or not too far from the sentence matters.
    """
    opening = bisect_left(mentions, LEAD, key=_start)
    first, last = bisect_left(mentions, start - _FAR, key=_start), bisect_left(mentions, end + _FAR, key=_start)
    mentions = [*mentions[: min(opening, first)], *mentions[first:last]]
    if not mentions:
        return None
    at = start if trigger is None else trigger
    stated = {m.country for m in mentions if start <= m.start < end and _stated(m)}
    best = max(mentions, key=lambda m: (_merit(m, start, end, at) - _ABROAD * _elsewhere(m, stated), -m.start))
    return completed(best, mentions, start, end)


def is_capital(place: Place | PlaceMention) -> bool:
    """Whether it is the capital of a country."""
    return (place.country, plain(place.name or "")) in _capitals()


def _elsewhere_in(text: str, dateline: PlaceMention) -> bool:
    """Whether the sentence after the dateline of a capital puts the incident in another part of the country."""
    return is_capital(dateline) and _PART.match(text, dateline.end) is not None


def _of_its_country(m: PlaceMention) -> PlaceMention:
    """The country of a place in its stead."""
    named = gazetteer().lookup(_country_names()[m.country or ""])
    country = next(match.place for match in named if match.place.kind == "country")
    return replace(
        m,
        rule="dateline_country",
        name=country.name,
        geonames_id=None,
        kind="country",
        admin1=None,
        latitude=country.latitude,
        longitude=country.longitude,
        where_prec=PRECISION["country"],
        compact=False,
    )


@cache
def _country_names() -> dict[str, str]:
    return {row["country"]: row["name"] for row in read_table(DATA / "countries.tsv")}


def _stated(m: PlaceMention) -> bool:
    """The words say that something happened in it."""
    between = m.kind == "country" and m.rule == "between"  # "a deal between Turkey and Russia"
    return m.role == "location" and m.country is not None and m.rule in _IN and not between


def _elsewhere(m: PlaceMention, stated: set[str | None]) -> bool:
    """A place in passing, or of another sentence, that is in none of the countries where the sentence says that it happened."""
    return bool(stated) and m.country is not None and m.country not in stated


def _merit(m: PlaceMention, start: int, end: int, at: int) -> float:
    merit = _SPECIFIC[m.kind] + _LOCATES.get(m.rule, 2.0) - {"location": 0.0, "dateline": 5.0}.get(m.role, 4.5)
    gap = max(m.start - at, at - m.end, 0)
    if start <= m.start < end and m.role != "dateline":
        return merit + 10 - min(3.0, gap / 70) + (0.4 if m.start >= at else 0)
    lead = 2.0 if m.start < LEAD else 0.5 if m.end <= start else 0.0
    if m.rule == "road":  # "soldiers closed the road from X"
        lead -= 4.0
    return merit + 4 - min(4.0, gap / 300) + lead - (2.0 if m.latitude is None else 0.0)


def completed(best: PlaceMention, mentions: Sequence[PlaceMention], start: int, end: int) -> PlaceMention:
    """The mention with what its companions tell: coordinates of the place around it, its province, its country."""
    home = Counter(m.country for m in mentions if m.country and m.role in ("location", "dateline")).most_common(1)
    countries = {None, best.country or (home[0][0] if home else None)}
    known = [
        m
        for m in mentions
        if m.latitude is not None
        and m is not best
        and (start <= m.start < end or m.country in countries)
        and (m.start < LEAD or start - NEARBY <= m.start < end + NEARBY)
    ]
    inside = [m for m in known if start <= m.start < end]
    if best.latitude is not None:
        if best.admin1 is None and best.kind == "region":
            province = next((m for m in inside if m.kind == "admin1" and m.country == best.country), None)
            return replace(best, admin1=province.admin1) if province else best
        return best
    before = [m for m in known if m.end <= best.start and m.role == "location" and m.admin1]
    spoken_of = before[-1].admin1 if before else next((m.admin1 for m in known if m.role == "location" and m.admin1), None)
    pools = (
        [m for m in inside if m.kind != "country" and m.role == "location"],
        [m for m in known if m.kind != "country" and m.role == "location" and m.admin1 in (spoken_of, None)],
        [m for m in inside if m.role == "location"],
        [m for m in known if m.kind != "country" and m.role == "dateline" and (best.kind in _IN_TOWN or not is_capital(m))],
        [m for m in known if m.role == "location"],
    )
    pool = next(filter(None, pools), None)
    if pool is None:
        return best
    around = min(pool, key=lambda m: (m.where_prec > 3, m.start - best.end if m.start >= best.end else best.start - m.end + 40))
    if best.name is None:
        best = replace(best, name=around.name, geonames_id=around.geonames_id, admin1=around.admin1, country=around.country)
    in_town = best.kind == "site" and around.rule == "within" and around.kind in ("settlement", "site")
    if not (start <= around.start < end):
        around = replace(around, where_prec=max(around.where_prec, PRECISION["district"]))
    prec = around.where_prec if in_town else max(2, PRECISION["district"] if around.compact else around.where_prec)
    return replace(best, latitude=around.latitude, longitude=around.longitude, where_prec=prec)


@dataclass(slots=True)
class _Countries:
    """How strongly the text speaks of each country, and how much of that each name brings in itself."""

    weights: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    brought: dict[str, tuple[str, float]] = field(default_factory=dict)
    provinces: dict[tuple[str | None, str | None], set[str]] = field(default_factory=lambda: defaultdict(set))
    """Country and name of the provinces that the text names, each with the names that do."""
    home: str | None = None
    """The country that the outlet's name tells."""
    near: frozenset[str] = frozenset()
    """That and the countries of the armed groups that the text names."""
    states: set[str | None] = field(default_factory=set)
    """States of the United States that the text names."""
    local: bool = False
    """It names one in short, as local news of the United States do."""
    most: float = 1.0
    """Weight of the country that the text speaks of most; 1 where it names none."""
    total: float = 0.0

    def shares(self, name: Toponym) -> dict[str, float]:
        """Weight of each country, 1 for the one that the text speaks of most; what the name itself tells counts half, if the
        rest of the text tells anything.
        """
        country, own = self.brought.get(fold(name.name), ("", 0.0))
        if self.silent(name):
            rest, most = self.weights, max(self.weights.values(), default=1.0)
            most = max(1.0, most) if self.near else most
        else:
            rest = {c: weight - own / 2 * (c == country) for c, weight in self.weights.items()}
            most = max(1.0, *rest.values())
        shares = {c: weight / most for c, weight in rest.items()}
        for home in self.near:
            shares[home] = max(shares.get(home, 0.0), _HOME)
        return shares

    def sole(self) -> str | None:
        """The one country that the text speaks of; of a text that speaks of none, the outlet's."""
        told = Counter(dict(self.weights))
        told.subtract({c: weight for c, weight in self.brought.values() if weight < _SURE})  # by names that may be no places
        spoken = [c for c, weight in told.items() if weight > 0]
        return spoken[0] if len(spoken) == 1 else None if spoken else self.home

    def speaks_of(self, place: Place, name: Toponym) -> bool:
        """Whether the rest of the text speaks of the place's country."""
        country, own = self.brought.get(fold(name.name), ("", 0.0))
        rest = self.weights.get(place.country or "", 0) - (own if country == place.country else 0)
        at_home = place.country in self.near and self.silent(name)
        return not place.country or rest >= SPOKEN_OF * self.most or name.nation == place.country or at_home

    def elsewhere(self, place: Place) -> float:
        """Weight of the country that the text speaks of most, the place's own left out."""
        return max((w for c, w in self.weights.items() if c != place.country), default=0)

    def abroad(self, mention: PlaceMention) -> bool:
        """Whether the text, about another country, names the place in passing ("who studied in London")."""
        weight = self.weights.get(mention.country or "", 0)
        country, own = self.brought.get(fold(mention.place), ("", 0.0))
        weight -= own if country == mention.country and own < _SURE else 0
        return mention.country is not None and self.most >= _NAMED and weight < SPOKEN_OF * self.most

    def silent(self, name: Toponym) -> bool:
        """Whether nothing but the name itself tells of a country."""
        return self.total <= self.brought.get(fold(name.name), ("", 0.0))[1]


def _countries(
    names: list[Toponym],
    adjectives: Counter[str],
    states: set[str],
    country: str | None,
    context: Sequence[PlaceMention],
) -> _Countries:
    found = _Countries()
    weights = found.weights
    for written, name in {fold(n.name): n for n in reversed(names) if n.matches}.items():
        if _acts(name) or name.cue == "border":
            continue
        if not name.located and plain(name.name) in place_words().ordinary:  # "There were ..." is not Daraa
            continue
        places = [m.place for m in name.matches if m.exact] or [m.place for m in name.matches if m.place.reviewed]
        stated = {p.country for p in places if p.kind == "country"}
        if name.kind in ("admin1", None) and places and places[0].kind == "admin1":
            found.provinces[places[0].country, places[0].admin1].add(plain(name.name))
        known = {p.country for p in places if p.reviewed} or {p.country for p in places if p.kind == "admin1"}
        known.discard(None)
        for c in stated:
            weights[c] += _NAMED
        city = max((p for p in places if p.kind == "settlement"), key=attrgetter("population"), default=None)
        if city and city.population >= _LARGE and city.country not in known and not any(p.reviewed for p in places):
            known.clear()  # Savannah is a city of Georgia and a region of Ghana
        if not stated and len(known) == 1:
            sure = any(p.reviewed for p in places) or len({p.country for p in places}) == 1
            found.brought[written] = next(iter(known)), 1.0 if sure else 0.5  # Uri is a canton and a town of Kashmir
        elif not stated and places and places[0].country:
            only = (
                (name.located or name.cue == "header")
                and not name.caseless
                and name.kind != "site"
                and len({p.country for p in places}) == 1
            )
            if only or (places[0].population > _LARGE and plain(places[0].name) == plain(name.name)):
                found.brought[written] = places[0].country, 0.4
    for c, weight in found.brought.values():
        weights[c] += weight
    found.states = states | {n.state for n in names if n.state} | {s for n in names if n.cue == "dateline" for s in _states(n)}
    found.local = bool(found.states)
    if found.local:
        weights["USA"] += 2.0 * len(found.states)
    found.states |= {s for n in names for s in _states(n)}
    for c in weights:
        weights[c] = min(weights[c], 5.0)
    for c, n in adjectives.items():
        weights[c] += min(1.0, 0.4 * n)
    for m in context:
        if m.country:
            weights[m.country] += 0.5
    if country:
        weights[country] += 4
    found.most, found.total = max(weights.values(), default=1.0), sum(weights.values())
    return found


@lru_cache(maxsize=1024)
def _home(outlet: str) -> str | None:
    """The one country that an outlet's name speaks of ("Karachi Mail"); null for one whose outlets write about the world."""
    words = place_words()
    written = outlet.split()
    spans = [*written, *map(" ".join, pairwise(written))]
    never = words.ordinary.union(words.bodies, words.left, words.types)
    names = [plain(name) for name in spans if name[0].isupper() and plain(name) not in never]
    told = {country for name in names if (country := _of_one_country(name))}
    told |= {words.adjectives[name] for name in names if name in words.adjectives}
    return told.pop() if len(told) == 1 and told.isdisjoint(words.world) else None


def _of_one_country(name: str) -> str | None:
    """The country of a well-known place, where no other of its name is nearly as large."""
    best, *others = [m.place for m in gazetteer().lookup(name) if plain(m.place.name) == name] or [None]
    if best is None or not (best.reviewed or best.kind in ("admin1", "country") or best.population >= _LARGE):
        return None
    rivals = (p for p in others if p.country != best.country and p.population > best.population / 4)
    return None if best.kind != "country" and any(rivals) else best.country


def _capital(countries: _Countries) -> tuple[Match, ...]:
    """The capital of the country that the text is about."""
    first, second = sorted((*countries.weights.values(), 0.0, 0.0))[-2:][::-1]
    country = max(countries.weights, key=countries.weights.__getitem__, default=None)
    if country is None or countries.local or second > first / 2:
        return ()
    named = gazetteer().lookup(f"{_adjectives().get(country)} capital")
    return tuple(m for m in named if m.place.country == country)


@cache
def _adjectives() -> dict[str, str]:
    """An adjective of nationality of each country."""
    return {country: adjective for adjective, country in reversed(place_words().adjectives.items())}


@cache
def _capitals() -> frozenset[tuple[str, str]]:
    """Country and name of every capital of a country."""
    return frozenset((row["country"], plain(row["capital"])) for row in read_table(DATA / "countries.tsv"))


def _states(name: Toponym) -> set[str | None]:
    """The state of the United States that the name is in full; none for Georgia, which is a country too."""
    places = [m.place for m in name.matches if m.exact and m.place.kind in ("admin1", "country")]
    return {p.admin1 for p in places if p.country == "USA" and p.kind == "admin1" and places[0].kind == "admin1"}


def _meant(name: Toponym, countries: _Countries) -> Match | Toponym | None:
    """The entry that the name means; the name itself for a place that the gazetteer lacks; null where it is no place."""
    if name.capital:
        return next(iter(name.matches), None)
    ranked: Sequence[Match] = name.matches
    if len(ranked) > 1:
        shares = countries.shares(name)
        ranked = sorted(ranked, key=lambda match: -_score(name, match, countries, shares))
    for match in ranked[:8]:
        if _accepted(name, match, countries):
            return match
    if ranked and _is_word_or_person(name, ranked[0].place, countries):
        return None
    if name.caseless or name.role == "dateline" or name.given or plain(name.name) in place_words().ordinary:
        return None
    return name if name.located and name.cue != "passing" else None


def _of_one_sense(meant: list[tuple[Toponym, Match | Toponym]]) -> list[tuple[Toponym, Match | Toponym]]:
    """A name means one place throughout: the one that the text puts in another ("Hyderabad, Sindh", "the village of X in Y"). A
    headline's name that the text gives in full ("Lanao", "Lanao del Sur") is that, where it else were far from it.
    """
    settled: dict[str, Match | Toponym | None] = {}
    for name, match in meant:
        unknown = isinstance(match, Toponym)
        put = name.within and not name.within.reference and (name.inside if unknown else _held(name, match.place))
        if put or name.state:
            written, found = plain(name.name), match if not unknown else name
            settled[written] = found if settled.get(written, found) in (found, None) or unknown else None
    read = []
    for name, match in meant:
        if name.within is None and name.state is None and (found := settled.get(plain(name.name))):
            if isinstance(found, Toponym):
                match = name  # noqa: PLW2901
            elif isinstance(match, Toponym) or not _beside(match.place, found.place):
                match = found  # noqa: PLW2901
        elif name.headline and isinstance(match, Match) and (full := _in_full(name, match.place, meant)):
            match = full  # noqa: PLW2901
        read.append((name, match))
    return read


def _beside(place: Place, other: Place) -> bool:
    """Both are in one province: a town and the district around it, say."""
    return (place.country, place.admin1) == (other.country, other.admin1)


def _in_full(name: Toponym, place: Place, meant: list[tuple[Toponym, Match | Toponym]]) -> Match | None:
    """The district or province that bears the name and more words, where the name alone is of a small place elsewhere."""
    if place.reviewed or place.kind != "settlement" or place.population >= _LARGE:
        return None
    start = plain(name.name) + " "
    longer = (m for n, m in meant if isinstance(m, Match) and plain(n.name).startswith(start) and not n.headline)
    return next((m for m in longer if m.place.kind in ("admin1", "district") and m.place.admin1 != place.admin1), None)


def _provinces_for_cities(meant: list[tuple[Toponym, Match | Toponym]]) -> list[tuple[Toponym, Match | Toponym]]:
    """Headlines say "in Aleppo" of the province: it is meant, and not the city, where the article goes on to a place in it or
    calls it a province.
    """
    named = {
        (m.place.country, m.place.admin1, plain(m.place.name))
        for n, m in meant
        if isinstance(m, Match) and n.role == "location" and m.place.kind in ("settlement", "site", "district")
    }
    towns = Counter((country, admin1) for country, admin1, name in named if name != plain(admin1 or ""))
    matched = [(n, m.place) for n, m in meant if isinstance(m, Match) and not n.encloses]
    provinces = {(p.country, p.admin1) for n, p in matched if n.kind == p.kind == "admin1"}
    read = []
    for name, match in meant:
        place = match.place if isinstance(match, Match) else None
        if (
            place
            and name.headline
            and name.kind in (None, "site")
            and place.kind == "settlement"
            and place.country in _NAMED_ALIKE
        ):
            province = next((m for m in name.matches if m.place.kind == "admin1" and m.place.admin1 == place.admin1), None)
            said = towns[place.country, place.admin1] or (place.country, place.admin1) in provinces
            if province and said and plain(province.place.name) == plain(place.name):
                match = province  # noqa: PLW2901
        read.append((name, match))
    return read


def _listed_alike(text: str, meant: list[tuple[Toponym, Match | Toponym]]) -> list[tuple[Toponym, Match | Toponym]]:
    """What stands in a list is of a kind: of "Paktika and Khost" both are provinces."""
    read = list(meant)
    for i, ((one, first), (other, second)) in enumerate(pairwise(meant)):
        if not (isinstance(first, Match) and isinstance(second, Match) and _LISTED.fullmatch(text, one.end, other.start)):
            continue
        for k, name, match, beside in ((i, one, first, second), (i + 1, other, second, first)):
            if beside.place.kind == "admin1" and match.place.kind != "admin1" and name.kind is None:
                alike = (m for m in name.matches if m.exact and m.place.kind == "admin1")
                province = next((m for m in alike if m.place.country == beside.place.country), None)
                read[k] = name, province or match
    return read


def _score(name: Toponym, match: Match, countries: _Countries, shares: dict[str, float]) -> float:
    """How well the entry fits the name, its wording and the text."""
    p = match.place
    share = shares.get(p.country or "", 0.0)
    score = 0.5 * log10(p.population + 1) + _PROMINENCE[p.kind] + 1.5 * p.reviewed + 0.6 * match.exact + 4 * share
    if p.kind == "admin1" and not (share or p.reviewed or name.kind == "admin1"):  # a city before a province of a far country
        score -= 1.5
    written = plain(name.name)
    if match.exact and p.kind != "admin1" and countries.provinces.get((p.country, p.admin1), set()) - {written}:
        score += 2
    score += 0.8 * (plain(p.name) == written) + 0.7 * (
        share > 0 and p.kind == "settlement" and plain(p.admin1 or "") == written
    )
    if name.state:
        score += 8 if (p.country, p.admin1) == ("USA", name.state) else -4
    elif name.within and _lies_in(p, name.within):
        score += 2 if name.within.reference else 5
    elif p.kind == "country" and name.within and any(_lies_in(m.place, name.within) for m in name.matches):
        score -= 5
    score += 3 * (name.nation is not None and name.nation == p.country)
    if name.kind == p.kind:
        score += 4 if match.exact and name.kind != "site" else 2
    elif name.kind in ("settlement", "site") and p.kind in ("settlement", "site"):
        score += 2
    elif (name.kind, p.kind) in (("district", "settlement"), ("region", "admin1"), ("admin1", "district")):
        score += 1
    elif name.kind == "admin1" and not match.exact:  # "Hela Province" is not of a town Hilla
        score -= 2
    if p.kind == "admin1":
        score += 4 * (name.countryside or name.cue == "header") + 4 * (
            name.compass and not name.near and p.country in _NAMED_ALIKE
        )
    return score


def _lies_in(place: Place, container: Toponym) -> bool:
    """Whether the place lies in what the container can be: a country, a province, or a place of the same province close by."""
    if place.kind == "country":
        return False
    if place.kind == "admin1":
        return any(m.place.kind == "country" and m.place.country == place.country for m in container.matches)
    for outer in (m.place for m in container.matches[:12]):
        if outer.country != place.country or outer == place:
            continue
        if outer.kind == "country" or (outer.kind == "admin1" and place.admin1 in (outer.admin1, None)):
            return True
        larger = outer.kind in ("district", "region") or outer.population > place.population
        reach = CONTAINED_KM if outer.admin1 == place.admin1 else CONURBATION_KM
        if place.kind == "site" and outer.kind in ("settlement", "district"):  # a neighbourhood is in the town itself
            reach = CONURBATION_KM if outer.kind == "settlement" else NEAR_KM
        if larger and _kilometres(outer, place) < reach:
            return True
    return False


def _kilometres(a: Place, b: Place) -> float:
    if None in (a.latitude, a.longitude, b.latitude, b.longitude):
        return float("inf")
    return distance_km(a.latitude, a.longitude, b.latitude, b.longitude)


def _held(name: Toponym, place: Place) -> bool:
    """Whether the text itself says which one it is: "Columbus, Ohio"."""
    return name.state is not None or (name.within is not None and _lies_in(place, name.within))


def _put_in_another_country(name: Toponym, place: Place) -> bool:
    """Whether the text puts the name in a country, and the entry is a small place of another: "Ain Yaaqoub in Lebanon", "near
    Koutougou in the Tillaberi region".
    """
    if name.inside and name.within and name.within.kind in ("admin1", "region") and not name.within.reference:
        countries = {m.place.country for m in name.within.matches if m.exact}
        if countries and not {place.country, None} & countries:
            return place.population < _LARGE
    if name.nation and place.country != name.nation and not place.reviewed and place.population < _LARGE:
        return True
    around = name.within.matches[0].place if name.within and not name.within.reference and name.within.matches else None
    if around is None or around.kind != "country" or place.country == around.country:
        return False
    return not place.reviewed and place.population < _LARGE


def _is_word_or_person(name: Toponym, place: Place, countries: _Countries) -> bool:
    """Whether the name is rather an ordinary word or somebody's name."""
    if _held(name, place) or name.kind == place.kind == "admin1":  # "Hela Province"
        return False
    spoken = countries.speaks_of(place, name) or (countries.silent(name) and place.reviewed)
    if plain(name.name) in place_words().ordinary:
        return not (name.kind or (place.reviewed and spoken and name.cue in ("in", "near")))
    if name.given and name.words == 1:
        return not (name.located and spoken and (place.reviewed or place.population > _LARGE))
    return name.given and not (place.reviewed or (name.located and spoken))


def _accepted(name: Toponym, match: Match, countries: _Countries) -> bool:
    """Whether the entry is what the name means: the less the text speaks of its country, the more it takes."""
    place, exact = match.place, match.exact
    if _is_word_or_person(name, place, countries) or name.name == "us" or (name.caseless and len(name.name) < 4):
        return False
    if place.kind == "country" or _held(name, place):
        return True
    if _put_in_another_country(name, place):
        return False
    if name.owned and name.kind == "site" and place.kind != "site":
        return False
    if name.within and name.within.matches:
        around = name.within.matches[0].place.kind
        if place.kind == "site" and around == "settlement":
            return False
        beside = any(_kilometres(m.place, place) < CONURBATION_KM for m in name.within.matches)
        if (
            name.kind == "site" and (name.inside or around != "site") and not beside
        ):  # a clinic that bears the name of a far town
            return False
        if (
            name.inside
            and (place.kind in ("settlement", "district") or (name.kind, place.kind) == ("settlement", "admin1"))
            and all(_kilometres(m.place, place) > FAR_KM for m in name.within.matches)
        ):
            return False
    if name.quarter and place.kind == "settlement" and not place.reviewed:
        return False
    known = _ANY_COUNTRY if countries.local else _LARGE
    if place.country == "USA" and countries.states and place.admin1 not in countries.states and place.population < known:
        return False
    spoken, silent = countries.speaks_of(place, name), countries.silent(name)
    if countries.local and place.country != "USA" and not spoken and place.population < _ANY_COUNTRY:
        return False
    if name.caseless and not name.located:
        return exact and spoken and (place.reviewed or place.kind == "admin1" or place.population >= _LARGE)
    if spoken:
        known = place.reviewed or place.kind == "admin1" or (exact and place.population >= _TOWN)
        alike = exact or countries.shares(name).get(place.country or "", 0.0) >= 0.5
        return known or (alike and (name.located or name.cue in ("from", "to", "of", "dateline", "header")))
    own = plain(place.name) == plain(name.name)
    if silent:
        small = place.kind == "settlement" and not place.reviewed and place.population < _ANY_COUNTRY
        if small and not own and SequenceMatcher(None, plain(place.name), plain(name.name)).ratio() < _ALIKE:
            return False  # a town somewhere that is known by this name, too
        abroad = place.country not in (countries.home or place.country, None)
        large = place.population >= (_ANY_COUNTRY if abroad else _LARGE)
        meant = [m.place for m in _namesakes(name) if m.exact and _may_be(name, m.place)]
        provinces = {(p.country, p.admin1) for p in meant if p.population or not place.population or p.kind == "district"}
        only = _may_be(name, place) and len(provinces) == 1
        known = place.reviewed or large or (place.kind == "admin1" and (only or not abroad))
        told = (name.located or name.encloses or name.cue == "header") and not abroad
        return known or (exact and told and (only or place.population >= _TOWN))
    if name.within and name.within.matches:  # the text puts it in another place
        return False
    if place.kind == "site" and countries.elsewhere(place) >= _NAMED:  # every city has a Yarmouk, or a Shati camp
        return False
    firm = countries.elsewhere(place) >= FIRM
    if place.reviewed:
        told = name.located or name.encloses or (place.population >= _ANY_COUNTRY and not firm)
        known = place.population >= _LARGE or place.kind in ("admin1", "region")
        return exact and told and (known or name.words > 1 or not firm)
    if place.kind == "admin1":
        return exact and name.located and (name.kind == "admin1" or place.country == "USA" or not firm)
    large = _ANY_COUNTRY if firm or not name.located else _LARGE
    return exact and own and place.population >= large


def _may_be(name: Toponym, place: Place) -> bool:
    """Whether the text calls the place nothing that it is not; some countries' provinces are second-level divisions."""
    alike = (("admin1", "district"), ("region", "district"), ("region", "admin1"))  # "the Chouf mountains"
    return name.kind in (None, place.kind) or (name.kind, place.kind) in alike


def _namesakes(name: Toponym) -> Sequence[Match]:
    """The entries that bear the name as their own; where none does, all that are known by it."""
    written = plain(name.name)
    return [m for m in name.matches if plain(m.place.name) == written] or name.matches


def _acts(name: Toponym) -> bool:
    """Whether the name is of who did it: "US forces" may be anywhere, but "the Niger attack" was in Niger."""
    return name.attributive and not (name.matches and name.matches[0].place.country not in place_words().abroad)


def _mention(
    name: Toponym, meant: Match | Toponym, others: list[tuple[Toponym, Match | Toponym]], around: bool
) -> PlaceMention:
    """The record of the name; `around`: another place lies in it."""
    rule = "within" if (around or name.reference) and name.role == "location" else name.cue
    if rule == "across" and isinstance(meant, Match) and meant.place.kind == "region" and meant.place.country is None:
        rule = "near"  # across the Nile
    if isinstance(meant, Toponym):
        backed = name.kind or (name.within and name.within.matches)
        rule = "unsupported" if rule in ("in", "struck") and not backed else rule
        return PlaceMention(
            name.name, name.start, name.end, rule, kind=name.kind or "unknown", country=name.nation, role=name.role
        )
    place = meant.place
    role = name.role
    if place.kind == "country" and _acts(name):
        rule, role = "passing", "origin"
    elif rule == "said" and is_capital(place):  # a government speaks there of all its country
        role = "origin"
    return PlaceMention(
        name.name,
        name.start,
        name.end,
        rule,
        name=place.name,
        geonames_id=place.geonames_id,
        kind=place.kind,
        admin1=place.admin1,
        country=place.country,
        latitude=place.latitude,
        longitude=place.longitude,
        where_prec=_precision(name, place, others),
        role=role,
        compact=place.compact,
    )


def _precision(name: Toponym, place: Place, others: list[tuple[Toponym, Match | Toponym]]) -> int:
    """UCDP where_prec of the place as the text words it."""
    if name.cue in ("between", "road") and place.kind in ("settlement", "site", "district"):
        ends = [
            m.place
            for n, m in others
            if n is not name and n.cue == name.cue and abs(n.start - name.start) < 80 and isinstance(m, Match)
        ]
        return 2 if ends and _kilometres(place, ends[0]) <= 2 * NEAR_KM else 5
    if place.kind == "country":
        return 5 if name.compass and not name.near else 6
    if place.kind in ("settlement", "site"):
        if name.kind in ("district", "admin1"):
            return PRECISION[name.kind]
        if name.near or name.countryside:
            return 2 if name.distance is None or name.distance <= NEAR_KM else 3
    return PRECISION[place.kind]
