"""Fetch pages politely and within limits: robots.txt, a delay per host, retries that back off, deadlines, sizes, redirects.

What goes wrong is a :class:`FetchFailed` with an outcome and an error class; nothing else is raised for anything that a
server does.
"""

import email.utils
import functools
import io
import logging
import random
import re
import socket
import ssl
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urldefrag, urljoin, urlsplit

import httpcore2
import httpx2

from include.masking import masked
from include.plain import plain
from include.scrape.block_pages import block_page
from include.scrape.decoding import DecodingError, decoded, gathered
from include.scrape.listed import MAX_URL
from include.scrape.robots import MAX_BYTES as MAX_ROBOTS
from include.scrape.robots import Robots, no_robots, read_robots
from include.scrape.transport import AddressRefused, Deadline, DeadlineExceeded, DeadlineTransport, NameNotResolved

ROBOTS_TOKEN = "Badia"
"""The product token that robots.txt files address."""

ROBOTS_KEPT = timedelta(hours=24)
"""How long a robots.txt that was read is obeyed without asking for it again."""

HEAD = 64 * 1024
"""Bytes of a decoded body that a response keeps at hand."""

for _library in ("httpx2", "httpcore2"):  # they log addresses and headers with all that stands in them
    logging.getLogger(_library).setLevel(logging.WARNING)

_RATIO_FROM = 1024 * 1024  # decoded bytes from which the decompression ratio is looked at
_REDIRECTS = (301, 302, 303, 307, 308)
_BLOCKING = (403, 429, 451)
_GUARDED = (403, 429, 503)  # what guards answer with a challenge
_MAX_BACKOFF = 60.0
_MAX_HEADERS = 200  # their bytes, 100 KiB, are bounded by httpcore2
_MAX_COOKIES = 100
_NO_ANSWER = ("timeout", "connection", "dns")
_MAX_UNANSWERED = 5  # pages in a row, each with its retries, after which a host is left alone for the run
_E = TypeVar("_E", bound=BaseException)


def user_agent(contact: str | None) -> str:
    """The User-Agent header: what fetches, and how its operator can be reached (`contact`: a mail address or a page).

    Raises ValueError for a contact that cannot stand in a header.
    """
    if contact is not None and not re.fullmatch(r"[ -'*-\[\]-~]{1,200}", contact):
        raise ValueError(
            f"contact {contact!r} cannot stand in a User-Agent header; want a mail address or the URL of a page, "
            "in ASCII without brackets and backslashes"
        )
    return f"{ROBOTS_TOKEN}/0.1 (casualty recording from news" + (f"; contact: {contact})" if contact else ")")


@dataclass(frozen=True)
class FetchSettings:
    """Limits of a fetcher. Times are in seconds, sizes in bytes.

    `deadline` bounds one request from connecting to its last byte; `max_bytes` bounds the body, as received and decoded;
    `max_ratio` is decoded to received size. `retries` follow a first attempt, `backoff` is the first wait between them and
    doubles; no wait, whoever asks for it, is longer than `max_wait`: then the attempt ends and a later run tries again.
    `tls` replaces the default certificate checks (a private certificate authority); `private_addresses` lets requests go to
    private networks and to this machine.
    """

    user_agent: str = user_agent(None)
    connect_timeout: float = 10.0
    read_timeout: float = 20.0
    deadline: float = 60.0
    max_bytes: int = 16 * 1024 * 1024
    max_ratio: int = 200
    max_redirects: int = 10
    retries: int = 2
    backoff: float = 1.0
    max_wait: float = 120.0
    tls: ssl.SSLContext | None = None
    private_addresses: bool = False


@dataclass(frozen=True)
class Response:
    """A complete answer of status 200, or of status 304 and without a body to a conditional request. `url` is the address that
    gave it, percent-encoded.

    `body` is as received, its content coding kept and only the framing of the transfer removed; `head` is its start, decoded.
    """

    url: str
    status: int
    reason: bytes
    http_version: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    head: bytes
    decoded_size: int
    requests: int = 0

    @property
    def not_modified(self) -> bool:
        """Whether the page is what it was when the validators that were sent came with it."""
        return self.status == HTTPStatus.NOT_MODIFIED

    def header(self, name: str) -> str | None:
        """The value of a header; several of one name are joined with commas."""
        wanted = name.lower().encode()
        found = [value.decode("latin-1") for key, value in self.headers if key.lower() == wanted]
        return ", ".join(found) if found else None

    def decoded(self) -> bytes:
        """The body with its content coding undone, at most the fetcher's `max_bytes` long."""
        return gathered(decoded([self.body], self.header("content-encoding")), self.decoded_size)


