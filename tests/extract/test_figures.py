from dataclasses import replace

from include.extract.figures import resolved, told
from include.extract.mentions import Casualty, Quantity, Sentence
from include.extract.sentences import Part

PART = Part.of("text", "x")
SENTENCE = Sentence("x", 0, 1, "text", 0, 0)


def casualty(low, best, high, **more) -> Casualty:
    return Casualty(more.pop("measure", "killed"), Quantity(low, best, high, "x", 0, 1, "rule"), **more)


def figure(*casualties, at=0):
    return told("killed", casualties, PART, Sentence("x", 0, 1, "text", 0, at))


def bounds(found):
    return (found.low, found.best, found.high)


def test_groups_of_one_sentence_add_up():
    assert bounds(figure(casualty(2, 2, 2), casualty(1, 1, 1))) == (3, 3, 3)


def test_a_vague_group_leaves_the_sum_without_a_best():
    assert bounds(figure(casualty(3, 3, 3), casualty(3, None, 9))) == (6, None, 12)
    assert bounds(figure(casualty(3, 3, 3), casualty(2, None, None))) == (5, None, None)


def test_a_running_total_in_the_sentence_replaces_its_groups():
    assert bounds(figure(casualty(2, 2, 2, additional=True), casualty(14, 14, 14, total=True))) == (14, 14, 14)


def test_other_measures_are_no_part_of_it():
    assert bounds(figure(casualty(4, 4, 4), casualty(2, 2, 2, measure="injured"))) == (4, 4, 4)
    assert figure(casualty(2, 2, 2, measure="injured")) is None


def test_zero_only_where_the_text_says_none():
    assert bounds(figure(casualty(0, 0, 0, negated=True))) == (0, 0, 0)
    assert bounds(told("injured", [casualty(0, 0, 0, negated=True, measure="casualties")], PART, SENTENCE)) == (0, 0, 0)


def test_the_exact_count_takes_the_place_of_the_vague_one():
    assert bounds(resolved([figure(casualty(3, None, 9)), figure(casualty(4, 4, 4))])) == (4, 4, 4)


def test_at_least_gives_way_to_a_count_that_fits_and_stays_the_lower_bound():
    assert bounds(resolved([figure(casualty(4, 4, None)), figure(casualty(6, 6, 6))])) == (4, 6, 6)
    assert bounds(resolved([figure(casualty(4, 4, None)), figure(casualty(2, 2, 2))])) == (4, 4, None)


def test_the_toll_that_rose_replaces():
    assert bounds(resolved([figure(casualty(11, 11, 11)), figure(casualty(14, 14, 14, total=True))])) == (14, 14, 14)


def test_a_count_told_again_does_not_add():
    assert bounds(resolved([figure(casualty(4, 4, 4)), figure(casualty(4, 4, 4)), figure(casualty(2, 2, 2))])) == (4, 4, 4)


def test_two_more_adds():
    assert bounds(resolved([figure(casualty(4, 4, 4)), figure(casualty(2, 2, 2, additional=True), at=1)])) == (6, 6, 6)


def test_nothing_told_is_null():
    assert resolved([]) is None


def test_a_range_gives_way_to_a_count_in_its_upper_half_only():
    up_to = replace(casualty(1, None, 40), quantity=Quantity(1, None, 40, "x", 0, 1, "up_to"))
    assert bounds(resolved([figure(up_to), figure(casualty(3, 3, 3)), figure(casualty(32, 32, 32))])) == (32, 32, 32)


def in_title(*casualties):
    return told("killed", casualties, PART, Sentence("x", 0, 1, "title", 0, 0))


def test_a_headline_gives_way_to_a_higher_count_in_the_lead():
    assert bounds(resolved([in_title(casualty(5, 5, 5)), figure(casualty(7, 7, None))])) == (7, 7, None)
    assert bounds(resolved([in_title(casualty(5, 5, 5)), figure(casualty(2, 2, 2))])) == (5, 5, 5)
    assert bounds(resolved([in_title(casualty(5, 5, 5)), figure(casualty(40, 40, 40), at=9)])) == (5, 5, 5)
