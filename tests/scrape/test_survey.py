"""What is read of the listings, run after run, and what of the articles."""

import json
import re
from collections import Counter
from datetime import date, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.datasets.catalogue import DOCUMENTS, SCRAPES
from include.scrape import survey as module
from include.scrape.fetch import FetchFailed, Response
from include.scrape.sources import ListedBy
from include.scrape.state import SourceState
from include.scrape.survey import survey
from tests.scrape.hostile import Handler, HostileServer, page
from tests.scrape.outlet import NOW, outlet


class Desk:
    """An outlet on the hostile server: what it publishes, and listings that answer conditional requests with 304."""

    def __init__(self, server: HostileServer, *, validators: bool = True):
        self.server = server
        self.validators = validators
        self.changed: dict[str, str] = {}
        self.published: dict[str, datetime] = {}

    def publish(self, *paths: str, at: datetime = NOW) -> None:
        for path in paths:
            self.server.article(path)
            self.published[path] = at

    def url(self, path: str) -> str:
        return self.server.url + path

    def listing(self, path: str, body: str, content_type: str = "application/rss+xml") -> str:
        etag = f'"{hash(body)}"'

        def answer(handler: Handler) -> None:
            if self.validators and handler.headers["If-None-Match"] == etag:
                handler.answer(b"", status=304)
            else:
                handler.answer(body.encode(), content_type=content_type, **({"ETag": etag} if self.validators else {}))

        self.server.resources[path] = answer
        return self.url(path)

    def feed(self, *paths: str, path: str = "/feed", next_page: str | None = None) -> str:
        items = "".join(
            f"<item><link>{self.url(p)}</link><pubDate>{format_datetime(self.published[p])}</pubDate></item>" for p in paths
        )
        link = f'<atom:link rel="next" href="{next_page}"/>' if next_page else ""
        body = f'<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>{link}{items}</channel></rss>'
        return self.listing(path, body)

    def sitemap(self, *paths: str, path: str = "/sitemap.xml", dated: bool = True) -> str:
        def lastmod(p: str) -> str:
            at = self.changed.get(p) or self.published[p].isoformat()
            return f"<lastmod>{at}</lastmod>" if dated else ""

        urls = "".join(f"<url><loc>{self.url(p)}</loc>{lastmod(p)}</url>" for p in paths)
        return self.listing(path, f"<urlset>{urls}</urlset>", "application/xml")

    def index(self, **children: str) -> str:
        body = "".join(
            f"<sitemap><loc>{self.url(f'/{name}.xml')}</loc>{f'<lastmod>{at}</lastmod>' if at else ''}</sitemap>"
            for name, at in children.items()
        )
        return self.listing("/index.xml", f"<sitemapindex>{body}</sitemapindex>", "application/xml")

    def asked(self) -> dict[str, int]:
        """What was asked for since this was called last."""
        asked = dict(self.server.requests)
        self.server.requests.clear()
        return asked


@pytest.fixture
def desk(server: HostileServer) -> Desk:
    return Desk(server)


# -- as little as possible -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("validators", [True, False])
def test_a_quiet_hour_is_one_request(desk: Desk, scrape, clock, lake, validators: bool):
    desk.validators = validators
    desk.publish("/a", "/b")
    source = outlet(desk.feed("/a", "/b"), more=(ListedBy("sitemap", desk.sitemap("/a", "/b")),))
    scrape(source)
    assert desk.asked() == {"/robots.txt": 1, "/feed": 1, "/sitemap.xml": 1, "/a": 1, "/b": 1}
    for _ in range(3):
        clock.pass_hours(1)
        result = scrape(source)
        assert desk.asked() == {"/feed": 1}
        assert (result.new, result.requests, result.batches, result.problems) == (0, 1, (), ())
    visits = lake.read(SCRAPES).to_pylist()
    assert [(v["n_requests"], v["n_captured"], v["outcome"]) for v in visits] == [(5, 2, "done")] + [(1, 0, "done")] * 3


