"""The place of what an article goes back to, where it only points to one that it named before; and one name, one place."""

from datetime import date

import pytest

from include.extract.article import extract_article
from include.extract.places import find_places

MONDAY = date(2022, 4, 11)


def reports(text, title=None, **article):
    return extract_article({"article_id": "a", "title": title, "text": text, "published_on": MONDAY} | article).reports


def background(text, **article):
    return next(r for r in reports(text, **article) if r["mention_role"] == "background_reference")


@pytest.mark.parametrize(
    ("text", "place", "prec"),
    [
        ("A bomb killed two in Jalalabad on Sunday. Last month a blast in the city killed nine.", "Jalalabad", 1),
        ("A bomb killed two in Jalalabad on Sunday. Last month a blast in the same city killed nine.", "Jalalabad", 1),
        ("A bomb killed two in Jalalabad on Sunday. Last month a blast at the city's airport killed nine.", "Jalalabad", 1),
        ("A bomb killed two in Jalalabad on Sunday. Last month a blast there killed nine.", "Jalalabad", 1),
        ("A bomb killed two in Jalalabad on Sunday. The city saw worse in March, when a blast killed nine.", "Jalalabad", 1),
        ("A bomb killed two in Jalalabad on Sunday. Last month an ambush on the same road killed nine.", "Jalalabad", 2),
        ("A bomb killed two in Jalalabad on Sunday. Last month a blast in the same area killed nine.", "Jalalabad", 3),
        ("Shells killed a boy in Taiz on Sunday, medics said, a day after two women died in the same city.", "Taiz", 1),
        (
            "A mine killed two near Maiduguri, Borno state, on Sunday. Last week gunmen killed six in the same state.",
            "Borno",
            4,
        ),
        ("A bomb killed two in Jalalabad on Sunday. Last month a blast in Kunduz killed nine.", "Kunduz", 1),
        ("A bomb killed two in Jalalabad on Sunday. Last month a blast killed nine.", None, None),
    ],
)
def test_a_background_reference_takes_the_place_that_it_points_back_to(text, place, prec):
    report = background(text)
    assert (report.get("place"), report.get("where_prec")) == (place, prec)
    rule = next((e["rule"] for e in report["evidence"] if e["field"] == "place"), None)
    assert (rule == "place.again") == (place in ("Jalalabad", "Taiz", "Borno"))


def test_the_place_of_an_earlier_incident_is_not_that_of_the_one_told_beside_it():
    text = "Drones killed two men inside Syria on Sunday, a monitor said, two days after a rocket killed a boy in Gaziantep."
    now, before = sorted(reports(text), key=lambda r: r["mention_role"], reverse=True)
    assert (now["place"], now["country"]) == ("Syria", "SYR")
    assert (before["place"], before["country"]) == ("Gaziantep", "TUR")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("A mortar shell killed two in the northern town of Azaz, health officials in Aleppo said.", "Azaz"),
        ("Gunmen shot dead a teacher in Tikrit, police in Baghdad said.", "Tikrit"),
        ("Gunmen shot dead a teacher, police in Tikrit said.", "Tikrit"),
        ("A hospital run by volunteers in Idlib received the bodies of four women after a strike on Saraqib.", "Saraqib"),
        ("Troops closed the road from Mekele. A drone killed nine people in Togosa, in Tigray.", "Togosa"),
        ("A car bomb killed five people in the Karrada business district of central Baghdad.", "Karrada"),
    ],
)
def test_those_who_speak_or_take_in_the_wounded_are_elsewhere(text, place):
    assert reports(text)[0]["place"] == place


@pytest.mark.parametrize(
    ("text", "title", "country", "admin1"),
    [
        ("Two men were shot dead in Hyderabad, Sindh, on Sunday.", "Hyderabad shooting: two dead", "PAK", "Sindh"),
        ("Two men were shot dead in Hyderabad, Sindh, on Sunday.", "Sindh: two shot dead in Hyderabad", "PAK", "Sindh"),
        (
            "Raiders killed 12 soldiers near Koutougou in the Tillaberi region on Sunday.",
            "Raid on Koutougou kills 12",
            "NER",
            "Tillaberi",
        ),
        (
            "Two soldiers were killed in a raid in Nueva Ecija province on Sunday.",
            "Two soldiers killed in Nueva raid",
            "PHL",
            None,
        ),
    ],
)
def test_a_name_means_one_place_throughout_an_article(text, title, country, admin1):
    (report,) = reports(text, title)
    assert report["country"] == country
    assert admin1 in (None, report["admin1"])


def test_across_a_river_is_not_in_it():
    (omdurman, *_) = find_places("A shell killed a porter in Omdurman, across the Nile from Sudan's capital.")
    assert (omdurman.name, omdurman.country) == ("Omdurman", "SDN")


def test_a_people_that_no_gazetteer_has_is_no_place():
    assert [p.place for p in find_places("Drones struck Zaghawa fighters in Sudan.")] == ["Sudan"]
