"""What stands around a story: boxes of other stories, share buttons, forms, notices. It is cut, because another incident's
toll leaks in through it. The rules are in `data/chrome.yaml`; none cuts a box that holds much of the page's prose.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from lxml import etree
from lxml.html import HtmlElement

from include.clean.metadata import alike

INLINE = ("a", "span", "strong", "b", "em", "i", "u", "font", "small", "mark", "abbr", "cite")

_RULES = Path(__file__).parent / "data" / "chrome.yaml"
_HOLDERS = frozenset({"html", "head", "body", "main", "article"})
_BOXES = ("div", "section", "aside", "ul", "ol", "p", "figure", "form", "table", "details", "header")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "p", "div", "li", "td", "header", *INLINE)
_LONGEST_HEADING = 60
_LONGEST_LINE = 400
_LONGEST_NAMES = 300
_PARAGRAPH = 80
_HEADLINE = 20
_DATA = ('{"', '[{"')


@dataclass(frozen=True, slots=True)
class ChromeRules:
    """The rules of `data/chrome.yaml`, compiled."""

    elements: tuple[str, ...]
    boxes: re.Pattern
    headings: re.Pattern
    lines: re.Pattern
    tails: re.Pattern


@cache
def chrome_rules() -> ChromeRules:
    """The rules of `data/chrome.yaml`, read once."""
    data = yaml.safe_load(_RULES.read_text(encoding="utf-8"))
    names = "|".join(data["boxes"]).replace("-", r"[\s_-]?")
    return ChromeRules(
        elements=tuple(data["elements"]),
        boxes=re.compile(rf"(?:^|[\s_-])(?:{names})(?:$|[\s_-])", re.I),
        headings=re.compile("|".join(data["headings"])),
        lines=re.compile("|".join(data["lines"]), re.I),
        tails=re.compile("|".join(data["tails"]), re.I),
    )


def cut_chrome(tree: HtmlElement, title: str | None = None) -> None:
    """Cut from the tree what its names or its headings show to be no part of the story that the `title` heads."""
    rules = chrome_rules()
    etree.strip_elements(tree, *rules.elements, with_tail=False)
    for box in [*tree.xpath(".//*[@role='dialog' or @role='alertdialog']"), *_other_articles(tree, title)]:
        if box.getparent() is not None and (box.tag == "article" or box.find(".//h1") is None):
            box.drop_tree()
    whole = sum(prose(p) for p in tree.iter("p"))
    for box in list(_named_boxes(tree, rules)):
        if _holds_at_most(0.3, whole, box):
            box.drop_tree()
    for card in list(_cards(tree, title)):
        if _holds_at_most(0.3, whole, card):
            card.drop_tree()
    for heading in list(_headings(tree, rules)):
        _cut_list_of(heading, whole)
    for block in list(tree.iter("ul", "ol", "p")):
        if _is_headlines(block):
            block.drop_tree()


def without_chrome_lines(text: str) -> str:
    """The text without lines that are no part of a story, and without what follows a line such as "Prev Post"."""
    rules = chrome_rules()
    lines = text.splitlines()
    for i, line in enumerate(lines):
        if i and rules.tails.fullmatch(line.strip(" :")) and not any(_is_paragraph(rest) for rest in lines[i + 1 :]):
            lines = lines[:i]
            break
    return "\n".join(line for line in lines if not _is_chrome(line)).strip()


def prose(block: HtmlElement) -> int:
    """Characters in a block of running text; 0 for a short one, for one that is mostly links, and for data."""
    text = block.text_content().strip()
    return 0 if len(text) < _PARAGRAPH or text.startswith(_DATA) or _is_links(block) else len(text)


def _is_paragraph(line: str) -> bool:
    """A paragraph rather than a headline: two sentences, or one long sentence that ends in a full stop."""
    line = line.strip()
    return line.endswith((".", '."', ".\u201d")) and (len(line) > 2 * _PARAGRAPH or ". " in line)


def _is_chrome(line: str) -> bool:
    line = line.strip().lstrip("-|*\u2022 ")
    return line.startswith(_DATA) or (0 < len(line) <= _LONGEST_LINE and chrome_rules().lines.fullmatch(line) is not None)


def _named_boxes(tree: HtmlElement, rules: ChromeRules) -> Iterator[HtmlElement]:
    for element in tree.iter(*_BOXES):
        names = f"{element.get('class', '')} {element.get('id', '')}"
        if len(names) > 1 and rules.boxes.search(names[:_LONGEST_NAMES]):
            yield element


def _other_articles(tree: HtmlElement, title: str | None) -> Iterator[HtmlElement]:
    """The articles with a headline of their own that follow the page's ("Up next"), or are not the one that the title heads."""
    headed = {h: next(h.iterancestors("article"), None) for h in tree.iter("h1")}
    if len(headed) < 2:
        return
    own = next((h for h in headed if title and alike(_words(h), title)), next(iter(headed)))
    kept = {own, *own.iterancestors()}
    yield from dict.fromkeys(article for h, article in headed.items() if article is not None and article not in kept)


