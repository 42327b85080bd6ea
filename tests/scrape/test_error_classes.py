import pytest

from include.scrape.error_classes import entry_of

TABLE = {"http_503": 1, "http_5": 2, "robots": 3, "other": 4}


@pytest.mark.parametrize(
    ("error_class", "entry"),
    [("http_503", 1), ("http_502", 2), ("http_404", 4), ("robots", 3), ("robots_unreachable", 4), (None, 4)],
)
def test_a_class_without_an_entry_shares_that_of_its_first_digit_or_of_all_others(error_class, entry):
    assert entry_of(TABLE, error_class) == entry
