"""The memberships in the lake as an index: a few columns of all, to find the reports that a change can reach, and whole rows
of those that are found, read from only the months that hold them.
"""

from collections.abc import Set

import polars as pl

from include.datasets.catalogue import MEMBERSHIPS
from include.datasets.lake import Lake

_TIME_AND_PLACE = ("first_day", "last_day", "country")
_TEXT = ("article_id", "published_on", "sentence_key", "copy", "text_keys")
_COLUMNS = ["report_id", "incident_id", "year", "month", *_TIME_AND_PLACE, *_TEXT, "file", "other_files"]


class StoredMemberships:
    """The memberships as they were when this was made. `index` has columns of all: whose, when, where, and of what text."""

    def __init__(self, lake: Lake):
        self._lake = lake
        self.index = lake.frame(MEMBERSHIPS, _COLUMNS)

    def of(self, reports: Set[str]) -> pl.DataFrame:
        """The whole rows of those of the reports that are there, with year and month."""
        these = pl.col("report_id").is_in(reports)
        months = self.index.filter(these).select("year", "month").unique(maintain_order=True)
        paths = [self._lake.path(MEMBERSHIPS, month, MEMBERSHIPS.name) for month in months.iter_rows(named=True)]
        return self._lake.frame(MEMBERSHIPS, paths=paths, where=these)

    def beside(self, reports: Set[str]) -> set[str]:
        """The reports of all incidents that any of the reports is in."""
        incidents = self.index.filter(pl.col("report_id").is_in(reports))["incident_id"].unique()
        return set(self.index.filter(pl.col("incident_id").is_in(incidents.implode()))["report_id"])

    def in_files(self, files: Set[str]) -> set[str]:
        """The reports that any of the files of reports holds."""
        also = pl.col("other_files").list.eval(pl.element().is_in(files)).list.any()
        return set(self.index.filter(pl.col("file").is_in(files) | also.fill_null(False))["report_id"])
