from hypothesis import given, settings
from hypothesis import strategies as st

from include.aggregate.clusters import agglomerate, attach, components


def scorer(pairs, default=0):
    """A score function from {(i, j): score}, i < j."""
    return lambda i, j: pairs.get((min(i, j), max(i, j)), default)


def all_linked(i):
    return set(range(10)) - {i}


def test_the_best_pair_joins_first_and_one_impossible_pair_keeps_groups_apart():
    score = scorer({(0, 1): 12, (1, 2): 15, (0, 2): None})
    assert agglomerate([0, 1, 2], score, 10) == [[0], [1, 2]]


def test_no_score_is_high_enough_to_outweigh_an_impossible_pair():
    assert agglomerate([0, 1, 2], scorer({(0, 1): 99, (1, 2): 90, (0, 2): None}), 10) == [[0, 1], [2]]


def test_groups_join_on_the_mean_of_all_pairs():
    assert agglomerate([0, 1, 2], scorer({(0, 1): 20, (1, 2): 11, (0, 2): 9}), 10) == [[0, 1, 2]]
    assert agglomerate([0, 1, 2], scorer({(0, 1): 20, (1, 2): 11, (0, 2): 8}), 10) == [[0, 1], [2]]


def test_a_tie_goes_to_the_smallest():
    assert agglomerate([0, 1, 2], scorer({(0, 1): 12, (1, 2): 12, (0, 2): None}), 10) == [[0, 1], [2]]


def test_nothing_to_group():
    assert agglomerate([], scorer({}), 10) == []
    assert agglomerate([7], scorer({}), 10) == [[7]]


def test_an_item_joins_the_group_that_it_fits_best():
    assert attach([9], [[0], [1, 2]], all_linked, scorer({(0, 9): 11, (1, 9): 4, (2, 9): 12}), 10) == {9: 1}


def test_an_item_joins_no_group_with_a_member_that_it_cannot_be_with():
    assert attach([9], [[1, 2]], all_linked, scorer({(1, 9): None, (2, 9): 12}), 10) == {}


def test_of_two_items_that_exclude_each_other_the_better_joins_and_the_other_takes_its_next_best():
    score = scorer({(0, 8): 12, (0, 9): 14, (1, 8): 11, (1, 9): 2, (8, 9): None})
    assert attach([8, 9], [[0], [1]], all_linked, score, 10) == {9: 0, 8: 1}


def test_an_item_is_tried_only_with_groups_that_it_is_linked_to():
    assert attach([9], [[0], [1]], lambda i: {0}, scorer({(0, 9): 11, (1, 9): 20}), 10) == {9: 0}


def test_components_follow_the_links_between_the_items():
    links = {0: {1}, 1: {0, 5}, 5: {1, 2}, 2: {5}, 3: set()}
    assert components([3, 2, 1, 0], links.__getitem__) == [[0, 1], [2], [3]]
    assert components([5, 3, 2, 1, 0], links.__getitem__) == [[0, 1, 2, 5], [3]]


@settings(max_examples=100, deadline=None)
@given(
    st.dictionaries(st.tuples(st.integers(0, 7), st.integers(0, 7)), st.one_of(st.none(), st.integers(-5, 25))), st.randoms()
)
def test_order_makes_no_difference_and_no_impossible_pair_is_together(pairs, order):
    score = scorer(pairs)
    items = list(range(8))
    groups = agglomerate(items, score, 10)
    order.shuffle(items)
    assert agglomerate(items, score, 10) == groups
    assert sorted(i for g in groups for i in g) == list(range(8))
    assert all(score(i, j) is not None for g in groups for i in g for j in g if i < j)
