"""The answer key agrees with itself, with the articles, and with the datasets' own rules."""

import csv
from collections import defaultdict
from datetime import date

import pytest

from demo.compare import KEY
from demo.newsroom.articles import load_outlets
from include.datasets import catalogue

MEASURES = ("killed", "injured", "casualties")
OUTLETS = load_outlets()
ARTICLES = {f"{o.id}/{a.slug}": a for o in OUTLETS for a in o.articles}

WITHOUT_INCIDENTS = {
    "orontes/kirkuk-arrests": "arrests, nobody hurt",
    "orontes/homs-damascus-bus-crash": "a road accident",
    "orontes/astana-talks": "diplomacy, and a toll of the whole war",
    "khabur/film-last-checkpoint": "deaths on a screen",
    "khabur/dust-and-frost": "weather",
    "sandstorm/football-shoot-out": "sport",
    "sandstorm/subscribers-only-dossier": "closed to robots, and so not read",
    "steppe/april-statistics": "a month's statistics",
} | {
    f"bulletin/{article.slug}": "news of a small town"
    for article in next(o.articles for o in OUTLETS if o.id == "bulletin")
    if article.slug != "tractor-khanaqin"
}


def rows(name: str) -> list[dict[str, str]]:
    with (KEY / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


INCIDENTS = rows("incidents")
by_key = pytest.mark.parametrize("row", INCIDENTS, ids=lambda row: row["key"])


def number(text: str) -> int | None:
    return int(text) if text else None


def bounds(row: dict[str, str], measure: str) -> list[int | None]:
    return [number(row[f"{measure}_{b}"]) for b in ("low", "best", "high")]


def test_keys_of_incidents_are_unique():
    assert len({row["key"] for row in INCIDENTS}) == len(INCIDENTS)


@by_key
def test_the_articles_of_an_incident_exist_and_are_counted(row):
    articles = row["articles"].split()
    assert set(articles) <= ARTICLES.keys()
    assert int(row["n_reports"]) == len(articles) == len(set(articles))
    assert int(row["n_outlets"]) == len({a.split("/")[0] for a in articles})
    assert 1 <= int(row["n_independent_origins"]) <= int(row["n_reports"])


@by_key
def test_an_incident_is_graded_by_its_origins_and_admissions(row):
    admitted = row["attribution"] == "claimed_or_admitted"
    assert row["grading"] == ("confirmed" if admitted else "fair" if int(row["n_independent_origins"]) > 1 else "weak")
    assert (row["claim_status"] == "claimed") == admitted


@by_key
def test_an_incident_uses_the_terms_of_the_datasets(row):
    for column in ("victim_class", "claim_status", "event_type", "grading"):
        values = next(c.values for c in catalogue.INCIDENTS.columns if c.name == column)
        assert row[column] in values
    assert row["attribution"] in ("", *catalogue.ATTRIBUTIONS)
    assert bool(row["attribution"]) == bool(row["perpetrator"])
    assert row["country"] in ("SYR", "IRQ")
    assert row["note"].endswith(".")


@by_key
def test_an_incident_counts_in_order_and_somebody(row):
    stated = [[v for v in bounds(row, m) if v is not None] for m in MEASURES]
    assert any(stated)
    assert all(values == sorted(values) for values in stated)


@by_key
def test_an_incident_was_over_when_it_was_reported(row):
    published = [a.published.date() for a in (ARTICLES[s] for s in row["articles"].split()) if a.published]
    if row["date_start"]:
        start, end = date.fromisoformat(row["date_start"]), date.fromisoformat(row["date_end"])
        assert start <= end <= min(published)
        assert (end - start).days == {"1": 0, "3": 6}[row["date_prec"]]
    else:
        assert row["date_prec"] == "" and not published


def test_every_article_reports_an_incident_or_is_known_to_report_none():
    reporting = {a for row in INCIDENTS for a in row["articles"].split()}
    assert not reporting & WITHOUT_INCIDENTS.keys()
    assert reporting | WITHOUT_INCIDENTS.keys() == ARTICLES.keys()


def test_tallies_are_the_sums_of_the_incidents():
    groups = defaultdict(list)
    for row in INCIDENTS:
        year, month = row["date_start"].split("-")[:2] if row["date_start"] else ("0", "0")
        groups[str(int(year)), str(int(month)), row["country"], row["admin1"], row["perpetrator"], row["victim_class"]].append(
            row
        )
    tallies = {
        tuple(t[c] for c in ("year", "month", "country", "admin1", "perpetrator", "victim_class")): t
        for t in rows("monthly_tallies")
    }
    assert tallies.keys() == groups.keys()
    for key, incidents in groups.items():
        tally = tallies[key]
        assert int(tally["n_incidents"]) == len(incidents), key
        for measure in MEASURES:
            stated = [b for b in (bounds(i, measure) for i in incidents) if any(v is not None for v in b)]
            highs = [high for _, _, high in stated]
            assert bounds(tally, measure) == [
                sum(low for low, _, _ in stated) if stated else None,
                sum(low if best is None else best for low, best, _ in stated) if stated else None,
                sum(highs) if stated and None not in highs else None,
            ], (key, measure)
        open_ended = [i for i in incidents if any(b[0] is not None and b[2] is None for b in (bounds(i, m) for m in MEASURES))]
        assert int(tally["n_open_ended"]) == len(open_ended)
        assert int(tally["n_weak"]) == sum(i["grading"] == "weak" for i in incidents)
        assert int(tally["n_unlocated"]) == sum(i["located"] == "no" for i in incidents)
        assert int(tally["n_imprecise"]) == sum(i["date_prec"] in ("3", "4", "5") for i in incidents)


def test_some_tallies_sum_several_incidents():
    assert sum(int(t["n_incidents"]) > 1 for t in rows("monthly_tallies")) >= 3


def test_claims_are_of_articles_that_exist_and_in_order():
    for claim in rows("claims"):
        assert claim["article"] in ARTICLES
        assert claim["claim_type"] in catalogue.CLAIM_TYPES and claim["measure"] in catalogue.CLAIM_MEASURES
        stated = [v for v in bounds(claim, "value") if v is not None]
        assert stated and stated == sorted(stated)
        assert claim["period_start"] <= claim["period_end"] <= claim["as_of"]
        assert date.fromisoformat(claim["as_of"]) <= ARTICLES[claim["article"]].published.date()


def test_the_monitors_parts_add_up_to_its_total_but_once():
    """One of its sums is wrong, as such sums are in life."""
    wrong = set()
    for article in ("sukhnah-landmine", "sukhnah-toll-six", "palmyra-bus", "april-statistics", "busayrah-shooting"):
        total, *parts = [
            int(c["value_best"]) for c in rows("claims") if c["article"] == f"steppe/{article}" and c["measure"] == "killed"
        ]
        if sum(parts) != total:
            wrong.add(article)
    assert wrong == {"palmyra-bus"}


CLAIMED = ("article", "claim_type", "measure", "value_low", "value_best", "value_high")


def test_every_claim_is_reconciled_once():
    assert sorted([r[c] for c in CLAIMED] for r in rows("reconciliation")) == sorted(
        [r[c] for c in CLAIMED] for r in rows("claims")
    )


@pytest.mark.parametrize("row", rows("reconciliation"), ids=lambda row: f"{row['article']} {row['measure']} {row['value_low']}")
def test_what_is_left_of_a_claim_is_the_claim_less_what_is_explained(row):
    explained, value = bounds(row, "explained"), bounds(row, "value")
    assert explained == sorted(explained)
    assert number(row["residual_low"]) == value[0] - explained[2]
    assert number(row["residual_high"]) == (None if value[2] is None else value[2] - explained[0])
    for column in ("status", "reason", "growth", "arithmetic"):
        assert row[column] in ("", *next(c.values for c in catalogue.RECONCILIATION.columns if c.name == column))
    if row["status"] in ("under", "consistent"):
        assert (row["status"] == "under") == (int(row["residual_low"]) > 0)
    assert row["note"].endswith(".")
