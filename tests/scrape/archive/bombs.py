"""Archives that are small on the disk and large to hold, for :mod:`tests.peak`: :func:`build` writes them into a folder, and
the cases import each into a lake.
"""

import gzip
import io
import json
import os
import shutil
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import brotli
import pyarrow as pa
import pyarrow.parquet as pq

from tests.scrape.archive.archives import page, record, zstd
from tests.scrape.hostile import packed

MB = 1_000_000
GB = 1000 * MB
MUCH = 300 * MB
KILLED = b"<html><p>Three soldiers were killed near Homs on Sunday, the army said. "
HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


def head(*fields: str) -> bytes:
    """The head of a WARC record with an answer."""
    first = ["WARC/1.1", "WARC-Type: response", "WARC-Target-URI: http://news.example/1", "WARC-Record-ID: <urn:uuid:1>"]
    return "\r\n".join([*first, "WARC-Date: 2022-04-11T12:00:00Z", *fields, "", ""]).encode()


def answer(body: bytes, *fields: str) -> bytes:
    """A record with an HTTP answer."""
    block = HTTP + "".join(f"{field}\r\n" for field in fields).encode() + b"\r\n" + body
    return head(f"Content-Length: {len(block)}") + block + b"\r\n\r\n"


def gz(piece: bytes) -> bytes:
    """A member, and behind it an honest record, which is to be read all the same."""
    return gzip.compress(piece, 1) + gzip.compress(record(7))


