"""Listing pages: HTML whose links to articles match a pattern, and which may go on on another page."""

import codecs
import re
from email.message import Message

from lxml import etree, html

from include.scrape.listed import Entry, Listing, ListingError, article_url, collect
from include.scrape.markup import refuse_absurd, within_limits


def read_page(
    body: bytes, url: str, links: re.Pattern[str], content_type: str | None = None, following: re.Pattern[str] | None = None
) -> Listing:
    """The links of an HTML page whose absolute URL matches `links`, in page order; a link's words are the title.

    `url` is the page's address, `content_type` the header that came with it. The next page is what the page marks as
    rel=next, else the first link that matches `following`. Raises ListingError if no link matches `links`.
    """
    tree, base = page_tree(body, url, content_type)
    anchors = tree.xpath("//a[@href]")
    matching = []
    for anchor in anchors:
        link = article_url(anchor.get("href"), base)
        if link is not None and links.search(link):
            words = anchor.text_content()
            matching.append(Entry(link, words if any(map(str.isalpha, words)) else None))
    if not matching:
        raise ListingError("no_entries", f"none of the {len(anchors)} links of {url} matches the pattern {links.pattern!r}")
    return collect(matching, base, _next_page(tree, base, following))


def page_tree(body: bytes, url: str, content_type: str | None = None) -> tuple[html.HtmlElement, str]:
    """The tree of an HTML page, and the address that its links are relative to. Raises ListingError."""
    try:
        body = within_limits(body)
        refuse_absurd(body)
        tree = html.document_fromstring(body, parser=html.HTMLParser(encoding=_charset(content_type), huge_tree=False))
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise ListingError("broken_listing", f"{url} is not HTML that can be read: {error}") from error
    return tree, next((article_url(b, url) for b in tree.xpath("//base/@href")), None) or url


def _next_page(tree: html.HtmlElement, base: str, following: re.Pattern[str] | None) -> str | None:
    marked = tree.xpath("(//link|//a)[contains(concat(' ', normalize-space(@rel), ' '), ' next ')]/@href")
    if marked or following is None:
        return next(iter(marked), None)
    links = (article_url(href, base) for href in tree.xpath("//a/@href"))
    return next((link for link in links if link is not None and following.search(link)), None)


def _charset(content_type: str | None) -> str | None:
    """The charset that a Content-Type header names, if it is one that exists; the page's own statement counts otherwise."""
    if content_type is None:
        return None
    message = Message()
    message["content-type"] = content_type.replace("\r", " ").replace("\n", " ")
    charset = message.get_content_charset()
    try:
        return codecs.lookup(charset).name if charset else None
    except (LookupError, ValueError):
        return None
