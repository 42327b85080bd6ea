"""Many regular expressions asked at once: one pass over a text tells which of them can match in it at all.

RE2 looks for all patterns of a set together, in linear time and some fifty times as fast as Python's `re` looks for one after
the other. It knows no lookaround, so that it is asked for a little more than the patterns say; whoever wants the matches then
searches with `re` for the few that are left.
"""

import re
from collections.abc import Mapping
from typing import Generic, TypeVar

import re2

# An escape, a class, the start of a lookaround, a bracket, a possessive repeat, or any other character.
_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?<?[=!]|\(|\)|[?*+}]\+|.", re.DOTALL)
_FOREIGN = re.compile(r"[^\W\x00-\x7f]|[\ud800-\udfff]")
Key = TypeVar("Key")


class PatternSet(Generic[Key]):
    """Patterns by key, written for Python's `re`; ValueError where one has what RE2 cannot read, such as a back-reference."""

    def __init__(self, patterns: Mapping[Key, str]):
        self._keys = list(patterns)
        self._set = re2.Set.SearchSet()
        for key, pattern in patterns.items():
            if _FOREIGN.search(pattern):
                raise ValueError(f"pattern {key!r} has a letter that is not ASCII, which would never be found: {pattern}")
            try:
                self._set.Add(_without_lookaround(pattern))
            except re2.error as error:
                raise ValueError(f"pattern {key!r}: RE2 cannot read it ({error}): {pattern}") from error
        self._set.Compile()

    def possible(self, text: str) -> list[Key]:
        """The keys of all patterns that match somewhere in the text, and perhaps of a few that do not, in their order."""
        return [self._keys[i] for i in sorted(self._set.Match(_ascii(text)) or ())]

    def any(self, text: str) -> bool:
        """Whether a pattern may match."""
        return bool(self._set.Match(_ascii(text)))


def _ascii(text: str) -> str:
    """The text as RE2 can read it: to it, only ASCII's letters and digits are any, and halves of surrogate pairs are errors."""
    return text if text.isascii() else _FOREIGN.sub(_stand_in, text)


def _stand_in(foreign: re.Match) -> str:
    character = foreign[0]
    return "0" if character.isdecimal() else "_" if character.isalnum() else "?"


def _without_lookaround(pattern: str) -> str:
    """The pattern without what must or must not stand before or after, and without possessive repeats: it matches wherever
    the pattern does.
    """
    kept, depth = [], 0
    for piece in _PIECE.findall(pattern):
        if depth or piece in ("(?=", "(?!", "(?<=", "(?<!"):
            depth += piece.startswith("(") - (piece == ")")
        else:
            kept.append(piece[0] if piece in ("?+", "*+", "++", "}+") else piece)
    return "".join(kept)
