"""Parties to a conflict and the bodies that count its victims, as a text names or describes them.

Three tables: names with their aliases (`data/actors.yaml`), and the nouns and adjectives that describe a party without its
name ("regime forces", "unidentified gunmen") and the endings of names of bodies ("... Observatory for ...")
(`data/forces.yaml`). A monitor that the table lacks is recognised by its name's form, and by the abbreviation that the text
introduces in brackets. People whom the text calls suspects or attackers are actors by name, too (kind suspect).
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from include.extract.lexicon import load
from include.extract.mentions import ActorMention

ACTORS = Path(__file__).parent / "data" / "actors.yaml"
FORCES = Path(__file__).parent / "data" / "forces.yaml"

_WORD = re.compile(r"[^\W_]{1,60}")
_JOINED = re.compile(r"[\s\-‐‑–'’.&/]{0,3}")
_ABBREVIATION = re.compile(r"\s?\((?:the\s)?([A-Z][A-Za-z0-9-]{1,9})\)")
_PERSON = (
    r"(?P<name>[A-Z][\w'’-]{1,20}(?: (?:[A-Z]\.|al-[A-Z][\w'’-]{1,20}|bin|ibn|de|del|la|van|von|[A-Z][\w'’-]{1,20})){0,4}"
    r" (?:al-)?[A-Z][\w'’-]{1,20})(?!\w)"
)
PARTIES = frozenset(("armed", "suspect"))
"""Kinds of actors that can have done it."""
_LONGEST_DESCRIPTION = 6
_LONGEST_BODY = 10
_NEAR_CUE = 12
"""Words to each side of a word for a suspect among which the name can stand."""
_CONNECTORS = frozenset(("of", "for", "and", "the", "in", "on", "to", "de", "al", "against"))


@dataclass(frozen=True, slots=True)
class Actor:
    """An entry of the actor table."""

    id: str
    name: str
    side: str | None
    kind: str
    country: str | None


class _Text:
    """A text and its words: as written, folded, and their spans."""

    __slots__ = ("ends", "folded", "source", "starts", "written")

    def __init__(self, text: str):
        spans = [match.span() for match in _WORD.finditer(text)]
        self.source = text
        self.starts = [start for start, _ in spans]
        self.ends = [end for _, end in spans]
        self.written = [text[start:end] for start, end in spans]
        self.folded = list(map(_fold, self.written))

    def __len__(self) -> int:
        return len(self.folded)

    def gap(self, at: int) -> str:
        """What stands between a word and the one before it."""
        return self.source[self.ends[at - 1] : self.starts[at]]

    def joined(self, first: int, last: int) -> bool:
        """Whether the words from first to last stand together, parted by no more than a hyphen, an apostrophe or a blank."""
        for at in range(first + 1, last + 1):
            gap = self.source[self.ends[at - 1] : self.starts[at]]
            if gap == " ":
                continue
            if not _JOINED.fullmatch(gap) or ("." in gap and " " in gap and self.ends[at - 1] - self.starts[at - 1] > 1):
                # A stop and a blank end a sentence, but not in "U.S. forces".
                return False
        return True

    def hyphen_before(self, at: int) -> bool:
        """Whether a hyphen ties the word to the one before it."""
        return at > 0 and self.gap(at) in ("-", "‑", "–")


class _Alias(NamedTuple):
    words: list[str]
    """Folded words."""
    exact: list[str] | None
    """The words as written, for aliases of capitals only."""
    capital: bool
    """Whether it is a name, which a text writes with a capital somewhere."""
    actor: Actor


@dataclass(frozen=True)
class _Tables:
    actors: dict[str, Actor]
    aliases: dict[str, list[_Alias]]
    nouns: dict[tuple[str, ...], str]
    nouns_after_a_word: dict[tuple[str, ...], str]
    noun_ends: frozenset[str]
    """Last words of both lists of nouns."""
    places: frozenset[str]
    adjectival: frozenset[str]
    of_nobody: dict[str, list[str]]
    descriptors: dict[tuple[str, ...], str]
    armed: frozenset[str]
    ties: frozenset[str]
    tied: dict[str, str]
    known_as: dict[str, str]
    strikers: dict[str, str]
    strikes: frozenset[str]
    strikes_from_abroad: frozenset[str]
    strike_words: frozenset[str]
    acts: frozenset[str]
    directions: frozenset[str]
    whereabouts: frozenset[str]
    auxiliaries: frozenset[str]
    blaming: frozenset[str]
    adjectives: dict[tuple[str, ...], Actor]
    names: dict[tuple[str, ...], Actor]
    striker_starts: frozenset[str]
    """First words of what can stand for a country that strikes."""
    abroad: frozenset[str]
    bodies: dict[tuple[str, ...], str]
    body_words: frozenset[str]
    not_in_front: frozenset[str]
    suspects: list[re.Pattern]
    suspect_cues: frozenset[str]
    not_names: frozenset[str]
    monitoring: frozenset[str]


def actor(actor_id: str) -> Actor:
    """The actor with this id.

    Raises KeyError where the table has none.
    """
    found = _tables().actors.get(actor_id)
    if found is None:
        raise KeyError(f"No actor with the id {actor_id!r} in {ACTORS.name}; ids are the `id` values of that file.")
    return found


def is_unidentified(mention: ActorMention) -> bool:
    """Whether a text says of a party no more than that nobody knows who it was ("unknown assailants")."""
    return mention.actor_id is None and mention.text.lower().startswith(("unknown", "unidentified"))


def find_actors(text: str) -> list[ActorMention]:
    """Actors named or described in `text`, in reading order and without overlaps.

    A mention that the table knows carries its id and canonical name; any other has the words of the text as its name and no
    id. Names that only say where something happened (a country) are left out unless the country itself is said to strike.
    """
    words = _Text(text)
    table = _tables()
    names = list(_names(words, table))
    bodies = _without_overlap(names, list(_bodies(words, table)))
    introduced = _introduced(text, [*names, *bodies])
    found = _merge(names, bodies)
    found = _merge(found, _without_overlap(found, list(_suspects(words, table))))
    if introduced:
        found = _merge(found, _without_overlap(found, list(_abbreviations(words, introduced))))
    taken = {at for first, last, _ in found for at in range(first, last + 1)}
    described = _without_overlap(found, list(_described(words, table, taken)))
    found = _merge(found, described)
    striking = _without_overlap(found, list(_striking(words, table)))
    return [mention for _, _, mention in _merge(found, striking)]


# --- Tables -----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1 << 16)
def _fold(word: str) -> str:
    """Lower case without accents."""
    if word.isascii():
        return word.lower()
    return "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))


def _words(phrase: str) -> tuple[str, ...]:
    return tuple(_Text(phrase).folded)


@cache
def _tables() -> _Tables:
    table = load(ACTORS.name)
    forces = load(FORCES.name)
    actors, aliases = {}, {}
    for row in [*table["armed"], *table["cited"]]:
        entry = Actor(row["id"], row["name"], row.get("side"), row.get("kind", "armed"), row.get("country"))
        actors[entry.id] = entry
        for alias in row["aliases"]:
            written = _Text(alias)
            words = written.folded
            # Capitals only: read as written, or "is" would be a group.
            exact = written.written if alias.isupper() else None
            aliases.setdefault(words[0], []).append(_Alias(words, exact, alias != alias.lower(), entry))
    for candidates in aliases.values():
        candidates.sort(key=lambda alias: -len(alias.words))
    adjectives, names = {}, {}
    for row in forces["states"]:
        state = _state_forces(row, forces["abroad"], actors)
        adjectives |= {_words(word): state for word in row.get("adjectives", ())}
        names |= {_words(word): state for word in row.get("names", ())}
    nouns, nouns_after_a_word = _by_words(forces["nouns"]), _by_words(forces["nouns_after_a_word"])
    bodies = _by_words(forces["bodies"])
    return _Tables(
        actors=actors,
        aliases=aliases,
        nouns=nouns,
        nouns_after_a_word=nouns_after_a_word,
        noun_ends=frozenset(words[-1] for words in (*nouns, *nouns_after_a_word)),
        places=frozenset(forces["places"]),
        adjectival=frozenset(map(_fold, forces["adjectival"])),
        of_nobody=forces["of_nobody"],
        descriptors=_by_words(forces["descriptors"]),
        armed=frozenset(map(_fold, forces["armed"])),
        ties=frozenset(forces["ties"]),
        tied=forces["tied"],
        known_as=forces["known_as"],
        strikers=forces["strikers"],
        strikes=frozenset(forces["strikes"]),
        strikes_from_abroad=frozenset(forces["strikes_from_abroad"]),
        strike_words=frozenset(word for phrase in forces["strike_words"] for word in _words(phrase)),
        acts=frozenset(forces["acts"]),
        directions=frozenset(forces["directions"]),
        whereabouts=frozenset(forces["whereabouts"]),
        auxiliaries=frozenset(forces["auxiliaries"]),
        blaming=frozenset(forces["blaming"]),
        adjectives=adjectives,
        names=names,
        striker_starts=frozenset(words[0] for words in (*adjectives, *names))
        | frozenset(forces["known_as"])
        | frozenset(forces["strikers"]),
        abroad=frozenset(forces["abroad"]),
        bodies=bodies,
        body_words=frozenset(word for words in bodies for word in words),
        suspects=[re.compile(pattern.replace("{name}", _PERSON).replace(" ", r"\s")) for pattern in forces["suspects"]],
        suspect_cues=frozenset(forces["suspect_cues"]),
        not_names=frozenset(forces["not_names"]),
        not_in_front=frozenset(forces["not_in_front"]),
        monitoring=frozenset(forces["monitoring"]),
    )


def _by_words(groups: dict[str, list[str]]) -> dict[tuple[str, ...], str]:
    return {_words(phrase): group for group, phrases in groups.items() for phrase in phrases}


def _state_forces(row: dict, abroad: list[str], actors: dict[str, Actor]) -> Actor:
    """The forces of a state: of the actor table, or made from its adjective."""
    if "actor" in row:
        return actors[row["actor"]]
    adjective, country = row["adjectives"][0], row["country"]
    side = "external_forces" if country in abroad else "state_forces"
    made = Actor(f"{_fold(adjective).replace(' ', '_')}_forces", f"{adjective} forces", side, "armed", country)
    return actors.setdefault(made.id, made)


# --- Names ------------------------------------------------------------------------------------------------------------

_Found = tuple[int, int, ActorMention]
"""First and last token of a mention, and the mention."""

_PREFIXES = frozenset(("anti", "pro", "non", "ex", "counter"))


def _names(text: _Text, table: _Tables) -> Iterator[_Found]:
    free = 0
    for at, word in enumerate(text.folded):
        if at < free or word not in table.aliases:
            continue
        alias = _alias_at(text, at, table)
        if alias is None:
            continue
        free = at + len(alias.words)
        if not _is_part_of_a_word(text, at, free - 1, table):
            yield at, free - 1, _mention(text, at, free - 1, alias.actor)


def _alias_at(text: _Text, at: int, table: _Tables) -> _Alias | None:
    for alias in table.aliases[text.folded[at]]:
        behind = at + len(alias.words)
        if text.folded[at:behind] != alias.words or not text.joined(at, behind - 1):
            continue
        written = text.written[at:behind]
        if alias.exact is not None:
            if written != alias.exact or _in_capitals(text, at, alias):
                continue
        elif alias.capital and not any(word[0].isupper() for word in written):
            continue
        return alias
    return None


def _in_capitals(text: _Text, at: int, alias: _Alias) -> bool:
    """Whether a two-letter name such as IS stands in a headline of capitals, where it may be any word."""
    if len(alias.words) > 1 or len(text.written[at]) > 2:
        return False
    near = [word for word in (*text.written[max(0, at - 2) : at], *text.written[at + 1 : at + 3]) if len(word) > 3]
    return bool(near) and all(map(str.isupper, near))


def _is_part_of_a_word(text: _Text, first: int, last: int, table: _Tables) -> bool:
    """Whether the name only makes an adjective: "anti-ISIS", "ISIS-linked"."""
    if text.hyphen_before(first) and text.folded[first - 1] in _PREFIXES:
        return True
    return last + 1 < len(text) and text.hyphen_before(last + 1) and text.folded[last + 1] in table.ties


def _mention(text: _Text, first: int, last: int, entry: Actor) -> ActorMention:
    start, end = text.starts[first], text.ends[last]
    return ActorMention(text.source[start:end], start, end, entry.id, entry.name, entry.side, entry.kind, entry.country)


# --- Bodies by the form of their name ---------------------------------------------------------------------------------


def _bodies(text: _Text, table: _Tables) -> Iterator[_Found]:
    """Runs of capitalised words around the noun of a body: "Tadmur Observatory for Civilian Harm"."""
    if text.source == text.source.upper():
        return  # in old wires, all in capitals, they tell no name
    free = 0
    for at in _capitals(text):
        if at < free:
            continue
        last = _end_of_name(text, at)
        free = last + 1
        if last > at and (found := _body(text, at, last, table)):
            yield found


def _capitals(text: _Text) -> list[int]:
    return [at for at, word in enumerate(text.written) if word[0].isupper()]


def _end_of_name(text: _Text, first: int) -> int:
    """The last word of a run of capitalised words; of, for, and the like may stand inside it."""
    last, at = first, first + 1
    while at < len(text) and at - first < _LONGEST_BODY and text.joined(at - 1, at):
        if "\n" in text.gap(at):
            break
        if text.written[at][0].isupper():
            last = at
        elif text.folded[at] not in _CONNECTORS:
            break
        at += 1
    return last


def _body(text: _Text, first: int, last: int, table: _Tables) -> _Found | None:
    while first < last and text.folded[first] in table.not_in_front:
        first += 1
    run = text.folded[first : last + 1]
    if len(run) < 2 or table.body_words.isdisjoint(run):
        return None
    heads = (
        (at, at + n)
        for at in range(len(run))
        for n in (3, 2, 1)
        if at + n <= len(run) and tuple(run[at : at + n]) in table.bodies
    )
    head, head_end = next(heads, (None, 0))
    if head is None:
        return None
    kind = table.bodies[tuple(run[head:head_end])]
    if kind == "monitor" and not table.monitoring & set(run):
        return None
    if kind == "armed":
        if head == 0 or tuple(run[:1]) in table.adjectives or tuple(run[:2]) in table.adjectives:
            # "Turkish Armed Forces" is a description, read below.
            return None
        last = first + head_end - 1
    start, end = text.starts[first], text.ends[last]
    words = text.source[start:end]
    side = "unknown" if kind == "armed" else None
    return first, last, ActorMention(words, start, end, None, words, side, kind)


def _introduced(text: str, found: list[_Found]) -> dict[str, ActorMention]:
    """Abbreviations that the text introduces in brackets behind a body's name."""
    introduced = {}
    for _, _, mention in found:
        match = _ABBREVIATION.match(text, mention.end)
        if match:
            introduced.setdefault(match[1], mention)
    return introduced


