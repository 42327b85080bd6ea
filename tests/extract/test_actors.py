"""Actors: the table, descriptions without a name, bodies that are not in the table."""

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from include.datasets.catalogue import VICTIM_CLASSES
from include.extract.actors import ACTORS, FORCES, actor, find_actors
from tests.timing import grows_linearly


def only(text):
    """The one mention of a text."""
    (mention,) = find_actors(text)
    return mention


def test_ids_are_unique_and_sides_and_kinds_are_terms_of_the_datasets():
    table = yaml.safe_load(ACTORS.read_text(encoding="utf-8"))
    rows = [*table["armed"], *table["cited"]]
    assert len({row["id"] for row in rows}) == len(rows)
    assert {row["side"] for row in table["armed"]} <= set(VICTIM_CLASSES)
    assert {row["kind"] for row in table["cited"]} <= {"monitor", "official", "media", "medical", "aid"}
    assert {row.get("country", "AAA").isupper() for row in rows} == {True}
    assert FORCES.exists()


def test_an_alias_names_one_actor():
    table = yaml.safe_load(ACTORS.read_text(encoding="utf-8"))
    owners = {}
    for row in [*table["armed"], *table["cited"]]:
        for alias in row["aliases"]:
            # Capitals alone tell JEM (Justice and Equality Movement) from JeM (Jaish-e-Mohammed).
            folded = "".join(filter(str.isalnum, alias if alias.isupper() else alias.lower()))
            owners.setdefault(folded, set()).add(row["id"])
    assert {alias: ids for alias, ids in owners.items() if len(ids) > 1} == {}


@pytest.mark.parametrize(
    ("text", "written", "actor_id"),
    [
        ("an ISIS cell", "ISIS", "isis"),
        ("fighters of the Islamic State", "Islamic State", "isis"),
        ("IS struck again", "IS", "isis"),
        ("a Da'esh convoy", "Da'esh", "isis"),
        ("a raid by al Shabaab", "al Shabaab", "al_shabaab"),
        ("a raid by Al-Shabaab", "Al-Shabaab", "al_shabaab"),
        ("Kurdistan Workers’ Party men", "Kurdistan Workers’ Party", "pkk"),
        ("U.S. special forces", "U.S. special forces", "american_forces"),
        ("the U.S.-led coalition", "U.S.-led coalition", "us_led_coalition"),
        ("Hizbullah's men", "Hizbullah", "hezbollah"),
        ("Tehreek-e-Taliban Pakistan", "Tehreek-e-Taliban Pakistan", "ttp"),
        ("the UK-based Syrian Observatory for Human Rights", "Syrian Observatory for Human Rights", "sohr"),
        ("Jama'at Nusrat al-Islam wal-Muslimin", "Jama'at Nusrat al-Islam wal-Muslimin", "jnim"),
        ("the Syrian Arab Army", "Syrian Arab Army", "syrian_government_forces"),
        ("regime forces", "regime forces", "syrian_government_forces"),
        ("Israeli warplanes", "Israeli warplanes", "israeli_forces"),
        ("Israel’s army", "Israel’s army", "israeli_forces"),
        ("Iranian-backed militiamen", "Iranian-backed militiamen", "iran_backed_militias"),
        ("the Iran-backed militia", "Iran-backed militia", "iran_backed_militias"),
        ("Iran-affiliated militiamen", "Iran-affiliated militiamen", "iran_backed_militias"),
        ("Turkish soldiers", "Turkish soldiers", "turkish_forces"),
        ("Turkish Armed Forces", "Turkish Armed Forces", "turkish_forces"),
        ("Somali police", "Somali police", "somali_forces"),
        ("troops of Operation Hadin Kai", "troops of Operation Hadin Kai", "nigerian_forces"),
        ("the Frontier Corps", "Frontier Corps", "pakistani_forces"),
        ("the Gran Grif gang", "Gran Grif gang", "gran_grif"),
        ("Cartel de Santa Rosa de Lima", "Cartel de Santa Rosa de Lima", "santa_rosa_de_lima"),
        ("followers of Moqtada al-Sadr", "followers of Moqtada al-Sadr", "sadrists"),
        ("the Karenni Nationalities Defence Force", "Karenni Nationalities Defence Force", "kndf"),
        ("UPDF soldiers", "UPDF", "ugandan_forces"),
        ("Majeed Brigade", "Majeed Brigade", "bla"),
    ],
)
def test_names_and_descriptions_of_known_actors(text, written, actor_id):
    found = only(text)
    assert (found.text, found.actor_id, found.name) == (written, actor_id, actor(actor_id).name)


