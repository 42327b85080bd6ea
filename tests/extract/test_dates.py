"""Dates: every rule by its own examples, and how mentions are put together and told apart."""

from datetime import date
from time import process_time

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from include.extract.dates import _WORD, RULES, _first_match, _scan, _scanner, find_dateline, find_dates
from include.extract.tokens import lowered

MONDAY = date(2022, 4, 11)
_RULES = yaml.safe_load(RULES.read_text(encoding="utf-8"))["rules"]


def only(text, published_on=MONDAY, **options):
    """The one mention of a text."""
    (mention,) = find_dates(text, published_on=published_on, **options)
    return mention


def days(mention):
    return mention.date_start, mention.date_end, mention.date_prec


@pytest.mark.parametrize(
    ("rule", "example"),
    [pytest.param(rule["id"], example, id=f"{rule['id']}: {example[0]}") for rule in _RULES for example in rule["examples"]],
)
def test_rule_reads_its_examples(rule, example):
    text, published_on, phrase, start, end, prec, kind = example
    found = find_dates(text, published_on=published_on)[-1]
    assert (found.rule, found.phrase, found.kind) == (rule, phrase, kind)
    assert days(found) == (start, end, prec)
    assert (found.reason is None) == (start is not None)


def test_every_rule_has_an_example():
    assert [rule["id"] for rule in _RULES if not rule["examples"]] == []


@pytest.mark.parametrize(
    "written",
    [
        "12 October 2023",
        "12 Oct 2023",
        "October 12, 2023",
        "October 12th, 2023",
        "October 12th 2023",
        "Oct. 12, 2023",
        "the 12th of October 2023",
        "12th October, 2023",
        "Thursday, October 12, 2023",
        "Thursday 12 October 2023",
        "Thursday, the 12th of October, 2023",
        "2023-10-12",
        "2023/10/12",
        "10/13/2023",
    ],
)
def test_absolute_days_need_no_publication_date(written):
    found = only(f"A shell hit a house on {written}, killing one.", None)
    assert found.date_prec == 1 and found.date_start == found.date_end
    assert found.date_start == date(2023, 10, 13 if "/13/" in written else 12)
    assert found.phrase == written


def test_numeric_day_that_can_be_read_two_ways_stays_null_with_the_reason():
    found = only("Shelling on 10/7/2023")
    assert days(found) == (None, None, None)
    assert found.reason == "unresolved_phrase"


def test_day_that_the_calendar_lacks_stays_null():
    assert only("Shelling on 31 June 2023").reason == "unresolved_phrase"


@pytest.mark.parametrize(
    "phrase", ["Thursday", "yesterday", "two weeks ago", "last month", "in March", "17 August", "overnight"]
)
def test_relative_phrase_without_a_publication_date_says_so(phrase):
    found = only(f"Two were killed {phrase}.", None)
    assert days(found) == (None, None, None)
    assert found.reason == "no_publication_date"


def test_day_without_a_year_is_the_nearest_one_on_or_before_publication():
    assert only("A mine blew up on 30 December").date_start == date(2021, 12, 30)
    assert only("A mine blew up on April 11").date_start == MONDAY


def test_weekday_beside_a_day_without_a_year_decides_the_year():
    assert only("A mine blew up on Friday, October 30").date_start == date(2020, 10, 30)


def test_day_without_a_year_takes_it_from_another_day_of_the_text():
    first, second = find_dates("On October 7, 2023 a house was hit. He died on January 4.", published_on=None)
    assert (first.date_start, second.date_start) == (date(2023, 10, 7), date(2024, 1, 4))


@pytest.mark.parametrize(
    ("phrase", "day"),
    [
        ("on Thursday", date(2022, 4, 7)),
        ("on Monday", MONDAY),
        ("early Monday", MONDAY),
        ("Monday morning", MONDAY),
        ("last Monday", date(2022, 4, 4)),
        ("last Thursday", date(2022, 4, 7)),
        ("on Tuesday", date(2022, 4, 5)),
        ("yesterday evening", date(2022, 4, 10)),
        ("three days ago", date(2022, 4, 8)),
        ("a few hours ago", MONDAY),
    ],
)
def test_days_told_from_a_monday(phrase, day):
    found = only(f"Two were shot dead {phrase}")
    assert days(found) == (day, day, 1)
    assert found.kind == "point"