def _abbreviations(text: _Text, introduced: dict[str, ActorMention]) -> Iterator[_Found]:
    for at, word in enumerate(text.written):
        body = introduced.get(word)
        if body:
            yield at, at, replace(body, text=word, start=text.starts[at], end=text.ends[at])


# --- Suspects by name -------------------------------------------------------------------------------------------------


def _suspects(text: _Text, table: _Tables) -> Iterator[_Found]:
    """People whom the text calls suspects or attackers by name, wherever they are named again ("John Doe ... Doe")."""
    found = [
        match
        for start, end in _around_cues(text, table)
        for pattern in table.suspects
        for match in pattern.finditer(text.source, start, end)
    ]
    names: dict[str, str] = {}
    for match in sorted(found, key=lambda match: match.start("name")):
        name = match["name"]
        if table.not_names.isdisjoint(_words(name)):
            names.setdefault(name, name)
            names.setdefault(name.split()[-1], name)
    if not names:
        return
    words = {tuple(_Text(name).written): full for name, full in names.items()}
    firsts = {name[0] for name in words}
    free = 0
    for at, word in enumerate(text.written):
        if at < free or word not in firsts:
            continue
        for name in sorted((name for name in words if name[0] == word), key=len, reverse=True):
            last = at + len(name) - 1
            if tuple(text.written[at : last + 1]) == name and not (at == last and _is_other_name(text, at)):
                start, end = text.starts[at], text.ends[last]
                mention = ActorMention(text.source[start:end], start, end, None, words[name], "unknown", "suspect")
                yield at, last, mention
                free = last + 1
                break


