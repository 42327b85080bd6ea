"""Places in sentences: what is found, what it means, how precisely it locates, and which one an incident takes."""

import json
import re
import time
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.extract.article import extract_article
from include.extract.gazetteer import distance_km
from include.extract.places import choose_place, find_places

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "dev"
DEAD = re.compile(r"\b(?:kill|injur|wound|dead\b|died)")


def mention(text, place, **kwargs):
    found = [m for m in find_places(text, **kwargs) if m.place == place]
    assert found, f"{place} not found in {[m.place for m in find_places(text, **kwargs)]}"
    return found[0]


def chosen(text, **kwargs):
    trigger = DEAD.search(text)
    return choose_place(find_places(text, **kwargs), 0, len(text), trigger.start() if trigger else None)


@pytest.mark.parametrize(
    ("text", "place", "prec"),
    [
        ("Two men were killed in Tikrit.", "Tikrit", 1),
        ("A bomb went off near Tikrit.", "Tikrit", 2),
        ("A bomb went off on the outskirts of Tikrit.", "Tikrit", 2),
        ("A bomb went off 12 km north of Tikrit.", "Tikrit", 2),
        ("A bomb went off 70 km west of Tikrit.", "Tikrit", 3),
        ("Five died in the eastern countryside of Manbij.", "Manbij", 2),
        ("Five died in the eastern countryside of Homs.", "Homs", 4),
        ("Clashes in Hama's northern countryside killed one.", "Hama", 4),
        ("Five died in northern Aleppo.", "Aleppo", 4),
        ("Five died in Homs governorate.", "Homs", 4),
        ("Five died in the province of Helmand.", "Helmand", 4),
        ("A mine exploded in Spin Boldak district, Kandahar.", "Spin Boldak", 3),
        ("Jets bombed a village in Kanbalu township.", "Kanbalu", 3),
        ("They died on the road from Homs to Palmyra.", "Homs", 5),
        ("They died on the Baghdad-Kirkuk highway.", "Kirkuk", 5),
        ("They died between Jabalia and Beit Lahia.", "Jabalia", 2),
        ("Soldiers died in the Badia.", "Badia", 5),
        ("Soldiers died in the Syrian desert.", "Syrian desert", 5),
        ("Soldiers died in northern Mali.", "Mali", 5),
        ("Soldiers died across Mali.", "Mali", 6),
        ("An ambush near the ancient city of Palmyra killed 11.", "Palmyra", 2),
        ("A clash near the desert town of Rutbah killed two.", "Rutbah", 2),
    ],
)
def test_where_prec_follows_the_wording(text, place, prec):
    assert mention(text, place).where_prec == prec


@pytest.mark.parametrize(
    ("text", "place", "country", "admin1"),
    [
        ("Gunfire killed two in Columbus, Ohio, on Friday.", "Columbus", "USA", "Ohio"),
        ("Gunfire killed two in Columbus, Georgia, on Friday.", "Columbus", "USA", "Georgia"),
        ("Gunfire killed two in Springfield, Ill., on Friday.", "Springfield", "USA", "Illinois"),
        ("Gunfire killed two in Palmyra, Missouri.", "Palmyra", "USA", "Missouri"),
        ("ISIS fighters killed two soldiers in Palmyra.", "Palmyra", "SYR", "Homs"),
        ("A fire killed two in Paris, Texas.", "Paris", "USA", "Texas"),
        ("Rival militias fought in Tripoli, Libya.", "Tripoli", "LBY", "Tripoli"),
        ("Lebanese soldiers were wounded in Tripoli, in northern Lebanon.", "Tripoli", "LBN", "North"),
        ("Houthi shelling killed a child in Sukhnah, Yemen.", "Sukhnah", "YEM", "Hudaydah"),
        ("A drone killed one in the Kherson region of Ukraine.", "Kherson", "UKR", "Kherson"),
        ("A drone killed one in Sumy oblast.", "Sumy", "UKR", "Sumy"),
        ("Police in Baqubah said that gunmen killed one.", "Baqubah", "IRQ", "Diyala"),
        ("The attack took place in Diyala.", "Diyala", "IRQ", "Diyala"),
        ("The Taliban took the district of Khogyani in Nangarhar.", "Khogyani", "AFG", "Nangarhar"),
        ("Fighters died in the town of Hit, Anbar.", "Hit", "IRQ", "Anbar"),
    ],
)
def test_homonyms_are_settled_by_what_else_the_text_says(text, place, country, admin1):
    found = mention(text, place)
    assert (found.country, found.admin1) == (country, admin1)


def test_the_country_of_the_source_settles_a_bare_name():
    assert mention("A strike hit Hama.", "Hama", country="SYR").country == "SYR"
    assert mention("Shells fell in Tripoli.", "Tripoli", country="LBN").country == "LBN"
    assert mention("Shells fell in Tripoli.", "Tripoli").country == "LBY"


def test_places_known_from_the_article_settle_a_bare_name():
    context = find_places("Fighting went on in Beirut, Sidon and Tyre in Lebanon.")
    assert mention("Shells fell in Tripoli.", "Tripoli", context=context).country == "LBN"


