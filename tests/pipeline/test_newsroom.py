"""The demo's newsroom through the whole pipeline, against the key that an analyst wrote."""

import pytest

from demo.compare import compare
from demo.desk import note_doubts
from demo.newsroom.articles import load_outlets
from include.datasets.catalogue import ARTICLES, CLAIMS, DOCUMENTS, INCIDENTS, MONTHLY_TALLIES, REPORTS
from tests.pipeline.stages import NOW, run_stages


@pytest.fixture(scope="module")
def lake(captured_lake):
    """The newsroom's lake after all stages, the desk's decisions among them."""
    run_stages(captured_lake)
    note_doubts(captured_lake, NOW)
    run_stages(captured_lake)
    return captured_lake


def test_incidents_tallies_and_claims_are_those_of_the_key(lake):
    differences = compare(lake).differences
    assert not differences, "\n".join(map(str, differences))


def test_every_listed_page_is_a_row_with_its_outcome(lake):
    rows = lake.read(DOCUMENTS).to_pylist()
    outcomes = {row["url"].rsplit("/", 1)[-1]: (row["outcome"], row["error_class"]) for row in rows}
    assert outcomes["interview-withdrawn"] == ("failed", "http_404")
    assert ("blocked", "robots") in outcomes.values()
    captured = [row for row in rows if row["outcome"] == "captured"]
    articles = sum(len(outlet.articles) for outlet in load_outlets())
    assert len(captured) == articles - sum(outcome == ("blocked", "robots") for outcome in outcomes.values())
    assert all(row["sha256"] and row["warc_file"] for row in captured)
    assert any(row["requests"] > 1 for row in captured), "the page that answers 500 first was asked again"


def test_every_captured_page_is_an_article_and_none_fails(lake):
    articles = lake.read(ARTICLES).to_pylist()
    captured = [row for row in lake.read(DOCUMENTS).to_pylist() if row["outcome"] == "captured"]
    assert {a["document_id"] for a in articles} == {d["document_id"] for d in captured}
    assert {a["clean_outcome"] for a in articles} == {"cleaned"}


def test_every_figure_walks_back_to_its_words_and_its_page(lake):
    articles = {row["article_id"]: row for row in lake.read(ARTICLES).to_pylist()}
    reports = {row["report_id"]: row for row in lake.read(REPORTS).to_pylist()}
    for incident in lake.read(INCIDENTS).to_pylist():
        assert incident["report_ids"]
        for report_id in incident["report_ids"]:
            report = reports[report_id]
            article = articles[report["article_id"]]
            stated = [f for f in ("killed_low", "injured_low", "casualties_low") if report[f]]
            fields = {receipt["field"] for receipt in report["evidence"]}
            assert all(any(f in (s, s.removesuffix("_low")) for f in fields) for s in stated), report
            for receipt in report["evidence"]:
                assert article[receipt["part"]][receipt["start"] : receipt["end"]] == receipt["phrase"]


def test_cumulative_claims_are_in_no_tally(lake):
    claims = lake.read(CLAIMS).to_pylist()
    assert any(c["claim_type"] == "cumulative" for c in claims) and any(c["claim_type"] == "perpetrator" for c in claims)
    tallied = sum(row["killed_best"] or 0 for row in lake.read(MONTHLY_TALLIES).to_pylist())
    incidents = sum(row["killed_best"] or row["killed_low"] or 0 for row in lake.read(INCIDENTS).to_pylist())
    assert tallied == incidents


def test_a_report_is_recorded_when_its_page_was_captured(lake):
    captures = {d["document_id"]: d["fetched_at"] for d in lake.read(DOCUMENTS).to_pylist()}
    for dataset in (REPORTS, CLAIMS):
        rows = lake.read(dataset, columns=["document_id", "recorded_at"]).to_pylist()
        assert rows and all(captures[row["document_id"]] == row["recorded_at"] for row in rows)
