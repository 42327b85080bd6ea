"""Read tables of texts, a row an article: JSON lines, CSV and Parquet.

A row has the article's text, or its page as HTML, and what else is known of it: address, title, times of publication and of
capture. `data/archive_columns.yaml` has the names that columns can have; of a name its letters and digits count.
"""

import gzip
import json
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from importlib import resources
from typing import Any, BinaryIO
from urllib.parse import quote

import yaml

from include.scrape.archive.csv_rows import open_csv
from include.scrape.archive.pages import Left, Page, Reading, instant, of_digits
from include.scrape.listed import MAX_URL

_EARLIEST, _LATEST = 1e8, 4e9  # seconds since 1970: the years 1973 and 2096
_NUMBER = re.compile(r"-?[0-9]{1,30}(?:\.[0-9]{0,30})?")
_MARKUP = re.compile(r"</?(?:p|div|br|span|h[1-6]|ul|table|article|body|html)\b[^<>]{0,1000}>", re.IGNORECASE)
_MARKUP_IN_BYTES = re.compile(_MARKUP.pattern.encode(), re.IGNORECASE)
MAX_ROW = 3_000_000
"""Most bytes of a line of JSON: its characters may take four times as much, and are held twice."""

_SHORT = 500_000  # bytes of a line, or of what is in it besides texts: small, whatever is built of them
_STRING = re.compile(rb'"(?:[^"\\]++|\\.?)*+(?:"|\Z)', re.DOTALL)
_PIECE = 1 << 20
_SHOWN = 30


@cache
def _columns() -> dict[str, list[str]]:
    return yaml.safe_load(resources.files("include.scrape").joinpath("data/archive_columns.yaml").read_text("utf-8"))


def columns(*kinds: str) -> set[str]:
    """The letters of the names that columns of some kinds can have; without kinds, of all."""
    return {letters(name) for kind in kinds or _columns().keys() - {"inner"} for name in _columns()[kind]}


@lru_cache(1000)
def letters(name: str) -> str:
    """What counts of a column's name: Published At, published_at and publishedAt are one."""
    return re.sub(r"[\W_]", "", name).lower()


def value(row: Mapping[str, Any], what: str) -> Any | None:
    """What a row says under any of the names that a column can have; null if it says nothing."""
    said = {letters(str(name)): found for name, found in row.items()}
    found = (_inner(said.get(letters(name))) for name in _columns()[what])
    return next((each for each in found if each not in (None, "")), None)


def _inner(found: Any, depth: int = 3) -> Any | None:
    """A value without the object that it is in, {"rendered": "..."}; of a list its values, a line each."""
    if isinstance(found, list):
        parts = [_inner(part, depth - 1) for part in found] if depth else []
        return "\n".join(part for part in parts if isinstance(part, str))
    if isinstance(found, Mapping):
        return next((_inner(found[name], depth - 1) for name in _columns()["inner"] if name in found), None) if depth else None
    return found


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
    """A time in ISO form: of a date, of the 8 or 14 digits of a day or an instant, or of a number of seconds (thousandths,
    millionths ...) since 1970.
    """
    if isinstance(found, datetime | date):
        return found.isoformat()
    if isinstance(found, bool) or not _NUMBER.fullmatch(str(found).strip()):
        return found
    if stamp := of_digits(str(found).strip()):
        return stamp
    seconds = float(found)
    while seconds > _LATEST:
        seconds /= 1000
    return datetime.fromtimestamp(seconds, UTC).isoformat() if seconds > _EARLIEST else None


def read_json_lines(source: BinaryIO, name: str, start: int = 0, end: int | None = None) -> Reading:
    """The articles of the lines that begin in bytes [start, end) of a file of JSON lines."""
    at = start
    source.seek(max(0, start - 1))
    if start:
        at = start - 1 + _rest_of_line(source, None if end is None else end - start + 1)
    yield from _lines(source, name, at, end)


def read_packed_json_lines(source: BinaryIO, name: str) -> Reading:
    """The articles of a file of JSON lines that is compressed by gzip."""
    unpacked = gzip.GzipFile(fileobj=source)
    try:
        yield from _lines(unpacked, name, 0, None)
    except (OSError, EOFError, zlib.error) as error:
        yield Left("broken", f"unpacked byte {unpacked.tell():,}", f"the rest of the file cannot be read: {error}")


