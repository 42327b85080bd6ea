"""Proof that the ledger adds up: every report is in one incident, every incident is what was recorded, tallies are their sums.

What was checked together and has not been written since need not be read again. So a check looks at the files that differ from
those of the last check that found nothing wrong: at their months and years, and at what these share with the rest.
"""

from collections.abc import Collection, Mapping, Set
from itertools import chain
from typing import TypedDict

import polars as pl

from include.aggregate import VERSION, proof
from include.aggregate.coverage import LIVE
from include.aggregate.resolve import Month
from include.clean import STAGE as CLEAN
from include.datasets import batches
from include.datasets.catalogue import (
    ARTICLES,
    CLAIMS,
    COVERAGE,
    DOUBTS,
    INCIDENTS,
    MEMBERSHIPS,
    MONTHLY_TALLIES,
    RECONCILIATION,
    REPORTS,
    REVISIONS,
)  # fmt: skip
from include.datasets.lake import Lake, month_in, year_in
from include.datasets.schema import Dataset
from include.extract import STAGE as EXTRACT

RECORD = batches.record_path("check", "lake")

_GIVEN = ((CLEAN, ARTICLES), (EXTRACT, REPORTS), (EXTRACT, CLAIMS))
_LEDGER = (MEMBERSHIPS, INCIDENTS, REVISIONS, COVERAGE, MONTHLY_TALLIES, RECONCILIATION, DOUBTS)
_SHOWN = 20


class CheckResult(TypedDict):
    """What was looked at: how many reports, incidents and months that have some, rows of tallies, and claims."""

    reports: int
    incidents: int
    months: int
    tallies: int
    claims: int


class CheckFailed(Exception):
    """The lake does not add up. `problems` names for each finding the dataset, file and row, what was expected and found."""

    def __init__(self, problems: list[str]):
        self.problems = problems
        more = f"\n  and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
        super().__init__(
            f"{len(problems)} values do not add up:\n  "
            + "\n  ".join(problems[:_SHOWN])
            + more
            + "\nIf reports arrived or files were changed since the last aggregation, aggregate again (python -m include "
            "aggregate); a file that was changed by hand must be deleted first."
        )


def check(lake: Lake, whole: bool = False) -> CheckResult:
    """Check reports, memberships, incidents, revisions, tallies, coverage and reconciliation against each other, and say how
    much was looked at: what differs from the last check that found nothing wrong, or everything if there was none or `whole`.

    Everything takes about 7 seconds for a million reports. Raises CheckFailed, with all that is wrong.
    """
    record = lake.read_json(RECORD) or {}
    known = {} if whole or record.get("version") != VERSION else record
    files = _hashes(lake)
    checked = _Check(lake, {path for path, _ in known.get("files", {}).items() ^ files.items()})
    result = CheckResult(**checked.months(known.get("rows", {})), **checked.years(), **checked.claims())
    checked.coverage()
    if checked.problems:
        raise CheckFailed(checked.problems)
    now = {"version": VERSION, "files": files, "rows": checked.rows}
    if record != now:
        lake.write_json(RECORD, now)
    return result


def _hashes(lake: Lake) -> dict[str, str]:
    """The hashes of all files that are checked; of what the ledger is made from, those that the records of its batches tell."""
    given = [batches.hashes(lake, stage, dataset) for stage, dataset in _GIVEN]
    return dict(chain(*(hashes.items() for hashes in (*given, *map(lake.hashes, _LEDGER)))))


