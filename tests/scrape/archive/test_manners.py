"""Archives as crawlers, browsers and newsrooms write them."""

import gzip
import json
from datetime import UTC, datetime

import brotli
import pytest

from include.clean.batch import clean_batch
from include.clean.batch import pending as to_clean
from include.datasets.catalogue import ARTICLES, DOCUMENTS
from include.datasets.lake import Lake
from include.scrape.archive.importing import Progress, import_shard, start
from include.scrape.archive.pages import instant
from include.scrape.archive.saved import mirrored
from include.scrape.archive.shards import ArchiveError, find_files
from tests.scrape.archive.archives import HTML, page, record, warc

BEGUN = datetime(2022, 5, 1, 8, tzinfo=UTC)


@pytest.fixture
def imported(tmp_path):
    """Imports a file or folder, cleans what is kept, and returns the counts and the articles."""

    def run(path, content: bytes | None = None) -> tuple[dict, list[dict]]:
        if content is not None:
            path = tmp_path / path
            path.write_bytes(content)
        lake = Lake(tmp_path / "lake")
        begun = start(lake, [str(path)], now=BEGUN)
        for number in Progress(lake, begun).left:
            import_shard(lake, begun["id"], number, {})
        for documents in to_clean(lake):
            clean_batch(lake, documents)
        assert len(lake.read(DOCUMENTS)) == len(lake.read(ARTICLES))
        return Progress(lake, begun).counts, lake.read(ARTICLES).sort_by("url").to_pylist()

    return run


# -- WARC ----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate", "utf-8", "zstd"])
def test_a_body_that_was_unpacked_under_its_old_header_is_read_as_it_is(imported, coding):
    kept = record(1, headers=[*HTML, ("Content-Encoding", coding)])
    counts, (article,) = imported("a.warc.gz", warc([kept])[0])
    assert counts == {"read": 1, "kept": 1}
    assert article["text"].startswith("Three soldiers were killed")


@pytest.mark.parametrize("pack", [gzip.compress, brotli.compress])
def test_a_body_that_is_packed_as_its_header_says_is_unpacked(imported, pack):
    coding = "br" if pack is brotli.compress else "gzip"
    counts, (article,) = imported(
        "a.warc.gz", warc([record(1, pack(page(1)), headers=[*HTML, ("Content-Encoding", coding)])])[0]
    )
    assert counts == {"read": 1, "kept": 1}
    assert article["clean_outcome"] == "cleaned"


def test_a_media_type_that_stands_twice_in_a_header_is_one(imported):
    assert imported("a.warc.gz", warc([record(1, headers=[("Content-Type", "text/html, text/html")])])[0])[0] == {
        "read": 1,
        "kept": 1,
    }


def test_texts_drawn_from_pages_are_counted_and_not_read(imported):
    counts, _ = imported("a.warc.gz", warc([record(1, kind="conversion"), record(2, kind="metadata")])[0])
    assert counts == {"read": 1, "not_html": 1, "other_record": 1}


@pytest.mark.parametrize("name", ["a.warc.gz", "a.warc", "a.jsonl", "a.jsonl.gz"])
def test_an_empty_file_is_named(imported, name):
    assert imported(name, b"")[0] == {"read": 1, "broken": 1}


@pytest.mark.parametrize("address", ["HTTPS://Mail.Example/a b", "<https://mail.example/a b>", "https://mail.example/a%20b#c"])
def test_an_address_is_read_however_it_is_spelled(imported, address):
    counts, (article,) = imported("a.warc.gz", warc([record(1, address=address)])[0])
    assert counts == {"read": 1, "kept": 1}
    assert article["url"] == "https://mail.example/a%20b"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2022-04-11T12:00:00Z", "2022-04-11T12:00:00+00:00"),
        ("2022-04-11T12:00:00.123456789Z", "2022-04-11T12:00:00.123456+00:00"),
        ("2022-04-11T15:00:00+03:00", "2022-04-11T12:00:00+00:00"),
        ("20220411120000", "2022-04-11T12:00:00+00:00"),
        ("Mon, 11 Apr 2022 12:00:00 GMT", "2022-04-11T12:00:00+00:00"),
        ("2022-04-11", "2022-04-11T00:00:00+00:00"),
        ("11/04/2022", None),
        ("20221341120000", None),
        ("", None),
        (None, None),
    ],
)
def test_instants_are_read_in_the_forms_of_archives(written, read):
    found = instant(written)
    assert (found and found.isoformat()) == read


