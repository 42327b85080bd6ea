"""The form of a text that the extractors read, with the way back to the text as published.

Monitors break up words so that platforms do not take their posts down ("kil-led", "IS*IS"). Here such words are joined, but
only where the whole word is in `data/broken_words.txt`, so that "pro-regime" and "al-Sukhna" stay as they are. Characters are
brought to simple forms as well: composed (NFC), no invisible ones, plain spaces, quotes and hyphens. An em dash stays an em
dash: it parts clauses, and a hyphen would make one word of two.
"""

import re
import string
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import re2

_BROKEN_WORDS = Path(__file__).parent / "data" / "broken_words.txt"

_ONE_TO_ONE = str.maketrans(
    dict.fromkeys(map(chr, (*range(0x20), *range(0x7F, 0xA1), *range(0x2000, 0x200B), 0x1680, 0x202F, 0x205F, 0x3000)), " ")
    | dict.fromkeys("\n\v\f\x85\u2028\u2029", "\n")
    | dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4\u0060\u02bc\u02b9\uff07", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb\uff02", '"')
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2212\ufe63\uff0d", "-")
    | dict.fromkeys("\u2015\u2e3a", "\u2014")
)
_INVISIBLE = frozenset(
    map(chr, (0xAD, 0x34F, 0x61C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065)))
) | frozenset(map(chr, (*range(0x2066, 0x206A), 0xFEFF)))
_INVISIBLES = re.compile(f"[{''.join(sorted(_INVISIBLE))}]+")
_NOT_ASCII = re.compile(r"[\x00-\x7f]?[^\x00-\x7f]+")
_LETTERS = frozenset(string.ascii_letters)
_MOST_MARKS = 32  # reordering a run of combining marks is quadratic in CPython; real text has three or four
_HANGUL_TAIL = range(0x1160, 0x1200)

_PLAIN = bytes(c for c in range(128) if chr(c) == "\n" or (chr(c).isprintable() and chr(c) != "`"))
"""ASCII that stays as it is, of which most texts are made."""

# Parts of a word with one or two separators between them, or a hyphen and a line break
_MARKS = "[-*._~\u00b7\u2022\u2027]"
_SEPARATOR = re.compile(rf"{_MARKS}{{1,2}}(?:(?<=-) ?\n ?| )?")
_PARTS = re.compile(rf"(?<![^\W_])[A-Za-z]++(?:{_SEPARATOR.pattern}[A-Za-z]++)+(?![^\W_])")
# A separator after a letter, other than a full stop before a capital, over which nothing is joined
_BREAK = re.compile(rf"{_MARKS}(?<=[A-Za-z]{_MARKS})(?!(?<=[a-z]\.){_MARKS}? ?[A-Z])")


class _Pieces:
    """Which characters of the source a changed text came from: pieces that follow each other in both."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._sources: list[tuple[int, int]] = []
        self._length = 0

    def add(self, length: int, source: int, source_end: int) -> None:
        """The next `length` characters stand for source[source:source_end]."""
        if length:
            self._starts.append(self._length)
            self._sources.append((source, source_end))
            self._length += length

    def _at(self, position: int) -> tuple[int, int]:
        """The span in the source of the character at `position`."""
        i = bisect_right(self._starts, position) - 1
        start, (source, source_end) = self._starts[i], self._sources[i]
        length = (self._starts[i + 1] if i + 1 < len(self._starts) else self._length) - start
        if source_end - source != length:
            return source, source_end
        return source + position - start, source + position - start + 1

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span in the source of the span [start, end) of the changed text."""
        if start < end:
            return self._at(start)[0], self._at(end - 1)[1]
        if start < self._length:
            return (self._at(start)[0],) * 2
        return (self._sources[-1][1],) * 2 if self._sources else (0, 0)


@dataclass(frozen=True, slots=True)
class Normalised:
    """A text in the form that the extractors read (`text`), and the text as published (`raw`)."""

    text: str
    raw: str
    _steps: tuple[_Pieces, ...] = ()

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """The span in `raw` that text[start:end] was made from, in code points, end exclusive.

        Raises IndexError when the span does not lie in the text.
        """
        if not 0 <= start <= end <= len(self.text):
            raise IndexError(f"span {start}:{end} does not lie in the normalised text of {len(self.text)} characters")
        for pieces in reversed(self._steps):
            start, end = pieces.span(start, end)
        return start, end


def normalise(text: str) -> Normalised:
    """Bring a text to the form that the extractors read. Never raises; takes linear time; a second pass changes nothing."""
    steps: list[_Pieces] = []
    changed, special = text, _special(text)
    if special and not special.isdisjoint(_INVISIBLE):
        changed = _edited(changed, ((*m.span(), "") for m in _INVISIBLES.finditer(changed)), steps)
    if special and not unicodedata.is_normalized("NFC", changed):
        changed = _edited(changed, _compositions(changed), steps)
        special = _special(changed)
    for character in special:
        if ord(character) in _ONE_TO_ONE:
            changed = changed.replace(character, _ONE_TO_ONE[ord(character)])
    if _may_be_broken_up().search(_utf8(changed)):
        changed = _edited(changed, _joins(changed), steps)
    return Normalised(changed, text, tuple(steps))


