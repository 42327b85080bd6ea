import pytest

from include.datasets import batches
from include.datasets.catalogue import MONTHLY_TALLIES
from include.datasets.lake import Lake
from tests.datasets.rows import NO_INCIDENTS


@pytest.fixture
def lake(tmp_path):
    return Lake(tmp_path)


def write(lake, name):
    return lake.write(MONTHLY_TALLIES, {"year": 2022}, name, [])


def finish(lake, outputs, *, version="1", source="in"):
    return batches.finish(lake, "clean", version, "b1", source=source, outputs=outputs, counts={"articles": 1})


def pending(lake, *, version="1", source="in"):
    return batches.pending(lake, "clean", version, {"b1": source}, ["monthly_tallies"])


def test_a_batch_is_pending_until_it_is_finished(lake):
    assert pending(lake) == ["b1"]
    finish(lake, [write(lake, "b1")])
    assert pending(lake) == []


def test_a_batch_that_gave_no_rows_is_done_all_the_same(lake):
    finish(lake, [])
    assert pending(lake) == []


@pytest.mark.parametrize("change", [{"version": "2"}, {"source": "other"}])
def test_a_new_version_or_a_new_input_makes_a_batch_pending_again(lake, change):
    finish(lake, [write(lake, "b1")])
    assert pending(lake, **change) == ["b1"]


def test_an_output_deleted_by_hand_makes_its_batch_pending_again(lake):
    path = write(lake, "b1")
    finish(lake, [path])
    lake.remove(path)
    assert pending(lake) == ["b1"]


def test_files_of_an_earlier_version_that_are_not_written_again_are_removed(lake):
    old, new = write(lake, "old"), write(lake, "new")
    finish(lake, [old, new])
    finish(lake, [new], version="2")
    assert lake.files(MONTHLY_TALLIES) == [new]


def test_the_fingerprint_of_a_record_changes_with_the_rows(lake):
    path = write(lake, "b1")
    before = batches.fingerprint(finish(lake, [path]))
    assert batches.fingerprint(finish(lake, [path])) == before
    row = NO_INCIDENTS
    lake.write(MONTHLY_TALLIES, {"year": 2022}, "b1", [row])
    assert batches.fingerprint(finish(lake, [path])) != before
