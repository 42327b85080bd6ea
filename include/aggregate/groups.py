"""The sides of an incident's victims, out of those that its reports tell.

They are never added up or blended between reports, so that nobody is in two of them: for each measure one report gives them,
the one whose count is the incident's best; of several the one that names the side of most people, then the latest published.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from include.aggregate.ranges import MEASURES

Row = Mapping[str, Any]

_STATED = {stem: tuple(f"{stem}_{b}" for b in ("low", "best", "high")) for m in MEASURES for stem in (m, f"attackers_{m}")}
"""The columns of each count that groups split."""


def incident_groups(reports: Sequence[Row], incident: Row) -> list[dict[str, Any]]:
    """The groups of an incident with these counts; those of the attackers' own, kept apart from the counts, come last."""
    told: dict[str, list[tuple[tuple, list[dict[str, Any]]]]] = {}
    for report in reports:
        for stem, groups in _by_count(report).items():
            known = sum(g["best"] or g["low"] or 0 for g in groups if g["victim_class"] not in ("unknown", "mixed"))
            is_best = report.get(f"{stem}_best") == incident.get(f"{stem}_best")
            told.setdefault(stem, []).append(((is_best, known, report.get("published_on") or date.min), groups))
    counted = [m for m in MEASURES if m in told and _is_stated(incident, m)]
    apart = [stem for m in MEASURES if (stem := f"attackers_{m}") in told]
    return [group for stem in (*counted, *apart) for group in max(told[stem], key=lambda item: item[0])[1]]


def _by_count(report: Row) -> dict[str, list[dict[str, Any]]]:
    """The report's groups by the count that they split: a measure, or the attackers' own where these are kept apart from it."""
    split: dict[str, list[dict[str, Any]]] = {}
    for group in report.get("groups") or ():
        apart = f"attackers_{group['measure']}"
        stem = apart if group["attackers"] and _is_stated(report, apart) else group["measure"]
        split.setdefault(stem, []).append(group)
    return split


def _is_stated(row: Row, stem: str) -> bool:
    return any(row.get(column) is not None for column in _STATED[stem])
