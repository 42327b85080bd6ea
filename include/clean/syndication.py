"""Whose text a page carries, where it says so: "Source: Rudaw", "BAGHDAD (Reuters) -", "First published by ...".

An outlet's own name in its own dateline, and an agency that only contributed, make no syndicated text.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

import yaml
from lxml import etree
from lxml.html import HtmlElement

from include.clean.chrome import INLINE, prose

_RULES = Path(__file__).parent / "data" / "syndication.yaml"
_LONGEST_LINE = 320
_OPENING = 200
_MOST_WORDS = 8
_LINE_BLOCKS = ("p", "div", "li", "td", "h4", "h5", "h6", "small", "em", "i", "span")
_BESIDE_THE_TEXT = frozenset({"aside", "nav", "figure", "figcaption", "form"})


@dataclass(frozen=True, slots=True)
class _Rules:
    line: tuple[re.Pattern, ...]
    dateline: tuple[re.Pattern, ...]
    signature: tuple[re.Pattern, ...]
    agencies: frozenset[str]
    not_an_origin: re.Pattern


def syndicated_from(
    text: str, *, lines: Sequence[str] = (), authors: Sequence[str] = (), site_name: str | None = None, url: str = ""
) -> str | None:
    """The outlet or agency that the text comes from, as written; null where the page names none but itself.

    A line that says so outranks the dateline, that a signature at the end, and that an agency named as the author.
    `lines` are lines of the page outside of its text (see `origin_lines`). `site_name` and `url` are the page's own, so that an
    outlet does not count as its own origin.
    """
    for origin in _named(text, lines, authors):
        if not _is_itself(origin, site_name, url):
            return origin
    return None


def origin_lines(tree: HtmlElement) -> list[str]:
    """The line of a page that names its origin, wherever on the page it stands ("Source: Rudaw" under the text, or as a term
    of a list).

    Links in it are unwrapped and its class dropped, so that it stays in the text whatever the site calls it. Credits of
    pictures are no origins, and several such lines are credits of something: then there is none.
    """
    found: dict[str, list[HtmlElement]] = {}
    for block in tree.iter(*_LINE_BLOCKS):
        if (block.text or len(block)) and all(child.tag in INLINE for child in block.iterdescendants()):
            line = " ".join(block.text_content().split())
            if 5 < len(line) <= _LONGEST_LINE and any(_matches(syndication_rules().line, line)) and not _is_credit(block):
                found.setdefault(line, []).append(block)
    for term in tree.iter("dt"):
        said = term.getnext()
        line = f"{' '.join(term.text_content().split())}: {' '.join(said.text_content().split())}" if said is not None else ""
        if len(line) <= _LONGEST_LINE and any(_matches(syndication_rules().line, line)) and not _is_in_margin(term):
            found.setdefault(line, [])
    if len(found) != 1:
        return []
    for block in next(iter(found.values())):
        etree.strip_tags(block, *INLINE)
        block.attrib.pop("class", None)
    return list(found)


def _is_credit(block: HtmlElement) -> bool:
    """Whether a line stands beside a picture or in a margin rather than in or right under the text."""
    if _is_in_margin(block):
        return True
    for ancestor in islice(block.iterancestors(), 2):
        own = sum(len((part or "").strip()) for part in (ancestor.text, *(child.tail for child in ancestor)))
        if own > _LONGEST_LINE or any(prose(p) for p in ancestor.iter("p")):
            return False
    return True


def _is_in_margin(block: HtmlElement) -> bool:
    around = {ancestor.tag for ancestor in block.iterancestors()}
    return bool(around & _BESIDE_THE_TEXT) or ("footer" in around and "article" not in around)


def _named(text: str, marks: Sequence[str], authors: Sequence[str]) -> Iterator[str]:
    rules = syndication_rules()
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    named = [o for line in (*lines, *marks) if len(line) <= _LONGEST_LINE for o in _matches(rules.line, line)]
    if len(set(named)) == 1:  # several are credits of something
        yield named[0]
    for line in lines[:2]:
        yield from _matches(rules.dateline, line[:_OPENING])
    for line in lines[-2:]:
        yield from _matches(rules.signature, line[-_OPENING:])
    yield from (author for author in authors if author.lower() in rules.agencies)


def _matches(patterns: tuple[re.Pattern, ...], line: str) -> Iterator[str]:
    rules = syndication_rules()
    for pattern in patterns:
        match = pattern.search(line)
        if match and len(match["origin"].split()) <= _MOST_WORDS and not rules.not_an_origin.search(match["origin"]):
            yield match["origin"].strip(" .,\"'\u201c\u201d")


def _is_itself(origin: str, site_name: str | None, url: str) -> bool:
    """Whether the origin is the page's own outlet: its name, the initials of it, or a part of its host name."""
    name = _letters(origin.lower().removeprefix("the "))
    initials = "".join(word[0] for word in (site_name or "").split() if word[0].isupper())
    labels = (urlsplit(url).hostname or "").split(".")
    own = {
        _letters((site_name or "").lower().removeprefix("the ")),
        initials.lower(),
        *map(_letters, labels),
        _letters("".join(labels)),
    }
    return not name or name in own or f"{name}news" in own


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text.lower())


@cache
def syndication_rules() -> _Rules:
    """The rules of `data/syndication.yaml`, read once."""
    data = yaml.safe_load(_RULES.read_text(encoding="utf-8"))
    compiled = {
        part: tuple(re.compile(" ".join(p.split("\n"))) for p in data[part]) for part in ("line", "dateline", "signature")
    }
    return _Rules(
        **compiled, agencies=frozenset(map(str.lower, data["agencies"])), not_an_origin=re.compile(data["not_an_origin"], re.I)
    )
