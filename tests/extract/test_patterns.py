import re
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.extract.patterns import PatternSet

RULES = {
    "attack": r"\b(?:car|truck) bomb(?:s|ings?)?\b(?! threat)",
    "claim": r"(?<!no )\bclaimed(?: [\w-]+){0,3}? responsibility\b",
    "clause": r"[^\]()]{1,20}+; (?=and\b)",
    "number": r"\b\d{1,3} dead\b",
    "end": r"\bdied$",
    "dash": r"dead [—–-]",
    "accent": r"\bcafé\b",
}
WORDS = [
    "car",
    "bomb",
    "bombs",
    "threat",
    "no",
    "claimed",
    "the",
    "café",
    "responsibility",
    "; and",
    "12",
    "dead",
    "died",
    "٣",
    "—",
    "(",
    "\ud800",
]


@given(st.lists(st.sampled_from(WORDS) | st.text(max_size=3), max_size=12))
def test_no_pattern_that_matches_is_left_out(words):
    text = " ".join(words)
    matching = [name for name, pattern in RULES.items() if re.search(pattern, text)]
    possible = PatternSet(RULES).possible(text)
    assert set(matching) <= set(possible)
    assert PatternSet(RULES).any(text) == bool(possible)


def test_possible_patterns_come_in_their_order_and_the_others_not():
    assert PatternSet(RULES).possible("a truck bomb left 12 dead and the baker died") == ["attack", "number", "end"]
    assert PatternSet(RULES).possible("a bomb car left nobody dead") == []


def test_letters_beyond_ascii_are_parts_of_words():
    """RE2 alone would see a word begin after é."""
    assert PatternSet({"word": r"\bs\b", "words": r"\bcaf\w{2}\b"}).possible("cafés") == ["words"]


def test_a_pattern_that_re2_cannot_read_is_an_error():
    with pytest.raises(ValueError, match="'rule'"):
        PatternSet({"rule": r"(\w)\1"})


def test_where_re2_gives_up_every_pattern_is_possible(monkeypatch):
    rules = PatternSet({"one": "a", "two": "b"})
    monkeypatch.setattr(rules, "_set", SimpleNamespace(Match=lambda _: None))
    assert rules.possible("") == ["one", "two"]
    assert rules.any("")
