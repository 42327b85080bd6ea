"""WARC files: each page exactly as it was received, one gzip member per record (ISO 28500, WARC 1.1)."""

import hashlib
import io
import re
import uuid
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import BinaryIO

from warcio.archiveiterator import WARCIterator
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from include.datasets.lake import Lake
from include.scrape.decoding import decoded, gathered
from include.scrape.fetch import Response

MAX_DECODED = 20 * 1024 * 1024
"""Most bytes that a stored body may unpack to, more than a fetcher or an import lets through."""


_LEVEL = 6  # twice as fast as 9, for files a hundredth larger
_FRAMING = re.compile(rb"^transfer-encoding(?=[ \t]*:)", re.IGNORECASE | re.MULTILINE)


class EvidenceError(ValueError):
    """A stored page that is not there, is torn, or is not what its hash says."""


@dataclass(frozen=True)
class Stored:
    """Where a response was stored: the record's offset in its file in bytes, and the SHA-256 of the body as received."""

    offset: int
    sha256: str


@dataclass(frozen=True)
class Captured:
    """A page read back: its `body` with the content coding undone, and what the response said of it.

    `http_status` is null for a page that an archive gave without its response.
    """

    body: bytes
    content_type: str | None
    url: str
    http_status: int | None


class _AsReceived(StatusAndHeaders):
    """HTTP headers that are written byte for byte; warcio would rewrite those that are not ASCII."""

    def __init__(self, block: bytes):
        super().__init__("", [])
        self._block = block

    def __bool__(self) -> bool:
        return True

    def compute_headers_buffer(self, header_filter: object = None) -> None:
        self.headers_buff = self._block


class _Member:
    """Packs what is written into a gzip member, which has no time of its own: the same record is the same bytes."""

    def __init__(self, out: BinaryIO):
        self._out = out
        self._packer = _packer()

    def write(self, piece: bytes) -> None:
        """Add a piece."""
        self._out.write(self._packer.compress(piece))

    def flush(self) -> None:
        """End the member, as a writer asks for after each record; what is written next goes into another one."""
        self._out.write(self._packer.flush())
        self._packer = _packer()


def _packer() -> "zlib._Compress":
    return zlib.compressobj(_LEVEL, zlib.DEFLATED, zlib.MAX_WBITS | 16)


class WarcFile:
    """A WARC file being written."""

    def __init__(self, out: BinaryIO):
        self._out = out
        self._writer = WARCWriter(_Member(out), gzip=False, warc_version="1.1")

    def describe(self, record_name: str, started: datetime, fields: dict[str, str]) -> None:
        """Write the warcinfo record: what made this file, how and for whom."""
        block = "".join(f"{name}: {value}\r\n" for name, value in fields.items()).encode()
        headers = {"WARC-Record-ID": _record_id(record_name), "WARC-Date": _warc_date(started)}
        record = self._writer.create_warc_record(
            "", "warcinfo", payload=io.BytesIO(block), length=len(block), warc_headers_dict=headers
        )
        self._put(record)

    def add(self, response: Response, record_name: str, fetched_at: datetime) -> Stored:
        """Write one response. `record_name` is unique to the capture; the record's id is made from it."""
        head = _header_block(response)
        return self._write(response.url, response.body, record_name, fetched_at, head=head, content_type=None)

    def keep(
        self,
        url: str,
        body: bytes,
        record_name: str,
        captured_at: datetime,
        *,
        head: bytes | None = None,
        content_type: str | None = None,
    ) -> Stored:
        """Write a page that an archive holds: with the `head` of its HTTP response (status line and headers, without the empty
        line), or without one as a resource of a media type.
        """
        if head is not None:
            head = _FRAMING.sub(rb"X-Archive-Orig-\g<0>", head) + b"\r\n\r\n"
        return self._write(url, body, record_name, captured_at, head=head, content_type=content_type)

    def _write(
        self, url: str, body: bytes, record_name: str, captured_at: datetime, *, head: bytes | None, content_type: str | None
    ) -> Stored:
        offset = self._out.tell()
        sha256 = hashlib.sha256(body).hexdigest()
        block = hashlib.sha256(head or b"")
        block.update(body)
        headers = {
            "WARC-Record-ID": _record_id(record_name),
            "WARC-Date": _warc_date(captured_at),
            "WARC-Payload-Digest": f"sha256:{sha256}",
            "WARC-Block-Digest": f"sha256:{block.hexdigest()}",
        }
        record = self._writer.create_warc_record(
            url,
            "resource" if head is None else "response",
            payload=io.BytesIO(body),
            length=len(body),
            warc_content_type=content_type if head is None else "",
            warc_headers_dict=headers,
            http_headers=None if head is None else _AsReceived(head),
        )
        self._put(record)
        return Stored(offset, sha256)

    def _put(self, record: ArcWarcRecord) -> None:
        """Write a record as a gzip member."""
        self._writer.write_record(record)