def _cards(tree: HtmlElement, title: str | None) -> Iterator[HtmlElement]:
    """The boxes that hold nothing but another story's headline, which is a link, and perhaps a few words about it."""
    for heading in tree.iter("h2", "h3", "h4", "h5", "h6"):
        words = _words(heading)
        linked = (heading.getparent() is not None and heading.getparent().tag == "a") or _words_of_links(heading) == words
        if len(words) < _HEADLINE or not linked or (title and alike(words, title)):
            continue
        card = None
        for box in heading.iterancestors(*_BOXES, "li"):
            if len(_words(box)) > len(words) + _LONGEST_LINE:
                break
            card = box
        if card is not None:
            yield card


def _words_of_links(element: HtmlElement) -> str:
    return " ".join(_words(a) for a in element.iter("a"))


def _headings(tree: HtmlElement, rules: ChromeRules) -> Iterator[HtmlElement]:
    """Blocks whose words are a heading of the rules. A word in running text ("Sign up" for ...) is none."""
    for element in tree.iter(*_HEADINGS):
        if len(element) == 0 and element.text and len(element.text) <= 2 * _LONGEST_HEADING:
            words = " ".join(element.text.split()).strip(" :.\u2026|\u00bb>").lower()
            if 0 < len(words) <= _LONGEST_HEADING and rules.headings.fullmatch(words):
                block = element
                while block.tag in INLINE and block.getparent() is not None:
                    block = block.getparent()
                if len(_words(block)) <= len(_words(element)) + 3 or _opens_a_list(element, block):
                    yield block


def _opens_a_list(heading: HtmlElement, block: HtmlElement) -> bool:
    """Whether a block begins with the heading and holds no sentence after it."""
    opens = block.tag not in _HOLDERS and _words(block).startswith(_words(heading)) and block.find(".//h1") is None
    return opens and not any(_is_paragraph(words) for words in block.itertext())


def _cut_list_of(heading: HtmlElement, whole: int) -> None:
    """Cut the heading with the box of links that it opens, or with the lists of links that follow it."""
    box = heading
    while (parent := box.getparent()) is not None and _holds_at_most(0.1, whole, parent):
        box = parent
        if _is_links(box) or (box.tag in ("aside", "section") and _words(box).startswith(_words(heading))):
            box.drop_tree()
            return
    while (follower := heading.getnext()) is not None and _is_list(follower) and _holds_at_most(0.1, whole, follower):
        follower.drop_tree()
    if heading.getparent() is not None and heading.tag not in _HOLDERS:
        heading.drop_tree()


def _is_list(block: HtmlElement) -> bool:
    """Whether a block is mostly links, or a list with a link in each item."""
    items = block.findall("li")
    return _is_links(block) or (len(items) > 1 and all(item.find(".//a") is not None for item in items))


def _is_headlines(block: HtmlElement) -> bool:
    """Whether a list or paragraph is nothing but links to other stories: no sentences, all of them links."""
    if block.getparent() is None or block.find(".//a") is None:
        return False
    links = [words for words in map(_words, block.iter("a")) if words]
    words = _words(block)
    return (
        sum(map(len, links)) >= 0.9 * len(words) - len(links)
        and len(words) >= _HEADLINE * len(links)
        and not any(link.endswith((".", '."', ".\u201d")) for link in links)
    )


def _holds_at_most(share: float, whole: int, box: HtmlElement) -> bool:
    """Whether a box holds at most this share of the page's prose, and not its headline."""
    if box.tag in _HOLDERS or box.getparent() is None or box.find(".//h1") is not None:
        return False
    return sum(prose(p) for p in box.iter("p")) <= share * whole


def _is_links(box: HtmlElement) -> bool:
    """Whether most of the words in a box are links."""
    linked = sum(len(_words(a)) for a in box.iter("a"))
    return linked > 0 and 2 * linked >= len(_words(box))


def _words(element: HtmlElement) -> str:
    return " ".join(element.text_content().split())