@pytest.mark.parametrize(
    "text",
    ["Voters go to the polls next Friday", "The court will hear him on Thursday", "Talks are scheduled for 20 April"],
)
def test_what_is_announced_is_future(text):
    found = only(text)
    assert found.kind == "future" and found.date_start > MONDAY


@pytest.mark.parametrize(
    ("text", "start", "end", "prec", "phrase"),
    [
        ("two attacks from March 31 to April 6", (2022, 3, 31), (2022, 4, 6), 3, "from March 31 to April 6"),
        ("killed between 28 December and 2 January", (2021, 12, 28), (2022, 1, 2), 2, "between 28 December and 2 January"),
        ("raids from 28 December to 2 January 2020", (2019, 12, 28), (2020, 1, 2), 2, "from 28 December to 2 January 2020"),
        ("raids from Friday to Sunday", (2022, 4, 8), (2022, 4, 10), 2, "from Friday to Sunday"),
        ("nine killed since October 7", (2021, 10, 7), (2022, 4, 11), 5, "since October 7"),
        ("nine killed since Friday", (2022, 4, 8), (2022, 4, 11), 2, "since Friday"),
        ("nine killed since March", (2022, 3, 1), (2022, 4, 11), 5, "since March"),
        ("nine killed since 2019", (2019, 1, 1), (2022, 4, 11), 5, "since 2019"),
        ("a raid overnight into Sunday", (2022, 4, 9), (2022, 4, 10), 2, "overnight into Sunday"),
        ("a raid on Saturday night into Sunday", (2022, 4, 9), (2022, 4, 10), 2, "Saturday night into Sunday"),
    ],
)
def test_pairs_become_one_mention(text, start, end, prec, phrase):
    found = only(text)
    assert days(found) == (date(*start), date(*end), prec)
    assert found.phrase == phrase


def test_two_days_joined_by_and_stay_two():
    assert [m.date_start.day for m in find_dates("shot on 3 April and 5 April", published_on=MONDAY)] == [3, 5]


@pytest.mark.parametrize(
    "text",
    [
        "Nine were killed this year, the monitor said last month",
        "The ministry said in a statement on Thursday that nine were killed",
        "A monitor reported early Monday that nine were killed",
        "In its magazine on Thursday, the group boasted of nine dead",
        "Police on Thursday said nine were killed",
        "Nine people were dead by Thursday",
    ],
)
def test_the_day_of_a_statement_is_its_age_not_the_incident(text):
    assert find_dates(text, published_on=MONDAY)[-1].kind == "age"


@pytest.mark.parametrize("text", ["SOHR said nine were killed on Thursday", "The army said that on Thursday nine were killed"])
def test_a_day_after_what_was_said_is_the_incident(text):
    assert only(text).kind == "point"


def test_old_day_used_as_the_name_of_an_attack_is_not_a_point():
    assert only("The war began with the October 7 attacks", date(2024, 5, 1)).kind == "name"
    assert only("He was wounded in the April 9 attack").kind == "point"


def test_the_day_before_counts_from_the_last_day_named():
    first, second = find_dates("The village was hit on Friday. The previous day its well was hit.", published_on=MONDAY)
    assert (second.date_start, first.date_start) == (date(2022, 4, 7), date(2022, 4, 8))


def test_anchor_can_come_from_the_text_before():
    assert only("The following day he died.", anchor=date(2022, 4, 8)).date_start == date(2022, 4, 9)
    assert only("The following day he died.").reason == "unresolved_phrase"


@pytest.mark.parametrize(
    ("text", "phrase", "day"),
    [
        ("HOMS, April 10 (Agency) - A bus was hit", "April 10", date(2022, 4, 10)),
        ("San Salvador, 25 Aug 88 (Canal Doce) -- [Text] A bus was hit", "25 Aug 88", date(1988, 8, 25)),
        ("BAGHDAD, 3 April 2021 — A bus was hit", "3 April 2021", date(2021, 4, 3)),
    ],
)
def test_dateline(text, phrase, day):
    found = find_dateline(text, MONDAY)
    assert (found.phrase, found.date_start, found.kind) == (phrase, day, "age")
    assert text[found.start : found.end] == phrase
    assert find_dates(text, published_on=MONDAY) == [found]


