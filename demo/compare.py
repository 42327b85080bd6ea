"""What the pipeline made of the newsroom, against the answer key: `python -m demo.compare LAKE`."""

import csv
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from demo.newsroom.articles import load_outlets
from include.commands.tallies import figure
from include.datasets.catalogue import CLAIMS, COVERAGE, DOUBTS, INCIDENTS, MONTHLY_TALLIES, RECONCILIATION, REPORTS
from include.datasets.lake import Lake
from include.datasets.schema import Dataset
from include.extract.actors import actor

KEY = Path(__file__).parent / "key"
KEYS = ("monthly_tallies", "incidents", "claims", "reconciliation", "coverage", "doubts")

COUNTS = tuple(f"{m}_{b}" for m in ("killed", "injured", "casualties") for b in ("low", "best", "high"))
WHO = ("killed_civilians", "killed_women", "killed_children", "injured_children")
TALLY_KEY = ("year", "month", "country", "admin1", "perpetrator", "victim_class")
TALLY_COLUMNS = (
    *("n_incidents", *COUNTS, "n_open_ended", "n_weak", "n_unlocated", "n_imprecise", "n_across_months", "n_background_only"),
    *("n_in_doubt", "killed_doubt_low", "killed_doubt_high", "silent_sources"),
)
INCIDENT_COLUMNS = (
    *("date_start", "date_end", "date_prec", "place", "admin1", "country", "located", "where_prec"),
    *("perpetrator", "target", "victim_class"),
    *(*COUNTS, *WHO, "count_rule"),
    *("attribution", "claim_status", "claimed_by", "event_type", "grading", "flags"),
    *("n_reports", "n_outlets", "n_independent_origins", "origins", "articles", "first_published_on", "last_published_on"),
)
CLAIM_KEY = ("article", "claim_type", "measure", "value_low", "value_best", "value_high")
CLAIM_COLUMNS = ("country", "period_start", "period_end", "as_of", "monitor")
RECONCILIATION_COLUMNS = (
    *("explained_low", "explained_best", "explained_high", "residual_low", "residual_high"),
    *("status", "reason", "growth", "arithmetic"),
)

COVERAGE_KEY = ("year", "month", "source")
COVERAGE_COLUMNS = (*("status", "n_articles", "n_expected", "lowest_before", "silent_days", "n_reporting", "countries"),)

DOUBT_KEY = ("by", "kind", "year", "month")
DOUBT_COLUMNS = tuple(
    column.format(answer)
    for answer in ("same", "different")
    for column in ("n_if_{}", "killed_if_{}_low", "killed_if_{}_best", "killed_if_{}_high")
)

Row = Mapping[str, str]
"""A row as text, as the key has it: null is an empty text."""


@dataclass(frozen=True)
class Difference:
    """One value that is not as in the key. `column` is None where a whole row is missing or was not wanted."""

    dataset: str
    row: str
    column: str | None
    key: str
    lake: str


@dataclass(frozen=True)
class Comparison:
    """The lake against the key: how many rows the key has of each dataset, and all that differs."""

    rows: Mapping[str, int]
    differences: tuple[Difference, ...]

    @property
    def equal(self) -> bool:
        """Whether nothing differs."""
        return not self.differences


def compare(lake: Lake, key_dir: Path = KEY) -> Comparison:
    """Compare a lake's tallies, incidents, claims, reconciliation, coverage and doubts with the key's, value by value.

    Tallies are matched by their key, incidents by the articles that report them (then day and place), claims and their
    reconciliation by article and value. Raises FileNotFoundError if `key_dir` holds no key.
    """
    slugs = {o.canonical_url(a).rstrip("/"): f"{o.id}/{a.slug}" for o in load_outlets() for a in o.articles}
    keys = {name: _read(key_dir / f"{name}.csv") for name in KEYS}
    differences = [
        *_differences("monthly_tallies", keys["monthly_tallies"], _rows(lake, MONTHLY_TALLIES), _by(TALLY_KEY), TALLY_COLUMNS),
        *_differences("doubts", keys["doubts"], _rows(lake, DOUBTS), _by(DOUBT_KEY), DOUBT_COLUMNS),
        *_differences("coverage", keys["coverage"], _rows(lake, COVERAGE), _by(COVERAGE_KEY), COVERAGE_COLUMNS),
        *_incident_differences(keys["incidents"], _incidents(lake, slugs)),
        *_differences("claims", keys["claims"], _claims(lake, slugs, CLAIMS), _by(CLAIM_KEY), CLAIM_COLUMNS),
        *_differences(
            "reconciliation",
            keys["reconciliation"],
            _claims(lake, slugs, RECONCILIATION),
            _by(CLAIM_KEY),
            RECONCILIATION_COLUMNS,
        ),
    ]
    return Comparison({name: len(rows) for name, rows in keys.items()}, tuple(differences))


def show(comparison: Comparison, console: Console) -> None:
    """Print what differs, a table for each dataset that does, and a line for each that does not."""
    for dataset, n in comparison.rows.items():
        found = [d for d in comparison.differences if d.dataset == dataset]
        if not found:
            console.print(f"[green]✓[/green] {dataset}: all {n} rows equal the key.", markup=True)
            continue
        table = Table("row", "column", "key", "lake", title=f"{dataset}: {len(found)} differences from the key's {n} rows")
        for d in found:
            table.add_row(d.row, d.column or "(the row)", d.key or "null", d.lake or "null")
        console.print(table)


