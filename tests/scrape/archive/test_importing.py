import json
import os
import re
from datetime import UTC, datetime
from pathlib import Path

import brotli
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from include.clean.batch import clean_batch
from include.clean.batch import pending as to_clean
from include.datasets.catalogue import ARTICLES, DOCUMENTS
from include.datasets.lake import Lake
from include.scrape.archive import gate, importing
from include.scrape.archive.importing import Progress, Sites, import_shard, start
from include.scrape.archive.shards import ArchiveError
from include.scrape.sources import load_sources
from tests.scrape.archive.archives import HTML, page, record, url, warc

BEGUN = datetime(2022, 5, 1, 8, tzinfo=UTC)
QUIET = "The council agreed on a new timetable for the buses of the town."


@pytest.fixture
def lake(tmp_path) -> Lake:
    return Lake(tmp_path / "lake")


@pytest.fixture
def archive(tmp_path) -> Path:
    """A WARC file of 12 pages; of every four one is worth cleaning."""
    records = [record(n, page(n) if n % 4 == 0 else page(n, QUIET)) for n in range(12)]
    path = tmp_path / "news.warc.gz"
    path.write_bytes(warc(records)[0])
    return path


def do(lake: Lake, *paths: Path, **options) -> dict:
    """Import some paths whole, and return the counts."""
    begun = start(lake, [str(p) for p in paths], now=BEGUN, **options)
    for number in Progress(lake, begun).left:
        import_shard(lake, begun["id"], number, {})
    return Progress(lake, begun).counts


def documents(lake: Lake) -> list[dict]:
    return lake.read(DOCUMENTS).sort_by("url").to_pylist()


def articles(lake: Lake) -> list[dict]:
    for path in to_clean(lake):
        clean_batch(lake, path)
    return lake.read(ARTICLES).sort_by("url").to_pylist()


def contents(lake: Lake) -> dict[str, str]:
    """The hash of every file of the lake, those that readers do not see too."""
    paths = [p for p in Path(lake.root).rglob("*") if p.is_file()]
    return {str(p.relative_to(lake.root)): lake.sha256(str(p.relative_to(lake.root))) for p in paths}


def test_the_pages_that_pass_become_documents_and_the_others_are_counted(lake, archive):
    assert do(lake, archive) == {"read": 12, "kept": 3, "gated_out": 9}
    assert [d["url"] for d in documents(lake)] == [url(0), url(4), url(8)]


def test_without_the_gate_every_page_is_kept(lake, archive):
    assert do(lake, archive, gated=False) == {"read": 12, "kept": 12}


def test_a_document_says_when_it_was_captured_and_when_it_came_into_the_lake(lake, archive):
    do(lake, archive)
    row = documents(lake)[1]
    assert (row["fetched_at"], row["recorded_at"], row["via"]) == (
        datetime(2022, 4, 11, 12, 0, 4, tzinfo=UTC),
        BEGUN,
        "archive",
    )
    assert (row["fetch_date"], row["source"], row["site"]) == ("2022-05-01", "archive", "mail.example")


def test_an_imported_page_is_cleaned_like_any_other_and_keeps_both_times(lake, archive):
    do(lake, archive)
    found = articles(lake)
    assert [(a["clean_outcome"], a["source"], a["via"], a["recorded_at"]) for a in found] == [
        ("cleaned", "mail.example", "archive", BEGUN)
    ] * 3
    assert "Three soldiers were killed" in found[0]["text"]
    assert found[0]["captured_at"] == datetime(2022, 4, 11, 12, tzinfo=UTC)


def test_what_is_no_page_is_counted_by_reason(lake, tmp_path):
    records = [
        record(0),
        record(1, status="404 Not Found"),
        record(2, headers=[("Content-Type", "image/png")]),
        record(3, b"  "),
        record(0),
        record(5, kind="request", body=b"GET / HTTP/1.1\r\n\r\n"),
        record(6, b"\x1f\x8bkilled", headers=[*HTML, ("Content-Encoding", "gzip")]),
    ]
    path = tmp_path / "x.warc.gz"
    path.write_bytes(warc(records)[0])
    assert do(lake, path) == {
        "read": 6, "kept": 1, "duplicate": 1, "not_html": 1, "status": 1, "empty": 1, "broken": 1, "other_record": 1,
    }  # fmt: skip


