"""The ledger as it is: which reports are in which incident, looked up by either."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any

import polars as pl

from include.aggregate.reports import read_captures, read_members, standing
from include.datasets.catalogue import MEMBERSHIPS, REPORTS
from include.datasets.lake import Lake

_COLUMNS = ["report_id", "incident_id", "recorded_at", "copy", "copied_on", "syndicated_from", "flags", "file"]


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
        copy, copied_on, syndicated_from and flags.
        """
        incidents = set(self.incident_of(set(reports)).values())
        return self.rows(self._members.filter(pl.col("incident_id").is_in(incidents))["report_id"])

    def rows(self, reports: Iterable[str]) -> list[dict[str, Any]]:
        """The rows of these reports, as :meth:`members` gives them, the earliest recorded first."""
        rows = read_members(self.lake, self._members.filter(pl.col("report_id").is_in(set(reports))))
        return rows.sort("recorded_at", "report_id", nulls_last=True).to_dicts()


def members_as_of(lake: Lake, incident_of: Mapping[str, str], instant: datetime) -> list[dict[str, Any]]:
    """The rows of some reports by what was captured until an instant, in the incidents that they were in then, with the columns
    of :meth:`Ledger.members`; without those that are gone since.
    """
    there = pl.col("report_id").is_in(list(incident_of))
    members = lake.frame(MEMBERSHIPS, [*_COLUMNS, "other_files"], where=there)
    files = {*members["file"], *members["other_files"].explode().drop_nulls()} & set(lake.files(REPORTS))
    captures = read_captures(lake, sorted(files), incident_of)
    known = standing(captures.filter((pl.col("recorded_at") <= instant).fill_null(True)))
    members = members.drop("file").join(known.select("report_id", "file"), on="report_id")
    return read_members(
        lake, members.with_columns(pl.col("report_id").replace_strict(incident_of).alias("incident_id"))
    ).to_dicts()


def copies_of(members: Iterable[dict[str, Any]]) -> dict[str, str]:
    """The groups of near-duplicate texts by article, as `resolve` takes them."""
    return {row["article_id"]: row["copy"] for row in members if row.get("copy")}
