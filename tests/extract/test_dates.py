"""Dates: every rule by its own examples, and how mentions are put together and told apart."""

import re
from datetime import date

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from include.extract.dates import RULES, _is_common_word, _rules, _scan, find_dateline, find_dates
from include.extract.tokens import lowered
from tests.timing import grows_linearly

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


@pytest.mark.parametrize("published_on", [None, date(2023, 7, 20), date(2024, 5, 1)])
def test_numeric_day_that_can_be_read_two_ways_stays_null_with_the_reason(published_on):
    found = only("Shelling on 10/7/2023" if published_on != date(2023, 7, 20) else "Shelling on 5/6/2023", published_on)
    assert days(found) == (None, None, None)
    assert found.reason == "unresolved_phrase"


def test_numeric_day_is_the_one_shortly_before_the_day_of_writing():
    assert only("Shelling on 03/05/2019", date(2019, 5, 10)).date_start == date(2019, 5, 3)
    assert only("Shelling on 03/05/2019", date(2019, 3, 7)).date_start == date(2019, 3, 5)


def test_numeric_days_of_a_text_have_one_order():
    first, second = find_dates("Shelling on 03/05/2019 and on 25/05/2019", published_on=None)
    assert (first.date_start, second.date_start) == (date(2019, 5, 3), date(2019, 5, 25))


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


def test_weekday_that_contradicts_its_day_is_ignored():
    assert only("A mine blew up on Friday, April 4").date_start == date(2022, 4, 4)
    assert only("A mine blew up on Monday, 7 October 2020").date_start == date(2020, 10, 7)


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
    [
        "Two candidates were killed ahead of the June 2 elections",
        "Voters go to the polls next Friday",
        "The court will hear him on Thursday",
        "Talks are scheduled for 20 April",
    ],
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
        ("nine killed since the start of the campaign last December", (2021, 12, 1), (2022, 4, 11), 5, None),
        ("nine killed since the war began on February 24", (2022, 2, 24), (2022, 4, 11), 5, None),
        ("nine killed since 2019", (2019, 1, 1), (2022, 4, 11), 5, "since 2019"),
        ("a raid overnight into Sunday", (2022, 4, 9), (2022, 4, 10), 2, "overnight into Sunday"),
        ("a raid on Saturday night into Sunday", (2022, 4, 9), (2022, 4, 10), 2, "Saturday night into Sunday"),
        ("a raid late Friday or early Saturday", (2022, 4, 8), (2022, 4, 9), 2, "late Friday or early Saturday"),
        ("a raid overnight from Friday to Saturday", (2022, 4, 8), (2022, 4, 9), 2, "overnight from Friday to Saturday"),
        ("a raid overnight on Friday into Saturday", (2022, 4, 8), (2022, 4, 9), 2, "overnight on Friday into Saturday"),
        ("the night between Friday and Saturday", (2022, 4, 8), (2022, 4, 9), 2, "between Friday and Saturday"),
    ],
)
def test_pairs_become_one_mention(text, start, end, prec, phrase):
    found = only(text)
    assert days(found) == (date(*start), date(*end), prec)
    assert found.phrase == (phrase or text.removeprefix("nine killed "))


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


@pytest.mark.parametrize(
    "text",
    [
        "A man was arrested Friday over the killing of two",
        "Two men were charged on Friday after a shooting",
        "On Friday, a judge sentenced him for the shooting of two",
        "Funerals were held on Friday for those killed",
        "The toll of the bombing rose to 100 on Friday",
        "He died on Friday, two days after he was shot",
        "A man suspected of killing two was found on Friday",
    ],
)
def test_the_day_of_what_followed_is_a_sequel(text):
    assert find_dates(text, published_on=MONDAY)[0].kind == "sequel"


@pytest.mark.parametrize(
    "text",
    [
        "Police have a man in custody after Friday's raid",
        "Gunmen opened fire near the food court on Friday",
        "An explosive charge went off on Friday",
        "At dawn on Friday, nine identified civilians were killed",
        "A man shot his wife on Friday and was arrested",
        "On Friday, the car of a judge was hit by a mine",
        "A bomber struck a funeral on Friday",
        "Troops arrested 20 people on Friday in raids on three villages",
    ],
)
def test_the_day_of_what_happened_is_a_point(text):
    assert only(text).kind == "point"


@pytest.mark.parametrize(
    "text",
    [
        "Published: Apr. 8, 2022 at 7:12 AM CDT",
        "Updated 10:42 PM, April 8, 2022",
        "Posted at 5:10 p.m. on April 8, 2022",
        "Last updated on April 8, 2022",
        "April 8, 2022 | 5:10 PM EST",
        "By a reporter\nApril 10, 2022\nA shell fell",
        "Two farmers were killed, the mayor wrote in a post on April 8",
    ],
)
def test_the_day_of_publication_is_an_age(text):
    assert only(text).kind == "age"


def test_a_post_is_also_a_place():
    assert only("Gunmen attacked a post on Friday").kind == "point"


def test_day_of_birth_is_a_name():
    assert only("A man born on May 3, 1998 was shot").kind == "name"


