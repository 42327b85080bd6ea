"""What a page says of itself in its markup: JSON-LD, meta elements, headline and byline."""

import json
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from html import unescape
from itertools import islice
from typing import Any

from lxml.html import HtmlElement

from include.plain import plain, plain_line

_ARTICLE_TYPES = re.compile(r"(?:Article|Report|BlogPosting|LiveBlogPosting|SocialMediaPosting)$")
_PAGE_TYPES = re.compile(r"(?:WebPage|MediaObject|VideoObject)$")
_NESTED = ("@graph", "mainEntity", "mainEntityOfPage")
_MOST_NODES = 2000
_LONGEST_BYLINE = 120
_BELOW_HEADLINE = 4

_TITLE_METAS = ("og:title", "twitter:title", "headline", "dc.title", "citation_title")
_AUTHOR_METAS = ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "byl", "citation_author")
_SITE_METAS = ("og:site_name", "application-name", "al:android:app_name", "publisher")
_BYLINE = ".//*[@rel='author' or @itemprop='author' or contains(@class, 'byline') or contains(@class, 'author')]"
_BYLINE_CLASSES = frozenset({"byline", "author", "author-name"})
_HALVES = re.compile("[\ud800-\udfff]")
_BY = re.compile(r"^(?:written |reported |story )?by[:\s]\s*", re.I)
_SIGNED = re.compile(
    r"(?:^|\|\s)(?:(?:[Bb]y|BY|[Pp]ar)\s(?P<latin>[A-Z][\w.'-]+(?:\s(?:and\s)?[A-Z][\w.'-]+){1,6})"
    r"|(?:\u0643\u062a\u0628|\u0628\u0642\u0644\u0645)\s?:?\s(?P<arabic>[\u0621-\u064a]+(?:\s[\u0621-\u064a]+){1,4}))$"
)
_BETWEEN_AUTHORS = re.compile(r"\s*(?:,|;|\||/|&|\band\b)\s*")
_PARTS = re.compile(r"\s+(?:[|\u2022\u00b7\u2013\u2014\u00bb-]|::)\s+")
_SUFFIX = re.compile(r"\s+[|\u2022\u00b7\u2013\u2014\u00bb:-]\s+([^|\u2022\u00b7\u2013\u2014\u00bb]{1,60})$")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What the markup of a page states, as written; null and empty where it states nothing."""

    title: str | None = None
    authors: tuple[str, ...] = ()
    site_name: str | None = None
    canonical: str | None = None
    language: str | None = None
    article: dict[str, Any] = field(default_factory=dict)
    """The JSON-LD object of the article; empty: there is none."""
    body: str = ""
    """The article's text as JSON-LD gives it, perhaps with tags in it."""
    metas: dict[str, str] = field(default_factory=dict)
    """Meta elements: name, property, itemprop or http-equiv in lower case, and the first content of each."""


def read_metadata(tree: HtmlElement) -> Metadata:
    """Read a page's metadata out of its tree. What is malformed is left out; nothing is raised for it."""
    metas = _metas(tree)
    article = _article(tree)
    headings = {h: t for h in tree.iter("h1", "h2", "h3") if (t := _clean(h.text_content()))}
    in_head = _clean(tree.findtext(".//head/title"))
    headline, beside = _headline_in(in_head, headings.values())
    site_name = _first(metas, _SITE_METAS) or _name(article.get("publisher")) or beside
    stated = (_clean(article.get("headline")), _first(metas, _TITLE_METAS), headline or in_head)
    title = _title(tree, stated, site_name, [words for heading, words in headings.items() if heading.tag == "h1"])
    return Metadata(
        title=title,
        authors=_authors(tree, metas, article, title),
        site_name=site_name,
        canonical=_canonical(tree, metas),
        language=tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or metas.get("og:locale"),
        article=article,
        body=plain(_HALVES.sub("", body)) if isinstance(body := article.get("articleBody"), str) else "",
        metas=metas,
    )


def _metas(tree: HtmlElement) -> dict[str, str]:
    metas: dict[str, str] = {}
    for meta in tree.iter("meta"):
        content = _clean(meta.get("content"))
        if content:
            for attribute in ("property", "name", "itemprop", "http-equiv"):
                if name := meta.get(attribute):
                    metas.setdefault(name.strip().lower(), content)
    return metas


def _article(tree: HtmlElement) -> dict[str, Any]:
    """The first JSON-LD object that is an article, else the first that is a page with a date."""
    page: dict[str, Any] = {}
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        for node in _nodes(script.text or ""):
            kinds = node.get("@type")
            kinds = [k for k in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(k, str)]
            if any(_ARTICLE_TYPES.search(k) for k in kinds):
                return node
            if not page and ("datePublished" in node or "uploadDate" in node) and any(_PAGE_TYPES.search(k) for k in kinds):
                page = node
    return page


