"""An import that is killed again and again ends as if it had never been."""

import random
import signal
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path

import pytest
from warcio.archiveiterator import WARCIterator

from include.datasets.lake import Lake
from include.scrape.archive.importing import Progress, start
from tests.scrape.archive.archives import page, record, warc
from tests.scrape.archive.killed import import_until

PAGES = 200
KILLS = 30
SERVER = get_context("forkserver")
SERVER.set_forkserver_preload(["tests.scrape.archive.killed"])


def contents(lake: Lake) -> dict[str, str]:
    """The hash of every file that the lake's folder holds, hidden ones too."""
    paths = (str(p.relative_to(lake.root)) for p in Path(lake.root).rglob("*") if p.is_file())
    return {path: lake.sha256(path) for path in paths}


def begin(lake: Lake, archive: Path) -> dict:
    return start(lake, [str(archive)], now=datetime(2022, 5, 1, tzinfo=UTC))


def live(lake: Lake, begun: dict, kill_at: int) -> int:
    """Import in a process of its own; its exit code."""
    process = SERVER.Process(target=import_until, args=(lake.root, begun["id"], kill_at))
    process.start()
    process.join(60)
    return process.exitcode


@pytest.fixture
def archive(tmp_path) -> Path:
    path = tmp_path / "news.warc.gz"
    path.write_bytes(warc([record(n, page(n) if n % 2 else page(n, "It was quiet.")) for n in range(PAGES)])[0])
    return path


def test_an_import_that_is_killed_thirty_times_gives_what_an_undisturbed_one_gives(archive, tmp_path):
    undisturbed, killed = Lake(tmp_path / "undisturbed"), Lake(tmp_path / "killed")
    assert live(undisturbed, begin(undisturbed, archive), 0) == 0
    begun, rng = begin(killed, archive), random.Random(7)
    for _ in range(KILLS):
        assert live(killed, begun, rng.randint(1, 20)) == -signal.SIGKILL
        begun = begin(killed, archive)
    assert Progress(killed, begun).left == [0], "it was done before all kills: give it more pages"
    assert live(killed, begun, 0) == 0
    assert contents(killed) == contents(undisturbed)
    records = [
        record.rec_headers.get_header("WARC-Target-URI")
        for path in killed.find("warc", ".warc.gz")
        for record in WARCIterator(killed.open(path), check_digests="raise")
        if record.rec_type == "response" and record.content_stream().read()
    ]
    assert len(records) == len(set(records)) == PAGES // 2
