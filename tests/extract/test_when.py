"""Which day an incident gets, out of the days that an article names."""

from datetime import date

import pytest

from include.extract.article import extract_article

MONDAY = date(2022, 4, 11)


def when(text, title=None, published_on=MONDAY):
    """(start, end, precision) of the article's first main event, as ISO days."""
    article = {"article_id": "a", "title": title, "text": text, "published_on": published_on}
    report = next(r for r in extract_article(article).reports if r["mention_role"] == "main_event")
    return *(d and d.isoformat() for d in (report["date_start"], report["date_end"])), report["date_prec"]


def day(text, title=None, published_on=MONDAY):
    """The day of the article's first main event; null where it has none or several."""
    start, end, _ = when(text, title, published_on)
    return start if start == end else None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Two men were shot late Saturday night in the 2300 block of Elm Street.", "2022-04-09"),
        ("Two men were shot just after 2 a.m. Saturday outside a bar.", "2022-04-09"),
        ("A man was killed Monday morning when somebody fired into his car.", "2022-04-11"),
        ("A man was shot dead early Sunday, police said Monday.", "2022-04-10"),
        ("A man was shot dead on Friday, April 8, at a car wash.", "2022-04-08"),
        ("A man was shot dead on New Year's Eve in Toledo.", "2021-12-31"),
        ("A stray bullet fired on New Year's Eve killed a woman.", "2021-12-31"),
        ("On the evening of the 7th, gunmen killed two guards.", "2022-04-07"),
        ("On 5 April, gunmen killed two guards in Ghazni.", "2022-04-05"),
        ("As reported on 7 April, gunmen killed two guards in Ghazni.", "2022-04-07"),
        ("Around 3 April, gunmen killed two guards in Ghazni.", "2022-04-03"),
        ("Two guards were killed in Tuesday's attack.", "2022-04-05"),
        ("A man hurt in Friday's bombing died, taking the number of people killed to six.", "2022-04-08"),
        ("Gunmen killed two guards in the early hours of Thursday.", "2022-04-07"),
    ],
)
def test_day_beside_the_casualties(text, expected):
    assert day(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Between 3 and 5 April, gunmen killed two guards in Ghazni.", ("2022-04-03", "2022-04-05", 2)),
        ("During the night of 4-5 April, gunmen killed two guards.", ("2022-04-04", "2022-04-05", 2)),
        ("Gunmen killed two guards overnight Friday to Saturday.", ("2022-04-08", "2022-04-09", 2)),
        ("Gunmen killed two guards late Friday or early Saturday.", ("2022-04-08", "2022-04-09", 2)),
        ("Two guards were killed in a drone strike in the night to Sunday.", ("2022-04-09", "2022-04-10", 2)),
        ("In the week of 28 March, gunmen killed two guards.", ("2022-03-28", "2022-04-03", 3)),
        ("Gunmen killed two guards sometime between 14 March and 2 April.", ("2022-03-14", "2022-04-02", 4)),
        ("Two guards were killed in an ambush, a monitor said early Monday.", ("2022-04-10", "2022-04-11", 2)),
    ],
)
def test_some_days(text, expected):
    assert when(text) == expected


@pytest.mark.parametrize(("clock", "expected"), [("1:30 a.m.", "2022-04-11"), ("10:45 p.m.", "2022-04-10"), ("1 hour", None)])
def test_time_of_the_clock_says_which_day_of_the_night_it_was(clock, expected):
    assert day(f"A shooting overnight left one man dead.\nOfficers were called to Main Street about {clock}") == expected


