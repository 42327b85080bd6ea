"""The newsroom serves what it says, and its articles are what the demo needs."""

import itertools
import re
import threading
import time
import urllib.error
import urllib.request
from collections import defaultdict
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree as ET

import feedparser
import pytest

from demo.newsroom.articles import HERE, load_outlets, read_article
from demo.newsroom.server import newsroom, write_sources
from include.scrape.sources import load_sources

OUTLETS = {o.id: o for o in load_outlets()}
ARTICLES = [(o, a) for o in OUTLETS.values() for a in o.articles]


@pytest.fixture
def sites():
    with newsroom() as served:
        yield served


def get(url: str, **headers: str):
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=5) as answer:
            return answer.status, answer.read(), answer.headers
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(), error.headers


def listed_paths(outlet, base_url: str) -> set[str]:
    """The paths of the pages that an outlet lists, read as its listing is meant to be read."""
    path = {"rss": "/feed.xml", "atom": "/atom.xml", "sitemap": "/sitemap.xml", "page": "/"}[outlet.listed_in]
    body = get(base_url + path)[1]
    if outlet.listed_in == "page":
        return {p for p in re.findall(r'href="([^"]+)"', body.decode()) if p.startswith("/en/")}
    if outlet.listed_in == "sitemap":
        return {loc.text.removeprefix(base_url) for loc in ET.fromstring(body).iterfind(".//{*}loc")}
    feed = feedparser.parse(body)
    assert not feed.bozo
    return {entry.link.removeprefix(base_url) for entry in feed.entries}


def test_every_article_file_is_loaded():
    assert len(ARTICLES) == len(list(HERE.glob("*/*.md"))) >= 30


def test_articles_span_three_months_of_2022_but_for_a_local_papers_past_and_a_reprint():
    months = {o.id: {a.published.strftime("%Y-%m") for a in o.articles if a.published} for o in OUTLETS.values()}
    spring = {"2022-02", "2022-03", "2022-04"}
    assert months.pop("sandstorm") == spring | {"2023-03"}
    assert {"2021-09", "2022-02", "2022-04"} < months.pop("bulletin") and all(m == spring for m in months.values())


def test_late_articles_are_served_once_it_is_late():
    late = threading.Event()
    paths = {o.id: {o.path_of(a) for a in o.articles if a.late} for o in OUTLETS.values()}
    assert sum(map(len, paths.values())) == 2
    with newsroom(late) as sites:
        pages = [sites[outlet] + path for outlet, found in paths.items() for path in found]
        assert {get(page)[0] for page in pages} == {404}
        late.set()
        assert {get(page)[0] for page in pages} == {200}


