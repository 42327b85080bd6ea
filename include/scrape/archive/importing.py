"""Import archives: the pages of their shards that are worth cleaning become documents, with a WARC record each.

An import is named by what it imports, so that the same archives are the same import wherever they lie. Its record
`_imports/<id>.json` says when it began, of what it is made and how it is cut into shards; beside it each shard has a record of
what it has done. A batch goes to a WARC file first, then to a file of documents, then into the shard's record, under names
that depend on the import alone: a shard that was killed goes on behind its last whole batch, and ends as if it had never been.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from include.datasets.catalogue import DOCUMENTS
from include.datasets.ids import content_id
from include.datasets.lake import Lake
from include.plain import plain_line
from include.scrape.archive import gate, shards
from include.scrape.archive.pages import Left, Page, Reading, is_as_stated
from include.scrape.archive.shards import ArchiveError, File, Shard
from include.scrape.archive.texts import TEXT
from include.scrape.decoding import DecodingError
from include.scrape.listed import article_url
from include.scrape.rows import document_id, imported_row
from include.scrape.sources import SOURCE_ID, Source
from include.scrape.warc import WarcFile, open_warc

FOLDER = "_imports"
COLLECTION = "archive"
"""The partition `source` of documents that no source was named for."""
KEPT_PER_BATCH = 500
READ_PER_BATCH = 5_000
"""Most pages that a batch keeps and reads: what a killed shard has to do again."""
MOST_NAMED = 200
"""Most records that a shard's record names as damaged or too large; all are counted."""

_HOST = re.compile(r"[a-z0-9_]([a-z0-9._:-]{0,252}[a-z0-9_])?")
_HTML = ("text/html", "application/xhtml+xml", "text/plain", "")


def start(
    lake: Lake,
    paths: Sequence[str],
    *,
    now: datetime,
    source: str | None = None,
    gated: bool = True,
    shard_bytes: int = shards.SHARD_BYTES,
) -> dict[str, Any]:
    """Begin an import, or take up one that began before, and return its record: id, started_at, files, shards and options.

    `source` is the id that pages get whose address belongs to no source; `gated` false keeps all pages. What an earlier import
    of the same files kept (an older gate, say) is not kept twice. Raises ArchiveError for paths that cannot be imported, and
    for a `source` that can be none.
    """
    if source is not None and not re.fullmatch(SOURCE_ID, source):
        raise ArchiveError(f"{source!r} cannot be the id of a source; want 1 to 60 lower-case letters, digits and hyphens")
    files = sorted(shards.find_files(paths), key=lambda file: (file.name, file.sha256))
    options = {"source": source, "gate": gate.version() if gated else None, "shard_bytes": shard_bytes}
    import_id = content_id("import", files=_named(files), **options)
    begun = lake.read_json(_record_path(import_id))
    record = {"id": import_id, "started_at": begun["started_at"] if begun else now.isoformat(), **options}
    record |= shards.as_json(files, shards.cut(files, shard_bytes))
    record["after"] = begun["after"] if begun else _earlier(lake, record)
    if record != begun:
        lake.write_json(_record_path(import_id), record)
    return record


def _named(files: Iterable[File]) -> list[list[Any]]:
    return [[file.name, file.size, file.sha256] for file in files]


def _earlier(lake: Lake, record: Mapping[str, Any]) -> list[str]:
    """The imports of the same files, cut into the same shards."""
    others = (lake.read_json(path) for path in lake.find(FOLDER, ".json") if path.count("/") == 1)
    same = ("files", "shards")
    alike = (o for o in others if all(_without_paths(o[name]) == _without_paths(record[name]) for name in same))
    return sorted(o["id"] for o in alike)


def _without_paths(items: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in item.items() if name != "path"} for item in items]


class Progress:
    """How far an import is: what its shards have done, read once, and again for those that are looked at."""

    def __init__(self, lake: Lake, record: Mapping[str, Any]):
        self._lake = lake
        self._record = record
        self._done: list[dict[str, Any]] = [{} for _ in record["shards"]]
        self.look(range(len(self._done)))

    def look(self, numbers: Iterable[int]) -> None:
        """Read again what these shards have done."""
        for number in numbers:
            self._done[number] = self._lake.read_json(_shard_path(self._record, number)) or {}

    @property
    def left(self) -> list[int]:
        """The numbers of the shards that are not done."""
        return [number for number, done in enumerate(self._done) if not done.get("finished")]

    @property
    def share(self) -> float:
        """The share of the import's bytes that shards have finished, 0 to 1."""
        sizes = [shard["size"] for shard in self._record["shards"]]
        finished = sum(size for size, done in zip(sizes, self._done, strict=True) if done.get("finished"))
        return finished / max(1, sum(sizes))

    @property
    def counts(self) -> dict[str, int]:
        """What was read, and what became of it."""
        counts: Counter[str] = Counter()
        for done in self._done:
            counts.update(done.get("counts", {}))
        return in_order(counts)

    @property
    def broken(self) -> list[str]:
        """The damaged records that were met, by name."""
        return [words for done in self._done for words in done.get("broken", ())]


