"""Parties to a conflict and the bodies that count its victims, as a text names or describes them.

Three tables: names with their aliases (`data/actors.yaml`), and the nouns and adjectives that describe a party without its
name ("regime forces", "unidentified gunmen") and the endings of names of bodies ("... Observatory for ...")
(`data/forces.yaml`). A monitor that the table lacks is recognised by its name's form, and by the abbreviation that the text
introduces in brackets.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from include.extract.mentions import ActorMention

ACTORS = Path(__file__).parent / "data" / "actors.yaml"
FORCES = Path(__file__).parent / "data" / "forces.yaml"

_WORD = re.compile(r"[^\W_]{1,60}")
_JOINED = re.compile(r"[\s\-‐‑–'’.&/]{0,3}")
_ABBREVIATION = re.compile(r"\s?\((?:the\s)?([A-Z][A-Za-z0-9-]{1,9})\)")
_LONGEST_DESCRIPTION = 6
_LONGEST_BODY = 10
_CONNECTORS = frozenset(("of", "for", "and", "the", "in", "on", "to", "de", "al", "against"))


@dataclass(frozen=True, slots=True)
class Actor:
    """An entry of the actor table."""

    id: str
    name: str
    side: str | None
    kind: str
    country: str | None


class _Token(NamedTuple):
    text: str
    folded: str
    start: int
    end: int


class _Alias(NamedTuple):
    words: tuple[str, ...]
    """Folded words."""
    exact: tuple[str, ...] | None
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
    places: frozenset[str]
    adjectival: frozenset[str]
    of_nobody: dict[str, list[str]]
    descriptors: dict[tuple[str, ...], str]
    armed: frozenset[str]
    ties: frozenset[str]
    tied: dict[str, str]
    known_as: dict[str, str]
    strikes: frozenset[str]
    strikes_from_abroad: frozenset[str]
    strike_words: frozenset[str]
    acts: frozenset[str]
    auxiliaries: frozenset[str]
    blaming: frozenset[str]
    adjectives: dict[tuple[str, ...], Actor]
    names: dict[tuple[str, ...], Actor]
    abroad: frozenset[str]
    bodies: dict[tuple[str, ...], str]
    not_in_front: frozenset[str]
    monitoring: frozenset[str]


def actor(actor_id: str) -> Actor:
    """The actor with this id.

    Raises KeyError where the table has none.
    """
    found = _tables().actors.get(actor_id)
    if found is None:
        raise KeyError(f"No actor with the id {actor_id!r} in {ACTORS.name}; ids are the `id` values of that file.")
    return found


def find_actors(text: str) -> list[ActorMention]:
    """Actors named or described in `text`, in reading order and without overlaps.

    A mention that the table knows carries its id and canonical name; any other has the words of the text as its name and no
    id. Names that only say where something happened (a country) are left out unless the country itself is said to strike.
    """
    tokens = _tokens(text)
    table = _tables()
    names = list(_names(text, tokens, table))
    bodies = _without_overlap(names, list(_bodies(text, tokens, table)))
    introduced = _introduced(text, [*names, *bodies])
    found = _merge(names, bodies)
    if introduced:
        found = _merge(found, _without_overlap(found, list(_abbreviations(text, tokens, introduced))))
    taken = {at for first, last, _ in found for at in range(first, last + 1)}
    described = _without_overlap(found, list(_described(text, tokens, table, taken)))
    found = _merge(found, described)
    striking = _without_overlap(found, list(_striking(text, tokens, table)))
    return [mention for _, _, mention in _merge(found, striking)]


# --- Tables -----------------------------------------------------------------------------------------------------------


def _fold(word: str) -> str:
    """Lower case without accents."""
    if word.isascii():
        return word.lower()
    return "".join(c for c in unicodedata.normalize("NFKD", word.casefold()) if not unicodedata.combining(c))


def _tokens(text: str) -> list[_Token]:
    return [_Token(word := m.group(), _fold(word), m.start(), m.end()) for m in _WORD.finditer(text)]


def _words(phrase: str) -> tuple[str, ...]:
    return tuple(token.folded for token in _tokens(phrase))


@cache
def _tables() -> _Tables:
    table = yaml.safe_load(ACTORS.read_text(encoding="utf-8"))
    forces = yaml.safe_load(FORCES.read_text(encoding="utf-8"))
    actors, aliases = {}, {}
    for row in [*table["armed"], *table["cited"]]:
        entry = Actor(row["id"], row["name"], row.get("side"), row.get("kind", "armed"), row.get("country"))
        actors[entry.id] = entry
        for alias in row["aliases"]:
            raw = tuple(token.text for token in _tokens(alias))
            # Capitals only: read as written, or "is" would be a group.
            exact = raw if alias.isupper() else None
            words = _words(alias)
            aliases.setdefault(words[0], []).append(_Alias(words, exact, alias != alias.lower(), entry))
    for candidates in aliases.values():
        candidates.sort(key=lambda alias: -len(alias.words))
    adjectives, names = {}, {}
    for row in forces["states"]:
        state = _state_forces(row, forces["abroad"], actors)
        adjectives |= {_words(word): state for word in row.get("adjectives", ())}
        names |= {_words(word): state for word in row.get("names", ())}
    return _Tables(
        actors=actors,
        aliases=aliases,
        nouns=_by_words(forces["nouns"]),
        nouns_after_a_word=_by_words(forces["nouns_after_a_word"]),
        places=frozenset(forces["places"]),
        adjectival=frozenset(map(_fold, forces["adjectival"])),
        of_nobody=forces["of_nobody"],
        descriptors=_by_words(forces["descriptors"]),
        armed=frozenset(map(_fold, forces["armed"])),
        ties=frozenset(forces["ties"]),
        tied=forces["tied"],
        known_as=forces["known_as"],
        strikes=frozenset(forces["strikes"]),
        strikes_from_abroad=frozenset(forces["strikes_from_abroad"]),
        strike_words=frozenset(word for phrase in forces["strike_words"] for word in _words(phrase)),
        acts=frozenset(forces["acts"]),
        auxiliaries=frozenset(forces["auxiliaries"]),
        blaming=frozenset(forces["blaming"]),
        adjectives=adjectives,
        names=names,
        abroad=frozenset(forces["abroad"]),
        bodies=_by_words(forces["bodies"]),
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


def _joined(text: str, tokens: list[_Token], first: int, last: int) -> bool:
    """Whether the tokens from first to last stand together, parted by no more than a hyphen, an apostrophe or a blank."""
    for left, right in zip(tokens[first:last], tokens[first + 1 : last + 1], strict=True):
        gap = text[left.end : right.start]
        if not _JOINED.fullmatch(gap) or ("." in gap and " " in gap and len(left.text) > 1):
            # A stop and a blank end a sentence, but not in "U.S. forces".
            return False
    return True


def _hyphen_before(text: str, tokens: list[_Token], at: int) -> bool:
    return at > 0 and text[tokens[at - 1].end : tokens[at].start] in ("-", "‑", "–")


def _names(text: str, tokens: list[_Token], table: _Tables) -> Iterator[_Found]:
    at = 0
    while at < len(tokens):
        alias = _alias_at(text, tokens, at, table)
        if alias is None:
            at += 1
            continue
        last = at + len(alias.words) - 1
        if not _is_part_of_a_word(text, tokens, at, last, table):
            mention = _mention(text, tokens, at, last, alias.actor)
            yield at, last, mention
        at = last + 1


def _alias_at(text: str, tokens: list[_Token], at: int, table: _Tables) -> _Alias | None:
    for alias in table.aliases.get(tokens[at].folded, ()):
        run = tokens[at : at + len(alias.words)]
        if tuple(token.folded for token in run) != alias.words or not _joined(text, tokens, at, at + len(run) - 1):
            continue
        if alias.exact is not None:
            if tuple(token.text for token in run) != alias.exact or _in_capitals(text, tokens, at, alias):
                continue
        elif alias.capital and not any(token.text[0].isupper() for token in run):
            continue
        return alias
    return None


def _in_capitals(text: str, tokens: list[_Token], at: int, alias: _Alias) -> bool:
    """Whether a two-letter name such as IS stands in a headline of capitals, where it may be any word."""
    if len(alias.words) > 1 or len(tokens[at].text) > 2:
        return False
    near = [t for t in (*tokens[max(0, at - 2) : at], *tokens[at + 1 : at + 3]) if len(t.text) > 3]
    return bool(near) and all(t.text.isupper() for t in near)


def _is_part_of_a_word(text: str, tokens: list[_Token], first: int, last: int, table: _Tables) -> bool:
    """Whether the name only makes an adjective: "anti-ISIS", "ISIS-linked"."""
    if _hyphen_before(text, tokens, first) and tokens[first - 1].folded in _PREFIXES:
        return True
    return last + 1 < len(tokens) and _hyphen_before(text, tokens, last + 1) and tokens[last + 1].folded in table.ties


def _mention(text: str, tokens: list[_Token], first: int, last: int, entry: Actor) -> ActorMention:
    start, end = tokens[first].start, tokens[last].end
    return ActorMention(text[start:end], start, end, entry.id, entry.name, entry.side, entry.kind, entry.country)


# --- Bodies by the form of their name ---------------------------------------------------------------------------------


def _bodies(text: str, tokens: list[_Token], table: _Tables) -> Iterator[_Found]:
    """Runs of capitalised words around the noun of a body: "Tadmur Observatory for Civilian Harm"."""
    at = len(tokens) if text == text.upper() else 0  # in old wires, all in capitals, they tell no name
    while at < len(tokens):
        if not tokens[at].text[0].isupper():
            at += 1
            continue
        last = _end_of_name(text, tokens, at)
        found = _body(text, tokens, at, last, table)
        if found:
            yield found
        at = last + 1


def _end_of_name(text: str, tokens: list[_Token], first: int) -> int:
    """The last word of a run of capitalised words; of, for, and the like may stand inside it."""
    last, at = first, first + 1
    while at < len(tokens) and at - first < _LONGEST_BODY and _joined(text, tokens, at - 1, at):
        if "\n" in text[tokens[at - 1].end : tokens[at].start]:
            break
        if tokens[at].text[0].isupper():
            last = at
        elif tokens[at].folded not in _CONNECTORS:
            break
        at += 1
    return last


def _body(text: str, tokens: list[_Token], first: int, last: int, table: _Tables) -> _Found | None:
    while first < last and tokens[first].folded in table.not_in_front:
        first += 1
    run = [token.folded for token in tokens[first : last + 1]]
    if len(run) < 2:
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
    start, end = tokens[first].start, tokens[last].end
    side = "unknown" if kind == "armed" else None
    return first, last, ActorMention(text[start:end], start, end, None, text[start:end], side, kind)


def _introduced(text: str, found: list[_Found]) -> dict[str, ActorMention]:
    """Abbreviations that the text introduces in brackets behind a body's name."""
    introduced = {}
    for _, _, mention in found:
        match = _ABBREVIATION.match(text, mention.end)
        if match:
            introduced.setdefault(match[1], mention)
    return introduced


