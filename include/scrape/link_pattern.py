"""A guess at which links of a page lead to articles: what the addresses of its headlines have in common."""

import re
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

FEWEST = 3
"""Fewest headlines that make a pattern."""

_HEADLINE = 20  # characters; what is shorter names a section
_EXTENSION = re.compile(r"\.(?:[a-z]?html?|php|aspx?|jsp)$", re.I)
_ANY, _NUMBER = "[^/?#]+", "[0-9]+"
_JOINT = re.compile("[-_]")
_MOST_JOINTS = 2  # that a slug is required to have: articles with short ones are worth some sections with long ones
_FEW = 5  # one headline in so many may be none


class _Kind(NamedTuple):
    """How an address is built: its host; what the pieces of its path are (`number`, `slug`, `word`), from the first that varies
    on; the extension at the end; where nothing varies in the path, the query's parameter that holds a number.
    """

    host: str
    tail: tuple[str, ...]
    extension: str
    parameter: str | None


class _Address(NamedTuple):
    """An address taken apart: the words that lead to what varies, its sections; and the pieces from there on."""

    sections: tuple[str, ...]
    tail: tuple[str, ...]


def link_pattern(links: Iterable[tuple[str, str]]) -> re.Pattern[str] | None:
    """The pattern of the article links among the links of a page, (absolute address, words) each; null if nothing shows one.

    Articles are the links whose words are as long as a headline's, and whose addresses are built alike: with a number or a slug
    in the same place, below sections that may differ. Of several kinds, it is the one with the most headlines.
    """
    words: dict[str, str] = {}
    for url, said in links:
        words[url] = max(words.get(url, ""), " ".join(said.split()), key=len)
    kinds: dict[_Kind, list[tuple[_Address, bool]]] = {}
    for url, said in words.items():
        if (parts := _parts(url)) is not None:
            kinds.setdefault(parts[0], []).append((parts[1], len(said) >= _HEADLINE))
    best: tuple[_Kind | None, list[_Address]] = (None, [])
    for kind, found in kinds.items():
        headlines = [address for address, is_headline in found if is_headline]
        if len(headlines) > len(best[1]) and 2 * len(headlines) >= len(found):
            best = kind, headlines
    kind, headlines = best
    return _pattern(kind, headlines) if kind is not None and len(headlines) >= FEWEST else None


def is_article_like(url: str) -> bool:
    """Whether an address is built as those of articles are: with a number or a slug in it."""
    return _parts(url) is not None


def _parts(url: str) -> tuple[_Kind, _Address] | None:
    """An address taken apart; null for one in which nothing varies."""
    parts = urlsplit(url)
    path = parts.path.strip("/")
    extension = found[0] if (found := _EXTENSION.search(path)) else ""
    pieces = path.removesuffix(extension).split("/")
    classes = [_class(piece) for piece in pieces]
    first = next((number for number, each in enumerate(classes) if each != "word"), None)
    parameter = None
    if first is None:
        numbers = (
            name for name, value in parse_qsl(parts.query) if re.fullmatch(_NUMBER, value) and "page" not in name.lower()
        )
        first, parameter = 0, next(numbers, None)
        if parameter is None:
            return None
    host = parts.netloc.lower().removeprefix("www.")
    return _Kind(host, tuple(classes[first:]), extension, parameter), _Address(tuple(pieces[:first]), tuple(pieces[first:]))


def _class(piece: str) -> str:
    if re.fullmatch(_NUMBER, piece):
        return "number"
    is_slug = len(_JOINT.findall(piece)) >= 2 or len(piece) >= _HEADLINE or re.search(r"[0-9]{3}", piece)
    return "slug" if is_slug else "word"


def _pattern(kind: _Kind, addresses: list[_Address]) -> re.Pattern[str]:
    """The pattern that addresses of one kind have in common: the words that are the same in all of them stay."""
    sections = [address.sections for address in addresses]
    shared = next(n for n in range(len(min(sections, key=len)), -1, -1) if len({each[:n] for each in sections}) == 1)
    further = sorted(len(each) - shared for each in sections)
    above = "".join(f"{_literal(word)}/" for word in sections[0][:shared]) + _times(f"{_ANY}/", further[0], further[-1])
    has_number = "number" in kind.tail
    tail = [_piece(each, [address.tail[n] for address in addresses], has_number) for n, each in enumerate(kind.tail)]
    end = rf"\?(?:[^#]*&)?{_literal(kind.parameter)}=[0-9]+" if kind.parameter else ""
    path = above + "/".join(tail) + _literal(kind.extension)
    return re.compile(rf"//(?:www\.)?{_literal(kind.host)}/{path}/?{end}(?:[?&#]|$)")


def _piece(kind: str, here: list[str], has_number: bool) -> str:
    """What stands in one place of all addresses. A slug is told by its joints, where no number tells articles."""
    if kind == "number":
        return _NUMBER
    if kind == "word" and len(set(here)) == 1:
        return _literal(here[0])
    if kind == "word" or has_number:
        return _ANY
    joints = sorted(len(_JOINT.findall(piece)) for piece in here)[len(here) // _FEW] - 1
    return _times("[^/?#_-]*[-_]", *[max(0, min(joints, _MOST_JOINTS))] * 2) + _ANY


def _times(pattern: str, least: int, most: int) -> str:
    """A pattern that comes so many times."""
    if least == most:
        return pattern if most == 1 else f"(?:{pattern}){{{most}}}" if most else ""
    return f"(?:{pattern}){{{least},{most}}}"


def _literal(words: str) -> str:
    return re.escape(words).replace(r"\-", "-")
