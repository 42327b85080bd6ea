"""The gate: whether a page can report an incident at all, told from its bytes, before anything parses it.

Two sieves. RE2 looks for the extractor's words for casualties in the bytes that can hold the story, without scripts, menus and
footers. The block of text around each hit is then read as the extractor would read it: a sentence that tells of casualties,
and says of no accident or disease, opens the gate; a headline that is a link does not. On a page as short as an event note a
word for a violent act is enough.

The gate has no words of its own. What it looks for is compiled from the extractor's tables, so that it opens for whatever they
learn to read. It may open for a page that reports nothing; it must not stay shut before one that does.
"""

import html
import re
from collections.abc import Iterator
from functools import cache, partial

import re2

from include.clean.chrome import chrome_rules

_VERSION = "1"
_INLINE_NAMES = rb"a|abbr|b|bdi|bdo|br|cite|data|em|font|i|ins|mark|q|s|small|span|strong|sub|sup|time|u|wbr"
_INLINE = re.compile(rb"</?(?:" + _INLINE_NAMES + rb")(?=[\s/>])|<!--", re.I)
_BLOCK_TAG = re.compile(rb"<(?!/?(?:" + _INLINE_NAMES + rb")[\s/>])[^<>]*>", re.I)
_OPENS_LINK = re.compile(rb"<a\b", re.I)
_OPAQUE = re.compile(rb"<(script|style)\b", re.I)
_STORY_IN_SCRIPT = b'"articlebody"'
_TAG = re.compile(rb"<[^<>]*>")
_BREAK = re.compile(rb"<br\b[^<>]*>", re.I)
_INVISIBLE = re.compile(rb"</?(?:" + _INLINE_NAMES + rb")(?:[\s/][^<>]*)?>|<!--[^<>]*>", re.I)
_CONTENT = re.compile(rb"""^<meta\b[^>]*?\bcontent\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.I)
_PARAGRAPH = re.compile(rb"<p[\s>]", re.I)
_MARKS = (
    rb"(?:[-*._~]|&(?:shy|#(?:173|x?200[bcd]|8203|x?ad)|zerowidthspace);|\xad|\xc2[\xad\xb7]|\xe2\x80[\x8b-\x8f\xa2\xa7]|<wbr>)"
)
_TITLE = re.compile(rb"<title\b[^<>]*>([^<]*)", re.I)
_DONE = re.compile(
    "kill|wound|injur|shot|shoot|stab|murder|slay|slain|slaughter|massacr|execut|lynch|maim|hurt|dead|left|leav", re.I
)
_MOST_STEPS = 100
_LONGEST_BLOCK = 3_000
_LINK_REACH = 4_000
_LONGEST_META = 4_000
LARGE = 4_000_000
"""Bytes of a page beyond which the gate is not asked, for it would take several times as much memory: cleaning judges it."""
_MOST_READ = 400_000
"""Bytes of blocks with such words that are read, many times those of any article: what has more is for cleaning to judge."""
_SHORT = 1_000
"""Characters of the words of a page that can be an event note: a note has 600, and a menu may stand around it."""


def version() -> str:
    """What the gate's answers rest on: its own version and the extractor's."""
    from include.extract import VERSION

    return f"{_VERSION} {VERSION}"


def may_report(content: bytes, content_type: str | None = None) -> bool:
    """Whether a page, or a text by itself, may report an incident. `content` has its content coding undone."""
    if b"\0" in content[:1024]:  # UTF-16 or the like: its words cannot be seen
        return True
    if (content_type or "").startswith("text/plain"):
        page = content[:_MOST_READ]
        blocks = iter([page])
    else:
        page = _without_chrome(content)
        blocks = _blocks_with_hits(page)
    unsure: list[str] = []
    read = 0
    for block in blocks:
        read += len(block)
        if read > _MOST_READ or _tells_of_violent_casualties(_text(block), unsure):
            return True
    return (bool(unsure) and _are_of_violence(unsure, page)) or _may_be_a_note(page)


# -- the bytes that can hold the story ----------------------------------------------------------------------------------------


def _without_chrome(content: bytes) -> bytes:
    """A page without scripts (but one that holds the article), and without the elements that cleaning always cuts."""
    low = content.lower()
    kept, at, end = [], 0, 0
    for opening in _OPAQUE.finditer(low):
        if opening.start() < end:
            continue
        end = low.find(b"</" + opening[1], opening.end())
        if end < 0:
            break
        if low.find(_STORY_IN_SCRIPT, opening.start(), end) < 0:
            kept.append(content[at : opening.start()])
            at = end
    kept.append(content[at:])
    page = b"".join(kept)
    low = page.lower()
    kept, at = [], 0
    before: dict[bytes, int] = {}
    for closing in _closings().finditer(low):
        start = low.rfind(b"<" + closing[1], max(at, before.get(closing[1], 0)), closing.start())
        before[closing[1]] = closing.end()
        if start >= 0:
            kept.append(page[at:start])
            at = closing.end()
    kept.append(page[at:])
    return b" ".join(kept)


@cache
def _closings() -> re.Pattern[bytes]:
    names = [name for name in chrome_rules().elements if name not in ("head", "script", "style")]
    return re.compile(f"</({'|'.join(names)})[\\s>]".encode())


def _blocks_with_hits(page: bytes) -> Iterator[bytes]:
    """The blocks of a page that hold a word for casualties, without those that are nothing but a link."""
    hit = _words().search(page)
    while hit is not None:
        start, end, in_tag = _block(page, hit.start(), hit.end())
        if in_tag:  # what a meta element states counts
            stated = _CONTENT.search(page[start : min(end, start + _LONGEST_META)])
            if stated:
                yield stated[1] or stated[2] or b""
        elif not _is_link(page, start, end):
            yield page[start:end]
        hit = _words().search(page, max(end, hit.end()))


def _block(page: bytes, start: int, end: int) -> tuple[int, int, bool]:
    """The text around [start, end): from one tag of a block to the next; within the tag of a block it is that tag (true)."""
    low, high = max(0, start - _LONGEST_BLOCK), min(len(page), end + _LONGEST_BLOCK)
    opening = page.rfind(b"<", low, start)
    closing = page.find(b">", opening, high) if opening >= 0 else -1
    if opening >= 0 and closing >= start and not _INLINE.match(page, opening):
        return opening, closing + 1, True
    for _ in range(_MOST_STEPS):
        if opening < 0 or not _INLINE.match(page, opening):
            break
        opening = page.rfind(b"<", low, opening)
    closing = page.find(b">", opening, start) if opening >= 0 else low - 1
    start = max(low, closing + 1)
    for _ in range(_MOST_STEPS):
        following = page.find(b"<", end, high)
        if following < 0:
            return start, high, False
        if not _INLINE.match(page, following):
            return start, following, False
        end = page.find(b">", following, high)
        if end < 0:
            return start, high, False
    return start, end, False


def _is_link(page: bytes, start: int, end: int) -> bool:
    """Whether a block is nothing but a link, or stands in one."""
    block = page[start:end].strip()
    if block[:2].lower() == b"<a" and block[-4:].lower() == b"</a>" and block.lower().count(b"</a") == 1:
        return True
    before = page[max(0, start - _LINK_REACH) : start].lower()
    return max(before.rfind(b"<a "), before.rfind(b"<a\n")) > before.rfind(b"</a")


def _text(block: bytes) -> str:
    """The characters of a block."""
    if b"<" in block:
        block = _TAG.sub(b" ", _INVISIBLE.sub(b"", _BREAK.sub(b"\n", block)))
    try:
        text = block.decode("utf-8")
    except UnicodeDecodeError:
        text = block.decode("cp1252", "replace")
    return html.unescape(text) if "&" in text else text


# -- what the extractor would read --------------------------------------------------------------------------------------------


@cache
def _words():
    """The pattern of the words and phrases that tell of casualties, those broken up against filters included."""
    from include.clean.normalise import broken_words
    from include.extract.triggers import told_phrases

    breakable = broken_words()
    letters = partial(re.sub, r"(?<=[a-z])(?=[a-z])", lambda _: f"{_MARKS.decode('latin-1')}{{0,2}}")
    found = sorted(letters(word) if word in breakable else word for word in told_phrases())
    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.max_mem = 256 << 20
    options.log_errors = False
    return re2.compile(rf"(?i)\b(?:{'|'.join(found)})\b".encode("latin-1"), options)


def _tells_of_violent_casualties(text: str, unsure: list[str]) -> bool:
    """Whether a sentence of a text tells of casualties of violence. Sentences of which what stands elsewhere must tell it are
    added to `unsure`.
    """
    from include.extract.casualties import find_casualties, has_casualty
    from include.extract.sentences import Part
    from include.extract.violence import is_violent_death, other_cause, tells_of_attack

    part = Part.of("text", text)
    for sentence in part.sentences:
        if not has_casualty(sentence.text):
            continue
        sure = is_violent_death(sentence.text) or tells_of_attack(sentence.text) or tells_of_attack(part.text)
        if sure:
            if find_casualties(sentence.text)[0]:
                return True
        elif other_cause("", [sentence.text, part.text]) in (None, "no_sign", "animal"):
            unsure.append(sentence.text)
    return False


def _are_of_violence(unsure: list[str], page: bytes) -> bool:
    """Whether the casualties that some sentences tell of can be those of violence: the page tells of an attack; or its title of
    no other cause, and it of somebody armed, or the sentences of somebody who did it, or of no cause at all.
    """
    from include.extract.attribution import attribute, lone_attacker
    from include.extract.casualties import find_casualties
    from include.extract.violence import killed_without_a_cause, signs

    text = _text(_prose(page))
    found = signs(text)
    title = _TITLE.search(page)
    if not found.attack and title and signs(_text(title[1])).other_cause:
        return False
    for sentence in unsure:
        if not (found.attack or found.armed or _DONE.search(sentence)):
            continue
        for casualty in find_casualties(sentence)[0]:
            if found.attack or found.armed or killed_without_a_cause(casualty.trigger, sentence[casualty.trigger_end :], text):
                return True
            if attribute(sentence).perpetrator or lone_attacker(sentence):
                return True
    return False


def _may_be_a_note(page: bytes) -> bool:
    """Whether a page is as short as an event note and holds a word for a violent act."""
    from include.extract.notes import violent_act

    paragraphs = 0
    for opening in _PARAGRAPH.finditer(page):
        end = page.find(b"<", opening.end())
        paragraphs += (end if end >= 0 else len(page)) - opening.end()
        if paragraphs > _SHORT:
            return False
    prose = _prose(page)
    return len(prose) <= 3 * _SHORT and len(text := _text(prose)) <= _SHORT and violent_act(text)


def _prose(page: bytes) -> bytes:
    """The blocks of a page that are no links."""
    blocks = map(bytes.strip, _BLOCK_TAG.split(page))
    return b"\n".join(
        block for block in blocks if block and not (_OPENS_LINK.match(block) and block.endswith((b"</a>", b"</A>")))
    )
