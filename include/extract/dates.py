"""Dates and periods in news text, as days with the UCDP precision.

The rules are data (`data/dates.yaml`). A scan finds the words of one rule after another; each match is resolved to days
from what it says, the day that the text was written, or a day named before it; pairs ("from March 31 to April 6", "since
Monday") are then put together. What cannot be resolved stays a mention with null dates and the reason.

How far a vague distance reaches is ours: "a week ago" is that day give or take 2, "a month ago" give or take 10, "a year
ago" give or take 120. Weeks are Monday to Sunday.

Kinds of mention: `point` (when something can have happened), `period` (a span that something covers: from X to Y, since X,
a year), `age` (when a claim was made: "said last month", a dateline), `sequel` (when something followed: an arrest, a day in
court, a funeral), `future` (announced), `name` ("the 9/11 attacks").
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from include.extract.lexicon import load
from include.extract.mentions import DateMention
from include.extract.patterns import PatternScanner, PatternSet, encoded
from include.extract.tokens import lowered

RULES = Path(__file__).parent / "data" / "dates.yaml"

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ONES = (
    "",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NUMBERS = {word: n for n, word in enumerate(_ONES)} | {
    f"{ten} {one}".strip(): 10 * n + i for n, ten in enumerate(_TENS, 2) for i, one in enumerate(_ONES[:10])
}
_VAGUE = {"a couple of": (2, 3), "couple of": (2, 3), "a few": (2, 6), "few": (2, 6), "several": (3, 6), "a dozen": (12, 12)}
_UNIT_DAYS = {"day": 1, "night": 1, "week": 7, "fortnight": 14, "month": 30, "year": 365, "decade": 3652}
_GIVE_OR_TAKE = {"hour": 0, "day": 0, "night": 0, "week": 2, "fortnight": 3, "month": 10, "year": 120, "decade": 730}
_UNIT_PREC = {"hour": 1, "day": 1, "night": 1, "week": 3, "fortnight": 3, "month": 4, "year": 5, "decade": 5}
_OLD = timedelta(31)
_RECENT = timedelta(90)
_ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3}
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_EVENTS = {"9/11": date(2001, 9, 11), "7/7": date(2005, 7, 7), "26/11": date(2008, 11, 26)}


@dataclass(frozen=True, slots=True)
class _When:
    """Days that a match stands for. Null days come with a reason."""

    start: date | None
    end: date | None
    prec: int | None
    kind: str = "point"
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class _Known:
    """What a match is resolved from: the day of writing, the last day named, and a day that tells the year."""

    today: date | None
    anchor: date | None
    year_near: date | None
    anchored_at: int = -1
    """Where the last day named ends in the text; less than 0: before it."""
    said: date | None = None
    """The day on which the sentence so far tells that somebody spoke."""
    said_at: int = -1
    """Where it ends in the text."""
    month: date | None = None
    """The first day of the month that the sentence so far speaks of."""
    day_first: bool | None = None
    """Whether the text writes numeric days with the day before the month."""


_MONTHS_NAMED = frozenset({"month", "month_year", "month_of_last_year", "last_unit", "this_unit"})
"""Rules for a month, of which a day can be told then ("last month, on the 15th")."""
_UNRESOLVED = _When(None, None, None, reason="unresolved_phrase")
_NO_TODAY = _When(None, None, None, reason="no_publication_date")


def precision(start: date, end: date) -> int:
    """UCDP precision of an interval of days: 1 one day, 2 two to six, 3 a week, 4 a month, 5 longer."""
    days = (end - start).days + 1
    return next((prec for prec, longest in ((1, 1), (2, 6), (3, 7), (4, 31)) if days <= longest), 5)


def find_dates(
    text: str, *, published_on: date | None, dateline: date | None = None, anchor: date | None = None
) -> list[DateMention]:
    """Dates and periods of `text` in reading order, without overlaps.

    `dateline` is the day in the text's dateline; it outranks `published_on` as the day that "today" means. Without it a
    dateline at the start of `text` is used. `anchor` is the last day named before `text`, for "the
    following day". Relative phrases without a day to count from, and days without a year, get null dates and
    `no_publication_date`.
    """
    line = _match_dateline(text)
    if dateline is None and line:
        dateline = _resolve_dateline(line, published_on)
    today = dateline or published_on
    low = lowered(text)
    matches = list(_scan(text, low))
    near = next((day for _, match in matches if (day := _with_year(match))), None)
    day_first, anchored_at, said, said_at, month, month_at = _day_order(matches), -1, None, 0, None, 0
    mentions = []
    for rule, match in matches:
        near = _with_year(match) or near
        cues = _cues(low, match.start())
        ahead = today is not None and "ahead" in cues
        spoke = said if said and not _SENTENCE_END.search(text, said_at, match.start()) else None
        of_month = month if month and not _SENTENCE_END.search(text, month_at, match.start()) else None
        when = _resolve(rule, match, _Known(today, anchor, near, anchored_at, spoke, said_at, of_month, day_first), ahead)
        if when.start and today and when.start > today and when.kind == "point" and match.groupdict().get("year") is None:
            when = replace(when, kind="future")
        if rule.id in _MONTHS_NAMED and when.prec == 4 and when.start:
            month, month_at = when.start.replace(day=1), match.end()
        if when.prec == 1 and when.kind == "point":
            if _is_of_words(text, low, match) or not cues.isdisjoint(_COUNTED):
                said, said_at = when.start, match.end()
            else:
                anchor, anchored_at = when.start, match.end()
        mentions.append((match, _mention(text, match.start(), match.end(), rule.id, when)))
    return _nights(text, [_contextual(text, low, mention, today) for mention in _pairs(text, low, mentions, today)], today)


def _nights(text: str, mentions: list[DateMention], today: date | None) -> list[DateMention]:
    """The mentions, with "overnight" as the night before the day on which the sentence tells that somebody spoke of it."""
    for n, night in enumerate(mentions):
        if night.rule != "overnight" or night.date_end is None or night.date_end != today:
            continue
        spoke = (m for m in mentions if m.kind == "age" and m.date_prec == 1 and m.date_start < today)
        day = next((m for m in spoke if not _SENTENCE_END.search(text, *sorted((m.start, night.start)))), None)
        if day:
            mentions[n] = replace(
                night, date_start=_shift(day.date_start, -1, "day") or day.date_start, date_end=day.date_start
            )
    return mentions


def find_dateline(text: str, published_on: date | None) -> DateMention | None:
    """The date in a dateline such as "HOMS, April 10 (Agency) -" or "Santiago, 25 Aug 88 (Radio) --"; null: there is none."""
    line = _match_dateline(text)
    if not line:
        return None
    day = _resolve_dateline(line, published_on)
    start, end = line.span("date")
    when = _When(day, day, 1, "age") if day else _NO_TODAY
    return replace(_mention(text, start, end, "dateline", when), kind="age")


# --- Scanning ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Rule:
    id: str
    pattern: re.Pattern
    resolve: Callable[..., "_When"]
    options: dict


@cache
def _table() -> dict:
    return load(RULES.name)


_LONGEST = 150
"""Characters of a date, at most."""


@cache
def _rules() -> tuple[dict[str, _Rule], PatternScanner[str]]:
    """The rules by id, in their order, and where they may match."""
    table = _table()
    rules = {}
    for row in table["rules"]:
        source = re.sub(r"\{(" + "|".join(table["words"]) + r")\}", lambda m: table["words"][m[1]], row["pattern"])
        pattern = re.compile(_blanks(source) + r"(?!\w)")
        rules[row["id"]] = _Rule(row["id"], pattern, _RESOLVERS[row["resolve"]], row.get("options", {}))
    unnamed = {id: re.sub(r"\(\?P<\w+>", "(?:", rule.pattern.pattern) for id, rule in rules.items()}
    return rules, PatternScanner({id: source.replace("(?P=sep)", "[-/.]") for id, source in unnamed.items()}, _LONGEST)


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(_table()[name].split())


def _blanks(source: str) -> str:
    """A pattern's blanks as white space: one to four characters (a line may break there), one in a character class."""
    out, in_class = [], False
    for token in re.findall(r"\\.| \?|.", source):
        if token in "[]":
            in_class = token == "["
        out.append({" ": r"\s" if in_class else r"\s{1,4}", " ?": r"\s{0,4}"}.get(token, token))
    return "".join(out)


