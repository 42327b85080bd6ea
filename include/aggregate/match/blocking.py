"""Which pairs of reports are worth comparing: those that share a day and a place, as far as each names them.

Every report is known by keys for the places that it can have happened at, and asks for the reports under one kind of key: the
grid cells around its coordinates; else its governorate; else its country; else, for a region in no country, coarser cells. Of
two reports the one that knows its place less well asks for the other. So all pairs are found that can be one incident, save
those of reports that say too little for a block of that kind, which :func:`narrowed` tells:

- a report that knows no more than the governorate or country asks for those with which it agrees in something: perpetrator,
  target, sentence, the number of killed (nearly) or of injured;
- one with a period too long for its place (block_days in match.yaml) asks for the same exact number of killed in its country;
- a report that names neither country nor coordinates asks for the same name of a place, and the same number of killed;
- a report whose place bears the name of its governorate asks besides for those there with which it agrees in something, and
  one of a rare toll (rare_toll) for the same in its governorate;
- a report without a day asks for its sentence only.

Every report also asks for its sentence. Whether a pair is compared depends on its two reports alone, never on how many others
there are. A copy printed long after the first (see match.yaml) is compared with the reports of its text only.

The work is done by days: of two reports the one whose period begins later meets the other on that first day, so that each pair
comes up once and any range of days can be done for itself.
"""

import polars as pl

from include.aggregate.match.accounts import UNBOUNDED
from include.aggregate.match.rules import rules

_AT_ONCE = 5_000
"""Reports whose first day lies in one range of days: bounds memory, changes no result."""
COMPARED_AT_ONCE = 200_000
"""Pairs, likewise."""
_CELL = 0.5
"""Grid for places, degrees."""
_REGION = 5.0
"""Grid for regions, degrees."""
_KM_PER_DEGREE = 111.2
_PLACE, _ADMIN1, _COUNTRY, _REGION_ONLY, _NOWHERE = range(5)
_BLOCKS = ("place", "admin1", "country", "country", "country")
"""For each level of knowing the place, the entry of block_days in match.yaml."""
_AGREEING = ["perpetrator_key", "target_key", "target_words_key", "sentence_key", "sound_key", "killed_from", "injured_from"]
"""What two reports, of which one knows its place badly, can agree in to be worth comparing."""
_OF_A = "_of_a"
"""Ends the names of the columns of a pair's first report."""
_ROW = ["i", "first", "last", "level"]


def narrowed(accounts: pl.DataFrame) -> pl.Series:
    """For each account why it was compared with less than its block (see catalogue.NARROWED); null: with all of it."""
    reasons = {
        "no_day": pl.col("first").is_null() & ~pl.col("republished"),
        "no_place": pl.col("first").is_not_null() & (pl.col("level") == _NOWHERE),
        "long_period": "loose",
        "vague_place": pl.col("first").is_not_null() & (pl.col("level") > _PLACE) & ~pl.col("uncounted"),
    }
    reason = pl.coalesce(pl.when(holds).then(pl.lit(name)) for name, holds in reasons.items())
    return accounts.lazy().with_columns(level=_level()).with_columns(loose=_loose()).select(reason).collect().to_series()


