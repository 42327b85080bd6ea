"""A run that is killed anywhere and started again ends in the same bytes as one that was left alone."""

import hashlib
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from include.datasets.lake import Lake
from tests.pipeline.stages import run_stages

PROJECT = Path(__file__).parents[2]


def stages(lake, *kill_at):
    command = [sys.executable, "-m", "tests.pipeline.stages", lake.root, *map(str, kill_at)]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)


def contents(lake):
    """The hash of every file that a reader sees."""
    return {
        p: hashlib.sha256(lake.open(p).read()).hexdigest() for p in lake.find("", ".parquet") + lake.find("_stages", ".json")
    }


@pytest.fixture
def lake(captured, tmp_path):
    return Lake(shutil.copytree(captured, tmp_path / "lake"))


@pytest.fixture(scope="module")
def undisturbed(captured_lake):
    done = stages(captured_lake)
    assert done.returncode == 0, done.stderr
    return contents(captured_lake), int(done.stdout)


@pytest.mark.parametrize("share", [0, 0.05, 0.12, 0.2, 0.3, 0.45, 0.6, 0.7, 0.8, 0.88, 0.95, 1])
def test_a_run_killed_in_the_middle_of_a_write_is_healed_by_the_next(lake, undisturbed, share):
    wanted, renames = undisturbed
    killed = stages(lake, 1 + round(share * (renames - 1)))
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert contents(lake) != wanted
    run_stages(lake)
    assert contents(lake) == wanted


def test_running_again_writes_nothing(lake, undisturbed):
    run_stages(lake)
    before = {p: Path(lake.full(p)).stat().st_mtime_ns for p in contents(lake)}
    run_stages(lake)
    assert {p: Path(lake.full(p)).stat().st_mtime_ns for p in contents(lake)} == before