@pytest.mark.parametrize(
    "text",
    [
        "The Syrian Observatory for Human Rights counted four dead.",
        "Homs News Network reported the deaths.",
        "The Palestinian Health Ministry counted fifty dead.",
        "Aleppo Media Center published pictures on Monday.",
        "Mohammed Hassan and Ahmad Nasser were killed.",
        "The Qara family lost three sons.",
        "Several soldiers died on Sunday in May.",
        "Four Iranian-backed fighters died, Israeli officials said.",
        "Police said that the driver was dead. Hope faded by noon.",
        "Manbij Military Council lost two fighters.",
        "No group has claimed responsibility for the attack.",
    ],
)
def test_bodies_persons_and_ordinary_words_are_no_places(text):
    assert [m.place for m in find_places(text) if m.role == "location" and m.rule != "bare"] == []
    assert [m.place for m in find_places(text) if m.kind != "country"] == []


@pytest.mark.parametrize(
    ("text", "place", "role"),
    [
        ("A resident of Idlib was killed in Azaz.", "Idlib", "origin"),
        ("Ten died in Niger, a man who fled to Tillaberi town said.", "Tillaberi", "destination"),
        ("Ten died in Lebanon, a source in Amman said.", "Amman", "origin"),
        ("The London-based group counted four dead.", "London", "origin"),
        ("The rockets were fired from Lebanon at Metula.", "Lebanon", "origin"),
        ("Families displaced from Afrin were hit in Azaz.", "Afrin", "origin"),
        ("The wounded were taken to a hospital in Manbij.", "Manbij", "destination"),
        ("Six guards are being treated in Manbij's national hospital.", "Manbij", "destination"),
        ("Six guards were treated after a mine went off in Manbij.", "Manbij", "location"),
        ("A rocket hit Manbij's national hospital and killed six guards.", "Manbij", "location"),
        ("BEIRUT (AP) — Two were killed in Aleppo.", "BEIRUT", "dateline"),
        ("KOBANI, Syria (North Press) – Two were killed in Ain Issa.", "KOBANI", "dateline"),
        ("A bomb killed two 40 km from Mosul.", "Mosul", "location"),
    ],
)
def test_origins_destinations_and_datelines_are_marked(text, place, role):
    assert mention(text, place).role == role


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Shelling killed three in the village of Kafr Qwxa in Idlib.", "Kafr Qwxa"),
        ("Shelling killed three in Qwxabad district of Helmand province.", "Qwxabad"),
        ("Shelling killed three near Qwxabad.", "Qwxabad"),
    ],
)
def test_a_place_that_the_gazetteer_lacks_stays_text_without_coordinates(text, place):
    found = mention(text, place)
    assert (found.name, found.latitude, found.where_prec) == (None, None, None)


def test_an_unknown_place_does_not_blank_the_others():
    found = find_places("Two died in the village of Kafr Qwxa, near Sarmin in Idlib province.")
    assert [(m.place, m.latitude is not None) for m in found] == [("Kafr Qwxa", False), ("Sarmin", True), ("Idlib", True)]


def test_the_incident_takes_the_town_and_not_the_countryside_around_it():
    place = chosen(
        "Three militiamen were killed in a raid on an army post near al-Sukhna city in the eastern countryside of Homs, the "
        "Britain-based Syrian Observatory for Human Rights said."
    )
    assert (place.place, place.admin1, place.country, place.where_prec) == ("al-Sukhna", "Homs", "SYR", 2)
    assert distance_km(place.latitude, place.longitude, 34.89, 38.87) < 5


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("A strike killed five in Khuza'a, east of Khan Younis in the Gaza Strip.", "Khuza'a"),
        ("A strike killed five in Rafah, Gaza Strip.", "Rafah"),
        ("A strike on Jabalia refugee camp in northern Gaza killed five.", "Jabalia refugee camp"),
        ("A man from Raqqa was killed by a mine in Ain Issa and taken to Kobani.", "Ain Issa"),
        ("ALEPPO, Syria (North Press) – A mine killed a child in Tel Rifaat.", "Tel Rifaat"),
        ("Israeli jets struck Nabatieh from the sea, killing two, Lebanon's health ministry said.", "Nabatieh"),
        ("Two people were killed in Wau, and the wounded were flown to hospitals in Juba.", "Wau"),
        ("Two Kabul residents were killed in Ghazni.", "Ghazni"),
    ],
)
def test_the_incident_takes_where_it_happened(text, place):
    assert chosen(text).place == place


def test_an_unknown_village_takes_the_point_of_the_town_that_it_is_near_to():
    place = chosen("A mine killed a shepherd in Qwxa village near Manbij.")
    assert (place.place, place.name, place.where_prec, place.country) == ("Qwxa", "Manbij", 2, "SYR")


def test_an_unknown_village_takes_its_province_with_the_precision_of_a_province():
    place = chosen("A mine killed a shepherd in the village of Qwxa in Nangarhar province.")
    assert (place.place, place.admin1, place.where_prec) == ("Qwxa", "Nangarhar", 4)


def test_a_region_takes_the_province_that_its_sentence_names():
    text = "Four soldiers were killed in the Badia in Homs province."
    assert (chosen(text).place, chosen(text).admin1) == ("Badia", "Homs")