def test_robots_txt_is_asked_for_once_a_day(desk: Desk, scrape, clock):
    desk.publish("/a")
    source = outlet(desk.feed("/a"))
    for _ in range(30):
        scrape(source)
        clock.pass_hours(1)
    assert desk.asked()["/robots.txt"] == 2


def test_a_robots_txt_that_comes_to_forbid_is_obeyed_a_day_later_at_most(desk: Desk, scrape, clock):
    desk.publish("/a", "/b")
    source = outlet(desk.feed("/a"))
    scrape(source)
    desk.server.resources["/robots.txt"] = page(b"User-agent: *\nDisallow: /b\n")
    clock.pass_hours(25)
    desk.feed("/b", "/a")
    assert scrape(source).failed == {"robots": 1}


def test_a_listing_is_asked_for_whole_once_a_day_whatever_its_etag_says(desk: Desk, scrape, clock):
    desk.publish("/a", "/b")
    source = outlet(desk.feed("/a"))
    scrape(source)
    for_ever = {"If-None-Match": None}

    def liar(handler: Handler) -> None:
        if handler.headers["If-None-Match"]:
            handler.answer(b"", status=304)
        else:
            for_ever["asked"] = True
            handler.answer(f"<rss version='2.0'><channel><item><link>{desk.url('/b')}</link></item></channel></rss>".encode())

    desk.server.resources["/feed"] = liar
    clock.pass_hours(1)
    assert scrape(source).captured == 0
    clock.pass_hours(24)
    assert scrape(source).captured == 1


def test_of_an_index_only_the_sitemaps_that_changed_are_read(desk: Desk, scrape, clock):
    desk.publish("/a", "/b", "/c")
    desk.sitemap("/a", path="/2021.xml")
    desk.sitemap("/b", path="/2022.xml")
    source = outlet(desk.index(**{"2021": "2021-12-31", "2022": "2022-04-11T08:00:00Z"}), "sitemap")
    assert scrape(source).captured == 2
    desk.asked()
    clock.pass_hours(1)
    scrape(source)
    assert desk.asked() == {"/index.xml": 1}
    desk.sitemap("/b", "/c", path="/2022.xml")
    desk.index(**{"2021": "2021-12-31", "2022": "2022-04-11T10:00:00Z"})
    clock.pass_hours(1)
    assert scrape(source).captured == 1
    assert desk.asked() == {"/index.xml": 1, "/2022.xml": 1, "/c": 1}


# -- nothing missed ------------------------------------------------------------------------------------------------------


def test_a_feed_that_has_rolled_over_is_read_page_by_page_until_it_shows_what_was_known(desk: Desk, scrape, clock):
    desk.publish("/1", "/2", "/3")
    source = outlet(desk.feed("/3", "/2", "/1"), pages=desk.url("/feed-{page}"))
    scrape(source)
    clock.pass_hours(72)
    desk.publish(*(f"/{n}" for n in range(4, 12)), at=NOW + timedelta(hours=50))
    desk.feed("/11", "/10", "/9")
    desk.feed("/8", "/7", "/6", path="/feed-2")
    desk.feed("/5", "/4", "/3", "/2", path="/feed-3")
    desk.feed("/1", path="/feed-4")
    desk.asked()
    result = scrape(source)
    assert (result.new, result.captured, result.problems) == (8, 8, ())
    asked = desk.asked()
    assert [asked.get(path, 0) for path in ("/feed", "/feed-2", "/feed-3", "/feed-4")] == [1, 1, 1, 0]
    clock.pass_hours(1)
    scrape(source)
    assert desk.asked() == {"/feed": 1}


