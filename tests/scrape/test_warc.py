import gzip
import hashlib
from pathlib import Path

import pytest
from warcio.archiveiterator import ArchiveIterator

from include.datasets.lake import Lake
from include.scrape.archive.importing import Progress, import_shard, start
from include.scrape.fetch import Response
from include.scrape.warc import EvidenceError, Stored, open_warc, read_body
from tests.scrape.archive import archives
from tests.scrape.hostile import HostileServer, page
from tests.scrape.other_tools import types_read_elsewhere
from tests.scrape.outlet import NOW, outlet

PATH = "warc/fetch_date=2022-04-11/source=herald/batch-1.warc.gz"
HTML = "<html><p>مقتل جنديين</p></html>".encode("windows-1256")


def response(
    body: bytes = HTML, *headers: tuple[bytes, bytes], url: str = "https://herald.example/a", status: int = 200
) -> Response:
    fields = headers or ((b"Content-Type", b"text/html; charset=windows-1256"),)
    return Response(
        url=url,
        status=status,
        reason=b"OK",
        http_version=b"HTTP/1.1",
        headers=fields,
        body=body,
        head=body,
        decoded_size=len(body),
    )


def store(lake: Lake, *responses: Response) -> list[Stored]:
    with open_warc(lake, PATH) as warc:
        warc.describe("batch-1", NOW, {"software": "Badia", "isPartOf": "manual__2022-04-11"})
        return [warc.add(each, f"{each.url} {i}", NOW) for i, each in enumerate(responses)]


def test_a_page_comes_back_by_its_offset(lake: Lake):
    pages = [response(HTML), response(b"second", url="https://herald.example/b", status=203), response(b"%PDF-1.7\x00\xff")]
    stored = store(lake, *pages)
    for sent, where in zip(pages, stored, strict=True):
        captured = read_body(lake, PATH, where.offset, where.sha256)
        assert (captured.body, captured.url, captured.http_status) == (sent.body, sent.url, sent.status)
        assert captured.content_type == "text/html; charset=windows-1256"
        assert where.sha256 == hashlib.sha256(sent.body).hexdigest()


def test_the_record_holds_status_line_headers_and_coded_body_as_received(lake: Lake):
    body = gzip.compress(HTML, mtime=0)
    headers = (
        (b"SERVER", b"old"),
        (b"X-Name", "Désert".encode("latin-1")),
        (b"X-Name", "صحراء".encode()),
        (b"Content-Encoding", b"gzip"),
        (b"Transfer-Encoding", b"chunked"),
    )
    (where,) = store(lake, response(body, *headers))
    with lake.open(PATH) as file:
        file.seek(where.offset)
        record = gzip.decompress(file.read())
    head, _, rest = record.partition(b"\r\n\r\n")
    block, _, kept = rest.partition(b"\r\n\r\n")
    assert block.split(b"\r\n") == [
        b"HTTP/1.1 200 OK",
        b"SERVER: old",
        b"X-Name: D\xe9sert",
        b"X-Name: " + "صحراء".encode(),
        b"Content-Encoding: gzip",
        b"X-Archive-Orig-Transfer-Encoding: chunked",  # the chunk framing is undone, so no reader may look for it
    ]
    assert kept == body + b"\r\n\r\n"
    assert f"WARC-Payload-Digest: sha256:{hashlib.sha256(body).hexdigest()}".encode() in head
    assert read_body(lake, PATH, where.offset).body == HTML


def test_the_same_captures_are_the_same_bytes(tmp_path):
    files = []
    for name in ("one", "two"):
        lake = Lake(tmp_path / name)
        store(lake, response(), response(b"second"))
        files.append(lake.open(PATH).read())
    assert files[0] == files[1]


def test_other_tools_read_the_file(lake: Lake):
    store(lake, response(), response(b"second", url="https://herald.example/b"))
    with lake.open(PATH) as file:
        found = [
            (r.rec_type, r.rec_headers.get_header("WARC-Target-URI"), r.content_stream().read()) for r in ArchiveIterator(file)
        ]
    assert [f[:2] for f in found] == [
        ("warcinfo", None),
        ("response", "https://herald.example/a"),
        ("response", "https://herald.example/b"),
    ]
    assert types_read_elsewhere(Path(lake.full(PATH))) == [f[0] for f in found]


def test_other_tools_read_what_a_scrape_writes(server: HostileServer, scrape, lake: Lake):
    server.resources["/a"] = page(gzip.compress(HTML, mtime=0), Content_Encoding="gzip")
    server.resources["/b"] = lambda h: h.raw(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n<p>\r\n5\r\nwords\r\n0\r\n\r\n"
    )
    scrape(outlet(server.feed("/a", "/b")))
    (path,) = Path(lake.root).rglob("*.warc.gz")
    assert types_read_elsewhere(path) == ["warcinfo", "response", "response"]


