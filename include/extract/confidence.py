"""How sure the rules are of what they read.

For a report: the probability that its count of killed (where it has none, of injured) is right, from signs that tell right
counts from wrong ones. The weight of each sign, and the texts with known figures behind it, are in data/confidence.yaml, which
`python -m benchmarks.confidence` writes. For a claim, of which no such texts exist: a plain sum of what speaks for it.
"""

import math
from collections.abc import Mapping
from functools import cache
from typing import Any

from include.extract.lexicon import load

LATE = 500
"""Characters of text before the count: the first two or three sentences, where news tells what it is about."""
LONG = 250
"""Characters of a sentence of which one in three tells of several groups, names or sources."""
_MANY = 4
_PEOPLE_TOLD = frozenset({"named", "sum"})
"""Rules of quantities that count people who are named or listed, where the words give no number."""


def signs(row: Mapping[str, Any], reports: int) -> dict[str, float]:
    """The signs of a report, by name: 1 where one is there, else 0; for `other_reports` how many (4 and more count as 4).

    `row` is a row of `reports`, and `reports` how many its article gives.
    """
    killed, injured = (any(row.get(f"{m}_{b}") is not None for b in ("low", "best", "high")) for m in ("killed", "injured"))
    measure = "killed" if killed else "injured"
    counted = [e for e in row["evidence"] if e["field"] in (f"{measure}_low", f"{measure}_high")]
    at = min((0 if e["part"] == "title" else e["start"] for e in counted), default=0)
    return {
        "no_number": float(row.get(f"{measure}_best") is None),
        "several_numbers": float(len({(e["part"], e["start"]) for e in counted}) > 1),
        "people_named": float(any(e["rule"] in _PEOPLE_TOLD for e in counted)),
        "killed_only": float(killed and not injured),
        "injured_only": float(injured and not killed),
        "other_reports": float(min(reports - 1, _MANY)),
        "late": float(at > LATE),
        "long_sentence": float(len(row["sentence"]) > LONG),
    }


def of_report(row: Mapping[str, Any], reports: int) -> float | None:
    """The probability that the count of a report is right; null where it has none. Its article gives `reports` reports."""
    if not any(row.get(f"{m}_{b}") is not None for m in ("killed", "injured", "casualties") for b in ("low", "best", "high")):
        return None
    model = _model()
    score = model["intercept"] + sum(model["signs"][name]["weight"] * value for name, value in signs(row, reports).items())
    return min(round(1 / (1 + math.exp(-score)), 2), 0.99)


@cache
def _model() -> dict[str, Any]:
    return load("confidence.yaml")


def of_claim(row: Mapping[str, Any]) -> float:
    """Confidence of a claim: from its figure, period, the one who states it and the area."""
    score = 0.35
    score += 0.2 if row.get("value_best") is not None else 0.0
    score += 0.15 if row.get("period_start") else 0.0
    score += 0.15 if row.get("monitor") else 0.0
    score += 0.1 if row.get("area") else 0.0
    return round(score, 2)
