"""Monthly tallies: incidents summed by month, country, governorate, perpetrator and victim class.

The rules are the caveats of the dataset: low sums the lows; best the bests, with the low where an incident has no best; high
the highs, null as soon as one incident that states the measure has no upper bound. A measure that no incident of the group
states is null, not 0.

An incident is in one row, so that rows add up to any total. Who its people are, where it hit several sides, is in the row's
`groups`: it splits the row's counts by victim class, so that it adds up to them.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl
import pyarrow as pa

from include.aggregate.ranges import MEASURES
from include.datasets.catalogue import BREAKDOWN, INCIDENTS

BY = ("country", "admin1", "perpetrator", "victim_class")
KEY = ("year", "month", *BY)
BOUNDS = ("low", "best", "high")

_STEMS = (*MEASURES, *BREAKDOWN)
_USED = ("incident_id", "date_start", "date_end", "date_prec", *BY, "latitude", "grading", "flags", "count_mode", "groups")
COLUMNS = (*_USED, *(f"{stem}_{bound}" for stem in _STEMS for bound in BOUNDS))
"""What of incidents is needed."""

_DOUBT = {"n_in_doubt": pl.Int32} | {f"{m}_doubt_{b}": pl.Int32 for m in ("killed", "injured") for b in ("low", "high")}
_TYPES = {"year": pl.Int32, "month": pl.Int32} | dict.fromkeys(BY, pl.String)

Doubts = Mapping[tuple, Mapping[str, int | None]]
"""By the key of a row, what decisions leave open in it: n_in_doubt and the columns of doubt."""
Silent = Mapping[tuple[int, int, str], Sequence[str]]
"""By year, month and country, the sources that fell silent."""


def tally(
    incidents: Iterable[Mapping[str, Any]], doubts: Doubts | None = None, silent: Silent | None = None
) -> list[dict[str, Any]]:
    """As :func:`tally_frame`, for rows of `incidents`, as rows of `monthly_tallies` in order of their key."""
    schema = pa.schema([INCIDENTS.schema.field(c).with_nullable(True) for c in COLUMNS])
    rows = [{c: incident.get(c) for c in COLUMNS} for incident in incidents]
    return tally_frame(pl.from_arrow(pa.Table.from_pylist(rows, schema=schema)), doubts, silent).to_dicts()


def tally_frame(incidents: pl.DataFrame, doubts: Doubts | None = None, silent: Silent | None = None) -> pl.DataFrame:
    """The `monthly_tallies` of a frame of `incidents`, with the partition column `year`, in order of their key (null first).

    `doubts` is what doubts.tally_doubts gives, `silent` what coverage.silent_in gives. A row that they concern and that no
    incident makes is there with no incidents: silence must not read as peace.
    """
    day, last = pl.col("date_start"), pl.col("date_end")
    cells = incidents.select(
        *COLUMNS,
        year=day.dt.year().fill_null(0).cast(pl.Int32),
        month=day.dt.month().fill_null(0).cast(pl.Int32),
        is_across=(day.dt.truncate("1mo") != last.dt.truncate("1mo")).fill_null(False),
    )
    is_open = pl.any_horizontal(_stated(m) & pl.col(f"{m}_high").is_null() for m in MEASURES)
    tallies = cells.group_by(KEY).agg(
        pl.len().alias("n_incidents"),
        *(total for stem in _STEMS for total in _totals(stem, stem)),
        n_open_ended=is_open.sum(),
        n_weak=(pl.col("grading") == "weak").sum(),
        n_unlocated=pl.col("latitude").is_null().sum(),
        n_imprecise=(pl.col("date_prec") >= 3).sum(),
        n_across_months=pl.col("is_across").sum(),
        n_background_only=pl.col("flags").list.contains("background_only").sum(),
        count_mode=pl.when(pl.col("count_mode").n_unique() == 1).then(pl.col("count_mode").first()),
    )
    tallies = tallies.join(_groups(cells), on=KEY, how="left", nulls_equal=True)
    tallies = _told_of(tallies, KEY, _DOUBT, [(*key, *map(doubt.get, _DOUBT)) for key, doubt in (doubts or {}).items()])
    quiet = [(*key, list(sources)) for key, sources in (silent or {}).items()]
    tallies = _told_of(tallies, ("year", "month", "country"), {"silent_sources": pl.List(pl.String)}, quiet)
    return tallies.sort(KEY).cast({pl.UInt32: pl.Int32, pl.Int64: pl.Int32})


def _stated(stem: str) -> pl.Expr:
    return pl.any_horizontal(pl.col(f"{stem}_{bound}").is_not_null() for bound in BOUNDS)


def _totals(stem: str, name: str) -> list[pl.Expr]:
    """The sums of a count over incidents: columns `<name>_low`, `_best`, `_high`, or low, best, high for no name."""
    low, best, high = (pl.col(f"{stem}_{bound}") for bound in BOUNDS)
    stated = _stated(stem)
    sums = (pl.coalesce(low, best, 0), pl.coalesce(best, low, 0), high)
    if_any = (stated.any(), stated.any(), stated.any() & ~(stated & high.is_null()).any())
    return [
        pl.when(condition).then(value.filter(stated).sum()).alias(f"{name}_{bound}")
        for value, condition, bound in zip(sums, if_any, BOUNDS, strict=True)
    ]


def _groups(cells: pl.DataFrame) -> pl.DataFrame:
    """The column `groups` of each row: its counts by measure and victim class.

    An incident's own groups split its count where they add up to it, bound by bound; else all of the count is of the
    incident's victim class.
    """
    counts = pl.concat(
        cells.filter(_stated(m)).select(
            *("incident_id", *KEY),
            measure=pl.lit(m),
            is_apart=_stated(f"attackers_{m}") if f"attackers_{m}" in BREAKDOWN else pl.lit(False),
            **{f"count_{bound}": pl.col(f"{m}_{bound}") for bound in BOUNDS},
        )
        for m in MEASURES
    )
    sides = cells.select("incident_id", "groups").explode("groups").drop_nulls().unnest("groups")
    sides = sides.rename({"victim_class": "side"}).join(counts, on=["incident_id", "measure"])
    sides = sides.filter(~(pl.col("attackers") & pl.col("is_apart")))
    whole = [
        pl.when(pl.col(bound).null_count() == 0)
        .then(pl.col(bound).sum())
        .over("incident_id", "measure")
        .alias(f"whole_{bound}")
        for bound in BOUNDS
    ]
    adds_up = [pl.col(f"whole_{bound}").eq_missing(pl.col(f"count_{bound}")) for bound in BOUNDS]
    sides = sides.with_columns(whole).filter(*adds_up, pl.col("count_low").is_not_null())
    unsplit = counts.join(sides.select("incident_id", "measure").unique(), on=["incident_id", "measure"], how="anti")
    split = sides.with_columns(best=pl.when(pl.col("count_best").is_null()).then("low").otherwise("best"))
    unsplit = unsplit.with_columns(
        side=pl.col("victim_class"), attackers=pl.lit(False), **{bound: pl.col(f"count_{bound}") for bound in BOUNDS}
    )
    columns = [*KEY, "measure", "side", "attackers", *(pl.col(bound).alias(f"side_{bound}") for bound in BOUNDS)]
    people = pl.concat([split.select(columns), unsplit.select(columns)])
    people = people.with_columns(pl.col("side").fill_null("unknown"))
    by_side = people.group_by(*KEY, "measure", "side", "attackers").agg(_totals("side", "side"))
    order = [pl.col("measure").replace_strict(MEASURES, range(len(MEASURES))), "attackers", "side"]
    group = pl.struct(
        "measure",
        pl.col("side").alias("victim_class"),
        "attackers",
        *(pl.col(f"side_{bound}").cast(pl.Int32).alias(bound) for bound in BOUNDS),
    )
    return by_side.sort(order).group_by(KEY).agg(group.alias("groups"))


def _told_of(tallies: pl.DataFrame, key: Sequence[str], columns: Mapping[str, Any], rows: Sequence[tuple]) -> pl.DataFrame:
    """The tallies with more columns: each of `rows` gives a key and their values. A key that no row has makes one."""
    told = pl.DataFrame(rows, schema={name: _TYPES[name] for name in key} | dict(columns), orient="row")
    joined = tallies.join(told, on=key, how="left", nulls_equal=True)
    alone = told.join(tallies, on=key, how="anti", nulls_equal=True)
    return pl.concat([joined, alone], how="diagonal_relaxed").with_columns(pl.col("^n_.*$").fill_null(0))
