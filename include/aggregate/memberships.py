"""Which incident each report belongs to, kept in the lake as reports and decisions come and go.

The stage `resolve` compares the files of reports, of their articles and of decisions with those that the memberships were made
of. On the first run it links everything; later only what new, changed or gone reports and new decisions can reach (region.py),
with the same result. Only the months of memberships and of candidate pairs that differ are written. The stage's record goes
first and comes back last: memberships that stand without it, because a run was killed, or of which a file was deleted, are made
anew from all reports.
"""

import tempfile
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any

import polars as pl

from include.aggregate import VERSION
from include.aggregate.candidates import candidates
from include.aggregate.copies import around, read_articles
from include.aggregate.decisions import Decision, read_decisions, touched
from include.aggregate.decisions import standing as standing_decisions
from include.aggregate.match.accounts import accounts_of, report_frame
from include.aggregate.match.link import link, link_accounts, pairs_of, windows
from include.aggregate.match.score import named
from include.aggregate.pairs import MonthsInOrder, StoredPairs, with_month
from include.aggregate.region import Partners, resolve_region
from include.aggregate.reports import read_captures, standing
from include.aggregate.stored import StoredMemberships
from include.clean import STAGE as CLEAN
from include.clean.copies import copies
from include.datasets import batches
from include.datasets.catalogue import ARTICLES, CANDIDATE_PAIRS, DECISIONS, MEMBERSHIPS, REPORTS
from include.datasets.lake import Lake, month_in
from include.datasets.schema import Dataset

STAGE = "resolve"
RECORD = batches.record_path(STAGE, "lake")

_SMALL = 2000
_SHARE = 0.2
"""A change that reaches more reports than this, and than this share of all, is cheaper to resolve by linking everything."""

_OF_ARTICLE = ("copy", "copied_on", "syndicated_from", "text_keys")
_OF_REPORT = ("article_id", "published_on", "recorded_at", *_OF_ARTICLE, "file", "other_files", "digest")
"""Columns of a membership that tell of its report."""


class NotResolved(RuntimeError):
    """The memberships are not up to date."""


@dataclass(frozen=True)
class _Update:
    """What of a dataset to write: the ids of reports whose rows go, the rows that come, and the months that either is in."""

    gone: Set[str]
    rows: pl.DataFrame
    months: Set[tuple[int, int]]


def resolve_reports(lake: Lake) -> dict[str, Any]:
    """Bring memberships and candidate pairs up to date; return {"counts": {...}}, the rows written anew of either, and
    how many of the reports are `narrowed`.
    """
    inputs = {dataset.name: lake.hashes(dataset) for dataset in (REPORTS, DECISIONS)}
    inputs |= {"version": VERSION, ARTICLES.name: batches.outputs(lake, CLEAN)}
    record = lake.read_json(RECORD) or {"outputs": {}}
    there = {*lake.files(MEMBERSHIPS), *lake.files(CANDIDATE_PAIRS)}
    intact = there == record["outputs"].keys() and record.get("version") == VERSION
    if intact and all(record.get(name) == value for name, value in inputs.items()):
        return {"counts": {MEMBERSHIPS.name: 0, "narrowed": 0, CANDIDATE_PAIRS.name: 0}}
    updates = _reached(lake, record, inputs) if intact else None
    lake.remove(RECORD)
    if updates is None:
        outputs, memberships, n_pairs = _everything(lake)
        for path in there - outputs.keys():
            lake.remove(path)
    else:
        written = _replace(lake, MEMBERSHIPS, updates[0]) | _replace(lake, CANDIDATE_PAIRS, updates[1])
        outputs = {path: sha for path, sha in (record["outputs"] | written).items() if sha}
        memberships, n_pairs = updates[0].rows, len(updates[1].rows)
    lake.write_json(RECORD, inputs | {"outputs": outputs})
    n_narrowed = memberships["narrowed"].count()
    return {"counts": {MEMBERSHIPS.name: len(memberships), "narrowed": n_narrowed, CANDIDATE_PAIRS.name: n_pairs}}


