"""Feeds: RSS 0.9 to 2.0, RDF and Atom, and JSON Feed 1 and 1.1."""

import html
import io
import json
import re
import xml.sax
from dataclasses import replace
from typing import Any

import feedparser
from lxml import etree

from include.scrape.listed import Entry, Listing, ListingError, article_url, collect, one_line
from include.scrape.markup import AbsurdMarkup, refuse_absurd

JSON_FEED = "https://jsonfeed.org/version/1"
MAX_BYTES = 4 * 1024 * 1024
"""Largest feed that is read."""

_TAG = re.compile(r"</?[A-Za-z][^<>]{0,500}>")
_BOM = b"\xef\xbb\xbf"
_MOST = {b"<": 100_000, b"&": 200_000, b"{": 50_000, b"[": 50_000, b",": 300_000}  # of what makes parsers build something
_DEEPEST = 5000
_NESTING = re.compile(rb"<!\[CDATA\[(?:.*?\]\]>|.*)|<!--(?:.*?-->|.*)|<(/?)[A-Za-z][^<>]*+", re.DOTALL)


def read_feed(body: bytes, url: str, content_type: str | None = None) -> Listing:
    """The articles of a feed, in its order. `url` is its address, `content_type` the header that came with it.

    A feed that is not well-formed but can be read gives what was read, with a problem that says so. Raises ListingError
    if there is no feed in the body, or one without entries.
    """
    _refuse_absurd(body, url)
    if body.removeprefix(_BOM).lstrip().startswith(b"{"):
        return _read_json_feed(body, url)
    headers = {"content-location": url} | ({"content-type": content_type} if content_type else {})
    try:
        # Given a stream, feedparser opens no path and no URL by itself. The HTML in entries is not used: leave it alone.
        feed = feedparser.parse(io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # whatever the bytes do to the parser, it is the listing that is broken
        raise ListingError("broken_listing", f"{url} breaks the feed parser: {type(error).__name__}: {error}") from error
    broken = _syntax_error(body, feed.bozo_exception) if isinstance(feed.get("bozo_exception"), xml.sax.SAXException) else None
    is_rss = (feed.get("version") or "").startswith("rss")
    following = next((link.get("href") for link in feed.feed.get("links", ()) if link.get("rel") == "next"), None)
    listing = collect([_entry(entry, is_rss) for entry in feed.entries], url, following)
    listing = replace(listing, **_itself(feed.feed.get("title"), feed.feed.get("language"), feed.feed.get("link"), url))
    if not listing.articles:
        if broken:
            raise ListingError("broken_listing", f"{url} is not well-formed XML: {broken}")
        if feed.get("version") or feed.entries:
            raise _nothing_in(url, len(feed.entries))
        raise ListingError("broken_listing", f"{url} is not a feed; its {len(body):,} bytes start with {body[:60]!r}")
    if not broken:
        return listing
    problem = f"{url} is not well-formed XML ({broken}); {len(listing.articles)} entries were read all the same"
    return replace(listing, problems=(problem, *listing.problems))


def _itself(title: str | None, language: str | None, home: str | None, url: str) -> dict[str, str | None]:
    return {"title": one_line(title), "language": one_line(language), "home": article_url(home, url)}


def _refuse_absurd(body: bytes, url: str) -> None:
    """Raises ListingError for a feed that would take a parser a hundred times its size, or minutes."""
    if len(body) > MAX_BYTES:
        raise ListingError("too_large", f"{url} has {len(body):,} bytes; feeds with more than {MAX_BYTES:,} are not read")
    for sign, most in _MOST.items():
        if (number := body.count(sign)) > most:
            words = f"{url} has {number:,} times {sign.decode()!r}; feeds with more than {most:,} are not read"
            raise ListingError("too_large", words)
    depth = 0
    for tag in _NESTING.finditer(body):
        if tag[1] is not None and not tag[0].endswith(b"/"):
            depth += -1 if tag[1] else 1
            if depth > _DEEPEST:
                raise ListingError("too_large", f"{url} has elements nested more than {_DEEPEST:,} deep")
    try:
        refuse_absurd(body, _MOST[b"<"])
    except AbsurdMarkup as error:
        raise ListingError("too_large", f"{url} is not read: {error}") from error


def _entry(entry: Any, is_rss: bool) -> Entry:
    """An entry of feedparser's. In RSS it calls dc:date `updated`, which there is the time of publication if no other is given;
    beside another one, and in Atom, `updated` is when the entry changed.
    """
    times = {key: entry[key] for key in ("published", "updated") if key in entry}  # its own get() takes the one for the other
    if is_rss and "published" not in times:
        times = {"published": times.get("updated")}
    title = entry.get("title")
    if title and entry.title_detail.get("type") != "text/plain":
        title = html.unescape(_TAG.sub("", title))
    return Entry(entry.get("link"), title, times.get("published"), times.get("updated"))


def _read_json_feed(body: bytes, url: str) -> Listing:
    try:
        feed = json.loads(body.removeprefix(_BOM))
    except (ValueError, RecursionError) as error:
        raise ListingError("broken_listing", f"{url} is not valid JSON: {error}") from error
    if not str(feed.get("version")).startswith(JSON_FEED) or not isinstance(feed.get("items"), list):
        raise ListingError(
            "broken_listing", f"{url} is JSON, but no JSON Feed: it wants version {JSON_FEED} and a list of items"
        )
    items = [item for item in feed["items"] if isinstance(item, dict)]
    listing = collect([_item(item) for item in items], url, _text(feed, "next_url"))
    if not listing.articles:
        raise _nothing_in(url, len(feed["items"]))
    itself = _itself(_text(feed, "title"), _text(feed, "language"), _text(feed, "home_page_url"), url)
    return replace(listing, **itself)


def _item(item: dict[str, Any]) -> Entry:
    name = _text(item, "id") or ""
    address = name if name.startswith(("http://", "https://")) else None  # ... and sometimes the only one given
    link = _text(item, "url") or _text(item, "external_url") or address
    return Entry(link, _text(item, "title"), _text(item, "date_published"), _text(item, "date_modified"))


def _text(of: dict[str, Any], key: str) -> str | None:
    value = of.get(key)
    return value if isinstance(value, str) else None


def _nothing_in(url: str, entries: int) -> ListingError:
    what = f"has {entries} entries, none of them with a usable link" if entries else "is a feed without entries"
    return ListingError("no_entries", f"{url} {what}")


def _syntax_error(body: bytes, seen: xml.sax.SAXException) -> str:
    """What is wrong and where. feedparser rewrites the document before it parses it, so its own line numbers are off."""
    try:
        etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False))
    except (etree.XMLSyntaxError, ValueError) as error:
        return str(error)
    return seen.getMessage()
