"""Claims keep what reconciling them needs: which are parts of a total, and from when on a figure can have been stated."""

from datetime import date

import pytest

from include.extract.article import extract_article

PUBLISHED = date(2022, 4, 11)


def claims(text: str) -> list[dict]:
    article = {"article_id": "a", "url": "u", "source": "s", "outlet": "SOHR", "title": None, "text": text, "language": "en"}
    return extract_article(article | {"published_on": PUBLISHED}).claims


@pytest.mark.parametrize(
    "text",
    [
        "SOHR has documented the killing of 52 people in ISIS attacks in the Syrian desert since the beginning of 2022: "
        "44 members of regime forces, five civilians and four members of ISIS.",
        "SOHR has documented the killing of 52 people in ISIS attacks in the Syrian desert since the beginning of 2022:\n"
        "- 44 members of regime forces.\n- 5 civilians, who were killed by mines.\n- 4 members of ISIS.",
        "SOHR has documented 41 attacks by ISIS in the Syrian desert since the beginning of 2022.\n"
        "In those attacks, 52 people were killed: 44 members of regime forces, 5 civilians and 4 members of ISIS.",
    ],
    ids=["after a colon", "in a list", "below a number of attacks"],
)
def test_the_parts_of_a_total_name_it(text):
    found = [c for c in claims(text) if c["measure"] == "killed"]
    total = next(c for c in found if c["value_best"] == 52)
    assert total.get("part_of") is None
    assert {c["value_best"]: c["part_of"] for c in found if c is not total} == dict.fromkeys((44, 5, 4), total["claim_id"])


def test_another_total_of_the_sentence_is_no_part():
    found = claims(
        "61 soldiers were killed in ISIS attacks in the Badia since the beginning of the year, with 69 members of ISIS dead."
    )
    assert [c.get("part_of") for c in found] == [None] * len(found)


@pytest.mark.parametrize(
    "said, first, last",
    [("", PUBLISHED, PUBLISHED), (", the monitor said last month", date(2022, 3, 1), date(2022, 3, 31))],
)
def test_a_figure_was_stated_from_a_day_to_a_day(said, first, last):
    text = f"61 soldiers were killed in ISIS attacks in the Badia since the beginning of the year{said}."
    (claim,) = claims(text)
    assert (claim["as_of_start"], claim["as_of"]) == (first, last)
