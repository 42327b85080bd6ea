"""What the operator keeps secret is in no log, dataset or message."""

import gzip
import json
import logging
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.datasets.lake import Lake
from include.masking import MASK, masked, secrets_in
from include.scrape.fetch import FetchFailed
from include.scrape.scrape import SourceFailed
from include.scrape.sources import SourcesError, load_sources
from tests.scrape.hostile import HostileServer, page, redirect
from tests.scrape.outlet import outlet

SECRET = "s3cr3t/+ value"
IN_URL = "s3cr3t%2F%2B%20value"


def everything_in(lake: Lake) -> str:
    """All rows of all datasets, and what Airflow gets to see of the lake."""
    tables = [
        lake.read_file(path).to_pylist() for path in lake.find("documents", ".parquet") + lake.find("scrapes", ".parquet")
    ]
    return json.dumps(tables, default=str)


def seen(lake: Lake, result: object, caplog: pytest.LogCaptureFixture) -> str:
    """All that people see of a run."""
    return "\n".join([everything_in(lake), repr(result), str(result), caplog.text])


def test_a_token_of_the_sources_file_is_seen_nowhere(server: HostileServer, scrape, lake, caplog):
    caplog.set_level(logging.DEBUG)
    address = f"{server.url}/feed?api_key={IN_URL}&page=1"
    links = (f"{server.url}/a?token=x&amp;api_key={IN_URL}", f"{server.url}/gone?k={IN_URL}", "ftp://x/")
    items = "".join(f"<item><link>{link}</link></item>" for link in links)
    server.resources["/feed"] = page(f"<rss version='2.0'><channel>{items}</channel></rss>".encode())
    server.article("/a")
    progress = []
    result = scrape(outlet(address), progress=lambda *step: progress.append(step))
    assert (result.captured, result.failed) == (1, {"http_404": 1})
    assert f"/a?token=x&api_key={IN_URL}" in "".join(server.requests), "it is asked for as listed all the same"
    assert MASK in everything_in(lake)
    for warc in lake.find("warc", ".warc.gz"):
        assert b"s3cr3t" not in gzip.decompress(Path(lake.full(warc)).read_bytes())
    assert "s3cr3t" not in seen(lake, result, caplog) + repr(progress)


def test_a_listing_that_fails_does_not_tell_its_token(server: HostileServer, scrape, lake, caplog):
    caplog.set_level(logging.DEBUG)
    with pytest.raises(SourceFailed) as caught:
        scrape(outlet(f"{server.url}/gone?access_token={IN_URL}"))
    assert f"/gone?access_token={MASK}" in str(caught.value)
    assert "s3cr3t" not in seen(lake, caught.value, caplog)


def test_a_password_in_a_redirect_is_not_repeated(server: HostileServer, fetcher, caplog):
    caplog.set_level(logging.DEBUG)
    server.resources["/a"] = redirect("http://editor:s3cr3t@news.example/")
    with pytest.raises(FetchFailed) as caught:
        fetcher().get(server.url + "/a")
    assert caught.value.error_class == "bad_redirect"
    assert f"http://{MASK}@news.example/" in str(caught.value)
    assert "s3cr3t" not in str(caught.value) + caplog.text


def test_a_password_in_the_sources_file_is_refused_without_being_shown(tmp_path):
    path = tmp_path / "sources.yaml"
    entry = "id: a, outlet: A, kind: agency, languages: [en], base_url: 'https://u:s3cr3t@a.example', listing: {feed: /f}"
    path.write_text(f"sources:\n  - {{{entry}}}\n")
    with pytest.raises(SourcesError, match="and no user name") as caught:
        load_sources(path)
    assert "s3cr3t" not in str(caught.value)


def test_a_lake_shows_its_address_without_the_password():
    assert Lake("memory://user:s3cr3t@host/lake").url == f"memory://{MASK}@host/lake"


@pytest.mark.parametrize(
    ("address", "secrets"),
    [
        ("https://a.example/feed?token=abcdef123", ("abcdef123",)),
        ("https://a.example/feed?API_KEY=abcdef123&page=2", ("abcdef123",)),
        ("https://a.example/feed?X-Amz-Signature=abcdef123", ("abcdef123",)),
        ("https://a.example/feed?password=ab%20cd+ef", ("ab%20cd%20ef", "ab+cd+ef", "ab cd ef")),
        ("https://a.example/feed?category=conflict&monkey=abcdef123&sid=abcdef123", ()),
        ("https://a.example/feed?token=en", ()),
        ("https://a.example/token/abcdef123", ()),
    ],
)
def test_what_is_secret_shows_by_its_name(address: str, secrets: tuple[str, ...]):
    assert sorted(secrets_in([address])) == sorted(secrets)


@pytest.mark.parametrize(
    "text",
    ["https://a.example/@editor/1", "mail desk@a.example", "http://a.example/?q=a@b", "https://a.example/ and b@c.example"],
)
def test_what_is_no_password_stays(text: str):
    assert masked(text) == text


@given(st.text(max_size=300))
def test_masking_twice_changes_nothing_more(text: str):
    assert masked(masked(text)) == masked(text)
