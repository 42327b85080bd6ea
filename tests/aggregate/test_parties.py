from pathlib import Path

import pytest
import yaml

import include.aggregate
from include.aggregate.parties import is_named, name_of, party_of
from include.extract.actors import actor


@pytest.mark.parametrize("written", ["ISIS", "Islamic State", "Daesh", "Amaq"])
def test_a_party_is_one_under_all_its_names_and_through_its_media(written):
    assert party_of(written) == "isis"


def test_a_party_that_the_table_lacks_is_its_words():
    assert party_of("Brigade of the Seven Wells") == party_of("brigade of the seven wells")


def test_words_that_name_more_than_an_actor_are_not_the_actor():
    assert party_of("relatives of ISIS fighters") != "isis"


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ("Syrian Observatory for Human Rights", True),
        ("SOHR", True),
        ("Interior Ministry", True),
        ("Rudaw", True),
        ("a military source", False),
        ("Reliable sources", False),
        ("Police", False),
        ("mayor", False),
        ("", False),
    ],
)
def test_a_body_is_named_by_a_name_of_its_own(body, named):
    assert is_named(body) is named


def test_nobody_is_no_party():
    assert party_of(None) is None
    assert name_of(None, None) is None


def test_the_name_is_the_tables_else_what_is_written():
    assert name_of("isis", "IS-IS") == "ISIS"
    assert name_of(None, "tribesmen") == "tribesmen"
    assert name_of("an_id_of_an_earlier_table", "the brigade") == "the brigade"


def test_every_voice_and_its_party_are_in_the_actor_table():
    table = yaml.safe_load((Path(include.aggregate.__file__).parent / "data" / "parties.yaml").read_text(encoding="utf-8"))[
        "voices"
    ]
    for medium, party in table.items():
        assert actor(medium).kind == "media"
        assert actor(party).kind == "armed"


@pytest.mark.parametrize("written", ["Gunmen", "unidentified gunmen", "masked gunmen", "Unknown assailants", "a masked man"])
def test_gunmen_of_no_name_are_one_party_however_they_are_described(written):
    assert name_of(None, written) == "unidentified gunmen"


@pytest.mark.parametrize("written", ["tribal gunmen", "army deserters", "men of the Steppe Brigade"])
def test_a_description_that_says_more_stays_as_written(written):
    assert name_of(None, written) == written
