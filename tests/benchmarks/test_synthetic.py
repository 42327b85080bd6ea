"""The synthetic reports: the same in every run, skewed as they say, and their true incidents can be found."""

from functools import cache

import numpy as np
import polars as pl
import pytest

from benchmarks import synthetic
from benchmarks.agreement import agreement
from include.aggregate.resolve import resolve
from include.clean.near_duplicates import similarity
from include.datasets.catalogue import ARTICLES, REPORTS
from include.datasets.lake import Lake
from include.extract import batch as extraction

COUNT, MANY = 2000, 100_000


@cache
def made(count: int = COUNT) -> synthetic.Plan:
    return synthetic.plan(count)


@cache
def reports() -> pl.DataFrame:
    return synthetic.reports_table(made(), np.arange(COUNT))


def share(column: str, value) -> float:
    values = reports()[column]
    return values.is_null().mean() if value is None else values.eq(value).fill_null(False).mean()


def test_the_same_seed_makes_the_same_reports_whole_or_in_slices():
    slices = [synthetic.reports_table(synthetic.plan(COUNT), rows) for rows in np.array_split(np.arange(COUNT), 3)]
    assert pl.concat(slices).equals(reports())


def test_another_seed_makes_others():
    assert not set(reports()["report_id"]) & set(synthetic.ids("report", np.arange(COUNT), 1))


def test_no_id_is_given_twice():
    assert reports()["report_id"].n_unique() == COUNT


def test_incidents_have_one_to_forty_reports_or_a_few_more_by_copies():
    sizes = np.bincount(made().incident)
    assert sizes.min() == 1
    assert np.median(sizes) <= 2
    assert 40 <= np.bincount(made(MANY).incident).max() < 60


def test_few_countries_towns_and_days_hold_most_incidents():
    plan = made(MANY)
    assert len(np.unique(plan.country)) == synthetic.COUNTRIES
    hottest = plan.day[plan.country == 0]
    for values, top, holds in ((plan.country, 6, 0.5), (plan.town, 1000, 0.4), (hottest, 365, 0.3)):
        counts = np.sort(np.bincount(values))[::-1]
        assert counts[:top].sum() > holds * counts.sum()


def test_tolls_have_a_heavy_tail():
    killed = made(MANY).killed
    assert np.median(killed) == 1
    assert np.percentile(killed, 99) > 25


@pytest.mark.parametrize(
    ("column", "value", "least", "most"),
    [
        ("mention_role", "background_reference", 0.05, 0.11),
        ("date_start", None, 0.04, 0.10),
        ("where_prec", 1, 0.55, 0.70),
        ("where_prec", 4, 0.05, 0.13),
        ("where_prec", 6, 0.03, 0.09),
        ("perpetrator_id", None, 0.3, 0.6),
        ("monitor", None, 0.35, 0.55),
    ],
)
def test_reports_are_as_vague_as_real_ones(column, value, least, most):
    assert least < share(column, value) < most


def test_what_copies_say_is_what_the_original_says():
    plan = made()
    copies = np.flatnonzero(plan.base != np.arange(COUNT))
    assert 0.12 < len(copies) / COUNT < 0.18
    same = ["sentence", "date_start", "place", "killed_low", "perpetrator"]
    assert reports()[copies].select(same).equals(reports()[plan.base[copies]].select(same))
    article = plan.article[copies[0]]
    prints = synthetic.articles_table(plan, np.array([article, plan.copy_of[article], 0]))["fingerprint"].to_list()
    assert similarity(prints[0], prints[1]) > 0.7
    assert similarity(prints[0], prints[2]) < 0.1


def test_no_article_tells_of_one_incident_twice():
    rows = pl.DataFrame({"article": made().article, "incident": made().incident})
    assert not rows.is_duplicated().any()


def test_tolls_rise_with_the_days():
    plan = made(MANY)
    many = np.flatnonzero((plan.killed[plan.incident] > 10) & ~plan.background)
    told = synthetic.reports_table(plan, many).select(
        part=pl.col("killed_best") / plan.killed[plan.incident[many]], lag=plan.lag[many]
    )
    early, late = (told.filter(pl.col("lag").is_between(*days))["part"].mean() for days in ((0, 0), (4, 8)))
    assert early < late - 0.05


def test_the_rows_fit_their_datasets_and_leave_nothing_to_extract(tmp_path):
    synthetic.make(str(tmp_path), 500)
    synthetic.add_late_report(str(tmp_path))
    lake = Lake(tmp_path)
    for dataset, count in ((REPORTS, 501), (ARTICLES, None)):
        table = lake.read(dataset)
        assert count in (None, len(table))
        dataset.table(table.select(dataset.schema.names))
    assert extraction.pending(lake) == []


def test_the_true_incidents_can_be_found():
    found = {r: incident["incident_id"] for incident in resolve(reports().to_dicts()) for r in incident["report_ids"]}
    groups = pl.DataFrame({"true": made().incident, "found": [found[r] for r in reports()["report_id"]]})
    agrees = agreement(groups)
    assert agrees["precision"] > 0.97
    assert agrees["recall"] > 0.85


def test_agreement_counts_pairs_and_reports():
    groups = pl.DataFrame({"true": [1, 1, 1, 2, 3], "found": ["a", "a", "b", "b", "c"]})
    assert agreement(groups) == pytest.approx(
        {"precision": 1 / 2, "recall": 1 / 3, "bcubed_precision": 4 / 5, "bcubed_recall": 11 / 15}
    )
