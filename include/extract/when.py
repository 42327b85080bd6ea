"""The date of an incident, from the nearest words that give one; never silently the day of publication.

In order: the sentences that tell of the casualties; their paragraphs; the title and first sentences; the incident that a
round-up told before; then, two days wide, the day on which the incident was reported ("a monitor said early Monday": it
happened that day or the day before) and the dateline. Where nothing gives a date, the reason is kept.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from include.extract.mentions import DateMention
from include.extract.merge import Incident
from include.extract.reading import LEAD_LINES, Line, Reading
from include.extract.roles import cue

_A_DAY = timedelta(days=1)
_REPORTED_PREC = 2


@dataclass(frozen=True, slots=True)
class When:
    """An incident's date, the words that give it and where they stand; or why there is none."""

    start: date | None = None
    end: date | None = None
    prec: int | None = None
    reason: str | None = None
    line: Line | None = None
    mention: DateMention | None = None
    rule: str | None = None


def date_of(reading: Reading, incident: Incident, taken: set[Line], before: When | None = None) -> When:
    """The date of an incident. `taken` are the lines that tell of other incidents and of totals; `before` is the date of the
    incident told before it, which a round-up does not repeat.
    """
    statements = [*incident.statements, *incident.attackers]
    own = [(s.line, s.date) for s in statements if s.date]
    told = [s for s in statements if s.dated] or [s for s in statements if s.date and s.date.date_start and not s.of_wounds]
    if told:
        first = min(told, key=lambda s: s.date.date_prec > 2)
        line, mention = first.line, first.date
        if mention.rule.startswith("distance") and incident.role == "main_event":  # "a month before" is of something else
            line, mention = next(_points(reading, _nearby(reading, incident.lines[:1], taken)), (line, mention))
        return _from(line, mention)
    lines = incident.lines
    if incident.role == "main_event":
        for line, mention in _points(reading, _nearby(reading, lines, taken)):
            return _from(line, mention)
        if before is not None and before.start and not own:
            return replace(before, rule="date.carried_on")
        for line in [*lines, *_lead(reading, taken)]:
            for mention in reading.dates(line):
                if mention.kind == "age" and mention.date_prec == 1:
                    return _reported(line, mention, "date.reported")
        if reading.dateline and reading.dateline.date_start:
            line = next(line for line in reading.lines if line.part.name == "text")
            return _reported(line, reading.dateline, "date.dateline")
    if own:
        line, mention = own[0]
        return When(reason=mention.reason or "unresolved_phrase", line=line, mention=mention)
    return When(reason="not_stated")


def _from(line: Line, mention: DateMention) -> When:
    return When(mention.date_start, mention.date_end, mention.date_prec, None, line, mention, f"date.{mention.rule}")


def _reported(line: Line, mention: DateMention, rule: str) -> When:
    start = mention.date_start - _A_DAY if mention.date_start > date.min else mention.date_start
    return When(start, mention.date_end, _REPORTED_PREC, None, line, mention, rule)


def _nearby(reading: Reading, lines: list[Line], taken: set[Line]) -> Iterator[Line]:
    """Lines that can lend an incident their date: those of its paragraphs, then the title and the first sentences."""
    for line in lines:
        yield from (o for o in reading.around(line) if o not in taken)
    yield from _lead(reading, taken)


def _lead(reading: Reading, taken: set[Line]) -> Iterator[Line]:
    yield from (line for line in reading.lines if line.sentence.index < LEAD_LINES and line not in taken)


def _points(reading: Reading, lines: Iterable[Line]) -> Iterator[tuple[Line, DateMention]]:
    """Days that the lines give, in order; the day of a death in hospital is not the incident's."""
    for line in lines:
        if cue("of_wounds").search(line.text):
            continue
        for mention in reading.dates(line):
            if mention.kind == "point" and mention.date_prec in (1, 2) and not mention.rule.startswith("distance"):
                yield line, mention
