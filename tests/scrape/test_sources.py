from datetime import date
from pathlib import Path

import pytest

from include.scrape.sources import KINDS, Bounds, SourcesError, load_sources

WHOLE = """\
sources:
  - id: herald
    outlet: Desert Herald
    kind: newspaper
    country: SYR
    languages: [en, ar]
    base_url: https://herald.example/en/
    listing: {feed: feed.xml}
    delay_seconds: 1.5
    max_articles: 50
    timezone: Asia/Damascus
    since: 2022-01-01
    bounds: {articles: [5, 400], days: 14, dated: 0.9, text: 0.8}
    notes: Prints corrections on Mondays.
    verified: true
  - id: wire_2
    outlet: Wire
    kind: agency
    languages: en
    base_url: https://wire.example/
    listing:
      - page: /news
        links: /news/[0-9]+
        next: /news[?]before=
        most_pages: 5
      - feed: /feed
        pages: /feed?paged={page}
"""


@pytest.fixture
def written(tmp_path):
    def write(text: str | bytes) -> Path:
        path = tmp_path / "sources.yaml"
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return write


def test_a_whole_file_gives_sources_in_its_order(written):
    herald, wire = load_sources(written(WHOLE)).values()
    assert (herald.id, herald.outlet, herald.languages, herald.delay_seconds, herald.verified) == (
        "herald",
        "Desert Herald",
        ("en", "ar"),
        1.5,
        True,
    )
    assert (herald.listing.kind, herald.listing.url) == ("feed", "https://herald.example/en/feed.xml")
    assert (wire.listing.kind, wire.listing.url, wire.listing.links.pattern) == (
        "page",
        "https://wire.example/news",
        "/news/[0-9]+",
    )
    assert [(each.url, each.pages, each.most_pages) for each in wire.listings] == [
        ("https://wire.example/news", None, 5),
        ("https://wire.example/feed", "https://wire.example/feed?paged={page}", 20),
    ]
    assert wire.listing.following.pattern == "/news[?]before="
    assert (herald.since, herald.bounds) == (date(2022, 1, 1), Bounds(least=5, most=400, days=14, dated=0.9, text=0.8))
    assert (herald.host, wire.bounds) == ("herald.example", Bounds())
    assert (wire.languages, wire.country, wire.timezone, wire.verified) == (("en",), None, None, False)


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        (
            "    kind: agency",
            "    kind: agency\n    dely_seconds: 3",
            19,
            "unknown key 'dely_seconds'; did you mean 'delay_seconds'?",
        ),
        ("    kind: agency\n", "", 16, "lacks kind; required keys are id, outlet, kind"),
        ("kind: agency", "kind: monitr", 18, f"got 'monitr'; want one of {', '.join(KINDS)}"),
        ("id: wire_2", "id: herald", 16, "'herald' is already the id of the entry in line 2"),
        ("id: wire_2", "id: Wire 2", 16, "sources[1].id: got 'Wire 2'"),
        ("id: wire_2", "id: ../evil", 16, "lower-case letters"),
        ("outlet: Wire", "outlet: 7", 17, "sources[1].outlet: got 7; want text"),
        ("outlet: Wire", "outlet: Wire\n    outlet: Wire", 18, "the key 'outlet' stands here a second time"),
        ("languages: en", "languages: [english]", 19, "ISO 639-1"),
        ("languages: en", "languages: []", 19, "ISO 639-1"),
        ("country: SYR", "country: Syria", 5, "ISO 3166-1 alpha-3"),
        ("timezone: Asia/Damascus", "timezone: Damascus", 11, "IANA"),
        ("timezone: Asia/Damascus", "timezone: ../../etc/passwd", 11, "IANA"),
        ("delay_seconds: 1.5", "delay_seconds: fast", 9, "0 to 60"),
        ("delay_seconds: 1.5", "delay_seconds: .nan", 9, "0 to 60"),
        ("delay_seconds: 1.5", "delay_seconds: -1", 9, "0 to 60"),
        ("max_articles: 50", "max_articles: 0", 10, "from 1 to 100000"),
        ("max_articles: 50", "max_articles: true", 10, "from 1 to 100000"),
        ("verified: true", "verified: 'yes'", 15, "true or false"),
        ("base_url: https://wire.example/", "base_url: ftp://wire.example/", 20, "http:// or https://"),
        ("base_url: https://wire.example/", "base_url: https://user:pw@wire.example/", 20, "no user name"),
        ("base_url: https://wire.example/", "base_url: https://wire.example:99999/", 20, "http:// or https://"),
        ("listing: {feed: feed.xml}", "listing: feed.xml", 8, "want a mapping with the keys feed, sitemap, page, links, next"),
        ("listing: {feed: feed.xml}", "listing: {}", 8, "has 0 of the keys feed, sitemap, page"),
        ("listing: {feed: feed.xml}", "listing: {feed: a, sitemap: b}", 8, "has 2 of the keys"),
        ("listing: {feed: feed.xml}", "listing: []", 8, "at least one listing"),
        ("listing: {feed: feed.xml}", "listing: [{feed: a}, {sitemap: a}]", 8, "names one address twice"),
        ("listing: {feed: feed.xml}", "listing: {feed: a, next: b}", 8, "goes with 'page' only"),
        ("listing: {feed: feed.xml}", "listing: {sitemap: a, pages: 'b{page}'}", 8, "goes with 'feed'"),
        ("listing: {feed: feed.xml}", "listing: {feed: a, pages: b}", 8, "{page} in it once"),
        ("listing: {feed: feed.xml}", "listing: {feed: a, most_pages: 0}", 8, "from 1 to 1000"),
        ("since: 2022-01-01", "since: yesterday", 12, "a day, such as 2024-01-01"),
        ("since: 2022-01-01", "since: 2022-01-01 10:00:00", 12, "a day, such as 2024-01-01"),
        ("articles: [5, 400]", "articles: [9, 5]", 13, "two whole numbers"),
        ("articles: [5, 400]", "articles: 5", 13, "two whole numbers"),
        ("dated: 0.9", "dated: 90", 13, "a share of the pages, 0 to 1"),
        ("dated: 0.9", "date: 0.9", 13, "did you mean 'dated'?"),
        ("days: 14", "days: 400", 13, "from 1 to 60"),
        ("listing: {feed: feed.xml}", "listing: {feed: a, links: b}", 8, "want 'links'"),
        ("listing: {feed: feed.xml}", "listing: {rss: a}", 8, "unknown key 'rss'"),
        ("listing: {feed: feed.xml}", "listing: {feed: 'mailto:desk@example.org'}", 8, "http:// or https://"),
        ("        links: /news/[0-9]+\n", "", 22, "want 'links'"),
        ("links: /news/[0-9]+", "links: '[0-9'", 23, "a regular expression (unterminated character set"),
        ("sources:", "sorces:", 1, "unknown key 'sorces'; did you mean 'sources'?"),
        ("  - id: wire_2", "  - wire\n  - id: wire_2", 16, "want a mapping"),
    ],
)
def test_a_mistake_is_named_with_its_line(written, old: str, new: str, line: int, says: str):
    assert old in WHOLE
    path = written(WHOLE.replace(old, new))
    with pytest.raises(SourcesError) as caught:
        load_sources(path)
    message = str(caught.value)
    assert says in message
    assert message.startswith(f"{path}, line {line}: ")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the file is empty"),
        ("sources: []", "at least one entry"),
        ("sources: herald", "at least one entry"),
        ("- id: herald", "want a mapping with the keys sources"),
        ("sources: [", "not valid YAML"),
        ("sources:\n\t- id: herald", "line 2"),
        (b"sources: \xff\xfe", "not valid YAML in UTF-8"),
        ("sources: [{? [a] : b}]", "unknown key"),
    ],
)
def test_a_file_that_is_no_declaration_is_refused(written, text: str | bytes, says: str):
    with pytest.raises(SourcesError, match=says.replace("[", r"\[")) as caught:
        load_sources(written(text))
    assert "sources.yaml" in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        load_sources(tmp_path / "nowhere.yaml")
