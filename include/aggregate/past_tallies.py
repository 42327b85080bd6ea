"""The monthly tallies as the ledger told them at an instant.

Figures come from `revisions`, doubts from the decisions made until then over the incidents as they were then, silence from what
was captured until then. Reports are kept as they read today only; so each incident in doubt is made again from its reports,
and where it is not what was recorded then, what was in doubt about it cannot be told any more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

import polars as pl

from include.aggregate.as_of import NEEDED, as_of, read
from include.aggregate.cover import coverage_as_of
from include.aggregate.coverage import silent_in
from include.aggregate.decisions import Decision, read_decisions
from include.aggregate.doubts import doubts, in_doubt, open_questions, tally_doubts
from include.aggregate.incident import describe
from include.aggregate.ledger import copies_of, members_as_of
from include.aggregate.months import count_rule_in, reading_in
from include.aggregate.tallies import COLUMNS, KEY, tally_frame
from include.datasets.catalogue import INCIDENTS
from include.datasets.lake import Lake

_DOUBT = ["n_in_doubt", *(f"{m}_doubt_{bound}" for m in ("killed", "injured") for bound in ("low", "high"))]


@dataclass(frozen=True)
class PastTallies:
    """What the ledger said."""

    tallies: pl.DataFrame
    """The rows of `monthly_tallies`, with `year`. The columns of doubt are null in rows whose doubts cannot be told."""
    runs: list[datetime]
    """The instants of the runs until then that recorded something."""
    untold: list[str]
    """The ids of decisions that left something open then of which the effect cannot be told any more."""
    read_anew: tuple[str, str] | None
    """By what version the articles were read then and now, where silence is told by today's reading; null: the same."""


def tallies_as_of(lake: Lake, instant: datetime) -> PastTallies:
    """The tallies as of an instant. Raises LookupError if nothing was recorded by then."""
    log = [d for d in read_decisions(lake) if d["decided_at"] <= instant]
    columns = {*NEEDED, *COLUMNS, "rules", *(["report_ids"] if in_doubt(log) else [])}
    revisions = read(lake, columns=sorted(columns))
    runs = revisions["recorded_at"].unique().sort().to_list()
    if not runs:
        raise LookupError(f"the ledger in the lake {lake.url} has recorded nothing yet; see: python -m include aggregate")
    before = [run for run in runs if run <= instant]
    if not before:
        raise LookupError(f"the ledger in the lake {lake.url} knows nothing before its first run, of {minute(runs[0])}")
    then, now = (revisions.filter(pl.col("recorded_at") == run)["rules"].max() for run in (before[-1], runs[-1]))
    stood = as_of(revisions, instant)
    effects, untold, keys = _doubts(lake, stood, log, instant, count_rule_in(then))
    tallies = tally_frame(stood, effects, silent_in(coverage_as_of(lake, instant)))
    readings = reading_in(then), reading_in(now)
    return PastTallies(_without_doubt(tallies, keys), before, untold, readings if readings[0] != readings[1] else None)


def minute(instant: datetime) -> str:
    """An instant as people write it."""
    return f"{instant:%Y-%m-%d %H:%M} UTC"


def _doubts(
    lake: Lake, stood: pl.DataFrame, log: Sequence[Decision], instant: datetime, rule: str
) -> tuple[dict[tuple, dict[str, int]], list[str], pl.DataFrame]:
    """What was in doubt, by key; the decisions of which that cannot be told, and the keys of the rows that these concern."""
    if not (named := in_doubt(log)):
        return {}, [], stood.select(KEY).clear()
    in_question = pl.col("report_ids").list.eval(pl.element().is_in(named)).list.any()
    held = stood.filter(in_question).select(*NEEDED, report_id="report_ids").explode("report_id")
    incident_of = dict(held.select("report_id", "incident_id").iter_rows())
    members = members_as_of(lake, incident_of, instant)
    lost = _not_as_recorded(lake, held, members, rule)
    asked = {q.decision["decision_id"]: _incidents(q.decision, incident_of) for q in open_questions(log)}
    while more := {i for ids in asked.values() if ids & lost for i in ids} - lost:
        lost |= more
    told = [row for row in members if row["incident_id"] not in lost]
    incident_of = {row["report_id"]: row["incident_id"] for row in told}
    rows = doubts(log, told, incident_of, copies_of(told), rule)
    untold = [i for i, ids in asked.items() if ids & lost]
    return tally_doubts(rows), untold, stood.filter(pl.col("incident_id").is_in(lost)).select(KEY)


def _incidents(d: Decision, incident_of: Mapping[str, str]) -> set[str]:
    return {incident_of[r] for r in (*d["reports_a"], *d["reports_b"]) if r in incident_of}


def _not_as_recorded(lake: Lake, held: pl.DataFrame, members: Sequence[Mapping[str, Any]], rule: str) -> set[str]:
    """The incidents that their reports, as they read today, do not give as they were recorded."""
    months = held.select("year", "month").unique().rows()
    recorded = read(lake, months).join(held.select(NEEDED).unique(), on=NEEDED, how="semi")
    names = INCIDENTS.schema.names
    wanted = {row["incident_id"]: {c: row[c] for c in names} for row in recorded.to_dicts()}
    copies = copies_of(members)
    by_incident = groupby(sorted(members, key=itemgetter("incident_id")), itemgetter("incident_id"))
    made = pl.DataFrame(INCIDENTS.table([describe(list(of_it), copies, rule) for _, of_it in by_incident])).to_dicts()
    return wanted.keys() - {row["incident_id"] for row in made if row == wanted.get(row["incident_id"])}


def _without_doubt(tallies: pl.DataFrame, keys: pl.DataFrame) -> pl.DataFrame:
    known = pl.col("known").is_null()
    marked = tallies.join(keys.unique().with_columns(known=pl.lit(value=True)), on=KEY, how="left", nulls_equal=True)
    return marked.with_columns(pl.when(known).then(pl.col(_DOUBT)).name.keep()).drop("known").sort(KEY)
