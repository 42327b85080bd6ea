"""Rows of the scrapes dataset: one for each visit to a source, so that a quiet hour is told apart from one without a visit."""

from collections.abc import Mapping
from typing import Any

from include.datasets.catalogue import SCRAPES
from include.datasets.lake import Lake


def record(lake: Lake, source: str, row: Mapping[str, Any]) -> None:
    """Add a visit to the file of its source and month. A visit of the same start is replaced."""
    partition = {"scrape_month": row["started_at"].strftime("%Y-%m"), "source": source}
    path = lake.path(SCRAPES, partition, SCRAPES.name)
    before = lake.read_file(path, SCRAPES.schema.names).to_pylist() if lake.exists(path) else []
    kept = [visit for visit in before if visit["started_at"] != row["started_at"]]
    lake.write(SCRAPES, partition, SCRAPES.name, [*kept, row])
