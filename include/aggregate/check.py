"""Proof that the lake adds up: reports are in incidents, incidents in their months and as their revisions tell, tallies the
sums of their incidents, and what is left of a claim is the claim less what its incidents explain.

The sums are made again here from the files, with pandas and none of the code that wrote them, so that one slip cannot hide in
both.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any, TypedDict

import pandas as pd
import polars as pl

from include.datasets.catalogue import BREAKDOWN, INCIDENTS, MONTHLY_TALLIES, RECONCILIATION, REPORTS, REVISIONS
from include.datasets.lake import Lake, partition_of

_MEASURES = ("killed", "injured", "casualties")
_KEY = ["year", "month", "country", "admin1", "perpetrator", "victim_class"]
_BOUNDS = [f"{m}_{b}" for m in _MEASURES for b in ("low", "best", "high")]
_COVERED = ["incidents_certain", "incidents_possible"]
_LEFT = {"residual_low": ("value_low", "explained_high"), "residual_high": ("value_high", "explained_low")}
_CLAIM = [*_COVERED, *_LEFT, *(column for pair in _LEFT.values() for column in pair)]
_SHOWN = 20


class CheckResult(TypedDict):
    """What was checked: the number of reports, incidents, rows of tallies and of claims, and of months that have incidents."""

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


def check(lake: Lake) -> CheckResult:
    """Check incidents against reports and revisions, and monthly tallies against incidents; say how much was checked.

    Raises CheckFailed, with all that is wrong.
    """
    reports = _read(lake, REPORTS, ["report_id", *_BOUNDS])
    incidents = _read(lake, INCIDENTS)
    tallies = _read(lake, MONTHLY_TALLIES)
    claims = _read(lake, RECONCILIATION, ["claim_id", *_CLAIM])
    problems = [
        *_ids(incidents),
        *_months(incidents),
        *_reports(reports, incidents),
        *_sums(incidents, tallies),
        *_left(claims, set(incidents["incident_id"])),
    ]
    # An incident that is wrong is not as it was recorded either: once is enough.
    problems = problems or list(_revisions(lake))
    if problems:
        raise CheckFailed(problems)
    return CheckResult(
        reports=reports["report_id"].nunique(),
        incidents=len(incidents),
        months=len(incidents[["year", "month"]].drop_duplicates()),
        tallies=len(tallies),
        claims=len(claims),
    )


def _read(lake: Lake, dataset, columns: list[str] | None = None) -> pd.DataFrame:
    """All rows of a dataset, each with the file and the number of the row in it (from 0)."""
    frames = [lake.read(dataset, columns, paths=[]).to_pandas().assign(file="", row=0)]
    for path in lake.files(dataset):
        frame = lake.read_file(path, columns).to_pandas()
        frames.append(frame.assign(file=path, row=range(len(frame))))
    filled = [f for f in frames if len(f)]
    return pd.concat(filled, ignore_index=True) if filled else frames[0]


def _ids(incidents: pd.DataFrame) -> Iterator[str]:
    for incident_id, same in incidents.groupby("incident_id"):
        if len(same) > 1:
            where = ", ".join(f"{r.file} row {r.row}" for r in same.itertuples())
            yield f"incidents: {incident_id} expected once, found {len(same)} times: {where}"


def _months(incidents: pd.DataFrame) -> Iterator[str]:
    for r in incidents.itertuples():
        day = None if pd.isna(r.date_start) else r.date_start
        month = {"year": day.year, "month": day.month} if day else {"year": 0, "month": 0}
        found = {k: int(v) for k, v in partition_of(r.file).items()}
        if found != month:
            yield f"incidents: {r.file} row {r.row}: {r.incident_id} starts {day}, expected in {month}, found in {found}"


def _reports(reports: pd.DataFrame, incidents: pd.DataFrame) -> Iterator[str]:
    known = set(reports["report_id"])
    rests_on = defaultdict(list)
    for r in incidents.itertuples():
        ids = list(r.report_ids) if r.report_ids is not None else []
        for report_id, times in Counter(ids).items():
            rests_on[report_id] += [r.incident_id] * times
            if report_id not in known:
                at = f"incidents: {r.file} row {r.row}"
                yield f"{at}: {r.incident_id} rests on {report_id}, expected in reports, found nowhere"
        if r.n_reports != len(ids):
            yield f"incidents: {r.file} row {r.row}: {r.incident_id} n_reports expected {len(ids)}, found {r.n_reports}"
    counted = reports[reports[_BOUNDS].notna().any(axis=1)].drop_duplicates("report_id")
    for r in counted.itertuples():
        within = rests_on[r.report_id]
        if len(within) != 1:
            found = ", ".join(within) or "none"
            yield f"reports: {r.file} row {r.row}: {r.report_id} expected in one incident, found in {found}"


def _revisions(lake: Lake) -> Iterator[str]:
    key = ["year", "month", "incident_id"]
    columns = [*key, "n_reports", *_BOUNDS]
    found = lake.frame(INCIDENTS, columns)
    told = lake.frame(REVISIONS, [*columns, "revision", "change"]).sort("revision").unique(key, keep="last")
    told = told.filter(pl.col("change") != "removed").select(columns)
    other = [a.join(b, on=columns, how="anti", nulls_equal=True) for a, b in ((told, found), (found, told))]
    for year, month, incident_id in pl.concat(other).select(key).unique().sort(key).iter_rows():
        yield (
            f"incidents: year={year}/month={month}: {incident_id} expected as its last revision tells it, found otherwise or "
            "not at all; where revisions were lost, delete the month's incidents and aggregate again to record them anew"
        )


def _sums(incidents: pd.DataFrame, tallies: pd.DataFrame) -> Iterator[str]:
    expected = _tallied(incidents)
    found: dict[tuple, dict[str, Any]] = {}
    for row in tallies.to_dict("records"):
        key, at = tuple(_plain(row[k]) for k in _KEY), f"monthly_tallies: {row['file']} row {row['row']}"
        if key not in expected:
            yield f"{at}: {_shown(key)} expected no such row, found one"
        elif key in found:
            yield f"{at}: {_shown(key)} expected once, found again"
        else:
            for column, value in expected[key].items():
                if _plain(row[column]) != value:
                    yield f"{at}: {_shown(key)} {column} expected {value}, found {_plain(row[column])}"
        found[key] = row
    for key in expected:
        if key not in found:
            where = f"monthly_tallies/year={key[0]}"
            yield f"monthly_tallies: {where}: {_shown(key)} expected a row for its {expected[key]['n_incidents']}, found none"


def _left(claims: pd.DataFrame, known: set[str]) -> Iterator[str]:
    for row in claims.to_dict("records"):
        at = f"reconciliation: {row['file']} row {row['row']}: {row['claim_id']}"
        for incident_id in (i for c in _COVERED if row[c] is not None for i in row[c] if i not in known):
            yield f"{at} covers {incident_id}, expected in incidents, found nowhere"
        for column, (value, explained) in _LEFT.items():
            stated = _plain(row[value]) is not None and _plain(row[explained]) is not None
            expected = _plain(row[value]) - _plain(row[explained]) if stated else None
            if stated and _plain(row[column]) != expected:
                yield f"{at} {column} expected {expected}, found {_plain(row[column])}"


def _tallied(incidents: pd.DataFrame) -> dict[tuple, dict[str, int | None]]:
    """The tallies that the incidents make, by key."""
    sums = incidents[_KEY].copy()
    sums["n_incidents"] = 1
    is_open = pd.Series(False, index=incidents.index)
    for m in (*_MEASURES, *BREAKDOWN):
        low, best, high = (incidents[f"{m}_{b}"].astype("Float64") for b in ("low", "best", "high"))
        stated = low.notna() | best.notna() | high.notna()
        sums[f"{m}_low"] = low.fillna(best).fillna(0).where(stated)
        sums[f"{m}_best"] = best.fillna(low).fillna(0).where(stated)
        sums[f"{m}_high"] = high
        sums[f"{m}_open"] = (stated & high.isna()).astype(int)
        if m in _MEASURES:
            is_open |= stated & high.isna()
    sums["n_open_ended"] = is_open.astype(int)
    sums["n_weak"] = (incidents["grading"] == "weak").astype(int)
    sums["n_unlocated"] = incidents["latitude"].isna().astype(int)
    sums["n_imprecise"] = (incidents["date_prec"].astype("Float64") >= 3).fillna(False).astype(int)
    totals = sums.groupby(_KEY, dropna=False).sum(min_count=1).reset_index()
    rows = {}
    for row in totals.to_dict("records"):
        opened = {m: row.pop(f"{m}_open") for m in (*_MEASURES, *BREAKDOWN)}
        key = tuple(_plain(row.pop(k)) for k in _KEY)
        values = {column: _plain(value) for column, value in row.items()}
        rows[key] = values | {f"{m}_high": None for m in opened if opened[m]}
    return rows


def _plain(value: Any) -> Any:
    """A cell as Python has it: whole numbers as int, missing as None."""
    if pd.isna(value):
        return None
    return value if isinstance(value, str) else int(value)


def _shown(key: tuple) -> str:
    return ", ".join(f"{k}={v}" for k, v in zip(_KEY, key, strict=True))
