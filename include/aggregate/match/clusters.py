"""Groups of reports that are one incident each, from the scores of their pairs.

Average-link clustering over the pairs that are given: two groups join if the mean score over all pairs between them reaches
the threshold, the best first. A pair that is not given is one that cannot be together and keeps two groups apart, so that a
chain of half-alike reports does not pull two incidents together. Ties go to the smallest numbers. The result does not depend
on the order of the input.
"""

import heapq
from collections.abc import Iterable, Iterator, Sequence

import numpy as np

Triple = tuple[int, int, int]
"""Two items, the smaller first, and the score of their pair."""


def agglomerate(pairs: Sequence[Triple], threshold: int) -> list[list[int]]:
    """The groups of two and more among the items of `pairs` (each pair once), each sorted, in the order of their first.

    Scores are whole numbers, so that means are the same whatever the order of summation.
    """
    sums: dict[int, dict[int, int]] = {}
    heap = []
    for i, j, score in pairs:
        sums.setdefault(i, {})[j] = score
        sums.setdefault(j, {})[i] = score
        if score >= threshold:
            heap.append((-score, i, j, 2))
    groups = {i: [i] for i in sums}
    heapq.heapify(heap)
    while heap:
        _, i, j, size = heapq.heappop(heap)
        if i not in groups or j not in groups or len(groups[i]) + len(groups[j]) != size:
            continue  # the groups have changed since; the pair was pushed anew if it still qualifies
        groups[i] += groups.pop(j)
        of_i, of_j = sums.pop(i), sums.pop(j)
        del of_i[j], of_j[i]
        merged = {}
        for k, total in of_i.items():
            del sums[k][i]
            if k in of_j:
                merged[k] = total + of_j[k]
        for k in of_j:
            del sums[k][j]
        sums[i] = merged
        for k, total in merged.items():
            sums[k][i] = total
            count = len(groups[i]) * len(groups[k])
            if total >= threshold * count:
                heapq.heappush(heap, (-total / count, min(i, k), max(i, k), len(groups[i]) + len(groups[k])))
    return sorted(sorted(group) for group in groups.values() if len(group) > 1)


def components(size: int, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """For items 0 to size - 1 the smallest item that the links a-b connect each with, itself where none does."""
    label = np.arange(size, dtype=np.int32)
    while True:
        smaller = np.minimum(label[a], label[b])
        before = label.copy()
        np.minimum.at(label, label[a], smaller)
        np.minimum.at(label, label[b], smaller)
        while not np.array_equal(label, label[label]):
            label = label[label]
        if np.array_equal(label, before):
            return label


def admitted(order: Iterable[int], excludes: dict[int, set[int]]) -> Iterator[int]:
    """Those of the items, best first, that are let in: the ones that exclude none of those let in before them."""
    inside: set[int] = set()
    for item in order:
        if inside.isdisjoint(excludes.get(item, ())):
            inside.add(item)
            yield item
