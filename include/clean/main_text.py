"""The story of a page without what stands around it: trafilatura finds it, in a tree that was cleared and mended first."""

import logging
import re
from collections import defaultdict

from lxml import etree
from lxml.html import HtmlElement

from include.clean.chrome import INLINE, cut_chrome, prose, without_chrome_lines

_SHORT_TEXT = 250
_LONE_MARK = re.compile(r"^-\n", re.M)
_IN_A_PARAGRAPH = frozenset({*INLINE, "br"})
_MARKUP = re.compile(r"<[^<>]{1,500}>")


class MainTextError(ValueError):
    """The extraction library broke on a page; the message says how."""


def main_text(tree: HtmlElement, url: str | None = None, *, stated: str = "") -> str:
    """The main text of a page, a paragraph on each line; empty where there is none. The tree is changed.

    The precise setting of trafilatura goes first (on pages with a gold text it loses nothing of weight and lets less in); where
    it finds next to nothing, the balanced one. `stated` is the text that the page's metadata give: it counts where the page
    itself shows next to nothing (it is drawn by a script). Raises :class:`MainTextError`.
    """
    cut_chrome(tree)
    _mend_paragraphs(tree)
    _join_split_body(tree)
    text = ""
    for precise in (True, False):
        text = without_chrome_lines(_tidy(_extract(tree, url, precise)))
        if len(text) >= _SHORT_TEXT:
            return text
    stated = without_chrome_lines(_tidy(_MARKUP.sub("\n", stated)))
    return stated if len(stated) > max(len(text), _SHORT_TEXT) else text


def _extract(tree: HtmlElement, url: str | None, precise: bool) -> str:
    from trafilatura import bare_extraction  # half a second to import

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # no text is an outcome here, not a warning
    try:
        found = bare_extraction(tree, url=url, favor_precision=precise, fast=precise, include_comments=False)
    except Exception as error:  # whatever it raises, it must cost this page only
        raise MainTextError(f"the main text could not be extracted: {type(error).__name__}: {error}") from error
    return found.text or "" if found is not None else ""


def _tidy(text: str) -> str:
    """Single spaces, no empty lines, no list marks without their words."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return _LONE_MARK.sub("- ", "\n".join(line for line in lines if line))


def _mend_paragraphs(tree: HtmlElement) -> None:
    """Make paragraphs of running text look like it: in p elements, with nothing inside that could be taken out.

    A link or a styled word in a sentence belongs to it, whatever its class is called; without this, trafilatura drops whole
    links out of sentences. Boxes side by side in a list item ("Killed", "2") are parted by a space.
    """
    flat: dict[str | None, list[HtmlElement]] = defaultdict(list)
    for block in tree.iter("div"):
        if (len(block) or block.text) and all(child.tag in _IN_A_PARAGRAPH for child in block.iterdescendants()):
            flat[block.get("class")].append(block)
    length = {name: sum(map(prose, blocks)) for name, blocks in flat.items()}
    whole = sum(length.values()) + sum(map(prose, tree.iter("p")))
    for name, blocks in flat.items():
        if length[name] > 0.3 * whole:
            for block in blocks:
                block.tag = "p"  # the short ones beside the long ones too
    for paragraph in tree.iter("p"):
        if prose(paragraph):
            etree.strip_tags(paragraph, *INLINE)
    for item in tree.iter("li"):
        if item.find(".//a") is None:
            for block in item.iter("div"):
                block.tag, block.tail = "span", f" {block.tail or ''}"


def _join_split_body(tree: HtmlElement) -> None:
    """Put a body together that advertisements split into boxes of one class, where these hold most of the page's prose."""
    boxes: dict[str, dict[HtmlElement, int]] = defaultdict(lambda: defaultdict(int))
    whole = 0
    for paragraph in tree.iter("p"):
        length, box = prose(paragraph), paragraph.getparent()
        whole += length
        if length and box is not None and box.get("class"):
            boxes[box.get("class")][box] += length
    for parts in boxes.values():
        first, *others = parts
        if others and sum(parts.values()) >= 0.6 * whole and first.tag in ("div", "section"):
            for part in others:
                first.extend(list(part))
