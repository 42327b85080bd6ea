"""A saved site of every kind of source, and of every manner of page that has hurt: what a visit to it gives."""

import shutil
from collections import Counter
from pathlib import Path

import pytest
import yaml

from include.datasets.lake import Lake
from include.scrape.sources import KINDS
from tests.scrape.saved import SITES, read_visit, source_of, verdict, visit


@pytest.mark.parametrize("site", SITES, ids=[site.name for site in SITES])
def test_a_visit_gives_what_a_person_reads_in_its_pages(site: Path, lake: Lake):
    wrong = verdict(site, visit(site, lake))
    assert wrong is None, wrong


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
    path.write_text(path.read_text(encoding="utf-8").replace("read_by:\n", f"read_by: {name}\n"), encoding="utf-8")


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
    from tests.scrape.record import put

    put(site, f"https://{source_of(site).host}/never-listed", b"<p>x</p>")
    assert visit(site, lake)["never_asked_for"] == [f"https://{source_of(site).host}/never-listed"]
