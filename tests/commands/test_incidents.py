import json

import pytest

from include.__main__ import main
from include.datasets.ids import short
from tests.commands.conftest import ID_A


def test_incidents_show_when_where_who_and_how_many(ledger, shown):
    text = shown("incidents", "--lake", ledger)
    assert "1 incident" in text
    for cell in (short(ID_A), "2022-04-10", "As Sukhnah, Homs, SYR", "ISIS", "5 [4-?]", "fair", "2/2"):
        assert cell in text


@pytest.mark.parametrize("wanted", [["--year", "2022"], ["--month", "2022-04"], ["--min-killed", "5"], ["--grading", "fair"]])
def test_incidents_that_are_asked_for_are_there_as_json(ledger, capsys, wanted):
    assert main(["incidents", "--lake", ledger, "--json", "--country", "SYR", *wanted]) == 0
    (row,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (row["incident_id"], row["date_start"], row["year"], row["report_ids"]) == (ID_A, "2022-04-10", 2022, ["a", "b"])


@pytest.mark.parametrize(
    "wanted", [["--year", "2021"], ["--month", "2022-03"], ["--min-killed", "6"], ["--grading", "weak"], ["--country", "IRQ"]]
)
def test_incidents_that_nobody_recorded_are_an_error_that_says_so(ledger, capsys, wanted):
    assert main(["incidents", "--lake", ledger, *wanted]) == 1
    assert "None of the incidents" in capsys.readouterr().err


def test_a_lake_without_incidents_is_an_error_that_helps(tmp_path, capsys):
    assert main(["incidents", "--lake", str(tmp_path)]) == 1
    assert "No incidents in the lake" in capsys.readouterr().err


def test_a_month_that_is_none_is_refused(ledger, capsys):
    with pytest.raises(SystemExit):
        main(["incidents", "--lake", ledger, "--month", "2022-13"])
    assert "write it as YYYY-MM" in capsys.readouterr().err
