"""The reports in the lake as the ledger uses them: each once, as its standing capture has it.

A page captured again gives the same report again. Its last capture stands, then the one published last (null is oldest), then
the most confident, then the first in the order of what it says: a rule that does not depend on which file came first. The
report is recorded since the earliest of its captures.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice

import polars as pl

from include.aggregate.match import accounts
from include.datasets.catalogue import REPORTS
from include.datasets.lake import Lake

_UNUSED = {"date_phrase", "date_reason", "victims", "hedge", "attributed_by", "unit", "evidence", "url"}
"""Columns of reports that no incident depends on."""

COLUMNS = [c for c in REPORTS.schema.names if c not in _UNUSED]
"""Columns of reports that linking and describing use."""
DESCRIBED = [c for c in COLUMNS if c != "sentence"]
"""Columns of reports that describing uses."""
_LINKED = [c for c in COLUMNS if c in accounts.COLUMNS or c == "confidence"]
_AT_ONCE = 100
"""Files that are read together."""
_ORDER = {"captured_at": True, "published_on": True, "confidence": True, "digest": False, "file": False}
"""Columns that order the captures of a report, and whether the greatest comes first."""


class ReportsChanged(RuntimeError):
    """Reports are not where the memberships say."""


def read_captures(lake: Lake, paths: Iterable[str], only: Collection[str] | None = None) -> pl.DataFrame:
    """The rows in the files at `paths`, all or those of the reports `only`: what linking reads of them, with their `file` and
    the `digest` of all that they say.
    """
    wanted = None if only is None else pl.col("report_id").is_in(only)
    parts = [
        _digested(lake.frame(REPORTS, COLUMNS, list(some), where=wanted, file="file")) for some in _batched(paths, _AT_ONCE)
    ]
    return pl.concat(parts or [_digested(lake.frame(REPORTS, COLUMNS, [], file="file"))])


def standing(captures: pl.DataFrame) -> pl.DataFrame:
    """The standing capture of each report, with `recorded_at` of the earliest and `other_files`, those of the
    rest (null: there is no other).
    """
    captured_again = captures["report_id"].is_duplicated()
    single = captures.filter(~captured_again) if captured_again.any() else captures
    single = single.with_columns(other_files=pl.lit(None, pl.List(pl.String)))
    several = captures.filter(captured_again)
    ordered = several.sort("report_id", *_ORDER, descending=[False, *_ORDER.values()], nulls_last=True)
    chosen = ordered.unique("report_id", keep="first", maintain_order=True).drop("recorded_at")
    rest = ordered.group_by("report_id").agg(pl.col("recorded_at").min(), other_files=pl.col("file").slice(1).unique().sort())
    return pl.concat([single, chosen.join(rest, on="report_id").select(single.columns)])


def read_members(lake: Lake, members: pl.DataFrame, columns: Sequence[str] = COLUMNS) -> pl.DataFrame:
    """What the reports of some memberships say, in some columns, with what the memberships tell of them: `incident_id`,
    `recorded_at` of the first capture, `copy`, `copied_on`, `syndicated_from` and `flags`. Raises ReportsChanged if one is not
    where it was when it was resolved.
    """
    there = set(lake.files(REPORTS)) & set(members["file"])
    places = members.select("report_id", "file")
    known = members.select("report_id", "incident_id", "recorded_at", "copy", "copied_on", "syndicated_from", "flags")
    of_members = pl.col("report_id").is_in(members["report_id"].implode())
    rows = lake.frame(REPORTS, [*columns], sorted(there), where=of_members, file="file")
    rows = rows.join(places, on=["report_id", "file"], how="semi").drop("recorded_at", "file")
    if len(rows) != len(members):
        missing = members.join(rows, on="report_id", how="anti").sort("report_id").row(0, named=True)
        raise ReportsChanged(
            f"report {missing['report_id']} is not in {missing['file']}, where it was when it was resolved; files of reports "
            "changed since. Aggregate again, from the start"
        )
    return rows.join(known, on="report_id")


def _digested(rows: pl.DataFrame) -> pl.DataFrame:
    said = rows.select(pl.struct(COLUMNS).struct.json_encode()).to_series()
    digests = [hashlib.blake2b(text.encode(), digest_size=8).hexdigest() for text in said]
    return rows.select(*_LINKED, "file", digest=pl.Series(digests, dtype=pl.String))


def _batched(paths: Iterable[str], size: int) -> Iterator[Sequence[str]]:
    rest = iter(paths)
    while some := list(islice(rest, size)):
        yield some
