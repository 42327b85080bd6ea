"""Read WARC files: plain, or compressed by gzip or zstd with each record in a member or frame of its own.

FastWARC reads the records. What it passes over in silence is found here: a file that was cut, records that are damaged.
Behind a damaged record the reading goes on at the next whole one.
"""

import io
import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from include.scrape.archive.pages import MAX_HEAD, MAX_PAGE, Left, Page, Reading, response
from include.scrape.archive.pages import instant as instant_of
from include.scrape.archive.zstd_frames import DICTIONARY, ZSTD, Frames, dictionary_of, end_of_frame

WARC_ENDS = (".warc", ".warc.gz", ".warc.zst")
"""How the names of WARC files end."""
GZIP = b"\x1f\x8b\x08"
_BEGINNINGS = {GZIP: GZIP, ZSTD: ZSTD, None: b"WARC/1."}
_WINDOW = 1 << 20
_HEAD = 64 * 1024
_LENGTH = re.compile(rb"^content-length:[ \t]*([0-9]{1,18})", re.IGNORECASE | re.MULTILINE)
_NOTHING = re.compile(rb"[\s\0]*")


def compression(source: BinaryIO) -> bytes | None:
    """The first bytes of the members or frames in which a file is compressed, by gzip or zstd; null for any other file."""
    source.seek(0)
    head = source.read(4)
    if head == DICTIONARY:
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

    frames = Frames(source, at, dictionary_of(source)) if compression(source) == ZSTD else None
    source.seek(at)
    for record in ArchiveIterator(frames or source, parse_http=False):
        position, kind = record.stream_pos + (frames.offset if frames else 0), record.record_type
        where = f"byte {position:,}"
        if kind in (WarcRecordType.unknown, WarcRecordType.no_type) or "Content-Length" not in record.headers:
            yield position, Left("broken", where, "the head of the record is damaged")
        elif kind == WarcRecordType.conversion:
            yield position, Left("not_html", where)  # a text drawn from a page, its menus and teasers in it
        elif kind not in (WarcRecordType.response, WarcRecordType.resource):
            yield position, Left("other_record", where)
        elif record.content_length > MAX_HEAD + MAX_PAGE:
            yield position, Left("too_large", where, f"{record.content_length:,} bytes")
        else:
            yield position, _page(record, kind == WarcRecordType.response, where)
    if frames and frames.refused:
        raise OSError(frames.refused)


def _page(record, is_response: bool, where: str) -> Page | Left:
    head, body = _block(record.reader, record.content_length, is_response)
    if missing := record.content_length - len(head) - body.tell():
        return Left("broken", where, f"{missing:,} bytes of the record are missing")
    url = (record.headers.get("WARC-Target-URI") or "").strip("<> ")
    if not url:
        return Left("broken", where, "the record does not say whose answer it is")
    scheme, parted, rest = url.partition("://")
    url = scheme.lower() + parted + rest.replace(" ", "%20")
    if is_response and scheme.lower() not in ("http", "https"):
        return Left("other_record", where)  # an answer to a DNS query, say
    captured_at = instant_of(record.headers.get("WARC-Date"))
    if not is_response:
        return Page(url, where, body.getvalue(), captured_at, content_type=record.headers.get("Content-Type"))
    return response(url, where, head, body, captured_at=captured_at, digest=record.headers.get("WARC-Block-Digest"))


def _block(reader, length: int, is_response: bool) -> tuple[bytes, io.BytesIO]:
    """What a record holds, as far as it is there: the head of a response with the empty line behind it, and the body, which is
    held once only.
    """
    beginning = b""
    while (left := min(length, MAX_HEAD) - len(beginning)) > 0 and (piece := reader.read(left)):
        beginning += piece
    head = b""
    if is_response:
        before, found, after = beginning.partition(b"\r\n\r\n")
        if not found:
            before, found, after = beginning.partition(b"\n\n")
        head, beginning = before + found, after
    body = io.BytesIO()
    body.write(beginning)
    while (left := length - len(head) - body.tell()) > 0 and (piece := reader.read(min(left, _WINDOW))):
        body.write(piece)
    return head, body


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
        frames = Frames(source, at, dictionary_of(source))
        return ZstdReader(frames).read(7) == b"WARC/1." or (frames.refused is not None and frames.tell() + frames.offset == at)
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
    if magic == ZSTD:
        return end_of_frame(source, start)
    source.seek(start)
    head, found, _ = source.read(_HEAD).partition(b"\r\n\r\n")
    length = _LENGTH.search(head)
    if not (found and length):
        return None
    end = start + len(head) + 4 + int(length[1])
    return end if end <= source.seek(0, io.SEEK_END) else None


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
