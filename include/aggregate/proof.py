"""The comparisons that prove the ledger: each takes rows of datasets and yields what does not add up, in words.

All is made again here, with none of the code that wrote the rows. Rows come with the file that they are `at` and their `row`
there, from 0.
"""

from collections.abc import Iterator
from typing import Any

import polars as pl

from include.datasets.catalogue import BREAKDOWN, INCIDENTS

KEY = ["year", "month", "country", "admin1", "perpetrator", "victim_class"]
"""What a row of tallies is told by."""
_MEASURES = ("killed", "injured", "casualties")
_STEMS = (*_MEASURES, *BREAKDOWN)
_BOUNDS = ("low", "best", "high")
_LEFT = {
    "residual_low": ("value_low", "explained_high"),
    "residual": ("value_best", "explained_best"),
    "residual_high": ("value_high", "explained_low"),
}
DOUBT = ["n_in_doubt", *(f"{m}_doubt_{bound}" for m in ("killed", "injured") for bound in ("low", "high"))]
"""What tallies tell of doubt."""


def once(rows: pl.DataFrame, name: str, key: str) -> Iterator[str]:
    """No value of the key comes twice."""
    where = pl.format("{} row {}", "at", "row").implode()
    for value, places in rows.filter(pl.col(key).is_duplicated()).group_by(key).agg(where).sort(key).iter_rows():
        yield f"{name}: {value} expected once, found {len(places)} times: {', '.join(places)}"


def months(incidents: pl.DataFrame) -> Iterator[str]:
    """Incidents are in the month in which they start."""
    day = pl.col("date_start")
    wanted = pl.struct(year=day.dt.year().fill_null(0), month=day.dt.month().cast(pl.Int32).fill_null(0))
    rows = incidents.with_columns(wanted=wanted, found=pl.struct("year", "month"))
    for r in rows.filter(pl.col("wanted") != pl.col("found")).iter_rows(named=True):
        yield _wrong("incidents", r, f"{r['incident_id']} starts {r['date_start']},", f"in {r['wanted']}", f"in {r['found']}")


def placed(reports: pl.DataFrame, members: pl.DataFrame) -> Iterator[str]:
    """Every report has a membership."""
    for r in reports.join(members, on="report_id", how="anti").iter_rows(named=True):
        yield _wrong("reports", r, r["report_id"], "in one incident", "in none")


def known(members: pl.DataFrame, reports: pl.DataFrame) -> Iterator[str]:
    """Every membership has a report."""
    for r in members.join(reports, on="report_id", how="anti").iter_rows(named=True):
        yield _wrong("memberships", r, r["report_id"], "in reports", "nowhere")


def rests(reports: pl.DataFrame, members: pl.DataFrame, incidents: pl.DataFrame) -> Iterator[str]:
    """Incidents against memberships: the same reports in the same month, and as many articles as it says."""
    rests = incidents.select("incident_id", "year", "month", "at", "row", report_id="report_ids")
    rests = rests.explode("report_id", empty_as_null=False, keep_nulls=False)
    on = ["report_id", "incident_id", "year", "month"]
    for r in rests.join(members, on=on, how="anti").iter_rows(named=True):
        yield _wrong("incidents", r, f"{r['incident_id']} rests on {r['report_id']},", "as in memberships", "otherwise")
    for r in members.join(rests, on=on, how="anti").iter_rows(named=True):
        yield _wrong("memberships", r, r["report_id"], f"in {r['incident_id']} of its month", "not there")
    for r in rests.filter(pl.struct("report_id", "incident_id").is_duplicated()).iter_rows(named=True):
        yield _wrong("incidents", r, f"{r['incident_id']} rests on {r['report_id']},", "once", "more than once")
    articles = reports.unique("report_id").select("report_id", "article_id")
    wanted = (
        rests.join(articles, on="report_id", how="left").group_by("incident_id").agg(wanted=pl.col("article_id").n_unique())
    )
    counted = incidents.join(wanted, on="incident_id", how="left").filter(pl.col("n_reports").ne_missing(pl.col("wanted")))
    for r in counted.iter_rows(named=True):
        yield _wrong("incidents", r, f"{r['incident_id']} n_reports", r["wanted"] or 0, r["n_reports"])