def test_a_sentence_without_a_place_takes_the_nearest_one_around_it():
    text = "Shells fell on Sarmin on Monday. Three children were killed. The army also shelled Aleppo, Damascus said later."
    place = choose_place(find_places(text), 33, 60, 47)
    assert place.place == "Sarmin"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Shelling of the village of Qwxa, southeast of Kobani, injured a child.", "Qwxa"),
        ("An airstrike killed six in Sfuhun, 3 km south of Kafr Nabl.", "Sfuhun"),
        ("A strike in Idlib's Atmeh killed one.", "Atmeh"),
        ("An oil refinery in Haifa was damaged and three killed in an Iran missile strike.", "Haifa"),
        ("Aleppo province: A shell killed a boy in Nubl.", "Nubl"),
        ("The attack killed two outside a school in the Somali capital.", "Somali capital"),
    ],
)
def test_a_place_that_only_helps_to_locate_is_not_taken(text, place):
    assert chosen(text).place == place


def test_an_unknown_neighbourhood_is_as_exact_as_its_town():
    place = chosen("A child was killed in the Qwxa neighbourhood of Afrin.")
    assert (place.place, place.name, place.where_prec) == ("Qwxa", "Afrin", 1)


def test_a_street_named_after_a_town_is_not_in_that_town():
    place = chosen("Two people were shot dead on Madison Street in Chicago.")
    assert (place.place, place.name, place.admin1) == ("Madison Street", "Chicago", "Illinois")


def test_a_headline_means_the_province_where_the_article_goes_on_to_a_village_in_it():
    text = "Shelling kills a child in Aleppo\n\nA child was killed in Atarib in the western countryside of Aleppo on Monday."
    assert [(m.place, m.where_prec) for m in find_places(text)][:2] == [("Aleppo", 4), ("Atarib", 1)]


def test_a_camp_or_quarter_of_another_country_is_not_meant_where_the_text_is_about_this_one():
    sudan = "Shells killed nine people in Yarmouk, in the south of Khartoum, on Monday. Sudan's army fights for the capital."
    assert mention(sudan, "Yarmouk").country != "IRQ"
    assert mention("Shells killed nine people in Yarmouk, in the west of Baghdad, on Monday.", "Yarmouk").country == "IRQ"


def test_a_region_goes_before_a_village_abroad_that_is_known_by_its_name_too():
    text = "A strike hit a Bekaa town at night. Lebanon's army closed the roads; Israel said that it struck Hezbollah."
    assert mention(text, "Bekaa").country == "LBN"


def test_gaza_is_the_strip_unless_the_city_is_said():
    assert mention("Ten people were killed in Gaza.", "Gaza").where_prec == 4
    assert mention("Ten people were killed in Gaza City.", "Gaza City").where_prec == 1


def test_names_broken_by_a_wrapped_line_are_read_whole():
    wire = (
        "The army said on Thursday that a patrol had been attacked on its way to San\n"
        "Salvador and that two soldiers had died of their wounds in the afternoon. The\n"
        "attackers withdrew towards the north, and the army followed them for some\n"
        "hours, while residents of the region stayed in their houses and waited until\n"
        "the evening for news of the others, who had left for the market that morning\n"
        "by bus and had not yet come back to their families.\n"
    )
    assert [m.place for m in find_places(wire)] == ["San\nSalvador"]


def test_nothing_named_gives_no_place():
    assert choose_place([], 0, 10) is None
    assert chosen("Four soldiers were killed on Monday.") is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("explosion in homs kills 3, wounds 10", "homs"),
        ("CAR BOMB IN MOSUL KILLS SEVEN SOLDIERS", "MOSUL"),
        ("Turkish Drone Strike Kills Three In Syria's Kobani", "Kobani"),
        ("قتل ثلاثة جنود في السخنة بريف حمص", "السخنة"),
    ],
)
def test_lines_whose_capitals_tell_nothing_are_read_too(text, place):
    assert mention(text, place).country in ("SYR", "IRQ")


def test_a_headline_of_ordinary_words_has_no_places():
    assert find_places("Police Say Man Shot Dead After Long Chase") == []


def test_mentions_come_in_order_and_do_not_overlap():
    found = find_places("From Homs to Hama, and on to Idlib city in Idlib province, the M5 highway was shelled near Saraqib.")
    assert all(a.end <= b.start for a, b in pairwise(found))
    assert [m.place for m in found] == ["Homs", "Hama", "Idlib", "Idlib", "Saraqib"]


COMMON = "in near of the from to Homs al-Sukhna Idlib Gaza Strip Kabul 12 km north , . ( ) — - : \n killed Ohio ’s village"
WORDS = st.sampled_from(
    [
        *re.split(" ", COMMON),
        "Columbus",
        "İ",
        "ß",
        "السخنة",
        "\u2028",
        "\x85",
        "U.S.",
        "a" * 70,
        "Al",
        "al",
        "de",
        "Syrian",
        "desert",
    ]
)


@given(st.one_of(st.text(max_size=120), st.lists(WORDS, max_size=25).map(" ".join), st.lists(WORDS, max_size=25).map("".join)))
def test_spans_are_true_for_any_text(text):
    found = find_places(text)
    for m in found:
        assert text[m.start : m.end] == m.place
        assert (m.latitude is None) == (m.longitude is None)
        assert m.where_prec in (None, 1, 2, 3, 4, 5, 6)
    choose_place(found, 0, len(text))


@pytest.mark.parametrize(
    "text",
    [
        "Al " * 20_000,
        "of " * 20_000,
        "north east of " * 6_000,
        "Homs, " * 10_000,
        "a" * 60_000,
        "A" + "-a" * 30_000,
        "in the " * 9_000 + "Homs",
    ],
)
def test_long_monotonous_text_takes_linear_time(text):
    begin = time.perf_counter()
    find_places(text)
    assert time.perf_counter() - begin < 60  # quadratic time would take hours