def _around_cues(text: _Text, table: _Tables) -> Iterator[tuple[int, int]]:
    """The parts of the text with words for a suspect and a name of two words near them."""
    if table.suspect_cues.isdisjoint(text.folded):
        return
    named = [at for at in _capitals(text) if at > 0 and text.written[at - 1][0].isupper() and text.gap(at) == " "]
    start = end = 0
    for cue in (at for at, word in enumerate(text.folded) if word in table.suspect_cues):
        at = bisect_left(named, cue - _NEAR_CUE)
        if at == len(named) or named[at] > cue + _NEAR_CUE:
            continue
        first, last = text.starts[max(0, cue - _NEAR_CUE)], text.ends[min(len(text) - 1, cue + _NEAR_CUE)]
        if first > end and end:
            yield start, end
        start, end = first if first > end else start, last
    if end:
        yield start, end


def _is_other_name(text: _Text, at: int) -> bool:
    """Whether a last name stands in the name of somebody else: "Mary Doe", "Doe-Ortiz"."""
    in_front = at > 0 and text.gap(at) == " " and text.written[at - 1][0].isupper()
    return in_front or (at + 1 < len(text) and text.hyphen_before(at + 1))


# --- Descriptions -----------------------------------------------------------------------------------------------------

_Word = tuple[int, str, Actor | str | tuple[str, ...]]
"""A word that describes a party: how many tokens it has, what it is (state, tie or word), and that."""


