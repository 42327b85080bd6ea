import email.utils
import gzip
import random
import socket
import ssl
import time
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.scrape.fetch import Fetcher, FetchFailed, FetchSettings, retry_after, user_agent
from tests.scrape import hostile
from tests.scrape.conftest import IMPATIENT
from tests.scrape.hostile import HostileServer, bomb, page, redirect, sometimes
from tests.scrape.outlet import NOW


def failure_of(fetcher, url: str) -> FetchFailed:
    with pytest.raises(FetchFailed) as caught:
        fetcher.get(url)
    return caught.value


def test_a_page_comes_with_its_headers_and_its_bytes_as_received(server: HostileServer, fetcher):
    html = "<html><p>السخنة</p></html>".encode()
    server.resources["/a"] = page(gzip.compress(html, mtime=0), Content_Encoding="gzip", ETag='"1"', X_Twice="a")
    response = fetcher().get(server.url + "/a")
    assert response.body == gzip.compress(html, mtime=0)
    assert response.decoded() == response.head == html
    assert (response.status, response.header("etag"), response.requests) == (200, '"1"', 2)
    assert (b"X-Twice", b"a") in response.headers


@pytest.mark.parametrize(
    ("coding", "encode"),
    [
        ("gzip", gzip.compress),
        ("x-gzip", gzip.compress),
        ("gzip", lambda b: gzip.compress(b[:5]) + gzip.compress(b[5:])),
        ("gzip", lambda b: gzip.compress(b) + b"\0\0\0"),
        ("deflate", zlib.compress),
        ("deflate", lambda b: zlib.compress(b, wbits=-15)),
        ("deflate, gzip", lambda b: gzip.compress(zlib.compress(b))),
        ("identity", bytes),
        ("", bytes),
    ],
)
def test_content_codings_that_servers_use_are_undone(server: HostileServer, fetcher, coding, encode):
    server.resources["/a"] = page(encode(b"<html>words</html>"), Content_Encoding=coding)
    assert fetcher().get(server.url + "/a").decoded() == b"<html>words</html>"


def test_the_user_agent_says_who_asks(server: HostileServer, fetcher):
    server.article("/a")
    fetcher(user_agent=user_agent("desk@example.org")).get(server.url + "/a")
    assert server.user_agents == {"Badia/0.1 (casualty recording from news; contact: desk@example.org)"}


@pytest.mark.parametrize("contact", ["", "a\r\nX-Evil: 1", "(brackets)", "مرصد", "x" * 201])
def test_a_contact_that_cannot_stand_in_a_header_is_refused(contact: str):
    with pytest.raises(ValueError, match="contact"):
        user_agent(contact)