def zipped(size: int, before: bytes = b"", piece: bytes = bytes(MB)) -> bytes:
    """So many bytes, packed by gzip piece by piece, and behind them an honest record."""
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    out = [packer.compress(before)] + [packer.compress(piece) for _ in range(size // len(piece))]
    return b"".join(out) + packer.flush() + gzip.compress(record(7))


def frame(blocks: int, *, window_log: int | None = None, content: int | None = None) -> bytes:
    """A zstd frame with a record of many bytes, and what it says of its window and its content; before and behind it honest
    ones.
    """
    out = b"\x28\xb5\x2f\xfd" + bytes([(0xC0 if content is not None else 0) | (0x20 if window_log is None else 0)])
    if window_log is not None:
        out += bytes([(window_log - 10) << 3])
    if content is not None:
        out += struct.pack("<Q", content)
    size = 128 * 1024
    first = head(f"Content-Length: {blocks * size + len(HTTP) + 2}") + HTTP + b"\r\n"
    repeated = (size << 3 | 1 << 1).to_bytes(3, "little") + b"x"
    last = (size << 3 | 1 << 1 | 1).to_bytes(3, "little") + b"x"
    packed = out + (len(first) << 3).to_bytes(3, "little") + first + repeated * (blocks - 1) + last
    return zstd(record(1)) + packed + zstd(record(7))


def dictionary(declared: int, content: bytes = b"") -> bytes:
    """The frame with a dictionary at the beginning of a WARC file."""
    return b"\x5d\x2a\x4d\x18" + struct.pack("<I", declared) + content + zstd(record(7))


ADDRESS = b"WARC/1.1\r\nWARC-Type: response\r\nWARC-Target-URI: http://"
WARCS: dict[str, Callable[[], bytes]] = {
    "a head without end, packed.warc.gz": lambda: zipped(MUCH, b"WARC/1.1\r\nA: "),
    "fields without end, packed.warc.gz": lambda: zipped(MUCH, b"WARC/1.1\r\n", b"abc: def\r\n" * 100_000),
    "an address of 300 MB.warc.gz": lambda: zipped(MUCH, ADDRESS, b"a" * MB),
    "a length longer than the file.warc": lambda: head("Content-Length: 15000000") + HTTP + b"\r\n" + KILLED,
    "a length of 5,000 digits.warc": lambda: head("Content-Length: " + "9" * 5000) + HTTP + b"\r\n" + KILLED,
    "a length of 5,000 digits.warc.gz": lambda: gz(head("Content-Length: " + "9" * 5000) + KILLED),
    "a length below zero.warc.gz": lambda: gz(head("Content-Length: -5") + KILLED),
    "two lengths.warc.gz": lambda: gz(head("Content-Length: 5", "Content-Length: 99999999") + KILLED),
    "a record of 2 GB.warc.gz": lambda: zipped(2 * GB, head(f"Content-Length: {2 * GB}")),
    "a date before the first year.warc.gz": lambda: gz(
        answer(KILLED).replace(b"2022-04-11T12:00:00Z", b"0001-01-01T00:00:00+20:00")
    ),
    "a page of zeros.warc.gz": lambda: gz(answer(bytes(16 * MB))),
    "a page of words.warc.gz": lambda: gz(answer(KILLED * (16 * MB // len(KILLED)))),
    "a page of 4 MB of words.warc.gz": lambda: gz(answer(KILLED * (4 * MB // len(KILLED)))),
    "a page of tags.warc.gz": lambda: gz(answer(KILLED + b"<p>" * 1_300_000)),
    "a page of noise.warc.gz": lambda: gz(answer(os.urandom(16 * MB))),
    "a page of chunks.warc.gz": lambda: gz(answer(b"2\r\nxy\r\n" * 2_000_000 + b"0\r\n\r\n", "Transfer-Encoding: chunked")),
    "a page that is a bomb, gzip.warc.gz": lambda: gz(answer(packed(MUCH), "Content-Encoding: gzip")),
    "a page that is a bomb, Brotli.warc.gz": lambda: gz(
        answer(brotli.compress(bytes(200 * MB), quality=1), "Content-Encoding: br")
    ),
    "a page of 15 MB, packed.warc.gz": lambda: gz(answer(gzip.compress(KILLED * 200_000, 1), "Content-Encoding: gzip")),
    "a gzip header without end.warc.gz": lambda: b"\x1f\x8b\x08\x08\0\0\0\0\0\0" + b"x" * 40 * MB,
    "a window of 128 MB.warc.zst": lambda: frame(2000, window_log=27),
    "a window of 2 GB.warc.zst": lambda: frame(2000, window_log=31),
    "a window of 8 MB.warc.zst": lambda: frame(120, window_log=23),
    "a content of a petabyte.warc.zst": lambda: frame(2000, content=10**15),
    "a content of 120 MB in one segment.warc.zst": lambda: frame(900, content=120 * MB),
    "blocks of 4 GB.warc.zst": lambda: frame(30_000, window_log=20),
    "a dictionary of 4 GB.warc.zst": lambda: dictionary(2**32 - 1),
    "a dictionary of 50 MB.warc.zst": lambda: dictionary(50 * MB, bytes(50 * MB)),
    "a dictionary that is none.warc.zst": lambda: dictionary(8 * MB, bytes(8 * MB)),
}


def sparse(path: Path, size: int, before: bytes = b"") -> None:
    """A file of zeros that takes no room."""
    with path.open("wb") as out:
        out.write(before)
        out.truncate(size)


def wacz(path: Path, name: str, pieces: Iterable[bytes], method: int = zipfile.ZIP_DEFLATED) -> None:
    """A WACZ archive with one file."""
    with zipfile.ZipFile(path, "w", method) as archive, archive.open(name, "w", force_zip64=True) as out:
        for piece in pieces:
            out.write(piece)


def many_members(path: Path, number: int) -> None:
    """A ZIP archive with so many names in its directory, and no content."""
    entry = b"PK\1\2" + struct.pack("<6H3I5H2I", 20, 20, 0, 0, 0, 0, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0) + b"a.warc"
    end = b"PK\6\6" + struct.pack("<Q2H2I4Q", 44, 45, 45, 0, 0, number, number, number * len(entry), 0)
    locator = b"PK\6\7" + struct.pack("<IQI", 0, number * len(entry), 1)
    last = b"PK\5\6" + struct.pack("<4H2IH", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    path.write_bytes(entry * number + end + locator + last)


def patched(path: Path, at: int, new: bytes) -> None:
    """Put other bytes into a file; `at` counts from the directory of the ZIP file that it is."""
    content = bytearray(path.read_bytes())
    at += content.index(b"PK\1\2")
    content[at : at + len(new)] = new
    path.write_bytes(content)


def build_wacz(folder: Path) -> None:
    """WACZ archives."""
    warc, stored = "archive/data.warc", zipfile.ZIP_STORED
    wacz(folder / "compressed by ZIP.wacz", warc, (bytes(10 * MB) for _ in range(5)))
    wacz(folder / "a bomb in a bomb.wacz", warc + ".gz", [zipped(MUCH)])
    wacz(folder / "LZMA.wacz", warc, [record(7)], zipfile.ZIP_LZMA)
    many_members(folder / "200,000 members.wacz", 200_000)
    for name, at, new in (
        ("encrypted", 8, b"\1\0"),
        ("a member beyond the end", 42, struct.pack("<I", 2**31)),
        ("a member of 4 GB", 24, struct.pack("<I", 2**32 - 2)),
    ):
        wacz(folder / f"{name}.wacz", warc, [record(7)], stored)
        patched(folder / f"{name}.wacz", at, new)
    with zipfile.ZipFile(folder / "one in the other.wacz", "w") as archive:
        archive.writestr("a.warc", record(7))
        archive.writestr("b.warc", record(8))
    patched(folder / "one in the other.wacz", 24, struct.pack("<I", 1200))
    (folder / "no archive.wacz").write_bytes(b"PK\3\4" + bytes(MB))


def json_bombs() -> dict[str, Callable[[], bytes]]:
    """Tables of texts."""
    row = b"\n" + json.dumps({"url": "http://news.example/7", "text": page(7).decode()}).encode() + b"\n"
    text = json.dumps("Three soldiers were killed near Homs on Sunday. " * 20).encode()[1:-1]
    emoji = "\U0001f600".encode()
    return {
        "a line of 300 MB.jsonl.gz": lambda: gzip.compress(b'{"text": "' + text * (MUCH // len(text)) + b'"}' + row, 1),
        "lists in a line.jsonl": lambda: b'{"text": "a", "x": [' + b"[]," * 900_000 + b"[]]}" + row,
        "objects in a line.jsonl": lambda: b'{"text": "a", "x": [' + b'{"a":1},' * 300_000 + b"{}]}" + row,
        "words in a line.jsonl": lambda: b'{"text": "a", "x": [' + b'"ab",' * 500_000 + b'""]}' + row,
        "names in a line.jsonl": lambda: b"{" + b",".join(b'"%d":1' % i for i in range(250_000)) + b"}" + row,
        "lists in each other.jsonl": lambda: b'{"text": ' + b"[" * 400_000 + row,
        "objects in each other.jsonl": lambda: b'{"x":' * 80_000 + b"1" + b"}" * 80_000 + row,
        "a number of a million digits.jsonl": lambda: b'{"text": "a", "captured_at": ' + b"9" * MB + b"}" + row,
        "a text of 2.9 MB with an emoji.jsonl": lambda: b'{"text": "' + emoji + b"x" * 2_900_000 + b'"}' + row,
        "a text of 15 MB.jsonl": lambda: b'{"text": "' + b"x" * 15 * MB + b'"}' + row,
        "a text of escapes.jsonl": lambda: b'{"text": "' + rb"\u0041" * 480_000 + b'"}' + row,
        "a row of 300 MB.csv.gz": lambda: gzip.compress(b'url,text\n1,"' + text * (MUCH // len(text)) + b'"\n', 1),
        "a row of many lines.csv": lambda: b'url,text\n1,"' + b"words\n" * 3_000_000,
        "a row of many fields.csv": lambda: b"url,text\n" + b'"\n",' * 3_000_000,
        "a row of commas.csv": lambda: b"url,text\n" + b"," * 1_900_000 + b"\n",
        "columns.csv": lambda: b"text" + b",a" * 900_000 + b"\n",
        "an emoji in a row.csv": lambda: b'url,text\n1,"' + emoji + b"x" * 1_900_000 + b'"\n',
        "a text without end.jsonl": lambda: b'{"text": "' + rb"\"" * MB + row,
    }


def build_parquet(folder: Path) -> None:
    """Parquet files."""
    urls = [f"http://news.example/{i}" for i in range(1000)]
    large = "x" * (15 * MB)

    def write(name: str, number: int, texts: list, **ways: object) -> None:
        table = pa.table({"url": urls[:number], "text": texts})
        pq.write_table(table, folder / f"{name}.parquet", compression="zstd", **ways)

    write("a page of 300 MB", 20, [large] * 20, use_dictionary=False, data_page_size=2 * GB)
    write("a page of 100 MB", 6, [large] * 6, use_dictionary=False, data_page_size=2 * GB)
    write("a dictionary of 300 MB", 20, [f"{large}{i}" for i in range(20)], dictionary_pagesize_limit=GB)
    write("a text of 15 MB in 100 rows", 100, [large] * 100, dictionary_pagesize_limit=GB)
    prefixes = {"column_encoding": {"text": "DELTA_BYTE_ARRAY"}, "use_dictionary": False, "data_page_size": 2 * GB}
    write("a text of 15 MB before 50 endings", 50, [f"{large}{i}" for i in range(50)], **prefixes)
    write("a text of 17 MB", 1, ["x" * 17 * MB])
    write("lists", 2, [["x"] * 3_000_000] * 2)
    pq.write_table(pa.table({f"c{i}": [1] for i in range(7_000)} | {"text": ["x"]}), folder / "7,000 columns.parquet")
    for name, number in (("5,000 row groups", 5_000), ("3,000 row groups", 3_000)):
        group = pa.table({"url": urls[:1], "text": ["x"]})
        with pq.ParquetWriter(folder / f"{name}.parquet", group.schema) as writer:
            for _ in range(number):
                writer.write_table(group)
    sparse(folder / "zeros.parquet", 2 * GB, b"PAR1")
    with (folder / "a footer of 1 GB.parquet").open("wb") as out:
        out.write(b"PAR1")
        out.truncate(GB + 4)
        out.seek(0, io.SEEK_END)
        out.write(struct.pack("<I", GB) + b"PAR1")


def build_folders(folder: Path) -> None:
    """Folders of pages."""

    def one(name: str) -> Path:
        (folder / name).mkdir()
        (folder / name / "7.html").write_bytes(page(7))
        return folder / name

    (one("a manifest with a field of 100 MB") / "manifest.csv").write_bytes(b"file,url\n7.html," + b"x" * 100 * MB)
    sparse(one("a manifest of 2 GB") / "manifest.csv", 2 * GB, b"file,url\n7.html,")
    (one("a manifest of 100,000 other files") / "manifest.csv").write_bytes(
        b"file,url\n7.html,http://a.example/7\n" + b"".join(b"%d.htm,http://a.example/%d\n" % (i, i) for i in range(100_000))
    )
    (one("a manifest of lists in each other") / "manifest.jsonl").write_bytes(b"[" * 200_000)
    (one("a manifest with many columns") / "manifest.csv").write_bytes(
        b"file,url" + b",a" * 200_000 + b"\n7.html,http://a.example/"
    )
    os.mkfifo(one("a manifest that is a pipe") / "manifest.csv")
    os.mkfifo(one("a pipe") / "pipe.html")
    (one("a link to zeros") / "zeros.html").symlink_to("/dev/zero")
    (one("a link to a secret") / "secret.html").symlink_to("/etc/hostname")
    (one("a link to itself") / "loop").symlink_to(".")
    (one("a link out of the folder") / "out").symlink_to("/etc")
    os.mkfifo(one("an archive that is a pipe") / "pipe.warc.gz")
    os.mkfifo(folder / "a pipe.warc.gz")
    sparse(one("a page of 4 GB") / "large.html", 4 * GB)
    (one("a page of 16 MB") / "words.html").write_bytes(KILLED * (16 * MB // len(KILLED)))


def build(folder: Path) -> None:
    """Write all of them."""
    for name, content in (WARCS | json_bombs()).items():
        (folder / name).write_bytes(content())
    sparse(folder / "a head without end.warc", MUCH, b"WARC/1.1\r\nA: ")
    sparse(folder / "zeros.warc", MUCH)
    sparse(folder / "a line of 300 MB.jsonl", MUCH, b'{"text": "')
    build_wacz(folder)
    build_parquet(folder)
    build_folders(folder)


def _import(path: Path, lake: Path) -> str:
    """What an import says in the end: counts and what was broken, or the error's words."""
    from include.datasets.lake import Lake
    from include.scrape.archive.importing import Progress, import_shard, start

    begun = start(Lake(lake), [str(path)], now=datetime(2022, 5, 1, tzinfo=UTC))
    broken = []
    for number in Progress(Lake(lake), begun).left:
        broken += import_shard(Lake(lake), begun["id"], number, {})["broken"]
    return f"{Progress(Lake(lake), begun).counts} {broken}"


def warm_up(folder: str) -> None:
    """Import a small archive of each kind."""
    at = Path(folder) / "warm"
    shutil.rmtree(at, ignore_errors=True)
    at.mkdir()
    (at / "a.warc.gz").write_bytes(gzip.compress(record(1)))
    (at / "a.warc.zst").write_bytes(zstd(record(1)))
    (at / "a.jsonl").write_text(json.dumps({"url": "http://news.example/1", "text": page(1).decode()}))
    wacz(at / "a.wacz", "archive/data.warc", [record(1)], zipfile.ZIP_STORED)
    pq.write_table(pa.table({"url": ["http://news.example/1"], "html": [page(1).decode()]}), at / "a.parquet")
    (at / "1.html").write_bytes(page(1))
    _import(at, at / "lake")


def cases(folder: str) -> dict[str, Callable[[], str]]:
    """The import of each archive of the folder."""
    archives = sorted(path for path in Path(folder).iterdir() if path.name not in ("warm", "lakes"))
    return {path.name: partial(_import, path, Path(folder) / "lakes" / path.name) for path in archives}
