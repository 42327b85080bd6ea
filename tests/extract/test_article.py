"""Whole articles: what each kind of number becomes."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from include.datasets.catalogue import CLAIMS, REPORTS
from include.extract.article import extract_article

MONDAY = date(2021, 11, 8)

DIYALA = (Path(__file__).parent / "articles" / "diyala.txt").read_text(encoding="utf-8")


def extracted(text, **article):
    found = extract_article({"article_id": "a", "text": text} | article)
    REPORTS.table(found.reports)
    CLAIMS.table(found.claims)
    counted = [row for row in (*found.reports, *found.claims) if row["confidence"] is not None]
    assert all(0 <= row["confidence"] < 1 for row in counted)
    parts = {"text": text, "title": article.get("title")}
    for row in [*(e for r in (*found.reports, *found.claims) for e in r["evidence"]), *found.not_counted]:
        assert parts[row["part"]][row["start"] : row["end"]] == row["phrase"]
    return found


def counts(row, measure):
    return tuple(row.get(f"{measure}_{bound}") for bound in ("low", "best", "high"))


@pytest.fixture(scope="module")
def diyala():
    return extracted(DIYALA, published_on=MONDAY, outlet="The Tigris Post", syndicated_from="Zagros Wire")


def test_the_incident_told_three_times_is_one_report_with_the_exact_figures(diyala):
    (report,) = (r for r in diyala.reports if r["mention_role"] == "main_event")
    assert counts(report, "killed") == (5, 5, 5)
    assert counts(report, "injured") == (3, 3, 3)
    assert counts(report, "casualties") == (None, None, None)
    assert (report["perpetrator_id"], report["attribution"], report["hedge"]) == ("isis", "suspected_or_accused", "alleged")
    assert report["claim_status"] == "not_claimed"
    assert (report["place"], report["admin1"], report["country"], report["where_prec"]) == ("Khanaqin", "Diyala", "IRQ", 2)
    assert report["latitude"] == pytest.approx(34.35, abs=0.1)
    assert (report["monitor"], report["origin"]) == ("Iraq Body Count", "Iraq Body Count")
    assert report["sentence"].startswith("Five members")
    assert report["event_type"] == "armed_attack"


def test_an_incident_dated_only_by_its_report_happened_that_day_or_the_day_before(diyala):
    report = diyala.reports[0]
    assert (report["date_start"], report["date_end"], report["date_prec"]) == (date(2021, 11, 6), date(2021, 11, 7), 2)
    assert report["date_phrase"] == "late Sunday"
    assert {e["rule"] for e in report["evidence"] if e["field"] == "date_start"} == {"date.reported"}


def test_the_earlier_attack_is_a_background_reference_with_inseparable_casualties(diyala):
    (report,) = (r for r in diyala.reports if r["mention_role"] == "background_reference")
    assert counts(report, "killed") == counts(report, "injured") == (None, None, None)
    assert counts(report, "casualties") == (40, None, 99)
    assert report["date_start"] <= date(2021, 10, 18) <= report["date_end"]
    assert report["date_prec"] == 3
    assert report["place"] == "Muqdadiyah"
    assert report["perpetrator_id"] == "isis"


def test_a_reference_in_passing_is_less_sure_than_the_main_event(diyala):
    main, background = diyala.reports
    assert background["confidence"] < main["confidence"]


def test_totals_since_the_new_year_are_cumulative_claims_one_per_group(diyala):
    first, second = (c for c in diyala.claims if c["claim_type"] == "cumulative")
    assert (first["measure"], *counts(first, "value")) == ("killed", 42, 42, 42)
    assert first["victims"] == "policemen and tribal fighters"
    assert (first["perpetrator_id"], first["attribution"]) == ("isis", "suspected_or_accused")
    assert (second["measure"], *counts(second, "value")) == ("killed", 37, 37, 37)
    assert (second["victim_class"], second.get("perpetrator")) == ("extremist_group", None)
    for claim in (first, second):
        assert (claim["period_start"], claim["as_of"]) == (date(2021, 1, 1), date(2021, 10, 31))
        assert claim["as_of_phrase"] == "last month"
        assert claim["monitor"] == "Iraq Body Count"
        assert claim["area"] == "the mountains"


def test_what_the_group_says_of_itself_is_a_claim_of_attacks_and_of_casualties(diyala):
    attacks, casualties = (c for c in diyala.claims if c["claim_type"] == "perpetrator")
    assert (attacks["measure"], *counts(attacks, "value")) == ("attacks", 3, 3, 3)
    assert (casualties["measure"], *counts(casualties, "value")) == ("casualties", 9, 9, 9)
    for claim in (attacks, casualties):
        assert (claim["perpetrator_id"], claim["attribution"]) == ("isis", "claimed_or_admitted")
        assert (claim["period_start"], claim["period_end"]) == (date(2021, 10, 28), date(2021, 11, 3))


def test_arrests_and_years_are_left_out_with_a_reason(diyala):
    reasons = {row["phrase"]: row["reason"] for row in diyala.not_counted}
    assert reasons["2014"] == reasons["2017"] == "date"
    assert next(reason for phrase, reason in reasons.items() if phrase.startswith("at least six")) == "arrest"
    assert len(diyala.reports) == 2
    assert len(diyala.claims) == 4


def test_text_without_casualties_gives_nothing():
    found = extracted("The council met on Monday. It rained in Homs for 12 days.", title="Council meets")
    assert (found.reports, found.claims, found.not_counted) == ([], [], [])


def reports(text, **article):
    return extracted(text, **({"published_on": MONDAY} | article)).reports


def test_a_round_up_gives_a_report_for_each_incident_with_its_own_place_and_date():
    found = reports(
        "Three farmers were killed on Saturday when a shell hit a field near Tafas in Daraa.\n"
        "In Raqqa, a roadside bomb killed two soldiers and wounded four on Sunday.\n"
        "Elsewhere, gunmen shot dead a teacher in Manbij on Sunday evening."
    )
    assert [(r["killed_best"], r.get("injured_best"), r["place"], r["date_start"]) for r in found] == [
        (3, None, "Tafas", date(2021, 11, 6)),
        (2, 4, "Raqqa", date(2021, 11, 7)),
        (1, None, "Manbij", date(2021, 11, 7)),
    ]
    assert {r["mention_role"] for r in found} == {"main_event"}


def test_an_incident_of_a_round_up_without_a_date_carries_on_the_one_before():
    first, second = reports(
        "A roadside bomb killed two soldiers south of Mosul on Sunday. In Baghdad, gunmen shot dead three traders."
    )
    assert second["date_start"] == first["date_start"] == date(2021, 11, 7)
    assert {e["rule"] for e in second["evidence"] if e["field"] == "date_start"} == {"date.carried_on"}


def test_a_list_below_a_total_gives_a_claim_for_each_group():
    found = extracted(
        "SOHR has documented the death of 52 people in ISIS operations in the Syrian desert since the beginning of 2021:\n"
        "- 44 members of regime forces, including four officers.\n- 5 civilians.\n- 3 members of ISIS.",
        published_on=MONDAY,
    )
    assert found.reports == []
    assert [(c["value_best"], c["victim_class"]) for c in found.claims] == [
        (52, "unknown"),
        (44, "state_forces"),
        (5, "civilians"),
        (3, "extremist_group"),
    ]
    assert {(c["perpetrator_id"], c["monitor"], c["period_start"]) for c in found.claims} == {
        ("isis", "SOHR", date(2021, 1, 1))
    }
    assert "four" in {row["phrase"] for row in found.not_counted}


def test_deaths_in_hospital_belong_to_the_incident_that_the_wounds_are_from():
    (report,) = reports(
        "A landmine near Al-Sukhnah killed three soldiers and wounded five on Friday. "
        "One of the wounded died in hospital in Palmyra last night."
    )
    assert (report["place"], report["date_start"]) == ("Al-Sukhnah", date(2021, 11, 5))


def test_the_hospital_that_treats_the_injured_is_not_where_they_were_hurt():
    text = "A landmine near Azaz killed two guards on Sunday.\n\nSix others are being treated in Manbij's national hospital."
    (report,) = extracted(text, published_on=MONDAY).reports
    assert report["place"] == "Azaz"
    assert (counts(report, "killed"), counts(report, "injured")) == ((2, 2, 2), (6, 6, 6))


@pytest.mark.parametrize(
    ("lead", "target_id"),
    [
        ("Soldiers of the Iraqi army marched through Mosul on Friday.", "iraqi_forces"),
        ("Soldiers of the Iraqi army met soldiers of the Syrian army on Friday.", None),
        ("Farmers of the valley met the Iraqi army on Friday.", None),
    ],
)
def test_soldiers_are_of_the_one_army_whose_soldiers_the_article_speaks_of(lead, target_id):
    (report,) = extracted(f"{lead} On Sunday, four soldiers were killed when gunmen fired on a post.").reports
    assert (report["target"], report["target_id"]) == ("soldiers", target_id)


def test_nobody_said_to_be_behind_it_is_no_claim_of_responsibility():
    text = "Unknown men shot dead a judge in Mosul on Sunday.\n\nSo far nobody has said that they were behind the attack."
    (report,) = extracted(text, published_on=MONDAY).reports
    assert report["claim_status"] == "not_claimed"


def test_a_raised_total_is_a_claim_beside_the_groups_that_make_it_up():
    text = "The find raises to 58 the number of people killed in bombings since June: 41 guards and 17 farmers."
    claims = extracted(text, published_on=MONDAY).claims
    assert [(c["value_best"], c["victim_class"]) for c in claims] == [
        (58, "unknown"),
        (41, "unknown"),
        (17, "civilians"),
    ]


def test_the_day_in_court_is_not_the_day_of_the_incident():
    (report,) = reports(
        "A man was sentenced on Sunday to life in prison for shooting dead two policemen in Kirkuk in March 2021."
    )
    assert (report["date_start"], report["date_end"]) == (date(2021, 3, 1), date(2021, 3, 31))


def test_the_words_of_war_in_a_sports_report_are_no_incident():
    found = extracted(
        "United killed off the derby with two shots in injury time. They lost two men to injury before half-time, and a "
        "bullet of a free kick from the captain decided it.",
        title="Late attack kills off Rovers",
        published_on=MONDAY,
    )
    assert (found.reports, found.claims) == ([], [])


def test_the_toll_that_rose_replaces_the_first_one():
    (report,) = reports(
        "A car bomb killed 11 people at a market in Azaz on Sunday. "
        "The death toll rose to 14 on Monday after three people died in hospital, medics said."
    )
    assert counts(report, "killed") == (14, 14, 14)


def test_victims_who_are_named_later_do_not_add_to_the_toll():
    found = extracted(
        "An air strike killed six members of a family in Maarat Misrin on Sunday.\n"
        "Among the dead was the baker Yusuf Barakat. His wife Samar was also killed.",
        published_on=MONDAY,
    )
    (report,) = found.reports
    assert counts(report, "killed") == (6, 6, 6)
    assert {row["reason"] for row in found.not_counted if "Samar" in row["phrase"]} == {"told_again"}


def test_the_headline_merges_with_the_lead():
    (report,) = reports(
        "At least nine people died when gunmen attacked a bus near Baghlan on Sunday, police said.",
        title="Nine dead in attack on bus",
    )
    assert report["killed_best"] == 9
    assert report["mention_role"] == "main_event"


def test_attackers_who_die_are_kept_apart():
    found = extracted(
        "A suicide bomber blew himself up at a checkpoint in Kirkuk on Sunday, killing four policemen.", published_on=MONDAY
    )
    (report,) = found.reports
    assert counts(report, "killed") == (4, 4, 4)


def test_figures_of_the_perpetrator_alone_never_set_low_or_best():
    found = extracted(
        "The Taliban said its fighters killed 20 soldiers in an attack on a base in Balkh on Sunday.", published_on=MONDAY
    )
    (report,) = found.reports
    assert counts(report, "killed") == (None, None, 20)
    assert found.claims == []


def test_the_text_adds_the_toll_of_an_attack_that_a_party_only_says_was_its_own():
    (report,) = reports(
        "Islamic State said that it was behind Monday's bombing of a market in Jalalabad, in which six people died.",
        title="Islamic State claims Jalalabad bombing",
    )
    assert (report["killed_low"], report["killed_best"]) == (6, 6)


def test_a_toll_that_bodies_bring_up_is_that_of_the_incident():
    (report,) = reports(
        "The bodies of a father and his son were dug out on Tuesday, taking to nine the number of people killed by a drone "
        "that hit a block of flats in Kharkiv on Monday.",
        title="Toll of Kharkiv strike climbs to nine",
    )
    assert report["killed_best"] == 9


@pytest.mark.parametrize(
    ("text", "killed"),
    [
        ("The government said on Monday that 60 people had been killed at Seytenga on Saturday.", [60]),
        ("The number of people killed on Sunday in Maiduguri has risen to 12, the governor said.", [12]),
        ("Nine herders were killed in Mopti on Sunday; a tenth man, who was counted as dead, is alive.", [9]),
        ("Twelve people died in Maiduguri on Sunday, the governor said.", []),
        ("Twelve people were killed in Maiduguri on Sunday when a bank collapsed.", []),
        ("Twelve people were killed in Maiduguri on Sunday. The van had no brakes, the governor said.", []),
        ("A man was killed in Maiduguri on Sunday, the governor said.", []),
        ("Four people were killed in Oxford on Sunday, the council said.", []),
        ("Forty reporters were killed around the world, a watchdog said. Mexico was the worst of all.", []),
    ],
)
def test_several_people_killed_without_any_cause_where_a_conflict_is_are_an_incident(text, killed):
    assert [row["killed_best"] for row in reports(text)] == killed


def test_a_building_that_collapses_over_a_base_that_was_hit_is_an_incident():
    (report,) = reports(
        "Rescuers recovered nine bodies from the block in Dnipro on Monday. Moscow said that it hit a base of the army.",
        title="Nine killed as block of flats collapses in Dnipro",
    )
    assert report["killed_best"] == 9


def test_who_was_killed_earlier_that_day_by_another_weapon_is_another_incident():
    found = reports(
        "The number of worshippers killed in Thursday's bombing of a mosque in Kunduz has gone up to 31. Earlier on Thursday "
        "four policemen had been killed by a mine in the same city.",
        published_on=date(2022, 4, 22),
    )
    assert [row["killed_best"] for row in found] == [31, 4]


def test_a_party_that_claims_more_than_the_officials_raises_the_highest_number_only():
    found = extracted(
        "The Taliban claimed its fighters killed 20 soldiers in an attack on a base in Balkh on Sunday. "
        "The defence ministry said three soldiers were killed.",
        published_on=MONDAY,
    )
    (report,) = found.reports
    assert counts(report, "killed") == (3, 3, 20)
    assert [e["phrase"] for e in report["evidence"] if e["field"] == "killed_high"] == ["three", "20"]


def test_a_total_of_the_past_day_is_a_claim_beside_its_incidents():
    found = extracted(
        "On Sunday, an air strike on a school in Nuseirat killed 22 people, medics said. Strikes in Rafah killed 8 people. "
        "More than 100 people were killed across Gaza over the past 24 hours, the health ministry said.",
        published_on=MONDAY,
    )
    assert [(r["killed_best"], r["place"]) for r in found.reports] == [(22, "Nuseirat"), (8, "Rafah")]
    assert [(c["measure"], c["value_low"]) for c in found.claims] == [("killed", 101)]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Seven pilgrims were killed when their bus overturned near Karbala on Sunday.", "non_conflict_death"),
        ("In the film, gunmen kill nine hostages in a bank.", "fiction"),
        ("The army denied that its forces had killed 12 civilians in the raid.", "denial"),
        ("A strike on the dam could kill 5,000 people, engineers said.", "hypothetical"),
        ("The group threatened to kill 20 hostages.", "threat"),
        ("Correction: An earlier version of this article said that six policemen were killed near Jalawla.", "corrected"),
        ("This story previously gave the number of people killed in the shelling of Omdurman as 140.", "corrected"),
    ],
)
def test_what_did_not_happen_or_was_no_violence_is_left_out_with_its_reason(text, reason):
    found = extracted(text, published_on=MONDAY)
    assert (found.reports, found.claims) == ([], [])
    assert reason in {row["reason"] for row in found.not_counted}


def test_another_storys_headline_does_not_lend_its_toll():
    found = extracted(
        "A shell killed a shepherd near Tafas on Sunday.\nRelated News\nNine killed in Hama\nSix hurt in Homs",
        published_on=MONDAY,
    )
    assert [r["killed_best"] for r in found.reports] == [1]
    assert {(row["phrase"], row["reason"]) for row in found.not_counted} >= {("Nine", "other_story")}


def test_an_older_incident_is_a_background_reference():
    main, older = reports(
        "Gunmen killed two guards at a depot in Manbij on Sunday. On October 12, a blast at the depot killed five guards."
    )
    assert (main["mention_role"], main["killed_best"]) == ("main_event", 2)
    assert (older["mention_role"], older["killed_best"], older["date_start"]) == (
        "background_reference",
        5,
        date(2021, 10, 12),
    )


def test_without_a_date_in_the_text_there_is_none_and_the_reason_says_so():
    (report,) = reports("Gunmen killed two guards at a depot in Manbij.")
    assert (report["date_start"], report["date_reason"]) == (None, "not_stated")
    (report,) = reports("Gunmen killed two guards at a depot in Manbij on Sunday.", published_on=None)
    assert (report["date_start"], report["date_reason"], report["date_phrase"]) == (None, "no_publication_date", "Sunday")


def test_broken_up_words_are_read_and_quoted_as_published():
    (report,) = reports("Two guards were ki*lled in an at-tack by IS-IS near Tafas on Sunday.")
    assert report["killed_best"] == 2
    assert "ki*lled" in report["sentence"]


def test_ids_come_from_the_page_and_two_reports_of_one_sentence_differ():
    text = "A bomb killed two guards in Tafas on Sunday. A bomb killed two guards in Manbij on Friday."
    ids = [r["report_id"] for r in reports(text, url="https://example.org/a")]
    assert len(set(ids)) == len(ids) == 2
    assert ids == [r["report_id"] for r in reports(text, url="https://example.org/a", published_on=None, title="Bombs")]
    assert ids != [r["report_id"] for r in reports(text, url="https://example.org/b")]


def test_the_codebook_is_a_choice():
    text = "Dozens of villagers were killed in an air strike on Tafas on Sunday."
    values = {
        mode: extract_article({"text": text, "published_on": MONDAY}, mode).reports[0] for mode in ("range", "acled", "gtd")
    }
    assert [counts(row, "killed") for row in values.values()] == [(24, None, 99), (12, 12, 12), (None, None, None)]


VOCABULARY = (
    "killed wounded four 12 at least since January in Tafas Homs ISIS claimed the monitor said Monday attack bomb , . \n were "
    "civilians dozens of a month after • toll rose to — “ ki*lled \u0301 \u200b last month SOHR none"
)
WORDS = st.sampled_from(VOCABULARY.split(" "))


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS, max_size=60), st.lists(WORDS, max_size=12), st.sampled_from([None, MONDAY, date.min, date.max]))
@example(["killed", "four", "Monday"], ["wounded", "Monday", "killed", "four"], date.min)
def test_any_text_gives_rows_that_fit_and_spans_that_are_true(words, title, published_on):
    extracted(" ".join(words), title=" ".join(title), published_on=published_on)


@pytest.mark.parametrize(
    ("text", "killed", "injured"),
    [
        ("Four people were shot on Saturday in Dayton, Ohio. One of them died at a hospital, police said.", 1, 3),
        ("Two men were shot late on Friday. One of the men died at the scene. The other is in critical condition.", 1, 1),
        ("Police found two people with gunshot wounds. Both were taken to a hospital, where one of them, a clerk, died.", 1, 1),
        ("Two teenagers were stabbed in Oakland. A boy was pronounced dead at the scene.", 1, 1),
        ("A man was shot at home, police said. He died at a hospital.", 1, None),
        ("Two men were found shot to death in a car. Both men had been shot several times, police said.", 2, None),
        ("Omar Tate was found suffering from gunshot wounds on Sunday. Tate died at a hospital, police said.", 1, None),
        ("A man was shot in the back on Monday. A second man was shot in the chest in the same block and died.", 1, 1),
        ("A shooting left one person dead. Three others were shot in the leg.", 1, 3),
    ],
)
def test_those_who_died_of_the_people_who_were_shot_are_not_injured_too(text, killed, injured):
    report = extract_article({"text": text, "published_on": date(2021, 6, 14)}).reports[0]
    assert (report.get("killed_best"), report.get("injured_best")) == (killed, injured)


def main_counts(text, **article):
    found = extract_article({"text": text, "published_on": date(2021, 5, 25)} | article)
    return [(r.get("killed_best"), r.get("injured_best")) for r in found.reports]


def test_the_attackers_own_dead_are_counted_where_only_they_have_a_number():
    text = "Soldiers repelled a Taliban attack in Ghor. Ten Taliban fighters were killed and seven injured."
    assert main_counts(f"{text} Soldiers, too, suffered casualties.") == [(10, 7)]
    assert main_counts("Taliban attacked a post in Ghor. Three farmers were killed. Five Taliban were also killed.") == [
        (3, None)
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The president said that the fight against those who murder judges and reporters will go on.",
        "When there is armed struggle and thousands are killed on the battlefield, nobody learns that war is futile.",
    ],
)
def test_what_is_said_of_such_cases_in_general_is_no_incident(text):
    assert main_counts(text) == []


def test_menus_and_headlines_above_the_repeated_headline_are_other_stories():
    text = """WORLD
    Nineteen killed as bus bombed in Baghdad
    12 MINUTES AGO
    Two wounded in shelling of the Sherawa countryside
    Two farmers were wounded on Tuesday when Turkish forces shelled the village of Bina, the agency reported."""
    found = extracted(text, title="Two wounded in shelling of the Sherawa countryside - Sherawa Press")
    (report,) = found.reports
    assert counts(report, "injured") == (2, 2, 2)
    assert {(row["phrase"], row["reason"]) for row in found.not_counted} >= {("Nineteen", "other_story")}
    assert extracted(
        text.replace("12 MINUTES AGO", "A bomb on a bus killed nineteen people on Monday, the police said.")
    ).reports[1:]


def test_a_list_of_other_stories_in_the_middle_of_the_text_is_left_out():
    text = (
        "At least 14 people were killed in a bomb attack on a bus in Damascus on Wednesday.\n"
        "KEEP READING\nlist of 2 items\nIsraeli missiles kill nine fighters near Palmyra\nEleven killed as shells hit Ariha\n"
        "Three people were injured and a third bomb was defused by army engineers, the state news agency said.\n"
    )
    assert main_counts(text) == [(14, 3)]


def test_a_distance_in_time_gives_way_to_the_day_that_the_lead_gives():
    text = (
        "Three villagers were killed in an airstrike on a house in Rafah. "
        "The strike took place on Wednesday, the 19th of May 2021. A cousin of them, killed a month prior, lived next door."
    )
    report, earlier = extract_article({"text": text, "published_on": date(2021, 5, 25)}).reports
    assert (report["killed_best"], report["date_start"]) == (3, date(2021, 5, 19))
    assert earlier["mention_role"] == "background_reference"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # later counts
        ("Initially, medics spoke of four dead in the strike on Brava. The toll later rose to six.", [(6, None)]),
        ("Three men were killed by a shell in Brava: the baker Ali Hadi, his son Omar and a guard.", [(3, None)]),
        ("A second person has died after a shooting in Dayton, police said. A man died at the scene.", [(2, None)]),
        # the same people
        ("Two men were found dead in a car in Dayton on Sunday. Both had been shot.", [(2, None)]),
        ("A rider was gunned down in Dayton on Sunday, and the woman on the back was hit, too.", [(1, 1)]),
        ("Three men were found dead in a house in Dayton. All three had been shot.", [(3, None)]),
        ("A shooting left one dead in Dayton. Police found a man with wounds to his neck. He died there.", [(1, None)]),
        ("A boy was shot dead in Dayton and another wounded. The owner fired at them. He wasn't hurt.", [(1, 1)]),
        ("Gunmen killed a farmer near Ghor. There were no casualties among the police.", [(1, None)]),
        # both sides of a fight
        ("Clashes near Ghor killed two policemen and seven Taliban fighters on Sunday.", [(9, None)]),
        ("The Taliban killed two soldiers in a raid on a post in Ghor. Seven Taliban fighters were killed.", [(9, None)]),
        ("Soldiers killed 40 militants near Ghor. Two soldiers died and six were injured, the army said.", [(42, 6)]),
        ("Rebels killed 12 farmers in a raid on Ghor. Nine were hacked to death and three were shot.", [(12, None)]),
        ("Taliban fighters stormed a post in Ghor. Five policemen and nine assailants were killed.", [(14, None)]),
        ("A shell hit a bus in Ghor. Seven people were injured, two of them are in a critical condition.", [(None, 7)]),
        ("A bomber killed two people in Ghor. Both attackers died too; these deaths are not counted.", [(2, None)]),
        ("Gunmen killed two people in Ghor on Monday. Six of the attackers were shot dead by troops.", [(2, None)]),
        ("Taliban fighters attacked a post in Ghor. Two policemen and seven Taliban were killed.", [(9, None)]),
        ("Taliban said police killed ten fighters near Ghor; the Taliban claimed 15 policemen killed.", [(10, None)]),
        # a sign of violence
        ("Nine bodies found in Baquba.", [(9, None)]),
        ("A mine near Brava killed two.", [(2, None)]),
        ("A mine in Brava collapsed, killing two.", []),
        ("The bodies of four climbers were found near Brava.", []),
        # a day's total is the incident where nothing else is told
        ("Fighting around Marib killed 21 people over the past day, medics said.", [(21, None)]),
        ("A strike in Brava killed three people on Monday.\n\nAcross the region, 21 died in the past 24 hours.", [(3, None)]),
    ],
)
def test_the_sentences_on_one_incident_give_its_counts(text, expected):
    assert main_counts(text) == expected


def test_the_own_province_goes_before_a_town_of_another_one_in_the_paragraph():
    text = (
        "In Donetsk Oblast, Russian shelling killed three people in Myrnohrad, the governor said. Two people were injured by "
        "a missile in Kharkiv Oblast."
    )
    rows = extract_article({"text": text}).reports
    assert [r["place_name"] for r in rows if r.get("injured_best") == 2] == ["Kharkiv"]


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        (  # a place, a day and a number of its own
            "Shells kill four in Sarmin",
            "Four people were killed by shells in Sarmin on Monday, medics said.\n\n"
            "In the south, a drone hit a car in Nawa on Monday, killing two.",
            [(4, None), (2, None)],
        ),
        (  # the parts of a total
            "Attacks in Iraq kill six",
            "Attacks in Iraq killed six people on Monday.\n\nIn Mosul, a car bomb killed four people.\n\n"
            "In Basra, gunmen shot dead two policemen.",
            [(4, None), (2, None)],
        ),
        (  # what only the headline puts together
            "Blast kills two in Mosul; ten gunmen killed in Basra",
            "Two people were killed by a blast in Mosul on Monday.\n\nIn Basra, soldiers killed ten gunmen on Sunday.",
            [(2, None), (10, None)],
        ),
        (  # lines headed by provinces
            None,
            "Daraa province: Shells killed two men on Monday.\n\nLatakia province: Gunmen killed four boys on Monday.",
            [(2, None), (4, None)],
        ),
        (  # another party
            None,
            "A Taliban bomb killed six recruits in a camp in Ghor.\n\n"
            "On Monday the United States bombed targets in strikes that killed 45 fighters.",
            [(6, None), (45, None)],
        ),
        (  # another country
            "Drone kills one in Tel Aviv",
            "A drone hit Tel Aviv early on Monday, killing one man. Later, a missile killed a commander in southern Lebanon.",
            [(1, None), (1, None)],
        ),
        (  # what comes on top of the number of headline and lead
            "Bomb kills nine in Mosul",
            "A bomb killed nine people in Mosul on Monday. Two more died in hospital.",
            [(11, None)],
        ),
        (  # an early figure of the same incident
            None,
            "The toll from a blast in Mosul rose to 31 on Monday. Initially, officials had spoken of 19 killed on Sunday.",
            [(31, None)],
        ),
        (  # two sources
            None,
            "More than 30 people were killed in a blast in Mosul. A mayor put the toll even higher, at 50.",
            [(31, None)],
        ),
        (  # a vague headline, and the lead with the number and the exact place
            "Dozens killed in bombing of buses in Mosul",
            "At least 31 people were killed when a bomb hit two buses near Tal Afar on Monday. "
            "Later, gunmen killed four men in Basra.",
            [(31, None), (4, None)],
        ),
        (  # "that blast" is of the one that the sentence before tells of
            "Bombers strike in Iraq",
            "A bomber killed 16 people in Mosul on Monday. Two hours later another bomb went off in Basra near a bank. "
            "That blast killed 12 people and wounded 28.",
            [(16, None), (12, 28)],
        ),
        (  # the past day in another region
            "Drone kills three in Sumy",
            "A drone killed three people in Sumy on Monday. In the Kherson region one man was killed and six were wounded by "
            "shelling over the past day.",
            [(3, None), (1, 6)],
        ),
        (  # the same people, with another day
            "Two nuns, driver killed in Mosul",
            "Two nuns were killed near Mosul, their order said on Tuesday. "
            "The two, aged 70 and 82, were shot dead on Sunday in Sinjar.",
            [(3, None)],
        ),
    ],
)
def test_incidents_are_told_apart_by_what_speaks_for_another(title, text, expected):
    assert main_counts(text, title=title) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Three guards were killed in Mosul on Monday. In April, a bomb there killed nine.",
        "Three guards were killed in Mosul on Monday. In 2014 a bomb there killed nine.",
        "Three guards were killed in Mosul. It was the second attack this month: on Friday, nine died.",
        "Flowers were laid in Mosul on Monday in memory of the nine people killed in a bombing in 2014.",
        "A man who shot dead nine people in Mosul in 2009 lost an appeal on Monday.",
        "Fire crews played the victims in a simulated attack. In the scenario, gunmen killed nine. The drill went well.",
        "In the opening minutes of the thriller, which premiered on Monday, a bomb kills nine guests.",
        "A general who led the siege in 1982 in which nine guards were killed died in his sleep on Monday.",
        "How many people were killed when the empire fell? Historians differ.",
        "Nine miners were killed in a methane explosion at a coal mine on Monday.",
        "A crocodile killed a fisherman on Monday.",
        "Ten years ago, on 3 May 2011, gunmen abducted 90 boys in Mosul. At least nine are said to have been killed.",
        "Three guards were killed in Mosul on Monday. The suspect has been wanted since 2018 over the death of a clerk.",
        "Three guards were killed in Mosul on Monday. The town was closed since May 2, when nine men were killed in a raid.",
        "Three guards were shot dead in Mosul on Monday. A monitor put the dead there at 90 between January and April.",
    ],
)
def test_what_the_article_only_looks_back_at_or_imagines_is_not_its_incident(text):
    found = extract_article({"text": text, "published_on": date(2021, 5, 25)}).reports
    main = [r["killed_best"] for r in found if r["mention_role"] == "main_event"]
    assert main == ([3] if text.startswith("Three") else [])


def test_what_was_hit_at_a_memorial_a_premiere_or_a_court_is_an_incident():
    for text in (
        "A bomb went off on Monday near a crowd that had come to remember the 90 men killed in 1995, killing three people.",
        "Gunmen opened fire at the premiere of a war film in Mosul, killing three people, police said. The thriller was new.",
        "Gunmen killed three people outside a court in Mosul, where a man is on trial for the murder of two policemen.",
        "Nearly a month after a strike killed three people in Mosul, survivors are afraid. The strike wounded nine people.",
    ):
        assert main_counts(text)[0][0] == 3


def test_a_headline_and_the_lead_that_looks_back_are_one_incident():
    text = "More than 100 people came on Sunday to remember 16-year-old Kay Bell, who was killed in a shooting on May 12."
    assert main_counts(text, title="Vigil held for teen killed in Flint") == [(1, None)]


def test_a_memorial_within_days_is_news_of_the_incident():
    text = "Friends came to remember Kay Bell, 16, who was killed in a shooting on May 19. Her cousin was shot in the leg."
    [report] = reports(text, title="Vigil held for teen killed in Flint", published_on=date(2021, 5, 25))
    assert (report["mention_role"], report["date_start"]) == ("main_event", date(2021, 5, 19))
    assert (counts(report, "killed"), counts(report, "injured")) == ((1, 1, 1), (1, 1, 1))
    text = (
        "Flowers were laid to remember the 19 men shot dead over the weekend. Another 37 were wounded in the attack in Mosul."
    )
    assert main_counts(text) == [(19, 37)]


def test_later_sentences_of_an_incident_keep_their_party_beside_what_another_party_did():
    text = (
        "A drone killed six fighters at a base near Mosul on Monday. The attack was claimed by Islamic State. "
        "No guards were hurt. "
        "On Friday the United States bombed depots in strikes that killed 45 men, after three soldiers died in Basra."
    )
    found = reports(text, published_on=date(2021, 5, 25))
    assert [(r["mention_role"], r["killed_best"]) for r in found] == [
        ("main_event", 6),
        ("main_event", 45),
        ("background_reference", 3),
    ]
    assert found[0]["perpetrator"] == "Islamic State"


def test_what_happened_on_the_day_since_which_is_an_earlier_incident():
    text = "Three guards were killed in Mosul on Monday. The road was shut since May 2, when nine men were killed in a raid."
    found = extract_article({"text": text, "published_on": date(2021, 5, 25)})
    assert [(r["mention_role"], r["killed_best"]) for r in found.reports] == [("main_event", 3), ("background_reference", 9)]
    assert found.reports[1]["date_start"] == found.reports[1]["date_end"] == date(2021, 5, 2)
    assert found.claims == []


def test_the_past_day_in_another_region_is_an_incident_that_lumps():
    text = "A drone killed three people in Sumy on Monday. In the Kherson region two men were shot dead over the past day."
    assert [r["event_clarity"] for r in reports(text, published_on=date(2021, 5, 25))] == [1, 2]


def test_a_trial_or_a_memorial_soon_after_is_about_its_incident():
    for text in (
        "A man was sentenced on Monday for shooting dead a clerk in Dayton in 2019.",
        "Friends gathered in memory of a clerk who was shot dead in Dayton last week.",
    ):
        assert main_counts(text) == [(1, None)]


def test_a_headline_borrows_the_role_of_what_the_lead_looks_back_at():
    found = extract_article(
        {
            "title": "Museum opens where guards shot 33 men",
            "text": "A museum opened on Monday near Riga where guards shot dead 33 men in 1941. Her uncle was one.",
            "published_on": date(2021, 5, 25),
        }
    )
    assert {r["mention_role"] for r in found.reports} == {"background_reference"}


@pytest.mark.parametrize(
    "title, text, killed, injured",
    [
        (
            "Brothers charged in deaths of brothers",
            "Two men are in jail, accused of killing two other men on Sunday. Amir and Sam Dorn were shot. Both died.",
            (2, 2, 2),
            (None, None, None),
        ),
        (
            None,
            "A man was shot on Monday in Gary. He died at a clinic. His friend was shot in the shoulder and survived.",
            (1, 1, 1),
            (1, 1, 1),
        ),
        (
            None,
            "Police named those shot in Gary.\nVictim 1: male, 20, graze wound.\nVictim 2: male, 31, gunshot wounds to the hip."
            "\nVictim 3: female, 44, wound to the foot.\nVictim 4: female, 50, gunshot wound to the hand.",
            (None, None, None),
            (4, 4, 4),
        ),
        (
            "Man stabs four at Perth mall",
            "A man fatally stabbed four people in Perth. Another nine people were taken to hospital.",
            (4, 4, 4),
            (9, 9, 9),
        ),
        (None, "A baker was shot dead in Gary. His wife was wounded. The wife told police so.", (1, 1, 1), (1, 1, 1)),
    ],
)
def test_people_who_are_told_of_one_by_one_count_once_each(title, text, killed, injured):
    (report,) = extracted(text, title=title).reports
    assert (counts(report, "killed"), counts(report, "injured")) == (killed, injured)


def test_a_statewide_count_is_a_total():
    found = extracted("A man fired at a deer near Salem on Friday. Four hikers had been wounded statewide as of Friday.")
    assert [(c["claim_type"], c["value_best"]) for c in found.claims] == [("cumulative", 4)]
    assert not any(r["injured_best"] for r in found.reports)


def test_town_that_the_text_names_goes_before_one_that_the_title_is_near_to():
    text = (
        "A bomber killed three guards on Monday, an official said.\nHe struck at a checkpoint in Charikar, just north of Kabul."
    )
    article = {"article_id": "a", "title": "Bombing kills 3 guards north of Kabul", "text": text}
    assert [r["place_name"] for r in extract_article(article).reports] == ["Charikar"]


def test_people_who_only_died_in_the_town_of_a_disaster_are_its_victims():
    text = (
        "Floods have killed 90 people in the east of Libya, officials said. Whole quarters were washed away.\n"
        "The army, which rebels attacked there in May, sent boats. In Tobruk, 14 people died."
    )
    assert reports(text, title="Floods kill 90 in Libya") == []


def killed_at(text, title=None):
    """(place, low of killed, low of injured) of each main event."""
    rows = extracted(text, title=title, published_on=MONDAY).reports
    return [(r.get("place"), r.get("killed_low"), r.get("injured_low")) for r in rows if r["mention_role"] == "main_event"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "The camp of Nuseirat was hit twice on Sunday. Nine people were killed in a tent in the morning. In the evening, "
            "a drone hit a bakery, killing four and wounding ten.",
            [("Nuseirat", 9, None), ("Nuseirat", 4, 10)],
        ),
        (
            "A car bomb killed six policemen in Kandahar on Sunday evening. In the morning, an explosion had killed a civilian "
            "and injured three others.",
            [("Kandahar", 6, None), ("Kandahar", 1, 3)],
        ),
        (
            "The number of shoppers killed in Sunday's blast in Quetta has gone up to 14. Earlier on Sunday two policemen had "
            "been killed by a mine in the city.",
            [("Quetta", 14, None), ("Quetta", 2, None)],
        ),
        (
            "A car bomb killed six policemen in Kandahar on Sunday morning. The blast wounded ten, it was said in the evening.",
            [("Kandahar", 6, 10)],
        ),
    ],
)
def test_another_event_in_another_part_of_the_day_is_another_incident(text, expected):
    assert killed_at(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "In Lashkar Gah a bomb killed 12 people; in Kunduz gunmen shot two.",
            [("Lashkar Gah", 12, None), ("Kunduz", None, 2)],
        ),
        (
            "Six people died in an air strike on Sunday in Saraqib, two of them girls; a shell killed a shepherd near Azaz.",
            [("Saraqib", 6, None), ("Azaz", 1, None)],
        ),
        ("A bomb killed 12 people in Kunduz; five of them died in hospital.", [("Kunduz", 12, None)]),
        ("A bomb killed 12 people in Kunduz; seven were wounded in the blast.", [("Kunduz", 12, 7)]),
    ],
)
def test_a_semicolon_between_two_places_parts_two_incidents(text, expected):
    assert killed_at(text) == expected


def test_the_first_sentence_makes_the_headline_exact_though_it_speaks_of_another_attack():
    text = "In a separate attack on Sunday, 12 members of one family were killed at their home in Rafah."
    assert killed_at(text, "Family killed in second Rafah strike") == [("Rafah", 12, None)]


@pytest.mark.parametrize(
    ("title", "text", "place", "killed"),
    [
        ("Dozens killed in Kandahar blast", "Dozens died when a bomb went off in Spin Boldak. Officials counted 41 dead.",
         "Spin Boldak", (41, 41, 41)),
        ("Scores die in Homs raid", "Scores of people were killed when jets bombed Qusayr.", "Qusayr", (40, None, 99)),
        ("Neighbours killed in another Rafah raid", "In a separate strike on Sunday, nine people were killed at home in Rafah.",
         "Rafah", (9, 9, 9)),
    ],
)  # fmt: skip
def test_a_vague_headline_tells_of_the_incident_of_the_lead(title, text, place, killed):
    (report,) = reports(text, title=title)
    assert (report["place"], counts(report, "killed")) == (place, killed)


def test_a_headline_tells_of_the_attack_in_its_town_that_the_text_comes_to_second():
    text = "Dozens were killed in clashes in Herat on Friday. In a separate attack in Kabul, a bomb killed dozens of people."
    assert sorted(r["place"] for r in reports(text, title="Dozens killed in Kabul")) == ["Herat", "Kabul"]


def test_a_country_that_heads_the_headline_tells_which_town_of_a_name_is_meant():
    (report,) = reports("A car bomb killed two people in Tripoli on Sunday.", title="Lebanon: Tripoli blast kills two")
    assert (report["place"], report["country"]) == ("Tripoli", "LBN")


def test_the_place_of_another_incident_further_down_is_not_this_ones():
    first, second = reports(
        "Ten soldiers were killed in an ambush in the west of Niger on Sunday, the army said. Nobody has claimed it.\n"
        "On Saturday gunmen killed 20 villagers in Tera.",
        title="Ambush in Niger kills ten soldiers",
    )
    assert [(r["killed_best"], r["place"], r["country"]) for r in (first, second)] == [
        (10, "Niger", "NER"),
        (20, "Tera", "NER"),
    ]


def test_items_of_a_roundup_that_count_alike_are_told_apart_where_they_add_up():
    text = (
        "At least eleven people died in violence across Iraq on Sunday. In Baghdad a bomb killed four people at a market. "
        "Gunmen in Mosul shot dead three policemen. Four members of one family were killed in Baquba."
    )
    assert killed_at(text, "Eleven killed in Iraq") == [("Baghdad", 4, None), ("Mosul", 3, None), ("Baquba", 4, None)]


def test_items_of_a_roundup_that_begin_with_their_places_are_told_apart():
    text = "In the city of Homs, three shepherds were killed by a mine. In the town of Manbij, three soldiers were shot dead."
    assert killed_at(text) == [("Homs", 3, None), ("Manbij", 3, None)]


@pytest.mark.parametrize(
    ("text", "perpetrator"),
    [
        ("Hamas fired rockets at Ashdod on Sunday after the Rafah strike in which 12 people were killed on Saturday.", None),
        ("Hamas killed 12 people in Ashdod on Sunday after a strike on Rafah.", "Hamas"),
    ],
)
def test_a_party_that_answers_an_attack_did_not_do_it(text, perpetrator):
    (report,) = reports(text)
    assert report.get("perpetrator") == perpetrator


def test_those_who_are_buried_are_told_of_once():
    text = "Gunmen shot nine farmers dead near Gao on Friday. The town of Gao buried nine farmers on Sunday."
    (report,) = extract_article({"article_id": "a", "text": text, "published_on": date(2024, 5, 14)}).reports
    assert (report["killed_best"], report["date_start"]) == (9, date(2024, 5, 10))
    (report,) = extract_article({"article_id": "a", "text": "Nine farmers were buried in Gao after a raid."}).reports
    assert report["killed_best"] == 9


def test_what_is_said_to_be_false_is_no_incident():
    text = "Three soldiers were killed in a raid on Kaldo. Reports about 13 martyrs in Makhmour are untrue, the army said."
    found = extract_article({"article_id": "a", "text": text})
    assert [r["killed_best"] for r in found.reports] == [3]
    assert "denial" in {n["reason"] for n in found.not_counted}


@pytest.mark.parametrize(
    ("title", "text", "killed"),
    [
        ("Mayor shot dead in Jos", "Gunmen opened fire on the mayor of Jos on Monday. He was killed along with two guards.", 3),
        ("Mayor shot dead in Jos", "Gunmen opened fire on the mayor of Jos on Monday. He was killed on the spot.", 1),
        ("Base attacked", "Three of their soldiers fell on Tuesday when rebels attacked a base near Gao.", 3),
        ("Ambush", "Ten soldiers were lost in yesterday's attack on a base near Gao.", 10),
        (
            "Raid in Jos",
            "Gunmen killed two guards in Jos on Monday, the latest in a string of killings that have shaken it since March.",
            2,
        ),
    ],
)
def test_all_who_died_beside_a_victim_or_by_a_common_word_count(title, text, killed):
    found = extract_article({"article_id": "a", "title": title, "text": text, "published_on": date(2024, 5, 14)})
    assert [r["killed_best"] for r in found.reports] == [killed]


def test_those_killed_later_are_not_added_to_those_buried():
    text = "The town of Gao buried 47 farmers on Sunday. Last month gunmen had also killed 14 people near Bama."
    found = extract_article({"article_id": "a", "text": text, "published_on": date(2024, 5, 14)})
    assert 61 not in [r["killed_best"] for r in found.reports]
