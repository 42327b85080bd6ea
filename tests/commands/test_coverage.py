import json
from datetime import date

import pytest

from include.__main__ import main
from include.datasets.catalogue import COVERAGE, COVERAGE_DAYS
from include.datasets.lake import Lake

ROW = {
    "source": "wire", "outlet": "The Wire", "month": 3, "status": "usual", "n_articles": 41, "n_expected": 40, "silent_days": 1,
    "n_reporting": 12, "countries": ["SYR"], "n_attempts": 44, "n_failed": 3, "errors": ["timeout: 3"],
}  # fmt: skip
SILENT = {"month": 4, "status": "silent", "n_articles": 0, "n_attempts": 30, "n_failed": 30, "errors": ["blocked: 30"]}


@pytest.fixture
def lake(tmp_path):
    lake = Lake(tmp_path)
    lake.write(COVERAGE, {"year": 2022}, "coverage", [ROW, ROW | SILENT, ROW | {"source": "gazette", "outlet": "Gazette"}])
    return str(tmp_path)


def test_a_silent_month_is_marked_and_told_in_words(lake, capsys):
    assert main(["coverage", "--lake", lake]) == 0
    shown = capsys.readouterr().out
    assert "0✗" in shown and "41 " in shown and "22-04" in shown
    (line,) = [line for line in shown.splitlines() if "The Wire" in line]
    assert line.strip() == (
        "2022-04 The Wire: silent: no article, about 40 expected; 30 of 30 fetches failed (blocked: 30); it used to tell of SYR"
    )


def test_json_lines_have_the_columns_and_the_filters_hold(lake, capsys):
    assert main(["coverage", "--lake", lake, "--json", "--source", "gazette", "--year", "2022"]) == 0
    (row,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (row["source"], row["year"], row["n_expected"]) == ("gazette", 2022, 40)


@pytest.mark.parametrize(
    "options, said",
    [(["--source", "sohr"], "it has gazette, wire"), (["--year", "1999"], "leave out --year")],
)
def test_nothing_to_show_is_an_error_that_says_what_there_is(lake, capsys, options, said):
    assert main(["coverage", "--lake", lake, *options]) == 1
    assert said in " ".join(capsys.readouterr().err.split())


def test_an_empty_lake_is_an_error(tmp_path, capsys):
    assert main(["coverage", "--lake", str(tmp_path)]) == 1
    assert "No coverage" in capsys.readouterr().err


DAY = {
    "source": "wire", "day": date(2022, 4, 10), "n_visits": 4, "n_visits_failed": 0, "n_requests": 19, "n_listed": 9,
    "n_captured": 7, "n_not_modified": 1, "n_held": 3, "n_cleaned": 6, "n_failed": 2, "errors": ["http_404: 2"], "n_left": 0,
}  # fmt: skip


@pytest.fixture
def days(lake):
    later = DAY | {"day": date(2022, 4, 12), "n_visits_failed": 4, "n_listed": 0, "n_captured": 0, "n_cleaned": 0, "errors": []}
    rows = [DAY, later, DAY | {"source": "gazette"}, DAY | {"day": date(2022, 4, 2)}]
    Lake(lake).write(COVERAGE_DAYS, {"year": 2022, "month": 4}, "coverage_days", rows)
    return lake


def test_the_last_days_are_added_up_by_source(days, capsys):
    assert main(["coverage", "--lake", days, "--days", "3"]) == 0
    (line,) = [line.split() for line in capsys.readouterr().out.splitlines() if line.strip().startswith("wire")]
    assert line == ["wire", "8", "4", "38", "9", "7", "6", "2", "6", "4", "0", "http_404:", "2"]


def test_one_source_is_shown_day_by_day(days, capsys):
    assert main(["coverage", "--lake", days, "--days", "3", "--source", "wire"]) == 0
    shown = capsys.readouterr().out
    assert "2022-04-10" in shown and "2022-04-12" in shown and "2022-04-02" not in shown


def test_days_as_json_lines_have_the_columns_of_the_dataset(days, capsys):
    assert main(["coverage", "--lake", days, "--days", "1", "--json"]) == 0
    (row,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (row["source"], row["n_visits_failed"]) == ("wire", 4)


def test_days_without_rows_are_an_error_that_says_what_there_is(days, lake, tmp_path, capsys):
    assert main(["coverage", "--lake", days, "--days", "3", "--source", "sohr"]) == 1
    assert "it has gazette, wire" in " ".join(capsys.readouterr().err.split())
    assert main(["coverage", "--lake", str(tmp_path / "none"), "--days", "3"]) == 1
    assert "No coverage" in capsys.readouterr().err
