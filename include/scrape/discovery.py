"""Find out what lists an outlet's articles, given the address of its home page, or of a feed or sitemap.

Asked for, politely and each once: the address itself, the feeds that the page names, the sitemaps that robots.txt names, the
usual places (data/discovery.yaml). Each is read as a run would read it, and judged by the articles that it gives.
"""

import difflib
import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from include.clean.canonical import site_of
from include.clean.metadata import Metadata, read_metadata
from include.masking import secrets_in
from include.scrape.block_pages import block_page
from include.scrape.fetch import FetchFailed, HostClosed, Response
from include.scrape.link_pattern import link_pattern
from include.scrape.listed import Listed, Listing, ListingError, article_url, one_line
from include.scrape.listings import page_tree
from include.scrape.robots import Robots
from include.scrape.sources import ListedBy
from include.scrape.trial import FRESH, Get, Problem, further_articles, glance, newest_of, places, sitemap_rank

MOST_TRIED = 30
"""Most addresses that are asked for."""

_MOST_DECLARED = 4  # feeds that a page names, and sitemaps that robots.txt names
_MOST_BELOW = 3  # usual places below an address that has a path
_MOST_REFUSALS = 3  # in a row, after which a host is not asked again
_ONE_RUN = timedelta(days=1)  # what the first listing should reach back
_RECENT = timedelta(days=7)
_LONGEST_NAME = 80
_SITEMAP = re.compile(rb"<(?:\w+:)?(?:urlset|sitemapindex)[\s>]", re.I)
_FEED = re.compile(rb"<(?:rss|feed|rdf:RDF)[\s>]", re.I)
_HTML = re.compile(rb"<(?:!doctype\s+html|html)[\s>]", re.I)
_FEED_LINK = re.compile(r"(?:://|[/=])(?:rss[\w-]*|feeds?|atom)(?:[./?&]|$)", re.I)
_COMMENT = re.compile(rb"#comment-[0-9]")
_WORDPRESS = re.compile(rb"/wp-(?:content|includes|json)/")


@dataclass(frozen=True)
class Tried:
    """One address that was tried: how it was come by (`where`), what it is (a listing's kind; null: none that can be used), the
    articles of the site in it, and what is wrong with it. A sitemap index has `n_children`.
    """

    url: str
    where: str
    kind: str | None = None
    articles: tuple[Listed, ...] = ()
    n_children: int = 0
    problem: Problem | None = None

    @property
    def newest(self) -> datetime | None:
        """When its newest article was published, or changed."""
        return newest_of(self.articles)

    @property
    def reach(self) -> timedelta:
        """How far it goes back, from its newest to its oldest article."""
        dates = [article.dated for article in self.articles if article.dated]
        return max(dates) - min(dates) if dates else timedelta(0)

    @property
    def is_news(self) -> bool:
        """Whether it is a feed, or a sitemap that says when articles were published (a news sitemap)."""
        return self.kind == "feed" or any(article.published_text for article in self.articles)

    def is_fresh(self, now: datetime) -> bool:
        """Whether it gives articles, and none of them or a recent one is dated."""
        return bool(self.articles) and (self.newest is None or self.newest >= now - FRESH)


@dataclass(frozen=True)
class Discovery:
    """What was found: the address of the home page, after redirects; the outlet's name and language as it states them; the
    listings to use, the first of them with its `articles`; `since`, a day before which the first one's articles are left to an
    import; whether the pattern of a listing page is `guessed`; and all that was tried. Without listings nothing was found.
    """

    home: str
    outlet: str | None = None
    language: str | None = None
    crawl_delay: float = 0.0
    listings: tuple[ListedBy, ...] = ()
    articles: tuple[Listed, ...] = ()
    since: date | None = None
    guessed: bool = False
    tried: tuple[Tried, ...] = ()


def discover(url: str, get: Get, robots: Callable[[str], Robots], now: datetime) -> Discovery:
    """Find the listings of the outlet at `url`. `get` fetches an address and `robots` gives the rules of its host; both raise
    FetchFailed, and nothing is raised here.
    """
    return _Search(get, robots, now).discover(url)


