"""The life of an incident, out of its revisions: what it was, what it became, and because of what."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from include.aggregate.as_of import NEEDED, current_ids, read
from include.aggregate.resolve import month_of as incident_month
from include.datasets.catalogue import INCIDENTS, MEMBERSHIPS, REPORTS
from include.datasets.ids import matching
from include.datasets.lake import Lake, partition_of
from include.datasets.schema import UNDATED, month_of

_COLUMNS = [c.name for c in INCIDENTS.columns]


@dataclass(frozen=True)
class Event:
    """What one run changed in an incident."""

    recorded_at: datetime
    change: str
    """added, changed, merged, removed, or returned: added again."""
    incident: Mapping[str, Any]
    """The incident as it became; merged or removed, as it was last."""
    before: Mapping[str, Any] | None
    """The incident as it was; None: there was none yet."""
    decisions: tuple[str, ...]
    """The ids of the decisions that took effect."""
    rules: str | None
    """The rules and settings, where they are others than before."""
    merged_into: str | None

    @property
    def stands(self) -> bool:
        """Whether there is such an incident from then on."""
        return self.change not in ("merged", "removed")

    @property
    def joined(self) -> list[str]:
        """The ids of the reports that it rests on and did not before."""
        had = set(self.before["report_ids"]) if self.before else ()
        return [r for r in self.incident["report_ids"] if r not in had] if self.stands else []

    @property
    def left(self) -> list[str]:
        """The ids of the reports that it no longer rests on; none where it went over to another incident as a whole."""
        has = set(self.incident["report_ids"]) if self.stands else ()
        return [r for r in self.before["report_ids"] if r not in has] if self.before and not self.merged_into else []

    @property
    def changed(self) -> dict[str, tuple[Any, Any]]:
        """The columns that have another value than before: the value before and the new one."""
        return {c: (self.before[c], v) for c, v in self.incident.items() if self.before and self.before[c] != v}


def find(lake: Lake, text: str) -> tuple[str, str | None]:
    """The id of the incident that `text` begins, and the id of the one that holds its founding report now (None: none does).

    Raises LookupError, with the nearest ids, if there never was such an incident or `text` begins several.
    """
    revisions = read(lake, columns=[*NEEDED, "report_ids"])
    found = matching(text, revisions["incident_id"].unique())
    return found, current_ids(revisions, [found])[found]


def life(lake: Lake, incident_id: str) -> list[Event]:
    """All that ever happened to an incident, in order."""
    of_it = pl.col("incident_id") == incident_id
    months = read(lake, columns=["year", "month", "incident_id"]).filter(of_it).select("year", "month").unique().rows()
    return events(read(lake, months).filter(of_it).iter_rows(named=True))


def events(revisions: Iterable[Mapping[str, Any]]) -> list[Event]:
    """The events that the revisions of one incident make. Going over to another month is a change like any other."""
    # That it left a month for another is told by the row that the other month has.
    rows = sorted((r for r in revisions if r["moved_to"] is None), key=lambda r: (r["recorded_at"], r["revision"]))
    return [_event(before, row) for before, row in zip([None, *rows], rows, strict=False)]


def _event(before: Mapping[str, Any] | None, row: Mapping[str, Any]) -> Event:
    causes = row["because"] or ()
    return Event(
        recorded_at=row["recorded_at"],
        change=_change(before, row),
        incident={c: row[c] for c in _COLUMNS},
        before=before and {c: before[c] for c in _COLUMNS},
        decisions=tuple(c["id"] for c in causes if c["kind"] == "decision"),
        rules=next((c["id"] for c in causes if c["kind"] == "rules"), None),
        merged_into=row["merged_into"],
    )


def _change(before: Mapping[str, Any] | None, row: Mapping[str, Any]) -> str:
    if row["change"] == "removed":
        return "merged" if row["merged_into"] else "removed"
    if before is None:
        return "added"
    return "returned" if before["change"] == "removed" else "changed"


def reports_of(lake: Lake, told: Iterable[Event]) -> dict[str, dict[str, Any]]:
    """The reports that joined or left in some events of one incident, by id; of one captured several times, the last capture.

    Those that it still holds have `score` and `reasons`, by which they belong to it, and `narrowed`.
    """
    told = list(told)
    ids = {report for event in told for report in (*event.joined, *event.left)}
    days = [day for event in told for c in ("first_published_on", "last_published_on") if (day := event.incident[c])]
    months = {UNDATED} | {
        m for p in lake.files(REPORTS) if days and month_of(min(days)) <= (m := _month(p)) <= month_of(max(days))
    }
    columns = ["report_id", "outlet", "published_on", "url", "sentence", "recorded_at"]
    rows = lake.read(REPORTS, columns, [p for p in lake.files(REPORTS) if _month(p) in months])
    rows = pl.DataFrame(rows).filter(pl.col("report_id").is_in(ids)).sort("recorded_at", "sentence")
    rows = rows.join(_belonging(lake, told[-1].incident), on="report_id", how="left", maintain_order="left")
    return {row["report_id"]: row for row in rows.iter_rows(named=True)}


def _belonging(lake: Lake, incident: Mapping[str, Any]) -> pl.DataFrame:
    """By what score and for which reasons each report of an incident that stands belongs to it, and how it was compared."""
    path = lake.path(MEMBERSHIPS, dict(zip(("year", "month"), incident_month(incident), strict=True)), MEMBERSHIPS.name)
    columns = ["report_id", "incident_id", "score", "reasons", "narrowed"]
    held = lake.frame(MEMBERSHIPS, columns, [path] * lake.exists(path))
    return held.filter(pl.col("incident_id") == incident["incident_id"]).drop("incident_id")


def _month(path: str) -> str:
    return partition_of(path)["published_month"]
