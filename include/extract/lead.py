"""Statements beside what their article leads with: the incident itself, an earlier one, or history.

A date more than three days before the lead's makes a background reference, one more than 400 days before it history (ours; two
years for what a trial or a memorial is about).
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from include.extract.figures import LEAD
from include.extract.mentions import DateMention
from include.extract.nearness import apart, told_places
from include.extract.reading import Reading
from include.extract.roles import MAIN, Role, cue
from include.extract.statements import ANNIVERSARY, COURT, EARLIER, LeftOut, Statement
from include.extract.violence import tells_of_violence

_BEFORE_THE_LEAD = timedelta(days=3)
_A_WEEK = timedelta(days=7)
_HISTORY = timedelta(days=400)
_LONG_PAST = timedelta(days=2 * 366)
_AN_AGE = timedelta(days=10 * 365)
_TIME_AFTER = "role.time_after"
_IN_A_YEAR = "role.in_a_year"
_OLDER = frozenset({EARLIER, "role.older_date", "role.another_day", _IN_A_YEAR, "role.event_of_a_year", COURT, ANNIVERSARY})
_PAST_HOURS = "role.total_of_past_hours"
_OPENS = frozenset({_PAST_HOURS, "role.total_of_a_weekend"})
_LUMPED = _OPENS | {"role.toll_of_unrest"}
_A_MONTH = 4
"""The precision (UCDP) of dates that give a month."""
_CALENDAR = frozenset({"day_month", "month_day", "day_month_year", "month_day_year"})
"""Rules of dates.py that name a day of the calendar."""


def seen_from_the_lead(reading: Reading, statements: list[Statement]) -> tuple[list[Statement], list[LeftOut]]:
    """The statements with the role that they have beside what the article leads with, and those that are left out."""
    left_out: list[LeftOut] = []
    statements = _of_other_regions(reading, [_of_the_week(s, reading.published_on) for s in statements])
    lead, day_named = _lead_day(reading, statements)
    kept = []
    for statement in (_of_its_year(s, reading.published_on) for s in statements):
        date = statement.date
        if long_ago := _goes_on_with_history(reading, statement):
            explanation = f"it goes on with what happened long before ({long_ago.phrase})"
            left_out += statement.left_out("history", explanation)
        elif statement.role.role not in ("main_event", "background_reference") or date is None:
            kept.append(statement)
        elif statement.dated and lead and lead - date.date_end > _history(statement):
            explanation = f"it happened long before ({date.phrase})"
            left_out += statement.left_out("history", explanation)
        elif statement.role is MAIN and statement.dated and lead and _before(date, lead):
            kept.append(replace(statement, role=Role("background_reference", "role.older_date", date.start, date.end)))
        elif statement.role is MAIN and date.date_start is None and date.rule in _CALENDAR and not day_named:
            kept.append(replace(statement, role=Role("background_reference", "role.another_day", date.start, date.end)))
        else:
            kept.append(statement)
    if statements and left_out and not any(s is statements[0] or s.dated for s in kept if s.role is MAIN):
        kept = _of_the_past(statements[0], kept, left_out)
    kept = _followed_up(_without_told_totals(_lead_is_told(kept), left_out), reading.published_on)
    return _with_a_main_event(_headed(kept), reading.published_on), left_out


def _of_the_week(statement: Statement, published_on: date | None) -> Statement:
    """A memorial within days is news of the incident itself, no anniversary."""
    if statement.role.rule != ANNIVERSARY or not statement.dated or published_on is None:
        return statement
    return replace(statement, role=MAIN) if published_on - statement.date.date_end <= _A_WEEK else statement


def _of_other_regions(reading: Reading, statements: list[Statement]) -> list[Statement]:
    """The dead of the past day or hours are an incident where the sentence names a place apart from those of the incidents that
    the article tells of: no running total of these.
    """
    if not any(s.role.rule == _PAST_HOURS for s in statements):
        return statements
    told = [p for s in statements if s.role is MAIN for p in told_places(reading.places(s.line))]
    return [
        replace(s, role=MAIN)
        if s.role.rule == _PAST_HOURS
        and s.casualties
        and not any(c.total for c in s.casualties)
        and apart(told, told_places(reading.places(s.line)))
        else s
        for s in statements
    ]


def _goes_on_with_history(reading: Reading, statement: Statement) -> DateMention | None:
    """The day that the sentence before gives, where it is long past and the statement's own gives none."""
    if statement.role is not MAIN or statement.date is not None or reading.published_on is None:
        return None
    before = reading.before(statement.line)
    if before is None or before.sentence.paragraph != statement.line.sentence.paragraph or not tells_of_violence(before.text):
        return None
    days = [d for d in reading.dates(before) if d.date_start]
    past = [d for d in days if d.rule in _CALENDAR]
    return past[0] if past and all(reading.published_on - d.date_end > _LONG_PAST for d in days) else None


