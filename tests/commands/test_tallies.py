import io
import json
from datetime import UTC, datetime

import pytest
from rich.console import Console

from include.__main__ import main
from include.aggregate.decisions import decision, record
from include.commands.output import WIDTH
from include.commands.tallies import figure, show_tallies
from include.datasets.catalogue import MONTHLY_TALLIES
from include.datasets.ids import short
from include.datasets.lake import Lake
from tests.datasets.rows import NO_INCIDENTS

ROW = NO_INCIDENTS | {
    "country": "SYR", "admin1": "Homs", "perpetrator": "ISIS", "victim_class": "state_forces", "n_incidents": 2,
    "killed_low": 5, "killed_best": 6, "n_open_ended": 1, "n_weak": 1,
}  # fmt: skip


@pytest.fixture
def lake(tmp_path):
    lake = Lake(tmp_path)
    lake.write(MONTHLY_TALLIES, {"year": 2022}, "tallies", [ROW | {"month": 3}, ROW | {"month": 4, "country": "IRQ"}])
    lake.write(MONTHLY_TALLIES, {"year": 0}, "tallies", [ROW | {"month": 0}])
    return str(tmp_path)


def test_the_table_shows_ranges_with_their_open_end(lake, capsys):
    assert main(["tallies", "--lake", lake]) == 0
    shown = capsys.readouterr().out
    assert "2022-03" in shown and "undated" in shown and "6 [5-?]" in shown and "state forces" in shown


