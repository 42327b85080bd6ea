"""The readers of feeds, sitemaps and listing pages."""

import gzip
import json
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.scrape.feeds import read_feed
from include.scrape.listed import Entry, Listed, ListingError, collect, instant
from include.scrape.listings import read_page
from include.scrape.sitemaps import Child, Sitemap, read_sitemap

BASE = "https://herald.example/en/feed.xml"
ANY_LINK = re.compile(r"herald\.example/")


def rss(items: str, head: str = '<?xml version="1.0" encoding="utf-8"?>') -> bytes:
    return f'{head}<rss version="2.0"><channel><title>News</title>{items}</channel></rss>'.encode()


# -- feeds ---------------------------------------------------------------------------------------------------------------


def test_rss_entries_come_in_their_order():
    body = rss(
        "<item><title>Two killed  in\n shelling</title><link>https://herald.example/a</link>"
        "<pubDate>Mon, 11 Apr 2022 10:00:00 +0300</pubDate></item>"
        "<item><title>Weather</title><link>/b#top</link></item>"
    )
    assert read_feed(body, BASE).articles == (
        Listed("https://herald.example/a", "Two killed in shelling", "Mon, 11 Apr 2022 10:00:00 +0300"),
        Listed("https://herald.example/b", "Weather", None),
    )


def test_atom_entries_give_their_page_with_their_dates_of_publication_and_of_change():
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>
      <entry><title>A</title><link rel="self" href="/a.atom"/><link rel="alternate" href="/a"/>
        <published>2022-04-11T10:00:00Z</published><updated>2022-05-01T00:00:00Z</updated></entry>
      <entry><title>B</title><link href="/b"/><updated>2022-05-01T00:00:00Z</updated></entry></feed>"""
    assert read_feed(body, BASE).articles == (
        Listed("https://herald.example/a", "A", "2022-04-11T10:00:00Z", "2022-05-01T00:00:00Z"),
        Listed("https://herald.example/b", "B", None, "2022-05-01T00:00:00Z"),
    )


def test_a_title_that_is_html_is_read_as_text():
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>
      <entry><title type="html">Strike on &lt;b&gt;Homs&lt;/b&gt; &amp;amp; Hama: 3 &amp;lt; 5</title><link href="/a"/></entry>
      <entry><title>Toll: 3 &lt; 5</title><link href="/b"/></entry></feed>"""
    assert [article.title for article in read_feed(body, BASE).articles] == ["Strike on Homs & Hama: 3 < 5", "Toll: 3 < 5"]


def test_rdf_feeds_are_read_with_their_dublin_core_date():
    body = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
      xmlns:dc="http://purl.org/dc/elements/1.1/"><item rdf:about="https://herald.example/a"><title>A</title>
      <link>https://herald.example/a</link><dc:date>2022-04-11T10:00:00Z</dc:date></item></rdf:RDF>"""
    assert read_feed(body, BASE).articles == (Listed("https://herald.example/a", "A", "2022-04-11T10:00:00Z"),)


def test_the_charset_of_the_header_counts_where_the_feed_states_none():
    body = rss("<item><title>مقتل</title><link>/a</link></item>", head="").decode().encode("windows-1256")
    (article,) = read_feed(body, BASE, "application/xml; charset=windows-1256").articles
    assert article.title == "مقتل"


def test_a_wrong_charset_costs_no_link():
    body = rss("<item><title>Résumé</title><link>/a</link></item>").decode().encode("latin-1")
    assert [a.url for a in read_feed(body, BASE).articles] == ["https://herald.example/a"]


def test_an_entry_listed_twice_counts_once():
    body = rss("<item><link>/a</link></item><item><link>/b</link></item><item><title>A</title><link>/a</link></item>")
    assert read_feed(body, BASE).articles == (Listed("https://herald.example/a", "A"), Listed("https://herald.example/b"))


def test_a_feed_cut_off_in_the_middle_gives_what_came_and_says_so():
    body = rss("".join(f"<item><title>T</title><link>/story/{i}</link></item>" for i in range(9)))
    cut = body[: body.index(b"/story/7") + len(b"/sto")]
    listing = read_feed(cut, BASE)
    assert [a.url[-2:] for a in listing.articles] == [f"/{i}" for i in range(7)]
    assert "not well-formed XML" in listing.problems[0]
    assert "7 entries were read all the same" in listing.problems[0]


