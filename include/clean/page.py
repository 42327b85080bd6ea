"""A captured page becomes a row of articles: its text, and what the page says of itself.

Bad input is an outcome, never an exception: not HTML, no text, or failed with the reason in words.
"""

import hashlib
import re
from dataclasses import replace
from datetime import datetime
from typing import Any

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring

from include.clean.canonical import canonical_url, republished_from
from include.clean.charset import CharsetError, decode
from include.clean.chrome import chrome_rules
from include.clean.language import language_of
from include.clean.main_text import MainTextError, main_text
from include.clean.metadata import read_metadata
from include.clean.near_duplicates import fingerprint
from include.clean.published import read_published, without_date_above
from include.clean.syndication import origin_lines, syndicated_from, syndication_rules
from include.datasets.ids import content_id
from include.plain import plain, plain_line
from include.scrape.markup import AbsurdMarkup, refuse_absurd, within_limits

_ELEMENTS = etree.ElementDefaultClassLookup(element=HtmlElement)
"""One class for all elements, told in C: lxml.html asks a function in Python for each, a twentieth of cleaning."""
_MAGIC = {
    b"%PDF-": "a PDF",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"RIFF": "a media file",
    b"PK\x03\x04": "a ZIP archive or an office document",
    b"\xd0\xcf\x11\xe0": "an office document",
    b"\x1f\x8b": "a gzip archive",
    b"\x00\x00\x00": "a media file",
}
_FEED = re.compile(rb"<(?:rss|feed|urlset|sitemapindex|rdf:RDF)[\s>]", re.I)
_HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|article|main|section|div|p|h[1-6]|span|table|title|meta|br|a|font|center)[\s/>]", re.I
)


_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f]|&#(?:0*(?:[0-8]|11|1[4-9]|2[0-9]|3[01])(?![0-9])|x0*(?:[0-8bef]|1[0-9a-f])(?![0-9a-f]));?", re.I
)
"""Control characters, also as references: no XML can hold them, and one would take the whole text from the extractor."""


class _NotHtml(ValueError):
    """The page is something else; the message says what."""


class _Refused(ValueError):
    """The page can't be parsed safely; the message says why."""


def clean_page(
    body: bytes,
    *,
    url: str,
    content_type: str | None = None,
    listed_title: str | None = None,
    listed_published: str | None = None,
    fetched_at: datetime,
) -> dict[str, Any]:
    """Clean one captured page into the columns of `articles` that the page itself can tell.

    `body` is the content as decoded from transfer, `url` the address that answered, `content_type` its header;
    `listed_title` and `listed_published` are what the feed or sitemap said. `fetched_at` (with its zone) is the capture: no
    article was published after it. `clean_outcome` is cleaned, no_text (an empty page, or one without a story), not_html (a
    PDF behind an .html link) or failed; `clean_error` says why, and for a cleaned page which publication dates were not
    believed. Only a `fetched_at` without a zone raises (ValueError): it is the caller's mistake, not the page's.
    """
    if fetched_at.tzinfo is None:
        raise ValueError(f"fetched_at={fetched_at.isoformat()} has no time zone; pass the capture time with one, such as UTC")
    chrome_rules()  # a broken table of rules is a fault of the installation, not of a page
    syndication_rules()
    row = _row(canonical_url(url, None))
    try:
        if not body.strip():
            return row | {"clean_outcome": "no_text", "clean_error": "the page is empty"}
        tree = _parse(body, content_type)
        return row | _cleaned(tree, url, listed_title, listed_published, fetched_at)
    except _NotHtml as error:
        return row | {"clean_outcome": "not_html", "clean_error": str(error)}
    except (_Refused, AbsurdMarkup, CharsetError, MainTextError) as error:
        return row | {"clean_error": str(error)}
    except Exception as error:  # noqa: BLE001  (parsers of other people's making; one page must not cost the batch)
        return row | {"clean_error": f"cleaning broke on this page: {type(error).__name__}: {error}"[:500]}


def clean_text(body: bytes, *, url: str, title: str | None, published: str | None, fetched_at: datetime) -> dict[str, Any]:
    """The columns of `articles` for an article that was given as text, in UTF-8, without its page: what cleaning would make of
    a page. `title` and `published` are what was given with it.
    """
    lines = (line.strip() for line in plain(body.decode("utf-8", "replace")).split("\n"))
    text = "\n".join(line for line in lines if line)
    row = _row(canonical_url(url, None))
    if not text:
        return row | {"clean_outcome": "no_text", "clean_error": "the text is empty"}
    no_page = document_fromstring("<html></html>")
    found = read_published(no_page, read_metadata(no_page), url=url, listed=published, text=text, fetched_at=fetched_at)
    dates = {"published_on": found.on, "published_at": found.at, "published_tz": found.tz, "published_source": found.source}
    refused = "; ".join(found.refused) or None
    origin = syndicated_from(text, url=row["url"])
    return (
        row
        | dates
        | _of_text(text, None, origin)
        | {"title": title and plain_line(title), "authors": [], "clean_error": refused}
    )


