"""Words for numbers as ranges: the table of rules, row by row, and what counts no people."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.extract.casualties import find_casualties
from include.extract.lexicon import reasons
from include.extract.quantities import bounds, find_numbers, quantity
from include.extract.tokens import tokenise
from include.settings import COUNT_MODES


def find_quantities(text: str, mode: str = "range"):
    """The numbers of a text that could count people, as ranges."""
    tokens = tokenise(text)
    return [quantity(text, tokens, n, mode) for n in find_numbers(tokens) if n.reason is None]


# phrase, rule, range, acled, gtd
TABLE = [
    ("7 soldiers", "exact", (7, 7, 7), 7, 7),
    ("sixty-one soldiers", "exact", (61, 61, 61), 61, 61),
    ("one hundred and twenty people", "exact", (120, 120, 120), 120, 120),
    ("1,200 people", "exact", (1200, 1200, 1200), 1200, 1200),
    ("1.2 million people", "exact", (1_200_000,) * 3, 1_200_000, 1_200_000),
    ("forty 6 people", "exact", (46, 46, 46), 46, 46),
    ("7-9 people", "interval", (7, None, 9), 7, 7),
    ("two to three guards", "interval", (2, None, 3), 2, 2),
    ("between 14 and 17 people", "interval", (14, None, 17), 14, 14),
    ("between 15 to 25 people", "interval", (15, None, 25), 15, 15),
    ("from 15 to 25 people", "interval", (15, None, 25), 15, 15),
    ("five or six people", "interval", (5, None, 6), 5, 5),
    ("at least 12 people", "at_least", (12, 12, None), 12, 12),
    ("no fewer than 12 people", "at_least", (12, 12, None), 12, 12),
    ("12 people or more", "exact", (12, 12, 12), 12, 12),
    ("12 or more people", "at_least", (12, 12, None), 12, 12),
    ("12+ people", "at_least", (12, 12, None), 12, 12),
    ("more than 20 people", "more_than", (21, 21, None), 20, 20),
    ("over 20 people", "more_than", (21, 21, None), 20, 20),
    ("up to 10 people", "up_to", (1, None, 10), 1, None),
    ("as many as 10 people", "up_to", (1, None, 10), 1, None),
    ("fewer than 10 people", "fewer_than", (1, None, 9), 1, None),
    ("nearly 100 people", "nearly", (90, 100, 100), 100, 100),
    ("almost 15 people", "nearly", (13, 15, 15), 15, 15),
    ("around 15 people", "about", (13, 15, 17), 15, 15),
    ("some 40 people", "about", (36, 40, 44), 40, 40),
    ("a couple of men", "couple", (2, 2, 3), 2, None),
    ("a few men", "few", (3, None, 9), 3, None),
    ("several men", "few", (3, None, 9), 3, None),
    ("a group of men", "few", (3, None, 9), 3, None),
    ("a number of men", "number_of", (3, None, None), 3, None),
    ("many men", "number_of", (3, None, None), 3, None),
    ("a dozen men", "exact", (12, 12, 12), 12, 12),
    ("half a dozen men", "exact", (6, 6, 6), 6, 6),
    ("two dozen men", "exact", (24, 24, 24), 24, 24),
    ("a pair of men", "exact", (2, 2, 2), 2, 2),
    ("dozens of men", "dozens", (24, None, 99), 12, None),
    ("scores of men", "scores", (40, None, 99), 40, None),
    ("tens of men", "tens", (20, None, 99), 10, None),
    ("hundreds of men", "hundreds", (200, None, 999), 100, None),
    ("thousands of men", "thousands", (2000, None, 9999), 1000, None),
    ("tens of thousands of men", "tens_of_thousands", (20000, None, 99999), 10000, None),
    ("an unknown number of men", "unknown_number", (2, None, None), 3, None),
    ("no men", "exact", (0, 0, 0), 0, 0),
    ("both men", "exact", (2, 2, 2), 2, 2),
    ("a soldier", "singular", (1, 1, 1), 1, 1),
    ("an old shepherd", "singular", (1, 1, 1), 1, 1),
    ("another three men", "exact", (3, 3, 3), 3, 3),
    ("more than a dozen men", "more_than", (13, 13, None), 12, 12),
    ("at least two dozen men", "at_least", (24, 24, None), 24, 24),
    ("at least several men", "at_least_vague", (3, None, None), 3, None),
    ("at least one and possibly two men", "interval", (1, None, 2), 1, 1),
]


@pytest.mark.parametrize(("phrase", "rule", "low_best_high", "acled", "gtd"), TABLE, ids=[row[0] for row in TABLE])
def test_each_row_of_the_rule_table_in_each_codebook(phrase, rule, low_best_high, acled, gtd):
    for mode, want in (("range", low_best_high), ("acled", (acled,) * 3), ("gtd", (gtd,) * 3)):
        sentence = f"Gunmen killed {phrase}."
        ((casualty,), _) = find_casualties(sentence, mode)
        q = casualty.quantity
        assert (q.rule, (q.low, q.best, q.high)) == (rule, want)
        assert sentence[q.start : q.end] == q.phrase


def test_nine_tenths_is_rounded_down_and_eleven_tenths_up():
    assert bounds("about", "range", 7) == (6, 7, 8)
    assert bounds("about", "range", 1) == (0, 1, 2)


def test_up_to_is_at_least_one_only_where_deaths_are_asserted():
    assert bounds("up_to", "range", 10, asserted=True) == (1, None, 10)
    assert bounds("up_to", "range", 10, asserted=False) == (0, None, 10)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a 54 year old man", "age"),
        ("a boy aged 12", "age"),
        ("a 22-year-old", "age"),
        ("the man, 54, was seen", "age"),
        ("Nasser (36), his brother", "age"),
        ("on 9 October", "date"),
        ("on October 9", "date"),
        ("the 7th of October", "date"),
        ("back in 2014 it began", "date"),
        ("at 5 am", "time"),
        ("at 17:30", "time"),
        ("after three days", "duration"),
        ("12 km from the city", "distance"),
        ("40 metres away", "distance"),
        ("a 122mm rocket", "weapon"),
        ("two rockets", "weapon"),
        ("the 47th Brigade", "unit_number"),
        ("on Highway 4", "unit_number"),
        ("in the third row, the 5th", "ordinal"),
        ("a ransom of $500", "money"),
        ("20 dollars", "money"),
        ("15 percent of them", "percentage"),
        ("15% of them", "percentage"),
        ("two houses", "vehicle_or_building"),
        ("three police vehicles", "vehicle_or_building"),
        ("four Israeli airstrikes", "event_count"),
        ("they won 3-1", "sport_score"),
        ("twelve sheep", "animal"),
        ("5.4 on the scale", "magnitude"),
    ],
)
def test_what_counts_no_people_is_left_out_with_the_reason(text, reason):
    found = [n.reason for n in find_numbers(tokenise(text)) if n.reason]
    assert found == [reason]
    assert reason in reasons()
    assert find_quantities(text) == []


def test_a_noun_for_people_wins_over_the_look_of_a_year():
    assert [q.best for q in find_quantities("2000 people gathered in 2014")] == [2000]


def test_from_one_number_to_another_is_a_change_and_no_interval():
    assert [q.best for q in find_quantities("the toll rose from 3 to 5")] == [3, 5]


def test_police_officers_are_people_and_police_stations_are_not():
    assert [q.best for q in find_quantities("five police officers and six police stations")] == [5]


@pytest.mark.parametrize("call", [lambda: find_casualties("5 men", "ucdp"), lambda: bounds("exact", "ucdp")])
def test_an_unknown_codebook_is_an_error_that_names_the_choices(call):
    with pytest.raises(ValueError, match=r"'ucdp'.*range, acled, gtd"):
        call()


def test_an_unknown_rule_is_an_error_that_names_the_rules():
    with pytest.raises(ValueError, match=r"'dozen'.*dozens"):
        bounds("dozen", "range")


VOCABULARY = re.findall(
    r"\S+",
    """
a an another no between and to or of at least up more than 7 9 1,200 1.2 2014 million hundred dozen dozens two sixty sixty-one
people soldiers years old , - ( ) % $ km half some 47th 12-year-old
""",
)
WORDS = st.lists(st.sampled_from(VOCABULARY), max_size=14).map(" ".join)


@given(st.one_of(st.text(max_size=80), WORDS), st.sampled_from(COUNT_MODES))
def test_any_text_gives_true_spans_and_ordered_bounds(text, mode):
    for q in find_quantities(text, mode):
        assert text[q.start : q.end] == q.phrase
        stated = [v for v in (q.low, q.best, q.high) if v is not None]
        assert stated == sorted(stated)
        assert all(v >= 0 for v in stated)


@pytest.mark.parametrize("unit", ["1,", "at least ", "12 to ", "two hundred ", "a ", "9"])
def test_a_long_text_takes_linear_time(unit):
    start = time.perf_counter()
    find_quantities(unit * (60_000 // len(unit)))
    assert time.perf_counter() - start < 60  # quadratic time would take hours