def _nodes(text: str) -> Iterator[dict[str, Any]]:
    """The objects of a JSON-LD block that stand at its top or make up its graph."""
    text = text.strip().removeprefix("<!--").removesuffix("-->").removeprefix("//<![CDATA[").removesuffix("//]]>")
    try:
        queue = [json.loads(text.strip().rstrip(";"), strict=False)]
    except (ValueError, RecursionError):
        return
    for count, item in enumerate(queue):
        if count > _MOST_NODES:
            return
        if isinstance(item, list):
            queue.extend(item)
        elif isinstance(item, dict):
            yield item
            queue.extend(item[key] for key in _NESTED if isinstance(item.get(key), dict | list))


def _headline_in(title: str | None, headings: Collection[str]) -> tuple[str | None, str | None]:
    """The half of a title element, before or after its bar or dash, that the page prints as a heading, and the other, shorter
    half: the name of the site. Null and null where neither is one.
    """
    halves = _PARTS.split(title or "")
    for half, other in zip(halves, reversed(halves), strict=True) if len(halves) == 2 else ():
        if half in headings and len(half) > len(other) and len(half.split()) >= 3:
            return half, other
    return None, None


def _title(tree: HtmlElement, stated: Sequence[str | None], site_name: str | None, headings: list[str]) -> str | None:
    """The headline: as the page prints it where one heading is plainly it, else as its metadata give it."""
    stated = [_as_printed(_without_site(t, site_name), tree) for t in stated if t]
    for heading in headings:
        if any(alike(heading, title) for title in stated):
            return heading
    return stated[0] if stated else (headings[0] if headings else None)


def alike(a: str, b: str) -> bool:
    """Whether two titles are one: most words of the shorter one stand in the other."""
    first, second = set(re.findall(r"\w+", a.lower())), set(re.findall(r"\w+", b.lower()))
    shorter = min(len(first), len(second))
    return shorter >= 2 and len(first & second) >= 0.6 * shorter


def _without_site(title: str, site_name: str | None) -> str:
    """The title without the site's name after a bar or dash."""
    match = _SUFFIX.search(title)
    if match and (match[0].lstrip()[0] in "|\u2022\u00b7\u00bb" or (site_name and _alike_name(match[1], site_name))):
        return title[: match.start()]
    return title


def _as_printed(title: str, tree: HtmlElement) -> str:
    """The title without the name that follows its last dash, where the page prints it so."""
    match = _SUFFIX.search(title)
    short = title[: match.start()] if match and not any(map(str.isdigit, match[1])) else ""
    return (
        short if len(short.split()) >= 3 and any(short == _clean(words) for words in tree.xpath(".//body//text()")) else title
    )


def _alike_name(a: str, b: str) -> bool:
    first, second = (re.sub(r"[\W_]", "", x.lower()) for x in (a, b))
    return bool(first) and bool(second) and (first in second or second in first)


def below_headline(tree: HtmlElement, title: str | None) -> Iterator[str]:
    """The first pieces of text below the headline, whatever their markup: a byline, a place, a date."""
    pieces = (" ".join(piece.split()) for body in tree.iter("body") for piece in body.itertext())
    for piece in pieces:
        if piece == title and len(piece.split()) >= 3:
            yield from islice(filter(None, pieces), _BELOW_HEADLINE)
            return


def _authors(tree: HtmlElement, metas: dict[str, str], article: dict[str, Any], title: str | None) -> tuple[str, ...]:
    """The authors from JSON-LD, else from meta elements, else from the byline; addresses of profiles are no names."""
    stated = article.get("author")
    names = [_name(a) for a in (stated if isinstance(stated, list) else [stated])]
    if not any(names):
        names = [metas.get(n) for n in _AUTHOR_METAS]
        names = next(([n] for n in names if n and "://" not in n), [])
    if not any(names):
        names = list(islice(_bylines(tree), 1))
    if not any(names):
        names = [
            match["latin"] or match["arabic"] for words in below_headline(tree, title) if (match := _SIGNED.search(words))
        ][:1]
    split = (part for name in names if name for part in _BETWEEN_AUTHORS.split(_BY.sub("", name)))
    return tuple(dict.fromkeys(p for p in map(_clean, split) if p and "://" not in p and len(p) <= 100))


def _bylines(tree: HtmlElement) -> Iterator[str]:
    for element in tree.xpath(_BYLINE):
        named = "author" in (element.get("rel"), element.get("itemprop"))
        if named or _BYLINE_CLASSES & set(element.get("class", "").lower().split()):
            text = _clean(element.text_content())
            if text and len(text) <= _LONGEST_BYLINE:
                yield text


def _name(value: Any) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("name")
    return _clean(value)


def _canonical(tree: HtmlElement, metas: dict[str, str]) -> str | None:
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split() and link.get("href"):
            return link.get("href")
    return metas.get("og:url")


def _first(metas: dict[str, str], names: tuple[str, ...]) -> str | None:
    return next((metas[n] for n in names if n in metas), None)


def _clean(value: Any) -> str | None:
    """The text on one line, entities that were escaped twice undone; null for what is no text. Halves of surrogate pairs and
    control characters, which JSON can hold and a table can't, are dropped."""
    if not isinstance(value, str):
        return None
    return plain_line(_HALVES.sub("", unescape(value))) or None
