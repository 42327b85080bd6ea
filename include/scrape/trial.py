"""Try a source as a run would use it, and keep nothing: each listing, and an article as it is cleaned."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any
from urllib.parse import urlsplit

import yaml

from include.scrape.advice import advice
from include.scrape.bounds import cleaned
from include.scrape.fetch import FetchFailed, Response
from include.scrape.link_pattern import is_article_like
from include.scrape.listed import Listed, Listing, ListingError
from include.scrape.reading import read_listing
from include.scrape.rows import fetched_row
from include.scrape.sitemaps import Child
from include.scrape.sources import ListedBy, Source

FRESH = timedelta(days=90)
"""A listing that shows nothing younger was left behind, or its outlet has fallen silent."""

_ARTICLES = 3  # tried of a source until one is cleaned
GONE = ("http_404", "http_410")
"""Error classes of a page that is not there."""

_UNKNOWN = datetime.min.replace(tzinfo=UTC)

Get = Callable[[str], Response]
"""Fetches an address. Raises FetchFailed."""


@dataclass(frozen=True)
class Problem:
    """What is wrong, in words; `error_class` is as in the documents dataset, or a key of its own in data/advice.yaml."""

    error_class: str
    words: str


def _told(problem: Problem | None) -> dict[str, str | None]:
    return {"error_class": problem and problem.error_class, "error": problem and problem.words}


@dataclass(frozen=True)
class Glance:
    """What a listing shows at first sight. Of a sitemap index: what `child` shows, one of its `n_children` sitemaps."""

    listing: Listing
    n_children: int = 0
    child: str | None = None


@dataclass(frozen=True)
class ArticleTrial:
    """One article: the columns of `articles` that cleaning gives it, null if it could not be fetched; and what is wrong."""

    url: str
    row: dict[str, Any] | None = None
    problem: Problem | None = None

    @property
    def is_clean(self) -> bool:
        """Whether it has a text and a date."""
        return self.problem is None

    @property
    def has_text(self) -> bool:
        """Whether it has a text."""
        return self.row is not None and self.row["text"] is not None

    def told(self) -> dict[str, Any]:
        """It as plain data."""
        row = self.row or {}
        named = {name: row.get(name) for name in ("title", "authors", "published_on", "published_source", "language")}
        return {"url": self.url, **named, "characters": len(row.get("text") or "")} | _told(self.problem)


@dataclass(frozen=True)
class ListingTrial:
    """One listing of a source: its articles, when the newest was published or changed, and how many further ones the page after
    it has (null: not asked for); and what is wrong.
    """

    kind: str
    url: str
    articles: tuple[Listed, ...] = ()
    newest: datetime | None = None
    further: int | None = None
    problem: Problem | None = None

    def told(self) -> dict[str, Any]:
        """It as plain data."""
        newest = self.newest and self.newest.isoformat(timespec="minutes")
        named = {"kind": self.kind, "url": self.url, "articles": len(self.articles), "newest": newest, "further": self.further}
        return named | _told(self.problem)


@dataclass(frozen=True)
class SourceTrial:
    """What came of trying a source: `works`, `partly` or `fails`, and what is wrong."""

    source: Source
    listings: tuple[ListingTrial, ...] = ()
    articles: tuple[ArticleTrial, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def verdict(self) -> str:
        """`fails` if no listing shows articles, or none of those tried has a text; `partly` if anything else is wrong."""
        if not any(article.has_text for article in self.articles):
            return "fails"
        return "partly" if self.problems else "works"

    def told(self) -> dict[str, Any]:
        """It as plain data."""
        return {
            "id": self.source.id,
            "outlet": self.source.outlet,
            "verdict": self.verdict,
            "verified": self.source.verified,
            "listings": [tried.told() for tried in self.listings],
            "articles": [tried.told() for tried in self.articles],
            "problems": [_told(problem) | {"advice": advice(problem.error_class)} for problem in self.problems],
        }


def try_source(source: Source, get: Get, now: Callable[[], datetime]) -> SourceTrial:
    """Ask for each listing of a source, for the page after it if the entry says where that is, and for an article; for up to
    three if the first has no text.
    """
    listings = tuple(_try_listing(spec, get, now()) for spec in source.listings)
    articles: list[ArticleTrial] = []
    for article in sample(next((tried.articles for tried in listings if tried.articles), ()), _ARTICLES):
        articles.append(try_article(article, get, now))
        if articles[-1].has_text:
            break
    problems = [tried.problem for tried in (*listings, *articles) if tried.problem]
    row = articles[-1].row if articles else None
    if row is not None:
        published, undated = row["published_on"], all(tried.newest is None for tried in listings)
        if undated and published is not None and published < (now() - FRESH).date():
            problems.append(Problem("stale", f"{articles[-1].url}, the first that is listed, is of {published}"))
        if row["language"] is not None and row["language"] not in source.languages:
            words = f"{articles[-1].url} is in {row['language']!r}, and the entry says {', '.join(source.languages)}"
            problems.append(Problem("other_language", words))
    return SourceTrial(source, listings, tuple(articles), tuple(problems))


def _try_listing(spec: ListedBy, get: Get, now: datetime) -> ListingTrial:
    tried = ListingTrial(spec.kind, spec.url)
    try:
        shown = glance(get(spec.url), spec, get).listing
    except (FetchFailed, ListingError) as failure:
        return replace(tried, problem=Problem(failure.error_class, str(failure)))
    newest = newest_of(shown.articles)
    tried = replace(tried, articles=shown.articles, newest=newest)
    if newest is not None and newest < now - FRESH:
        return replace(tried, problem=Problem("stale", f"{spec.url} shows nothing younger than {newest:%Y-%m-%d}"))
    if shown.problems:
        return replace(tried, problem=Problem("broken_listing", "; ".join(shown.problems)))
    if spec.pages is None and spec.following is None:
        return tried
    following = spec.pages.replace("{page}", "2") if spec.pages else shown.next_page
    if following is None:
        return replace(tried, problem=Problem("no_more", f"no link of {spec.url} matches {spec.following.pattern!r}"))
    try:
        further = further_articles(get(following), spec, shown.articles)
    except (FetchFailed, ListingError) as failure:
        return replace(tried, problem=Problem("no_more", f"its next page cannot be read: {failure}"))
    if not further:
        return replace(tried, further=0, problem=Problem("no_more", f"{following} shows nothing that {spec.url} does not"))
    return replace(tried, further=further)


def try_article(article: Listed, get: Get, now: Callable[[], datetime]) -> ArticleTrial:
    """Fetch an article and clean it."""
    try:
        response = get(article.url)
    except FetchFailed as failure:
        error_class = "dead_link" if failure.error_class in GONE else failure.error_class
        return ArticleTrial(article.url, problem=Problem(error_class, str(failure)))
    fetched_at = now()
    captured = fetched_row(article, response, None, "", fetched_at)
    if captured["outcome"] != "captured":
        return ArticleTrial(article.url, problem=Problem(captured["error_class"], captured["error"]))
    row = cleaned(article, response, fetched_at)
    problem = None
    if row["clean_outcome"] != "cleaned":
        problem = Problem("no_text", f"{article.url}: {row['clean_error']}")
    elif row["published_on"] is None:
        problem = Problem("no_date", f"{article.url} states no date that can be believed. {row['clean_error'] or ''}".rstrip())
    return ArticleTrial(article.url, row, problem)


def glance(response: Response, spec: ListedBy, get: Get) -> Glance:
    """What a document of a listing shows; of an index without articles of its own, what the likeliest of its sitemaps does.
    Raises FetchFailed and ListingError.
    """
    sitemap = read_listing(response, spec)
    if sitemap.listing.articles or not sitemap.children:
        return Glance(sitemap.listing, len(sitemap.children))
    child = min(sitemap.children, key=_likelihood)
    inside = read_listing(get(child.url), spec).listing
    if not inside.articles:
        raise ListingError("broken_listing", f"{child.url} is a sitemap index inside {spec.url}")
    return Glance(inside, len(sitemap.children), child.url)


def _likelihood(child: Child) -> tuple[int, list[int]]:
    """How likely a sitemap of an index is to list the latest articles, the likeliest first: by its name and, where the index
    has no dates by which its sitemaps are sorted, by the numbers in it; the highest are the latest.
    """
    numbers = [] if child.modified_text else [-int(number) for number in re.findall("[0-9]{1,9}", urlsplit(child.url).path)]
    return sitemap_rank(child.url), numbers


def sitemap_rank(url: str) -> int:
    """How likely a sitemap is to list articles, by its name: the lowest first."""
    words = re.findall(r"[a-z]+", url.lower().rpartition("/")[2])
    table = places()
    named = [number for number, word in enumerate(table["articles"]) if word in words]
    return len(table["articles"]) + 1 if set(words) & set(table["no_articles"]) else min(named, default=len(table["articles"]))


def further_articles(response: Response, spec: ListedBy, known: Sequence[Listed]) -> int:
    """How many articles a further page of a listing shows that are not known. Raises ListingError."""
    shown = {article.url for article in read_listing(response, spec).listing.articles}
    return len(shown - {article.url for article in known})


def newest_of(articles: Iterable[Listed]) -> datetime | None:
    """When the newest of some articles was published, or changed; null: none of them is dated."""
    return max((article.dated for article in articles if article.dated), default=None)


def sample(articles: Sequence[Listed], number: int) -> list[Listed]:
    """Some articles to try: the newest, those first whose addresses are built as those of articles are."""
    return sorted(articles, key=lambda a: (is_article_like(a.url), a.dated or _UNKNOWN), reverse=True)[:number]


@cache
def places() -> dict[str, list[str]]:
    """The table of where outlets keep their listings."""
    return yaml.safe_load(resources.files("include.scrape").joinpath("data/discovery.yaml").read_text("utf-8"))