@pytest.mark.parametrize(("name", "share"), [("airwars_gaza", 0.9), ("airwars_syria_sources_en", 0.4)])
def test_real_incidents_are_placed_within_25_km(name, share):
    path = SHARED / f"{name}.jsonl"
    if not path.exists():
        pytest.skip("the shared texts are not there")
    rows = [r for r in map(json.loads, path.read_text(encoding="utf-8").splitlines()) if r["gold"].get("lat") is not None]
    hits = 0
    for row in rows:
        text = row["text"]
        told = DEAD.search(text)
        start = text.rfind(". ", 0, told.start()) + 1 if told else 0
        end = text.find(". ", told.end()) if told else len(text)
        place = choose_place(find_places(text), start, end if end > 0 else len(text), told.start() if told else None)
        gold = float(row["gold"]["lat"]), float(row["gold"]["lon"])
        hits += bool(place and place.latitude is not None and distance_km(place.latitude, place.longitude, *gold) <= 25)
    assert hits / len(rows) >= share


def country_of(text, name):
    """Country and province of the last mention of a name."""
    found = [m for m in find_places(text) if m.place == name]
    assert found, text
    return found[-1].country, found[-1].admin1


def test_a_state_after_the_town_holds_for_every_mention_of_the_town():
    text = "BIRMINGHAM, Ala. - Two people are dead. Birmingham police were called to a lounge in Birmingham."
    assert country_of(text, "Birmingham") == ("USA", "Alabama")
    assert "Ala" not in {m.place for m in find_places(text)}


def test_a_province_that_bears_a_given_name_is_no_person():
    place = mention("Gunmen killed sixteen people in Hela Province on Monday.", "Hela")
    assert (place.country, place.admin1) == ("PNG", "Hela")


def test_a_small_place_abroad_is_not_the_one_that_the_text_puts_in_a_country():
    place = mention("An Israeli strike on Ain Yaaqoub in northern Lebanon killed eight.", "Ain Yaaqoub")
    assert (place.country, place.latitude) == (None, None)


def test_foreign_forces_do_not_move_a_note_abroad():
    assert country_of("Gunmen shot a translator of US forces, Hilla.", "Hilla") == ("IRQ", "Babil")


@pytest.mark.parametrize(
    ("text", "name", "district"),
    [
        ("A mine went off in the Bala Buluk district of Farah.", "Bala Buluk district", "Bala Buluk"),
        ("A bomb hit a class in Dasht-e Barchi, PD18 of Kabul.", "Dasht-e Barchi", "Dasht-e-Barchi"),
        ("A car bomb went off in Ghazaliya, west Baghdad.", "Ghazaliya", "Ghazaliya"),
        ("Men opened fire in the Musawa LGA of Katsina State.", "Musawa", "Musawa"),
    ],
)
def test_districts_of_notes_have_coordinates(text, name, district):
    (place,) = [m for m in find_places(text) if m.place == name]
    assert place.name == district
    assert place.latitude is not None


def test_a_school_is_in_the_town_whose_name_opens_its_own():
    assert mention("Shells hit Khan Yunis Martyrs School.", "Khan Yunis").country == "PSE"


@pytest.mark.parametrize("text", ["A shootout at Wal-Mart.", "Men were found in a house on Charles Brown Road."])
def test_parts_of_longer_names_are_no_known_places(text):
    assert all(m.latitude is None for m in find_places(text))


def test_a_sentence_in_capitals_is_read_word_by_word():
    text = "LIMA, 5 APR 89 -- FIVE PEASANTS WERE MURDERED IN THE VILLAGE OF CAYARA, AYACUCHO, OFFICERS SAID TODAY."
    assert country_of(text, "CAYARA") == ("PER", "Ayacucho")


def test_both_ends_of_a_road_are_places_even_where_one_is_small():
    assert country_of("Bandits ambushed a patrol on the Kankara-Katsina road in Nigeria.", "Kankara") == ("NGA", "Katsina")


def test_an_ordinary_word_that_is_spelled_like_a_place_moves_no_other():
    assert country_of("A bomb went off in PD3 of Jalalabad. There were no deaths.", "Jalalabad") == ("AFG", "Nangarhar")


def test_in_the_vicinity_of_is_read_where_it_is_short():
    assert country_of("A mine hit a convoy IVO Gereshk, Helmand.", "Gereshk") == ("AFG", "Helmand")


