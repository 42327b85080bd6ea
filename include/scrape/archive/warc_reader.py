"""Read WARC files: plain, or compressed by gzip or zstd with each record in a member or frame of its own.

FastWARC reads the records. What it passes over in silence is found here: a file that was cut, records that are damaged.
Behind a damaged record the reading goes on at the next whole one.
"""

import base64
import hashlib
import io
import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from include.scrape.archive.pages import MAX_PAGE, Left, Page, Reading, response
from include.scrape.archive.pages import instant as instant_of

GZIP, ZSTD = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd"
_ZSTD_DICTIONARY = b"\x5d\x2a\x4d\x18"
_BEGINNINGS = {GZIP: GZIP, ZSTD: ZSTD, None: b"WARC/1."}
_WINDOW = 1 << 20
_HEAD = 64 * 1024
_LENGTH = re.compile(rb"^content-length:[ \t]*([0-9]+)", re.IGNORECASE | re.MULTILINE)
_NOTHING = re.compile(rb"[\s\0]*")


def compression(source: BinaryIO) -> bytes | None:
    """The first bytes of the members or frames in which a file is compressed, by gzip or zstd; null for any other file."""
    source.seek(0)
    head = source.read(4)
    if head == _ZSTD_DICTIONARY:
        return ZSTD
    return next((magic for magic in (GZIP, ZSTD) if head.startswith(magic)), None)


def is_split(source: BinaryIO) -> bool:
    """Whether each record of a file is compressed by itself, so that a reader can begin anywhere in it."""
    magic = compression(source)
    return magic is not None and _next_record(source, magic, 1) is not None


def read_warc(source: BinaryIO, start: int = 0, end: int | None = None) -> Reading:
    """The pages of the records that begin in bytes [start, end) of a file; all with `end` null, however it is compressed.

    A record that is cut or damaged is `broken`; the reading goes on at the next one that is whole.
    """
    magic = compression(source)
    at = start if end is None else _next_record(source, magic, start)
    while at is not None and (end is None or at < end):
        last = None
        try:
            for position, found in _records(source, at):
                if end is not None and position >= end:
                    return
                last = position
                yield found
        except OSError as error:
            if end is None and magic is not None:  # nobody knows where the next record begins
                where = f"after the record at byte {last:,}" if last is not None else f"byte {at:,}"
                yield Left("broken", where, f"the rest of the file cannot be read: {error}")
                return
            damaged = at if last is None else _end_of_record(source, magic, last) or last + 1
            if end is not None and damaged >= end:
                return
            yield Left("broken", f"byte {damaged:,}", f"the record cannot be read: {error}")
            at = _next_record(source, magic, damaged + 1)
        else:
            rest = _rest(source, at if last is None else _end_of_record(source, magic, last))
            if rest is not None and (end is None or rest < end):
                yield Left("broken", f"byte {rest:,}", "the file was cut here: no whole record follows")
            return


