"""A monitor's own sums: a total against the parts that it is broken down into in the same article."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from include.aggregate.reconcile.area import area_key, area_of
from include.aggregate.reconcile.statements import Claim, Statement, victims_of


@dataclass(frozen=True, slots=True)
class Sum:
    """The parts of a total added up. `by` says what sets them apart: victims, area or period; `high` is None if open."""

    result: str
    by: str
    low: int
    best: int
    high: int | None


def bounds(claim: Claim) -> tuple[int, float]:
    """The least and the most that a claim's figure allows; the most is infinite where it has no upper bound."""
    low, best, high = (claim.get(f"value_{b}") for b in ("low", "best", "high"))
    least = next((v for v in (low, best) if v is not None), 0)
    return least, math.inf if high is None else high


def checked(statement: Statement, parts_of: Mapping[str, Sequence[Claim]]) -> Sum | None:
    """The sum of a statement's parts; None where no article breaks it down.

    Parts by victims, by area and by period are three sums of one total: the first that does not add up is given, or the first.
    """
    for claim in statement.claims:
        sums = list(_sums(claim, parts_of.get(claim["claim_id"], ())))
        if sums:
            return next((s for s in sums if s.result != "ok"), sums[0])
    return None


def counts_own(statement: Statement, parts_of: Mapping[str, Sequence[Claim]]) -> bool:
    """Whether a part of the figure is the perpetrator's own dead or injured."""
    return any(victims_of(part).own for claim in statement.claims for part in parts_of.get(claim["claim_id"], ()))


def _sums(total: Claim, parts: Sequence[Claim]):
    by: dict[str, list[Claim]] = {"victims": [], "area": [], "period": []}
    for part in parts:
        by[_set_apart_by(total, part)].append(part)
    least, most = bounds(total)
    for name, same in by.items():
        if same:
            lows, highs = zip(*map(bounds, same), strict=True)
            low, high = sum(lows), sum(highs)
            best = sum(
                low if part.get("value_best") is None else part["value_best"] for low, part in zip(lows, same, strict=True)
            )
            result = "parts_exceed" if low > most else "parts_short" if high < least else "ok"
            yield Sum(result, name, low, best, None if math.isinf(high) else int(high))


def _set_apart_by(total: Claim, part: Claim) -> str:
    if part.get("area") is not None and area_key(area_of(part)) != area_key(area_of(total)):
        return "area"
    days = ("period_start", "period_end")
    return "period" if any(part.get(d) != total.get(d) for d in days) else "victims"