@pytest.mark.parametrize(
    ("text", "place", "name", "near"),
    [
        ("A strike killed six at a house on Nablus road, central Khan Younis.", "Nablus", "Khan Yunis", (31.34, 34.31)),
        ("A strike killed two in the Nablus area, west of the Jabalia camp.", "Nablus", "Jabalia camp", (31.54, 34.50)),
        ("Four died near the Nuseirat Camp cemetery, in the Gaza Strip.", "Nuseirat Camp", "Nuseirat", (31.45, 34.39)),
        ("Four died in the neighbourhoods of Qwxa and Salam in Afrin district.", "Qwxa", "Afrin", (36.51, 36.87)),
        (
            "Police killed two in the Jacarezinho favela in northern Rio de Janeiro.",
            "Jacarezinho",
            "Rio de Janeiro",
            (-22.9, -43.2),
        ),
        ("Two died near Pine and Lewis streets in Tulsa, Oklahoma.", "Tulsa", "Tulsa", (36.15, -95.99)),
        ("Rebels ambushed police in Takhar province, near Taloqan, killing ten.", "Taloqan", "Taloqan", (36.74, 69.53)),
        ("Three died in a blast at a Shi'ite mosque in Qwxa, north Baghdad.", "Qwxa", "Baghdad", (33.34, 44.40)),
        ("Four were killed in Qarah in reef Dimashq.", "Qarah", "Qarah", (34.15, 36.74)),
        ("A court in Brussels heard how 200 villagers were killed in Ituri province.", "Ituri", "Ituri", (1.93, 30.38)),
        ("A shell killed one three km from Sarmin.", "Sarmin", "Sarmin", (35.90, 36.73)),
    ],
)
def test_the_place_that_the_text_puts_around_another_decides_where_it_is(text, place, name, near):
    found = chosen(text)
    assert (found.place, found.name) == (place, name)
    assert distance_km(found.latitude, found.longitude, *near) < 25


def test_a_province_no_larger_than_a_district_lends_its_point_to_what_lies_in_it():
    place = chosen("A strike on the Qwxa Mosque in the Gaza Strip killed three.")
    assert (place.place, place.where_prec) == ("Qwxa Mosque", 3)
    assert mention("Ten people were killed in the Gaza Strip.", "Gaza Strip").where_prec == 4


def test_a_place_abroad_that_the_text_mentions_is_not_where_it_happened():
    text = (
        "An Israeli strike hit a house in Qwxa in Gaza on Monday, Palestinian medics said. Three sisters were killed. One of "
        "them had studied in London. Israel gave no comment; medics in Gaza counted the dead."
    )
    start = text.index("Three")
    place = choose_place(find_places(text), start, start + 26, start + 19)
    assert (place.place, place.country) == ("Gaza", "PSE")


def test_the_reporters_city_is_a_dateline_and_that_of_a_byline_an_origin():
    assert mention("BOGOTA - Two died in Putumayo.", "BOGOTA").role == "dateline"
    assert mention("By Ann Writer, Regional News, Abuja\n\nTwo died.", "Abuja").role == "origin"


def test_what_happened_across_a_country_is_in_all_of_it():
    assert chosen("Attacks across Ukraine killed seven.").where_prec == 6
    text = "Attacks across Ukraine killed seven. In Sumy nobody was hurt."
    assert choose_place(find_places(text), 0, 36, 22).name == "Ukraine"


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("Gunmen opened fire on a bus near Chilas.", "Chilas", "PAK"),
        ("Clashes in Marawara district of Kunar killed two.", "Marawara district", "AFG"),
        ("Shelling killed two in Tell Salhib, Hama.", "Tell Salhib", "SYR"),
        ("Gunmen killed two in the commune of Femaye, Mali.", "Femaye", "MLI"),
    ],
)
def test_districts_and_small_towns_are_found(text, name, country):
    place = mention(text, name)
    assert (place.country, place.latitude is not None) == (country, True)


@pytest.mark.parametrize(
    ("text", "place", "name", "admin1"),
    [
        ("GREENWOOD, S.C. - Two died. A Greenwood County coroner named them.", "Greenwood", "Greenwood", "South Carolina"),
        ("QWXAVILLE, N.J. - Three died in their Linden home on Sunday.", "Linden", "Linden", "New Jersey"),
        ("TULSA, Okla. - A man was killed on Peoria Avenue on Sunday.", "Peoria Avenue", "Tulsa", "Oklahoma"),
        ("CHICAGO - Four people were killed in the Englewood neighborhood.", "Englewood", "Chicago", "Illinois"),
        ("A man was shot dead on Savannah's east side.", "Savannah", "Savannah", "Georgia"),
        ("A Gaston County homeowner killed a boy.", "Gaston", "Gaston", "North Carolina"),
        ("One person was killed in north St. Louis.", "St. Louis", "St. Louis", "Missouri"),
        ("Alicia Monroe was killed. Monroe's son was hurt in Saginaw, Michigan.", "Saginaw", "Saginaw", "Michigan"),
        ("DAYTON, Ohio - Two were killed in Fairview. One died at Trinity Hospital.", "Fairview", "Dayton", "Ohio"),
    ],
)
def test_local_news_of_the_united_states_stay_in_their_state(text, place, name, admin1):
    found = chosen(text)
    assert (found.place, found.name, found.admin1, found.country) == (place, name, admin1, "USA")


@pytest.mark.parametrize(
    ("text", "place", "name"),
    [
        ("Militants fired at a bus in Jammu and Kashmir's Reasi district, killing nine.", "Reasi", "Reasi"),
        ("Gunmen killed two in Qwxa, central Basra.", "Qwxa", "Basra"),
        ("Gunmen killed two at a post in Qwxa, between Kirkuk and Erbil.", "Qwxa", "Kirkuk"),
        ("A rocket aimed at Baghdad airport hit a house in Abu Ghraib, killing one.", "Abu Ghraib", "Abu Ghraib"),
        ("A bus travelling to Homs was hit in Sarmin, killing two.", "Sarmin", "Sarmin"),
        ("A bus was hit near Chilas on the Karakoram Highway, killing two.", "Chilas", "Chilas"),
    ],
)
def test_what_is_on_the_way_or_only_helps_to_locate_is_not_where_it_happened(text, place, name):
    assert (chosen(text).place, chosen(text).name) == (place, name)