@contextmanager
def open_warc(lake: Lake, path: str) -> Iterator[WarcFile]:
    """A WARC file to write at `path`; it appears, whole, when the block ends."""
    with lake.open_atomic(path) as out:
        yield WarcFile(out)


def read_body(lake: Lake, warc_file: str, warc_offset: int, sha256: str | None = None) -> Captured:
    """The page stored at an offset of a WARC file of the lake, its content coding undone.

    The body must have the hash that its record states and, if given, `sha256` (hex, of the body as received). Raises
    EvidenceError if it has not, or if there is no whole response record at that place.
    """
    place = f"{warc_file} at offset {warc_offset}"
    try:
        with lake.open(warc_file) as source:
            source.seek(warc_offset)
            record = next(WARCIterator(source), None)
            kind = "nothing" if record is None else f"a {record.rec_type} record"
            if kind not in ("a response record", "a resource record"):
                raise EvidenceError(f"{place}: {kind} there; want a response or resource record")
            body = record.raw_stream.read()
            missing = record.raw_stream.limit
            stated = record.rec_headers.get_header("WARC-Payload-Digest") or ""
            url = record.rec_headers.get_header("WARC-Target-URI") or ""
            http = record.http_headers
            content_type = record.rec_headers.get_header("Content-Type")
    except EvidenceError:
        raise
    except FileNotFoundError as error:
        raise EvidenceError(f"{place}: there is no such file in the lake {lake.url}") from error
    except Exception as error:  # warcio raises all sorts of errors on damaged records
        raise EvidenceError(f"{place}: no readable record there: {type(error).__name__}: {error}") from error
    if missing:
        raise EvidenceError(f"{place}: the record is torn, {missing:,} bytes of it are missing")
    digest = hashlib.sha256(body).hexdigest()
    algorithm, _, in_record = stated.partition(":")
    for who, wanted in (("its record", in_record if algorithm == "sha256" else None), ("the documents dataset", sha256)):
        if wanted is not None and digest != wanted.lower():
            raise EvidenceError(f"{place}: the body of {url} has SHA-256 {digest}, but {who} says {wanted}: it was changed")
    if record.rec_type == "resource":
        return Captured(body, content_type, url, None)
    try:
        status = int(http.get_statuscode())
        content = gathered(decoded([body], http.get_header("Content-Encoding"), stored=True), MAX_DECODED)
    except (ValueError, AttributeError, IndexError) as error:
        raise EvidenceError(f"{place}: the response of {url} cannot be read: {error}") from error
    return Captured(content, http.get_header("Content-Type"), url, status)


def _header_block(response: Response) -> bytes:
    """Status line and headers as received.

    One header is renamed, as web archives do: the body is stored without its chunk framing, and a reader that believed
    `Transfer-Encoding` would look for it.
    """
    lines = [response.http_version + b" " + str(response.status).encode() + b" " + response.reason]
    for name, value in response.headers:
        shown = b"X-Archive-Orig-" + name if name.lower() == b"transfer-encoding" else name
        lines.append(shown + b": " + value)
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _record_id(name: str) -> str:
    """A record id made from a name, so that the same capture is the same bytes."""
    return f"<urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name)}>"


def _warc_date(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
