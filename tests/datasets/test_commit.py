"""A file of a dataset is there whole, old or new, whatever happens while it is written, and stays once the writer says so."""

import errno
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from include.datasets.catalogue import CANDIDATE_PAIRS
from include.datasets.lake import Lake
from tests.datasets import faults

PROJECT = Path(__file__).resolve().parents[2]
OLD, NEW = 1, 2


def write(lake: Lake, score: int) -> str:
    """Write the pairs of one month: one pair with that score."""
    pair = {"report_a": "a", "report_b": "b", "score": score, "reasons": ["place"], "linked": True}
    return lake.write(CANDIDATE_PAIRS, {"year": 2022, "month": 4}, "pairs", [pair])


def seen(lake: Lake) -> int | None:
    """The score that a reader of the dataset sees; null: no file. A torn file raises."""
    scores = [score for path in lake.files(CANDIDATE_PAIRS) for score in lake.read_file(path)["score"].to_pylist()]
    assert lake.frame(CANDIDATE_PAIRS)["score"].to_list() == scores
    assert len(scores) <= 1
    return scores[0] if scores else None


def steps(root: Path, old: bool) -> list[str]:
    """What writing asks of the disk, in order, when nothing fails."""
    lake = Lake(root)
    if old:
        write(lake, OLD)
    with faults.Disk(None).below() as disk:
        write(lake, NEW)
    assert seen(lake) == NEW
    return disk.done


@pytest.fixture(params=[True, False], ids=["over an old file", "as the first file"])
def old(request) -> bool:
    return request.param


def test_what_is_written_is_synced_before_it_gets_its_name(tmp_path, old):
    done = steps(tmp_path, old)
    assert done.count("rename") == 1
    last_write, rename = len(done) - done[::-1].index("write") - 1, done.index("rename")
    assert last_write < done.index("sync") < rename < len(done) - 1 - done[::-1].index("sync folder")
    assert "delete" not in done


def test_whatever_fails_the_reader_sees_the_old_file_or_the_new_one_and_the_next_try_works(tmp_path, old):
    for at, name in enumerate(steps(tmp_path / "whole", old)):
        lake = Lake(tmp_path / str(at))
        before = write(lake, OLD) and OLD if old else None
        with faults.Disk(at, faults.fails(errno.ENOSPC)).below(), pytest.raises(OSError) as caught:
            write(lake, NEW)
        assert caught.value.errno == errno.ENOSPC
        assert "pairs.parquet" in "".join(caught.value.__notes__), "the message says what was being written"
        assert seen(lake) in (before, NEW), name
        assert not list(Path(lake.full("")).rglob("*.part")), f"{name}: a half-written file was left"
        write(lake, NEW)
        assert seen(lake) == NEW


@pytest.mark.parametrize("names_too", [True, False], ids=["names lost", "names kept"])
def test_whenever_the_power_goes_the_reader_sees_the_old_file_or_the_new_one(tmp_path, old, names_too: bool):
    for at, name in enumerate(steps(tmp_path / "whole", old)):
        lake = Lake(tmp_path / str(at))
        before = write(lake, OLD) and OLD if old else None
        disk = faults.Disk(at)
        with disk.below(), pytest.raises(faults.PowerCut):
            write(lake, NEW)
        assert seen(lake) in (before, NEW), name
        disk.lose(names_too)
        assert seen(lake) in (before, NEW), f"{name}, then the power cut"
        write(lake, NEW)
        assert seen(lake) == NEW


def test_a_write_that_has_returned_survives_a_power_cut(tmp_path, old):
    lake = Lake(tmp_path / "lake")
    if old:
        write(lake, OLD)
    with faults.Disk(None).below() as disk:
        write(lake, NEW)
    assert disk.all_is_safe
    disk.lose(names_too=True)
    assert seen(lake) == NEW


KILLED = """
import os, sys
from include.datasets.lake import Lake
from tests.datasets import faults
from tests.datasets.test_commit import NEW, OLD, write

root = sys.argv[1]
at, status = 0, 9
while status and at < 50:  # a child each, killed one step later every time, until one lives
    child = os.fork()
    if not child:
        lake = Lake(f"{root}/{at}")
        write(lake, OLD)
        with faults.Disk(at, faults.is_killed).below():
            write(lake, NEW)
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    at += 1
print(at)
"""


def test_whenever_the_writer_is_killed_the_reader_sees_the_old_file_or_the_new_one(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path)],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    number = int(done.stdout)
    assert number == len(steps(tmp_path / "whole", old=True)) + 1
    states = [seen(Lake(tmp_path / str(at))) for at in range(number)]
    assert set(states) == {OLD, NEW}
    assert states == sorted(states)


FULL = """
import resource, sys
from include.datasets.lake import Lake
from tests.datasets.test_commit import NEW, write

resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))  # as on a full disk, the operating system writes so much and no more
try:
    write(Lake(sys.argv[1]), NEW)
except OSError as error:
    print(error, *error.__notes__)
"""


def test_a_disk_that_is_really_full_leaves_the_old_file_and_says_what_was_written(tmp_path):
    lake = Lake(tmp_path)
    write(lake, OLD)
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)], cwd=PROJECT, capture_output=True, text=True, timeout=60, check=True
    )
    assert "File too large" in done.stdout and "pairs.parquet" in done.stdout
    assert seen(lake) == OLD
    assert not list(tmp_path.rglob("*.part"))


def test_a_record_is_written_with_the_same_care(tmp_path):
    lake = Lake(tmp_path / "lake")
    lake.write_json("_stages/clean/b.json", {"version": OLD})
    with faults.Disk(None).below() as disk:
        lake.write_json("_stages/clean/b.json", {"version": NEW})
    for at in range(len(disk.done)):
        root = shutil.copytree(tmp_path / "lake", tmp_path / str(at))
        lake = Lake(root)
        lake.write_json("_stages/clean/b.json", {"version": OLD})
        with faults.Disk(at).below() as dying, pytest.raises(faults.PowerCut):
            lake.write_json("_stages/clean/b.json", {"version": NEW})
        dying.lose(names_too=True)
        assert json.loads((root / "_stages/clean/b.json").read_text())["version"] in (OLD, NEW)