def _records(source: BinaryIO, at: int) -> Iterator[tuple[int, Page | Left]]:
    """The records from byte `at` on, each with its position. Raises OSError at one that is damaged."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    source.seek(at)
    for record in ArchiveIterator(source, parse_http=False):
        position, kind = record.stream_pos, record.record_type
        where = f"byte {position:,}"
        if kind in (WarcRecordType.unknown, WarcRecordType.no_type) or "Content-Length" not in record.headers:
            yield position, Left("broken", where, "the head of the record is damaged")
            continue
        if kind == WarcRecordType.conversion:
            yield position, Left("not_html", where)  # a text drawn from a page, its menus and teasers in it
            continue
        if kind not in (WarcRecordType.response, WarcRecordType.resource):
            yield position, Left("other_record", where)
            continue
        if record.content_length > MAX_PAGE:
            yield position, Left("too_large", where, f"{record.content_length:,} bytes")
            continue
        block = record.reader.read()
        if len(block) != record.content_length:
            yield position, Left("broken", where, f"{record.content_length - len(block):,} bytes of the record are missing")
            continue
        yield position, _page(record.headers, kind == WarcRecordType.response, block, where)


def _page(headers, is_response: bool, block: bytes, where: str) -> Page | Left:
    url = (headers.get("WARC-Target-URI") or "").strip("<> ")
    if not url:
        return Left("broken", where, "the record does not say whose answer it is")
    scheme, parted, rest = url.partition("://")
    url = scheme.lower() + parted + rest.replace(" ", "%20")
    if is_response and scheme.lower() not in ("http", "https"):
        return Left("other_record", where)  # an answer to a DNS query, say
    captured_at = instant_of(headers.get("WARC-Date"))
    if not is_response:
        return Page(url, where, block, captured_at, content_type=headers.get("Content-Type"))
    stated = headers.get("WARC-Block-Digest")
    return response(url, where, block, captured_at, ((stated, block),) if stated else ())


def is_as_stated(page: Page) -> bool:
    """Whether the bytes of a page have the hash that its record states, if it states one of a kind that is known."""
    return all(_has_digest(stated, block) for stated, block in page.digests)


def _has_digest(stated: str, block: bytes) -> bool:
    algorithm, _, value = stated.strip().partition(":")
    if algorithm.lower().replace("-", "") not in ("sha1", "sha256", "md5"):
        return True
    digest = hashlib.new(algorithm.lower().replace("-", ""), block, usedforsecurity=False).digest()
    return value.lower() in (digest.hex(), base64.b32encode(digest).decode().lower())


# -- where records begin -------------------------------------------------------------------------------------------------


def _next_record(source: BinaryIO, magic: bytes | None, start: int) -> int | None:
    """Where the first record that begins at `start` or later begins; null if there is none."""
    for at in _candidates(source, magic, start):
        if _begins_record(source, magic, at):
            return at
    return None


def _candidates(source: BinaryIO, magic: bytes | None, start: int) -> Iterator[int]:
    """The places from `start` on that look like the beginning of a record."""
    wanted = _BEGINNINGS[magic]
    while True:
        source.seek(start)
        window = source.read(_WINDOW)
        at = window.find(wanted)
        while at >= 0:
            yield start + at
            at = window.find(wanted, at + 1)
        if len(window) < _WINDOW:
            return
        start += len(window) - len(wanted) + 1


def _begins_record(source: BinaryIO, magic: bytes | None, at: int) -> bool:
    """Whether a record begins at this place, once it is unpacked."""
    if magic is None:
        source.seek(max(0, at - 2))
        return at == 0 or source.read(2) == b"\r\n"
    source.seek(at)
    if magic == GZIP:
        try:
            return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(source.read(512), 7) == b"WARC/1."
        except zlib.error:
            return False
    from fastwarc.stream_io import ZstdReader

    try:
        return ZstdReader(source).read(7) == b"WARC/1."
    except OSError:
        return False


def _rest(source: BinaryIO, end: int | None) -> int | None:
    """Where bytes stand behind the end of the last record; null if there are none."""
    if end is None:
        return None
    source.seek(end)
    left = source.read(_WINDOW)
    blank = _NOTHING.match(left).end()
    return end + blank if blank < len(left) else None


def _end_of_record(source: BinaryIO, magic: bytes | None, start: int) -> int | None:
    """Where the record that begins at `start` ends, without the blank lines behind it; null if it is cut or damaged."""
    if magic == GZIP:
        return _end_of_member(source, start)
    source.seek(start)
    head = source.read(_HEAD)
    if magic == ZSTD:
        return _end_of_frame(source, start, head)
    head, found, _ = head.partition(b"\r\n\r\n")
    length = _LENGTH.search(head)
    return start + len(head) + 4 + int(length[1]) if found and length else None


def _end_of_member(source: BinaryIO, start: int) -> int | None:
    """Where the gzip member that begins at `start` ends."""
    source.seek(start)
    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    read = 0
    try:
        while not member.eof:
            piece = source.read(_WINDOW)
            if not piece:
                return None
            read += len(piece)
            rest = piece
            while rest and not member.eof:
                member.decompress(rest, _WINDOW)
                rest = member.unconsumed_tail
    except zlib.error:
        return None
    return start + read - len(member.unused_data)


def _end_of_frame(source: BinaryIO, start: int, head: bytes) -> int | None:
    """Where the zstd frame that begins at `start` ends (RFC 8878): the sizes of its blocks say so."""
    if len(head) < 6 or not head.startswith(ZSTD):
        return None
    described = head[4]
    size_of_content = (1 if described & 0x20 else 0, 2, 4, 8)[described >> 6]
    at = start + 5 + (not described & 0x20) + (0, 1, 2, 4)[described & 3] + size_of_content
    while True:
        source.seek(at)
        block = int.from_bytes(source.read(3), "little")
        at += 3 + (1 if block >> 1 & 3 == 1 else block >> 3)
        if block & 1:
            break
        if block == 0:
            return None
    end = at + (4 if described & 4 else 0)
    source.seek(0, io.SEEK_END)
    return end if end <= source.tell() else None


class Slice(io.RawIOBase):
    """A part of a file, as a file: a WARC file that stands uncompressed in a ZIP archive."""

    def __init__(self, source: BinaryIO, offset: int, size: int):
        self._source, self._offset, self._size, self._at = source, offset, size, 0

    def readable(self) -> bool:
        """It can be read."""
        return True

    def seekable(self) -> bool:
        """It can be read from anywhere."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place in the part."""
        self._at = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        return self._at

    def tell(self) -> int:
        """The place in the part."""
        return self._at

    def readinto(self, buffer) -> int:
        """Read into a buffer, not beyond the part's end."""
        self._source.seek(self._offset + self._at)
        piece = self._source.read(max(0, min(len(buffer), self._size - self._at)))
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)
