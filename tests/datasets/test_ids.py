import pytest

from include.datasets.ids import content_id, matching, short

ONE, TWO = "incident-aaaaaaaa00000000000b", "incident-aaaaaaaa11111111111b"
OTHER = "incident-0123456789abcdef0123"
IDS = [ONE, TWO, OTHER]


@pytest.mark.parametrize("text", [OTHER, "0123456789abcdef0123", "0123", "0", "incident-01234567", "INCIDENT-0123"])
def test_an_id_is_found_by_any_beginning_that_no_other_has(text):
    assert matching(text, IDS) == OTHER


def test_what_a_table_shows_is_a_beginning():
    assert short(OTHER) == "01234567"
    assert matching(short(OTHER), IDS) == OTHER
    assert short(content_id("incident", report="a")) in content_id("incident", report="a")


def test_a_beginning_of_several_names_them_so_that_they_differ():
    with pytest.raises(LookupError, match="aaaa could be aaaaaaaa0, aaaaaaaa1; give more"):
        matching("aaaa", IDS)


def test_an_unknown_id_names_the_most_alike():
    with pytest.raises(LookupError, match="there is no 0123556789; the ids most like it are 01234567"):
        matching("0123556789", IDS)
    with pytest.raises(LookupError, match=r"there is no ff$"):
        matching("ff", [])
    with pytest.raises(LookupError, match="there is no incident-;"):
        matching("incident-", IDS)
