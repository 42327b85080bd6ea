import re

import pytest

from tests.peak import MOST, Peak, peaks
from tests.scrape import bombs
from tests.scrape.archive import bombs as archives
from tests.scrape.hostile import HostileServer

MOST_OF_ARCHIVE = 48.0
"""MB for an archive: a page of 16 MB beside what unpacks it."""
MOST_OF_PARQUET = 256.0
"""MB for a Parquet file: a page of a column is unpacked at once, and holds a thousand texts."""


@pytest.fixture(scope="module")
def measured() -> dict[str, Peak]:
    with HostileServer() as server:
        server.resources |= bombs.resources()
        return peaks("tests.scrape.bombs", server.url, timeout=240)


@pytest.mark.parametrize("name", bombs.NAMES)
def test_no_answer_takes_much_memory_or_time(measured, name: str):
    peak = measured[name]
    assert peak.grown <= MOST, peak
    assert peak.seconds < 20, peak
    assert re.match(r"FetchFailed|ListingError|[0-9,]+ articles|[0-9,]+ bytes|True|False", peak.outcome), peak


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("feed: 10,000 entries", "10,000 articles"),
        ("sitemap: 49,000 entries", "49,000 articles"),
        ("sitemap: an entity from a file", "1 articles"),
        ("page: 9,000 links", "9,000 articles"),
        ("page: a script", "1 articles"),
        ("answer: 15 MB", "15,000,000 bytes"),
    ],
)
def test_what_is_large_and_honest_is_read(measured, name: str, outcome: str):
    assert measured[name].outcome == outcome


@pytest.fixture(scope="module")
def imported(tmp_path_factory) -> dict[str, Peak]:
    folder = tmp_path_factory.mktemp("bombs")
    archives.build(folder)
    return peaks("tests.scrape.archive.bombs", str(folder), timeout=300)


def test_no_archive_takes_much_memory_or_time(imported):
    assert len(imported) > 70
    for name, peak in imported.items():
        assert peak.grown <= (MOST_OF_PARQUET if name.endswith(".parquet") else MOST_OF_ARCHIVE), (name, peak)
        assert peak.seconds < 40, (name, peak)


def test_of_every_archive_it_is_told_what_was_read_or_why_it_is_refused(imported):
    for name, peak in imported.items():
        assert re.match(r"\{'read'|ArchiveError", peak.outcome), (name, peak)


READ = {
    "a head without end, packed.warc.gz": "'read': 2, 'kept': 1, 'broken': 1.*Maximum header length",
    "a length of 5,000 digits.warc": "'broken': 2",
    "a date before the first year.warc.gz": "'read': 2, 'kept': 2",
    "a record of 2 GB.warc.gz": "'read': 2, 'kept': 1, 'too_large': 1",
    "a page of tags.warc.gz": "'read': 2, 'kept': 2",
    "a page of chunks.warc.gz": "'read': 2, 'kept': 1, 'gated_out': 1",
    "a window of 8 MB.warc.zst": "'read': 3, 'kept': 3",
    "a window of 128 MB.warc.zst": "'read': 3, 'kept': 2, 'broken': 1.*byte 468.*takes 134,217,728 bytes to unpack",
    "a content of a petabyte.warc.zst": "'read': 3, 'kept': 2, 'broken': 1.*takes 1,000,000,000,000,000 bytes",
    "a dictionary of 4 GB.warc.zst": "ArchiveError.*its zstd dictionary has 4,294,967,295 bytes",
    "compressed by ZIP.wacz": "ArchiveError.*is compressed by ZIP, which WACZ does not allow",
    "encrypted.wacz": "ArchiveError.*is encrypted",
    "200,000 members.wacz": "ArchiveError.*its directory has more than 1,000,000 bytes",
    "one in the other.wacz": "ArchiveError.*'b.warc' lies in another member",
    "a member of 4 GB.wacz": "ArchiveError.*lies beyond the end of the file",
    "a line of 300 MB.jsonl.gz": "'read': 2, 'kept': 1, 'too_large': 1",
    "lists in each other.jsonl": "'read': 2, 'kept': 1, 'broken': 1.*no JSON",
    "objects in a line.jsonl": "'read': 2, 'kept': 1, 'too_large': 1",
    "a text without end.jsonl": "'read': 2, 'kept': 1, 'broken': 1",
    "a row of 300 MB.csv.gz": "'broken': 1.*a line has more than 2,000,000 characters",
    "a row of many lines.csv": "'broken': 1.*a row has more than 2,000,000 characters; is a quotation mark missing",
    "a row of commas.csv": "'broken': 1.*a row has 1,900,001 values",
    "a page of 300 MB.parquet": "'broken': 1.*a page of its column 'text' unpacks to 300,000,0",
    "a page of 100 MB.parquet": "'read': 6, 'kept': 6",
    "a dictionary of 300 MB.parquet": "'broken': 1.*a page of its column 'text' unpacks to 300,000,",
    "a text of 15 MB before 50 endings.parquet": "'read': 50, 'kept': 50",
    "lists.parquet": "ArchiveError.*its column 'text' holds list<element: string>",
    "a footer of 1 GB.parquet": "ArchiveError.*its footer has 1,000,000,000 bytes",
    "a manifest with a field of 100 MB": "ArchiveError.*manifest.csv cannot be read: a line has more than",
    "a manifest of 100,000 other files": "'read': 1, 'kept': 1",
    "a link to a secret": "'read': 2, 'kept': 1, 'broken': 1.*secret.html: it is no file, but a link",
    "a link to itself": "'read': 1, 'kept': 1",
    "a link out of the folder": "'read': 1, 'kept': 1",
    "a pipe": "'read': 2, 'kept': 1, 'broken': 1.*pipe.html: it is no file",
    "a pipe.warc.gz": "ArchiveError.*is a pipe or a device",
    "an archive that is a pipe": "ArchiveError.*pipe.warc.gz is a link, a pipe or a device",
    "a page of 4 GB": "'read': 2, 'kept': 1, 'too_large': 1",
}


@pytest.mark.parametrize("name", READ)
def test_what_is_whole_beside_a_bomb_is_read_and_the_bomb_is_named(imported, name: str):
    assert re.search(READ[name], imported[name].outcome), imported[name]
