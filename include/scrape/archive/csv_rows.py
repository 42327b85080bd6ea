"""Read a table in CSV as spreadsheets and newsrooms write it: with a header, in UTF-8 or UTF-16, its values parted by commas,
semicolons, tabs or bars.
"""

import codecs
import csv
from collections.abc import Iterator
from typing import BinaryIO

MAX_ROW = 2_000_000
"""Most characters of a row; they may take four bytes each, and are held some times."""
MAX_VALUES = 10_000
"""Most values of a row."""

_PARTED_BY = ",;\t|"
_PIECE = 64 * 1024

Rows = Iterator[dict[str, str]]


def open_csv(source: BinaryIO) -> tuple[list[str], Rows]:
    """The names of a table's columns, and its rows by these names. Both raise ValueError for what cannot be read."""
    begins = source.read(2)
    source.seek(0)
    lines = _Lines(source, "utf-16" if begins in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig")
    csv.field_size_limit(MAX_ROW)
    header = next(lines, "")
    lines.parted_by = max(_PARTED_BY, key=header.count)
    names = [name.strip() for name in next(csv.reader([header], delimiter=lines.parted_by), [])]
    return names, _rows(lines, names)


def _rows(lines: "_Lines", names: list[str]) -> Rows:
    try:
        for row in csv.reader(lines, delimiter=lines.parted_by, strict=True):
            lines.begin_row()
            if len(row) > MAX_VALUES:
                raise ValueError(f"a row has {len(row):,} values; rows with more than {MAX_VALUES:,} are not read")
            if row:
                yield dict(zip(names, row, strict=False))
    except csv.Error as error:
        raise ValueError(str(error)) from error


class _Lines:
    """The lines of a text, with their ends; a row may take many, and is held as long as it has not ended."""

    def __init__(self, source: BinaryIO, encoding: str):
        self.parted_by = ","
        self._lines = _lines(source, encoding)
        self.begin_row()

    def begin_row(self) -> None:
        """What comes now belongs to another row."""
        self._size = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self._size += len(line)
        if self._size > MAX_ROW:
            raise ValueError(f"a row has more than {MAX_ROW:,} characters; is a quotation mark missing?")
        return line


def _lines(source: BinaryIO, encoding: str) -> Iterator[str]:
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
        if len(rest) > MAX_ROW:
            raise ValueError(f"a line has more than {MAX_ROW:,} characters")
    yield rest
