"""Hostile addresses make no connection. What counts is what the process asks the operating system for, not what we think."""

import copy
import ipaddress
import random
import socket
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from include.scrape.addresses import refusal
from include.scrape.fetch import FetchFailed
from include.scrape.scrape import SourceFailed, scrape_source
from tests.scrape.conftest import IMPATIENT
from tests.scrape.hostile import HostileServer, page, redirect
from tests.scrape.outlet import Clock, outlet

CORPUS = yaml.safe_load(Path(__file__).with_name("addresses.yaml").read_text("utf-8"))
ADDRESSES = [(kind, url) for kind in ("private_address", "bad_url", "dns") for url in CORPUS[kind]]
PUBLIC = "8.8.8.8"
"""Where news.example is. Its connections end at the hostile server, as far as the test goes."""


class Network:
    """Stands in for the name service and for one public host, and notes each connection that the process asks for."""

    def __init__(self, server: HostileServer):
        self.connected: list[str] = []
        self.connects: list[str] = []
        self.resolved: list[str] = []
        self.names: dict[str, list] = {"news.example": [PUBLIC]} | copy.deepcopy(CORPUS["names"])
        self._server = server
        self._getaddrinfo, self._create_connection = socket.getaddrinfo, socket.create_connection

    def getaddrinfo(self, host: str, port: int, *args: object, **kwargs: object) -> list:
        answer = self.names.get(host)
        if answer is None:
            return self._getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
        self.resolved.append(host)
        if isinstance(answer[0], list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in answer]

    def create_connection(self, address: tuple[str, int], *args: object, **kwargs: object) -> socket.socket:
        self.connected.append(address[0])
        if address[0] == PUBLIC:
            address = ("127.0.0.1", self._server.server_port)
        return self._create_connection(address, *args, **kwargs)


_listeners: list[list[str]] = []


def _audit(event: str, args: tuple) -> None:
    if event == "socket.connect":
        for noted in _listeners:
            noted.append(str(args[1]))


sys.addaudithook(_audit)  # it sees every connect(2) of the process and cannot be taken away again


@pytest.fixture
def network(server: HostileServer, monkeypatch) -> Iterator[Network]:
    network = Network(server)
    monkeypatch.setattr(socket, "getaddrinfo", network.getaddrinfo)
    monkeypatch.setattr(socket, "create_connection", network.create_connection)
    _listeners.append(network.connects)
    yield network
    _listeners.remove(network.connects)
    assert len(network.connects) == len(network.connected), "something connects by another way"


@pytest.fixture
def strict(fetcher):
    """Makes fetchers that go to public addresses only."""
    return lambda **settings: fetcher(private_addresses=False, **settings)


def failure_of(fetch, url: str) -> FetchFailed:
    with pytest.raises(FetchFailed) as caught:
        fetch.get(url)
    return caught.value


def test_the_corpus_is_large():
    assert len({url for _, url in ADDRESSES}) == len(ADDRESSES) >= 60


@pytest.mark.parametrize(("kind", "url"), ADDRESSES, ids=[url for _, url in ADDRESSES])
def test_no_tricky_address_makes_a_connection(server, network, strict, kind: str, url: str):
    failure = failure_of(strict(), url.replace("PORT", str(server.server_port)))
    assert (failure.error_class, failure.outcome) == (kind, "failed")
    assert network.connects == network.connected == []
    assert not server.requests
    assert failure.retryable == (kind == "dns")


@pytest.mark.parametrize(("kind", "url"), ADDRESSES, ids=[url for _, url in ADDRESSES])
def test_no_redirect_to_a_tricky_address_makes_a_connection(server, network, strict, kind: str, url: str):
    target = url.replace("PORT", str(server.server_port))
    server.resources["/a"] = lambda h: h.raw(
        b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: " + target.encode() + b"\r\n\r\n", close=False
    )
    failure = failure_of(strict(retries=0), "http://news.example/a")
    assert failure.error_class == {"bad_url": "bad_redirect"}.get(kind, kind) or failure.error_class in ("bad_redirect", "dns")
    assert set(network.connected) == {PUBLIC}
    assert set(server.requests) == {"/robots.txt", "/a"}


@pytest.mark.parametrize("path", ["//127.0.0.1:PORT/b", "\\\\127.0.0.1:PORT/b", "///127.0.0.1:PORT/b", "http:127.0.0.1:PORT/b"])
def test_a_redirect_without_a_scheme_leads_to_no_other_host_unseen(server, network, strict, path: str):
    server.resources["/a"] = redirect(path.replace("PORT", str(server.server_port)))
    failure_of(strict(retries=0), "http://news.example/a")
    assert set(network.connected) == {PUBLIC}