def test_a_page_from_a_clock_that_is_ahead_was_captured_when_it_was_imported_at_the_latest(imported):
    _, (article,) = imported("a.warc.gz", warc([record(1, WARC_Date="2035-01-01T00:00:00Z")])[0])
    assert article["captured_at"] == BEGUN


# -- tables of texts -----------------------------------------------------------------------------------------------------------

TOLD = "Three soldiers were killed near Homs on Friday when gunmen attacked a checkpoint, the army said."
AT = "https://mail.example/a"


@pytest.mark.parametrize(
    "row",
    [
        {"link": AT, "title": {"rendered": "Report"}, "content": {"rendered": f"<p>{TOLD}</p>"}, "date": "2022-04-09T10:00:00"},
        {"URL": AT, "Headline": "Report", "Article Body": TOLD, "Published At": "2022-04-09"},
        {"url": AT, "headline": {"main": "Report"}, "articleBody": TOLD, "datePublished": "2022-04-09T10:00:00Z"},
        {"url": AT, "title": ["Report"], "body": f"<div><p>{TOLD}</p><br></div>", "pub_date": 20220409, "html": None},
        {"url": AT, "title": "Report", "text": [TOLD[:39], TOLD[40:]], "date": {"$date": {"$numberLong": "1649498400000"}}},
        {"url": AT, "title": "Report", "text": TOLD, "date": "1649498400"},
        {"url": AT, "title": "Report", "text": TOLD, "date": 1649498400000000},
        {"url": AT, "title": "Report", "text": TOLD, "date": "Sat, 09 Apr 2022 10:00:00 GMT"},
    ],
)
def test_rows_of_newsrooms_are_read_as_they_are_meant(imported, row):
    counts, (article,) = imported("a.jsonl", json.dumps(row).encode())
    assert counts == {"read": 1, "kept": 1}
    assert (article["title"], str(article["published_on"])) == ("Report", "2022-04-09")
    assert " ".join(article["text"].split()) == TOLD


def test_a_row_that_nests_without_end_holds_no_text(imported):
    nested = '{"rendered":' * 400 + '"killed"' + "}" * 400
    assert imported("a.jsonl", f'{{"url": "{AT}", "text": {nested}}}'.encode())[0] == {"read": 1, "empty": 1}


@pytest.mark.parametrize(
    ("by", "encoding", "ends", "name"),
    [
        (",", "utf-8", "\n", "a.csv"),
        (";", "utf-8-sig", "\r\n", "a.csv"),
        ("\t", "utf-16", "\r\n", "a.tsv"),
        (",", "utf-8", "\n", "a.csv.gz"),
    ],
)
def test_tables_in_csv_are_read_as_spreadsheets_write_them(imported, by, encoding, ends, name):
    told = f'{TOLD[:39]}{ends}{TOLD[40:]}, said ""the army"" \u2013 again'
    rows = ["URL", "Title", "Text", "Date"], [AT, "Report", f'"{told}"', "2022-04-09"], ["", "", "", ""]
    written = (ends.join(by.join(row) for row in rows) + ends).encode(encoding)
    counts, (article,) = imported(name, gzip.compress(written) if name.endswith("gz") else written)
    assert counts == {"read": 2, "kept": 1, "empty": 1}
    assert (article["url"], article["title"], str(article["published_on"])) == (AT, "Report", "2022-04-09")
    assert article["text"].startswith(TOLD[:39]) and 'said "the army" \u2013 again' in article["text"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.csv", b"file,url\na.html,https://mail.example\n", "no column holds texts"),
        ("a.csv.gz", b"text\n", "cannot be unpacked"),
        ("a.json", b"[]", "jq -c"),
        ("a.html", b"<p>", "folder that the page is in"),
        ("a.arc.gz", b"", "warcio recompress"),
        ("a.warc.wet.gz", b"", "hold no pages"),
        ("a.xlsx", b"", "Save the table as CSV"),
    ],
)
def test_what_is_read_in_another_form_only_is_told_so(imported, name, content, words):
    with pytest.raises(ArchiveError, match=words):
        imported(name, content)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("", "a path is empty"),
        ("nowhere/a.warc.gz", "from the folder in which this process runs"),
        (" /nowhere ", "there is no file or folder ' /nowhere '"),
        ("ftps4://host/a.warc.gz", "cannot be reached: Protocol not known"),
    ],
)
def test_a_path_that_leads_nowhere_says_where_it_was_looked_for(path, words):
    with pytest.raises(ArchiveError, match=words):
        find_files([path])


def test_a_table_in_an_old_code_page_is_named_and_not_guessed(imported):
    with pytest.raises(ArchiveError, match="CSV UTF-8"):
        imported("a.csv", "url;text;Titel \u00fc\n".encode("latin-1"))