@pytest.mark.parametrize(
    "text",
    [
        "A boy died Sunday, a day after he was shot in a park.",
        "A girl was shot in the chest on Saturday. She died Sunday morning at Mercy Hospital.",
        "A man was shot dead in a bar on Saturday. His brother was arrested Sunday.",
        "Two people were charged Monday in a Saturday shooting that killed a man.",
        "A warehouse worker was ordered held without bond Monday for the killing of a man. Prosecutors say he opened fire on "
        "him Saturday morning.",
        "The man suspected of killing a deputy was captured Sunday in a barn. The deputy was shot Saturday night.",
        "Police have two men in custody after Saturday's home invasion that left a woman dead.",
        "Funerals were held on Sunday for three of the four boys killed when a rocket hit a pitch on Saturday.",
        "Four soldiers were killed in an ambush. Their convoy was attacked on Saturday. On Sunday the minister condemned it.",
        "Two soldiers were killed. The army said that gunmen opened fire on the post on Saturday morning.",
        "Two people were killed over the weekend. The gunfire erupted about 2 a.m. Saturday.",
        "A coroner said Monday that a mother of two has died. She had been in hospital since Saturday, when someone shot her.",
        "Seven people were killed in an attack. The gunmen got off a train on Saturday and opened fire.",
        "Crowds called for revenge on Sunday at the funerals of 84 people killed by two bombs on Saturday.",
        "On Saturday evening two friends were riding in a truck when a car drew up beside them and its driver opened fire. "
        "One of them was shot in the head. He died Sunday at Methodist.",
        "A third person has died after a shooting. The woman, 32, died Sunday at Mercy West. Three people got out of a van and "
        "fired into a crowd in the 800 block of Lime Street around 12:30 a.m. Saturday.",
        "A policeman who was wounded in a bomb attack on Saturday died of his wounds on Sunday.",
        "Thousands marched on Sunday to protest against the killing of a reporter, who was shot dead on Saturday.",
        "Dozens gathered Sunday night to remember a woman who was shot and killed on Saturday on Oak Street.",
        "Gunmen kidnapped 30 villagers on Thursday and killed four of them on Saturday.",
        "The bodies of six miners who were abducted on 2 April were found on 9 April in a ditch. They had been shot.",
        "On 9 April (as reported on 10 April), gunmen killed a teacher.",
        "A boy was shot Saturday and died from his injuries Sunday, according to the medical examiner.",
        "Investigators on Sunday continued to search for the gunman who killed a clerk at a store Saturday night.",
        "The suspect in the shooting of a woman turned himself in to police on Sunday. She was shot at a club on Saturday.",
        "A bond hearing was held Sunday for a man charged in an April 9 shooting that left his cousin dead.",
        "UPDATE (Sunday, 9:30 a.m.): Deputies found a second body. EARLIER: A woman was found shot to death Saturday night.",
    ],
)
def test_day_of_what_happened_goes_before_the_days_of_what_followed(text):
    assert day(text) == "2022-04-09"


def test_day_in_court_dates_no_incident():
    assert when("A man was sentenced on Friday to life in prison for the killing of two policemen.")[0] is None


@pytest.mark.parametrize(
    "stamp",
    [
        "Published: Apr. 10, 2022 at 7:12 AM CDT",
        "Updated 10:42 PM, April 10, 2022",
        "Posted at 5:10 p.m. on April 10, 2022",
        "April 10, 2022 5:10 PM",
    ],
)
def test_line_that_says_when_a_text_was_published_does_not_date_the_incident(stamp):
    assert day(f"{stamp}\nA man was shot dead outside a shop. Officers were called there Saturday night.") == "2022-04-09"
    assert when(f"{stamp}\nA man was shot dead outside a shop.", published_on=None)[2] == 2


def test_day_on_which_people_died_is_the_day_where_no_other_is_told():
    assert day("Two people died on Saturday when a bomb exploded. The mayor came to the market on Friday.") == "2022-04-09"
    assert day("Two men were shot in a park. One of them died Saturday.") == "2022-04-09"


def test_note_of_what_was_reported_on_a_day():
    text = "On 5 April 2022, it was reported that two guards were killed by gunmen. A guard was found missing on 7 April."
    assert day(text) == "2022-04-05"


def test_feast_in_a_name_does_not_date_the_incident():
    text = "Four people were killed in a shooting at a Halloween party late Saturday."
    assert day(text, published_on=date(2022, 10, 31)) == "2022-10-29"


def test_feast_that_an_attack_is_named_for_gives_way_to_its_days():
    title = "At least 40 villagers killed in Christmas attacks"
    text = "The number of people killed in raids on villages has risen to 40. Gunmen came from late on Saturday until Monday."
    assert when(text, title, date(2023, 12, 26)) == ("2023-12-23", "2023-12-25", 2)


def test_title_without_a_day_has_that_of_the_first_sentences():
    title = "Two brothers killed, cousin hurt in shooting"
    text = "Police are looking for whoever shot three members of one family Sunday night. Officers came at 9:52 p.m."
    assert day(text, title) == "2022-04-10"