def recorded(incidents: pl.DataFrame, revisions: pl.DataFrame) -> Iterator[str]:
    """Incidents against the last revision of each. Lost revisions come back when the month's incidents are deleted and made
    anew.
    """
    month, wanted = ["year", "month", "incident_id"], "as its last revision tells it"
    last = revisions.filter(pl.col("revision") == pl.col("revision").max().over(month)).filter(pl.col("change") != "removed")
    for r in incidents.join(last, on=month, how="anti").iter_rows(named=True):
        yield _wrong("incidents", r, r["incident_id"], wanted, "no revision; delete the file and aggregate to record it anew")
    for r in last.join(incidents, on=month, how="anti").iter_rows(named=True):
        yield _wrong("revisions", r, f"{r['incident_id']} stands,", "in incidents", "nowhere")
    both = incidents.join(last, on=month, suffix=" recorded")
    differs = (pl.when(pl.col(c).ne_missing(pl.col(f"{c} recorded"))).then(pl.lit(c)) for c in INCIDENTS.schema.names[1:])
    both = both.with_columns(other=pl.concat_list(*differs).list.drop_nulls()).filter(pl.col("other").list.len() > 0)
    for r in both.iter_rows(named=True):
        yield _wrong("incidents", r, r["incident_id"], wanted, f"other values of {', '.join(r['other'])}")


def sums(incidents: pl.DataFrame, tallies: pl.DataFrame) -> Iterator[str]:
    """Tallies against the sums of their incidents; a row without incidents tells of doubt or of sources that fell silent."""
    sums = incidents.group_by(KEY).agg(*_totals())
    both = tallies.join(sums, on=KEY, how="left", nulls_equal=True, suffix=" summed", maintain_order="left")
    has_none = pl.col("n_incidents summed").is_null()
    tells = pl.col("killed_doubt_low").is_not_null() | (pl.col("silent_sources").list.len() > 0)
    for r in both.filter(has_none & ~tells.fill_null(False)).iter_rows(named=True):
        yield _wrong("monthly_tallies", r, _shown(r), "no such row", "one")
    for r in tallies.filter(pl.struct(KEY).is_duplicated()).iter_rows(named=True):
        yield _wrong("monthly_tallies", r, _shown(r), "once", "again")
    both = both.filter(~has_none | tells.fill_null(False))
    for column in (c for c in sums.columns if c not in KEY):
        wanted = pl.coalesce(f"{column} summed", 0 if column.startswith("n_") else None)
        for r in both.with_columns(wanted=wanted).filter(pl.col(column).ne_missing(pl.col("wanted"))).iter_rows(named=True):
            yield _wrong("monthly_tallies", r, f"{_shown(r)} {column}", r["wanted"], r[column])
    for r in sums.join(tallies, on=KEY, how="anti", nulls_equal=True).sort(KEY).iter_rows(named=True):
        where = f"monthly_tallies/year={r['year']}"
        yield f"monthly_tallies: {where}: {_shown(r)} expected a row for its {r['n_incidents']}, found none"


def _totals() -> Iterator[pl.Expr]:
    """What the incidents of one row of tallies add up to."""
    yield pl.len().cast(pl.Int32).alias("n_incidents")
    open_ended = pl.lit(False)
    for stem in _STEMS:
        low, best, high = (pl.col(f"{stem}_{bound}") for bound in _BOUNDS)
        stated = low.is_not_null() | best.is_not_null() | high.is_not_null()
        no_end = stated & high.is_null()
        if stem in _MEASURES:
            open_ended |= no_end
        for bound, value in (("low", low.fill_null(best).fill_null(0)), ("best", best.fill_null(low).fill_null(0))):
            yield pl.when(stated.any()).then((value * stated).sum()).cast(pl.Int32).alias(f"{stem}_{bound}")
        yield pl.when(stated.any() & ~no_end.any()).then(high.sum()).cast(pl.Int32).alias(f"{stem}_high")
    start, end = pl.col("date_start"), pl.col("date_end")
    across = (start.dt.year() != end.dt.year()) | (start.dt.month() != end.dt.month())
    numbers = {
        "n_open_ended": open_ended,
        "n_weak": pl.col("grading") == "weak",
        "n_unlocated": pl.col("latitude").is_null(),
        "n_imprecise": pl.col("date_prec") >= 3,
        "n_across_months": across,
        "n_background_only": pl.col("flags").list.contains("background_only"),
    }
    for name, holds in numbers.items():
        yield holds.fill_null(False).sum().cast(pl.Int32).alias(name)


def sides(tallies: pl.DataFrame) -> Iterator[str]:
    """The groups of a row against its counts."""
    sides = tallies.select("at", "row", "groups").explode("groups", empty_as_null=False, keep_nulls=False).unnest("groups")
    for measure in _MEASURES:
        for bound in _BOUNDS:
            whole = pl.when(pl.col(bound).is_not_null().all()).then(pl.col(bound).sum())
            sums = sides.filter(pl.col("measure") == measure).group_by("at", "row").agg(sum=whole)
            both = tallies.join(sums, on=["at", "row"], how="left").with_columns(count=f"{measure}_{bound}")
            for r in both.filter(pl.col("count").ne_missing(pl.col("sum"))).iter_rows(named=True):
                yield _wrong("monthly_tallies", r, f"{_shown(r)} groups of {measure}_{bound}", r["count"], r["sum"])


