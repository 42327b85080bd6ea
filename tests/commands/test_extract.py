"""`python -m include extract` as another program would use it: a process, its standard input and its standard output."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.commands.extract import _from_line, answered
from include.datasets.catalogue import CLAIMS, REPORTS

PROJECT = Path(__file__).parents[2]
AMBUSH = (
    "Five policemen were killed and three others were wounded on Saturday when gunmen ambushed their patrol near Tuz Khurmatu "
    "in Salahuddin province, the Interior Ministry said."
)


def badia(*args, stdin=""):
    return subprocess.run(
        [sys.executable, "-m", "include", *args], cwd=PROJECT, input=stdin, capture_output=True, text=True, check=False
    )


def lines(done):
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_json_lines_come_out_one_for_one_and_in_order():
    rows = [{"id": i, "title": None, "text": AMBUSH if i % 2 else "It rained.", "published_at": "2022-03-14"} for i in range(6)]
    done = badia("extract", stdin="".join(json.dumps(r) + "\n" for r in rows))
    answers = lines(done)
    assert done.returncode == 0 and done.stderr == ""
    assert [a["id"] for a in answers] == list(range(6))
    assert [len(a["reports"]) for a in answers] == [0, 1, 0, 1, 0, 1]
    report = answers[1]["reports"][0]
    assert (report["killed_low"], report["killed_best"], report["killed_high"]) == (5, 5, 5)
    assert (report["injured_best"], report["date_start"], report["country"]) == (3, "2022-03-12", "IRQ")


def test_a_report_has_the_columns_of_reports_and_a_claim_those_of_claims():
    text = (
        AMBUSH + " At least 40 policemen have been killed in the province since the beginning of the year, the ministry said."
    )
    (answer,) = lines(badia("extract", stdin=json.dumps({"id": 1, "text": text, "published_at": "2022-03-14"})))
    assert set(answer["reports"][0]) == {c.name for c in REPORTS.columns}
    assert set(answer["claims"][0]) == {c.name for c in CLAIMS.columns}
    for receipt in answer["reports"][0]["evidence"]:
        assert set(receipt) == {"field", "phrase", "part", "start", "end", "rule"}
        assert text[receipt["start"] : receipt["end"]] == receipt["phrase"]


def test_a_bad_line_is_named_on_its_own_line_and_the_rest_goes_on():
    good = json.dumps({"id": "good", "text": AMBUSH})
    bad = {
        "{not json": "line 2 is not JSON",
        "[1, 2]": "JSON list",
        '{"id": "b"}': "text is None",
        '{"id": "b", "text": 7}': "text is 7",
        '{"id": "b", "text": "x", "published_at": "last week"}': "published_at is 'last week'",
    }
    done = badia("extract", stdin="\n".join([good, *bad, good]))
    first, *named, last = lines(done)
    for answer, problem in zip(named, bad.values(), strict=True):
        assert problem in answer["error"]["message"]
    assert first == last and first["reports"]
    assert done.returncode == 1


PAGE = (
    "<!doctype html><html lang=en><head><title>Ambush kills five policemen near Tuz Khurmatu</title></head><body>"
    f"<article><h1>Ambush kills five policemen near Tuz Khurmatu</h1><p>{AMBUSH}</p>"
    "<p>The province's governor condemned the attack and promised that those behind it would be found and tried.</p>"
    "</article></body></html>"
)


def test_a_page_as_the_text_of_a_line_is_cleaned_first():
    plain, page = lines(
        badia("extract", stdin="\n".join(json.dumps({"text": t, "published_at": "2022-03-14"}) for t in (AMBUSH, PAGE)))
    )
    assert "<" not in page["reports"][0]["sentence"]
    for name in ("killed_best", "injured_best", "date_start", "place", "url"):
        assert plain["reports"][0][name] == page["reports"][0][name]


def test_a_page_without_text_is_a_bad_line():
    (answer,) = lines(badia("extract", stdin=json.dumps({"id": "e", "text": "<html><body></body></html>"})))
    assert answer["error"]["type"] == "bad_input" and "line 1" in answer["error"]["message"]


def test_a_text_file_and_an_html_page_give_the_same(tmp_path):
    (tmp_path / "a.txt").write_text(AMBUSH)
    (tmp_path / "a.html").write_text(PAGE)
    done = badia("extract", "--published", "2022-03-14", str(tmp_path / "a.txt"), str(tmp_path / "a.html"))
    text, page = lines(done)
    for name in ("killed_best", "injured_best", "date_start", "place", "admin1"):
        assert text["reports"][0][name] == page["reports"][0][name] is not None


@pytest.mark.parametrize("mode, killed", [("range", (24, None, 99)), ("acled", (12, 12, 12)), ("gtd", (None, None, None))])
def test_the_codebook_for_vague_numbers_can_be_chosen(mode, killed):
    text = "Dozens of soldiers were killed in a rebel attack on their base in Hama."
    (report,) = answered({"id": 1, "article_id": "1", "text": text}, mode)["reports"]
    assert tuple(report[f"killed_{bound}"] for bound in ("low", "best", "high")) == killed


def test_a_file_that_is_not_there_is_an_error_line_and_the_others_go_on(tmp_path):
    (tmp_path / "a.txt").write_text(AMBUSH)
    missing, there = lines(badia("extract", str(tmp_path / "none.txt"), str(tmp_path / "a.txt")))
    assert "none.txt" in missing["error"]["message"] and there["reports"]


def test_a_date_that_is_none_is_refused_with_an_example():
    done = badia("extract", "--published", "11.4.2022", "x.txt")
    assert done.returncode == 2 and "2022-04-11" in done.stderr


def test_help_teaches_the_four_stages():
    done = badia("--help")
    assert all(word in done.stdout for word in ("scrape", "clean", "extract --pending", "aggregate", "tallies", "explain"))


def test_half_a_surrogate_pair_comes_back_as_it_went_in():
    text = AMBUSH.replace("Saturday", "Saturday \ud83d")
    (answer,) = lines(badia("extract", stdin=json.dumps({"id": "\ud83d", "text": text})))
    assert answer["id"] == "\ud83d" and "\ud83d" in answer["reports"][0]["sentence"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20), lambda v: st.lists(v, max_size=3)
)


@given(st.binary(max_size=60) | st.dictionaries(st.sampled_from(["id", "title", "text", "published_at", "x"]), JSON))
@settings(deadline=None)
def test_any_line_gives_an_answer_or_says_what_is_wrong_with_it(line):
    answer = answered(_from_line(line if isinstance(line, bytes) else json.dumps(line).encode(), 1), "range")
    assert set(answer) in ({"id", "error"}, {"id", "reports", "claims", "not_counted"})