def test_a_page_that_a_browser_saved_in_brotli_is_imported_and_cleaned(lake, tmp_path):
    saved = record(1, brotli.compress(page(1)), headers=[*HTML, ("Content-Encoding", "br")])
    torn = record(2, brotli.compress(page(2))[:-9], headers=[*HTML, ("Content-Encoding", "br")])
    (tmp_path / "x.warc.gz").write_bytes(warc([saved, torn])[0])
    assert do(lake, tmp_path / "x.warc.gz") == {"read": 2, "kept": 1, "broken": 1}
    assert "Three soldiers were killed" in articles(lake)[0]["text"]


def test_a_damaged_record_is_named_in_the_record_of_its_shard(lake, tmp_path):
    data, offsets = warc([record(n) for n in range(4)])
    damaged = bytearray(data)
    damaged[offsets[2] + 50] ^= 0x55
    (tmp_path / "x.warc.gz").write_bytes(damaged)
    begun = start(lake, [str(tmp_path / "x.warc.gz")], now=BEGUN)
    (named,) = import_shard(lake, begun["id"], 0, {})["broken"]
    assert named.startswith(f"x.warc.gz, byte {offsets[2]:,}: the record cannot be read")


def test_shards_share_the_work_and_give_the_same_documents(lake, archive, tmp_path):
    do(lake, archive)
    cut_up = Lake(tmp_path / "cut")
    begun = start(cut_up, [str(archive)], now=BEGUN, shard_bytes=archive.stat().st_size // 4)
    assert len(begun["shards"]) == 5
    for number in reversed(Progress(cut_up, begun).left):
        import_shard(cut_up, begun["id"], number, {})
    done = Progress(cut_up, begun)
    assert (done.share, done.counts) == (1.0, {"read": 12, "kept": 3, "gated_out": 9})
    ids = "document_id", "url", "sha256", "fetched_at", "recorded_at"
    assert [[d[i] for i in ids] for d in documents(cut_up)] == [[d[i] for i in ids] for d in documents(lake)]


def test_an_import_is_the_same_wherever_its_files_lie(lake, archive, tmp_path):
    first = start(lake, [str(archive)], now=BEGUN)
    moved = archive.rename(tmp_path / "elsewhere" / archive.name) if (tmp_path / "elsewhere").mkdir() is None else None
    later = start(lake, [str(moved)], now=datetime(2022, 6, 1, tzinfo=UTC))
    assert (later["id"], later["started_at"]) == (first["id"], first["started_at"])
    assert later["files"][0]["path"] != first["files"][0]["path"]


def test_an_import_that_is_done_is_not_done_again(lake, archive):
    do(lake, archive)
    before = contents(lake)
    assert do(lake, archive) == {"read": 12, "kept": 3, "gated_out": 9}
    assert contents(lake) == before


def test_a_later_gate_adds_what_the_earlier_one_left(lake, archive, monkeypatch):
    do(lake, archive)
    monkeypatch.setattr(gate, "version", lambda: "later")
    assert do(lake, archive) == {"read": 12, "gated_out": 9, "duplicate": 3}
    assert do(lake, archive, gated=False) == {"read": 12, "kept": 9, "duplicate": 3}
    assert len({d["document_id"] for d in documents(lake)}) == len(documents(lake)) == 12


def test_a_source_that_can_be_none_is_refused(lake, archive):
    with pytest.raises(ArchiveError, match="lower-case letters"):
        start(lake, [str(archive)], now=BEGUN, source="../../x")


def test_an_import_goes_on_behind_its_last_whole_batch(lake, archive, monkeypatch):
    monkeypatch.setattr(importing, "READ_PER_BATCH", 5)
    begun = start(lake, [str(archive)], now=BEGUN)
    with pytest.raises(KeyboardInterrupt):
        import_shard(lake, begun["id"], 0, {}, tell=interrupt)
    assert Progress(lake, begun).counts["read"] == 5
    import_shard(lake, begun["id"], 0, {})
    assert Progress(lake, begun).counts == {"read": 12, "kept": 3, "gated_out": 9}
    assert len(documents(lake)) == 3


def interrupt(counts) -> None:
    raise KeyboardInterrupt


def test_the_site_of_a_page_is_that_of_its_source(tmp_path):
    (tmp_path / "sources.yaml").write_text(
        "sources:\n- {id: mail, outlet: The Mail, kind: newspaper, languages: [en], base_url: 'https://www.mail.example', "
        "listing: {feed: /feed}}\n"
    )
    sources = load_sources(tmp_path / "sources.yaml")
    assert Sites(sources, None).of("https://news.mail.example/1") == ("mail", "The Mail")
    assert Sites(sources, None).of("https://www.other.example/1") == ("other.example", "other.example")
    assert Sites(sources, "given").of("https://www.other.example/1") == ("given", "other.example")
    assert Sites(sources, None).of("file:///1.html") == ("archive", None)


# -- folders and tables ---------------------------------------------------------------------------------------------------


def test_a_folder_of_pages_with_a_manifest(lake, tmp_path):
    folder = tmp_path / "saved"
    (folder / "deep").mkdir(parents=True)
    (folder / "a.html").write_bytes(page(1))
    (folder / "deep" / "b.htm").write_bytes(page(2))
    (folder / "manifest.csv").write_text("file,url,captured_at\na.html,https://mail.example/1,2022-04-12T10:00:00+03:00\n")
    assert do(lake, folder) == {"read": 2, "kept": 2}
    assert [(d["url"], d["http_status"]) for d in documents(lake)] == [
        ("file:///deep/b.htm", None),
        ("https://mail.example/1", None),
    ]
    assert documents(lake)[1]["fetched_at"] == datetime(2022, 4, 12, 7, tzinfo=UTC)
    assert [a["clean_outcome"] for a in articles(lake)] == ["cleaned"] * 2


def test_a_saved_page_that_states_its_address_is_known_by_it(lake, tmp_path):
    (tmp_path / "saved").mkdir()
    stated = page(1).replace(b"</title>", b'</title><link href="https://mail.example/a?x=1&amp;y=2" rel="canonical">')
    (tmp_path / "saved" / "a.html").write_bytes(stated)
    do(lake, tmp_path / "saved", source="mail")
    assert [(d["url"], d["site"], d["source"]) for d in documents(lake)] == [("https://mail.example/a?x=1&y=2", "mail", "mail")]


ROWS = [
    {"link": "https://mail.example/1", "maintext": "Four people were killed in Homs on Monday.", "date_publish": "2022-04-11"},
    {"link": "https://mail.example/2", "maintext": QUIET, "title": "Buses"},
    {"maintext": "Two were killed.", "title": "Two killed in Idlib", "date_publish": "2022-04-12"},
    {"link": "https://mail.example/4", "maintext": None},
]


def texts_of(lake: Lake) -> list[tuple]:
    return [(a["url"].rsplit("/", 1)[-1], a["title"], a["text"], str(a["published_on"])) for a in articles(lake)]


WANTED = [
    ("Four people were killed in Homs on Monday.", "2022-04-11"),
    ("Two were killed.", "2022-04-12"),
]


@pytest.mark.parametrize("end", [".jsonl", ".jsonl.gz"])
def test_texts_in_json_lines_become_articles(lake, tmp_path, end):
    import gzip

    lines = "".join(json.dumps(row) + "\n" for row in ROWS) + '{"torn": \n'
    path = tmp_path / f"news{end}"
    path.write_bytes(gzip.compress(lines.encode()) if end.endswith("gz") else lines.encode())
    assert do(lake, path) == {"read": 5, "kept": 2, "gated_out": 1, "empty": 1, "broken": 1}
    assert sorted((text, day) for _, _, text, day in texts_of(lake)) == WANTED


@pytest.mark.parametrize(
    ("written", "day"),
    [("2022-04-11T10:00:00+03:00", "2022-04-11"), (1649671200, "2022-04-11"), (1649671200000, "2022-04-11"), (-5, "None")],
)
def test_times_in_tables_are_read_as_they_are_written(lake, tmp_path, written, day):
    row = {
        "url": "https://mail.example/1",
        "text": "Four people were killed in Homs.",
        "published": written,
        "title": "A\ud800 \n b",
    }
    (tmp_path / "news.jsonl").write_text(json.dumps(row), encoding="utf-8")
    do(lake, tmp_path / "news.jsonl")
    (found,) = articles(lake)
    assert (str(found["published_on"]), found["title"]) == (day, "A? b")


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "urn:text:https://mail.example/1", "https://me:secret@mail.example/1", ""]
)
def test_what_is_no_address_of_a_page_is_not_taken(lake, tmp_path, address):
    (tmp_path / "news.jsonl").write_text(json.dumps({"url": address, "text": "Four people were killed in Homs."}))
    counts = do(lake, tmp_path / "news.jsonl")
    assert counts.get("no_address", 0) == (1 if address else 0)
    assert not address or len(documents(lake)) == 0


