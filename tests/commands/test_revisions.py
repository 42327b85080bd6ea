import json

from include.__main__ import main


def test_revisions_show_the_killed_of_each_month_by_age(ledger, shown):
    text = shown("revisions", "--lake", ledger)
    assert "2022-03 - - - 0 0 0 0" in text and "2022-04 - 5 5 5 5 5 5" in text
    assert "to the next age - +0%" in text and "months it rests on 0 1 1" in text


def test_revisions_as_json_are_the_months_and_then_the_steps(ledger, capsys):
    main(["revisions", "--lake", ledger, "--json", "--year", "2022"])
    rows = list(map(json.loads, capsys.readouterr().out.splitlines()))
    assert [r["month"] for r in rows[:2]] == [3, 4] and rows[1]["after_7"] == 5
    assert [(r["after"], r["until"]) for r in rows[2:4]] == [(0, 7), (7, 30)]


def test_revisions_of_a_year_without_any_are_an_error(ledger, capsys):
    assert main(["revisions", "--lake", ledger, "--year", "2001"]) == 1
    assert "Nothing of 2001 is recorded" in capsys.readouterr().err
