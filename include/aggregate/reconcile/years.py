"""Reconciliation in the lake: a file per year of claims.

A year's input is the fingerprint of its claims, of those of the same series in other years, and of the incidents files of the
years that they cover. So a late report, a new claim, another version of the rules or a lost file changes the years that it
concerns and no other.
"""

import hashlib
import json
from datetime import date
from functools import cached_property
from typing import Any

import polars as pl

from include.aggregate import VERSION
from include.aggregate.reconcile.rows import reconcile
from include.aggregate.reconcile.scope import COLUMNS
from include.aggregate.reconcile.statements import statements
from include.datasets import batches
from include.datasets.catalogue import CLAIMS, INCIDENTS, RECONCILIATION, REPORTS
from include.datasets.lake import Lake, year_in

STAGE = "reconcile"
_UNUSED = {"sentence", "evidence", "hedge", "period_phrase", "as_of_phrase", "confidence", "attribution", "published_month"}
"""Columns of claims that reconciling does not need."""


def find_changed_years(lake: Lake) -> list[int]:
    """The years to reconcile, sorted; 0 is that of claims without any date."""
    series = statements(read_claims(lake))
    years = {one.year for same in series for one in same} | {year_in(p) for p in lake.files(RECONCILIATION)}
    years |= {int(name) for name in batches.records(lake, STAGE)}
    files = _Files(lake)
    inputs = {str(year): _input(series, year, files) for year in years}
    return sorted(int(y) for y in batches.pending(lake, STAGE, VERSION, inputs, [RECONCILIATION.name]))


def reconcile_year(lake: Lake, year: int) -> dict[str, Any]:
    """Reconcile the claims of one year, write them whole, and return {"year", "counts"}.

    A year without claims any more loses its file. Killed at any point and run again, it leaves the same file.
    """
    claims = read_claims(lake)
    series, files = statements(claims), _Files(lake)
    incidents = pl.from_arrow(lake.read(INCIDENTS, list(COLUMNS), files.covered(series, year)))
    rows = [{k: v for k, v in row.items() if k != "year"} for row in reconcile(claims, incidents, files.begins, year)]
    counts = {"reconciliations": len(rows), "claims": sum(len(row["claim_ids"]) for row in rows)}
    path = lake.path(RECONCILIATION, {"year": year}, RECONCILIATION.name)
    lake.remove(batches.record_path(STAGE, str(year)))
    if rows:
        lake.write(RECONCILIATION, {"year": year}, RECONCILIATION.name, rows)
        source = _input(series, year, files)
        batches.finish(lake, STAGE, VERSION, str(year), source=source, outputs=[path], counts=counts)
    else:
        lake.remove(path)
    return {"year": year, "counts": counts}


def read_claims(lake: Lake) -> list[dict[str, Any]]:
    """All claims, each once: of one that was captured again the first recorded, then the first in the order of its content."""
    columns = [c for c in CLAIMS.schema.names if c not in _UNUSED]
    captures: dict[str, dict[str, Any]] = {}
    for claim in lake.read(CLAIMS, columns=columns).to_pylist():
        standing = captures.get(claim["claim_id"])
        if standing is None or _preference(claim) < _preference(standing):
            captures[claim["claim_id"]] = claim
    return [claim for _, claim in sorted(captures.items())]


class _Files:
    """The files of incidents by year, with their digests, and the day when the ledger begins."""

    def __init__(self, lake: Lake):
        self._lake = lake
        self._by_year: dict[int, list[str]] = {}
        for path in lake.files(INCIDENTS):
            self._by_year.setdefault(year_in(path), []).append(path)
        self._digests: dict[str, str] = {}

    @cached_property
    def begins(self) -> dict[str, date]:
        """The first day of the month of the first report on each country: what was before, the ledger cannot know."""
        reports = self._lake.frame(REPORTS, ["country", "published_on"]).drop_nulls()
        first = reports.group_by("country").agg(pl.col("published_on").min()).sort("country")
        return {country: day.replace(day=1) for country, day in first.iter_rows()}

    def covered(self, series, year: int) -> list[str]:
        """The files of incidents that the claims of a year can cover; those without a date are among them."""
        of_year = [one for same in series for one in same if one.year == year]
        days = [d.year for one in of_year for d in (one.start, one.end) if d is not None]
        if not days:
            return []
        # What began in December can go on in January.
        years = [0, *range(min(days) - 1, max(days) + 1)]
        return [path for y in years for path in self._by_year.get(y, ())]

    def digest(self, path: str) -> str:
        """The SHA-256 of a file, hex."""
        if path not in self._digests:
            self._digests[path] = self._lake.sha256(path)
        return self._digests[path]


def _input(series, year: int, files: _Files) -> str:
    """The fingerprint of all that the rows of a year are made from."""
    digest = hashlib.sha256(str(files.begins).encode())
    for same in series:
        if any(one.year == year for one in same):
            rows = [claim for one in same for claim in one.claims]
            digest.update(json.dumps(rows, sort_keys=True, default=str).encode("utf-8", "surrogatepass"))
    for path in files.covered(series, year):
        digest.update(f"{path} {files.digest(path)}\n".encode())
    return digest.hexdigest()


def _preference(claim: dict[str, Any]) -> tuple:
    recorded = claim["recorded_at"]
    return recorded is None, str(recorded), json.dumps(claim, sort_keys=True, default=str)