def test_a_public_page_is_fetched(server, network, strict):
    server.article("/a")
    assert strict().get("http://news.example/a").status == 200
    assert set(network.connected) == {PUBLIC}


def test_a_name_is_resolved_once_for_a_connection_and_the_answer_is_what_is_connected_to(server, network, strict):
    network.names["rebinding.example"] = [[PUBLIC], ["127.0.0.1"]]
    server.resources["/a"] = lambda h: h.answer(b"<p>a</p>", Connection="close")
    fetch = strict()
    server.resources["/robots.txt"] = page(b"")
    server.resources["/b"] = page()
    assert fetch.get("http://rebinding.example/a").status == 200
    assert network.resolved == ["rebinding.example"]
    failure = failure_of(fetch, "http://rebinding.example/b")  # the connection was closed: the name is asked for again
    assert failure.error_class == "private_address"
    assert network.connected == [PUBLIC]
    assert server.requests["/b"] == 0


def test_robots_txt_is_no_way_round(server, network, strict):
    server.resources["/robots.txt"] = redirect(f"http://127.0.0.1:{server.server_port}/secret")
    server.resources["/secret"] = page(b"User-agent: *\nAllow: /\n")
    server.article("/a")
    failure = failure_of(strict(), "http://news.example/a")
    assert (failure.error_class, failure.retryable) == ("private_address", False)
    assert (server.requests["/secret"], server.requests["/a"], set(network.connected)) == (0, 0, {PUBLIC})


def test_the_message_says_where_it_led_and_why_not(strict):
    failure = failure_of(strict(), "http://127.0.0.1:1/a")
    assert "is not on the public internet: 127.0.0.1 is loopback, this machine itself" in str(failure)


def test_a_listing_leads_nowhere_private_and_says_so(server, network, lake):
    """The source is public; what it lists is not."""
    ways = {"now": Clock(), "run": "r", "rng": random.Random(7), "sleep": lambda _: None}
    inside = f"http://127.0.0.1:{server.server_port}/admin"
    items = "".join(f"<item><link>{link}</link></item>" for link in (inside, "http://169.254.169.254/", "file:///etc/passwd"))
    server.resources["/feed"] = page(f"<rss version='2.0'><channel>{items}</channel></rss>".encode())
    result = scrape_source(lake, outlet("http://news.example/feed", private_addresses=False), **ways)
    assert result.failed == {"private_address": 2}
    assert server.requests["/admin"] == 0
    with pytest.raises(SourceFailed, match="set private_addresses to true in its entry") as caught:
        scrape_source(lake, outlet(server.feed("/a"), private_addresses=False), **ways)
    assert (caught.value.error_class, caught.value.retryable) == ("private_address", False)


def test_a_source_that_is_on_a_private_network_says_so_and_is_fetched(server, scrape):
    server.article("/a")
    assert scrape(outlet(server.feed("/a"), private_addresses=True)).captured == 1


@pytest.mark.parametrize("address", ["169.254.169.254", "100.100.100.200", "fd00:ec2::254", "fe80::1", "224.0.0.1", "0.0.0.0"])
def test_metadata_and_the_like_are_refused_even_then(address: str):
    assert refusal(address, private_addresses=True)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.0.0.1", "::ffff:10.0.0.1", "64:ff9b::10.0.0.1", "fd00::1"])
def test_private_networks_are_allowed_then(address: str):
    assert refusal(address) and not refusal(address, private_addresses=True)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "172.15.255.255", "172.32.0.0", "2606:4700::1111", "2a00:1450::1", "64:ff9b::808:808"]
)
def test_public_addresses_are_fetched_from(address: str):
    assert refusal(address) is None


@given(st.ip_addresses(v=4), st.sampled_from(["::ffff:", "64:ff9b::"]))
def test_an_address_means_the_same_where_an_ipv6_address_carries_it(address: ipaddress.IPv4Address, prefix: str):
    assert bool(refusal(f"{prefix}{address}")) == bool(refusal(str(address)))


@given(st.ip_addresses())
def test_what_the_standard_library_knows_to_be_private_is_refused(address):
    inner = getattr(address, "ipv4_mapped", None) or address
    if not inner.is_global or inner.is_multicast or inner.is_link_local:
        assert refusal(str(address))


def test_a_name_service_that_hangs_ends_at_the_deadline(network, strict, monkeypatch):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: time.sleep(2) or [])
    started = time.monotonic()
    assert failure_of(strict(retries=0, **IMPATIENT), "http://slow.example/a").error_class == "timeout"
    assert time.monotonic() - started < 1.8
