"""Names in a text that may be places, with what the words around each say of it.

A name is a run of capitalised words that the gazetteer knows, or one that the wording presents as a place ("the village of
X"). Bodies ("Homs News Network"), persons and families are left out here. In headlines, in lines without capitals and in Arabic
script a capital tells nothing; there, names are looked up word by word and need more support. The word lists are in
`data/place_words.yaml`.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from operator import attrgetter, itemgetter
from typing import NamedTuple

from include.extract.gazetteer import DATA, Match, Place, fold, gazetteer, plain, read_table
from include.extract.lexicon import load
from include.extract.tokens import lowered

_LONGEST_NAME = 6
_LONGEST_RUN = 16
_LONGEST_ABBREVIATION = 4
_SHORT = ("st", "ste", "mt", "ft")
"""Words of a name that are followed by a stop: "St. Louis"."""
_KEPT = 64
"""Longer words without a space are not kept in memory."""
_LEFT = 100
_LONGEST_GAP = 60
"""Characters before a name that are read."""
_FAR_KM = 120
"""Kilometres from a place that leave it open where something was."""
TOWN = 20_000
"""Inhabitants from which a place called by an ordinary word (Reading, Mobile) is looked at."""
WRAPPED = 45, 100
"""Characters of a line of text wrapped by hand or by an old wire."""

_WORD = re.compile(r"(?:[^\W\d_]\.){2,4}|[^\W_]{1,60}(?:['’‘ʼʻʿʾ`´][^\W_]{1,30}){0,4}")
_ARABIC = re.compile(r"[\u0621-\u06d3]")
_POSSESSIVE = re.compile(r"['’]s?$")
_LINE = re.compile(r"[^\n|]{0,100000}[\n|]|[^\n|]{1,100000}")
"""A line, or a part of a headline ("Aleppo | Two die")."""
_JOINTS = frozenset([*"-‐‑ \u00a0", *(a + b for a in " \u00a0" for b in " \u00a0")])
"""What stands between the words of one name."""
_SENTENCE_ENDS = re.compile(r"[.!?]['’\"”)]{0,2}\s*$")
_SENTENCE_END = re.compile(r"[.!?;]\s|[\n|]")
_LEFT_WORD = re.compile(r"[^\W_]{1,40}(?:-[^\W_]{1,20}){0,3}|[,;:()]")
_RIGHT = re.compile(r"(?P<possessive>['’]s?)?(?P<join>[ -])(?P<words>[^\W\d_]{1,30}(?:[ -][^\W\d_]{1,30}){0,4})")
_COUNTED = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
_DISTANCE = re.compile(
    rf"(\d{{1,4}}(?:[.,]\d{{1,2}})?|\b(?:{'|'.join(_COUNTED)}))[ -]{{0,2}}(km|kilomet(?:er|re)s?|miles?|mi)\b[^.;\n]{{0,30}}$"
)
_DATELINE = re.compile(r"[^\n:]{3,90}?(?:\)\s{0,2}(?:--|[-–—])\s|,\s[A-Z]{2,6}\s{0,2}[-–—]|\s(?:--|[–—])\s)")
_DASH = re.compile("[-–—]")
_DATELINE_ENDS = 120
"""Characters of a line within which a dateline ends."""
_CAPITALS = re.compile(r"[A-Z]{3}")
_PLACED = re.compile(r"[A-Z][\w'’.-]{2,20}(?:\s[A-Z][\w'’.-]{1,20}){0,2}(?:,\s[A-Z]\w{2,20})?\s(?:--|[–—])\s(?=[A-Z\"“])")
"""A dateline in small letters: "Pordenone -- "."""
_HEAD = re.compile(r"[A-Z][A-Z'’ ./]{2,40}(?:,\s[A-Z][A-Za-z.]{1,14})?\s-\s")
"""A dateline with a single hyphen: "BOGOTA - "."""
_BYLINE = re.compile(r"By\s[A-Z][^\n.:]{3,90}$")
_GAP = re.compile(r"(?:['’]s?)?(?P<type>[\sA-Za-z-]{0,30}?)(?:,|\s(?:in|of|within|inside))\s(?P<how>[A-Za-z\s-]{0,50})")
_LINKED = re.compile(r"\s{0,2}(?:-|–|—|and|to)\s{0,2}(?:the\s)?")
_LISTED = re.compile(r",?\sand\s(?:the\s)?")
_ROAD = re.compile(r"\b(?:road|highway|route|motorway|line|railway|way)\b")
_STATE = re.compile(r",\s([A-Z][A-Za-z.]{1,5})(?![A-Za-z])")
_OWNER = re.compile(r"\b\w{1,30}['’]s\s$")
_OWNS = re.compile(r"['’]s?\s(?:[a-z-]{1,20}\s)?")
_OF_IT = re.compile(r"\s[a-z-]{1,15}\sof\s(?:the\s)?")
_ASIDE = re.compile(r"^(?:\s(?:has|had|have|also|later|then|not|yet|on\s\w{6,9}|this\sweek|too|itself|meanwhile)(?=\s)){1,4}")
"""What stands between a subject and its verb."""
_REFERENCE = re.compile(
    r"(?:\s\w{1,15})?,?\s(?:(?:about\s|some\s)?\d{1,3}\s?\w{1,10}\s)?(?:to\sthe\s|just\s)?(?:north|south|east|west)[a-z-]{0,5}\s(?:of|from)\s"
    r"(?:the\s)?(?:(?:city|town|village)\sof\s)?|\)?,\s(?:\w{1,15}\s)?between\s(?:the\s)?"
)
_APPOSITION = re.compile(
    r",\s(?:an?|the)\s(?:[\w-]{1,20}\s){0,3}?"
    r"(?P<type>city|town|village|hamlet|suburb|neighbou?rhood|district|settlement|community|locality|camp)\b"
    r"(?P<inside>\s(?:in|of)\s(?:the\s)?)?"
)
_HEADER = re.compile(
    r"(?:\s(?:province|governorate|countryside|city|region|state|county|lga|district))?(?:,\s\w[\w -]{2,25})?\s?[:|]\s"
)
_CAPITAL = re.compile(
    r"\b(?:in|inside|into|at|near|outside|around|across|through|of|from|to|rocked|hit|struck|shook|entered)\s(?:\w{5,12}\s)?the\s(capital)\b"
    r"(?!['’]?s?,?\s(?:of|city\sof|markets?|[A-Z]))(?!-)"
)
_INDEFINITE = re.compile(r"\ban?\s$")
_BORDER = re.compile(r"\bborders?\s(?:\w{1,15}\s){0,2}(?:with|between)\s(?:the\s)?$")
_ELSEWHERE = frozenset(("across", "beyond", "opposite", "from", "towards", "toward"))
"""Words between two names that put the first not in the second: "X, across the Y"."""
_NO_LETTER = re.compile(r"\W")
_NO_ORIGIN_IN = re.compile(r"\b(?:based|headquartered|born)\s(?:in|at)\s")
_CARRIED = re.compile(
    r"\b(?:taken|took|rushed|transferred|transported|transporting|evacuated|brought|moved|airlifted|referred|admitted|flown|treated"
    r"|arriving|arrived|arrive|received|buried|pronounced|died\sof|succumb\w{0,3}|expired)\b[^.;\n]{0,70}$"
)
_TREATED = re.compile(r"\b(?:treated|treatment|hospitali[sz]ed|hospital\sbeds?)\s(?:\w{2,12}\s){0,2}in\s(?:the\s)?$")
_BROUGHT = re.compile(
    r"\b(?:remains|bod(?:y|ies)|coffins?|refugees|survivors|displaced|wounded|injured|delegation|president|minister|envoy)\b"
    r"[^.;]{0,70}\b(?:arriv(?:ed|es|ing)|landed|reached|flown|returned|sent|deployed|dispatched)\s(?:(?:in|at|to)\s)?(?:the\s)?$"
)
_MOVED = ("arriv", "land", "reach", "flown", "return", "sen", "deploy", "dispatch", "rush", "treat", "hospital")
"""Letters that those three begin their verbs with."""
_SENT = re.compile(
    r"\b(?:sen[dt](?:ing|s)?|deploy(?:ed|ing|s)?|dispatch(?:ed|ing)?|rush(?:ed|ing))\s(?:[\w-]{1,15}\s){1,4}to\s(?:the\s)?$"
)
_FLED = re.compile(r"\b(?:fled|flee|fleeing|escaped|relocated|moved|travel?led|returned)\s(?:\w{1,20}\s){0,3}to\s(?:the\s)?$")
_AHEAD = ("at ", "for ", "to ", "towards ", "toward ", "the ")
_MEANT = re.compile(
    r"\b(?:aimed\s(?:at|for)|bound\sfor|head(?:ed|ing)\s(?:for|to|towards?)|way\sto|en\sroute\sto|travel?ling\sto)\s(?:the\s)?$"
)
_SEATED = re.compile(r"\b(?:(?P<court>courts?|tribunal)|judges?|prosecutors?|bureau|sources?)\sin\s(?:the\s)?$")
"""What sits in a town and tells of events elsewhere: "a source in Amman"."""
_SPEAKING = re.compile(
    r"\b(?:officials?|authorit(?:y|ies)|officers?|governors?|spokes(?:man|woman|person)|police|medics|doctors?|activists?|residents"
    r"|sources?|reporters?|correspondents?|commanders?|army|military|government|ministers?|missions?|embass(?:y|ies)|red\scross|red\screscent|relatives"
    r"|famil(?:y|ies)|witnesses|monitors?|charit(?:y|ies)|(?:ministry|directorate|department|offices?|agency|command))\s"
    r"(?:in|of)\s(?:the\s)?(?:[\w-]{2,12}\s){0,2}$"
)
_SAID = re.compile(
    r"(?:\s(?:province|governorate|region|district|city))?,?\s(?:also\s|have\s|has\s|had\s)?"
    r"(?:said|says|say|told|added|confirmed|reported|announced|condemned|deplored|mourned|buried|documented|recorded|put)\b"
)
"""Those who told of it are somewhere, and it may have been elsewhere: "officials in X said"."""
_SPOKEN = re.compile(r"\b(?:said|says|told\s(?:\w{1,15}\s){1,3}|announced|speaking)\s?(?:on\s\w{6,9}\s)?(?:in|at)\s(?:the\s)?$")
"""Before the place where somebody spoke of it: "said in X", "told reporters in X"."""
_JUDGED = re.compile(
    r"\s(?:has\s|have\s|on\s\w{6,9}\s)?(?:sentenced|convicted|jailed|heard|ruled|found|ordered|acquitted|charged)\b"
)
_CARE_STEMS = ("hospital", "clinic", "medical", "treatment", "morgue", "health")
_CARE = re.compile(r"\b(?:hospitals?|clinic|medical|treatment|morgue|health\scent)")
_HOSPITAL_IN = re.compile(
    r"\b(?:hospitals?|clinics?|morgues?|medical\scent(?:er|re)s?)\b[^.;]{0,80}\sin\s(?:the\s)?(?:\w{3,10}\s(?:of\s)?){0,2}$"
)
_TEAMS_IN = re.compile(r"\b(?:teams?|doctors|medics|nurses|surgeons|staff|workers)\sin\s(?:the\s)?$")
_HOME_IN = re.compile(
    r"\b(?:their|his|her|its)\s(?:famil(?:y|ies)|relatives|parents|wife|wives|widows?|home|house)\sin\s(?:the\s)?$"
)
_RECEIVED = re.compile(r"\s(?:has\s|have\s|had\s)?(?:received|treated|admitted|took\sin|was\streating|were\streating)\b")
"""A hospital "in X received" those who were hurt elsewhere."""
_ITS_CARE = re.compile(
    r"(?:['’]s?(?:\s[\w-]{1,20}){0,2}|\s(?:military|general|central|main|public|national|state|field|university|children['’]s))?"
    r"\s(?:hospitals?|clinics?|morgue|medical\scent|health\scent)"
)
"""What follows a town whose hospital is meant: "in Homs's military hospital"."""
_ARABIC_CUES = frozenset(
    ["في", "قرب", "مدينة", "بلدة", "قرية", "مخيم", "حي", "منطقة", "ريف", "محافظة", "ناحية", "بمدينة", "ببلدة", "بريف"]
)
_ARABIC_PREFIX = re.compile(r"(?:وب|ول|فب|[وبلف])(?=\w{3})")

COMPASS = frozenset(
    f"{a}{join}{b}{end}"
    for a in ("north", "south", "")
    for b in ("east", "west", "")
    for join in (("", "-") if a and b else ("",))
    for end in ("", "ern")
    if a or b
) | {"central"}


@dataclass(slots=True)
class Toponym:
    """A name that may be a place. `text[start:end] == name`."""

    start: int
    end: int
    name: str
    matches: tuple[Match, ...]
    words: int = 1
    caseless: bool = False
    """It stands where capitals tell nothing."""
    given: bool = False
    """Its first word is a given name."""
    cue: str = "bare"
    """How it is used: in, said, near, struck, where, between, road, from, to, of, type, header, border, far, passing,
    dateline or bare."""
    kind: str | None = None
    """The kind of place that a word beside it says."""
    near: bool = False
    countryside: bool = False
    compass: bool = False
    """A part of it is meant ("northern X")."""
    distance: float | None = None
    """Kilometres from it, where the text says so."""
    role: str = "location"
    nation: str | None = None
    """The country whose adjective stands before it ("the Lebanese town of X")."""
    capital: bool = False
    """It is "the capital" of the country that the text is about."""
    state: str | None = None
    """The state of the United States that follows it in short."""
    within: "Toponym | None" = None
    """The place that the text puts around it ("X, Y", "X in Y")."""
    inside: bool = False
    """The text says so in words ("X in Y")."""
    encloses: bool = False
    """It stands around another."""
    reference: bool = False
    """It only says where the place before it is ("X, south of Y")."""
    quarter: bool = False
    """It is said to be a part of a town."""
    owned: bool = False
    """Its place stands before it in the genitive ("Chicago's X")."""
    attributive: bool = False
    """It stands before a noun that it describes ("Iran missile strike")."""
    headline: bool = False
    """Its line is no sentence."""

    @property
    def located(self) -> bool:
        """The words around it present it as a place."""
        return self.cue in ("in", "said", "across", "near", "struck", "where", "between", "road", "type", "dateline") or bool(
            self.kind or self.near or self.countryside
        )


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """What data/place_words.yaml and the adjectives of data/countries.tsv say."""

    types: dict[str, str]
    left: dict[str, str]
    before: frozenset[str]
    bodies: frozenset[str]
    speaking: frozenset[str]
    says: frozenset[str]
    origin_before: frozenset[str]
    origin_after: frozenset[str]
    fighters: frozenset[str]
    passing: frozenset[str]
    qualifiers: frozenset[str]
    eponyms: frozenset[str]
    streets: frozenset[str]
    kin: frozenset[str]
    folk: frozenset[str]
    attributive: frozenset[str]
    abroad: frozenset[str]
    forces: frozenset[str]
    outlying: frozenset[str]
    world: frozenset[str]
    foreigners: frozenset[str]
    spread: frozenset[str]
    given_names: frozenset[str]
    titles: frozenset[str]
    particles: frozenset[str]
    never: frozenset[str]
    articles: frozenset[str]
    ordinary: frozenset[str]
    adjectives: dict[str, str]
    states: dict[str, str]
    came_from: re.Pattern
    """Somebody or something of `origin_before`, and where from."""
    told_of: re.Pattern
    """What follows a place of which the rest of the clause tells: ", where ten died", " strike that killed"."""


class _Word(NamedTuple):
    start: int
    end: int
    form: str
    """In lower case, without a possessive."""
    upper: bool
    arabic: bool


@dataclass(frozen=True, slots=True)
class _Line:
    """The words of one line. In a `caseless` one capitals tell nothing, in a `shouting` one they are everywhere."""

    text: str
    words: list[_Word]
    offsets: list[int]
    """From where the span of each word counts."""
    forms: list[str]
    upper: list[bool]
    capitals: list[int]
    """Indexes of the words that are capitalised or in Arabic script."""
    caseless: bool
    shouting: bool
    headline: bool

    def start(self, i: int) -> int:
        """Where the word i starts in the text."""
        return self.offsets[i] + self.words[i].start

    def end(self, i: int) -> int:
        """Where the word i ends in the text."""
        return self.offsets[i] + self.words[i].end

    def gap(self, i: int) -> str:
        """What stands between the word before and the word i."""
        return self.text[self.end(i - 1) : self.start(i)]

    def between(self, i: int, j: int) -> str:
        """The text from the word i to before the word j."""
        return self.text[self.start(i) : self.end(j - 1)]


@lru_cache(maxsize=1)
def place_words() -> PlaceWords:
    """The word lists, read once."""
    table = load("place_words.yaml")
    adjectives: dict[str, str] = {}
    for row in read_table(DATA / "countries.tsv"):
        for adjective in filter(None, row["adjectives"].casefold().split("|")):
            adjectives |= {adjective: row["country"], adjective + "s": row["country"]}
    long = {fold(adjective) for adjective in adjectives if " " in adjective}
    states = {}
    for code, names in table["us_states"].items():
        full, *short = names.split()
        states |= dict.fromkeys((code, *(s.rstrip(".") for s in short)), full.replace("_", " "))
    return PlaceWords(
        types={word: kind for kind, words in reversed(table["types"].items()) for word in words.split()},
        left={word: use for use, words in table["left"].items() for word in words.split()},
        adjectives=adjectives,
        states=states,
        came_from=re.compile(
            rf"\b(?:{'|'.join(table['origin_before'].split())})\s(?:people\s)?(?:from|of|in|at)\s(?:[\w’'-]{{1,20}}\s){{0,4}}$"
        ),
        told_of=re.compile(
            rf"(?:,?\swhere|(?:['’]s)?\s(?:{'|'.join(table.pop('events').split())})\s(?:in\swhich|that|which|where))\s"
            rf"(?=[^.;\n]{{0,80}}\b(?:{'|'.join(table.pop('harm').split())}))"
        ),
        never=long | frozenset(fold(name) for name in table.pop("never").split(",")),
        **{name: frozenset(words.split()) for name, words in table.items() if isinstance(words, str)},
    )


def find_toponyms(text: str) -> tuple[list[Toponym], Counter[str], set[str]]:
    """Names that may be places, in order, how often the text uses each country's adjective of nationality, and the states of
    the United States that its datelines name in short.
    """
    words = place_words()
    found: list[Toponym] = []
    adjectives: Counter[str] = Counter()
    persons: set[str] = set()
    no_names = words.bodies.union(words.types, words.eponyms, words.streets)
    written, text = text, _unwrapped(text)
    for line in _lines(text):
        forms = line.forms
        adjectives.update(
            words.adjectives[forms[i]]
            for i in line.capitals
            if forms[i] in words.adjectives
            and not (_bounds(forms, i) or _fights_abroad(forms, i, words) or _is_foreigner(line, i, words))
        )
        for run in _runs(line, words):
            if len(run) > 1:
                new = _names(line, run, words)
                if not (line.caseless or any(name.matches for name in new)) and no_names.isdisjoint(
                    line.forms[run.start : run.stop]
                ):
                    persons.update(line.forms[run.start : run.stop])
                found += new
            elif not _ordinary(line.forms[run.start], line.between(run.start, run.stop)):
                found += _names(line, run, words)
        for name in reversed(found):
            if name.start < line.start(0):
                break
            name.headline = line.headline
    if "the capital" in text:
        found += (Toponym(*m.span(1), m[1], (), capital=True) for m in _CAPITAL.finditer(text))
        found.sort(key=attrgetter("start"))
    low = lowered(text)
    datelines = _datelines(text)
    care = any(stem in low for stem in _CARE_STEMS)
    kept = []
    for name in found:
        _read_left(low, name, care, words)
        if name.cue == "passing" or not _read_right(text, low, name, words):
            continue
        at = bisect_right(datelines, name.start, key=itemgetter(0)) - 1 if datelines else -1
        if at >= 0 and name.start < datelines[at][1]:
            name.cue, name.role = "dateline", datelines[at][2]
        if name.words == 1 and not name.located and low[name.start : name.end] in persons and not _reviewed(name):
            continue  # "Monroe's daughter", where Alicia Monroe is spoken of
        name.name = written[name.start : name.end]
        kept.append(name)
    _link(text, kept, words)
    stated = (m[1].rstrip(".") for start, end, _ in datelines for m in _STATE.finditer(text, start, end))
    return kept, adjectives, {words.states[short] for short in stated if short in words.states}


def _bounds(forms: list[str], i: int) -> bool:
    """Whether the adjective i is of the country across a border: "near Rabia on the Syrian border"."""
    return forms[i + 1 : i + 2] in (["border"], ["frontier"])


def _fights_abroad(forms: list[str], i: int, words: PlaceWords) -> bool:
    """Whether the adjective i is of forces that fight in other countries: "Israeli warplanes" may strike anywhere."""
    return words.adjectives[forms[i]] in words.abroad and not words.forces.isdisjoint(forms[i + 1 : i + 3])


def _is_foreigner(line: _Line, i: int, words: PlaceWords) -> bool:
    """Whether the adjective i tells that somebody comes from elsewhere: "a Venezuelan citizen", "an Italian nun"."""
    if not words.foreigners.isdisjoint(line.forms[i + 1 : i + 4]):
        return True
    alone = i + 1 == len(line.words) or line.gap(i + 1) != " "
    return alone and i > 0 and line.forms[i - 1] in ("a", "an", "one")


def _unwrapped(text: str) -> str:
    """The text, of the same length, with a space for a line break that only wraps: most lines are of one width then."""
    lines = text.split("\n")
    full = [len(line) for line in lines if WRAPPED[0] <= len(line) <= WRAPPED[1]]
    if len(full) < 5 or len(full) < 0.6 * sum(bool(line.strip()) for line in lines):
        return text
    return re.sub(rf"(?<=[^\n]{{{WRAPPED[0]}}})(?<![.:])\n(?=\w)", " ", text)


def _lines(text: str) -> Iterator[_Line]:
    """The lines of the text as words."""
    ordinary = place_words().ordinary
    at = done = 0
    for line in _LINE.findall(text) if "|" in text else text.splitlines(keepends=True):
        if line.isspace():
            at = done = done + len(line)
            continue
        words: list[_Word] = []
        offsets: list[int] = []
        for chunk in line.split():  # no word reaches across a space
            length = len(chunk)
            at = text.index(chunk, at)
            found = _words(chunk) if length < _KEPT else _words.__wrapped__(chunk)
            words += found
            offsets += (at,) * len(found)
            at += length
        done += len(line)
        at = done
        if words:
            forms, upper = [w.form for w in words], [w.upper for w in words]
            capitals = [i for i, w in enumerate(words) if w.upper or w.arabic]
            headline = not _SENTENCE_ENDS.search(line)
            quiet = not any(upper[i] for i in capitals if i) and (not upper[0] or forms[0] in ordinary)
            loud = headline or line == line.upper()
            long = [w.upper for w in words if len(w.form) > 3 and not w.arabic] if loud or quiet else []
            shouting = loud and len(long) > 4 and (not headline or sum(long) >= 0.75 * len(long))
            caseless = shouting or (quiet and len(long) > 2)
            yield _Line(text, words, offsets, forms, upper, capitals, caseless, shouting, headline)


@lru_cache(maxsize=16384)
def _words(chunk: str) -> tuple[_Word, ...]:
    """The words of a text without spaces: texts repeat theirs."""
    found = []
    for m in _WORD.finditer(chunk):
        start, end = m.span()
        possessive = _POSSESSIVE.search(m[0])
        if possessive and end - start > 3:
            end = start + possessive.start()
        form = chunk[start:end]
        found.append(_Word(start, end, form.casefold(), form[0].isupper(), _ARABIC.match(form) is not None))
    return tuple(found)


def _runs(line: _Line, words: PlaceWords) -> Iterator[range]:
    """Stretches of the line's words that may hold names: capitalised ones with the particles between them."""
    count = len(line.words)
    starts: Iterable[int] = range(count)
    if not line.caseless or line.shouting:  # a name opens with a capital or with the article before one
        starts = [k for i in line.capitals for k in (i - 1, i) if k == i or (k >= 0 and line.forms[k] in words.articles)]
    done = 0
    for first in starts:
        if first < done or not _named(line, first, False, words):
            continue
        i, done = first, first + 1
        while done < count and _joined(line, done) and _named(line, done, True, words):
            if done - i >= _LONGEST_RUN:
                yield range(i, done)
                i = done
            done += 1
        yield range(i, done)


