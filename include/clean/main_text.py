"""The story of a page without what stands around it.

trafilatura finds the main text. Before it, boxes of other stories, share buttons, forms and notices are cut from the tree by
the names that sites give them and by their headings, and after it single lines of that kind, by the rules of
`data/chrome.yaml`. What is cut is never a box that holds a good part of the page's paragraphs.
"""

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from lxml import etree
from lxml.html import HtmlElement

_RULES = Path(__file__).parent / "data" / "chrome.yaml"

_HOLDERS = frozenset({"html", "head", "body", "main", "article"})
_BOXES = ("div", "section", "aside", "ul", "ol", "p", "span", "footer", "figure", "form", "table", "details", "header")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "p", "div", "span", "strong", "b", "a", "li", "td", "header")
_INLINE = ("a", "span", "strong", "b", "em", "i", "u", "font", "small", "mark", "abbr", "cite")
_LONGEST_HEADING = 60
_LONGEST_LINE = 400
_LONGEST_NAMES = 300
_PARAGRAPH = 80
_SHORT_TEXT = 250


@dataclass(frozen=True, slots=True)
class _Rules:
    elements: tuple[str, ...]
    boxes: re.Pattern
    headings: re.Pattern
    lines: re.Pattern
    tails: re.Pattern


def main_text(tree: HtmlElement, url: str | None = None) -> str:
    """The main text of a page, paragraphs on lines of their own; empty where there is none. The tree is changed.

    The precise setting of trafilatura goes first (measured on pages with a gold text it loses nothing of weight and lets less
    in); where it finds next to nothing, the balanced one.
    """
    from trafilatura import bare_extraction  # half a second to import

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # no text is an outcome here, not a warning
    _cut_chrome(tree)
    text = ""
    for precise in (True, False):
        found = bare_extraction(tree, url=url, favor_precision=precise, fast=precise, include_comments=False)
        text = without_chrome_lines(found.text or "") if found is not None else ""
        if len(text) >= _SHORT_TEXT:
            break
    return text


def without_chrome_lines(text: str) -> str:
    """The text without lines that are no part of a story, and without what follows a line such as "Prev Post"."""
    rules = chrome_rules()
    lines = text.splitlines()
    for i, line in enumerate(lines):
        if i and rules.tails.fullmatch(line.strip(" :")) and not any(_is_prose(rest) for rest in lines[i + 1 :]):
            lines = lines[:i]
            break
    return "\n".join(line for line in lines if not _is_chrome(line)).strip()


def _is_prose(line: str) -> bool:
    """A paragraph rather than a headline: two sentences, or one long sentence that ends in a full stop."""
    line = line.strip()
    return line.endswith((".", '."', ".\u201d")) and (len(line) > 2 * _PARAGRAPH or ". " in line)


def _is_chrome(line: str) -> bool:
    line = line.strip().lstrip("-|*\u2022 ")
    return 0 < len(line) <= _LONGEST_LINE and chrome_rules().lines.fullmatch(line) is not None


def _cut_chrome(tree: HtmlElement) -> None:
    rules = chrome_rules()
    etree.strip_elements(tree, *rules.elements, with_tail=False)
    prose = sum(_prose(p) for p in tree.iter("p"))
    for box in list(_named_boxes(tree, rules)):
        if _holds_at_most(0.3, prose, box):
            box.drop_tree()
    for heading in list(_chrome_headings(tree, rules)):
        _cut_list_of(heading, prose)
    for paragraph in tree.iter("p"):
        if _prose(paragraph):
            # a link or a styled word in running text belongs to its sentence, whatever its class is called
            etree.strip_tags(paragraph, *_INLINE)


def _named_boxes(tree: HtmlElement, rules: _Rules) -> Iterator[HtmlElement]:
    for element in tree.iter(*_BOXES):
        names = f"{element.get('class', '')} {element.get('id', '')}"
        if len(names) > 1 and rules.boxes.search(names[:_LONGEST_NAMES]):
            yield element


def _chrome_headings(tree: HtmlElement, rules: _Rules) -> Iterator[HtmlElement]:
    for element in tree.iter(*_HEADINGS):
        if len(element) <= 2 and len(element.text or "") <= _LONGEST_HEADING:
            words = _words(element).strip(" :.\u2026|\u00bb>").lower()
            if 0 < len(words) <= _LONGEST_HEADING and rules.headings.fullmatch(words):
                yield element


def _cut_list_of(heading: HtmlElement, prose: int) -> None:
    """Cut the heading with the box of links that it opens, or with the lists of links that follow it."""
    box = heading
    while (parent := box.getparent()) is not None and _holds_at_most(0.1, prose, parent):
        box = parent
        if _is_links(box) or (box.tag in ("aside", "section") and _words(box).startswith(_words(heading))):
            box.drop_tree()
            return
    while (follower := heading.getnext()) is not None and _is_links(follower) and _holds_at_most(0.1, prose, follower):
        follower.drop_tree()
    if heading.getparent() is not None:
        heading.drop_tree()


def _holds_at_most(share: float, prose: int, box: HtmlElement) -> bool:
    """Whether a box holds at most this share of the page's prose, and not its headline."""
    if box.tag in _HOLDERS or box.getparent() is None or box.find(".//h1") is not None:
        return False
    return sum(_prose(p) for p in box.iter("p")) <= share * prose


def _is_links(box: HtmlElement) -> bool:
    """Whether most of the words in a box are links."""
    linked = sum(len(_words(a)) for a in box.iter("a"))
    return linked > 0 and 2 * linked >= len(_words(box))


def _prose(paragraph: HtmlElement) -> int:
    """Characters in a paragraph of running text; 0 for a short one and for one that is mostly links."""
    length = len(paragraph.text_content().strip())
    return 0 if length < _PARAGRAPH or _is_links(paragraph) else length


def _words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())


@cache
def chrome_rules() -> _Rules:
    """The rules of `data/chrome.yaml`, read once."""
    data = yaml.safe_load(_RULES.read_text(encoding="utf-8"))
    names = "|".join(data["boxes"]).replace("-", "[\\s_-]?")
    return _Rules(
        elements=tuple(data["elements"]),
        boxes=re.compile(rf"(?:^|[\s_-])(?:{names})(?:$|[\s_-])", re.I),
        headings=re.compile("|".join(data["headings"])),
        lines=re.compile("|".join(data["lines"]), re.I),
        tails=re.compile("|".join(data["tails"]), re.I),
    )