def test_an_import_that_found_the_disk_full_goes_on_when_there_is_room(lake, archive, monkeypatch):
    begun = start(lake, [str(archive)], now=BEGUN)
    full = OSError(28, "No space left on device")
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(full))
        with pytest.raises(OSError, match="No space"):
            import_shard(lake, begun["id"], 0, {})
    assert documents(lake) == []
    assert do(lake, archive)["kept"] == len(documents(lake)) == 3


def test_each_line_belongs_to_the_shard_in_which_it_begins(lake, tmp_path):
    path = tmp_path / "news.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in ROWS), encoding="utf-8")
    for size in range(1, path.stat().st_size, 37):
        begun = start(lake, [str(path)], now=BEGUN, shard_bytes=size)
        found = [import_shard(lake, begun["id"], number, {})["counts"] for number in Progress(lake, begun).left][:]
        assert sum(counts["read"] for counts in found) == len(ROWS)


def test_texts_in_parquet_become_articles(lake, tmp_path):
    pq.write_table(pa.Table.from_pylist(ROWS), tmp_path / "news.parquet", row_group_size=2)
    assert do(lake, tmp_path / "news.parquet", shard_bytes=1) == {"read": 4, "kept": 2, "gated_out": 1, "empty": 1}
    assert sorted((text, day) for _, _, text, day in texts_of(lake)) == WANTED


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("gone.warc.gz", None, "there is no file or folder"),
        ("news.pdf", b"x", "known are .warc,"),
        ("news.wacz", b"x", "not a WACZ archive"),
        ("news.parquet", b"x", "Parquet"),
        ("empty/", None, "holds no page"),
    ],
)
def test_what_cannot_be_imported_says_why(lake, tmp_path, name, content, words):
    path = tmp_path / name
    if name.endswith("/"):
        path.mkdir()
    elif content is not None:
        path.write_bytes(content)
    with pytest.raises(ArchiveError, match=words):
        start(lake, [str(path)], now=BEGUN)