def test_a_page_that_links_to_the_next_one_is_followed_across_a_gap(desk: Desk, scrape, clock):
    def front(path: str, *articles: str, older: str = "") -> None:
        links = "".join(f"<a href='{a}'>x</a>" for a in articles)
        desk.listing(path, f"<html>{links}<a class=more href='{older}'>older</a></html>", "text/html")

    desk.publish(*(f"/news/{n}" for n in range(1, 10)))
    front("/", "/news/2", "/news/1", older="/page/2")
    source = outlet(desk.url("/"), "page", links=re.compile("/news/"), following=re.compile("/page/[0-9]+$"))
    scrape(source)
    clock.pass_hours(72)
    front("/", "/news/9", "/news/8", "/news/7", older="/page/2")
    front("/page/2", "/news/6", "/news/5", "/news/4", older="/page/3")
    front("/page/3", "/news/3", "/news/2", "/news/1", older="/page/4")
    assert scrape(source).captured == 7
    assert desk.asked().keys() >= {"/page/2", "/page/3"}


def test_what_a_feed_no_longer_shows_comes_from_the_sitemap(desk: Desk, scrape, clock):
    desk.publish("/1", "/2")
    source = outlet(desk.feed("/2", "/1"), more=(ListedBy("sitemap", desk.sitemap("/2", "/1")),))
    scrape(source)
    desk.publish(*(f"/{n}" for n in range(3, 9)), at=NOW + timedelta(hours=3))
    clock.pass_hours(4)  # still the same day: the sitemap is read for the gap alone
    desk.feed("/8", "/7")
    desk.sitemap(*(f"/{n}" for n in range(1, 9)))
    result = scrape(source)
    assert (result.captured, result.problems) == (6, ())
    assert set(desk.asked()) >= {"/sitemap.xml", "/3", "/8"}


def test_a_gap_that_nothing_can_fill_is_told_once(desk: Desk, scrape, clock):
    desk.publish(*(f"/{n}" for n in range(1, 9)))
    source = outlet(desk.feed("/2", "/1"))
    scrape(source)
    clock.pass_hours(72)
    for path in ("/7", "/8"):
        desk.published[path] = NOW + timedelta(hours=70)
    desk.feed("/8", "/7")
    (told,) = scrape(source).problems
    assert "is missing" in told and "2022-04-11 09:30" in told
    clock.pass_hours(1)
    assert scrape(source).problems == ()


def test_a_gap_stays_open_until_what_failed_can_be_read(desk: Desk, scrape, clock):
    desk.publish("/1", "/2")
    source = outlet(desk.feed("/2", "/1"), pages=desk.url("/feed-{page}"))
    scrape(source)
    clock.pass_hours(72)
    desk.publish(*(f"/{n}" for n in range(3, 9)), at=NOW + timedelta(hours=50))
    desk.feed("/8", "/7", "/6")
    desk.server.resources["/feed-2"] = page(status=503)
    first = scrape(source, retries=0)
    assert (first.captured, len(first.problems)) == (3, 1)
    desk.feed("/5", "/4", "/3", path="/feed-2")
    desk.feed("/2", "/1", path="/feed-3")
    clock.pass_hours(1)
    second = scrape(source)
    assert (second.captured, second.problems) == (3, ())


def test_a_page_number_too_far_is_the_end_of_a_listing(desk: Desk, scrape, clock):
    desk.publish("/1")
    source = outlet(desk.feed("/1"), pages=desk.url("/feed?paged={page}"))
    scrape(source)
    clock.pass_hours(72)
    desk.publish("/2", "/3", at=NOW + timedelta(hours=50))
    desk.feed("/3", "/2")
    once = desk.server.resources["/feed"]
    desk.server.resources["/feed"] = lambda h: h.answer(b"", status=404) if "paged" in h.path else once(h)
    result = scrape(source)
    assert (result.captured, result.problems) == (2, ())


def test_a_listing_that_never_ends_is_left_after_the_most_pages(desk: Desk, scrape, clock):
    desk.publish("/1")
    source = outlet(desk.feed("/1"), pages=desk.url("/feed-{page}"), most_pages=3)
    scrape(source)
    clock.pass_hours(72)
    desk.publish(*(f"/{n}" for n in range(2, 9)), at=NOW + timedelta(hours=50))
    desk.feed("/8", "/7")
    for number, pair in ((2, ("/6", "/5")), (3, ("/4", "/3")), (4, ("/2", "/1"))):
        desk.feed(*pair, path=f"/feed-{number}")
    result = scrape(source)
    assert result.captured == 6
    assert any("goes on after 3 pages" in problem for problem in result.problems)
    assert "/feed-4" not in desk.asked()