def _described(text: _Text, table: _Tables, taken: set[int]) -> Iterator[_Found]:
    """Parties told by a noun and the words before it: "gunmen", "Iran-backed militiamen", "Israeli warplanes"."""
    free = len(text)
    for at in [at for at, word in enumerate(text.folded) if word in table.noun_ends][::-1]:
        if at < free and at not in taken and (found := _description_ending_at(text, at, table, taken)):
            yield found
            free = found[0]


def _noun_ending_at(text: _Text, at: int, table: _Tables) -> tuple[int, str, bool] | None:
    """Where the noun starts, the side that it tells, and whether it stands by itself."""
    for n in (2, 1):
        words = tuple(text.folded[max(0, at - n + 1) : at + 1])
        if len(words) < n or not text.joined(at - n + 1, at):
            continue
        if words in table.nouns:
            return at - n + 1, table.nouns[words], True
        if words in table.nouns_after_a_word:
            return at - n + 1, table.nouns_after_a_word[words], False
    return None


def _description_ending_at(text: _Text, at: int, table: _Tables, taken: set[int]) -> _Found | None:
    noun = _noun_ending_at(text, at, table)
    if noun is None:
        return None
    first, noun_side, alone = noun
    if at + 1 < len(text) and text.hyphen_before(at + 1):
        return None
    if alone and _is_adjective(text, at, table):
        return None
    if first - 1 in taken and text.joined(first - 1, first):
        # "ISIS militants": the name before it is the mention.
        return None
    following = at + 3 if at + 2 < len(text) and text.folded[at + 2] == "the" else at + 2
    if following in taken and text.folded[at + 1] == "of":
        # "members of the Islamic State": the name after it is.
        return None
    words = []
    while first > 0 and at - first < _LONGEST_DESCRIPTION:
        word = _word_ending_at(text, first - 1, table, taken)
        if word is None or not text.joined(first - 1, first):
            break
        first -= word[0]
        words.append(word)
    if (
        ((words and words[-1][1] == "state") or text.folded[first] in table.known_as)
        and first > 1
        and text.folded[first - 1] in ("and", "or")
    ):
        # "Russian and regime warplanes": the one named first
        state = _word_ending_at(text, first - 2, table, taken)
        if state and (state[1] == "state" or text.folded[first - 2] in table.known_as):
            first -= 1 + state[0]
            words.append(state)
    if not alone and not words:
        return None
    entry, side = _party(text.folded[at], noun_side, alone, words, table)
    if entry is None and side is None:
        return None
    if entry:
        return first, at, _mention(text, first, at, entry)
    start, end = text.starts[first], text.ends[at]
    words = text.source[start:end]
    return first, at, ActorMention(words, start, end, None, words, side)