def test_older_incident_further_down_does_not_date_the_first():
    text = "No one was hurt when shots were fired into a home early Sunday. In March, a man was wounded two blocks away."
    assert day(text, "Shots fired into home, no one hurt") == "2022-04-10"


def test_why_there_is_no_date_is_said_where_the_lead_names_a_day():
    text = "On Monday October 23rd, a shell hit a house. Two people were killed, a neighbour said."
    (report,) = extract_article({"article_id": "a", "text": text}).reports
    assert (report["date_start"], report["date_reason"], report["date_phrase"]) == (
        None,
        "no_publication_date",
        "Monday October 23rd",
    )


def test_dateline_after_a_correction_is_the_day_of_writing():
    text = "(Corrects the place)\n\nBAQUBAH, Iraq, April 6 (Newswire) - Five farmers were killed by a mine on Tuesday."
    assert day(text) == "2022-04-05"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Dozens laid flowers on Sunday for the three clerks who were shot dead by a customer as he left on Friday.",
            "2022-04-08",
        ),
        (
            "Two teenagers were hurt in a shooting outside a gym, and police were asking for the public's help Sunday.\n"
            "The shooting was reported at 6:20 p.m. Friday in the 300 block of Oak Street.",
            "2022-04-08",
        ),
        (
            "A man faces a murder charge in the March 22 death of Peter Small, 61, who was found shot in his garage.",
            "2022-03-22",
        ),
        (
            "Police called the killings brutal; a fourth man died on Friday, bringing the number of dead in the "
            "March 24 case to six.",
            "2022-03-24",
        ),
        ("A man was shot dead in the 1400 block of Walnut Street, 4/5, 10:37 p.m.", "2022-04-05"),
    ],
)
def test_day_of_something_else_in_the_sentence_is_not_taken(text, expected):
    assert day(text) == expected


def test_day_of_the_lead_goes_before_an_overnight_of_the_title():
    assert (
        day("Two men were shot dead outside a bar late Saturday, police said.", "Overnight shooting leaves 2 dead")
        == "2022-04-09"
    )


def test_a_day_earlier_counts_from_what_happened_and_not_from_what_was_said():
    article = {
        "article_id": "a",
        "title": None,
        "text": "A bomb killed three guards in Ghazni on Saturday, an official said on Monday.\n"
        "A day earlier, gunmen killed two teachers in Kunduz.",
        "published_on": MONDAY,
    }
    assert [str(r["date_start"]) for r in extract_article(article).reports] == ["2022-04-09", "2022-04-08"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The toll from the market bombing in Beni on Friday has climbed to 14 dead, the mayor said on Sunday.",
            "2022-04-08",
        ),
        ("The number of people killed in the raid on Thursday has gone up to nine, the mayor said on Monday.", "2022-04-07"),
        ("Gunmen shot up a church on Friday. The toll rose to 12 dead early on Saturday, a priest said.", "2022-04-08"),
        (
            "Rescuers ended the search under the bombed school on Monday. Nine people had been killed, officials said.",
            "2022-04-05",
        ),
        ("The toll of the shelling rose to six dead on Monday, a doctor said.", "2022-04-05"),
        ("Mali began two days of mourning on Sunday for 11 soldiers killed in an ambush the day before.", "2022-04-09"),
        ("Relatives laid wreaths on Sunday on the graves of six men killed in Friday's raid.", "2022-04-08"),
        ("Villagers buried four men killed by gunmen on Friday, an elder said on Monday.", "2022-04-08"),
    ],
)
def test_a_toll_that_rose_and_those_who_mourn_leave_the_day_to_the_attack(text, expected):
    assert when(text)[0] == expected


def test_a_sentence_that_opens_an_event_with_its_day_goes_before_the_days_around_it():
    text = "Bandits abducted two drivers outside Gusau on Monday. On Saturday a raid on a farm there had killed seven people."
    assert day(text) == "2022-04-09"


def test_the_evening_before_somebody_spoke():
    assert (
        day("The army said on Sunday that rebels had stormed a post the previous evening, killing two guards.") == "2022-04-09"
    )
    text = "The army said on Sunday that it was over. Rebels had stormed a post the previous day, killing two guards."
    assert day(text) is None


