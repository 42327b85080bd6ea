"""Many regular expressions asked at once: one pass over a text tells which of them can match in it at all.

RE2 looks for all patterns of a set together, in linear time and some fifty times as fast as Python's `re` looks for one after
the other. It knows no lookaround, so that it is asked for a little more than the patterns say; whoever wants the matches then
searches with `re` for the few that are left.
"""

import codecs
import re
from collections.abc import Mapping
from typing import Generic, TypeVar

import re2

# An escape, a class, the start of a lookaround, a bracket, a possessive repeat, or any other character.
_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?<?[=!]|\(|\)|[?*+}]\+|.", re.DOTALL)
_CODE_POINT = re.compile(r"\\u([0-9A-Fa-f]{4})")
Key = TypeVar("Key")


def words_of(words: str) -> list[str]:
    """The words of a list in a data file: regular expressions, three spaces or a new line between two."""
    return [word for term in re.split(r" {3,}|\n", words) if (word := term.strip())]


def any_word(words: str) -> str:
    """The pattern of any of the words of such a list, from the beginning of a word, for text in lower case."""
    return rf"\b(?:{'|'.join(words_of(words))})"


class PatternSet(Generic[Key]):
    """Patterns by key, written for Python's `re`; ValueError where one has what RE2 cannot read, such as a back-reference."""

    def __init__(self, patterns: Mapping[Key, str]):
        self._keys = list(patterns)
        options = re2.Options()
        options.log_errors = False  # they are raised
        self._set = re2.Set.SearchSet(options)
        for key, pattern in patterns.items():
            try:
                self._set.Add(encoded(_without_lookaround(pattern)))
            except re2.error as error:
                raise ValueError(f"pattern {key!r}: RE2 cannot read it ({error}): {pattern}") from error
        self._set.Add("")  # matches always, so that no match at all means that RE2 ran out of memory
        self._set.Compile()

    def possible(self, text: str) -> list[Key]:
        """The keys of all patterns that match somewhere in the text, and perhaps of a few that do not, in their order."""
        found = self._set.Match(encoded(text))
        return [self._keys[i] for i in sorted(found)[:-1]] if found else list(self._keys)

    def any(self, text: str) -> bool:
        """Whether a pattern may match."""
        found = self._set.Match(encoded(text))
        return not found or len(found) > 1


class PatternScanner(Generic[Key]):
    """Where in a text words begin at which one of many patterns may match, and which; patterns as for `PatternSet`, of matches
    no longer than `longest` characters.
    """

    def __init__(self, patterns: Mapping[Key, str], longest: int):
        self._longest = longest
        self._there = PatternSet({key: f"^(?:{pattern})" for key, pattern in patterns.items()})
        anywhere = "|".join(_without_lookaround(pattern) for pattern in patterns.values())
        self._anywhere = re2.compile(encoded(rf"\b(?:{anywhere})"))

    def first(self, text: str, code: bytes, start: int) -> tuple[int, list[Key]] | None:
        """The first such place from `start` on, with the keys in their order, or null; `code` is `encoded(text)`."""
        match = self._anywhere.search(code, start)
        if match is None:
            return None
        at = match.start()
        return at, self._there.possible(text[at : at + self._longest])


def encoded(text: str) -> bytes:
    """The text with all that is not ASCII as `_` (letters), 0 (digits), a blank or a control character, as long as before: to
    RE2, é is no letter.
    """
    return text.encode("ascii", "badia.stand_in")


def _stand_ins(error: UnicodeEncodeError) -> tuple[str, int]:
    foreign = error.object[error.start : error.end]
    return "".join("0" if c.isdecimal() else "_" if c.isalnum() else " " if c.isspace() else "\x1a" for c in foreign), error.end


codecs.register_error("badia.stand_in", _stand_ins)


def _without_lookaround(pattern: str) -> str:
    """The pattern without what must or must not stand before or after, and without possessive repeats: it matches wherever
    the pattern does.
    """
    kept, depth = [], 0
    for piece in _PIECE.findall(_CODE_POINT.sub(lambda m: chr(int(m[1], 16)), pattern)):
        if depth or piece in ("(?=", "(?!", "(?<=", "(?<!"):
            depth += piece.startswith("(") - (piece == ")")
        else:
            kept.append(piece[0] if piece in ("?+", "*+", "++", "}+") else piece)
    return "".join(kept)