def test_a_server_that_gives_its_first_page_for_every_number_is_not_asked_for_ever(desk: Desk, scrape, clock):
    desk.publish("/1")
    source = outlet(desk.feed("/1"), pages=desk.url("/feed?page={page}"))
    scrape(source)
    clock.pass_hours(72)
    desk.publish("/2", at=NOW + timedelta(hours=50))
    desk.feed("/2")
    result = scrape(source)
    assert desk.asked().keys() >= {"/feed?page=2"} and result.captured == 1
    assert not any("page=3" in path for path in desk.server.requests)


def test_a_listing_that_fails_is_made_up_for_by_the_next_one(desk: Desk, scrape):
    desk.publish("/1")
    desk.server.resources["/feed"] = page(status=404)
    result = scrape(outlet(desk.url("/feed"), more=(ListedBy("sitemap", desk.sitemap("/1")),)))
    assert result.captured == 1
    assert any("404" in problem for problem in result.problems)


def test_what_the_limit_leaves_is_fetched_later_though_no_listing_shows_it_any_more(desk: Desk, scrape, clock):
    desk.publish("/1", "/2", "/3")
    source = outlet(desk.feed("/3", "/2", "/1"), max_articles=2)
    assert scrape(source).left == 1
    desk.publish("/4", at=NOW)
    desk.feed("/4", "/3", "/2")
    clock.pass_hours(1)
    assert scrape(source).captured == 2
    assert desk.asked() == {"/robots.txt": 1, "/feed": 2, "/1": 1, "/2": 1, "/3": 1, "/4": 1}


def test_more_than_can_wait_is_taken_later_and_the_newest_first(desk: Desk, scrape, clock, monkeypatch):
    monkeypatch.setattr(module, "MOST_WAITING", 3)
    monkeypatch.setattr(module, "NEWS", 0)
    for n in range(8):
        desk.publish(f"/{n}", at=NOW - timedelta(days=10 - n))
    desk.sitemap(*(f"/{n}" for n in range(8)), path="/all.xml")
    source = outlet(desk.index(all="2022-04-10"), "sitemap")
    first = scrape(source)
    assert (first.new, first.captured) == (3, 3) and "more than can wait" in first.problems[0]
    assert set(desk.asked()) >= {"/7", "/6", "/5"}
    seen = 3
    while seen < 8:
        clock.pass_hours(1)
        captured = scrape(source).captured
        assert captured
        seen += captured
    assert desk.asked().keys() >= {f"/{n}" for n in range(5)}
    clock.pass_hours(1)
    scrape(source)
    assert desk.asked() == {"/index.xml": 1}


def test_a_sitemap_that_lists_more_than_can_wait_keeps_no_news_of_the_feed_out(desk: Desk, scrape, clock, monkeypatch):
    monkeypatch.setattr(module, "MOST_WAITING", 3)
    desk.publish("/0", *(f"/old-{n}" for n in range(9)))
    source = outlet(desk.feed("/0"), more=(ListedBy("sitemap", desk.sitemap(*(f"/old-{n}" for n in range(9)))),))
    scrape(source, limit=1)
    clock.pass_hours(24)
    desk.asked()
    desk.publish("/1", "/2", at=NOW + timedelta(hours=20))
    desk.feed("/2", "/1", "/0")
    assert scrape(source, limit=2).captured == 2
    assert desk.asked().keys() >= {"/2", "/1"}


def test_days_before_since_are_left_out(desk: Desk, scrape):
    desk.publish("/old", at=NOW - timedelta(days=40))
    desk.publish("/new", at=NOW - timedelta(days=2))
    desk.sitemap("/old", path="/old.xml")
    desk.sitemap("/new", "/old", path="/new.xml")
    source = outlet(desk.index(old="2022-03-01", new="2022-04-10"), "sitemap", since=date(2022, 4, 1))
    assert scrape(source).captured == 1
    assert desk.asked() == {"/robots.txt": 1, "/index.xml": 1, "/new.xml": 1, "/new": 1}