@pytest.mark.parametrize(
    ("text", "written", "side"),
    [
        ("Five unidentified gunmen fled", "unidentified gunmen", "unknown"),
        ("pro-government militiamen", "pro-government militiamen", "pro_government_militia"),
        ("pro-regime soldiers", "pro-regime soldiers", "pro_government_militia"),
        ("security forces", "security forces", "state_forces"),
        ("government troops", "government troops", "state_forces"),
        ("jihadist fighters", "jihadist fighters", "extremist_group"),
        ("the terror group", "terror group", "extremist_group"),
        ("opposition factions", "opposition factions", "rebels"),
        ("ISIS-linked militants", "ISIS-linked militants", "unknown"),
        ("masked men", "masked men", "unknown"),
        ("the police", "police", "state_forces"),
        ("the Valley Liberation Front", "Valley Liberation Front", "unknown"),
    ],
)
def test_descriptions_without_a_name_stay_as_written_without_an_id(text, written, side):
    found = only(text)
    assert (found.text, found.name, found.actor_id, found.side, found.kind) == (written, written, None, side, "armed")


@pytest.mark.parametrize(
    "text",
    [
        "SYRIA IS ABLAZE AGAIN",
        "This is what it is",
        "an anti-ISIS campaign",
        "Local people and young men rebuilt the school",
        "He lives in Syria, near Israel",
        "a car of the rescue units",
        "An amnesty for all",
        "an Afghan bombing",
    ],
)
def test_words_that_are_no_actors(text):
    assert find_actors(text) == []


@pytest.mark.parametrize(
    ("text", "written", "actor_id"),
    [
        ("an alleged Israeli airstrike", "Israeli", "israeli_forces"),
        ("Syrian regime bombardment", "Syrian regime", "syrian_government_forces"),
        ("regime shelling", "regime", "syrian_government_forces"),
        ("killed by Turkey", "Turkey", "turkish_forces"),
        ("Israel targets depots", "Israel", "israeli_forces"),
        ("the raid was attributed to Israel", "Israel", "israeli_forces"),
        ("they blamed Russia", "Russia", "russian_forces"),
        ("the strike was blamed on Turkey", "Turkey", "turkish_forces"),
        ("a French air strike", "French", "french_forces"),
    ],
)
def test_country_that_strikes_is_its_forces(text, written, actor_id):
    found = only(text)
    assert (found.text, found.actor_id) == (written, actor_id)


def test_monitor_that_the_table_lacks_is_known_by_its_name_and_by_its_abbreviation():
    first, second, third = find_actors("The Tadmur Observatory for Civilian Harm (TOCH) counted nine. TOCH gave no names.")
    assert first.text == first.name == "Tadmur Observatory for Civilian Harm"
    assert (second.text, third.text) == ("TOCH", "TOCH")
    assert {m.name for m in (first, second, third)} == {first.name}
    assert {m.kind for m in (first, second, third)} == {"monitor"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("the Steppe Network for Human Rights", "monitor"),
        ("the Rafidain Monitor for Conflict Losses", "monitor"),
        ("the Interior Ministry", "official"),
        ("the Desert Press Agency", "media"),
        ("the Blue Crescent", "medical"),
    ],
)
def test_bodies_by_the_form_of_their_names(text, kind):
    assert only(text).kind == kind


@pytest.mark.parametrize("text", ["the Raqqa Railway Network", "a Homs Shopping Centre"])
def test_networks_and_centres_that_count_nobody(text):
    assert find_actors(text) == []


