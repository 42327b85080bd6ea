"""Scrape one source: read its listing, fetch what the lake does not hold, keep every page and every failure.

Pages go to a WARC file first; when it is in place, one file of the documents dataset says what came of each attempt. A batch
is both files. A run that is killed leaves whole batches, or a WARC file that nothing refers to.
"""

import functools
import logging
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from include.datasets.catalogue import DOCUMENTS
from include.datasets.ids import content_id
from include.datasets.lake import Lake, partition_of
from include.scrape.block_pages import block_page
from include.scrape.feeds import read_feed
from include.scrape.fetch import Fetcher, FetchFailed, FetchSettings
from include.scrape.listed import Listed, Listing, ListingError
from include.scrape.listings import read_page
from include.scrape.rows import failed_row, fetched_row
from include.scrape.sitemaps import read_sitemap
from include.scrape.sources import Source
from include.scrape.warc import WarcFile, open_warc

PAGES_PER_BATCH = 200
"""Most pages in one batch: what a killed run can lose, and a WARC file of a few dozen MB at most."""

MAX_SITEMAPS = 20
"""Most sitemaps of an index that one run reads, the newest first."""

_LEFTOVER_AGE = timedelta(hours=1)  # a file that is still being written changes more often

log = logging.getLogger(__name__)


class SourceFailed(Exception):
    """A source whose listing gave nothing. `error_class` is as in documents; `retryable`: trying again soon can help."""

    def __init__(self, source: str, error_class: str, message: str, retryable: bool):
        super().__init__(message)
        self.source = source
        self.error_class = error_class
        self.retryable = retryable


@dataclass(frozen=True)
class ScrapeResult:
    """What came of scraping one source.

    `listed` articles are `already_captured` + `captured` + the sum of `failed` (by error class) + `left` for a later run.
    `batches` are the paths of the documents files written; `problems` say in words what a person should look at.
    """

    source: str
    listed: int
    already_captured: int
    captured: int
    left: int
    failed: dict[str, int] = field(default_factory=dict)
    batches: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


Progress = Callable[[int, int, str, str], None]
"""Called after each page with pages done, pages to do, the URL and its outcome."""


