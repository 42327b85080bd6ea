from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from include.aggregate.match.clusters import admitted, agglomerate


def clusters(scores, threshold=10):
    """The groups of two and more for {(i, j): score}; what is not there cannot be together."""
    a, b, score = np.array([(i, j, score) for (i, j), score in scores.items()], dtype=int).reshape(-1, 3).T
    label = agglomerate(8, a, b, score, threshold).tolist()
    groups = [[i for i in range(8) if label[i] == first] for first in range(8)]
    return [group for group in groups if len(group) > 1]


def test_the_best_pair_joins_first_and_one_impossible_pair_keeps_groups_apart():
    assert clusters({(0, 1): 12, (1, 2): 15}) == [[1, 2]]


def test_no_score_is_high_enough_to_outweigh_an_impossible_pair():
    assert clusters({(0, 1): 99, (1, 2): 90}) == [[0, 1]]


def test_groups_join_on_the_mean_of_all_pairs():
    assert clusters({(0, 1): 20, (1, 2): 11, (0, 2): 9}) == [[0, 1, 2]]
    assert clusters({(0, 1): 20, (1, 2): 11, (0, 2): 8}) == [[0, 1]]


def test_a_tie_goes_to_the_smallest():
    assert clusters({(0, 1): 12, (1, 2): 12}) == [[0, 1]]


def test_nothing_to_group():
    assert clusters({}) == []
    assert clusters({(0, 1): 9}) == []


def test_of_items_that_exclude_each_other_the_first_is_let_in():
    assert list(admitted([3, 1, 2], {1: {3}, 3: {1}, 2: {1}})) == [3, 2]


def _by_definition(scores, threshold):
    """Average-link clustering, word by word."""
    groups = [[i] for i in sorted({i for pair in scores for i in pair})]
    while True:
        means = []
        for one, other in combinations(sorted(groups), 2):
            between = [scores.get((min(i, j), max(i, j))) for i in one for j in other]
            if None not in between and sum(between) >= threshold * len(between):
                means.append((-sum(between) / len(between), one, other))
        if not means:
            return sorted(g for g in groups if len(g) > 1)
        _, one, other = min(means, key=lambda m: (m[0], m[1][0], m[2][0]))
        groups = [g for g in groups if g not in (one, other)] + [sorted(one + other)]


_PAIRS = st.tuples(st.integers(0, 7), st.integers(0, 7)).filter(lambda p: p[0] < p[1])


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(_PAIRS, st.integers(-5, 25), max_size=28), st.randoms(use_true_random=False))
def test_the_groups_are_those_of_the_definition_in_any_order(scores, order):
    shuffled = list(scores.items())
    order.shuffle(shuffled)
    assert clusters(dict(shuffled)) == _by_definition(scores, 10)
