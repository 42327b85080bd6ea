"""One source, from its listing to its documents."""

import gzip
import os
import random
import re
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from include.datasets.catalogue import DOCUMENTS
from include.datasets.lake import Lake
from include.scrape import scrape as module
from include.scrape import survey
from include.scrape.scrape import SourceFailed, scrape_source
from include.scrape.warc import read_body
from tests.scrape import hostile
from tests.scrape.conftest import IMPATIENT
from tests.scrape.hostile import HostileServer, bomb, page, redirect, sometimes
from tests.scrape.outlet import Clock, outlet

PROJECT = Path(__file__).resolve().parents[2]


def rows(lake: Lake) -> dict[str, dict]:
    """The documents by path of their URL; each URL was tried once."""
    found = {row["url"].split("/", 3)[3]: row for row in lake.read(DOCUMENTS).to_pylist()}
    assert len(found) == len(lake.read(DOCUMENTS))
    return found


def test_every_page_of_a_feed_becomes_a_document_with_its_bytes(server: HostileServer, scrape, lake):
    server.article("/a")
    server.resources["/b"] = page(gzip.compress(b"<p>b</p>"), Content_Encoding="gzip", ETag='"7"', Last_Modified="yesterday")
    result = scrape(outlet(server.feed("/a", "/b")))
    assert (result.listed, result.captured, result.left, result.failed, result.problems) == (2, 2, 0, {}, ())
    for path in result.batches:
        assert re.fullmatch(r"documents/fetch_date=2022-04-11/source=herald/batch-[0-9a-f]{20}\.parquet", path)
    found = rows(lake)
    for row in found.values():
        captured = read_body(lake, row["warc_file"], row["warc_offset"], row["sha256"])
        assert captured.url == row["url"] == row["final_url"]
        assert row["warc_file"].startswith("warc/fetch_date=2022-04-11/source=herald/batch-")
        assert (row["outcome"], row["error_class"], row["outlet"], row["http_status"]) == (
            "captured",
            None,
            "Desert Herald",
            200,
        )
    assert read_body(lake, found["b"]["warc_file"], found["b"]["warc_offset"]).body == b"<p>b</p>"
    assert (found["b"]["etag"], found["b"]["last_modified"], found["b"]["requests"]) == ('"7"', "yesterday", 1)
    assert found["a"]["listed_title"] == "Story /a"


def test_what_the_lake_holds_is_not_fetched_again(server: HostileServer, scrape, lake, clock):
    server.article("/a")
    source = outlet(server.feed("/a", "/b"))
    first = scrape(source)
    server.article("/b")
    clock.pass_hours(1)
    second, third = scrape(source), scrape(source)
    assert (first.new, first.captured, first.failed) == (2, 1, {"http_404": 1})
    assert (second.listed, second.new, second.captured) == (2, 0, 1)  # what failed is tried again
    assert (third.new, third.captured, third.batches) == (0, 0, ())
    assert (server.requests["/a"], server.requests["/b"]) == (1, 2)
    assert len(lake.read(DOCUMENTS)) == 3


def test_two_sources_do_not_hide_each_others_pages(server: HostileServer, scrape):
    server.article("/a")
    feed = server.feed("/a")
    assert scrape(outlet(feed)).captured == 1
    assert scrape(outlet(feed, id="other")).captured == 1