def test_a_proxy_in_the_environment_is_not_used(server: HostileServer, fetcher, monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    server.article("/a")
    assert fetcher().get(server.url + "/a").status == 200


# -- what a host can do wrong --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("resource", "error_class", "says"),
    [
        (hostile.stalls_before_headers, "timeout", "sent nothing for 0.6 s"),
        (hostile.stalls_in_headers, "timeout", "sent nothing for 0.6 s"),
        (hostile.stalls_in_body, "timeout", "sent nothing for 0.6 s"),
        (hostile.drips, "timeout", "was not complete 0.8 s after the request"),
        (hostile.drips_headers, "timeout", "was not complete 0.8 s after the request"),
        (hostile.streams_for_ever, "too_large", "more than 2,000,000 bytes came"),
        (hostile.resets, "connection", "reset by peer"),
        (hostile.resets_in_body, "connection", "reset by peer"),
        (hostile.too_short, "protocol", "without sending complete message body"),
        (hostile.no_http, "protocol", "broke the HTTP protocol"),
        (hostile.huge_headers, "protocol", "broke the HTTP protocol"),
        (hostile.cut_gzip, "encoding", "ends before its end mark"),
        (hostile.not_gzip, "encoding", "stream is broken"),
        (hostile.unknown_coding, "encoding", "'br' is not known; valid are deflate, gzip"),
        (bomb(10 * 1024 * 1024), "too_large", "unpack to more than 2,000,000"),
        (bomb(10 * 1024 * 1024, "deflate"), "too_large", "unpack to more than 2,000,000"),
        (page(b"x" * 2_000_001), "too_large", "Content-Length is 2,000,001 bytes"),
        (page(status=404), "http_404", "answered 404 Not Found"),
        (page(status=410), "http_410", "answered 410 Gone"),
        (page(status=500), "http_500", "answered 500 Internal Server Error"),
        (page(status=202), "http_202", "answered 202 Accepted"),
        (page(status=799), "http_799", "answered 799"),
        (redirect("ftp://example.org/"), "bad_redirect", "want an http(s) address"),
        (redirect("/" + "a" * 5000), "bad_redirect", "at most 4,096 characters"),
        (redirect("http://[::1"), "bad_redirect", "redirects to"),
        (redirect("http://host:99999/"), "bad_redirect", "redirects to"),
        (redirect("file:///etc/passwd"), "bad_redirect", "want an http(s) address"),
    ],
)
def test_every_sin_has_its_error(server: HostileServer, fetcher, resource, error_class: str, says: str):
    server.resources["/sin"] = resource
    started = time.monotonic()
    failure = failure_of(fetcher(retries=0, **(IMPATIENT if error_class == "timeout" else {})), server.url + "/sin")
    assert (failure.outcome, failure.error_class) == ("failed", error_class)
    assert says in str(failure)
    assert server.url + "/sin" in str(failure)
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("status", [403, 429, 503])
def test_a_challenge_is_a_block_page_and_not_asked_again(server: HostileServer, fetcher, status: int):
    challenge = gzip.compress(b"<html><title>Just a moment...</title></html>")
    server.resources["/a"] = page(challenge, status=status, Content_Encoding="gzip")
    failure = failure_of(fetcher(), server.url + "/a")
    assert (failure.outcome, failure.error_class, failure.status, failure.retryable) == ("blocked", "block_page", status, False)
    assert server.requests["/a"] == 1
    server.resources["/a"] = lambda h: h.raw(f"HTTP/1.1 {status} No\r\nContent-Length: 99\r\n\r\n<title>Just".encode())
    assert failure_of(fetcher(retries=0), server.url + "/a").error_class == f"http_{status}"


@pytest.mark.parametrize(("status", "error_class"), [(403, "http_403"), (451, "http_451"), (429, "http_429")])
def test_a_refusal_is_blocked_and_no_failure(server: HostileServer, fetcher, status: int, error_class: str):
    server.resources["/a"] = page(status=status)
    failure = failure_of(fetcher(), server.url + "/a")
    assert (failure.outcome, failure.error_class, failure.status) == ("blocked", error_class, status)


def test_not_modified_and_no_content_are_outcomes_of_their_own(server: HostileServer, fetcher):
    server.resources |= {"/same": page(b"", status=304), "/none": page(b"", status=204)}
    fetch = fetcher()
    assert failure_of(fetch, server.url + "/same").outcome == "not_modified"
    assert failure_of(fetch, server.url + "/none").outcome == "empty"


def test_a_bomb_is_known_by_its_ratio_before_the_limit_is_reached(server: HostileServer, fetcher):
    server.resources["/bomb"] = bomb(100 * 1024 * 1024)
    failure = failure_of(fetcher(max_bytes=500 * 1024 * 1024), server.url + "/bomb")
    assert failure.error_class == "too_large"
    assert "as a bomb does" in str(failure)


def test_a_page_that_compresses_well_is_no_bomb(server: HostileServer, fetcher):
    body = b"<tr><td>0</td></tr>" * 50_000
    server.resources["/table"] = page(gzip.compress(body), Content_Encoding="gzip")
    assert fetcher(max_ratio=1000).get(server.url + "/table").decoded() == body


