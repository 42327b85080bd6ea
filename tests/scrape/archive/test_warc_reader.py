import gzip
import io

import pytest
from fastwarc.stream_io import ZstdWriter, zstd_train_dictionary_from_samples
from hypothesis import given, settings
from hypothesis import strategies as st

from include.scrape.archive.pages import Page, is_as_stated
from include.scrape.archive.shards import cut, find_files, read
from include.scrape.archive.warc_reader import is_split, read_warc
from include.scrape.archive.zstd_frames import DICTIONARY
from tests.scrape.archive.archives import COMPRESSED, HTML, page, record, shown, url, wacz, warc

NUMBERS = range(5)
RECORDS = [record(n) for n in NUMBERS]
ENDS = list(COMPRESSED)


def read_bytes(data: bytes, start: int = 0, end: int | None = None) -> list[str]:
    return shown(read_warc(io.BytesIO(data), start, end))


def whole(data: bytes) -> int | None:
    """The end of a range over all of a file, or null where it has no ranges."""
    return len(data) if is_split(io.BytesIO(data)) else None


@pytest.mark.parametrize("end", ENDS)
def test_pages_come_with_their_address_time_and_bytes(end):
    data, _ = warc(RECORDS, end)
    pages = list(read_warc(io.BytesIO(data)))
    assert [(p.url, p.body, f"{p.captured_at:%S}", p.status, p.content_type) for p in pages] == [
        (url(n), page(n), f"{n:02}", 200, HTML[0][1]) for n in NUMBERS
    ]


@pytest.mark.parametrize("end", [".warc.gz", ".warc.zst"])
def test_each_record_belongs_to_the_shard_in_which_it_begins(end):
    data, _ = warc(RECORDS, end)
    assert is_split(io.BytesIO(data))
    for at in range(len(data) + 1):
        assert read_bytes(data, 0, at) + read_bytes(data, at, len(data)) == [*"01234"]


@pytest.mark.parametrize("end", ENDS)
def test_a_file_cut_anywhere_in_its_last_record_gives_all_others_and_names_the_last(end):
    data, offsets = warc(RECORDS, end)
    assert read_bytes(data[: offsets[-1]]) == [*"0123"]
    for at in range(offsets[-1] + 1, len(data)):
        found = read_bytes(data[:at], 0, whole(data))
        assert found[:4] == [*"0123"]
        assert found[4] == "4" or found[4].startswith("broken"), f"cut at {at}: {found}"


@pytest.mark.parametrize("end", [".warc.gz", ".warc.zst"])
def test_a_damaged_record_costs_no_other(end):
    data, offsets = warc(RECORDS, end)
    for at in range(offsets[2], offsets[3]):
        damaged = bytearray(data)
        damaged[at] ^= 0x55
        found = read_bytes(bytes(damaged), 0, len(data))
        assert found in ([*"01234"], ["0", "1", f"broken byte {offsets[2]:,}", "3", "4"]), f"damaged at {at}: {found}"


@pytest.mark.parametrize("at", range(0, len(RECORDS[2]) - 300, 3))
def test_a_damaged_plain_record_costs_no_other_but_perhaps_the_next(at):
    data, offsets = warc(RECORDS, ".warc")
    damaged = bytearray(data)
    damaged[offsets[2] + at] ^= 0x55
    found = read_bytes(bytes(damaged))
    assert found[:2] == ["0", "1"]
    assert found[-1] == "4"
    assert "3" in found or any(f.startswith("broken") for f in found[2:])


@settings(max_examples=200, deadline=None)
@given(data=st.data())
def test_whatever_is_damaged_pages_before_it_are_read_and_none_is_read_wrong(data):
    end = data.draw(st.sampled_from(ENDS))
    undamaged, offsets = warc(RECORDS, end)
    damaged = bytearray(undamaged)
    start = data.draw(st.integers(0, len(damaged) - 1))
    damaged[start : start + data.draw(st.integers(0, 400))] = data.draw(st.binary(max_size=300))
    found = list(read_warc(io.BytesIO(bytes(damaged)), 0, whole(bytes(damaged))))
    pages = {p.url: p for p in found if isinstance(p, Page) and p.digests and is_as_stated(p)}
    before = [n for n, at in enumerate([*offsets, len(undamaged)][1:]) if at <= start]
    assert [n for n in before if url(n) not in pages] == []
    assert [n for n in NUMBERS if url(n) in pages and pages[url(n)].body != page(n)] == []


