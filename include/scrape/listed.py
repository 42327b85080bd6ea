"""What a listing gives: the articles in it, in its order, each once."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import urldefrag, urljoin, urlsplit

from include.masking import masked
from include.plain import is_plain_line, plain, plain_line

MAX_URL = 4096
"""Longest URL that is listed or followed, in characters."""

MAX_TITLE = 1000
"""Characters of a title or a time that are kept."""


_HOST = re.compile(r"[\w.:-]+")  # letters of any script, digits, the colons of IPv6


class ListingError(ValueError):
    """A listing that cannot be read, or that holds nothing. `error_class` is as in the documents dataset."""

    def __init__(self, error_class: str, message: str):
        super().__init__(plain(masked(message)))
        self.error_class = error_class


@dataclass(frozen=True)
class Listed:
    """One article in a listing: its absolute URL, its title there, and when it was published and last changed, as written."""

    url: str
    title: str | None = None
    published_text: str | None = None
    modified_text: str | None = None

    @property
    def dated(self) -> datetime | None:
        """When it was published, or where the listing does not say that, last changed; null: it says neither."""
        return instant(self.published_text) or instant(self.modified_text)


@dataclass(frozen=True)
class Listing:
    """The articles of a listing, what was wrong with it although it could be read, and the page that comes after it; of a feed
    also what it says of itself: its `title`, its `language` as written, and the address of the site that it is the feed of.
    """

    articles: tuple[Listed, ...] = ()
    problems: tuple[str, ...] = ()
    next_page: str | None = None
    title: str | None = None
    language: str | None = None
    home: str | None = None


class Entry(NamedTuple):
    """One entry of a listing, as it stands there."""

    link: str | None
    title: str | None = None
    published: str | None = None
    modified: str | None = None


def collect(entries: Iterable[Entry], base: str, next_page: str | None = None) -> Listing:
    """The articles among some entries, and the page after them, links resolved against `base`.

    An article that is listed twice stands where it stood first, with the first title and times given. Entries without a
    usable http(s) link are left out and counted as a problem.
    """
    found: dict[str, Listed] = {}
    without = 0
    for entry in entries:
        url = article_url(entry.link, base)
        if url is None:
            without += 1
            continue
        known = found.get(url, Listed(url))
        found[url] = Listed(
            url,
            known.title or one_line(entry.title),
            known.published_text or one_line(entry.published),
            known.modified_text or one_line(entry.modified),
        )
    problems = (f"{without} entries of {base} have no usable http(s) link and were left out",) if without else ()
    return Listing(tuple(found.values()), problems, article_url(next_page, base))


def article_url(link: str | None, base: str) -> str | None:
    """The absolute http(s) URL of a link, without fragment; null if it is none that may be fetched."""
    if not link:
        return None
    try:
        url = urldefrag(urljoin(base, link.strip())).url
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and parts.port != 0 and parts.username is None
        valid = valid and _HOST.fullmatch(parts.hostname or "") and len(url) <= MAX_URL
    except ValueError:
        return None
    return url if valid and is_plain_line(url) else None


def instant(written: str | None) -> datetime | None:
    """The instant that a listing writes in the manner of ISO 8601 or RFC 822; null for anything else.

    A time without a zone is taken as UTC and a day without a time as its beginning: for comparing, not for the record.
    """
    if not written:
        return None
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            at = parse(written)
            return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def one_line(text: str | None) -> str | None:
    """Text on one line that can be stored and shown: without half characters (lone surrogates) and what commands a terminal."""
    return plain_line(text or "")[:MAX_TITLE].encode("utf-8", "replace").decode() or None
