"""The sides of an incident's victims, out of those that its reports tell.

They are never added up or blended between reports, so that nobody is in two of them: for each measure one report gives them,
the one whose count is the incident's best; of several the one that names the side of most people, then the latest published.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from include.aggregate.ranges import MEASURES, range_of

Row = Mapping[str, Any]


def incident_groups(reports: Sequence[Row], incident: Row) -> list[dict[str, Any]]:
    """The groups of an incident with these counts; those of the attackers' own, kept apart from the counts, come last."""
    victims = [g for m in MEASURES if range_of(incident, m) for g in _chosen(reports, m, incident[f"{m}_best"], apart=False)]
    attackers = [g for m in MEASURES for g in _chosen(reports, m, incident.get(f"attackers_{m}_best"), apart=True)]
    return victims + attackers


def _chosen(reports: Iterable[Row], measure: str, best: int | None, *, apart: bool) -> list[dict[str, Any]]:
    told = [(r, groups) for r in reports if (groups := _groups(r, measure, apart))]
    stem = f"attackers_{measure}" if apart else measure

    def rank(item: tuple[Row, list[dict[str, Any]]]) -> tuple:
        report, groups = item
        known = sum(g["best"] or g["low"] or 0 for g in groups if g["victim_class"] not in ("unknown", "mixed"))
        return report.get(f"{stem}_best") == best, known, report.get("published_on") or date.min

    return max(told, key=rank)[1] if told else []


def _groups(report: Row, measure: str, apart: bool) -> list[dict[str, Any]]:
    """The groups that make up the count, or those that are kept apart from it: the attackers' own beside other victims."""
    kept_apart = range_of(report, f"attackers_{measure}") is not None
    return [g for g in report.get("groups") or () if g["measure"] == measure and (g["attackers"] and kept_apart) == apart]
