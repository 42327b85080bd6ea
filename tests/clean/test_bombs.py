import pytest

from tests.clean.bombs import PAGES
from tests.peak import MOST, Peak, peaks


@pytest.fixture(scope="module")
def measured() -> dict[str, Peak]:
    return peaks("tests.clean.bombs")


@pytest.mark.parametrize("name", PAGES)
def test_no_page_takes_much_memory_or_time(measured, name: str):
    peak = measured[name]
    assert peak.grown <= MOST, peak
    assert peak.seconds < 20, peak
    assert peak.outcome.startswith(
        ("cleaned", "no_text", "not_html", "failed: the page", "failed: a tag", "failed: the HTML")
    ), peak


@pytest.mark.parametrize(
    "name", ["words, 20 MB", "100,000 boxes in each other", "a tag with 100,000 attributes", "a million less-than signs"]
)
def test_what_is_refused_says_why(measured, name: str):
    assert "pages with more than" in measured[name].outcome or "has more than" in measured[name].outcome


@pytest.mark.parametrize("name", ["words", "paragraphs", "a script of 10 MB", "a picture of 10 MB", "comments", "JSON-LD"])
def test_a_large_page_that_is_a_page_is_cleaned(measured, name: str):
    assert measured[name].outcome.startswith("cleaned")