class _Check:
    """What is wrong with some files, those that were written or went since the last check, and with what rests on them."""

    def __init__(self, lake: Lake, changed: Set[str]):
        self._lake = lake
        self._changed = changed
        self._ids = self._read(INCIDENTS, ["incident_id"])
        self.problems: list[str] = []
        self.rows: dict[str, int] = {}
        """How many rows each file of reports has."""

    def months(self, rows: Mapping[str, int]) -> dict[str, int]:
        """Reports and incidents of the months that changed, or whose reports did. `rows` are those of the last check."""
        members = self._read(MEMBERSHIPS, ["report_id", "incident_id", "year", "month", "file", "other_files"])
        naming = self._reports(members, rows)
        months = {month_in(path) for path in self._of(MEMBERSHIPS, INCIDENTS, REVISIONS)} | _months(naming)
        these = pl.DataFrame(sorted(months), {"year": pl.Int32, "month": pl.Int32}, orient="row")
        here = members.join(these, on=["year", "month"], how="semi")
        columns = ["incident_id", "date_start", "n_reports", "report_ids", "year", "month"]
        incidents = self._read(INCIDENTS, columns, {p for p in self._lake.files(INCIDENTS) if month_in(p) in months})
        self.problems += [
            *proof.once(self._ids.join(incidents, on="incident_id", how="semi"), INCIDENTS.name, "incident_id"),
            *proof.once(members.join(here, on="report_id", how="semi"), MEMBERSHIPS.name, "report_id"),
            *proof.months(incidents),
            *proof.rests(self._read(REPORTS, ["report_id", "article_id"], {*here["file"]}), here, incidents),
        ]
        return {"reports": here["report_id"].n_unique(), "incidents": len(incidents), "months": len(_months(incidents))}

    def years(self) -> dict[str, int]:
        """Tallies of the years in which they or their incidents changed, with what is in doubt; where nothing is wrong so far,
        the revisions of the months that changed.
        """
        changed, found = {month_in(path) for path in self._of(INCIDENTS, REVISIONS)}, 0
        for year in sorted({year_in(path) for path in self._of(INCIDENTS, REVISIONS, MONTHLY_TALLIES)}):
            incidents, tallies = (self._read(d, None, self._lake.files(d, year=year)) for d in (INCIDENTS, MONTHLY_TALLIES))
            self.problems += [*proof.sums(incidents, tallies), *proof.sides(tallies)]
            # An incident that is wrong is not as it was recorded either: once is enough.
            if not self.problems:
                months = {month for of_year, month in changed if of_year == year}
                revised = {path for path in self._lake.files(REVISIONS, year=year) if month_in(path) in changed}
                of_months = incidents.filter(pl.col("month").is_in(months))
                self.problems += proof.recorded(of_months, self._read(REVISIONS, None, revised))
            found += len(tallies)
        if self._of(DOUBTS, INCIDENTS, MONTHLY_TALLIES):
            tallies = self._read(MONTHLY_TALLIES, [*proof.KEY, *proof.DOUBT])
            self.problems += proof.doubts(self._read(DOUBTS), self._ids, tallies)
        return {"tallies": found}

    def claims(self) -> dict[str, int]:
        """Claims and what is left of them, if any changed, or an incident did."""
        if not self._of(CLAIMS, RECONCILIATION, INCIDENTS):
            return {"claims": 0}
        rows = self._read(RECONCILIATION)
        self.problems += [*proof.quoted(rows, self._read(CLAIMS, ["claim_id"])), *proof.left(rows, self._ids)]
        return {"claims": len(rows)}

    def coverage(self) -> None:
        """Coverage, if it or an article changed."""
        if self._of(COVERAGE, ARTICLES):
            articles = self._lake.frame(ARTICLES, ["article_id", "source", "published_on", "captured_at", "via"])
            articles = articles.filter(LIVE)
            self.problems += proof.coverage(self._read(COVERAGE, ["year", "month", "source", "n_articles"]), articles)

    def _reports(self, members: pl.DataFrame, rows: Mapping[str, int]) -> pl.DataFrame:
        """Reports against memberships, in files of reports that changed or have not as many rows as there are memberships that
        name them, so that no membership is lost unseen. Return those memberships.
        """
        there, changed = set(self._lake.files(REPORTS)), self._of(REPORTS)
        fresh = self._read(REPORTS, ["report_id"], changed)
        self.rows = {path: n for path, n in rows.items() if path in there - changed}
        self.rows |= dict(fresh.group_by("at").len().iter_rows())
        named = pl.concat([members["file"], members["other_files"].explode().drop_nulls()]).value_counts()
        files = changed | {path for path, _ in self.rows.items() ^ dict(named.iter_rows()).items()}
        reports = pl.concat([fresh, self._read(REPORTS, ["report_id"], files - changed)])
        in_others = pl.col("other_files").list.eval(pl.element().is_in(files)).list.any().fill_null(False)
        naming = members.filter(pl.col("file").is_in(files) | in_others)
        self.problems += proof.placed(reports, members.join(reports, on="report_id", how="semi"))
        elsewhere = naming.join(reports, on="report_id", how="anti")
        if len(elsewhere):
            self.problems += proof.known(elsewhere, self._read(REPORTS, ["report_id"]))
        return naming

    def _of(self, *datasets: Dataset) -> set[str]:
        """The changed files of some datasets."""
        names = {dataset.name for dataset in datasets}
        return {path for path in self._changed if path.split("/", 1)[0] in names}

    def _read(self, dataset: Dataset, columns: list[str] | None = None, paths: Collection[str] | None = None) -> pl.DataFrame:
        """Rows of a dataset, of all its files or of those of the paths that are there, each with the file that it is `at` and
        its `row` there (from 0).
        """
        files = [path for path in self._lake.files(dataset) if paths is None or path in paths]
        return self._lake.frame(dataset, columns, files, file="at").with_columns(row=pl.int_range(pl.len()).over("at"))


def _months(rows: pl.DataFrame) -> set[Month]:
    return set(rows.select("year", "month").unique().iter_rows())
