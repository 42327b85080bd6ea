"""The lake: where the datasets live, and the only code that reads and writes their files.

A lake's root is a folder or any fsspec URL (`s3://bucket/prefix`). Files are Hive-partitioned Parquet. A file appears whole
or not at all: on a local folder it is written beside, synced and renamed; on an object store it is one PUT.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import quote, unquote

import fsspec
import pyarrow as pa
import pyarrow.parquet as pq
from fsspec.implementations.local import LocalFileSystem

from include.datasets.catalogue import CATALOGUE
from include.datasets.schema import Dataset, DatasetError
from include.masking import masked

if TYPE_CHECKING:
    import polars as pl


class Lake:
    """The datasets under one root. All paths given and returned are relative to it, with forward slashes."""

    def __init__(self, root: str | os.PathLike[str]):
        self.fs, path = fsspec.url_to_fs(os.fspath(root))
        self.root = path.rstrip("/")
        self.url = masked(os.fspath(root))  # to show; it may hold a password
        self.is_local = isinstance(self.fs, LocalFileSystem)

    # -- files -------------------------------------------------------------------------------------------------------

    def full(self, path: str) -> str:
        """The path as the file system knows it."""
        return f"{self.root}/{path}"

    @contextmanager
    def open_atomic(self, path: str) -> Iterator[BinaryIO]:
        """A binary file to write at `path`. It appears, whole, when the block ends; if the block raises, nothing changes."""
        if not self.is_local:
            with self.fs.transaction, self.fs.open(self.full(path), "wb") as out:
                yield out
            return
        final = self.full(path)
        folder = os.path.dirname(final)
        beside = os.path.join(folder, f".{os.path.basename(final)}.{os.getpid()}.part")
        try:
            _make_folders(folder)
            with open(beside, "wb") as out:
                yield out
                out.flush()
                os.fsync(out.fileno())
            os.replace(beside, final)
            _sync_folder(folder)
        except BaseException as error:
            error.add_note(f"while writing {final}")
            if os.path.exists(beside):
                os.unlink(beside)
            raise

    def open(self, path: str) -> BinaryIO:
        """A binary file to read. Raises FileNotFoundError."""
        return self.fs.open(self.full(path), "rb")

    def exists(self, path: str) -> bool:
        """Whether there is a file at `path`."""
        return self.fs.exists(self.full(path))

    def remove(self, path: str) -> None:
        """Delete the file at `path`; no error if there is none."""
        if self.exists(path):
            self.fs.rm_file(self.full(path))

    def sha256(self, path: str) -> str:
        """SHA-256 of the file at `path`, hex. Raises FileNotFoundError."""
        with self.open(path) as source:
            return hashlib.file_digest(source, "sha256").hexdigest()

    def find(self, folder: str, suffix: str) -> list[str]:
        """The files below `folder` whose names end in `suffix`, sorted. Files still being written are not listed."""
        prefix = len(self.full(""))
        found = (p[prefix:] for p in self._below(self.full(folder)) if p.endswith(suffix))
        return sorted(p for p in found if not p[p.rfind("/") + 1 :].startswith("."))

    def _below(self, folder: str) -> Iterable[str]:
        if self.is_local:  # ten times as fast as asking for each file what it is
            return (f"{at}/{name}".replace(os.sep, "/") for at, _, names in os.walk(folder) for name in names)
        return self.fs.find(folder) if self.fs.exists(folder) else []

    def write_json(self, path: str, value: Any) -> None:
        """Write `value` as JSON, sorted and indented, so that the same value is the same bytes."""
        with self.open_atomic(path) as out:
            out.write((json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode())

    def read_json(self, path: str) -> Any | None:
        """The JSON value at `path`; None if there is no such file."""
        try:
            with self.open(path) as source:
                return json.load(source)
        except FileNotFoundError:
            return None

    # -- datasets ----------------------------------------------------------------------------------------------------

    def write(
        self, dataset: Dataset, partition: Mapping[str, Any], name: str, rows: Iterable[Mapping[str, Any]] | pa.Table
    ) -> str:
        """Write `rows` as the file `name` of one partition, replacing it if it is there; return its path.

        `rows` are without the partition columns that stand only in the path. The same rows in any order give the same
        bytes. Raises DatasetError if a row or the partition does not fit the dataset; then nothing is written.
        """
        table = dataset.table(rows)
        path = self.path(dataset, partition, name)
        with self.open_atomic(path) as out:
            pq.write_table(table, out, compression="zstd", use_dictionary=True, write_statistics=True)
        return path

    def path(self, dataset: Dataset, partition: Mapping[str, Any], name: str) -> str:
        """The path of the file `name` in one partition of a dataset."""
        wanted = [c.name for c in dataset.partitions]
        if sorted(partition) != sorted(wanted):
            raise DatasetError(f"{dataset.name}: got partition {dict(partition)}; its partition columns are {wanted}")
        return f"{_folder(dataset, partition)}/{name}.parquet"

    def files(self, dataset: Dataset, **partition: Any) -> list[str]:
        """Paths of the files of a dataset, sorted: all, or those below the folder of some partition values (`year=2022`); these
        must be of the first partition columns.
        """
        return self.find(_folder(dataset, partition), ".parquet")

    def hashes(self, dataset: Dataset) -> dict[str, str]:
        """The SHA-256 of each file of a dataset, by path."""
        paths = self.files(dataset)
        with ThreadPoolExecutor(4) as threads:
            return dict(zip(paths, threads.map(self.sha256, paths), strict=True))

    def read_file(self, path: str, columns: list[str] | None = None) -> pa.Table:
        """One file of a dataset with its partition columns; columns that are newer than the file are null. Raises
        FileNotFoundError, or DatasetError if it is no such file.
        """
        dataset = CATALOGUE[path.split("/", 1)[0]]
        in_file = [c for c in dataset.schema.names if columns is None or c in columns]
        with self.open(path) as source:
            file = pq.ParquetFile(source)
            held = set(file.schema_arrow.names)  # read once: asking for it takes as long as reading a column
            table = file.read([c for c in in_file if c in held])
        for name in in_file:
            if name not in table.schema.names:
                column = dataset.schema.field(name)
                table = table.append_column(column, pa.nulls(len(table), column.type))
        for column in dataset.partitions:
            if (columns is None or column.name in columns) and column.name not in table.schema.names:
                value = partition_of(path)[column.name]
                value = int(value) if pa.types.is_integer(column.type) else value
                table = table.append_column(column.field(), pa.array([value] * len(table), type=column.type))
        partitions = (c.name for c in dataset.partitions if c.name not in in_file)
        return table.select([*in_file, *partitions] if columns is None else columns)

    def read(self, dataset: Dataset, columns: list[str] | None = None, paths: list[str] | None = None) -> pa.Table:
        """A dataset as one table with its partition columns: all of it, or the files at `paths`. Empty if there are none."""
        tables = [self.read_file(p, columns) for p in (self.files(dataset) if paths is None else paths)]
        if tables:
            return pa.concat_tables(tables)
        fields = [*dataset.schema, *(c.field() for c in dataset.partitions if c.name not in dataset.schema.names)]
        schema = pa.schema(fields)
        return (schema if columns is None else pa.schema([schema.field(c) for c in columns])).empty_table()

    def frame(
        self,
        dataset: Dataset,
        columns: list[str] | None = None,
        paths: list[str] | None = None,
        *,
        where: "pl.Expr | None" = None,
        file: str | None = None,
    ) -> "pl.DataFrame":
        """What :meth:`read` gives, as a Polars frame: all rows, or those `where` it holds; with `file` a column of that name
        with the path of each row's file. On a local folder only the columns and rows that are asked for are read.
        """
        import polars as pl

        paths = self.files(dataset) if paths is None else paths
        if not self.is_local or not paths:
            asked = [] if where is None else where.meta.root_names()
            read = columns and list(dict.fromkeys([*columns, *asked]))
            frames = [self._read_frame(dataset, read, [path], file) for path in paths]
            frame = pl.concat(frames) if frames else self._read_frame(dataset, read, [], file)
            frame = frame if where is None else frame.filter(where)
            return frame.select(*columns, *([file] if file else [])) if columns else frame
        kinds = {c.name: c.type for c in (*dataset.columns, *dataset.partitions)}
        kinds = pl.Schema(pa.schema(kinds.items()))
        in_files = pl.Schema({c.name: kinds[c.name] for c in dataset.columns})
        rows = pl.scan_parquet(
            [self.full(path) for path in paths],
            schema=in_files,
            try_parse_hive_dates=False,
            missing_columns="insert",
            extra_columns="ignore",
            hive_schema={c.name: kinds[c.name] for c in dataset.partitions},
            glob=False,
            include_file_paths=file,
        )
        rows = rows if where is None else rows.filter(where)
        named = [pl.col(file).str.slice(len(self.full("")))] if file else []
        return rows.select(*(columns or kinds.names()), *named).collect()

    def _read_frame(self, dataset: Dataset, columns: list[str] | None, paths: list[str], file: str | None) -> "pl.DataFrame":
        import polars as pl

        frame = pl.from_arrow(self.read(dataset, columns, paths), rechunk=False)
        return frame.with_columns(pl.lit("".join(paths)).alias(file)) if file else frame


def _make_folders(path: str) -> None:
    """Create a folder, and those above it that are missing, so that a power cut does not take them away again."""
    if not os.path.isdir(path):
        above = os.path.dirname(path)
        _make_folders(above)
        with suppress(FileExistsError):  # another process was faster
            os.mkdir(path)
        _sync_folder(above)


def _sync_folder(path: str) -> None:
    """Have the names in a folder on the disk."""
    folder = os.open(path, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _folder(dataset: Dataset, partition: Mapping[str, Any]) -> str:
    values = (f"{c.name}={quote(str(partition[c.name]), safe='')}" for c in dataset.partitions if c.name in partition)
    return "/".join([dataset.name, *values])


def partition_of(path: str) -> dict[str, str]:
    """The partition values in a file's path, as text."""
    pairs = (part.split("=", 1) for part in path.split("/") if "=" in part)
    return {k: unquote(v) for k, v in pairs}


def year_in(path: str) -> int:
    """The year that a file's path names."""
    return int(partition_of(path)["year"])


def month_in(path: str) -> tuple[int, int]:
    """The year and month that a file's path names."""
    partition = partition_of(path)
    return int(partition["year"]), int(partition["month"])
