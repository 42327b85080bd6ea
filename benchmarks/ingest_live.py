"""How long a live scrape takes against what politeness sets: `python -m benchmarks.ingest_live` prints a table.

50 outlets of 200 articles each are served on loopback by a process of its own, every answer 20 ms late, and scraped at once as
`python -m include scrape` does it. A host is asked every half second at most, so that no program that keeps to this can be done
before (requests - 1) times half a second. Then all are visited again, with nothing changed. Options: --sources, --articles.
"""

import argparse
import asyncio
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

from benchmarks.tables import print_table

ROOT = Path(__file__).parents[1]
DELAY = 0.5
ANSWERS_AFTER = 0.02
PAGE_SIZE = 54_000


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=int, default=50, metavar="N")
    parser.add_argument("--articles", type=int, default=200, metavar="N")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.serve:
        asyncio.run(serve(args.sources, args.articles))
        return
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores.\n")
    with tempfile.TemporaryDirectory() as folder, served(args.sources, args.articles) as ports:
        sources, root = Path(folder) / "sources.yaml", str(Path(folder) / "lake")
        sources.write_text(yaml.safe_dump({"sources": [entry(port, args.articles) for port in ports]}))
        head = ("visit", "requests", "pages", "seconds", "set by politeness", "more", "processor seconds", "peak MB")
        print_table(head, (visit(name, root, sources) for name in ("the first", "a quiet one")))


def visit(name: str, root: str, sources: Path) -> tuple[str, ...]:
    """Scrape all sources once; a row of the table."""
    from include.datasets.lake import Lake
    from include.scrape.live import scrape_all
    from include.scrape.scrape import SourceFailed

    began, busy = time.monotonic(), time.process_time()
    results = dict(scrape_all(Lake(root), sources, [], run="benchmark"))
    seconds, busy = time.monotonic() - began, time.process_time() - busy
    failed = [str(result) for result in results.values() if isinstance(result, SourceFailed)]
    if failed or any(result["problems"] or result["failed"] for result in results.values()):
        sys.exit(f"error: not all was fetched: {failed or results}")
    least = max((result["requests"] - 1) * DELAY for result in results.values()) + ANSWERS_AFTER
    requests, pages = (sum(result[key] for result in results.values()) for key in ("requests", "captured"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    more = f"{seconds / least - 1:.1%}" if least > 1 else f"{seconds - least:.1f} s"
    return name, f"{requests:,}", f"{pages:,}", f"{seconds:.1f}", f"{least:.1f}", more, f"{busy:.1f}", f"{peak:.0f}"


def entry(port: int, articles: int) -> dict:
    """An outlet of the sources file."""
    return {
        "id": f"outlet-{port}",
        "outlet": f"Outlet {port}",
        "kind": "newspaper",
        "languages": ["en"],
        "base_url": f"http://127.0.0.1:{port}/",
        "listing": {"feed": "feed"},
        "delay_seconds": DELAY,
        "max_articles": articles,
        "private_addresses": True,
    }


class served:
    """Serve the outlets in a process of their own; a context manager whose value is their ports."""

    def __init__(self, sources: int, articles: int):
        self._command = [sys.executable, "-m", "benchmarks.ingest_live", "--serve"]
        self._command += ["--sources", str(sources), "--articles", str(articles)]

    def __enter__(self) -> list[int]:
        self._process = subprocess.Popen(self._command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        return json.loads(self._process.stdout.readline())

    def __exit__(self, *exc_info: object) -> None:
        self._process.terminate()
        self._process.wait()
        self._process.stdout.close()


async def serve(sources: int, articles: int) -> None:
    """Serve the outlets, and print their ports as a JSON list."""
    servers = [await asyncio.start_server(lambda r, w: answer(r, w, articles), "127.0.0.1", 0) for _ in range(sources)]
    print(json.dumps([server.sockets[0].getsockname()[1] for server in servers]), flush=True)
    await asyncio.Event().wait()


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, articles: int) -> None:
    """Answer the requests of one connection."""
    try:
        while line := await reader.readline():
            path, headers = line.split()[1].decode(), {}
            while (field := await reader.readline()).strip():
                name, _, value = field.decode().partition(":")
                headers[name.lower()] = value.strip()
            await asyncio.sleep(ANSWERS_AFTER)
            writer.write(response(path, headers.get("if-none-match"), articles))
            await writer.drain()
    except ConnectionError:
        writer.close()


def response(path: str, etag: str | None, articles: int) -> bytes:
    """What a path answers."""
    if path == "/robots.txt":
        return head("404 Not Found", 0)
    if path == "/feed":
        if etag == '"1"':
            return head("304 Not Modified", 0)
        items = "".join(f"<item><link>/{n}</link><title>Story {n}</title></item>" for n in range(articles))
        body = f'<rss version="2.0"><channel>{items}</channel></rss>'.encode()
    else:
        words = f"<p>Story {path}: two soldiers were killed near the town on Monday, officials said.</p>\n"
        body = f"<html><title>Story</title>{words * (PAGE_SIZE // len(words))}</html>".encode()
    return head("200 OK", len(body)) + body


def head(status: str, length: int) -> bytes:
    """A response's head."""
    return f'HTTP/1.1 {status}\r\nContent-Type: text/html\r\nETag: "1"\r\nContent-Length: {length}\r\n\r\n'.encode()


if __name__ == "__main__":
    main()
