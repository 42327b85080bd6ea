"""The ledger as it is: which reports are in which incident, looked up by either."""

from collections.abc import Collection, Iterable
from typing import Any

import polars as pl

from include.aggregate.reports import read_members
from include.datasets.catalogue import MEMBERSHIPS
from include.datasets.lake import Lake

_COLUMNS = ["report_id", "incident_id", "recorded_at", "copy", "syndicated_from", "flags", "file"]


class Ledger:
    """The memberships in a lake."""

    def __init__(self, lake: Lake):
        self.lake = lake
        self._members = lake.frame(MEMBERSHIPS, _COLUMNS)

    def ids(self, *columns: str) -> set[str]:
        """The ids in the columns incident_id or report_id."""
        return set().union(*(self._members[column] for column in columns))

    def reports_of(self, incident_id: str) -> list[str]:
        """The reports of an incident, founding report first; none if there is no such incident."""
        of_it = self._members.filter(pl.col("incident_id") == incident_id)
        return of_it.sort("recorded_at", "report_id", nulls_last=True)["report_id"].to_list()

    def incident_of(self, reports: Collection[str]) -> dict[str, str]:
        """The incident of each of the reports that are there."""
        return dict(self._members.filter(pl.col("report_id").is_in(reports)).select("report_id", "incident_id").iter_rows())

    def members(self, reports: Iterable[str]) -> list[dict[str, Any]]:
        """The rows of all reports of the incidents that these reports are in, with what memberships tell of them: incident_id,
        copy, syndicated_from and flags.
        """
        incidents = set(self.incident_of(set(reports)).values())
        return self.rows(self._members.filter(pl.col("incident_id").is_in(incidents))["report_id"])

    def rows(self, reports: Iterable[str]) -> list[dict[str, Any]]:
        """The rows of these reports, as :meth:`members` gives them, the earliest recorded first."""
        rows = read_members(self.lake, self._members.filter(pl.col("report_id").is_in(set(reports))))
        return rows.sort("recorded_at", "report_id", nulls_last=True).to_dicts()


def copies_of(members: Iterable[dict[str, Any]]) -> dict[str, str]:
    """The groups of near-duplicate texts by article, as `resolve` takes them."""
    return {row["article_id"]: row["copy"] for row in members if row["copy"]}
