"""Event notes: a few sentences on one violent incident, of which no casualties are told ("Jets struck positions near the town
on 17 June. Losses not known.").

ACLED records such incidents like others. In longer articles attacks are mentioned in passing, and only casualties make a
report.
"""

import re
from collections.abc import Sequence
from functools import cache

from include.extract.lexicon import load
from include.extract.mentions import Casualty, Quantity
from include.extract.merge import Incident
from include.extract.patterns import PatternSet
from include.extract.reading import Line, Reading
from include.extract.roles import MAIN, roles_of
from include.extract.statements import LeftOut, Statement, date_told
from include.extract.violence import signs

LONGEST = 600
"""Characters of a note."""


_OTHER_NEWS = frozenset(
    {"denial", "exercise", "fiction", "history", "hypothetical", "non_conflict_death", "sentence_of_law", "sport", "threat"}
)
"""Reasons for leaving out casualties of which no violent incident is to be made."""
_POLICE = re.compile("police|authorit|sheriff", re.IGNORECASE)


def is_note(reading: Reading) -> bool:
    """The text is as short as a note."""
    return sum(len(part.normalised.raw) for part in reading.parts) <= LONGEST


def violent_act(text: str) -> bool:
    """Whether a text may have a word for an act that is violent, or that is if an armed party did it. One scan."""
    return _acts().any(text.lower())


@cache
def _acts() -> PatternSet[str]:
    return PatternSet({name: _words(name).pattern for name in ("violent", "of_a_party")})


def incident_of_note(reading: Reading, left_out: Sequence[LeftOut]) -> Incident | None:
    """The incident that a note tells of: that of its first sentence with a word for violence, asserted and not of the past.
    `left_out` are the numbers and casualties in it.
    """
    other_cause = signs(" ".join(line.text for line in reading.lines)).other_cause
    if other_cause or any(item.number.reason in _OTHER_NEWS for item in left_out):
        return None
    told = (line for line in reading.lines if line.part.name == "text")
    line, event = next(((line, event) for line in told if (event := _event(reading, line))), (None, None))
    if line is None or _words("other_acts").search(line.text.lower(), 0, event.start()):
        return None
    nobody = Quantity(None, None, None, event[0], *event.span(), "none")
    struck = Casualty("casualties", nobody, None, "unknown", event[0], *event.span(), *event.span())
    if roles_of(line.text, [struck]) != [MAIN]:
        return None
    return Incident("main_event", [Statement(line, (), MAIN, date_told(reading, line, (struck,), MAIN))])


def _event(reading: Reading, line: Line) -> re.Match | None:
    """The first words for a violent act: for one that is violent by itself, or that an armed party does."""
    text = line.text.lower()
    if event := _words("violent").search(text):
        return event
    event = _words("of_a_party").search(text)
    armed = any(a.kind == "armed" and not _POLICE.search(a.text) for a in reading.actors(line)) if event else False
    return event if armed else None


@cache
def _words(name: str) -> re.Pattern:
    return re.compile(re.sub(r"\|\s+", "|", load("notes.yaml")[name]))
