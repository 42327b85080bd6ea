"""Sitemaps, news sitemaps and sitemap indexes, plain or gzipped (sitemaps.org protocol)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree

from include.scrape.decoding import DecodingError, gunzip
from include.scrape.listed import MAX_TITLE, Entry, Listing, ListingError, article_url, collect

MAX_BYTES = 50 * 1024 * 1024
"""Largest sitemap that the protocol allows, uncompressed."""

MAX_ENTRIES = 50_000
"""Most entries that the protocol allows."""

# Sitemaps of an index that list lists of articles (categories, tags, authors), as WordPress and its plug-ins name them. Each
# new article changes them, and they tell of many incidents at once.
_OF_LISTS = re.compile(
    r"/(?:wp-sitemap-(?:taxonomies|users)-[^/]*|(?:category|post_tag|tag|author|post_format)-sitemap[0-9]*)\.xml$"
)
_VALUES = frozenset({"loc", "title", "publication_date", "lastmod"})
_LONGEST = 100_000
_DEEPEST = 20
_PIECE = 64 * 1024


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

    Publication times are those of news sitemaps (`news:publication_date`); `lastmod` is when a page changed last. The home page
    is no article, and sitemaps that by their names list categories, tags or authors are left out. Raises ListingError for
    anything but well-formed XML with at least one entry.
    """
    found = _Found(url)
    parser = etree.XMLParser(target=found, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        for piece in _pieces(body):
            parser.feed(piece)
        parser.close()
    except etree.XMLSyntaxError as error:
        raise ListingError("broken_listing", f"{url} is not well-formed XML: {error}") from error
    except DecodingError as error:
        raise ListingError("broken_listing", f"{url}: {error}") from error
    articles, children = found.articles, found.children
    # sorted() is stable: sitemaps of one date, and those without, stay in the order of the index.
    newest_first = sorted(children.values(), key=lambda child: child.modified_text or "", reverse=True)
    sitemap = Sitemap(collect(articles, url), tuple(newest_first))
    if not sitemap.listing.articles and not sitemap.children:
        raise ListingError("no_entries", f"{url} is XML, but lists no page and no sitemap")
    return sitemap


class _Found:
    """What a parser tells of a sitemap, entry by entry: no tree is built, however many there are."""

    def __init__(self, url: str):
        self.articles: list[Entry] = []
        self.children: dict[str, Child] = {}
        self._url = url
        self._depth = 0
        self._values: dict[str, str] = {}
        self._text: list[str] = []

    def start(self, tag: str, attributes: object) -> None:
        """An element begins; an entry is a child of the root."""
        self._depth += 1
        if self._depth > _DEEPEST:  # the parser has a limit of its own, but not where it is fed in pieces
            raise ListingError("broken_listing", f"{self._url} has elements nested more than {_DEEPEST} deep")
        self._text = []
        if self._depth == 2:
            self._values = {}

    def data(self, text: str) -> None:
        """A piece of text."""
        self._text.append(text)

    def end(self, tag: str) -> None:
        """An element ends. Of a name that comes twice in an entry, the first text counts."""
        name, text = etree.QName(tag).localname, "".join(self._text).strip()
        self._depth -= 1
        self._text = []
        if self._depth >= 2 and text and name in _VALUES:
            self._values.setdefault(name, text)
        elif self._depth == 1:
            self._entry(name)

    def _entry(self, kind: str) -> None:
        values = self._values
        if len(self.articles) + len(self.children) >= MAX_ENTRIES:
            raise ListingError(
                "too_large", f"{self._url} has more than {MAX_ENTRIES:,} entries, the most that a sitemap may hold"
            )
        if kind == "url" and not _is_home(values.get("loc", "")):
            times = values.get("publication_date"), values.get("lastmod")
            self.articles.append(Entry(values.get("loc"), values.get("title"), *times))
        elif kind == "sitemap" and (child := article_url(values.get("loc"), self._url)) and not _OF_LISTS.search(child):
            self.children.setdefault(child, Child(child, (values.get("lastmod") or "")[:MAX_TITLE] or None))

    def close(self) -> None:
        """The end."""


def _is_home(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(parts.netloc) and parts.path in ("", "/") and not parts.query


def _pieces(body: bytes) -> Iterator[bytes]:
    """The XML in pieces, unpacked. Raises DecodingError for more than a sitemap may hold, and for one endless tag or text."""
    size = run = 0
    for piece in gunzip([body]) if body.startswith(b"\x1f\x8b") else [body]:
        size += len(piece)
        if size > MAX_BYTES:
            raise DecodingError(f"unpacks to more than {MAX_BYTES:,} bytes, the most that a sitemap may hold")
        for start in range(0, len(piece), _PIECE):
            part = piece[start : start + _PIECE]
            first, *others = part.split(b"<")
            run += len(first)
            if max(run, *map(len, others), 0) > _LONGEST:
                raise DecodingError(f"has a tag or a text of more than {_LONGEST:,} bytes")
            run = len(others[-1]) if others else run
            yield part