def main() -> int:
    """Print the comparison of the lake that is named on the command line; 0 if it equals the key, else 1."""
    if len(sys.argv) != 2:
        print("usage: python -m demo.compare LAKE", file=sys.stderr)
        return 2
    comparison = compare(Lake(sys.argv[1]))
    show(comparison, Console())
    return 0 if comparison.equal else 1


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _rows(lake: Lake, dataset: Dataset) -> list[Row]:
    return [_as_text(row) for row in lake.read(dataset).to_pylist()]


def _incidents(lake: Lake, slugs: Mapping[str, str]) -> list[Row]:
    """The incidents in the columns of the key: the place by its name in the gazetteer, the target by its name in the actor
    table (of no concern to the key where it is not in there)."""
    urls = {r["report_id"]: r["url"] for r in lake.read(REPORTS, ["report_id", "url"]).to_pylist()}
    articles = {report: _slug(url, slugs) for report, url in urls.items()}
    return [
        _as_text(row)
        | {
            "place": row["place_name"] or row["place"] or "",
            "target": actor(row["target_id"]).name if row["target_id"] else "",
            "located": "no" if row["latitude"] is None else "yes",
            "articles": " ".join(sorted({articles[r] for r in row["report_ids"]})),
            "origins": "; ".join(sorted(row["origins"] or ())),
            **{stem: figure(row, stem) for stem in WHO},
        }
        for row in lake.read(INCIDENTS).to_pylist()
    ]


def _claims(lake: Lake, slugs: Mapping[str, str], dataset: Dataset) -> list[Row]:
    return [_as_text(row) | {"article": _slug(row["url"], slugs)} for row in lake.read(dataset).to_pylist()]


def _slug(url: str, slugs: Mapping[str, str]) -> str:
    return slugs.get(url.rstrip("/"), url)


def _as_text(row: Mapping[str, Any]) -> dict[str, str]:
    return {column: _text(value) for column, value in row.items()}


def _text(value: Any) -> str:
    """Null as an empty text, a list as its items with semicolons between."""
    return "" if value is None else "; ".join(map(str, value)) if isinstance(value, list) else str(value)


def _by(columns: Iterable[str]) -> Callable[[Row], str]:
    return lambda row: " ".join(row[c] or "–" for c in columns)


def _differences(
    dataset: str, wanted: list[Row], found: list[Row], label: Callable[[Row], str], columns: Iterable[str]
) -> list[Difference]:
    """Differences of rows that are matched by their label, the first of two with one label to the first, and so on."""
    have, want = _labelled(found, label), _labelled(wanted, label)
    return [d for name in sorted(want | have) for d in _of_row(dataset, name, want.get(name), have.get(name), columns)]


def _labelled(rows: list[Row], label: Callable[[Row], str]) -> dict[str, Row]:
    seen: Counter[str] = Counter()
    labelled = {}
    for row in rows:
        seen[label(row)] += 1
        n = seen[label(row)]
        labelled[label(row) if n == 1 else f"{label(row)} ({n})"] = row
    return labelled


def _of_row(dataset: str, name: str, want: Row | None, have: Row | None, columns: Iterable[str]) -> list[Difference]:
    if want is None or have is None:
        return [Difference(dataset, name, None, *(("missing", "there") if want is None else ("there", "missing")))]
    return [Difference(dataset, name, c, want[c], have[c]) for c in columns if want[c] != have[c]]


def _incident_differences(wanted: list[Row], found: list[Row]) -> list[Difference]:
    wanted = [row | {"articles": " ".join(sorted(row["articles"].split()))} for row in wanted]
    pairs = sorted(
        ((_likeness(w, f), i, j) for i, w in enumerate(wanted) for j, f in enumerate(found)), key=lambda p: (-p[0], p[1], p[2])
    )
    match: dict[int, int] = {}
    for likeness, i, j in pairs:
        if likeness >= 1 and i not in match and j not in match.values():
            match[i] = j
    differences = []
    for i, row in enumerate(wanted):
        have = found[match[i]] if i in match else None
        differences += _of_row("incidents", row["key"], row, have, INCIDENT_COLUMNS)
    for j, row in enumerate(found):
        if j not in match.values():
            label = f"{row['date_start'] or 'undated'} {row['place'] or 'no place'}: {row['killed_best'] or '–'} killed, "
            label += f"{row['injured_best'] or '–'} injured ({row['articles']})"
            differences += _of_row("incidents", label, None, row, INCIDENT_COLUMNS)
    return differences


def _likeness(a: Row, b: Row) -> float:
    """How surely two rows mean one incident: the share of common articles, then what else agrees. Below 1: they do not."""
    mine, others = set(a["articles"].split()), set(b["articles"].split())
    same = sum(a[c] == b[c] for c in ("date_start", "admin1", "killed_best", "injured_best", "event_type"))
    return 0.0 if not mine & others else 1 + len(mine & others) / len(mine | others) + same / 4


if __name__ == "__main__":
    sys.exit(main())
