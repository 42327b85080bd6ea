"""Read what a source lists: as little as shows that nothing was missed, and as much as it takes to close a gap.

The first listing is read in every run; the others on the first run of a day, and where the first one leaves a gap since the
watermark (state.py says what that is). A feed or page that goes on is read page by page: until one shows what was there
before the watermark, brings nothing new, or is the last; at most as many as the source states. Of a sitemap index only the
sitemaps that changed are read.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta

from include.scrape.fetch import FetchFailed, Response
from include.scrape.listed import Listed, Listing, ListingError, instant
from include.scrape.reading import read_listing
from include.scrape.sitemaps import Child
from include.scrape.sources import ListedBy, Source
from include.scrape.state import SourceState

MAX_SITEMAPS = 20
"""Most sitemaps of an index that one run reads, the newest first."""

MOST_WAITING = 10_000
"""Most articles of a source that wait to be fetched: what a listing shows beyond that is taken from it when there is room."""

NEWS = 500
"""Articles that one document of the first listing adds however many wait: what the others bring must not keep the news out."""

_LEEWAY = timedelta(days=2)
"""How long before the first run something may have been published that the other listings bring as news."""

Fetch = Callable[..., Response]
"""Fetches an address, if it has changed since `etag` and `last_modified` came with it. Raises FetchFailed."""

_END = ("http_404", "http_410", "no_entries")
"""What a site answers when it is asked for a page after the last one, or for a sitemap that it no longer has."""


@dataclass
class Survey:
    """What came of reading the listings.

    `read` has a hash of each address that was listed; so many were `new`. So many listing `documents` answered; `failures` are
    those that did not, or that could not be read or only in part. `problems` say in words what a person should look at.
    """

    read: set[int] = field(default_factory=set)
    new: int = 0
    documents: int = 0
    failures: list[tuple[str, FetchFailed | ListingError]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def survey(source: Source, state: SourceState, fetch: Fetch, started: datetime) -> Survey:
    """Read the source's listings and take what they show into its state. Raises nothing for what a server does."""
    return _Reader(source, state, fetch, started).survey()


