"""How large the pages of a Parquet file are once unpacked: what a reader allocates at once, whatever the file's footer says.

The heads of pages are read (Thrift's compact protocol; PageHeader in the Parquet format), their contents passed over.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

_HEAD = 64 * 1024
_TRUE, _FALSE, _BYTE, _I16, _I32, _I64, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = range(1, 13)
_DEEPEST = 8


class PageHead(NamedTuple):
    """The sizes of a page, unpacked and as stored, and of its head, in bytes."""

    unpacked: int
    stored: int
    head: int


def page_heads(source: BinaryIO, column: Any) -> Iterator[PageHead]:
    """The heads of the pages of a column chunk, by its metadata (pyarrow's ColumnChunkMetaData). Raises ValueError for a chunk
    that is not made of pages.
    """
    at = column.data_page_offset
    if column.dictionary_page_offset:
        at = min(at, column.dictionary_page_offset)
    end = at + column.total_compressed_size
    while at < end:
        source.seek(at)
        head = _head(source.read(_HEAD))
        yield head
        at += head.head + head.stored


def _head(raw: bytes) -> PageHead:
    reader = _Compact(raw)
    try:
        values = reader.struct()
        unpacked, stored = values[2], values[3]
    except (IndexError, KeyError, TypeError) as error:
        raise ValueError("a page has no head that can be read") from error
    if unpacked < 0 or stored < 0:
        raise ValueError("a page states a size below zero")
    return PageHead(unpacked, stored, reader.at)


class _Compact:
    """Reads values of Thrift's compact protocol. Raises IndexError at the end of what there is."""

    def __init__(self, raw: bytes):
        self._raw = raw
        self.at = 0

    def struct(self, depth: int = 0) -> dict[int, Any]:
        """The whole numbers in a structure by the ids of their fields; what else is in it is passed over."""
        if depth > _DEEPEST:
            raise ValueError("a page's head is nested too deep")
        values: dict[int, Any] = {}
        field = 0
        while kind := self._byte():
            field = field + (kind >> 4) if kind >> 4 else self._number()
            values[field] = self._value(kind & 15, depth)
        return values

    def _value(self, kind: int, depth: int) -> int | None:
        if kind in (_I16, _I32, _I64):
            return self._number()
        if kind == _STRUCT:
            self.struct(depth + 1)
        elif kind in (_BYTE, _DOUBLE):
            self.at += 1 if kind == _BYTE else 8
        elif kind == _BINARY:
            length = self._unsigned()
            self.at += length
        elif kind not in (_TRUE, _FALSE):
            raise ValueError("a page's head holds what no page's head holds")
        return None

    def _byte(self) -> int:
        self.at += 1
        return self._raw[self.at - 1]

    def _unsigned(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value
            if shift > 63:
                raise ValueError("a page's head holds a number without end")

    def _number(self) -> int:
        value = self._unsigned()
        return value >> 1 ^ -(value & 1)