def background(text, published_on=MONDAY):
    article = {"article_id": "a", "text": text, "published_on": published_on}
    return next(r for r in extract_article(article).reports if r["mention_role"] == "background_reference")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Shells killed a boy in Taiz on Sunday, medics said, a day after two women died in the city.", date(2022, 4, 9)),
        ("A mine killed a farmer on Sunday, police said, two days after a car bomb killed four traders.", date(2022, 4, 8)),
        ("Raiders struck a camp on Sunday, killing three people, the UN said, a day after they killed five.", date(2022, 4, 9)),
        (
            "Troops shot two men in Jos on Sunday. One was held over the 3 March bombing of a bus, which killed nine.",
            date(2022, 3, 3),
        ),
        ("Troops shot two men in Jos on Sunday. In August last year a blast there killed nine.", date(2021, 8, 1)),
    ],
)
def test_the_day_of_what_a_sentence_goes_back_to(text, expected):
    assert background(text)["date_start"] == expected


def test_since_a_month_when_something_happened_is_that_month():
    text = "A drone killed two men in Kherson on Sunday. It was the deadliest raid there since March, when a shell killed nine."
    assert background(text)["date_start"] == date(2022, 3, 1)
    assert background(text)["date_end"] == date(2022, 3, 31)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The toll of the massacre at Beni has gone up to 41, a priest said on Sunday; the raid was the worst in years.",
            ("2022-04-04", "2022-04-10", 3),
        ),
        (
            "Rescuers ended their search of the ruined school on Friday. Nine people had been killed by the missile.",
            ("2022-04-02", "2022-04-08", 3),
        ),
        ("Officials put the toll of the car bomb at 31 on Saturday.", ("2022-04-03", "2022-04-09", 3)),
        ("The toll of Friday's blast stood at 11 dead on Sunday.", ("2022-04-08", "2022-04-08", 1)),
        (
            "The number of dead in the raid on the port last Wednesday has reached 37 after two died in hospital.",
            ("2022-04-06", "2022-04-06", 1),
        ),
        (
            "The toll of the strike in Saada stands at 82 dead, doctors said Saturday, a day after the prison was hit.",
            ("2022-04-08", "2022-04-08", 1),
        ),
    ],
)
def test_the_day_of_a_count_gives_the_week_before_it_where_no_day_of_the_attack_is_told(text, expected):
    assert when(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Crews in Izium on Sunday cleared a house that a rocket had torn open a day earlier, killing three.", "2022-04-09"),
        ("Rebels burned a mill on Thursday. A day later, artillery killed 40 people in Bangui.", "2022-04-08"),
        ("The army conceded on Sunday that a drone had killed two guards.", None),
        ("At least two people died in an attack on a camp. The offensive on the town began on March 20.", None),
        ("Two hours after the shooting in Jos, gunmen killed a farmer.", None),
    ],
)
def test_days_told_from_other_days_and_days_of_other_things(text, expected):
    assert day(text) == expected


