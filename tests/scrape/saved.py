"""Saved sites: what an outlet answered to one visit, and what the visit gives.

A folder of `tests/scrape/pages` is a site. Its `source.yaml` is the entry as in `sources.yaml`; `visit.warc` holds the answers,
in the order in which they were given; `expected.yaml` is what scraping and cleaning make of them, signed by who has read it.
The WARC file is not compressed, so that a change of a page can be read. `record.py` writes both.
"""

import difflib
import gzip
import io
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import httpx2
import yaml
from warcio.archiveiterator import ArchiveIterator

from include.clean.batch import clean_batch, pending
from include.datasets.catalogue import ARTICLES, DOCUMENTS
from include.datasets.lake import Lake
from include.scrape.scrape import SourceFailed, scrape_source
from include.scrape.sources import Source, load_sources
from include.scrape.warc import WarcFile

PAGES = Path(__file__).parent / "pages"
SITES = sorted(path.parent for path in PAGES.glob("*/source.yaml"))

_UNREAD = """\
# What a visit to this site gives. It counts when a person has read it next to the pages in visit.warc: mend the cleaning, or
# the text here, until it is what that person would have copied out of the page by hand, and then sign in the next line.
read_by:

"""


@dataclass(frozen=True)
class Answer:
    """One answer of a server: to which address, when, and what."""

    url: str
    at: datetime
    status: int
    reason: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


def read_visit(path: Path) -> list[Answer]:
    """The answers in a WARC file, in its order."""
    answers = []
    with path.open("rb") as file:
        for record in ArchiveIterator(file):
            if record.rec_type == "response":
                status, _, reason = record.http_headers.statusline.partition(" ")
                at = datetime.fromisoformat(record.rec_headers.get_header("WARC-Date"))
                url, headers = record.rec_headers.get_header("WARC-Target-URI"), tuple(record.http_headers.headers)
                answers.append(Answer(url, at, int(status), reason, headers, record.raw_stream.read()))
    return answers


def write_visit(path: Path, answers: Sequence[Answer]) -> None:
    """Write a WARC file of some answers."""
    packed = io.BytesIO()
    warc = WarcFile(packed)
    warc.describe(path.parent.name, answers[0].at, {"software": "Badia", "description": f"a visit to {path.parent.name}"})
    for number, answer in enumerate(answers):
        lines = [f"HTTP/1.1 {answer.status} {answer.reason}", *(f"{name}: {value}" for name, value in answer.headers)]
        head = "\r\n".join(lines).encode("latin-1")
        warc.keep(answer.url, answer.body, f"{path.parent.name} {number} {answer.url}", answer.at, head=head)
    path.write_bytes(gzip.decompress(packed.getvalue()))


class Replay(httpx2.BaseTransport):
    """Answers as a saved visit did: several answers of one address in turn, and the last of them for ever.

    What was not saved is not there (404); `asked` has every address that was asked for, in order.
    """

    def __init__(self, answers: Sequence[Answer]):
        self._answers: dict[str, list[Answer]] = {}
        for answer in answers:
            self._answers.setdefault(answer.url, []).append(answer)
        self.asked: list[str] = []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """The saved answer to a request."""
        url = str(request.url)
        self.asked.append(url)
        waiting = self._answers.get(url)
        if waiting is None:
            return httpx2.Response(404, stream=httpx2.ByteStream(b""))
        answer = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        headers = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
        extensions = {"reason_phrase": answer.reason.encode("latin-1"), "http_version": b"HTTP/1.1"}
        return httpx2.Response(answer.status, headers=headers, stream=httpx2.ByteStream(answer.body), extensions=extensions)

    def unasked(self) -> list[str]:
        """The saved addresses that nobody asked for."""
        return [url for url in self._answers if url not in self.asked]


@contextmanager
def network(answer: Callable[..., httpx2.BaseTransport]) -> Iterator[None]:
    """In this block, fetchers send their requests to what `answer` makes; it is called like the transport that it replaces."""
    with patch("include.scrape.fetch.DeadlineTransport", answer):
        yield


def source_of(site: Path) -> Source:
    """The source that a site's entry declares. Raises SourcesError."""
    (source,) = load_sources(site / "source.yaml").values()
    return source


def visit(site: Path, lake: Lake) -> dict[str, Any]:
    """Scrape and clean a site from its saved visit, at the time at which it was saved, and say what that gives."""
    answers = read_visit(site / "visit.warc")
    replay = Replay(answers)
    instants = (answers[0].at + timedelta(seconds=n) for n in range(1_000_000))
    source, failure, problems = source_of(site), None, ()
    with network(lambda *_, **__: replay):
        try:
            ways = {"run": "saved", "rng": random.Random(0), "sleep": lambda _: None}
            problems = scrape_source(lake, source, now=lambda: next(instants), **ways).problems
        except SourceFailed as error:
            failure = str(error)
    for path in pending(lake):
        clean_batch(lake, path)
    saved = {answer.url for answer in answers}
    articles = {row["document_id"]: row for row in lake.read(ARTICLES).to_pylist()}
    rows = [row for row in lake.read(DOCUMENTS).to_pylist() if row["url"] in saved or row["error_class"] != "http_404"]
    rows.sort(key=lambda row: row["fetched_at"])
    return {
        "asked": replay.asked,
        **({"never_asked_for": unasked} if (unasked := replay.unasked()) else {}),
        **({"failed": failure} if failure else {}),
        **({"problems": list(problems)} if problems else {}),
        "pages": [_page(row, articles.get(row["document_id"])) for row in rows],
    }


def _page(document: dict[str, Any], article: dict[str, Any] | None) -> dict[str, Any]:
    """What the listing said of a page, what came of fetching it, and what cleaning made of it; what is null is left out."""
    listed = ("url", "listed_title", "listed_published", "outcome", "error_class", "error")
    cleaned = ("clean_outcome", "clean_error", "title", "authors", "published_on", "published_at", "published_tz")
    cleaned += ("published_source", "language", "syndicated_from")
    page = {name: document[name] for name in listed}
    if article is not None:
        page |= {"known_as": article["url"] if article["url"] != document["url"] else None}
        page |= {name: article[name] for name in cleaned} | {"text": (article["text"] or "").split("\n")}
    plain = {name: str(value) if hasattr(value, "isoformat") else value for name, value in page.items()}
    return {name: value for name, value in plain.items() if value not in (None, [], [""])}


def verdict(site: Path, found: dict[str, Any]) -> str | None:
    """What is wrong with what a visit gave, in words that say what to do; null if it is what a person expects of it.

    Where no expectation is written down it is written now, from what was found, and is wrong until somebody has signed it.
    """
    path = site / "expected.yaml"
    if not path.exists():
        path.write_text(_UNREAD + _yaml(found), encoding="utf-8")
        return f"{path} did not exist, and holds now what was found, right or wrong: read it next to the pages, then sign it"
    expected = yaml.safe_load(path.read_text(encoding="utf-8"))
    reader = expected.pop("read_by", None)
    if expected != found:
        diff = difflib.unified_diff(_yaml(expected).splitlines(), _yaml(found).splitlines(), "expected", "found", "", "", 2, "")
        return f"{site.name} gives something else than {path}:\n" + "\n".join(diff)
    if not (isinstance(reader, str) and reader.strip()):
        return f"nobody has read {path}: compare it with the pages in visit.warc, then put your name after read_by"
    return None


def _yaml(value: dict[str, Any]) -> str:
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False, width=124)
