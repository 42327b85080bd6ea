"""Small archives for the tests."""

import gzip
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from fastwarc.stream_io import ZstdWriter
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from include.scrape.archive.pages import Left, Page

HTML = [("Content-Type", "text/html; charset=utf-8")]


def page(number: int, words: str = "Three soldiers were killed near Homs on Sunday, the army said.") -> bytes:
    """A page with a story."""
    story = f"<p>{words} It was report number {number} of the day, and the town was quiet at night, residents said.</p>"
    return f"<html><head><title>Report {number}</title></head><body><article>{story * 3}</article></body></html>".encode()


def url(number: int) -> str:
    """The address of a page."""
    return f"https://mail.example/2022/04/11/{number}"


def record(
    number: int,
    body: bytes | None = None,
    *,
    kind: str = "response",
    status: str = "200 OK",
    headers=HTML,
    address: str | None = None,
    **stated: str,
) -> bytes:
    """A WARC record, neither compressed nor with its time of writing; `stated` are headers that it shall have (WARC_Date)."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=False, warc_version="1.1")
    body = page(number) if body is None else body
    response = StatusAndHeaders(status, headers, protocol="HTTP/1.1") if kind == "response" else None
    fields = {"WARC-Date": f"2022-04-11T12:00:{number % 60:02}Z", "WARC-Record-ID": f"<urn:uuid:{number:032}>"}
    fields |= {name.replace("_", "-"): value for name, value in stated.items()}
    writer.write_record(
        writer.create_warc_record(
            address or url(number),
            kind,
            payload=io.BytesIO(body),
            length=len(body),
            http_headers=response,
            warc_headers_dict=fields,
        )
    )
    return out.getvalue()


def zstd(piece: bytes) -> bytes:
    """A zstd frame."""
    out = io.BytesIO()
    writer = ZstdWriter(out)
    writer.write(piece)
    writer.finish()
    writer.flush()
    writer.close()
    return out.getvalue()


COMPRESSED: dict[str, Callable[[bytes], bytes]] = {
    ".warc.gz": lambda piece: gzip.compress(piece, mtime=0),
    ".warc.zst": zstd,
    ".warc": bytes,
}
"""How the records of a file are compressed, by the end of its name."""


def warc(records: Sequence[bytes], end: str = ".warc.gz") -> tuple[bytes, list[int]]:
    """A WARC file, and where its records begin."""
    pieces = [COMPRESSED[end](piece) for piece in records]
    return b"".join(pieces), [sum(map(len, pieces[:i])) for i in range(len(pieces))]


def wacz(path: Path, content: bytes, compression: int = zipfile.ZIP_STORED) -> Path:
    """A WACZ archive with one WARC file."""
    with zipfile.ZipFile(path, "w", compression) as archive:
        archive.writestr("datapackage.json", "{}")
        archive.writestr("archive/data.warc.gz", content)
    return path


def shown(reading: Iterator[Page | Left]) -> list[str]:
    """What was read: the number of each page, and the reason and place of what was left."""
    return [found.url.rsplit("/", 1)[-1] if isinstance(found, Page) else f"{found.reason} {found.where}" for found in reading]
