"""Read a folder of saved pages, with or without a manifest that says where they are from.

A manifest (CSV or JSON lines) has the columns file (relative to the folder), url and, if known, captured_at, title and
published_at. Without it a page's address is what is written in it (saved.py), or its place in the mirror of a site; a page of
which nothing is known keeps its place in the folder as address.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from itertools import accumulate
from typing import Any
from urllib.parse import quote

from fsspec import AbstractFileSystem

from include.scrape.archive.pages import MAX_PAGE, Left, Page, Reading
from include.scrape.archive.saved import address_and_time, mirrored
from include.scrape.archive.texts import captured_at, rows_of, stated

PAGES = (".html", ".htm", ".xhtml", ".shtml", ".php", ".asp", ".aspx", ".jsp")
"""How the names of pages end."""
MANIFESTS = ("manifest.csv", "manifest.jsonl", "index.jsonl", "index.csv")
"""The files that are looked for as a manifest."""
_LOOKED_AT = 1024

_BESIDE = re.compile(r"(.+)(?:[_-](?:files|Dateien|fichiers|archivos|bestanden|file|arquivos|pliki|dosyalar|filer)|\.files)")
"""The folder in which a browser keeps what belongs to a page, by its language, frames and advertisements too."""


def pages_in(fs: AbstractFileSystem, folder: str) -> list[str]:
    """The paths of the pages below a folder, relative to it, sorted."""
    files = {_relative(folder, path) for path in fs.find(folder)}
    pages = {file for file in files if _is_page(folder, file)}
    stems = {page.rpartition(".")[0] for page in pages}
    return sorted(page for page in pages if not _belongs_to_a_page(page, stems))


def _is_page(folder: str, file: str) -> bool:
    """Whether a file is a page by its name; in a mirror one without an ending can be, or with a query behind it."""
    name = file.rsplit("/", 1)[-1].lower()
    return name.endswith(PAGES) or (
        (re.search(rf"(?:{'|'.join(map(re.escape, PAGES))})[?@]", name) is not None or "." not in name)
        and _mirrored(folder, file) is not None
    )


def _belongs_to_a_page(file: str, stems: Collection[str]) -> bool:
    folders = accumulate(file.split("/")[:-1], "{}/{}".format)
    return any((beside := _BESIDE.fullmatch(folder)) is not None and beside[1] in stems for folder in folders)


def _mirrored(folder: str, file: str) -> str | None:
    return mirrored(f"{folder.rsplit('/', 1)[-1]}/{file}") or mirrored(file)


def is_file(fs: AbstractFileSystem, path: str) -> bool:
    """Whether something is a file. A link may lead to whatever is on this machine, a pipe or a device has no end."""
    found = fs.info(path)
    return found["type"] == "file" and not found.get("islink")


def check_manifest(fs: AbstractFileSystem, folder: str, pages: Collection[str]) -> None:
    """Raises ValueError for a manifest that cannot be read, has no column `file`, or names none of the pages."""
    wanted, other, is_known = set(map(named, pages)), "", False
    for file, _ in _manifest(fs, folder):
        is_known, other = is_known or file in wanted, other or file
    if other and not is_known:
        raise ValueError(
            f"{folder}: its manifest names {other!r} and others, and none of them is among its pages, such as "
            f"{next(iter(pages))!r}; want paths relative to the folder"
        )


def read_manifest(fs: AbstractFileSystem, folder: str, pages: Collection[str]) -> dict[str, dict[str, Any]]:
    """What the folder's manifest says of some of its pages, by their names there; empty without a manifest.

    Raises ValueError as :func:`check_manifest` does.
    """
    wanted = set(map(named, pages))
    return {file: row for file, row in _manifest(fs, folder) if file in wanted}


def _manifest(fs: AbstractFileSystem, folder: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rows of the folder's manifest, each with the file that it is of."""
    path = next((path for name in MANIFESTS if fs.exists(path := f"{folder}/{name}")), None)
    if path is None:
        return
    number = without = 0
    try:
        if not is_file(fs, path):
            raise ValueError("it is a link, a pipe or a device")
        with fs.open(path, "rb") as source:
            for row in rows_of(source, path.endswith(".csv")):
                file = stated(row, "file")
                number, without = number + 1, without + (file is None)
                if file is not None:
                    yield named(file), row
    except (OSError, ValueError) as error:
        raise ValueError(f"the manifest {path} cannot be read: {error}") from error
    if without:
        raise ValueError(f"{without:,} of the {number:,} rows of the manifest {path} name no file, in a column 'file'")


def named(file: str) -> str:
    """The name of a file as manifests are read: with slashes, and its accents composed, as some systems keep them apart."""
    return unicodedata.normalize("NFC", file.replace("\\", "/").removeprefix("./"))


def read_folder(fs: AbstractFileSystem, folder: str, files: list[str], manifest: dict[str, dict[str, Any]]) -> Reading:
    """The pages of some files of a folder. One without a stated time of capture was captured when its file was written."""
    for file in files:
        path, said = f"{folder}/{file}", manifest.get(named(file), {})
        try:
            if not is_file(fs, path):
                yield Left("broken", file, "it is no file, but a link, a pipe or a device")
                continue
            with fs.open(path, "rb") as source:
                body = source.read(MAX_PAGE + 1)
            if len(body) > MAX_PAGE:
                yield Left("too_large", file, f"{fs.size(path):,} bytes")
                continue
            address, saved_at = address_and_time(body)
            written = captured_at(said) or saved_at or _written(fs, path)
        except OSError as error:
            yield Left("broken", file, f"the file cannot be read: {error}")
            continue
        if "." not in file.rsplit("/", 1)[-1] and b"<" not in body[:_LOOKED_AT]:
            yield Left("not_html", file)
            continue
        url = stated(said, "url") or address or _mirrored(folder, file) or f"file:///{quote(file)}"
        title, published = stated(said, "title"), stated(said, "published")
        yield Page(url, file, body, written, content_type="text/html", title=title, published=published)


def _written(fs: AbstractFileSystem, path: str) -> datetime | None:
    found = fs.modified(path)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def _relative(folder: str, path: str) -> str:
    return path.removeprefix(folder).lstrip("/")
