"""Markup that no newsroom wrote is refused before a parser sees it: the tree that it builds can be a hundred times the page.

The limits are three times the richest page seen in some hundred outlets (370 kB, 5,600 tags; half of them have less than 50 kB
and 1,200 tags); what they refuse is named, never cut short.
"""

import re

MAX_MARKUP = 1_000_000
"""Most bytes of a page without its scripts, styles, comments and inlined pictures."""

MAX_TAGS = 20_000
"""Most tags of a page: three times the richest news page seen. trafilatura is quadratic in siblings."""

_MAX_ATTRIBUTES = 3000  # of one tag, in which libxml2 and expat are quadratic
_MAX_ATTRIBUTES_IN_ALL = 20_000
_LONG_TAG = 10_000
_FEW_TAGS = 100_000  # bytes of tags in which attributes are not counted
_TAG = re.compile(rb"""<(?P<name>[a-zA-Z]++)(?:[^>"']++|"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z))*+""")
_QUOTED = re.compile(rb""""[^"]*+"|'[^']*+'""")
_BALLAST = re.compile(rb"<(script|style)\b|<!--|\bdata:[a-z]+/[a-z0-9.+-]+;base64,", re.I)
_ENDS = {b"script": re.compile(rb"</script", re.I), b"style": re.compile(rb"</style", re.I), None: re.compile(rb"-->")}
_BASE64 = re.compile(rb"[A-Za-z0-9+/=%]*+")


class AbsurdMarkup(ValueError):
    """Markup that is not parsed; the message says why."""


def refuse_absurd(markup: bytes, most_tags: int = MAX_TAGS) -> None:
    """Raises :class:`AbsurdMarkup` for more tags than that, a tag with thousands of attributes, or tens of thousands in all.
    What scripts and styles hold are no tags.
    """
    if (tags := markup.count(b"<")) > most_tags:
        raise AbsurdMarkup(f"the page has {tags:,} tags; pages with more than {most_tags:,} are not parsed")
    position = seen = in_all = 0
    while tag := _TAG.search(markup, position):
        position = tag.end()
        seen += len(tag[0])
        if len(tag[0]) > _LONG_TAG or seen > _FEW_TAGS:
            attributes = len(_QUOTED.sub(b"", tag[0]).split()) - 1
            in_all += attributes
            if attributes > _MAX_ATTRIBUTES:
                raise AbsurdMarkup(f"a tag at byte {tag.start():,} has more than {_MAX_ATTRIBUTES:,} attributes")
            if in_all > _MAX_ATTRIBUTES_IN_ALL:
                raise AbsurdMarkup(f"the page's tags have more than {_MAX_ATTRIBUTES_IN_ALL:,} attributes")
        if (name := tag["name"].lower()) in _ENDS:
            end = _ENDS[name].search(markup, position)
            position = end.end() if end else len(markup)


def without_ballast(page: bytes) -> bytes:
    """A page without what its scripts and styles hold, its comments and inlined pictures. JSON-LD (it describes it) stays."""
    kept = bytearray()
    start = position = 0
    while found := _BALLAST.search(page, position):
        position = found.end()
        name = found[1] and found[1].lower()
        if found[0].endswith(b","):
            kept += page[start:position]
            start = position = _BASE64.match(page, position).end()  # type: ignore[union-attr]  (it matches nothing, too)
        elif name is None or b"ld+json" not in (tag := page[position : position + 500].partition(b">")[0]).lower():
            kept += page[start : found.start()]
            if name is not None:
                kept += found[0] + tag + b">"
            end = _ENDS[name].search(page, position)
            start = position = len(page) if end is None else end.end() if name is None else end.start()
    return bytes(kept + page[start:])


def within_limits(page: bytes) -> bytes:
    """The page, without its ballast if it is a large one. Raises :class:`AbsurdMarkup` if it is too large even so."""
    if len(page) <= MAX_MARKUP:
        return page
    markup = without_ballast(page)
    if len(markup) > MAX_MARKUP:
        what = f"{len(markup):,} bytes besides scripts and pictures"
        raise AbsurdMarkup(f"the page has {what}; pages with more than {MAX_MARKUP:,} are not parsed")
    return markup
