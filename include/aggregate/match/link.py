"""Which reports tell of one incident: the whole of linking, from reports and decisions to memberships.

1. Anchors (news, dated to a week, placed to a district) are grouped by average-link clustering.
2. Vaguer reports join the group that they fit best, in one step: those whose best group is the same are let in best first, and
   one that cannot be together with a member or with one let in before it stays apart.
3. Those left apart are grouped among themselves.
4. Background references join groups in the same way, at a lower threshold; those left apart are grouped among themselves.
5. Republished copies join the incident that their text told of when it was new.

So a vague mention never brings two exact incidents together. Reports that decisions tie start as one, with the tier of the
most exact of them; those held apart are never together. What decisions say is settled before any score is looked at.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl

from include.aggregate.decisions import Bonds, bonds
from include.aggregate.match.accounts import BACKGROUND, EXACT, REPUBLISHED, VAGUE, accounts_of, report_frame
from include.aggregate.match.blocking import COMPARED_AT_ONCE, Blocks, narrowed
from include.aggregate.match.clusters import admitted, agglomerate
from include.aggregate.match.rules import rules
from include.aggregate.match.score import PAIRS, SCORE, judged, named, reason_bits, scored
from include.datasets.catalogue import TIERS
from include.datasets.ids import content_id

_THREADS = 2
"""Ranges of days that are worked on at once: bounds memory, changes no result."""


@dataclass(frozen=True, slots=True)
class Linkage:
    """What linking found."""

    memberships: pl.DataFrame
    """A row per report, sorted by report_id: incident_id, founding (report_id), year and month of the incident (0 undated),
    tier (of TIERS), joined_to (the member that it fits best; null for the founding report), score and reasons of that pair,
    flags (list), and its :func:`windows`."""
    conflicts: pl.DataFrame
    """Decisions that stand but are not applied: decision_id, verdict, reports_a, reports_b, against (their ids), outranked."""
    unknown: pl.DataFrame
    """Reports named by decisions that are not among the reports: decision_id, report_id."""


def link(
    reports: pl.DataFrame | Sequence[Mapping[str, Any]],
    decisions: Sequence[Mapping[str, Any]] = (),
    as_of: datetime | None = None,
    keep: Callable[[pl.DataFrame], object] | None = None,
) -> Linkage:
    """The incidents that the reports tell of. A pure function of the set of reports and the set of decisions.

    `reports` have the columns of match.accounts.COLUMNS, as far as they have them; `decisions` are rows of that dataset. What
    was recorded or decided after `as_of` is not there. `keep` is called with the pairs that :func:`pairs_of` gives, some days
    at a time and in the order of their days: there can be ten times as many as reports. Raises ValueError if a report_id is
    there twice.
    """
    return link_accounts(accounts_of(report_frame(reports), as_of), decisions, as_of, keep)


def link_accounts(
    accounts: pl.DataFrame,
    decisions: Sequence[Mapping[str, Any]] = (),
    as_of: datetime | None = None,
    keep: Callable[[pl.DataFrame], object] | None = None,
) -> Linkage:
    """:func:`link` for the accounts of reports (match.accounts.accounts_of)."""
    decisions = [d for d in decisions if as_of is None or d["decided_at"] <= as_of]
    bound = bonds(decisions)
    weighed = []
    for found in _compared(accounts):
        weighed.append(found.weighed)
        if keep is not None:
            keep(found.close)
    pairs = pl.concat(weighed)
    units = _Units(accounts, bound)
    incident = _incidents(units, units.pairs(pairs))
    return Linkage(
        memberships=_memberships(accounts, pairs, incident, units),
        conflicts=_conflicts(bound),
        unknown=_unknown(decisions, accounts["report_id"]),
    )


def pairs_of(reports: pl.DataFrame | Sequence[Mapping[str, Any]], touching: Sequence[str] | None = None) -> pl.DataFrame:
    """The pairs of reports that reach their threshold or nearly: all, or those that one of the reports `touching` is in.

    Sorted: report_a < report_b, score, reasons (bits: see score.named), linked (reaches it, or one is a late copy of the
    other's text), day (on which the later of their windows begins; null if they have none in common).
    """
    frame = accounts_of(report_frame(reports))
    which = None
    if touching is not None:
        wanted = frame.filter(pl.col("report_id").is_in(list(touching)))["i"].implode()
        which = pl.col("a").is_in(wanted) | pl.col("b").is_in(wanted)
    return pl.concat(found.close for found in _compared(frame, which)).sort("report_a", "report_b")


def windows(reports: pl.DataFrame | Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """What says of each report which others it can be compared with, sorted by report_id: first_day..last_day (null: no day),
    country, copy and sentence_key. It takes days at most one apart and no two countries, or the same sentence or copy.
    `narrowed` says why it was not compared with all of these that its place and days allow.
    """
    return _windows(accounts_of(report_frame(reports)))


def _windows(accounts: pl.DataFrame) -> pl.DataFrame:
    days = {"first_day": pl.col("first").cast(pl.Date), "last_day": pl.col("last").cast(pl.Date)}
    return accounts.select("report_id", "country", "copy", "sentence_key", narrowed=narrowed(accounts), **days).sort(
        "report_id"
    )


@dataclass(frozen=True, slots=True)
class _Pairs:
    """Candidate pairs that can be one incident."""

    weighed: pl.DataFrame
    """a < b, score; between reports of different tiers only those that reach the threshold."""
    close: pl.DataFrame
    """Those of :func:`pairs_of`, in no order."""


def _compared(accounts: pl.DataFrame, which: pl.Expr | None = None) -> Iterator[_Pairs]:
    """The candidate pairs, or those for which the expression on a and b holds, some days at a time and in their order.

    Several ranges of days are worked on at once, each by one thread: what the processors do is Polars' work, outside of Python.
    """
    blocks = Blocks(accounts)
    with ThreadPoolExecutor(_THREADS) as threads:
        started: deque[Future[_Pairs]] = deque()
        for days in blocks.days():
            started.append(threads.submit(_compared_in, accounts, blocks, days, which))
            if len(started) > _THREADS:
                yield started.popleft().result()
        while started:
            yield started.popleft().result()


def _compared_in(accounts: pl.DataFrame, blocks: Blocks, days: tuple[int, int] | None, which: pl.Expr | None) -> _Pairs:
    candidates = blocks.pairs(days)
    if which is not None:
        candidates = candidates.filter(which)
    # The accounts that meet here are a small table, which stays in the processor's cache.
    here = np.zeros(accounts.height, dtype=bool)
    here[candidates["a"]] = here[candidates["b"]] = True
    members = np.flatnonzero(here).astype(np.uint32)
    number = np.zeros(accounts.height, dtype=np.uint32)
    number[members] = np.arange(members.size)
    local = accounts[members]
    every = [pl.DataFrame(schema=PAIRS | {"score": SCORE})]
    close = [_kept(local, pl.DataFrame(schema=PAIRS | {"score": SCORE, "reasons": pl.UInt64, "linked": pl.Boolean}))]
    for part in candidates.iter_slices(COMPARED_AT_ONCE):
        found = _scores(local, pl.DataFrame({side: number[part[side]] for side in PAIRS}, schema=PAIRS))
        one, other = local["tier"][found["a"]], local["tier"][found["b"]]
        reprint = (one == REPUBLISHED) | (other == REPUBLISHED)
        miss = _threshold(local, found) - found["score"]
        # To join a group of another tier takes a link; only among reports of one tier do lesser scores weigh.
        weighed = found.select(*PAIRS, "score").filter((miss <= 0) | (one == other))
        every.append(weighed.with_columns(**{side: members[weighed[side]] for side in PAIRS}))
        near = found.with_columns(linked=reprint | (miss <= 0)).filter(reprint | (miss <= rules().near_miss))
        close.append(_kept(local, near.select(*PAIRS, "score", reason_bits(), "linked")))
    return _Pairs(pl.concat(every), pl.concat(close))


def _scores(accounts: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    return scored(accounts, judged(accounts, pairs).filter(pl.col("conflict").is_null()), rules().least)


def _threshold(accounts: pl.DataFrame, pairs: pl.DataFrame) -> pl.Series:
    """The score from which each of the pairs is linked: lower where one is no news."""
    news = accounts["tier"] < BACKGROUND
    low, main = rules().thresholds["background_reference"], rules().thresholds["main_event"]
    return pl.Series(np.where(news[pairs["a"]] & news[pairs["b"]], main, low), dtype=SCORE)


class _Units:
    """What is grouped: the reports, those that decisions tie being one. A unit has the number of its oldest report.

    What fits one report of a tied unit fits the unit, and what fits it in another can be together with that.
    """

    def __init__(self, accounts: pl.DataFrame, bound: Bonds):
        self.accounts = accounts
        members = accounts.select("i", "report_id", "document_key", "tier")
        names = pl.DataFrame(
            {"report_id": list(bound.tied), "name": list(bound.tied.values())},
            schema=dict.fromkeys(("report_id", "name"), pl.String),
        )
        members = members.join(names, on="report_id", how="left", maintain_order="left").with_columns(
            pl.coalesce("name", "report_id")
        )
        self.members = members.with_columns(unit=pl.col("i").min().over("name"), size=pl.len().over("name"))
        self.tied = bool((self.members["size"] > 1).any())
        self.of_report = self.members["unit"]
        self.tier = self.members.group_by("unit").agg(pl.col("tier").min()).sort("unit")
        self.forbidden = self._forbidden(bound)
        self.bridged = pl.DataFrame(schema=PAIRS)

    def _forbidden(self, bound: Bonds) -> pl.DataFrame:
        """Pairs of units that are never together, both ways round: held apart by decisions, or with reports of one document."""
        unit = dict(self.members.filter(pl.col("name").is_in(list(bound.apart))).select("name", "unit").iter_rows())
        apart = [(unit[one], unit[other]) for one in unit for other in bound.apart[one] if other in unit]
        tied = self.members.filter(pl.col("size") > 1)
        of_document = tied.join(self.members, on="document_key").select(a="unit", b="unit_right")
        return pl.concat(
            [pl.DataFrame(apart, schema=PAIRS, orient="row"), of_document, of_document.select(a="b", b="a")]
        ).unique()

    def pairs(self, pairs: pl.DataFrame) -> pl.DataFrame:
        """The scores of pairs of units: the best of their reports'. What is linked with one tied unit can be together too."""
        if not self.tied:
            return pairs.join(self.forbidden, on=["a", "b"], how="anti") if self.forbidden.height else pairs
        one, other = self.of_report[pairs["a"]], self.of_report[pairs["b"]]
        of_units = pairs.select(a=pl.min_horizontal(one, other), b=pl.max_horizontal(one, other), score="score")
        of_units = of_units.filter(pl.col("a") != pl.col("b")).group_by("a", "b").agg(pl.col("score").max())
        of_units = of_units.join(self.forbidden, on=["a", "b"], how="anti")
        self.bridged = self._bridges(of_units)
        return pl.concat([of_units, self.bridged.join(of_units, on=["a", "b"], how="anti")])

    def _bridges(self, pairs: pl.DataFrame) -> pl.DataFrame:
        """Pairs of units that are linked with one tied unit, a < b, with the lesser score of the two."""
        tied = self.members.filter(pl.col("size") > 1).select("unit").unique()
        links = pairs.filter(pl.col("score") >= rules().thresholds["main_event"])
        ways = [links.select("score", unit=one, other=two) for one, two in (("a", "b"), ("b", "a"))]
        linked = pl.concat(ways).join(tied, on="unit", how="semi")
        met = linked.join(linked, on="unit").filter(pl.col("other") < pl.col("other_right"))
        scores = met.select(a="other", b="other_right", score=pl.min_horizontal("score", "score_right"))
        documents = self.members.select("unit", "document_key")
        shared = documents.join(documents, on="document_key").select(a="unit", b="unit_right")
        bridges = scores.group_by("a", "b").agg(pl.col("score").max())
        return bridges.join(shared, on=["a", "b"], how="anti").join(self.forbidden, on=["a", "b"], how="anti")

    def impossible(self, pairs: pl.DataFrame) -> pl.DataFrame:
        """Those of the pairs of units that cannot be one incident."""
        reports = pairs.select("a", "b")
        if self.tied:
            members = self.members.select("i", "unit")
            reports = reports.join(members, left_on="a", right_on="unit").rename({"i": "of_a"})
            reports = reports.join(members, left_on="b", right_on="unit").rename({"i": "of_b"})
            reports = reports.rename({"a": "unit_a", "b": "unit_b", "of_a": "a", "of_b": "b"})
        found = []
        for part in reports.iter_slices(COMPARED_AT_ONCE):
            verdict = judged(self.accounts, part.select("a", "b"))
            found.append(part.with_columns(possible=verdict["conflict"].is_null()))
        verdicts = pl.concat(found) if found else reports.with_columns(possible=pl.lit(True))
        if self.tied:
            verdicts = verdicts.select(a="unit_a", b="unit_b", possible="possible")
            verdicts = verdicts.group_by("a", "b").agg(pl.col("possible").any())
        excluded = verdicts.filter(~pl.col("possible")).select("a", "b")
        for one, other in (("a", "b"), ("b", "a")):
            excluded = excluded.join(self.bridged, left_on=["a", "b"], right_on=[one, other], how="anti")
        return pl.concat([excluded, pairs.select("a", "b").join(self.forbidden, on=["a", "b"], how="semi")]).unique()


def _incidents(units: _Units, pairs: pl.DataFrame) -> pl.Series:
    """For each account the number of the oldest report of its incident."""
    main, low = rules().thresholds["main_event"], rules().thresholds["background_reference"]
    groups = pl.DataFrame(schema={"unit": pl.UInt32, "group": pl.UInt32})
    for tier, threshold in ((EXACT, main), (VAGUE, main), (BACKGROUND, low), (REPUBLISHED, low)):
        items = units.tier.filter(pl.col("tier") == tier).select("unit")
        joined = _joined(units, items, groups, pairs, threshold)
        apart = items.join(joined, on="unit", how="anti")
        groups = pl.concat([groups, joined, _clustered(apart["unit"], pairs, main)])
    of_unit = units.members.select("i", "unit").join(groups, on="unit", how="left")
    return of_unit.with_columns(oldest=pl.col("i").min().over("group")).sort("i")["oldest"]


def _clustered(items: pl.Series, pairs: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """The items, which are in ascending order, with their group by average-link clustering."""
    of_item = items.to_numpy()
    number = np.full(1 + (items.max() or 0), -1, dtype=np.int32)
    number[of_item] = np.arange(of_item.size, dtype=np.int32)
    inside = pairs.filter(pl.col("b") < number.size)
    a, b, score = number[inside["a"]], number[inside["b"]], inside["score"].to_numpy()
    both = (a >= 0) & (b >= 0)
    group = agglomerate(of_item.size, a[both], b[both], score[both], threshold)
    return pl.DataFrame({"unit": items, "group": items[group]})


def _joined(units: _Units, items: pl.DataFrame, groups: pl.DataFrame, pairs: pl.DataFrame, threshold: int) -> pl.DataFrame:
    """The items that join one of the groups, with that group."""
    links = pairs.filter(pl.col("score") >= threshold)
    both_ways = pl.concat([links.select("score", item="a", unit="b"), links.select("score", item="b", unit="a")])
    offers = both_ways.join(items, left_on="item", right_on="unit", how="semi").join(groups, on="unit")
    offers = offers.group_by("item", "group").agg(pl.col("score").max())
    if not offers.height:
        return groups.clear()
    best = _best_offers(units, offers.sort("item", -pl.col("score"), "group"), groups)
    rivals = best.join(best, on="group").filter(pl.col("item") < pl.col("item_right")).select(a="item", b="item_right")
    excludes: dict[int, set[int]] = {}
    for one, other in units.impossible(rivals).iter_rows():
        excludes.setdefault(one, set()).add(other)
        excludes.setdefault(other, set()).add(one)
    inside = list(admitted(best.sort(-pl.col("score"), "item")["item"], excludes))
    return best.filter(pl.col("item").is_in(inside)).select(unit="item", group="group")


def _best_offers(units: _Units, offers: pl.DataFrame, groups: pl.DataFrame) -> pl.DataFrame:
    """For each item the first of its offers whose group has no member that it cannot be together with."""
    chosen = [offers.clear()]
    while offers.height:
        first = offers.unique("item", keep="first", maintain_order=True)
        checks = first.join(groups, on="group").select("group", a="item", b="unit")
        barred = checks.join(units.impossible(checks), on=["a", "b"], how="semi").select(item="a").unique()
        chosen.append(first.join(barred, on="item", how="anti"))
        offers = offers.join(barred, on="item", how="semi").join(first, on=["item", "group"], how="anti", maintain_order="left")
    return pl.concat(chosen)


def _memberships(accounts: pl.DataFrame, pairs: pl.DataFrame, incident: pl.Series, units: _Units) -> pl.DataFrame:
    ids = accounts["report_id"]
    names = incident.unique()
    incident_ids = pl.DataFrame(
        {"incident": names, "incident_id": [content_id("incident", report=r) for r in ids[names]]},
        schema_overrides={"incident_id": pl.String},
    )
    rows = accounts.select("i", "report_id", "flags", incident=incident)
    rows = rows.join(incident_ids, on="incident", maintain_order="left").join(_months(accounts, incident), on="incident")
    rows = rows.join(_best_fits(accounts, pairs, incident), on="i", how="left")
    tiers = units.members.select("i", "unit").join(units.tier, on="unit").select("i", "tier")
    rows = rows.join(tiers, on="i").sort("report_id")
    decided = pl.col("i").is_in(units.members.filter(pl.col("size") > 1)["i"].implode())
    flags = pl.concat_list("flags", pl.when(decided).then(pl.lit("decided"))).list.drop_nulls().list.sort()
    memberships = named(rows).select(
        *("report_id", "incident_id", "year", "month", "reasons"),
        score=pl.col("score").cast(pl.Int32),
        founding=ids[rows["incident"]],
        joined_to=ids[rows["fits"]],
        tier=pl.col("tier").replace_strict(dict(enumerate(TIERS)), return_dtype=pl.String),
        flags=flags,
    )
    return pl.concat([memberships, _windows(accounts).drop("report_id")], how="horizontal")


def _best_fits(accounts: pl.DataFrame, pairs: pl.DataFrame, incident: pl.Series) -> pl.DataFrame:
    """For each report but the founding ones the member of its incident that it fits best, with score and reasons."""
    together = pairs.filter(incident[pairs["a"]] == incident[pairs["b"]])
    both_ways = [together.select("score", i=one, fits=other) for one, other in (("a", "b"), ("b", "a"))]
    best = pl.concat(both_ways).sort("i", -pl.col("score"), "fits").unique("i", keep="first", maintain_order=True)
    best = best.filter(incident[best["i"]] != best["i"])
    told = best.select(a="i", b="fits")
    # What pairs are scored from is many times what is kept of them, so some at a time.
    parts = [*told.iter_slices(COMPARED_AT_ONCE)] or [told]
    reasons = pl.concat(_scores(accounts, part).select(reason_bits(), i="a") for part in parts)
    return best.join(reasons, on="i")


def _months(accounts: pl.DataFrame, incident: pl.Series) -> pl.DataFrame:
    """Year and month of each incident, as incident.py dates it: by most of the most exactly dated of the reports that tell it.

    These are of an article's last capture, no background references where there are others, no republished copies. Ties go to
    the earliest published, then the smallest id.
    """
    columns = ["article_key", "document_key", "captured", "background", "republished", "published", "report_id"]
    rows = accounts.select(
        *columns, "date_start", "date_end", "date_prec", prec=pl.col("date_prec").fill_null(5), incident=incident
    ).sort("captured", nulls_last=True, maintain_order=True)
    telling = rows.filter(pl.col("document_key").eq_missing(pl.col("document_key").last().over("incident", "article_key")))
    telling = telling.filter(pl.col("background") == pl.col("background").min().over("incident"))
    dated = telling.filter(~pl.col("republished") & pl.col("date_start").is_not_null())
    dated = dated.filter(pl.col("prec") == pl.col("prec").min().over("incident")).sort(
        "published", "report_id", nulls_last=True
    )
    days = ["incident", "date_start", pl.coalesce("date_end", "date_start").alias("date_end"), "date_prec"]
    votes = dated.with_row_index("place").group_by(days).agg(n=pl.len(), first=pl.col("place").min())
    chosen = votes.sort("incident", -pl.col("n").cast(pl.Int64), "first").unique("incident", keep="first")
    start = chosen.select("incident", year=pl.col("date_start").dt.year(), month=pl.col("date_start").dt.month().cast(pl.Int32))
    incidents = rows.select("incident").unique().join(start, on="incident", how="left")
    return incidents.with_columns(pl.col("year", "month").fill_null(0))


def _kept(accounts: pl.DataFrame, close: pl.DataFrame) -> pl.DataFrame:
    """The close pairs by report ids, the lesser first, with the day on which they meet."""
    one, other = (accounts.select("report_id", "first", "last")[close[side]] for side in PAIRS)
    pairs = pl.concat([close.drop(*PAIRS), one, other.rename(lambda name: f"other_{name}")], how="horizontal")
    in_order = pl.col("report_id") < pl.col("other_report_id")
    ids = pl.when(in_order).then("report_id"), pl.when(in_order).then("other_report_id")
    begins, ends = pl.max_horizontal("first", "other_first"), pl.min_horizontal("last", "other_last")
    both = pl.col("first").is_not_null() & pl.col("other_first").is_not_null()
    return pairs.select(
        ids[0].otherwise("other_report_id").alias("report_a"),
        ids[1].otherwise("report_id").alias("report_b"),
        pl.col("score").cast(pl.Int32),
        "reasons",
        "linked",
        pl.when(both & (begins <= ends + 1)).then(begins).cast(pl.Date).alias("day"),
    )


def _conflicts(bound: Bonds) -> pl.DataFrame:
    texts = pl.List(pl.String)
    schema = {
        "decision_id": pl.String,
        "verdict": pl.String,
        "reports_a": texts,
        "reports_b": texts,
        "against": texts,
        "outranked": pl.Boolean,
    }
    rows = [
        {**{name: u.decision[name] for name in list(schema)[:4]}, "against": list(u.against), "outranked": u.outranked}
        for u in bound.unapplied
    ]
    return pl.DataFrame(rows, schema=schema).sort("decision_id")


def _unknown(decisions: Sequence[Mapping[str, Any]], ids: pl.Series) -> pl.DataFrame:
    named = {(d["decision_id"], r) for d in decisions for r in (*(d["reports_a"] or ()), *(d["reports_b"] or ()))}
    frame = pl.DataFrame(sorted(named), schema={"decision_id": pl.String, "report_id": pl.String}, orient="row")
    return frame.join(ids.to_frame(), on="report_id", how="anti", maintain_order="left")
