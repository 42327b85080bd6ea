"""What the ledger holds, as columns: how many people of which side each incident counts, by measure.

A row is one incident, measure and side. A claim about everybody takes the rows that are `whole`, one about a class of victims
those that are a `side`; an incident with one side is both. A side of several has the range that the whole leaves it: no fewer
than the whole's low less the others' highs, no more than the whole's high less the others' lows.
"""

import math
from collections.abc import Iterable

import polars as pl

from include.extract.actors import actor

BOUNDS = ("low", "best", "high")
SCHEMA = {
    "i": pl.UInt32, "measure": pl.String, "victim_class": pl.String, "attackers": pl.Boolean, "whole": pl.Boolean,
    "side": pl.Boolean, "low": pl.Float64, "best": pl.Float64, "high": pl.Float64,
}  # fmt: skip
"""`i` is the row number of the incident; an open high is infinite."""


def holdings(incidents: pl.DataFrame, measures: Iterable[str]) -> pl.DataFrame:
    """The rows of SCHEMA for a frame with the columns of `incidents`, for these measures: killed, injured, casualties,
    attacks, or a stem of the breakdown such as killed_women."""
    frame = incidents.with_row_index("i")
    found = [part for measure in sorted(set(measures)) for part in _of(frame, measure)]
    return pl.concat([pl.DataFrame(schema=SCHEMA), *found])


def _of(frame: pl.DataFrame, measure: str) -> list[pl.DataFrame]:
    if measure == "attacks":
        high = pl.when(pl.col("event_clarity") == 2).then(math.inf).otherwise(1.0)
        return [_rows(frame.select("i", low=1.0, best=1.0, high=high, victim_class=pl.lit("unknown")), measure)]
    if measure == "casualties":
        together = _range(frame, "casualties")
        apart = pl.concat([_range(frame, "killed"), _range(frame, "injured")]).join(together, on="i", how="anti")
        own = pl.concat([_range(frame, "attackers_killed"), _range(frame, "attackers_injured")])
        total = pl.concat([together, _summed(apart)]).join(frame.select("i", "victim_class"), on="i")
        return [_rows(total, measure), _attackers(frame, _summed(own), measure)]
    if measure not in ("killed", "injured"):
        return [_rows(_range(frame, measure).with_columns(victim_class=pl.lit("unknown")), measure)]
    own = _range(frame, f"attackers_{measure}")
    groups = _groups(frame, measure, own)
    whole = _range(frame, measure)
    several = groups.group_by("i").len().filter(pl.col("len") > 1).select("i")
    single = whole.join(several, on="i", how="anti").join(groups.select("i", "victim_class", "attackers"), on="i", how="left")
    single = single.join(frame.select("i", told="victim_class"), on="i")
    single = single.with_columns(
        pl.coalesce("victim_class", "told").alias("victim_class"), pl.col("attackers").fill_null(False)
    )
    mixed = whole.join(several, on="i").with_columns(victim_class=pl.lit("mixed"))
    unstated = _range(frame, "casualties").join(whole, on="i", how="anti").with_columns(low=0.0, best=0.0)
    return [
        _rows(single, measure),
        _rows(mixed, measure, side=False),
        _rows(_sides(frame, groups.join(several, on="i"), whole, measure), measure, whole=False),
        _rows(unstated.join(frame.select("i", "victim_class"), on="i"), measure),
        _attackers(frame, own, measure),
    ]


def _range(frame: pl.DataFrame, stem: str) -> pl.DataFrame:
    """The incidents that state a count, with its bounds."""
    low, best, high = (pl.col(f"{stem}_{b}").cast(pl.Float64) for b in BOUNDS)
    stated = frame.filter(low.is_not_null() | best.is_not_null() | high.is_not_null())
    return stated.select("i", low=pl.coalesce(low, best, 0.0), best=pl.coalesce(best, low, 0.0), high=high.fill_null(math.inf))


def _summed(ranges: pl.DataFrame) -> pl.DataFrame:
    return ranges.group_by("i", maintain_order=True).agg(pl.col(*BOUNDS).sum())


def _groups(frame: pl.DataFrame, measure: str, own: pl.DataFrame) -> pl.DataFrame:
    """The sides that make up the count: not those of the attackers' own where these are kept apart."""
    apart = frame["i"].is_in(own["i"].implode())
    groups = frame.select("i", "groups", apart=apart).explode("groups").drop_nulls("groups").unnest("groups")
    kept = groups.filter((pl.col("measure") == measure) & ~(pl.col("attackers") & pl.col("apart")))
    bounds = [
        pl.coalesce("low", "best", pl.lit(0)).cast(pl.Float64),
        pl.coalesce("best", "low", pl.lit(0)).cast(pl.Float64).alias("best"),
        pl.col("high").cast(pl.Float64).fill_null(math.inf),
    ]
    return kept.with_columns(bounds).group_by("i", "victim_class", "attackers", maintain_order=True).agg(pl.col(*BOUNDS).sum())


def _sides(frame: pl.DataFrame, groups: pl.DataFrame, whole: pl.DataFrame, measure: str) -> pl.DataFrame:
    """The sides of incidents that have several, in the range that the whole leaves each."""
    if measure == "killed":
        civilians = _range(frame, "killed_civilians").with_columns(victim_class=pl.lit("civilians"))
        groups = groups.join(civilians, on=["i", "victim_class"], how="left", suffix="_told")
        groups = groups.with_columns(pl.coalesce(f"{b}_told", b).alias(b) for b in BOUNDS)
    groups = groups.join(whole, on="i", suffix="_whole")
    others_low = pl.col("low").sum().over("i") - pl.col("low")
    open_ends = pl.col("high").is_infinite().cast(pl.Int32)
    closed = pl.when(pl.col("high").is_infinite()).then(0.0).otherwise(pl.col("high"))
    others_open = (open_ends.sum().over("i") - open_ends) > 0
    others_high = pl.when(others_open).then(math.inf).otherwise(closed.sum().over("i") - closed)
    return groups.with_columns(
        low=pl.min_horizontal("low", (pl.col("low_whole") - others_high).clip(lower_bound=0)),
        high=pl.max_horizontal("high", pl.col("high_whole") - others_low),
    )


def _attackers(frame: pl.DataFrame, own: pl.DataFrame, measure: str) -> pl.DataFrame:
    """The attackers' own dead or injured, who are in no other row, of the perpetrator's class."""
    of_class = {i: _side(i) for i in frame["perpetrator_id"].drop_nulls().unique()}
    sides = frame.select(
        "i", victim_class=pl.col("perpetrator_id").replace_strict(of_class, default=None, return_dtype=pl.String)
    )
    return _rows(own.join(sides, on="i").with_columns(attackers=True), measure)


def _side(actor_id: str) -> str | None:
    try:
        return actor(actor_id).side
    except KeyError:  # an id that the table no longer has
        return None


def _rows(frame: pl.DataFrame, measure: str, *, whole: bool = True, side: bool = True) -> pl.DataFrame:
    missing = {} if "attackers" in frame.columns else {"attackers": pl.lit(False)}
    frame = frame.with_columns(
        pl.col("victim_class").fill_null("unknown"), measure=pl.lit(measure), whole=pl.lit(whole), side=pl.lit(side), **missing
    )
    return frame.select(*SCHEMA).cast(SCHEMA)
