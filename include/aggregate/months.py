"""Aggregate in the lake: months of incidents, years of tallies.

What is pending is derived from the lake. A month's input is the fingerprint of the incidents that its reports resolve to, a
year's that of its files of incidents; what differs from the stage's record of them is to be done again. So a late report, a
date that moved, a new version or a lost file changes the months that it concerns and no other.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from include.aggregate import VERSION
from include.aggregate.resolve import Month, month_of, resolve
from include.aggregate.tallies import tally
from include.clean.near_duplicates import near_duplicates
from include.datasets import batches
from include.datasets.catalogue import ARTICLES, INCIDENTS, MONTHLY_TALLIES, REPORTS
from include.datasets.lake import Lake, partition_of

STAGE = "aggregate"
TALLY_STAGE = "tally"

_UNUSED = {"date_phrase", "date_reason", "victims", "hedge", "attributed_by", "unit", "evidence", "url", "published_month"}
"""Columns of reports that resolving does not need."""


def read_reports(lake: Lake) -> list[dict[str, Any]]:
    """All reports, each once, sorted by id.

    An article captured again gives the same report again. The one published last stands (null is oldest), then the most
    confident, then the first in the order of their content: a rule that does not depend on which file came first.
    """
    columns = [c for c in REPORTS.schema.names if c not in _UNUSED]
    captures: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for report in lake.read(REPORTS, columns=columns).to_pylist():
        captures[report["report_id"]].append(report)
    return [min(same, key=_preference) if len(same) > 1 else same[0] for _, same in sorted(captures.items())]


def changed_months(lake: Lake) -> list[Month]:
    """The months to aggregate, as (year, month), sorted; (0, 0) is that of incidents without a date."""
    incidents: dict[Month, list[dict[str, Any]]] = {}
    for incident in _resolve(lake):
        incidents.setdefault(month_of(incident), []).append(incident)
    for path in lake.files(INCIDENTS):
        partition = partition_of(path)
        incidents.setdefault((int(partition["year"]), int(partition["month"])), [])
    for name in batches.records(lake, STAGE):
        incidents.setdefault(_month_named(name), [])
    inputs = {_named(month): _fingerprint(rows) for month, rows in incidents.items()}
    return [_month_named(name) for name in batches.pending(lake, STAGE, VERSION, inputs, [INCIDENTS.name])]


def aggregate_month(lake: Lake, year: int, month: int) -> dict[str, Any]:
    """Resolve one month's reports, write its incidents whole, and return {"month": [year, month], "counts": {...}}.

    A month without incidents any more loses its file. Killed at any point and run again, it leaves the same files.
    """
    incidents = _resolve(lake, (year, month))
    counts = {"incidents": len(incidents), "reports": sum(i["n_reports"] for i in incidents)}
    _replace(
        lake,
        STAGE,
        _named((year, month)),
        path=lake.path(INCIDENTS, {"year": year, "month": month}, INCIDENTS.name),
        source=_fingerprint(incidents),
        rows=incidents,
        counts=counts,
    )
    return {"month": [year, month], "counts": counts}


def changed_years(lake: Lake) -> list[int]:
    """The years to tally, sorted; 0 is that of incidents without a date."""
    years = {int(partition_of(p)["year"]) for p in (*lake.files(INCIDENTS), *lake.files(MONTHLY_TALLIES))}
    years |= {int(name) for name in batches.records(lake, TALLY_STAGE)}
    inputs = {str(year): _year_fingerprint(lake, year) for year in years}
    return sorted(int(y) for y in batches.pending(lake, TALLY_STAGE, VERSION, inputs, [MONTHLY_TALLIES.name]))


def tally_year(lake: Lake, year: int) -> dict[str, Any]:
    """Tally the incidents of one year, write its tallies whole, and return {"year", "counts"}."""
    incidents = lake.read(INCIDENTS, paths=_files_of_year(lake, year)).to_pylist()
    rows = [{k: v for k, v in row.items() if k != "year"} for row in tally(incidents)]
    counts = {"tallies": len(rows), "incidents": len(incidents)}
    _replace(
        lake,
        TALLY_STAGE,
        str(year),
        path=lake.path(MONTHLY_TALLIES, {"year": year}, MONTHLY_TALLIES.name),
        source=_year_fingerprint(lake, year),
        rows=rows,
        counts=counts,
    )
    return {"year": year, "counts": counts}


def _replace(
    lake: Lake, stage: str, name: str, *, path: str, source: str, rows: list[dict[str, Any]], counts: Mapping[str, int]
) -> None:
    """Make the file at `path` hold `rows` and record it; without rows, remove file and record.

    The record goes first and comes back last: whatever is on disk without its record is done again.
    """
    lake.remove(batches.record_path(stage, name))
    dataset = {STAGE: INCIDENTS, TALLY_STAGE: MONTHLY_TALLIES}[stage]
    if not rows:
        lake.remove(path)
        return
    lake.write(dataset, partition_of(path), dataset.name, rows)
    batches.finish(lake, stage, VERSION, name, source=source, outputs=[path], counts=counts)


def _resolve(lake: Lake, month: Month | None = None) -> list[dict[str, Any]]:
    reports = read_reports(lake)
    articles = _articles(lake, {r["article_id"] for r in reports})
    for report in reports:
        report["syndicated_from"] = articles.get(report["article_id"], {}).get("syndicated_from")
    fingerprints = {i: a["fingerprint"] for i, a in articles.items() if a["fingerprint"]}
    copies = {article: group[0] for group in near_duplicates(fingerprints) for article in group}
    return resolve(reports, copies, month)


def _articles(lake: Lake, article_ids: set[str]) -> dict[str, dict[str, Any]]:
    """Articles by id; of one captured more than once, the capture with the greatest document_id that has a text."""
    columns = ["article_id", "document_id", "syndicated_from", "fingerprint"]
    rows = [a for a in lake.read(ARTICLES, columns=columns).to_pylist() if a["article_id"] in article_ids]
    rows.sort(key=lambda a: (a["fingerprint"] is not None, a["document_id"]))
    return {a["article_id"]: a for a in rows}


def _preference(report: Mapping[str, Any]) -> tuple:
    published, confidence = report["published_on"], report["confidence"]
    return (-published.toordinal() if published else 0, -(confidence or 0), json.dumps(report, sort_keys=True, default=str))


def _fingerprint(rows: list[dict[str, Any]]) -> str:
    return hashlib.sha256(json.dumps(rows, sort_keys=True, default=str).encode("utf-8", "surrogatepass")).hexdigest()


def _year_fingerprint(lake: Lake, year: int) -> str:
    digest = hashlib.sha256()
    for path in _files_of_year(lake, year):
        with lake.open(path) as source:
            digest.update(f"{path} {hashlib.file_digest(source, 'sha256').hexdigest()}\n".encode())
    return digest.hexdigest()


def _files_of_year(lake: Lake, year: int) -> list[str]:
    return [p for p in lake.files(INCIDENTS) if int(partition_of(p)["year"]) == year]


def _named(month: Month) -> str:
    return f"{month[0]:04}-{month[1]:02}"


def _month_named(name: str) -> Month:
    year, month = name.split("-")
    return int(year), int(month)
