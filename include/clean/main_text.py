"""The story of a page without what stands around it: trafilatura finds it, in a tree that was cleared and mended first."""

import logging
import re
from collections import defaultdict

from lxml import etree
from lxml.html import HtmlElement

from include.clean.chrome import INLINE, cut_chrome, prose, without_chrome_lines

_LONG_TEXT = 250
_LEAST_TEXT = 50
_SECTION = 40
_PARAGRAPH = 80
_LONE_MARK = re.compile(r"^-\n", re.M)
_IN_A_PARAGRAPH = frozenset({*INLINE, "br"})
_TABLE_PARTS = ("tbody", "thead", "tfoot", "tr", "td", "th")
_MARKUP = re.compile(r"<[^<>]{1,500}>")


class MainTextError(ValueError):
    """The extraction library broke on a page; the message says how."""


def main_text(tree: HtmlElement, url: str | None = None, *, title: str | None = None, stated: str = "") -> str:
    """The main text of a page, a paragraph on each line; empty where there is none. The tree is changed.

    The precise setting of trafilatura goes first (on pages with a gold text it loses nothing of weight and lets less in); where
    it finds neither a long text nor half of the page's prose, the balanced one. `stated` is the text that the page's metadata
    give: it counts where the page itself shows next to nothing (it is drawn by a script). A headline at the top that only
    repeats the `title` is left out. Raises :class:`MainTextError`.
    """
    cut_chrome(tree, title)
    _undo_layout_tables(tree)
    _mend_paragraphs(tree)
    _join_split_body(tree)
    enough = min(_LONG_TEXT, max(_LEAST_TEXT, sum(map(prose, tree.iter("p"))) // 2))
    text = ""
    for precise in (True, False):
        text = without_chrome_lines(_without_headline(_tidy(_extract(tree, url, precise, enough)), title))
        if len(text) >= enough:
            break
    stated = without_chrome_lines(_tidy(_MARKUP.sub("\n", stated)))
    return stated if len(text) < _LONG_TEXT < len(stated) else text


def _extract(tree: HtmlElement, url: str | None, precise: bool, enough: int) -> str:
    """What trafilatura finds. With fewer than `enough` characters it looks further afield."""
    from trafilatura import bare_extraction  # half a second to import
    from trafilatura.settings import Extractor

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # no text is an outcome here, not a warning
    options = Extractor(output_format="python", precision=precise, fast=precise, comments=False, url=url)
    options.min_extracted_size = enough
    try:
        found = bare_extraction(tree, options=options)
    except Exception as error:  # whatever it raises, it must cost this page only
        raise MainTextError(f"the main text could not be extracted: {type(error).__name__}: {error}") from error
    return found.text or "" if found is not None else ""


def _without_headline(text: str, title: str | None) -> str:
    """The text without the headline at its top, and without the section's name over it."""
    top = text.split("\n", 3)[:3]
    for i, line in enumerate(top):
        if title and _letters(line) == _letters(title):
            return text.split("\n", i + 1)[i + 1] if text.count("\n") > i else ""
        if len(line) > _SECTION:
            break
    return text


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text).casefold()


def _tidy(text: str) -> str:
    """Single spaces, no empty lines, no list marks without their words."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return _LONE_MARK.sub("- ", "\n".join(line for line in lines if line))


def _undo_layout_tables(tree: HtmlElement) -> None:
    """Make plain boxes of tables that hold the page rather than data: those with a headline or running text in them."""
    for table in list(tree.iter("table")):
        if table.find(".//h1") is not None or any(prose(p) for p in table.iter("p")):
            for part in list(table.iterdescendants(*_TABLE_PARTS)):
                if next(part.iterancestors("table")) is table:
                    part.tag = "div"
            table.tag = "div"


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
    whole = sum(map(prose, tree.iter("p")))
    for block in list(tree.iter("div", "section", "article", "main")):
        _wrap_text(block, whole)
    for paragraph in tree.iter("p"):
        if prose(paragraph):
            etree.strip_tags(paragraph, *INLINE)
    for item in tree.iter("li"):
        if item.find(".//a") is None:
            for block in item.iter("div"):
                block.tag, block.tail = "span", f" {block.tail or ''}"


def _wrap_text(block: HtmlElement, prose_elsewhere: int) -> None:
    """Make paragraphs of the running text between the boxes in a box, as a browser shows it, where the box lives by it."""
    runs: list[tuple[HtmlElement | None, list[HtmlElement]]] = [(None, [])]
    for child in block:
        if child.tag in _IN_A_PARAGRAPH and all(inner.tag in _IN_A_PARAGRAPH for inner in child.iterdescendants()):
            runs[-1][1].append(child)
        else:
            runs.append((child, []))
    long = [(before, run, length) for before, run in runs if (length := _words_beside_links(block, before, run)) >= _PARAGRAPH]
    if len(runs) == 1 or sum(length for *_, length in long) <= 0.3 * prose_elsewhere:
        return
    for before, run, _ in long:
        paragraph = block.makeelement("p")
        if before is None:
            paragraph.text, block.text = block.text, None
            block.insert(0, paragraph)
        else:
            paragraph.text, before.tail = before.tail, None
            before.addnext(paragraph)
        paragraph.extend(run)


def _words_beside_links(block: HtmlElement, before: HtmlElement | None, run: list[HtmlElement]) -> int:
    """Characters of the text after a child of a block and of the inline elements that follow it."""
    words = [block.text if before is None else before.tail]
    for child in run:
        words += ["" if child.tag == "a" else child.text_content(), child.tail]
    return len(" ".join(" ".join(filter(None, words)).split()))


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