@pytest.mark.parametrize(
    ("text", "published_on", "expected"),
    [
        ("Shops reopened on Sunday, two nights after gunmen killed six people in Jos.", MONDAY, "2022-04-08"),
        ("A vigil was held on Sunday, one year to the day after a bomb killed nine people in Jos.", MONDAY, "2021-04-10"),
        ("Families met on Sunday, the first anniversary of the raid on Jos in which nine were killed.", MONDAY, "2021-04-10"),
        ("Guards were hired after the March rocket attack on Jos, in which nine people died.", MONDAY, "2022-03-01"),
    ],
)
def test_the_day_of_what_is_remembered(text, published_on, expected):
    (report,) = extract_article({"article_id": "a", "text": text, "published_on": published_on}).reports
    assert report["date_start"].isoformat() == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("An overnight strike on Tyre killed six people, the ministry said on Sunday.", ("2022-04-09", "2022-04-10", 2)),
        ("The ministry said on Sunday that six people died in an overnight strike on Tyre.", ("2022-04-09", "2022-04-10", 2)),
        ("An overnight strike on Tyre killed six people. The ministry spoke on Sunday.", ("2022-04-10", "2022-04-11", 2)),
        ("An overnight strike on Tyre killed six people, the ministry said on Monday.", ("2022-04-10", "2022-04-11", 2)),
    ],
)
def test_overnight_is_the_night_before_somebody_told_of_it(text, expected):
    assert when(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Families in Jos counted their dead on Sunday after rockets killed 16 people the evening before.", "2022-04-09"),
        ("Troops swept Jos on Sunday after an ambush in which nine soldiers were killed a day earlier.", "2022-04-09"),
        ("A search ended on Sunday in Izium, where a missile hit a school on Friday and killed 44 people.", "2022-04-08"),
        (
            "Crowds marched on Sunday for the 14 people whom a bomb in Jos had killed earlier in the day.",
            "2022-04-10",
        ),
        ("A court in Kabul heard on Sunday that the men killed four guards in Ghazni on 3 March.", "2022-03-03"),
        ("Schools in Jos reopened on Sunday for the first time since Thursday's raid, which killed 14 people.", "2022-04-07"),
        ("On Friday, when gunmen killed six people in Jos, the market was full.", "2022-04-08"),
    ],
)
def test_the_day_of_the_clause_that_tells_of_the_dead_goes_before_that_of_the_clause_above_it(text, expected):
    assert day(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The governor on Sunday put at 40 the number of people killed in the attack on Owo.", ("2022-04-04", "2022-04-10", 3)),
        ("The governor on Sunday put at 40 the number of people killed in Friday's attack.", ("2022-04-08", "2022-04-08", 1)),
        (
            "Two bodies were pulled on Sunday from the ruins. The missile attack killed nine.",
            ("2022-04-04", "2022-04-10", 3),
        ),
        (
            "A boy was freed from the rubble on Sunday. Toll of the strike rises to 41.",
            ("2022-04-04", "2022-04-10", 3),
        ),
    ],
)
def test_the_day_of_counting_or_digging_is_not_that_of_the_attack(text, expected):
    assert when(text) == expected


def test_days_of_fighting_are_those_up_to_the_article():
    assert when("Three days of clashes have left 30 people dead in Zawiya.") == ("2022-04-08", "2022-04-11", 2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Hundreds marched in Jos on Sunday to ask for help after the deaths of 32 people in raids.",
            ("2022-04-04", "2022-04-10", 3),
        ),
        ("Hundreds marched in Jos on Sunday as police killed 32 people.", ("2022-04-10", "2022-04-10", 1)),
        (
            "The ministry on Sunday expressed grief over the killing of five guards in Jos on April 2.",
            ("2022-04-02", "2022-04-02", 1),
        ),
        (
            "The mayor on Sunday gave a new toll of 21 dead for the attack on a depot in Jos the previous day.",
            ("2022-04-09", "2022-04-09", 1),
        ),
        (
            "Officials insisted on Sunday that shops would open, two days after a bomber killed six people in Jos.",
            ("2022-04-08", "2022-04-08", 1),
        ),
        (
            "The clearance began on Monday, on the heels of a weekend bombing in Jos that killed 20 people.",
            ("2022-04-09", "2022-04-10", 2),
        ),
        ("Schools have opened again in Jos, two months after gunmen killed 18 pupils there.", ("2022-02-01", "2022-02-21", 4)),
    ],
)
def test_the_day_of_what_people_did_about_an_attack_is_not_its_own(text, expected):
    assert when(text) == expected


def test_a_day_outside_the_longer_time_that_is_told_is_of_another_event():
    text = "Nine tourists were killed by shells near Zakho last week. A rocket attack on Mosul on Monday did no harm."
    assert when(text) == ("2022-04-04", "2022-04-10", 3)


def test_the_sentence_of_the_dead_goes_before_one_that_tells_what_happened_the_day_before():
    text = "Gunmen stormed a post in Arsal on Saturday. On Sunday they overran a school: eight soldiers were killed."
    assert day(text) == "2022-04-10"


def test_a_day_before_one_on_which_the_dead_were_counted():
    text = "Officials raised to 35 on Sunday the number of people killed by a bomb in Jos the evening before."
    assert day(text, title="Bombing kills 35 in Jos") == "2022-04-09"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Gunmen raided Rufaa last Tuesday. In Bama a midwife and her son were put to death on Saturday.", "2022-04-09"),
        ("Prayers for nine men shot dead in Jos on Friday were held at the mosque of the town on Sunday.", "2022-04-08"),
        ("Nine dead: these are the figures that the ministry read out on Sunday of the raid on Jos on Friday.", "2022-04-08"),
    ],
)
def test_the_day_beside_the_dead_goes_before_those_of_other_events_prayers_and_announcements(text, expected):
    assert day(text) == expected
