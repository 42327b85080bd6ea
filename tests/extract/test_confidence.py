"""The confidence of a report: signs, and what they do to the probability."""

import pytest

from include.extract.article import extract_article
from include.extract.confidence import of_report, signs
from include.extract.lexicon import load

PLAIN = "A car bomb killed five people and wounded eight in Sarmin on Sunday."
LONG = " near the market, the school, the mosque, the clinic, the mill" * 4

SIGNS = {
    "no_number": "A car bomb killed dozens and wounded eight people in Sarmin on Sunday.",
    "several_numbers": "A car bomb killed five people and wounded eight in Sarmin on Sunday. Two more people died later.",
    "people_named": "A car bomb killed Ahmad Saleh and wounded eight people in Sarmin on Sunday.",
    "killed_only": "A car bomb killed five people in Sarmin on Sunday.",
    "injured_only": "A car bomb wounded eight people in Sarmin on Sunday.",
    "late": "The town was quiet again. " * 25 + PLAIN,
    "long_sentence": f"A car bomb killed five people and wounded eight in Sarmin on Sunday{LONG}.",
}


def first(text):
    found = extract_article({"text": text, "published_on": None})
    return found.reports[0], len(found.reports)


def test_a_plain_report_has_no_sign_against_it():
    assert not any(signs(*first(PLAIN)).values())


@pytest.mark.parametrize(("sign", "text"), SIGNS.items(), ids=SIGNS)
def test_a_sign_lowers_the_probability(sign, text):
    row, reports = first(text)
    assert {name for name, value in signs(row, reports).items() if value} == {sign}
    assert row["confidence"] < of_report(*first(PLAIN))


def test_an_article_of_several_reports_is_less_sure_of_each():
    row, reports = first(PLAIN)
    assert signs(row, reports + 2)["other_reports"] == 2
    assert of_report(row, reports + 2) < of_report(row, reports)


def test_every_sign_has_a_weight_with_the_reports_behind_it():
    data = load("confidence.yaml")
    assert data["signs"].keys() == signs(*first(PLAIN)).keys()
    assert all(sign["weight"] < 0 and sign["reports"] >= 10 for sign in data["signs"].values())
    assert sum(data["texts"].values()) >= 500
