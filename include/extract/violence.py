"""Whether casualties are casualties of violence, and of which kind.

An incident needs a sign of violence: a weapon, an attack, an armed actor, or a way of dying that is violent in itself.
Accidents, disasters, disease and sport are named as such. Local crime is violence.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from include.extract.lexicon import load
from include.extract.patterns import PatternSet, any_word

_DATA = load("violence.yaml")

EXPLANATIONS = {
    "traffic": "people killed or injured in an accident, not by violence",
    "disaster": "people killed or injured in a disaster or fire, not by violence",
    "disease": "people who died of disease or drugs, not by violence",
    "animal": "people who were killed or injured by an animal",
    "sport": "an injury in sport, not by violence",
    "self_harm": "a suicide, not violence against others",
    "no_sign": "nothing in the article says that violence was the cause",
}


_EVENT_TYPES = {kind: any_word(words) for kind, words in _DATA["event_types"].items()}
_NOT_CONFLICT = {kind: any_word(words) for kind, words in _DATA["not_conflict"].items()}
_PATTERNS = _EVENT_TYPES | _NOT_CONFLICT | {kind: any_word(_DATA[kind]) for kind in ("armed", "accidents", "blasts")}
_HAZARDS = re.compile(any_word(_DATA["hazards"]))
_KILLED = re.compile(r"(?:.*\b)?killed")
_OTHER_CAUSE = re.compile(r"\b(?:when|after|as|by|because|while|under|from|during|off|in an?)\b")
_CLAUSE = re.compile(r"[,;:.]|\b(?:and|but|has|have|is|was|were|that)\b|$")
_VIOLENT_COUNTRIES = frozenset(_DATA["violent_countries"].split())
_VIOLENT_DEATH = re.compile(any_word(_DATA["violent_deaths"]))


@dataclass(frozen=True, slots=True)
class Signs:
    """What a text shows: words of attacks, of armed actors, and of other causes of death (the kind of the first)."""

    attack: bool
    armed: bool
    other_cause: str | None


@cache
def _signs() -> PatternSet[str]:
    return PatternSet(_PATTERNS)


@cache
def _pattern(*kinds: str) -> re.Pattern:
    return re.compile("|".join(_PATTERNS[kind] for kind in kinds))


@lru_cache(maxsize=256)
def signs(text: str) -> Signs:
    """The signs in a text."""
    text = text.lower()
    possible = _signs().possible(text)
    kind = None
    if others := [kind for kind in possible if kind in _NOT_CONFLICT]:
        pattern = _pattern(*others)
        if first := pattern.search(text):
            kind = next(kind for kind in others if _pattern(kind).match(text, first.start()))
            text = pattern.sub(lambda m: " " * len(m[0]), text)
    attack = any(_pattern(kind).search(text) for kind in possible if kind in _EVENT_TYPES)
    return Signs(attack, "armed" in possible and _pattern("armed").search(text) is not None, kind)


def other_cause(trigger: str, texts: Iterable[str]) -> str | None:
    """Why this is no casualty of violence (a key of EXPLANATIONS), or None.

    `trigger` is the word that tells of the casualty; `texts` are the sentence and what stands around it, nearest first.
    The nearest text that tells decides; violence outweighs another cause named beside it.
    """
    if _VIOLENT_DEATH.match(trigger.lower()):
        return None
    armed = False
    for text in texts:
        found = signs(text)
        if found.attack and found.other_cause != "animal":  # animals attack, too
            return None
        if found.other_cause:
            return found.other_cause
        armed = armed or found.armed
    return None if armed else "no_sign"


def is_violent_death(text: str) -> bool:
    """A text has a word for a death that is violent in itself."""
    return _VIOLENT_DEATH.search(text.lower()) is not None


def killed_without_a_cause(trigger: str, after: str, text: str) -> bool:
    """People "were killed", and neither the words after it nor the whole text tell of what could be an accident."""
    if not _KILLED.fullmatch(trigger.lower()) or _HAZARDS.search(text.lower()):
        return False
    return _OTHER_CAUSE.search(after.lower(), 0, _CLAUSE.search(after.lower()).start()) is None


def knows_violence(country: str | None) -> bool:
    """Organised violence kills many in a country (ISO 3166-1 alpha-3; data/violence.yaml)."""
    return country in _VIOLENT_COUNTRIES


def tells_of_violence(text: str) -> bool:
    """The text has a sign of violence: an attack, or somebody armed."""
    found = signs(text)
    return found.attack or found.armed


def is_accident(text: str) -> bool:
    """The text tells of an explosion with a cause that is no attack ("a gas leak"), and of nothing else that is one."""
    text = text.lower()
    possible = _signs().possible(text)
    if not all(kind in possible and _pattern(kind).search(text) for kind in ("accidents", "blasts")):
        return False
    return not signs(_pattern("blasts").sub(lambda m: " " * len(m[0]), text)).attack


def tells_of_attack(text: str) -> bool:
    """The text has a sign of an attack, and not of one by an animal."""
    found = signs(text)
    return found.attack and found.other_cause != "animal"


def event_type(texts: Iterable[str]) -> str:
    """The kind of incident (a value of the column event_type): the first text that has a word for one decides."""
    for text in map(str.lower, texts):
        for kind in _signs().possible(text):
            if kind in _EVENT_TYPES and _pattern(kind).search(text):
                return kind
    return "unknown"
