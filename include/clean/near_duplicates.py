"""Texts that are one text: republished by several outlets, perhaps with a line added or cut.

A fingerprint is a MinHash (Broder 1997) of the text's word 5-grams: the share of equal numbers in two fingerprints estimates
the share of 5-grams that the two texts have in common (Jaccard).
"""

import re
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from itertools import combinations

PERMUTATIONS = 64
"""Numbers in a fingerprint; the standard error of a similarity is at most 0.0625."""
REPUBLISHED = 0.6
"""Similarity from which two texts count as one. Two reports of one incident in their own words stay under 0.1."""

_SEED = 20220411
_WORDS = 5
_ROWS = 4
_WORD = re.compile(r"\w+")


def fingerprint(text: str) -> list[int] | None:
    """MinHash of the text's word 5-grams: 64 numbers of 32 bits, the same in any process. Null where there is no word.

    Case, punctuation and spacing do not matter. A text of fewer than five words is one gram.
    """
    from rensa import RMinHash  # a compiled module: only where it is used

    words = _WORD.findall(text.casefold())
    if not words:
        return None
    minhash = RMinHash(num_perm=PERMUTATIONS, seed=_SEED)
    minhash.update([" ".join(words[i : i + _WORDS]) for i in range(max(1, len(words) - _WORDS + 1))])
    return list(minhash.digest())


def similarity(a: Sequence[int], b: Sequence[int]) -> float:
    """Estimated share of word 5-grams that two texts have in common, 0 to 1, from their fingerprints.

    Raises ValueError for fingerprints of different lengths.
    """
    return sum(x == y for x, y in zip(a, b, strict=True)) / len(a)


def near_duplicates(fingerprints: Mapping[Hashable, Sequence[int]], threshold: float = REPUBLISHED) -> list[tuple]:
    """Groups of keys whose texts are near-duplicates, directly or through one another; keys without a partner are left out.

    Keys must be sortable; a group is sorted and so are the groups, whatever order they came in. Candidates are found by
    locality-sensitive hashing (16 bands of 4 numbers): a pair at similarity 0.6 is missed once in ten, at 0.8 never in
    practice. Nearly linear in the number of texts.
    """
    same: dict[tuple[int, ...], list] = defaultdict(list)
    for key in sorted(fingerprints):
        same[tuple(fingerprints[key])].append(key)
    leaders = _Leaders(len(same))
    prints = list(same)
    for start in range(0, PERMUTATIONS, _ROWS):
        buckets: dict[tuple[int, ...], list[int]] = defaultdict(list)
        for i, numbers in enumerate(prints):
            buckets[numbers[start : start + _ROWS]].append(i)
        for bucket in buckets.values():
            for i, j in combinations(bucket, 2):
                if leaders.of(i) != leaders.of(j) and similarity(prints[i], prints[j]) >= threshold:
                    leaders.join(i, j)
    groups: dict[int, list] = defaultdict(list)
    for i, numbers in enumerate(prints):
        groups[leaders.of(i)] += same[numbers]
    return sorted(tuple(sorted(group)) for group in groups.values() if len(group) > 1)


class _Leaders:
    """Disjoint sets of the numbers below `size`, each with a leader."""

    def __init__(self, size: int) -> None:
        self._leader = list(range(size))

    def of(self, i: int) -> int:
        while self._leader[i] != i:
            self._leader[i] = i = self._leader[self._leader[i]]
        return i

    def join(self, i: int, j: int) -> None:
        i, j = self.of(i), self.of(j)
        self._leader[max(i, j)] = min(i, j)
