"""Servers and disks that fail in the middle of a run."""

import errno
from datetime import timedelta

import pytest

from include.datasets.catalogue import DOCUMENTS
from include.datasets.lake import Lake
from include.scrape.warc import read_body
from tests.datasets import faults
from tests.scrape.hostile import Handler, HostileServer, page
from tests.scrape.outlet import outlet

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def raw(data: bytes):
    return lambda handler: handler.raw(data)


@pytest.mark.parametrize(
    ("answer", "error_class"),
    [
        (HEAD + b"Content-Length: 1000\r\n\r\n<p>cut", "protocol"),
        (HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n<p>two", "protocol"),
        (HEAD + b"Content-Length: -5\r\n\r\n<p>a", "protocol"),
        (HEAD + b"Content-Length: many\r\n\r\n<p>a", "protocol"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n10\r\n<p>cut", "protocol"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n<p>ab\r\n", "protocol"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n5\r\n<p>longer\r\n0\r\n\r\n", "protocol"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nmany\r\n<p>a\r\n0\r\n\r\n", "protocol"),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n-1\r\n<p>a\r\n0\r\n\r\n", "protocol"),
        (HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "protocol"),
        (b"HTTP/1.1 200 OK\r\nBad Header\r\n\r\n", "protocol"),
        (b"HTTP/1.1 0 OK\r\n\r\n", "protocol"),
        (b"<html>no HTTP at all", "protocol"),
        (b"", "protocol"),
    ],
    ids=lambda value: value[-40:].decode() if isinstance(value, bytes) else value,
)
def test_lengths_that_are_wrong_give_no_page(server: HostileServer, scrape, lake: Lake, answer: bytes, error_class: str):
    server.resources["/wrong"] = raw(answer)
    server.article("/right")
    result = scrape(outlet(server.feed("/wrong", "/right")), retries=0)
    assert (result.captured, result.failed) == (1, {error_class: 1})
    wrong = next(row for row in lake.read(DOCUMENTS).to_pylist() if row["url"].endswith("/wrong"))
    assert wrong["warc_file"] is None


@pytest.mark.parametrize(
    "body",
    [
        HEAD + b"Content-Length: 9\r\n\r\n<p>a page, and more",
        HEAD + b"Content-Length: 9\r\nContent-Length: 9\r\n\r\n<p>a page",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n4\r\n<p>a\r\n5;x=y\r\n page\r\n0\r\nX: y\r\n\r\n",
        b"HTTP/1.0 200 OK\r\n\r\n<p>a page",
    ],
)
def test_lengths_that_are_odd_give_the_page(server: HostileServer, scrape, lake: Lake, body: bytes):
    server.resources["/odd"] = raw(body)
    assert scrape(outlet(server.feed("/odd")), retries=0).captured == 1
    (row,) = lake.read(DOCUMENTS).to_pylist()
    assert read_body(lake, row["warc_file"], row["warc_offset"], row["sha256"]).body == b"<p>a page"


@pytest.mark.parametrize("retry_after", ["30", None])
def test_a_host_that_answers_429_for_a_minute_loses_no_page(server: HostileServer, scrape, sleeps, clock, retry_after):
    """The minute passes as the run sleeps; what asks too early is told 429 again."""
    paths = ("/a", "/b", "/c")

    def busy(handler: Handler) -> None:
        if sum(sleeps) < 60:
            handler.answer(b"", status=429, **({"Retry_After": retry_after} if retry_after else {}))
        else:
            handler.answer(b"<p>Two soldiers were killed.</p>")

    server.resources |= dict.fromkeys(paths, busy)
    source = outlet(server.feed(*paths), delay_seconds=5.0)
    first = scrape(source)
    clock.instant += timedelta(days=1)
    sleeps.append(60)  # at the latest by then the minute is over
    second = scrape(source)
    assert first.captured + second.captured == 3
    assert (first.captured == 3) == (retry_after is not None)
    assert sum(server.requests[path] for path in paths) <= 15


def test_a_robots_txt_that_changes_in_the_middle_of_a_run_counts_from_a_later_run_on(server: HostileServer, scrape, clock):
    """What was read is obeyed for 24 hours (RFC 9309, section 2.4), so a run has one rule from its first page to its last."""
    server.resources["/robots.txt"] = page(b"User-agent: *\nDisallow: /shut\n")

    def shuts(handler: Handler) -> None:
        handler.server.resources["/robots.txt"] = page(b"User-agent: *\nDisallow: /b\n")
        handler.answer(b"<p>a</p>")

    server.resources |= {"/a": shuts, "/b": page(), "/shut": page()}
    source = outlet(server.feed("/a", "/shut", "/b"))
    assert scrape(source).captured == 2
    assert (server.requests["/shut"], server.requests["/b"], server.requests["/robots.txt"]) == (0, 1, 1)
    clock.instant += timedelta(hours=25)
    server.feed("/a", "/b/new", path="/feed")
    assert scrape(source).failed.get("robots")
    assert (server.requests["/b/new"], server.requests["/robots.txt"]) == (0, 2)


@pytest.mark.parametrize("at", [*range(12), 15, 20, 30, 40, 60, 80, 100])
def test_a_disk_that_fails_costs_no_page(server: HostileServer, scrape, lake: Lake, at: int):
    for path in ("/a", "/b"):
        server.article(path)
    source = outlet(server.feed("/a", "/b"))
    with faults.Disk(at, faults.fails(errno.ENOSPC)).below() as disk:
        try:
            scrape(source)
        except OSError as error:
            assert error.errno == errno.ENOSPC and error.__notes__[0].startswith("while writing ")
            assert any(name.endswith("failed") for name in disk.done)
    scrape(source)
    rows = [row for row in lake.read(DOCUMENTS).to_pylist() if row["outcome"] == "captured"]
    assert sorted({row["url"] for row in rows}) == [server.url + "/a", server.url + "/b"]
    for row in rows:
        read_body(lake, row["warc_file"], row["warc_offset"], row["sha256"])
