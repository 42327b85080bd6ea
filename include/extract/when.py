"""The date of an incident, from the words that tell when it happened; never silently the day of publication.

For a main event the first of these that the article has:

1. a day that a sentence gives for the casualties, or that a sentence between the first that tells of the incident and that one
   gives for what happened ("the gunmen opened fire on Tuesday");
2. a longer time that a sentence gives for the casualties ("last month"), or a distance from something else;
3. a day of what happened in the same paragraphs, the title or the first sentences;
4. a day beside the casualties that may be that of a report, where it stands in the first sentences;
5. another day in the same paragraphs, the title or the first sentences, that is not after one on which somebody died; then
   that one; then that of 4. anywhere;
6. a longer time that lies between two days;
7. two days wide, the day on which the incident was reported ("a monitor said early Monday": it happened that day or the day
   before), by the sentences that tell of it; else the date of the incident told before it, which a round-up does not repeat;
   else the day of the report by the first sentences, or the dateline.

Where the time is some days ("over the weekend"), and one of those sentences names a day in it, the incident has that day; so it
has where the title says "overnight", whichever night that was.
Where nothing gives a date, the reason is kept.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import takewhile

from include.extract.dates import HAS_RISEN
from include.extract.mentions import DateMention
from include.extract.merge import Incident
from include.extract.reading import LEAD_LINES, Line, Reading
from include.extract.roles import has
from include.extract.statements import Statement

_A_DAY = timedelta(days=1)
_A_WEEK = timedelta(days=7)
_REPORTED_PREC = 2
_WEEK_PREC = 3
_FEW_DAYS = 2
"""Precision up to which a mention is a day, or a few, on which something happens."""

_RANGES = ("day_range", "month_day_range", "from_to")
"""Rules of dates.py for the days from one to another."""
_OPENS = 4
"""Characters before a distance that opens a sentence."""
_OPENING = 3
"""Sentences of the text that tell of what the title tells."""

_AS_REPORTED = (", it was reported", " it was reported")
"""Event notes date by it what they know only from a report."""

_CLOCK = re.compile(r"\b\d{1,2}(?::\d\d)?\s?(?P<half>[ap])\.?m\b")

_Dated = tuple[Line, DateMention]


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
    main = incident.role == "main_event"
    statements = [*incident.statements, *incident.attackers]
    own = [(s.line, s.date) for s in statements if s.date]
    near = _within(own, _points(reading, statements, taken)) if main else []
    told = any(s.dated and not _of_bodies(s) and _place(s.line) < LEAD_LINES for s in statements)
    start = _place(incident.lines[0]) if before or told else -1
    found = min(_ranked(statements, near, start), key=lambda ranked: ranked[0], default=None)
    if found:
        _, line, mention = found
        if mention.rule == "overnight" and line.part.name == "title":
            exact = next((d for d in own if d[1].date_prec == 1 and 0 <= _place(d[0]) < LEAD_LINES), (line, mention))
            line, mention = exact  # "Overnight shooting", and then "was shot late Saturday"
        if mention.rule == "overnight":
            return _from(line, _by_the_clock(mention, [line, *reading.around(line), *_lead(reading, taken)]))
        return _from(*_exact(line, mention, [*own, *near]))
    between = [(line, m) for line in incident.lines for m in reading.dates(line) if main and _lies_between(m)]
    if between:
        return _from(*between[0])
    if main:
        updated = _day_of_update(reading, incident, taken)
        if updated:
            return updated
        reported = _day_of_report(reading, incident.lines)
        if reported is None and before is not None and before.start and not own:
            return replace(before, rule="date.carried_on")
        reported = reported or _day_of_report(reading, _lead(reading, taken)) or _dateline(reading)
        if reported:
            return reported
    unresolved = own or [(line, m) for line in _lead(reading, taken) for m in reading.dates(line) if m.date_start is None]
    if unresolved:
        line, mention = unresolved[0]
        return When(reason=mention.reason or "unresolved_phrase", line=line, mention=mention)
    return When(reason="not_stated")


def _ranked(statements: list[Statement], near: list[_Dated], first: int) -> Iterator[tuple[tuple[int, int], Line, DateMention]]:
    """What can date the incident, with its rank (see above) and its place in the text. The incident is told of from `first`."""
    died: list[date] = []
    for statement in statements:
        line, mention = statement.line, statement.date
        if mention is None or mention.date_start is None or (statement.of_wounds and not _owns(line, mention)):
            continue
        if not statement.dated and not line.low.startswith(_AS_REPORTED, mention.end):
            yield (4 if _place(line) < LEAD_LINES else 6, _place(line)), line, mention
        elif mention.rule.startswith("distance") and mention.date_prec == 1:
            opens = mention.start <= _OPENS  # "A day later, artillery killed 40"
            yield (0 if opens else 1, _place(line)), line, mention
        elif mention.date_prec > _FEW_DAYS or (mention.rule.startswith("distance") and statement.role.role == "main_event"):
            yield (2, _place(line)), line, mention
        elif mention.tells_of == "dying":
            died.append(mention.date_start)
            yield (5, _place(line)), line, mention
        else:
            opens = statement is statements[0] and has("new_event", line.text)  # "On Friday an ambush killed two"
            told_anew = opens and mention.tells_of == "happening"
            yield (0 if told_anew else 1, _place(line)), line, mention
    for line, mention in near:
        if mention.tells_of != "happening":
            if not died or mention.date_start <= min(died):
                yield (5, -1), line, mention
        elif _place(line) >= first:
            yield (1, _place(line)), line, mention
        else:
            yield (3, -1), line, mention


def _of_bodies(statement: Statement) -> bool:
    """It tells of deaths or of bodies, which may be of a later day than the attack, and the day beside them of no attack."""
    later = ("bod", "corpse", "remains", "die", "dead", "death", "lives")
    return statement.date.tells_of != "happening" and any(c.trigger.lower().startswith(later) for c in statement.casualties)


def _owns(line: Line, mention: DateMention) -> bool:
    """ "A man who was hurt in Saturday's bombing died", "the toll of the raid on Saturday has risen after one died": the day is
    that of the attack.
    """
    return mention.phrase.endswith(("'s", "’s")) or HAS_RISEN.match(line.low, mention.end) is not None


def _place(line: Line) -> int:
    """Where the line stands: the title first, then the sentences of the text."""
    return -1 if line.part.name == "title" else line.sentence.index


def _exact(line: Line, mention: DateMention, near: list[_Dated]) -> _Dated:
    """The mention, or the first day near it that lies in its longer time."""
    if mention.date_prec != _FEW_DAYS or mention.kind != "point":
        return line, mention
    for other, day in near:
        within = day.date_start and day.date_prec == 1 and mention.date_start <= day.date_start <= mention.date_end
        if within and abs(_place(other) - _place(line)) <= LEAD_LINES:
            return other, day
    return line, mention


def _by_the_clock(mention: DateMention, lines: list[Line]) -> DateMention:
    """The day before or after midnight, where the first time of the clock in the lines says which."""
    clock = next((m for line in lines if (m := _CLOCK.search(line.low))), None)
    if clock is None or mention.date_prec != _FEW_DAYS:
        return mention
    day = mention.date_end if clock["half"] == "a" else mention.date_start
    return replace(mention, date_start=day, date_end=day, date_prec=1)


def _from(line: Line, mention: DateMention) -> When:
    return When(mention.date_start, mention.date_end, mention.date_prec, None, line, mention, f"date.{mention.rule}")


def _points(reading: Reading, statements: list[Statement], taken: set[Line]) -> list[_Dated]:
    """Days in the incident's paragraphs, the title and the first sentences, in this order, beside those of its statements; not
    those of deaths in hospital. An incident that only the title tells of is that of the first sentences.
    """
    if all(s.line.part.name == "title" for s in statements):
        taken = {line for line in taken if line.sentence.index >= _OPENING}
    own = {(s.line, s.date.start) for s in statements if s.date}
    around = [o for o in reading.around(statements[0].line) if o not in taken]
    found: list[_Dated] = []
    for line in dict.fromkeys([*(s.line for s in statements), *around, *_lead(reading, taken)]):
        days = [m for m in reading.dates(line) if _is_time(m)]
        others = [m for m in days if (line, m.start) not in own]
        if others and has("of_wounds", line.text):  # "hurt on Friday, he died of his wounds on Sunday"
            hurt = [m for m in days if m.tells_of == "happening" and not line.low.startswith(",", m.end)]
            last = max(m.date_start for m in days)
            others = [m for m in sorted(hurt, key=lambda m: m.date_start)[:1] if m.date_start < last]
        found += [(line, mention) for mention in others]
    return found


def _within(own: list[_Dated], near: list[_Dated]) -> list[_Dated]:
    """The days around, without those outside a longer time that the sentences of the incident give ("last week")."""
    long = [
        d
        for _, d in own
        if d.date_start and d.kind == "point" and d.date_prec > _FEW_DAYS and not d.rule.startswith("distance")
    ]
    return [(line, m) for line, m in near if all(d.date_start <= m.date_end and m.date_start <= d.date_end for d in long)]


def _is_time(mention: DateMention) -> bool:
    """A day or a few, on which something happens."""
    some_days = mention.kind == "point" or mention.rule in _RANGES
    return some_days and mention.date_prec in (1, _FEW_DAYS) and not mention.rule.startswith("distance")


def _lies_between(mention: DateMention) -> bool:
    """ "Sometime between 1 and 20 May"."""
    return mention.date_start is not None and mention.rule in _RANGES and mention.phrase.lower().startswith("between")


def _lead(reading: Reading, taken: set[Line]) -> list[Line]:
    """The title and the first sentences, but those that are taken."""
    lead = takewhile(lambda line: line.part.name == "title" or line.sentence.index < LEAD_LINES, reading.lines)
    return [line for line in lead if line not in taken and line.sentence.index < LEAD_LINES]


def _day_of_report(reading: Reading, lines: Iterable[Line]) -> When | None:
    for line in lines:
        for mention in reading.dates(line):
            soon = mention.kind == "sequel" and line.low.startswith(" after ", mention.end)  # "arrested Tuesday after he shot"
            if (mention.kind == "age" or soon) and mention.date_prec == 1:
                return _reported(line, mention, "date.reported")
    return None


def _day_of_update(reading: Reading, incident: Incident, taken: set[Line]) -> When | None:
    """The week up to a day on which the dead were counted anew, searched for or mourned."""
    for line in dict.fromkeys([*incident.lines, *_lead(reading, taken)]):
        rises = line in incident.lines and has("toll_rises", line.text)
        for mention in reading.dates(line):
            update = mention.tells_of == "update" or (rises and mention.kind == "age")
            if update and mention.date_prec == 1 and mention.date_start - date.min > _A_WEEK:
                start = mention.date_start - _A_WEEK + _A_DAY
                return When(start, mention.date_end, _WEEK_PREC, None, line, mention, "date.updated")
    return None


def _dateline(reading: Reading) -> When | None:
    if not (reading.dateline and reading.dateline.date_start):
        return None
    line = next(line for line in reading.lines if line.part.name == "text")
    return _reported(line, reading.dateline, "date.dateline")


def _reported(line: Line, mention: DateMention, rule: str) -> When:
    start = mention.date_start - _A_DAY if mention.date_start > date.min else mention.date_start
    return When(start, mention.date_end, _REPORTED_PREC, None, line, mention, rule)