def _joined(line: _Line, i: int) -> bool:
    gap = line.gap(i)
    if gap in _JOINTS:
        return True
    if gap in ("'s ", "’s "):  # "Cox's Bazar"
        return any(m.exact for m in gazetteer().lookup(line.between(i - 1, i + 1)))
    return gap == ". " and line.forms[i - 1] in _SHORT


def _named(line: _Line, i: int, inside: bool, words: PlaceWords) -> bool:
    """Whether the word i can be of a name."""
    _, _, form, upper, arabic = line.words[i]
    if upper or arabic or (line.caseless and not line.shouting and form not in words.ordinary):
        return True
    if form == "and" and inside and i + 1 < len(line.words) and line.upper[i + 1]:  # "Jammu and Kashmir"
        return any(m.exact and m.place.kind in ("admin1", "country") for m in _lookup(line.between(i - 1, i + 2)) or ())
    return form in words.particles and _bridges(line, i, inside, words)


def _bridges(line: _Line, i: int, inside: bool, words: PlaceWords) -> bool:
    """Whether the particle i belongs to a name: the article of "al-Sukhna", the "de" of "Rio de Janeiro"."""
    forms, upper, form = line.forms, line.upper, line.forms[i]
    if i + 1 >= len(forms):
        return False
    if form == "the" and not (i and forms[i - 1] == "of"):
        return False
    gap = line.gap(i + 1)
    hyphen = gap in ("-", "‐", "‑")
    if form in words.articles and (hyphen or (gap == " " and form in ("al", "el"))) and upper[i + 1]:
        return True
    linked = i > 0 and line.gap(i) in ("-", "‐", "‑")  # "Dasht-e Barchi"
    if not inside or gap not in _JOINTS:
        return False
    if gap == " " and not linked and (len(form) == 1 or form in ("as", "at", "an", "ye")):
        return False
    if upper[i + 1]:
        return True
    return i + 2 < len(forms) and forms[i + 1] in words.particles and upper[i + 2] and form in ("de", "of")


