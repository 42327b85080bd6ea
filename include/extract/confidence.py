"""How sure the rules are of what they read.

A plain sum of what speaks for it, between 0 and 1. The weights are a first judgement, not yet calibrated against gold data:
use the score to put rows in an order of doubt, not as a probability.
"""

from collections.abc import Mapping
from typing import Any


def of_report(row: Mapping[str, Any], mentions: int) -> float:
    """Confidence of a report: from its counts, date, place, parties, source and how often the article tells of it."""
    exact = row.get("killed_best") is not None or row.get("injured_best") is not None
    stated = any(row.get(f"{m}_{b}") is not None for m in ("killed", "injured", "casualties") for b in ("low", "high"))
    score = 0.15
    score += 0.2 if exact else 0.1 if stated else 0.0
    score += 0.0 if row.get("date_prec") is None else 0.15 if row["date_prec"] <= 2 else 0.05
    score += 0.0 if row.get("where_prec") is None else 0.15 if row["where_prec"] <= 3 else 0.05
    score += 0.1 if row.get("perpetrator") else 0.0
    score += 0.05 if row.get("monitor") else 0.0
    score += 0.05 if mentions > 1 else 0.0
    score += 0.1 if row.get("event_type") != "unknown" else 0.0
    score -= 0.15 if row["mention_role"] == "background_reference" else 0.0
    return round(min(1.0, max(0.0, score)), 2)


def of_claim(row: Mapping[str, Any]) -> float:
    """Confidence of a claim: from its figure, period, the one who states it and the area."""
    score = 0.35
    score += 0.2 if row.get("value_best") is not None else 0.0
    score += 0.15 if row.get("period_start") else 0.0
    score += 0.15 if row.get("monitor") else 0.0
    score += 0.1 if row.get("area") else 0.0
    return round(score, 2)