def test_a_table_that_cannot_be_read_to_its_end_gives_what_comes_before(imported):
    torn = f'url,text\n{AT},"{TOLD}"\n{AT}2,"{TOLD} and no end'.encode()
    assert imported("a.csv", torn)[0] == {"read": 2, "kept": 1, "broken": 1}


# -- folders of pages ----------------------------------------------------------------------------------------------------------


def saved(root, **files: bytes):
    """A folder with some files, by their paths in it."""
    for name, content in files.items():
        path = root / "saved" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return root / "saved"


BY_BROWSER = b"<!-- saved from url=(0022)https://mail.example/1 -->\r\n"
BY_SINGLEFILE = (
    b"<!--\n Page saved with SingleFile \n url: https://mail.example/1 \n"
    b" saved date: Mon Apr 11 2022 14:00:00 GMT+0200 (Central European Summer Time)\n-->"
)
BY_HTTRACK = b"<!-- Mirrored from mail.example/1 by HTTrack Website Copier/3.x [XR&CO], Mon, 11 Apr 2022 12:00:00 GMT -->"
STATED = b'<link rel="canonical" href="https://mail.example/1">'


@pytest.mark.parametrize(
    ("comment", "at"),
    [(BY_BROWSER, None), (BY_SINGLEFILE, "2022-04-11T12"), (BY_HTTRACK, "2022-04-11T12"), (STATED, None)],
)
def test_a_saved_page_is_of_the_outlet_from_which_it_was_saved(imported, tmp_path, comment, at):
    counts, (article,) = imported(saved(tmp_path, **{"a.html": comment + page(1)}))
    assert counts == {"read": 1, "kept": 1}
    assert (article["url"], article["source"]) == ("https://mail.example/1", "mail.example")
    assert at is None or article["captured_at"].isoformat().startswith(at)


def test_what_a_browser_saved_beside_a_page_is_not_read(imported, tmp_path):
    frames = {f"Report{end}/frame.html": page(2) for end in ("_files", ".files", "-Dateien", "_files/deeper")}
    other = {"news_files/3.html": page(3)}
    assert imported(saved(tmp_path, **{"Report.html": page(1)} | frames | other))[0] == {"read": 2, "kept": 2}


def test_pages_in_a_mirror_of_a_site_have_the_addresses_of_the_site(imported, tmp_path):
    files = {
        "www.example.org/2022/04/index.html": page(1),
        "www.example.org/index.html?p=2.html": page(2),
        "www.example.org/show.php@id=3": page(3),
        "www.example.org/2022/04/four": page(4),
        "www.example.org/LICENSE": b"killed",
        "www.example.org/five.html": page(5),
        "notes/six.html": page(6),
    }
    counts, articles = imported(saved(tmp_path, **files))
    assert counts == {"read": 7, "kept": 6, "not_html": 1}
    assert {a["url"] for a in articles if a["source"] == "example.org"} == {
        "https://www.example.org/2022/04",
        "https://www.example.org/?p=2",
        "https://www.example.org/show.php?id=3",
        "https://www.example.org/2022/04/four",
        "https://www.example.org/five.html",
    }


@pytest.mark.parametrize(
    "name", ["a/b.html", "old.pages/a.html", "example.org", "1.2/a.html", "www.example.org", "../x.org/a.html"]
)
def test_a_folder_that_is_named_after_no_host_is_no_mirror(name):
    assert mirrored(name) is None


@pytest.mark.parametrize(
    ("name", "manifest"),
    [
        ("manifest.csv", "\ufefffile;URL;Captured At\r\npages\\\u00fc.html;https://mail.example/1;20220411120000\r\n"),
        ("manifest.csv", "file,url,timestamp\npages/u\u0308.html,https://mail.example/1,1649678400\n"),
        ("manifest.jsonl", '{"file": "./pages/\u00fc.html", "url": "https://mail.example/1", "timestamp": 20220411120000}'),
    ],
)
def test_a_manifest_is_read_as_people_write_it(imported, tmp_path, name, manifest):
    folder = saved(tmp_path, **{"pages/\u00fc.html": page(1), name: manifest.encode()})
    _, (article,) = imported(folder)
    assert (article["url"], article["captured_at"].isoformat()) == ("https://mail.example/1", "2022-04-11T12:00:00+00:00")


def test_a_manifest_that_names_none_of_the_pages_says_so(imported, tmp_path):
    folder = saved(tmp_path, **{"pages/a.html": page(1), "manifest.csv": b"file,url\na.html,https://mail.example/1\n"})
    with pytest.raises(ArchiveError, match="relative to the folder"):
        imported(folder)
