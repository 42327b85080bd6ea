"""The comparison says nothing of a lake that is as the key says, and names each value of one that is not."""

import csv
from datetime import UTC, date, datetime

import pytest
from rich.console import Console

from demo.compare import KEY, WHO, Comparison, compare, show
from demo.newsroom.articles import load_outlets
from include.datasets.catalogue import CLAIMS, COVERAGE, DOUBTS, INCIDENTS, MONTHLY_TALLIES, RECONCILIATION, REPORTS
from include.datasets.lake import Lake
from include.extract.actors import find_actors
from tests.datasets.rows import NO_INCIDENTS

URLS = {f"{o.id}/{a.slug}": o.canonical_url(a) for o in load_outlets() for a in o.articles}


def key_rows(name: str, dataset) -> list[dict]:
    """The key's rows with the types of a dataset's columns, and the columns that it lacks left out."""
    types = {c.name: str(c.type) for c in (*dataset.columns, *dataset.partitions)}
    with (KEY / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return [{k: typed(v, types.get(k)) for k, v in row.items()} for row in csv.DictReader(file)]


def typed(text: str, kind: str | None):
    if kind is None or text == "":
        return text or None
    if kind.startswith("list"):
        return sorted(text.split("; "))
    return int(text) if kind == "int32" else date.fromisoformat(text) if kind == "date32[day]" else text


def range_in(text: str | None, stem: str) -> dict[str, int | None]:
    """The columns of a range that is written as `5`, or as `2 [2-?]`."""
    best, _, bounds = (text or "").partition(" ")
    low, high = bounds.strip("[]").split("-") if bounds else (best, best)
    return {f"{stem}_{name}": int(v) if v.isdigit() else None for name, v in (("low", low), ("best", best), ("high", high))}


def write(lake: Lake, dataset, partition: dict, rows: list[dict]) -> None:
    names = set(dataset.schema.names)
    lake.write(dataset, partition, "key", [{k: v for k, v in row.items() if k in names} for row in rows])


def lake_of_the_key(root, change=lambda incidents, tallies, claims: None) -> Lake:
    """A lake that holds what the key says, after `change` of its incidents, tallies and claims."""
    lake = Lake(root)
    incidents, tallies = key_rows("incidents", INCIDENTS), key_rows("monthly_tallies", MONTHLY_TALLIES)
    claims = key_rows("claims", CLAIMS)
    change(incidents, tallies, claims)
    reports = []
    for row in incidents:
        row |= {"incident_id": row["key"], "latitude": 1.0 if row["located"] == "yes" else None}
        row |= {"place_name": row["place"], "target_id": find_actors(row["target"])[0].actor_id if row["target"] else None}
        row.update(column for stem in WHO for column in range_in(row.pop(stem), stem).items())
        row["report_ids"] = [f"{row['key']} {slug}" for slug in row["articles"].split()]
        reports += [
            {"report_id": r, "url": URLS[r.split(" ")[1]], "article_id": r, "source": "x", "mention_role": "main_event"}
            | {"sentence": "", "claim_status": "unknown", "event_type": "unknown"}
            for r in row["report_ids"]
        ]
    for i, row in enumerate(claims):
        row |= {"claim_id": str(i), "article_id": row["article"], "source": "x", "url": URLS[row["article"]], "sentence": ""}
    reconciliation = key_rows("reconciliation", RECONCILIATION)
    for i, row in enumerate(reconciliation):
        row |= {"claim_id": str(i), "claim_ids": [str(i)], "n_outlets": 1, "series_id": str(i), "url": URLS[row["article"]]}
    write(lake, RECONCILIATION, {"year": 2022}, reconciliation)
    coverage = [row | {"n_attempts": 0, "n_failed": 0} for row in key_rows("coverage", COVERAGE)]
    for i, row in enumerate(key_rows("doubts", DOUBTS)):
        doubt = row | {"decision_id": str(i), "why": "", "by_kind": "person", "decided_at": datetime(2022, 5, 2, tzinfo=UTC)}
        write(lake, DOUBTS, {"year": row["year"], "month": row["month"]}, [doubt])
    for year in {row["year"] for row in coverage}:
        write(lake, COVERAGE, {"year": year}, [row for row in coverage if row["year"] == year])
    write(lake, REPORTS, {"published_month": "2022-02"}, reports)
    write(lake, CLAIMS, {"published_month": "2022-02"}, claims)
    write(lake, INCIDENTS, {"year": 2022, "month": 2}, incidents)
    for year in {row["year"] for row in tallies}:
        write(lake, MONTHLY_TALLIES, {"year": year}, [NO_INCIDENTS | row for row in tallies if row["year"] == year])
    return lake


def test_a_lake_that_says_what_the_key_says_is_equal(tmp_path):
    comparison = compare(lake_of_the_key(tmp_path))
    assert comparison.differences == ()
    assert comparison.equal
    assert comparison.rows["incidents"] > 20


def test_an_empty_lake_misses_every_row(tmp_path):
    comparison = compare(Lake(tmp_path))
    assert len(comparison.differences) == sum(comparison.rows.values())
    assert {d.lake for d in comparison.differences} == {"missing"}


def lose_one_killed(incidents, tallies, claims):
    next(i for i in incidents if i["key"] == "sarmin-shelling")["killed_best"] = 3
    next(i for i in incidents if i["key"] == "sarmin-shelling")["killed_low"] = 3


def tell_one_incident_twice(incidents, tallies, claims):
    twin = next(i for i in incidents if i["key"] == "palmyra-bus") | {"key": "twin", "articles": "sandstorm/palmyra-slaughter"}
    incidents.append(twin)


def miss_a_tally(incidents, tallies, claims):
    del tallies[0]


def miscount_weak(incidents, tallies, claims):
    tallies[1]["n_weak"] += 1


def add_a_claim_to_the_wrong_period(incidents, tallies, claims):
    claims[0]["period_start"] = date(2021, 1, 1)


def tell_one_claim_twice(incidents, tallies, claims):
    claims.append(dict(claims[0]))


@pytest.mark.parametrize(
    "change, wanted",
    [
        (
            lose_one_killed,
            [("incidents", "sarmin-shelling", "killed_low"), ("incidents", "sarmin-shelling", "killed_best")],
        ),
        (
            tell_one_incident_twice,
            [("incidents", "2022-03-08 Palmyra: 11 killed, 16 injured (sandstorm/palmyra-slaughter)", None)],
        ),
        (miss_a_tally, [("monthly_tallies", "0 0 IRQ Anbar unidentified gunmen civilians", None)]),
        (miscount_weak, [("monthly_tallies", "2021 11 IRQ Diyala – civilians", "n_weak")]),
        (
            add_a_claim_to_the_wrong_period,
            [("claims", "steppe/sukhnah-landmine cumulative killed 31 31 31", "period_start")],
        ),
        (
            tell_one_claim_twice,
            [("claims", "steppe/sukhnah-landmine cumulative killed 31 31 31 (2)", None)],
        ),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_what_differs_is_named(tmp_path, change, wanted):
    comparison = compare(lake_of_the_key(tmp_path, change))
    assert [(d.dataset, d.row, d.column) for d in comparison.differences] == wanted
    assert not comparison.equal


def test_the_table_shows_both_values(tmp_path):
    console = Console(record=True, width=160)
    show(compare(lake_of_the_key(tmp_path, lose_one_killed)), console)
    text = console.export_text()
    assert "sarmin-shelling" in text and "killed_best" in text
    assert "all" in text and "monthly_tallies" in text


def test_a_comparison_without_differences_says_so():
    console = Console(record=True, width=100)
    show(Comparison({"incidents": 7}, ()), console)
    assert "all 7 rows equal the key" in console.export_text()
