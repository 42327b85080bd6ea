"""Sentences of several places or days: an incident for each."""

from datetime import date

import pytest

from include.extract.article import extract_article

TUESDAY = date(2023, 3, 7)


def told(text, title=None):
    """Killed, injured and place of each report."""
    found = extract_article({"article_id": "a", "title": title, "text": text, "published_on": TUESDAY})
    return [(r.get("killed_best"), r.get("injured_best"), r.get("place")) for r in found.reports]


@pytest.mark.parametrize(
    ("sentence", "incidents"),
    [
        ("In Multan a bomb killed nine; gunmen shot dead four in Quetta.", [(9, None, "Multan"), (4, None, "Quetta")]),
        ("Rebels killed six farmers near Beni, while in Bunia a grenade wounded 12.", [(6, None, "Beni"), (None, 12, "Bunia")]),
        ("Shells killed seven people in Kherson and two in Sumy.", [(7, None, "Kherson"), (2, None, "Sumy")]),
        ("Five people were killed in Homs, three others in Hama and one near Latakia in air strikes.",
         [(5, None, "Homs"), (3, None, "Hama"), (1, None, "Latakia")]),
        ("Eight people were killed in strikes on Tyre and three in Baalbek.", [(8, None, "Tyre"), (3, None, "Baalbek")]),
        ("A drone killed a nurse in Nikopol, a driver in Kherson and two policemen in Sumy.",
         [(1, None, "Nikopol"), (1, None, "Kherson"), (2, None, "Sumy")]),
    ],
)  # fmt: skip
def test_each_place_of_a_sentence_has_its_own_incident_and_count(sentence, incidents):
    assert told(sentence) == incidents


@pytest.mark.parametrize(
    ("sentence", "incident"),
    [
        ("A bomb killed six people in Mosul and wounded 11 others, two of them from Erbil.", (6, 11, "Mosul")),
        ("An air strike killed ten people in Beirut and three in its suburb of Haret Hreik.", (13, None, "Beirut")),
        ("A blast in Kirkuk killed five people; two of the wounded were taken to a hospital in Erbil.", (5, None, "Kirkuk")),
        ("The governor said in Jos that six people were killed and nine injured in raids on Wase.", (6, 9, "Wase")),
        (
            "In Kherson six people were killed and nine injured when shells hit a bus on the road to Mykolaiv.",
            (6, 9, "Kherson"),
        ),
        ("Police in Jos said that gunmen killed six people and that nine others were hurt in Wase.", (6, 9, "Wase")),
        ("HOMS: Six people were killed and nine hurt when a mine went off in Palmyra.", (6, 9, "Palmyra")),
    ],
)
def test_a_place_that_is_none_of_the_attack_makes_no_second_incident(sentence, incident):
    assert told(sentence)[0] == incident
    assert len(told(sentence)) == 1


def test_a_total_over_the_places_is_not_counted_again():
    sentence = "Bombs killed 11 people in Baghdad and five in Mosul on Monday, police said."
    places = [(11, None, "Baghdad"), (5, None, "Mosul")]
    assert told(sentence, title="Bombs kill 16 in Iraq") == places
    assert told("Bombs killed 16 people in Iraq on Monday. They killed 11 in Baghdad and five in Mosul, police said.") == places


def test_each_clause_of_its_own_names_its_own_perpetrator_and_day():
    sentence = "The Taliban killed six policemen in Kunduz on Sunday; in Jalalabad, a bomb killed three traders on Monday."
    found = extract_article({"article_id": "a", "text": sentence, "published_on": TUESDAY}).reports
    assert [(r.get("perpetrator_id"), r["date_start"].day, r["event_type"]) for r in found] == [
        ("taliban", 5, "unknown"),
        (None, 6, "explosion"),
    ]


def test_a_verb_said_once_has_its_subject_for_every_place():
    found = extract_article(
        {"article_id": "a", "text": "Israeli strikes killed four people in Tyre and six in Baalbek."}
    ).reports
    assert {r["perpetrator"] for r in found} == {"Israeli"}
    assert len({r["report_id"] for r in found}) == 2


def test_an_earlier_attack_in_the_sentence_keeps_its_place_to_itself():
    sentence = "Mali's army killed nine militants near Gao on Monday, two days after a bomb in Mopti killed five soldiers."
    found = extract_article({"article_id": "a", "text": sentence, "published_on": TUESDAY}).reports
    assert [(r["mention_role"], r["killed_best"], r["place"]) for r in found] == [
        ("main_event", 9, "Gao"),
        ("background_reference", 5, "Mopti"),
    ]


