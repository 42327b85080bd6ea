"""RSS and Atom feeds."""

import io
import xml.sax

import feedparser
from lxml import etree

from include.scrape.listed import Listing, ListingError, collect


def read_feed(body: bytes, url: str, content_type: str | None = None) -> Listing:
    """The articles of a feed, in its order. `url` is its address, `content_type` the header that came with it.

    A feed that is not well-formed but can be read gives what was read, with a problem that says so. Raises ListingError
    if there is no feed in the body, or one without entries.
    """
    headers = {"content-location": url} | ({"content-type": content_type} if content_type else {})
    try:
        # Given a stream, feedparser opens no path and no URL by itself. The HTML in entries is not used: leave it alone.
        feed = feedparser.parse(io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False)
    except Exception as error:  # whatever the bytes do to the parser, it is the listing that is broken
        raise ListingError("broken_listing", f"{url} breaks the feed parser: {type(error).__name__}: {error}") from error
    broken = _syntax_error(body, feed.bozo_exception) if isinstance(feed.get("bozo_exception"), xml.sax.SAXException) else None
    # RSS says pubDate or dc:date, which feedparser calls updated; in Atom, updated is when the entry changed.
    dates = ("published", "updated") if (feed.get("version") or "").startswith("rss") else ("published",)
    entries = ((e.get("link"), e.get("title"), next((e[d] for d in dates if d in e), None)) for e in feed.entries)
    listing = collect(entries, url)
    if not listing.articles:
        if broken:
            raise ListingError("broken_listing", f"{url} is not well-formed XML: {broken}")
        if feed.entries:
            raise ListingError("no_entries", f"{url} has {len(feed.entries)} entries, none of them with a usable link")
        if feed.get("version"):
            raise ListingError("no_entries", f"{url} is a feed without entries")
        raise ListingError("broken_listing", f"{url} is not a feed; its {len(body):,} bytes start with {body[:60]!r}")
    if not broken:
        return listing
    problem = f"{url} is not well-formed XML ({broken}); {len(listing.articles)} entries were read all the same"
    return Listing(listing.articles, (problem, *listing.problems))


def _syntax_error(body: bytes, seen: xml.sax.SAXException) -> str:
    """What is wrong and where. feedparser rewrites the document before it parses it, so its own line numbers are off."""
    try:
        etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False))
    except (etree.XMLSyntaxError, ValueError) as error:
        return str(error)
    return seen.getMessage()
