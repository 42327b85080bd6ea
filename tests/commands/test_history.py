import json

from include.__main__ import main
from include.datasets.ids import short
from tests.commands.conftest import ID_A, ID_B, ID_FAR, SAME


def test_a_life_tells_what_changed_and_which_report_and_decision_did_it(ledger, shown):
    text = shown("history", short(ID_A), "--lake", ledger)
    assert f"Incident {short(ID_A)}" in text and "2022-04-10, As Sukhnah, Homs, SYR, ISIS" in text
    assert "2022-05-01 06:00 UTC recorded date 2022-04-10 · place As Sukhnah, Homs, SYR" in text
    assert "2022-05-02 06:00 UTC changed killed 4 → 5 [4-?]" in text
    assert "+ Outlet b, 2022-04-12: “This is the sentence that says what report b says.”" in text
    assert f"decided same ({short(SAME['decision_id'])}) by Jane on 2022-05-01 12:00 UTC: one attack in two reports" in text
    assert "other rules 2" in text


def test_an_id_that_became_part_of_another_leads_there(ledger, shown):
    text = shown("history", short(ID_B), "--lake", ledger)
    assert f"2022-05-02 06:00 UTC merged into {short(ID_A)}" in text
    assert f"Incident {short(ID_A)} {ID_A}" in text and f"holds the founding report of {short(ID_B)} now" in text


def test_an_incident_whose_reports_are_gone_says_so(ledger, shown):
    text = shown("history", ID_FAR, "--lake", ledger)
    assert "removed: its reports are gone" in text and "no incident goes on in its place" in text
    assert f"report {short('c')}, which the lake no longer has" in text


def test_an_unknown_id_names_the_nearest(ledger, capsys):
    assert main(["history", short(ID_A)[:-1] + "x", "--lake", ledger]) == 2
    assert f"the ids most like it are {short(ID_A)}" in capsys.readouterr().err


def test_json_lines_have_the_old_and_the_new_value(ledger, capsys):
    main(["history", ID_B, "--lake", ledger, "--json"])
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(r["incident_id"], r["change"]) for r in rows] == [
        (ID_B, "added"),
        (ID_B, "merged"),
        (ID_A, "added"),
        (ID_A, "changed"),
    ]
    assert {r["current_id"] for r in rows} == {ID_A}
    assert rows[3]["changed"]["killed_best"] == [4, 5]
    assert (rows[3]["joined"][0]["outlet"], rows[3]["decisions"][0]["why"]) == ("Outlet b", "one attack in two reports")
