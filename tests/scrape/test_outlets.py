"""The outlets that come with the project, as far as that can be judged without a network."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

from include.masking import secrets_in
from include.scrape.sources import Source, load_sources

OUTLETS = load_sources(Path(__file__).resolve().parents[2] / "include" / "sources.yaml")

AREAS = {
    "Syria": {"SYR"},
    "Iraq": {"IRQ"},
    "Yemen": {"YEM"},
    "Gaza, the West Bank and Israel": {"PSE", "ISR"},
    "Lebanon": {"LBN"},
    "Sudan": {"SDN"},
    "South Sudan": {"SSD"},
    "Ukraine": {"UKR"},
    "Afghanistan": {"AFG"},
    "the Sahel": {"MLI", "BFA", "NER", "NGA"},
    "Somalia": {"SOM"},
    "Ethiopia": {"ETH"},
    "Myanmar": {"MMR"},
}

each_outlet = pytest.mark.parametrize("outlet", OUTLETS.values(), ids=OUTLETS)


def test_there_are_outlets_enough_and_none_twice():
    assert len(OUTLETS) >= 30
    for what in (
        [outlet.outlet for outlet in OUTLETS.values()],
        [spec.url for outlet in OUTLETS.values() for spec in outlet.listings],
    ):
        assert len(set(what)) == len(what)


@pytest.mark.parametrize("area", AREAS)
def test_no_area_hangs_on_one_outlet_or_on_one_kind_of_outlet(area: str):
    there = [outlet for outlet in OUTLETS.values() if outlet.country in AREAS[area]]
    assert len(there) >= 2
    assert len({outlet.kind for outlet in there}) >= 2


@each_outlet
def test_its_addresses_are_secure_nobodys_secret_and_its_own_or_named(outlet: Source):
    assert {urlsplit(address).scheme for address in outlet.addresses} == {"https"}
    elsewhere = {urlsplit(address).netloc.lower() for address in outlet.addresses} - {outlet.host}
    assert all(host in (outlet.notes or "") for host in elsewhere)
    assert not secrets_in(outlet.addresses)


@each_outlet
def test_its_notes_name_its_terms(outlet: Source):
    assert "terms: " in (outlet.notes or "").lower()


@pytest.mark.parametrize(
    ("source", "article", "other"),
    [
        ("rudaw", "https://www.rudaw.net/english/middleeast/iraq/190320262", "https://www.rudaw.net/english/middleeast/iraq"),
        ("wafa", "https://english.wafa.ps/Pages/Details/157184", "https://english.wafa.ps/Pages/LastNews"),
        (
            "lorient-today",
            "https://today.lorientlejour.com/article/1547742/a-title.html",
            "https://today.lorientlejour.com/archives",
        ),
        (
            "radio-tamazuj",
            "https://www.radiotamazuj.org/en/news/article/a-title",
            "https://www.radiotamazuj.org/en/news/page/2",
        ),
        (
            "garowe-online",
            "https://www.garoweonline.com/en/news/puntland/a-title",
            "https://www.garoweonline.com/en/news/puntland",
        ),
        (
            "hrmmu",
            "https://ukraine.ohchr.org/en/Protection-of-Civilians-in-Armed-Conflict-July-2026",
            "https://ukraine.ohchr.org/en/reports/protection-of-civilians?page=1",
        ),
    ],
)
def test_links_to_articles_are_told_from_others(source: str, article: str, other: str):
    links = OUTLETS[source].listing.links
    assert links.search(article)
    assert not links.search(other)
