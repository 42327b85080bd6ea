"""Read Parquet files of texts, a row an article: how large what is in a file is, is looked at before it is unpacked.

No value is larger than the page that it stands in, however it is encoded: where pages are large, few rows are read at once.
"""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

from include.scrape.archive.pages import MAX_PAGE, Left, Reading
from include.scrape.archive.parquet_pages import page_heads
from include.scrape.archive.texts import columns, letters, page_of, want_texts

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq

MAX_FOOTER = 1_500_000
"""Most bytes of a file's footer, which tells of each column of each row group; it is unpacked to several times as much."""
MAX_UNPACKED = 128_000_000
"""Most bytes of a page of a column, unpacked. Writers put 1,024 texts or 1 MB into one, whichever is more."""

_ROWS = 64
_AT_ONCE = 16_000_000
_MAX_VALUE = 64_000  # bytes of an address, a title, a time


def read_parquet(source: BinaryIO, name: str, start: int = 0, end: int | None = None) -> Reading:
    """The articles of the row groups [start, end) of a Parquet file."""
    file = _opened(source)
    wanted = _wanted(file)
    long = columns("text", "html")
    is_utf8 = any(_is_text(file.schema_arrow.field(column).type) for column in wanted if letters(column) in long)
    for group in range(start, file.num_row_groups if end is None else end):
        at = 0
        try:
            for rows in file.iter_batches(_rows_at_once(source, file, group, wanted), [group], columns=wanted):
                for row in _rows(rows):
                    where = f"row {at:,} of row group {group}"
                    yield Left("too_large", where, row) if isinstance(row, str) else page_of(row, where, name, is_utf8=is_utf8)
                    at += 1
        except (OSError, ValueError) as error:
            where = f"row {at:,} of row group {group}"
            yield Left("broken", where, f"the rest of the row group cannot be read: {error}")


def row_groups(source: BinaryIO) -> int:
    """How many row groups a Parquet file has. Raises ValueError for a file that is none, or has no column of texts or pages."""
    file = _opened(source)
    _wanted(file)
    return file.num_row_groups


def _opened(source: BinaryIO) -> "pq.ParquetFile":
    import pyarrow.parquet as pq

    source.seek(max(0, source.seek(0, io.SEEK_END) - 8))
    size = int.from_bytes(source.read(4), "little")
    if source.read(4) == b"PAR1" and size > MAX_FOOTER:
        raise ValueError(f"its footer has {size:,} bytes; more than {MAX_FOOTER:,} are not read: write it in larger row groups")
    return pq.ParquetFile(source, pre_buffer=False, buffer_size=1 << 20)


def _wanted(file: "pq.ParquetFile") -> list[str]:
    """The columns to be read. Raises ValueError where no column has texts or pages, and for one with something else."""
    import pyarrow as pa

    want_texts(file.schema_arrow.names)
    known = columns()
    wanted = [field for field in file.schema_arrow if letters(field.name) in known]
    for field in wanted:
        if pa.types.is_nested(field.type):
            raise ValueError(f"its column {field.name!r} holds {field.type} where a text or a time is wanted; rename it")
    return [field.name for field in wanted]


def _rows_at_once(source: BinaryIO, file: "pq.ParquetFile", group: int, wanted: list[str]) -> int:
    """How many rows take little memory, whatever is in them. Raises ValueError for pages that are too large."""
    described = file.metadata.row_group(group)
    chunks = [described.column(i) for i in range(described.num_columns)]
    largest = 0
    for chunk in chunks:
        if chunk.path_in_schema in wanted:
            unpacked = max((head.unpacked for head in page_heads(source, chunk)), default=0)
            if unpacked > MAX_UNPACKED:
                words = f"a page of its column {chunk.path_in_schema!r} unpacks to {unpacked:,} bytes"
                raise ValueError(f"{words}; more than {MAX_UNPACKED:,} are not read: write it with smaller pages")
            largest += unpacked
    return max(1, min(_ROWS, _AT_ONCE // max(1, largest)))


def _rows(rows: "pa.RecordBatch") -> Iterator[dict[str, Any] | str]:
    """The rows of a batch one by one; instead of one that is too large why it is."""
    long = {name for name in rows.schema.names if letters(name) in columns("text", "html")}
    for i in range(rows.num_rows):
        scalars = {name: _plain(column[i]) for name, column in zip(rows.schema.names, rows.columns, strict=True)}
        sizes = {name: _size(scalar) for name, scalar in scalars.items()}
        large = [name for name, size in sizes.items() if size > (MAX_PAGE if name in long else _MAX_VALUE)]
        if large:
            yield f"{sizes[large[0]]:,} bytes in {large[0]!r}"
        else:  # long texts stay bytes of UTF-8: their characters may take four times as much
            yield {name: _bytes(scalar) if name in long else scalar.as_py() for name, scalar in scalars.items()}


def _plain(scalar: "pa.Scalar") -> "pa.Scalar":
    """A value itself, where it stands in a dictionary."""
    return scalar.value if hasattr(scalar, "index") and hasattr(scalar, "dictionary") else scalar


def _bytes(scalar: "pa.Scalar") -> Any:
    buffer = _buffer(scalar)
    return scalar.as_py() if buffer is None else buffer.to_pybytes()


def _size(scalar: "pa.Scalar") -> int:
    buffer = _buffer(scalar)
    return 0 if buffer is None else buffer.size


def _buffer(scalar: "pa.Scalar") -> "pa.Buffer | None":
    """The bytes of a text, where they lie; null for anything else."""
    return scalar.as_buffer() if hasattr(scalar, "as_buffer") else None


def _is_text(kind: "pa.DataType") -> bool:
    import pyarrow as pa

    return pa.types.is_string(kind) or pa.types.is_large_string(kind)
