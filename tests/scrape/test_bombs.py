import re

import pytest

from tests.peak import MOST, Peak, peaks
from tests.scrape import bombs
from tests.scrape.hostile import HostileServer


@pytest.fixture(scope="module")
def measured() -> dict[str, Peak]:
    with HostileServer() as server:
        server.resources |= bombs.resources()
        return peaks("tests.scrape.bombs", server.url, timeout=240)


@pytest.mark.parametrize("name", bombs.NAMES)
def test_no_answer_takes_much_memory_or_time(measured, name: str):
    peak = measured[name]
    assert peak.grown <= MOST, peak
    assert peak.seconds < 20, peak
    assert re.match(r"FetchFailed|ListingError|[0-9,]+ articles|[0-9,]+ bytes|True|False", peak.outcome), peak


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("feed: 10,000 entries", "10,000 articles"),
        ("sitemap: 49,000 entries", "49,000 articles"),
        ("sitemap: an entity from a file", "1 articles"),
        ("page: 9,000 links", "9,000 articles"),
        ("page: a script", "1 articles"),
        ("answer: 15 MB", "15,000,000 bytes"),
    ],
)
def test_what_is_large_and_honest_is_read(measured, name: str, outcome: str):
    assert measured[name].outcome == outcome