def _names(line: _Line, run: range, words: PlaceWords) -> list[Toponym]:
    """The names of one run: those that cover it, apart from words such as Eastern or Governorate."""
    spans: list[tuple[int, int, tuple[Match, ...]]] = []
    i = run.start
    while i < run.stop:
        j, matches = _longest(line, i, run.stop, words)
        if matches:
            spans.append((i, j, matches))
        i = j
    spans = [s for s in spans if not _cut_off(line, s, spans)]
    forms = line.forms
    if line.caseless or line.words[run.start].arabic:
        spans = [s for s in spans if s[0] == run.start or forms[s[0] - 1] not in words.given_names]
        spans = [s for s in spans if s[1] == run.stop or forms[s[1]] not in words.bodies]
        return [_toponym(line, span, True, words) for span in spans]
    taken = {k for a, b, _ in spans for k in range(a, b)}
    if forms[run.stop - 1] in words.streets and run.stop - 1 not in taken and len(run) > 1:  # "Peoria Avenue" is not Peoria
        spans, taken = [], set()
    bodies = [k for k in run if k not in taken and forms[k] in words.bodies]
    if bodies and not (_at(line, run, words) and all(words.types.get(forms[k]) == "site" for k in bodies)):
        return []
    beside = any(b == a and line.text[line.start(b) - 1] == " " for (_, b, _), (a, _, _) in pairwise(spans))
    if beside:  # two names side by side are one name that is not known, mostly a person's
        spans = []
    spans = [s for s in spans if _neutral(forms, run, s, taken, words) or _heads_facility(line, run, s, words)]
    if spans:
        return [_toponym(line, span, False, words) for span in spans]
    unknown = _unknown(line, run, words)
    return [unknown] if unknown else []