@pytest.mark.parametrize(
    ("body", "error_class", "says"),
    [
        (b"<rss><channel><item></channel>", "broken_listing", "not well-formed XML: Opening and ending tag mismatch"),
        (b"<html><body>Not found</body></html>", "broken_listing", "is not a feed"),
        (b"", "broken_listing", "is not a feed"),
        (b"{}", "broken_listing", "no JSON Feed"),
        (b"%PDF-1.7 \x00\xff", "broken_listing", "not well-formed"),
        (rss(""), "no_entries", "a feed without entries"),
        (rss("<item><title>A</title></item><item><link>mailto:a@b</link></item>"), "no_entries", "2 entries, none of them"),
    ],
)
def test_a_feed_that_gives_nothing_is_an_error(body: bytes, error_class: str, says: str):
    with pytest.raises(ListingError) as caught:
        read_feed(body, BASE)
    assert caught.value.error_class == error_class
    assert says in str(caught.value)
    assert BASE in str(caught.value)


def test_a_feed_cannot_make_the_reader_open_files(tmp_path):
    secret = tmp_path / "secret.xml"
    secret.write_bytes(rss("<item><link>/secret</link></item>"))
    with pytest.raises(ListingError):
        read_feed(str(secret).encode(), BASE)
    entity = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}">]>'
    body = rss("<item><title>&x;</title><link>/a</link></item>", head='<?xml version="1.0"?>' + entity)
    assert "secret" not in str(read_feed(body, BASE))


def test_entities_that_multiply_stay_small():
    lol = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 10))
    head = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "lol">{lol}]>'
    body = rss("<item><title>&l9;</title><link>/a</link></item>", head=head)
    assert len(str(read_feed(body, BASE))) < 10_000
    with pytest.raises(ListingError):
        read_sitemap(body, BASE)


def json_feed(*items: object, **fields: object) -> bytes:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "News", "items": items} | fields).encode()


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b"\n "])
def test_a_json_feed_gives_its_items_with_both_dates(before: bytes):
    body = json_feed(
        {"id": "7", "url": "/a", "title": "Two killed", "date_published": "2022-04-11T10:00:00+03:00"},
        {"id": "https://herald.example/b", "date_modified": "2022-04-12T10:00:00Z", "title": 7},
        "no item",
        next_url="/feed.json?page=2",
    )
    listing = read_feed(before + body, BASE)
    assert listing.articles == (
        Listed("https://herald.example/a", "Two killed", "2022-04-11T10:00:00+03:00"),
        Listed("https://herald.example/b", None, None, "2022-04-12T10:00:00Z"),
    )
    assert listing.next_page == "https://herald.example/feed.json?page=2"


