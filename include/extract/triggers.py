"""The words that say that people were killed or injured, and whether a sentence asserts it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise, product

from include.extract.lexicon import grammar, load, word_list, word_set
from include.extract.patterns import PatternSet
from include.extract.tokens import Token

_DATA = load("triggers.yaml")


@dataclass(slots=True)
class Trigger:
    """A casualty word at tokens [first, last): what it measures (None: `reason` says why it is no casualty) and its frame."""

    first: int
    last: int
    measure: str | None
    frame: str
    strict: bool = False
    weak: bool = False
    reason: str | None = None


@dataclass(slots=True)
class VerbGroup:
    """The auxiliaries before a trigger: `start` is the token before them, the rest says how they turn it."""

    start: int
    passive: bool = False
    perfect: bool = False
    modal: bool = False
    infinitive: bool = False
    negated: bool = False


@cache
def _lexicon() -> dict[str, list[tuple[tuple[str, ...], dict]]]:
    """First word -> (words, entry), longest first."""
    table: dict[str, list[tuple[tuple[str, ...], dict]]] = {}
    for entry in _DATA["triggers"]:
        for phrase in entry["words"]:
            slots = [_DATA["slots"].get(word, [word]) for word in phrase.split()]
            for words in product(*slots):
                table.setdefault(words[0], []).append((words, entry))
    for entries in table.values():
        entries.sort(key=lambda e: (-len(e[0]), e[0]))
    return table


def may_tell(text: str) -> bool:
    """Whether a text has a casualty word or phrase, in any case and whatever stands between its words. One scan."""
    return _gate().any(text)


@cache
def _gate() -> PatternSet[str]:
    """The words and phrases that can tell of a casualty."""
    return PatternSet({"told": rf"(?:^|[^A-Za-z])(?i:{'|'.join(told_phrases())})(?:[^A-Za-z]|$)"})


@cache
def told_phrases() -> tuple[str, ...]:
    """The words and phrases that can tell of a casualty, as patterns in lower case: whatever is no letter can stand between the
    words of a phrase.
    """
    told = [e for entries in _lexicon().values() for e in entries if "measure" in e[1] and not e[1].get("common")]
    phrases = {" ".join(words) for words, _ in told}
    for phrase in (p for p in _open_phrases() if not p.common):
        befores = {re.split("[ -]", before)[-1] for before in phrase.first | phrase.between}
        phrases |= {last if " " in last else f"{before} {last}" for before in befores for last in phrase.last}
    return tuple("[^A-Za-z]+".join(re.findall("[a-z]+", phrase)) for phrase in sorted(phrases))


@cache
def _guard(which: str) -> dict[str, frozenset[str]]:
    return {k: frozenset(v) for k, v in _DATA[which].items()}


def cue(name: str) -> frozenset[str]:
    """A list of cue words in data/triggers.yaml, such as denied or achieved."""
    return word_list("triggers.yaml", name)


@cache
def cause(name: str) -> re.Pattern:
    """The words of a cause in data/triggers.yaml (other_causes, sports or violence), in lower case."""
    terms = [t for t in re.split(r"\s{3,}|\n", _DATA[name]) if t]
    return re.compile(rf"\b(?:{'|'.join(terms)})\b")


def find_triggers(tokens: Sequence[Token]) -> list[Trigger]:
    """The casualty words among the tokens, in order, without the uses that mean something else ("death penalty")."""
    next_words, found, free = _next_words(), [], 0
    for i, (word, after) in enumerate(pairwise([*(t.lower for t in tokens), ""])):
        if word not in next_words or i < free:
            continue
        if (nexts := next_words[word]) is not None and after not in nexts:
            continue
        if (trigger := _trigger_at(tokens, i)) is not None:
            if trigger.frame == "means" and found and not {";", "."} & {t.lower for t in tokens[free:i]}:
                continue  # "killed by a bomb"
            found.append(trigger)
            free = trigger.last
    return found


@cache
def _next_words() -> dict[str, frozenset[str] | None]:
    """First word of a trigger -> the words that can follow it; None where it is one alone."""
    table: dict[str, frozenset[str] | None] = {}
    for phrase in _open_phrases():
        for first in phrase.first:
            table[first] = (table.get(first) or frozenset()) | phrase.between | phrase.last
    for first, entries in _lexicon().items():
        nexts = frozenset(words[1] for words, _ in entries if len(words) > 1)
        alone = any(len(words) == 1 for words, _ in entries)
        table[first] = None if alone else nexts | (table.get(first) or frozenset())
    return table | dict.fromkeys(_SENT)


@dataclass(frozen=True, slots=True)
class OpenPhrase:
    """A casualty phrase with room in the middle: "sustained two gunshot wounds", "by American air strike"."""

    first: frozenset[str]
    between: frozenset[str]
    last: frozenset[str]
    measure: str
    frame: str
    strict: bool
    weak: bool
    common: bool
    """Too common in other news to open an article with."""
    names: bool
    """Capitalised words can stand between, too ("taken to Mercy Hospital")."""


@cache
def _open_phrases() -> list[OpenPhrase]:
    words = ("first", "between", "last")
    return [
        OpenPhrase(
            *(word_set(entry[key]) for key in words),
            entry["measure"],
            entry["frame"],
            *(entry.get(key, False) for key in ("strict", "weak", "common", "names")),
        )
        for entry in _DATA["open_phrases"]
    ]


def _open_at(tokens: Sequence[Token], i: int) -> Trigger | None:
    """The phrase with room in the middle that starts at token i."""
    for phrase in _open_phrases():
        if tokens[i].lower not in phrase.first:
            continue
        for k in range(i + 1, min(i + 2 + _BETWEEN, len(tokens))):
            low = tokens[k].lower
            if low in phrase.last or f"{tokens[k - 1].lower} {low}" in phrase.last:
                after = tokens[k + 1].lower if k + 1 < len(tokens) else ""
                said = phrase.measure, phrase.frame, phrase.strict, phrase.weak
                return None if after in _guard("not_after")["injury"] else Trigger(i, k + 1, *said)
            if low not in phrase.between and not (phrase.names and tokens[k].text[0].isupper()):
                break
    return None


def _sent_at(tokens: Sequence[Token], i: int) -> Trigger | None:
    """ "The shooting sent two men to the hospital": the verb of those whom it hurt."""
    frame = _SENT.get(tokens[i].lower)
    if frame is None or (i and tokens[i - 1].lower in cue("witnesses")):
        return None  # "police sent two officers to the hospital"
    hospital = next(phrase.last for phrase in _open_phrases() if "sent" in phrase.first)
    for k in range(i + 1, min(i + 1 + _OBJECT, len(tokens))):
        if tokens[k].lower == "to":
            sent = k > i + 1 and any(t.lower in hospital for t in tokens[k + 1 : k + 5])
            return Trigger(i, i + 1, "injured", frame, strict=True, weak=True) if sent else None
        if not tokens[k].text[0].isalnum():
            return None
    return None


def _trigger_at(tokens: Sequence[Token], i: int) -> Trigger | None:
    if (phrase := _open_at(tokens, i) or _sent_at(tokens, i)) is not None:
        return phrase
    for words, entry in _lexicon().get(tokens[i].lower, ()):
        last = i + len(words)
        if len(words) > 1 and tuple(t.lower for t in tokens[i:last]) != words:
            continue
        if i and tokens[i - 1].lower in _guard("not_before").get(words[0], ()):
            continue
        if last < len(tokens) and tokens[last].lower in _guard("not_after").get(" ".join(words), ()):
            continue
        if entry["frame"] == "base" and last < len(tokens) and tokens[last].lower == "of":
            continue  # "the massacre of"
        return Trigger(
            i,
            last,
            entry.get("measure"),
            entry["frame"],
            entry.get("strict", False),
            entry.get("weak", False),
            entry.get("reason"),
        )
    return None


_SENT = {"sent": "past", "sends": "present", "sending": "gerund"}
_OBJECT = 10
"""Tokens of "two teenage girls" between "sent" and "to the hospital"."""
_BETWEEN = 6
"""Words between "sustained" and "wounds"."""
_QUANTIFIERS = frozenset({"all", "both", "each"})
_QUOTES = frozenset("\"“”'‘’")


def verb_group(tokens: Sequence[Token], first: int) -> VerbGroup:
    """The auxiliaries and adverbs before token `first`."""
    tags = grammar()
    j = first - 1
    group = VerbGroup(j)
    while j >= 0 and first - j < 12:
        low = tokens[j].lower
        tag = tags.get(low)
        if tag == "be":
            group.passive = True
        elif tag == "have":
            group.perfect = True
        elif tag == "modal":
            group.modal = True
        elif low == "to":
            group.infinitive = True
        elif low in _QUANTIFIERS:
            alone = j == 0 or not tokens[j - 1].text[-1].isalnum() or tags.get(tokens[j - 1].lower) in ("conjunction", "clause")
            if group.passive or group.perfect or group.modal or alone:
                break  # "both were killed", "both died", unlike "were both killed"
        elif not (tag in ("adverb", "negation", "do") or low in _QUOTES or (low.endswith("ly") and low != "family")):
            break
        if low in ("not", "never") or low.endswith("n't"):
            group.negated = True
        j -= 1
    group.start = j
    return group


def standing(tokens: Sequence[Token], trigger: Trigger, group: VerbGroup) -> str:
    """asserted, possible, negated, or the reason why the sentence does not assert it: hypothetical, threat, denial."""
    if group.negated and not group.modal:
        return "negated"
    before = [t.lower for t in tokens[max(0, group.start - 13) : group.start + 1]]
    last = before[-1] if before else ""
    if _since_break(before) & cue("denied"):
        return "denial"
    if group.infinitive and not group.perfect:
        if last in cue("achieved") or "used" in before[-5:]:
            return "asserted"
        return "threat" if set(before[-5:]) & cue("threatened") else "hypothetical"
    if group.modal:
        return "possible" if group.perfect else "hypothetical"
    if last.endswith("'d") and tokens[trigger.first].lower == "die":
        return "hypothetical"  # "they thought they'd die"
    recent = before[-4:]
    if {"wanted", "sought"} & set(recent) and {"in", "for", "over"} & set(recent[1:]):
        recent = []  # "wanted in the killing of"
    if (
        trigger.frame in ("base", "gerund", "event", "present")
        and set(recent) & cue("threatened")
        and trigger.frame != "present"
    ):
        return "threat"
    if trigger.frame in ("gerund", "event", "count") and _intended(recent):
        return "hypothetical"
    if _under_a_condition(before[-10:]) and not set(before[-10:]) & {"know", "clear", "unclear"}:
        return "hypothetical"
    if trigger.frame == "base" and set(before[-3:]) & cue("intended"):
        return "hypothetical"
    return "asserted"


def _intended(before: list[str]) -> bool:
    """ "Plans the killing of", "calls for the death of", unlike "what they call the death of"."""
    named = {word for word, after in pairwise([*before, ""]) if word in cue("naming") and after not in cue("asked")}
    return bool(set(before) & cue("intended") - named)


def _under_a_condition(before: list[str]) -> bool:
    """ "If five were killed", unlike "if confirmed, the five deaths"."""
    return any(word in cue("conditional") and after not in cue("as_reported") for word, after in pairwise([*before, ""]))


def _since_break(words: list[str]) -> set[str]:
    """The words after the last mark that ends a clause."""
    for k in range(len(words) - 1, -1, -1):
        if words[k] in (";", ".", "but", "and", "while", "after", "when", ","):
            return set(words[k:])
    return set(words)
