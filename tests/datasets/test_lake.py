import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest

from include.datasets.catalogue import ARTICLES, CATALOGUE, INCIDENTS, MONTHLY_TALLIES
from include.datasets.lake import Lake, partition_of
from include.datasets.schema import SCHEMA_VERSION, DatasetError
from tests.datasets.rows import NO_INCIDENTS


def tallies(*months, **values):
    row = NO_INCIDENTS | {"n_incidents": 1, "n_weak": 1, "country": "SYR"}
    return [row | {"month": m, "killed_low": m, "killed_best": m, "killed_high": m} | values for m in months]


@pytest.fixture(params=["folder", "object store"])
def lake(request, tmp_path):
    return Lake(tmp_path if request.param == "folder" else f"memory://{tmp_path}")


def test_the_same_rows_in_any_order_give_the_same_bytes(lake):
    path = lake.write(MONTHLY_TALLIES, {"year": 2022}, "tallies", tallies(1, 2, 3))
    with lake.open(path) as first:
        before = first.read()
    lake.write(MONTHLY_TALLIES, {"year": 2022}, "tallies", tallies(3, 1, 2))
    with lake.open(path) as second:
        assert second.read() == before


def test_partition_columns_come_back_with_the_rows(lake):
    lake.write(MONTHLY_TALLIES, {"year": 2022}, "tallies", tallies(1))
    lake.write(MONTHLY_TALLIES, {"year": 0}, "tallies", tallies(0))
    table = lake.read(MONTHLY_TALLIES)
    assert sorted(zip(table["year"].to_pylist(), table["month"].to_pylist(), strict=True)) == [(0, 0), (2022, 1)]
    assert lake.read(MONTHLY_TALLIES, columns=["year", "killed_best"]).column_names == ["year", "killed_best"]


@pytest.mark.parametrize("dataset", CATALOGUE.values(), ids=CATALOGUE)
def test_a_dataset_without_files_reads_as_an_empty_table_with_its_columns(lake, dataset):
    table = lake.read(dataset)
    assert len(table) == 0
    assert set(table.column_names) == {c.name for c in (*dataset.columns, *dataset.partitions)}


def test_rows_that_do_not_fit_leave_what_was_there(lake):
    path = lake.write(MONTHLY_TALLIES, {"year": 2022}, "tallies", tallies(1))
    with pytest.raises(DatasetError):
        lake.write(MONTHLY_TALLIES, {"year": 2022}, "tallies", tallies(2, killed_low=9))
    assert lake.files(MONTHLY_TALLIES) == [path]
    assert lake.read_file(path)["month"].to_pylist() == [1]


def test_a_column_that_is_newer_than_a_file_is_null_in_its_rows(lake):
    lake.write(MONTHLY_TALLIES, {"year": 2022}, "tallies", tallies(1, killed_women_low=2))
    path = lake.write(MONTHLY_TALLIES, {"year": 2021}, "tallies", tallies(1))
    with lake.open(path) as source:
        older = pq.read_table(source).drop_columns(["killed_women_low"])
    with lake.open_atomic(path) as out:
        pq.write_table(older.replace_schema_metadata({"schema_version": "older"}), out)
    assert lake.read(MONTHLY_TALLIES)["killed_women_low"].to_pylist() == [None, 2]
    assert lake.read(MONTHLY_TALLIES, columns=["killed_women_low"])["killed_women_low"].to_pylist() == [None, 2]
    assert lake.frame(MONTHLY_TALLIES).equals(pl.DataFrame(lake.read(MONTHLY_TALLIES)))


