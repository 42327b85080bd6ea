"""The settings of counting, from the words of an article to the tallies."""

from datetime import UTC, date, datetime

import pytest

from include.aggregate.memberships import resolve_reports
from include.aggregate.months import aggregate_month, changed_months
from include.aggregate.years import changed_years, tally_year
from include.clean.batch import STAGE as CLEAN
from include.datasets import batches
from include.datasets.catalogue import ARTICLES, CLAIMS, INCIDENTS, MONTHLY_TALLIES, REPORTS
from include.datasets.lake import Lake
from include.extract import batch as extract
from include.settings import COUNT_MODES, COUNT_RULES

NOW = datetime(2022, 5, 2, 6, tzinfo=UTC)
TEXT = "{} soldiers were killed when gunmen attacked a military post in Palmyra on Sunday, {} reported."


def lake_of(root, *numbers):
    """A lake with an article for each number of soldiers killed, published on successive days, cleaned and no more."""
    lake = Lake(root)
    rows = [
        {
            "article_id": outlet,
            "source": outlet.lower(),
            "outlet": outlet,
            "url": f"https://{outlet.lower()}.example/1",
            "document_id": f"document of {outlet}",
            "captured_at": datetime(2022, 4, day, 12, tzinfo=UTC),
            "clean_outcome": "cleaned",
            "published_on": date(2022, 4, day),
            "text": TEXT.format(number, outlet),
        }
        for number, outlet, day in zip(numbers, ("Wire", "Post", "Mail"), (11, 12, 13), strict=False)
    ]
    path = lake.write(ARTICLES, {"published_month": "2022-04"}, "batch", rows)
    batches.finish(lake, CLEAN, "1", "batch", source="documents", outputs=[path], counts={"articles": len(rows)})
    return lake


def run(lake, rule="latest_trusted", mode="range"):
    """Do what is pending, and return the batches, months and years done."""
    pending = extract.pending(lake, mode)
    for batch in pending:
        extract.extract_batch(lake, batch, mode)
    resolve_reports(lake)
    months = changed_months(lake, rule)
    for month in months:
        aggregate_month(lake, month, NOW, rule, mode)
    years = changed_years(lake)
    for year in years:
        tally_year(lake, year)
    return pending, months, years


def killed(lake, dataset):
    (row,) = lake.read(dataset).to_pylist()
    return tuple(row[f"killed_{b}"] for b in ("low", "best", "high"))


@pytest.mark.parametrize(
    ("mode", "counts", "tallied"),
    [("range", (3, None, 9), (3, 3, 9)), ("acled", (3, 3, 3), (3, 3, 3)), ("gtd", (None, None, None), (None, None, None))],
)
def test_the_codebook_reaches_the_tallies_and_is_named_there(tmp_path, mode, counts, tallied):
    lake = lake_of(tmp_path, "Several")
    run(lake, mode=mode)
    assert (killed(lake, INCIDENTS), killed(lake, MONTHLY_TALLIES)) == (counts, tallied)
    for dataset in (REPORTS, INCIDENTS, MONTHLY_TALLIES):
        assert lake.read(dataset)["count_mode"].to_pylist() == [mode]
    assert "count_mode" in CLAIMS.schema.names and set(COUNT_MODES) == {"range", "acled", "gtd"}


def test_another_codebook_makes_all_pending_once_and_back_is_as_before(tmp_path):
    lake = lake_of(tmp_path, "Several")
    everything = (["batch"], [(2022, 4)], [2022])
    assert run(lake) == everything
    before = killed(lake, INCIDENTS)
    assert run(lake) == ([], [], [])
    assert run(lake, mode="acled") == everything
    assert killed(lake, INCIDENTS) != before
    assert run(lake, mode="acled") == ([], [], [])
    run(lake)
    assert killed(lake, INCIDENTS) == before


def test_another_rule_makes_months_and_years_pending_and_no_batch(tmp_path):
    lake = lake_of(tmp_path, "Four", "Six", "Five")
    assert run(lake) == (["batch"], [(2022, 4)], [2022])
    found = {}
    for rule in COUNT_RULES:
        changed = run(lake, rule)
        assert changed == (([], [], []) if rule == "latest_trusted" else ([], [(2022, 4)], [2022]))
        (incident,) = lake.read(INCIDENTS).to_pylist()
        assert killed(lake, INCIDENTS) == killed(lake, MONTHLY_TALLIES)
        found[rule] = (incident["killed_low"], incident["killed_best"], incident["killed_high"], incident["count_rule"])
    assert found == {
        "latest_trusted": (4, 5, 6, "latest_trusted"),
        "majority": (4, 4, 6, "majority_lowest"),
        "lowest": (4, 4, 6, "lowest"),
    }