def test_unknown_actor_id_is_named():
    with pytest.raises(KeyError, match="no_such_group"):
        actor("no_such_group")


@pytest.mark.parametrize("piece", ["ISIS ", "X of ", "unidentified armed ", "The Big "])
def test_time_grows_with_the_length_of_the_text(piece):
    def read(length):
        text = (piece * length)[:length]
        find_actors(text)

    assert grows_linearly(read, 10_000)


_WORDS = (
    "ISIS IS the Islamic State Syrian regime forces Israeli army of for Observatory Human Rights ( ) (ABC) ABC - ' s . , \n "
    "backed militia Iran linked unidentified gunmen police airstrike by Turkey targets Front Liberation men armed US U.S. led"
)


@settings(deadline=None)
@given(st.one_of(st.text(max_size=200), st.lists(st.sampled_from(_WORDS.split(" ")), max_size=30).map(" ".join)))
def test_never_raises_and_spans_are_true(text):
    at = 0
    for found in find_actors(text):
        assert text[found.start : found.end] == found.text
        assert found.start >= at
        at = found.end


def test_capitals_of_an_old_wire_make_no_names():
    text = "THREE OTHERS WERE WOUNDED LAST NIGHT WHEN COLOMBIAN GUERRILLAS AMBUSHED A PATROL."
    assert [m.text for m in find_actors(text)] == ["COLOMBIAN GUERRILLAS"]


@pytest.mark.parametrize(
    ("text", "written", "actor_id"),
    [
        ("Russian aviation over the town", "Russian aviation", "russian_forces"),
        ("Russian Shahed drones over the town", "Russian Shahed drones", "russian_forces"),
        ("a Russian Kh-22 missile", "Russian", "russian_forces"),
        ("Russian and regime warplanes", "Russian and regime warplanes", "russian_forces"),
        ("junta airstrikes", "junta", None),
        ("a white supremacist", "white supremacist", None),
        ("cartel gunmen", "cartel gunmen", None),
    ],
)
def test_weapons_and_words_for_a_side_tell_the_party(text, written, actor_id):
    found = only(text)
    assert (found.text, found.actor_id) == (written, actor_id)


def test_a_suspect_is_known_by_the_name_and_later_by_the_last_name():
    found = find_actors("Police charged Robert Hale, 32, with murder. Hale was held. Mary Hale-Ortiz was not hurt.")
    assert [(m.text, m.name, m.kind) for m in found if m.kind == "suspect"] == [
        ("Robert Hale", "Robert Hale", "suspect"),
        ("Hale", "Robert Hale", "suspect"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Robert Hale, 32, of Dayton, was charged on Sunday.",
        "Robert Hale remains in custody.",
        "The gunman was later identified by police as Robert Hale.",
        "Police identified the shooter as 32-year-old Robert Hale.",
        "The suspect, Robert Hale, fled.",
        "Police arrested 32-year-old Robert Hale.",
        "A man named Robert Hale shot two clerks.",
        "Robert Hale, a white supremacist, fled.",
        "Two clerks died when Robert Hale, a former guard, opened fire.",
        "Two clerks were shot dead by Robert Hale, their former boss.",
        "Robert Hale confessed.",
        "Robert Hale, 32, was named as the bomber.",
        "Robert Hale pleaded not guilty.",
    ],
)
def test_ways_to_call_somebody_a_suspect(text):
    assert [m.text for m in find_actors(text) if m.kind == "suspect"] == ["Robert Hale"]


@pytest.mark.parametrize(
    "text",
    [
        "Robert Hale, 32, was killed.",
        "Robert Hale, 32, was murdered on Sunday.",
        "Mayor Robert Hale accused the police.",
        "Sheriff Robert Hale arrested a man.",
        "Robert Hale identified the suspect.",
        "The president accused Robert Hale of lying.",
        "The driver, identified as Robert Hale, died at the scene.",
        "Police in West Baltimore arrested a man.",
        "The driver, who lives in North Dayton, fled.",
    ],
)
def test_names_of_others_are_no_suspects(text):
    assert [m.text for m in find_actors(text) if m.kind == "suspect"] == []