def _at(line: _Line, run: range, words: PlaceWords) -> bool:
    """Whether the run is where something happened: "at Garissa University"."""
    return run.start > 0 and words.left.get(line.forms[run.start - 1]) in ("in", "near", "struck")


def _longest(line: _Line, i: int, stop: int, words: PlaceWords) -> tuple[int, tuple[Match, ...]]:
    """End of the longest name of the gazetteer that starts at word i, with what it matches."""
    forms, upper, form = line.forms, line.upper, line.forms[i]
    if form in words.particles and not (upper[i] or form in words.articles):
        return i + 1, ()
    for j in range(min(i + _LONGEST_NAME, stop), i, -1):
        if j - i > 1 and forms[j - 1] in words.particles and (not upper[j - 1] or j < stop):
            continue
        if j - i == 1 and form in words.adjectives:
            return j, _region(line, i, words)
        name = line.between(i, j)
        if len(name) < 3 and not name.isupper():
            continue
        matches = _lookup(name)
        if matches is None:
            return j, ()
        if i and len(name) <= _LONGEST_ABBREVIATION and name.isupper() and not line.shouting:  # "ANA" is an army, no town
            matches = tuple(m for m in matches if m.place.kind in ("country", "region"))
        if j - i == 1 and (form in words.ordinary or form in words.bodies or form in words.titles):
            matches = tuple(m for m in matches if m.place.reviewed or _is_town_of_that_name(m.place, form))
        if j - i > 1 and matches and all(f in words.ordinary or f in words.before for f in forms[i:j]):  # "East End"
            return j, tuple(m for m in matches if m.place.reviewed or m.place.population > TOWN)
        if j - i == 1 and (form in words.before or form in words.types):
            matches = tuple(m for m in matches if m.place.reviewed and form in words.types)
        if matches:
            return j, matches
    return i + 1, ()


