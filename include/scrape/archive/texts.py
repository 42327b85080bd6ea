"""Read tables of texts, a row an article: JSON lines and Parquet.

A row has the article's text, or its page as HTML, and what else is known of it: address, title, times of publication and of
capture. `data/archive_columns.yaml` has the names that columns can have.
"""

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cache
from importlib import resources
from typing import Any, BinaryIO
from urllib.parse import quote

import yaml

from include.scrape.archive.pages import MAX_PAGE, Left, Page, Reading, instant
from include.scrape.listed import MAX_URL

_LATEST = 4e9  # seconds since 1970: the year 2096
_ROWS = 64  # read at once: rows hold whole articles


@cache
def _columns() -> dict[str, list[str]]:
    return yaml.safe_load(resources.files("include.scrape").joinpath("data/archive_columns.yaml").read_text("utf-8"))


def value(row: Mapping[str, Any], what: str) -> Any | None:
    """What a row says under any of the names that a column can have; null if it says nothing."""
    return next((row[name] for name in _columns()[what] if row.get(name) not in (None, "")), None)


def stated(row: Mapping[str, Any], what: str) -> str | None:
    """A value as text on one line that can be stored; null if there is none."""
    found = value(row, what)
    if what in ("published", "captured"):
        found = _time(found)
    return " ".join(str(found).split())[:MAX_URL].encode("utf-8", "replace").decode() or None if found is not None else None


def captured_at(row: Mapping[str, Any]) -> datetime | None:
    """When a row says that its page was captured."""
    return instant(stated(row, "captured"))


def _time(found: Any) -> Any:
    """A time in ISO form: of a date, or of a number of seconds or milliseconds since 1970."""
    if isinstance(found, datetime | date):
        return found.isoformat()
    if isinstance(found, int | float) and not isinstance(found, bool):
        seconds = found / 1000 if found > _LATEST else found
        return datetime.fromtimestamp(seconds, UTC).isoformat() if 0 < seconds < _LATEST else None
    return found


def read_json_lines(source: BinaryIO, name: str, start: int = 0, end: int | None = None) -> Reading:
    """The articles of the lines that begin in bytes [start, end) of a file of JSON lines."""
    at = start
    source.seek(max(0, start - 1))
    if start:
        at = start - 1 + len(source.readline())
    yield from _lines(source, name, at, end)


def read_packed_json_lines(source: BinaryIO, name: str) -> Reading:
    """The articles of a file of JSON lines that is compressed by gzip."""
    unpacked = gzip.GzipFile(fileobj=source)
    try:
        yield from _lines(unpacked, name, 0, None)
    except (OSError, EOFError, zlib.error) as error:
        yield Left("broken", f"unpacked byte {unpacked.tell():,}", f"the rest of the file cannot be read: {error}")


def _lines(source: BinaryIO, name: str, at: int, end: int | None) -> Reading:
    while (end is None or at < end) and (line := source.readline(2 * MAX_PAGE)):
        where, at = f"byte {at:,}", at + len(line)
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError as error:
            yield Left("broken", where, f"the line is no JSON: {error}")
            continue
        yield page_of(row, where, name) if isinstance(row, dict) else Left("broken", where, "the line holds no object")


def read_parquet(source: BinaryIO, name: str, start: int = 0, end: int | None = None) -> Reading:
    """The articles of the row groups [start, end) of a Parquet file."""
    import pyarrow.parquet as pq

    file = pq.ParquetFile(source, pre_buffer=False, buffer_size=1 << 20)
    known = {column for columns in _columns().values() for column in columns}
    wanted = [column for column in file.schema_arrow.names if column in known]
    for group in range(start, file.num_row_groups if end is None else end):
        at = 0
        try:
            for rows in file.iter_batches(_ROWS, [group], columns=wanted):
                for row in rows.to_pylist():
                    yield page_of(row, f"row {at:,} of row group {group}", name)
                    at += 1
        except (OSError, ValueError) as error:
            where = f"row {at:,} of row group {group}"
            yield Left("broken", where, f"the rest of the row group cannot be read: {error}")


def row_groups(source: BinaryIO) -> int:
    """How many row groups a Parquet file has. Raises ValueError for a file that is none, or that has no column of texts."""
    import pyarrow.parquet as pq

    file = pq.ParquetFile(source)
    names = set(file.schema_arrow.names)
    if names.isdisjoint(_columns()["text"] + _columns()["html"]):
        raise ValueError(
            f"no column holds texts or pages; it has {', '.join(sorted(names))}, "
            f"and a text is looked for in {', '.join(_columns()['text'])}, a page in {', '.join(_columns()['html'])}"
        )
    return file.num_row_groups


def page_of(row: Mapping[str, Any], where: str, name: str) -> Page | Left:
    """The page or text in a row of the table `name`."""
    html, text = value(row, "html"), value(row, "text")
    body = html if html is not None else text
    if not isinstance(body, str | bytes):
        return Left("empty", where, "the row has neither text nor page")
    body = body.encode("utf-8", "replace") if isinstance(body, str) else body
    url = stated(row, "url") or f"file:///{quote(name)}#{where.replace(' ', '-').replace(',', '')}"
    return Page(
        url,
        where,
        body,
        captured_at(row),
        content_type="text/html" + ("; charset=utf-8" if isinstance(html, str) else "") if html is not None else TEXT,
        title=stated(row, "title"),
        published=stated(row, "published"),
    )


TEXT = "text/plain; charset=utf-8"
"""Media type of an article's text without its page."""


def rows_of(source: BinaryIO, is_csv: bool) -> Iterator[dict[str, Any]]:
    """The rows of a manifest, in CSV with a header or in JSON lines. Raises ValueError for one that cannot be read."""
    text = source.read().decode("utf-8-sig")
    if is_csv:
        import csv

        yield from csv.DictReader(text.splitlines())
        return
    for line in text.splitlines():
        if line.strip():
            yield json.loads(line)