def _is_adjective(text: _Text, at: int, table: _Tables) -> bool:
    """Whether the noun only describes the word after it: "a military site", "a terrorist attack"."""
    noun = text.folded[at]
    if at + 1 == len(text) or not text.joined(at, at + 1):
        return False
    following = text.folded[at + 1]
    return (noun in table.adjectival and following in table.places) or following in table.of_nobody.get(noun, ())


def _word_ending_at(text: _Text, at: int, table: _Tables, taken: set[int]) -> _Word | None:
    """The word that describes a party and ends at this token."""
    if at >= 1 and text.folded[at] in table.ties and text.hyphen_before(at):
        n = 3 if at >= 2 and text.hyphen_before(at - 1) else 2
        return n, "tie", text.folded[at - n + 1] if n == 3 else text.folded[at - 1]
    if at in taken:
        return None
    for n in (2, 1):
        words = tuple(text.folded[max(0, at - n + 1) : at + 1])
        if len(words) < n or not text.joined(at - n + 1, at):
            continue
        if words in table.adjectives and text.written[at][0].isupper():
            return n, "state", table.adjectives[words]
        if words in table.descriptors:
            return n, "word", words
    if at >= 1 and text.folded[at] == "s" and text.gap(at) in ("'", "’"):
        owner = (text.folded[at - 1],)
        if owner in table.names:
            return 2, "state", table.names[owner]
        if owner in table.descriptors:
            return 2, "word", owner
    return None


