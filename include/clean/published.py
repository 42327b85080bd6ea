"""When an article was published, as the page or its listing states it: never the day of the crawl, never a guess.

`on` is the calendar day at the outlet as printed; `at` is set only where a time with its zone is stated.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

import yaml
from lxml.html import HtmlElement

from include.clean.metadata import Metadata, below_headline

_METAS = (
    "article:published_time",
    "og:article:published_time",
    "og:published_time",
    "datepublished",
    "article.published",
    "date.published",
    "publishdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "published-date",
    "pubdate",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "citation_publication_date",
    "citation_online_date",
    "dc.date.issued",
    "dcterms.issued",
    "article:published",
)
_WEAK_METAS = ("dcterms.created", "dcterms.date", "dc.date", "date")  # some sites put the day of the request here
_CALENDAR = yaml.safe_load((Path(__file__).parent / "data" / "calendar.yaml").read_text(encoding="utf-8"))
_MONTHS = {name: number for number, names in _CALENDAR["months"].items() for name in names}
_WEEKDAYS = "|".join(name for names in _CALENDAR["weekdays"] for name in names)
_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
_MONTH = rf"(?P<month>{_NAMES})(?:\s?/\s?(?P<again>{_NAMES}))?\b\.?"
_IN_WORDS = (
    re.compile(rf"\b{_MONTH}\s{{0,3}}(?P<day>[0-3]?\d)(?:st|nd|rd|th)?\s{{0,3}},?\s{{1,3}}(?P<year>(?:19|20)\d\d)\b", re.I),
    re.compile(
        rf"\b(?P<day>[0-3]?\d)(?:st|nd|rd|th|er)?[\s-]{{1,3}}(?:of\s)?{_MONTH}[\s,\u060c-]{{1,3}}(?P<year>(?:19|20)\d\d)\b",
        re.I,
    ),
    re.compile(r"\b(?P<year>(?:19|20)\d\d)[-/.](?P<month>[01]?\d)[-/.](?P<day>[0-3]?\d)\b"),
)
_NUMERIC = re.compile(r"(?<![\d/.-])(\d{1,2})([-/.])(\d{1,2})\2((?:19|20)\d\d)\b")
_BESIDE_A_DATE = re.compile(
    rf"\b(?:published|posted|publi\u00e9|on|at|le|{_WEEKDAYS})\b|\(\w+(?: \w+)?\)|\bby [\w .,'-]{{3,80}}$"
    r"|\d{1,2}[:.]\d\d|[\W_]",
    re.I,
)
_DIGITS = {zero + n: str(n) for zero in (0x660, 0x6F0) for n in range(10)}
_IN_URL = re.compile(
    r"(?:^|[/_-])(?P<year>(?:19|20)\d\d)(?:[/-](?P<month>\d{1,2}|[a-z]{3})[/-](?P<day>\d{1,2})|(?P<month2>[01]\d)(?P<day2>[0-3]\d))"
    r"(?=$|[/_.-])",
    re.I,
)
_ISO = re.compile(
    r"^(\d{4})-?(\d\d)-?(\d\d)(?:[T ]{1,2}(\d\d):?(\d\d)(?::?(\d\d))?(?:[.,]\d{1,9})?\s?(Z|UTC|GMT|[+-]\d\d(?::?\d\d)?)?)?$",
    re.I,
)
_PLACES_OF_DATES = re.compile(r"date|time|publish|posted|byline|dateline|entry-meta|post-meta|article-meta|article-info", re.I)
_OTHER_DATES = re.compile(
    r"updat|modif|edit|incident|event|expir|comment|copyright|related|sidebar|footer|widget|born|current|today|clock", re.I
)
_OTHER_DATE_WORDS = re.compile(
    r"\b(?:updated|modified|edited|incident|event|strike|attack|expires|born|died|copyright|since)\b|\u00a9", re.I
)
_NOT_THE_ARTICLE = frozenset({"aside", "footer", "nav", "form", "figure", "blockquote"})
_OTHER_BOXES = re.compile(
    r"(?:^|[\s_-])(?:related|sidebar|comments?|recommend\w*|teasers?|latest|popular|widget(?!_message))(?:$|[\s_-])", re.I
)
_DATELINE_LENGTH = 160
_READ = 2000
_WEEKS = timedelta(days=14)
_TOP = 3
_WIDEST_ZONE = timedelta(hours=14)
_FIRST_YEAR = 1900
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class Published:
    """Publication as stated. `source` is one of PUBLISHED_SOURCES; `refused` says which statements were not believed."""

    on: date | None = None
    at: datetime | None = None
    tz: str | None = None
    source: str | None = None
    refused: tuple[str, ...] = ()


def read_published(
    tree: HtmlElement, metadata: Metadata, *, url: str, listed: str | None, text: str, fetched_at: datetime
) -> Published:
    """Find when the article was published.

    Believed in this order: JSON-LD, meta elements, a time element of the article, the listing that named the page, the URL, a
    dateline near the top. A date after the capture (`fetched_at`, with its zone) or of no real day is refused, and the next
    one is asked. Where the time is given in UTC and another statement gives the same moment in the outlet's own time, or the
    page or its URL prints the day before or after, that day stands: outlets store in UTC and print their own day.
    """
    refused: dict[str, None] = {}
    best: tuple[str, Published] | None = None
    for source, written in _stated(tree, metadata, url, listed, text):
        found = parse_stated(written)
        if found is None:
            continue
        if reason := _reason_to_refuse(found, fetched_at):
            refused[f"{source} says {written[:60]!r}, which is {reason}"] = None
        elif best is None:
            best = source, found
            if found.tz != "+00:00":
                break
        elif found.at == best[1].at and found.tz != best[1].tz:
            best = source, found
            break
        elif _prints_another_day(source, found, best[1]):
            best = source, replace(best[1], on=found.on)
            break
    if best is None:
        return Published(refused=tuple(refused))
    source, found = best
    if found.at and found.at > fetched_at:  # by some hours: a local time that carries the wrong zone
        found = Published(found.on)
    return replace(found, source=source, refused=tuple(refused))


def parse_stated(written: str) -> Published | None:
    """A date as machines and pages write it: ISO 8601, RFC 822, "11 April 2022", "April 11, 2022", the like in the languages of
    `data/calendar.yaml`, 25/04/2022. Null for anything else, days that the calendar does not have, and 04/11/2022, which may be
    April or November."""
    written = written.strip().translate(_DIGITS)
    if match := _ISO.match(written):
        return _from_iso(match)
    if (at := _rfc822(written)) is not None:
        return at
    for pattern in _IN_WORDS:
        if match := pattern.search(written):
            day = _day_in_words(match)
            return Published(day) if day else None
    days = _readings(written)
    return Published(days.pop()) if len(days) == 1 else None


def _readings(written: str) -> set[date]:
    """The days that a date in figures can mean: 04/11/2022 two, 25/04/2022 one."""
    if not (match := _NUMERIC.search(written)):
        return set()
    first, _, second, year = match.groups()
    return {day for month, of_month in ((first, second), (second, first)) if (day := _day(year, month, of_month))}


def _settled(written: str, text: str) -> str:
    """The words of a date; where they can mean two days, the one up to which a date in the text leads, if there is one."""
    days = _readings(written)
    if len(days) < 2:
        return written
    told = [day for pattern in _IN_WORDS for match in pattern.finditer(text[:_READ]) if (day := _day_in_words(match))]
    near = [day for day in days if any(timedelta(0) <= day - other <= _WEEKS for other in told)]
    return near[0].isoformat() if len(near) == 1 else written


def _from_iso(match: re.Match) -> Published | None:
    year, month, day, hour, minute, second, zone = match.groups()
    on = _day(year, month, day)
    if on is None or hour is None or zone is None:
        return Published(on) if on else None
    try:
        local = datetime(on.year, on.month, on.day, int(hour), int(minute), min(int(second or 0), 59), tzinfo=_offset(zone))
        return Published(on, local.astimezone(UTC), _written_offset(local))
    except (ValueError, OverflowError):
        return Published(on)


def _offset(zone: str) -> timezone:
    if zone.upper() in ("Z", "UTC", "GMT"):
        return UTC
    digits = zone[1:].replace(":", "").ljust(4, "0")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if zone[0] == "-" else offset)


def _rfc822(written: str) -> Published | None:
    if not re.match(r"(?:[A-Za-z]{3,9},?\s)?\d{1,2}\s[A-Za-z]{3,9}\s\d{2,4}\s\d{1,2}:\d\d", written):
        return None
    try:
        local = parsedate_to_datetime(written)
        if local.tzinfo is None:
            return Published(local.date())
        return Published(local.date(), local.astimezone(UTC), _written_offset(local))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _written_offset(local: datetime) -> str:
    return local.isoformat()[-6:]


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month) if month.isdigit() else _MONTHS.get(month.lower(), 0), int(day))
    except ValueError:
        return None


def _day_in_words(match: re.Match) -> date | None:
    again = match.groupdict().get("again") or match["month"]
    day, other = (_day(match["year"], month, match["day"]) for month in (match["month"], again))
    return day if day == other else None


def _stated(tree: HtmlElement, metadata: Metadata, url: str, listed: str | None, text: str) -> Iterator[tuple[str, str]]:
    """What is stated, most trusted first: where it stands (PUBLISHED_SOURCES) and the words."""
    stated = metadata.article.get("datePublished") or metadata.article.get("uploadDate")
    if isinstance(stated, str):
        yield "json_ld", stated
    for name in _METAS:
        if name in metadata.metas:
            yield "meta", metadata.metas[name]
    yield from (("time_element", words) for words in _time_elements(tree))
    if listed:
        yield "feed", listed
    if written := _date_in_url(url):
        yield "url", written
    for name in _WEAK_METAS:
        if name in metadata.metas:
            yield "meta", metadata.metas[name]
    yield from (("text", _settled(words, text)) for words in _printed(tree, metadata.title, text))


def _time_elements(tree: HtmlElement) -> Iterator[str]:
    """Dates of time elements (and of itemprop=datePublished) that belong to the article, the marked ones first."""
    marked, others = [], []
    for element in tree.xpath(".//time | .//*[@itemprop='datePublished'][not(self::meta)]"):
        written = element.get("datetime") or element.get("content") or element.text_content()
        labels = f"{element.get('class') or ''} {element.get('itemprop') or ''} {element.text_content()[:40]}"
        if not written or not _of_the_article(element) or _OTHER_DATES.search(labels):
            continue
        is_marked = (
            element.get("pubdate") is not None or element.get("itemprop") == "datePublished" or "publish" in labels.lower()
        )
        if is_marked or _near_headline(element):
            (marked if is_marked else others).append(written)
    yield from (*marked, *others[:1])


def _of_the_article(element: HtmlElement) -> bool:
    for ancestor in element.iterancestors():
        if ancestor.tag in _NOT_THE_ARTICLE or _OTHER_BOXES.search(f"{ancestor.get('class') or ''} {ancestor.get('id') or ''}"):
            return ancestor.tag in ("html", "body")
    return True


def _near_headline(element: HtmlElement) -> bool:
    """Whether an element stands in the article or in one box with a headline, not in the top of the site (the day's date); or
    is the only one on a page without headlines (a post).
    """
    for ancestor in element.iterancestors():
        if ancestor.tag == "body":
            return len(ancestor.xpath(".//h1 | .//article | .//main | .//time")) == 1
        if ancestor.tag in ("article", "main") or ancestor.find(".//h1") is not None:
            return True
    return False


def _date_in_url(url: str) -> str | None:
    for match in _IN_URL.finditer(urlsplit(url).path):
        day = _day(match["year"], match["month"] or match["month2"], match["day"] or match["day2"])
        if day:
            return day.isoformat()
    return None


def _printed(tree: HtmlElement, title: str | None, text: str) -> Iterator[str]:
    """Dates printed near the headline or right below it, then one in the first words of the text (a dateline)."""
    for element in tree.iter("div", "span", "p", "li", "small", "i", "em", "td", "h6", "h5", "h4"):
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        if not _PLACES_OF_DATES.search(names) or _OTHER_DATES.search(names):
            continue
        words = " ".join(element.text_content().split())
        if len(words) > _DATELINE_LENGTH or _OTHER_DATE_WORDS.search(words) or not _has_date(words):
            continue
        if _of_the_article(element) and _near_headline(element):
            yield words
            break
    yield from _below_headline(tree, title)
    top = text[:_DATELINE_LENGTH].split("\n\n", 1)[0]
    for line in top.splitlines()[:3]:
        if _is_dateline(line):
            yield line
            break


def _below_headline(tree: HtmlElement, title: str | None) -> Iterator[str]:
    """A date that stands alone in the first words below the headline, whatever its markup."""
    yield from islice(filter(_is_dateline, below_headline(tree, title)), 1)


def _has_date(words: str) -> bool:
    return any(p.search(words.translate(_DIGITS)) for p in (*_IN_WORDS, _NUMERIC))


def _is_dateline(line: str) -> bool:
    """A line that is little but a date ("Published: 11 April 2022"), or a date before the dash that opens a report."""
    line = line.translate(_DIGITS)
    for pattern in (*_IN_WORDS, _NUMERIC):
        if match := pattern.search(line):
            rest = line[: match.start()] + line[match.end() :]
            opening = line[match.end() :][:40]
            is_alone = len(rest) <= 40 and not _OTHER_DATE_WORDS.search(rest) and len(rest.split()) <= 5
            is_opening = (
                match.start() <= 40 and re.match(r"\s?(?:\([^)]{2,30}\)\s?)?[-\u2013\u2014]{1,2}\s", opening) is not None
            )
            return is_alone or is_opening
    return False


def without_date_above(text: str) -> str:
    """The text without the line above the story that is the page's date and nothing else; a chronology has several, and keeps
    them.
    """
    lines = text.split("\n")
    dates = [i for i, line in enumerate(lines) if len(line) <= _DATELINE_LENGTH and _is_date(line)]
    if len(dates) == 1 and dates[0] < min(_TOP, len(lines) - 1):
        del lines[dates[0]]
    return "\n".join(lines)


def _is_date(line: str) -> bool:
    line = line.translate(_DIGITS)
    found = next((match for pattern in (*_IN_WORDS, _NUMERIC) if (match := pattern.search(line))), None)
    return found is not None and not _BESIDE_A_DATE.sub("", f"{line[: found.start()]} {line[found.end() :]}")


def _reason_to_refuse(found: Published, fetched_at: datetime) -> str | None:
    if (found.at and found.at > fetched_at + _WIDEST_ZONE) or found.on > (fetched_at + _WIDEST_ZONE).date():
        return f"after the capture on {fetched_at.date()}"
    if found.on.year < _FIRST_YEAR or found.on == _EPOCH:
        return "no real day but a clock's zero"
    return None


def _prints_another_day(source: str, printed: Published, stored: Published) -> bool:
    """Whether the outlet prints another day than the UTC one it stores, and both can be the same moment somewhere."""
    if source not in ("url", "time_element", "text") or printed.at is not None or printed.on == stored.on:
        return False
    begins = datetime(printed.on.year, printed.on.month, printed.on.day, tzinfo=UTC)
    return begins - _WIDEST_ZONE <= stored.at < begins + timedelta(days=1, hours=12)
