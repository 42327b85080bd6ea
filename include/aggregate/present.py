# ruff: noqa
"""Temporary: the columnar link's interface over the present resolver."""

from collections import defaultdict
from dataclasses import dataclass

import polars as pl

from include.aggregate.clusters import agglomerate, components
from include.aggregate.compare import account, compare
from include.aggregate.incident import describe, oldest_first
from include.aggregate.resolve import Pairs, _threshold
from include.datasets.ids import content_id

MEMBERS = {
    "report_id": pl.String, "incident_id": pl.String, "year": pl.Int32, "month": pl.Int32, "tier": pl.String,
    "joined_to": pl.String, "score": pl.Int32, "reasons": pl.List(pl.String), "flags": pl.List(pl.String),
    "first_day": pl.Date, "last_day": pl.Date, "country": pl.String, "sentence_key": pl.UInt64, "copy": pl.String,
}  # fmt: skip
PAIRS = {
    "report_a": pl.String,
    "report_b": pl.String,
    "score": pl.Int32,
    "reasons": pl.List(pl.String),
    "linked": pl.Boolean,
}


@dataclass
class Linkage:
    memberships: pl.DataFrame
    pairs: pl.DataFrame


def _sorted(frame):
    return sorted(frame.to_dicts(), key=oldest_first)


def _key(a):
    import hashlib

    return int.from_bytes(hashlib.sha256(a.sentence.encode()).digest()[:8], "big") if len(a.sentence) >= 30 else None


def _window(a):
    from datetime import date

    first = None if a.first_day is None else date.fromordinal(a.first_day)
    last = None if a.last_day is None else date.fromordinal(a.last_day)
    return {"first_day": first, "last_day": last, "country": a.country, "sentence_key": _key(a)}


def windows(frame):
    rows = [{"report_id": r["report_id"], "copy": r.get("copy")} | _window(account(r, r.get("copy"))) for r in _sorted(frame)]
    return pl.DataFrame(
        rows, schema={k: MEMBERS[k] for k in ("report_id", "first_day", "last_day", "country", "sentence_key", "copy")}
    )


def _pairs(reports, pairs, among):
    rows = []
    for i in among:
        for j in sorted(pairs._neighbours.of(i)):
            if i < j or j not in among:
                score = pairs.score(i, j)
                bg = pairs.accounts[i].background or pairs.accounts[j].background
                if score is not None and score >= _threshold(bg):
                    a, b = sorted((reports[i]["report_id"], reports[j]["report_id"]))
                    reasons = list(compare(pairs.accounts[i], pairs.accounts[j]).reasons)
                    rows.append({"report_a": a, "report_b": b, "score": score, "reasons": reasons, "linked": True})
    return pl.DataFrame(rows, schema=PAIRS).unique().sort("report_a", "report_b")


def pairs_of(frame, touching):
    reports = _sorted(frame)
    pairs = Pairs([account(r, r.get("copy")) for r in reports])
    return _pairs(reports, pairs, {i for i, r in enumerate(reports) if r["report_id"] in set(touching)})


def _attach(items, groups, pairs, threshold):
    group_of = {member: g for g, group in enumerate(groups) for member in group}
    best = []
    for item in items:
        offers = []
        for g in {group_of[i] for i in pairs.linked(item) if i in group_of}:
            scores = [pairs.score(item, m) for m in groups[g]]
            if None not in scores and max(scores) >= threshold:
                offers.append((-max(scores), item, groups[g][0], g))
        if offers:
            best.append(min(offers))
    joined, members = {}, defaultdict(list)
    for _, item, _, g in sorted(best):
        if all(pairs.score(item, o) is not None for o in members[g]):
            joined[item] = g
            members[g].append(item)
    return joined


def link(frame, decisions=()):
    reports = _sorted(frame)
    pairs = Pairs([account(r, r.get("copy")) for r in reports])
    accounts = pairs.accounts
    everything = range(len(reports))
    tiers = ["background" if a.background else "exact" if a.is_anchor else "vague" for a in accounts]
    groups = []
    for tier in ("exact", "vague", "background"):
        items = [i for i in everything if tiers[i] == tier]
        joined = _attach(items, groups, pairs, _threshold(tier == "background"))
        apart = [i for i in items if i not in joined]
        for item, group in joined.items():
            groups[group].append(item)
        for component in components(apart, pairs.linked):
            groups += agglomerate(component, pairs.score, _threshold(background=False))
    rows = []
    for group in groups:
        group = sorted(group)
        rs = [reports[i] for i in group]
        day = describe(rs, {})["date_start"]
        incident = content_id("incident", report=rs[0]["report_id"])
        for i in group:
            others = [(-(pairs.score(i, j) if pairs.score(i, j) is not None else -99), j) for j in group if j != i]
            to = min(others) if others and i != group[0] else None
            rows.append(
                {
                    "report_id": reports[i]["report_id"],
                    "incident_id": incident,
                    "year": day.year if day else 0,
                    "month": day.month if day else 0,
                    "tier": tiers[i],
                    "joined_to": reports[to[1]]["report_id"] if to else None,
                    "score": -to[0] if to else None,
                    "reasons": list(compare(accounts[i], accounts[to[1]]).reasons) if to else None,
                    "flags": [],
                    "copy": reports[i].get("copy"),
                }
                | _window(accounts[i])
            )
    return Linkage(pl.DataFrame(rows, schema=MEMBERS).sort("report_id"), _pairs(reports, pairs, set(everything)))
