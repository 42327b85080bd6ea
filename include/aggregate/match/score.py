"""How well two reports fit one incident: a score for each pair, with the reasons that made it.

The weights and their meanings are data/match.yaml; each reason is one expression here, over the two accounts of a pair. Some
pairs cannot be one incident, whatever else agrees (CONFLICTS):

- two reports of one document: its writer tells them apart;
- days that do not overlap and are not adjacent either;
- places farther apart than their precision allows, or in different governorates or countries where that is all that is named.

A pair's reasons are a set of bits, in the order of match.yaml; :func:`named` turns them into names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, reduce
from operator import add
from typing import Any

import numpy as np
import polars as pl

from include.aggregate.match.accounts import accounts_of, report_frame
from include.aggregate.match.rules import rules
from include.extract.gazetteer import EARTH_DIAMETER_KM

CONFLICTS = ("same_document", "other_days", "other_country", "too_far", "other_admin1")
"""Why a pair cannot be one incident; the first that holds is given."""

SCORE = pl.Int8

PAIRS = {"a": pl.UInt32, "b": pl.UInt32}
"""A pair of reports: the numbers of their accounts."""

_WHETHER_POSSIBLE = [
    *("document_key", "first", "last", "latitude", "longitude", "reach", "located", "named_only", "exact_place", "namesake"),
    *("place_key", "admin1_key", "country_key", "killed_from"),
]
_TOLD = [
    *("told_on", "dated", "at_night", "located", "named_only", "exact_place"),
    *("place_key", "sound_key", "admin1_key", "country_key"),
    *("article_key", "copy_key", "sentence_key", "origin_key", "published", "days"),
    *("perpetrator_key", "perpetrator_known", "target_key", "target_words_key", "victims", "combatants"),
    *("type", "type_groups", "killed_from", "killed_to", "injured_number", "total_from", "total_to"),
]
_FOUND = ("gap", "km", "placed", "named_alike", "beyond", "in_namesake")


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two reports compared. `score` is None where they cannot be one incident, and `reasons` then names why not."""

    score: int | None
    reasons: tuple[str, ...]


def compare(a: Mapping[str, Any], b: Mapping[str, Any]) -> Comparison:
    """Score two rows of `reports`. The order of the two makes no difference."""
    frame = report_frame([a, b]).with_columns(report_id=pl.Series(["a", "b"]))
    accounts = accounts_of(frame)
    pair = judged(accounts, pl.DataFrame({"a": [0], "b": [1]}, schema=PAIRS))
    if (conflict := pair["conflict"][0]) is not None:
        return Comparison(None, (CONFLICTS[conflict],))
    score, bits = scored(accounts, pair).select("score", reason_bits()).row(0)
    return Comparison(score, _names(bits))


