"""The note of a reconciliation: in a few words, what an analyst should know of it."""

from collections.abc import Mapping
from typing import Any

REASONS = {
    "victims_not_counted_apart": "the ledger does not count these victims apart",
    "area_unknown": "no gazetteer place for the area",
    "period_unknown": "no period is stated",
    "period_before_ledger": "the period begins before the ledger",
    "country_not_covered": "the ledger has no report on that country",
}
"""Why a claim cannot be held against the ledger, in words."""


def note(row: Mapping[str, Any]) -> str | None:
    """The note for a row of `reconciliation`; None where there is nothing to say."""
    return "; ".join(filter(None, (_status(row), _growth(row), _arithmetic(row)))) or None


def span(low: int | None, high: int | None) -> str:
    """A range in words: `4`, `70-78`, `5 or more`, `any number`."""
    if low == high:
        return "any number" if low is None else f"{low:,}"
    if high is None:
        return f"{low:,} or more"
    return f"{high:,} or fewer" if low is None else f"{low:,}-{high:,}"


def _status(row: Mapping[str, Any]) -> str | None:
    if row["status"] == "scope_mismatch":
        return REASONS[row["reason"]]
    if row["status"] == "under":
        return f"{span(row['residual_low'], row['residual_high'])} not in the ledger"
    if row["status"] == "over":
        more = span(-row["residual_high"], None if row["residual_low"] is None else -row["residual_low"])
        return f"the ledger has {more} more: a duplicate, or another scope"
    if row["status"] == "consistent" and row["residual"]:
        return f"at best {row['explained_best']:,} of {row['value_best']:,}"
    return None


def _growth(row: Mapping[str, Any]) -> str | None:
    growth = row.get("growth")
    delta, since = (span(row.get(f"{c}_low"), row.get(f"{c}_high")) for c in ("delta", "since"))
    if growth == "fell":
        return f"fell by {span(-row['delta_high'], None if row['delta_low'] is None else -row['delta_low'])}"
    if growth == "more_than_found":
        return f"rose by {delta}, of which the ledger found {'none' if since == '0' else since}"
    if growth == "less_than_found":
        return f"rose by {delta}, though the ledger found {since}"
    return None


def _arithmetic(row: Mapping[str, Any]) -> str | None:
    if row.get("arithmetic") in (None, "ok", "not_checkable"):
        return None
    total = span(row["value_low"], row["value_high"])
    return f"its parts make {span(row['parts_low'], row['parts_high'])}, its total says {total}"