class _Redirect(NamedTuple):
    status: int
    location: str


class FetchFailed(Exception):
    """A page that could not be fetched.

    `outcome` and `error_class` are as in the documents dataset; `retryable` says whether a later attempt can help;
    `retry_after` are the seconds that the host asked for; `requests` counts the HTTP requests made.
    """

    def __init__(
        self,
        error_class: str,
        message: str,
        *,
        outcome: str = "failed",
        status: int | None = None,
        url: str | None = None,
        retryable: bool = False,
        retry_after: float | None = None,
    ):
        super().__init__(plain(masked(message)))
        self.error_class = error_class
        self.outcome = outcome
        self.status = status
        self.url = url
        self.retryable = retryable
        self.retry_after = retry_after
        self.requests = 0


class HostClosed(FetchFailed):
    """A host that is not asked again in this run: it is down, wants a long wait, or its robots.txt cannot be read."""


class Fetcher:
    """Fetches pages one after the other; a context manager that holds the connections of one run.

    `delay` seconds pass between two requests to one host, or more where its robots.txt asks for it. `clock` is a monotonic
    clock and `sleep` waits on it, `now` is the time of day in UTC (for dates in Retry-After), `rng` gives the jitter. `robots`
    holds what is known of each origin's robots.txt from earlier runs, as :class:`include.scrape.hosts.Host` keeps it, and takes
    what is read now.
    """

    def __init__(
        self,
        settings: FetchSettings,
        *,
        delay: float,
        rng: random.Random,
        sleep: Callable[[float], None],
        clock: Callable[[], float],
        now: Callable[[], datetime],
        robots: dict[str, dict[str, Any]] | None = None,
    ):
        self._settings = settings
        self._delay = delay
        self._rng = rng
        self._sleep = sleep
        self._clock = clock
        self._now = now
        self._deadline = Deadline(clock)
        self._robots: dict[str, Robots | FetchFailed] = {}
        self._kept_robots = {} if robots is None else robots
        self._next_turn: dict[str, float] = {}
        self._unanswered: Counter[str] = Counter()
        self._requests = 0
        tls = settings.tls or _authorities()
        self._client = httpx2.Client(
            transport=DeadlineTransport(self._deadline, tls, private_addresses=settings.private_addresses),
            trust_env=False,
            timeout=httpx2.Timeout(settings.read_timeout, connect=settings.connect_timeout),
            headers={
                "User-Agent": settings.user_agent,
                "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
                "Accept-Encoding": "gzip, deflate",
            },
        )

    def __enter__(self) -> "Fetcher":
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._client.close()

    @property
    def requests(self) -> int:
        """HTTP requests made so far, those for robots.txt too."""
        return self._requests

    def get(self, url: str, *, etag: str | None = None, last_modified: str | None = None) -> Response:
        """The page at `url`, after redirects, if robots.txt allows it; with the validators that came with it before, only if it
        has changed since. Raises FetchFailed.
        """
        before = self._requests
        stated = {"If-None-Match": etag, "If-Modified-Since": last_modified}
        conditions = {name: value for name, value in stated.items() if value and re.fullmatch(r"[ -~]{1,500}", value)}
        try:
            response = self._with_retries(url, conditions, obey_robots=True)
        except FetchFailed as failure:
            failure.requests = self._requests - before
            if failure.error_class in _NO_ANSWER:
                self._unanswered[_host(failure.url or url)] += 1
            elif failure.status is not None:
                self._unanswered[_host(failure.url or url)] = 0
            raise
        self._unanswered[_host(url)] = 0
        return replace(response, requests=self._requests - before)

    def _with_retries(self, url: str, conditions: Mapping[str, str], *, obey_robots: bool) -> Response:
        for attempt in range(self._settings.retries + 1):
            try:
                return self._follow(url, conditions, obey_robots)
            except HostClosed:
                raise
            except FetchFailed as failure:
                if failure.retry_after is not None:
                    self._hold(failure.url or url, failure.retry_after)
                if not failure.retryable or attempt == self._settings.retries:
                    raise
                if failure.retry_after is None:
                    self._hold(failure.url or url, self._backoff(attempt))
                elif failure.retry_after > self._settings.max_wait:
                    raise
        raise AssertionError("not reached: the last attempt returns or raises")

    def _backoff(self, attempt: int) -> float:
        """Exponential, with jitter over its upper half."""
        return min(self._settings.backoff * 2**attempt, _MAX_BACKOFF) * (1 + self._rng.random()) / 2

    def _follow(self, url: str, conditions: Mapping[str, str], obey_robots: bool) -> Response:
        """One attempt: the request, and those that its redirects lead to."""
        chain: list[str] = []
        status = None
        seen: set[tuple[str, frozenset[tuple[str, str | None]]]] = set()
        while True:
            _check_address(url, chain, status)
            chain.append(url)
            # A host may send a visitor back to the same page once it has set a cookie; that is no loop.
            step = (url, frozenset((c.name, c.value) for c in self._client.cookies.jar))
            if step in seen:
                words = f"redirects go round in a circle: {_shown(chain)}"
                raise FetchFailed("redirect_loop", words, status=status, url=url)
            seen.add(step)
            if len(chain) - 1 > self._settings.max_redirects:
                words = f"more than {self._settings.max_redirects} redirects: {_shown(chain)}"
                raise FetchFailed("too_many_redirects", words, status=status, url=url)
            delay = self._delay
            if obey_robots:
                delay = max(delay, self._permitted(url).crawl_delay)
            self._wait_for_turn(url, delay)
            answer = self._request(url, conditions)
            if isinstance(answer, Response):
                return answer
            url, status = _redirected(url, answer), answer.status

    def robots(self, url: str) -> Robots:
        """The rules of the host of `url`. Raises HostClosed if they cannot be read."""
        origin = f"{urlsplit(url).scheme}://{_host(url)}"
        if origin not in self._robots:
            self._robots[origin] = self._kept(origin) or self._fetch_robots(origin)
        robots = self._robots[origin]
        if isinstance(robots, FetchFailed):
            raise HostClosed(
                "robots_unreachable" if robots.status is not None else robots.error_class,
                f"nothing may be fetched from a host whose robots.txt cannot be read: {robots}",
                outcome="blocked" if robots.status is not None else "failed",
                status=robots.status,
                url=url,
                retryable=robots.retryable,
            )
        return robots

    def _permitted(self, url: str) -> Robots:
        """The rules of the host of `url`, if they allow it. Raises FetchFailed."""
        robots = self.robots(url)
        if not robots.allows(url):
            words = f"{urlsplit(url).scheme}://{_host(url)}/robots.txt forbids {url} to {ROBOTS_TOKEN}"
            raise FetchFailed("robots", words, outcome="blocked", url=url)
        return robots

    def _kept(self, origin: str) -> Robots | None:
        """The rules that were read in the last 24 hours (RFC 9309, section 2.4)."""
        kept = self._kept_robots.get(origin)
        if kept is None or not timedelta(0) <= self._now() - datetime.fromisoformat(kept["read"]) < ROBOTS_KEPT:
            return None
        return read_robots(kept["text"].encode(), ROBOTS_TOKEN) if kept["text"] is not None else no_robots(ROBOTS_TOKEN)

    def _keep(self, origin: str, text: str | None) -> None:
        self._kept_robots[origin] = {"read": self._now().isoformat(timespec="seconds"), "text": text}

    def _fetch_robots(self, origin: str) -> Robots | FetchFailed:
        """RFC 9309: a robots.txt that is answered with 4xx allows everything; one that cannot be reached, nothing."""
        try:
            response = self._with_retries(f"{origin}/robots.txt", {}, obey_robots=False)
        except FetchFailed as failure:
            is_missing = failure.status is not None and failure.status < 500 and failure.status != HTTPStatus.TOO_MANY_REQUESTS
            if is_missing or failure.error_class in ("redirect_loop", "too_many_redirects", "bad_redirect"):
                self._keep(origin, None)
                return no_robots(ROBOTS_TOKEN)
            return failure
        body = response.decoded()[:MAX_ROBOTS]
        self._keep(origin, body.decode("utf-8-sig", "replace"))
        return read_robots(body, ROBOTS_TOKEN)

    def _wait_for_turn(self, url: str, delay: float) -> None:
        host = _host(url)
        if self._unanswered[host] >= _MAX_UNANSWERED:
            words = f"{host} gave no answer for {_MAX_UNANSWERED} pages in a row; {url} is left for a later run"
            raise HostClosed("host_down", words, url=url, retryable=True)
        wait = self._next_turn[host] - self._clock() if host in self._next_turn else 0.0
        if wait > self._settings.max_wait:
            raise HostClosed(
                "host_wait",
                f"{host} asks for {wait:.0f} s before the next request, more than the {self._settings.max_wait:.0f} s that "
                "one run waits; a later run tries again",
                outcome="blocked",
                url=url,
                retryable=True,
            )
        if wait > 0:
            self._sleep(wait)
        self._next_turn[host] = self._clock() + delay

    def _hold(self, url: str, seconds: float) -> None:
        """No request to the host of `url` for so many seconds."""
        host = _host(url)
        until = self._clock() + seconds
        self._next_turn[host] = max(self._next_turn.get(host, until), until)

    def _request(self, url: str, conditions: Mapping[str, str]) -> Response | _Redirect:
        """One HTTP request: its answer, or the redirect that it is. Raises FetchFailed."""
        self._requests += 1
        self._deadline.start(self._settings.deadline)
        if len(self._client.cookies.jar) > _MAX_COOKIES:
            self._client.cookies.clear()
        status = None
        try:
            with self._client.stream("GET", url, headers=dict(conditions)) as answer:
                status = answer.status_code
                if len(answer.headers.raw) > _MAX_HEADERS:
                    words = f"{url} sent {len(answer.headers.raw):,} headers; more than {_MAX_HEADERS} are not read"
                    raise FetchFailed("protocol", words, status=status, url=url)
                if status in _REDIRECTS and "location" in answer.headers:
                    return _Redirect(status, answer.headers["location"])
                if status == HTTPStatus.NOT_MODIFIED and conditions:
                    return _response(answer, b"", b"", 0)
                if status != HTTPStatus.OK:
                    raise self._refused(url, answer)
                return self._read(url, answer)
        except (
            httpcore2.TimeoutException,
            httpcore2.NetworkError,
            httpcore2.ProtocolError,
            httpx2.HTTPError,
            OSError,
        ) as error:
            raise self._broken(url, status, error) from error
        except DecodingError as error:
            raise FetchFailed("encoding", f"{url}: {error}", status=status, url=url, retryable=True) from error
        except (httpx2.InvalidURL, httpcore2.UnsupportedProtocol, ValueError) as error:
            raise FetchFailed("bad_url", f"{url} is not an address that can be fetched: {error}", url=url) from error

    def _read(self, url: str, answer: httpx2.Response) -> Response:
        limit = self._settings.max_bytes
        stated = answer.headers.get("content-length", "")
        if stated.isdecimal() and int(stated) > limit:
            raise _too_large(url, f"its Content-Length is {int(stated):,} bytes", limit)
        received = io.BytesIO()
        size = 0

        def wire() -> Iterable[bytes]:
            nonlocal size
            for piece in answer.iter_raw():
                size += len(piece)
                if size > limit:
                    raise _too_large(url, f"more than {limit:,} bytes came", limit)
                received.write(piece)
                yield piece

        head = bytearray()
        decoded_size = 0
        for piece in decoded(wire(), answer.headers.get("content-encoding")):
            decoded_size += len(piece)
            if decoded_size > limit:
                raise _too_large(url, f"its {size:,} bytes unpack to more than {limit:,}", limit)
            if decoded_size > _RATIO_FROM and decoded_size > self._settings.max_ratio * size:
                raise _too_large(url, f"its {size:,} bytes unpack to more than {decoded_size:,}, as a bomb does", limit)
            if len(head) < HEAD:
                head += piece[: HEAD - len(head)]
        return _response(answer, received.getvalue(), bytes(head), decoded_size)

    def _refused(self, url: str, answer: httpx2.Response) -> FetchFailed:
        status = answer.status_code
        named = f"{url} answered {status} {_phrase(status)}".rstrip()
        if status == HTTPStatus.NOT_MODIFIED:
            return FetchFailed("http_304", named, outcome="not_modified", status=status, url=url)
        if status in (HTTPStatus.NO_CONTENT, HTTPStatus.RESET_CONTENT):
            return FetchFailed("no_body", named, outcome="empty", status=status, url=url)
        if status in _GUARDED and (marked := _block_page(answer)):
            return FetchFailed("block_page", f"{named}: {marked}", outcome="blocked", status=status, url=url)
        retryable = status == HTTPStatus.TOO_MANY_REQUESTS or status >= 500
        return FetchFailed(
            f"http_{status}",
            named,
            outcome="blocked" if status in _BLOCKING else "failed",
            status=status,
            url=url,
            retryable=retryable,
            retry_after=retry_after(answer.headers.get("retry-after"), self._now()) if retryable else None,
        )

    def _broken(self, url: str, status: int | None, error: Exception) -> FetchFailed:
        """The failure that an exception of the network stands for."""
        settings = self._settings
        certificate = _cause(error, ssl.SSLCertVerificationError)
        if isinstance(error, DeadlineExceeded) or (isinstance(error, httpcore2.TimeoutException) and self._deadline.passed):
            kind, what = "timeout", f"was not complete {settings.deadline:g} s after the request"
        elif isinstance(error, httpcore2.ConnectTimeout):
            kind, what = "timeout", f"took no connection within {settings.connect_timeout:g} s"
        elif isinstance(error, httpcore2.TimeoutException):
            kind, what = "timeout", f"sent nothing for {settings.read_timeout:g} s"
        elif isinstance(error, NameNotResolved):
            kind, what = "dns", f"cannot be found: {error}"
        elif isinstance(error, AddressRefused):
            kind, what = "private_address", f"is not on the public internet: {error}"
        elif certificate is not None:
            kind, what = "tls", f"has a certificate that is not valid: {certificate.verify_message}"
        elif (tls := _cause(error, ssl.SSLError)) is not None:
            kind, what = "tls", f"broke off the TLS handshake: {tls.reason or tls}"
        elif isinstance(error, httpcore2.ProtocolError | httpx2.HTTPError):
            kind, what = "protocol", f"broke the HTTP protocol: {error}"
        else:
            cause = _cause(error, ConnectionError) or _cause(error, socket.error) or error
            kind, what = "connection", f"lost the connection: {cause}" if str(cause) else "lost the connection"
        return FetchFailed(kind, f"{url} {what}", status=status, url=url, retryable=kind not in ("tls", "private_address"))