def _scan(text: str, low: str) -> Iterator[tuple[_Rule, re.Match]]:
    """Rules and their matches in `low`, which is `text` in lower case: at one place the first rule."""
    rules, scanner = _rules()
    code, at = encoded(low), 0
    while hit := scanner.first(low, code, at):
        start, possible = hit
        at = start + 1
        if low.startswith("/", start - 1) and start:  # in an address
            continue
        for id in possible:
            match = rules[id].pattern.match(low, start)
            if match and not _is_common_word(text, match):
                yield rules[id], match
                at = match.end()
                break


def _is_common_word(text: str, match: re.Match) -> bool:
    """What would be a month or a weekday is another word, as it has no capital ("may", "sat")."""
    return any(
        match[name].rstrip(".") in _words("capitalised") and text[match.start(name)].islower()
        for name in ("month", "month2", "named", "weekday")
        if name in match.re.groupindex and match[name]
    )


_DATELINE_ENDS = r"\s{0,4}(?:\([^)\n]{1,60}\)\s{0,4}(?:--|-|–|—)|--|–|—|-\s)"
_DATELINE = re.compile(
    r"\s{0,20}(?P<place>(?-i:[A-Z])[^\n,(]{1,40}(?:\s\([^)\n]{1,30}\))?)(?:,[^\n,(\d]{1,30}){0,2},\s{1,4}"
    r"(?P<date>(?P<day>\d{1,2})\s(?P<month>[a-z]{3,9}\.?)(?:\s(?P<year>(?:19|20)?\d\d))?"
    r"|(?P<month2>[a-z]{3,9}\.?)\s(?P<day2>\d{1,2})(?:,?\s(?P<year2>(?:19|20)\d\d))?)" + _DATELINE_ENDS,
    re.IGNORECASE,
)
_DATELINE_END = re.compile(r"(?:\s\d\d)?" + _DATELINE_ENDS)


_LEAD = 2000
_BYLINE = 80
_MAY_BE_DATELINE = re.compile(r",\s.{0,60}\d.{0,60}[-–—]")


def _match_dateline(text: str) -> re.Match | None:
    """The dateline at the start of the text; a correction in brackets and short lines (a byline) may stand before it."""
    at = 0
    for line in text[:_LEAD].split("\n"):
        match = _dateline_at(text, at) if _MAY_BE_DATELINE.search(line) else None
        if match or (len(line) > _BYLINE and not line.startswith("(")):
            return match
        at += len(line) + 1
    return None


def _dateline_at(text: str, at: int) -> re.Match | None:
    """The dateline that begins there."""
    match = _DATELINE.match(text, at)
    return match if match and _month_number(match["month"] or match["month2"]) else None


_DATELINE_REACH = 200


def _in_dateline(text: str, mention: DateMention) -> bool:
    """The mention is the date of a dateline, of the text or of one of its parts."""
    if mention.rule not in _CALENDAR_DAYS or not _DATELINE_END.match(text, mention.end):
        return False
    line = _dateline_at(text, text.rfind("\n", max(0, mention.start - _DATELINE_REACH), mention.start) + 1)
    return line is not None and mention.start < line.end("date") and mention.end > line.start("date")


def _resolve_dateline(line: re.Match, published_on: date | None) -> date | None:
    month, day = _month_number(line["month"] or line["month2"]), int(line["day"] or line["day2"])
    year = line["year"] or line["year2"]
    if year:
        return _day(int(year) if len(year) == 4 else (1900 if year >= "50" else 2000) + int(year), month, day)
    return _nearest(month, day, _Known(published_on, None, None))


def _resolve(rule: _Rule, match: re.Match, known: _Known, ahead: bool) -> _When:
    try:
        return rule.resolve(match, known, ahead, **rule.options)
    except (ValueError, OverflowError):
        # Outside the calendar's years 1 to 9999.
        return _UNRESOLVED


# --- Resolving --------------------------------------------------------------------------------------------------------


def _month_number(word: str | None) -> int | None:
    word = (word or "").lower()[:3]
    return _MONTHS.index(word) + 1 if word in _MONTHS else None


def _weekday_number(word: str) -> int:
    return _WEEKDAYS.index(word.lower()[:3])


