"""Groups of reports that are one incident each, from the scores of their pairs.

Average-link clustering over the pairs that are given: two groups join if the mean score over all pairs between them reaches
the threshold, the best first. A pair that is not given is one that cannot be together and keeps two groups apart, so that a
chain of half-alike reports does not pull two incidents together. Ties go to the smallest numbers. The result does not depend
on the order of the input.

It is worked out in rounds: in each, every two groups that fit each other best join. That comes to the same as one after the
other, because no third group fits two together better than it fits the one of them that it fits best.
"""

from collections.abc import Iterable, Iterator

import numpy as np


def agglomerate(size: int, a: np.ndarray, b: np.ndarray, scores: np.ndarray, threshold: int) -> np.ndarray:
    """For items 0 to size - 1 the smallest item of the group that each is in.

    Each pair a < b is there once. Scores are whole numbers, so that means are the same whatever the order of summation.
    """
    label = np.arange(size, dtype=np.int32)
    members = np.ones(size, dtype=np.int32)
    total = scores
    while True:
        count = np.multiply(members[a], members[b], dtype=np.int64)
        fits = total >= threshold * count
        one, other = _best_of_each_other(size, a[fits], b[fits], total[fits] / count[fits])
        if not one.size:
            break
        # What fits no other group now never will.
        joinable = np.zeros(size, dtype=bool)
        joinable[a[fits]] = joinable[b[fits]] = True
        live = joinable[a] & joinable[b]
        label[other] = one
        members[one] += members[other]
        a, b, total = _between_groups(label, one, a[live], b[live], total[live])
    while not np.array_equal(label, label[label]):
        label = label[label]
    return label


def _best_of_each_other(size: int, a: np.ndarray, b: np.ndarray, mean: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The pairs that are the best of both of their groups."""
    order = np.lexsort((b, a, -mean))
    a, b = a[order], b[order]
    first = np.full((2, size), order.size)
    for of_side, groups in zip(first, (a, b), strict=True):
        of_side[groups[::-1]] = np.arange(order.size)[::-1]
    best = first.min(axis=0)
    mutual = best[a] == best[b]
    return a[mutual], b[mutual]


def _between_groups(
    label: np.ndarray, grown: np.ndarray, a: np.ndarray, b: np.ndarray, total: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The pairs of groups and their sums after some have grown by one other each; only those of which all parts are there."""
    parts = np.ones(label.size, dtype=np.int64)
    parts[grown] = 2
    changed = (parts[label[a]] > 1) | (parts[label[b]] > 1)
    sides = np.sort([label[a[changed]], label[b[changed]]], axis=0)
    apart = sides[0] != sides[1]
    keys = (sides[0] * np.int64(label.size) + sides[1])[apart]
    keys, place, n = np.unique(keys, return_inverse=True, return_counts=True)
    sums = np.zeros(keys.size, dtype=np.int64)
    np.add.at(sums, place, total[changed][apart])
    one, other = np.divmod(keys, label.size)
    whole = n == parts[one] * parts[other]
    grown_pairs = (one[whole], other[whole], sums[whole])
    return tuple(np.concatenate([old[~changed], new]) for old, new in zip((a, b, total), grown_pairs, strict=True))


def admitted(order: Iterable[int], excludes: dict[int, set[int]]) -> Iterator[int]:
    """Those of the items, best first, that are let in: the ones that exclude none of those let in before them."""
    inside: set[int] = set()
    for item in order:
        if inside.isdisjoint(excludes.get(item, ())):
            inside.add(item)
            yield item
