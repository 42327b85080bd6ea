"""Synthetic reports whose true incidents are known: what the ledger is measured on.

Ten years of conflict in sixty countries, skewed as it is: a few countries, towns, offensives and days hold most incidents,
tolls have a heavy tail, and what kills many is reported often. An incident has 1 to 40 reports. Outlets quote few monitors,
tolls rise for days, figures and places are vague, dates slip or are missing, parties are named, left out or others, texts are
copied, incidents come up again as background up to a year later, and some pages are found late.

All that a report says is a hash of its number, so that the same seed makes the same rows in any order and in slices, and a copy
says what its original says. Places are the gazetteer's, parties those of the actor table.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import yaml

from include.clean import VERSION as CLEAN_VERSION
from include.clean.batch import STAGE as CLEAN
from include.datasets import batches
from include.datasets.catalogue import ARTICLES, EVENT_TYPES, REPORTS
from include.datasets.lake import Lake, partition_of
from include.datasets.schema import UNDATED, Dataset
from include.extract.batch import STAGE as EXTRACT
from include.extract.batch import version_by
from include.extract.gazetteer import gazetteer
from include.extract.lexicon import load

FIRST_DAY = date(2015, 1, 1)
DAYS = 3652
COUNTRIES = 60
TOWNS = 400
"""Towns of a country that incidents happen in, at most."""
MOST_REPORTS = 40
BACKGROUND, UNDATED_REPORTS, COPIES, LATE = 0.08, 0.06, 0.15, 0.05
"""Shares of reports: background references, without a date, in copies of a text, recorded a week or more after publication."""
LATE_YEAR = "2020"
"""Year of publication of the report that `add_late_report` adds."""
TRUTH = "truth.parquet"
"""File at the root of a synthetic lake: report_id and the number of its true incident."""
LAST_INSTANT = datetime(2026, 6, 1, tzinfo=UTC)
"""After all that is recorded."""

_EPOCH = FIRST_DAY.toordinal() - date(1970, 1, 1).toordinal()
_QUARTER = 91
_VICTIMS = ("civilians", "state_forces", "rebels", "extremist_group", "pro_government_militia", "unknown")
_ATTRIBUTIONS = ("reported_as_fact", "suspected_or_accused", "suspected_or_accused_by_authorities")


@cache
def _words() -> dict[str, list[str]]:
    return yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))


# --- The world ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class World:
    """Where incidents happen and who takes part. Tables are sorted by country; `first_*` say where each begins."""

    countries: list[str]
    country_names: list[str]
    towns: pl.DataFrame
    first_town: np.ndarray
    armed: pl.DataFrame
    first_armed: np.ndarray
    state_forces: pl.DataFrame
    """One row a country; null where the actor table has none."""
    monitors: list[str]
    first_monitor: np.ndarray
    outlets: list[str]
    first_outlet: np.ndarray


@cache
def world() -> World:
    """The countries with the most armed actors in the actor table, most first, their largest towns and their actors."""
    places = list(gazetteer())
    names = {p.country: p.name for p in places if p.kind == "country"}
    towns: dict[str, list] = {}
    for p in places:
        if p.kind in ("settlement", "site") and p.admin1 and p.latitude is not None:
            towns.setdefault(p.country, []).append(p)
    actors = load("actors.yaml")
    armed: dict[str, list[dict]] = {}
    for row in actors["armed"]:
        armed.setdefault(row.get("country"), []).append(row)
    known = [c for c in sorted(armed, key=lambda c: (-len(armed[c]), c or "")) if len(towns.get(c, ())) > 30]
    countries = known[:COUNTRIES]
    cited: dict[str | None, list[str]] = {}
    for row in actors["cited"]:
        cited.setdefault(row.get("country"), []).append(row["name"])
    monitors = [(cited.get(c, []) + cited[None])[:6] for c in countries]
    outlets = [[f"{names[c]} {kind}" for kind in _words()["outlets"]]
               for c in countries]  # fmt: skip
    largest = [sorted(towns[c], key=lambda p: (not p.reviewed, -p.population, p.name, p.admin1))[:TOWNS] for c in countries]
    return World(
        countries=countries,
        country_names=[names[c] for c in countries],
        towns=pl.concat([_towns(found) for found in largest]),
        first_town=_starts(largest),
        armed=pl.DataFrame([{"id": a["id"], "name": a["name"]} for c in countries for a in armed[c]]),
        first_armed=_starts([armed[c] for c in countries]),
        state_forces=pl.DataFrame([_state_forces(armed[c]) for c in countries], schema={"id": pl.String, "name": pl.String}),
        monitors=[m for ms in monitors for m in ms],
        first_monitor=_starts(monitors),
        outlets=[o for os in outlets for o in os],
        first_outlet=_starts(outlets),
    )


def _state_forces(armed: list[dict]) -> dict[str, str | None]:
    return next(({"id": a["id"], "name": a["name"]} for a in armed if a["side"] == "state_forces"), {"id": None, "name": None})


def _towns(found: list) -> pl.DataFrame:
    """Towns of one country with the index, in the country, of the next town within 20 km; a town without one has its own."""
    latitude, longitude = (np.array([getattr(p, c) for p in found]) for c in ("latitude", "longitude"))
    north = (latitude[:, None] - latitude) * 111.2
    east = (longitude[:, None] - longitude) * 111.2 * np.cos(np.radians(latitude))
    away = np.hypot(north, east)
    np.fill_diagonal(away, np.inf)
    next_to = np.where(away.min(axis=1) < 20, away.argmin(axis=1), np.arange(len(found)))
    return pl.DataFrame(
        {"name": [p.name for p in found], "admin1": [p.admin1 for p in found]}
        | {"latitude": latitude, "longitude": longitude, "next": next_to}
    )


def _starts(groups: list[list]) -> np.ndarray:
    return np.concatenate([[0], np.cumsum([len(g) for g in groups])])


# --- The plan: which incident each report tells of, when it was published and recorded, in which article ------------------


@dataclass(frozen=True)
class Plan:
    """Arrays over incidents, reports and articles. Days count from FIRST_DAY; seconds from 1970."""

    world: World
    seed: int
    country: np.ndarray
    day: np.ndarray
    town: np.ndarray
    killed: np.ndarray
    incident: np.ndarray
    base: np.ndarray
    """Number of the report whose words it has: its own, or for a report in a copied text that of the original."""
    lag: np.ndarray
    background: np.ndarray
    article: np.ndarray
    published: np.ndarray
    """By article, like all that follows."""
    undated: np.ndarray
    recorded: np.ndarray
    outlet: np.ndarray
    copy_of: np.ndarray
    """Article whose text it has; its own number where it is nobody's copy."""