def test_one_bad_page_costs_the_others_nothing(server: HostileServer, scrape, lake, sleeps):
    sins = {
        "/404": (page(status=404), "failed", "http_404"),
        "/403": (page(status=403), "blocked", "http_403"),
        "/429": (page(status=429, Retry_After="1"), "blocked", "http_429"),
        "/500": (page(status=500), "failed", "http_500"),
        "/hangs": (hostile.stalls_in_body, "failed", "timeout"),
        "/drips": (hostile.drips, "failed", "timeout"),
        "/resets": (hostile.resets, "failed", "connection"),
        "/short": (hostile.too_short, "failed", "protocol"),
        "/large": (page(b"x" * 2_000_001), "failed", "too_large"),
        "/bomb": (bomb(10 * 1024 * 1024), "failed", "too_large"),
        "/loop": (redirect("/loop"), "failed", "redirect_loop"),
        "/secret": (page(), "blocked", "robots"),
        "/guard": (page(b"<title>Just a moment...</title>"), "blocked", "block_page"),
        "/empty": (page(b""), "empty", "no_body"),
        "/blank": (page(b" \r\n "), "empty", "no_body"),
        "/none": (page(b"", status=204), "empty", "no_body"),
        "/same": (page(b"", status=304), "not_modified", "http_304"),
    }
    server.resources |= {path: sin[0] for path, sin in sins.items()}
    server.resources["/robots.txt"] = page(b"User-agent: *\nDisallow: /secret\n", content_type="text/plain")
    good = {
        "/first": b"<p>first</p>",
        "/wrong-charset": "<meta charset=utf-8><p>مقتل</p>".encode("windows-1256"),
        "/no-pdf.html": b"%PDF-1.7\n\x00\xff",
        "/500-that-recovers": sometimes(page(status=500), page()),
        "/last": b"<p>last</p>",
    }
    server.resources |= good
    result = scrape(
        outlet(server.feed("/first", "/wrong-charset", "/no-pdf.html", *sins, "/500-that-recovers", "/last")), **IMPATIENT
    )
    found = rows(lake)
    assert {path: (found[path[1:]]["outcome"], found[path[1:]]["error_class"]) for path in sins} == {
        path: sin[1:] for path, sin in sins.items()
    }
    assert {path for path, row in found.items() if row["outcome"] == "captured"} == {path[1:] for path in good}
    assert result.listed == result.captured + sum(result.failed.values()) == len(sins) + len(good)
    for path, row in found.items():
        if row["outcome"] != "captured":
            assert path in row["error"] or row["outcome"] == "empty"
        if row["outcome"] == "failed":
            assert row["warc_file"] is None  # a body that is not whole is never stored as a page
    assert read_body(lake, found["no-pdf.html"]["warc_file"], found["no-pdf.html"]["warc_offset"]).body.startswith(b"%PDF")
    assert found["500-that-recovers"]["requests"] == 2


def test_a_block_page_is_kept_as_evidence(server: HostileServer, scrape, lake):
    server.resources["/a"] = b"<title>Just a moment...</title>"
    result = scrape(outlet(server.feed("/a")))
    (row,) = rows(lake).values()
    assert read_body(lake, row["warc_file"], row["warc_offset"], row["sha256"]).body == b"<title>Just a moment...</title>"
    assert result.problems == ("none of 1 pages could be captured: {'block_page': 1}",)


def test_a_dead_link_is_a_problem_once_and_a_row_each_time_until_it_is_given_up(server: HostileServer, scrape, lake, clock):
    source = outlet(server.feed("/gone"))
    first, at_once = scrape(source), scrape(source)
    assert first.problems == ("none of 1 pages could be captured: {'http_404': 1}",)
    assert at_once.failed == {}
    for hours in (1, 24, 168, 1000):
        clock.pass_hours(hours)
        later = scrape(source)
        assert later.problems == ()
    assert server.requests["/gone"] == len(lake.read(DOCUMENTS)) == 4


def test_a_feed_of_10000_entries_is_capped_and_says_what_is_left(server: HostileServer, scrape):
    paths = [f"/{i}" for i in range(10_000)]
    for path in paths[:40]:
        server.article(path)
    source = outlet(server.feed(*paths), max_articles=20)
    first = scrape(source)
    assert (first.listed, first.captured, first.left) == (10_000, 20, 9_980)
    assert first.problems == ("9,980 of 10,000 articles are left for a later run (limit 20)",)
    second = scrape(source, limit=5)
    assert (second.new, second.captured, second.left) == (0, 5, 9_975)
    assert sum(server.requests[path] for path in paths) == 25


def test_progress_is_told_page_by_page(server: HostileServer, scrape):
    server.article("/a")
    seen = []
    scrape(outlet(server.feed("/a", "/b")), progress=lambda *step: seen.append(step))
    assert seen == [(1, 2, server.url + "/a", "captured"), (2, 2, server.url + "/b", "failed")]


def test_a_long_run_is_written_batch_by_batch(server: HostileServer, scrape, lake, monkeypatch):
    monkeypatch.setattr(module, "PAGES_PER_BATCH", 2)
    paths = [f"/{i}" for i in range(5)]
    for path in paths:
        server.article(path)
    result = scrape(outlet(server.feed(*paths)))
    assert [len(lake.read_file(path)) for path in result.batches] == [2, 2, 1]
    assert len(lake.find("warc", ".warc.gz")) == 3


# -- listings ------------------------------------------------------------------------------------------------------------


def test_a_listing_page_gives_the_links_that_match(server: HostileServer, scrape, lake):
    server.article("/news/1")
    server.resources["/"] = b"<a href='/about'>About</a><a href='/news/1'>Two killed</a>"
    result = scrape(outlet(server.url + "/", "page", links=re.compile("/news/[0-9]+$")))
    assert (result.listed, result.captured) == (1, 1)
    assert rows(lake)["news/1"]["listed_title"] == "Two killed"


