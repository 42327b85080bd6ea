"""The word lists of the casualty reader, read once from the data folder."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

DATA = Path(__file__).parent / "data"


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def load(name: str) -> dict:
    """A data file of this folder, read once."""
    return yaml.load((DATA / name).read_text(encoding="utf-8"), Loader=_LOADER)  # a safe loader either way


def word_set(text: str) -> frozenset[str]:
    """The words of a list in a data file; longer phrases stand in double quotes."""
    return frozenset(w.strip('"') for w in re.findall(r'"[^"]*"|\S+', text))


def _plural(singular: str) -> str:
    if singular.endswith(("s", "x", "ch", "sh")):
        return singular + "es"
    if singular.endswith("y") and singular[-2] not in "aeiou":
        return singular[:-1] + "ies"
    return singular + "s"


@dataclass(frozen=True, slots=True)
class Noun:
    """A noun for people: its number (singular, plural or either) and the class of victims that it names."""

    number: str
    victim_class: str


@dataclass(frozen=True, slots=True)
class People:
    """What data/people.yaml says of nouns."""

    nouns: dict[str, Noun]
    titles: frozenset[str]
    families: frozenset[str]
    family_plurals: frozenset[str]
    pairs: dict[str, int]
    attackers: frozenset[str]
    women: frozenset[str]
    children: frozenset[str]
    kin: frozenset[str]
    of_nouns: frozenset[str]
    not_names: frozenset[str]


@cache
def people() -> People:
    """Nouns for people."""
    data = load("people.yaml")
    nouns: dict[str, Noun] = {}
    for victim_class, entries in data["classes"].items():
        for entry in sorted(word_set(entries)):
            if entry.startswith("="):
                nouns[entry[1:]] = Noun("either", victim_class)
                continue
            singular, _, plural = entry.partition("/")
            plural = plural or _plural(singular)
            if plural != "-":
                nouns.setdefault(plural, Noun("plural", victim_class))
            if singular != "-":
                nouns.setdefault(singular, Noun("singular", victim_class))
    for demonym in word_set(load("demonyms.yaml")["demonyms"]):
        singular, _, plural = demonym.partition("/")
        nouns.setdefault(plural or singular + "s", Noun("plural", "unknown"))
        nouns.setdefault(singular, Noun("demonym", "unknown"))
    families = [w.split("/") for w in data["families"].split()]
    return People(
        nouns=nouns,
        titles=word_set(data["titles"]),
        families=frozenset(s for s, _ in families),
        family_plurals=frozenset(p for _, p in families),
        pairs=data["pairs"],
        attackers=word_set(data["attackers"]),
        women=word_set(data["groups"]["women"]),
        children=word_set(data["groups"]["children"]),
        kin=word_set(data["kin"]),
        of_nouns=word_set(data["of_nouns"]),
        not_names=word_set(data["not_names"]),
    )


def is_single(word: str) -> bool:
    """A noun for one person, one family or one pair."""
    lex = people()
    noun = lex.nouns.get(word)
    return word in lex.families or word in lex.pairs or (noun is not None and noun.number in ("singular", "demonym"))


@cache
def not_people() -> dict[str, str]:
    """Nouns that are not for people, with the reason that a number before them is recorded under."""
    table: dict[str, str] = {}
    for reason, words in load("not_people.yaml")["nouns"].items():
        for word in word_set(words):
            table.setdefault(word, reason)
    return table


@cache
def word_list(file: str, key: str) -> frozenset[str]:
    """A list of words out of a data file."""
    return word_set(load(file)[key])


@cache
def grammar() -> dict[str, str]:
    """Word -> closed class, the first class in the file that has it."""
    table: dict[str, str] = {}
    for tag, words in load("grammar.yaml").items():
        if tag != "version":
            for word in word_set(words):
                table.setdefault(word, tag)
    return table


@cache
def reasons() -> dict[str, str]:
    """Reason id -> explanation."""
    return load("reasons.yaml")["reasons"]


@cache
def victim_phrases() -> list[tuple[str, frozenset[str], tuple[str, ...]]]:
    """Victim classes in order of precedence with their single words and their longer phrases."""
    table = []
    for victim_class, phrases in load("victim_classes.yaml")["phrases"].items():
        words = sorted(word_set(phrases))
        table.append((victim_class, frozenset(w for w in words if " " not in w), tuple(w for w in words if " " in w)))
    return table