def _party(noun: str, noun_side: str, alone: bool, words: list[_Word], table: _Tables) -> tuple[Actor | None, str | None]:
    """The actor that a description means, or the side that it tells; neither where it describes no party."""
    states = [value for _, what, value in words if what == "state"]
    ties = [value for _, what, value in words if what == "tie"]
    plain = [value for _, what, value in words if what == "word"]
    sides = [side for value in reversed(plain) if (side := table.descriptors[value]) != "unknown"]
    armed = alone or bool(ties) or bool(sides) or any(word in table.armed for value in plain for word in value)
    irregular = [side for side in sides if side not in ("state_forces", "external_forces")]
    if noun_side == "state_forces" and not ties and not irregular:
        if states:
            return states[-1], None
        known = next((table.known_as[value[0]] for value in plain if value[0] in table.known_as), None)
        if known:
            return table.actors[known], None
    if ties:
        known = next((table.tied[tie] for tie in ties if tie in table.tied), None)
        if known and noun_side != "state_forces":
            return table.actors[known], None
        return None, "unknown" if noun_side == "state_forces" else noun_side
    if noun_side == "state_forces" and not alone and not sides:
        # "rescue units", "local forces": nothing says whose.
        return (None, "unknown") if armed or (plain and noun in ("forces", "force")) else (None, None)
    if not armed:
        return None, None
    if irregular:
        return None, irregular[0]
    return None, sides[0] if sides and noun_side == "unknown" and not alone else noun_side


# --- Countries that strike --------------------------------------------------------------------------------------------


def _striking(text: _Text, table: _Tables) -> Iterator[_Found]:
    """A country's adjective before a strike ("an Israeli airstrike") and its name as the one who acts ("by Turkey")."""
    free = 0
    for at, word in enumerate(text.folded):
        if at >= free and word in table.striker_starts and (found := _striker_at(text, at, table)):
            yield found
            free = found[1] + 1