class _Search:
    def __init__(self, get: Get, robots: Callable[[str], Robots], now: datetime):
        self._get = get
        self._robots = robots
        self._now = now
        self._home = self._base = ""
        self._page: Response | None = None
        self._feed = Listing()  # the first that says something of itself
        self._tried: dict[str, Tried] = {}
        self._refusals = 0
        self._over = False

    def discover(self, url: str) -> Discovery:
        self._home = url
        response = self._fetch(url, "given")
        given = None
        if response is not None and _kind(response) is not None:
            given = self._read(response, url, "given")
            self._home = self._home_of(given)
            response = self._fetch(self._home, "its home page")
        tree = self._tree(response) if response is not None else None
        if tree is not None:
            is_plain = urlsplit(response.url).path and not secrets_in([response.url])
            self._home = response.url if is_plain else urljoin(response.url, "/")
            self._page = response
        rules = self._rules()
        if not self._over:
            self._feeds(tree)
            self._sitemaps(rules)
        found = self._chosen(Discovery(self._home, crawl_delay=rules.crawl_delay if rules else 0.0), given, tree)
        return replace(found, **self._itself(tree), tried=tuple(self._tried.values()))

    # -- what there is -----------------------------------------------------------------------------------------------

    def _feeds(self, tree: HtmlElement | None) -> None:
        """Try the feeds that the page names as its own, else those that it links to, else the usual places."""
        if tree is not None:
            declared = [
                (link.get("href"), link.get("title") or "")
                for link in tree.xpath("//link[@href][@rel]")
                if "alternate" in link.get("rel").lower().split()
                and link.get("type", "").partition(";")[0].strip().lower() in places()["feed_types"]
            ]
            self._each("home page", self._own(declared)[:_MOST_DECLARED])
            if not self._has("feed"):
                linked = [(link, words) for link, words in self._links(tree) if _FEED_LINK.search(link)]
                self._each("home page, a link", self._own(linked)[:_MOST_DECLARED])
        if not self._has("feed"):
            self._each("usual place", self._usual("feeds"), until="feed")

    def _sitemaps(self, rules: Robots | None) -> None:
        """Try the sitemaps that robots.txt names, else the usual places."""
        if rules is not None:
            named = [address for each in rules.sitemaps if (address := article_url(each, self._home))]
            self._each("robots.txt", sorted(dict.fromkeys(named), key=sitemap_rank)[:_MOST_DECLARED])
        if not self._has("sitemap"):
            self._each("usual place", self._usual("sitemaps"), until="sitemap")

    def _links(self, tree: HtmlElement) -> list[tuple[str, str]]:
        """The links of the home page: absolute address and words."""
        found = [(article_url(anchor.get("href"), self._base), anchor.text_content()) for anchor in tree.xpath("//a[@href]")]
        return [(url, words) for url, words in found if url is not None]

    def _own(self, links: Iterable[tuple[str, str]]) -> list[str]:
        """The addresses of feeds among some links; those of comments are left out, and noted."""
        found = {}
        for href, words in links:
            address = article_url(href, self._base)
            if address is None:
                continue
            if any(word in f"{urlsplit(address).path} {words}".lower() for word in places()["comments"]):
                self._note(Tried(address, "home page", problem=Problem("comments", "a feed of comments")))
            else:
                found[address] = None
        return list(found)

    def _usual(self, kind: str) -> list[str]:
        """The usual places, below the home page's address and below the site's root."""
        path = urlsplit(self._home).path
        below = urljoin(self._home, "." if "." in path.rpartition("/")[2] else f"{path.rstrip('/')}/")
        root = urljoin(self._home, "/")
        return list(
            dict.fromkeys(
                [urljoin(below, place) for place in places()[kind][:_MOST_BELOW]]
                + [urljoin(root, place) for place in places()[kind]]
            )
        )

    def _has(self, kind: str) -> bool:
        return any(tried.kind == kind and tried.is_fresh(self._now) for tried in self._tried.values())

    def _each(self, where: str, addresses: Iterable[str], until: str | None = None) -> None:
        """Try some addresses; with `until`, only until there is a listing of that kind."""
        for address in addresses:
            if until is not None and self._has(until):
                return
            if address not in self._tried and (response := self._fetch(address, where)) is not None:
                self._read(response, address, where)

    # -- one address -------------------------------------------------------------------------------------------------

    def _fetch(self, url: str, where: str) -> Response | None:
        """The answer of an address; null, and a note, if there is none."""
        if self._over or len(self._tried) >= MOST_TRIED:
            return None
        if secrets_in([url]):  # an entry is no place for one that nobody gave on purpose
            self._note(Tried(url.partition("?")[0], where, problem=Problem("secret", "its address holds a key or password")))
            return None
        try:
            response = self._get(url)
        except FetchFailed as failure:
            self._note(Tried(url, where, problem=Problem(failure.error_class, str(failure))))
            refuses = failure.retryable or (failure.outcome == "blocked" and failure.status is not None)
            self._refusals = self._refusals + 1 if refuses else 0
            # Whoever has no answer to the first address has none to others; and who refuses some is not asked for more.
            no_answer = len(self._tried) == 1 and failure.status is None and failure.error_class != "robots"
            self._over = no_answer or isinstance(failure, HostClosed) or self._refusals >= _MOST_REFUSALS
            return None
        if _kind(response) is None and (marked := block_page(response.head)):
            self._note(Tried(url, where, problem=Problem("block_page", f"{response.url} serves a block page: {marked}")))
            self._refusals += 1
            self._over = self._refusals >= _MOST_REFUSALS
            return None
        self._refusals = 0
        return response

    def _read(self, response: Response, url: str, where: str) -> Tried:
        """Read an answer as the listing that it is, and note it."""
        kind = _kind(response)
        address = response.url if site_of(response.url) == site_of(url) and not secrets_in([response.url]) else url
        if kind is None:
            words = f"{url} is neither a feed nor a sitemap"
            return self._note(Tried(url, where, problem=Problem("broken_listing", words)))
        try:
            shown = glance(response, ListedBy(kind, address), self._get)
        except (FetchFailed, ListingError) as failure:
            return self._note(Tried(url, where, kind, problem=Problem(failure.error_class, str(failure))))
        listed = shown.listing.articles
        tried = Tried(address, where, kind, listed, shown.n_children)
        if where != "given":  # whose own address was given is taken at its word: an aggregator's feed leads to many sites
            own = tuple(article for article in listed if site_of(article.url) == site_of(self._home))
            tried = replace(tried, articles=own if 2 * len(own) >= len(listed) else ())
            if not tried.articles:
                words = f"{address} lists {len(listed)} pages, most of them of other sites"
                tried = replace(tried, problem=Problem("other_site", words))
        if kind == "feed" and len(_COMMENT.findall(response.decoded())) >= len(listed):
            tried = replace(tried, articles=(), problem=Problem("comments", "a feed of comments"))
        elif kind == "feed" and tried.articles and self._feed == Listing():
            self._feed = shown.listing
        if tried.articles and not tried.is_fresh(self._now):
            tried = replace(tried, problem=Problem("stale", f"{address} shows nothing younger than {tried.newest:%Y-%m-%d}"))
        return self._note(tried)

    def _note(self, tried: Tried) -> Tried:
        return self._tried.setdefault(tried.url, tried)

    def _tree(self, response: Response) -> HtmlElement | None:
        try:
            tree, self._base = page_tree(response.decoded(), response.url, response.header("content-type"))
            return tree
        except ListingError as failure:
            self._note(Tried(response.url, "given", problem=Problem(failure.error_class, str(failure))))
            return None

    def _rules(self) -> Robots | None:
        try:
            return None if self._over else self._robots(self._home)
        except FetchFailed:
            return None  # every request to that host fails with it, and is noted

    # -- what it says of itself --------------------------------------------------------------------------------------

    def _home_of(self, given: Tried) -> str:
        """The home page of a listing: as the feed states it, else the root of the site that most of its articles are on."""
        sites = Counter(urljoin(article.url, "/") for article in given.articles)
        root = sites.most_common(1)[0][0] if sites else urljoin(given.url, "/")
        stated = self._feed.home
        return stated if stated and site_of(stated) == site_of(root) else root

    def _itself(self, tree: HtmlElement | None) -> dict[str, str | None]:
        """The outlet's name and language, as its home page and its feed state them."""
        metadata = read_metadata(tree) if tree is not None else Metadata()
        title = tree.findtext(".//title") if tree is not None else None
        name = metadata.site_name or _name_in(self._feed.title or title or "", self._home)
        language = metadata.language or self._feed.language or ""
        code = re.match(r"[a-z]{2}(?=$|[-_])", language.lower())
        return {"outlet": (one_line(name) or "")[:_LONGEST_NAME].strip() or None, "language": code and code[0]}

    # -- what to use -------------------------------------------------------------------------------------------------

    def _chosen(self, found: Discovery, given: Tried | None, tree: HtmlElement | None) -> Discovery:
        """The listings to use: first the one for the day's news, then one that reaches back."""
        usable = [tried for tried in self._tried.values() if tried.kind and tried.articles]
        fresh = [tried for tried in usable if tried.is_fresh(self._now)]
        dated = [tried for tried in fresh if tried.kind == "feed" or tried.newest]
        main = given if given in usable else max(dated, key=self._merit, default=None)
        if main is None and tree is not None and (guess := self._guess(tree)):
            spec, articles = guess
            found = replace(found, articles=articles, guessed=True)
        elif main is None and not usable:
            return found
        else:
            main = main or max(usable, key=self._merit)
            spec = self._going_on(main)
            found = replace(found, articles=main.articles)
            if main.kind == "sitemap" and not main.is_news:
                found = replace(found, since=(self._now - _RECENT).date())
        others = [tried for tried in fresh if tried is not main and tried.kind == "sitemap"]
        second = max(others, key=lambda tried: (tried.n_children > 0, tried.reach), default=None)
        return replace(found, listings=(spec, ListedBy("sitemap", second.url)) if second else (spec,))

    def _merit(self, tried: Tried) -> tuple[bool, ...]:
        """What makes a listing the first one: the latest news, each dated, and enough of it for a run that is a day late."""
        n_dated = sum(article.dated is not None for article in tried.articles)
        return tried.is_fresh(self._now), tried.is_news, 2 * n_dated >= len(tried.articles), tried.reach >= _ONE_RUN

    def _going_on(self, main: Tried) -> ListedBy:
        """The listing, with the addresses of its further pages where it is one of WordPress's, which has them."""
        spec = ListedBy(main.kind, main.url)
        is_wordpress = self._page is not None and _WORDPRESS.search(self._page.decoded())
        if main.kind != "feed" or not is_wordpress:
            return spec
        pages = f"{main.url}{'&' if '?' in main.url else '?'}paged={{page}}"
        response = self._fetch(pages.replace("{page}", "2"), "its second page")
        try:
            goes_on = response is not None and further_articles(response, spec, main.articles) > 0
        except ListingError:
            goes_on = False
        return replace(spec, pages=pages) if goes_on else spec

    def _guess(self, tree: HtmlElement) -> tuple[ListedBy, tuple[Listed, ...]] | None:
        """A listing page: the home page, and the pattern that the links of its headlines have in common."""
        pattern = link_pattern(link for link in self._links(tree) if site_of(link[0]) == site_of(self._home))
        if pattern is None:
            return None
        spec = ListedBy("page", self._home, pattern)
        try:
            articles = glance(self._page, spec, self._get).listing.articles
        except ListingError:
            return None
        self._tried[self._home] = Tried(self._home, "links of the page", "page", articles)
        return spec, articles


def _name_in(title: str, home: str) -> str | None:
    """The outlet's name in the title of its feed or home page ("Home - Desert Herald"): what is most like its domain."""
    parts = re.split(r"\s+[|\u2022\u00b7\u2013\u2014\u00bb:-]\s+", one_line(title) or "")
    domain = site_of(home).partition(".")[0]

    def likeness(part: str) -> float:
        return difflib.SequenceMatcher(None, re.sub(r"\W", "", part.lower()), domain).ratio()

    return max((part for part in parts if part.lower() not in places()["home"]), key=likeness, default=None)


def _kind(response: Response) -> str | None:
    """Whether an answer is a feed or a sitemap, by how it starts; null: neither."""
    start = response.head.removeprefix(b"\xef\xbb\xbf").lstrip()[:4000]
    if start.startswith(b"\x1f\x8b") or _SITEMAP.search(start):
        return "sitemap"
    if start.startswith(b"{") or (_FEED.search(start) and not _HTML.search(start)):
        return "feed"
    return None