@pytest.mark.parametrize(
    ("body", "error_class", "says"),
    [
        (b'{"version": ', "broken_listing", "not valid JSON"),
        (b'{"a":' * 40_000, "broken_listing", "not valid JSON"),
        (b'{"items": []}', "broken_listing", "no JSON Feed"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": {}}', "broken_listing", "no JSON Feed"),
        (json_feed(), "no_entries", "a feed without entries"),
        (json_feed({"id": "7"}, "x", {"url": "mailto:a@b"}), "no_entries", "3 entries, none of them"),
    ],
)
def test_json_that_lists_nothing_is_an_error(body: bytes, error_class: str, says: str):
    with pytest.raises(ListingError, match=says) as caught:
        read_feed(body, BASE)
    assert caught.value.error_class == error_class


@pytest.mark.parametrize("version", ["0.90", "0.91", "0.92", "0.93", "0.94", "2.0"])
def test_every_version_of_rss_is_read(version: str):
    item = "<item><title>A</title><link>/a</link></item>"
    if version == "0.90":
        space = "http://my.netscape.com/rdf/simple/0.9/"
        body = f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="{space}">{item}</rdf:RDF>'
    else:
        body = f'<rss version="{version}"><channel><title>News</title>{item}</channel></rss>'
    assert read_feed(body.encode(), BASE).articles == (Listed("https://herald.example/a", "A"),)


def test_an_rss_item_that_says_when_it_changed_gives_both_times():
    item = "<item><link>/a</link><pubDate>Mon, 11 Apr 2022 10:00:00 GMT</pubDate><{0}>2022-04-12T08:00:00Z</{0}></item>"
    for name in ("atom:updated", "dcterms:modified"):
        body = (
            '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" xmlns:dcterms="http://purl.org/dc/terms/"><channel>'
            f"{item.format(name)}</channel></rss>"
        ).encode()
        (article,) = read_feed(body, BASE).articles
        times = "Mon, 11 Apr 2022 10:00:00 GMT", "2022-04-12T08:00:00Z"
        assert (article.published_text, article.modified_text) == times


def test_a_feed_that_goes_on_says_where():
    link = '<link xmlns="http://www.w3.org/2005/Atom" rel="next" href="/feed?paged=2"/>'
    body = rss(link + "<item><link>/a</link></item>")
    assert read_feed(body, BASE).next_page == "https://herald.example/feed?paged=2"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2022-04-11T10:00:00+03:00", "2022-04-11T07:00:00+00:00"),
        ("2022-04-11T10:00Z", "2022-04-11T10:00:00+00:00"),
        ("2022-04-11", "2022-04-11T00:00:00+00:00"),
        ("Mon, 11 Apr 2022 10:00:00 +0300", "2022-04-11T07:00:00+00:00"),
        ("11 Apr 2022 10:00:00 GMT", "2022-04-11T10:00:00+00:00"),
        ("last Monday", None),
        ("0001-01-01T00:00:00+14:00", None),
        ("", None),
        (None, None),
    ],
)
def test_times_of_listings_are_compared_as_instants(written: str | None, meant: str | None):
    assert instant(written) == (meant and datetime.fromisoformat(meant))


@given(st.text(max_size=40) | st.datetimes().map(str) | st.datetimes(timezones=st.timezones()).map(format_datetime))
def test_any_words_are_an_instant_in_utc_or_none(written: str):
    at = instant(written)
    assert at is None or at.utcoffset() == timedelta(0)


# -- sitemaps ------------------------------------------------------------------------------------------------------------

SITEMAP = b"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
  <!-- a comment -->
  <url><loc> https://herald.example/a?x=1&amp;y=2 </loc><lastmod>2022-05-01</lastmod>
    <news:news><news:publication><news:name>Herald</news:name></news:publication>
      <news:publication_date>2022-04-11T10:00:00+03:00</news:publication_date><news:title>Two killed</news:title></news:news>
  </url>
  <url><loc>https://herald.example/b</loc><lastmod>2022-05-01</lastmod></url>
</urlset>"""
INDEX = b"""<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
  <sitemap><loc>/2021.xml</loc><lastmod>2021-12-31</lastmod></sitemap>
  <sitemap><loc>/static.xml</loc></sitemap>
  <sitemap><loc>/2022.xml</loc><lastmod>2022-04-11T10:00:00Z</lastmod></sitemap>
  <sitemap><loc>/2021.xml</loc></sitemap>