def test_a_new_source_goes_back_page_by_page_to_since(desk: Desk, scrape):
    for n in range(1, 9):
        desk.publish(f"/{n}", at=NOW - timedelta(days=10 - n))
    feed = desk.feed("/8", "/7", "/6")
    desk.feed("/5", "/4", "/3", path="/feed-2")
    desk.feed("/2", "/1", path="/feed-3")
    assert scrape(outlet(feed, pages=desk.url("/feed-{page}"), since=date(2022, 4, 5))).captured == 5


def test_what_the_other_listings_hold_from_before_the_first_run_is_history(desk: Desk, scrape, clock):
    desk.publish("/now")
    desk.publish("/old", at=NOW - timedelta(days=400))
    desk.published["/undated"] = NOW
    more = (
        ListedBy("sitemap", desk.sitemap("/old", "/now")),
        ListedBy("sitemap", desk.sitemap("/undated", path="/2.xml", dated=False)),
    )
    source = outlet(desk.feed("/now"), more=more)
    assert scrape(source).captured == 1
    desk.publish("/undated-too", "/late", at=NOW + timedelta(hours=20))
    desk.sitemap("/old", "/now", "/late")
    desk.sitemap("/undated", "/undated-too", path="/2.xml", dated=False)
    clock.pass_hours(24)
    assert scrape(source).captured == 2
    assert not {"/old", "/undated"} & set(desk.asked())


# -- nothing twice, and new versions -------------------------------------------------------------------------------------


def test_an_article_that_changed_is_fetched_again_and_kept_beside_the_old_version(desk: Desk, scrape, clock, lake):
    desk.publish("/a", "/b")
    source = outlet(desk.sitemap("/a", "/b"), "sitemap")
    scrape(source)
    desk.asked()
    clock.pass_hours(2)
    desk.changed["/a"] = (NOW + timedelta(hours=1)).isoformat()
    desk.server.article("/a", "Three soldiers were killed, and not two.")
    desk.sitemap("/a", "/b")
    result = scrape(source)
    assert (result.new, result.captured) == (0, 1)
    assert desk.asked() == {"/sitemap.xml": 1, "/a": 1}
    versions = [row for row in lake.read(DOCUMENTS).to_pylist() if row["url"].endswith("/a")]
    assert len({row["document_id"] for row in versions}) == 2
    clock.pass_hours(2)
    assert scrape(source).captured == 0


def test_an_article_whose_time_of_publication_moves_on_has_changed(desk: Desk, scrape, clock):
    desk.publish("/live", "/a")
    source = outlet(desk.feed("/live", "/a"))
    scrape(source)
    clock.pass_hours(5)
    desk.published["/live"] = NOW + timedelta(hours=4)
    desk.published["/a"] = NOW - timedelta(hours=9)  # corrected: it did not appear since
    desk.server.article("/live", "Three soldiers were killed, and not two.")
    desk.feed("/live", "/a")
    desk.asked()
    assert scrape(source).captured == 1
    assert desk.asked() == {"/feed": 1, "/live": 1}
    clock.pass_hours(5)
    assert scrape(source).captured == 0


def test_a_version_that_is_no_other_is_not_kept_again(desk: Desk, scrape, clock, lake):
    etags = []

    def answer(handler: Handler) -> None:
        etags.append(handler.headers["If-None-Match"])
        handler.answer(b"<p>words</p>", ETag='"7"')

    desk.published["/a"] = NOW
    desk.server.resources["/a"] = answer
    source = outlet(desk.sitemap("/a"), "sitemap")
    scrape(source)
    clock.pass_hours(2)
    desk.changed["/a"] = (NOW + timedelta(hours=1)).isoformat()
    desk.sitemap("/a")
    result = scrape(source)
    assert (result.captured, result.not_modified, etags) == (0, 1, [None, '"7"'])
    assert Counter(row["outcome"] for row in lake.read(DOCUMENTS).to_pylist()) == {"captured": 1, "not_modified": 1}
    assert len(lake.find("warc", ".warc.gz")) == 1


