"""Words, numbers and marks of a text with their spans: what the rules of the extractors read."""

import re
from functools import lru_cache
from typing import NamedTuple

# Bounded repeats only: each character is looked at a fixed number of times.
_TOKEN = re.compile(
    r"""
      (?:https?://|www\.)\S{1,200} | [@#]\w{1,60}              # addresses, accounts
    | \d{1,4}(?=x[A-Z]{2}) | x(?=[A-Z]{2})                     # 2xANA
    | \d{1,3}(?:,\d{3}){1,4}(?:\.\d{1,3})?(?![\d,]\d)          # 1,200
    | \d{1,12}(?:[.:/]\d{1,4}){1,2}[A-Za-z]{0,2}                # 1.2  17:30  9/11  4.30pm
    | \d{1,15}(?:[-–]?[A-Za-z]{1,12}){1,4}                      # 22-year-old  47th  122mm
    | \d{1,15}
    | [A-Za-z]{1,6}\d{1,4}(?!\w)                                # M23  F16
    | (?:[A-Za-z]\.){2,6}                                       # U.S.
    | [^\W\d_]{1,40}(?:[-'’‑][^\W_]{1,40}){0,8}                 # Iran-backed  soldier's  al-Sukhna
    | \S
    """,
    re.VERBOSE,
)
_KEPT = 64
"""Longer words without a space are not kept in memory."""


class Token(NamedTuple):
    """A word, number or mark. `lower` is in lower case with straight apostrophes and hyphens."""

    text: str
    lower: str
    start: int
    end: int


@lru_cache(maxsize=64)
def tokenise(text: str) -> tuple[Token, ...]:
    """The tokens of a text in order; `text[t.start:t.end] == t.text` holds for each. Kept for those who ask again soon."""
    tokens: list[Token] = []
    end = 0
    group = "IS" in text and text != text.upper()
    for chunk in text.split():  # no token reaches across a space
        start = text.index(chunk, end)
        end = start + len(chunk)
        for word, lower, first, last in _pieces(chunk) if len(chunk) < _KEPT else _pieces.__wrapped__(chunk):
            isis = group and word == "IS"  # the group, not the verb
            tokens.append(Token(word, "isis" if isis else lower, start + first, start + last))
    return tuple(tokens)


def lowered(text: str) -> str:
    """The text in lower case and of the same length, so that spans in it are spans of the text.

    Rules are searched in it three times as fast as without regard to case. The few letters that would become two stay.
    """
    low = text.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in text)


@lru_cache(maxsize=16384)
def _pieces(chunk: str) -> tuple[tuple[str, str, int, int], ...]:
    """The tokens of a text without spaces: texts repeat their words."""
    return tuple((m.group(), _lower(m.group()), m.start(), m.end()) for m in _TOKEN.finditer(chunk))


def _lower(word: str) -> str:
    if word == "US":
        return "u.s."  # the country, not the pronoun
    return word.lower().replace("’", "'").replace("‑", "-")