def plan(count: int, seed: int = 0) -> Plan:
    """Plan `count` reports."""
    rng, place = np.random.default_rng(seed), world()
    written = count - int(COPIES * count)
    country, day, town, killed, reports = _incidents(rng, place, written)
    incident = np.repeat(np.arange(len(reports)), reports)
    first = np.concatenate([[0], np.cumsum(reports)[:-1]])
    background = rng.random(written) < BACKGROUND * 1.4
    background[first] = rng.random(len(first)) < BACKGROUND / 8
    lag = rng.choice(9, written, p=[0.34, 0.36, 0.12, 0.06, 0.04, 0.03, 0.02, 0.02, 0.01])
    lag[first] = np.minimum(lag[first], 2)
    lag = np.where(background, 14 + np.minimum(rng.exponential(120, written), 386).astype(int), lag)
    published = day[incident] + lag
    own = rng.random(written) < 0.7
    rank = (rng.random(written) ** 2 * 8).astype(int)
    home = country[incident]
    outlet = place.first_outlet[np.where(own, home, rng.integers(0, 6, written))] + rank
    # Round-ups: what an outlet publishes on a day about a country is often one article. Sorted by incident within, so that no
    # article tells of one incident twice.
    order = np.lexsort((incident, home, outlet, published))
    along = (np.diff(published[order]) == 0) & (np.diff(outlet[order]) == 0) & (np.diff(home[order]) == 0)
    along &= (np.diff(incident[order]) != 0) & (rng.random(written - 1) < 0.5)
    number = np.concatenate([[0], np.cumsum(~along)])
    article = np.empty(written, dtype=np.int64)
    article[order] = number
    base = np.arange(written)
    by_article = np.argsort(article, kind="stable")
    articles = number[-1] + 1
    starts = np.searchsorted(article[by_article], np.arange(articles + 1))
    copied = rng.permutation(articles)
    copied = copied[: np.searchsorted(np.cumsum(np.diff(starts)[copied]), count - written) + 1]
    sizes = np.diff(starts)[copied]
    within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    again = by_article[np.repeat(starts[copied], sizes) + within][: count - written]
    copy_article = np.repeat(articles + np.arange(len(copied)), sizes)[: count - written]
    first_base = by_article[starts[:-1]]
    published, outlet = published[first_base], outlet[first_base]
    other = place.first_outlet[home[first_base[copied]]] + rng.integers(0, 8, len(copied))
    other = np.where(other == outlet[copied], (other + 1) % len(place.outlets), other)
    published = np.concatenate([published, published[copied] + rng.integers(0, 2, len(copied))])
    late = np.where(rng.random(len(published)) < LATE, 7 + np.minimum(rng.exponential(25, len(published)), 300), 0)
    return Plan(
        place,
        seed,
        country,
        day,
        town,
        killed,
        incident=np.concatenate([incident, incident[again]]),
        base=np.concatenate([base, again]),
        lag=np.concatenate([lag, lag[again]]),
        background=np.concatenate([background, background[again]]),
        article=np.concatenate([article, copy_article]),
        published=published,
        undated=rng.random(len(published)) < 0.015,
        recorded=((published + _EPOCH + late + rng.random(len(published))) * 86400).astype(np.int64),
        outlet=np.concatenate([outlet, other]),
        copy_of=np.concatenate([np.arange(articles), copied]),
    )