def sitemap(server: HostileServer, *paths: str) -> bytes:
    return ("<urlset>" + "".join(f"<url><loc>{server.url}{p}</loc></url>" for p in paths) + "</urlset>").encode()


def index(server: HostileServer, *paths: str) -> bytes:
    return (
        "<sitemapindex>" + "".join(f"<sitemap><loc>{server.url}{p}</loc></sitemap>" for p in paths) + "</sitemapindex>"
    ).encode()


def test_a_sitemap_index_is_read_whole_and_a_broken_part_is_a_row(server: HostileServer, scrape, lake):
    for path in ("/a", "/b"):
        server.article(path)
    server.resources |= {
        "/index.xml": page(index(server, "/1.xml.gz", "/gone.xml", "/2.xml", "/index.xml")),
        "/1.xml.gz": page(gzip.compress(sitemap(server, "/a")), content_type="application/gzip"),
        "/2.xml": page(sitemap(server, "/b", "/a")),
    }
    result = scrape(outlet(server.url + "/index.xml", "sitemap"))
    found = rows(lake)
    assert (result.listed, result.captured) == (2, 2)
    assert found["gone.xml"]["error_class"] == "http_404"
    assert "is a sitemap index inside" in found["index.xml"]["error"]
    assert len(result.problems) == 2


def test_an_index_of_many_sitemaps_is_capped(server: HostileServer, scrape, monkeypatch):
    monkeypatch.setattr(survey, "MAX_SITEMAPS", 2)
    server.article("/a")
    server.resources["/index.xml"] = page(index(server, "/1.xml", "/2.xml", "/3.xml"))
    server.resources |= {f"/{i}.xml": page(sitemap(server, "/a")) for i in (1, 2, 3)}
    result = scrape(outlet(server.url + "/index.xml", "sitemap"))
    assert result.problems == (f"{server.url}/index.xml lists 3 sitemaps; the newest 2 are read",)
    assert server.requests["/3.xml"] == 0


def test_a_feed_that_is_half_broken_gives_its_pages_and_a_row(server: HostileServer, scrape, lake):
    server.article("/a")
    server.resources["/feed"] = page(f"<rss><channel><item><link>{server.url}/a</link></item><item>".encode())
    result = scrape(outlet(server.url + "/feed"))
    assert (result.listed, result.captured) == (1, 1)
    row = rows(lake)["feed"]
    assert (row["outcome"], row["error_class"]) == ("failed", "broken_listing")
    assert "not well-formed XML" in row["error"]


@pytest.mark.parametrize(
    ("resource", "error_class", "outcome", "retryable", "says"),
    [
        (page(status=404), "http_404", "failed", False, "The listing has moved"),
        (page(status=403), "http_403", "blocked", False, "refuses this program"),
        (page(status=429, Retry_After="9000"), "http_429", "blocked", True, "wants fewer requests"),
        (page(status=502), "http_502", "failed", True, "has a fault"),
        (page(status=418), "http_418", "failed", False, "Open the address in a browser"),
        (hostile.resets, "connection", "failed", True, "drops connections"),
        (hostile.stalls_before_headers, "timeout", "failed", True, "slow or down"),
        (page(b"<rss><channel><item></channel>"), "broken_listing", "failed", False, "not well-formed XML"),
        (page(b""), "no_entries", "failed", False, "an empty body"),
        (page(b"<rss version='2.0'><channel></channel></rss>"), "no_entries", "failed", False, "without entries"),
        (page(b"<title>Just a moment...</title>"), "block_page", "blocked", False, "takes this program for a robot"),
        (bomb(10 * 1024 * 1024), "too_large", "failed", False, "no ordinary listing"),
    ],
)
def test_a_listing_that_gives_nothing_fails_the_source(
    server: HostileServer, scrape, lake, *, resource, error_class, outcome, retryable, says
):
    server.resources["/feed"] = resource
    with pytest.raises(SourceFailed) as caught:
        scrape(outlet(server.url + "/feed"), retries=0, **(IMPATIENT if error_class == "timeout" else {}))
    failure = caught.value
    assert (failure.source, failure.error_class, failure.retryable) == ("herald", error_class, retryable)
    assert str(failure).startswith(f"source herald (Desert Herald): no articles from its feed {server.url}/feed: ")
    assert says in str(failure)
    row = rows(lake)["feed"]
    assert (row["outcome"], row["error_class"]) == (outcome, error_class)


