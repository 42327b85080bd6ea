"""What an import has to read, cut into shards that workers can share.

A shard is a range of an archive: bytes of a WARC file or of JSON lines, row groups of a Parquet file, files of a folder. Each
record belongs to the shard in which it begins, so that no shard needs to know of another.
"""

import hashlib
import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO

import fsspec
from fsspec import AbstractFileSystem

from include.plain import is_plain_line, plain
from include.scrape.archive import folder, parquet, texts
from include.scrape.archive.pages import Left, Reading
from include.scrape.archive.wacz import warc_members
from include.scrape.archive.warc_reader import WARC_ENDS, Slice, is_split, read_warc
from include.scrape.archive.zstd_frames import dictionary_of

SHARD_BYTES = 32 * 1024 * 1024
"""Bytes of a file that make a shard: some 2,500 compressed pages, seconds of work, so that two workers end together."""
FOLDER_SHARDS = 64
"""Most shards of a folder: each of them lists it."""
FOLDER_PAGES = 1_000
"""Fewest pages of a folder in a shard."""

_JSON = (".jsonl", ".ndjson", ".jsonlines")
_CSV = (".csv", ".tsv")
_ENDS = {
    **dict.fromkeys(WARC_ENDS, "warc"),
    ".wacz": "wacz",
    **dict.fromkeys(_JSON, "json"),
    **{f"{end}.gz": "packed_json" for end in _JSON},
    **dict.fromkeys(_CSV, "csv"),
    **{f"{end}.gz": "packed_csv" for end in _CSV},
    ".parquet": "parquet",
}
_INSTEAD = {
    folder.PAGES: ". Name the folder that the page is in",
    (".json",): ". A list of articles is read as JSON lines: jq -c '.[]' articles.json > articles.jsonl",
    (".xlsx", ".xls", ".ods"): ". Save the table as CSV in UTF-8",
    (".arc", ".arc.gz"): ". ARC came before WARC: warcio recompress old.arc.gz new.warc.gz",
    (".wet", ".wet.gz", ".wat", ".wat.gz"): ". WET and WAT files hold no pages; import the WARC files that they were made from",
    (".zip",): ". Unpack it, or call it .wacz if it is one",
}
"""What to do with files that are met and not read, by the ends of their names."""
_HASHED = 64 * 1024


class ArchiveError(ValueError):
    """Something that cannot be imported. The message says what, why and what can."""

    def __init__(self, message: str):
        super().__init__(plain(message))


@dataclass(frozen=True)
class File:
    """An archive, or a WARC file in one.

    `name` is what it is called wherever it lies, `size` and `sha256` (of its first and last 64 KiB; for a folder, of the
    names and sizes in it) say what is in it. `member` is the WARC file in a WACZ archive.
    """

    path: str
    name: str
    format: str
    size: int
    sha256: str
    member: str | None = None


@dataclass(frozen=True)
class Shard:
    """A range of a file (`end` null: all of it), and the bytes that it stands for in the progress of the import."""

    file: int
    start: int
    end: int | None
    size: int


def find_files(paths: Sequence[str]) -> list[File]:
    """The archives at some paths, each a file, a folder of them, or any fsspec URL of one.

    Raises ArchiveError for a path where there is none that can be read.
    """
    found = [file for path in paths for file in _files_at(path)]
    for file in found:
        if not is_plain_line(file.name):
            raise ArchiveError(f"{file.name!r} is no name that can be shown; call the file by another one")
    return list({(file.path, file.member): file for file in found}.values())


def _files_at(path: str) -> Iterator[File]:
    if not path:
        raise ArchiveError("a path is empty; name a file, a folder or a URL")
    try:
        fs, at = fsspec.url_to_fs(os.fspath(path))
    except (ImportError, ValueError) as error:
        raise ArchiveError(f"{path} cannot be reached: {error}") from error
    at = at.rstrip("/")
    if not fs.exists(at):
        elsewhere = "" if at in path else f": looked for at {at}, from the folder in which this process runs"
        raise ArchiveError(f"there is no file or folder {path!r}{elsewhere}")
    if not fs.isdir(at):
        if fs.info(at)["type"] != "file":
            raise ArchiveError(f"{path} is a pipe or a device, and can be read only once; save it as a file")
        if _format(at) is None:
            instead = next((words for ends, words in _INSTEAD.items() if at.lower().endswith(ends)), "")
            raise ArchiveError(
                f"{path}: not known by its name as an archive; known are {', '.join(_ENDS)}, and folders of pages{instead}"
            )
        yield from _archive(fs, at)
        return
    pages = folder.pages_in(fs, at)
    archives = [file for file in sorted(fs.find(at)) if _format(file) and _base(file) not in folder.MANIFESTS]
    if not pages and not archives:
        raise ArchiveError(f"{path}: the folder holds no page ({', '.join(folder.PAGES)}) and no archive ({', '.join(_ENDS)})")
    for archive in archives:
        if not folder.is_file(fs, archive):
            raise ArchiveError(
                f"{archive} is a link, a pipe or a device: nothing in a folder leads out of it; name what is meant"
            )
        yield from _archive(fs, archive)
    if pages:
        try:
            folder.check_manifest(fs, at, pages)
        except ValueError as error:
            raise ArchiveError(str(error)) from error
        sizes = [(page, fs.size(f"{at}/{page}")) for page in pages]
        listed = hashlib.sha256(json.dumps(sizes).encode()).hexdigest()
        yield File(fs.unstrip_protocol(at), _base(at), "folder", sum(size for _, size in sizes), listed)


