"""Places in a text: which words name one, which one it is, how precisely it locates, and where an incident happened.

`find_places` reads names off the text (capitalised runs, or words after a preposition where a text has no capitals), looks them
up in the gazetteer and settles homonyms by what else the text says: countries, provinces, the containing place after a comma.
The precision of each mention follows UCDP GED from the wording: "in X" 1, "near X" 2, a district 3, a governorate 4, a region or
a line 5, a country 6. `choose_place` picks the place of one incident. The words that decide are in `data/place_words.yaml`.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from math import log10

import yaml

from include.extract.gazetteer import DATA, Match, Place, distance_km, gazetteer, plain, read_table
from include.extract.mentions import PlaceMention

PRECISION = {"settlement": 1, "site": 1, "district": 3, "admin1": 4, "region": 5, "country": 6}
NEAR_KM = 25
"""UCDP: within about 25 km of a known point is where_prec 2."""

_LONGEST_NAME = 6
_LONGEST_RUN = 16
_SINGLE = 3
"""Letters that a name of one word has at least."""

_WORD = re.compile(r"(?:[^\W\d_]\.){2,4}|[^\W_]+(?:['’‘ʼʻʿʾ`´][^\W_]+)*")
_ARABIC = re.compile(r"[\u0621-\u06d3]")
_POSSESSIVE = re.compile(r"['’]s?$")
_JOIN = re.compile(r"[ \u00a0]{1,2}|[-‐‑]")
_SENTENCE_END = re.compile(r"[.!?;]\s|\n")
_DISTANCE = re.compile(r"(\d{1,4}(?:[.,]\d{1,2})?)[ -]{0,2}(km|kilomet(?:er|re)s?|miles?|mi)\b[^.;\n]{0,30}$")
_DATELINE = re.compile(r"[^\n(:–—]{3,60}?(?:\([^()\n]{2,40}\)\s{0,2}(?:--|[-–—]|\n)|,\s[A-Z]{2,6}\s{0,2}[-–—]|\s(?:--|[–—])\s)")
_CAPITALS = re.compile(r"[A-Z]{3}")
_GAP = re.compile(
    r"(?:['’]s?)?(?:\s+(?:[a-z-]+\s+){0,3}?(?:in|of|within|inside|from)|,(?:\s+(?:in|of|at|near))?)\s+(?:the\s+)?(?:[A-Za-z-]+\s+){0,4}?"
)
_LINKED = re.compile(r"\s{0,2}(?:-|–|—|and|to)\s{0,2}(?:the\s+)?")
_ROAD = re.compile(r"\b(?:road|highway|route|motorway|line|railway|way)\b")

_ARTICLES = frozenset("al el as ash ad ar an at az ez es ed".split())
_NEAR = frozenset(
    "near nearby outside around vicinity outskirts outskirt suburb suburbs edge edges entrance entrances periphery surroundings"
    " perimeter close adjacent surrounding beyond".split()
)
_COUNTRYSIDE = frozenset("countryside hinterland rif reef".split())
_CENTRE = frozenset("centre center heart downtown middle city".split())
_COMPASS = frozenset(f"{a}{b}{c}" for a in ("north", "south", "") for b in ("east", "west", "") for c in ("", "ern") if a or b)
_COMPASS |= frozenset(w.replace("th", "th-", 1) for w in _COMPASS if w.startswith(("north", "south")) and len(w) > 8) | {
    "central"
}
_LOCATING = frozenset("in inside within at on across throughout into over towards toward along through".split())
_STRIKING = frozenset(
    "struck strike strikes striking hit hits hitting targeted targets targeting bombed bombing bombs shelled shelling attacked"
    " attacks attacking rocked rocks raided pounded stormed against".split()
)
_BORDER = re.compile(r"\bborders?\s+(?:\w+\s+){0,2}?(?:with|between)\s*(?:the\s+)?$")
_SOURCE = re.compile(
    r"\b(?:residents?|natives?|citizens?|inhabitants?|hails?|hailed|originally|displaced|displaced\s+people|idps?|refugees?|fled|fleeing"
    r"|evacuees?|fired|launched|shot|coming|came|arrived|travell?ed|travell?ing|returning|returned|based|headquartered|born"
    r"|people|man|men|woman|women|child|children|boys?|girls?|civilians?|family|families|fighters?|soldiers?|brothers?)"
    r"\s+(?:from|of|in)\s+(?:[\w’'-]+\s+){0,4}?$"
)
_CARRIED = re.compile(
    r"\b(?:taken|took|rushed|transferred|transported|transporting|evacuated|brought|moved|airlifted|referred|admitted|flown|treated"
    r"|arrived|arriving|arrive|reached|received|buried)\b[^.;\n]{0,70}$"
)
_CARE = re.compile(r"\b(?:hospital|clinic|medical|treatment|morgue|health\s+cent)", re.IGNORECASE)
_ARABIC_CUES = frozenset(
    "في قرب مدينة بلدة قرية مخيم حي منطقة ريف محافظة ناحية شرق غرب شمال جنوب بلدات قرى بمدينة ببلدة بريف".split()
)
_ARABIC_PREFIX = re.compile(r"^(?:وب|ول|فب|[وبلف])(?=\w{3})")


@dataclass(frozen=True, slots=True)
class _Words:
    types: dict[str, str]
    before: frozenset[str]
    bodies: frozenset[str]
    speaking: frozenset[str]
    origin_after: frozenset[str]
    given_names: frozenset[str]
    titles: frozenset[str]
    particles: frozenset[str]
    ordinary: frozenset[str]
    adjectives: dict[str, str]
    states: dict[str, str]


@dataclass(slots=True)
class _Token:
    start: int
    end: int
    form: str
    """In lower case, without a possessive."""
    upper: bool
    arabic: bool


@dataclass(slots=True)
class _Candidate:
    """A name in the text with what it may be and what stands around it."""

    start: int
    end: int
    name: str
    matches: tuple[Match, ...]
    relaxed: bool
    """The line has no useful capitals."""
    cue: str = "bare"
    kind: str | None = None
    """The kind of place that a word beside it says."""
    near: bool = False
    countryside: bool = False
    compass: bool = False
    distance: float | None = None
    role: str = "location"
    within: "_Candidate | None" = None
    """The place that the text puts around it ("X, Y")."""
    contains: bool = False
    place: Place | None = None
    exact: bool = False
    state: str | None = None
    words: int = 1
    given: bool = False
    extras: list[str] = field(default_factory=list)


def find_places(text: str, *, country: str | None = None, context: Sequence[PlaceMention] = ()) -> list[PlaceMention]:
    """Places that a sentence or an article names, in order.

    `country` (ISO 3166-1 alpha-3) is the country that the source writes about, `context` places known from elsewhere in the
    article: both only settle homonyms. A place that is not in the gazetteer is given where the wording supports one ("the
    village of X", "near X"): its name as written, no coordinates.
    """
    words = _words()
    tokens = _tokens(text)
    if not tokens:
        return []
    candidates = _candidates(text, tokens, words)
    datelines = _datelines(text)
    lowered = text.lower() if len(text.lower()) == len(text) else text
    for c in candidates:
        _read_left(lowered, c, words)
        _read_right(text, c, words)
        if any(a <= c.start < b for a, b in datelines):
            c.role, c.cue = "dateline", "dateline"
    _link(text, candidates, words)
    weights = _weights(tokens, candidates, words, country, context)
    kept = [c for c in candidates if _resolve(c, weights, words)]
    return [m for m in (_mention(text, c, kept) for c in kept) if m is not None]


def choose_place(mentions: Sequence[PlaceMention], start: int, end: int, trigger: int | None = None) -> PlaceMention | None:
    """The place of an incident that the sentence text[start:end] tells, from all mentions of the text.

    `trigger` is the position of the word that tells it ("killed"). A place in the sentence goes before one elsewhere, a specific
    one before the region around it, "in X" before a name in passing; origins, destinations and datelines are the last resort.
    A place without coordinates takes those of the nearest place around it that has some, with the precision that this leaves
    (UCDP: 2 near a known point, 3 district, 4 governorate), and keeps its own name as written. Null where nothing is named.
    """
    if not mentions:
        return None
    at = trigger if trigger is not None else start
    best = max(mentions, key=lambda m: (_merit(m, start, end, at), -m.start))
    return _completed(best, mentions, start, end)


def _merit(m: PlaceMention, start: int, end: int, at: int) -> float:
    merit = {"settlement": 3, "site": 3, "district": 1.5, "admin1": 0.8, "region": 0.5, "country": -4}.get(m.kind, 1.2)
    merit += {"bare": 0.0, "within": -1.2, "passing": -2.5, "border": -3.0, "unknown_in": -0.5}.get(m.rule, 2.0)
    merit -= {"location": 0, "dateline": 5}.get(m.role, 4.5)
    gap = max(m.start - at, at - m.end, 0)
    if start <= m.start < end:
        return merit + 10 - min(3.0, gap / 70) + (0.4 if m.start >= at else 0)
    return merit + 4 - min(6.0, gap / 300) + (0.5 if m.end <= start else 0)


def _completed(best: PlaceMention, mentions: Sequence[PlaceMention], start: int, end: int) -> PlaceMention:
    """The mention with what its companions tell: coordinates of the place around it, its province, its country."""
    known = [m for m in mentions if m.latitude is not None and m is not best and m.where_prec is not None]
    inside = [m for m in known if start <= m.start < end]
    if best.latitude is None:
        pool = [m for m in inside if m.kind != "country" and m.role != "origin"] or [
            m for m in known if m.kind != "country" and m.role == "location"
        ]
        pool = [m for m in pool if best.country in (None, m.country)] or inside or known
        if not pool:
            return best
        around = min(
            pool, key=lambda m: (m.where_prec > 3, m.role != "location", _apart(m, best) + (m.start < best.start) * 40)
        )
        return replace(
            best,
            name=around.name,
            geonames_id=around.geonames_id,
            admin1=best.admin1 or around.admin1,
            country=best.country or around.country,
            latitude=around.latitude,
            longitude=around.longitude,
            where_prec=max(2, around.where_prec or 2),
        )
    if best.admin1 is None and best.kind != "country":
        around = next((m for m in inside if m.admin1 and m.country == best.country), None)
        if around is not None:
            return replace(best, admin1=around.admin1)
    return best


def _apart(a: PlaceMention, b: PlaceMention) -> int:
    return max(a.start - b.end, b.start - a.end, 0)


@lru_cache(maxsize=1)
def _words() -> _Words:
    table = yaml.safe_load((DATA / "place_words.yaml").read_text(encoding="utf-8"))
    bag = {k: frozenset(v.split()) for k, v in table.items() if isinstance(v, str)}
    adjectives = {}
    for row in read_table(DATA / "countries.tsv"):
        for adjective in filter(None, row["adjectives"].split("|")):
            adjectives.setdefault(adjective.casefold(), row["country"])
            adjectives.setdefault(adjective.casefold() + "s", row["country"])
    states = {}
    for code, names in table["us_states"].items():
        first, *short = names.split()
        states |= dict.fromkeys((code, *short), first.replace("_", " "))
    return _Words(
        types={word: kind for kind, words in reversed(table["types"].items()) for word in words.split()},
        adjectives=adjectives,
        states=states,
        **bag,
    )


def _tokens(text: str) -> list[_Token]:
    tokens = []
    for m in _WORD.finditer(text):
        start, end = m.span()
        possessive = _POSSESSIVE.search(m[0])
        if possessive and end - start > 3:
            end = start + possessive.start()
        form = text[start:end]
        tokens.append(_Token(start, end, form.casefold(), form[0].isupper(), _ARABIC.match(form) is not None))
    return tokens


def _lines(text: str, tokens: list[_Token]) -> Iterator[tuple[int, int, bool]]:
    """Runs of tokens on one line, and whether its capitals tell nothing (a headline in title case, all capitals, none)."""
    first = 0
    for i in range(1, len(tokens) + 1):
        if i < len(tokens) and "\n" not in text[tokens[i - 1].end : tokens[i].start]:
            continue
        long = [t for t in tokens[first:i] if len(t.form) > 3 and not t.arabic]
        upper = sum(t.upper for t in long)
        relaxed = len(long) > 2 and (upper == 0 or (len(long) > 4 and upper >= 0.75 * len(long)))
        yield first, i, relaxed
        first = i


def _runs(text: str, tokens: list[_Token], words: _Words) -> Iterator[tuple[list[int], bool]]:
    for first, last, relaxed in _lines(text, tokens):
        run: list[int] = []
        shouting = relaxed and any(t.upper for t in tokens[first:last])
        for i in range(first, last):
            t = tokens[i]
            name = t.upper or t.arabic or (relaxed and not shouting and t.form not in words.ordinary)
            if run and not _JOIN.fullmatch(text[tokens[run[-1]].end : t.start]):
                yield run, relaxed
                run = []
            if not name:
                name = _bridges(text, tokens, i, last, words, bool(run))
            if name and len(run) < _LONGEST_RUN:
                run.append(i)
            elif run:
                yield run, relaxed
                run = [i] if name else []
        if run:
            yield run, relaxed


def _bridges(text: str, tokens: list[_Token], i: int, last: int, words: _Words, inside: bool) -> bool:
    """Whether the lower-case token i belongs to a name: the article of "al-Sukhna", the "de" of "Rio de Janeiro"."""
    t = tokens[i]
    if i + 1 >= last or t.form not in words.particles:
        return False
    gap = text[t.end : tokens[i + 1].start]
    if t.form in _ARTICLES and (gap in "-‐‑" or (gap == " " and t.form in ("al", "el"))) and gap:
        return tokens[i + 1].upper
    if not inside or not _JOIN.fullmatch(gap):
        return False
    if len(t.form) == 1 and gap == " ":
        return False
    if t.form == "ye" and gap == " ":
        return False
    if tokens[i + 1].upper:
        return True
    return i + 2 < last and tokens[i + 1].form in words.particles and tokens[i + 2].upper and t.form in ("de", "of")


def _candidates(text: str, tokens: list[_Token], words: _Words) -> list[_Candidate]:
    found: list[_Candidate] = []
    for run, relaxed in _runs(text, tokens, words):
        found += _in_run(text, tokens, run, relaxed, words)
    return found


def _in_run(text: str, tokens: list[_Token], run: list[int], relaxed: bool, words: _Words) -> list[_Candidate]:
    """Candidates of one capitalised run: names that cover it, apart from words such as Eastern or Governorate."""
    spans: list[tuple[int, int, tuple[Match, ...]]] = []
    i = 0
    while i < len(run):
        j, matches = _longest(text, tokens, run, i, words)
        if matches:
            spans.append((i, j, matches))
        i = max(j, i + 1)
    arabic = tokens[run[0]].arabic
    forms = [tokens[k].form for k in run]
    taken = {k for a, b, _ in spans for k in range(a, b)}
    loose = relaxed or arabic
    if not loose and _is_body(forms, taken, spans, words):
        return []
    found = []
    for a, b, matches in spans:
        start, end = tokens[run[a]].start, tokens[run[b - 1]].end
        if arabic:
            prefix = _ARABIC_PREFIX.match(text[start:end])
            if prefix and not gazetteer().lookup(text[start:end]):
                start += prefix.end()
        elif not loose and not _neutral(forms, a, b, taken, words):
            continue
        elif relaxed and a > 0 and forms[a - 1] in words.given_names:
            continue
        first = plain(tokens[run[a]].form)
        c = _Candidate(start, end, text[start:end], matches, loose, words=b - a, given=first in words.given_names)
        _extend(text, tokens, run, a, b, c)
        found.append(c)
    if not spans and not loose:
        unknown = _unknown(text, tokens, run, forms, words)
        if unknown:
            found.append(unknown)
    return found


def _longest(text: str, tokens: list[_Token], run: list[int], i: int, words: _Words) -> tuple[int, tuple[Match, ...]]:
    """End of the longest name that starts at place i of the run, with what it matches."""
    first = tokens[run[i]]
    if first.form in words.particles and not (first.form in _ARTICLES or first.upper):
        return i + 1, ()
    for j in range(min(i + _LONGEST_NAME, len(run)), i, -1):
        last = tokens[run[j - 1]]
        if j - i > 1 and last.form in words.particles and not last.upper:
            continue
        name = text[first.start : last.end]
        if j - i == 1 and (len(name) < _SINGLE and not name.isupper() or first.form in words.adjectives):
            continue
        matches = gazetteer().lookup(name)
        if not matches and first.arabic and (prefix := _ARABIC_PREFIX.match(name)):
            matches = gazetteer().lookup(name[prefix.end() :])
        if j - i == 1 and first.form in words.ordinary | words.before | words.bodies | words.titles:
            matches = tuple(m for m in matches if m.exact and (m.place.reviewed or m.place.population > 20000))
            if first.form in words.before or not matches:
                continue
        if matches:
            return j, matches
    return i + 1, ()


def _is_body(forms: list[str], taken: set[int], spans: list, words: _Words) -> bool:
    """Whether the run is the name of a body, a medium or a person with a title, and not of a place."""
    return bool(spans) and any(k not in taken and f in words.bodies for k, f in enumerate(forms))


def _neutral(forms: list[str], a: int, b: int, taken: set[int], words: _Words) -> bool:
    """Whether what the run has around the name leaves it the name of a place."""
    for k in range(a - 1, -1, -1):
        f = forms[k]
        if k in taken or f in words.before or f in words.types or f in words.adjectives or f == "of":
            continue
        if f in words.titles or f in words.given_names or f not in words.ordinary:
            return False
    rest = [k for k in range(b, len(forms)) if k not in taken]
    if not rest:
        return True
    return forms[rest[-1]] in words.types or all(forms[k] in words.before or forms[k] in words.particles for k in rest)


def _extend(text: str, tokens: list[_Token], run: list[int], a: int, b: int, c: _Candidate) -> None:
    """Take in lower-case words that belong to a reviewed name: "Jabalia refugee camp", "northern Gaza"."""
    if c.relaxed and tokens[run[a]].arabic:
        return
    after = run[b - 1] + 1
    for j in range(min(after + 3, len(tokens)), after, -1):
        gaps = [text[tokens[k - 1].end : tokens[k].start] for k in range(after, j)]
        if all(g in (" ", "-", "'s ", "’s ") for g in gaps):
            matches = _reviewed(text[c.start : tokens[j - 1].end])
            if matches:
                c.end, c.name, c.matches, c.words = tokens[j - 1].end, text[c.start : tokens[j - 1].end], matches, c.words + 1
                break
    before = run[a] - 1
    if before >= 0 and text[tokens[before].end : c.start] == " " and tokens[before].form in _COMPASS:
        matches = _reviewed(text[tokens[before].start : c.end])
        if matches:
            c.start, c.name, c.matches, c.words = tokens[before].start, text[tokens[before].start : c.end], matches, c.words + 1


def _reviewed(name: str) -> tuple[Match, ...]:
    return tuple(m for m in gazetteer().lookup(name) if m.place.reviewed)


def _unknown(text: str, tokens: list[_Token], run: list[int], forms: list[str], words: _Words) -> _Candidate | None:
    """The run as a place that the gazetteer lacks, if its words allow; the wording around it decides later."""
    a, b = 0, len(run)
    strip = words.ordinary | words.before | set(words.adjectives)
    while a < b and forms[a] in strip:
        a += 1
    while b > a and (forms[b - 1] in words.types or forms[b - 1] in words.ordinary):
        b -= 1
    if not 0 < b - a <= 4:
        return None
    kept = forms[a:b]
    if any(f in words.bodies or f in words.titles or f in words.adjectives for f in kept) or kept[0] in words.given_names:
        return None
    start, end = tokens[run[a]].start, tokens[run[b - 1]].end
    if end - start < 4 or text[start:end].isupper():
        return None
    return _Candidate(start, end, text[start:end], (), False, words=b - a)


def _read_left(lowered: str, c: _Candidate, words: _Words) -> None:
    """Read the words before the name, from right to left: its kind, its direction, the preposition that governs it."""
    left = lowered[max(0, c.start - 100) : c.start]
    if c.relaxed and _ARABIC.search(c.name):
        last = left.split()[-1:]
        c.cue = "in" if last and last[0] in _ARABIC_CUES else "bare"
        return
    cut = max((m.end() for m in _SENTENCE_END.finditer(left)), default=0)
    left = left[cut:]
    if _BORDER.search(left):
        c.cue, c.role = "border", "origin"
        return
    preceding = re.findall(r"[^\W_]+(?:-[^\W_]+)*|[,;:()]", left)
    of = False
    for k in range(len(preceding) - 1, max(-1, len(preceding) - 9), -1):
        w = preceding[k]
        if w == "of":
            of = True
        elif w in _COMPASS:
            if of:
                c.near, of = True, False
                c.distance = _kilometres(left)
            else:
                c.compass = True
        elif w in _COUNTRYSIDE:
            c.countryside, of = True, False
        elif w in _NEAR:
            c.near, of = True, False
            if w in ("near", "nearby", "outside", "around"):
                c.cue = "near"
                break
        elif w in words.types and (of or k == len(preceding) - 1):
            if w not in ("region", "area", "areas") or c.kind is None:
                c.kind = c.kind or words.types[w]
            of = False
        elif w in _CENTRE and of:
            of = False
        elif (
            w in ("the", "to", "a")
            and k
            and preceding[k - 1] in ("close", "adjacent", "next", "north", "south", "east", "west")
        ):
            c.near = c.near or w == "to"
        elif (
            w in ("the", "occupied", "besieged", "war-torn", "neighbouring", "neighboring")
            or w in words.adjectives
            or w in words.before
        ):
            continue
        elif w == "between":
            c.cue = "between"
            break
        elif w == "from":
            c.cue = "near" if _kilometres(left) is not None else "from"
            c.near = c.near or c.cue == "near"
            if c.cue == "from" and not _ROAD.search(left[-40:]):
                c.role = "origin"
            elif c.cue == "from":
                c.cue = "road"
            break
        elif w == "to":
            c.cue = "to"
            break
        elif w in _LOCATING:
            c.cue = "in"
            break
        elif w in _STRIKING:
            c.cue = "struck"
            break
        else:
            if of:
                c.cue = "of"
            break
    if of and c.cue == "bare":
        c.cue = "of"
    if c.near and c.cue in ("bare", "of"):
        c.cue = "near"
    if c.kind and c.cue in ("bare", "of"):
        c.cue = "type"
    tail = left[-90:]
    if c.cue in ("from", "of", "in") and not c.kind and _SOURCE.search(left):
        source = _SOURCE.search(left)
        if source and re.search(r"\s(?:from|of)\s|based|headquartered|born", source[0]):
            c.role = "origin"
    if c.role == "location" and _CARRIED.search(tail) and (_CARE.search(tail) or _CARE.search(c.name) or c.cue == "to"):
        c.role = "destination"


def _kilometres(left: str) -> float | None:
    m = _DISTANCE.search(left)
    if m is None:
        return None
    value = float(m[1].replace(",", "."))
    return value * 1.609 if m[2].startswith("mi") else value


_RIGHT = re.compile(r"(?P<poss>['’]s?)?(?P<sep>[ -])(?P<words>[^\W\d_]+(?:[ -][^\W\d_]+){0,3})")


def _read_right(text: str, c: _Candidate, words: _Words) -> None:
    """Read the words after the name: "governorate", "countryside", "-based", "police said"."""
    m = _RIGHT.match(text, c.end, c.end + 60)
    if m is None or _ARABIC.search(c.name):
        return
    following = m["words"].casefold().replace("-", " ").split()
    first = following[0]
    if m["sep"] == "-":
        if first in words.origin_after:
            c.role, c.cue = "origin", "passing"
        elif first in (
            "backed",
            "led",
            "affiliated",
            "aligned",
            "made",
            "funded",
            "supported",
            "allied",
            "linked",
            "run",
            "controlled",
        ):
            c.cue, c.role = "passing", "origin"
        return
    for w in following:
        if (
            w in _COMPASS
            or w in ("refugee", "displacement", "military", "international", "city", "central", "rural")
            and w != following[-1]
        ):
            if w == "city":
                c.kind = "settlement"
            continue
        if w in _COUNTRYSIDE:
            c.countryside = True
        elif w in ("outskirts", "suburbs", "vicinity", "surroundings"):
            c.near = True
        elif w in words.types:
            c.kind = words.types[w]
            if w in ("axis", "front", "frontline", "frontlines"):
                c.near = True
        elif w in words.speaking and not m["poss"]:
            c.role, c.cue = "origin", "passing"
        elif w in words.origin_after and not m["poss"]:
            c.role, c.cue = "origin", "passing"
        break


def _datelines(text: str) -> list[tuple[int, int]]:
    """Spans of datelines at the head of lines: "ALEPPO, Syria (North Press) –", "Damascus, SANA-"."""
    spans = []
    at = 0
    for line in text.split("\n"):
        m = _DATELINE.match(line)
        if m and (_CAPITALS.search(m[0]) or "(" in m[0]):
            spans.append((at, at + m.end()))
        at += len(line) + 1
    return spans


def _link(text: str, candidates: list[_Candidate], words: _Words) -> None:
    """Mark which place stands within which ("X, Y", "X in Y"), and the two ends of roads and of "between X and Y"."""
    for c, d in zip(candidates, candidates[1:], strict=False):
        gap = text[c.end : d.start]
        if len(gap) > 60:
            continue
        if _LINKED.fullmatch(gap) and (
            c.cue in ("between", "road") or ("-" in gap or "–" in gap) and _ROAD.match(text[d.end + 1 : d.end + 9])
        ):
            c.cue = d.cue = "between" if c.cue == "between" else "road"
            c.role = d.role = "location"
            continue
        if _GAP.fullmatch(gap) and "from" not in gap and not re.search(r"\band\b", gap):
            c.within, d.contains = d, True
    for c in candidates:
        m = re.match(r",\s+([A-Z][A-Za-z.]{1,5})(?![A-Za-z])", text[c.end : c.end + 9])
        if m and m[1].rstrip(".") in words.states:
            c.state = words.states[m[1].rstrip(".")]


def _weights(
    tokens: list[_Token], candidates: list[_Candidate], words: _Words, country: str | None, context: Sequence[PlaceMention]
) -> dict[str, float]:
    """How strongly the text speaks of each country."""
    adjectives = Counter(words.adjectives[t.form] for t in tokens if t.upper and t.form in words.adjectives)
    named: dict[str, float] = defaultdict(float)
    seen: set[str] = set()
    for c in candidates:
        key = plain(c.name)
        if key in seen or not c.matches:
            continue
        seen.add(key)
        countries = {m.place.country for m in c.matches if m.place.kind == "country"}
        reviewed = {m.place.country for m in c.matches if (m.place.reviewed or m.place.kind == "admin1") and m.place.country}
        if countries:
            for k in sorted(countries, key=str):
                named[k] += 1.5
        elif len(reviewed) == 1:
            named[next(iter(reviewed))] += 1.0
        elif c.matches[0].place.population > 100000 and c.matches[0].place.country:
            named[c.matches[0].place.country] += 0.4
    weights = {k: min(v, 5.0) for k, v in named.items()}
    for k, n in adjectives.items():
        weights[k] = weights.get(k, 0) + min(1.0, 0.4 * n)
    for m in context:
        if m.country:
            weights[m.country] = weights.get(m.country, 0) + 0.5
    if country:
        weights[country] = weights.get(country, 0) + 4
    return weights


def _resolve(c: _Candidate, weights: dict[str, float], words: _Words) -> bool:
    """Choose the entry that the candidate means; False where it is no place after all."""
    supported = c.cue in ("in", "near", "struck", "between", "road", "type", "to", "from", "of") or c.kind is not None
    strong = c.cue in ("in", "near", "struck", "between", "road", "type") or c.kind is not None or c.near or c.countryside
    if not c.matches:
        return _keep_unknown(c)
    top = max(weights.values(), default=0)
    scored = max(((_score(c, m, weights, top), -i, m) for i, m in enumerate(c.matches)), key=lambda s: s[:2])
    match = scored[2]
    place = match.place
    form = plain(c.name)
    spoken_of = weights.get(place.country or "", 0) >= 0.4 or not place.country
    held = c.state is not None or (c.within is not None and _contained(place, c.within))
    big = place.kind in ("country", "admin1") or place.population >= 500_000
    if form in words.ordinary and not (held or c.kind):
        if not (place.reviewed and spoken_of and c.cue in ("in", "near")):
            return False
    if (
        c.words == 1
        and c.given
        and not (held or c.kind or (strong and (place.reviewed or place.population > 50_000) and spoken_of))
    ):
        return False
    if c.words > 1 and c.given and not (strong and spoken_of) and not place.reviewed:
        return False
    well_known = (
        big or (place.reviewed and (spoken_of or not weights)) or (place.population >= 100_000 and (spoken_of or not weights))
    )
    if not (held or well_known):
        if not supported and not (spoken_of and match.exact and place.population >= 15_000):
            return False
        if not spoken_of and not (strong and match.exact and place.population >= 15_000 and not weights):
            if not (match.exact and strong and place.population >= 50_000):
                c.matches = ()
                return _keep_unknown(c)
        if c.relaxed and not strong:
            return False
    if place.kind == "country" and c.cue == "bare" and c.relaxed and form in ("us", "uk"):
        return False
    if form == "us" and not c.name.isupper():
        return False
    c.place, c.exact = place, match.exact
    return True


def _keep_unknown(c: _Candidate) -> bool:
    if c.relaxed or c.role == "dateline":
        return False
    return (c.kind is not None and c.cue != "passing") or c.cue in ("in", "near", "struck") or c.countryside


def _score(c: _Candidate, m: Match, weights: dict[str, float], top: float) -> float:
    p = m.place
    score = 0.5 * log10(p.population + 1)
    score += {"country": 6.0, "admin1": 2.4, "region": 2.4, "site": 1.0, "district": 0.5}.get(p.kind, 0.5)
    score += 1.5 * p.reviewed + 0.6 * m.exact
    if top and p.country:
        score += 4 * weights.get(p.country, 0) / top
    if c.state:
        score += 8 if p.country == "USA" and p.admin1 == c.state else -4
    elif c.within is not None and _contained(p, c.within):
        score += 5
    if p.kind == "country" and (c.state or (c.within and c.within.matches and not c.kind and _held_by_division(c))):
        score -= 5
    if c.kind == p.kind:
        score += 4 if c.kind != "site" else 2
    elif c.kind in ("settlement", "site") and p.kind in ("settlement", "site"):
        score += 2
    elif c.kind == "district" and p.kind == "settlement" or c.kind == "region" and p.kind == "admin1":
        score += 1
    if c.countryside and p.kind == "admin1":
        score += 4
    if c.compass and not c.near and p.kind == "admin1" and p.country in ("SYR", "IRQ"):
        score += 2.5
    return score


def _contained(place: Place, container: _Candidate) -> bool:
    """Whether the place lies in what the container can be: a country, a province, or a settlement or district of its province."""
    for m in container.matches[:12]:
        outer = m.place
        if outer.country != place.country or outer == place:
            continue
        if outer.kind == "country" or (outer.kind == "admin1" and outer.admin1 == place.admin1):
            return place.kind != "country"
        if (
            outer.admin1 == place.admin1
            and outer.kind in ("district", "settlement", "region")
            and _kilometres_apart(outer, place) < 60
        ):
            return True
    return False


def _held_by_division(c: _Candidate) -> bool:
    return c.within is not None and any(
        _contained(m.place, c.within) for m in c.matches if m.place.kind in ("settlement", "site", "district")
    )


def _kilometres_apart(a: Place, b: Place) -> float:
    if None in (a.latitude, a.longitude, b.latitude, b.longitude):
        return float("inf")
    return distance_km(a.latitude, a.longitude, b.latitude, b.longitude)


def _mention(text: str, c: _Candidate, kept: list[_Candidate]) -> PlaceMention:
    rule = "within" if c.contains and c.role == "location" else c.cue
    if c.place is None:
        kind = c.kind or "unknown"
        return PlaceMention(
            text[c.start : c.end],
            c.start,
            c.end,
            "unknown_in" if rule in ("in", "struck") and c.kind is None else rule,
            kind=kind,
            role=c.role,
        )
    place = c.place
    prec = PRECISION[place.kind]
    if c.kind in ("district", "admin1") and place.kind in ("settlement", "site"):
        prec = PRECISION[c.kind]
    if (c.near or c.countryside or c.cue == "near") and prec == 1:
        prec = 2 if c.distance is None or c.distance <= NEAR_KM else 3
    if c.cue in ("between", "road") and prec < 5:
        prec = 5
        other = next((d for d in kept if d is not c and d.cue == c.cue and d.place and abs(d.start - c.start) < 80), None)
        if other and other.place and _kilometres_apart(place, other.place) <= 2 * NEAR_KM:
            prec = 2
    if place.kind == "country" and c.compass and c.role == "location" and not c.near:
        prec = 5
    return PlaceMention(
        text[c.start : c.end],
        c.start,
        c.end,
        rule,
        name=place.name,
        geonames_id=place.geonames_id,
        kind=place.kind,
        admin1=place.admin1,
        country=place.country,
        latitude=place.latitude,
        longitude=place.longitude,
        where_prec=prec,
        role=c.role,
    )
