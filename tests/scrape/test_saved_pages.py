"""A saved site of every kind of source, and of every manner of page that has hurt: what a visit to it gives."""

import gzip
import re
import shutil
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from include.clean.batch import clean_batch, pending
from include.datasets.catalogue import ARTICLES
from include.datasets.lake import Lake
from include.scrape.archive.importing import Progress, import_shard, start
from include.scrape.sources import KINDS
from tests.scrape import record
from tests.scrape.hostile import HostileServer, page, redirect, sometimes
from tests.scrape.other_tools import types_read_elsewhere
from tests.scrape.record import put
from tests.scrape.saved import SITES, read_visit, source_of, verdict, visit


@pytest.mark.parametrize("site", SITES, ids=[site.name for site in SITES])
def test_a_visit_gives_what_a_person_reads_in_its_pages(site: Path, lake: Lake):
    wrong = verdict(site, visit(site, lake))
    assert wrong is None, wrong


def test_an_archive_of_the_visits_gives_the_same_texts(tmp_path: Path):
    seen, imported = Lake(tmp_path / "seen"), Lake(tmp_path / "imported")
    for site in SITES:
        visit(site, seen)
    begun = start(imported, [str(site / "visit.warc") for site in SITES], now=datetime(2024, 1, 1, tzinfo=UTC), gated=False)
    for number in Progress(imported, begun).left:
        import_shard(imported, begun["id"], number, {})
    for path in pending(imported):
        clean_batch(imported, path)
    texts, again = (
        {row["url"]: row["text"] for row in lake.read(ARTICLES).to_pylist() if row["clean_outcome"] == "cleaned"}
        for lake in (seen, imported)
    )
    assert texts == {url: again.get(url) for url in texts}


def test_every_kind_of_source_has_a_saved_site():
    assert set(KINDS) - {source_of(site).kind for site in SITES} == set()


def test_every_kind_of_listing_is_on_a_saved_site():
    marks = {
        "RSS 0.9x": b"<rss version=\"0.9", "RSS 1.0": b"http://purl.org/rss/1.0/", "RSS 2.0": b"<rss version=\"2.0\"",
        "Atom": b"http://www.w3.org/2005/Atom\"", "JSON Feed": b"https://jsonfeed.org/version/",
        "news sitemap": b"http://www.google.com/schemas/sitemap-news", "sitemap index": b"<sitemapindex", "gzip": b"\x1f\x8b",
    }  # fmt: skip
    bodies = [answer.body for site in SITES for answer in read_visit(site / "visit.warc")]
    assert [name for name, mark in marks.items() if not any(mark in body for body in bodies)] == []
    kinds = Counter(spec.kind for site in SITES for spec in source_of(site).listings)
    assert kinds["page"] and any(spec.following for site in SITES for spec in source_of(site).listings)


# -- how an expectation comes to count -----------------------------------------------------------------------------------


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A copy of a saved site."""
    return Path(shutil.copytree(SITES[0], tmp_path / SITES[0].name))


def sign(site: Path, name: str) -> None:
    path = site / "expected.yaml"
    path.write_text(re.sub("^read_by:.*", f"read_by: {name}", path.read_text(encoding="utf-8"), flags=re.M), encoding="utf-8")


def test_a_missing_expectation_is_written_and_is_wrong_until_somebody_has_signed_it(site: Path, lake: Lake):
    signed = (site / "expected.yaml").read_text(encoding="utf-8")
    (site / "expected.yaml").unlink()
    found = visit(site, lake)
    assert "did not exist" in verdict(site, found)
    assert "nobody has read" in verdict(site, found)
    sign(site, "   ")
    assert "nobody has read" in verdict(site, found)
    sign(site, "Amal")
    assert verdict(site, found) is None
    written = yaml.safe_load((site / "expected.yaml").read_text(encoding="utf-8"))
    assert written == yaml.safe_load(signed) | {"read_by": "Amal"}


def test_another_result_is_shown_as_a_difference_and_nothing_is_written(site: Path, lake: Lake):
    before = (site / "expected.yaml").read_bytes()
    found = visit(site, lake)
    found["pages"][0]["title"] = "Ninety killed"
    words = verdict(site, found)
    assert "+  title: Ninety killed" in words and "\n-  title: " in words
    assert (site / "expected.yaml").read_bytes() == before


def test_a_page_that_no_listing_shows_is_named(site: Path, lake: Lake):
    put(site, f"https://{source_of(site).host}/never-listed", b"<p>x</p>")
    assert visit(site, lake)["never_asked_for"] == [f"https://{source_of(site).host}/never-listed"]


# -- how a site is saved -------------------------------------------------------------------------------------------------


@pytest.fixture
def herald(server: HostileServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """An outlet on this machine, which a sources file names; its entry there."""
    server.article("/a")
    server.resources["/b"] = sometimes(redirect("/c"), page(b"<p>never</p>"))
    server.resources["/c"] = page(
        gzip.compress(b"<p>Three shepherds were killed near the well of Jubb.</p>"), Content_Encoding="gzip"
    )
    entry = {"id": "herald", "outlet": "Herald", "kind": "newspaper", "languages": ["en"], "base_url": server.url}
    entry |= {"listing": {"feed": server.feed("/a", "/b", "/gone")}, "delay_seconds": 0, "private_addresses": True}
    path = tmp_path / "sources.yaml"
    path.write_text(yaml.safe_dump({"sources": [entry]}), encoding="utf-8")
    monkeypatch.setenv("BADIA_SOURCES", str(path))
    return entry


def test_a_visit_is_saved_as_it_was_answered_and_gives_the_same_without_a_network(herald, server, tmp_path, lake, capsys):
    assert record.main(["herald"], tmp_path) == 0
    assert "6 answers are saved" in capsys.readouterr().out
    site = tmp_path / "herald"
    assert source_of(site).id == "herald"
    asked = Counter(server.requests)
    found = visit(site, lake)
    assert server.requests == asked, "the saved visit asks nobody"
    assert found["asked"] == [server.url + path for path in ("/robots.txt", "/feed", "/a", "/b", "/c", "/gone")]
    assert [row.get("text") for row in found["pages"]] == [
        ["Two soldiers were killed."],
        ["Three shepherds were killed near the well of Jubb."],
        None,
    ]
    assert found["pages"][2]["error_class"] == "http_404"
    assert "did not exist" in verdict(site, found)


def test_a_page_of_a_saved_site_is_read_and_replaced_by_a_file(herald, server, tmp_path, lake, capsysbinary):
    record.main(["herald"], tmp_path)
    url, file = f"{server.url}/a", tmp_path / "a.html"
    capsysbinary.readouterr()
    assert record.main(["herald", url], tmp_path) == 0
    file.write_bytes(capsysbinary.readouterr().out.replace(b"Two", b"Four"))
    assert record.main(["herald", url, str(file)], tmp_path) == 0
    assert visit(tmp_path / "herald", lake)["pages"][0]["text"] == ["Four soldiers were killed."]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (["nobody"], "has no source nobody"),
        (["herald", "https://herald.example/x"], "visit.warc"),
        (["herald", "https://herald.example/x", "no-such-file"], "no-such-file"),
    ],
)
def test_a_wrong_call_is_told(herald, tmp_path, capsys, call, words):
    assert record.main(call, tmp_path) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize("site", SITES[:1])
def test_other_tools_read_a_saved_visit(site: Path):
    answers = read_visit(site / "visit.warc")
    assert types_read_elsewhere(site / "visit.warc") == ["warcinfo"] + ["response"] * len(answers)
