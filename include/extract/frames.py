"""Which articles report no incident: sport, the arts, markets and votes, exercises, lives and history.

They borrow the words of war, or tell of deaths that nobody died or that are long past. An article is of such a kind where it
has enough different words of it, and little that speaks against it (data/frames.yaml).
"""

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache

from include.extract.lexicon import load
from include.extract.patterns import PatternSet, any_word, words_of

_OPENING = 1500
"""Characters of a text that say what kind of article it is; long ones come to speak of all sorts of things."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A kind of article that reports no incident: the reason for leaving its numbers out, and what makes an article one."""

    reason: str
    explanation: str
    needed: int
    signs: bool
    """It takes one of its signs besides."""
    against: tuple[tuple[str, int], ...]
    """The lists whose words speak against it, and how many more words each different one of them asks for."""


@cache
def _frames() -> tuple[Frame, ...]:
    return tuple(
        Frame(f["reason"], f["explanation"], f["needed"], "signs" in f, tuple(f["against"].items()))
        for f in load("frames.yaml")["frames"]
    )


@cache
def _lists() -> dict[tuple[str, str], re.Pattern]:
    """Each word under its list: those of a frame by its reason, its signs by "signs of" that."""
    data = load("frames.yaml")
    lists = data["against"] | {f["reason"]: f["words"] for f in data["frames"]}
    lists |= {f"signs of {f['reason']}": f["signs"] for f in data["frames"] if "signs" in f}
    return {(name, word): re.compile(any_word(word)) for name, words in lists.items() for word in words_of(words)}


@cache
def _words() -> PatternSet[tuple[str, str]]:
    return PatternSet({key: word.pattern for key, word in _lists().items()})


def frame_of(title: str, text: str) -> Frame | None:
    """The kind of an article that reports no incident, the one with the most words where several fit; null for news."""
    in_title, found = _found(title), _found(f"{title}\n{text[:_OPENING]}")
    fitting = [(score, frame) for frame in _frames() if (score := _score(frame, in_title, found)) > 0]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else None


def _score(frame: Frame, in_title: Counter[str], found: Counter[str]) -> int:
    """How many more words of this kind an article has than are needed, and one; not above 0 where it is not of this kind."""
    if frame.signs and not found[f"signs of {frame.reason}"]:
        return 0
    against = sum(weight * found[name] for name, weight in frame.against)
    return found[frame.reason] + in_title[frame.reason] - frame.needed + 1 - against


def _found(text: str) -> Counter[str]:
    """How many different words of each list a text has."""
    text = text.lower()
    return Counter(key[0] for key in _words().possible(text) if _lists()[key].search(text))