def _headed(statements: list[Statement]) -> list[Statement]:
    """A headline without a day is of what the lead goes back to where it gives the same number."""
    back = [
        s for s in statements if s.role.rule in (_IN_A_YEAR, COURT, ANNIVERSARY) and s.line.part.name == "text" and _opens(s)
    ]
    numbers = {f.best: s.role for s in reversed(back) for f in s.figures.values() if f.best}
    return [
        replace(s, role=_borrowed(numbers[number]))
        if s.role is MAIN
        and s.line.part.name == "title"
        and not s.date
        and (number := next((f.best for f in s.figures.values() if f.best in numbers), None))
        else s
        for s in statements
    ]


def _of_the_past(first: Statement, kept: list[Statement], left_out: list[LeftOut]) -> list[Statement]:
    """An article that opens with history goes on with it where it gives no other day."""
    if first in kept or not first.casualties:
        return kept
    for statement in (s for s in kept if s.role is MAIN):
        explanation = "the article tells of what happened long before"
        left_out += statement.left_out("history", explanation)
    return [s for s in kept if s.role is not MAIN]


def _of_its_year(statement: Statement, published_on: date | None) -> Statement:
    """A background reference where the words give no day but a year, and it is not that of the article or the one before."""
    if statement.role is MAIN and published_on:
        for year, span in _years(statement):
            day = statement.date
            if cue("another_clause").search(statement.line.text, span[1], max(span[1], statement.told_at)):
                continue
            nearer = not statement.dated or _distance(span, statement) <= _distance((day.start, day.end), statement)
            if nearer and year < published_on.year - 1:
                return replace(statement, role=Role("background_reference", _IN_A_YEAR, *span))
    return statement


def _followed_up(statements: list[Statement], published_on: date | None) -> list[Statement]:
    """What an article goes back to is its incident where it opens with it: the case on trial, or last week's dead that the
    headline speaks of.
    """
    on_trial = bool(statements) and statements[0].role.rule == COURT and not _long_past(statements[0], published_on)
    main = [s for s in statements if s.role is MAIN]
    first = next((s for s in statements if s.casualties), None)
    looks_back = first and _is_of_this_year(first) and _opens(first) and not any(_tells_more(m, first) for m in main)
    vague = not any(f.best and not f.again for s in main for f in s.figures.values())
    return [
        replace(s, role=MAIN)
        if (on_trial and s.role.rule == COURT)
        or (looks_back and s is first)
        or (s.role.rule == EARLIER and _opens(s) and (vague or any(_repeats(s, m) for m in main)))
        else s
        for s in statements
    ]


def _is_of_this_year(statement: Statement) -> bool:
    """It goes back by days, weeks or months ("a month after")."""
    back = statement.line.text[statement.role.start : statement.role.end]
    return statement.role.rule == _TIME_AFTER and "year" not in back.lower() and "decade" not in back.lower()


def _tells_more(statement: Statement, first: Statement) -> bool:
    """The statement is of another incident than the first one, and not of what it left open (the injured)."""
    beside = statement.line is first.line or statement.line.part.name == "title"
    return beside or bool(statement.figures.keys() & first.figures.keys())


def _opens(statement: Statement) -> bool:
    return statement.line.part.name == "title" or statement.line.sentence.index < LEAD


def _repeats(statement: Statement, other: Statement) -> bool:
    """Both give the same number, and no other days."""
    same = any(f.best and m in other.figures and other.figures[m].best == f.best for m, f in statement.figures.items())
    if not (same and statement.dated and other.dated):
        return same
    some, others = statement.date, other.date
    return some.date_start <= others.date_end and others.date_start <= some.date_end


def _history(statement: Statement) -> timedelta:
    """How long ago history is: trials and memorials, and "in May last year", go back to what is not yet history for a while."""
    last_year = statement.date is not None and statement.date.rule == "month_of_last_year"
    return _LONG_PAST if last_year or statement.role.rule in (COURT, ANNIVERSARY) else _HISTORY


def _before(mention: DateMention, lead: date) -> bool:
    """More than three days before the lead's day, or in a month or year that had ended by then."""
    vague = (mention.date_prec or 0) >= _A_MONTH and not mention.rule.startswith("distance")
    return lead - mention.date_end > (timedelta() if vague else _BEFORE_THE_LEAD)


