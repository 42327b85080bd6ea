"""The article that the project began with: what a careful analyst would record, row by row. Skipped where it is not at hand."""

from datetime import date
from pathlib import Path

import pytest

from include.datasets.catalogue import CLAIMS, REPORTS
from include.extract.article import extract_article

ARTICLE = Path(__file__).parents[2].parent / "shared" / "data" / "seed_article.txt"

pytestmark = pytest.mark.skipif(not ARTICLE.exists(), reason=f"{ARTICLE} is not at hand")


@pytest.fixture(scope="module")
def found():
    text = ARTICLE.read_text(encoding="utf-8")
    found = extract_article({"article_id": "seed", "text": text, "published_on": date(2022, 4, 11)})
    REPORTS.table(found.reports)
    CLAIMS.table(found.claims)
    return found


def picked(row, *columns):
    return tuple(row.get(c) for c in columns)


def test_one_main_event(found):
    (main,) = (r for r in found.reports if r["mention_role"] == "main_event")
    assert picked(main, "killed_low", "killed_best", "killed_high") == (4, 4, 4)
    assert picked(main, "injured_low", "injured_best", "injured_high") == (2, 2, 2)
    assert picked(main, "perpetrator", "attribution", "hedge") == ("ISIS", "suspected_or_accused", "alleged")
    assert picked(main, "target", "claim_status", "monitor") == ("Iran-backed militia", "not_claimed", "SOHR")
    assert picked(main, "place", "admin1", "country", "where_prec") == ("al-Sukhna", "Homs", "SYR", 2)
    assert picked(main, "latitude", "longitude") == pytest.approx((34.89, 38.87), abs=0.05)
    assert picked(main, "date_start", "date_end", "date_prec") == (date(2022, 4, 10), date(2022, 4, 11), 2)


def test_one_background_reference(found):
    (bus,) = (r for r in found.reports if r["mention_role"] == "background_reference")
    assert picked(bus, "killed_low", "killed_best", "injured_low", "injured_best") == (None,) * 4
    assert picked(bus, "casualties_low", "casualties_best", "casualties_high") == (24, None, 99)
    assert bus["date_start"] <= date(2022, 3, 11) <= bus["date_end"]
    assert picked(bus, "date_prec", "place", "where_prec", "perpetrator") == (4, "Badia", 5, "ISIS")


def test_two_cumulative_claims(found):
    regime, group = (c for c in found.claims if c["claim_type"] == "cumulative")
    assert picked(regime, "measure", "value_best", "perpetrator", "hedge") == ("killed", 61, "ISIS", "alleged")
    assert picked(group, "measure", "value_best", "victim_class", "perpetrator") == ("killed", 69, "extremist_group", None)
    for claim in (regime, group):
        assert picked(claim, "period_start", "as_of", "as_of_phrase") == (date(2022, 1, 1), date(2022, 3, 31), "last month")
        assert picked(claim, "monitor", "area") == ("SOHR", "the desert")


def test_a_perpetrators_claim_of_two_attacks_and_four_casualties(found):
    attacks, casualties = (c for c in found.claims if c["claim_type"] == "perpetrator")
    assert picked(attacks, "measure", "value_best") == ("attacks", 2)
    assert picked(casualties, "measure", "value_best") == ("casualties", 4)
    for claim in (attacks, casualties):
        assert picked(claim, "period_start", "period_end") == (date(2022, 3, 31), date(2022, 4, 6))
        assert picked(claim, "perpetrator", "attribution") == ("ISIS", "claimed_or_admitted")


def test_nothing_else_counts_and_the_arrests_have_their_reason(found):
    assert (len(found.reports), len(found.claims)) == (2, 4)
    reasons = {row["phrase"]: row["reason"] for row in found.not_counted}
    assert {"2014", "2017", "2019"} <= reasons.keys()
    assert next(reason for phrase, reason in reasons.items() if phrase.startswith("at least three")) == "arrest"
