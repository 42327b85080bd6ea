import random
import ssl
import time
from collections.abc import Callable, Iterator

import httpx2
import pytest
import trustme

from include.datasets.lake import Lake
from include.scrape.fetch import Fetcher, FetchSettings
from include.scrape.scrape import ScrapeResult, scrape_source
from include.scrape.sources import Source
from tests.scrape.hostile import HostileServer
from tests.scrape.outlet import NOW, Clock

QUICK = {
    "deadline": 8.0,
    "read_timeout": 5.0,
    "connect_timeout": 5.0,
    "max_bytes": 2_000_000,
    "private_addresses": True,
    "tls": httpx2.create_ssl_context(trust_env=False),  # the default; loading the authorities takes a while, so once
}

IMPATIENT = {"deadline": 0.8, "read_timeout": 0.6, "connect_timeout": 0.6}
"""For hosts that stall. An ordinary answer can take that long, too, on a busy machine."""


class Sleeps(list):
    """A sleep that only remembers."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


@pytest.fixture
def server() -> Iterator[HostileServer]:
    with HostileServer() as running:
        yield running


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def tls_server(authority: trustme.CA) -> Iterator[HostileServer]:
    """An https server for `localhost` with a certificate of a private authority."""
    server = HostileServer()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    server.scheme = "https"
    with server:
        yield server


@pytest.fixture
def trusting(authority: trustme.CA) -> ssl.SSLContext:
    """Certificate checks that know the private authority."""
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


@pytest.fixture
def sleeps() -> Sleeps:
    return Sleeps()


@pytest.fixture
def fetcher(sleeps: Sleeps) -> Iterator[Callable[..., Fetcher]]:
    """Makes fetchers with short limits that do not sleep; keyword arguments are those of FetchSettings, and `delay`."""
    made: list[Fetcher] = []

    def make(delay: float = 0.0, clock: Callable[[], float] = time.monotonic, **settings: object) -> Fetcher:
        made.append(
            Fetcher(
                FetchSettings(**(QUICK | settings)),
                delay=delay,
                rng=random.Random(7),
                sleep=sleeps,
                clock=clock,
                now=lambda: NOW,
            )
        )
        return made[-1]

    yield make
    for each in made:
        each.__exit__()


@pytest.fixture
def lake(tmp_path) -> Lake:
    return Lake(tmp_path / "lake")


@pytest.fixture
def clock() -> Clock:
    """The time of day of the scrapes."""
    return Clock()


@pytest.fixture
def scrape(lake: Lake, sleeps: Sleeps, clock: Clock) -> Callable[..., ScrapeResult]:
    """Scrapes a source into the lake with short limits and without sleeping."""

    def run(source: Source, *, limit: int | None = None, progress=None, **settings: object) -> ScrapeResult:
        return scrape_source(
            lake,
            source,
            now=clock,
            run="manual__2022-04-11",
            rng=random.Random(7),
            sleep=sleeps,
            settings=FetchSettings(**(QUICK | settings)),
            limit=limit,
            progress=progress,
        )

    return run