def _archive(fs: AbstractFileSystem, path: str) -> Iterator[File]:
    kind, size, url = _format(path), fs.size(path), fs.unstrip_protocol(path)
    with fs.open(path, "rb") as source:
        sha256 = _ends_hash(source, size)
        if kind != "wacz":
            yield File(url, _base(path), kind, size, sha256)
            return
        try:
            members = warc_members(source, size)
        except ValueError as error:
            raise ArchiveError(f"{path}: {error}") from error
    for member in members:
        yield File(url, f"{_base(path)}/{member.name}", kind, member.size, sha256, member.name)


def cut(files: Sequence[File], shard_bytes: int = SHARD_BYTES) -> list[Shard]:
    """The shards of some files, in their order. Raises ArchiveError for a file that is not what its name says."""
    return [shard for i, file in enumerate(files) for shard in _shards(i, file, shard_bytes)]


def _shards(i: int, file: File, shard_bytes: int) -> Iterator[Shard]:
    whole = Shard(i, 0, None, file.size)
    if file.format == "folder":
        fs, at = fsspec.url_to_fs(file.path)
        number = len(folder.pages_in(fs, at))
        yield from _even(i, file.size, number, max(FOLDER_PAGES, -(-number // FOLDER_SHARDS)))
        return
    if file.size == 0:
        yield whole
        return
    with opened(file) as source:
        if file.format == "parquet":
            with _named(file):
                groups = parquet.row_groups(source)
            yield from _even(i, file.size, groups, max(1, groups * shard_bytes // max(1, file.size)))
        elif file.format in ("csv", "packed_csv"):
            with _named(file):
                texts.csv_columns(source, packed=file.format == "packed_csv")
            yield whole
        elif file.format == "json" or (file.format in ("warc", "wacz") and _is_split(file, source)):
            yield from _even(i, file.size, file.size, shard_bytes)
        else:
            yield whole


@contextmanager
def _named(file: File) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError) as error:
        raise ArchiveError(f"{file.path}: {error}") from error


def _is_split(file: File, source: BinaryIO) -> bool:
    with _named(file):
        dictionary_of(source)
    return is_split(source)


def _even(i: int, size: int, number: int, each: int) -> Iterator[Shard]:
    for start in range(0, number, each):
        end = min(number, start + each)
        yield Shard(i, start, end, size * end // number - size * start // number)


def read(file: File, shard: Shard) -> Reading:
    """What the shard of a file holds. Raises ArchiveError if the file cannot be opened, or is another than it was."""
    if file.format == "folder":
        fs, at = fsspec.url_to_fs(file.path)
        pages = folder.pages_in(fs, at)[shard.start : shard.end]
        yield from folder.read_folder(fs, at, pages, folder.read_manifest(fs, at, pages))
        return
    if file.size == 0:
        yield Left("broken", "byte 0", "the file is empty")
        return
    with opened(file) as source:
        match file.format:
            case "json":
                yield from texts.read_json_lines(source, file.name, shard.start, shard.end)
            case "packed_json":
                yield from texts.read_packed_json_lines(source, file.name)
            case "csv" | "packed_csv":
                yield from texts.read_csv(source, file.name, packed=file.format == "packed_csv")
            case "parquet":
                yield from parquet.read_parquet(source, file.name, shard.start, shard.end)
            case _:
                yield from read_warc(source, shard.start, shard.end)


def opened(file: File) -> BinaryIO:
    """The file, open to be read. A WARC file in a WACZ archive is a part of it."""
    fs, at = fsspec.url_to_fs(file.path)
    try:
        source = fs.open(at, "rb")
    except OSError as error:
        raise ArchiveError(f"{file.path} cannot be opened: {error}") from error
    if file.member is None:
        return source
    try:
        (member,) = [member for member in warc_members(source, fs.size(at)) if member.name == file.member]
    except ValueError as error:
        raise ArchiveError(f"{file.path}: the archive is not what it was: {error}") from error
    return Slice(source, member.offset, member.size)


def as_json(files: Sequence[File], shards: Sequence[Shard]) -> dict[str, Any]:
    """Files and shards as plain data."""
    return {"files": [asdict(file) for file in files], "shards": [asdict(shard) for shard in shards]}


def _format(path: str) -> str | None:
    return next((kind for end, kind in _ENDS.items() if path.lower().endswith(end)), None)


def _base(path: str) -> str:
    return path.rstrip("/").rsplit("/", 1)[-1]


def _ends_hash(source: BinaryIO, size: int) -> str:
    found = hashlib.sha256(source.read(_HASHED))
    source.seek(max(0, size - _HASHED))
    found.update(source.read(_HASHED))
    return found.hexdigest()