def resolved_months(lake: Lake) -> dict[tuple[int, int], str]:
    """The hash of the memberships of each month that has some. Raises NotResolved if they are not whole."""
    record = lake.read_json(RECORD)
    if record is None:
        raise NotResolved(
            "the memberships of reports in incidents are missing or half written: a run was killed, or none has resolved yet; "
            "resolve first (python -m include aggregate does)"
        )
    return {month_in(path): sha for path, sha in record["outputs"].items() if path.startswith(f"{MEMBERSHIPS.name}/")}


def _everything(lake: Lake) -> tuple[dict[str, str], pl.DataFrame, int]:
    """Write all memberships and candidate pairs, from all reports; return the files' hashes by path, the memberships, and how
    many pairs there are.

    Pairs are written as they are found, and of the reports only what linking needs is in memory: the rest waits in a file.
    """
    outputs: dict[str, str] = {}
    pairs = MonthsInOrder(lambda months: outputs.update(_write(lake, CANDIDATE_PAIRS, months)))
    with tempfile.TemporaryFile() as rest:
        reports = _reports(lake)
        reports.select("report_id", *_OF_REPORT).write_ipc(rest)
        accounts = accounts_of(report_frame(reports))
        del reports
        linkage = link_accounts(accounts, read_decisions(lake), keep=pairs.take)
        del accounts
        pairs.close()
        rest.seek(0)
        memberships = _memberships(linkage.memberships, pl.read_ipc(rest))
    del linkage
    outputs |= _write(lake, MEMBERSHIPS, memberships)
    return outputs, memberships, pairs.n


def _reports(lake: Lake) -> pl.DataFrame:
    """All reports of the lake, with what is known of their articles."""
    captured = lake.frame(REPORTS, ["article_id", "published_on"], file="file")
    articles = read_articles(lake, captured.with_columns(other_files=pl.lit(None, pl.List(pl.String))))
    groups = copies(articles)
    articles = articles.drop("fingerprint")  # a quarter of a gigabyte for a million
    return _with_articles(standing(read_captures(lake, lake.files(REPORTS))), articles, groups)


def _differing(were: Mapping[str, str], are: Mapping[str, str]) -> set[str]:
    """The files that came, changed or went."""
    return {path for path, _ in were.items() ^ are.items()}