@pytest.mark.parametrize(
    ("text", "place", "admin1", "near"),
    [
        ("Two died in Khogyani district of Ghazni province.", "Khogyani district", "Ghazni", (33.56, 68.30)),
        ("Two died in Khogyani district of Nangarhar province.", "Khogyani district", "Nangarhar", (34.25, 70.10)),
        ("Two died in Dawlat Abad, Balkh.", "Dawlat Abad", "Balkh", (36.99, 66.81)),
        ("Two died in Darayi Suf-e Bala, Samangan.", "Darayi Suf-e Bala", "Samangan", (35.9, 67.3)),
        ("Two died in Char Kent, Balkh.", "Char Kent", "Balkh", (36.43, 67.07)),
        ("A strike on Al-Habit in Idlib killed two.", "Al-Habit", "Idlib", (35.45, 36.52)),
        ("Two were shot dead in Tal Afar, Ninewa.", "Tal Afar", "Ninewa", (36.38, 42.45)),
    ],
)
def test_spellings_of_one_name_and_names_of_two_places_are_told_apart(text, place, admin1, near):
    found = mention(text, place)
    assert found.admin1 == admin1
    assert distance_km(found.latitude, found.longitude, *near) < 25


def test_abbreviations_are_no_towns():
    text = "Clashes broke out between ANA and Taliban fighters in Wardak. IS took two men in Aleppo."
    assert {m.place for m in find_places(text)} == {"Wardak", "Aleppo"}


def test_an_unknown_village_takes_no_point_of_another_province():
    text = (
        "Aleppo province: A mine exploded on Sunday. Two men died in Qwxa village. A boy from Mayadin in Deir Ezzor died too."
    )
    start = text.index("Two men")
    place = choose_place(find_places(text), start, start + 33, start + 8)
    assert (place.place, place.admin1) == ("Qwxa", "Aleppo")


def test_a_bar_ends_a_line_of_a_headline():
    assert mention("Aleppo chaos | Shells hit jarablus outskirts leaving injuries", "jarablus").name == "Jarablus"
    assert mention("Idlib | Two killed in Sarmin", "Idlib").kind == "admin1"


@pytest.mark.parametrize(
    ("text", "place", "name"),
    [
        ("Bombs went off at Brussels Airport in Zaventem, Belgium, killing two.", "Brussels", "Brussels"),
        ("A court in Charsadda was hit by bombers in Pakistan, killing two.", "Charsadda", "Charsadda"),
        ("A blast at the Supreme Court in Kabul killed two.", "Kabul", "Kabul"),
        ("A car bomb hit a Mogadishu cafe, killing nine.", "Mogadishu", "Mogadishu"),
        ("Two died in Al-Hasakah and Al-Qamishli in Syria.", "Al-Qamishli", "Qamishli"),
    ],
)
def test_what_sits_in_a_town_can_be_what_was_hit(text, place, name):
    found = mention(text, place)
    assert (found.name, found.role) == (name, "location")


def test_a_district_is_told_from_its_namesake_by_the_province():
    assert mention("Two died in Kohistan district of Faryab province.", "Kohistan").admin1 == "Faryab"
    assert mention("Two died in Kohistan district of Kapisa province.", "Kohistan").admin1 == "Kapisa"


@pytest.mark.parametrize(
    ("text", "place", "country"),
    [
        (
            "Gunmen killed nine people in Mushu community. The raid was in Bokkos Local Government Area of Plateau State.",
            "Bokkos",
            "NGA",
        ),
        ("Gunmen killed twelve herders in two villages near the Niger border in Mali.", "Mali", "MLI"),
        ("A boat was shelled on the river near Bamba, and 40 people were killed; it sailed from Gao.", "Bamba", "MLI"),
        ("Raiders killed six in the village of Dogosare in Bankass cercle, Mopti.", "Bankass", "MLI"),
    ],
)
def test_a_name_abroad_loses_to_the_places_around_it(text, place, country):
    place_of = chosen(text)
    assert (place_of.name, place_of.country) == (place, country)


def test_a_hospital_of_a_common_name_is_not_the_one_abroad():
    assert mention("A man was shot and died at Baptist Hospital, the sheriff said.", "Baptist").country is None
    assert mention("Shells hit the Al-Ahli Baptist Hospital.", "Al-Ahli Baptist Hospital").country == "PSE"


def test_a_site_is_found_by_its_other_name_alone():
    assert mention("Missiles struck Aden airport on Sunday.", "Aden airport").country == "YEM"


@pytest.mark.parametrize(
    ("text", "place", "country", "admin1"),
    [
        ("A bomb at the police post of Timba, Cauca, killed two.", "Cauca", "COL", "Cauca"),
        ("A mine killed four militiamen near Gwoza on Monday.", "Gwoza", "NGA", "Borno"),
        ("A bomb killed 63 people at a workers' convention in Khar.", "Khar", "PAK", "Khyber Pakhtunkhwa"),
    ],
)
def test_who_bears_the_name_goes_before_other_spellings_of_it(text, place, country, admin1):
    found = mention(text, place)
    assert (found.country, found.admin1) == (country, admin1)


def test_a_province_may_be_a_second_level_division():
    found = mention("Nine militants died in fighting in Lanao del Sur province on Thursday.", "Lanao del Sur")
    assert (found.name, found.country, found.kind) == ("Lanao del Sur", "PHL", "district")


