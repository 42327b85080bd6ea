"""Import archives: the pages in them that may report an incident become documents, to be cleaned like pages fetched live.

PATH is a WARC file (.warc, .warc.gz, .warc.zst), a WACZ archive, a folder of saved pages (with or without manifest.csv), a
table of texts (.jsonl, .csv, .parquet), a folder of any of these, or an fsspec URL of one (s3://...). An import that was
stopped goes on where it was: call it again. One that is done does nothing.
"""

import argparse
import os
import sys
import time
from collections.abc import Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

from include import settings
from include.commands import output, progress
from include.commands.lake import add_lake, lake_of
from include.datasets.lake import Lake

if TYPE_CHECKING:
    from include.scrape.sources import Source


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="an archive, a folder of pages or of archives")
    parser.add_argument("--source", metavar="ID", help="id of the source of pages whose address is on no known site")
    parser.add_argument("--no-gate", action="store_true", help="keep every page, not only those that may report an incident")
    parser.add_argument("--workers", type=int, metavar="N", default=os.cpu_count() or 1, help="processes (default: the cores)")
    parser.add_argument("--json", action="store_true", help="print the result as JSON")
    add_lake(parser)


def run(args: argparse.Namespace) -> int:
    """Run the command; 1 if a part of an archive could not be imported, 2 if the call is wrong."""
    from include.scrape.archive import importing
    from include.scrape.archive.shards import ArchiveError
    from include.scrape.sources import SourcesError, load_sources

    lake = lake_of(args)
    try:
        sources = load_sources(settings.sources_file())
        record = importing.start(lake, args.paths, now=datetime.now(UTC), source=args.source, gated=not args.no_gate)
    except (ArchiveError, SourcesError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    failed = _import(lake, record, sources, max(1, args.workers))
    now = importing.Progress(lake, record)
    if args.json:
        output.print_json([{"import": record["id"], "counts": now.counts, "broken": now.broken, "failed": failed}])
    else:
        print(f"{record['id']}: {progress.counted(now.counts)}")
    for words in (*now.broken, *failed):
        print(f"  {words}", file=sys.stderr)
    return int(bool(failed))


def _import(lake: Lake, record: Mapping[str, Any], sources: "Mapping[str, Source]", workers: int) -> list[str]:
    """Import the shards that are left, in several processes; what went wrong, in words."""
    from include.scrape.archive import importing

    failed: list[str] = []
    begun, now = time.monotonic(), importing.Progress(lake, record)
    if not (left := now.left):
        return failed
    before = now.counts["read"], now.share
    with ProcessPoolExecutor(min(workers, len(left)), mp_context=get_context("spawn")) as pool:
        running = {pool.submit(_import_shard, lake.url, record["id"], number, sources): number for number in left}
        while running:
            done, _ = wait(running, timeout=1, return_when=FIRST_COMPLETED)
            failed += filter(None, map(_failure, done))
            now.look(number for shard, number in running.items() if shard.running() or shard in done)
            progress.show(_told(now.counts, now.share, *before, time.monotonic() - begun))
            running = {shard: number for shard, number in running.items() if shard not in done}
    progress.show("")
    return failed


def _import_shard(lake: str, import_id: str, number: int, sources: "Mapping[str, Source]") -> None:
    from include.scrape.archive.importing import import_shard

    import_shard(Lake(lake), import_id, number, sources)


def _failure(shard: Future) -> str | None:
    error = shard.exception()
    return None if error is None else f"failed: {type(error).__name__}: {error}; call the import again when that is mended"


def _told(counts: Mapping[str, int], share: float, read_before: int, share_before: float, seconds: float) -> str:
    """How far it is, how fast, and when it will end."""
    parts = [f"import {share:.0%}", f"{counts['read']:,} pages read", f"{counts.get('kept', 0):,} kept"]
    parts += [f"{(counts['read'] - read_before) / max(seconds, 1e-3):,.0f} pages/s"]
    if share > share_before:
        end = datetime.now().astimezone() + timedelta(seconds=seconds * (1 - share) / (share - share_before))
        parts += [f"ends about {end:%d %b %H:%M}"]
    return ", ".join(parts)
