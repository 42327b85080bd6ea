"""What changed in the incidents of a month, when, and because of what: the rows of `revisions`.

The state before is what the month's own revisions say, never the file of incidents. So a file that was deleted by hand makes no
revision, and a run that was killed after it recorded them finds nothing more to record.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import polars as pl
import pyarrow as pa

from include.aggregate.as_of import as_of, read
from include.aggregate.decisions import naming, standing
from include.aggregate.resolve import Month
from include.datasets.catalogue import INCIDENTS, REVISIONS
from include.datasets.lake import Lake, month_in
from include.datasets.schema import UNDATED

_COLUMNS = [c.name for c in INCIDENTS.columns]
_TYPES = pl.DataFrame(REVISIONS.schema.empty_table()).schema
_NO_IDS = pl.lit([], dtype=pl.List(pl.String))


def record(
    lake: Lake,
    month: Month,
    incidents: pa.Table | pl.DataFrame,
    *,
    memberships: pl.DataFrame | pl.LazyFrame,
    recorded_at: datetime,
    rules: str,
    decisions: Collection[Mapping[str, Any]] = (),
) -> int:
    """Record what sets the incidents of one month apart from its last revisions; return the number of rows written.

    `incidents` are all that are in the month now; the others are as in :func:`diff`. Nothing is written where nothing changed.
    A file is named by the number of the month's revision, so that of two runs that race one wins.
    """
    before = read(lake, [month])
    rows = diff(
        before,
        pl.DataFrame(incidents),
        memberships=memberships,
        recorded_at=recorded_at,
        rules=rules,
        decisions=decisions,
    )
    if len(rows):
        number = rows["revision"][0]
        lake.write(REVISIONS, {"year": month[0], "month": month[1]}, f"{number:05}", rows.to_arrow())
    return len(rows)


def run_instant(lake: Lake, now: datetime) -> datetime:
    """The instant under which a run that starts `now` records: never before that of an earlier run, whatever the clock says."""
    newest = {month_in(path): path for path in lake.files(REVISIONS)}
    recorded = lake.frame(REVISIONS, ["recorded_at"], [*newest.values()])["recorded_at"].max()
    return max(now, recorded or now)


def diff(
    before: pl.DataFrame,
    after: pl.DataFrame,
    *,
    memberships: pl.DataFrame | pl.LazyFrame,
    recorded_at: datetime,
    rules: str,
    decisions: Collection[Mapping[str, Any]] = (),
) -> pl.DataFrame:
    """The revisions that lead from `before`, all revisions of one event month, to `after`, its incidents now.

    `memberships` says which incident holds each report now, in all months (report_id, incident_id, year, month); it is looked
    at only for incidents that left the month. `rules` names the rules and settings in force, `decisions` is the log.
    `recorded_at`, an aware instant, gives way to the month's last one if that is later. No rows where nothing changed.
    """
    last = before["recorded_at"].max()
    were = (before if last is None else as_of(before, last)).select(*_COLUMNS, had="report_ids", by="rules")
    are = after.select(pl.col(name).cast(_TYPES[name]) for name in _COLUMNS).with_columns(has="report_ids")
    rows = pl.concat(
        [
            are.join(were, on="incident_id", how="anti").with_columns(change=pl.lit("added")),
            _changed(were, are),
            _removed(were.join(are, on="incident_id", how="anti"), memberships),
        ],
        how="diagonal",
    )
    told = {
        "revision": (before["revision"].max() or 0) + 1,
        "recorded_at": max(recorded_at, last or recorded_at),
        "rules": rules,
    }
    rows = rows.join(_because(rows, rules, _naming(decisions, last)), on="incident_id", how="left")
    rows = rows.with_columns(pl.lit(value, _TYPES[name]).alias(name) for name, value in told.items())
    return rows.select(_TYPES.names()).sort("incident_id")


def _changed(were: pl.DataFrame, are: pl.DataFrame) -> pl.DataFrame:
    """The incidents that are in both with another value in some column."""
    both = are.join(were, on="incident_id", suffix=" before")
    differs = (pl.when(pl.col(c).ne_missing(pl.col(f"{c} before"))).then(pl.lit(c)) for c in _COLUMNS[1:])
    both = both.with_columns(change=pl.lit("changed"), changed=pl.concat_list(*differs).list.drop_nulls())
    return both.filter(pl.col("changed").list.len() > 0).select(pl.exclude(r"^.* before$"))


def _removed(gone: pl.DataFrame, memberships: pl.DataFrame | pl.LazyFrame) -> pl.DataFrame:
    """The incidents that left the month, and where to: who holds their founding report now, else the first other one."""
    if gone.is_empty():
        memberships = memberships.clear()
    reports = gone.select("incident_id", report_id="had").explode("report_id", empty_as_null=False)
    ids, held_ids = (gone["incident_id"].implode(), reports["report_id"].implode())
    holds = memberships.lazy().filter(pl.col("incident_id").is_in(ids) | pl.col("report_id").is_in(held_ids)).collect()
    to = reports.join(holds, on="report_id", suffix=" now", maintain_order="left").unique("incident_id", keep="first")
    stays = pl.col("incident_id now") == pl.col("incident_id")
    undated = pl.when(pl.col("year") == 0).then(pl.lit(UNDATED))
    month = undated.otherwise(pl.format("{}-{}", "year", pl.col("month").cast(pl.String).str.zfill(2)))
    to = to.select(
        "incident_id",
        moved_to=pl.when(stays).then(month),
        merged_into=pl.when(~stays).then(pl.col("incident_id now")),
    )
    has = holds.group_by("incident_id").agg(has="report_id")
    return (
        gone.with_columns(change=pl.lit("removed"))
        .join(to, on="incident_id", how="left")
        .join(has, on="incident_id", how="left")
    )


def _because(rows: pl.DataFrame, rules: str, decisions: Mapping[str, Collection[str]]) -> pl.DataFrame:
    """For each row its causes, as `because` holds them."""
    had, has = (rows.select("incident_id", id=c).explode("id", empty_as_null=False).drop_nulls() for c in ("had", "has"))
    joined, left = (a.join(b, on=["incident_id", "id"], how="anti") for a, b in ((has, had), (had, has)))
    named = [(report, decision) for report, ids in decisions.items() for decision in ids]
    named = pl.DataFrame(named, {"id": pl.String, "decision": pl.String}, orient="row")
    causes = {
        "report_joined": joined,
        "report_left": left,
        "decision": pl.concat([joined, left]).join(named, on="id").select("incident_id", id="decision"),
        "rules": rows.filter(pl.col("by") != rules).select("incident_id", id=pl.lit(rules)),
    }
    told = [frame.select("incident_id", "id", kind=pl.lit(kind)).unique().sort("id") for kind, frame in causes.items()]
    return pl.concat(told).group_by("incident_id", maintain_order=True).agg(because=pl.struct("kind", "id"))


def _naming(decisions: Collection[Mapping[str, Any]], since: datetime | None) -> dict[str, list[str]]:
    """By report the decisions on it that stand, and those that were withdrawn since."""
    telling = {d["decision_id"] for d in standing(decisions) if d["verdict"] != "unsure"}
    telling |= {
        d["decision_id"] for d in decisions if d["verdict"] == "withdrawn" and (since is None or d["decided_at"] > since)
    }
    return {report: [i for i in ids if i in telling] for report, ids in naming(decisions).items()}