class _Reader:
    def __init__(self, source: Source, state: SourceState, fetch: Fetch, started: datetime):
        self._source = source
        self._state = state
        self._fetch = fetch
        self._started = started
        self._found = Survey()
        self._begun = datetime.fromisoformat(state.begun) if state.begun else started
        self._since = datetime.combine(source.since, time(), UTC) if source.since else None
        self._watermark = datetime.fromisoformat(state.watermark) if state.watermark else self._since
        # All listings, and whatever their ETags say: servers that answer 304 for ever must not look like peace.
        self._whole = state.day != _day(started)
        self._gap_is_open = state.surveyed != state.watermark

    def survey(self) -> Survey:
        gap = False
        for n, spec in enumerate(self._source.listings):
            if n and not (gap or self._whole):
                break
            closes = self._sitemap(spec) if spec.kind == "sitemap" else self._pages(spec)
            gap = not closes and (gap or n == 0)
        found, state = self._found, self._state
        if not found.documents:
            return found
        now = self._started.isoformat(timespec="seconds")
        state.begun, state.day, state.surveyed = state.begun or now, _day(self._started), now
        if not (gap and found.failures):
            state.watermark = now
        if gap and not found.failures:
            found.problems.append(
                f"its listings show nothing from before {self._watermark:%Y-%m-%d %H:%M} UTC, when they were read last: what "
                "was listed in between and no longer is, is missing. Scrape more often, or give it a listing that reaches back"
            )
        return found

    # -- feeds and pages ---------------------------------------------------------------------------------------------

    def _pages(self, spec: ListedBy) -> bool:
        """Read a feed or page, and those after it; whether they leave no gap since the watermark."""
        look = self._look(spec)
        url: str | None = spec.url
        shown: set[str] = set()
        for number in range(1, spec.most_pages + 1):
            try:
                response = self._get(url, look, conditional=number == 1)
                if response is None:
                    return True
                listing = read_listing(response, spec).listing
            except (FetchFailed, ListingError) as failure:
                if number > 1 and failure.error_class in _END:
                    return True
                return self._failed(url, failure)
            self._take(url, response, listing, look)
            fresh = {article.url for article in listing.articles} - shown
            if self._watermark is None or self._reaches_back(listing.articles):
                return True
            following = spec.pages.replace("{page}", str(number + 1)) if spec.pages else listing.next_page
            if following is None or not fresh:
                return number > 1 and bool(fresh)
            shown |= fresh
            url = following
        self._found.problems.append(f"{spec.url} goes on after {spec.most_pages} pages; those are not looked at (most_pages)")
        return False

    def _reaches_back(self, articles: Sequence[Listed]) -> bool:
        """Whether a document shows what was there before the watermark: where all is dated two articles (one may be pinned to
        the top), else the last one.
        """
        before = [self._state.before(article, self._watermark) for article in articles]
        if all(article.dated for article in articles):
            return sum(before) >= min(2, max(1, len(articles) - 1))
        return before[-1]

    # -- sitemaps ----------------------------------------------------------------------------------------------------

    def _sitemap(self, spec: ListedBy) -> bool:
        """Read a sitemap, or those of an index that changed; whether they leave no gap since the watermark."""
        look = self._look(spec)
        try:
            response = self._get(spec.url, look, conditional=True)
            if response is None:
                return True
            sitemap = read_listing(response, spec)
        except (FetchFailed, ListingError) as failure:
            return self._failed(spec.url, failure)
        self._take(spec.url, response, sitemap.listing, look)
        if not sitemap.children:
            mark = self._watermark
            return mark is None or any(self._state.before(article, mark) for article in sitemap.listing.articles)
        return self._children(sitemap.children, spec, look)

    def _children(self, children: Sequence[Child], spec: ListedBy, look: "_Look") -> bool:
        index = spec.url
        changed = [child for child in children if self._is_changed(child, look)]
        late = changed[MAX_SITEMAPS:]
        if late:
            self._found.problems.append(f"{index} lists {len(changed):,} sitemaps; the newest {MAX_SITEMAPS} are read")
        worked = [self._child(child, spec, look) for child in changed[:MAX_SITEMAPS]]
        if look.first:
            for child in late:
                self._remember(child.url, modified=child.modified_text)
        elif any(child.modified_text for child in late):
            self._state.listings[index] = {}
            return False
        return all(worked)

    def _is_changed(self, child: Child, look: "_Look") -> bool:
        """Whether to read a sitemap of an index: it has changed since it was read, or the index does not say."""
        modified = child.modified_text
        if modified is None:
            return True
        at = instant(modified)
        if look.floor is not None and at is not None and at < look.floor:
            return False
        return self._state.listings.get(child.url, {}).get("modified") != modified

    # Where something is left in an index, its validators are forgotten: the next run goes on, though it has not changed.

    def _child(self, child: Child, spec: ListedBy, look: "_Look") -> bool:
        """Read one sitemap of an index; whether that worked."""
        try:
            response = self._get(child.url, look, conditional=True)
            if response is None:
                self._remember(child.url, modified=child.modified_text)
                return True
            sitemap = read_listing(response, spec)
            if sitemap.children:
                words = f"{child.url} is a sitemap index inside {spec.url}; an index may list sitemaps only"
                raise ListingError("broken_listing", words)
        except (FetchFailed, ListingError) as failure:
            self._failed(child.url, failure)
            if failure.error_class in _END:  # nothing is there that could be missed; the index still names it
                self._remember(child.url, modified=child.modified_text)
            return failure.error_class in _END
        if self._take(child.url, response, sitemap.listing, look):
            self._remember(child.url, modified=child.modified_text)
        else:
            self._state.listings[spec.url] = {}
        return True

    # -- documents ---------------------------------------------------------------------------------------------------

    def _look(self, spec: ListedBy) -> "_Look":
        is_main = spec is self._source.listing
        floor = self._since or (None if is_main else self._begun - _LEEWAY)
        return _Look(spec.url, floor, is_main, first=spec.url not in self._state.listings)

    def _get(self, url: str, look: "_Look", *, conditional: bool) -> Response | None:
        """A document of the listings; null if it has not changed. Raises FetchFailed."""
        ask_whole = url == look.top and (self._whole or self._gap_is_open)
        known = self._state.listings.get(url, {}) if conditional and not ask_whole else {}
        response = self._fetch(url, etag=known.get("etag"), last_modified=known.get("last_modified"))
        if response.not_modified:
            self._found.documents += 1
            return None
        return response

    def _failed(self, url: str, failure: FetchFailed | ListingError) -> bool:
        """Note a failure; false. The next run asks for the document whole."""
        self._found.failures.append((url, failure))
        if url in self._state.listings:
            self._state.listings[url] = {}
        return False

    def _take(self, url: str, response: Response, listing: Listing, look: "_Look") -> bool:
        """Note what a document lists, and that it was read; false if it lists more than can wait to be fetched."""
        state, found = self._state, self._found
        found.read.update(hash(article.url) for article in listing.articles)
        known = [article for article in listing.articles if article.url in state.articles]
        new = [
            a for a in listing.articles if a.url not in state.articles and not (look.floor and a.dated and a.dated < look.floor)
        ]
        room = max(MOST_WAITING - state.waiting, NEWS if look.is_main else 0)
        whole = len(new) <= room
        if not whole:  # sorted() is stable: what has no date, or the same, stays in the order of the listing
            new = sorted(new, key=lambda article: article.dated or self._started, reverse=True)[:room]
        for article in [*known, *new]:
            state.lists(article, self._started, wanted=look.is_main or article.dated is not None or not look.first)
        found.new += len(new)
        found.documents += 1
        state.listings[url] = {}
        if whole:
            self._remember(url, etag=response.header("etag"), last_modified=response.header("last-modified"))
        else:
            found.problems.append(
                f"{url} lists more than can wait ({MOST_WAITING:,} articles); the rest is taken from it later"
            )
        if listing.problems:
            found.failures.append((url, ListingError("broken_listing", "; ".join(listing.problems))))
        return whole

    def _remember(self, url: str, **stated: str | None) -> None:
        self._state.listings.setdefault(url, {}).update({name: value for name, value in stated.items() if value})


@dataclass(frozen=True)
class _Look:
    """One listing being read: the address at its `top`, before when nothing is wanted (`floor`), whether it is the source's
    main one, and whether it is read for the `first` time.
    """

    top: str
    floor: datetime | None
    is_main: bool
    first: bool


def _day(at: datetime) -> str:
    return at.astimezone(UTC).date().isoformat()