def test_a_manifest_without_files_says_so(lake, tmp_path):
    (tmp_path / "a.html").write_bytes(page(1))
    (tmp_path / "manifest.csv").write_text("url\nhttps://mail.example/1\n")
    with pytest.raises(ArchiveError, match="name no file"):
        start(lake, [str(tmp_path)], now=BEGUN)


def test_an_import_that_nobody_began_is_told(lake):
    with pytest.raises(ArchiveError, match="start one with"):
        import_shard(lake, "import-0", 0, {})


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("https://www.Mail.Example/1", "mail.example"),
        ("http://mail.example:8080/1", "mail.example:8080"),
        ("https://b\u00fccher.example/1", "xn--bcher-kva.example"),
        ("http://[2001:db8::1]/", "2001:db8::1"),
        ("http://<img src=x onerror=alert(1)>/1", "archive"),
        ("http://..%2f..%2fetc/passwd", "archive"),
        ("http://../../etc/passwd", "archive"),
        ("http://a\x1b[31m.example/", "archive"),
        ("http://[a](javascript:alert(1))/", "archive"),
        ("http://" + "a" * 300 + ".example/", "archive"),
        ("javascript:alert(1)", "archive"),
    ],
)
def test_the_id_of_a_site_is_a_name_of_a_host_whatever_an_address_holds(address, site):
    assert Sites({}, None).of(address)[0] == site
    assert Sites({}, "saved").of(address)[0] == "saved"


def test_no_page_is_taken_whose_address_has_no_host(lake, tmp_path):
    rows = [
        {"url": address, "text": page(1).decode()}
        for address in ("http://<img src=x onerror=alert(1)>/1", "javascript:alert(1)")
    ]
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    assert do(lake, tmp_path / "rows.jsonl") == {"read": 2, "no_address": 2}


def test_the_name_of_an_archive_is_text_wherever_it_is_shown(lake, tmp_path):
    name = "<img src=x onerror=alert(1)> [a](javascript:alert(1)) ..\u2215.. .warc"
    (tmp_path / name).write_bytes(record(1)[:-20])
    begun = start(lake, [str(tmp_path / name)], now=BEGUN)
    assert import_shard(lake, begun["id"], 0, {})["broken"][0].startswith(f"{name}, byte 0: ")
    files = [path.relative_to(lake.root) for path in Path(lake.root).rglob("*")]
    assert all(re.fullmatch(r"[a-z0-9_=.-]+", part) for path in files for part in path.parts)


@pytest.mark.parametrize("name", ["a\x1b[2J.warc", "a\nb.warc", "a\u202egpj.warc", b"\xff\xfe.warc"])
def test_an_archive_whose_name_cannot_be_shown_is_refused(lake, tmp_path, name):
    path = os.path.join(os.fsencode(tmp_path), name if isinstance(name, bytes) else name.encode())
    with open(path, "wb") as out:
        out.write(record(1))
    with pytest.raises(ArchiveError, match="is no name that can be shown") as caught:
        start(lake, [os.fsdecode(path)], now=BEGUN)
    assert "\x1b" not in str(caught.value)