@pytest.mark.parametrize(
    ("text", "country", "admin1"),
    [
        ("Shelling of the town of Rabia in Syria's northern Latakia province killed two.", "SYR", "Latakia"),
        ("A bomb killed two near Rabia in Iraq's Nineveh province.", "IRQ", "Ninewa"),
        ("Two fighters were killed near Rabia on the Syrian border.", "IRQ", "Ninewa"),
        ("Two fighters were killed near Syrian border\nA bomb hit them near Rabia.", "IRQ", "Ninewa"),
        ("Syrian rebels said two fighters were killed near Rabia.", "SYR", "Latakia"),
    ],
)
def test_the_province_or_the_border_that_the_text_names_tells_which_namesake_is_meant(text, country, admin1):
    found = mention(text, "Rabia")
    assert (found.country, found.admin1) == (country, admin1)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Rockets flew towards Haifa on Sunday after the Beirut strike in which 45 people were killed last Friday.", "Beirut"),
        (
            "Rockets at Israel: Israel says rockets flew towards Haifa after the Beirut strike in which 45 people were killed.",
            "Beirut",
        ),
        ("Rockets flew towards Haifa on Sunday after the Beirut bombing that killed 45 people last Friday.", "Beirut"),
        ("People lay flowers in Moscow for the dead of Dnipro, where 46 people were killed by a missile.", "Dnipro"),
        ("They who went to Ogossagou say that 157 people were killed, fewer than the 160 that Bamako gave.", "Ogossagou"),
        ("Five people were killed in Haifa after the Beirut strike that hit a port.", "Haifa"),
    ],
)
def test_a_clause_on_the_dead_is_of_the_place_that_it_hangs_on(text, name):
    assert chosen(text).name == name


def test_a_village_in_a_namesake_of_its_capital_is_in_the_province():
    assert mention("An air strike on a village in Sagaing killed 100.", "Sagaing").where_prec == 4
    assert mention("An air strike in Sagaing, Myanmar, killed 100.", "Sagaing").where_prec == 1


def test_a_headline_means_the_province_that_the_text_goes_on_to_name():
    text = "Air strikes kill nine in Syria's Idlib\nThe strikes hit a town in Syria's rebel-held Idlib province on Friday."
    assert {m.where_prec for m in find_places(text) if m.place == "Idlib"} == {4}
    address = "Air strikes kill nine in Homs\nHoms, Homs Governorate, Syria"
    assert mention(address, "Homs").where_prec == 1


def test_a_province_rules_out_a_namesake_abroad_even_where_only_that_is_known():
    text = "Seventeen soldiers were killed in an ambush near Koutougou in the Tillabéri region on Tuesday."
    place = chosen(text)
    assert (place.place, place.admin1, place.country, place.where_prec) == ("Koutougou", "Tillaberi", "NER", 4)
    assert mention("Two were killed in Koutougou in the Sahel region.", "Koutougou").country == "BFA"


@pytest.mark.parametrize("village", ["Solhan", "Arbinda"])
def test_a_name_is_the_place_where_the_text_puts_it_wherever_it_is_named(village):
    text = f"Gunmen killed nine soldiers near {village} in the Tillaberi region.\n\nNine soldiers die near {village}"
    assert {m.country for m in find_places(text) if m.place == village} == {None}  # the one of Burkina Faso is another


def test_a_headline_shortens_the_name_of_a_province():
    text = "Rebels killed four policemen in Agusan del Norte province on Friday.\n\nFour policemen killed in Agusan"
    assert {(m.name, m.admin1) for m in find_places(text)} == {("Agusan del Norte", "Caraga")}


def test_a_place_across_a_river_does_not_lie_in_it():
    assert mention("A shell killed two men in Mosul, across the Tigris from the ruins.", "Mosul").admin1 == "Ninewa"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("A blast at a market in Lashkar Gah killed five people, police in Kandahar said.", "Lashkar Gah"),
        ("The Red Cross in Bunia has buried 14 people killed in the raid on Tchabi.", "Tchabi"),
        ("The governor's office in Maiduguri condemned the killing of 43 farmers in Zabarmari.", "Zabarmari"),
        ("Relatives in Beirut mourned five people who were killed in Nabatieh.", "Nabatieh"),
        ("A mine in the town of Baiji killed two children, officials in Tikrit told reporters.", "Baiji"),
        ("Two children were killed by a mine, officials in Tikrit said.", "Tikrit"),
    ],
)
def test_where_officials_speak_is_the_place_only_where_no_other_is_named(text, place):
    assert chosen(text).place == place


def test_a_people_is_no_place():
    assert chosen("The army struck Teso rebels in northern Uganda and killed six.").place == "Uganda"


@pytest.mark.parametrize(
    ("text", "country"), [("A bomb killed two men in Gulshan.", None), ("A bomb killed two men in Samawa.", "IRQ")]
)
def test_a_small_town_abroad_that_is_also_known_by_a_name_is_not_it(text, country):
    assert [m.country for m in find_places(text)] == [country]


def test_a_place_that_no_gazetteer_has_is_in_the_one_country_of_the_article():
    article = {"article_id": "a", "text": "Gunmen killed six herders in Tankoro Beri on Sunday, the government of Niger said."}
    (report,) = extract_article(article).reports
    assert (report["place"], report["country"], report.get("latitude")) == ("Tankoro Beri", "NER", None)


