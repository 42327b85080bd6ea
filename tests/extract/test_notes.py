"""Notes on violent incidents of which no casualties are told."""

from datetime import date

import pytest

from include.datasets.catalogue import REPORTS
from include.extract.article import extract_article


def reports(text, title=None):
    return extract_article({"text": text, "title": title, "published_on": date(2022, 4, 11)}).reports


NOTES = {
    "losses that are not known": (
        "On 3 April 2022, Turkish jets struck SDF positions near Ain Issa, Raqqa. Losses not known.",
        ("airstrike", date(2022, 4, 3), "Ain Issa"),
    ),
    "an abduction": (
        "On 5 April 2022, ISIS abducted two drivers in Sukhnah, Homs.",
        ("kidnapping", date(2022, 4, 5), "Sukhnah"),
    ),
    "a town that changed hands": (
        "Militants overran army positions in Sukhnah on 3 March 2022.",
        ("unknown", date(2022, 3, 3), "Sukhnah"),
    ),
    "an arrest after the attack": (
        "On 3 March 2022, gunmen shot at a house in Homs; police detained a suspect.",
        ("shooting", date(2022, 3, 3), "Homs"),
    ),
    "only damage": (
        "Rockets hit a depot in Erbil on Thursday and set it ablaze.",
        ("shelling", date(2022, 4, 7), "Erbil"),
    ),
}


@pytest.mark.parametrize(("text", "expected"), NOTES.values(), ids=NOTES)
def test_a_note_on_a_violent_incident_is_a_report_without_counts(text, expected):
    (row,) = reports(text)
    REPORTS.table([row])
    row = REPORTS.whole(row)
    assert (row["event_type"], row["date_start"], row["place"]) == expected
    assert row["mention_role"] == "main_event"
    assert row["killed_best"] is row["injured_best"] is row["confidence"] is None
    assert row["groups"] == []


@pytest.mark.parametrize(
    "text",
    [
        "On 5 April 2022, police arrested five men in Homs and seized three suicide vests.",
        "On 5 April 2022, women protested in Homs against the abduction of a priest.",
        "If the army attacks Sukhnah on Monday, the militia will withdraw.",
        "Three workers were killed on Friday when an explosion hit a factory in Homs. A short circuit was the cause.",
        "An explosion hit a factory in Homs on Friday. A short circuit was the cause.",
        "The prime minister attacked the opposition in a speech in Homs on Monday.",
        "Police raided a flat in Homs on Monday and found two kilograms of cocaine.",
        "The army said on Monday that it test-fired a missile near Homs.",
        "A bomb went off in Sukhnah.",
        "On 5 April 2022, militants attacked a checkpoint.",
        "On 5 April 2022 a new bakery opened in Homs.",
        "On 5 April 2022, militants attacked a checkpoint in Sukhnah. " + "The road was open again in the evening. " * 15,
    ],
    ids=[
        "arrests",
        "a protest",
        "a condition",
        "an accident with dead",
        "an accident",
        "words",
        "police work",
        "a test",
        "no day and nobody",
        "no place",
        "no violence",
        "an article",
    ],
)
def test_what_is_no_note_on_a_violent_incident_gives_no_report(text):
    assert reports(text) == []


def test_a_note_without_a_day_says_who_did_it():
    (row,) = reports("Houthi rebels attacked the port of Mokha with drones.")
    assert (row["date_start"], row["perpetrator_id"], row["place"]) == (None, "houthis", "Mokha")


def test_a_note_that_tells_of_casualties_is_read_like_any_article():
    (row,) = reports("On 5 April 2022, militants attacked a checkpoint in Sukhnah and killed two soldiers.")
    assert row["killed_best"] == 2