def test_a_sitemap_that_calls_everything_new_each_time_costs_less_and_less(desk: Desk, scrape, clock):
    desk.publish("/a")
    source = outlet(desk.sitemap("/a"), "sitemap")
    for _ in range(24 * 10):
        scrape(source)
        clock.pass_hours(1)
        desk.changed["/a"] = clock.instant.isoformat()
        desk.sitemap("/a")
    assert desk.asked()["/a"] <= 6


def test_a_dead_page_that_comes_to_life_is_fetched_once_its_listing_says_so(desk: Desk, scrape, clock):
    desk.published["/a"] = NOW
    source = outlet(desk.sitemap("/a"), "sitemap")
    for hours in (0, 1, 24, 168, 24):
        clock.pass_hours(hours)
        scrape(source)
    assert desk.asked()["/a"] == 4  # given up
    desk.publish("/a")
    desk.changed["/a"] = clock.instant.isoformat()
    desk.sitemap("/a")
    clock.pass_hours(1)
    assert scrape(source).captured == 1


# -- the state -----------------------------------------------------------------------------------------------------------


def test_a_state_that_is_lost_is_made_again_from_the_documents(desk: Desk, scrape, clock, lake):
    desk.publish("/a", "/b")
    source = outlet(desk.feed("/a", "/b", "/gone") if desk.published.setdefault("/gone", NOW) else "")
    scrape(source)
    lake.remove("_state/sources/herald.json")
    desk.asked()
    clock.pass_hours(0.5)
    result = scrape(source)
    assert (result.captured, result.failed) == (0, {})
    assert desk.asked() == {"/feed": 1}