def scrape_source(
    lake: Lake,
    source: Source,
    *,
    now: Callable[[], datetime],
    run: str,
    rng: random.Random,
    sleep: Callable[[float], None],
    settings: FetchSettings | None = None,
    limit: int | None = None,
    progress: Progress | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> ScrapeResult:
    """Fetch the articles that the source lists and the lake does not hold, at most `limit` (default: the source's own).

    `now` gives the time of day with a zone, `run` names the run in the WARC files, `rng` is for the jitter of retries, `sleep`
    waits on the monotonic `clock`. Raises SourceFailed if the listing cannot be fetched or read, or lists nothing; the
    attempt is a row of documents then. A page that fails is a row and costs the others nothing.
    """
    started = now().astimezone(UTC)
    _remove_leftovers(lake, source, started)
    settings = replace(settings or FetchSettings(), private_addresses=source.private_addresses)
    with Fetcher(settings, delay=source.delay_seconds, rng=rng, sleep=sleep, clock=clock, now=now) as fetcher:
        scrape = _Scrape(lake, source, fetcher, now=now, started=started, run=run, user_agent=settings.user_agent)
        listed = scrape.listing()
        captured_before, tried_before = _known_urls(lake, source)
        new = [article for article in listed if article.url not in captured_before]
        most = source.max_articles if limit is None else min(limit, source.max_articles)
        todo, left = new[:most], max(0, len(new) - most)
        if left:
            scrape.problem(f"{left:,} of {len(new):,} new articles are left for a later run (limit {most:,})")
        outcomes = scrape.pages(todo, progress)
    captured = outcomes.pop("captured", 0)
    if not captured and any(article.url not in tried_before for article in todo):
        scrape.problem(f"none of {len(todo):,} pages could be captured: {dict(sorted(outcomes.items()))}")
    result = ScrapeResult(
        source=source.id,
        listed=len(listed),
        already_captured=len(listed) - len(new),
        captured=captured,
        left=left,
        failed=dict(sorted(outcomes.items())),
        batches=tuple(scrape.batches),
        problems=tuple(scrape.problems),
    )
    log.info("%s", result)
    return result


class _Scrape:
    """One run over one source: what it has written, and what was wrong."""

    def __init__(
        self,
        lake: Lake,
        source: Source,
        fetcher: Fetcher,
        *,
        now: Callable[[], datetime],
        started: datetime,
        run: str,
        user_agent: str,
    ):
        self._lake = lake
        self._source = source
        self._fetcher = fetcher
        self._now = now
        self._started = started
        self._run = run
        self._user_agent = user_agent
        self._partition = {"fetch_date": started.date().isoformat(), "source": source.id}
        self.batches: list[str] = []
        self.problems: list[str] = []

    def problem(self, words: str) -> None:
        """State something that a person should look at."""
        log.warning("source %s: %s", self._source.id, words)
        self.problems.append(words)

    # -- the listing -------------------------------------------------------------------------------------------------

    def listing(self) -> list[Listed]:
        """The articles that the source lists. What is wrong with the listing is a row; no article at all: SourceFailed."""
        articles: dict[str, Listed] = {}
        rows: list[dict[str, Any]] = []
        failures: list[FetchFailed | ListingError] = []
        for url, listing, failure in self._listing_parts():
            for article in listing.articles:
                articles.setdefault(article.url, article)
            wrong = ListingError("broken_listing", "; ".join(listing.problems)) if listing.problems else failure
            if wrong is not None:
                self.problem(str(wrong))
                failures.append(wrong)
                rows.append(failed_row(Listed(url), wrong, self._now()))
        if rows:
            self._write(rows, self._batch_name("listing", [row["url"] for row in rows]))
        if not articles:
            raise self._source_failed(next((f for f in failures if getattr(f, "retryable", False)), failures[0]))
        return list(articles.values())

    def _listing_parts(self) -> Iterator[tuple[str, Listing, FetchFailed | ListingError | None]]:
        """Each document that makes up the listing: its address, what it lists, and its failure if it failed."""
        top = self._source.listing.url
        try:
            listing, sitemaps = self._fetch_listing(top)
        except (FetchFailed, ListingError) as failure:
            yield top, Listing(), failure
            return
        yield top, listing, None
        if len(sitemaps) > MAX_SITEMAPS:
            self.problem(f"{top} lists {len(sitemaps):,} sitemaps; the newest {MAX_SITEMAPS} are read")
        for url in sitemaps[:MAX_SITEMAPS]:
            try:
                listing, deeper = self._fetch_listing(url)
            except (FetchFailed, ListingError) as failure:
                yield url, Listing(), failure
                continue
            nested = ListingError("broken_listing", f"{url} is a sitemap index inside {top}; an index may list sitemaps only")
            yield url, listing, nested if deeper else None

    def _fetch_listing(self, url: str) -> tuple[Listing, tuple[str, ...]]:
        """What a listing document lists: articles, and for an index the sitemaps in it. Raises FetchFailed, ListingError."""
        response = self._fetcher.get(url)
        spec, content_type = self._source.listing, response.header("content-type")
        body = response.decoded()
        try:
            if not body.strip():
                raise ListingError("no_entries", f"{response.url} answered with an empty body")
            if spec.kind == "feed":
                return read_feed(body, response.url, content_type), ()
            if spec.kind == "sitemap":
                sitemap = read_sitemap(body, response.url)
                return sitemap.listing, sitemap.children
            return read_page(body, response.url, spec.links, content_type), ()
        except ListingError as error:
            if marked := block_page(response.head):
                raise ListingError("block_page", f"{response.url} serves a block page instead: {marked}") from error
            raise

    def _source_failed(self, failure: FetchFailed | ListingError) -> SourceFailed:
        spec = self._source.listing
        message = (
            f"source {self._source.id} ({self._source.outlet}): no articles from its {spec.kind} {spec.url}: {failure}. "
            f"{_advice(failure.error_class)}"
        )
        return SourceFailed(self._source.id, failure.error_class, message, getattr(failure, "retryable", False))

    # -- the pages ---------------------------------------------------------------------------------------------------

    def pages(self, articles: list[Listed], progress: Progress | None) -> Counter[str]:
        """Fetch the articles, batch by batch; how many were captured, and how many ended in each error class."""
        outcomes: Counter[str] = Counter()
        for first in range(0, len(articles), PAGES_PER_BATCH):
            batch = articles[first : first + PAGES_PER_BATCH]
            name = self._batch_name("pages", [article.url for article in batch])
            folder = "/".join(f"{column}={value}" for column, value in self._partition.items())
            warc_path = f"warc/{folder}/{name}.warc.gz"
            rows = []
            with ExitStack() as open_files:
                warc = None
                for article in batch:
                    try:
                        response = self._fetcher.get(article.url)
                    except FetchFailed as failure:
                        row = failed_row(article, failure, self._now())
                    else:
                        fetched_at, stored = self._now(), None
                        if response.body:
                            warc = warc or self._new_warc(open_files, warc_path, name)
                            stored = warc.add(response, f"{article.url} {fetched_at.isoformat()}", fetched_at)
                        row = fetched_row(article, response, stored, warc_path, fetched_at)
                    rows.append(row)
                    outcomes[row["error_class"] or row["outcome"]] += 1
                    if progress is not None:
                        progress(sum(outcomes.values()), len(articles), article.url, row["outcome"])
            self._write(rows, name)
        return outcomes

    def _new_warc(self, open_files: ExitStack, path: str, name: str) -> WarcFile:
        warc = open_files.enter_context(open_warc(self._lake, path))
        fields = {
            "software": "Badia",
            "format": "WARC File Format 1.1",
            "robots": "RFC 9309",
            "http-header-user-agent": self._user_agent,
            "isPartOf": self._run,
        }
        warc.describe(name, self._started, fields)
        return warc

    def _batch_name(self, part: str, urls: list[str]) -> str:
        """The batch's name: the work that it stands for, known before the first page is fetched."""
        return content_id("batch", source=self._source.id, started=self._started.isoformat(), part=part, urls=urls)

    def _write(self, rows: list[dict[str, Any]], name: str) -> None:
        rows = [row | {"outlet": self._source.outlet} for row in rows]
        self.batches.append(self._lake.write(DOCUMENTS, self._partition, name, rows))


def _known_urls(lake: Lake, source: Source) -> tuple[set[str], set[str]]:
    """The URLs of the source that the lake holds a capture of, and all that were tried."""
    paths = [path for path in lake.files(DOCUMENTS) if partition_of(path)["source"] == source.id]
    table = lake.read(DOCUMENTS, ["url", "outcome"], paths)
    urls, outcomes = (table.column(name).to_pylist() for name in ("url", "outcome"))
    return {url for url, outcome in zip(urls, outcomes, strict=True) if outcome == "captured"}, set(urls)


def _remove_leftovers(lake: Lake, source: Source, now: datetime) -> None:
    """Delete the unfinished files of runs over this source that were killed. Object stores keep none."""
    if not lake.is_local:
        return
    for folder in ("warc", DOCUMENTS.name):
        for path in sorted(Path(lake.full(folder)).glob(f"fetch_date=*/source={source.id}/.*.part")):
            if now - datetime.fromtimestamp(path.stat().st_mtime, UTC) > _LEFTOVER_AGE:
                log.info("source %s: removing %s, left by a run that was killed", source.id, path)
                path.unlink(missing_ok=True)


@functools.cache
def _advice_table() -> dict[str, str]:
    return yaml.safe_load(resources.files("include.scrape").joinpath("data/advice.yaml").read_text("utf-8"))


def _advice(error_class: str) -> str:
    """The likely cause of a failure and what to do; statuses that have no entry share one by their first digit."""
    table = _advice_table()
    return table.get(error_class) or table.get(error_class[:6]) or table["other"]
