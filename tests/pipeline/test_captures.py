"""One article in many captures, as archives hold them: its last capture speaks, and it is counted once."""

import random
from datetime import UTC, datetime

import pytest

from include.datasets.catalogue import INCIDENTS, MONTHLY_TALLIES, REPORTS
from include.datasets.lake import Lake
from include.scrape.archive.importing import Progress, import_shard, start
from tests.pipeline.stages import run_stages
from tests.scrape.archive.archives import page, record, warc

BEGUN = datetime(2022, 6, 1, tzinfo=UTC)
STORY = (
    "{} soldiers were killed near Palmyra in Homs province on {} when gunmen of the Islamic State attacked a checkpoint, "
    "the Syrian army said. "
)
TOLLS = ("Three", "Four", "Six", "Seven", "Five")


def capture(number: int, toll: str, day: str = "April 10") -> bytes:
    """A record of the article as it stood on a day."""
    date = f"2022-04-{11 + number}T12:00:00Z"
    return record(number, page(1, STORY.format(toll, day)), address="https://mail.example/2022/04/11/1", WARC_Date=date)


def ledger_of(root, *archives: list[bytes]) -> Lake:
    """A lake with some archives, imported one after the other and aggregated."""
    lake = Lake(root / "lake")
    for number, records in enumerate(archives):
        path = root / f"{number}.warc.gz"
        path.write_bytes(warc(records)[0])
        begun = start(lake, [str(path)], now=BEGUN)
        for shard in Progress(lake, begun).left:
            import_shard(lake, begun["id"], shard, {})
    run_stages(lake)
    return lake


def tolls(lake: Lake) -> list[int]:
    return [row["killed_best"] for row in lake.read(INCIDENTS).to_pylist()]


@pytest.mark.parametrize("seed", range(3))
def test_the_last_capture_speaks_whatever_their_order_in_the_archive(tmp_path, seed):
    captures = [capture(n, toll) for n, toll in enumerate(TOLLS)]
    random.Random(seed).shuffle(captures)
    lake = ledger_of(tmp_path, captures)
    assert tolls(lake) == [5]
    assert lake.read(INCIDENTS)["n_reports"].to_pylist() == [1]
    assert sorted(lake.read(REPORTS)["killed_best"].to_pylist()) == [3, 4, 5, 6, 7], "none is lost"


def test_the_last_capture_speaks_whichever_archive_came_first(tmp_path):
    late, early = [capture(4, "Five"), capture(3, "Seven")], [capture(0, "Three"), capture(1, "Four")]
    assert tolls(ledger_of(tmp_path, late, early)) == [5]


def test_a_sentence_that_stands_in_many_captures_is_one_report(tmp_path):
    captures = [record(n, page(1, STORY.format("Three", "April 10")) + b"<p>%d</p>" % n, address="https://mail.example/1",
                       WARC_Date=f"2022-04-{11 + n}T12:00:00Z") for n in (2, 0, 1)]  # fmt: skip
    lake = ledger_of(tmp_path, captures)
    assert tolls(lake) == [3]
    assert len(lake.read(REPORTS)) == 1


def test_the_same_archive_imported_again_renamed_or_in_halves_is_counted_once(tmp_path):
    other = record(9, page(9, "Nine civilians were killed on April 9 in an air strike on the market of Idlib, rescuers said. "))
    lake = ledger_of(tmp_path, [capture(0, "Three"), other], [capture(0, "Three")], [other])
    assert sorted(tolls(lake)) == [3, 9]
    assert sum(lake.read(MONTHLY_TALLIES)["killed_best"].to_pylist()) == 12


def test_a_capture_that_moves_the_day_moves_the_incident_to_its_month(tmp_path):
    lake = ledger_of(tmp_path, [capture(1, "Three", "April 1"), capture(0, "Three", "March 31")])
    (row,) = lake.read(INCIDENTS).to_pylist()
    assert (row["year"], row["month"], str(row["date_start"])) == (2022, 4, "2022-04-01")
