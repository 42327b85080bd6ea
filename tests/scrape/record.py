"""Save sites for the tests, in tests/scrape/pages; saved.py says what is in them.

python -m tests.scrape.record ID              visit source ID of the sources file, as politely as ever, and save what it answers
python -m tests.scrape.record ID URL          write out what the saved site ID answers at an address
python -m tests.scrape.record ID URL FILE     let it answer this instead, or as well
"""

import argparse
import random
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import yaml

from include import settings
from include.datasets.lake import Lake
from include.masking import secrets_in
from include.scrape.fetch import FetchSettings, user_agent
from include.scrape.scrape import SourceFailed, scrape_source
from include.scrape.sources import SourcesError, load_sources
from include.scrape.transport import DeadlineTransport
from tests.scrape.saved import PAGES, Answer, network, read_visit, write_visit

_HTML = (("Content-Type", "text/html; charset=utf-8"),)


class Recorder(httpx2.BaseTransport):
    """Passes requests on, and keeps what is answered: the bytes of a body as they came, less their chunk framing."""

    def __init__(self, inner: httpx2.BaseTransport):
        self._inner = inner
        self.answers: list[Answer] = []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send a request on and keep its answer."""
        response = self._inner.handle_request(request)
        body = b"".join(response.stream)
        response.stream.close()
        reason = response.extensions.get("reason_phrase", b"").decode("latin-1")
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in response.headers.raw]
        kept = tuple(header for header in headers if header[0].lower() != "transfer-encoding")
        self.answers.append(Answer(str(request.url), datetime.now(UTC), response.status_code, reason, kept, body))
        stream = httpx2.ByteStream(body)
        return httpx2.Response(response.status_code, headers=response.headers, stream=stream, extensions=response.extensions)

    def close(self) -> None:
        """Close all connections."""
        self._inner.close()


def record(site: Path, sources: Path, *, limit: int) -> str:
    """Visit the source that a site's folder is named after, for at most `limit` articles, and save it; says what was saved.

    Raises SourcesError if the file at `sources` has no such source, or if its addresses hold what is to be kept secret.
    """
    source = load_sources(sources).get(site.name)
    if source is None or secrets_in(source.addresses):
        raise SourcesError(
            f"{sources} has no source {site.name}" if source is None else f"{site.name} has secrets in its addresses"
        )
    recorders: list[Recorder] = []

    def recorder(*args: Any, **options: Any) -> Recorder:
        recorders.append(Recorder(DeadlineTransport(*args, **options)))
        return recorders[-1]

    with tempfile.TemporaryDirectory() as lake, network(recorder):
        ways = {
            "rng": random.Random(),
            "sleep": time.sleep,
            "settings": FetchSettings(user_agent=user_agent(settings.contact())),
        }
        try:
            said = str(scrape_source(Lake(lake), source, now=lambda: datetime.now(UTC), run="record", limit=limit, **ways))
        except SourceFailed as failure:
            said = str(failure)
    if not recorders or not recorders[0].answers:
        return f"nothing was answered, so nothing is saved: {said}"
    site.mkdir(exist_ok=True)
    entries = yaml.safe_load(sources.read_text(encoding="utf-8"))["sources"]
    entry = next(entry for entry in entries if entry["id"] == source.id) | {"max_articles": limit}
    (site / "source.yaml").write_text(
        yaml.safe_dump({"sources": [entry]}, allow_unicode=True, sort_keys=False), encoding="utf-8"
    )
    write_visit(site / "visit.warc", recorders[0].answers)
    (site / "expected.yaml").unlink(missing_ok=True)
    return f"{len(recorders[0].answers)} answers are saved in {site}; run its test. {said}"


def put(site: Path, url: str, body: bytes) -> None:
    """Let a saved site answer this at an address, with the headers that its answer has, or as an HTML page if it has none."""
    path = site / "visit.warc"
    answers = read_visit(path) if path.exists() else []
    last = answers[-1].at + timedelta(seconds=1) if answers else datetime.now(UTC)
    old = next((answer for answer in answers if answer.url == url), Answer(url, last, 200, "OK", _HTML, b""))
    framing = ("content-length", "content-encoding")
    new = replace(old, body=body, headers=tuple(header for header in old.headers if header[0].lower() not in framing))
    write_visit(path, [new if answer is old else answer for answer in answers] + ([] if old in answers else [new]))


def main(argv: list[str] | None = None, pages: Path = PAGES) -> int:
    """Run the command; 2 if the call is wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.scrape.record", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("id", metavar="ID", help="a source of the sources file, or a saved site")
    parser.add_argument("url", metavar="URL", nargs="?", help="an address of the saved site")
    parser.add_argument("file", metavar="FILE", nargs="?", type=Path, help="the page to answer with")
    parser.add_argument("--limit", type=int, default=3, metavar="N", help="the most articles to fetch (default 3)")
    args = parser.parse_args(argv)
    site = pages / args.id
    try:
        if args.url is None:
            print(record(site, settings.sources_file(), limit=args.limit))
        elif args.file is not None:
            put(site, args.url, args.file.read_bytes())
        else:
            found = [answer for answer in read_visit(site / "visit.warc") if answer.url == args.url]
            if not found:
                raise SourcesError(f"{site / 'visit.warc'} has no answer of {args.url}")
            sys.stdout.buffer.write(found[0].body)
    except (SourcesError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