def known(lake: Lake, import_id: str) -> dict[str, Any]:
    """The record of an import. Raises ArchiveError if there is none."""
    record = lake.read_json(_record_path(import_id))
    if record is None:
        raise ArchiveError(f"the lake {lake.url} has no import {import_id}; start one with `python -m include import PATH`")
    return record


def summary(lake: Lake, import_id: str) -> str:
    """What an import has done, in words. Raises ArchiveError if a shard is not done."""
    record = known(lake, import_id)
    progress = Progress(lake, record)
    counts = ", ".join(f"{number:,} {what}" for what, number in progress.counts.items())
    text = "\n".join([f"{import_id}: {counts}", *(f"  {words}" for words in progress.broken)])
    if left := len(progress.left):
        raise ArchiveError(f"{left} of {len(record['shards'])} shards are not done; run the import again\n{text}")
    return text


def import_shard(
    lake: Lake,
    import_id: str,
    number: int,
    sources: Mapping[str, Source],
    tell: Callable[[Mapping[str, int]], None] | None = None,
) -> dict[str, Any]:
    """Import a shard, or what is left of it, and return its record: `counts`, the paths of its `batches`, and `broken`, the
    damaged records by name.

    `tell` is called with the counts after each batch. Raises ArchiveError if the import is not known or its archive is gone.
    """
    record = known(lake, import_id)
    shard = _Shard(lake, record, number, sources)
    while not shard.done["finished"]:
        shard.next_batch()
        if tell is not None:
            tell(shard.done["counts"])
    return shard.done


