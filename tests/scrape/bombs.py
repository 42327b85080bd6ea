"""Answers that are small to send and large to hold, for :mod:`tests.peak`: a hostile server's resources by path, and what a
scraper does with them. Each is as large as the limits let through, or larger.
"""

import gzip
import random
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial

from include.scrape.feeds import read_feed
from include.scrape.fetch import Fetcher, FetchSettings
from include.scrape.listings import read_page
from include.scrape.sitemaps import read_sitemap
from tests.scrape import hostile
from tests.scrape.hostile import Answer, bomb, packed, packed_without_end, page

MB = 1_000_000


def fill(piece: bytes, size: float, before: bytes = b"", after: bytes = b"") -> bytes:
    """So many megabytes of one piece."""
    return before + piece * (int(size * MB) // len(piece)) + after


def entities(levels: int) -> bytes:
    """A billion laughs: each entity is ten times the one before it."""
    declared = b"".join(b'<!ENTITY a%d "%s">' % (i, b"&a%d;" % (i - 1) * 10) for i in range(1, levels))
    return b'<!DOCTYPE r [<!ENTITY a0 "laugh">' + declared + b"]>"


RSS, RSS_END = b"<rss version='2.0'><channel><item><link>/1</link>", b"</item></channel></rss>"
MAP, MAP_END = b"<urlset><url><loc>http://news.example/1</loc>", b"</url></urlset>"
LONG_ENTITY = b'<!DOCTYPE r [<!ENTITY a "' + b"x" * 100_000 + b'">]>'
SELF = b'<!DOCTYPE r [<!ENTITY % a SYSTEM "file:///dev/zero"> %a;]>'
ATTRIBUTES = b"".join(b" a%d=''" % i for i in range(100_000))
SPACES = b"".join(b" xmlns:a%d='u%d'" % (i, i) for i in range(100_000))

FEEDS = {
    "entries": fill(b"<item><link>/1</link></item>", 4, RSS, RSS_END),
    "10,000 entries": RSS + b"</item>" + b"".join(b"<item><link>/%d</link></item>" % i for i in range(10_000)) + RSS_END[7:],
    "empty entries": fill(b"<item/>", 4, RSS, RSS_END),
    "words": fill(b"words ", 4, RSS + b"<description>", b"</description>" + RSS_END),
    "elements in each other": fill(b"<a>", 0.29, RSS),
    "attributes": RSS + b"<x" + ATTRIBUTES + b"/>" + RSS_END,
    "name spaces": RSS + b"<x" + SPACES + b"/>" + RSS_END,
    "names": RSS + b"".join(b"<a%d>x</a%d>" % (i, i) for i in range(49_000)) + RSS_END,
    "ampersands": fill(b"&amp;", 0.9, RSS + b"<title>", b"</title>" + RSS_END),
    "a million ampersands": fill(b"&amp;", 4, RSS + b"<title>", b"</title>" + RSS_END),
    "unknown entities": fill(b"&nbsp;", 1, RSS + b"<title>", b"</title>" + RSS_END),
    "a billion laughs": entities(12) + RSS + b"<title>&a11;</title>" + RSS_END,
    "a long entity often": LONG_ENTITY + RSS + b"<title>" + b"&a;" * 20_000 + b"</title>" + RSS_END,
    "an entity from a file": SELF + RSS + RSS_END,
    "declarations": b"<!DOCTYPE " + b"[<!ENTITY a 'b'>" * 99_000,
    "less-than signs": fill(b"<", 0.09, RSS),
    "JSON objects": fill(b'{"id":"/1"},', 4, b'{"version":"https://jsonfeed.org/version/1","items":[', b"{}]}"),
    "JSON lists": fill(b"[],", 0.14, b'{"version":"https://jsonfeed.org/version/1","items":[', b"{}]}"),
    "JSON words": fill(b'"a",', 1.1, b'{"version":"https://jsonfeed.org/version/1","items":[', b"{}]}"),
    "JSON in itself": fill(b'{"a":', 0.24),
}
SITEMAPS = {
    "entries": fill(b"<url><loc>http://news.example/1</loc></url>", 15, b"<urlset>", b"</urlset>"),
    "49,000 entries": b"<urlset>"
    + b"".join(b"<url><loc>http://news.example/%d</loc></url>" % i for i in range(49_000))
    + b"</urlset>",
    "elements in one entry": fill(b"<a/>", 15, MAP, MAP_END),
    "elements in each other": fill(b"<a>", 15),
    "a long text": fill(b"words ", 15, MAP + b"<t>", b"</t>" + MAP_END),
    "attributes": MAP + b"<t" + ATTRIBUTES + b"/>" + MAP_END,
    "attributes, in every entry": (b"<url" + ATTRIBUTES[:90_000].rpartition(b" ")[0] + b"/>") * 150,
    "name spaces": MAP + b"<t" + SPACES + b"/>" + MAP_END,
    "names": MAP + b"".join(b"<a%d/>" % i for i in range(500_000)) + MAP_END,
    "comments": fill(b"<!---->", 15, b"<urlset>", b"</urlset>"),
    "instructions": fill(b"<?a?>", 15, b"<urlset>", b"</urlset>"),
    "a billion laughs": entities(12) + MAP + b"<t>&a11;</t>" + MAP_END,
    "a long entity often": b'<!DOCTYPE r [<!ENTITY a "'
    + b"x" * 90_000
    + b'">]>'
    + MAP
    + b"<t>"
    + b"&a;" * 9000
    + b"</t>"
    + MAP_END,
    "an entity from a file": SELF + MAP + MAP_END,
    "gzip of 40 MB of zeros": packed(40 * 1024 * 1024),
    "gzip of 4 GB of zeros, and more to come": packed_without_end(4 * 1024 * 1024 * 1024),
    "gzip of 49 MB of entries": gzip.compress(
        fill(b"<url><loc>http://news.example/1</loc></url>", 49, b"<urlset>", b"</urlset>")
    ),
    "gzip of 49 MB of comments": gzip.compress(fill(b"<!---->", 49, b"<urlset>", b"</urlset>")),
}
PAGES = {
    "links": b"".join(b"<a href=/news/%d>x</a>" % i for i in range(100_000)),
    "9,000 links": b"".join(b"<a href=/news/%d>x</a>" % i for i in range(9_000)),
    "boxes in each other": fill(b"<div>", 15),
    "attributes": b"<a href=/news/1" + ATTRIBUTES + b">x</a>",
    "words": fill(b"words ", 15, b"<a href=/news/1>x</a>"),
    "a script": fill(b"var a=1;", 15, b"<a href=/news/1>x</a><script>"),
}
ROBOTS = {
    "16 MB of rules": fill(b"Disallow: /a\n", 15.9, b"User-agent: *\n"),
    "agents": b"".join(b"User-agent: a%d\n" % i for i in range(30_000)),
    "wildcards": b"User-agent: *\nDisallow: /" + b"*a" * 3000 + b"b$\n",
    "a delay without end": b"User-agent: *\nCrawl-delay: 1e999\nAllow: /\n",
    "a delay that is no number": b"User-agent: *\nCrawl-delay: nan\nAllow: /\n",
    "a delay below nothing": b"User-agent: *\nCrawl-delay: -7\nAllow: /\n",
    "noise": random.Random(7).randbytes(400_000),
}
ANSWERS: dict[str, Answer] = {
    "gzip, 1 GB": bomb(1024 * 1024 * 1024),
    "deflate, 1 GB": bomb(1024 * 1024 * 1024, "deflate"),
    "gzip in gzip in gzip": hostile.nested,
    "gzip of nothing for long": hostile.nothing_for_long,
    "empty gzip members": hostile.empty_members,
    "gzip just under the ratio": page(
        gzip.compress(random.Random(7).randbytes(90_000) + b"x" * 15 * MB), Content_Encoding="gzip"
    ),
    "15 MB": page(b"x" * 15 * MB),
    "a body without end": hostile.streams_for_ever,
    "tiny chunks": hostile.tiny_chunks,
    "a chunk extension without end": hostile.endless_chunk_extension,
    "trailers without end": hostile.endless_trailers,
    "100 Continue without end": hostile.provisional_for_ever,
    "9,000 headers": hostile.many_headers,
    "headers without end": hostile.headers_for_ever,
    "a header of 400 kB": hostile.huge_headers,
    "a redirect to a long address": hostile.redirect("/" + "a" * 90_000),
    "cookies": hostile.many_cookies,
    "a stated length of a petabyte": lambda h: h.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000000000\r\n\r\nx"),
}
KINDS: dict[str, dict[str, bytes]] = {"feed": FEEDS, "sitemap": SITEMAPS, "page": PAGES, "robots": ROBOTS}
NAMES = [f"{kind}: {name}" for kind, bodies in (KINDS | {"answer": ANSWERS}).items() for name in bodies]


def resources() -> dict[str, Answer | bytes]:
    """What the hostile server serves, by path: /KIND/NUMBER."""
    served: dict[str, Answer | bytes] = {
        f"/{kind}/{i}": page(body) for kind, bodies in KINDS.items() for i, body in enumerate(bodies.values())
    }
    served |= {f"/answer/{i}": answer for i, answer in enumerate(ANSWERS.values())}
    return served | {"/warm/feed": RSS + RSS_END, "/warm/sitemap": MAP + MAP_END, "/warm/page": b"<a href=/news/1>x</a>"}


@contextmanager
def _fetcher() -> Iterator[Fetcher]:
    settings = FetchSettings(private_addresses=True, retries=0, deadline=3.0)
    ways = {"rng": random.Random(7), "sleep": lambda _: None, "clock": time.monotonic, "now": lambda: datetime.now(UTC)}
    with Fetcher(settings, delay=0.0, **ways) as fetcher:
        yield fetcher


def _read(kind: str, url: str) -> str:
    """Fetch a listing and read it."""
    with _fetcher() as fetcher:
        response = fetcher.get(url)
    body = response.decoded()
    if kind == "feed":
        return f"{len(read_feed(body, url).articles):,} articles"
    if kind == "sitemap":
        return f"{len(read_sitemap(body, url).listing.articles):,} articles"
    return f"{len(read_page(body, url, re.compile('/news/')).articles):,} articles"


def _obey(robots_url: str) -> str:
    """Fetch a robots.txt, ask it about a long address, and hold its delay."""
    from include.scrape.robots import read_robots

    with _fetcher() as fetcher:
        rules = read_robots(fetcher.get(robots_url).decoded(), "Badia")
    return f"{rules.allows('http://news.example/' + 'a' * 4000)} {rules.crawl_delay}"


def _fetch(url: str) -> str:
    """Fetch a page; a few times, if it is one."""
    with _fetcher() as fetcher:
        for _ in range(5):
            response = fetcher.get(url)
            response.decoded()
    return f"{response.decoded_size:,} bytes"


def warm_up(server: str) -> None:
    """Fetch and read a small listing of each kind."""
    for kind in ("feed", "sitemap", "page"):
        _read(kind, f"{server}/warm/{kind}")
    _obey(f"{server}/warm/page")


def cases(server: str) -> dict[str, Callable[[], str]]:
    """What a scraper does with each resource."""
    found: dict[str, Callable[[], str]] = {}
    for kind, bodies in (KINDS | {"answer": ANSWERS}).items():
        for i, name in enumerate(bodies):
            url = f"{server}/{kind}/{i}"
            found[f"{kind}: {name}"] = (
                partial(_fetch, url)
                if kind == "answer"
                else partial(_obey, url)
                if kind == "robots"
                else partial(_read, kind, url)
            )
    return found