def _without_told_totals(statements: list[Statement], left_out: list[LeftOut]) -> list[Statement]:
    """A headline that only repeats a total of the text ("96 killed across Syria") is no incident."""
    totals = {f.best for s in statements if s.role.role == "cumulative_claim" for f in s.figures.values() if f.best}
    kept = []
    for statement in statements:
        counts = {f.best for f in statement.figures.values()}
        told = statement.role is MAIN and statement.line.part.name == "title" and statement.date is None
        live = cue("live").match(statement.line.part.text) and counts == {None} and len(statements) > 1
        if told and counts and (counts <= totals or live):
            explanation = "the headline repeats a total over a period"
            left_out += statement.left_out("told_as_total", explanation)
        else:
            kept.append(statement)
    return kept


def _lead_is_told(statements: list[Statement]) -> list[Statement]:
    """What an article opens with, or tells of alone, is its incident, even where the source lumps the last hours together."""
    told = [s for s in statements if s.casualties]
    alone = not any(s.role.role == "main_event" for s in told)
    opens = bool(told) and told[0].role.rule in _OPENS
    return [replace(s, role=MAIN) if s.role.rule in _LUMPED and (alone or (opens and _opens(s))) else s for s in statements]


def _lead_day(reading: Reading, statements: Sequence[Statement]) -> tuple[date | None, bool]:
    """The day of the incident that the article leads with, else of the dateline or the publication; and whether the lead
    names a day of the calendar.
    """
    looks_back = bool(statements) and statements[0].role.rule in (COURT, ANNIVERSARY)
    main = [s for s in statements if s.role.role == "main_event"]
    main = [s for s in main if not _long_past(s, reading.published_on, _LONG_PAST if looks_back else _AN_AGE)]
    lead = main[0].line if main else None
    named = lead is None or any(d.rule in _CALENDAR for line in (lead, *reading.around(lead)) for d in reading.dates(line))
    newest = (reading.dateline.date_start if reading.dateline else None) or reading.published_on
    for statement in main:
        if statement.dated and not _long_before(statement, newest):
            return statement.date.date_start, named
    return newest, named


def _long_before(statement: Statement, newest: date | None) -> bool:
    """Further down in an article that is younger by more than a week."""
    below = statement.line.part.name == "text" and statement.line.sentence.index > 1
    return below and newest is not None and newest - statement.date.date_end > _A_WEEK


def _long_past(statement: Statement, published_on: date | None, span: timedelta = _LONG_PAST) -> bool:
    """It is history by the time of a trial or of a memorial day."""
    day = statement.date.date_end if statement.date else None
    if day is None or not statement.dated or statement.role.rule == _IN_A_YEAR:
        of_that_year = date.min if statement.role.rule == _IN_A_YEAR else day
        day = max((date(year, 12, 31) for year, _ in _years(statement)), default=of_that_year)
    return day is not None and published_on is not None and published_on - day > span


def _of_a_past_year(statement: Statement) -> bool:
    """An anniversary is marked, of an event that the sentence gives no day."""
    return "anniversary" in statement.line.low and not statement.dated


def _distance(span: tuple[int, int], statement: Statement) -> int:
    """How far a span of the sentence is from the words that tell of the casualties."""
    return max(span[0] - statement.told_at, statement.told_at - span[1], 0)


def _years(statement: Statement) -> Iterator[tuple[int, tuple[int, int]]]:
    """The years that the sentence gives for an event, each with its span."""
    text = statement.line.text
    if "1" not in text and "20" not in text:
        return
    for found in cue("year_of_event").finditer(text):
        yield next(int(year) for year in found.groups() if year), found.span()


def _with_a_main_event(statements: list[Statement], published_on: date | None) -> list[Statement]:
    """Where nothing newer is told, the earlier incident of an article is its main event."""
    main = [s for s in statements if s.role.role == "main_event"]
    if any(not f.again for s in main for f in s.figures.values()):
        return statements
    old = [s for s in statements if s.role.rule in _OLDER and not _long_past(s, published_on) and not _of_a_past_year(s)]
    if older := next(iter(old), None):
        return [replace(s, role=MAIN) if s is older or (s in old and _repeats(s, older)) else s for s in statements]
    behind = next((s.role for s in statements if s.role.role == "background_reference"), None)
    return [replace(s, role=_borrowed(behind)) if behind and s in main else s for s in statements]


def _borrowed(role: Role) -> Role:
    """The role that another sentence has, without the words there that give it."""
    return replace(role, start=0, end=0)
