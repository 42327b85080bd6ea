"""Statements beside what their article leads with: the incident itself, an earlier one, or history.

A date more than three days before the lead's makes a background reference, one more than 400 days before it history (ours).
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from include.extract.reading import Reading
from include.extract.roles import MAIN, Role
from include.extract.statements import ANNIVERSARY, COURT, LeftOut, Statement, left_out_of

_BEFORE_THE_LEAD = timedelta(days=3)
_HISTORY = timedelta(days=400)
_LONG_PAST = timedelta(days=5 * 365)
_EARLIER = "role.earlier_time"
_LEAD = 2
"""Sentences of the text that its headline sums up."""
_OLDER = frozenset({_EARLIER, "role.older_date", "role.another_day", COURT, ANNIVERSARY})
_LUMPED = frozenset({"role.total_of_past_hours", "role.total_of_a_weekend", "role.toll_of_unrest"})
_CALENDAR = frozenset({"day_month", "month_day", "day_month_year", "month_day_year"})
"""Rules of dates.py that name a day of the calendar."""


def seen_from_the_lead(reading: Reading, statements: list[Statement]) -> tuple[list[Statement], list[LeftOut]]:
    """The statements with the role that they have beside what the article leads with, and those that are left out."""
    left_out: list[LeftOut] = []
    lead, day_named = _lead_day(reading, statements)
    kept = []
    for statement in statements:
        date = statement.date
        if statement.role.role not in ("main_event", "background_reference") or date is None:
            kept.append(statement)
        elif statement.dated and lead and lead - date.date_end > _HISTORY:
            explanation = f"it happened long before ({date.phrase})"
            left_out += [LeftOut(statement.line, left_out_of(c, "history", explanation)) for c in statement.casualties]
        elif statement.role is MAIN and statement.dated and lead and lead - date.date_end > _BEFORE_THE_LEAD:
            kept.append(replace(statement, role=Role("background_reference", "role.older_date", date.start, date.end)))
        elif statement.role is MAIN and date.date_start is None and date.rule in _CALENDAR and not day_named:
            kept.append(replace(statement, role=Role("background_reference", "role.another_day", date.start, date.end)))
        else:
            kept.append(statement)
    kept = _followed_up(_without_told_totals(_lead_is_told(kept), left_out), reading.published_on)
    return _with_a_main_event(kept, reading.published_on), left_out


def _followed_up(statements: list[Statement], published_on: date | None) -> list[Statement]:
    """What an article goes back to is its incident where it opens with it: the case on trial, or last week's dead that the
    headline speaks of.
    """
    on_trial = bool(statements) and statements[0].role.rule == COURT and not _long_past(statements[0], published_on)
    main = [s for s in statements if s.role is MAIN]
    return [
        replace(s, role=MAIN)
        if (on_trial and s.role.rule == COURT) or (s.role.rule == _EARLIER and _opens(s) and any(_repeats(s, m) for m in main))
        else s
        for s in statements
    ]


def _opens(statement: Statement) -> bool:
    return statement.line.part.name == "title" or statement.line.sentence.index < _LEAD


def _repeats(statement: Statement, other: Statement) -> bool:
    """Both give the same number, and no other days."""
    same = any(f.best and m in other.figures and other.figures[m].best == f.best for m, f in statement.figures.items())
    if not (same and statement.dated and other.dated):
        return same
    some, others = statement.date, other.date
    return some.date_start <= others.date_end and others.date_start <= some.date_end


def _without_told_totals(statements: list[Statement], left_out: list[LeftOut]) -> list[Statement]:
    """A headline that only repeats a total of the text ("96 killed across Syria") is no incident."""
    totals = {f.best for s in statements if s.role.role == "cumulative_claim" for f in s.figures.values() if f.best}
    kept = []
    for statement in statements:
        counts = {f.best for f in statement.figures.values()}
        told = statement.role is MAIN and statement.line.part.name == "title" and statement.date is None
        if told and counts and counts <= totals:
            explanation = "the headline repeats a total over a period"
            left_out += [LeftOut(statement.line, left_out_of(c, "told_as_total", explanation)) for c in statement.casualties]
        else:
            kept.append(statement)
    return kept


def _lead_is_told(statements: list[Statement]) -> list[Statement]:
    """What an article opens with, or tells of alone, is its incident, even where the source lumps the last hours together."""
    told = [s for s in statements if s.casualties]
    opens = bool(told) and told[0].role.rule in _LUMPED
    if opens or not any(s.role.role == "main_event" for s in told):
        return [replace(s, role=MAIN) if s.role.rule in _LUMPED else s for s in statements]
    return statements


def _lead_day(reading: Reading, statements: Sequence[Statement]) -> tuple[date | None, bool]:
    """The day of the incident that the article leads with, else of the dateline or the publication; and whether the lead
    names a day of the calendar.
    """
    main = [s for s in statements if s.role.role == "main_event" and not _long_past(s, reading.published_on)]
    lead = main[0].line if main else None
    named = lead is None or any(d.rule in _CALENDAR for line in (lead, *reading.around(lead)) for d in reading.dates(line))
    newest = (reading.dateline.date_start if reading.dateline else None) or reading.published_on
    for statement in main:
        if statement.dated and not _long_before(statement, newest):
            return statement.date.date_start, named
    return newest, named


def _long_before(statement: Statement, newest: date | None) -> bool:
    """Further down in an article that is much younger: history."""
    below = statement.line.part.name == "text" and statement.line.sentence.index > 1
    return below and newest is not None and newest - statement.date.date_end > _HISTORY


def _long_past(statement: Statement, published_on: date | None) -> bool:
    """It is history by the time of a trial or of a memorial day."""
    day = statement.date.date_end if statement.date else None
    return day is not None and published_on is not None and published_on - day > _LONG_PAST


def _with_a_main_event(statements: list[Statement], published_on: date | None) -> list[Statement]:
    """Where nothing newer is told, the earlier incident of an article is its main event."""
    main = [s for s in statements if s.role.role == "main_event"]
    if any(not f.again for s in main for f in s.figures.values()):
        return statements
    old = [s for s in statements if s.role.rule in _OLDER and not _long_past(s, published_on)]
    older = next(iter(old), None)
    return [replace(s, role=MAIN) if s is older else s for s in statements]
