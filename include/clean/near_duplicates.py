"""Texts that are one text: republished by several outlets, perhaps with a line added or cut.

A fingerprint is a MinHash (Broder 1997) of the text's word 5-grams: the share of equal numbers in two fingerprints estimates
the share of 5-grams that the two texts have in common (Jaccard).
"""

import re
from collections.abc import Sequence
from itertools import islice

PERMUTATIONS = 64
"""Numbers in a fingerprint; the standard error of a similarity is at most 0.0625."""
REPUBLISHED = 0.6
"""Similarity from which two texts count as one. Two reports of one incident in their own words stay under 0.1."""

_SEED = 20220411
_WORDS = 5
_WORDS_AT_ONCE = 5000
_WORD = re.compile(r"\w+")


def fingerprint(text: str) -> list[int] | None:
    """MinHash of the text's word 5-grams: 64 numbers of 32 bits, the same in any process. Null where there is no word.

    Case, punctuation and spacing do not matter. A text of fewer than five words is one gram.
    """
    from rensa import RMinHash  # a compiled module: only where it is used

    words = (match[0] for match in _WORD.finditer(text.casefold()))
    some = list(islice(words, _WORDS_AT_ONCE))  # a book must not be held as a list of its words
    if not some:
        return None
    minhash = RMinHash(num_perm=PERMUTATIONS, seed=_SEED)
    while True:
        minhash.update([" ".join(some[i : i + _WORDS]) for i in range(max(1, len(some) - _WORDS + 1))])
        more = list(islice(words, _WORDS_AT_ONCE))
        if not more:
            break
        some = some[1 - _WORDS :] + more
    return list(minhash.digest())


def similarity(a: Sequence[int], b: Sequence[int]) -> float:
    """Estimated share of word 5-grams that two texts have in common, 0 to 1, from their fingerprints.

    Raises ValueError for fingerprints of different lengths.
    """
    return sum(x == y for x, y in zip(a, b, strict=True)) / len(a)
