"""Scrape one source: read its listings, fetch what is due, keep every page and every failure.

Pages go to a WARC file first; when it is in place, one file of the documents dataset says what came of each attempt. A batch
is both files; then the source's state takes it in (state.py). A run that is killed leaves whole batches, or a WARC file that
nothing refers to. Of a source with bounds the first pages are judged before their batch is written (bounds.py). At the end,
and also where the source fails, a row of scrapes says that it was visited and what came of it.
"""

import logging
import random
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from include.datasets.catalogue import DOCUMENTS
from include.datasets.ids import content_id
from include.datasets.lake import Lake
from include.masking import masked, secrets_in
from include.scrape import bounds, hosts, state, visits
from include.scrape.advice import advice
from include.scrape.fetch import Fetcher, FetchFailed, FetchSettings
from include.scrape.hosts import Host
from include.scrape.rows import failed_row, fetched_row, held_row, listing_row
from include.scrape.sources import Source
from include.scrape.state import SourceState
from include.scrape.survey import Survey, survey
from include.scrape.warc import WarcFile, open_warc

PAGES_PER_BATCH = 200
"""Most pages in one batch: what a killed run can lose, and a WARC file of a few dozen MB at most."""

_LEFTOVER_AGE = timedelta(hours=1)  # a file that is still being written changes more often
_LEFTOVERS_SINCE = timedelta(days=7)  # where no run has left a state

log = logging.getLogger(__name__)


class SourceFailed(Exception):
    """A source that failed as a whole: its listings gave nothing, its host is left alone, or it brought less than is expected.

    `error_class` is as in scrapes; `retryable`: trying again soon can help.
    """

    def __init__(self, source: str, error_class: str, message: str, retryable: bool):
        super().__init__(message)
        self.source = source
        self.error_class = error_class
        self.retryable = retryable


@dataclass(frozen=True)
class ScrapeResult:
    """What came of scraping one source.

    `listed` articles are on the listings that were read, `new` of them for the first time. What was due was `captured`, had
    `not_modified` since it was, is `held` (captured, but the source breaks its bounds), has `failed` (by error class), or is
    `left` for a later run. `batches` are the paths of the documents files written; `problems` say in words what a person should
    look at.
    """

    source: str
    listed: int = 0
    new: int = 0
    captured: int = 0
    not_modified: int = 0
    held: int = 0
    left: int = 0
    requests: int = 0
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
    """Fetch the articles of the source that are due, at most `limit` (default: the source's own).

    `now` gives the time of day with a zone, `run` names the run in the WARC files, `rng` is for the jitter of retries, `sleep`
    waits on the monotonic `clock`. Raises SourceFailed if no listing can be fetched and read, if the host is left alone, or,
    after all is written, if the source brings less than its bounds. A page that fails is a row and costs the others nothing.
    """
    started = now().astimezone(UTC)
    host = hosts.load(lake, source.host)
    settings = settings or FetchSettings()
    retries = 0 if host.on_trial else settings.retries
    settings = replace(settings, retries=retries, private_addresses=source.private_addresses)
    ways = {"rng": rng, "sleep": sleep, "clock": clock, "now": now, "robots": host.robots}
    with Fetcher(settings, delay=source.delay_seconds, **ways) as fetcher:
        scrape = _Scrape(lake, source, fetcher, host, now=now, started=started, run=run, user_agent=settings.user_agent)
        failure = None
        try:
            scrape.run(limit, progress)
        except SourceFailed as error:
            failure = error
        hosts.save(lake, host)
        result = scrape.result()
        visits.record(lake, source.id, _visit(result, failure, started, now()))
    log.info("%s", result)
    if failure is not None:
        raise failure
    return result


def _visit(result: ScrapeResult, failure: SourceFailed | None, started: datetime, ended: datetime) -> dict[str, Any]:
    """The row of scrapes."""
    kinds = sorted(result.failed.items(), key=lambda item: (-item[1], item[0]))
    return {
        "started_at": started,
        "ended_at": ended,
        "outcome": "failed" if failure else "done",
        "error_class": failure and failure.error_class,
        "error": failure and str(failure),
        "n_requests": result.requests,
        "n_listed": result.listed,
        "n_new": result.new,
        "n_captured": result.captured,
        "n_not_modified": result.not_modified,
        "n_held": result.held,
        "n_failed": sum(result.failed.values()),
        "errors": [f"{kind}: {number}" for kind, number in kinds],
        "n_left": result.left,
        "problems": list(result.problems),
    }


