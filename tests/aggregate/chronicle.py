"""A ledger in memory, run after run: the incidents of each run and the revisions that it records."""

from datetime import UTC, datetime, timedelta

import polars as pl

from include.aggregate.resolve import month_of, resolve
from include.aggregate.revisions import diff
from include.datasets.catalogue import INCIDENTS, REVISIONS

START = datetime(2022, 5, 1, 6, tzinfo=UTC)


def at(run):
    """The instant of a run, by its number."""
    return START + timedelta(days=run)


class Chronicle:
    """Runs over sets of reports, and what they recorded."""

    def __init__(self):
        self.months = {}
        self.incidents = []

    def run(self, *reports, rules="1", decisions=(), recorded_at=None, incidents=None):
        """Resolve the reports, record what changed, and return the new revisions."""
        incidents = resolve(reports) if incidents is None else incidents
        recorded_at = recorded_at or at(len(self.incidents))
        self.incidents.append(incidents)
        holds = [
            {"report_id": r, "incident_id": i["incident_id"], "year": month_of(i)[0], "month": month_of(i)[1]}
            for i in incidents
            for r in i["report_ids"]
        ]
        schema = {"report_id": pl.String, "incident_id": pl.String, "year": pl.Int32, "month": pl.Int32}
        new = []
        for month in sorted(self.months.keys() | {month_of(i) for i in incidents}):
            before = self.months.get(month, self.empty())
            rows = diff(
                before,
                pl.DataFrame(INCIDENTS.table(i for i in incidents if month_of(i) == month)),
                memberships=pl.DataFrame(holds, schema),
                recorded_at=recorded_at,
                rules=rules,
                decisions=decisions,
            )
            rows = rows.with_columns(year=pl.lit(month[0], pl.Int32), month=pl.lit(month[1], pl.Int32))
            self.months[month] = pl.concat([before, rows])
            new.append(rows)
        return pl.concat(new) if new else self.empty()

    @property
    def revisions(self):
        """All of them."""
        return pl.concat([self.empty(), *self.months.values()])

    def write(self, lake):
        """Write all revisions into a lake, a file each, as the months' runs do."""
        for (year, month), rows in self.months.items():
            for (number,), of_run in rows.drop("year", "month").group_by("revision"):
                lake.write(REVISIONS, {"year": year, "month": month}, f"{number:05}", of_run.to_arrow())

    @staticmethod
    def empty():
        """No revisions, with the columns that reading them gives."""
        return pl.DataFrame(REVISIONS.schema.empty_table()).with_columns(
            year=pl.lit(None, pl.Int32), month=pl.lit(None, pl.Int32)
        )
