"""A host that keeps failing is left alone, and its sources say so."""

import socket
from collections import Counter
from datetime import datetime, timedelta

import pytest

from include.datasets.catalogue import SCRAPES
from include.scrape import hosts
from include.scrape.hosts import Host
from include.scrape.scrape import SourceFailed
from tests.scrape import hostile
from tests.scrape.hostile import HostileServer, page
from tests.scrape.outlet import NOW, outlet


def failing(scrape, source, **settings) -> str:
    with pytest.raises(SourceFailed) as caught:
        scrape(source, **settings)
    return caught.value.error_class


def test_after_three_failures_a_host_is_left_alone_and_then_tried_with_one_request(server: HostileServer, scrape, lake, clock):
    source = outlet(server.feed("/a"))
    feed = server.resources["/feed"]
    server.article("/a")
    server.resources["/feed"] = page(status=503)
    assert [failing(scrape, source, retries=1) for _ in range(3)] == ["http_503"] * 3
    asked = server.requests["/feed"]
    assert asked == 6
    assert failing(scrape, source) == "host_closed"
    clock.pass_hours(0.9)
    assert failing(scrape, source) == "host_closed"
    assert server.requests["/feed"] == asked
    clock.pass_hours(0.2)
    assert failing(scrape, source, retries=1) == "http_503"
    assert server.requests["/feed"] == asked + 1  # on trial: no retries
    clock.pass_hours(1.1)
    assert failing(scrape, source) == "host_closed"  # for two hours now
    server.resources["/feed"] = feed
    clock.pass_hours(1)
    assert scrape(source).captured == 1
    assert hosts.load(lake, source.host).failures == 0
    outcomes = Counter((v["outcome"], v["error_class"]) for v in lake.read(SCRAPES).to_pylist())
    assert outcomes == {("failed", "http_503"): 4, ("failed", "host_closed"): 3, ("done", None): 1}


def test_sources_on_one_host_share_what_is_known_of_it(server: HostileServer, scrape):
    server.resources["/feed"] = hostile.resets
    one, two = outlet(server.url + "/feed"), outlet(server.url + "/feed", id="two")
    assert [failing(scrape, source, retries=0) for source in (one, two, one)] == ["connection"] * 3
    assert failing(scrape, two) == "host_closed"


def test_a_listing_that_is_gone_says_nothing_against_its_host(server: HostileServer, scrape):
    server.resources["/feed"] = page(status=404)
    source = outlet(server.url + "/feed")
    assert [failing(scrape, source) for _ in range(5)] == ["http_404"] * 5


def test_a_machine_without_a_network_says_nothing_against_a_host(server: HostileServer, scrape, lake, monkeypatch):
    server.resources["/feed"] = page(status=503)
    source = outlet(server.url + "/feed")
    assert [failing(scrape, source) for _ in range(2)] == ["http_503"] * 2
    with monkeypatch.context() as offline:
        offline.setattr("socket.getaddrinfo", no_names)
        assert [failing(scrape, source) for _ in range(5)] == ["dns"] * 5
    assert hosts.load(lake, source.host).failures == 2
    assert [failing(scrape, source) for _ in range(2)] == ["http_503", "host_closed"]


def no_names(*_, **__):
    raise socket.gaierror(-2, "Name or service not known")


def test_a_host_that_asks_for_hours_gets_them(server: HostileServer, scrape, clock):
    server.resources["/feed"] = page(status=429, Retry_After="9000")
    source = outlet(server.url + "/feed")
    assert failing(scrape, source) == "http_429"
    clock.pass_hours(2.4)
    assert failing(scrape, source) == "host_closed"
    server.article("/a")
    server.feed("/a")
    clock.pass_hours(0.2)
    assert scrape(source).captured == 1


def test_a_wait_that_a_page_asks_for_holds_for_the_host(server: HostileServer, scrape, clock):
    server.resources["/a"] = page(status=429, Retry_After="9000")
    source = outlet(server.feed("/a"))
    assert scrape(source).failed == {"http_429": 1}
    clock.pass_hours(1)
    assert failing(scrape, source) == "host_closed"
    server.article("/a")
    clock.pass_hours(2)
    assert scrape(source).captured == 1


def test_waits_double_to_a_day_and_no_retry_after_is_longer_than_a_week():
    host, waits = Host("herald.example"), []
    for _ in range(10):
        host.failed(NOW, "down", None)
        closed = host.closed_until and datetime.fromisoformat(host.closed_until) - NOW
        waits.append(closed and closed / timedelta(hours=1))
    assert waits == [None, None, 1, 2, 4, 8, 16, 24, 24, 24]
    host.failed(NOW, "down", 1e9)
    assert datetime.fromisoformat(host.closed_until) - NOW == timedelta(days=7)


def test_a_host_is_a_file_whatever_its_name(lake):
    for name in ("herald.example:8080", "[::1]:80", "../../etc"):
        hosts.save(lake, Host(name, failures=1))
        assert hosts.load(lake, name).failures == 1
    assert all(path.count("/") == 2 for path in lake.find("_state", ".json"))