def _special(text: str) -> set[str]:
    """The characters of a text that are not plain."""
    return set(_utf8(text).translate(None, _PLAIN).decode())


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "replace")  # halves of surrogate pairs become question marks


def _edited(text: str, edits: Iterator[tuple[int, int, str]], steps: list[_Pieces]) -> str:
    """The text with each span (start, end) replaced, in order; a step is added when there was anything to change."""
    pieces, parts, done = _Pieces(), [], 0
    for start, end, replacement in edits:
        parts += (text[done:start], replacement)
        pieces.add(start - done, done, start)
        pieces.add(len(replacement), start, end)
        done = end
    if not parts:
        return text
    parts.append(text[done:])
    pieces.add(len(text) - done, done, len(text))
    steps.append(pieces)
    return "".join(parts)


def _compositions(text: str) -> Iterator[tuple[int, int, str]]:
    """What NFC changes, cluster by cluster (a character with the marks that follow it)."""
    for run in _NOT_ASCII.finditer(text):
        start, end = run.span()
        if end - start <= _MOST_MARKS and unicodedata.is_normalized("NFC", run[0]):
            continue
        while start < end:
            stop = start + 1
            while stop < end and _continues(text[stop]):
                stop += 1
            cluster = text[start:stop]
            if len(cluster) <= _MOST_MARKS and (composed := unicodedata.normalize("NFC", cluster)) != cluster:
                yield start, stop, composed
            start = stop


def _continues(character: str) -> bool:
    return unicodedata.category(character).startswith("M") or ord(character) in _HANGUL_TAIL


def _joins(text: str) -> Iterator[tuple[int, int, str]]:
    """The separators to drop inside broken-up words, and letters that change case with it ("Kil-Led")."""
    for match in _broken_up(text):
        separators = [m.span() for m in _SEPARATOR.finditer(text, *match.span())]
        bounds = [match.start(), *(b for s in separators for b in s), match.end()]
        parts = [text[a:b] for a, b in zip(bounds[::2], bounds[1::2], strict=True)]
        marks = [text[start] for start, _ in separators]
        i = 0
        while i < len(parts):
            last = i + _broken_word(parts, marks, i) - 1
            for k in range(i, last):
                (start, end), after = separators[k], parts[k + 1][0]
                if parts[k][-1].islower() and after.isupper():
                    yield start, end + 1, after.lower()
                else:
                    yield start, end, ""
            i = last + 1


def _broken_up(text: str) -> Iterator[re.Match]:
    """The runs of parts, in order, but for the beginnings of runs over which nothing is joined."""
    done = 0
    for mark in _BREAK.finditer(text):
        start = mark.start()
        if start < done:
            continue
        while start > done and text[start - 1] in _LETTERS:
            start -= 1
        if match := _PARTS.match(text, start):
            yield match
            done = match.end()


def _broken_word(parts: list[str], marks: list[str], i: int) -> int:
    """How many of the parts from `i` on are one word of the lexicon (the longest wins); 1 when they are none.

    `marks[k]` is the first character between the parts k and k + 1.
    """
    words, beginnings = _lexicon()
    joined, size, best = parts[i], 1, 1
    while i + size < len(parts):
        part = parts[i + size]
        if marks[i + size - 1] == "." and joined[-1].islower() and part[0].isupper():
            break  # "...were shot.Gun fire": a full stop without its space
        joined += part
        size += 1
        if joined.lower() not in beginnings:
            break
        if joined.lower() in words:
            best = size
    return best


@cache
def _may_be_broken_up():
    """The pattern of a beginning of a word of the lexicon and a separator over which it can be joined, quick to look for."""
    beginnings = "|".join(sorted(_lexicon()[1]))
    stop = rf"\.{_MARKS}?[ \n]{{0,3}}"
    return re2.compile(
        rf"(?:^|[^A-Za-z])(?i:{beginnings})(?:{_MARKS.replace('.', '')}|{stop}[a-z])|[A-Z]{stop}[A-Z]".encode(),
    )


def broken_words() -> frozenset[str]:
    """The words that get broken up, in lower case."""
    return _lexicon()[0]


@cache
def _lexicon() -> tuple[frozenset[str], frozenset[str]]:
    """The words that get broken up, in lower case, and all their beginnings (whole words too)."""
    lines = _BROKEN_WORDS.read_text(encoding="utf-8").splitlines()
    words = frozenset(word for line in lines if not line.startswith("#") for word in line.split())
    return words, frozenset(word[:n] for word in words for n in range(1, len(word) + 1))