def _is_town_of_that_name(place: Place, form: str) -> bool:
    return place.population > TOWN and plain(place.name) == form


def _region(line: _Line, i: int, words: PlaceWords) -> tuple[Match, ...]:
    """What an adjective and the noun after it name: "the Syrian desert", "the Somali capital"."""
    if i + 1 >= len(line.forms) or line.forms[i + 1] not in words.types:
        return ()
    compound = _compound(line.between(i, i + 2))
    return tuple(m for m in compound if m.place.kind in ("region", "settlement"))


@lru_cache(maxsize=16384)
def _ordinary(form: str, name: str) -> bool:
    """Whether a capitalised word that stands alone is no more than a word of English."""
    words = place_words()
    return (
        form in words.ordinary
        and form not in words.adjectives
        and not any(m.place.reviewed or _is_town_of_that_name(m.place, form) for m in _lookup(name) or ())
    )


@lru_cache(maxsize=32768)
def _lookup(name: str) -> tuple[Match, ...] | None:
    """Entries of that name; null for a body that bears one."""
    if fold(name) in place_words().never:
        return None
    matches = gazetteer().lookup(name)
    if not matches and (prefix := _ARABIC_PREFIX.match(name)) and _ARABIC.match(name):
        return gazetteer().lookup(name[prefix.end() :])
    return matches


def _neutral(forms: list[str], run: range, span: tuple, taken: set[int], words: PlaceWords) -> bool:
    """Whether what the run has around the name leaves it the name of a place."""
    a, b, matches = span
    for k in range(a - 1, run.start - 1, -1):
        f = forms[k]
        if k in taken or f in words.before or f in words.types or f in words.adjectives or f in ("of", "the"):
            continue
        if any(c.isdigit() for c in f):  # "PD5 of Kabul"
            continue
        if f in words.titles or f in words.given_names or f not in words.ordinary:
            return False
    rest = [forms[k] for k in range(b, run.stop) if k not in taken]
    alone = len(rest) == run.stop - b > 1
    of_a_town = b - a > 1 and any(_well_known(m) for m in matches)  # "Khan Yunis Martyrs School"
    if alone and not of_a_town and rest[-1] in words.types and any(f in words.ordinary for f in rest[:-1]):
        return False  # "Charles Brown Road"
    plain_words = (words.types, words.eponyms, words.before, words.qualifiers, words.ordinary, words.adjectives)
    return all(any(f in bag for bag in plain_words) for f in rest)