class _Shard:
    """A shard being imported."""

    def __init__(self, lake: Lake, record: Mapping[str, Any], number: int, sources: Mapping[str, Source]):
        self._lake = lake
        self._record = record
        self._number = number
        self._started = datetime.fromisoformat(record["started_at"])
        self._gated = record["gate"] is not None
        self._sites = Sites(sources, record["source"])
        shard = Shard(**record["shards"][number])
        self._file = File(**record["files"][shard.file])
        self._partition = {
            "fetch_date": self._started.date().isoformat(),
            "source": record["source"] or COLLECTION,
        }
        new = {"records": 0, "finished": False, "counts": {}, "batches": [], "broken": []}
        self.done = lake.read_json(_shard_path(record, number)) or new
        self._seen = self._ids_kept()
        self._reading = iter(()) if self.done["finished"] else islice(self._read(shard), self.done["records"], None)

    def _read(self, shard: Shard) -> Reading:
        yield from shards.read(self._file, shard)

    def _ids_kept(self) -> set[int]:
        """The pages of this shard that are in the lake, by this import or an earlier one."""
        earlier = (self._lake.read_json(_shard_path({"id": i}, self._number)) or {} for i in self._record["after"])
        paths = [*self.done["batches"], *(path for done in earlier for path in done.get("batches", ()))]
        ids = self._lake.read(DOCUMENTS, ["document_id"], [path for path in paths if self._lake.exists(path)])["document_id"]
        return {_number(document) for document in ids.to_pylist()}

    def next_batch(self) -> None:
        """Read on until the batch is full, or the shard ends, and write what is kept."""
        name = content_id("batch", imported=self._record["id"], shard=self._number, records=self.done["records"])
        folder = "/".join(f"{column}={value}" for column, value in self._partition.items())
        warc_path = f"warc/{folder}/{name}.warc.gz"
        self._remove_leftovers(f"warc/{folder}", name)
        self._remove_leftovers(f"{DOCUMENTS.name}/{folder}", name)
        self._remove_leftovers(f"{FOLDER}/{self._record['id']}", f"{self._number:06}")
        counts, named = Counter(self.done["counts"]), list(self.done["broken"])
        rows: list[dict[str, Any]] = []
        read = 0
        with ExitStack() as open_files:
            warc = None
            for found in islice(self._reading, READ_PER_BATCH):
                read += 1
                left = found if isinstance(found, Left) else self._left_out(found)
                if left is not None:
                    counts[left.reason] += 1
                    if left.reason in ("broken", "too_large") and len(named) < MOST_NAMED:
                        named.append(plain_line(f"{self._file.name}, {left.where}: {left.why}"))
                    continue
                counts["kept"] += 1
                warc = warc or self._new_warc(open_files, warc_path, name)
                rows.append(self._keep(found, warc, warc_path))
                if len(rows) == KEPT_PER_BATCH:
                    break
        batches = [self._lake.write(DOCUMENTS, self._partition, name, rows)] if rows else []
        self.done = {
            "records": self.done["records"] + read,
            "finished": read < READ_PER_BATCH and len(rows) < KEPT_PER_BATCH,
            "counts": in_order(counts),
            "batches": [*self.done["batches"], *batches],
            "broken": named,
        }
        self._lake.write_json(_shard_path(self._record, self._number), self.done)

    def _left_out(self, page: Page) -> Left | None:
        """Why a page is not taken; null if it is."""

        def left(reason: str, why: str = "") -> Left:
            return Left(reason, page.where, why)

        if page.status not in (None, 200):
            return left("status")
        declared = re.split("[;,]", page.content_type or "", maxsplit=1)[0].strip().lower()
        if declared not in _HTML or (declared == "text/plain" and page.head is not None):
            return left("not_html")
        try:
            content, size = page.beginning(gate.LARGE)
        except DecodingError as error:
            return left("broken", f"the page {page.url} cannot be unpacked: {error}")
        if not content.strip():
            return left("empty")
        if self._gated and size <= gate.LARGE and not gate.may_report(content, page.content_type):
            return left("gated_out")
        if not page.url.startswith("file:///") and article_url(page.url, "") is None:
            return left("no_address")
        if not is_as_stated(page):
            return left("broken", f"the page {page.url} has not the hash that its record states")
        number = _number(document_id(page.url, hashlib.sha256(page.body).hexdigest()))
        if number in self._seen:
            return left("duplicate")
        self._seen.add(number)
        return None

    def _keep(self, page: Page, warc: WarcFile, warc_path: str) -> dict[str, Any]:
        captured_at = min(page.captured_at or self._started, self._started)  # no clock of an archive is ahead of ours
        name = f"{page.url} {captured_at.isoformat()}"
        stored = warc.keep(page.url, page.body, name, captured_at, head=page.head, content_type=page.content_type or TEXT)
        site, outlet = self._sites.of(page.url)
        return imported_row(page, stored, warc_path, captured_at) | {
            "outlet": outlet,
            "site": site,
            "via": "archive",
            "recorded_at": self._started,
        }

    def _new_warc(self, open_files: ExitStack, path: str, name: str) -> WarcFile:
        warc = open_files.enter_context(open_warc(self._lake, path))
        fields = {
            "software": "Badia",
            "format": "WARC File Format 1.1",
            "description": f"taken from {quote(self._file.name)}",
            "isPartOf": self._record["id"],
        }
        warc.describe(name, self._started, fields)
        return warc

    def _remove_leftovers(self, folder: str, name: str) -> None:
        """Delete what a killed run left of the files of a batch. Object stores keep none."""
        if self._lake.is_local:
            for path in Path(self._lake.full(folder)).glob(f".{name}.*.part"):
                path.unlink(missing_ok=True)


class Sites:
    """Whose page an address is: the source whose site it is on, else `given`, else the host itself, as the name service knows
    it: letters, digits, dots and hyphens, whatever the address holds.
    """

    def __init__(self, sources: Mapping[str, Source], given: str | None):
        self._by_host = {_host(source.base_url): source for source in reversed(sources.values())}
        self._given = given

    def of(self, url: str) -> tuple[str, str | None]:
        """The id of the source, and the outlet's name."""
        host = _host(url)
        for domain in _domains(host):
            if domain in self._by_host:
                source = self._by_host[domain]
                return source.id, source.outlet
        return self._given or host or COLLECTION, host or self._given


def _host(url: str) -> str:
    """The host of an address in ASCII, with its port if that is not the usual one; empty for what can be no host."""
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
        host = (parts.hostname or "").encode("idna").decode()
    except ValueError:  # UnicodeError is one
        return ""
    return host.removeprefix("www.") + port if _HOST.fullmatch(host) else ""


def _domains(host: str) -> Iterator[str]:
    while host:
        yield host
        host = host.partition(".")[2]


_ORDER = ("kept", "gated_out", "duplicate", "not_html", "status", "empty", "too_large", "no_address", "broken", "other_record")


def in_order(counts: Mapping[str, int]) -> dict[str, int]:
    """Counts of what became of the records that were read: how many were pages, then by what became of them."""
    pages = sum(number for reason, number in counts.items() if reason not in ("read", "other_record"))
    return {"read": pages} | {reason: counts[reason] for reason in _ORDER if counts.get(reason)}


def _number(document: str) -> int:
    return int(document[-16:], 16)


def _record_path(import_id: str) -> str:
    return f"{FOLDER}/{import_id}.json"


def _shard_path(record: Mapping[str, Any], number: int) -> str:
    return f"{FOLDER}/{record['id']}/{number:06}.json"