def _abbreviations(text: str, tokens: list[_Token], introduced: dict[str, ActorMention]) -> Iterator[_Found]:
    for at, token in enumerate(tokens):
        body = introduced.get(token.text)
        if body:
            yield at, at, replace(body, text=token.text, start=token.start, end=token.end)


# --- Descriptions -----------------------------------------------------------------------------------------------------

_Word = tuple[int, str, Actor | str | tuple[str, ...]]
"""A word that describes a party: how many tokens it has, what it is (state, tie or word), and that."""


def _described(text: str, tokens: list[_Token], table: _Tables, taken: set[int]) -> Iterator[_Found]:
    """Parties told by a noun and the words before it: "gunmen", "Iran-backed militiamen", "Israeli warplanes"."""
    at = len(tokens) - 1
    while at >= 0:
        found = None if at in taken else _description_ending_at(text, tokens, at, table, taken)
        if found:
            yield found
            at = found[0]
        at -= 1


def _noun_ending_at(text: str, tokens: list[_Token], at: int, table: _Tables) -> tuple[int, str, bool] | None:
    """Where the noun starts, the side that it tells, and whether it stands by itself."""
    for n in (2, 1):
        words = tuple(token.folded for token in tokens[max(0, at - n + 1) : at + 1])
        if len(words) < n or not _joined(text, tokens, at - n + 1, at):
            continue
        if words in table.nouns:
            return at - n + 1, table.nouns[words], True
        if words in table.nouns_after_a_word:
            return at - n + 1, table.nouns_after_a_word[words], False
    return None


