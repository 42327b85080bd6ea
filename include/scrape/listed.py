"""What a listing gives: the articles in it, in its order, each once."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urldefrag, urljoin, urlsplit

MAX_URL = 4096
"""Longest URL that is listed or followed, in characters."""

MAX_TITLE = 1000
"""Characters of a title or a time that are kept."""


class ListingError(ValueError):
    """A listing that cannot be read, or that holds nothing. `error_class` is as in the documents dataset."""

    def __init__(self, error_class: str, message: str):
        super().__init__(message)
        self.error_class = error_class


@dataclass(frozen=True)
class Listed:
    """One article in a listing: its absolute URL, its title there and its publication time there, as written."""

    url: str
    title: str | None = None
    published_text: str | None = None


@dataclass(frozen=True)
class Listing:
    """The articles of a listing, and what was wrong with it although it could be read."""

    articles: tuple[Listed, ...] = ()
    problems: tuple[str, ...] = ()


def collect(entries: Iterable[tuple[str | None, str | None, str | None]], base: str) -> Listing:
    """The articles among (link, title, publication time) entries, links resolved against `base`.

    An article that is listed twice stands where it stood first, with the first title and time given. Entries without a
    usable http(s) link are left out and counted as a problem.
    """
    found: dict[str, Listed] = {}
    without = 0
    for link, title, published in entries:
        url = article_url(link, base)
        if url is None:
            without += 1
            continue
        known = found.get(url, Listed(url))
        found[url] = Listed(url, known.title or _clean(title), known.published_text or _clean(published))
    problems = (f"{without} entries of {base} have no usable http(s) link and were left out",) if without else ()
    return Listing(tuple(found.values()), problems)


def article_url(link: str | None, base: str) -> str | None:
    """The absolute http(s) URL of a link, without fragment; null if it is none that may be fetched."""
    if not link:
        return None
    try:
        url = urldefrag(urljoin(base, link.strip())).url
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and parts.username is None
    except ValueError:
        return None
    return url if valid and len(url) <= MAX_URL and not re.search(r"[\x00-\x1f\x7f\ud800-\udfff]", url) else None


def _clean(text: str | None) -> str | None:
    """Text on one line that can be stored: half characters (lone surrogates) are replaced."""
    return " ".join((text or "").split())[:MAX_TITLE].encode("utf-8", "replace").decode() or None