def test_a_clause_that_names_no_more_than_a_country_has_no_town_of_another_incident():
    sentence = "Turkey bombed camps in Iraq, killing four fighters, after a rocket killed two people in Kilis."
    assert [place for _, _, place in told(sentence)] == ["Iraq", "Kilis"]


@pytest.mark.parametrize(
    ("title", "text", "incidents"),
    [
        ("Violence kills 30 in Nigeria",
         "Gunmen killed 30 people in Nigeria on Sunday. In Jos, 14 people died in a raid. In Maiduguri, a bomb killed 11.",
         [(14, None, "Jos"), (11, None, "Maiduguri")]),
        ("Rebels kill 20 in Mali",
         "An assault on a convoy killed 12 civilians on Sunday. Eight soldiers died in an attack on a camp near Gao.",
         [(12, None, "Mali"), (8, None, "Gao")]),
        ("Bomb kills 20 in Mali",
         "A bomb killed 20 people in Mali on Sunday. Twelve civilians died at once. Eight soldiers died in hospital.",
         [(20, None, "Mali")]),
        ("Violence kills 300 in Nigeria",
         "Gunmen killed 300 people in Nigeria on Sunday. In Jos, 14 people died in a raid. In Maiduguri, a bomb killed 11.",
         [(300, None, "Jos"), (11, None, "Maiduguri")]),
    ],
)  # fmt: skip
def test_a_count_of_an_area_is_no_incident_beside_those_of_its_towns(title, text, incidents):
    assert told(text, title) == incidents


@pytest.mark.parametrize(
    ("sentence", "incidents"),
    [
        (
            "Two soldiers died on Monday in an ambush near Daquq, where 13 policemen were killed at the weekend.",
            [(2, "2023-03-06", "Daquq"), (13, "2023-03-04", "Daquq")],
        ),
        (
            "A gunman killed seven people in Jos on Friday and a second attack wounded a man and his son on Saturday.",
            [(7, "2023-03-03", "Jos"), (None, "2023-03-04", "Jos")],
        ),
    ],
)
def test_each_day_of_a_sentence_has_its_own_incident(sentence, incidents):
    found = extract_article({"article_id": "a", "text": sentence, "published_on": TUESDAY}).reports
    assert [(r.get("killed_best"), r["date_start"].isoformat(), r["place"]) for r in found] == incidents


def test_the_day_on_which_some_of_the_hurt_died_is_no_second_incident():
    (report,) = extract_article(
        {
            "article_id": "a",
            "text": "A bomb killed two men in Jos on Sunday and a third died on Monday.",
            "published_on": TUESDAY,
        }
    ).reports
    assert report["date_start"] == date(2023, 3, 5)


def test_towns_near_each_other_have_incidents_of_their_own():
    text = "On Sunday an air raid on a tent in al-Mawasi killed eight people, and gunfire in Rafah killed six."
    assert told(text) == [(8, None, "al-Mawasi"), (6, None, "Rafah")]


@pytest.mark.parametrize(
    ("text", "killed"),
    [
        ("Gunmen killed 12 people near Jos on Monday. In Bukuru nine traders had been murdered.", [12, 9]),
        ("A bomb killed nine people at a checkpoint near Arish on Monday. A smaller attack on a bank left one dead.", [9, 1]),
        ("A bomb killed nine people in Jos on Monday. Hours earlier, late in Bukuru, gunmen killed 12.", [9, 12]),
        ("Gunmen killed 12 people in Jos on Monday. Police said that ten people had been killed.", [12]),
        ("Gunmen killed 12 people in Jos on Monday. Five others had been wounded there.", [12]),
        (
            "The raid on Jos killed nine people on Monday. It came in answer to the attack of 1 March in which 15 people died.",
            [9, 15],
        ),
        (
            "Shells killed 12 people in Tyre on Sunday. In Baalbek ten people died, and in Nabatieh nine people died.",
            [12, 10, 9],
        ),
        (
            "Fighters stormed a post in Arsal on Friday. Two men were shot dead. On Sunday they took a school: eight died.",
            [2, 8],
        ),
        ("In January, 14 farmers were killed in Bama; in February, gunmen killed 40 at Koshobe.", [14, 40]),
    ],
)
def test_an_incident_of_another_time_or_town_told_in_the_next_sentence_is_its_own(text, killed):
    assert [number for number, *_ in told(text)] == killed


def test_a_verb_said_once_for_two_days_tells_of_two_incidents():
    sentence = "Shells killed three people in Kherson on Monday and nine on Sunday."
    found = extract_article({"article_id": "a", "text": sentence, "published_on": TUESDAY}).reports
    assert [(r["killed_best"], r["date_start"].day) for r in found] == [(3, 6), (9, 5)]