def test_other_tools_read_what_an_import_writes(lake: Lake, tmp_path: Path):
    chunked = archives.record(2, b"5\r\nwords\r\n0\r\n\r\n", headers=[*archives.HTML, ("Transfer-Encoding", "chunked")])
    (tmp_path / "news.warc.gz").write_bytes(archives.warc([archives.record(1), chunked])[0])
    (tmp_path / "saved").mkdir()
    (tmp_path / "saved" / "page.html").write_bytes(
        archives.page(3).replace(b"<title>", b"<link rel=canonical href='https://m.example/3'><title>")
    )
    begun = start(lake, [str(tmp_path / "news.warc.gz"), str(tmp_path / "saved")], now=NOW, gated=False)
    for number in Progress(lake, begun).left:
        import_shard(lake, begun["id"], number, {})
    found = [types_read_elsewhere(path) for path in Path(lake.root).rglob("*.warc.gz")]
    assert sorted(found) == [["warcinfo", "resource"], ["warcinfo", "response", "response"]]


def test_a_file_is_not_there_before_it_is_whole(lake: Lake):
    with pytest.raises(KeyboardInterrupt), open_warc(lake, PATH) as warc:
        warc.add(response(), "a", NOW)
        assert not lake.exists(PATH)
        raise KeyboardInterrupt
    assert not lake.exists(PATH)


def test_a_changed_body_is_not_handed_out(lake: Lake):
    (where,) = store(lake, response())
    with pytest.raises(EvidenceError, match="the documents dataset says 00"):
        read_body(lake, PATH, where.offset, "00" * 32)
    with lake.open(PATH) as file:
        whole = file.read()
    record = gzip.decompress(whole[where.offset :]).replace(HTML, HTML[:-1] + b"!")
    with lake.open_atomic(PATH) as out:
        out.write(whole[: where.offset] + gzip.compress(record))
    with pytest.raises(EvidenceError, match="its record says"):
        read_body(lake, PATH, where.offset)


def test_a_file_cut_anywhere_in_a_record_is_noticed(lake: Lake):
    _, where = store(lake, response(), response(bytes(range(256)) * 4))
    with lake.open(PATH) as file:
        whole = file.read()
    for end in range(where.offset, len(whole) - 30, 37):
        with lake.open_atomic(PATH) as out:
            out.write(whole[:end])
        with pytest.raises(EvidenceError):
            read_body(lake, PATH, where.offset, where.sha256)


def test_a_torn_record_of_another_program_is_noticed_without_a_hash(lake: Lake):
    with lake.open_atomic("foreign.warc") as out:
        out.write(
            b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://herald.example/a\r\n"
            b"Content-Type: application/http; msgtype=response\r\nContent-Length: 43\r\n\r\n"
            b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel"
        )
    with pytest.raises(EvidenceError, match="torn, 2 bytes of it are missing"):
        read_body(lake, "foreign.warc", 0)


@pytest.mark.parametrize("damage", range(0, 500, 41))
def test_flipped_bytes_give_the_page_or_the_named_error(lake: Lake, damage: int):
    (where,) = store(lake, response())
    with lake.open(PATH) as file:
        whole = bytearray(file.read())
    whole[min(where.offset + damage, len(whole) - 1)] ^= 0x55
    with lake.open_atomic(PATH) as out:
        out.write(whole)
    try:
        assert read_body(lake, PATH, where.offset, where.sha256).body == HTML
    except EvidenceError as error:
        assert PATH in str(error)


@pytest.mark.parametrize(("path", "offset"), [(PATH, 0), (PATH, 5), (PATH, 10**9), ("warc/nowhere.warc.gz", 0)])
def test_a_place_without_a_response_is_named(lake: Lake, path: str, offset: int):
    store(lake, response())
    with pytest.raises(EvidenceError, match=f"{path} at offset {offset}"):
        read_body(lake, path, offset)


def test_a_stored_bomb_is_refused_when_it_is_read(lake: Lake, monkeypatch):
    monkeypatch.setattr("include.scrape.warc.MAX_DECODED", 1024 * 1024)
    (where,) = store(lake, response(gzip.compress(bytes(4 * 1024 * 1024)), (b"Content-Encoding", b"gzip")))
    with pytest.raises(EvidenceError, match="more than 1,048,576 bytes"):
        read_body(lake, PATH, where.offset)


def test_an_object_store_works_like_a_folder():
    lake = Lake("memory://badia-warc-test")
    (where,) = store(lake, response())
    assert read_body(lake, PATH, where.offset, where.sha256).body == HTML
    lake.fs.rm(lake.root, recursive=True)  # the whole process shares this file system
