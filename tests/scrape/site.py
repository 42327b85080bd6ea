"""A web site of an outlet on loopback, in the manner of several systems."""

import json
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from email.utils import format_datetime

from tests.scrape.hostile import HostileServer, page
from tests.scrape.outlet import NOW

WORDS = "Two soldiers were killed and three were wounded when a convoy was shelled near the town on Monday, the governor said. "
TITLES = (
    "Two killed in shelling of a convoy",
    "Governor speaks of quiet nights",
    "Market reopens after the flood",
    "Road is mined",
)


class Site:
    """An outlet with four articles, one a day, at addresses that `path` makes of their number and slug."""

    def __init__(self, server: HostileServer, path: str = "/2022/04/{slug}/", at: datetime = NOW, words: str = WORDS):
        self.server = server
        self.articles: dict[str, tuple[str, datetime]] = {}
        for number, title in enumerate(TITLES):
            slug = "-".join(title.lower().split())
            address = path.format(slug=slug, number=11230 + number)
            published = at - timedelta(days=number)
            self.articles[address] = title, published
            server.resources[address.partition("?")[0]] = (
                f'<html lang="en"><head><title>{title}</title><meta property="article:published_time" '
                f'content="{published.isoformat()}"></head><body><h1>{title}</h1><article><p>{words}</p><p>{words * 3}</p>'
                "</article></body></html>"
            ).encode()

    def home(self, head: str = "", body: str = "", *, links: bool = True, path: str = "/", lang: str = "en-GB") -> None:
        """The home page, with links to the articles."""
        listed = "".join(f'<h2><a href="{at}">{title}</a></h2>' for at, (title, _) in self.articles.items()) if links else ""
        menu = '<a href="/about">About us</a><a href="/syria">Syria</a><a href="/terms-of-use-and-more">Terms</a>'
        head = f"<head><title>Home - Desert Herald</title>{head}</head>"
        html = f'<html lang="{lang}">{head}<body>{menu}{listed}{body}</body></html>'
        self.server.resources[path] = html.encode()

    def feed(self, path: str = "/feed/", articles: Iterable[str] | None = None, **fields: str) -> None:
        """An RSS feed."""
        self.server.resources[path] = page(self.rss(articles, **fields).encode(), content_type="application/rss+xml")

    def rss(self, articles: Iterable[str] | None = None, *, item: str = "", title: str = "Desert Herald") -> str:
        items = "".join(
            f"<item><title>{self.articles[at][0]}</title><link>{self.server.url}{at}</link>"
            f"<pubDate>{format_datetime(self.articles[at][1])}</pubDate>{item}</item>"
            for at in (self.articles if articles is None else articles)
        )
        head = f"<title>{title}</title><link>{self.server.url}/</link><language>en</language>"
        return f'<?xml version="1.0"?><rss version="2.0"><channel>{head}{items}</channel></rss>'

    def json_feed(self, path: str) -> None:
        """A JSON Feed."""
        items = [
            {"id": at, "url": self.server.url + at, "title": title, "date_published": published.isoformat()}
            for at, (title, published) in self.articles.items()
        ]
        feed = {"version": "https://jsonfeed.org/version/1.1", "title": "Desert Herald", "items": items}
        self.server.resources[path] = page(json.dumps(feed).encode(), content_type="application/feed+json")

    def sitemap(self, path: str = "/sitemap.xml", *, news: bool = False, dated: bool = True) -> None:
        """A sitemap, or a news sitemap."""

        def entry(at: str) -> str:
            written = self.articles[at][1].isoformat()
            dates = f"<lastmod>{written}</lastmod>" if dated else ""
            dates = f"<n:news><n:publication_date>{written}</n:publication_date></n:news>" if news else dates
            return f"<url><loc>{self.server.url}{at}</loc>{dates}</url>"

        spaces = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:n="http://www.google.com/schemas/sitemap-news/0.9"'
        body = f"<urlset {spaces}>{''.join(map(entry, self.articles))}</urlset>"
        self.server.resources[path] = page(body.encode(), content_type="application/xml")

    def index(self, *children: str, path: str = "/sitemap_index.xml") -> None:
        """A sitemap index."""
        body = "".join(f"<sitemap><loc>{self.server.url}{child}</loc></sitemap>" for child in children)
        self.server.resources[path] = page(f"<sitemapindex>{body}</sitemapindex>".encode(), content_type="application/xml")

    def robots(self, *lines: str) -> None:
        """A robots.txt."""
        body = "\n".join(("User-agent: *", *lines)).encode()
        self.server.resources["/robots.txt"] = page(body, content_type="text/plain")


def wordpress(server: HostileServer, make: Callable[..., Site] = Site) -> Site:
    """A site as WordPress makes it: feeds of posts and comments, further pages, an index of sitemaps."""
    site = make(server)
    older = Site(server, path="/2021/12/{slug}/", at=NOW - timedelta(days=100))
    rss, second = site.rss(), older.rss()
    server.resources["/feed/"] = lambda h: h.answer(
        (second if "paged=2" in h.path else rss).encode(), content_type="application/rss+xml"
    )
    site.feed("/comments/feed/", title="Comments for Desert Herald")
    site.home(
        '<meta property="og:site_name" content="The Desert Herald"><link rel="stylesheet" href="/wp-content/style.css">'
        '<link rel="alternate" type="application/rss+xml" title="Herald &raquo; Comments Feed" href="/comments/feed/">'
        '<link rel="alternate" type="application/rss+xml" title="Herald &raquo; Feed" href="/feed/">'
    )
    site.sitemap("/post-sitemap.xml")
    site.index("/category-sitemap.xml", "/post-sitemap.xml")
    site.robots("Disallow: /wp-admin/", f"Sitemap: {server.url}/sitemap_index.xml", "Crawl-delay: 7")
    return site