class Blocks:
    """The candidate pairs among accounts, some days at a time."""

    def __init__(self, accounts: pl.DataFrame):
        columns = ["i", "first", "last", "republished", "copy_key", "country_key", "admin1_key", "place_key"]
        columns += ["latitude", "longitude", "reach", "located", "namesake", "named_only", "killed_to", "uncounted", *_AGREEING]
        repeated = pl.col("sentence_key").is_not_null() & pl.col("sentence_key").is_duplicated()
        most = pl.when(pl.col("killed_to") < UNBOUNDED).then("killed_to").otherwise("killed_from")
        self._accounts = (
            accounts.lazy()
            .with_columns(level=_level(), repeated=repeated)
            .with_columns(loose=_loose())
            .select(*columns, "level", "repeated", "loose", many=(most >= rules().rare_toll).fill_null(True))
            .collect()
        )

    def days(self) -> list[tuple[int, int] | None]:
        """Ranges of days, from one to before the other, that hold all first days, in order; then None: no day."""
        by_day = self._accounts.filter(pl.col("first").is_not_null()).group_by("first").len().sort("first")
        groups = by_day.with_columns(part=pl.col("len").cum_sum() // _AT_ONCE).group_by("part", maintain_order=True)
        ranges = groups.agg(start=pl.col("first").min(), last=pl.col("first").max()).select("start", pl.col("last") + 1)
        return [*ranges.rows(), None]

    def pairs(self, days: tuple[int, int] | None) -> pl.DataFrame:
        """The pairs a, b (a < b), each once, of which the later begins in one of the ranges of :meth:`days`."""
        if days is None:
            return self._without_a_day()
        start, stop = days
        near = self._accounts.filter((pl.col("first") < stop) & (pl.col("last") >= start - 1))
        # By their places here: a small table stays in the processor's cache.
        numbers = near["i"]
        near = near.with_columns(i=pl.int_range(pl.len(), dtype=pl.UInt32))
        by_place = _agreeing(near, _meetings(_asks(near), _known_by(near), start, stop, by_level=True))
        content = _asks_by_content(near)
        by_content = _meetings(content, _known_by_content(near, content), start, stop, by_level=False).unique()
        in_province = _meetings(_namesakes(near), _in_governorates(near), start, stop, by_level=False).unique()
        in_province = in_province.filter(_agree(near, in_province)).join(by_content, on=["a", "b"], how="anti")
        by_content = pl.concat([by_content, in_province])
        known = by_content.select(_pair()).to_series()
        pairs = pl.concat([by_content, by_place.filter(~_pair().is_in(known.implode()))])
        return pairs.with_columns(a=numbers[pairs["a"]], b=numbers[pairs["b"]])

    def _without_a_day(self) -> pl.DataFrame:
        rows = self._accounts.lazy().select("i", "copy_key", "sentence_key", "republished", dayless=pl.col("first").is_null())
        news = rows.filter(~pl.col("republished"))
        alike = news.filter("dayless").join(news, on="sentence_key")
        by_sentence = alike.filter(~pl.col("dayless_right") | (pl.col("i") < pl.col("i_right")))
        copies = rows.filter("republished").join(rows, on="copy_key")
        by_copy = copies.filter(~pl.col("republished_right") | (pl.col("i") < pl.col("i_right")))
        pairs = pl.concat([found.select("i", other="i_right") for found in (by_sentence, by_copy)])
        return _ordered(pairs).collect()


def _agreeing(accounts: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """The pairs that agree in something or both know the place."""
    levels = accounts["level"]
    parts = []
    for part in pairs.iter_slices(COMPARED_AT_ONCE):
        vague = (levels[part["a"]] > _PLACE) | (levels[part["b"]] > _PLACE)
        some = part.filter(vague)
        parts += [part.filter(~vague), some.filter(_agree(accounts, some))]
    return pl.concat([pairs.clear(), *parts])


def _agree(accounts: pl.DataFrame, pairs: pl.DataFrame) -> pl.Series:
    """For each pair whether the two agree in something, or can well mean one number of killed."""
    chosen = accounts.select(*_AGREEING, "killed_to", "many", "uncounted")
    sides = [chosen[pairs[side]] for side in ("a", "b")]
    frame = pl.concat([sides[0].rename(lambda name: f"{name}{_OF_A}"), sides[1]], how="horizontal").lazy()
    froms = ["killed_from", f"killed_from{_OF_A}"]
    frame = frame.with_columns(lower=pl.min_horizontal(froms), higher=pl.max_horizontal(froms))
    agreed = pl.any_horizontal((pl.col(name) == pl.col(f"{name}{_OF_A}")).fill_null(False) for name in _AGREEING)
    return frame.select(agreed | _of_like_toll().fill_null(False)).collect().to_series()


def _of_like_toll() -> pl.Expr:
    """Whether two reports give nearly the same number of killed, or many in ranges that overlap, or one of them no number."""
    lower, higher = pl.col("lower"), pl.col("higher")
    near = (lower >= 5) & (2 * higher <= 3 * lower)
    overlap = higher <= pl.min_horizontal("killed_to", f"killed_to{_OF_A}")
    many = pl.col("many") & pl.col(f"many{_OF_A}") & overlap
    return near | many | pl.col("uncounted") | pl.col(f"uncounted{_OF_A}")


def _level() -> pl.Expr:
    country = pl.col("country_key").is_not_null()
    by_name = country & pl.col("admin1_key").is_not_null() & pl.col("where_prec").ne_missing(5)
    return (
        pl.when("located")
        .then(_PLACE)
        .when(by_name)
        .then(_ADMIN1)
        .when(country)
        .then(_COUNTRY)
        .when(pl.col("reach").is_not_null())
        .then(_REGION_ONLY)
        .otherwise(_NOWHERE)
        .cast(pl.Int8)
    )


def _loose() -> pl.Expr:
    limits = {level: rules().block_days[block] for level, block in enumerate(_BLOCKS)}
    return (pl.col("days") > pl.col("level").replace_strict(limits, return_dtype=pl.Int32)).fill_null(False)


def _asks(accounts: pl.DataFrame) -> pl.DataFrame:
    firm = accounts.lazy().filter(~pl.col("loose"))
    levels = [firm.filter(pl.col("level") == level) for level in range(_NOWHERE)]
    return pl.concat(
        [
            _cells(levels[_PLACE], _CELL),
            _keyed(levels[_ADMIN1], "admin1", "country_key", "admin1_key"),
            _keyed(levels[_ADMIN1], "no admin1", "country_key"),
            _keyed(levels[_COUNTRY], "country", "country_key"),
            _cells(levels[_REGION_ONLY], _REGION),
        ]
    ).collect()


def _known_by(accounts: pl.DataFrame) -> pl.DataFrame:
    firm = accounts.lazy().filter(~pl.col("loose"))
    return pl.concat(
        [
            _cells(firm.filter("located"), _CELL),
            _keyed(firm, "admin1", "country_key", "admin1_key"),
            _keyed(firm.filter(pl.col("admin1_key").is_null()), "no admin1", "country_key"),
            _keyed(firm, "country", "country_key"),
            _cells(firm.filter(pl.col("reach").is_not_null()), _REGION),
        ]
    ).collect()


def _namesakes(accounts: pl.DataFrame) -> pl.DataFrame:
    """What asks for all of its governorate, since it may be meant for that."""
    return _keyed(
        accounts.lazy().filter(pl.col("namesake") & ~pl.col("loose")), "admin1", "country_key", "admin1_key"
    ).collect()


def _in_governorates(accounts: pl.DataFrame) -> pl.DataFrame:
    return _keyed(accounts.lazy().filter(pl.col("located") & ~pl.col("loose")), "admin1", "country_key", "admin1_key").collect()


def _asks_by_content(accounts: pl.DataFrame) -> pl.DataFrame:
    frame = accounts.lazy()
    nowhere = frame.filter((pl.col("level") == _NOWHERE) & ~pl.col("loose"))
    return pl.concat(
        [
            _keyed(frame.filter("repeated"), "sentence", "sentence_key"),
            _keyed(frame.filter(pl.col("loose") & _toll(2)), "toll in country", "country_key", "killed_from"),
            _keyed(_rare(frame), "toll in admin1", "country_key", "admin1_key", "killed_from"),
            _keyed(nowhere.filter("named_only"), "place", "sound_key"),
            _keyed(nowhere.filter(_toll(1)), "toll", "killed_from"),
        ]
    ).collect()


def _known_by_content(accounts: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    frame = accounts.lazy()
    known = [
        _keyed(frame.filter("repeated"), "sentence", "sentence_key"),
        _keyed(frame.filter(_toll(2)), "toll in country", "country_key", "killed_from"),
        _keyed(_rare(frame), "toll in admin1", "country_key", "admin1_key", "killed_from"),
        _keyed(frame.filter(~pl.col("loose")), "place", "sound_key"),
        _keyed(frame.filter(_toll(1) & ~pl.col("loose")), "toll", "killed_from"),
    ]
    return pl.concat(known).join(asked.lazy(), on="key", how="semi").collect()


def _rare(accounts: pl.LazyFrame) -> pl.LazyFrame:
    return accounts.filter(pl.col("located") & ~pl.col("loose") & (pl.col("killed_from") >= rules().rare_toll))


def _toll(least: int) -> pl.Expr:
    return ((pl.col("killed_from") == pl.col("killed_to")) & (pl.col("killed_from") >= least)).fill_null(False)


def _keyed(accounts: pl.LazyFrame, kind: str, *columns: str) -> pl.LazyFrame:
    """The accounts that have all of these columns, under a key of them."""
    rows = accounts.filter(pl.all_horizontal(pl.col(name).is_not_null() for name in columns))
    key = pl.struct(pl.lit(kind).alias("kind"), *columns).hash()
    return rows.select(*_ROW, key=key, **{name: pl.lit(0, pl.Int16) for name in ("x", "y", "west", "south")})


def _cells(accounts: pl.LazyFrame, size: float) -> pl.LazyFrame:
    """The accounts under each cell x, y of the grid that their reach touches; the first of these is `west`, `south`."""
    up = pl.col("reach") / _KM_PER_DEGREE
    across = up / pl.col("latitude").radians().cos().clip(0.01)

    def span(first: str, degrees: pl.Expr, half: pl.Expr, name: str) -> list[pl.Expr]:
        lower, upper = (((degrees + side) / size).floor().cast(pl.Int16) for side in (-half, half))
        return [lower.alias(first), pl.int_ranges(lower, upper + 1, dtype=pl.Int16).alias(name)]

    columns, rows = span("west", pl.col("longitude"), across, "x"), span("south", pl.col("latitude"), up, "y")
    cells = accounts.select(*_ROW, *columns, *rows).explode("x").explode("y")
    return cells.select(*_ROW, "x", "y", "west", "south", key=pl.struct(pl.lit(size).alias("kind"), "x", "y").hash()).select(
        *_ROW, "key", "x", "y", "west", "south"
    )


def _meetings(asks: pl.DataFrame, known: pl.DataFrame, start: int, stop: int, by_level: bool) -> pl.DataFrame:
    """The pairs of which one asks for the other, where the later begins on a day from `start` to before `stop`.

    `by_level`: only the one that knows its place less well asks, so that no pair comes up twice.
    """
    known = known.join(asks, on="key", how="semi")
    later_asks = _met(_beginning(asks, start), _lasting(known, start, stop))
    earlier_asks = _met(_beginning(known, start), _lasting(asks, start, stop))
    if by_level:
        later_asks = later_asks.filter(pl.col("level") >= pl.col("level_right"))
        earlier_asks = earlier_asks.filter(pl.col("level") < pl.col("level_right"))
    return _ordered(pl.concat([m.select("i", other="i_right") for m in (later_asks, earlier_asks)])).collect()


def _beginning(rows: pl.DataFrame, start: int) -> pl.LazyFrame:
    return rows.lazy().filter(pl.col("first") >= start).with_columns(day="first")


def _lasting(rows: pl.DataFrame, start: int, stop: int) -> pl.LazyFrame:
    """The rows under each of their days in the range, and under the day after: reports can be a day apart."""
    since, until = pl.max_horizontal("first", start), pl.min_horizontal(pl.col("last") + 2, stop)
    return rows.lazy().with_columns(day=pl.int_ranges(since, until, dtype=pl.Int32)).explode("day")


def _met(later: pl.LazyFrame, earlier: pl.LazyFrame) -> pl.LazyFrame:
    pairs = later.join(earlier, on=["key", "day"])
    begins_later = (pl.col("first") > pl.col("first_right")) | (
        (pl.col("first") == pl.col("first_right")) & (pl.col("i") > pl.col("i_right"))
    )
    in_first_cell = (pl.col("x") == pl.max_horizontal("west", "west_right")) & (
        pl.col("y") == pl.max_horizontal("south", "south_right")
    )
    return pairs.filter(begins_later & in_first_cell)


def _pair() -> pl.Expr:
    """A pair as one number: looked up in half the time that its two take."""
    return pl.col("a").cast(pl.UInt64) * 2**32 + pl.col("b")


def _ordered(pairs: pl.LazyFrame) -> pl.LazyFrame:
    return pairs.select(a=pl.min_horizontal("i", "other"), b=pl.max_horizontal("i", "other"))
