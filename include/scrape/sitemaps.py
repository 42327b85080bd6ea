"""Sitemaps, news sitemaps and sitemap indexes, plain or gzipped (sitemaps.org protocol)."""

import io
from dataclasses import dataclass

from lxml import etree

from include.scrape.decoding import DecodingError, gunzip
from include.scrape.listed import MAX_TITLE, Entry, Listing, ListingError, article_url, collect

MAX_BYTES = 50 * 1024 * 1024
"""Largest sitemap that the protocol allows, uncompressed."""


@dataclass(frozen=True)
class Child:
    """One sitemap of an index, and when it changed last, as written; null: the index does not say."""

    url: str
    modified_text: str | None = None


@dataclass(frozen=True)
class Sitemap:
    """The articles of a sitemap, or the sitemaps of an index: `children`, the newest first where the index dates them."""

    listing: Listing
    children: tuple[Child, ...] = ()


def read_sitemap(body: bytes, url: str) -> Sitemap:
    """The articles or sitemaps that a sitemap lists. `url` is its address.

    Publication times are those of news sitemaps (`news:publication_date`); `lastmod` is when a page changed last. Raises
    ListingError for anything but well-formed XML with at least one entry.
    """
    articles: list[Entry] = []
    children: dict[str, Child] = {}
    depth = 0
    try:
        source = io.BytesIO(_unpacked(body))
        events = etree.iterparse(
            source, events=("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
        )
        for event, element in events:
            depth += 1 if event == "start" else -1
            if event == "start" or depth != 1:
                continue
            # An entry, a child of the root, is complete.
            kind, values = _name(element), _values(element)
            if kind == "url":
                times = values.get("publication_date"), values.get("lastmod")
                articles.append(Entry(values.get("loc"), values.get("title"), *times))
            elif kind == "sitemap" and (child := article_url(values.get("loc"), url)):
                children.setdefault(child, Child(child, (values.get("lastmod") or "")[:MAX_TITLE] or None))
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise ListingError("broken_listing", f"{url} is not well-formed XML: {error}") from error
    except DecodingError as error:
        raise ListingError("broken_listing", f"{url}: {error}") from error
    # sorted() is stable: sitemaps of one date, and those without, stay in the order of the index.
    newest_first = sorted(children.values(), key=lambda child: child.modified_text or "", reverse=True)
    sitemap = Sitemap(collect(articles, url), tuple(newest_first))
    if not sitemap.listing.articles and not sitemap.children:
        raise ListingError("no_entries", f"{url} is XML, but lists no page and no sitemap")
    return sitemap


def _unpacked(body: bytes) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body
    unpacked = bytearray()
    for piece in gunzip([body]):
        unpacked += piece
        if len(unpacked) > MAX_BYTES:
            raise DecodingError(f"unpacks to more than {MAX_BYTES:,} bytes, the most that a sitemap may hold")
    return bytes(unpacked)


def _values(entry: etree._Element) -> dict[str, str]:
    """The texts below an entry by their local name; of a name that comes twice, the first."""
    values: dict[str, str] = {}
    for element in entry.iterdescendants(tag=etree.Element):
        if element.text and element.text.strip():
            values.setdefault(_name(element), element.text.strip())
    return values


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname
