"""The table in data/reconcile.yaml."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml


@dataclass(frozen=True, slots=True)
class Rules:
    """How a claim is compared; the comments of the table say what each means."""

    same_statement_days: int
    toll_rises_days: int
    region_core: float
    longest_list: int
    related_classes: tuple[frozenset[str], ...]
    sides: tuple[tuple[frozenset[str], frozenset[str]], ...]
    fighters: frozenset[str]
    subsets: dict[str, frozenset[str]]
    not_counted_apart: frozenset[str]
    part_of_area: frozenset[str]


@cache
def rules() -> Rules:
    """The rules, read once."""
    table = yaml.safe_load((Path(__file__).parents[1] / "data" / "reconcile.yaml").read_text(encoding="utf-8"))
    return Rules(
        **{name: table[name] for name in ("same_statement_days", "toll_rises_days", "region_core", "longest_list")},
        related_classes=tuple(frozenset(group) for group in table["related_classes"]),
        sides=tuple((frozenset(side["words"]), frozenset(side["classes"])) for side in table["sides"]),
        subsets={name: frozenset(words) for name, words in table["subsets"].items()},
        **{name: frozenset(table[name]) for name in ("fighters", "not_counted_apart", "part_of_area")},
    )