def test_a_year_before_a_day():
    assert days(only("A year ago Sunday, a gunman killed two")) == (date(2021, 4, 10), date(2021, 4, 10), 1)


def test_night_of_two_days_is_one_time():
    assert only("A raid in the night of 4-5 April").kind == "point"
    assert only("Raids of 4-5 April").kind == "period"


@pytest.mark.parametrize(("text", "kind"), [("shot on Halloween night", "point"), ("shot at a Halloween party", "name")])
def test_feast_is_a_day_or_names_something(text, kind):
    found = only(text, date(2022, 11, 2))
    assert (found.date_start, found.kind) == (date(2022, 10, 31), kind)


@pytest.mark.parametrize(
    ("phrase", "published_on", "start", "end"),
    [
        ("the Memorial Day weekend", date(2022, 6, 1), date(2022, 5, 28), date(2022, 5, 30)),
        ("the Fourth of July weekend", date(2022, 7, 6), date(2022, 7, 2), date(2022, 7, 4)),
        ("Thanksgiving weekend", date(2022, 11, 29), date(2022, 11, 24), date(2022, 11, 27)),
        ("Thanksgiving weekend", date(2022, 11, 26), date(2022, 11, 24), date(2022, 11, 26)),
    ],
)
def test_weekend_of_a_feast_holds_the_feast(phrase, published_on, start, end):
    found = only(f"Four were shot over {phrase}", published_on)
    assert (found.date_start, found.date_end) == (start, end)


@pytest.mark.parametrize(
    "text", ["On the 3rd floor", "the 7th Brigade", "Two fell on the 3rd try", "Souad Muharram was killed"]
)
def test_ordinals_and_names_that_are_no_days(text):
    assert find_dates(text, published_on=MONDAY) == []


def test_two_days_after_an_attack_tells_no_day_where_another_was_named():
    found = find_dates("He was shot on April 4. Three days after the attack, he died", published_on=MONDAY)[-1]
    assert (found.phrase, found.reason) == ("Three days after", "unresolved_phrase")


def test_a_day_after_counts_from_the_day_beside_it():
    found = find_dates("He died on Sunday, two days after he was shot", published_on=MONDAY)[-1]
    assert (found.date_start, found.kind) == (date(2022, 4, 8), "point")


def test_since_a_day_when_something_happened_is_that_day():
    found = only("He had been in hospital since Friday, when he was shot")
    assert (found.kind, found.date_start) == ("point", date(2022, 4, 8))


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
        ("(Corrects the toll)\n\nBAQUBAH, Iraq, March 23 (Newswire) - A bus was hit", "March 23", date(2022, 3, 23)),
    ],
)
def test_dateline(text, phrase, day):
    found = find_dateline(text, MONDAY)
    assert (found.phrase, found.date_start, found.kind) == (phrase, day, "age")
    assert text[found.start : found.end] == phrase
    assert find_dates(text, published_on=MONDAY) == [found]


def test_dateline_with_a_short_year_of_this_century():
    text = "Lima, 2 Oct 21 (Radio) -- A bus was hit today"
    assert find_dateline(text, None).date_start == date(2021, 10, 2)
    first, second = find_dates(text, published_on=None)
    assert (first.kind, second.date_start) == ("age", date(2021, 10, 2))


def test_dateline_is_the_day_that_today_means():
    found = find_dates("HOMS, April 8 (Agency) - A bus was hit today", published_on=MONDAY)[-1]
    assert found.date_start == date(2022, 4, 8)
    assert only("A bus was hit yesterday", dateline=date(2022, 4, 8)).date_start == date(2022, 4, 7)


def test_dateline_of_a_later_part_is_no_day_of_writing():
    text = f"A bus was hit today{' and burnt' * 9}.\nHOMS, March 10 (Agency) - A mine blew up"
    first, second = find_dates(text, published_on=MONDAY)
    assert (first.date_start, second.kind) == (MONDAY, "age")


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


@pytest.mark.parametrize("piece", ["May 5 ", "May 5, 2022 - ", "in ", "between 3 and ", "a a "])
def test_time_grows_with_the_length_of_the_text(piece):
    def read(length):
        text = (piece * length)[:length]
        find_dates(text, published_on=MONDAY)

    assert grows_linearly(read, 10_000)


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
    rules, _ = _rules()
    for word in re.finditer(r"(?<![\w/])(?:[^\W\d_]{1,40}|\d)", low):
        for rule in rules.values() if word.start() >= at else ():
            match = rule.pattern.match(low, word.start())
            if match and not _is_common_word(text, match):
                at = match.end()
                yield rule.id, match.span()
                break


@settings(deadline=None)
@given(st.lists(st.sampled_from(_SPOKEN.split()), max_size=12).map(" ".join))
def test_looking_only_where_a_rule_may_match_misses_nothing(text):
    assert [(rule.id, match.span()) for rule, match in _scan(text, lowered(text))] == list(_unhurried(text))


def test_a_weekday_in_some_month_is_no_day_of_this_week():
    assert only("One Saturday in March 2021 gunmen came.").phrase == "March 2021"