class _Scrape:
    """One run over one source: what it has written, and what was wrong."""

    def __init__(
        self,
        lake: Lake,
        source: Source,
        fetcher: Fetcher,
        host: Host,
        *,
        now: Callable[[], datetime],
        started: datetime,
        run: str,
        user_agent: str,
    ):
        self._lake = lake
        self._source = source
        self._fetcher = fetcher
        self._host = host
        self._now = now
        self._started = started
        self._run = run
        self._user_agent = user_agent
        self._secrets = secrets_in(source.addresses)
        self._partition = {"fetch_date": started.date().isoformat(), "source": source.id}
        self._found = Survey()
        self._outcomes: Counter[str] = Counter()
        self._left = 0
        self._batches: list[str] = []
        self._problems: list[str] = []

    def run(self, limit: int | None, progress: Progress | None) -> None:
        """Do all of it. Raises SourceFailed."""
        host = self._host
        if host.closed(self._started):
            words = f"{host.name} is left alone until {host.closed_until} ({host.failures} failures in a row): {host.error}"
            raise self._failed("host_closed", words, retryable=False)
        known = state.load(self._lake, self._source.id, self._started.date())
        _remove_leftovers(self._lake, self._source, known.day, self._started)
        self._survey(known)
        due = known.due(self._started)
        most = self._source.max_articles if limit is None else min(limit, self._source.max_articles)
        self._left = max(0, len(due) - most)
        if self._left:
            self._problem(f"{self._left:,} of {len(due):,} articles are left for a later run (limit {most:,})")
        untried = [url for url in due[:most] if known.articles[url].error is None]
        short = self._pages(known, due[:most], progress)
        if untried and not any(self._outcomes[outcome] for outcome in ("captured", "not_modified", "held")):
            counts = dict(sorted(self._outcomes.items()))
            self._problem(f"none of {len(due[:most]):,} pages could be captured: {counts}")
        too_few, too_many = bounds.judge(self._source.bounds, known, self._started)
        for words in too_many:
            self._problem(words)
        state.save(self._lake, known)
        if short or too_few:
            raise self._failed("bounds", "; ".join([*short, *too_few]), retryable=False)

    def result(self) -> ScrapeResult:
        """What came of it so far."""
        outcomes = Counter(self._outcomes)
        return ScrapeResult(
            source=self._source.id,
            listed=len(self._found.read),
            new=self._found.new,
            captured=outcomes.pop("captured", 0),
            not_modified=outcomes.pop("not_modified", 0),
            held=outcomes.pop("held", 0),
            left=self._left,
            requests=self._fetcher.requests,
            failed=dict(sorted(outcomes.items())),
            batches=tuple(self._batches),
            problems=tuple(self._problems),
        )

    def _masked(self, words: object) -> str:
        return masked(str(words), self._secrets)

    def _problem(self, words: str) -> None:
        """State something that a person should look at."""
        words = self._masked(words)
        log.warning("source %s: %s", self._source.id, words)
        self._problems.append(words)

    def _failed(self, error_class: str, words: str, *, retryable: bool) -> SourceFailed:
        message = f"source {self._source.id} ({self._source.outlet}): {self._masked(words)}. {advice(error_class)}"
        return SourceFailed(self._source.id, error_class, message, retryable)

    # -- the listings ------------------------------------------------------------------------------------------------

    def _survey(self, known: SourceState) -> None:
        """Read the listings into the state. What is wrong with one is a row; nothing to be read at all: SourceFailed."""
        found = self._found = survey(self._source, known, self._fetcher.get, self._started)
        for words in [*(str(failure) for _, failure in found.failures), *found.problems]:
            self._problem(words)
        if found.failures:
            rows = [listing_row(url, failure, self._now()) for url, failure in found.failures]
            self._write(rows, self._batch_name("listing", [row["url"] for row in rows]), known)
        if found.documents:
            self._host.answered()
            known.forget(self._started)
            state.save(self._lake, known)
            return
        failures = [failure for _, failure in found.failures]
        failure = next((f for f in failures if getattr(f, "retryable", False)), failures[0])
        if hosts.is_host_error(failure.error_class):
            self._host.failed(self._now(), self._masked(failure), getattr(failure, "retry_after", None))
        elif failure.error_class not in hosts.UNASKED:
            self._host.answered()
        state.save(self._lake, known)
        spec = self._source.listing
        words = f"no articles from its {spec.kind} {spec.url}: {failure}"
        raise self._failed(failure.error_class, words, retryable=getattr(failure, "retryable", False))

    # -- the pages ---------------------------------------------------------------------------------------------------

    def _pages(self, known: SourceState, urls: list[str], progress: Progress | None) -> list[str]:
        """Fetch these addresses, batch by batch, and take what came of them into the state; in words what the pages fall short
        of. Where they do, those of the batch are held, and the others left.
        """
        sample = bounds.Sample(self._source.bounds, known)
        done = 0
        while done < len(urls):
            batch = urls[done : done + (bounds.SAMPLE if sample.goes_on else PAGES_PER_BATCH)]
            name = self._batch_name("pages", batch)
            folder = "/".join(f"{column}={value}" for column, value in self._partition.items())
            warc_path = f"warc/{folder}/{name}.warc.gz"
            rows = []
            with ExitStack() as open_files:
                warc = None
                for url in batch:
                    article, before = known.listed(url), known.articles[url]
                    try:
                        response = self._fetcher.get(url, etag=before.etag, last_modified=before.last_modified)
                    except FetchFailed as failure:
                        row = failed_row(article, failure, self._now())
                        self._host.asks(self._now(), self._masked(failure), failure.retry_after)
                    else:
                        fetched_at, stored = self._now(), None
                        unchanged = response.not_modified or sha256(response.body).hexdigest() == before.sha256
                        if response.body and not unchanged:
                            warc = warc or self._new_warc(open_files, warc_path, name)
                            stored = warc.add(
                                replace(response, url=self._masked(response.url)), f"{url} {fetched_at.isoformat()}", fetched_at
                            )
                        row = fetched_row(article, response, stored, warc_path, fetched_at, unchanged=unchanged)
                        if sample.goes_on and row["outcome"] == "captured":
                            sample.look(article, response, fetched_at)
                    rows.append(row)
                    done += 1
                    if progress is not None:
                        progress(done, len(urls), self._masked(url), row["outcome"])
            short = sample.falls_short()
            if short:
                rows = [held_row(row, "; ".join(short)) if row["outcome"] == "captured" else row for row in rows]
            self._write(rows, name, known)
            for row in rows:
                known.note(row)
                self._outcomes["held" if row["outcome"] == "held" else row["error_class"] or row["outcome"]] += 1
            state.save(self._lake, known)
            if short:
                self._left += len(urls) - done
                return short
        return []

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

    def _write(self, rows: list[dict[str, Any]], name: str, known: SourceState) -> None:
        rows = [row | {"outlet": self._source.outlet, "via": "live", "recorded_at": row["fetched_at"]} for row in rows]
        if self._secrets:
            rows = [{k: self._masked(v) if isinstance(v, str) else v for k, v in row.items()} for row in rows]
        path = self._lake.write(DOCUMENTS, self._partition, name, rows)
        self._batches.append(path)
        known.folded.append(path)


def _remove_leftovers(lake: Lake, source: Source, since: str | None, now: datetime) -> None:
    """Delete the unfinished files of runs over this source that were killed since a day. Object stores keep none."""
    if not lake.is_local:
        return
    day = date.fromisoformat(since) if since else now.date() - _LEFTOVERS_SINCE
    while day <= now.date():
        for folder in ("warc", DOCUMENTS.name):
            for path in sorted(Path(lake.full(f"{folder}/fetch_date={day}/source={source.id}")).glob(".*.part")):
                if now - datetime.fromtimestamp(path.stat().st_mtime, UTC) > _LEFTOVER_AGE:
                    log.info("source %s: removing %s, left by a run that was killed", source.id, path)
                    path.unlink(missing_ok=True)
        day += timedelta(days=1)
