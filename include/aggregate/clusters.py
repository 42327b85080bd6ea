"""Groups of reports that are one incident each, from the scores of their pairs.

Average-link clustering: two groups join if the mean score over all pairs between them reaches the threshold, the best first.
One pair that cannot be one incident keeps two groups apart, so that a chain of half-alike reports does not pull two incidents
together. Ties go to the smallest names. The result does not depend on the order of the input.
"""

import heapq
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet

Score = Callable[[int, int], int | None]
"""Score of the pair of items with two indexes; None where they cannot be together. Symmetric."""

Links = Callable[[int], AbstractSet[int]]
"""The items to which an item is linked. Symmetric."""


def agglomerate(items: Sequence[int], score: Score, threshold: int) -> list[list[int]]:
    """Group `items` (distinct numbers; the smaller wins a tie) and return the groups, each sorted, in the order of their first.

    Scores are whole numbers, so that means are the same whatever the order of summation.
    """
    groups = {i: [i] for i in sorted(items)}
    sums: dict[tuple[int, int], int | None] = {}
    heap: list[tuple[float, int, int, int]] = []
    names = list(groups)
    for n, i in enumerate(names):
        for j in names[n + 1 :]:
            sums[i, j] = total = score(i, j)
            if total is not None and total >= threshold:
                heap.append((-total, i, j, 2))
    heapq.heapify(heap)
    while heap:
        _, i, j, size = heapq.heappop(heap)
        if i not in groups or j not in groups or len(groups[i]) + len(groups[j]) != size:
            continue  # the groups have changed since; the pair was pushed anew if it still qualifies
        groups[i] += groups.pop(j)
        for k, other in groups.items():
            if k == i:
                continue
            to_i, to_j = (min(i, k), max(i, k)), (min(j, k), max(j, k))
            a, b = sums[to_i], sums.pop(to_j)
            sums[to_i] = total = None if a is None or b is None else a + b
            pairs = len(groups[i]) * len(other)
            if total is not None and total >= threshold * pairs:
                heapq.heappush(heap, (-total / pairs, *to_i, len(groups[i]) + len(other)))
    return [sorted(group) for _, group in sorted(groups.items())]


def components(items: Sequence[int], linked: Links) -> list[list[int]]:
    """The sets of `items` that links between them connect. No group of :func:`agglomerate` reaches beyond one, if the links
    are the pairs that reach its threshold or more pairs than those.
    """
    left = set(items)
    found = []
    for start in sorted(items):
        if start in left:
            left.remove(start)
            component = [start]
            for i in component:  # grows while it is walked
                new = linked(i) & left
                left -= new
                component += new
            found.append(sorted(component))
    return found


def attach(
    items: Sequence[int], groups: Sequence[Sequence[int]], linked: Links, score: Score, threshold: int
) -> dict[int, int]:
    """The group that each item joins, by index of the group; items that reach the threshold with none are left out.

    An item's score with a group is its best with a member, and none if it cannot be together with one of them, or with an
    item that has joined it with a better score. Items are judged against the groups as given, so their order is no matter.
    """
    group_of = {member: g for g, group in enumerate(groups) for member in group}
    offers = []
    for item in items:
        for g in {group_of[i] for i in linked(item) if i in group_of}:
            scores = [score(item, member) for member in groups[g]]
            if None not in scores and max(scores) >= threshold:
                offers.append((-max(scores), item, groups[g][0], g))
    joined: dict[int, int] = {}
    members: dict[int, list[int]] = {}
    for _, item, _, g in sorted(offers):
        if item not in joined and all(score(item, other) is not None for other in members.get(g, ())):
            joined[item] = g
            members.setdefault(g, []).append(item)
    return joined
