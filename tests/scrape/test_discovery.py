"""What is found at an outlet's address."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.scrape.discovery import MOST_TRIED, Discovery, discover
from include.scrape.fetch import FetchFailed, Response
from include.scrape.robots import no_robots
from tests.scrape.hostile import HostileServer, page, redirect
from tests.scrape.outlet import NOW
from tests.scrape.site import Site, wordpress


@pytest.fixture
def found(server, fetcher):
    """Discovers the listings of the outlet at a path of the server, or at an address."""

    def run(at: str = "/", **settings: object) -> Discovery:
        asking = fetcher(retries=0, **settings)
        return discover(at if "://" in at else server.url + at, asking.get, asking.robots, NOW)

    return run


def listings(found: Discovery, server: HostileServer) -> list[tuple[str, str]]:
    return [(spec.kind, spec.url.removeprefix(server.url)) for spec in found.listings]


def problems(found: Discovery, server: HostileServer) -> dict[str, str]:
    return {each.url.removeprefix(server.url): each.problem.error_class for each in found.tried if each.problem}


def test_a_wordpress_site_gives_its_feed_of_posts_with_older_pages_and_its_index_of_sitemaps(server, found):
    site = wordpress(server)
    result = found()
    assert listings(result, server) == [("feed", "/feed/"), ("sitemap", "/sitemap_index.xml")]
    assert result.listings[0].pages == f"{server.url}/feed/?paged={{page}}"
    assert (result.outlet, result.language, result.crawl_delay) == ("The Desert Herald", "en", 7)
    assert [a.url.removeprefix(server.url) for a in result.articles] == list(site.articles)
    assert "/comments/feed/" not in server.requests
    assert sum(server.requests.values()) == 6  # robots.txt, home page, feed, its second page, index, one of its sitemaps


def test_a_site_that_only_names_a_sitemap_in_robots_txt_gives_that_from_a_week_before(server, found):
    site = Site(server)
    site.home()
    site.sitemap("/maps/all.xml")
    site.robots("Sitemap: /maps/all.xml")
    result = found()
    assert listings(result, server) == [("sitemap", "/maps/all.xml")]
    assert result.since == (NOW - timedelta(days=7)).date()
    assert result.outlet == "Desert Herald"


def test_a_news_sitemap_comes_before_a_sitemap(server, found):
    site = Site(server)
    site.home()
    site.sitemap("/sitemap.xml")
    site.sitemap("/sitemap-news.xml", news=True)
    site.robots("Sitemap: /sitemap.xml", "Sitemap: /sitemap-news.xml")
    result = found()
    assert listings(result, server) == [("sitemap", "/sitemap-news.xml"), ("sitemap", "/sitemap.xml")]
    assert result.since is None


@pytest.mark.parametrize("children", [("/posts-2.xml", "/posts-10.xml", "/posts-9.xml"), ("/tag-99.xml", "/posts-10.xml")])
def test_of_an_index_without_dates_the_sitemap_with_the_highest_number_is_looked_at(server, found, children):
    site = Site(server)
    site.home(links=False)
    site.index(*children)
    site.sitemap("/posts-10.xml")
    assert listings(found(), server) == [("sitemap", "/sitemap_index.xml")]
    assert {path for path in children if server.requests[path]} == {"/posts-10.xml"}


def test_a_feed_that_holds_a_few_hours_comes_after_a_news_sitemap_that_holds_days(server, found):
    site = Site(server)
    first = next(iter(site.articles))
    site.feed("/feed/", [first])
    site.home('<link rel="alternate" type="application/rss+xml" href="feed/">')
    site.sitemap("/news-sitemap.xml", news=True)
    assert listings(found(), server) == [("sitemap", "/news-sitemap.xml")]


@pytest.mark.parametrize("path", ["/news/{number}/{slug}", "/article/{number}", "/{slug}.html", "/story.php?id={number}"])
def test_a_page_with_links_only_gives_a_guess_at_their_pattern(server, found, path):
    site = Site(server, path=path)
    site.home()
    result = found()
    (spec,) = result.listings
    assert (spec.kind, spec.url, result.guessed) == ("page", f"{server.url}/", True)
    assert [a.url.removeprefix(server.url) for a in result.articles] == list(site.articles)
    assert [a.title for a in result.articles][:1] == ["Two killed in shelling of a convoy"]


def test_a_json_feed_and_relative_links_below_a_base(server, found):
    site = Site(server)
    site.json_feed("/en/feeds/all.json")
    site.home(
        '<base href="/en/feeds/"><link rel="alternate" type="application/feed+json" href="all.json">', path="/en/", links=False
    )
    assert listings(found("/en/"), server) == [("feed", "/en/feeds/all.json")]


def test_a_feed_that_the_page_only_links_to_is_found(server, found):
    site = Site(server)
    site.feed("/services/rss/all")
    site.home(body='<a href="/services/rss/all">RSS</a>')
    assert listings(found(), server) == [("feed", "/services/rss/all")]


def test_a_feed_in_a_usual_place_is_found_below_the_address_and_at_the_root(server, found):
    site = Site(server)
    site.home(path="/en/")
    site.feed("/rss.xml")
    assert listings(found("/en/"), server) == [("feed", "/rss.xml")]
    site.feed("/en/feed/")
    assert listings(found("/en/"), server) == [("feed", "/en/feed/")]


def test_a_feed_that_is_given_is_the_first_listing_and_its_home_page_gives_the_rest(server, found):
    site = wordpress(server)
    site.feed("/category/war/feed/")
    result = found("/category/war/feed/")
    assert listings(result, server) == [("feed", "/category/war/feed/"), ("sitemap", "/sitemap_index.xml")]
    assert (result.home, result.outlet) == (f"{server.url}/", "The Desert Herald")


def test_a_sitemap_that_is_given_is_the_first_listing(server, found):
    wordpress(server)
    assert listings(found("/post-sitemap.xml"), server)[0] == ("sitemap", "/post-sitemap.xml")


def test_a_feed_of_another_site_is_not_the_outlets(server, found):
    site = Site(server)
    site.server.resources["/feed/"] = page(site.rss().replace("127.0.0.1", "ads.example").encode(), content_type="text/xml")
    site.home('<link rel="alternate" type="application/rss+xml" href="/feed/">', links=False)
    result = found()
    assert not result.listings and problems(result, server)["/feed/"] == "other_site"


@pytest.mark.parametrize("path", ["/comments/feed/", "/latest.xml"])
def test_a_feed_of_comments_only_is_left_out(server, found, path):
    site = Site(server)
    site.feed(path, item=f"<guid>{server.url}/2022/04/x/#comment-77</guid>")
    site.home(f'<link rel="alternate" type="application/rss+xml" href="{path}">', links=False)
    result = found()
    assert not result.listings and problems(result, server)[path] == "comments"


def test_a_feed_that_was_left_behind_comes_after_all_else(server, found):
    old = Site(server, path="/old/{number}", at=NOW - timedelta(days=800))
    old.feed()
    site = Site(server)
    site.home('<link rel="alternate" type="application/rss+xml" href="/feed/">')
    result = found()
    assert [spec.kind for spec in result.listings] == ["page"] and problems(result, server)["/feed/"] == "stale"
    old.home('<link rel="alternate" type="application/rss+xml" href="/feed/">', links=False)
    assert listings(found(), server) == [("feed", "/feed/")]


def test_a_home_page_on_another_host_is_followed(server, found):
    with HostileServer() as other:
        wordpress(other)
        server.resources["/"] = redirect(f"{other.url}/")
        result = found()
    assert (result.home, result.listings[0].url) == (f"{other.url}/", f"{other.url}/feed/")


def test_a_block_page_is_named_and_the_host_is_not_asked_for_ever(server, found):
    for path in ("/", "/feed/", "/rss.xml", "/rss", "/feed.xml"):
        server.resources[path] = b"<html><head><title>Just a moment...</title></head></html>"
    result = found()
    assert not result.listings and set(problems(result, server).values()) == {"block_page"}
    assert sum(server.requests.values()) == 4  # robots.txt, and three refusals


def test_a_host_that_refuses_is_not_asked_for_ever(server, found):
    server.resources |= {path: page(status=403) for path in ("/", "/feed/", "/rss.xml", "/rss", "/feed.xml")}
    assert set(problems(found(), server).values()) == {"http_403"}
    assert sum(server.requests.values()) == 4


def test_a_blocked_home_page_leaves_its_feed(server, found):
    site = Site(server)
    site.feed()
    server.resources["/"] = page(status=403)
    result = found()
    assert listings(result, server) == [("feed", "/feed/")] and result.outlet == "Desert Herald"


def test_robots_txt_is_obeyed(server, found):
    site = wordpress(server)
    site.robots("Disallow: /feed", f"Sitemap: {server.url}/sitemap_index.xml")
    result = found()
    assert [spec.kind for spec in result.listings] == ["sitemap"]
    assert problems(result, server)["/feed/"] == "robots" and "/feed/" not in server.requests


def test_a_host_without_an_answer_is_asked_once(found):
    result = found("http://nowhere.invalid/")
    (only,) = result.tried
    assert only.problem.error_class == "dns" and not result.listings


def test_an_address_on_a_private_network_is_not_asked(server, found):
    result = found(private_addresses=False)
    assert [each.problem.error_class for each in result.tried] == ["private_address"] and not server.requests


def test_nothing_at_all_is_told_with_all_that_was_tried(server, found):
    server.resources["/"] = b"<html><body><p>Soon here.</p></body></html>"
    result = found()
    assert not result.listings and set(problems(result, server).values()) == {"http_404"}
    assert len(result.tried) < 15


def test_an_address_that_holds_a_key_is_neither_asked_nor_told(server, found):
    site = Site(server)
    site.feed("/private.xml")
    site.home('<link rel="alternate" type="application/rss+xml" href="/private.xml?token=abcdef123456">', links=False)
    result = found()
    assert not result.listings and problems(result, server)["/private.xml"] == "secret"
    assert "abcdef123456" not in repr(result) and not any("private" in path for path in server.requests)


@given(
    bodies=st.lists(
        st.one_of(
            st.binary(max_size=200),
            st.sampled_from(
                [b"<rss/>", b"{", b"<urlset>", b"<html><a href='//[x'>a</a><link rel=alternate type=text/xml href=x>"]
            ),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_whatever_a_host_answers_nothing_is_raised_and_little_is_asked(bodies):
    asked = []

    def get(url: str) -> Response:
        asked.append(url)
        if len(asked) % 5 == 4:
            raise FetchFailed("http_404", "gone", status=404, url=url)
        body = bodies[len(asked) % len(bodies)]
        return Response(url, 200, b"OK", b"HTTP/1.1", (), body, body, len(body))

    result = discover("https://herald.example/en", get, lambda url: no_robots("Badia"), NOW)
    assert len(asked) <= MOST_TRIED + 5 and len(result.tried) <= MOST_TRIED + 5