def _description_ending_at(text: str, tokens: list[_Token], at: int, table: _Tables, taken: set[int]) -> _Found | None:
    noun = _noun_ending_at(text, tokens, at, table)
    if noun is None:
        return None
    first, noun_side, alone = noun
    if at + 1 < len(tokens) and _hyphen_before(text, tokens, at + 1):
        return None
    if alone and _is_adjective(text, tokens, at, table):
        return None
    if first - 1 in taken and _joined(text, tokens, first - 1, first):
        # "ISIS militants": the name before it is the mention.
        return None
    following = at + 3 if at + 2 < len(tokens) and tokens[at + 2].folded == "the" else at + 2
    if following in taken and tokens[at + 1].folded == "of":
        # "members of the Islamic State": the name after it is.
        return None
    words = []
    while first > 0 and at - first < _LONGEST_DESCRIPTION:
        word = _word_ending_at(text, tokens, first - 1, table, taken)
        if word is None or not _joined(text, tokens, first - 1, first):
            break
        first -= word[0]
        words.append(word)
    if not alone and not words:
        return None
    entry, side = _party(tokens[at].folded, noun_side, alone, words, table)
    if entry is None and side is None:
        return None
    if entry:
        return first, at, _mention(text, tokens, first, at, entry)
    start, end = tokens[first].start, tokens[at].end
    return first, at, ActorMention(text[start:end], start, end, None, text[start:end], side)


