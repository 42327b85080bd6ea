"""Which articles report no incident: sport, the arts, markets and votes, exercises, lives and history.

They borrow the words of war, or tell of deaths that nobody died or that are long past. An article is of such a kind where it
has enough different words of it, and little that speaks against it (data/frames.yaml).
"""

import re
from dataclasses import dataclass
from functools import cache

from include.extract.lexicon import load
from include.extract.patterns import PatternSet, any_word

_OPENING = 1500
"""Characters of a text that say what kind of article it is; long ones come to speak of all sorts of things."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A kind of article that reports no incident: the reason for leaving its numbers out, and what makes an article one."""

    reason: str
    explanation: str
    needed: int
    words: re.Pattern
    signs: re.Pattern | None
    against: tuple[tuple[re.Pattern, int], ...]
    """What speaks against it, and how many more words each different one of it asks for."""


@cache
def _frames() -> tuple[Frame, ...]:
    data = load("frames.yaml")
    against = {name: re.compile(any_word(words)) for name, words in data["against"].items()}
    return tuple(
        Frame(
            frame["reason"],
            frame["explanation"],
            frame["needed"],
            re.compile(any_word(frame["words"])),
            re.compile(any_word(frame["signs"])) if "signs" in frame else None,
            tuple((against[name], weight) for name, weight in frame["against"].items()),
        )
        for frame in data["frames"]
    )


@cache
def _set() -> PatternSet[Frame]:
    return PatternSet({frame: frame.words.pattern for frame in _frames()})


def frame_of(title: str, text: str) -> Frame | None:
    """The kind of an article that reports no incident, the one with the most words where several fit; null for news."""
    title = title.lower()
    whole = f"{title}\n{text[:_OPENING].lower()}"
    fitting = [(score, frame) for frame in _set().possible(whole) if (score := _score(frame, title, whole)) > 0]
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else None


def _score(frame: Frame, title: str, whole: str) -> int:
    """How many more words of this kind an article has than are needed, and one; not above 0 where it is not of this kind."""
    score = len(_found(frame.words, whole)) + len(_found(frame.words, title)) - frame.needed + 1
    if score <= 0 or (frame.signs and not frame.signs.search(whole)):
        return 0
    return score - sum(weight * len(_found(words, whole)) for words, weight in frame.against)


def _found(words: re.Pattern, text: str) -> set[str]:
    return {m[0] for m in words.finditer(text)}
