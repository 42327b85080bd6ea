"""Scrape for real: with the system's clock, randomness and settings. The DAG and the command line both call this."""

import dataclasses
import queue
import random
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from include import settings
from include.datasets.lake import Lake
from include.scrape.fetch import Fetcher, FetchSettings, user_agent
from include.scrape.scrape import Progress, SourceFailed, scrape_source
from include.scrape.sources import Source, SourcesError, load_sources

T = TypeVar("T")
Sleep = Callable[[float], None]

HOSTS_AT_ONCE = 50
"""Most hosts that one process scrapes at once: it mostly waits, for each as long as politeness asks."""


def chosen(path: Path, ids: list[str]) -> list[Source]:
    """The sources of the file at `path` that `ids` name, in the file's order; without ids, all.

    Raises SourcesError for an id that the file does not have, with those that it has.
    """
    sources = load_sources(path)
    if unknown := sorted(set(ids) - sources.keys()):
        raise SourcesError(f"{path} has no source {', '.join(unknown)}; it has {', '.join(sorted(sources))}")
    return [source for source in sources.values() if not ids or source.id in ids]


def by_host(sources: Iterable[Source], work: Callable[[Source, Sleep], T]) -> Iterator[tuple[str, T]]:
    """Do something with each source, many hosts at once, and those of one host one after the other; each one's id and what
    `work` returned, as they are done. What it raises is raised here. It is given a sleep that ends when the rest is given up.
    """
    hosts: dict[str, list[Source]] = {}
    for source in sources:
        hosts.setdefault(source.host, []).append(source)
    done: queue.SimpleQueue[tuple[str, T | None, Exception | None]] = queue.SimpleQueue()
    stop = threading.Event()

    def pause(seconds: float) -> None:
        if stop.wait(seconds):
            raise _Stopped

    def work_through(of_host: list[Source]) -> None:
        for source in of_host:
            if stop.is_set():
                return
            try:
                done.put((source.id, work(source, pause), None))
            except Exception as error:  # noqa: BLE001 (it is raised where the results are read)
                done.put((source.id, None, error))

    with ThreadPoolExecutor(HOSTS_AT_ONCE) as threads:
        try:
            for of_host in hosts.values():
                threads.submit(work_through, of_host)
            for _ in range(sum(map(len, hosts.values()))):
                source, result, error = done.get()
                if error is not None:
                    raise error
                yield source, result
        finally:
            stop.set()  # whoever breaks off waits for the requests under way, and not for the delays between them


def scrape_all(
    lake: Lake, path: Path, ids: list[str], *, run: str, limit: int | None = None, tell: Callable[[str], Progress] | None = None
) -> Iterator[tuple[str, dict[str, Any] | SourceFailed]]:
    """Scrape sources of the file at `path` (without ids: all) into the lake; each one's id and what :func:`scrape` returned or
    raised, as they are done. `tell` makes a source's progress.
    """

    def work(source: Source, sleep: Sleep) -> dict[str, Any] | SourceFailed:
        ways = {"run": run, "limit": limit, "progress": tell and tell(source.id), "sleep": sleep}
        try:
            return scrape(lake, source, **ways)
        except SourceFailed as failure:
            return failure

    return by_host(chosen(path, ids), work)


def fetcher(delay: float, *, sleep: Sleep = time.sleep, private_addresses: bool = False) -> Fetcher:
    """A fetcher with this machine's clock and settings."""
    ways = {"rng": random.Random(), "sleep": sleep, "clock": time.monotonic, "now": lambda: datetime.now(UTC)}
    wanted = FetchSettings(user_agent=user_agent(settings.contact()), private_addresses=private_addresses)
    return Fetcher(wanted, delay=delay, **ways)


class _Stopped(Exception):
    """The work is broken off, as if it were killed."""


def scrape(
    lake: Lake,
    source: Source,
    *,
    run: str,
    limit: int | None = None,
    progress: Progress | None = None,
    sleep: Sleep = time.sleep,
) -> dict[str, Any]:
    """Scrape one source into the lake; its result as plain data, with `counts`.

    Raises SourceFailed if its listing gives nothing, and where it brings less than its bounds.
    """
    result = scrape_source(
        lake,
        source,
        now=lambda: datetime.now(UTC),
        run=run,
        rng=random.Random(),
        sleep=sleep,
        settings=FetchSettings(user_agent=user_agent(settings.contact())),
        limit=limit,
        progress=progress,
    )
    counts = {name: getattr(result, name) for name in ("listed", "new", "captured", "not_modified", "held", "left")}
    counts["failed"] = sum(result.failed.values())
    return dataclasses.asdict(result) | {"counts": counts}
