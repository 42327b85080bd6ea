"""What the readers of archives give: pages, and what was no page or could not be read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from include.scrape import listed
from include.scrape.decoding import DecodingError, decoded, gathered

MAX_PAGE = 20_000_000
"""Most bytes of a page, as stored and with its content coding undone; cleaning refuses longer ones."""

_CONTENT_TYPE = re.compile(rb"^content-type:[ \t]*([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
_CONTENT_ENCODING = re.compile(rb"^content-encoding:[ \t]*([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
_CHUNKED = re.compile(rb"^transfer-encoding:[^\r\n]*chunked", re.IGNORECASE | re.MULTILINE)
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r\n")
_STATUS = re.compile(rb"HTTP/\S+ +([0-9]{3})")
_UNPACKED = re.compile(rb"(?:\xef\xbb\xbf)?\s*<[!?a-z]", re.IGNORECASE)
_STAMP = re.compile(r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d))?")


class Left(NamedTuple):
    """Something in an archive that is not taken: why (a name that is counted), where it stands, and what is wrong with it."""

    reason: str
    where: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """One capture in an archive. `where` says where it stands there.

    `body` is the content with its content coding and without the framing of its transfer. `head` is the block of the HTTP
    response's status line and headers; null for a page without them, whose `content_type` the archive gives. `title` and
    `published` are what a table of texts says of one; `digests` what the archive states of its bytes.
    """

    url: str
    where: str
    body: bytes
    captured_at: datetime | None = None
    head: bytes | None = None
    content_type: str | None = None
    title: str | None = None
    published: str | None = None
    digests: tuple[tuple[str, bytes], ...] = ()

    @property
    def status(self) -> int | None:
        """The HTTP status; null where there was no response."""
        found = _STATUS.match(self.head) if self.head is not None else None
        return int(found[1]) if found else None

    def content(self) -> bytes:
        """The body with its content coding undone. Raises DecodingError for one that is broken, unknown or too long."""
        found = _CONTENT_ENCODING.search(self.head) if self.head is not None else None
        if found is None:
            return self.body
        return gathered(decoded([self.body], found[1].decode("latin-1"), stored=True), MAX_PAGE)


def response(url: str, where: str, block: bytes, captured_at: datetime | None, digests: tuple = ()) -> Page | Left:
    """The page of an archived HTTP response: `block` is its head and body."""
    head, found, body = block.partition(b"\r\n\r\n")
    if not found:
        head, found, body = block.partition(b"\n\n")
    if not _STATUS.match(head):
        return Left("broken", where, f"the response of {url} has no HTTP status line")
    if _CHUNKED.search(head):
        body = without_chunks(body)
    head = _as_stored(head, body)
    content_type = _CONTENT_TYPE.search(head)
    stated = content_type[1].decode("latin-1").strip() if content_type else None
    return Page(url, where, body, captured_at, head, stated, digests=digests)


def _as_stored(head: bytes, body: bytes) -> bytes:
    """The head, with its Content-Encoding renamed where the archive has unpacked the body and kept the header, as crawlers that
    drive a browser do.
    """
    coding = _CONTENT_ENCODING.search(head)
    if coding is None or not _UNPACKED.match(body):
        return head
    try:
        gathered(decoded([body], coding[1].decode("latin-1"), stored=True), MAX_PAGE)
    except DecodingError:
        return head[: coding.start()] + b"X-Archive-Orig-" + head[coding.start() :]
    return head


def without_chunks(body: bytes) -> bytes:
    """A body without its chunk framing; as it is, where it has none (most archives remove it and keep the header)."""
    pieces, at = [], 0
    while match := _CHUNK.match(body, at):
        size = int(match[1], 16)
        end = match.end() + size
        if end > len(body):
            return body
        if size == 0:
            return b"".join(pieces)
        pieces.append(body[match.end() : end])
        if body[end : end + 2] != b"\r\n":
            return body
        at = end + 2
    return body


def instant(text: str | None) -> datetime | None:
    """An instant that an archive states: as listings do, or in 14 digits as indexes of archives do; one without a zone is in
    UTC. Null for anything else.
    """
    text = (text or "").strip()
    return listed.instant(of_digits(text) or text)


def of_digits(text: str) -> str | None:
    """The ISO form of the 8 or 14 digits of a day or an instant, 20220411120000; null for anything else."""
    stamp = _STAMP.fullmatch(text)
    if stamp is None:
        return None
    iso = "-".join(stamp.groups()[:3]) + ("T" + ":".join(stamp.groups()[3:]) if stamp[4] else "")
    return iso if listed.instant(iso) else None


Reading = Iterator[Page | Left]
"""What a shard holds, in its order."""
