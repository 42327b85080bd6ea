"""What a page says of itself in its markup."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import document_fromstring

from include.clean.metadata import Metadata, read_metadata


def read(head: str = "", body: str = "<p>x</p>") -> Metadata:
    return read_metadata(document_fromstring(f"<html><head>{head}</head><body>{body}</body></html>"))


def ld(data) -> str:
    return f'<script type="application/ld+json">{data if isinstance(data, str) else json.dumps(data)}</script>'


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        (
            "<title>Four killed near Homs - The Mail</title><meta property=og:site_name content='The Mail'>",
            "",
            "Four killed near Homs",
        ),
        ("<title>Four killed near Homs | The Mail</title>", "", "Four killed near Homs"),
        (
            "<title>Four killed near Homs - The Mail</title>",
            "<td><b>Four killed near Homs</b><br>x</td>",
            "Four killed near Homs",
        ),
        ("<title>HM0064 - October 9, 2023</title>", "<h2>HM0064</h2>", "HM0064 - October 9, 2023"),
        ("<title>Homs - four killed in attack</title>", "", "Homs - four killed in attack"),
        ("<title>The Mail :: Four killed near Homs</title>", "<h1>Four killed near Homs</h1>", "Four killed near Homs"),
        (
            "<title>Four killed near Homs - The Mail</title>",
            "<h1>The Mail</h1><h2>Four killed near Homs</h2>",
            "Four killed near Homs",
        ),
        ("<title>The Daily Mail | Four killed near Homs</title>", "<h1>Four killed near Homs</h1>", "Four killed near Homs"),
        ("<meta property=og:title content='Four killed'><title>Site</title>", "", "Four killed"),
        (ld({"@type": "NewsArticle", "headline": "Four &amp; two"}), "", "Four & two"),
        ("", "<h1>Four killed</h1>", "Four killed"),
        # the headline as printed, where it is the same one
        (
            "<title>Four killed near Homs: SEO words</title>",
            "<h1>The Mail</h1><h1>Four killed near <i>Homs</i></h1>",
            "Four killed near Homs",
        ),
        # a heading of the site is no headline
        ("<title>ISPT0115 of October 11</title>", "<h1>Civilian Casualties</h1>", "ISPT0115 of October 11"),
        ("", "", None),
    ],
)
def test_title(head, body, title):
    assert read(head, body or "<p>x</p>").title == title


@pytest.mark.parametrize(
    ("head", "body", "authors"),
    [
        (ld({"@type": "Article", "author": [{"name": "Rana Haddad"}, {"name": "Ali Omar"}]}), "", ("Rana Haddad", "Ali Omar")),
        (ld({"@type": "Article", "author": "By Rana Haddad and Ali Omar"}), "", ("Rana Haddad", "Ali Omar")),
        ("<meta name=author content='Rana Haddad'>", "<a rel=author>Somebody</a>", ("Rana Haddad",)),
        ("<meta property=article:author content='https://social.example/rana'>", "", ()),
        ("", "<p class='story byline'>By Rana Haddad</p>", ("Rana Haddad",)),
        ("", "<div class='authority'>The council</div>", ()),
        ("", "", ()),
    ],
)
def test_authors(head, body, authors):
    assert read(head, body or "<p>x</p>").authors == authors


@pytest.mark.parametrize(
    ("below", "authors"),
    [
        ("<font>By Rana Haddad and Ali Omar</font>", ("Rana Haddad", "Ali Omar")),
        ("<font>17-05-2023 11:20 | By Rana Haddad</font>", ("Rana Haddad",)),
        ("<div>كتب: سامر الخطيب</div>", ("سامر الخطيب",)),
        ("<p>By Monday four people had died.</p>", ()),
        ("<p>By Rana Haddad's count four people had died.</p>", ()),
        ("<p>1</p><p>2</p><p>3</p><p>4</p><p>By Rana Haddad</p>", ()),
    ],
)
def test_a_byline_without_markup_is_found_right_below_the_headline(below, authors):
    assert read(body=f"<h1>Four killed near Homs</h1>{below}").authors == authors


def test_the_site_is_named_by_what_its_title_says_beside_the_headline():
    head = "<title>Marsh News Agency :: Four killed near Homs</title>"
    assert read(head, "<h1>Four killed near Homs</h1>").site_name == "Marsh News Agency"
    assert read(head, "<h1>Marsh News Agency</h1>").site_name != "Four killed near Homs"


@pytest.mark.parametrize(
    "block",
    [
        {"@graph": [{"@type": "Organization"}, {"@type": ["Article", "NewsArticle"], "headline": "H"}]},
        [{"@type": "WebPage", "datePublished": "2022"}, {"@type": "ReportageNewsArticle", "headline": "H"}],
        {"@type": "WebPage", "mainEntity": {"@type": "LiveBlogPosting", "headline": "H"}},
        '<!-- {"@type": "NewsArticle", "headline": "H"} -->',
        '{"@type": "NewsArticle", "articleBody": "two\nlines", "headline": "H"};',
    ],
)
def test_the_article_is_found_in_json_ld_of_every_shape(block):
    assert read(ld(block)).article["headline"] == "H"


@pytest.mark.parametrize("block", ["{", "[" * 5000, "null", '"x"', "[1, 2]", '{"@type": 5}', '{"@graph": {"@graph": null}}'])
def test_json_ld_that_is_broken_or_about_something_else_is_left_out(block):
    assert read(ld(block) + ld({"@type": "Article", "headline": "H"})).article["headline"] == "H"
    assert read(ld(block)).article == {}


def test_what_a_table_cannot_hold_is_dropped_from_titles():
    assert read(ld('{"@type": "Article", "headline": "Four \\ud83d killed\\u0000"}')).title == "Four killed"


def test_the_language_is_what_the_page_states():
    assert read_metadata(document_fromstring("<html lang=ar-SY><body>x</body></html>")).language == "ar-SY"


@given(
    st.recursive(
        st.none() | st.text(max_size=8) | st.integers(),
        lambda c: (
            st.lists(c, max_size=3)
            | st.dictionaries(
                st.sampled_from(["@type", "@graph", "author", "headline", "publisher", "name", "datePublished", "mainEntity"]),
                c,
                max_size=4,
            )
        ),
        max_leaves=12,
    )
)
def test_no_json_ld_breaks_the_reading(data):
    assert isinstance(read(ld(data)), Metadata)