def _striker_at(text: _Text, at: int, table: _Tables) -> _Found | None:
    side = table.strikers.get(text.folded[at])
    does = side == "unknown" and at + 1 < len(text) and text.folded[at + 1] in table.acts  # "the enemy shelled the town"
    if side and (does or _strikes(text, at, table, True)) and not text.hyphen_before(at):
        words = text.written[at]
        return at, at, ActorMention(words, text.starts[at], text.ends[at], None, words, side)
    if not text.written[at][0].isupper() and text.folded[at] not in table.known_as:
        return None
    for n in (2, 1):
        words = tuple(text.folded[at : at + n])
        if len(words) < n or not text.joined(at, at + n - 1):
            continue
        last = at + n - 1
        adjective = table.adjectives.get(words)
        if adjective is None and words[0] in table.known_as and n == 1:
            adjective = table.actors[table.known_as[words[0]]]
        if adjective and _holds(text, at, last):
            return at, last, _mention(text, at, last, adjective)
        if adjective:
            # "Syrian regime bombardment"
            if last + 1 < len(text) and text.folded[last + 1] in ("regime", "government") and text.joined(last, last + 1):
                last += 1
            if _strikes(text, last, table, adjective.country in table.abroad or text.folded[last] == "regime"):
                return at, last, _mention(text, at, last, adjective)
            if _presumed(text, at, table):
                return at, last, _mention(text, at, last, adjective)
        if words in table.names and _acts(text, at, last, table):
            return at, last, _mention(text, at, last, table.names[words])
    return None


def _holds(text: _Text, first: int, last: int) -> bool:
    """Whether it is told as where fire came from: "from regime-held areas"."""
    held = last + 1 < len(text) and text.hyphen_before(last + 1) and text.folded[last + 1] in ("held", "controlled")
    return held and first > 0 and text.folded[first - 1] == "from"


def _strikes(text: _Text, last: int, table: _Tables, acts_abroad: bool) -> bool:
    at = last + 1
    while at < min(len(text), last + 5) and text.joined(at - 1, at):
        word = text.folded[at]
        if at == last + 1 and text.hyphen_before(at):
            return False
        if word in table.strikes or (acts_abroad and word in table.strikes_from_abroad):
            return True
        if word not in table.strike_words:
            return False
        at += 1
    return False


def _acts(text: _Text, first: int, last: int, table: _Tables) -> bool:
    """Whether the country is the one who acts: "by Turkey", "Israel bombed", "Israel is believed to have struck"."""
    before = text.folded[max(0, first - 5) : first] if text.joined(max(0, first - 1), first) else []
    if before and (before[-1] in table.blaming or (before[-1] in ("on", "to") and table.blaming.intersection(before) - {"by"})):
        return not (last + 1 < len(text) and text.hyphen_before(last + 1))
    if _is_where(text, first, table):
        return False
    for at in range(last + 1, min(last + 4, len(text))):
        if text.gap(at) != " ":
            return False
        if text.folded[at] in table.acts:
            return True
        if text.folded[at] not in table.auxiliaries:
            return False
    return False


def _is_where(text: _Text, first: int, table: _Tables) -> bool:
    """Whether a country's name only says where: "a blast in northern Iraq killed two", "in Quetta, Pakistan"."""
    at = first - 1
    while at > 0 and text.gap(at + 1) == " " and text.folded[at] in table.directions:
        at -= 1
    if at < 0:
        return False
    gap = text.gap(at + 1)
    return (gap == " " and text.folded[at] in table.whereabouts) or (gap == ", " and text.written[at][0].isupper())


def _presumed(text: _Text, at: int, table: _Tables) -> bool:
    """Whether an adjective says whose the strikes before it were: "strikes that are believed to be Israeli"."""
    before = text.folded[max(0, at - 10) : at]
    strikes = any(word in table.strikes or table.nouns_after_a_word.get((word,)) == "state_forces" for word in before)
    return before[-2:] == ["to", "be"] and strikes


# --- Putting together -------------------------------------------------------------------------------------------------


def _without_overlap(found: list[_Found], more: list[_Found]) -> list[_Found]:
    taken = {at for first, last, _ in found for at in range(first, last + 1)}
    return [item for item in more if not any(at in taken for at in range(item[0], item[1] + 1))]


def _merge(found: list[_Found], more: list[_Found]) -> list[_Found]:
    return sorted([*found, *more], key=lambda item: item[0])