def _incidents(rng: np.random.Generator, place: World, reports: int) -> tuple[np.ndarray, ...]:
    """Incidents with `reports` reports together: country, day, town, killed in the end, and number of reports."""
    count = reports // 2 + 1
    heat = _heat(rng)
    cell = np.searchsorted(np.cumsum(heat) / heat.sum(), rng.random(count))
    country, day = np.divmod(np.minimum(cell, heat.size - 1), DAYS)
    towns = np.diff(place.first_town)[country]
    rank = np.exp(rng.random(count) * np.log(towns + 1)).astype(int) - 1
    front = rng.integers(0, TOWNS, (COUNTRIES, DAYS // _QUARTER + 1))[country, day // _QUARTER]
    town = place.first_town[country] + (rank + np.where(rng.random(count) < 0.5, front, 0)) % towns
    killed = np.minimum(rng.pareto(1.25, count) + 1, 600).astype(int)
    killed[rng.random(count) < 0.12] = 0
    size = np.minimum((rng.pareto(1.5, count) + 1) * (1 + killed) ** 0.25, MOST_REPORTS * (1 - COPIES)).astype(int)
    kept = int(np.searchsorted(np.cumsum(size), reports)) + 1
    size = size[:kept]
    size[-1] -= size.sum() - reports
    return country[:kept], day[:kept], town[:kept], killed[:kept], size


def _heat(rng: np.random.Generator) -> np.ndarray:
    """How many incidents to expect by country and day, up to a factor: offensives of weeks to months, and hot days."""
    heat = np.full((COUNTRIES, DAYS), 0.3)
    days = np.arange(DAYS)
    for row in heat:
        starts, lengths, forces = rng.integers(-100, DAYS, 12), rng.lognormal(4, 0.8, 12), rng.pareto(1.2, 12) + 0.3
        for start, length, force in zip(starts, lengths, forces.clip(0, 12), strict=True):
            row[(days >= start) & (days < start + length)] += force
    heat *= np.where(rng.random(heat.shape) < 0.015, 1 + rng.pareto(1.3, heat.shape).clip(0, 6), 1)
    heat /= heat.sum(axis=1, keepdims=True)
    return heat / np.arange(1, COUNTRIES + 1)[:, None] ** 1.1


# --- What a report says ---------------------------------------------------------------------------------------------------


def _hash(numbers: np.ndarray, seed: int, what: str) -> np.ndarray:
    """64 bits for each number, by SplitMix64; `what` names the use, so that two uses are independent."""
    salt = int.from_bytes(hashlib.blake2b(f"{seed} {what}".encode(), digest_size=8).digest(), "little")
    z = numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(salt)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


class _Draws:
    """Random draws that depend on a number and on what they are for, and on nothing else."""

    def __init__(self, numbers: np.ndarray, seed: int):
        self._numbers, self._seed = numbers, seed

    def uniform(self, what: str) -> np.ndarray:
        """Between 0 and 1."""
        return (_hash(self._numbers, self._seed, what) >> np.uint64(11)) * 2.0**-53

    def below(self, what: str, end: int | np.ndarray) -> np.ndarray:
        """Integers from 0 to below `end`."""
        return (self.uniform(what) * end).astype(np.int64)

    def choice(self, what: str, shares: list[float]) -> np.ndarray:
        """Indexes, each as often as its share says; the rest is one index more."""
        return np.searchsorted(np.cumsum(shares), self.uniform(what), side="right")


def ids(kind: str, numbers: np.ndarray, seed: int) -> pl.Series:
    """Ids that look like content ids."""
    raw = np.stack([_hash(numbers, seed, kind), _hash(numbers, seed, kind + " more")], axis=1).astype("<u8")
    digits = raw.view(np.uint8).reshape(len(numbers), 16)[:, :10].tobytes().hex()
    return kind + "-" + pl.Series("id", [digits[i : i + 20] for i in range(0, len(digits), 20)], dtype=pl.String)


def reports_table(made: Plan, rows: np.ndarray) -> pl.DataFrame:
    """The rows of `reports` with these numbers, without empty columns, with `published_month`."""
    w, base, i = made.world, made.base[rows], made.incident[rows]
    says, true = _Draws(base, made.seed), _Draws(i, made.seed + 1)
    columns = _article_columns(made, made.article[rows])
    columns |= {"report_id": ids("report", rows, made.seed)}
    columns |= {"mention_role": _pick(["main_event", "background_reference"], made.background[rows].astype(int))}
    columns |= _when(made, rows, says) | _where(made, i, says)
    columns |= _figures(made, rows, says, true) | _parties(made, i, says, true)
    monitors = np.diff(w.first_monitor)[made.country[i]]
    monitor = w.first_monitor[made.country[i]] + (true.below("monitor", monitors) + says.choice("monitor", [0.7])) % monitors
    cites = says.uniform("cites") < 0.55
    columns["monitor"] = _where_true(_pick(w.monitors, monitor), cites)
    out, words = pl.DataFrame(columns), _words()["sentence"]
    said = pl.concat_str(
        [
            pl.coalesce(pl.col("killed_low").cast(pl.String), pl.lit("People")),
            pl.lit("killed in"),
            pl.col("event_type"),
            pl.coalesce("place", pl.lit("the country")),
            *(_pick(words, says.below(f"word {n}", len(words))).rename(f"w{n}") for n in range(6)),
        ],
        separator=" ",
    )
    return out.with_columns(
        sentence=said,
        origin=pl.coalesce("monitor", "syndicated_from", "outlet"),
        claim_status=pl.when(pl.col("claimed_by").is_null()).then(pl.lit("unknown")).otherwise(pl.lit("claimed")),
        event_clarity=pl.lit(1, pl.Int32),
        unit=pl.lit("person"),
        groups=_groups(),
        confidence=pl.Series(np.round(0.5 + says.uniform("confidence") * 0.48, 3)),
    )


def articles_table(made: Plan, articles: np.ndarray) -> pl.DataFrame:
    """The rows of `articles` with these numbers, without their text, with `published_month`."""
    of = made.copy_of[articles]
    wide = of[:, None] * 64 + np.arange(64)
    own = articles[:, None] * 64 + np.arange(64)
    changed = (_hash(own, made.seed, "changed") % np.uint64(10) == 0) & (of != articles)[:, None]
    prints = np.where(changed, _hash(own, made.seed, "text"), _hash(wide, made.seed, "text")) >> np.uint64(32)
    out = pl.DataFrame(_article_columns(made, articles))
    return out.with_columns(
        clean_outcome=pl.lit("cleaned"),
        language=pl.lit("en"),
        published_source=pl.when(pl.col("published_on").is_not_null()).then(pl.lit("meta")),
        title=pl.lit("News of ") + pl.col("outlet"),
        text_sha256=ids("text", of, made.seed).str.slice(5),
        fingerprint=pl.Series(prints.astype(np.uint32), dtype=pl.Array(pl.UInt32, 64)).cast(pl.List(pl.UInt32)),
    )


def _pick(values: list[str] | pl.Series, index: np.ndarray) -> pl.Series:
    """Values by index."""
    return pl.Series("value", values, dtype=pl.String).gather(pl.Series(index))


def _where_true(values: pl.Series, mask: np.ndarray) -> pl.Series:
    return pl.select(pl.when(pl.Series(mask)).then(values)).to_series()


def _days(days: np.ndarray, missing: np.ndarray) -> pl.Series:
    return _where_true(pl.Series((days + _EPOCH).astype(np.int32)).cast(pl.Date), ~missing)


def _article_columns(made: Plan, articles: np.ndarray) -> dict[str, pl.Series]:
    outlet = _pick(made.world.outlets, made.outlet[articles])
    article_id = ids("article", articles, made.seed)
    published = _days(made.published[articles], made.undated[articles])
    captured = pl.Series(made.recorded[articles] * 1_000_000).cast(pl.Datetime("us", "UTC"))
    draws = _Draws(articles, made.seed)
    copied = (made.copy_of[articles] != articles) & (draws.uniform("names its origin") < 0.6)
    return {
        "article_id": article_id,
        "document_id": ids("doc", articles, made.seed),
        "source": outlet.str.to_lowercase().str.replace_all(" ", "-"),
        "outlet": outlet,
        "url": "https://" + outlet.str.to_lowercase().str.replace_all(" ", "-") + ".example/" + article_id.str.slice(8),
        "published_on": published,
        "published_month": published.dt.strftime("%Y-%m").fill_null(UNDATED),
        "captured_at": captured,
        "recorded_at": captured,
        "syndicated_from": _where_true(_pick(made.world.outlets, made.outlet[made.copy_of[articles]]), copied),
    }


def _when(made: Plan, rows: np.ndarray, says: _Draws) -> dict[str, pl.Series]:
    """Days: exact ones of which some slip by one, spans, weeks, months and, of the past, years; or none."""
    day, background = made.day[made.incident[rows]], made.background[rows]
    news = says.choice("date", [0.76, 0.08, 0.05, 0.04])
    past = says.choice("date", [0.5, 0.05, 0.05, 0.22, 0.12])
    none = np.where(background, past == 5, news == 4)
    form = np.where(background, past, news)
    slip = np.where(says.uniform("slip") < 0.03, np.where(says.uniform("slip to") < 0.5, -1, 1), 0)
    ordinal = (day + _EPOCH).astype("datetime64[D]")
    month, year = ordinal.astype("datetime64[M]"), ordinal.astype("datetime64[Y]")
    first_of_month, first_of_year = (x.astype("datetime64[D]").astype(int) - _EPOCH for x in (month, year))
    next_month, next_year = ((x + 1).astype("datetime64[D]").astype(int) - _EPOCH for x in (month, year))
    back = says.below("span", 3)
    forms = [form == n for n in range(4)]
    start = np.select(forms, [day + slip, day - back, day - 3, first_of_month], first_of_year)
    end = np.select(forms, [day + slip, day - back + 2, day + 3, next_month - 1], next_year - 1)
    precision = pl.Series((form + 1).astype(np.int32))
    return {
        "date_start": _days(start, none),
        "date_end": _days(end, none),
        "date_prec": _where_true(precision, ~none),
        "date_reason": _where_true(_pick(["not_stated"], np.zeros(len(rows), dtype=int)), none),
    }


def _where(made: Plan, i: np.ndarray, says: _Draws) -> dict[str, pl.Series]:
    """Places: the town, near it or near the next one, its district, governorate or country, or none."""
    w, country = made.world, made.country[i]
    form = says.choice("place", [0.64, 0.14, 0.05, 0.09, 0.06])
    aside = (form == 1) & (says.uniform("aside") < 0.4)
    first = w.first_town[country]
    town = np.where(aside, first + w.towns["next"].to_numpy()[made.town[i]], made.town[i])
    name, admin1 = (w.towns[c].gather(pl.Series(town)) for c in ("name", "admin1"))
    told = pl.DataFrame(
        {"name": name, "admin1": admin1, "nation": _pick(w.country_names, country), "country": _pick(w.countries, country)}
        | {c: w.towns[c].gather(pl.Series(town)) for c in ("latitude", "longitude")}
        | {"form": form}
    )
    in_town, in_province, in_nation = pl.col("form") < 3, pl.col("form") == 3, pl.col("form") == 4
    written = pl.col("form").replace_strict({0: "", 1: "near "}, default="") + pl.col("name")
    out = told.select(
        place=pl.when(pl.col("form") == 2)
        .then(pl.col("name") + " district")
        .when(in_town)
        .then(written)
        .when(in_province)
        .then(pl.col("admin1") + " province")
        .when(in_nation)
        .then("nation"),
        place_name=pl.when(in_town).then("name").when(in_province).then("admin1").when(in_nation).then("nation"),
        admin1=pl.when(in_town | in_province).then("admin1"),
        country=pl.when(in_town | in_province | in_nation).then("country"),
        latitude=pl.when(in_town).then("latitude"),
        longitude=pl.when(in_town).then("longitude"),
        where_prec=pl.col("form").replace_strict({0: 1, 1: 2, 2: 3, 3: 4, 4: 6}, default=None, return_dtype=pl.Int32),
    )
    return {c: out[c] for c in out.columns}


def _figures(made: Plan, rows: np.ndarray, says: _Draws, true: _Draws) -> dict[str, pl.Series]:
    """Ranges of killed, injured and, lumped, casualties; women and children now and then."""
    final = made.killed[made.incident[rows]]
    rises = (true.uniform("rises") < 0.3) & (final >= 3) & ~made.background[rows]
    known = 1 - (0.15 + 0.6 * true.uniform("rises by")) * np.exp(-made.lag[rows] / 1.5)
    told = np.where(rises, np.maximum(np.round(final * known), 1), final).astype(np.int64)
    form = says.choice("figure", [0.78, 0.08, 0.05, 0.04])  # exact, at least, vague, a little off; else none
    off = np.maximum(told + np.where(says.uniform("off") < 0.5, -1, 1) * np.maximum(told // 8, 1), 1)
    best = np.where((form == 3) & (told > 0), off, told)
    low, high = best.copy(), best.copy()
    open_ended = (form == 1) & (told > 0)
    vague = (form == 2) & (told >= 3)
    steps = np.array([3, 12, 24, 40, 100, 200])
    tops = np.array([9, 23, 99, 99, 999, 999])
    step = np.clip(np.searchsorted(steps, told, side="right") - 1, 0, None)
    low, high = np.where(vague, steps[step], low), np.where(vague, tops[step], high)
    hurt = np.floor(np.maximum(final, 1) * 3 * true.uniform("injured")).astype(np.int64)
    hurt = np.where(final == 0, np.maximum(hurt, 1), hurt)
    lumped = says.uniform("lumped") < 0.03
    silent = (form == 4) | lumped | ((told == 0) & (says.uniform("none killed") < 0.7))
    no_injured = lumped | (hurt == 0) | ((says.uniform("injured") < 0.35) & (final > 0) & (form != 4))
    young = np.floor(best * 0.3 * true.uniform("children")).astype(np.int64)
    no_young = silent | vague | (young == 0) | (says.uniform("children") < 0.7)
    return {
        **_range("killed", (low, silent), (best, silent | vague), (high, silent | open_ended)),
        **_range("injured", *[(hurt, no_injured)] * 3),
        **_range("casualties", *[(final + hurt, ~lumped | (final + hurt == 0))] * 3),
        **_range("killed_children", *[(young, no_young)] * 3),
    }


def _range(name: str, *bounds: tuple[np.ndarray, np.ndarray]) -> dict[str, pl.Series]:
    """The columns of a range from its low, best and high, each with the mask of those that are not stated."""
    return {
        f"{name}_{bound}": _where_true(pl.Series(values.astype(np.int32)), ~missing)
        for bound, (values, missing) in zip(("low", "best", "high"), bounds, strict=True)
    }


def _groups() -> pl.Expr:
    """The people hurt by side: all on one side."""
    sides = [
        pl.when(pl.col(f"{measure}_low").is_not_null()).then(
            pl.struct(
                pl.lit(measure).alias("measure"),
                "victim_class",
                pl.lit(False).alias("attackers"),
                *(pl.col(f"{measure}_{bound}").alias(bound) for bound in ("low", "best", "high")),
            )
        )
        for measure in ("killed", "injured", "casualties")
    ]
    return pl.concat_list(sides).list.drop_nulls()


def _parties(made: Plan, i: np.ndarray, says: _Draws, true: _Draws) -> dict[str, pl.Series]:
    """Who did it, to whom, and how: named, left out or wrong."""
    w, country = made.world, made.country[i]
    first, parties = w.first_armed[country], np.diff(w.first_armed)[country]
    party = (true.uniform("party") ** 2 * parties).astype(np.int64)
    naming = says.choice("names", [0.62, 0.09, 0.04])  # the party, gunmen, another party; else nobody
    party = first + np.where(naming == 2, (party + 1) % parties, party)
    known = ((naming == 0) | (naming == 2)) & (true.uniform("known") < 0.8)
    gunmen = _pick(_words()["gunmen"], says.below("gunmen", len(_words()["gunmen"])))
    actor, actor_id = (w.armed[c].gather(pl.Series(party)) for c in ("name", "id"))
    perpetrator = pl.select(pl.when(pl.Series(known)).then(actor).when(pl.Series(naming == 1)).then(gunmen)).to_series()
    claimed = known & (true.uniform("claimed") < 0.06) & (naming == 0)
    attribution = _pick([*_ATTRIBUTIONS, "claimed_or_admitted"], np.where(claimed, 3, says.below("attribution", 3)))
    event = true.below("event", len(EVENT_TYPES) - 1)
    said = says.choice("event", [0.82, 0.1])  # its type, armed_attack, else unknown
    event = np.where(said == 0, event, np.where(said == 1, EVENT_TYPES.index("armed_attack"), len(EVENT_TYPES) - 1))
    victims, tells = true.choice("victims", [0.5, 0.2, 0.1, 0.1, 0.05]), says.uniform("target") < 0.55
    at_forces = w.state_forces["name"].gather(pl.Series(country))
    armed = (victims == _VICTIMS.index("state_forces")) & at_forces.is_not_null().to_numpy()
    target = _pick(_words()["targets"], true.below("target", len(_words()["targets"])))
    return {
        "perpetrator": perpetrator,
        "perpetrator_id": _where_true(actor_id, known),
        "attribution": _where_true(attribution, known | (naming == 1)),
        "claimed_by": _where_true(actor, claimed & (says.uniform("tells claim") < 0.6)),
        "target": _where_true(pl.select(pl.when(pl.Series(armed)).then(at_forces).otherwise(target)).to_series(), tells),
        "target_id": _where_true(w.state_forces["id"].gather(pl.Series(country)), armed & tells),
        "victim_class": _where_true(_pick(list(_VICTIMS), victims), says.uniform("victims") < 0.8),
        "event_type": _pick(list(EVENT_TYPES), event),
    }


# --- The lake -------------------------------------------------------------------------------------------------------------


def make(root: str, count: int, seed: int = 0) -> Plan:
    """Write a lake of `count` reports with their articles and the stages' records, as months of scraping would leave it, and
    the truth beside them. A batch is what was recorded in one month.
    """
    lake, made = Lake(root), plan(count, seed)
    batch_of = made.recorded.astype("datetime64[s]").astype("datetime64[M]").astype(np.int32)
    articles, rows = np.argsort(batch_of, kind="stable"), np.argsort(batch_of[made.article], kind="stable")
    ends = [np.searchsorted(x, np.unique(batch_of), side="right") for x in (batch_of[articles], batch_of[made.article[rows]])]
    for number, (some, told) in enumerate(zip(np.split(articles, ends[0][:-1]), np.split(rows, ends[1][:-1]), strict=True)):
        _write_batch(lake, f"batch-{seed:04}{number:04}", articles_table(made, some), reports_table(made, told))
    truth = pl.DataFrame({"report_id": ids("report", np.arange(count), seed), "incident": made.incident})
    truth.write_parquet(f"{root}/{TRUTH}")
    return made


def add_late_report(root: str) -> str:
    """Add one report, and its article, to a lake that `make` wrote, and return its id: another outlet tells of an incident in
    the middle of the ten years, and its page was found on the day after all others. The truth has it too.
    """
    lake, name = Lake(root), "batch-late"
    paths = [p for p in lake.files(REPORTS) if partition_of(p)["published_month"].startswith(LATE_YEAR)]
    reports = pl.DataFrame(lake.read(REPORTS, paths=paths))
    told = reports.filter(pl.col("where_prec").eq(1) & pl.col("date_prec").eq(1) & pl.col("killed_best").gt(1)).sort(
        "report_id"
    )[0]
    found = lake.frame(ARTICLES, ["captured_at"])["captured_at"].max() + timedelta(days=1)
    new = {c: f"{c.removesuffix('_id')}-late" for c in ("report_id", "article_id")}
    late = told.with_columns(
        *(pl.lit(value).alias(c) for c, value in new.items()),
        document_id=pl.lit("doc-late"),
        outlet=pl.lit("Late Courier"),
        origin=pl.lit("Late Courier"),
        monitor=pl.lit(None, pl.String),
        sentence=pl.lit("A page that was found late tells of it in words of its own."),
        recorded_at=pl.lit(found, pl.Datetime("us", "UTC")),
    )
    article = late.select("article_id", "document_id", "source", "outlet", "published_on", "published_month").with_columns(
        clean_outcome=pl.lit("cleaned"),
        captured_at=late["recorded_at"],
        fingerprint=pl.lit(list(range(64)), pl.List(pl.UInt32)),
    )
    _write_batch(lake, name, article, late)
    truth = pl.read_parquet(f"{root}/{TRUTH}")
    own = truth.filter(pl.col("report_id") == told["report_id"].item()).with_columns(report_id=pl.lit(new["report_id"]))
    pl.concat([truth, own]).write_parquet(f"{root}/{TRUTH}")
    return new["report_id"]


def _write_batch(lake: Lake, name: str, articles: pl.DataFrame, reports: pl.DataFrame) -> None:
    """Write a batch with the records that its stages would leave."""
    counts = {"documents": len(articles), "articles": len(articles)}
    cleaned = list(_write(lake, ARTICLES, name, articles))
    record = batches.finish(
        lake, CLEAN, CLEAN_VERSION, name, source=f"documents/{name}.parquet", outputs=cleaned, counts=counts
    )
    counts = {"articles": len(articles), "reports": len(reports), "claims": 0}
    found = list(_write(lake, REPORTS, name, reports))
    source = batches.fingerprint(record)
    batches.finish(lake, EXTRACT, version_by("range"), name, source=source, outputs=found, counts=counts)


def _write(lake: Lake, dataset: Dataset, batch: str, rows: pl.DataFrame) -> Iterator[str]:
    """Write rows as the pipeline would, a file for each month of publication."""
    for (month,), some in rows.sort("published_month", *dataset.sort).group_by(["published_month"], maintain_order=True):
        table = as_dataset(dataset, some)
        path = lake.path(dataset, {"published_month": month}, batch)
        with lake.open_atomic(path) as out:
            pq.write_table(table, out, compression="zstd")
        yield path


def as_dataset(dataset: Dataset, rows: pl.DataFrame) -> pa.Table:
    """The rows in the dataset's schema; columns that they lack are null."""
    given = rows.to_arrow()
    columns = [
        given[f.name].cast(f.type) if f.name in given.column_names else pa.nulls(len(given), f.type) for f in dataset.schema
    ]
    return pa.table(columns, schema=dataset.schema)