def unreadable(url: str, error: str) -> dict[str, Any]:
    """The row of a page whose capture can't be read back: failed, with the error in words."""
    return _row(canonical_url(url, None)) | {"clean_error": error}


def _row(url: str) -> dict[str, Any]:
    """A row that has failed so far: every column that cleaning knows, empty but for the URL and its id."""
    empty = ("title", "authors", "published_on", "published_at", "published_tz", "published_source", "language", "text")
    empty += ("text_sha256", "syndicated_from", "fingerprint")
    identity = {"article_id": content_id("article", url=url), "url": url, "clean_outcome": "failed", "clean_error": None}
    return identity | dict.fromkeys(empty)


def _cleaned(
    tree: HtmlElement, url: str, listed_title: str | None, listed_published: str | None, fetched_at: datetime
) -> dict[str, Any]:
    metadata = read_metadata(tree)
    if _is_headline(tree, listed_title) and not any(_line(h.text_content()) == metadata.title for h in tree.iter("h1")):
        metadata = replace(metadata, title=listed_title)  # the head calls every page alike
    canonical = canonical_url(url, metadata.canonical)
    marks = origin_lines(tree)
    text = plain(main_text(tree, canonical, title=metadata.title, stated=metadata.body))
    published = read_published(tree, metadata, url=canonical, listed=listed_published, text=text, fetched_at=fetched_at)
    row = {
        "article_id": content_id("article", url=canonical),
        "url": canonical,
        "title": metadata.title or listed_title,
        "authors": list(metadata.authors),
        "published_on": published.on,
        "published_at": published.at,
        "published_tz": published.tz,
        "published_source": published.source,
    }
    if not text:
        return row | {"clean_outcome": "no_text", "clean_error": "no main text was found in the page"}
    text = without_date_above(text)
    origin = syndicated_from(text, lines=marks, authors=metadata.authors, site_name=metadata.site_name, url=canonical)
    origin = origin or republished_from(url, metadata.canonical)
    return row | _of_text(text, metadata.language, origin) | {"clean_error": "; ".join(published.refused) or None}


def _is_headline(tree: HtmlElement, title: str | None) -> bool:
    """Whether a page prints a title as a line of its own, and not as a link to another page."""
    if not title or len(title.split()) < 3:
        return False
    blocks = (block for body in tree.iter("body") for block in body.iterdescendants() if block.text)
    return any(_line(b.text) == title and b.tag != "a" and not any(a.tag == "a" for a in b.iterancestors()) for b in blocks)


def _line(words: str) -> str:
    return " ".join(words.split())


def _of_text(text: str, language: str | None, origin: str | None) -> dict[str, Any]:
    return {
        "clean_outcome": "cleaned",
        "language": language_of(text, language),
        "text": text,
        "text_sha256": hashlib.sha256(text.encode()).hexdigest(),
        "syndicated_from": origin,
        "fingerprint": fingerprint(text),
    }


def _parse(body: bytes, content_type: str | None) -> HtmlElement:
    """The tree of a page that is HTML and safe to parse: within the limits of :mod:`include.scrape.markup`, and no deeper than
    libxml2 goes (it stops at 256 and would drop the rest in silence)."""
    if kind := _other_than_html(body, content_type):
        raise _NotHtml(f"the page is not HTML but {kind}")
    encoded = _CONTROLS.sub("", decode(within_limits(body), content_type)).encode("utf-8", "replace")
    refuse_absurd(encoded)
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False)
    parser.set_element_class_lookup(_ELEMENTS)
    try:
        tree = document_fromstring(encoded, parser=parser)
    except etree.ParserError as error:
        raise _NotHtml("a page without any element") from error
    if fatal := parser.error_log.filter_from_fatals():
        raise _Refused(f"the HTML parser stopped at line {fatal[0].line:,}: {fatal[0].message.strip()}")
    return tree


def _other_than_html(body: bytes, content_type: str | None) -> str | None:
    """What the page is when it is not HTML, told by its first bytes and, failing that, by its header."""
    head = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    for magic, kind in _MAGIC.items():
        if head.startswith(magic):
            return kind
    if _FEED.search(head) and not _HTML.search(head):
        return "a feed or sitemap"
    declared = (content_type or "").split(";", 1)[0].strip().lower()
    if _HTML.search(body[:100_000]) or b"<\0" in head or b"\0<" in body[:1024]:
        return None
    return f"{declared} without an HTML tag" if declared else "something without an HTML tag"
