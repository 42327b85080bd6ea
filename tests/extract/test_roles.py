import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.extract.casualties import find_casualties
from include.extract.roles import _rules, roles_of, speaks_of_total


def roles(sentence: str) -> list[tuple[str, str]]:
    casualties, _ = find_casualties(sentence, "range")
    return [(c.quantity.phrase, r.role) for c, r in zip(casualties, roles_of(sentence, casualties), strict=True)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Three guards were killed in a raid on the depot.", [("Three", "main_event")]),
        ("The raid came two weeks after nine guards were killed at the depot.", [("nine", "background_reference")]),
        ("The shooting follows a blast that killed nine people.", [("nine", "background_reference")]),
        ("In a similar attack, nine guards were killed.", [("nine", "background_reference")]),
        ("Nine guards were killed there earlier this year.", [("Nine", "background_reference")]),
        ("Since the beginning of March, 40 guards have been killed.", [("40", "cumulative_claim")]),
        ("At least 40 guards have been killed so far this year.", [("At least 40", "cumulative_claim")]),
        ("Over the past three months 40 guards were killed.", [("40", "cumulative_claim")]),
        ("Some 5,000 people have been killed in the war.", [("Some 5,000", "cumulative_claim")]),
        (
            "Three guards were killed on Monday, bringing the number of guards killed since January to 40.",
            [("Three", "main_event"), ("40", "cumulative_claim")],
        ),
        ("The find brings to 7 the number of guards who were killed by the roadside bomb.", [("7", "main_event")]),
        ("It brings to 7 the number of guards killed in Idlib.", [("7", "cumulative_claim")]),
        ("In the deadliest raid since 2019, 15 guards were killed.", [("15", "main_event")]),
        ("Two guards died three days after the blast.", [("Two", "main_event")]),
        ("More than 40 guards have been killed in the province this year.", [("More than 40", "cumulative_claim")]),
        ("The number of guards killed in the ground offensive rose to 30.", [("30", "cumulative_claim")]),
        ("Over the holiday weekend, 14 people were killed in the city.", [("14", "cumulative_claim")]),
        ("The bomb could have killed hundreds.", [("hundreds", "not_counted")]),
        ("They had plotted to storm a depot and massacre nine guards.", [("nine", "not_counted")]),
        ("The thriller follows a sniper who kills nine guards.", [("nine", "not_counted")]),
    ],
)
def test_the_words_around_a_casualty_give_its_role(sentence, expected):
    assert roles(sentence) == expected


def test_every_rule_has_its_receipt():
    sentence = "The raid came two weeks after nine guards were killed."
    casualties, _ = find_casualties(sentence, "range")
    (role,) = roles_of(sentence, casualties)
    assert role.rule == "role.time_after"
    assert sentence[role.start : role.end] == "two weeks after"


def test_every_rule_is_in_lower_case_like_the_sentences_that_it_is_searched_in():
    for rule in _rules():
        for pattern in filter(None, (rule.pattern, rule.unless)):
            assert not re.search("[A-Z]", re.sub(r"\\[A-Za-z]|\(\?P<", "", pattern.pattern)), rule.id


@given(
    st.lists(
        st.sampled_from(
            [
                "since",
                "March",
                "40",
                "guards",
                "were",
                "killed",
                "and",
                "in",
                "a",
                "raid",
                ",",
                "last",
                "year",
                "bringing",
                "the",
                "toll",
                "to",
                "so",
                "far",
                ";",
                "é",
            ]
        )
    )
)
@settings(deadline=None)
def test_any_words_give_one_role_a_casualty_that_rests_on_words_of_the_sentence(words):
    sentence = " ".join(words)
    casualties, _ = find_casualties(sentence)
    found = roles_of(sentence, casualties)
    assert len(found) == len(casualties)
    assert all(0 <= role.start <= role.end <= len(sentence) for role in found)
    total = speaks_of_total(sentence)
    assert total is None or sentence[total.start : total.end]