def judged(accounts: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """`pairs` with `conflict`, an index in CONFLICTS (null where they can be one incident), and what it was told from: the
    `gap` between their days, the `km` between their places, and what holds of the two places.
    """
    frame = _with_sides(accounts, pairs, _WHETHER_POSSIBLE).lazy()
    frame = frame.with_columns(gap=_larger("first") - _smaller("last"), km=_distance())
    frame = frame.with_columns(placed=_a("reach").is_not_null() & _b("reach").is_not_null())
    same_name = _a("named_only") & _b("named_only") & _same("place_key")
    frame = frame.with_columns(named_alike=(~pl.col("placed") & same_name).fill_null(False))
    exact = _a("exact_place") & _b("exact_place")
    by_name = ~pl.col("placed") & ~pl.col("named_alike")
    reach = pl.when(exact).then(_a("reach")).otherwise(_a("reach") + _b("reach"))
    frame = frame.with_columns(
        beyond=(pl.col("placed") & (pl.col("km") > reach)).fill_null(False),
        in_namesake=_in_namesake().fill_null(False),
        of_one_toll=_of_one_toll().fill_null(False),
    )
    conflicts = {
        "same_document": _same("document_key"),
        "other_days": pl.col("gap") > 1,
        "other_country": _differs("country_key"),
        "too_far": pl.col("beyond") & ~pl.col("in_namesake") & ~pl.col("of_one_toll"),
        "other_admin1": by_name & _differs("admin1_key"),
    }
    first = pl.coalesce(pl.when(holds).then(pl.lit(CONFLICTS.index(name), pl.Int8)) for name, holds in conflicts.items())
    return frame.select(*PAIRS, *_FOUND, conflict=first).collect()


def _in_namesake() -> pl.Expr:
    """Whether one place bears the name of its governorate, and so may be meant for it, and the other lies in that too."""
    return _a("located") & _b("located") & _same("admin1_key") & (_a("namesake") | _b("namesake"))


def _of_one_toll() -> pl.Expr:
    """Whether two places of one governorate, the one told perhaps by its next town, have one rare number of killed."""
    rare = _same("killed_from") & (_a("killed_from") >= rules().rare_toll)
    return _a("located") & _b("located") & _same("admin1_key") & rare & (pl.col("km") <= rules().next_town_km)


def scored(accounts: pl.DataFrame, possible: pl.DataFrame, least: int = -100) -> pl.DataFrame:
    """The pairs of :func:`judged`, those without a conflict, as a, b, score (from `least` up) and for each reason whether it
    holds.
    """
    frame = _with_sides(accounts, possible, _TOLD)
    told = frame.lazy().with_columns(_share_word(accounts, frame))
    for step in _tolls():
        told = told.with_columns(**step)
    return told.select(*PAIRS, **_facts()).with_columns(score=_score()).filter(pl.col("score") >= least).collect()


@cache
def _score() -> pl.Expr:
    weighed = (pl.when(name).then(pl.lit(w, SCORE)).otherwise(pl.lit(0, SCORE)) for name, w in rules().weights.items())
    return reduce(add, weighed)


@cache
def reason_bits() -> pl.Expr:
    """Of pairs that :func:`scored` gives, the column `reasons`."""
    names = enumerate(rules().weights)
    bits = (pl.when(name).then(pl.lit(1 << n, pl.UInt64)).otherwise(pl.lit(0, pl.UInt64)) for n, name in names)
    return reduce(add, bits).alias("reasons")


def named(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame, in its order, with names in place of the bits in its column `reasons`; null stays null."""
    bits = frame["reasons"].unique().drop_nulls()
    names = pl.Series("names", list(rules().weights))
    holds = bits.to_numpy()[:, None] >> np.arange(len(names), dtype=np.uint64) & np.uint64(1)
    row, name = np.nonzero(holds)
    lists = pl.DataFrame({"reasons": bits[row], "names": names[name]}).group_by("reasons", maintain_order=True).agg("names")
    lists = bits.to_frame().join(lists, on="reasons", how="left").with_columns(pl.col("names").fill_null([]))
    joined = frame.join(lists, on="reasons", how="left", maintain_order="left")
    return joined.with_columns(reasons=pl.col("names")).drop("names")


def _names(bits: int) -> tuple[str, ...]:
    return tuple(name for bit, name in enumerate(rules().weights) if bits >> bit & 1)


def _with_sides(accounts: pl.DataFrame, pairs: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    chosen = accounts.select(columns)
    sides = [chosen[pairs[side]].rename({name: f"{side}_{name}" for name in columns}) for side in ("a", "b")]
    return pl.concat([pairs, *sides], how="horizontal")


def _a(column: str) -> pl.Expr:
    return pl.col(f"a_{column}")


def _b(column: str) -> pl.Expr:
    return pl.col(f"b_{column}")


def _same(column: str) -> pl.Expr:
    return _a(column) == _b(column)


def _differs(column: str) -> pl.Expr:
    return _a(column) != _b(column)


def _both(column: str) -> pl.Expr:
    return _a(column).is_not_null() & _b(column).is_not_null()


def _larger(column: str) -> pl.Expr:
    """The larger of the two; null where one is."""
    return pl.when(_a(column) > _b(column)).then(_a(column)).when(_both(column)).then(_b(column))


def _smaller(column: str) -> pl.Expr:
    return pl.when(_a(column) < _b(column)).then(_a(column)).when(_both(column)).then(_b(column))


def _overlap(name: str) -> pl.Expr:
    """Whether one number can satisfy both ranges; null where one states none."""
    return (_a(f"{name}_from") <= _b(f"{name}_to")) & (_b(f"{name}_from") <= _a(f"{name}_to"))


def _distance() -> pl.Expr:
    """Great-circle distance between the coordinates, km."""
    a, b = _a("latitude").radians(), _b("latitude").radians()
    across = (_b("longitude") - _a("longitude")).radians()
    h = ((b - a) / 2).sin() ** 2 + a.cos() * b.cos() * (across / 2).sin() ** 2
    return EARTH_DIAMETER_KM * h.sqrt().clip(0, 1).arcsin()


def _share_word(accounts: pl.DataFrame, frame: pl.DataFrame) -> pl.Series:
    """Whether the words for the targets of each pair in the frame share one; null where they do not or one has none."""
    words = accounts.lazy().select("target_words_key", "target_words").drop_nulls().unique("target_words_key")
    keys = ["a_target_words_key", "b_target_words_key"]
    met = frame.lazy().select(keys).drop_nulls().unique()
    for key, name in zip(keys, ("words", "others"), strict=True):
        met = met.join(words, left_on=key, right_on="target_words_key").rename({"target_words": name})
    common = pl.col("words").list.set_intersection("others").list.len() > 0
    sharing = met.filter(common).select(*keys, shares_word=True).collect()
    return frame.select(keys).join(sharing, on=keys, how="left", maintain_order="left")["shares_word"]


@cache
def _facts() -> dict[str, pl.Expr]:
    """For each reason in match.yaml whether it holds, never null."""
    facts = {**_when(), **_where(), **_who(), **_how_many(), **_sources()}
    assert facts.keys() == rules().weights.keys(), "match.yaml and score.py name the same reasons"
    return {name: facts[name].fill_null(False) for name in rules().weights}


def _when() -> dict[str, pl.Expr]:
    known = pl.col("gap").is_not_null()
    dated = known & _a("dated") & _b("dated")
    adjacent = dated & (pl.col("gap") == 1)
    exact = dated & ~adjacent & (_a("days") == 1) & (_b("days") == 1)
    night = _a("at_night") | _b("at_night")
    at_once = (_a("told_on") - _b("told_on")).abs() <= 1
    week = (_a("days") <= 7) & (_b("days") <= 7)
    return {
        "same_day": exact,
        "days_overlap": dated & ~adjacent & ~exact & week,
        "period_overlaps": dated & ~adjacent & ~exact & ~week,
        "adjacent_day": adjacent & ~night,
        "night_between": adjacent & night,
        "at_once_reported": known & ~dated & at_once,
        "soon_reported": known & ~dated & ~at_once,
        "no_day": ~known,
    }


def _where() -> dict[str, pl.Expr]:
    placed, alike = pl.col("placed"), pl.col("named_alike")
    located = placed & _a("located") & _b("located")
    exact = placed & _a("exact_place") & _b("exact_place")
    beyond = pl.col("beyond")
    at_one_place = (_same("place_key").fill_null(False)) | (pl.col("km") <= 2)
    by_name = ~placed & ~alike
    admin1, country = _both("admin1_key"), _both("country_key")
    sounds_alike = _same("sound_key").fill_null(False)
    one_is_lacking = (_a("named_only") & (_b("located") | _b("named_only"))) | (_b("named_only") & _a("located"))
    return {
        "same_place": alike | (exact & at_one_place & ~beyond),
        "near": located & ~exact & ~beyond,
        "same_admin1": by_name & admin1,
        "in_region": placed & ~located,
        "same_country": by_name & ~admin1 & country,
        "no_place": by_name & ~admin1 & ~country,
        "in_namesake": pl.col("in_namesake") & (beyond | (exact & ~at_one_place)),
        "next_town": beyond & ~pl.col("in_namesake"),
        "next_place": exact & ~at_one_place & ~beyond & ~pl.col("in_namesake"),
        "alike_place": by_name & one_is_lacking & sounds_alike,
        "other_place": by_name & one_is_lacking & ~sounds_alike,
        "across_admin1": located & _differs("admin1_key"),
    }


def _who() -> dict[str, pl.Expr]:
    ids, known = _both("target_key"), _a("perpetrator_known") & _b("perpetrator_known")
    either_id = _a("target_key").is_not_null() | _b("target_key").is_not_null()
    wordy = _both("target_words_key")
    shares = pl.col("shares_word").fill_null(False)
    # Soldiers are troops, servicemen or an army bus: the class says it.
    one_force = (_same("victims") & _a("combatants")).fill_null(False)
    related = (_a("type_groups") & _b("type_groups")) != 0
    return {
        "same_perpetrator": _same("perpetrator_key"),
        "other_perpetrator": _differs("perpetrator_key") & known,
        "same_target": _same("target_key"),
        "alike_target": ~ids & shares,
        "unlike_target": wordy & ~either_id & ~shares & ~one_force,
        "other_target": _differs("target_key"),
        "same_victims": _same("victims"),
        "other_victims": _differs("victims"),
        "same_type": _same("type"),
        "other_type": _differs("type") & ~related,
    }


@cache
def _tolls() -> list[dict[str, pl.Expr]]:
    """What several facts about the killed are told from: columns, each step's from those before, since Polars would work them
    out for each fact anew.
    """
    a_later = _a("published") > _b("published")
    both, overlap, smaller, larger = (pl.col(name) for name in ("both", "overlap", "smaller", "larger"))
    one_number = (_a("killed_from") == _a("killed_to")) & (_b("killed_from") == _b("killed_to"))
    alike = (smaller >= 5) & (2 * larger <= 3 * smaller) | (smaller >= 2) & (smaller == larger)
    in_order = _differs("published").fill_null(False)
    return [
        {
            "both": _both("killed_from"),
            "overlap": _overlap("killed"),
            "smaller": pl.min_horizontal(_a("killed_from"), _b("killed_from")),
            "larger": pl.max_horizontal(_a("killed_from"), _b("killed_from")),
            "later_from": pl.when(a_later).then(_a("killed_from")).otherwise(_b("killed_from")),
            "earlier_from": pl.when(a_later).then(_b("killed_from")).otherwise(_a("killed_from")),
            "earlier_to": pl.when(a_later).then(_b("killed_to")).otherwise(_a("killed_to")),
        },
        {
            "same": both & one_number & _same("killed_from") & (_a("killed_from") > 0),
            "alike": both & overlap & alike,
            "apart": both & ~overlap,
            "rare": smaller >= rules().rare_toll,
        },
        {
            "close": pl.col("alike") & ~pl.col("same"),
            # Of one day "at least 6" is no early count of 14.
            "loose": both & overlap & ~pl.col("same") & ~pl.col("alike"),
            "near": pl.col("apart") & (smaller >= 10) & (4 * larger <= 5 * smaller),
        },
        {
            "floors_apart": pl.col("loose") & (smaller >= 3) & ~pl.col("rare") & (larger >= 2 * smaller) & _same("published"),
            "updated": pl.col("apart") & ~pl.col("near") & in_order,
        },
    ]


def _how_many() -> dict[str, pl.Expr]:
    both, same, close, loose, apart = (pl.col(name) for name in ("both", "same", "close", "loose", "apart"))
    rare, updated = pl.col("rare"), pl.col("updated")
    floors_apart = pl.col("floors_apart").fill_null(False)
    fell = pl.col("later_from") < pl.col("earlier_from")
    jumped = pl.col("later_from") > 5 * pl.max_horizontal("earlier_to", 1)
    rose = updated & ~fell & ~jumped
    total = _both("total_from") & ~both
    return {
        "same_toll_of_1": same & (_a("killed_from") == 1),
        "same_toll": same & _a("killed_from").is_between(2, 9),
        "same_high_toll": same & (_a("killed_from") >= 10),
        "tolls_close": close & ~rare,
        "high_tolls_close": close & rare,
        "tolls_overlap": loose & ~floors_apart & ~rare,
        "high_tolls_overlap": loose & ~floors_apart & rare,
        "floors_apart": floors_apart,
        "tolls_near": pl.col("near"),
        "toll_rose": rose & (pl.col("larger") < rules().rare_toll),
        "high_toll_rose": rose & (pl.col("larger") >= rules().rare_toll),
        "toll_differs": apart & ~pl.col("near") & ~updated,
        "toll_fell": updated & fell,
        "toll_jumped": updated & ~fell & jumped,
        "same_injured": _same("injured_number"),
        "casualties_overlap": total & _overlap("total"),
        "casualties_differ": total & ~_overlap("total"),
        "origin_updates": apart & _same("origin_key") & _a("published").ne_missing(_b("published")),
        "origin_tells_both": apart & _same("origin_key") & _a("published").eq_missing(_b("published")),
    }


def _sources() -> dict[str, pl.Expr]:
    same_sentence = _same("sentence_key").fill_null(False)
    later_capture = _same("article_key")
    return {
        "later_capture": later_capture,
        "same_sentence": same_sentence,
        "copy_tells_both": _same("copy_key") & ~same_sentence & ~later_capture,
    }