</sitemapindex>"""
NEWS = (
    Listed("https://herald.example/a?x=1&y=2", "Two killed", "2022-04-11T10:00:00+03:00", "2022-05-01"),
    Listed("https://herald.example/b", None, None, "2022-05-01"),  # lastmod is no time of publication
)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_a_news_sitemap_gives_pages_with_title_and_time(pack: Callable[[bytes], bytes]):
    assert read_sitemap(pack(SITEMAP), BASE).listing.articles == NEWS


@pytest.mark.parametrize(
    ("articles", "lists"),
    [
        (
            "post-sitemap.xml post-sitemap2.xml page-sitemap.xml",
            "category-sitemap.xml post_tag-sitemap3.xml author-sitemap.xml",
        ),
        ("wp-sitemap-posts-post-1.xml", "wp-sitemap-taxonomies-category-1.xml wp-sitemap-users-1.xml"),
        ("sitemap.xml?page=2 sitemap-page-3.xml category-news.xml tag/2022.xml", ""),
    ],
)
def test_lists_of_categories_tags_and_authors_are_no_articles(articles: str, lists: str):
    names = [*lists.split(), *articles.split()]
    index = "".join(f"<sitemap><loc>https://herald.example/{name}</loc></sitemap>" for name in names)
    read = read_sitemap(f"<sitemapindex>{index}</sitemapindex>".encode(), BASE).children
    assert [child.url.partition("example/")[2] for child in read] == articles.split()


def test_the_home_page_is_no_article():
    urls = ["https://herald.example/", "https://herald.example", "https://herald.example/?p=1", "/story"]
    sitemap = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
    read = read_sitemap(f"<urlset>{sitemap}</urlset>".encode(), BASE).listing.articles
    assert [article.url for article in read] == ["https://herald.example/?p=1", "https://herald.example/story"]


def test_an_index_gives_its_sitemaps_the_newest_first():
    dates = {"2022": "2022-04-11T10:00:00Z", "2021": "2021-12-31", "static": None}
    children = tuple(Child(f"https://herald.example/{name}.xml", modified) for name, modified in dates.items())
    assert read_sitemap(INDEX, BASE).children == children


@pytest.mark.parametrize(
    ("body", "error_class", "says"),
    [
        (SITEMAP[:-20], "broken_listing", "not well-formed XML"),
        (gzip.compress(SITEMAP)[:-20], "broken_listing", "ends before its end mark"),
        (b"", "broken_listing", "not well-formed XML"),
        (b"<html><p>no sitemap</p></html>", "no_entries", "lists no page and no sitemap"),
        (b"<urlset></urlset>", "no_entries", "lists no page and no sitemap"),
        (b"<urlset><url><loc>javascript:alert(1)</loc></url></urlset>", "no_entries", "lists no page"),
        (gzip.compress(b"<urlset>" + b"<url></url>" * 6_000_000), "too_large", "more than 50,000 entries"),
        (gzip.compress(b"<urlset>" + b"<!-- -->" * 7_000_000), "broken_listing", "more than 52,428,800 bytes"),
        (b"<a>" * 10_000, "broken_listing", "nested more than 20 deep"),
    ],
)
def test_a_sitemap_that_gives_nothing_is_an_error(body: bytes, error_class: str, says: str):
    with pytest.raises(ListingError) as caught:
        read_sitemap(body, BASE)
    assert caught.value.error_class == error_class
    assert says in str(caught.value)


# -- listing pages -------------------------------------------------------------------------------------------------------

PAGE = b"""<html><head><base href="/en/"></head><body>
  <a href="/about">About</a> <a href="news/12"><img src="x"></a> <a href="news/12#c">Two <b>killed</b>\n in shelling</a>
  <a href="https://other.example/en/news/13">Elsewhere</a> <a>no address</a> <a href="news/archive">Archive</a>
  <a href="news/11">Weather</a></body></html>"""


def test_links_that_match_come_in_page_order_with_their_words():
    listing = read_page(PAGE, "https://herald.example/", re.compile(r"herald\.example/en/news/[0-9]+$"))
    assert listing.articles == (
        Listed("https://herald.example/en/news/12", "Two killed in shelling"),
        Listed("https://herald.example/en/news/11", "Weather"),
    )


@pytest.mark.parametrize(
    ("head", "body", "following", "page"),
    [
        ("<link rel='next' href='?page=2'>", "", None, "https://herald.example/news?page=2"),
        ("", "<a class=x rel='nofollow next' href='/news/2/'>Older</a>", None, "https://herald.example/news/2/"),
        ("", "<a href='/news/2'>2</a><a href='/news/3'>3</a>", r"/news/[0-9]$", "https://herald.example/news/2"),
        ("", "<a rel=nextdoor href='/x'>x</a>", None, None),
        ("", "<a rel=next href='javascript:more()'>x</a>", None, None),
    ],
)
def test_a_page_that_goes_on_says_where(head: str, body: str, following: str | None, page: str | None):
    html = f"<html><head>{head}</head><body><a href='/story'>A</a>{body}</body></html>".encode()
    listing = read_page(html, "https://herald.example/news", re.compile("/story$"), None, following and re.compile(following))
    assert listing.next_page == page


@pytest.mark.parametrize(
    ("content_type", "encoding"),
    [
        ("text/html; charset=windows-1256", "windows-1256"),
        ("text/html", "utf-8"),
        ("text/html; charset=no-such", "utf-8"),
        (None, "utf-8"),
    ],
)
def test_words_of_links_are_read_in_the_charset_stated(content_type: str | None, encoding: str):
    body = f'<html><meta charset="{encoding}"><a href="/a">مقتل جنديين</a></html>'.encode(encoding)
    assert read_page(body, BASE, ANY_LINK, content_type).articles[0].title == "مقتل جنديين"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (PAGE, "none of the 6 links"),
        (b"", "not HTML that can be read"),
        (b"<p>no links</p>", "none of the 0 links"),
        (b"\x00\xff\xfe", "herald.example"),
    ],
)
def test_a_page_without_a_matching_link_is_an_error_that_names_the_pattern(body: bytes, says: str):
    with pytest.raises(ListingError, match=says):
        read_page(body, BASE, re.compile("/story/"))


# -- all of them ---------------------------------------------------------------------------------------------------------


def test_entries_without_a_usable_link_are_counted():
    listing = collect([Entry("/a"), Entry(None, "A"), Entry("javascript:void(0)"), Entry("http://[")], BASE)
    assert [a.url for a in listing.articles] == ["https://herald.example/a"]
    assert listing.problems == (f"3 entries of {BASE} have no usable http(s) link and were left out",)


@pytest.mark.parametrize(
    "link",
    [
        "",
        " ",
        "ftp://h/a",
        "http://",
        "http://h:0/",
        "http://h:99999/",
        "http://u:p@h/",
        "/a\x00b",
        "/" + "a" * 5000,
        "/\ud800",
    ],
)
def test_links_that_cannot_be_fetched_are_left_out(link: str):
    articles = collect([Entry(link)], BASE).articles
    assert articles == () or link.strip() == ""


READERS = {
    "feed": read_feed,
    "sitemap": read_sitemap,
    "page": lambda body, url: read_page(body, url, ANY_LINK),
}
PIECES = st.sampled_from(
    [
        b"<rss version='2.0'><channel>",
        b"<item>",
        b"<link>/a</link>",
        b"<title>&eacute;&#xD800;&#0;",
        b"]]>",
        b"<![CDATA[",
        b"<!--",
        b"</item>",
        b"</channel></rss>",
        b"<urlset>",
        b"<url><loc>http://h/</loc></url>",
        b"</urlset>",
        b"<a href='//[x'>",
        b"&x;",
        b"<?xml version='1.0' encoding='utf-16'?>",
        b"<!DOCTYPE a [<!ENTITY x 'y'>]>",
        b"<base href='http://[x'>",
        b"\x1f\x8b\x08\x00",
        b"<![foo",
        b"<!x",
        b"<a href='&#55296;'>",
        b"\xef\xbb\xbf",
        b"<pubDate>x</pubDate>",
        b"<guid>//</guid>",
        b"<feed><entry>",
        b'{"version": "https://jsonfeed.org/version/1", "next_url": "//[", "items": [',
        b'{"url": "/a\\ud800", "title": "\\ud800", "date_modified": 7}',
        b"]}",
    ]
)


@pytest.mark.parametrize("kind", sorted(READERS))
@settings(max_examples=150, deadline=None)
@given(body=st.binary(max_size=200) | st.lists(PIECES | st.binary(max_size=8), max_size=12).map(b"".join))
def test_no_bytes_raise_anything_but_the_named_error(kind: str, body: bytes):
    try:
        read = READERS[kind](body, BASE)
    except ListingError as error:
        assert BASE in str(error)
        return
    articles = read.listing.articles if isinstance(read, Sitemap) else read.articles
    for article in articles:
        assert article.url.startswith(("http://", "https://"))
        for text in (article.url, article.title or "", article.published_text or "", article.modified_text or ""):
            text.encode()  # what cannot be stored would cost the whole batch


def test_a_title_commands_no_terminal():
    (article,) = collect([Entry("/1", "Two\x1b[31m\x9b1m\x07 killed")], BASE).articles
    assert article.title == "Two[31m\u203a1m killed"
