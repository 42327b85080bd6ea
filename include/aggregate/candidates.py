"""The reports that can be partners of some others, by what memberships tell of all: a wide net, cast before anything is read.

Two reports can be one incident if their windows come within a day of each other and they name no two countries, or if their
sentences are the same, or their texts are copies.
"""

import numpy as np
import polars as pl


def candidates(index: pl.DataFrame, windows: pl.DataFrame) -> set[str]:
    """The ids of those rows of `index` that can be partners of one of `windows`; both have report_id, first_day, last_day,
    country, sentence_key and text.
    """
    found = _in_time(index, windows)
    for column in ("sentence_key", "text"):
        found |= index[column].is_in(windows[column].drop_nulls().unique().implode()).fill_null(False)
    return set(index.filter(found)["report_id"])


def _in_time(index: pl.DataFrame, windows: pl.DataFrame) -> pl.Series:
    dated = index.with_row_index("_row").drop_nulls("first_day")
    windows = windows.drop_nulls("first_day")
    found = np.zeros(len(index), dtype=bool)
    for country in windows["country"].unique():
        theirs = dated if country is None else dated.filter(pl.col("country").is_null() | (pl.col("country") == country))
        ours = windows.filter(pl.col("country").eq_missing(country))
        found[theirs["_row"]] |= _overlap(theirs, ours)
    return pl.Series(found)


def _overlap(theirs: pl.DataFrame, ours: pl.DataFrame) -> np.ndarray:
    """Whether each of their windows comes within a day of any of ours, by the number of our days before and within it."""
    first, last = (_ordinals(ours[c]) for c in ("first_day", "last_day"))
    begin, end = first.min() - 1, last.max() + 1
    marks = np.zeros(end - begin + 2, dtype=np.int64)
    np.add.at(marks, first - 1 - begin, 1)
    np.add.at(marks, last + 2 - begin, -1)
    days_before = np.concatenate([[0], np.cumsum(np.cumsum(marks[:-1]) > 0)])
    from_day, to_day = (_ordinals(theirs[c]) - begin for c in ("first_day", "last_day"))
    size = len(days_before) - 1
    return days_before[np.clip(to_day + 1, 0, size)] > days_before[np.clip(from_day, 0, size)]


def _ordinals(days: pl.Series) -> np.ndarray:
    return days.to_physical().cast(pl.Int64).to_numpy()
