import json

import pytest

from include.__main__ import main
from include.aggregate.reconcile.rows import reconcile
from include.commands.reconcile import claim as in_words
from include.commands.reconcile import claims_table
from include.datasets.catalogue import RECONCILIATION
from include.datasets.lake import Lake
from tests.aggregate.claims import ARMY, area, claim, frame, incident
from tests.aggregate.factory import BAGHDAD, ISIS, day, killed

CLAIMS = (
    claim("a", 52, said="2022-03-09"),
    claim("p", 49, ARMY, said="2022-03-09", part_of="a", article_id="article of a"),
    claim("b", 61, said="2022-04-10"),
    claim(
        "u", (350001, 350001, None), dict.fromkeys(ISIS), area="Syria", monitor="United Nations", period_start=day("2011-03-01")
    ),
    claim("i", 3, area="Iraq", country="IRQ", said="2021-12-31", since="2021-12-01"),
)


@pytest.fixture
def lake(tmp_path):
    lake = Lake(tmp_path)
    rows = reconcile(
        CLAIMS,
        frame(incident("x", killed(4)), incident("y", killed(2, 2, 9), BAGHDAD)),
        begins=dict.fromkeys(("SYR", "IRQ"), day("2021-01-01")),
    )
    for year in {r["year"] for r in rows}:
        of_year = [{k: v for k, v in r.items() if k != "year"} for r in rows if r["year"] == year]
        lake.write(RECONCILIATION, {"year": year}, RECONCILIATION.name, of_year)
    return str(tmp_path)


def test_the_table_shows_claim_explanation_residual_status_and_note(lake, capsys):
    assert main(["reconcile", "--lake", lake]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "61 killed, by ISIS, Badia, 1 Jan - 10 Apr 2022" in shown
    assert "57 not in the ledger" in shown
    assert "350,001 or more killed" in shown and "the period begins before the ledger" in shown


def test_the_series_shows_deltas_and_arithmetic(lake, capsys):
    main(["reconcile", "--lake", lake])
    shown = capsys.readouterr().out
    assert "+9" in shown and "more than found" in shown and "parts short: 49" in shown


def test_a_standing_total_is_shown_with_all_its_parts():
    parts = {"part_of": "c", "article_id": "article of c"}
    rows = reconcile([claim("c", 52), claim("p", 44, ARMY, parts), claim("later", 63, ARMY, said="2022-05-02")], frame())
    assert "  of these 44 state forces" in list(claims_table(rows).columns[0].cells)


def test_a_part_that_stands_is_shown_when_its_total_does_not():
    parts = {"part_of": "c", "article_id": "article of c"}
    rows = reconcile([claim("c", 52), claim("p", 44, ARMY, parts), claim("later", 63, said="2022-05-02")], frame())
    assert "44 killed, state forces, by ISIS, Badia, 1 Jan - 11 Apr 2022" in list(claims_table(rows).columns[0].cells)


@pytest.mark.parametrize(
    "filters, wanted",
    [
        (["--country", "IRQ"], {"i"}),
        (["--year", "2021"], {"i"}),
        (["--monitor", "united"], {"u"}),
        ([], {"a", "b", "i", "p", "u"}),
    ],
)
def test_json_lines_have_the_columns_and_the_filters_hold(lake, capsys, filters, wanted):
    assert main(["reconcile", "--lake", lake, "--json", *filters]) == 0
    rows = list(map(json.loads, capsys.readouterr().out.splitlines()))
    assert {r["claim_id"] for r in rows} == wanted
    assert all(set(RECONCILIATION.schema.names) <= r.keys() for r in rows)


def test_nothing_to_show_is_an_error_that_says_why(tmp_path, capsys):
    assert main(["reconcile", "--lake", str(tmp_path)]) == 1
    assert "python -m include aggregate" in " ".join(capsys.readouterr().err.split())


def test_filters_that_leave_nothing_name_what_there_is(lake, capsys):
    assert main(["reconcile", "--lake", lake, "--monitor", "nobody"]) == 1
    told = " ".join(capsys.readouterr().err.split())
    assert "2021, 2022" in told and "IRQ, SYR" in told and "United Nations" in told


def test_a_claim_reads_as_a_sentence():
    (row,) = reconcile([claim("c", 61, ARMY, area(None), since="2021-06-01", said="2022-04-11")], frame())
    assert in_words(row) == "61 killed, state forces, by ISIS, SYR, 1 Jun 2021 - 11 Apr 2022"


@pytest.mark.parametrize(
    "value, words",
    [(61, "61"), ((350001, 350001, None), "350,001 or more"), ((None, None, 9), "9 or fewer"), ((3, None, 9), "3-9")],
)
def test_a_figure_reads_as_the_monitor_gave_it(value, words):
    (row,) = reconcile([claim("c", value)], frame())
    assert in_words(row).startswith(f"{words} killed")
