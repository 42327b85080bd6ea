"""What to do about a source that fails."""

import functools
from importlib import resources

import yaml


def advice(error_class: str) -> str:
    """The likely cause of a failure and what to do; statuses that have no entry share one by their first digit."""
    table = advice_table()
    return table.get(error_class) or table.get(error_class[:6]) or table["other"]


@functools.cache
def advice_table() -> dict[str, str]:
    """The advice by error class."""
    return yaml.safe_load(resources.files("include.scrape").joinpath("data/advice.yaml").read_text("utf-8"))