def test_dateline_is_the_day_that_today_means():
    found = find_dates("HOMS, April 8 (Agency) - A bus was hit today", published_on=MONDAY)[-1]
    assert found.date_start == date(2022, 4, 8)
    assert only("A bus was hit yesterday", dateline=date(2022, 4, 8)).date_start == date(2022, 4, 7)


@pytest.mark.parametrize("text", ["On April 10, a bus - full of workers - was hit", "Two were killed, 3 hurt - police", ""])
def test_text_without_a_dateline(text):
    assert find_dateline(text, MONDAY) is None


@pytest.mark.parametrize(
    "text",
    [
        "The march of 2000 people",
        "They may 5 times a day shell the town",
        "The 7th Brigade and Channel 12",
        "He was 25 and lived at number 2021",
        "Fridays are quiet, every Friday is",
        "14 of 30 were hurt",
        "Scores sat in the sun",
    ],
)
def test_numbers_and_words_that_are_no_dates(text):
    assert find_dates(text, published_on=MONDAY) == []


def test_month_before_a_number_of_people_is_the_month():
    assert only("In March 15 people were killed").date_prec == 4


def test_holiday_of_the_moon_is_kept_without_days():
    found = only("Shells fell on the first day of Ramadan")
    assert (found.date_start, found.reason, found.phrase) == (None, "unresolved_phrase", "the first day of Ramadan")


@pytest.mark.parametrize("piece", ["May 5 ", "in ", "between 3 and ", "a a "])
def test_time_grows_with_the_length_of_the_text(piece):
    def seconds(length):
        text = (piece * length)[:length]
        started = process_time()
        find_dates(text, published_on=MONDAY)
        return process_time() - started

    seconds(100)
    assert seconds(40_000) < 20 * max(seconds(10_000), 0.005)


_WORDS = (
    "from to between since and the on in early late overnight Monday Friday May March 3 31 2022 1988 25 Aug a month week "
    "after ago later said last next this day following - , . 0001 9999 99 years several hours night into 10/7/2023"
)


@settings(deadline=None)
@given(
    st.one_of(st.text(max_size=200), st.lists(st.sampled_from(_WORDS.split()), max_size=25).map(" ".join)),
    st.one_of(st.none(), st.just(date.min), st.just(date.max), st.dates()),
)
def test_never_raises_and_spans_are_true(text, published_on):
    at = 0
    for found in find_dates(text, published_on=published_on):
        assert text[found.start : found.end] == found.phrase
        assert found.start >= at
        at = found.end
        if found.date_start is None:
            assert days(found) == (None, None, None) and found.reason
        else:
            assert found.date_start <= found.date_end and found.date_prec in range(1, 6) and found.reason is None
    find_dateline(text, published_on)


def test_notes_date_by_the_report_what_they_know_only_from_it():
    assert only("As reported on 7 April, 14 fighters were killed.").kind == "point"
    assert only("The monitor reported on 7 April that 14 fighters were killed.").kind == "age"


_SPOKEN = (
    "on in at the of from to between during over early mid late last this next past previous following same earlier later that "
    "first second final beginning end about more than less a few several three 3 3rd 30 12 2023 1998 2023-05-04 12/10/2023 "
    "march March may May Sat sat monday Friday weekend summer year month week days ago after since quarter half night dawn "
    "today yesterday morning overnight before New Year's Day Christmas Eve Ramadan 9/11 1980s so far to-date recent minutes"
)


def _unhurried(text):
    """All rules tried at every word, whatever it is."""
    low, at = lowered(text), 0
    rules = {rule.id: rule for begins in _scanner().values() for tried in begins.values() for rule in tried}
    ordered = [rules[row["id"]] for row in _RULES]
    for word in _WORD.finditer(low):
        found = word.start() >= at and _first_match(ordered, text, low, word.start())
        if found:
            at = found[1].end()
            yield found[0].id, found[1].span()


@settings(deadline=None)
@given(st.lists(st.sampled_from(_SPOKEN.split()), max_size=12).map(" ".join))
def test_reading_only_near_the_keys_misses_nothing(text):
    assert [(rule.id, match.span()) for rule, match in _scan(text, lowered(text))] == list(_unhurried(text))
