"""Months of incidents in the lake: what the reports of each incident tell, and what of it is new.

A month's input is its file of memberships, which changes with the reports that it names. So a late report, a date that moved, a
decision, a new version or a lost file makes those months pending that it concerns and no other. What changed is recorded in
`revisions` before the incidents are written: a run that is killed between the two has nothing left to record and writes them.
"""

from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

import polars as pl

from include.aggregate import VERSION
from include.aggregate.decisions import read_decisions
from include.aggregate.incident import describe
from include.aggregate.ledger import copies_of
from include.aggregate.memberships import resolved_months
from include.aggregate.reports import DESCRIBED, read_members
from include.aggregate.resolve import Month
from include.aggregate.revisions import record
from include.datasets import batches
from include.datasets.catalogue import INCIDENTS, MEMBERSHIPS
from include.datasets.lake import Lake, month_in
from include.extract import VERSION as EXTRACT_VERSION

STAGE = "aggregate"


def changed_months(lake: Lake, rule: str = "latest_trusted") -> list[Month]:
    """The months to aggregate, as (year, month), sorted; (0, 0) is that of incidents without a date.

    `rule` chooses best (see counts.py). Raises NotResolved if the memberships are not up to date.
    """
    inputs = {name_of(month): sha for month, sha in resolved_months(lake).items()}
    left = {name_of(month_in(path)) for path in lake.files(INCIDENTS)} | batches.records(lake, STAGE).keys()
    inputs = dict.fromkeys(left, "") | inputs
    return [_month_named(name) for name in batches.pending(lake, STAGE, _version(rule), inputs, [INCIDENTS.name])]


def aggregate_month(
    lake: Lake, month: Month, recorded_at: datetime, rule: str = "latest_trusted", mode: str = "range"
) -> dict[str, Any]:
    """Describe one month's incidents, record what changed in them as of the instant `recorded_at`, write them whole, and return
    {"month": list(month), "counts": {...}}.

    A month without incidents any more loses its file. Killed at any point and run again, it leaves the same files.
    """
    partition = dict(zip(("year", "month"), month, strict=True))
    path = lake.path(INCIDENTS, partition, INCIDENTS.name)
    source = resolved_months(lake).get(month, "")
    members = lake.frame(MEMBERSHIPS, paths=[lake.path(MEMBERSHIPS, partition, MEMBERSHIPS.name)] * bool(source))
    incidents = INCIDENTS.table(_describe(read_members(lake, members, DESCRIBED), rule))
    counts = {"incidents": len(incidents), "reports": len(members)}
    name = name_of(month)
    lake.remove(batches.record_path(STAGE, name))
    revisions = record(
        lake,
        month,
        incidents,
        memberships=_all_memberships(lake),
        recorded_at=recorded_at,
        rules=_rules(mode, rule),
        decisions=read_decisions(lake),
    )
    if len(incidents):
        lake.write(INCIDENTS, partition, INCIDENTS.name, incidents)
        batches.finish(lake, STAGE, _version(rule), name, source=source, outputs=[path], counts=counts)
    else:
        lake.remove(path)
    return {"month": list(month), "counts": counts | {"revisions": revisions}}


def name_of(month: Month) -> str:
    """The month as YYYY-MM, 0000-00 for none."""
    return f"{month[0]:04}-{month[1]:02}"


def _describe(reports: pl.DataFrame, rule: str) -> list[dict[str, Any]]:
    rows = _rows(reports.sort("incident_id", "report_id"))
    copies = copies_of(rows)
    return [describe(list(group), copies, rule) for _, group in groupby(rows, itemgetter("incident_id"))]


def _rows(reports: pl.DataFrame) -> list[dict[str, Any]]:
    """As `to_dicts`, in half of its time: column by column, without those that are null throughout."""
    told = [column for column in reports if column.null_count() < len(column)]
    names = [column.name for column in told]
    return [dict(zip(names, values, strict=True)) for values in zip(*(c.to_list() for c in told), strict=True)]


def _all_memberships(lake: Lake) -> pl.LazyFrame:
    """Which incident holds each report, in all months; read only if it is asked for."""
    columns = ["report_id", "incident_id", "year", "month"]
    schema = {c: pl.String if c.endswith("_id") else pl.Int32 for c in columns}
    return pl.defer(lambda: lake.frame(MEMBERSHIPS, columns), schema=schema)


def _rules(mode: str, rule: str) -> str:
    """The rules and settings in force, as `revisions` names them."""
    return f"extract {EXTRACT_VERSION} {mode}, aggregate {_version(rule)}"


def reading_in(rules: str) -> str:
    """By what version and codebook articles were read under some rules: `extract 3 range`."""
    return rules.partition(", ")[0]


def count_rule_in(rules: str) -> str:
    """The rule that chose best under some rules."""
    return rules.rsplit(" ", 1)[-1]


def _version(rule: str) -> str:
    return f"{VERSION} {rule}"


def _month_named(name: str) -> Month:
    year, month = name.split("-")
    return int(year), int(month)