def test_json_lines_have_the_columns_and_the_filters_hold(lake, capsys):
    main(["tallies", "--lake", lake, "--json", "--year", "2022", "--country", "IRQ"])
    (row,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (row["year"], row["month"], row["killed_low"], row["killed_high"]) == (2022, 4, 5, None)


def test_a_year_or_country_without_tallies_is_an_error_that_says_what_there_is(lake, capsys):
    assert main(["tallies", "--lake", lake, "--country", "jor"]) == 1
    told = capsys.readouterr()
    assert not told.out and "years 0, 2022 (0: no date); countries IRQ, SYR" in told.err and "no sign of peace" in told.err
    assert main(["tallies", "--lake", lake, "--country", "irq"]) == 0


def test_no_tallies_at_all_is_an_error_and_not_an_empty_table(tmp_path, capsys):
    assert main(["tallies", "--lake", str(tmp_path)]) == 1
    assert "No tallies" in capsys.readouterr().err


@pytest.mark.parametrize(
    "low, best, high, shown",
    [(4, 4, 4, "4"), (24, None, 99, "24 [24-99]"), (5, 5, None, "5 [5-?]"), (None, None, None, ""), (0, 0, 0, "0")],
)
def test_a_range_reads_best_first(low, best, high, shown):
    assert figure({"killed_low": low, "killed_best": best, "killed_high": high}, "killed") == shown


# -- as of


def test_tallies_as_of_a_day_are_those_of_its_end(ledger, shown):
    text = shown("tallies", "--lake", ledger, "--as-of", "2022-05-01")
    assert "as of 2022-05-01 23:59 UTC (run of 2022-05-01 06:00 UTC)" in text and "Baghdad" in text
    text = shown("tallies", "--lake", ledger, "--as-of", "2022-05-02T06:00:00Z", "--country", "SYR")
    assert "(run of 2022-05-02 06:00 UTC, the last of 2 since 2022-05-01 06:00 UTC)" in text and "5 [4-?]" in text


def test_tallies_as_of_have_the_columns_of_the_tallies(ledger, capsys):
    main(["tallies", "--lake", ledger, "--as-of", "2022-05-01", "--json", "--year", "2022", "--country", "IRQ"])
    (row,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (row["month"], row["n_incidents"], row["killed_best"]) == (3, 1, 1)


def test_tallies_as_of_say_what_they_cannot_tell_any_more(ledger, capsys):
    at = datetime(2022, 5, 1, 5, tzinfo=UTC)
    unsure = decision("unsure", ["a"], ["c"], by="Jane", why="one attack or two", decided_at=at)
    record(Lake(ledger), [unsure])
    assert main(["tallies", "--lake", ledger, "--as-of", "2022-05-01", "--json"]) == 0
    told = capsys.readouterr()
    assert f"in doubt by {short(unsure['decision_id'])} cannot be told any more" in told.err
    assert "told by articles as they read today (2), not as they read then (1)" in told.err
    rows = [json.loads(line) for line in told.out.splitlines()]
    assert {row["n_in_doubt"] for row in rows if (row["country"], row["month"]) == ("IRQ", 3)} == {None}
    assert main(["tallies", "--lake", ledger, "--as-of", "2022-05-01"]) == 0


def test_tallies_as_of_a_day_before_the_first_run_say_when_that_was(ledger, capsys):
    assert main(["tallies", "--lake", ledger, "--as-of", "2022-04-30"]) == 2
    assert "knows nothing before its first run, of 2022-05-01 06:00 UTC" in capsys.readouterr().err


def test_tallies_as_of_in_a_lake_without_a_ledger_say_so(tmp_path, capsys):
    assert main(["tallies", "--lake", str(tmp_path), "--as-of", "2022-04-30"]) == 2
    assert "recorded nothing yet" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["2022-4-30", "yesterday", "2022-04-30T18:00", "2022-02-30"])
def test_an_as_of_that_is_no_day_and_no_instant_is_refused(ledger, capsys, text):
    with pytest.raises(SystemExit):
        main(["tallies", "--lake", ledger, "--as-of", text])
    assert "is no day" in capsys.readouterr().err


def shown(*rows, width=WIDTH):
    console = Console(width=width, record=True, file=io.StringIO())
    rows = [{c.name: None for c in MONTHLY_TALLIES.columns} | row for row in rows]
    show_tallies(console, rows)
    return [line.rstrip() for line in console.export_text().splitlines()]


MARCH = ROW | {"year": 2022, "month": 3, "n_incidents": 3, "n_weak": 1}
APRIL = MARCH | {"month": 4, "killed_low": 2, "killed_best": 2, "killed_high": 2, "n_unlocated": 3}


def line(lines, *starts):
    (found,) = [words for words in map(str.split, lines) if words[: len(starts)] == list(starts)]
    return found[len(starts) :]


def test_months_and_the_whole_are_summed_and_shares_are_of_incidents():
    lines = shown(MARCH, MARCH | {"admin1": "Hama", "n_incidents": 1}, APRIL)
    assert line(lines, "2022-03", "SYR", "Homs", "ISIS", "state", "forces") == ["3", "6", "[5-?]", "33%", "0%", "0%"]
    assert line(lines, "2022-03", "all") == ["4", "12", "[10-?]", "50%", "0%", "0%"]
    assert line(lines, "all") == ["7", "14", "[12-?]", "43%", "43%", "0%"]
    assert not [words for words in map(str.split, lines) if words[:2] == ["2022-04", "all"]], "one row is its month's sum"


def test_what_decisions_leave_open_has_a_column_where_there_is_any():
    assert not any("in doubt" in text for text in shown(MARCH))
    lines = shown(MARCH | {"n_in_doubt": 1, "killed_doubt_low": -3, "killed_doubt_high": 0}, APRIL)
    assert any("in doubt" in text for text in lines)
    assert any("killed -3/+0" in text for text in lines if text.startswith(" all"))


def test_silence_is_marked_and_the_sources_named_below():
    quiet = dict.fromkeys(("admin1", "perpetrator", "victim_class", "killed_low", "killed_best")) | NO_INCIDENTS
    lines = shown(MARCH, MARCH | quiet | {"month": 4, "country": "IRQ", "silent_sources": ["sohr", "wire"]})
    assert line(lines, "2022-04", "IRQ", "*") == ["-", "-", "-", "0"]
    assert "* 2022-04 IRQ: fewer articles than usual from sohr, wire" in lines


def test_a_table_of_all_that_can_be_shown_is_no_wider_than_a_page():
    stems = ("killed", "injured", "casualties", "killed_women", "killed_children")
    figures = {f"{stem}_{b}": n for stem in stems for b, n in (("low", 100), ("best", 200), ("high", 999))}
    doubts = {
        "n_in_doubt": 1,
        "killed_doubt_low": -33,
        "killed_doubt_high": 0,
        "injured_doubt_low": -5,
        "injured_doubt_high": 7,
    }
    lines = shown(MARCH | figures | doubts | {"perpetrator": "Syrian government forces", "admin1": "Deir ez-Zor"})
    assert max(map(len, lines)) <= WIDTH
    assert any(text.count("200 [100-999]") == 3 and "200 / 200" in text for text in lines)


def test_a_narrow_terminal_goes_without_columns_and_never_cuts_a_figure():
    figures = {f"{m}_{b}": n for m in ("killed", "injured") for b, n in (("low", 100), ("best", 200), ("high", 999))}
    lines = shown(MARCH | figures | {"killed_women_best": 3}, APRIL, width=80)
    assert max(map(len, lines)) <= 80
    assert any(text.startswith(" 2022-03  SYR ") and "200 [100-999]" in text for text in lines)
    assert "Too narrow for injured, women / children killed, weak, unlocated, imprecise: " in " ".join(lines)
    lines = shown(MARCH | figures, APRIL, width=30)
    assert any("200 [100-999]" in text for text in lines), "rather too wide than cut"