@pytest.mark.parametrize("month", ["2022-04", "undated", "a=b/c [*]?"])
def test_a_frame_has_the_rows_the_columns_and_the_types_that_reading_gives(lake, month):
    row = {"article_id": "a", "source": "s", "document_id": "d", "clean_outcome": "cleaned"}
    row |= {"authors": ["x"], "fingerprint": [1], "captured_at": datetime(2022, 4, 1, tzinfo=UTC)}
    lake.write(ARTICLES, {"published_month": month}, "b1", [row, row | {"document_id": "e"}])
    lake.write(ARTICLES, {"published_month": "2022-05"}, "b1", [row])
    for columns in (None, ["published_month", "article_id"]):
        frame, table = lake.frame(ARTICLES, columns), pl.DataFrame(lake.read(ARTICLES, columns))
        assert frame.schema == table.schema and frame.equals(table)
    assert lake.frame(ARTICLES, paths=[]).schema == lake.frame(ARTICLES).schema
    unnamed = lake.frame(ARTICLES, ["article_id"], paths=[], where=pl.col("title").is_null())
    assert unnamed.columns == ["article_id"], "a condition may ask for columns that are not wanted"


def test_a_partition_that_is_not_the_datasets_is_refused_with_the_right_ones(lake):
    with pytest.raises(DatasetError, match=r"\['year', 'month'\]"):
        lake.write(INCIDENTS, {"year": 2022}, "incidents", [])


def test_a_partition_value_cannot_leave_its_folder(lake):
    path = lake.path(ARTICLES, {"published_month": "../../x"}, "batch")
    assert "/../" not in path
    assert partition_of(path) == {"published_month": "../../x"}


def test_a_write_that_fails_midway_leaves_the_old_file_and_no_other(lake):
    with lake.open_atomic("a/b.txt") as out:
        out.write(b"old")
    with pytest.raises(RuntimeError, match="disk"), lake.open_atomic("a/b.txt") as out:
        out.write(b"half of the ne")
        raise RuntimeError("disk")
    with lake.open("a/b.txt") as there:
        assert there.read() == b"old"
    assert lake.find("a", "") == ["a/b.txt"]


def test_a_writer_that_is_killed_midway_leaves_the_old_file(tmp_path):
    lake = Lake(tmp_path)
    with lake.open_atomic("a/b.txt") as out:
        out.write(b"old")
    script = (
        "import os, signal, sys; from include.datasets.lake import Lake\n"
        "with Lake(sys.argv[1]).open_atomic('a/b.txt') as out:\n"
        "    out.write(b'half'); out.flush(); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False, cwd=Path(__file__).parents[2])
    assert done.returncode == -signal.SIGKILL
    assert (tmp_path / "a" / "b.txt").read_bytes() == b"old"
    assert lake.find("a", "") == ["a/b.txt"], "the half-written file is not listed"
    assert len(os.listdir(tmp_path / "a")) == 2


def test_json_is_the_same_bytes_for_the_same_value(lake):
    lake.write_json("a.json", {"b": 1, "a": [2]})
    with lake.open("a.json") as there:
        before = there.read()
    lake.write_json("a.json", {"a": [2], "b": 1})
    with lake.open("a.json") as there:
        assert there.read() == before
    assert lake.read_json("none.json") is None


def test_pandas_duckdb_polars_and_arrow_read_a_dataset_without_badia(tmp_path):
    lake = Lake(tmp_path)
    lake.write(MONTHLY_TALLIES, {"year": 2021}, "tallies", tallies(11, 12))
    lake.write(MONTHLY_TALLIES, {"year": 2022}, "tallies", tallies(1))
    folder = tmp_path / "monthly_tallies"
    assert pd.read_parquet(folder)["killed_best"].sum() == 24
    assert pl.read_parquet(folder / "**/*.parquet", hive_partitioning=True).filter(pl.col("year") == 2022)[
        "month"
    ].to_list() == [1]
    query = f"select sum(killed_best) from read_parquet('{folder}/**/*.parquet', hive_partitioning=true) where year = 2021"
    assert duckdb.sql(query).fetchall() == [(23,)]
    metadata = pq.read_metadata(next(folder.rglob("*.parquet")))
    assert metadata.row_group(0).column(0).compression == "ZSTD"
    assert metadata.metadata[b"schema_version"] == SCHEMA_VERSION.encode()
