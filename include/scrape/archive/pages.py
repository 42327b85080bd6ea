"""What the readers of archives give: pages, and what was no page or could not be read."""

import base64
import hashlib
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from include.scrape import listed
from include.scrape.decoding import DecodingError, decoded, gathered, limited

MAX_PAGE = 16 * 1024 * 1024
"""Most bytes of a page, as stored and with its content coding undone: as many as are fetched."""
MAX_HEAD = 64 * 1024
"""Most bytes of the head of a response."""

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
    `published` are what a table of texts says of one; `digests` are hashes that the archive states, each with the pieces of
    bytes that it is of.
    """

    url: str
    where: str
    body: bytes
    captured_at: datetime | None = None
    head: bytes | None = None
    content_type: str | None = None
    title: str | None = None
    published: str | None = None
    digests: tuple[tuple[str, tuple[bytes, ...]], ...] = ()

    @property
    def status(self) -> int | None:
        """The HTTP status; null where there was no response."""
        found = _STATUS.match(self.head) if self.head is not None else None
        return int(found[1]) if found else None

    def content(self) -> bytes:
        """The body with its content coding undone. Raises DecodingError for one that is broken, unknown or too long."""
        return self.beginning(MAX_PAGE)[0]

    def beginning(self, most: int) -> tuple[bytes, int]:
        """The first bytes of the content, at most so many, and the size of all of it. Raises DecodingError for one that is
        broken, unknown or too long.
        """
        found = _CONTENT_ENCODING.search(self.head) if self.head is not None else None
        if found is None:
            return self.body if len(self.body) <= most else self.body[:most], len(self.body)
        kept, size = io.BytesIO(), 0
        for piece in limited(decoded([self.body], found[1].decode("latin-1"), stored=True), MAX_PAGE):
            size += len(piece)
            kept.write(piece[: max(0, most - kept.tell())])
        return kept.getvalue(), size


def response(
    url: str, where: str, head: bytes, body: io.BytesIO, *, captured_at: datetime | None, digest: str | None
) -> Page | Left:
    """The page of an archived HTTP response: its `head`, with the empty line behind it, and its body. `digest` is the hash that
    the archive states of both.
    """
    if not _STATUS.match(head):
        return Left("broken", where, f"the response of {url} has no HTTP status line")
    digests = ((digest, (head, body.getvalue())),) if digest else ()
    if _CHUNKED.search(head):
        if digest and not has_digest(digest, (head, body.getvalue())):
            return Left("broken", where, f"the page {url} has not the hash that its record states")
        digests = ()
        remove_chunks(body)
    found = _CONTENT_TYPE.search(head)
    content_type = found[1].decode("latin-1").strip() if found else None
    whole = body.getvalue()
    return Page(url, where, whole, captured_at, _as_stored(head.rstrip(b"\r\n"), whole), content_type, digests=digests)


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


def is_as_stated(page: Page) -> bool:
    """Whether the bytes of a page have the hash that its record states, if it states one of a kind that is known."""
    return all(has_digest(*digest) for digest in page.digests)


def has_digest(stated: str, pieces: Iterable[bytes]) -> bool:
    """Whether some bytes have a hash; of a kind that is not known every hash is theirs."""
    algorithm, _, value = stated.strip().partition(":")
    if algorithm.lower().replace("-", "") not in ("sha1", "sha256", "md5"):
        return True
    found = hashlib.new(algorithm.lower().replace("-", ""), usedforsecurity=False)
    for piece in pieces:
        found.update(piece)
    return value.lower() in (found.hexdigest(), base64.b32encode(found.digest()).decode().lower())


def remove_chunks(body: io.BytesIO) -> None:
    """Take the chunk framing out of a body, in its place; one that has none (most archives remove it and keep the header) stays
    as it is.
    """
    with body.getbuffer() as view:
        try:
            size = sum(end - start for start, end in _chunks(view))
        except ValueError:
            return
        at = 0
        for start, end in _chunks(view):
            view[at : at + end - start] = view[start:end]
            at += end - start
    body.truncate(size)


def _chunks(body: memoryview) -> Iterator[tuple[int, int]]:
    """Where the chunks of a body begin and end. Raises ValueError where there is none."""
    at = 0
    while match := _CHUNK.match(body, at):
        start, end = match.end(), match.end() + int(match[1], 16)
        if start == end:
            return
        if body[end : end + 2] != b"\r\n":
            break
        yield start, end
        at = end + 2
    raise ValueError(f"no chunk at byte {at:,}")


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
