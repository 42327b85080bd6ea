"""Scrape for real: with the system's clock, randomness and settings. The DAG and the command line both call this."""

import dataclasses
import random
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from include import settings
from include.datasets.lake import Lake
from include.scrape.fetch import FetchSettings, user_agent
from include.scrape.scrape import Progress, scrape_source
from include.scrape.sources import Source, SourcesError, load_sources


def chosen(path: Path, ids: list[str]) -> list[Source]:
    """The sources of the file at `path` that `ids` name, in the file's order; without ids, all.

    Raises SourcesError for an id that the file does not have, with those that it has.
    """
    sources = load_sources(path)
    if unknown := sorted(set(ids) - sources.keys()):
        raise SourcesError(f"{path} has no source {', '.join(unknown)}; it has {', '.join(sorted(sources))}")
    return [source for source in sources.values() if not ids or source.id in ids]


def scrape(
    lake: Lake, path: Path, source: str, *, run: str, limit: int | None = None, progress: Progress | None = None
) -> dict[str, Any]:
    """Scrape one source of the file at `path` into the lake; its result as plain data, with `counts`.

    Raises SourcesError for an unknown source and SourceFailed if its listing gives nothing.
    """
    result = scrape_source(
        lake,
        chosen(path, [source])[0],
        now=lambda: datetime.now(UTC),
        run=run,
        rng=random.Random(),
        sleep=time.sleep,
        settings=FetchSettings(user_agent=user_agent(settings.contact())),
        limit=limit,
        progress=progress,
    )
    counts = {name: getattr(result, name) for name in ("listed", "new", "captured", "not_modified", "left")}
    counts["failed"] = sum(result.failed.values())
    return dataclasses.asdict(result) | {"counts": counts}
