"""What to do about a source that fails."""

import functools
from importlib import resources

import yaml

from include.scrape.error_classes import entry_of


def advice(error_class: str) -> str:
    """The likely cause of a failure and what to do."""
    return entry_of(advice_table(), error_class)


@functools.cache
def advice_table() -> dict[str, str]:
    """The advice by error class."""
    return yaml.safe_load(resources.files("include.scrape").joinpath("data/advice.yaml").read_text("utf-8"))
