"""Who was killed and injured: counts, groups and parts."""

import pytest

from include.extract.casualties import find_casualties, has_casualty


def bounds(sentence: str, measure: str) -> list[tuple]:
    """low, best, high of each record of a measure."""
    records, _ = find_casualties(sentence)
    return [(c.quantity.low, c.quantity.best, c.quantity.high) for c in records if c.measure == measure]


@pytest.mark.parametrize(
    ("sentence", "killed", "injured"),
    [
        ("Three villagers, including two children, were killed.", [(3, 3, 3)], []),
        ("Shells fell on a house, killing a woman and her two sons.", [(3, 3, 3)], []),
        ("Four soldiers were killed and two others were injured.", [(4, 4, 4)], [(2, 2, 2)]),
    ],
)
def test_counts_of_killed_and_injured(sentence, killed, injured):
    assert bounds(sentence, "killed") == killed
    assert bounds(sentence, "injured") == injured


def test_the_gate_lets_casualties_through():
    assert has_casualty("Two men were killed.")
    assert not has_casualty("The minister opened a bridge.")