def _day(year: int, month: int, day: int) -> date | None:
    """The day, or null where the calendar has none such."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _shift(day: date, n: int, unit: str) -> date | None:
    """`day` moved by `n` units; null outside the calendar. Months and years keep the day where the month has it."""
    if unit not in ("month", "year", "decade"):
        days = n * _UNIT_DAYS.get(unit, 0)
        return day + timedelta(days) if 0 < day.toordinal() + days <= date.max.toordinal() else None
    months = day.year * 12 + day.month - 1 + n * {"month": 1, "year": 12, "decade": 120}[unit]
    year, month = divmod(months, 12)
    if not date.min.year <= year <= date.max.year:
        return None
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _span(start: date | None, end: date | None, kind: str = "point", prec: int | None = None) -> _When:
    if start is None or end is None:
        return _UNRESOLVED
    start, end = min(start, end), max(start, end)
    return _When(start, end, prec or precision(start, end), kind)


def _year(match: re.Match) -> int | None:
    groups = match.groupdict()
    if groups.get("short"):
        return 1900 + int(groups["short"])
    return int(groups["year"]) if groups.get("year") else None


def _with_year(match: re.Match) -> date | None:
    """The day of a match that states day, month and year."""
    groups, year = match.groupdict(), _year(match)
    if not (year and groups.get("day") and groups.get("month")) or "day2" in groups:
        return None
    month = groups["month"]
    return _day(year, int(month) if month.isdigit() else _month_number(month), int(groups["day"]))


def _nearest(month: int, day: int, known: _Known, named: str | None = None, ahead: bool = False) -> date | None:
    """The day of that name on or before the day of writing (after it where it is announced); without one, nearest to
    another day of the text that has a year. A weekday beside it ("Friday, October 28") moves it by a few years where the day
    would be more than 90 days old; a newer one stands, as the weekday is more likely to be wrong.
    """
    base = known.today or known.year_near
    if base is None:
        return None
    days = [d for year in range(base.year + 1, base.year - 7, -1) if (d := _day(year, month, day))]
    if known.today and ahead:
        days = [d for d in days if d >= base]
    elif known.today:
        days = [d for d in days if d <= base]
    days.sort(key=lambda d: abs((d - base).days))
    if named and days and abs(days[0] - base) > _RECENT:
        days = [d for d in days if d.weekday() == _weekday_number(named)] or days
    return days[0] if days else None


def _calendar_day(match: re.Match, known: _Known, ahead: bool) -> _When:
    """A day of the calendar; it stands whatever the weekday beside it (see `_nearest` where the year is missing)."""
    groups = match.groupdict()
    month = int(groups["month"]) if groups["month"].isdigit() else _month_number(groups["month"])
    day = _with_year(match)
    if day is None and _year(match) is None:
        if known.today is None and known.year_near is None:
            return _NO_TODAY
        day = _nearest(month, int(groups["day"]), known, groups.get("named"), ahead)
    return _span(day, day)


def _numeric_day(match: re.Match, known: _Known, ahead: bool) -> _When:
    """Day first or month first: where one order is possible, a weekday decides, dots part them (day first), another day of
    the text tells the order, or only one of the two is of the 31 days before the day of writing.
    """
    first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
    day_first, month_first = _day(year, second, first), _day(year, first, second)
    if match["sep"] == "." or known.day_first is True:
        month_first = None
    elif known.day_first is False:
        day_first = None
    days = {day for day in (day_first, month_first) if day}
    if match["named"]:
        days = {day for day in days if day.weekday() == _weekday_number(match["named"])}
    if len(days) > 1 and known.today:
        days = {day for day in days if timedelta(0) <= known.today - day < _OLD}
    day = days.pop() if len(days) == 1 else None
    return _span(day, day)


def _day_order(matches: Iterable[tuple["_Rule", re.Match]]) -> bool | None:
    """Whether the text writes the day before the month, from a day that can be read in one way only; null: it tells not."""
    for rule, match in matches:
        if rule.id == "numeric_day" and match["sep"] != "." and (int(match["first"]) > 12) != (int(match["second"]) > 12):
            return int(match["first"]) > 12
    return None


def _day_of_month(match: re.Match, known: _Known, ahead: bool) -> _When:
    """A day without its month: of the month that the sentence speaks of, or the nearest to the last day named, else the last
    one on or before the day of writing.
    """
    if known.month and (day := _day(known.month.year, known.month.month, int(match["day"]))):
        return _span(day, day)
    base = known.anchor or known.today
    if base is None:
        return _NO_TODAY
    months = [month for n in (-1, 0, 1) if (month := _shift(base.replace(day=1), n, "month"))]
    days = [day for month in months if (day := _day(month.year, month.month, int(match["day"])))]
    days = [day for day in days if known.today is None or day <= known.today]
    day = min(days, key=lambda d: abs((d - base).days), default=None)
    return _span(day, day)


def _day_range(match: re.Match, known: _Known, ahead: bool) -> _When:
    month, first, last, year = _month_number(match["month"]), int(match["day"]), int(match["day2"]), _year(match)
    if year is None:
        if known.today is None and known.year_near is None:
            return _NO_TODAY
        near = _nearest(month, first, known, ahead=ahead)
        if near is None:
            return _UNRESOLVED
        year = near.year
    if first > last:
        return _UNRESOLVED
    return _span(_day(year, month, first), _day(year, month, last), "period")


def _holiday(match: re.Match, known: _Known, ahead: bool) -> _When:
    """The day of a feast; with "weekend", the Saturday, the Sunday and the feast where it is next to them. A noun after it is
    named for it ("a Halloween party") and may be of another day.
    """
    words = " ".join(match["holiday"].replace("’", "'").split())
    base = known.today or known.year_near
    if _year(match):
        day = _feast(words, _year(match))
    elif base is None:
        return _NO_TODAY
    else:
        years = range(max(base.year - 1, date.min.year), min(base.year + 1, date.max.year) + 1)
        days = [day for year in years if (day := _feast(words, year))]
        if known.today:
            days = [day for day in days if (day >= base if ahead else day <= base)]
        day = min(days, key=lambda d: abs((d - base).days), default=None)
    if day is None or not match["weekend"]:
        own = match.string.endswith((" on ", "\non "), 0, match.start()) or _NO_NOUN.match(match.string, match.end())
        return _span(day, day, "point" if own else "name")
    saturday = _shift(day, (-2, -3, 3, 2, 1, 0, -1)[day.weekday()], "day")
    sunday = saturday and _shift(saturday, 1, "day")
    if saturday is None or sunday is None:
        return _UNRESOLVED
    near = [d for d in (saturday, sunday, day) if abs(d - saturday).days <= 3 and (known.today is None or d <= known.today)]
    return _span(min(near, default=saturday), max(near, default=sunday))


_NO_NOUN = re.compile(
    r"\s{0,2}(?:[^\w\s'’]|$)|\s{1,4}(?:in|at|on|of|when|after|outside|inside|near|during|while|as|and|by|before|following|that|who|"
    r"just|with|from|to|for|last|this|around|about|shortly)\b|\s{1,4}\d"
)


def _feast(words: str, year: int) -> date | None:
    """The day of the feast in that year: its month and day, or the nth (the last: -1) weekday of a month."""
    month, *which = next(days for names, days in _table()["holidays"].items() if words in names.split(", "))
    if len(which) == 1:
        return _day(year, month, which[0])
    nth, weekday = which
    if nth > 0:
        first = date(year, month, 1)
        return _shift(first, (_weekday_number(weekday) - first.weekday()) % 7 + 7 * (nth - 1), "day")
    last = date(year, month, monthrange(year, month)[1])
    return _shift(last, -((last.weekday() - _weekday_number(weekday)) % 7), "day")


def _named_event(match: re.Match, known: _Known, ahead: bool) -> _When:
    day = _EVENTS[match[0]]
    return _When(day, day, 1, "name")


def _unresolved(match: re.Match, known: _Known, ahead: bool) -> _When:
    return _UNRESOLVED


def _month_span(year: int, month: int, part: str | None) -> tuple[date, date]:
    last = monthrange(year, month)[1]
    part = (part or "").lower()
    if "early" in part or "start" in part or "beginning" in part:
        return date(year, month, 1), date(year, month, 10)
    if "mid" in part:
        return date(year, month, 11), date(year, month, 20)
    if "late" in part or "end" in part:
        return date(year, month, 21), date(year, month, last)
    return date(year, month, 1), date(year, month, last)


def _month(match: re.Match, known: _Known, ahead: bool) -> _When:
    groups = match.groupdict()
    month, year, which = _month_number(groups["month"]), _year(match), (groups.get("which") or "").lower()
    part = groups.get("part") or which
    if year is None:
        base = known.today or known.year_near
        if base is None:
            return _NO_TODAY
        if which == "next" or (ahead and known.today):
            year = base.year + (month < base.month)
        else:
            year = base.year - (month > base.month or (which == "last" and month == base.month))
    start, end = _month_span(year, month, part)
    if known.today and start <= known.today < end:
        end = known.today
    return _span(start, end, prec=4)


def _month_of_last_year(match: re.Match, known: _Known, ahead: bool) -> _When:
    if known.today is None:
        return _NO_TODAY
    return _span(*_month_span(known.today.year - 1, _month_number(match["month"]), match["part"]), prec=4)


_NTH = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_AROUND = 7


def _anniversary(match: re.Match, known: _Known, ahead: bool) -> _When:
    """The day beside it so many years earlier, else that of writing, give or take a week."""
    words = match["nth"].replace("-", " ")
    years = _NTH.index(words) + 1 if words in _NTH else 1 + (words == "two year")
    beside = known.anchored_at >= 0 and not _SENTENCE_END.search(match.string, known.anchored_at, match.start())
    if known.anchor and beside:
        return _span(*[_shift(known.anchor, -years, "year")] * 2)
    if known.today is None:
        return _NO_TODAY
    day = _shift(known.today, -years, "year")
    return _span(_shift(day, -_AROUND, "day"), _shift(day, _AROUND, "day")) if day else _UNRESOLVED


def _week_of_month(match: re.Match, known: _Known, ahead: bool) -> _When:
    month = _month(match, known, ahead)
    if month.start is None:
        return month
    first = month.start.replace(day=1)
    which = _ORDINALS.get(match["which"].lower())
    start = (
        _shift(first, 7 * which, "day")
        if which is not None
        else _shift(_month_span(first.year, first.month, None)[1], -6, "day")
    )
    return _span(start, start and _shift(start, 6, "day"))


def _week_of_day(match: re.Match, known: _Known, ahead: bool) -> _When:
    first = _calendar_day(match, known, ahead)
    return first if first.start is None else _span(first.start, _shift(first.start, 6, "day"))


def _month_range(match: re.Match, known: _Known, ahead: bool) -> _When:
    first, last, year = _month_number(match["month"]), _month_number(match["month2"]), _year(match)
    return _span(date(year - (first > last), first, 1), date(year, last, monthrange(year, last)[1]), "period")


def _season(match: re.Match, known: _Known, ahead: bool) -> _When:
    year, month = _year(match), _SEASONS[match["season"].lower()]
    start = date(year, month, 1)
    return _span(start, _shift(start, 3, "month") - timedelta(1), "period", 5)


def _decade(match: re.Match, known: _Known, ahead: bool) -> _When:
    year = int(match["decade"]) * 10
    return _span(date(year, 1, 1), date(year + 9, 12, 31), "period")


def _year_range(match: re.Match, known: _Known, ahead: bool) -> _When:
    first, last = match["year"], match["year2"]
    last = first[: 4 - len(last)] + last
    if int(first) >= int(last):
        return _UNRESOLVED
    return _span(date(int(first), 1, 1), date(int(last), 12, 31), "period")


def _year_part(year: int, words: str) -> tuple[date, date]:
    """The year, or its first or last quarter, or the four months in the middle."""
    words = words.lower()
    if re.search(r"\b(?:early|start|beginning)\b", words):
        return date(year, 1, 1), date(year, 3, 31)
    if re.search(r"\b(?:mid|middle)\b", words):
        return date(year, 5, 1), date(year, 8, 31)
    if re.search(r"\b(?:late|end)\b", words):
        return date(year, 10, 1), date(year, 12, 31)
    return date(year, 1, 1), date(year, 12, 31)


def _whole_year(match: re.Match, known: _Known, ahead: bool) -> _When:
    return _span(*_year_part(_year(match), match[0]), "period", 5)


def _part_of_year(match: re.Match, known: _Known, ahead: bool) -> _When:
    """A quarter, a half, or the first or last N months of a year."""
    year = _year(match)
    if year is None:
        if known.today is None:
            return _NO_TODAY
        year = known.today.year - bool(match["last"])
    months = {"quarter": 3, "half": 6, "months": _count(match)[0]}[match["unit"].lower()]
    which = match["which"].lower()
    first = 13 - months if which == "last" else 1 + months * _ORDINALS[which]
    if first + months > 13 or (which not in ("first", "last") and match["n"]):
        return _UNRESOLVED
    return _span(date(year, first, 1), _shift(date(year, first, 1), months, "month") - timedelta(1), "period", 5)


def _offset_day(match: re.Match, known: _Known, ahead: bool, offsets: dict[str, int] | None = None, offset: int = 0) -> _When:
    if known.today is None:
        return _NO_TODAY
    if offsets:
        word = " ".join(match["word"].lower().split())
        offset = next(days for phrase, days in offsets.items() if phrase in word)
    day = _shift(known.today, offset, "day")
    return _span(day, day)


def _overnight(match: re.Match, known: _Known, ahead: bool) -> _When:
    if known.today is None:
        return _NO_TODAY
    return _span(_shift(known.today, -1, "day"), known.today)


def _weekday(match: re.Match, known: _Known, ahead: bool) -> _When:
    which = (match["which"] or "").strip()
    number = _weekday_number(match["weekday"])
    if which in ("the following", "the previous", "previous"):
        back = which != "the following"
        base = known.anchor or (known.today if back else None)
        if base is None:
            return _NO_TODAY if back else _UNRESOLVED
        days = -((base.weekday() - number) % 7 or 7) if back else ((number - base.weekday()) % 7 or 7)
        return _span(*[_shift(base, days, "day")] * 2)
    if known.today is None:
        return _NO_TODAY
    ago = (known.today.weekday() - number) % 7
    if which in ("next", "coming", "this coming", "the coming") or (ahead and not which):
        days = 7 - ago
    elif which == "this":
        days = number - known.today.weekday()
    else:
        days = -(ago or 7) if which in ("last", "past", "this past") else -ago
    return _span(*[_shift(known.today, days, "day")] * 2)


def _weekday_of_last_week(match: re.Match, known: _Known, ahead: bool) -> _When:
    if known.today is None:
        return _NO_TODAY
    number = _weekday_number(match["weekday"] or match["weekday2"])
    return _span(*[_shift(known.today, number - known.today.weekday() - 7, "day")] * 2)


def _day_of_this_month(match: re.Match, known: _Known, ahead: bool) -> _When:
    if known.today is None:
        return _NO_TODAY
    month = _shift(known.today, -1 if match["which"].lower() == "last" else 0, "month")
    return _span(*[month and _day(month.year, month.month, int(match["day"]))] * 2)


def _weekend(match: re.Match, known: _Known, ahead: bool) -> _When:
    if known.today is None:
        return _NO_TODAY
    saturday = _shift(known.today, -((known.today.weekday() - 5) % 7), "day")
    if saturday is None:
        return _UNRESOLVED
    return _span(saturday, min(_shift(saturday, 1, "day") or saturday, known.today))


def _count(match: re.Match) -> tuple[int, int]:
    """Least and greatest number that the words stand for."""
    word = " ".join((match.groupdict().get("n") or "one").replace("-", " ").split())
    if word in _VAGUE:
        return _VAGUE[word]
    n = int(word) if word.isdigit() else _NUMBERS.get(word, 1)
    return n, n


def _unit(match: re.Match) -> str:
    found = next(value for name, value in match.groupdict().items() if name.startswith("unit") and value)
    return found.lower().removesuffix("s")


def _distance(base: date | None, match: re.Match, sign: int) -> _When:
    if base is None:
        return _UNRESOLVED
    (least, most), unit = _count(match), _unit(match)
    if unit == "hour":
        # Up to six hours stay on the day; longer ones may reach over midnight.
        days = sign * -(-most // 24) if most > 6 else 0
        return _span(_shift(base, min(days, 0), "day"), _shift(base, max(days, 0), "day"))
    exact = match.groupdict().get("exact") is not None
    reach = 0 if exact else _GIVE_OR_TAKE[unit]
    near, far = _shift(base, sign * least, unit), _shift(base, sign * most, unit)
    if near is None or far is None:
        return _UNRESOLVED
    start, end = _shift(min(near, far), -reach, "day"), _shift(max(near, far), reach, "day")
    if start is None or end is None:
        return _UNRESOLVED
    return _span(start, end, prec=precision(start, end) if exact else max(_UNIT_PREC[unit], precision(start, end)))


def _ago(match: re.Match, known: _Known, ahead: bool) -> _When:
    return _distance(known.today, match, -1) if known.today else _NO_TODAY


_SENTENCE_END = re.compile(r"[.!?]['\"”’)]?\s|\n")
_NOW = re.compile(
    r"(?P<opens>(?:^|[.!?;:\n])\s{0,3})$"
    r"|\b(?:comes?|came|coming|is|was|happen(?:s|ed)|occur(?:s|red)|takes place|took place|just|only)\s$"
)


def _distance_after(match: re.Match, known: _Known, ahead: bool) -> _When:
    """ "It came two days after": from the last day named, else from today. "He died Sunday, two days after": from Sunday.
    "Two days after the attack, he died" tells nothing where a day was named before, as that may be the attack's.
    """
    days = _unit(match) in ("hour", "day", "night")
    if known.anchor and known.anchored_at >= 0 and _SAME_CLAUSE.fullmatch(match.string, known.anchored_at, match.start()):
        return _distance(known.anchor, match, -1)
    if known.said and _SAME_CLAUSE.fullmatch(match.string, known.said_at, match.start()):  # "said on Sunday, a day after"
        return _distance(known.said, match, -1)
    now = _NOW.search(match.string, max(0, match.start() - 20), match.start())
    if not now and not (days and known.anchor) and not _DIED.search(match.string, max(0, match.start() - _SIDE), match.start()):
        return _distance(known.today, match, -1) if known.today else _NO_TODAY  # "talks opened a month after the raid"
    if not now or (now["opens"] is not None and ((known.anchor and days) or _unit(match) == "hour")):
        return _UNRESOLVED
    base = known.anchor if days and known.anchor else known.today or known.anchor
    return _distance(base, match, -1) if base else _NO_TODAY


_SAME_CLAUSE = re.compile(
    r"(?:(?:(?!\b(?:died|dying|when|after|before)\b)[^.;:\n]){1,160},)?,?\s{1,4}"
    r"(?:(?:just|only|about|nearly|some|barely)\s)?"
)
"""What may stand between a day and a distance from it: "on Sunday, killing two, the mayor said, a day after"."""
_DIED = re.compile(r"\b(?:die[sd]?|dying|dead|death|succumb\w*|lived)\b[^.;:\n]*$")


def _distance_later(match: re.Match, known: _Known, ahead: bool) -> _When:
    """From the last day named; "thirty years later, nobody was tried" without one counts back from today."""
    if (
        known.anchor is None
        and known.today
        and _unit(match) in ("year", "decade")
        and match.string.startswith(",", match.end())
    ):
        return _distance(known.today, match, -1)
    return _distance(known.anchor, match, 1)


def _distance_earlier(match: re.Match, known: _Known, ahead: bool) -> _When:
    base = known.anchor or known.today
    return _distance(base, match, -1) if base else _NO_TODAY


def _from_anchor(match: re.Match, known: _Known, ahead: bool, days: int) -> _When:
    base = known.anchor or (known.said if days < 0 else None)  # "said on Friday that they were hit the previous evening"
    day = base and _shift(base, days, "day")
    return _span(day, day)


def _earlier_in_the_day(match: re.Match, known: _Known, ahead: bool) -> _When:
    """Of the day that the sentence or the text named last, else of that of writing."""
    day = known.said or known.anchor or known.today
    return _span(day, day) if day else _NO_TODAY


def _days_of_fighting(match: re.Match, known: _Known, ahead: bool) -> _When:
    """The days up to that of writing, or to the one before."""
    return _span(_shift(known.today, -_count(match)[1], "day"), known.today, "period") if known.today else _NO_TODAY


def _unit_span(day: date, unit: str) -> tuple[date, date]:
    """First and last day of the week (from Monday), month or year that holds `day`."""
    if unit == "week":
        start = _shift(day, -day.weekday(), "day") or date.min
        return start, _shift(start, 6, "day") or date.max
    if unit == "month":
        return _month_span(day.year, day.month, None)
    return date(day.year, 1, 1), date(day.year, 12, 31)


def _since_start(match: re.Match, known: _Known, ahead: bool) -> _When:
    if known.today is None:
        return _NO_TODAY
    prec = _UNIT_PREC[_unit(match)]
    return _span(_unit_span(known.today, _unit(match))[0], known.today, "period", prec)


def _past_units(match: re.Match, known: _Known, ahead: bool) -> _When:
    if known.today is None:
        return _NO_TODAY
    (_, most), unit = _count(match), _unit(match)
    if unit == "hour" or (unit == "day" and not match["n"]):  # "the past day" is that of 24 hours
        most = most if unit == "hour" else 24
        return _span(_shift(known.today, -((most + 23) // 24), "day"), known.today, "period")
    start = _shift(known.today, -most, unit)
    start = start and _shift(start, 1, "day")
    if start is None:
        return _UNRESOLVED
    return _span(start, known.today, "period", max(precision(start, known.today), _UNIT_PREC[unit]))


def _recent_units(match: re.Match, known: _Known, ahead: bool) -> _When:
    if known.today is None:
        return _NO_TODAY
    unit = _unit(match)
    start = _shift(known.today, -{"day": 6, "week": 27, "month": 182, "year": 1825}[unit], "day")
    return _span(start, known.today, "period")


def _this_unit(match: re.Match, known: _Known, ahead: bool) -> _When:
    if known.today is None:
        return _NO_TODAY
    unit, part = _unit(match), (match["part"] or "").lower()
    start, end = _unit_span(known.today, unit)
    if part == "later" or ahead:
        return replace(_span(known.today, end), kind="future")
    if start == known.today and part == "earlier" and unit == "week":
        start = _shift(known.today, -1, "day")
    prec = None if unit == "week" else _UNIT_PREC[unit]
    return _span(start, known.today, "period" if unit == "year" else "point", prec)


def _start_of_the_week(match: re.Match, known: _Known, ahead: bool) -> _When:
    """Its Monday and Tuesday, as far as they have come."""
    if known.today is None:
        return _NO_TODAY
    monday = _unit_span(known.today, "week")[0]
    return _span(monday, min(_shift(monday, 1, "day") or monday, known.today))


def _last_unit(match: re.Match, known: _Known, ahead: bool) -> _When:
    if known.today is None:
        return _NO_TODAY
    unit = _unit(match)
    before = _shift(_unit_span(known.today, unit)[0], -1, "day")
    if before is None:
        return _UNRESOLVED
    start, end = _unit_span(before, unit)
    if match["part"] and unit == "month":
        start, end = _month_span(before.year, before.month, match["part"])
    if match["part"] and unit == "year":
        start, end = _year_part(before.year, match["part"])
    return _span(start, end, "period" if unit == "year" else "point", _UNIT_PREC[unit])


def _next_unit(match: re.Match, known: _Known, ahead: bool) -> _When:
    if known.today is None:
        return _NO_TODAY
    unit = _unit(match)
    after = _shift(_unit_span(known.today, unit)[1], 1, "day")
    if after is None:
        return _UNRESOLVED
    return _span(*_unit_span(after, unit), "future", _UNIT_PREC[unit])


_RESOLVERS = {
    "calendar_day": _calendar_day,
    "numeric_day": _numeric_day,
    "day_range": _day_range,
    "holiday": _holiday,
    "named_event": _named_event,
    "unresolved": _unresolved,
    "month": _month,
    "month_of_last_year": _month_of_last_year,
    "anniversary": _anniversary,
    "month_range": _month_range,
    "week_of_month": _week_of_month,
    "week_of_day": _week_of_day,
    "season": _season,
    "decade": _decade,
    "year_range": _year_range,
    "year": _whole_year,
    "day_of_month": _day_of_month,
    "offset_day": _offset_day,
    "overnight": _overnight,
    "weekday": _weekday,
    "weekend": _weekend,
    "weekday_of_last_week": _weekday_of_last_week,
    "day_of_this_month": _day_of_this_month,
    "part_of_year": _part_of_year,
    "ago": _ago,
    "distance_after": _distance_after,
    "distance_later": _distance_later,
    "distance_earlier": _distance_earlier,
    "from_anchor": _from_anchor,
    "earlier_in_the_day": _earlier_in_the_day,
    "days_of_fighting": _days_of_fighting,
    "since_start": _since_start,
    "past_units": _past_units,
    "recent_units": _recent_units,
    "this_unit": _this_unit,
    "last_unit": _last_unit,
    "start_of_the_week": _start_of_the_week,
    "next_unit": _next_unit,
}


def _mention(text: str, start: int, end: int, rule: str, when: _When) -> DateMention:
    return DateMention(when.start, when.end, when.prec, text[start:end], start, end, rule, when.kind, when.reason)


# --- Pairs and context ------------------------------------------------------------------------------------------------

_FROM = re.compile(r"\b(?:from|between|starting)\s{1,4}(?:the\s|on\s)?$")
_SINCE = re.compile(
    r"\bsince\s{1,4}(?:(?:the\s|its\s|their\s)?(?:[\w'’-]{1,20}\s){1,5}(?:began|started|erupted|broke\sout|campaign|war|conflict|"
    r"offensive|invasion|uprising|siege|takeover)\s(?:in\s|on\s)?)?(?:the\s|early\s|late\s|around\s)?$"
)
_JOIN = re.compile(
    r"\s{0,3}(?P<word>to|and|or|until|till|through|into|-|–|—)\s{0,3}(?:the\s|on\s|early\s|(?:the\s)?morning of\s)?"
)
_OVERNIGHT_JOIN = re.compile(r"\s{1,3}(?P<word>on\s|into\s|to\s|of\s|from\s|between\s)?(?:the\s|early\s)?")
_NIGHT = re.compile(r"\bnight\s(?:of|from|between)\s(?:the\s)?$")
_NIGHT_TO = re.compile(r"\bnight\s(?:to|into)\s(?:the\s)?$")
_A_NIGHT = ("into", "or")
"""Words that join two days to one time."""

_Found = tuple[re.Match, DateMention]


def _pairs(text: str, low: str, found: list[_Found], today: date | None) -> Iterator[DateMention]:
    """Puts together "from X to Y", "X to Y", "overnight into X", "overnight X to Y" and "since X"."""
    at = done = 0
    while at < len(found):
        mention = found[at][1]
        paired = at + 1 < len(found) and _pair(text, low, found[at], found[at + 1])
        if paired:
            at += 1
            following = found[at + 1] if at + 1 < len(found) else None
            if mention.rule == "overnight" and following and (to := _pair(text, low, found[at], following)):
                paired = _mention(text, mention.start, to.end, "overnight", _span(to.date_start, to.date_end))
                at += 1
        elif (
            mention.date_prec == 1
            and mention.kind == "point"
            and _NIGHT_TO.search(low, max(0, mention.start - 30), mention.start)
        ):
            paired = replace(mention, date_start=_shift(mention.date_start, -1, "day") or mention.date_start, date_prec=2)
        elif (
            mention.kind == "period"
            and mention.date_prec == 2
            and _NIGHT.search(low, max(0, mention.start - 20), mention.start)
        ):
            paired = replace(mention, kind="point")
        mention = paired or _since(text, low, mention, today)
        yield replace(mention, start=done, phrase=text[done : mention.end]) if mention.start < done else mention
        done = mention.end
        at += 1


def _pair(text: str, low: str, left: _Found, right: _Found) -> DateMention | None:
    (first, a), (second, b) = left, right
    if a.date_start is None or b.date_start is None or b.start - a.end > 20:
        return None
    between = low[a.end : b.start]
    if a.rule == "ago":
        return _ago_from(text, low, left, right) if between.isspace() and b.rule in ("weekday", "near_day") else None
    if a.rule == "overnight":
        join = _OVERNIGHT_JOIN.fullmatch(between)
        if not join or b.rule == "overnight" or b.date_prec != 1:
            return None
        forward = (join["word"] or "").strip() in ("", "on", "of")
        other = _shift(b.date_start, 1 if forward else -1, "day")
        return other and _mention(text, a.start, b.end, "overnight", _span(b.date_start, other))
    join = _JOIN.fullmatch(between)
    if not join:
        return None
    before = low[max(0, a.start - 20) : a.start]
    opening, word = _FROM.search(before), join["word"]
    if (word == "and" and not (opening and "between" in opening[0])) or (word == "into" and a.rule != "weekday"):
        return None
    start, end = a.date_start, b.date_end
    if start > end:
        if a.rule == "weekday":
            start = _shift(start, -7, "day")
        elif first.groupdict().get("year") is None and second.groupdict().get("year"):
            start = _day(end.year - (start.month > end.month), start.month, start.day)
    if start is None or start > end:
        return None
    if first.groupdict().get("year") is None and second.groupdict().get("year") and start.year != end.year:
        start = _day(end.year - ((start.month, start.day) > (end.month, end.day)), start.month, start.day) or start
    one_time = word in _A_NIGHT or (_NIGHT.search(before) is not None)
    if one_time and (end - start).days != 1:
        return None
    begin = a.start - (len(opening[0]) if opening else 0)
    when = _span(start, end, "point" if one_time else "period")
    return _mention(text, begin, b.end, "into_day" if one_time else "from_to", when)


def _ago_from(text: str, low: str, left: _Found, right: _Found) -> DateMention | None:
    """ "A year ago Sunday", "two months ago today": that day so much earlier."""
    (match, a), (_, b) = left, right
    (n, most), unit = _count(match), _unit(match)
    day = _shift(b.date_start, -n, unit) if n == most and unit in ("month", "year") else None
    return day and _mention(text, a.start, b.end, "ago", _span(day, day))


def _since(text: str, low: str, mention: DateMention, today: date | None) -> DateMention:
    """The mention as a period up to the day of writing where "since" stands before it or begins it."""
    before = low[max(0, mention.start - 80) : mention.start]
    opening = _SINCE.search(before) if "since" in before else None
    of_a_day = low.startswith(", when ", mention.end) or mention.phrase.endswith(("'s", "’s"))
    if opening and (mention.date_prec or 5) < 5 and of_a_day:
        return mention  # "in hospital since Sunday, when he was shot", "the first class since Sunday's raid"
    begins = low.startswith("since", mention.start) and mention.rule in ("month", "year")
    if not (opening or begins) or mention.date_start is None or today is None or mention.date_start > today:
        return mention
    start = mention.start - (len(opening[0]) if opening else 0)
    when = _span(mention.date_start, today, "period")
    return _mention(text, start, mention.end, "since", when)


_SHORT = 90
"""Characters of a line beside the date that says when a text was published, at most."""
_MOST_BETWEEN = 7
"""Words between a word of saying and the day that it was said on, at most."""
_CUE_REACH = 110
_SAID_AFTER = re.compile(r"\s{1,3}(?:also\s|had\s)?(?P<word>\w{3,12})")
_ATTRIBUTIVE = re.compile(
    r"(?:,?\s(?:19|20)\d\d)?\s{1,3}(?:hamas\s|terror(?:ist)?\s)?(?:attacks?|massacre|assault|uprising|coup|bombings?|war)\b"
)
_WHICH_KILLED = re.compile(
    r"[^.;,\n]{0,60},?\s(?:which|that|in\swhich|when|where)\s[^.;,\n]{0,40}\b(?:kill|claim|wound|injur|died|left|dead)"
)
"""What follows a day in the name of an attack where its victims are told: "the 3 May bombing in X, which killed four"."""
_OF_AN_EVENT = re.compile(
    r"\s{1,3}(?:[a-z][a-z-]{2,14}\s){0,2}?(?:deaths?|case|incident|shootings?|attacks?|killings?|murders?|slayings?|homicides?|"
    r"stabbings?|bombings?|blasts?|explosions?|massacre|raids?|ambush|(?:air)?strikes?)\b"
)
_CALENDAR_DAYS = ("month_day", "day_month", "month_day_year", "day_month_year", "day_month_short_year")


_PUT_AT = re.compile(
    r"\s(?:(?:puts?|placed)\sat\s|(?:puts?|placed|gave|raised|revised|lowered|updated)\s(?:an?|the|its|their)\s"
    r"(?:[a-z]{2,10}\s){0,2}(?:toll|number|figure|count)\b)"
)
_RUBBLE = re.compile(r"[^.;\n]{0,60}\b(?:rubble|ruins|debris|wreckage|collapsed)\b")
_TIME = re.compile(r"\d{1,2}[:.]\d\d")
_FAR_WORDS = 12
_SIDE = 110
"""Characters to each side that hold these words."""
_WORD_OR_END = re.compile(r"(?<!explosive )(?<![a-z])([a-z]{3,20})|(?<!\b\w)[.;:!?](?:\s|$)|\n")
"""A word, or nothing where a sentence ends."""
_AT_A_FUNERAL = re.compile(
    r"\s(?:at|during|for)\s(?:the|a|his|her|their)\s(?:\w{2,12}\s)?(?:funerals?|burials?|vigils?)\sof\b"
    r"|\s(?:\w{2,12}\s){0,3}(?:search|searching|looking|hunt|hunting)\s(?:for|of)\b"
    r"|\sfor\s(?:the|those|all)\s(?:[\w-]{2,12}\s){0,4}who\s(?:was|were|had\sbeen)\b"
    r"|\s(?:to|in)\s(?:remember|mourn|honou?r|mark|pray|protest|memory|demand|grieve|bury|demonstrate|call\sfor)\b"
)
UPDATES = frozenset({"rose", "rescue", "mourning", "tallied"})
"""Cues of data/dates.yaml for what goes on for days after an attack: bodies are found and counted, the dead are mourned."""
_COUNTED = frozenset({"rose", "tallied"})
HAS_RISEN = re.compile(
    r"\s(?:has|have|had)\s(?:now\s|since\s|further\s)?"
    r"(?:risen|climbed|increased|grown|gone\sup|jumped|reached|soared|mounted|passed|been\s(?:raised|revised))\b"
)
"""What follows a day that is of the attack, and not of its toll: "the toll of the strike on Sunday has risen"."""
_AFTER = re.compile(r",?\s(?:(?:\w+\s){1,3}(?:hour|day|week|month|year)s?|hours|days|weeks|months|years)\safter\b")


@cache
def _stamp() -> re.Pattern:
    """What may stand beside the date in a line that says when a text was published."""
    clock = _table()["words"]["clock"]
    return re.compile(rf"\s{{0,3}}(?:{clock}\s{{0,3}}){{0,6}}(?:(?:last )?(?:updated|posted|published)\b.{{0,60}})?")


@cache
def _before() -> tuple[PatternSet[str], dict[str, re.Pattern]]:
    sources = {name: source.replace("{clock}", _table()["words"]["clock"]) for name, source in _table()["before"].items()}
    return PatternSet(sources), {name: re.compile(source) for name, source in sources.items()}


def _cues(low: str, start: int) -> set[str]:
    """What stands before a mention, of the kinds that `before` in the table names."""
    words = low[max(0, start - _CUE_REACH) : start]
    possible, patterns = _before()
    return {name for name in possible.possible(words) if patterns[name].search(words)}


def _is_stamp(low: str, mention: DateMention, today: date | None) -> bool:
    """The line is no more than a date with a time of the clock, or with the day of writing: when it was published."""
    before = low[max(0, mention.start - _SHORT - 1) : mention.start].rpartition("\n")[2]
    after = low[mention.end : mention.end + _SHORT + 1].partition("\n")[0]
    if len(before) > _SHORT or len(after) > _SHORT or not (_stamp().fullmatch(before) and _stamp().fullmatch(after)):
        return False
    near = today is not None and mention.date_start is not None and abs(today - mention.date_start).days <= 1
    alone = mention.start > len(before) or mention.end + len(after) < len(low)  # there are other lines
    return bool(_TIME.search(before) or _TIME.search(after) or (near and mention.rule in _CALENDAR_DAYS and alone))


def names_event(low: str, mention: DateMention) -> bool:
    """Whether the day is that of an event which it stands before: "charged in the Feb. 3 death of a neighbour"."""
    own = mention.rule in _CALENDAR_DAYS and low.endswith((" a ", " an ", " the "), 0, mention.start)
    return own and _OF_AN_EVENT.match(low, mention.end) is not None


def _tells_of(low: str, start: int, end: int) -> str | None:
    """What happened at the time that a span names: "happening" (what is told), "following" (an arrest, a day in court, a
    funeral) or "dying", by the nearest such word of the sentence, up to twelve words away; null where there is none. Of the
    dead it is only told where nothing else is ("he died on Sunday").
    """
    # "Monday's raid", "a Feb. 3 raid": what stands before is of another day.
    owner = low.startswith(("'s", "’s"), end - 2) or low.endswith((" a ", " an "), 0, start)
    before = [] if owner else _WORD_OR_END.findall(low[max(0, start - _SIDE) : start])[: -_FAR_WORDS - 1 : -1]
    after = [] if HAS_RISEN.match(low, end) else _WORD_OR_END.findall(low[end : end + _SIDE])
    kinds, sides, dying = _kinds(), [side for side in (before, after) if side], None
    for n in range(_FAR_WORDS):
        for side in sides:
            word = side[n] if n < len(side) else ""
            kind = kinds.get(word)
            if kind == "dying" or (dying and kind == "following"):
                dying = "dying"
            elif kind:
                return kind
            if not word:  # the sentence ends
                sides = [other for other in sides if other is not side]
    return dying


@cache
def _kinds() -> dict[str, str]:
    return {word: kind for kind in ("dying", "following", "happening") for word in _words(kind)}


def _is_of_a_funeral(low: str, mention: DateMention) -> bool:
    """ "Crowds gathered on Friday at the funerals of two", "to protest against the killing of two", "police were on Friday
    searching for the gunman": nothing that happened is told right before.
    """
    before = _WORD_OR_END.findall(low[max(0, mention.start - 30) : mention.start])
    return _AT_A_FUNERAL.match(low, mention.end) is not None and _words("happening").isdisjoint(before)


_CLAUSE_END = re.compile(
    r"[.;:!?\n]|,\s|\b(?:who|which|that|where|after|over|for|against|following|since|because|and|of|on the heels)\s"
)


def _is_of_a_reaction(low: str, mention: DateMention) -> bool:
    """The clause of the day tells what people did after an attack ("hundreds marched on Sunday"), and of no attack."""
    before = _CLAUSE_END.split(low[max(0, mention.start - _SIDE) : mention.start])[-1]
    after = _CLAUSE_END.split(low[mention.end : mention.end + _SIDE], maxsplit=1)[0]
    told = {*before.split(), *after.split()}
    return not _words("reacting").isdisjoint(told) and _words("happening").isdisjoint(told) and _words("dying").isdisjoint(told)


def _of_rubble(low: str, mention: DateMention) -> bool:
    """Rubble is told of beside the day, out of which somebody was brought then."""
    before = _WORD_OR_END.findall(low[max(0, mention.start - _SIDE) : mention.start])
    told = before[len(before) - before[::-1].index("") :] if "" in before else before
    return not _words("rubble").isdisjoint(told) or _RUBBLE.match(low, mention.end) is not None


def _after_saying(text: str, start: int) -> bool:
    """Whether a word of saying stands before, and then no more than by whom, where and how ("said in a statement on")."""
    before = text[max(0, start - 120) : start].rpartition("\n")[2].split()
    for word in before[: -_MOST_BETWEEN - 2 : -1]:
        last = word.lower().lstrip("\"'“‘([-–—").rpartition("-")[2]
        if last in _words("saying"):
            return True
        if last not in _words("between_saying_and_day") and not (word[0].isupper() and word.isalnum()):
            return False
    return False


def _is_of_words(text: str, low: str, match: re.Match) -> bool:
    """The day is one on which somebody spoke, or that of the dateline: no day that "a day earlier" counts from."""
    return _after_saying(text, match.start()) or _DATELINE_END.match(low, match.end()) is not None


def _contextual(text: str, low: str, mention: DateMention, today: date | None) -> DateMention:
    """The mention with the kind that the words around it give."""
    if _in_dateline(text, mention):
        return replace(mention, kind="age", rule="dateline")
    if mention.kind != "point":
        told = mention.kind == "period" and mention.date_prec == 2 and _tells_of(low, mention.start, mention.end)
        return replace(mention, tells_of=told) if told else mention
    old = mention.date_start is None or (today is not None and today - mention.date_start > _OLD)
    if old and mention.rule in _CALENDAR_DAYS and (named := _ATTRIBUTIVE.match(low, mention.end)):
        if mention.date_start and _WHICH_KILLED.match(low, named.end()):
            return replace(mention, tells_of="happening")
        return replace(mention, kind="name")
    if low.startswith(("'s ", "’s "), mention.end):
        # "ISIS claimed Thursday's attack"
        return mention
    cues = _cues(low, mention.start)
    if "born" in cues or ("began" in cues and mention.rule != "ago"):
        return replace(mention, kind="name")
    counted = _PUT_AT.match(low, mention.end) or ("unearthed" in cues and _of_rubble(low, mention))
    if cues & UPDATES or counted:
        return replace(mention, kind="sequel", tells_of="update")
    if "as_reported" in cues:
        return mention
    if "stamped" in cues or _is_stamp(low, mention, today):
        return replace(mention, kind="age")
    said = _SAID_AFTER.match(low, mention.end)
    if cues & {"as_of", "posted"} or (said and said["word"] in _words("saying")) or _after_saying(text, mention.start):
        return replace(mention, kind="age")
    died_of_it = "died" in cues and _AFTER.match(low, mention.end)  # "died Sunday, a day after he was shot"
    tells_of = "happening" if names_event(low, mention) else _tells_of(low, mention.start, mention.end)
    if mention.date_prec == 1 and tells_of != "dying" and _is_of_a_reaction(low, mention):
        return replace(mention, kind="sequel", tells_of="update")
    follows = tells_of == "following" and mention.date_prec == 1
    if died_of_it or follows or cues & {"suspect", "held", "seeking"} or _is_of_a_funeral(low, mention):
        return replace(mention, kind="sequel")
    return replace(mention, tells_of=tells_of) if tells_of else mention
