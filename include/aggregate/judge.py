"""From what a person names to decisions: the beginnings of ids become reports, and slips are caught."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from include.aggregate.decisions import Decision, bonds, decision, not_withdrawn
from include.aggregate.doubts import open_questions
from include.aggregate.history import find
from include.aggregate.ledger import Ledger
from include.aggregate.match.link import pairs_of
from include.aggregate.match.score import compare, named
from include.datasets.ids import matching, short


class WrongCall(ValueError):
    """What was asked makes no sense. The message says what does."""


@dataclass(frozen=True)
class Side:
    """What was named, and the reports that it stands for."""

    name: str
    reports: frozenset[str]


@dataclass(frozen=True)
class Signature:
    """Who decides, why, and when."""

    by: str
    why: str
    at: datetime


def side(ledger: Ledger, text: str) -> Side:
    """What an id of a report or an incident, or its beginning, stands for.

    The id of an incident that became part of another stands for that one. Raises LookupError with the nearest ids.
    """
    kind = text.split("-", 1)[0] if "-" in text else ""
    columns = {"incident": ["incident_id"], "report": ["report_id"]}.get(kind, ["incident_id", "report_id"])
    try:
        found = matching(text, ledger.ids(*columns))
    except LookupError:
        found = _forwarded(ledger, text) if "incident_id" in columns else None
        if found is None:
            raise
    return Side(found, frozenset(ledger.reports_of(found) or [found]))


def _forwarded(ledger: Ledger, text: str) -> str | None:
    """The incident that now holds what was one of this id."""
    try:
        return find(ledger.lake, text)[1]
    except LookupError:
        return None


def judge(ledger: Ledger, verdict: str, texts: Sequence[str], signed: Signature) -> list[Decision]:
    """The decisions that all the named are the same, or each different from each other or unsure.

    Raises WrongCall or LookupError.
    """
    sides = [side(ledger, text) for text in texts]
    if len(sides) < 2:
        raise WrongCall(
            f"{verdict} needs two or more reports or incidents, got only {texts[0]}; to take reports out of an incident: split"
        )
    for n, one in enumerate(sides):
        for other in sides[n + 1 :]:
            if both := one.reports & other.reports:
                raise WrongCall(_twice(one, other, sorted(both)))
    if verdict == "same":
        rest = frozenset().union(*(side.reports for side in sides[1:]))
        return [_decision(ledger, verdict, sides[0].reports, rest, signed)]
    return [
        _decision(ledger, verdict, one.reports, frozenset().union(*(side.reports for side in sides[n:])), signed)
        for n, one in enumerate(sides[:-1], start=1)
    ]


def split(ledger: Ledger, incident: str, texts: Sequence[str], signed: Signature) -> list[Decision]:
    """The decision that the named reports of an incident are different from all its others. Raises WrongCall or LookupError."""
    whole = side(ledger, incident)
    if not ledger.reports_of(whole.name):
        inside = ledger.incident_of([whole.name])[whole.name]
        raise WrongCall(
            f"{incident} is a report, of incident {short(inside)}; split takes an incident first, then reports of it"
        )
    out = frozenset().union(*(side(ledger, text).reports for text in texts))
    if strange := sorted(out - whole.reports):
        theirs = _listed(ledger.reports_of(whole.name))
        raise WrongCall(f"{_listed(strange)}: not of incident {short(whole.name)}, whose reports are {theirs}")
    if out == whole.reports:
        raise WrongCall(f"these are all reports of incident {short(whole.name)}; name those to take out and leave others in it")
    return [_decision(ledger, "different", out, whole.reports - out, signed)]


def withdraw(log: Sequence[Decision], text: str, signed: Signature) -> list[Decision]:
    """The decision that takes another back. Raises WrongCall or LookupError."""
    by_id = {d["decision_id"]: d for d in log}
    if not by_id:
        raise WrongCall("there are no decisions yet, so nothing to withdraw")
    target = matching(text, by_id)
    if target not in not_withdrawn(log):
        stands = not_withdrawn(log)
        by = next(d for d in log if d["withdraws"] == target and d["decision_id"] in stands)
        back = f"judge withdraw {short(by['decision_id'])}"
        raise WrongCall(f"{short(target)} is withdrawn already, by {called(by)}; to bring it back withdraw that: {back}")
    return [decision("withdrawn", withdraws=target, by=signed.by, why=signed.why, decided_at=signed.at)]


def states(log: Sequence[Decision], ledger: Ledger) -> list[dict[str, Any]]:
    """The log with what has become of each decision: `state`, `because` (ids of decisions), `incidents` (of its reports now)
    and `gone` (reports that are no longer there, or the decision that a withdrawal names and the log lacks).

    States: applied; in doubt (an open question); settled (by later decisions); not applied (in conflict with `because`);
    outranked; withdrawn; no effect (a withdrawal that takes nothing back).
    """
    stands, bound = not_withdrawn(log), bonds(log)
    unapplied = {u.decision["decision_id"]: u for u in bound.unapplied}
    asked = {q.decision["decision_id"] for q in open_questions(log)}
    withdrawals = {d["decision_id"]: [w["decision_id"] for w in log if w["withdraws"] == d["decision_id"]] for d in log}
    incident_of = ledger.incident_of({r for d in log for r in (*d["reports_a"], *d["reports_b"])})
    rows = []
    for d in log:
        decision_id, state, because = d["decision_id"], "applied", []
        if decision_id not in stands:
            state, because = "withdrawn", [i for i in withdrawals[decision_id] if i in stands]
        elif decision_id in unapplied:
            u = unapplied[decision_id]
            state, because = "outranked" if u.outranked else "not applied", list(u.against)
        elif d["verdict"] == "unsure":
            state = "in doubt" if decision_id in asked else "settled"
        elif d["verdict"] == "withdrawn" and (d["withdraws"] not in withdrawals or d["withdraws"] in stands):
            state = "no effect"
        named = sorted({*d["reports_a"], *d["reports_b"]})
        gone = [r for r in named if r not in incident_of]
        if d["withdraws"] and d["withdraws"] not in withdrawals:
            gone = [d["withdraws"]]
        incidents = list(dict.fromkeys(incident_of[r] for r in named if r in incident_of))
        rows.append({**d, "state": state, "because": because, "incidents": incidents, "gone": gone})
    return rows


def called(d: Decision) -> str:
    """A decision in a sentence: `d1e2f3a4 (same) by Rana of 2022-05-01`."""
    return f"{short(d['decision_id'])} ({d['verdict']}) by {d['by']} of {d['decided_at']:%Y-%m-%d}"


def _decision(ledger: Ledger, verdict: str, a: AbstractSet[str], b: AbstractSet[str], signed: Signature) -> dict[str, Any]:
    score, reasons = _most_alike(ledger, a, b)
    return decision(verdict, a, b, by=signed.by, why=signed.why, decided_at=signed.at, score=score, reasons=reasons)


def _most_alike(ledger: Ledger, a: AbstractSet[str], b: AbstractSet[str]) -> tuple[int | None, Sequence[str]]:
    """Score and reasons of the most alike pair across two sides; of the oldest reports where none comes near the threshold."""
    one, two = ledger.rows(a), ledger.rows(b)
    pairs = pairs_of([*one, *two], [row["report_id"] for row in one])
    across = pairs.filter(pl.col("report_a").is_in(set(a)) != pl.col("report_b").is_in(set(a))).filter(
        pl.col("score").is_not_null()
    )
    if across.height:
        return named(across.sort(-pl.col("score"), "report_a", "report_b").head(1)).select("score", "reasons").row(0)
    found = compare(one[0], two[0])
    return found.score, found.reasons


def _twice(one: Side, other: Side, both: Sequence[str]) -> str:
    if one.name == other.name:
        return f"{short(one.name)} is named twice; name two or more different reports or incidents"
    if len(one.reports) == 1 or len(other.reports) == 1:
        whole, part = (one, other) if len(one.reports) > len(other.reports) else (other, one)
        return (
            f"report {short(part.name)} is of incident {short(whole.name)}, so it is on both sides; to take it out: "
            f"judge split {short(whole.name)} {short(part.name)}"
        )
    return f"on both sides: {_listed(both)}; a report can be on one only"


def _listed(ids: Sequence[str]) -> str:
    return ", ".join(short(i) for i in ids[:10]) + (f" and {len(ids) - 10} more" if len(ids) > 10 else "")
