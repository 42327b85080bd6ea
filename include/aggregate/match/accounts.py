"""What reports say, in the form in which they are compared: one row per report, the earliest recorded first.

Names become hashes (equal or not is all that is asked of them), days numbers, counts ranges without a null in them.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from typing import Any

import polars as pl

from include.aggregate.match.rules import rules
from include.aggregate.ranges import MEASURES
from include.aggregate.spelling import fold, skeleton

UNBOUNDED = 2**31 - 1
"""Stands for the upper bound of a count whose words set none."""

EXACT, VAGUE, BACKGROUND, REPUBLISHED = range(4)
"""Tiers of reports, numbered as catalogue.TIERS: how well they tell which incident they mean."""

SENTENCE_LENGTH = 30
"""Letters from which two equal sentences are no coincidence."""

_AT_ONCE = 100_000
"""Reports."""

_TEXT = pl.String
COLUMNS: dict[str, Any] = {
    "report_id": _TEXT,
    "article_id": _TEXT,
    "document_id": _TEXT,
    "captured_at": pl.Datetime("us", "UTC"),
    "recorded_at": pl.Datetime("us", "UTC"),
    "source": _TEXT,
    "outlet": _TEXT,
    "published_on": pl.Date,
    "mention_role": _TEXT,
    "sentence": _TEXT,
    "date_start": pl.Date,
    "date_end": pl.Date,
    "date_prec": pl.Int32,
    "place": _TEXT,
    "place_name": _TEXT,
    "admin1": _TEXT,
    "country": _TEXT,
    "latitude": pl.Float64,
    "longitude": pl.Float64,
    "where_prec": pl.Int32,
    **{f"{measure}_{bound}": pl.Int64 for measure in MEASURES for bound in ("low", "best", "high")},
    "perpetrator": _TEXT,
    "perpetrator_id": _TEXT,
    "target": _TEXT,
    "target_id": _TEXT,
    "victim_class": _TEXT,
    "event_type": _TEXT,
    "origin": _TEXT,
    "copy": _TEXT,
    "copied_on": pl.Date,
}
"""The columns of reports that linking reads, with `copy`, the group of near-duplicate texts that the article is in, and
`copied_on`, the day on which that text was first published (null: with this report)."""


_TEXT_OF = pl.coalesce("copy", "article_id")
"""The text that a report is from."""


def report_frame(reports: pl.DataFrame | Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """The reports with exactly COLUMNS; what is missing is null. Raises ValueError if a report_id is there twice.

    Without a column `copied_on` a text was first published when the first of these reports was that is from it.
    """
    if not isinstance(reports, pl.DataFrame):
        there = {name: COLUMNS[name] for name in COLUMNS if any(name in row for row in reports) or not reports}
        reports = pl.DataFrame({name: [row.get(name) for row in reports] for name in there}, schema=there)
    frame = reports.select(
        (pl.col(name).cast(kind) if name in reports.columns else pl.lit(None, kind)).alias(name)
        for name, kind in COLUMNS.items()
    )
    if "copied_on" not in reports.columns:
        frame = frame.with_columns(copied_on=pl.col("published_on").min().over(_TEXT_OF))
    if (twice := frame["report_id"].is_duplicated()).any():
        name = frame["report_id"].filter(twice)[0]
        raise ValueError(f"report {name} is there more than once; give each report once (see months.read_reports)")
    return frame


def accounts_of(reports: pl.DataFrame, as_of: datetime | None = None) -> pl.DataFrame:
    """The accounts of a :func:`report_frame`, numbered in column `i`, without what was recorded after `as_of`.

    `first`..`last`: the days on which it can have happened, as days since 1970; null where none can be told. `reach`: how far
    from its coordinates, km. `flags` name what is odd about the report.
    """
    if as_of is not None:
        reports = reports.filter((pl.col("recorded_at") <= as_of).fill_null(True))
    order = reports.select(order=pl.arg_sort_by("recorded_at", "report_id", nulls_last=True))
    # What is worked out on the way is several times the result, so some at a time.
    parts = [_told(reports[some["order"]]) for some in order.iter_slices(_AT_ONCE)] or [_told(reports)]
    whole = pl.concat(parts)
    del parts
    # One column after the other, so that not all are there twice.
    columns = [whole.drop_in_place(name).rechunk() for name in whole.columns]
    return pl.DataFrame(columns).with_row_index("i")


def _told(reports: pl.DataFrame) -> pl.DataFrame:
    sentences = reports.select(fold(pl.col("sentence"))).to_series()
    keyed = reports.drop("sentence").with_columns(
        sentence_key=_sentence_keys(sentences), at_night=sentences.str.contains(rules().night).fill_null(False)
    )
    frame = keyed.lazy().with_columns(**_times(), **_forms()).with_columns(**_places()).with_columns(**_window())
    frame = frame.with_columns(**_who(), **_counts(), flags=_flags())
    return frame.with_columns(uncounted=_uncounted()).with_columns(tier=_tier()).drop(_NOT_COMPARED).collect()


_NOT_COMPARED = [
    *("article_id", "document_id", "captured_at", "recorded_at", "source", "outlet", "published_on", "mention_role"),
    *("place", "place_name", "named", "perpetrator", "perpetrator_id"),
    *("target", "target_id", "victim_class", "event_type", "origin", "document", "stated_first", "stated_last", "reversed"),
    *(f"{measure}_{bound}" for measure in MEASURES for bound in ("low", "best", "high")),
]
"""Columns that have said what they have to say in the others."""


def _day(column: str) -> pl.Expr:
    return pl.col(column).to_physical()


def _key(names: pl.Expr) -> pl.Expr:
    return pl.when(names.is_not_null()).then(names.hash())


def _once(texts: pl.Expr, form: Callable[[pl.Expr], pl.Expr], kind: Any = pl.String) -> pl.Expr:
    """That form of the texts, worked out once for each that is different: a million reports name a few thousand places."""

    def forms(texts: pl.Series) -> pl.Series:
        rows = texts.alias("text").to_frame()
        different = rows.unique().with_columns(form=form(pl.col("text")))
        return rows.join(different, on="text", how="left", nulls_equal=True, maintain_order="left")["form"]

    return texts.map_batches(forms, return_dtype=kind)


def _times() -> dict[str, pl.Expr]:
    start = _day("date_start")
    end = _day("date_end").fill_null(start)
    published = _day("published_on")
    first, last = pl.min_horizontal(start, end), pl.max_horizontal(start, end)
    return {
        "background": (pl.col("mention_role") == "background_reference").fill_null(False),
        "published": published,
        "captured": pl.coalesce("captured_at", "recorded_at").to_physical(),
        "document": pl.coalesce("document_id", "article_id"),
        "republished": (published - _day("copied_on") > rules().republished_days).fill_null(False),
        "reversed": (end < start).fill_null(False),
        "stated_first": first,
        # What happened was over when it was published.
        "stated_last": pl.when(first <= published + 1).then(pl.min_horizontal(last, published + 1)).otherwise(last),
    }


def _window() -> dict[str, pl.Expr]:
    stated = pl.col("stated_first").is_not_null()
    usable = stated & (pl.col("stated_last") - pl.col("stated_first") < rules().longest_days) & ~pl.col("republished")
    # Undated news is taken to be of the days before its publication; the past that it mentions can be of any time.
    assumed = ~stated & ~pl.col("background") & ~pl.col("republished")
    first = pl.when(usable).then("stated_first").when(assumed).then(pl.col("published") - rules().news_days)
    last = pl.when(usable).then("stated_last").when(assumed).then("published")
    told_on = pl.when(usable).then("stated_last").otherwise("published")
    return {"first": first, "last": last, "days": last - first + 1, "dated": usable, "told_on": told_on}


def _forms() -> dict[str, pl.Expr]:
    """What several columns are made of, and takes long to make."""
    return {
        "named": _once(pl.coalesce("place_name", "place"), fold),
        "target_words": _once(pl.col("target"), _long_words, pl.List(pl.String)),
    }


def _places() -> dict[str, pl.Expr]:
    has_point = pl.col("latitude").is_not_null() & pl.col("longitude").is_not_null()
    named = pl.col("named")
    # "Southern Mali" has the point of all of Mali.
    whole_country = named == pl.col("country").replace_strict(rules().country_names, default=None, return_dtype=pl.String)
    reach = pl.when(has_point & ~whole_country.fill_null(False)).then(
        pl.col("where_prec").replace_strict(rules().reach_km, default=None, return_dtype=pl.Float64)
    )
    return {
        "reach": reach,
        # Idlib is a city and the province around it; who names one may mean the other.
        "namesake": ((pl.col("where_prec") == 1) & (_once(named, skeleton) == _once(pl.col("admin1"), skeleton))).fill_null(
            False
        ),
        "located": (reach.is_not_null() & (pl.col("where_prec") <= 3)).fill_null(False),
        "exact_place": (reach.is_not_null() & (pl.col("where_prec") == 1)).fill_null(False),
        "named_only": named.is_not_null() & ~has_point & ~pl.col("where_prec").is_in([4, 5, 6]).fill_null(False),
        "place_key": _key(named),
        "sound_key": _key(_once(pl.coalesce("place", "place_name"), skeleton)),
        "admin1_key": _key(_once(pl.col("admin1"), fold)),
        "country_key": _key(pl.col("country")),
    }


def _who() -> dict[str, pl.Expr]:
    types = rules().related_types
    return {
        "perpetrator_key": _key(pl.coalesce("perpetrator_id", _once(pl.col("perpetrator"), fold))),
        "perpetrator_known": pl.col("perpetrator_id").is_not_null(),
        "target_key": _key(pl.col("target_id")),
        "target_words_key": _key(pl.col("target_words").list.join(" ")),
        "victims": _key(pl.when(~pl.col("victim_class").is_in(["unknown", "mixed"])).then("victim_class")),
        "combatants": (pl.col("victim_class") != "civilians").fill_null(False),
        "type": _key(pl.when(pl.col("event_type") != "unknown").then("event_type")),
        "type_groups": pl.sum_horizontal(
            pl.when(pl.col("event_type").is_in(list(group))).then(1 << n).otherwise(0) for n, group in enumerate(types)
        ).cast(pl.UInt8),
        "origin_key": _key(_once(pl.coalesce("origin", "outlet", "source"), fold)),
        "copy_key": _key(_TEXT_OF),
        "article_key": _key(pl.col("article_id")),
        "document_key": _key(pl.col("document")),
    }


def _long_words(texts: pl.Expr) -> pl.Expr:
    words = (
        fold(texts).str.split(" ").list.eval(pl.element().filter(pl.element().str.len_chars() > 3)).list.unique().list.sort()
    )
    return pl.when(words.list.len() > 0).then(words)


def _counts() -> dict[str, pl.Expr]:
    stated, low, high = {}, {}, {}
    for measure in MEASURES:
        bounds = [pl.col(f"{measure}_{bound}") for bound in ("low", "best", "high")]
        stated[measure] = pl.any_horizontal(bound.is_not_null() for bound in bounds)
        low[measure] = pl.coalesce(bounds[0], bounds[1], 0)
        # "Dozens" of the first hour turn out to be a hundred.
        vague = bounds[1].is_null() & (bounds[0] < bounds[2])
        high[measure] = pl.when(vague).then(UNBOUNDED).otherwise(pl.coalesce(bounds[2], UNBOUNDED))
    either = stated["killed"] | stated["injured"]
    parts_low = [pl.when(stated[m]).then(low[m]).otherwise(0) for m in ("killed", "injured")]
    parts_high = [pl.when(stated[m]).then(high[m]).otherwise(UNBOUNDED) for m in ("killed", "injured")]
    ranges = {
        "killed": (stated["killed"], low["killed"], high["killed"]),
        "injured": (stated["injured"], low["injured"], high["injured"]),
        "total": (
            stated["casualties"] | either,
            pl.when(stated["casualties"]).then(low["casualties"]).otherwise(sum(parts_low)),
            pl.when(stated["casualties"]).then(high["casualties"]).otherwise(pl.min_horizontal(sum(parts_high), UNBOUNDED)),
        ),
    }
    columns = {}
    for name, (is_stated, lower, upper) in ranges.items():
        columns[f"{name}_from"] = pl.when(is_stated).then(lower).cast(pl.Int64)
        columns[f"{name}_to"] = pl.when(is_stated).then(upper).cast(pl.Int64)
    exact = (columns["injured_from"] > 0) & (columns["injured_from"] == columns.pop("injured_to"))
    columns["injured_number"] = pl.when(exact).then(columns["injured_from"])
    return columns


def _uncounted() -> pl.Expr:
    """Whether it says no more than that people were killed."""
    return ((pl.col("killed_from") <= 2) & (pl.col("killed_to") == UNBOUNDED)).fill_null(False)


def _tier() -> pl.Expr:
    """EXACT, for vaguer reports to join it: news, dated to a week, placed to a district, and counting."""
    exact = pl.col("dated") & (pl.col("days") <= 7) & pl.col("located") & ~pl.col("uncounted")
    tier = pl.when("republished").then(REPUBLISHED).when("background").then(BACKGROUND).when(exact).then(EXACT)
    return tier.otherwise(VAGUE).cast(pl.Int8)


def _flags() -> pl.Expr:
    stated = pl.col("stated_first").is_not_null()
    odd = {
        "dated_after_publication": pl.col("stated_first")
        > pl.coalesce("published", pl.col("recorded_at").dt.date().to_physical()) + 1,
        "dates_reversed": pl.col("reversed"),
        "period_too_long": stated & ~pl.col("dated") & ~pl.col("republished"),
        "republished": pl.col("republished"),
    }
    return pl.concat_list(pl.when(holds).then(pl.lit(flag)) for flag, holds in odd.items()).list.drop_nulls()


def _sentence_keys(sentences: pl.Series) -> pl.Series:
    """Equal for sentences that differ in case, accents, punctuation or spaces at most, on any machine; null for short ones."""
    return pl.Series([_sentence_key(text) for text in sentences], dtype=pl.UInt64)


def _sentence_key(text: str | None) -> int | None:
    if text is None or len(text) < SENTENCE_LENGTH:
        return None
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")
