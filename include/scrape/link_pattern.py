"""A guess at which links of a page lead to articles: what the addresses of its headlines have in common."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

FEWEST = 3
"""Fewest headlines that make a pattern."""

_HEADLINE = 20  # characters; what is shorter names a section
_EXTENSION = re.compile(r"\.(?:[a-z]?html?|php|aspx?|jsp)$", re.I)
_NUMBER, _SLUG = "[0-9]+", "[^/?#]+"


class _Shape(NamedTuple):
    """How an address is built: for each piece of its path a class of characters, or null for a plain word; the extension at
    the end; the query's parameter that holds a number.
    """

    pieces: tuple[str | None, ...]
    extension: str
    parameter: str | None


def link_pattern(links: Iterable[tuple[str, str]]) -> re.Pattern[str] | None:
    """The pattern of the article links among the links of a page, (absolute address, words) each; null if nothing shows one.

    Articles are the links whose words are as long as a headline's, and whose addresses are built alike: with a number or a slug
    in the same place. Of several kinds, it is the one with the most headlines.
    """
    words: dict[str, str] = {}
    for url, said in links:
        words[url] = max(words.get(url, ""), " ".join(said.split()), key=len)
    kinds: dict[tuple[str, _Shape], list[str]] = {}
    for url in words:
        if (shape := _shape(url)) is not None:
            kinds.setdefault((_host(url), shape), []).append(url)
    best: list[str] = []
    for urls in kinds.values():
        headlines = [url for url in urls if len(words[url]) >= _HEADLINE]
        if len(headlines) > len(best) and 2 * len(headlines) >= len(urls):
            best = headlines
    return _pattern(best) if len(best) >= FEWEST else None


def is_article_like(url: str) -> bool:
    """Whether an address is built as those of articles are: with a number or a slug in it."""
    return _shape(url) is not None


def _shape(url: str) -> _Shape | None:
    parts = urlsplit(url)
    path = parts.path.strip("/")
    extension = found[0] if (found := _EXTENSION.search(path)) else ""
    pieces = tuple(map(_class, path.removesuffix(extension).split("/")))
    numbers = (name for name, value in parse_qsl(parts.query) if re.fullmatch(r"[0-9]+", value) and "page" not in name.lower())
    shape = _Shape(pieces, extension, next(numbers, None))
    return shape if any(pieces) or shape.parameter else None


def _class(piece: str) -> str | None:
    if re.fullmatch(r"[0-9]+", piece):
        return _NUMBER
    is_slug = len(re.findall(r"[-_]", piece)) >= 2 or len(piece) >= _HEADLINE or re.search(r"[0-9]{3}", piece)
    return _SLUG if is_slug else None


def _pattern(urls: list[str]) -> re.Pattern[str]:
    """The pattern that addresses of one shape have in common: words that are the same in all of them stay."""
    shape = _shape(urls[0])
    paths = [urlsplit(url).path.strip("/").removesuffix(shape.extension).split("/") for url in urls]
    pieces = []
    for number, kind in enumerate(shape.pieces):
        here = Counter(path[number] for path in paths)
        pieces.append(kind or (_literal(paths[0][number]) if len(here) == 1 else _SLUG))
    end = rf"\?(?:[^#]*&)?{_literal(shape.parameter)}=[0-9]+" if shape.parameter else ""
    path = "/".join(pieces) + _literal(shape.extension)
    return re.compile(rf"//(?:www\.)?{_literal(_host(urls[0]))}/{path}/?{end}(?:[?&#]|$)")


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower().removeprefix("www.")


def _literal(words: str) -> str:
    return re.escape(words).replace(r"\-", "-")