def test_a_file_that_is_no_article_is_named(tmp_path):
    path = tmp_path / "broken.md"
    path.write_text("---\ntitle: No related block\nsection: News\n---\nText.\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"broken\.md.*related"):
        read_article(path)


@pytest.mark.parametrize("outlet_id", OUTLETS)
def test_each_outlet_lists_all_its_articles_and_what_is_gone(sites, outlet_id):
    outlet = OUTLETS[outlet_id]
    assert listed_paths(outlet, sites[outlet_id]) == {outlet.path_of(a) for a in outlet.articles} | set(outlet.gone)


def test_every_page_holds_its_text_and_its_own_address(sites):
    for outlet, article in ARTICLES:
        url = sites[outlet.id] + outlet.path_of(article)
        status, body, _ = get(url)
        if article.fail_first:
            assert status == 500
            status, body, _ = get(url)
        text = body.decode(article.encoding)
        assert status == 200
        assert f'<link rel="canonical" href="{outlet.canonical_url(article)}">' in text
        assert article.paragraphs[0].split(". ")[0].split('"')[0] in text


def test_what_is_gone_is_not_found(sites):
    for outlet in OUTLETS.values():
        for path in outlet.gone:
            assert get(sites[outlet.id] + path)[0] == 404


def test_a_page_fails_first_and_then_recovers(sites):
    outlet, article = next((o, a) for o, a in ARTICLES if a.fail_first)
    url = sites[outlet.id] + outlet.path_of(article)
    assert [get(url)[0] for _ in range(article.fail_first + 2)] == [500] * article.fail_first + [200, 200]


def test_a_slow_page_takes_its_time(sites):
    outlet, article = next((o, a) for o, a in ARTICLES if a.delay)
    begun = time.monotonic()
    assert get(sites[outlet.id] + outlet.path_of(article))[0] == 200
    assert time.monotonic() - begun >= article.delay


def test_a_page_that_did_not_change_is_not_sent_again(sites):
    url = sites["steppe"] + "/"
    etag = get(url)[2]["ETag"]
    status, body, _ = get(url, **{"If-None-Match": etag})
    assert (status, body) == (304, b"")


def test_robots_txt_closes_the_private_page_and_no_other(sites):
    for outlet in OUTLETS.values():
        rules = RobotFileParser()
        rules.parse(get(sites[outlet.id] + "/robots.txt")[1].decode().splitlines())
        closed = {a.slug for a in outlet.articles if not rules.can_fetch("Badia", sites[outlet.id] + outlet.path_of(a))}
        assert closed == {a.slug for a in outlet.articles if a.private}
    assert any(a.private for _, a in ARTICLES)


def test_one_article_has_no_date_on_its_page_nor_in_the_feed(sites):
    outlet, article = next((o, a) for o, a in ARTICLES if a.published is None)
    page = get(sites[outlet.id] + outlet.path_of(article))[1].decode()
    assert not re.search(r"\d{4}-\d{2}-\d{2}|datetime=|published_time|datePublished", page)
    entry = next(e for e in feedparser.parse(get(sites[outlet.id] + "/feed.xml")[1]).entries if e.link.endswith(article.slug))
    assert "published" not in entry and "updated" not in entry


def test_some_pages_lie_about_their_charset_both_ways():
    lies = {(a.encoding, a.declared_charset) for _, a in ARTICLES if a.encoding != a.declared_charset}
    assert lies == {("utf-8", "windows-1252"), ("windows-1252", "utf-8")}
    liars = [a for _, a in ARTICLES if a.encoding != a.declared_charset]
    assert all(not "".join(a.paragraphs).isascii() for a in liars)


def test_the_sites_are_on_the_loopback_address_only(sites):
    assert all(url.startswith("http://127.0.0.1:") for url in sites.values())


def test_a_taken_port_gives_way_to_a_free_one():
    with newsroom() as first, newsroom() as second:
        assert not set(first.values()) & set(second.values())
        assert get(second["khabur"] + "/")[0] == 200


def test_the_sources_file_is_one_that_the_scraper_reads(sites, tmp_path):
    write_sources(tmp_path / "sources.yaml", sites)
    sources = load_sources(tmp_path / "sources.yaml")
    assert {s.id: s.base_url for s in sources.values()} == sites
    assert {s.listing.kind for s in sources.values()} == {"feed", "sitemap", "page"}
    assert {s.outlet for s in sources.values()} == {o.outlet for o in OUTLETS.values()}


def test_the_link_pattern_of_a_listing_page_finds_the_articles_and_nothing_else(sites, tmp_path):
    write_sources(tmp_path / "sources.yaml", sites)
    source = load_sources(tmp_path / "sources.yaml")["steppe"]
    links = re.findall(r'href="([^"]+)"', get(source.listing.url)[1].decode())
    found = {path for path in links if source.listing.links.search(sites["steppe"] + path)}
    assert found == {OUTLETS["steppe"].path_of(a) for a in OUTLETS["steppe"].articles} < set(links)


def test_no_sentence_is_in_two_outlets_except_in_the_republished_copies():
    outlets_of = defaultdict(set)
    for outlet, article in ARTICLES:
        for sentence in itertools.chain.from_iterable(re.split(r"(?<=[.!?])\s+", p) for p in article.paragraphs):
            if len(sentence.split()) > 5 and article.source is None:
                outlets_of[sentence].add(outlet.id)
    assert {s: o for s, o in outlets_of.items() if len(o) > 1} == {}


def test_the_republished_copies_name_their_agency_and_are_its_words():
    agency = {a.title: " ".join(a.paragraphs) for a in OUTLETS["orontes"].articles}
    copies = [a for a in OUTLETS["khabur"].articles if a.source]
    assert len(copies) == 2
    for copy in copies:
        assert copy.source == OUTLETS["orontes"].outlet
        assert any(all(p in text for p in copy.paragraphs) for text in agency.values())