def test_a_run_killed_between_the_documents_and_the_state_is_taken_in_by_the_next(desk: Desk, scrape, clock, lake, monkeypatch):
    desk.publish("/a", "/b")
    source = outlet(desk.feed("/a", "/b"))

    def dies(*args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(SourceState, "note", dies)
        with pytest.raises(KeyboardInterrupt):
            scrape(source)
    assert len(lake.read(DOCUMENTS)) == 2
    clock.pass_hours(1)
    assert scrape(source).captured == 0
    asked = desk.asked()
    assert (asked["/feed"], asked["/a"], asked["/b"]) == (2, 1, 1)


def test_the_state_does_not_grow_with_the_years(desk: Desk, scrape, clock, lake):
    sizes = []
    for day in range(200):
        path = f"/{day}"
        desk.publish(path, at=clock.instant)
        scrape(outlet(desk.feed(path)))
        clock.pass_hours(24)
        sizes.append(len(json.loads(lake.open("_state/sources/herald.json").read())["articles"]))
    assert sizes[-1] == sizes[120] <= 92


def test_only_the_latest_days_of_documents_are_looked_at(desk: Desk, scrape, clock, lake, monkeypatch):
    for day in range(5):
        desk.publish(f"/{day}", at=clock.instant)
        scrape(outlet(desk.feed(f"/{day}")))
        clock.pass_hours(24)
    asked = []
    original = type(lake).files
    monkeypatch.setattr(type(lake), "files", lambda self, dataset, **p: asked.append(p) or original(self, dataset, **p))
    scrape(outlet(desk.url("/feed")))
    assert [p["fetch_date"] for p in asked] == ["2022-04-15", "2022-04-16"]


# -- any outlet, any schedule --------------------------------------------------------------------------------------------


class Simulated:
    """An outlet that publishes now and then, seen through a listing that shows the latest few."""

    def __init__(self, shape: str, shown: int, dated: bool):
        self.shape = shape
        self.shown = shown
        self.dated = dated
        self.failures: set[int] = set()
        self.articles: list[tuple[str, datetime]] = []
        self.requests = 0

    def source(self):
        top = "https://herald.example/feed"
        if self.shape == "pages":
            return outlet(top, pages="https://herald.example/feed/{page}", most_pages=100)
        more = {"sitemap": "https://herald.example/sitemap", "index": "https://herald.example/index"}[self.shape]
        return outlet(top, more=(ListedBy("sitemap", more),))

    def fetch(self, url: str, **validators: str | None) -> Response:
        self.requests += 1
        if self.requests - 1 in self.failures:
            raise FetchFailed("http_503", f"{url} answered 503", status=503, retryable=True)
        name = url.removeprefix("https://herald.example/")
        newest = self.articles[::-1]
        if name == "sitemap":
            body = self.urlset(newest)
        elif name == "index":
            weeks = sorted({at.isocalendar()[:2] for _, at in newest})
            last = {w: max(at for _, at in newest if at.isocalendar()[:2] == w) for w in weeks}
            body = "<sitemapindex>" + "".join(
                f"<sitemap><loc>/week-{w[0]}-{w[1]}</loc><lastmod>{at.isoformat()}</lastmod></sitemap>"
                for w, at in last.items()
            )
            body += "</sitemapindex>"
        elif name.startswith("week-"):
            week = tuple(map(int, name.split("-")[1:]))
            body = self.urlset([(p, at) for p, at in newest if at.isocalendar()[:2] == week])
        else:
            number = int(name.partition("/")[2] or 1)
            part = newest[(number - 1) * self.shown : number * self.shown]
            if not part:
                raise FetchFailed("http_404", f"{url} answered 404", status=404)
            when = {p: f"<pubDate>{format_datetime(at)}</pubDate>" if self.dated else "" for p, at in part}
            items = "".join(f"<item><link>{p}</link>{when[p]}</item>" for p, _ in part)
            body = f'<rss version="2.0"><channel>{items}</channel></rss>'
        etag = f'"{hash(body)}"'
        if validators.get("etag") == etag:
            return Response(url, 304, b"", b"HTTP/1.1", (), b"", b"", 0)
        raw = body.encode()
        return Response(url, 200, b"OK", b"HTTP/1.1", ((b"ETag", etag.encode()),), raw, raw, len(raw))

    def urlset(self, articles: list[tuple[str, datetime]]) -> str:
        return (
            "<urlset>"
            + "".join(f"<url><loc>{p}</loc><lastmod>{at.isoformat()}</lastmod></url>" for p, at in articles)
            + "</urlset>"
        )


@settings(max_examples=150, deadline=None)
@given(
    shape=st.sampled_from(["pages", "sitemap", "index"]),
    shown=st.integers(3, 8),
    dated=st.booleans(),
    steps=st.lists(
        st.tuples(st.integers(0, 30), st.sampled_from([1, 1, 1, 6, 30, 24 * 9]), st.sets(st.integers(0, 8), max_size=3)),
        min_size=2,
        max_size=8,
    ),
)
def test_whatever_is_published_however_late_a_run_is_and_whatever_fails_nothing_is_missed_or_fetched_twice(
    shape, shown, dated, steps
):
    simulated, state, now = Simulated(shape, shown, dated or shape != "pages"), SourceState("herald"), NOW
    simulated.articles = [(f"/{n}", now - timedelta(minutes=30 - n)) for n in range(shown)]
    fetched: Counter[str] = Counter()
    followed = False
    for number, hours, failures in [*steps, (0, 1, set())]:
        simulated.failures = {simulated.requests + n for n in failures} if followed else set()
        survey(simulated.source(), state, simulated.fetch, now)
        followed = True
        for url in state.due(now):
            fetched[url] += 1
            row = {"url": url, "outcome": "captured", "fetched_at": now, "sha256": "x", "error_class": None}
            state.note(row)
        assert set(fetched.values()) == {1}
        if not simulated.failures:
            assert fetched.keys() == {"https://herald.example" + path for path, _ in simulated.articles}
        end = now + timedelta(hours=hours)
        known = len(simulated.articles)
        simulated.articles += [(f"/{known + n}", now + (end - now) * (n + 1) / (number + 1)) for n in range(number)]
        now = end
    assert fetched.keys() >= {"https://herald.example" + path for path, _ in simulated.articles[:known]}
