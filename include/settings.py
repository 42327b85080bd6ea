"""The few settings of Badia, each an environment variable with a default that works on a laptop."""

import os
from pathlib import Path

COUNT_RULES = ("latest_trusted", "majority", "lowest")
"""The rules that can choose an incident's best figure; include/aggregate/counts.py says what each does."""
COUNT_MODES = ("range", "acled", "gtd")
"""The codebooks by which vague numbers can be read; include/extract/data/quantity_rules.yaml has their columns."""


class InvalidSetting(ValueError):
    """An environment variable has a value that it cannot have. The message names it and the valid choices."""


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


def count_rule() -> str:
    """The rule that chooses an incident's best figure: BADIA_COUNT_RULE; by default latest_trusted.

    Raises InvalidSetting.
    """
    return _chosen("BADIA_COUNT_RULE", COUNT_RULES)


def count_mode() -> str:
    """The codebook by which vague numbers are read: BADIA_COUNT_MODE; by default range. Raises InvalidSetting."""
    return _chosen("BADIA_COUNT_MODE", COUNT_MODES)


def _chosen(variable: str, choices: tuple[str, ...]) -> str:
    value = os.environ.get(variable) or choices[0]
    if value not in choices:
        raise InvalidSetting(f"{variable} is {value!r}; valid are {', '.join(choices)} (unset: {choices[0]})")
    return value
