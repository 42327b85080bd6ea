"""How much a month still grows: its killed as the ledger knew them at certain ages of the month, and the usual growth between.

The usual growth is reckoned as actuaries reckon claims that are reported late (the chain ladder): for each step from one age to
the next, the median over the months that have been through it; what is still to come is the product of the steps ahead. So a
month counts for the steps that lie behind it, and does not pass for grown up in those that lie ahead.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

import polars as pl

from include.aggregate.as_of import NEEDED

AGES = (0, 7, 30, 90, 180, 365)
"""Days after the end of the month."""

COLUMNS = [*NEEDED, "killed_low", "killed_best"]
"""What of `revisions` is needed."""


def growth(revisions: pl.DataFrame, now: datetime) -> list[dict[str, Any]]:
    """For each month, in order, its killed (best, else low) as the ledger said at each age and says `now`.

    Rows have year, month, `after_<days>` for each of AGES, `now`. Null: the ledger had recorded nothing at all by then, or that
    age is still to come. 0: by then it knew of nobody. Incidents without a date are left out.
    """
    dated = revisions.filter(pl.col("year") > 0)
    began = revisions["recorded_at"].min()
    months = dated.select("year", "month").unique().sort("year", "month")
    following = pl.datetime("year", "month", 1, time_zone="UTC").dt.offset_by("1mo")
    ends = {f"after_{days}": following + timedelta(days=days) for days in AGES} | {"now": pl.lit(now)}
    for name, instant in ends.items():
        at = months.select("year", "month", instant=instant)
        recorded = dated.join(at, on=["year", "month"]).filter(pl.col("recorded_at") <= pl.col("instant")).sort("revision")
        last = recorded.unique(["year", "month", "incident_id"], keep="last")
        killed = pl.coalesce("killed_best", "killed_low").filter(pl.col("change") != "removed").sum()
        known = last.group_by("year", "month").agg(killed=killed)
        asked = pl.col("instant").is_between(began, now)
        at = at.join(known, on=["year", "month"], how="left").sort("year", "month")
        months = months.with_columns(at.select(pl.when(asked).then(pl.col("killed").fill_null(0)).alias(name)))
    return months.to_dicts()


def steps(months: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The usual growth from each age to the next, out of the rows of :func:`growth`.

    Rows have `after` and `until` (days), `n_months` (those known at both ages, with somebody killed at the first), `growth`
    (the median of their killed at the second by those at the first; null: no month) and `to_come` (the product of this step
    and all ahead: how many times as many killed the last age will know; null: a step lacks months).
    """
    months = list(months)
    rows: list[dict[str, Any]] = []
    to_come: float | None = 1.0
    for after, until in reversed(list(pairwise(AGES))):
        both = [(m[f"after_{after}"], m[f"after_{until}"]) for m in months]
        ratios = [then / before for before, then in both if before and then is not None]
        usual = median(ratios) if ratios else None
        to_come = to_come * usual if None not in (to_come, usual) else None
        rows.insert(0, {"after": after, "until": until, "n_months": len(ratios), "growth": usual, "to_come": to_come})
    return rows