def _is_adjective(text: str, tokens: list[_Token], at: int, table: _Tables) -> bool:
    """Whether the noun only describes the word after it: "a military site", "a terrorist attack"."""
    noun = tokens[at].folded
    if at + 1 == len(tokens) or not _joined(text, tokens, at, at + 1):
        return False
    following = tokens[at + 1].folded
    return (noun in table.adjectival and following in table.places) or following in table.of_nobody.get(noun, ())


def _word_ending_at(text: str, tokens: list[_Token], at: int, table: _Tables, taken: set[int]) -> _Word | None:
    """The word that describes a party and ends at this token."""
    if at >= 1 and tokens[at].folded in table.ties and _hyphen_before(text, tokens, at):
        n = 3 if at >= 2 and _hyphen_before(text, tokens, at - 1) else 2
        return n, "tie", tokens[at - n + 1].folded if n == 3 else tokens[at - 1].folded
    if at in taken:
        return None
    for n in (2, 1):
        words = tuple(token.folded for token in tokens[max(0, at - n + 1) : at + 1])
        if len(words) < n or not _joined(text, tokens, at - n + 1, at):
            continue
        if words in table.adjectives and tokens[at].text[0].isupper():
            return n, "state", table.adjectives[words]
        if words in table.descriptors:
            return n, "word", words
    if at >= 1 and tokens[at].folded == "s" and text[tokens[at - 1].end : tokens[at].start] in ("'", "’"):
        owner = (tokens[at - 1].folded,)
        if owner in table.names:
            return 2, "state", table.names[owner]
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


