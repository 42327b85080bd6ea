"""The few settings of Badia, each an environment variable with a default that works on a laptop."""

import os
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent


def lake_root() -> str:
    """Where the datasets live: BADIA_LAKE, a folder or any fsspec URL; by default `lake/` in the project."""
    return os.environ.get("BADIA_LAKE") or str(PROJECT / "lake")


def sources_file() -> Path:
    """The file that declares the sources: BADIA_SOURCES; by default `include/sources.yaml`."""
    return Path(os.environ.get("BADIA_SOURCES") or PROJECT / "include" / "sources.yaml")


def cache_folder() -> Path:
    """Where the compiled gazetteer is kept: BADIA_CACHE; by default `.cache/` in the project."""
    return Path(os.environ.get("BADIA_CACHE") or PROJECT / ".cache")


def contact() -> str | None:
    """How an outlet's administrator reaches whoever runs this scraper: BADIA_CONTACT, a mail address or a page."""
    return os.environ.get("BADIA_CONTACT") or None