@pytest.mark.parametrize(
    ("text", "place", "country"),
    [
        ("Israeli warplanes struck a house in Tibnin and killed three people.", "Tibnin", "LBN"),
        ("Russian jets bombed a market in Kostiantynivka and killed three people.", "Kostiantynivka", "UKR"),
        ("Israeli jets struck the eastern Lebanese town of Qwxa and killed five. Israel gave no comment.", "Qwxa", "LBN"),
        ("A shell hit San Pedro and killed four, Paraguayan police said.", "San Pedro", "PRY"),
        ("Insurgents killed two in Qwxa, Muang district of Yala.", "Yala", "THA"),
        ("Gunmen killed three in Arauquita, one of them a Venezuelan citizen, in Colombia.", "Arauquita", "COL"),
        ("A shell killed two in Inates, on the border with Mali.", "Inates", "NER"),
        ("Inates: four soldiers killed on Monday.", "Inates", "NER"),
        ("Four died at the mission of Qwxa, in the circle of Niono.", "Niono", "MLI"),
        ("Police in Hindi found two bodies. Gunmen killed three in Lamu, Kenya.", "Hindi", None),
    ],
)
def test_the_country_of_a_name_is_settled_by_what_the_words_around_say(text, place, country):
    assert mention(text, place).country == country


def test_the_capital_is_that_of_the_country_that_the_text_is_about():
    assert chosen("Gunmen killed four people in the capital on Monday, Afghan officials said.").name == "Kabul"
    assert chosen("Gunmen killed four people in the capital of Borno state.").name == "Borno"
    assert find_places("Gunmen killed four people in the capital. The army of Mali and that of Chad met.")[0].name != "Bamako"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Moscow on Friday demanded that Ukraine say why nine residents of Horlivka were killed.", "Horlivka"),
        ("A bomb killed six in Jolo on Monday, the army in Manila said.", "Jolo"),
        ("An attack near the borders with Mali and Burkina Faso killed nine in Niger.", "Niger"),
        ("A car bomb at a Bogota police academy killed 22.", "Bogota"),
        ("Gunmen killed 148 people at Garissa University.", "Garissa"),
        ("The remains of two truckers killed in South Sudan arrived in Entebbe.", "South Sudan"),
        ("Ghana sent more men to Bawku after 13 farmers were killed in Togo.", "Togo"),
        ("A blast in Tulunan killed a pupil who was treated in Kidapawan.", "Tulunan"),
        ("Gunmen killed 51 in Ethiopia, in a village some 400 km from Addis Ababa.", "Ethiopia"),
        ("Gunmen of the Fulani village of Ogossagou were killed.", "Ogossagou"),
        ("WASHINGTON/KABUL - Air strikes killed 11 in eastern Afghanistan.", "Afghanistan"),
        ("Roma -- Gunmen killed a nun in Chipene, Mozambique.", "Chipene"),
    ],
)
def test_the_place_of_those_who_speak_travel_or_are_treated_is_not_where_it_happened(text, place):
    assert chosen(text).place == place


def test_what_stands_in_a_list_is_of_a_kind():
    places = {m.place: m.kind for m in find_places("Bombs that fell on Paktika and Khost killed eleven.")}
    assert places == {"Paktika": "admin1", "Khost": "admin1"}


def test_the_outlet_and_the_provinces_named_settle_homonyms():
    assert find_places("Gunmen killed nine in Maro.", outlet="Kaduna Gazette")[0].country != "TCD"
    assert find_places("Five died in Santa Rosa.", outlet="Manila Courier")[0].country == "PHL"
    assert mention("Nine died in Nasarawa, a farming community in Bukkuyum in Zamfara State.", "Nasarawa").admin1 != "Nasarawa"


def test_a_place_that_no_gazetteer_has_is_in_the_one_country_spoken_of():
    assert mention("The Cameroonian army says that five died at the village of Qwxa.", "Qwxa").country == "CMR"
    assert mention("The Italian nun died at the village of Qwxa.", "Qwxa").country is None


def test_the_dateline_of_a_capital_does_not_place_a_village():
    text = "BOGOTA - Attacks in the Qwxa region killed 27 people."
    assert chosen(text).latitude is None


def test_a_name_with_an_apostrophe_is_read_whole():
    assert mention("Two people were killed in Cox's Bazar.", "Cox's Bazar").country == "BGD"


def test_the_armed_group_settles_homonyms():
    assert find_places("Four men were killed in San Pablo.", fighters=["COL"])[0].country == "COL"


def test_a_capitals_dateline_is_not_the_place_of_what_happened_elsewhere_in_the_country():
    somewhere = chosen("QUITO -- Gunmen killed ten people in a village on the northern coast on Friday.")
    assert (somewhere.name, somewhere.where_prec) == ("Ecuador", 6)
    assert chosen("QUITO -- Gunmen killed ten people at a bar on Friday.").name == "Quito"


def test_a_camp_of_a_town_lies_near_it():
    assert mention("Nine people were killed at Goma camp.", "Goma").where_prec == 2


def test_an_attack_is_in_the_country_that_it_is_called_after_unless_its_forces_fight_abroad():
    assert mention("The Niger attack killed nine soldiers.", "Niger").role == "location"
    assert mention("The Israel strike killed nine people.", "Israel").role == "origin"