def _cut_off(line: _Line, span: tuple, spans: list[tuple]) -> bool:
    """Whether a hyphen joins the name to a word that is no well-known place ("Wal-Mart", unlike "Homs-Hama road")."""
    a, b, _ = span
    forms, upper = line.forms, line.upper
    ahead = b < len(forms) and upper[b] and line.gap(b) == "-"
    behind = a > 0 and upper[a - 1] and line.gap(a) == "-"
    if not (ahead or behind) or {"road", "highway", "axis", "route", "line"} & set(
        forms[b : b + 2]
    ):  # "the Kankara-Katsina road"
        return False
    known = {k for a, b, matches in spans for k in (a, b - 1) if any(_well_known(m) for m in matches)}
    if ahead and b not in known:
        return True
    return behind and a - 1 not in known and forms[a - 1] not in place_words().articles and forms[a - 1] not in COMPASS


def _reviewed(name: Toponym) -> bool:
    return any(m.place.reviewed for m in name.matches)


def _well_known(match: Match) -> bool:
    place = match.place
    return match.exact and (place.reviewed or place.kind in ("admin1", "country") or place.population >= TOWN)


def _heads_facility(line: _Line, run: range, span: tuple, words: PlaceWords) -> bool:
    """Whether a well-known place opens the name of something that an article precedes: "the Jerusalem Light Rail"."""
    a, _, matches = span
    if a != run.start or not a or line.forms[a - 1] not in ("the", "a") or line.forms[a] in words.given_names:
        return False
    return any(m.exact and (m.place.reviewed or m.place.population > 500_000) for m in matches)


def _toponym(line: _Line, span: tuple[int, int, tuple[Match, ...]], caseless: bool, words: PlaceWords) -> Toponym:
    """The name, with the lower-case words that a reviewed name takes in: "Jabalia refugee camp", "northern Gaza"."""
    a, b, matches = span
    text, forms = line.text, line.forms
    start, end = line.start(a), line.end(b - 1)
    if line.words[a].arabic and not gazetteer().lookup(text[start:end]):
        start += _ARABIC_PREFIX.match(text[start:end]).end()
    name = Toponym(start, end, text[start:end], matches, b - a, caseless, plain(forms[a]) in words.given_names)
    for j in range(min(b + 3, len(forms)), b, -1):
        if forms[j - 1] in words.types or forms[j - 1] in COMPASS:
            end = line.end(j - 1)
            if all(line.gap(k) in (" ", "-") for k in range(b, j)) and (compound := _compound(text[start:end])):
                kind = words.types.get(forms[j - 1])
                if kind == "district":  # there may be another district of that name
                    compound += tuple(m for m in matches if m.place.kind == "district" and m not in compound)
                name = Toponym(start, end, text[start:end], compound, j - a, caseless)
                name.kind = kind if kind in ("district", "admin1") else None
                break
    before = forms[a - 1] if a else ""
    if (before in COMPASS or words.left.get(before) == "countryside") and text[line.end(a - 1) : start] == " ":
        start = line.start(a - 1)
        if compound := _compound(text[start : name.end]):
            return Toponym(start, name.end, text[start : name.end], compound, name.words + 1, caseless)
    return name


@lru_cache(maxsize=8192)
def _compound(name: str) -> tuple[Match, ...]:
    """Entries for a name that ends or starts in an ordinary word: reviewed ones and capitals."""
    return tuple(m for m in gazetteer().lookup(name) if m.place.reviewed or name.endswith(" capital"))


def _unknown(line: _Line, run: range, words: PlaceWords) -> Toponym | None:
    """The run as a place that the gazetteer lacks, if its words allow; the words around it decide later."""
    forms = line.forms
    a, b = run.start, run.stop
    facility = forms[b - 1] in words.eponyms or forms[b - 1] in words.streets  # "West Madison Street" keeps all its words
    while a < b and (forms[a] in words.ordinary or forms[a] in words.before or forms[a] in words.adjectives):
        if facility and forms[a] in words.before:
            break
        a += 1
    while not facility and b > a and (forms[b - 1] in words.types or forms[b - 1] in words.ordinary):
        b -= 1
    kept = forms[a:b]
    if not 0 < len(kept) <= 5 or kept[0] in words.given_names or fold(" ".join(kept)) in words.never:
        return None
    if any(f in words.bodies or f in words.titles or f in words.adjectives for f in kept):
        return None
    name = line.between(a, b)
    if len(name) < 4 or name.isupper() or (facility and len(kept) == 1):
        return None
    return Toponym(
        line.start(a), line.end(b - 1), name, (), b - a, kind=words.types.get(forms[b - 1], "site") if facility else None
    )


def _read_left(low: str, name: Toponym, care: bool, words: PlaceWords) -> None:
    """Read the words before the name: its kind, its direction, what governs it, whether it is an origin or a destination.

    `care`: the text speaks of hospitals.
    """
    left = low[max(0, name.start - _LEFT) : name.start]
    left = _SENTENCE_END.split(left)[-1]
    if not left:
        return
    if _ARABIC.match(name.name):
        name.cue = "in" if set(left.split()[-1:]) & _ARABIC_CUES else "bare"
        return
    if "border" in left and _BORDER.search(left):
        name.cue, name.role = "border", "origin"
        return
    if (
        not name.matches and left.endswith(("a ", "an ")) and _INDEFINITE.search(left[-4:])
    ):  # "a Coptic cathedral" describes, it does not name
        name.kind, name.cue = None, "passing"
        return
    left = _OWNER.sub("", left) if "'" in left or "’" in left else left
    _govern(name, left, words)
    if name.near and name.cue in ("bare", "of"):
        name.cue = "near"
    if name.kind and name.cue in ("bare", "of"):
        name.cue = "type"
    seated = name.cue == "in" and _SEATED.search(left)
    if seated and (not seated["court"] or _JUDGED.match(low, name.end)):
        name.role = "origin"
    if name.cue == "in" and _SPEAKING.search(left) and _SAID.match(low, name.end):
        name.cue = "said"
    if name.cue == "in" and _SPOKEN.search(left):
        name.role = "origin"
    moved = any(stem in left for stem in _MOVED)
    if (
        (name.cue == "to" and (_FLED.search(left) or (moved and _SENT.search(left))))
        or (left.endswith(_AHEAD) and _MEANT.search(left))
        or (moved and name.cue in ("in", "bare", "to") and (_TREATED.search(left) or _BROUGHT.search(left)))
    ):
        name.role = "destination"
    told_from = name.cue == "from" or (name.cue in ("of", "in") and not name.kind)
    if told_from and not words.origin_before.isdisjoint(_NO_LETTER.split(left)) and (source := words.came_from.search(left)):
        stated_in = re.search(r"\s(?:in|at)\s", source[0])
        if not stated_in or _NO_ORIGIN_IN.search(source[0]):
            name.role = "origin"
    cared = name.cue == "to" or (
        care and (_CARE.search(left) or _CARE.search(name.name.lower()) or _ITS_CARE.match(low, name.end))
    )
    received = care and name.cue == "in" and _HOSPITAL_IN.search(left) and _RECEIVED.match(low, name.end)
    received = received or (name.cue == "in" and _TEAMS_IN.search(left) and _RECEIVED.match(low, name.end))
    if (
        received
        or (name.cue == "in" and _HOME_IN.search(left))
        or (cared and name.role == "location" and _CARRIED.search(left))
    ):
        name.role = "destination"