def test_a_page_whose_bytes_are_not_those_of_its_digest_is_told():
    data, _ = warc(RECORDS, ".warc")
    changed = data.replace(b"number 2 ", b"number 7 ", 1)
    assert [is_as_stated(p) for p in read_warc(io.BytesIO(changed))] == [True, True, False, True, True]


def test_a_file_compressed_as_a_whole_is_read_in_one_go():
    plain, _ = warc(RECORDS, ".warc")
    data = gzip.compress(plain)
    assert not is_split(io.BytesIO(data))
    assert read_bytes(data) == [*"01234"]
    assert read_bytes(data[:-60])[-1].startswith("broken")


def test_a_damaged_second_record_is_no_reason_to_give_up_the_file():
    data, offsets = warc(RECORDS)
    damaged = bytearray(data)
    damaged[offsets[1] + 40] ^= 0x55
    assert read_bytes(bytes(damaged), 0, whole(bytes(damaged))) == ["0", f"broken byte {offsets[1]:,}", "2", "3", "4"]


def test_requests_and_answers_of_name_servers_are_no_pages():
    dns = record(1, kind="response").replace(b"https://mail.example/2022/04/11/1", b"dns:mail.example")
    data, _ = warc([record(0, kind="request", body=b"GET / HTTP/1.1\r\n\r\n"), dns, record(2)])
    assert [f.split()[0] for f in read_bytes(data)] == ["other_record", "other_record", "2"]


def test_a_resource_is_a_page_without_a_response():
    data, _ = warc([record(1, kind="resource")])
    (found,) = read_warc(io.BytesIO(data))
    assert (found.status, found.head, found.body) == (None, None, page(1))


def test_chunk_framing_is_removed_where_there_is_some():
    framed = b"5\r\nhello\r\n6;x=y\r\n world\r\n0\r\n\r\n"
    chunked = [*HTML, ("Transfer-Encoding", "chunked")]
    data, _ = warc([record(1, framed, headers=chunked), record(2, b"hello world", headers=chunked)])
    assert [p.body for p in read_warc(io.BytesIO(data))] == [b"hello world"] * 2


def test_a_coded_body_is_kept_and_its_content_told():
    data, _ = warc([record(1, gzip.compress(page(1)), headers=[*HTML, ("Content-Encoding", "gzip")])])
    (found,) = read_warc(io.BytesIO(data))
    assert found.body.startswith(b"\x1f\x8b")
    assert found.content() == page(1)


def test_the_warc_files_of_a_wacz_archive_are_read(tmp_path):
    data, _ = warc(RECORDS)
    (file,) = find_files([str(wacz(tmp_path / "site.wacz", data))])
    shards = cut([file], shard_bytes=len(data) // 3)
    assert len(shards) > 1
    assert [n for shard in shards for n in shown(read(file, shard))] == [*"01234"]


@pytest.mark.parametrize("is_packed", [False, True])
def test_records_compressed_with_a_dictionary_are_read_from_anywhere(is_packed):
    out = io.BytesIO()
    trained = zstd_train_dictionary_from_samples([record(n) for n in range(200)], 16_000)
    writer = ZstdWriter(out, dictionary=trained, compress_dictionary_frame=is_packed)
    for piece in RECORDS:
        writer.write(piece)
        writer.finish()
    writer.flush()
    data = out.getvalue()
    assert data.startswith(DICTIONARY)
    assert is_split(io.BytesIO(data))
    for middle in range(0, len(data), 61):
        assert read_bytes(data, 0, middle) + read_bytes(data, middle, len(data)) == [*"01234"], middle
