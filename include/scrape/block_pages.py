"""Recognise a block page: what a guard serves in place of the article."""

import functools
import html
import re
from importlib import resources

import yaml

_TITLE = re.compile(rb"<title\b[^>]{0,200}>([^<]{0,500})", re.IGNORECASE)


def block_page(head: bytes) -> str | None:
    """What marks a page as a block page, in words; null for any other page. `head` is the start of its decoded body."""
    titles, markers = _known()
    if match := _TITLE.search(head):
        title = " ".join(html.unescape(match[1].decode("utf-8", "replace")).lower().split())
        for known in titles:
            if title == known or (known.endswith("*") and title.startswith(known[:-1])):
                return f"its title is {title!r}"
    for marker in markers:
        if marker in head:
            return f"it holds {marker.decode()!r}"
    return None


@functools.cache
def _known() -> tuple[tuple[str, ...], tuple[bytes, ...]]:
    table = yaml.safe_load(resources.files("include.scrape").joinpath("data/block_pages.yaml").read_text("utf-8"))
    return tuple(table["titles"]), tuple(marker.encode() for marker in table["markers"])
