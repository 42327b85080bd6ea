"""The newsroom, served and scraped once; each test starts from a copy of that lake."""

import random
import shutil
import time
from datetime import UTC, datetime

import pytest

from demo.newsroom.server import newsroom, write_sources
from include.datasets.lake import Lake
from include.scrape.scrape import scrape_source
from include.scrape.sources import load_sources

NOW = datetime(2022, 5, 2, 6, tzinfo=UTC)


def scrape_all(root, sources, now=NOW, **options):
    """Scrape every source of the file at `sources` into the lake at `root`, on `now`."""
    for source in load_sources(sources).values():
        scrape_source(Lake(root), source, now=lambda: now, run="test", rng=random.Random(0), sleep=time.sleep, **options)


@pytest.fixture(scope="session")
def captured(tmp_path_factory):
    """A lake that holds the newsroom's pages and nothing made of them."""
    root = tmp_path_factory.mktemp("captured")
    with newsroom() as sites:
        write_sources(root / "_sources.yaml", sites)
        scrape_all(root, root / "_sources.yaml")
    return root


@pytest.fixture
def lake(captured, tmp_path):
    """A lake of one's own with the newsroom's pages."""
    return Lake(shutil.copytree(captured, tmp_path / "lake"))
