"""From a page's bytes to its characters.

Servers, pages and bytes disagree about the charset often enough that none is believed alone: a claim counts only when the
bytes read sensibly under it. A page that reads sensibly under none is an error, never mojibake.
"""

import codecs
import re
from collections.abc import Iterator

from include.scrape.markup import without_ballast

# What browsers read when a page says so (WHATWG Encoding Standard); other labels mean what Python takes them to mean.
_READ_AS = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "utf-16": "utf-8",  # a page that can be searched for this label is not in UTF-16
    "utf-16-le": "utf-8",
    "utf-16-be": "utf-8",
}
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DETECTED = ["cp1252", "cp1256", "cp1251", "cp1250", "cp1253", "cp1254", "cp1255", "iso8859_6", "koi8_r"]
_DETECTED += ["cp932", "euc_jp", "gb18030", "big5", "cp949"]

_DECLARED = re.compile(
    rb"""<(?:meta|\?xml)\b[^>]{0,200}?(?:charset|encoding)\s{0,5}=\s{0,5}["']?\s{0,5}([A-Za-z0-9_.:-]{2,40})""", re.I
)
_IN_HEADER = re.compile(r"""charset\s{0,5}=\s{0,5}["']?([A-Za-z0-9_.:-]{2,40})""", re.I)
_MARKUP = re.compile(rb"<[^<>]*+>?")
_UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_ENOUGH = 200_000
_HIGH_WORD = re.compile(r"[\u0080-\u00ff\u0152-\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]{4,}")
_MIXED_WORD = re.compile(r"[A-Za-z](?![\u00aa\u00ba])[\u0370-\u06ff]|[\u0370-\u06ff][A-Za-z]")
_CONTROL = re.compile(r"[\x80-\x9f]")


class CharsetError(ValueError):
    """The bytes read sensibly under no charset. The message names those that were tried."""


def decode(body: bytes, content_type: str | None = None) -> str:
    """The characters of a page. `content_type` is the HTTP header as received.

    Tried in this order: a byte order mark; UTF-8, whose sequences don't come about by chance; the charset in the header; the
    one that the page declares; detection. Raises :class:`CharsetError` when none of them reads sensibly.
    """
    for mark, name in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(name, "replace")
    if name := _utf16_without_mark(body):
        return body.decode(name, "replace")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        pass  # the common case is over; what the page and its server say comes next
    if _damaged_utf8(body):
        return body.decode("utf-8", "replace")
    tried = list(dict.fromkeys(_claims(body, content_type)))
    for name in tried:
        if (text := _sensible(body, name)) is not None:
            return text
    if (name := _detect(body)) and (text := _sensible(body, name)) is not None:
        return text
    claims = ", ".join(tried) or "none is declared"
    raise CharsetError(
        f"the page's charset can't be told: it is not UTF-8, and reads sensibly under no declared one ({claims})"
    )


def _claims(body: bytes, content_type: str | None) -> Iterator[str]:
    """Python's names of the charsets that the header and the page declare."""
    labels = [m[1] for m in (_IN_HEADER.search(content_type or ""),) if m]
    labels += [m[1].decode("ascii") for m in _DECLARED.finditer(body[:8192])]
    for label in labels:
        try:
            name = codecs.lookup(label).name
        except LookupError:
            continue
        if (name := _READ_AS.get(name, name)) != "utf-8":
            yield name


def _utf16_without_mark(body: bytes) -> str | None:
    """UTF-16 shows by a NUL in every second byte of the first tags."""
    head = body[:40]
    half = len(head) // 2
    if half >= 10 and head[1::2].count(0) > 0.8 * half:
        return "utf-16-le"
    if half >= 10 and head[0::2].count(0) > 0.8 * half:
        return "utf-16-be"
    return None


def _damaged_utf8(body: bytes) -> bool:
    """UTF-8 with a few bytes spoilt (cut off, or another page's text pasted in): most high bytes form sequences."""
    high = len(body) - len(body.translate(None, bytes(range(0x80, 0x100))))
    formed = sum(len(sequence[0]) for sequence in _UTF8_SEQUENCE.finditer(body))
    return formed >= 0.9 * high


def _sensible(body: bytes, name: str) -> str | None:
    """The text under this charset; null where it does not decode or reads as mojibake."""
    try:
        text = body.decode(name)
    except (UnicodeDecodeError, LookupError):
        return None
    words = max(1, text.count(" "))
    odd = sum(1 for _ in _HIGH_WORD.finditer(text)) + sum(1 for _ in _MIXED_WORD.finditer(text))
    odd += sum(1 for _ in _CONTROL.finditer(text))
    return text if odd <= 0.01 * words + 2 else None


def _detect(body: bytes) -> str | None:
    """The charset that the visible words are most likely in."""
    from charset_normalizer import from_bytes  # slow to import, seldom needed

    shown = _MARKUP.sub(b" ", without_ballast(body))[:_ENOUGH]
    words = b" ".join(w for w in shown.split() if not w.isascii())
    best = from_bytes(words[:20_000], cp_isolation=_DETECTED).best()
    return best.encoding if best else None
