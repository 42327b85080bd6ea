"""Monthly tallies: incidents summed by month, country, governorate, perpetrator and victim class.

The rules are the caveats of the dataset: low sums the lows; best the bests, with the low where an incident has no best; high
the highs, null as soon as one incident that states the measure has no upper bound. A measure that no incident of the group
states is null, not 0.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from include.aggregate.ranges import MEASURES, range_of
from include.aggregate.resolve import month_of
from include.datasets.catalogue import BREAKDOWN

BY = ("country", "admin1", "perpetrator", "victim_class")


def tally(incidents: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows of `monthly_tallies` for rows of `incidents`, with the partition column `year`, in order of their key."""
    groups = defaultdict(list)
    for incident in incidents:
        groups[*month_of(incident), *(incident.get(c) for c in BY)].append(incident)
    in_order = sorted(groups.items(), key=lambda item: tuple((v is not None, "" if v is None else v) for v in item[0]))
    return [dict(zip(("year", "month", *BY), key, strict=True)) | _sums(group) for key, group in in_order]


def _sums(incidents: list[Mapping[str, Any]]) -> dict[str, Any]:
    sums: dict[str, Any] = {"n_incidents": len(incidents)}
    for m in (*MEASURES, *BREAKDOWN):
        stated = [i for i in incidents if range_of(i, m)]
        highs = [i[f"{m}_high"] for i in stated]
        sums[f"{m}_low"] = sum(_first(i[f"{m}_low"], i[f"{m}_best"], 0) for i in stated) if stated else None
        sums[f"{m}_best"] = sum(_first(i[f"{m}_best"], i[f"{m}_low"], 0) for i in stated) if stated else None
        sums[f"{m}_high"] = sum(highs) if stated and None not in highs else None
    return sums | {
        "n_open_ended": sum(any(range_of(i, m) and i[f"{m}_high"] is None for m in MEASURES) for i in incidents),
        "n_weak": sum(i["grading"] == "weak" for i in incidents),
        "n_unlocated": sum(i["latitude"] is None for i in incidents),
        "n_imprecise": sum((i["date_prec"] or 0) >= 3 for i in incidents),
    }


def _first(*values: int | None) -> int:
    return next(v for v in values if v is not None)