def _lines(source: BinaryIO, name: str, at: int, end: int | None) -> Reading:
    while (end is None or at < end) and (line := source.readline(MAX_ROW + 1)):
        where, at = f"byte {at:,}", at + len(line)
        if len(line) > MAX_ROW:
            at += 0 if line.endswith(b"\n") else _rest_of_line(source)
            yield Left("too_large", where, f"the line has more than {MAX_ROW:,} bytes")
        elif line.strip():
            yield _row(line, where, name)


def _row(line: bytes, where: str, name: str) -> Page | Left:
    if len(line) > _SHORT and len(line) - sum(len(text[0]) for text in _STRING.finditer(line)) > _SHORT:
        return Left("too_large", where, f"the line has more than {_SHORT:,} bytes besides texts")
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Left("broken", where, f"the line is no JSON: {error}")
    return page_of(row, where, name) if isinstance(row, dict) else Left("broken", where, "the line holds no object")


def _rest_of_line(source: BinaryIO, most: int | None = None) -> int:
    """Pass over the rest of a line, or about so many bytes of it; how many it were."""
    passed = 0
    while (most is None or passed < most) and (piece := source.readline(_PIECE)):
        passed += len(piece)
        if piece.endswith(b"\n"):
            break
    return passed


def read_csv(source: BinaryIO, name: str, *, packed: bool = False) -> Reading:
    """The articles of a table in CSV, `packed` by gzip or not."""
    number = 0
    try:
        for number, row in enumerate(open_csv(gzip.GzipFile(fileobj=source) if packed else source)[1], 1):
            yield page_of(row, f"row {number:,}", name)
    except (OSError, EOFError, zlib.error, ValueError) as error:
        yield Left("broken", f"row {number + 1:,}", f"the rest of the file cannot be read: {error}")


def csv_columns(source: BinaryIO, *, packed: bool = False) -> list[str]:
    """The names of the columns of a table in CSV. Raises ValueError if it cannot be read, or has no column of texts."""
    try:
        names = open_csv(gzip.GzipFile(fileobj=source) if packed else source)[0]
    except (OSError, EOFError, zlib.error) as error:
        raise ValueError(f"it cannot be unpacked: {error}") from error
    want_texts(names)
    return names


def want_texts(names: Sequence[str]) -> None:
    """Raises ValueError for columns of which none holds texts or pages."""
    if columns("text", "html").isdisjoint(map(letters, names)):
        shown = ", ".join(sorted(names)[:_SHOWN]) + (f" and {len(names) - _SHOWN:,} more" if len(names) > _SHOWN else "")
        raise ValueError(
            f"no column holds texts or pages; it has {shown}, "
            f"and a text is looked for in {', '.join(_columns()['text'])}, a page in {', '.join(_columns()['html'])}"
        )


def page_of(row: Mapping[str, Any], where: str, name: str, *, is_utf8: bool = False) -> Page | Left:
    """The page or text in a row of the table `name`; `is_utf8`: in that encoding is what it has in bytes."""
    html, text = value(row, "html"), value(row, "text")
    if html is None and _has_markup(text):
        html = text
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
        content_type="text/html" + ("; charset=utf-8" if is_utf8 or isinstance(html, str) else "")
        if html is not None
        else TEXT,
        title=stated(row, "title"),
        published=stated(row, "published"),
    )


def _has_markup(text: Any) -> bool:
    found = (
        _MARKUP.search(text) if isinstance(text, str) else _MARKUP_IN_BYTES.search(text) if isinstance(text, bytes) else None
    )
    return found is not None


TEXT = "text/plain; charset=utf-8"
"""Media type of an article's text without its page."""


def rows_of(source: BinaryIO, is_csv: bool) -> Iterator[dict[str, Any]]:
    """The rows of a manifest, in CSV with a header or in JSON lines. Raises ValueError for one that cannot be read."""
    if is_csv:
        yield from open_csv(source)[1]
        return
    try:
        while line := source.readline(MAX_ROW + 1):
            if len(line) > MAX_ROW:
                raise ValueError(f"a line has more than {MAX_ROW:,} bytes")
            row = json.loads(line.decode("utf-8-sig")) if line.strip() else None
            if isinstance(row, dict):
                yield row
            elif row is not None:
                raise ValueError(f"it holds {line[:60]!r} where a row is wanted")
    except RecursionError as error:
        raise ValueError(str(error)) from error