def _govern(name: Toponym, left: str, words: PlaceWords) -> None:
    """Walk from the name to the left, over articles, adjectives and nouns of place, to the word that governs it."""
    preceding = [word for chunk in left.split() for word in _left_words(chunk)][-9:]
    of = False
    for k in range(len(preceding) - 1, -1, -1):
        w, use = preceding[k], words.left.get(preceding[k])
        if w == "of":
            of = True
        elif w in COMPASS:
            name.near, name.compass = name.near or of, name.compass or (not of and w != "central")
            name.distance = _kilometres(left) if of else name.distance
            if name.distance and name.distance > _FAR_KM:
                name.cue, name.role = "far", "origin"
                return
            of = False
        elif w in words.types and (of or k == len(preceding) - 1):
            name.kind, of = name.kind or words.types[w], False
            name.near = name.near or use == "near_of"
            name.countryside = name.countryside or use == "countryside"
        elif use in ("near_of", "countryside", "centre") and (of or use != "centre"):
            name.near = name.near or use == "near_of"
            name.countryside = name.countryside or use == "countryside"
            of = False
        elif w in words.adjectives:
            name.nation = name.nation or words.adjectives[w]
        elif use == "skip" or w in words.before:
            continue
        elif w in ("towards", "toward"):
            name.cue = "to"
            return
        elif w in ("to", "from"):
            before = preceding[k - 1] if k else ""
            name.near = name.near or words.left.get(before) == "close" or before in COMPASS or _kilometres(left) is not None
            name.distance = _kilometres(left)
            if name.distance and name.distance > _FAR_KM:  # "some 400 km from the capital" tells little
                name.cue, name.role = "far", "origin"
                return
            name.cue = "near" if name.near else "road" if _ROAD.search(left[-40:]) else w
            name.role = "origin" if name.cue == "from" else name.role
            return
        elif use in ("near", "in", "across", "struck", "between"):
            name.cue, name.near = use, name.near or use == "near"
            name.countryside = name.countryside or (use in ("in", "across") and k > 0 and preceding[k - 1] in words.spread)
            return
        else:
            break
    if of:
        name.cue = "of"


@lru_cache(maxsize=16384)
def _left_words(chunk: str) -> tuple[str, ...]:
    """The words and marks of a text without spaces."""
    return tuple(_LEFT_WORD.findall(chunk))


def _kilometres(left: str) -> float | None:
    m = _DISTANCE.search(left) if any(unit in left for unit in ("km", "kilom", "mi")) else None
    if m is None:
        return None
    value = float(_COUNTED.get(m[1]) or m[1].replace(",", "."))
    return value * 1.609 if m[2].startswith("mi") else value


def _read_right(text: str, low: str, name: Toponym, words: PlaceWords) -> bool:
    """Read the words after the name: "governorate", "countryside", "-based", "police said". False: it is a family's name."""
    if (not name.start or low[name.start - 1] == "\n" or low[name.start - 2 : name.start] == ". ") and _HEADER.match(
        low, name.end
    ):
        name.cue = "header"
        name.kind = words.types.get(low[name.end : name.end + 20].strip().split()[0].rstrip(",:"), name.kind)
        return True
    if low.startswith(",", name.end) and (apposition := _APPOSITION.match(low, name.end)):
        name.kind = words.types[apposition["type"]]
        return True
    if name.cue in ("bare", "of", "to") and name.role == "location" and words.told_of.match(low, name.end):
        name.cue = "where"
    m = _RIGHT.match(low, name.end, min(len(low), name.end + 80))
    if m is None or _ARABIC.match(name.name):
        return True
    following = m["words"].replace("-", " ").split(" ")
    if m["join"] == "-":
        if following[0] in words.origin_after or following[0] in words.passing:
            name.cue, name.role = "passing", "origin"
        return True
    if following[0] == "border" and name.matches and name.matches[0].place.kind == "country":  # "near the Niger border"
        name.cue, name.role = "border", "origin"
        return True
    if following[0] in words.folk and not m["possessive"] and not any(map(_well_known, name.matches)):
        return False  # "struck Baloch militants"
    name.attributive = following[0] in words.attributive and not m["possessive"]
    if name.cue == "bare" and not m["possessive"] and _is_town(name) and _speaks(low, name, words):
        name.cue, name.role = "passing", "origin"  # "Bamako says" is of the government there
        return True
    if following[:2] == ["local", "government"]:  # "Jema'a Local Government Area"
        name.kind = "district"
        return True
    for k, w in enumerate(following):
        if w in words.kin:
            return False
        if w in COMPASS or w in words.qualifiers:
            continue
        use = words.left.get(w)
        if use in ("countryside", "near_of"):
            name.countryside = name.countryside or use == "countryside"
            name.near = name.near or use == "near_of"
            return True
        if (
            w in words.eponyms
            and words.types.get(w) != "district"
            and not m["possessive"]
            and _names_facility(text, name, k, w, words)
        ):
            name.end += (1 + len(w)) * (k == 0)
            camp = name.words > 1 and name.name.split()[-1].casefold() in words.types
            name.matches, name.kind = tuple(m for m in name.matches if camp or (k and m.place.kind == "site")), "site"
            if not name.matches and low.endswith((" a ", " an "), 0, name.start):  # "a Shia mosque" describes
                return False
        elif w in words.types:
            name.kind = words.types[w]
            name.quarter = w.startswith("neighb") or w in ("quarter", "subdivision", "favela", "slum")
            if w.startswith("hospital") and name.cue != "struck" and not _reviewed(name):
                name.role = "destination"
            name.near = name.near or w in words.outlying
        elif w in words.speaking and not m["possessive"] and words.types.get((following[k + 1 :] or [""])[0]) == "site":
            continue  # "a Bogota police academy"
        elif (w in words.speaking or w in words.origin_after or (w in words.fighters and not name.matches)) and not m[
            "possessive"
        ]:
            name.cue, name.role = "passing", "origin"
            return True
        else:
            return True
    return True


