"""Rows of the dataset `reconciliation`."""

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from include.aggregate.origins import outlet_of
from include.aggregate.reconcile.arithmetic import bounds, checked, counts_own
from include.aggregate.reconcile.note import note
from include.aggregate.reconcile.rules import rules
from include.aggregate.reconcile.scope import Explained, Ledger
from include.aggregate.reconcile.statements import ALL, Claim, Statement, statements
from include.datasets.catalogue import RECONCILIATION


@dataclass(frozen=True, slots=True)
class _Gap:
    """A range less another. A bound that one of them leaves open is None."""

    low: int | None
    high: int | None


def reconcile(
    claims: Iterable[Claim], incidents: pl.DataFrame, begins: Mapping[str, date] | None = None, year: int | None = None
) -> list[dict[str, Any]]:
    """The rows of `reconciliation` for rows of `claims` and a frame of `incidents`, with the partition column `year`.

    `begins` gives for each country of the ledger the first day that it can know of: what began before, or is elsewhere, cannot
    be held against it. With `year`, only the rows of that year; the claims of other years are needed for the series. A pure
    function; no order matters.
    """
    claims = list(claims)
    everything = statements(claims)
    series = [same for same in everything if year is None or any(one.year == year for one in same)]
    parts: dict[str, list[Claim]] = defaultdict(list)
    for claim in sorted(claims, key=lambda c: c["claim_id"]):
        if claim.get("part_of"):
            parts[claim["part_of"]].append(claim)
    measures = {one.victims.measure for same in series for one in same} - {None}
    ledger = Ledger(incidents, measures)
    rows = [row for same in series for row in _of_series(same, ledger, parts, begins, year)]
    standing = {claim["claim_id"]: one.claim["claim_id"] for same in everything for one in same for claim in one.claims}
    for row in rows:
        row["part_of"] = standing.get(row["part_of"] or "")
    whole = [RECONCILIATION.whole(row) | {"year": row["year"]} for row in rows]
    return sorted(whole, key=lambda r: (r["year"], r["claim_id"]))


def _of_series(
    series: Sequence[Statement],
    ledger: Ledger,
    parts: dict[str, list[Claim]],
    begins: Mapping[str, date] | None,
    year: int | None,
) -> Iterator[dict[str, Any]]:
    for at, one in enumerate(series):
        if year in (None, one.year):
            own_too = counts_own(one, parts)
            row = _stated(one) | _compared(one, ledger.explain(one, own_too=own_too), ledger, begins, _superseding(one, series))
            row |= _grown(one, series[at - 1] if at else None, ledger, own_too, begins)
            row |= _added_up(one, parts)
            yield row | {"year": one.year, "note": note(row)}


def _stated(one: Statement) -> dict[str, Any]:
    claim = one.claim
    copied = ("claim_type", "value_low", "value_best", "value_high", "measure", "victims", "url", "admin1", "part_of")
    return {c: claim.get(c) for c in copied} | {
        "claim_id": claim["claim_id"],
        "claim_ids": [c["claim_id"] for c in one.claims],
        "n_outlets": len({outlet_of(c) for c in one.claims}),
        "series_id": one.series,
        "monitor": one.monitor,
        "victim_classes": None if one.victims.classes == ALL else sorted(one.victims.classes),
        "perpetrator": one.perpetrator,
        "area": one.area.name,
        "country": one.area.country,
        "period_start": one.start,
        "period_end": one.end,
        "as_of_start": one.first,
        "as_of": one.last,
    }


def _compared(
    one: Statement, explained: Explained | None, ledger: Ledger, begins: Mapping[str, date] | None, later: Statement | None
) -> dict[str, Any]:
    gap = _less(bounds(one.claim), explained)
    reason = _mismatch(one, begins)
    over, under = gap.high is not None and gap.high < 0, gap.low is not None and gap.low > 0
    if later is not None:
        status = "superseded"
    elif reason and not (over and reason == "period_before_ledger"):
        status = "scope_mismatch"
    else:
        status = "over" if over else "under" if under else "consistent"
    best = one.value[1]
    row = {
        "residual_low": gap.low,
        "residual": None if explained is None or best is None else best - explained.best,
        "residual_high": gap.high,
        "status": status,
        "reason": reason,
        "superseded_by": later.claim["claim_id"] if later else None,
    }
    if explained is None:
        return row
    return row | {
        "explained_low": explained.low,
        "explained_best": explained.best,
        "explained_high": explained.high,
        "n_certain": len(explained.certain),
        "n_possible": len(explained.possible),
        "incidents_certain": _listed(explained.certain, ledger),
        "incidents_possible": _listed(explained.possible, ledger),
    }


def _mismatch(one: Statement, begins: Mapping[str, date] | None) -> str | None:
    """Why a statement cannot be held against the ledger."""
    if one.victims.measure is None:
        return "victims_not_counted_apart"
    if not one.area.known:
        return "area_unknown"
    if one.start is None or one.end is None:
        return "period_unknown"
    if begins is None:
        return None
    if one.area.country not in begins:
        return "country_not_covered"
    return "period_before_ledger" if one.start < begins[one.area.country] else None


def _superseding(one: Statement, series: Sequence[Statement]) -> Statement | None:
    """The last statement of the series, if the monitor gave it later for the same period or a running total's longer one."""

    def replaces(later: Statement) -> bool:
        if one.last is None or later.last is None or later.last <= one.last or one.end is None or later.end is None:
            return False
        return later.end == one.end or (one.running and later.end > one.end)

    return next((later for later in reversed(series) if replaces(later)), None)


def _grown(
    one: Statement, before: Statement | None, ledger: Ledger, own_too: bool, begins: Mapping[str, date]
) -> dict[str, Any]:
    """How the figure changed since the monitor's last one, and what the ledger has for that."""
    if before is None:
        return {}
    (low, high), (low_before, high_before) = bounds(one.claim), bounds(before.claim)
    delta = _Gap(
        None if math.isinf(high_before) else low - int(high_before), None if math.isinf(high) else int(high) - low_before
    )
    row = {"previous": before.claim["claim_id"], "delta_low": delta.low, "delta_high": delta.high}
    since = ledger.explain(one, own_too=own_too, since=before)
    if since is not None:
        row |= {"since_low": since.low, "since_best": since.best, "since_high": since.high}
    if delta.high is not None and delta.high < 0:
        return row | {"growth": "fell"}
    known = begins is None or (before.first is not None and before.first >= begins.get(one.area.country or "", date.max))
    if since is None or not known or not one.area.known:
        return row | {"growth": "not_comparable"}
    if delta.high is not None and delta.high < since.low:
        return row | {"growth": "less_than_found"}
    more = delta.low is not None and since.high is not None and delta.low > since.high
    return row | {"growth": "more_than_found" if more else "fits"}


def _added_up(one: Statement, parts: dict[str, list[Claim]]) -> dict[str, Any]:
    found = checked(one, parts)
    if found is None:
        return {"arithmetic": "not_checkable"}
    columns = {"parts_by": found.by, "parts_low": found.low, "parts_best": found.best, "parts_high": found.high}
    return {"arithmetic": found.result} | columns


def _less(value: tuple[int, float], explained: Explained | None) -> _Gap:
    """What a figure leaves when what is explained is taken from it."""
    if explained is None:
        return _Gap(None, None)
    low, high = value
    return _Gap(
        None if explained.high is None else low - explained.high, None if math.isinf(high) else int(high) - explained.low
    )


def _listed(numbers: Sequence[int], ledger: Ledger) -> list[str] | None:
    return ledger.ids(numbers) if len(numbers) <= rules().longest_list else None