def _striking(text: str, tokens: list[_Token], table: _Tables) -> Iterator[_Found]:
    """A country's adjective before a strike ("an Israeli airstrike") and its name as the one who acts ("by Turkey")."""
    at = 0
    while at < len(tokens):
        found = _striker_at(text, tokens, at, table)
        if found:
            yield found
            at = found[1]
        at += 1


def _striker_at(text: str, tokens: list[_Token], at: int, table: _Tables) -> _Found | None:
    if not tokens[at].text[0].isupper() and tokens[at].folded not in table.known_as:
        return None
    for n in (2, 1):
        words = tuple(token.folded for token in tokens[at : at + n])
        if len(words) < n or not _joined(text, tokens, at, at + n - 1):
            continue
        last = at + n - 1
        adjective = table.adjectives.get(words)
        if adjective is None and words[0] in table.known_as and n == 1:
            adjective = table.actors[table.known_as[words[0]]]
        if adjective:
            # "Syrian regime bombardment"
            if (
                last + 1 < len(tokens)
                and tokens[last + 1].folded in ("regime", "government")
                and _joined(text, tokens, last, last + 1)
            ):
                last += 1
            if _strikes(text, tokens, last, table, adjective.country in table.abroad or tokens[last].folded == "regime"):
                return at, last, _mention(text, tokens, at, last, adjective)
            if _presumed(text, tokens, at, table):
                return at, last, _mention(text, tokens, at, last, adjective)
        if words in table.names and _acts(text, tokens, at, last, table):
            return at, last, _mention(text, tokens, at, last, table.names[words])
    return None


def _strikes(text: str, tokens: list[_Token], last: int, table: _Tables, acts_abroad: bool) -> bool:
    at = last + 1
    while at < min(len(tokens), last + 5) and _joined(text, tokens, at - 1, at):
        word = tokens[at].folded
        if at == last + 1 and _hyphen_before(text, tokens, at):
            return False
        if word in table.strikes or (acts_abroad and word in table.strikes_from_abroad):
            return True
        if word not in table.strike_words:
            return False
        at += 1
    return False


def _acts(text: str, tokens: list[_Token], first: int, last: int, table: _Tables) -> bool:
    """Whether the country is the one who acts: "by Turkey", "Israel bombed", "Israel is believed to have struck"."""
    before = (
        [token.folded for token in tokens[max(0, first - 5) : first]] if _joined(text, tokens, max(0, first - 1), first) else []
    )
    if before and (before[-1] in table.blaming or (before[-1] in ("on", "to") and table.blaming.intersection(before) - {"by"})):
        return not (last + 1 < len(tokens) and _hyphen_before(text, tokens, last + 1))
    for at in range(last + 1, min(last + 4, len(tokens))):
        if text[tokens[at - 1].end : tokens[at].start] != " ":
            return False
        if tokens[at].folded in table.acts:
            return True
        if tokens[at].folded not in table.auxiliaries:
            return False
    return False


def _presumed(text: str, tokens: list[_Token], at: int, table: _Tables) -> bool:
    """Whether an adjective says whose the strikes before it were: "strikes that are believed to be Israeli"."""
    before = [token.folded for token in tokens[max(0, at - 10) : at]]
    strikes = any(word in table.strikes or table.nouns_after_a_word.get((word,)) == "state_forces" for word in before)
    return before[-2:] == ["to", "be"] and strikes


# --- Putting together -------------------------------------------------------------------------------------------------


def _without_overlap(found: list[_Found], more: list[_Found]) -> list[_Found]:
    taken = {at for first, last, _ in found for at in range(first, last + 1)}
    return [item for item in more if not any(at in taken for at in range(item[0], item[1] + 1))]


def _merge(found: list[_Found], more: list[_Found]) -> list[_Found]:
    return sorted([*found, *more], key=lambda item: item[0])