def _speaks(low: str, name: Toponym, words: PlaceWords) -> bool:
    """Whether what follows the name is said or done by a government there: "Moscow on Friday demanded"."""
    verb = _LEFT_WORD.search(_ASIDE.sub(" ", low[name.end : name.end + 60]))
    return verb is not None and verb[0] in words.says


def _is_town(name: Toponym) -> bool:
    return bool(name.matches) and name.matches[0].place.kind == "settlement"


def _names_facility(text: str, name: Toponym, k: int, noun: str, words: PlaceWords) -> bool:
    """Whether the noun behind the name makes it that of a facility ("Tunis School"), unlike "a Mogadishu cafe"."""
    common = k == 0 and text[name.end + 1].islower() and noun not in words.streets
    return not common or not any(_well_known(match) for match in name.matches)


def _datelines(text: str) -> list[tuple[int, int, str]]:
    """Spans of datelines and bylines at the head of lines, and the role of what they name: "ALEPPO, Syria (North Press) –",
    "Damascus, SANA-", "By A. Writer, Abuja".
    """
    spans, at = [], 0
    for line in text.splitlines(keepends=True):
        m = _DATELINE.match(line) if _DASH.search(line, 0, _DATELINE_ENDS) else None
        if m and not (_CAPITALS.search(m[0]) or "(" in m[0]):
            m = _PLACED.match(line)
        m = m or (_HEAD.match(line) if " - " in line[:_DATELINE_ENDS] else None)
        byline = _BYLINE.match(line.rstrip()) if line.startswith("By ") else None
        if m or byline:
            spans.append((at, at + (byline or m).end(), "origin" if byline else "dateline"))
        at += len(line)
    return spans


def _link(text: str, names: list[Toponym], words: PlaceWords) -> None:
    """Mark which place stands within which ("X, Y", "X in Y"), and the two ends of roads and of "between X and Y"."""
    for one, other in pairwise(names):
        if other.start - one.end > _LONGEST_GAP:
            continue
        gap = text[one.end : other.start]
        linked, reference, owns, encloses = _relation(gap)
        dash = "-" in gap or "–" in gap
        if one.cue in ("border", "from") and other.cue == "bare" and _LISTED.fullmatch(gap):
            other.cue, other.role = one.cue, one.role  # "the borders with Mali and Niger"
        if linked and (one.cue in ("between", "road") or (dash and _ROAD.match(text, other.end + 1))):
            one.cue = other.cue = "between" if one.cue == "between" else "road"
            one.role = other.role = "location"
            other.reference = one.reference
        elif reference:
            other.reference = True
            if encloses:
                one.within, one.inside = other, True
        elif owns:
            other.within, other.owned = one, True
        elif encloses and not one.matches and other.kind == "settlement" and _OF_IT.fullmatch(gap):
            one.cue = "passing"  # "the Fulani village of X"
        elif encloses:
            one.within, one.inside = other, gap.strip() != ","
            if other.kind and _OF_IT.fullmatch(gap) and not _typed(text, other, words):
                other.kind = None  # "Muang district of Yala": Muang is the district
    owned = {id(name.within): name for name in names if name.owned and not name.inside}
    for name in names:
        if name.inside and not name.reference:  # "X in Syria's Latakia province" is in Latakia; a landmark need not be
            name.within = owned.get(id(name.within), name.within)
    for name in reversed(names):
        if name.within:
            name.within.encloses = True
            if not name.within.matches and name.within.within:  # "X in Y in Z" is in Z, should Y not be known
                name.within = name.within.within
    for one, other in pairwise(reversed(names)):  # "the villages of X and Y in Z"
        if other.kind and not other.within and one.within is not other and _LISTED.fullmatch(text, other.end, one.start):
            other.within, other.inside = one.within, one.inside
    states: dict[str, str] = {}
    abbreviations = set()
    for name in names:
        m = _STATE.match(text, name.end) if text.startswith(",", name.end) else None
        if m and m[1].rstrip(".") in words.states:
            name.state = states[plain(name.name)] = words.states[m[1].rstrip(".")]
            abbreviations.add(m.start(1))
    names[:] = [name for name in names if name.start not in abbreviations]
    quarters = {plain(name.name) for name in names if name.quarter}
    for name in names if states or quarters else ():
        written = plain(name.name)
        name.state = name.state or states.get(written)  # "BIRMINGHAM, Ala." tells which Birmingham the text goes on to speak of
        name.quarter = name.quarter or written in quarters


def _typed(text: str, name: Toponym, words: PlaceWords) -> bool:
    """Whether a word after the name says what kind of place it is."""
    following = _RIGHT.match(text, name.end)
    return following is not None and following["words"].split()[0].casefold() in words.types


@lru_cache(maxsize=8192)
def _relation(gap: str) -> tuple[bool, bool, bool, bool]:
    """What the words between two names say: that they are two ends, that the second only tells where the first is, that it is
    in the first, that it stands around the first.
    """
    return (
        _LINKED.fullmatch(gap) is not None,
        _REFERENCE.fullmatch(gap) is not None,
        _OWNS.fullmatch(gap) is not None,
        _encloses(gap, place_words()),
    )


def _encloses(gap: str, words: PlaceWords) -> bool:
    """Whether the words between two names put the first in the second: " camp in the northern", ", in eastern"."""
    apposition = _APPOSITION.match(gap)
    if apposition and apposition["inside"]:
        gap = " in " + gap[apposition.end() :]
    m = _GAP.fullmatch(gap)
    if m is None:
        return False
    between = [w for w in (m["type"] + " " + m["how"]).casefold().split() if w not in ("in", "of", "the", "at", "near")]
    return _ELSEWHERE.isdisjoint(between) and all(
        w in words.types or w in words.before or w in words.qualifiers or w in words.left or w in words.adjectives
        for w in between
    )
