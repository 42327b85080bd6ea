"""What the words around a casualty make of it: the incident told of, an earlier one, a total of a period, or no incident.

The rules are data (data/roles.yaml). They see one sentence; what needs the article (dates older than the lead's, who is the
perpetrator that claims) is decided in statements.py.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from include.extract.lexicon import load
from include.extract.mentions import Casualty
from include.extract.patterns import PatternSet
from include.extract.tokens import lowered


@dataclass(frozen=True, slots=True)
class Role:
    """What a number is, the rule that says so and the words (a span of the sentence) that it rests on."""

    role: str
    rule: str
    start: int = 0
    end: int = 0
    reason: str | None = None
    explanation: str | None = None


MAIN = Role("main_event", "role.told")


@dataclass(frozen=True, slots=True)
class _Rule:
    id: str
    role: str
    scope: str
    pattern: re.Pattern
    unless: re.Pattern | None
    reason: str | None
    explanation: str | None


@cache
def _table() -> dict:
    return load("roles.yaml")


def _compiled(pattern: str, flags: int = re.IGNORECASE) -> re.Pattern:
    for _ in range(2):  # a word may stand for other words
        for name, stands_for in _table()["words"].items():
            pattern = pattern.replace(f"{{{name}}}", f"(?:{stands_for})")
    return re.compile(pattern, flags)


@cache
def _attacks() -> PatternSet[str]:
    return PatternSet({"attacks": f"(?i){_table()['words']['event']}e?s"})


def names_attacks(text: str) -> bool:
    """Whether a text has a word for several attacks, or one that holds such a word: without, it cannot count any."""
    return _attacks().any(text)


@cache
def cue(name: str) -> re.Pattern:
    """The pattern of that name under `cues` in data/roles.yaml; KeyError where there is none."""
    return _compiled(_table()["cues"][name])


@cache
def _low_cue(name: str) -> re.Pattern:
    return _compiled(_table()["cues"][name], 0)


@cache
def _cue_sets() -> dict[str, PatternSet[str]]:
    """The cues in sets that are asked in one pass: those that are no more than words together, the others alone, as repeats
    in one set would make it a slow one.
    """
    patterns = {name: _low_cue(name).pattern for name in _table()["cues"]}
    plain = {name: pattern for name, pattern in patterns.items() if not re.search(r"[)\]][*+]|\{", pattern)}
    together = PatternSet(plain)
    return {name: together if name in plain else PatternSet({name: pattern}) for name, pattern in patterns.items()}


@lru_cache(maxsize=256)
def _possible_cues(cues: PatternSet[str], text: str) -> frozenset[str]:
    return frozenset(cues.possible(lowered(text)))


def has(name: str, text: str) -> bool:
    """Whether a cue under `cues` in data/roles.yaml stands in a text; KeyError where there is none of that name."""
    return name in _possible_cues(_cue_sets()[name], text) and _low_cue(name).search(lowered(text)) is not None


@cache
def _rules() -> tuple[_Rule, ...]:
    return tuple(
        _Rule(
            id=rule["id"],
            role=rule["role"],
            scope=rule["scope"],
            pattern=_compiled(rule["pattern"], 0),
            unless=_compiled(rule["unless"], 0) if "unless" in rule else None,
            reason=rule.get("reason"),
            explanation=rule.get("explanation"),
        )
        for rule in _table()["rules"]
    )


@cache
def _rule_set() -> PatternSet[_Rule]:
    return PatternSet({rule: rule.pattern.pattern for rule in _rules()})


def roles_of(sentence: str, casualties: Sequence[Casualty]) -> list[Role]:
    """The role of each casualty of a sentence: the first rule that covers it decides, else it is told as the incident."""
    low = lowered(sentence)
    found = [(rule, span) for rule in _rule_set().possible(low) for span in _matches(rule, low)]
    clauses = _clauses(sentence)
    return [
        next((_role(rule, span) for rule, span in found if _covers(rule.scope, span, casualty, sentence, clauses)), MAIN)
        for casualty in casualties
    ]


def _role(rule: _Rule, span: tuple[int, int]) -> Role:
    return Role(rule.role, rule.id, *span, rule.reason, rule.explanation)


def speaks_of_total(sentence: str) -> Role | None:
    """The rule by which a sentence speaks of a total over a period, whether or not it counts casualties itself."""
    low = lowered(sentence)
    for rule in _rule_set().possible(low):
        if rule.role == "cumulative_claim":
            for span in _matches(rule, low):
                return _role(rule, span)
    return None


def _covers(scope: str, span: tuple[int, int], casualty: Casualty, sentence: str, clauses: list[tuple[int, int]]) -> bool:
    if scope == "sentence":
        return True
    clause = next(c for c in clauses if span[0] < c[1])
    same_clause = clause[0] <= casualty.trigger_start < max(clause[1], span[1])
    if scope == "clause":
        return same_clause
    first = min(casualty.start, casualty.trigger_start)
    return same_clause and span[1] <= first + 1 and ", " not in sentence[span[1] : first]


def _clauses(sentence: str) -> list[tuple[int, int]]:
    ends = [m.start() for m in cue("clause_end").finditer(sentence)] + [len(sentence)]
    return list(zip([0, *ends], ends, strict=False))


def _matches(rule: _Rule, sentence: str) -> Iterator[tuple[int, int]]:
    """The spans of a rule in a sentence in lower case."""
    undone = None
    for m in rule.pattern.finditer(sentence):
        if undone is None:
            undone = [u.span() for u in rule.unless.finditer(sentence)] if rule.unless else []
        if not any(a < m.end() and m.start() < b for a, b in undone):
            yield m.span()