def test_a_listing_that_robots_txt_forbids_fails_the_source_for_good(server: HostileServer, scrape):
    server.resources["/robots.txt"] = page(b"User-agent: Badia\nDisallow: /\n")
    with pytest.raises(SourceFailed, match=r"robots\.txt forbids") as caught:
        scrape(outlet(server.feed("/a")))
    assert (caught.value.error_class, caught.value.retryable) == ("robots", False)
    assert server.requests["/feed"] == 0


def test_a_host_with_a_bad_certificate_fails_the_source_for_good(tls_server: HostileServer, scrape, lake):
    with pytest.raises(SourceFailed, match="certificate") as caught:
        scrape(outlet(tls_server.feed("/a")))
    assert (caught.value.error_class, caught.value.retryable) == ("tls", False)
    assert rows(lake)["feed"]["error_class"] == "tls"


# -- being killed --------------------------------------------------------------------------------------------------------

KILLED = """
import random, sys, time
from datetime import UTC, datetime, timedelta
from include.datasets.lake import Lake
from include.scrape.scrape import scrape_source
from tests.scrape.outlet import Clock, outlet

root, feed, pause = sys.argv[1:]

def progress(done, total, url, outcome):
    print(done, flush=True)
    time.sleep(float(pause))

ways = {"now": Clock(), "run": "r", "rng": random.Random(7), "sleep": time.sleep}
result = scrape_source(Lake(root), outlet(feed), progress=progress, **ways)
print(result.captured, result.new)
"""


def start(lake: Lake, feed: str, pause: float) -> subprocess.Popen:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(KILLED), lake.full(""), feed, str(pause)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    )


def test_a_run_that_is_killed_leaves_nothing_that_the_next_one_trips_over(server: HostileServer, lake):
    paths = [f"/{i}" for i in range(6)]
    for path in paths:
        server.article(path)
    feed = server.feed(*paths)
    with start(lake, feed, 5.0) as killed:
        assert killed.stdout.readline() == "1\n"
        killed.send_signal(signal.SIGKILL)
    assert lake.files(DOCUMENTS) == []
    assert lake.find("warc", ".warc.gz") == []
    leftovers = list(Path(lake.full("warc")).rglob("*.part"))
    assert len(leftovers) == 1
    with start(lake, feed, 0.0) as again:
        assert again.stdout.read().endswith("6 0\n")
    assert leftovers[0].exists()  # it is young: it could belong to a run that is still going on
    for row in lake.read(DOCUMENTS).to_pylist():
        read_body(lake, row["warc_file"], row["warc_offset"], row["sha256"])


def test_unfinished_files_of_dead_runs_are_cleaned_up(server: HostileServer, scrape, lake):
    server.article("/a")
    old = time.time() - 10 * 365 * 86400
    for name, source, modified in (("dead", "herald", old), ("alive", "herald", None), ("others", "other", old)):
        path = Path(lake.full(f"warc/fetch_date=2022-04-10/source={source}/.{name}.warc.gz.7.part"))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"torn")
        if modified:
            os.utime(path, (modified, modified))
    scrape(outlet(server.feed("/a")))
    assert sorted(p.name for p in Path(lake.full("warc")).rglob("*.part")) == [
        ".alive.warc.gz.7.part",
        ".others.warc.gz.7.part",
    ]


def test_pages_without_their_documents_file_are_fetched_again(server: HostileServer, scrape, lake, monkeypatch):
    server.article("/a")
    source = outlet(server.feed("/a"))
    with monkeypatch.context() as patched:
        patched.setattr(Lake, "write", lambda *args: (_ for _ in ()).throw(OSError("disk full")))
        with pytest.raises(OSError, match="disk full"):
            scrape(source)
    assert len(lake.find("warc", ".warc.gz")) == 1
    assert scrape(source).captured == 1
    (row,) = rows(lake).values()
    assert read_body(lake, row["warc_file"], row["warc_offset"], row["sha256"]).http_status == 200


def test_the_same_run_writes_the_same_bytes(server: HostileServer, tmp_path):
    server.resources["/a"] = page(b"<p>a</p>")
    source = outlet(server.feed("/a", "/gone"))
    written = []
    for name in ("one", "two"):
        lake = Lake(tmp_path / name)
        scrape_source(lake, source, now=Clock(), run="r", rng=random.Random(7), sleep=lambda s: None)
        paths = lake.find("documents", ".parquet") + lake.find("warc", ".warc.gz")
        written.append({path: lake.open(path).read() for path in paths})
    assert written[0] == written[1]
