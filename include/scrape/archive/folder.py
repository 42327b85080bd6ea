"""Read a folder of saved pages, with or without a manifest that says where they are from.

A manifest (CSV or JSON lines) has the columns file (relative to the folder), url and, if known, captured_at, title and
published_at. Without it a page's address is the one that it states for itself; a page that states none keeps its place in the
folder as address.
"""

import html
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from fsspec import AbstractFileSystem

from include.scrape.archive.pages import MAX_PAGE, Left, Page, Reading
from include.scrape.archive.texts import captured_at, rows_of, stated

PAGES = (".html", ".htm", ".xhtml", ".shtml")
"""How the names of pages end."""
MANIFESTS = ("manifest.csv", "manifest.jsonl", "index.jsonl", "index.csv")
"""The files that are looked for as a manifest."""

_LINK = re.compile(rb"<(?:link|meta)\b[^>]{1,2000}>", re.IGNORECASE)
_OWN = re.compile(rb"""\b(?:rel|property|name)\s*=\s*["']?(?:canonical|og:url)\b""", re.IGNORECASE)
_ADDRESS = re.compile(rb"""\b(?:href|content)\s*=\s*["']?(https?://[^\s"'<>]+)""", re.IGNORECASE)
_HEAD = 100_000


def pages_in(fs: AbstractFileSystem, folder: str) -> list[str]:
    """The paths of the pages below a folder, relative to it, sorted."""
    return sorted(_relative(folder, path) for path in fs.find(folder) if path.lower().endswith(PAGES))


def read_manifest(fs: AbstractFileSystem, folder: str) -> dict[str, dict[str, Any]]:
    """What the folder's manifest says of each page, by its path in the folder; empty without a manifest.

    Raises ValueError for a manifest that cannot be read, or without a column `file`.
    """
    path = next((path for name in MANIFESTS if fs.exists(path := f"{folder}/{name}")), None)
    if path is None:
        return {}
    with fs.open(path, "rb") as source:
        try:
            rows = list(rows_of(source, path.endswith(".csv")))
        except ValueError as error:
            raise ValueError(f"the manifest {path} cannot be read: {error}") from error
    if without := sum(stated(row, "file") is None for row in rows):
        raise ValueError(f"{without:,} of the {len(rows):,} rows of the manifest {path} name no file, in a column 'file'")
    return {stated(row, "file").replace("\\", "/").removeprefix("./"): row for row in rows}


def read_folder(fs: AbstractFileSystem, folder: str, files: list[str], manifest: dict[str, dict[str, Any]]) -> Reading:
    """The pages of some files of a folder. One without a stated time of capture was captured when its file was written."""
    for file in files:
        path, said = f"{folder}/{file}", manifest.get(file, {})
        try:
            size = fs.size(path)
            if size > MAX_PAGE:
                yield Left("too_large", file, f"{size:,} bytes")
                continue
            body = fs.cat_file(path)
            written = captured_at(said) or _written(fs, path)
        except OSError as error:
            yield Left("broken", file, f"the file cannot be read: {error}")
            continue
        url = stated(said, "url") or own_address(body) or f"file:///{quote(file)}"
        title, published = stated(said, "title"), stated(said, "published")
        yield Page(url, file, body, written, content_type="text/html", title=title, published=published)


def own_address(body: bytes) -> str | None:
    """The address that a page states for itself, as canonical or for sharing; null if it states none."""
    for link in _LINK.finditer(body, 0, _HEAD):
        if _OWN.search(link[0]) and (address := _ADDRESS.search(link[0])):
            return html.unescape(address[1].decode("utf-8", "replace"))
    return None


def _written(fs: AbstractFileSystem, path: str) -> datetime | None:
    found = fs.modified(path)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def _relative(folder: str, path: str) -> str:
    return path.removeprefix(folder).lstrip("/")