def test_a_60_mb_page_is_given_up_when_the_limit_is_reached(server: HostileServer, fetcher):
    sent = 0

    def sixty_megabytes(handler: hostile.Handler) -> None:
        nonlocal sent
        handler.raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", close=True)
        for _ in range(60):
            handler.wfile.write(b"<p>words</p>\n" * (1024 * 1024 // 13))
            sent += 1

    server.resources["/long"] = sixty_megabytes
    failure = failure_of(fetcher(max_bytes=20 * 1024 * 1024, deadline=20.0), server.url + "/long")
    assert failure.error_class == "too_large"
    assert failure.requests == 2  # robots.txt and the page: a page that is too large is not asked for again
    assert sent < 60


def test_a_host_that_refuses_connections_is_named(fetcher):
    with HostileServer() as server:
        url = server.url
    failure = failure_of(fetcher(), url + "/a")
    assert (failure.outcome, failure.error_class, failure.retryable) == ("failed", "connection", True)
    assert "refused" in str(failure)


@pytest.mark.parametrize("resource", [hostile.stalls_before_headers, hostile.stalls_in_body, hostile.streams_for_ever])
def test_the_deadline_counts_whatever_the_read_timeout_is(server: HostileServer, fetcher, resource):
    server.resources["/a"] = resource
    started = time.monotonic()
    failure = failure_of(fetcher(retries=0, deadline=0.3, read_timeout=20.0, max_bytes=10**12), server.url + "/a")
    assert (failure.error_class, failure.retryable) == ("timeout", True)
    assert "was not complete 0.3 s after the request" in str(failure)
    assert time.monotonic() - started < 5


def test_a_name_without_an_address_is_a_dns_error(fetcher):
    failure = failure_of(fetcher(), "http://no-such-host.invalid/a")
    assert failure.error_class == "dns"
    assert "no-such-host.invalid" in str(failure)


def test_a_certificate_that_nobody_vouches_for_is_a_tls_error_and_not_retried(tls_server: HostileServer, fetcher, sleeps):
    failure = failure_of(fetcher(), tls_server.url + "/a")
    assert (failure.error_class, failure.retryable) == ("tls", False)
    assert "certificate" in str(failure)
    assert sleeps == []


def test_a_certificate_of_a_trusted_authority_is_fine(tls_server: HostileServer, fetcher, trusting: ssl.SSLContext):
    tls_server.article("/a")
    assert fetcher(tls=trusting).get(tls_server.url + "/a").status == 200


def test_a_certificate_for_another_name_is_a_tls_error(tls_server: HostileServer, fetcher, trusting: ssl.SSLContext):
    failure = failure_of(fetcher(tls=trusting), tls_server.url.replace("localhost", "127.0.0.1") + "/a")
    assert failure.error_class == "tls"


@pytest.mark.parametrize(
    "url", ["ftp://example.org/a", "http://", "http://[::1", "http://host:99999/", "nonsense", "", "http://h/\x00"]
)
def test_an_address_that_cannot_be_asked_for_is_named(fetcher, url: str):
    failure = failure_of(fetcher(), url)
    assert failure.error_class == "bad_url"
    assert repr(url) in str(failure)


def test_a_body_longer_than_stated_does_not_spoil_the_next_page(server: HostileServer, fetcher):
    server.resources["/long"] = hostile.too_long
    server.article("/a")
    fetch = fetcher()
    assert fetch.get(server.url + "/long").body == b"<p>exact 16 b</p"
    assert b"Two soldiers" in fetch.get(server.url + "/a").body


def test_the_status_that_came_is_told_even_if_the_body_failed(server: HostileServer, fetcher):
    server.resources |= {
        "/stalls": hostile.stalls_in_body,
        "/mute": hostile.stalls_before_headers,
        "/loop": redirect("/loop", 301),
    }
    server.resources |= {"/large": page(b"x" * 2_000_001), "/cut": hostile.cut_gzip}
    fetch = fetcher(retries=0, **IMPATIENT)
    statuses = {path: failure_of(fetch, server.url + path).status for path in ("/stalls", "/mute", "/loop", "/large", "/cut")}
    assert statuses == {"/stalls": 200, "/mute": None, "/loop": 301, "/large": 200, "/cut": 200}


def test_an_address_with_letters_and_blanks_is_asked_for_percent_encoded(server: HostileServer, fetcher):
    server.article("/%D9%85%D9%82%D8%AA%D9%84%20a")
    assert fetcher().get(server.url + "/مقتل a").url == server.url + "/%D9%85%D9%82%D8%AA%D9%84%20a"


def test_a_server_that_does_not_speak_tls_is_a_tls_error(server: HostileServer, fetcher):
    failure = failure_of(fetcher(), server.url.replace("http", "https") + "/a")
    assert failure.error_class == "tls"
    assert "TLS handshake" in str(failure)


def test_a_tls_handshake_that_hangs_ends_at_the_deadline(fetcher):
    with socket.create_server(("127.0.0.1", 0)) as mute:
        failure = failure_of(fetcher(retries=0, **IMPATIENT), f"https://127.0.0.1:{mute.getsockname()[1]}/a")
    assert failure.error_class == "timeout"


# -- redirects -----------------------------------------------------------------------------------------------------------


def test_redirects_are_followed_to_the_page(server: HostileServer, fetcher):
    server.resources |= {"/old": redirect("/moved?x=1#top", 301), "/moved": redirect("here", 308)}
    server.article("/here")
    response = fetcher().get(server.url + "/old")
    assert (response.url, response.requests) == (server.url + "/here", 4)


def test_a_redirect_loop_names_its_addresses(server: HostileServer, fetcher):
    server.resources |= {"/a": redirect("/b"), "/b": redirect("/a")}
    failure = failure_of(fetcher(), server.url + "/a")
    assert failure.error_class == "redirect_loop"
    assert str(failure).endswith(f"{server.url}/a -> {server.url}/b -> {server.url}/a")
    assert server.requests["/a"] == 1


def test_redirects_without_end_are_cut_off(server: HostileServer, fetcher):
    server.resources["/a"] = lambda h: h.answer(b"", status=302, Location=h.path + "?x")
    failure = failure_of(fetcher(max_redirects=5), server.url + "/a")
    assert failure.error_class == "too_many_redirects"
    assert failure.requests == 7  # robots.txt, the page, five redirects


def test_being_sent_back_to_the_same_page_with_a_cookie_is_no_loop(server: HostileServer, fetcher):
    def consent(handler: hostile.Handler) -> None:
        if "seen=1" in handler.headers.get("Cookie", ""):
            handler.answer(b"<p>story</p>")
        else:
            handler.answer(b"", status=302, Location="/a", Set_Cookie="seen=1")

    server.resources["/a"] = consent
    assert fetcher().get(server.url + "/a").body == b"<p>story</p>"


# -- retries and waits ---------------------------------------------------------------------------------------------------


def test_a_500_that_recovers_is_retried_with_growing_waits(server: HostileServer, fetcher, sleeps):
    server.resources["/a"] = sometimes(page(status=500), page(status=503), page())
    assert fetcher().get(server.url + "/a").requests == 4
    first, second = sleeps
    assert 0.4 < first <= 1.0
    assert 0.9 < second <= 2.0


def test_retries_end(server: HostileServer, fetcher, sleeps):
    server.resources["/a"] = page(status=500)
    failure = failure_of(fetcher(retries=2), server.url + "/a")
    assert (failure.error_class, failure.retryable, failure.requests) == ("http_500", True, 4)
    assert len(sleeps) == 2


@pytest.mark.parametrize("resource", [hostile.resets, hostile.too_short, hostile.cut_gzip, hostile.stalls_in_body])
def test_broken_connections_are_retried(server: HostileServer, fetcher, resource):
    server.resources["/a"] = sometimes(resource, page())
    assert fetcher(**IMPATIENT).get(server.url + "/a").requests == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_other_refusals_are_not_retried(server: HostileServer, fetcher, sleeps, status: int):
    server.resources["/a"] = page(status=status)
    assert not failure_of(fetcher(), server.url + "/a").retryable
    assert server.requests["/a"] == 1
    assert sleeps == []


def test_retry_after_is_waited_out(server: HostileServer, fetcher, sleeps):
    server.resources["/a"] = sometimes(page(status=429, Retry_After="30"), page())
    assert fetcher().get(server.url + "/a").status == 200
    assert [round(s) for s in sleeps] == [30]


def test_retry_after_as_a_date_is_waited_out(server: HostileServer, fetcher, sleeps):
    date = email.utils.format_datetime(NOW + timedelta(seconds=45), usegmt=True)
    server.resources["/a"] = sometimes(page(status=503, Retry_After=date), page())
    assert fetcher().get(server.url + "/a").status == 200
    assert [round(s) for s in sleeps] == [45]


def test_a_host_that_asks_for_a_long_wait_is_left_alone_for_this_run(server: HostileServer, fetcher, sleeps):
    server.resources["/a"] = page(status=429, Retry_After="3600")
    server.article("/b")
    fetch = fetcher(max_wait=120)
    first, second = failure_of(fetch, server.url + "/a"), failure_of(fetch, server.url + "/b")
    assert (first.outcome, first.error_class, first.retry_after) == ("blocked", "http_429", 3600.0)
    assert (second.outcome, second.error_class, second.requests) == ("blocked", "host_wait", 0)
    assert "3600 s" in str(second)
    assert sleeps == []


def test_a_host_that_stops_answering_is_left_alone_after_a_while(server: HostileServer, fetcher):
    paths = [f"/{i}" for i in range(8)]
    server.resources |= dict.fromkeys(paths, hostile.resets)
    fetch = fetcher(retries=1)
    classes = [failure_of(fetch, server.url + path).error_class for path in paths]
    assert classes == ["connection"] * 5 + ["host_down"] * 3
    assert [server.requests[path] for path in paths] == [2] * 5 + [0] * 3


def test_an_answer_in_between_shows_that_the_host_is_there(server: HostileServer, fetcher):
    server.resources["/resets"] = hostile.resets
    server.article("/a")
    fetch = fetcher(retries=0)
    for _ in range(2):
        for _ in range(4):
            assert failure_of(fetch, server.url + "/resets").error_class == "connection"
        assert fetch.get(server.url + "/a").status == 200


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Mon, 11 Apr 2022 09:31:00 GMT", 60.0),
        ("Mon, 11 Apr 2022 09:00:00 GMT", 0.0),
        ("Mon, 11 Apr 2022 12:31:00 +0300", 60.0),
        ("-5", None),
        ("soon", None),
        ("1.5", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_in_its_forms(value: str | None, seconds: float | None):
    assert retry_after(value, NOW) == seconds


@given(st.text() | st.from_regex(r"[A-Z][a-z]{2}, [0-9]{1,3} [A-Z][a-z]{2} [0-9]{1,5} [0-9:]{1,9} .{0,6}"))
def test_no_retry_after_raises(value: str):
    seconds = retry_after(value, datetime(2022, 4, 11, tzinfo=UTC))
    assert seconds is None or seconds >= 0


class SteppedClock:
    """A monotonic clock that stands still, except while somebody sleeps."""

    def __init__(self) -> None:
        self.time = 0.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.time

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += seconds


@pytest.fixture
def paced(server: HostileServer) -> tuple[Callable, SteppedClock]:
    clock = SteppedClock()
    fetchers = []

    def make(delay: float) -> Fetcher:
        fetchers.append(
            Fetcher(
                FetchSettings(private_addresses=True),
                delay=delay,
                rng=random.Random(1),
                sleep=clock.sleep,
                clock=clock,
                now=lambda: NOW,
            )
        )
        return fetchers[-1]

    yield make, clock
    for each in fetchers:
        each.__exit__()


def test_the_delay_passes_between_requests_to_one_host(server: HostileServer, paced):
    make, clock = paced
    server.article("/a")
    fetch = make(5.0)
    for _ in range(3):
        fetch.get(server.url + "/a")
    assert clock.slept == [5.0, 5.0, 5.0]  # before each page: robots.txt was the first request


def test_another_host_need_not_wait(server: HostileServer, paced):
    make, clock = paced
    server.article("/a")
    fetch = make(5.0)
    fetch.get(server.url + "/a")
    clock.slept.clear()
    fetch.get(server.url.replace("127.0.0.1", "localhost") + "/a")
    assert clock.slept == [5.0]  # between that host's robots.txt and its page, not before


def test_time_spent_elsewhere_counts_as_delay(server: HostileServer, paced):
    make, clock = paced
    server.article("/a")
    fetch = make(5.0)
    fetch.get(server.url + "/a")
    clock.time += 3.0
    clock.slept.clear()
    fetch.get(server.url + "/a")
    assert clock.slept == [2.0]


def test_the_crawl_delay_of_robots_txt_counts_where_it_is_longer(server: HostileServer, paced):
    make, clock = paced
    server.resources["/robots.txt"] = page(b"User-agent: *\nCrawl-delay: 7\n", content_type="text/plain")
    server.article("/a")
    fetch = make(2.0)
    for _ in range(3):
        fetch.get(server.url + "/a")
    assert clock.slept[1:] == [7.0, 7.0]


def test_the_same_seed_gives_the_same_waits(server: HostileServer, paced):
    make, clock = paced
    server.resources["/a"] = page(status=500)
    waits = []
    for _ in range(2):
        clock.slept.clear()
        failure_of(make(0.0), server.url + "/a")
        waits.append(list(clock.slept))
    assert waits[0] == waits[1]


# -- robots.txt ----------------------------------------------------------------------------------------------------------

RULES = b"User-agent: *\nDisallow: /private\n\nUser-agent: Badia\nDisallow: /not-for-badia\n"


def test_robots_txt_is_obeyed_and_fetched_once(server: HostileServer, fetcher):
    server.resources["/robots.txt"] = page(RULES, content_type="text/plain")
    server.article("/open")
    server.article("/not-for-badia/a")
    fetch = fetcher()
    assert fetch.get(server.url + "/open").status == 200
    failure = failure_of(fetch, server.url + "/not-for-badia/a")
    assert (failure.outcome, failure.error_class, failure.retryable, failure.requests) == ("blocked", "robots", False, 0)
    assert f"{server.url}/robots.txt forbids" in str(failure)
    assert (server.requests["/robots.txt"], server.requests["/not-for-badia/a"]) == (1, 0)


def test_a_redirect_to_a_forbidden_page_is_not_followed(server: HostileServer, fetcher):
    server.resources |= {"/robots.txt": page(RULES), "/a": redirect("/not-for-badia/a")}
    assert failure_of(fetcher(), server.url + "/a").error_class == "robots"
    assert server.requests["/not-for-badia/a"] == 0


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_host_without_robots_txt_allows_everything(server: HostileServer, fetcher, status: int):
    server.resources["/robots.txt"] = page(status=status)
    server.article("/a")
    assert fetcher().get(server.url + "/a").status == 200


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_robots_txt_that_cannot_be_had_forbids_everything_for_now(server: HostileServer, fetcher, sleeps, status: int):
    server.resources["/robots.txt"] = page(status=status)
    server.article("/a")
    fetch = fetcher()
    for _ in range(2):
        failure = failure_of(fetch, server.url + "/a")
        assert (failure.outcome, failure.error_class, failure.retryable) == ("blocked", "robots_unreachable", True)
    assert (server.requests["/a"], server.requests["/robots.txt"]) == (0, 3)
    assert len(sleeps) == 2  # between the attempts at robots.txt; the second page cost none


def test_a_robots_txt_that_hangs_keeps_the_pages_unasked(server: HostileServer, fetcher):
    server.resources["/robots.txt"] = hostile.stalls_before_headers
    server.article("/a")
    failure = failure_of(fetcher(retries=0, **IMPATIENT), server.url + "/a")
    assert (failure.outcome, failure.error_class, server.requests["/a"]) == ("failed", "timeout", 0)
    assert "robots.txt" in str(failure)


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", b"<html>no robots here</html>", b"\n" * 100_000, b"Disallow: /\n"])
def test_a_robots_txt_without_rules_for_us_allows_everything(server: HostileServer, fetcher, body: bytes):
    server.resources["/robots.txt"] = page(body)
    server.article("/a")
    assert fetcher().get(server.url + "/a").status == 200