def _response(answer: httpx2.Response, body: bytes, head: bytes, decoded_size: int) -> Response:
    return Response(
        url=str(answer.url),
        status=answer.status_code,
        reason=answer.extensions.get("reason_phrase", b""),
        http_version=answer.extensions.get("http_version", b"HTTP/1.1"),
        headers=tuple(answer.headers.raw),
        body=body,
        head=head,
        decoded_size=decoded_size,
    )


def _block_page(answer: httpx2.Response) -> str | None:
    """What marks the body of a refusal as a block page; null for any other, and for one that cannot be read."""
    head = bytearray()
    try:
        for piece in decoded(answer.iter_raw(), answer.headers.get("content-encoding")):
            head += piece
            if len(head) >= HEAD:
                break
    except (httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError, httpx2.HTTPError, ValueError, OSError):
        return None
    return block_page(bytes(head[:HEAD]))


@functools.cache
def _authorities() -> ssl.SSLContext:
    """The default certificate checks; loading the authorities takes a while, so once a process."""
    return httpx2.create_ssl_context(trust_env=False)


def retry_after(value: str | None, now: datetime) -> float | None:
    """The seconds that a Retry-After header asks for, whether it gives seconds or a date; null if it says neither."""
    if value is None:
        return None
    value = value.strip()
    if re.fullmatch(r"[0-9]{1,9}", value):
        return float(value)
    try:
        date = email.utils.parsedate_to_datetime(value)
        date = date.replace(tzinfo=UTC) if date.tzinfo is None else date
        return max(0.0, (date - now).total_seconds())
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _check_address(url: str, chain: list[str], status: int | None) -> None:
    """Raises FetchFailed unless `url`, to which the addresses in `chain` led, can be asked for."""
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and parts.username is None
        wanted = f"an http(s) address of at most {MAX_URL:,} characters, without a user name"
        problem = None if valid and len(url) <= MAX_URL else f"want {wanted}"
        httpx2.URL(url)
    except (ValueError, httpx2.InvalidURL) as error:
        problem = str(error)
    if problem is None:
        return
    shown = repr(url[:200])
    if chain:
        words = f"{chain[-1]} redirects to {shown}: {problem}"
        raise FetchFailed("bad_redirect", words, status=status, url=chain[-1])
    raise FetchFailed("bad_url", f"{shown} cannot be fetched: {problem}")


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower()


def _redirected(url: str, to: _Redirect) -> str:
    """The address that a redirect leads to from `url`. Raises FetchFailed."""
    try:
        return urldefrag(urljoin(url, to.location)).url
    except ValueError as error:
        words = f"{url} redirects to {to.location!r}: {error}"
        raise FetchFailed("bad_redirect", words, status=to.status, url=url) from error


def _too_large(url: str, found: str, limit: int) -> FetchFailed:
    return FetchFailed("too_large", f"{url} is too large: {found} (limit {limit:,} bytes)", status=HTTPStatus.OK, url=url)


def _cause(error: BaseException, wanted: type[_E]) -> _E | None:
    """The first exception of a type in the chain of causes."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, wanted):
        cause = cause.__cause__ or cause.__context__
    return cause


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _shown(chain: list[str]) -> str:
    shown = chain if len(chain) <= 6 else [*chain[:3], "...", *chain[-2:]]
    return " -> ".join(shown)
