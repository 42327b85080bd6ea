"""How fast archives are imported, and in how much memory: `make bench-ingest` prints the tables of docs/PERFORMANCE.md.

A WARC file of generated pages (see saved_pages.py), three in a hundred about conflict, is imported and what passes the gate is
cleaned; then with the gate open. Each side runs in a process of its own, one after the other; rates are by processor time,
which other processes lengthen less than the time on the clock. newspaper4k and news-please read the same pages where
.venv-readers has them. Options: --pages N, --quick for a twentieth of the pages.
"""

import argparse
import gzip
import io
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime
from html import escape
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from benchmarks import saved_pages
from benchmarks.side import peak_mb
from benchmarks.tables import print_table

ROOT = Path(__file__).parents[1]
READERS_PYTHON = ROOT / ".venv-readers" / "bin" / "python"
PAGES = 50_000
CONFLICT = 0.03
BEGUN = datetime(2022, 5, 1, tzinfo=UTC)
READERS = {"newspaper4k": "newspaper", "news-please": "newsplease"}
READ_BY_OTHERS = 500
GOLD = Path(__file__).parent / "gold"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=PAGES, metavar="N", help=f"pages of the archive (default {PAGES:,})")
    parser.add_argument("--quick", action="store_true", help="a twentieth of the pages")
    parser.add_argument("--side", nargs=2, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.side:
        side, file = args.side
        print(json.dumps(SIDES[side](Path(file))))
        return
    count = args.pages // (20 if args.quick else 1)
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores.\n")
    with tempfile.TemporaryDirectory() as folder:
        few, many = Path(folder) / "few.warc.gz", Path(folder) / "many.warc.gz"
        write_warc(many, count)
        write_warc(few, max(1, count // 10))
        print(f"{count:,} pages of {saved_pages.SIZE / 1000:.0f} kB, {many.stat().st_size / 1e6:,.0f} MB compressed.\n")
        head = ("side", "pages", "pages/s of a core", "kept", "relevant lost", "peak MB")
        print_table(head, _rates(few, many))
        print_table(("workers", "seconds", "pages/s", "times one", "processor time, times one"), _shared(many))
    print_table(("gold articles that report", "lost by the gate", "share"), [_lost()])


def write_warc(path: Path, count: int) -> None:
    """Write a WARC file of that many pages, as a crawler would."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    with path.open("wb") as out:
        for page in saved_pages.pages(count, CONFLICT):
            record = io.BytesIO()
            writer = WARCWriter(record, gzip=False)
            http = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            fields = {"WARC-Date": page.captured_at.isoformat().replace("+00:00", "Z")}
            body = io.BytesIO(page.body)
            writer.write_record(
                writer.create_warc_record(
                    page.url, "response", payload=body, length=len(page.body), http_headers=http, warc_headers_dict=fields
                )
            )
            out.write(gzip.compress(record.getbuffer(), 6))


def _rates(few: Path, many: Path) -> Iterator[tuple[str, ...]]:
    for name, side, file in (
        ("Badia, gate, and what passes cleaned", "gate", many),
        ("the same, a tenth of the pages", "gate", few),
        ("Badia without the gate, all cleaned", "no_gate", few),
        ("FastWARC alone", "fastwarc", few),
    ):
        run = _answer([sys.executable, "-m", "benchmarks.ingest", "--side", side, str(file)])
        lost = f"{run['lost']} of {run['relevant']}" if "lost" in run else ""
        kept = f"{run['kept']:,}" if "kept" in run else ""
        yield name, f"{run['pages']:,}", f"{run['pages'] / run['seconds']:,.0f}", kept, lost, f"{run['peak_mb']:.0f}"
    for name, module in READERS.items():
        test = [READERS_PYTHON, "-c", f"import {module}"]
        if READERS_PYTHON.exists() and not subprocess.call(test, stderr=subprocess.DEVNULL):
            run = _answer([READERS_PYTHON, "-m", "benchmarks.ingest_side", name, str(few), str(READ_BY_OTHERS)])
            yield name, f"{run['pages']:,}", f"{run['pages'] / run['seconds']:,.0f}", "", "", f"{run['peak_mb']:.0f}"
        else:
            yield name, "not installed", "", "", "", ""


def _answer(command: list[Any]) -> dict[str, Any]:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"error: {' '.join(map(str, command))} failed:\n{done.stderr}")
    return json.loads(done.stdout)


def _import(file: Path, *, gated: bool) -> dict[str, Any]:
    """Import a file whole in this process and clean what passed."""
    from include.datasets.catalogue import DOCUMENTS
    from include.datasets.lake import Lake
    from include.scrape.archive import importing

    with tempfile.TemporaryDirectory() as folder:
        lake = Lake(folder)
        start = time.process_time()
        begun = importing.start(lake, [str(file)], now=BEGUN, gated=gated)
        for number in importing.Progress(lake, begun).left:
            _shard(folder, begun["id"], number)
        seconds = time.process_time() - start
        counts = importing.Progress(lake, begun).counts
        kept = set(lake.read(DOCUMENTS, ["url"])["url"].to_pylist())
    peak = peak_mb()
    relevant = {page.url for page in saved_pages.pages(counts["read"], CONFLICT) if page.is_conflict}
    lost = {"lost": len(relevant - kept), "relevant": len(relevant), "kept": counts["kept"]}
    return {"pages": counts["read"], "seconds": seconds, "peak_mb": peak, **lost}


def _shard(lake: str, import_id: str, number: int) -> float:
    """Import a shard and clean what passed; processor time of it."""
    from include.clean.batch import clean_batch
    from include.datasets.lake import Lake
    from include.scrape.archive.importing import import_shard

    start = time.process_time()
    for batch in import_shard(Lake(lake), import_id, number, {})["batches"]:
        clean_batch(Lake(lake), batch)
    return time.process_time() - start


def _fastwarc(file: Path) -> dict[str, Any]:
    from include.scrape.archive.warc_reader import read_warc

    start = time.process_time()
    with file.open("rb") as source:
        pages = sum(1 for _ in read_warc(source))
    return {"pages": pages, "seconds": time.process_time() - start, "peak_mb": peak_mb()}


SIDES = {
    "gate": lambda file: _import(file, gated=True),
    "no_gate": lambda file: _import(file, gated=False),
    "fastwarc": _fastwarc,
}


def _shared(file: Path) -> Iterator[tuple[str, ...]]:
    """One worker and two, on the clock; and the processor time that two take together against one's, doubled."""
    from include.datasets.lake import Lake
    from include.scrape.archive import importing

    clock, processor = [], []
    for workers in (1, 2):
        with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            list(pool.map(_warm_up, range(workers)))
            lake = Lake(folder)
            begun = importing.start(lake, [str(file)], now=BEGUN)
            left = importing.Progress(lake, begun).left
            start = time.perf_counter()
            spent = list(pool.map(_shard, [folder] * len(left), [begun["id"]] * len(left), left))
            clock.append(time.perf_counter() - start)
            processor.append(sum(spent))
            pages = importing.Progress(lake, begun).counts["read"]
        times = f"{clock[0] / clock[-1]:.2f}", f"{workers * processor[0] / processor[-1]:.2f}"
        yield str(workers), f"{clock[-1]:.1f}", f"{pages / clock[-1]:,.0f}", *times


def _warm_up(_: int) -> None:
    """Load what the work needs."""
    from include.clean.page import clean_page
    from include.scrape.archive.gate import may_report

    page = b"<p>Four soldiers were killed in an attack near Homs on Sunday, the army said in a statement.</p>"
    may_report(page)
    clean_page(page, url="https://x.example/1", fetched_at=BEGUN)
    time.sleep(0.5)  # so that each worker takes one


def _lost() -> tuple[str, ...]:
    """How many of the gold articles that give a report the gate stays shut for, as pages."""
    from include.extract.article import extract_article
    from include.scrape.archive.gate import may_report

    lost = reporting = 0
    for article in _gold():
        if extract_article(article).reports:
            reporting += 1
            story = "".join(f"<p>{escape(p)}</p>" for p in article["text"].split("\n") if p.strip())
            head = escape(article["title"] or "News")
            lost += not may_report(f"<title>{head}</title><body><h1>{head}</h1>{story}</body>".encode())
    return f"{reporting:,}", f"{lost:,}", f"{lost / reporting:.2%}"


def _gold() -> Iterable[dict[str, Any]]:
    for path in sorted(GOLD.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            article = json.loads(line)
            yield article | {"published_on": date.fromisoformat(article["published"][:10]) if article["published"] else None}


if __name__ == "__main__":
    main()