def coverage(covered: pl.DataFrame, articles: pl.DataFrame) -> Iterator[str]:
    """Months of coverage against the articles, but for each source's last month, which can end early."""
    day = pl.coalesce("published_on", pl.col("captured_at").dt.date())
    again = articles["article_id"].hash().is_duplicated()  # twice as fast as by the ids; a clash does no harm
    last = articles.filter(again).sort("captured_at", "source").unique("article_id", keep="last")
    seen = pl.concat([articles.filter(~again), last])
    seen = seen.group_by("source", year=day.dt.year(), month=day.dt.month().cast(pl.Int32)).agg(seen=pl.len().cast(pl.Int32))
    month = pl.col("year") * 12 + pl.col("month")
    whole = covered.filter(month < month.max().over("source")).join(seen, on=["source", "year", "month"], how="left")
    for r in whole.filter(pl.col("n_articles") != pl.col("seen").fill_null(0)).iter_rows(named=True):
        yield _wrong("coverage", r, f"{r['source']} n_articles", r["seen"] or 0, r["n_articles"])


def quoted(rows: pl.DataFrame, claims: pl.DataFrame) -> Iterator[str]:
    """Every claim stands in reconciliation once."""
    quoted = rows.select("at", "row", claim_id="claim_ids").explode("claim_id", empty_as_null=False, keep_nulls=False)
    yield from once(quoted, "reconciliation", "claim_id")
    for r in claims.join(quoted, on="claim_id", how="anti").iter_rows(named=True):
        yield _wrong("claims", r, r["claim_id"], "in reconciliation", "nowhere")


def left(rows: pl.DataFrame, incidents: pl.DataFrame) -> Iterator[str]:
    """What is left of a claim is the claim less what its incidents explain, and those are there."""
    for column in ("incidents_certain", "incidents_possible"):
        covered = rows.select("at", "row", "claim_id", incident_id=column)
        covered = covered.explode("incident_id", empty_as_null=False, keep_nulls=False)
        for r in covered.join(incidents, on="incident_id", how="anti").iter_rows(named=True):
            yield _wrong("reconciliation", r, f"{r['claim_id']} covers {r['incident_id']},", "in incidents", "nowhere")
    for column, (value, explained) in _LEFT.items():
        stated = rows.with_columns(left=pl.col(value) - pl.col(explained)).drop_nulls("left")
        for r in stated.filter(pl.col("left").ne_missing(pl.col(column))).iter_rows(named=True):
            yield _wrong("reconciliation", r, f"{r['claim_id']} {column}", r["left"], r[column])


def doubts(doubts: pl.DataFrame, incidents: pl.DataFrame, tallies: pl.DataFrame) -> Iterator[str]:
    """What is in doubt is of incidents that are there, and in the tallies as its effects say."""
    named = doubts.select("at", "row", "decision_id", incident_id="incident_ids")
    named = named.explode("incident_id", empty_as_null=False, keep_nulls=False)
    for r in named.join(incidents, on="incident_id", how="anti").iter_rows(named=True):
        yield _wrong("doubts", r, f"{r['decision_id']} is about {r['incident_id']},", "in incidents", "nowhere")
    effects = doubts.select("effects").explode("effects", empty_as_null=False, keep_nulls=False).unnest("effects")
    sums = effects.group_by(KEY).agg(pl.exclude(KEY).sum())
    wanted = {"n_in_doubt": pl.col("n_incidents").fill_null(0)} | {c: pl.col(c.replace("_doubt", "")) for c in DOUBT[1:]}
    both = tallies.join(sums, on=KEY, how="left", nulls_equal=True)
    for column, value in wanted.items():
        for r in both.with_columns(wanted=value).filter(pl.col(column).ne_missing(pl.col("wanted"))).iter_rows(named=True):
            yield _wrong("monthly_tallies", r, f"{_shown(r)} {column}", r["wanted"], r[column])
    for r in sums.join(tallies, on=KEY, how="anti", nulls_equal=True).sort(KEY).iter_rows(named=True):
        yield f"monthly_tallies: monthly_tallies/year={r['year']}: {_shown(r)} expected a row for what is in doubt, found none"


def _wrong(dataset: str, row: dict[str, Any], what: str, expected: Any, found: Any) -> str:
    return f"{dataset}: {row['at']} row {row['row']}: {what} expected {expected}, found {found}"


def _shown(row: dict[str, Any]) -> str:
    return ", ".join(f"{k}={row[k]}" for k in KEY)
