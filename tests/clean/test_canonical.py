"""The one URL that an article is known by."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from include.clean.canonical import canonical_url, republished_from


@pytest.mark.parametrize(
    ("fetched", "stated", "url"),
    [
        # one form for all spellings
        ("http://News.Example:80/a/", None, "https://news.example/a"),
        ("https://news.example/a#comments", None, "https://news.example/a"),
        ("https://news.example/a?utm_source=x&fbclid=y&id=7", None, "https://news.example/a?id=7"),
        ("https://news.example/a?b=2&a=1", None, "https://news.example/a?a=1&b=2"),
        # a page speaks for its own site
        ("https://news.example/a?print=1", "https://news.example/a", "https://news.example/a"),
        ("https://m.news.example/a", "https://www.news.example/a/", "https://www.news.example/a"),
        ("https://news.example/amp/a", "/a", "https://news.example/a"),
        ("https://news.example/a", "//news.example/b", "https://news.example/b"),
        # copies without an identity of their own
        ("http://127.0.0.1:8471/en/a/", "https://monitor.example/en/a/", "https://monitor.example/en/a"),
        ("http://localhost:8000/a", "https://monitor.example/a", "https://monitor.example/a"),
        ("http://[::1]:8000/a", "https://monitor.example/a", "https://monitor.example/a"),
        ("https://x.cdn.ampproject.org/c/a", "https://news.example/a", "https://news.example/a"),
        ("https://web.archive.org/web/20220411000000/https://news.example/a/", None, "https://news.example/a"),
        # what is not believed
        ("https://news.example/a", "https://other.example/b", "https://news.example/a"),
        ("https://news.example/a", "https://news.example/", "https://news.example/a"),
        ("https://news.example/a", "javascript:void(0)", "https://news.example/a"),
        ("https://news.example/a", "http://[broken", "https://news.example/a"),
        ("https://news.example/a", "   ", "https://news.example/a"),
        ("http://127.0.0.1:8471/a", None, "http://127.0.0.1:8471/a"),
    ],
)
def test_canonical_url(fetched, stated, url):
    assert canonical_url(fetched, stated) == url


def test_a_page_that_names_another_site_as_its_home_is_a_copy_of_it():
    assert republished_from("https://news.example/a", "https://www.agency.example/b") == "agency.example"
    assert republished_from("https://news.example/a", "https://m.news.example/b") is None
    assert republished_from("http://127.0.0.1:8000/a", "https://agency.example/b") is None
    assert republished_from("https://news.example/a", None) is None


@given(st.text(max_size=60), st.none() | st.text(max_size=60))
@example("/<", None)
@example("a/ ", None)
def test_any_text_gives_a_url_and_a_second_pass_changes_nothing(path, stated):
    url = canonical_url(f"https://news.example/{path}", stated)
    assert canonical_url(url, None) == url
    assert republished_from(url, url) is None
