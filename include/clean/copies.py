"""Which articles are copies of one text, among as many as there are.

All pairs would be too many: only texts that agree in a part of their fingerprints are compared (locality-sensitive hashing).
Of texts published within a month of each other, as copies are, one of 16 bands of 4 numbers is enough. Of texts farther apart
a quarter, 16 numbers, must agree: a text that is printed again after a year, and not the same phrases on other news.
"""

from collections.abc import Iterable, Iterator

import numpy as np
import polars as pl

from include.clean.near_duplicates import PERMUTATIONS, REPUBLISHED

WITHIN_DAYS = 31
"""Days between the publications of two texts within which alike is enough; beyond them they must be nearly equal."""

_BAND = 4
_QUARTER = 16
_EVER = 10_000_000
"""More days than there are: an article of no known day is near any other."""
_AT_ONCE = 200_000
"""Pairs compared at a time."""


def copies(articles: pl.DataFrame, threshold: float = REPUBLISHED) -> pl.DataFrame:
    """The articles whose texts are near-duplicates, directly or through one another: columns article_id and copy, the least
    article_id of the group; sorted by article_id. Articles without a partner are left out.

    `articles` has a row for each article: article_id, published_on and fingerprint (those without one are left out); what was
    published on no known day is near to all. Within a month a pair at similarity 0.6 is missed once in ten, at 0.8 never in
    practice; beyond it one at 0.95 is missed once in ten. Whether two articles are linked rests on the two alone, so that a
    part of the articles can be looked at by itself. Nearly linear in the number of texts. Raises ValueError for fingerprints
    that have not 64 numbers.
    """
    articles = articles.filter(pl.col("fingerprint").is_not_null()).sort("published_on", "article_id")
    numbers = _numbers(articles["fingerprint"])
    days = articles["published_on"].cast(pl.Int32)
    first, last = days.fill_null(-_EVER).to_numpy(), days.fill_null(_EVER).to_numpy()

    # Equal texts are one from here on, so that a text printed a thousand times is not a million pairs.
    text = _joined(len(first), _equal(numbers, first, last))
    texts, text = np.unique(text, return_inverse=True)
    first, last = first[texts], np.full(len(texts), -_EVER, last.dtype)
    np.maximum.at(last, text, days.fill_null(_EVER).to_numpy())
    group = _joined(len(texts), _alike(numbers[texts], first, last, threshold))[text]

    found = pl.DataFrame({"article_id": articles["article_id"], "group": group})
    found = found.filter(pl.len().over("group") > 1)
    return found.select("article_id", copy=pl.col("article_id").min().over("group")).sort("article_id")


def quarters(fingerprints: pl.Series) -> pl.Series:
    """The four keys of each fingerprint (null for none), numbers of 64 bits: two articles that were not published within a
    month can be copies of each other only if they have a key in common. Raises ValueError as :func:`copies` does.
    """
    there = fingerprints.is_not_null()
    numbers = _numbers(fingerprints.filter(there)).reshape(-1, PERMUTATIONS // _QUARTER, _QUARTER)
    keys = np.stack([_hashed(numbers[:, i]) for i in range(numbers.shape[1])], axis=1)
    found = pl.Series("quarters", keys).arr.to_list()
    places = there.cum_sum().cast(pl.Int64) - 1
    return found.gather(pl.select(pl.when(there).then(places)).to_series()).alias("quarters")


def _numbers(fingerprints: pl.Series) -> np.ndarray:
    if not fingerprints.list.len().eq(PERMUTATIONS).all():
        raise ValueError(f"a fingerprint has other than {PERMUTATIONS} numbers; near_duplicates.fingerprint makes them")
    return fingerprints.explode().to_numpy().reshape(-1, PERMUTATIONS)


def _equal(numbers: np.ndarray, first: np.ndarray, last: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Pairs of equal fingerprints, enough to join all that are: each with the next."""
    for a, b in _neighbours(_hashed(numbers), first, last, farthest=1):
        same = (numbers[a] == numbers[b]).all(axis=1)
        yield a[same], b[same]


def _alike(
    numbers: np.ndarray, first: np.ndarray, last: np.ndarray, threshold: float
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Pairs of fingerprints that agree in a part, and in the threshold's share of their numbers."""
    always = np.full(len(numbers), _EVER, last.dtype)
    for size, until in ((_BAND, last), (_QUARTER, always)):
        for start in range(0, PERMUTATIONS, size):
            keys = _hashed(numbers[:, start : start + size])
            yield from _similar(_neighbours(keys, first, until), numbers, threshold)


def _similar(
    pairs: Iterable[tuple[np.ndarray, np.ndarray]], numbers: np.ndarray, threshold: float
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    for many_a, many_b in pairs:
        for at in range(0, len(many_a), _AT_ONCE):
            a, b = many_a[at : at + _AT_ONCE], many_b[at : at + _AT_ONCE]
            alike = np.count_nonzero(numbers[a] == numbers[b], axis=1) / PERMUTATIONS >= threshold
            yield a[alike], b[alike]


def _neighbours(
    keys: np.ndarray, first: np.ndarray, last: np.ndarray, farthest: int | None = None
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Pairs with one key whose days, from `first` to `last`, are near. Rows are in order of their first day.

    With `farthest`, a dated row is only paired with so many that follow it.
    """
    order = np.argsort(keys, kind="stable")
    at = np.arange(len(order) - 1)
    step = 1
    while len(at):
        a, b = order[at], order[at + step]
        near = (keys[a] == keys[b]) & (first[b] <= last[a] + WITHIN_DAYS)
        at, a, b = at[near], a[near], b[near]
        yield a, b
        if farthest and step >= farthest:
            at = at[last[a] == _EVER]
        step += 1
        at = at[at + step < len(order)]


def _hashed(numbers: np.ndarray) -> np.ndarray:
    """A number of 64 bits for each row: the same for equal rows, and hardly ever for others."""
    hashed = np.zeros(len(numbers), np.uint64)
    for column in numbers.T:
        hashed = (hashed ^ column) * np.uint64(0x9E3779B97F4A7C15)
        hashed ^= hashed >> np.uint64(29)
    return hashed


def _joined(n: int, pairs: Iterator[tuple[np.ndarray, np.ndarray]]) -> np.ndarray:
    """For each of the numbers below n the least one that pairs connect it with."""
    links = [pair for pair in pairs if len(pair[0])]
    least = np.arange(n)
    if not links:
        return least
    a, b = (np.concatenate(side) for side in zip(*links, strict=True))
    while True:
        before = least.copy()
        lower = np.minimum(least[a], least[b])
        np.minimum.at(least, a, lower)
        np.minimum.at(least, b, lower)
        least = least[least]
        if np.array_equal(before, least):
            return least