def _reached(lake: Lake, before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[_Update, _Update] | None:
    """What the difference between two states of the files of reports, articles and decisions changes; None if that is too much
    to be looked at alone, or if decisions are gone.
    """
    files = _differing(before[REPORTS.name], after[REPORTS.name])
    articles = _differing(before.get(ARTICLES.name, {}), after[ARTICLES.name])
    files |= {REPORTS.name + path.removeprefix(ARTICLES.name) for path in articles} & after[REPORTS.name].keys()
    if not before[DECISIONS.name].items() <= after[DECISIONS.name].items():
        return None
    decisions = read_decisions(lake)
    stored = StoredMemberships(lake)
    limit = max(_SMALL, int(_SHARE * len(stored.index)))
    reports = _Reports(lake, stored)
    changed, gone = reports.update(files)
    changed |= reports.there(touched(read_decisions(lake, sorted(before[DECISIONS.name])), decisions))
    if len(changed) + len(gone) > limit:
        return None
    rows = reports.rows(changed)
    text = pl.coalesce("copy", "article_id").alias("text")
    texts = rows.select("report_id", text)
    near = candidates(stored.index.with_columns(text), windows(rows).join(texts, on="report_id")) - changed - gone
    if len(near) > limit:
        return None
    new_pairs = pairs_of(pl.concat([rows, reports.rows(near)]), changed)
    stored_pairs = StoredPairs(lake, stored.index)
    tied = _tied(reports, decisions)

    def partners(of: Set[str]) -> set[str]:
        pairs = new_pairs.filter(pl.col("linked") & (pl.col("report_a").is_in(of) | pl.col("report_b").is_in(of)))
        return stored_pairs.of(of) | set(pairs["report_a"]) | set(pairs["report_b"]) | tied(of)

    def linked(of: Set[str]) -> pl.DataFrame:
        return link(reports.rows(of), decisions).memberships

    found = resolve_region(stored, changed, gone, partners=partners, link=linked, limit=limit)
    if found is None:
        return None
    found = _memberships(found, reports.rows(set(found["report_id"])))
    old = stored.of(set(found["report_id"]) | gone).select(found.columns)
    kept = set(_unchanged(old, found))
    found, old = (frame.filter(~pl.col("report_id").is_in(kept)) for frame in (found, old))
    new_pairs = with_month(named(new_pairs))
    return (
        _Update(set(old["report_id"]), found, _months(old) | _months(found)),
        _Update(changed | gone, new_pairs, stored_pairs.months_with(changed | gone) | _months(new_pairs)),
    )


def reached_by(lake: Lake, decisions: Sequence[Decision]) -> set[str] | None:
    """The reports of all incidents that would not be as they are in the lake if the log were `decisions`, with those that they
    could go to or come from; None if that is too much to be looked at alone, or if the memberships are not whole.
    """
    record = lake.read_json(RECORD)
    if record is None:
        return None
    stored = StoredMemberships(lake)
    reports = _Reports(lake, stored)
    known = read_decisions(lake, sorted(record[DECISIONS.name].keys() & set(lake.files(DECISIONS))))
    changed = reports.there(touched(known, decisions))
    if not changed:
        return set()
    pairs, tied = StoredPairs(lake, stored.index), _tied(reports, decisions)
    found = resolve_region(
        stored,
        changed,
        set(),
        partners=lambda of: pairs.of(of) | tied(of),
        link=lambda of: link(reports.rows(of), decisions).memberships,
        limit=_SMALL,
    )
    return None if found is None else set(found["report_id"])


class _Reports:
    """The reports of the lake with what is known of their articles: as memberships tell it, or as it is by now."""

    def __init__(self, lake: Lake, stored: StoredMemberships):
        self._lake = lake
        self._stored = stored
        self._now = stored.of(set()).select("report_id", *_OF_REPORT)
        self._gone = set[str]()
        self._rows: pl.DataFrame | None = None

    def rows(self, ids: Set[str]) -> pl.DataFrame:
        """The rows of reports, with what is known of their articles."""
        have = set() if self._rows is None else set(self._rows["report_id"])
        if missing := ids - have:
            known = self._known(missing)
            captures = read_captures(self._lake, sorted(_files(known)), missing)
            rows = standing(captures).join(known.select("report_id", *_OF_ARTICLE), on="report_id")
            self._rows = rows if self._rows is None else pl.concat([self._rows, rows.select(self._rows.columns)])
        return self._rows.filter(pl.col("report_id").is_in(ids))

    def there(self, ids: Set[str]) -> set[str]:
        """Those of the ids that are of reports in the lake."""
        return set(self._known(ids)["report_id"]) - self._gone

    def update(self, files: Set[str]) -> tuple[set[str], set[str]]:
        """Take in that these files came, changed or went; return the reports that are new or not as they were, and those
        gone.
        """
        fresh = read_captures(self._lake, sorted(files & set(self._lake.files(REPORTS))))
        ids = self._stored.in_files(files) | set(fresh["report_id"])
        before = self._known(ids)
        others = read_captures(self._lake, sorted(_files(before) - files), ids)
        now = standing(pl.concat([fresh, others]))
        self._gone = ids - set(now["report_id"])

        keys = read_articles(self._lake, now).select("article_id", "text_keys")
        near = around(self._lake, self._stored.index, before, now.join(keys, on="article_id"))
        near = self._known(set(near["report_id"]) - ids)
        reports = pl.concat([now.select(near.drop(_OF_ARTICLE).columns), near.drop(_OF_ARTICLE)])
        articles = read_articles(self._lake, reports)
        self._now = _with_articles(reports, articles, copies(articles)).select("report_id", *_OF_REPORT)
        self._rows = now.join(self._now.select("report_id", *_OF_ARTICLE), on="report_id")
        same = set(_unchanged(pl.concat([before, near]), self._now))
        return set(self._now["report_id"]) - same, self._gone

    def _known(self, ids: Set[str]) -> pl.DataFrame:
        """What is known of those of the reports that are, or were, in the lake."""
        now = self._now.filter(pl.col("report_id").is_in(ids))
        return pl.concat([now, self._stored.of(ids - set(now["report_id"])).select(now.columns)])


def _tied(reports: _Reports, decisions: Sequence[Decision]) -> Partners:
    """Which reports of the lake any standing decision names together with some."""
    together = [{*d["reports_a"], *d["reports_b"]} for d in standing_decisions(decisions)]
    return lambda of: reports.there({report for ids in together if not ids.isdisjoint(of) for report in ids})


def _with_articles(reports: pl.DataFrame, articles: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    """The reports, with all others of their texts, with what is known of their articles: `syndicated_from`, `copy`, and
    `copied_on`, the day on which their text was first published.
    """
    of_articles = articles.select("article_id", "syndicated_from", "text_keys").join(groups, on="article_id", how="left")
    reports = reports.join(of_articles, on="article_id", how="left")
    return reports.with_columns(copied_on=pl.col("published_on").min().over(pl.coalesce("copy", "article_id")))


def _memberships(linked: pl.DataFrame, of_reports: pl.DataFrame) -> pl.DataFrame:
    """Rows of the dataset, with its partition columns, from what linking tells and the columns _OF_REPORT of the reports."""
    columns = [*MEMBERSHIPS.schema.names, "year", "month"]
    return linked.drop("copy").join(of_reports.select("report_id", *_OF_REPORT), on="report_id").select(columns)


def _unchanged(before: pl.DataFrame, after: pl.DataFrame) -> pl.Series:
    """The reports whose rows are the same in two frames of the same columns."""
    as_text = [
        pl.col(c).cast(pl.List(pl.String)).list.join("\n") if isinstance(t, pl.List) else pl.col(c)
        for c, t in after.schema.items()
    ]
    whole = pl.struct(as_text).alias("row")
    both = after.select("report_id", whole).join(before.select("report_id", whole), on="report_id")
    return both.filter(pl.col("row").eq_missing(pl.col("row_right")))["report_id"]


def _files(known: pl.DataFrame) -> set[str]:
    return {*known["file"], *known["other_files"].explode().drop_nulls()}


def _months(rows: pl.DataFrame) -> set[tuple[int, int]]:
    return set(rows.select("year", "month").unique().iter_rows())


def _write(lake: Lake, dataset: Dataset, rows: pl.DataFrame) -> dict[str, str]:
    """Write each month of `rows` whole; return the files' hashes by path."""
    hashes = {}
    for year, month in sorted(_months(rows)):
        of_month = rows.filter((pl.col("year") == year) & (pl.col("month") == month)).drop("year", "month")
        if of_month.schema["reasons"] == pl.List(pl.String):
            table = of_month.to_arrow()
        else:
            table = named(of_month.sort(dataset.key)).to_arrow()  # sorted later, with lists of names, takes three times as long
        path = lake.write(dataset, {"year": year, "month": month}, dataset.name, table)
        hashes[path] = lake.sha256(path)
    return hashes


def _replace(lake: Lake, dataset: Dataset, update: _Update) -> dict[str, str | None]:
    """Put an update into the months that it concerns; return the files' hashes by path, None for a file that is gone."""
    hashes: dict[str, str | None] = {}
    for year, month in sorted(update.months):
        path = lake.path(dataset, {"year": year, "month": month}, dataset.name)
        old = lake.frame(dataset, paths=[path] if lake.exists(path) else [])
        stays = old.filter(~pl.any_horizontal(pl.col(c).is_in(update.gone) for c in dataset.key))
        new = update.rows.filter((pl.col("year") == year) & (pl.col("month") == month))
        rows = pl.concat([stays, new.select(stays.columns)])
        if len(rows):
            hashes |= _write(lake, dataset, rows)
        else:
            lake.remove(path)
            hashes[path] = None
    return hashes
