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


def test_a_line_of_a_list_counts_the_one_person_whom_it_names():
    text = (
        "Since early 2022, SOHR has documented attacks in the Badia which left 6 people dead.\nThe fatalities are as follows:\n"
        "- Three members of regime forces.\n- An Afghan militiaman of Liwa Fatemiyoun.\n- A member of Hezbollah.\n"
        "- The commander of the brigade."
    )
    found = [(c["value_best"], c["victim_class"]) for c in claims(text) if c.get("part_of")]
    assert found == [(3, "state_forces"), (1, "pro_government_militia"), (1, "pro_government_militia"), (1, "unknown")]


def test_a_line_of_a_list_that_a_month_heads_is_of_that_month():
    text = (
        "SOHR has documented 5 drone attacks on Aleppo since the beginning of 2022, which left 7 people dead.\n"
        "The attacks are distributed as follows:\n- January: Three attacks left four people dead.\n"
        "- March: Two attacks killed three."
    )
    months = {c["value_best"]: (c["period_start"], c["period_end"]) for c in claims(text) if c["value_best"] in (4, 3)}
    assert months[4] == (date(2022, 1, 1), date(2022, 1, 31))


def test_an_area_known_by_its_holder_is_no_place():
    text = (
        "In Al-Busayrah in eastern Syria nothing moved. SOHR has documented the killing of 33 people by ISIS in areas held by "
        "the SDF since the beginning of 2022."
    )
    (claim,) = claims(text)
    assert (claim["area"], claim["country"], claim.get("admin1")) == ("areas held by the SDF", "SYR", None)


def test_an_area_carries_its_name_in_the_gazetteer_also_where_the_text_only_says_again():
    text = (
        "The Badia, a desert in Syria, is vast. In the desert, 61 soldiers were killed by ISIS since the beginning of the year."
    )
    (claim,) = claims(text)
    assert (claim["area"], claim["area_name"], claim["where_prec"]) == ("the desert", "Badia", 5)


def test_a_war_that_began_and_has_killed_many_is_a_total_and_no_incident():
    text = (
        "Shells killed two men in Kherson on Sunday. The war, which began in April last year, has killed thousands of people."
    )
    found = extract_article({"article_id": "a", "text": text, "published_on": date(2022, 4, 11)})
    assert [r["killed_low"] for r in found.reports] == [2]
    assert [c["value_low"] for c in found.claims] == [2000]
