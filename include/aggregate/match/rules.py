"""The rules of matching, data/match.yaml, read once."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from include.aggregate.spelling import folded
from include.extract.gazetteer import DATA, read_table


@dataclass(frozen=True, slots=True)
class Rules:
    """The table in data/match.yaml; its comments say what each entry means."""

    weights: dict[str, int]
    thresholds: dict[str, int]
    least: int
    near_miss: int
    reach_km: dict[int, float]
    rare_toll: int
    next_town_km: float
    night: str
    news_days: int
    longest_days: int
    republished_days: int
    block_days: dict[str, int]
    related_types: tuple[frozenset[str], ...]
    country_names: dict[str, str]
    """The folded name of each country, by its ISO code."""


@cache
def rules() -> Rules:
    """The rules, read once."""
    table = yaml.safe_load((Path(__file__).parents[1] / "data" / "match.yaml").read_text(encoding="utf-8"))
    return Rules(
        weights={name: reason["weight"] for name, reason in table["reasons"].items()},
        thresholds=table["threshold"],
        least=table["least"],
        near_miss=table["near_miss"],
        reach_km=table["reach_km"],
        rare_toll=table["rare_toll"],
        next_town_km=table["next_town_km"],
        night="|".join(rf"\b{words}\b" for words in table["night"]),
        news_days=table["news_days"],
        longest_days=table["longest_days"],
        republished_days=table["republished_days"],
        block_days=table["block_days"],
        related_types=tuple(frozenset(group) for group in table["related_types"]),
        country_names={row["country"]: folded(row["name"]) for row in read_table(DATA / "countries.tsv")},
    )
