"""Which of many articles are copies of one text."""

import random
import time
from datetime import date, timedelta
from itertools import combinations

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.clean.copies import WITHIN_DAYS, copies, quarters
from include.clean.near_duplicates import PERMUTATIONS, REPUBLISHED, similarity

DAY = date(2022, 4, 11)


def articles(rows):
    """A frame of articles: id -> (fingerprint, days after DAY or None)."""
    columns = [(name, None if days is None else DAY + timedelta(days), numbers) for name, (numbers, days) in rows.items()]
    schema = {"article_id": pl.String, "published_on": pl.Date, "fingerprint": pl.List(pl.UInt32)}
    return pl.DataFrame(columns, schema=schema, orient="row")


def found(rows):
    return dict(copies(articles(rows)).iter_rows())


def text(seed, *changed):
    """A fingerprint; those with one seed agree but for the numbers changed."""
    numbers = random.Random(seed).choices(range(2**32), k=PERMUTATIONS)
    for at in changed:
        numbers[at] = 2**31 + at
    return numbers


def test_copies_are_grouped_under_their_least_id_and_other_texts_left_out():
    rows = {"c": (text(1), 0), "b": (text(1, 3), 2), "x": (text(2), 1), "a": (text(1, 60), 9), "none": (None, 0)}
    assert found(rows) == {"a": "a", "b": "a", "c": "a"}
    assert found({}) == {}


ALIKE = (3, 17, 33, 49)
"""Numbers that differ so that no quarter agrees."""


@pytest.mark.parametrize(("days", "linked"), [(WITHIN_DAYS, True), (WITHIN_DAYS + 1, False), (None, True)])
def test_texts_that_are_alike_are_copies_within_a_month_and_those_of_no_known_day_always(days, linked):
    assert found({"a": (text(1), 0), "b": (text(1, *ALIKE), days)}) == ({"a": "a", "b": "a"} if linked else {})


@pytest.mark.parametrize("changed", [(), (3,), (3, 17, 33)], ids=["equal", "nearly equal", "equal in a quarter"])
def test_texts_that_are_nearly_equal_are_copies_after_any_time(changed):
    assert found({"a": (text(1), 0), "b": (text(1, *changed), 400)}) == {"a": "a", "b": "a"}


def test_a_chain_of_copies_is_one_group_though_its_ends_are_far_apart():
    rows = {name: (text(1), 30 * n) for n, name in enumerate("abcd")}
    assert set(found(rows).values()) == {"a"} and len(found(rows)) == 4
    alike = rows | {"e": (text(1, *ALIKE), 45)}
    assert set(found(alike).values()) == {"a"} and len(found(alike)) == 5


def test_a_text_printed_again_after_long_does_not_join_what_is_only_alike_and_lies_between():
    rows = {"a": (text(1), 0), "b": (text(1, *ALIKE), 100), "c": (text(1), 200)}
    assert found(rows) == {"a": "a", "c": "a"}


def test_far_copies_have_one_of_their_four_keys_in_common():
    prints = [text(1), text(1, 3, 17, 33), text(1, *ALIKE), None]
    one, quarter, alike, none = quarters(pl.Series(prints, dtype=pl.List(pl.UInt32))).to_list()
    assert none is None and len(one) == 4
    assert len(set(one) & set(quarter)) == 1 and not set(one) & set(alike)
    assert one[0] == 15038716914472615453


def test_the_threshold_is_that_of_similarity():
    alike, unlike = text(1, *range(25)), text(1, *range(26))
    assert similarity(text(1), alike) > REPUBLISHED > similarity(text(1), unlike)
    assert found({"a": (text(1), 0), "b": (alike, 0)}) == {"a": "a", "b": "a"}
    assert found({"a": (text(1), 0), "b": (unlike, 0)}) == {}


def test_a_fingerprint_of_another_length_is_refused():
    with pytest.raises(ValueError, match="other than 64 numbers"):
        found({"a": ([1, 2], 0), "b": (text(1), 0)})


changes = st.sets(st.integers(0, 63), max_size=30) | st.sets(st.sampled_from(ALIKE))
texts = st.builds(lambda seed, changed: text(seed, *changed), st.integers(1, 3), changes)
days_after = st.one_of(st.none(), st.integers(0, 120))


@given(st.lists(st.tuples(texts, days_after), max_size=12), st.randoms())
def test_they_are_the_groups_that_comparing_all_pairs_gives_in_any_order(listed, rng):
    rows = {f"k{n:02}": row for n, row in enumerate(listed)}
    group = {name: {name} for name in rows}
    for a, b in combinations(rows, 2):
        (mine, my_day), (others, their_day) = rows[a], rows[b]
        near = my_day is None or their_day is None or abs(my_day - their_day) <= WITHIN_DAYS
        band = any(mine[i : i + 4] == others[i : i + 4] for i in range(0, PERMUTATIONS, 4))
        quarter = any(mine[i : i + 16] == others[i : i + 16] for i in range(0, PERMUTATIONS, 16))
        if (quarter or (near and band)) and similarity(mine, others) >= REPUBLISHED:
            group[a] |= group[b]
            for name in group[a]:
                group[name] = group[a]
    expected = {name: min(names) for name, names in group.items() if len(names) > 1}
    assert found(rows) == expected
    assert found(dict(rng.sample(sorted(rows.items()), len(rows)))) == expected


def test_many_texts_take_nearly_linear_time():
    rng = random.Random(1)

    def seconds(n):
        frame = articles(
            {f"o{i}": (rng.choices(range(2**32), k=64), i % 300) for i in range(n)}
            | {f"k{i}": ([7] * 63 + [i % 3], i % 300) for i in range(n)}
        )
        begin = time.process_time()
        assert copies(frame)["copy"].n_unique() == 1
        return time.process_time() - begin

    seconds(100)
    assert seconds(20_000) < 40 * (seconds(2_000) + 0.02)
