"""What the addresses of headlines have in common."""

import re

from hypothesis import given
from hypothesis import strategies as st

from include.scrape.link_pattern import is_article_like, link_pattern

HEADLINE = "Two soldiers were killed near the town"
MENU = [(f"https://herald.example/{word}", "Section") for word in ("", "about", "syria", "contact-us", "page/2", "tag/war")]


def induced(*paths: str, host: str = "https://herald.example") -> re.Pattern[str] | None:
    return link_pattern([*MENU, *((host + path, HEADLINE) for path in paths)])


def test_a_number_a_slug_or_a_parameter_is_what_varies():
    assert induced("/news/1", "/news/22", "/news/333").pattern == r"//(?:www\.)?herald\.example/news/[0-9]+/?(?:[?&#]|$)"
    pattern = induced("/iraq/a-b-c", "/iraq/d-e-f", "/syria/g-h-i")
    assert pattern.pattern == r"//(?:www\.)?herald\.example/[^/?#]+/[^/?#_-]*[-_][^/?#]+/?(?:[?&#]|$)"
    pattern = induced("/story.php?id=1", "/story.php?id=2", "/story.php?lang=en&id=3")
    assert pattern.search("https://www.herald.example/story.php?id=44&utm_source=x")
    assert not pattern.search("https://herald.example/story.php?id=x")


def test_dates_in_the_path_and_an_extension_stay():
    pattern = induced(*(f"/2022/04/{day}/a-long-story-{day}.html" for day in (9, 10, 11)))
    assert pattern.search("https://herald.example/2023/01/02/another-of-these.html")
    assert not pattern.search("https://herald.example/2023/01/02/another-of-these.pdf")


def test_sections_and_further_pages_are_no_articles():
    pattern = induced("/a-b-c", "/d-e-f", "/g-h-i")
    assert not any(pattern.search(url) for url, _ in MENU if url.rstrip("/").count("/") < 3)
    assert link_pattern([(f"https://herald.example/?page={n}", HEADLINE) for n in range(9)]) is None


def test_articles_lie_below_sections_of_any_depth():
    pattern = induced("/news/flood-in-the-north", "/news/iraq/kurdistan/talks-go-on-today", "/news/sport/they-won-the-cup")
    assert pattern.pattern == r"//(?:www\.)?herald\.example/news/(?:[^/?#]+/){0,2}(?:[^/?#_-]*[-_]){2}[^/?#]+/?(?:[?&#]|$)"
    assert not pattern.search("https://herald.example/news/south-sudan") and not pattern.search("https://herald.example/a-b-c")


def test_a_long_name_of_a_section_among_the_headlines_changes_little():
    slugs = [f"/a-long-story-number-{number}" for number in range(9)]
    pattern = induced(*slugs, "/politicsandgovernment")
    assert pattern.search("https://herald.example/another-story-of-theirs")
    assert not pattern.search("https://herald.example/politics")


def test_a_number_in_the_query_counts_only_where_the_path_has_none():
    pattern = induced("/a-b-c?ad=1", "/d-e-f?ad=2", "/g-h-i?ad=3")
    assert pattern.search("https://herald.example/x-y-z")


def test_short_words_and_too_few_headlines_show_nothing():
    assert induced("/news/1", "/news/2") is None
    assert link_pattern([(f"https://herald.example/news/{n}", "more") for n in range(9)]) is None
    assert link_pattern([]) is None


def test_a_picture_and_a_headline_that_lead_to_one_article_are_one_link():
    links = [(f"https://herald.example/news/{n}", words) for n in range(3) for words in ("", HEADLINE, "Read more")]
    assert link_pattern(links) is not None


def test_arabic_slugs_are_slugs():
    slug = "%D9%85%D9%82%D8%AA%D9%84-%D8%AC%D9%86%D8%AF%D9%8A"
    assert is_article_like(f"https://herald.example/{slug}") and not is_article_like("https://herald.example/syria")
    assert induced(*(f"/{slug}{n}" for n in range(3))).search(f"https://herald.example/{slug}9")


PIECE = st.text(st.characters(exclude_characters="/?#", exclude_categories=("Cs", "Cc", "Z")), min_size=1, max_size=12)
HOST = st.sampled_from(["herald.example", "www.herald.example:81"])
URL = st.builds("https://{}/{}".format, HOST, st.lists(PIECE, max_size=4).map("/".join))


@given(st.lists(st.tuples(URL, st.text(max_size=40)), max_size=12))
def test_a_pattern_matches_at_least_the_headlines_that_it_was_made_of(links):
    pattern = link_pattern(links)
    if pattern is not None:
        matched = {url for url, _ in links if pattern.search(url)}
        headlines = {url for url, words in links if len(" ".join(words.split())) >= 20}
        assert len(matched & headlines) >= 3
        assert re.compile(pattern.pattern) == pattern


@given(st.lists(PIECE, max_size=3), st.integers(0, 3), st.lists(st.integers(0, 10**9), min_size=3, max_size=9, unique=True))
def test_articles_that_differ_by_a_number_are_found_whatever_stands_around_it(words, at, numbers):
    def url(number: int) -> str:
        return "https://herald.example/" + "/".join([*words[:at], str(number), *words[at:]])

    pattern = link_pattern([(url(number), HEADLINE) for number in numbers])
    assert all(pattern.search(url(number)) for number in [*numbers, 123456])


@given(st.text(max_size=3000))
def test_no_address_makes_a_pattern_slow(tail):
    pattern = induced("/a-b-c/1", "/d-e-f/2", "/g-h-i/3")
    pattern.search(f"https://herald.example/{tail}" * 3)
