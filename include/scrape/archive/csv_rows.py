"""Read a table in CSV as spreadsheets and newsrooms write it: with a header, in UTF-8 or UTF-16, its values parted by commas,
semicolons, tabs or bars.
"""

import codecs
import csv
from collections.abc import Iterator
from typing import BinaryIO

from include.scrape.archive.pages import MAX_PAGE

_PARTED_BY = ",;\t|"
_PIECE = 64 * 1024

Rows = Iterator[dict[str, str | None]]


def open_csv(source: BinaryIO) -> tuple[list[str], Rows]:
    """The names of a table's columns, and its rows by these names. Both raise ValueError for what cannot be read."""
    begins = source.read(2)
    source.seek(0)
    lines = _lines(source, "utf-16" if begins in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig")
    csv.field_size_limit(MAX_PAGE)
    header = next(lines, "")
    parted_by = max(_PARTED_BY, key=header.count)
    names = [name.strip() for name in next(csv.reader([header], delimiter=parted_by), [])]
    return names, _rows(lines, names, parted_by)


def _rows(lines: Iterator[str], names: list[str], parted_by: str) -> Rows:
    try:
        yield from csv.DictReader(lines, names, delimiter=parted_by, strict=True)
    except csv.Error as error:
        raise ValueError(str(error)) from error


def _lines(source: BinaryIO, encoding: str) -> Iterator[str]:
    """The lines of a text, with their ends."""
    decoder = codecs.getincrementaldecoder(encoding)()
    rest, piece = "", b"-"
    while piece:
        piece = source.read(_PIECE)
        try:
            *whole, rest = (rest + decoder.decode(piece, final=not piece)).split("\n")
        except UnicodeDecodeError as error:
            raise ValueError(f"it is not in UTF-8 ({error.reason}); save it as 'CSV UTF-8'") from error
        for line in whole:
            yield line + "\n"
        if len(rest) > MAX_PAGE:
            raise ValueError(f"a line has more than {MAX_PAGE:,} characters")
    yield rest
