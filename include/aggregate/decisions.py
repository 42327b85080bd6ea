"""What people and rules have decided about reports: same incident, different, unsure; and what of it holds.

The log is append-only. What stands, and what it binds, are pure functions of the log: neither the order of its rows nor the
machine changes them. Nothing is edited: a decision is taken back by another one, `withdrawn`, which can be withdrawn as well.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from include.datasets.catalogue import DECISIONS
from include.datasets.ids import content_id
from include.datasets.lake import Lake

Decision = Mapping[str, Any]
"""A row of `decisions`."""

KINDS = ("person", "rule")
"""Who decides, the higher rank first."""


def decision(
    verdict: str,
    reports_a: Iterable[str] = (),
    reports_b: Iterable[str] = (),
    *,
    by: str,
    why: str,
    decided_at: datetime,
    withdraws: str | None = None,
    by_kind: str = "person",
    rule_version: str | None = None,
    score: int | None = None,
    reasons: Iterable[str] = (),
) -> dict[str, Any]:
    """A row of `decisions`, with the id that its content gives it. `decided_at` is an aware instant."""
    row = {
        "verdict": verdict,
        "reports_a": sorted(set(reports_a)),
        "reports_b": sorted(set(reports_b)),
        "withdraws": withdraws,
        "by": by,
        "by_kind": by_kind,
        "rule_version": rule_version,
        "why": why,
        "decided_at": decided_at.astimezone(UTC),
    }
    published = row | {"decided_at": row["decided_at"].isoformat(timespec="microseconds")}
    return {"decision_id": content_id("decision", **published)} | row | {"score": score, "reasons": list(reasons)}


def read_decisions(lake: Lake, paths: list[str] | None = None) -> list[dict[str, Any]]:
    """The log, or what the files at `paths` hold of it: every decision once, by decided_at, then decision_id."""
    rows = {row["decision_id"]: row for row in lake.read(DECISIONS, DECISIONS.schema.names, paths).to_pylist()}
    return sorted(rows.values(), key=_age)


def record(lake: Lake, rows: Iterable[Decision]) -> list[str]:
    """Append the decisions of one act to the log and return the paths of their files, one for each month.

    The files are named by the decisions in them, so that an act that is written twice is one.
    """
    months = defaultdict(list)
    for row in rows:
        months[f"{row['decided_at']:%Y-%m}"].append(row)
    return [lake.write(DECISIONS, {"decided_month": month}, _name(acts), acts) for month, acts in sorted(months.items())]


def standing(decisions: Iterable[Decision], as_of: datetime | None = None) -> list[Decision]:
    """The decisions `same`, `different` and `unsure` that are not withdrawn, in order of rank, as of an instant or as of now.

    A withdrawal counts unless it is withdrawn itself. A rule cannot withdraw what a person decided.
    """
    log = {d["decision_id"]: d for d in decisions if as_of is None or d["decided_at"] <= as_of}
    stands = not_withdrawn(log.values())
    return sorted((d for d in log.values() if d["verdict"] != "withdrawn" and d["decision_id"] in stands), key=rank)


def not_withdrawn(decisions: Iterable[Decision]) -> set[str]:
    """The ids of the decisions, withdrawals among them, that no standing withdrawal takes back.

    Ids come from content, so that withdrawals cannot go round in a circle; in a log where some do, none of those stands.
    """
    log = {d["decision_id"]: d for d in decisions}
    open_against: dict[str, int] = dict.fromkeys(log, 0)
    for d in log.values():
        if _counts(d, log):
            open_against[d["withdraws"]] += 1
    to_do = [i for i, n in open_against.items() if not n]
    stands, fallen = set(), set()
    while to_do:
        decision_id = to_do.pop()
        d = log[decision_id]
        if decision_id not in fallen:
            stands.add(decision_id)
        if _counts(d, log):
            if decision_id in stands:
                fallen.add(d["withdraws"])
            open_against[d["withdraws"]] -= 1
            if not open_against[d["withdraws"]]:
                to_do.append(d["withdraws"])
    return stands


@dataclass(frozen=True)
class Unapplied:
    """A decision that stands and cannot be applied, with the ids of those that it contradicts."""

    decision: Decision
    against: tuple[str, ...]
    outranked: bool
    """Whether one of them has a higher rank, which settles the matter."""


@dataclass(frozen=True)
class Bonds:
    """What the standing decisions bind: which reports are one incident, and which never are.

    Reports that `same` ties together are one set, named by its least report; any other report is a set of its own name.
    """

    tied: Mapping[str, str]
    """The name of the set of each report that is in one with others."""
    apart: Mapping[str, frozenset[str]]
    """For the name of a set the names of those with which it is never one incident. Symmetric."""
    unapplied: tuple[Unapplied, ...]

    def name(self, report_id: str) -> str:
        """The name of the set that a report is in."""
        return self.tied.get(report_id, report_id)

    def forbids(self, a: str, b: str) -> bool:
        """Whether two reports must not be in one incident."""
        return self.name(b) in self.apart.get(self.name(a), ())

    @cached_property
    def conflicts(self) -> tuple[Unapplied, ...]:
        """What contradicts decisions of its own rank: a person has to settle it."""
        return tuple(u for u in self.unapplied if not u.outranked)


def bonds(decisions: Iterable[Decision], as_of: datetime | None = None) -> Bonds:
    """What the standing decisions bind.

    People's decisions are applied before rules', and of one kind `different` before `same`: a false split can be seen in the
    ledger, a false merge hides deaths. A `same` that would tie reports that are held apart is not applied at all; a rule's
    `different` between reports that a person has tied holds only between the others.
    """
    stand = standing(decisions, as_of)
    sets = _Sets()
    unapplied = []
    for kind in KINDS:
        ranked = [d for d in stand if d["by_kind"] == kind]
        for d in ranked:
            if d["verdict"] == "different" and (against := sets.separate(d)):
                unapplied.append(Unapplied(d, against, outranked=True))
        of_kind = {d["decision_id"] for d in ranked}
        for d in ranked:
            if d["verdict"] == "same" and (against := sets.tie(d)):
                unapplied.append(Unapplied(d, against, outranked=not of_kind.issuperset(against)))
    return Bonds(*sets.named(), tuple(unapplied))


def rank(d: Decision) -> tuple[int, datetime, str]:
    """Sort key of what stands: people before rules, then the earlier, then the smaller id."""
    return KINDS.index(d["by_kind"]), *_age(d)


def touched(before: Iterable[Decision], after: Iterable[Decision]) -> set[str]:
    """The reports whose ties or separations differ between two logs."""
    one, two = bonds(before), bonds(after)
    old, new = _bound(one), _bound(two)
    return {report for report in old.keys() | new.keys() if old.get(report) != new.get(report)}


def naming(decisions: Iterable[Decision]) -> dict[str, list[str]]:
    """For each report the ids of the decisions that name it, sorted; a withdrawal names the reports of what it withdraws."""
    log = {d["decision_id"]: d for d in decisions}
    named = defaultdict(set)
    for decision_id in log:
        meant, seen = decision_id, set()
        while log[meant]["withdraws"] in log and meant not in seen:
            seen.add(meant)
            meant = log[meant]["withdraws"]
        for report in (*log[meant]["reports_a"], *log[meant]["reports_b"]):
            named[report].add(decision_id)
    return {report: sorted(ids) for report, ids in named.items()}


class _Sets:
    """Union-find over reports, with sets that are held apart and the decisions behind both."""

    def __init__(self):
        self._members: dict[str, list[str]] = {}
        self._root: dict[str, str] = {}
        self._ties: dict[str, list[Decision]] = defaultdict(list)
        self._apart: dict[str, dict[str, set[str]]] = defaultdict(dict)

    def separate(self, d: Decision) -> tuple[str, ...]:
        """Hold each report of one side apart from each of the other; the ids of the decisions that tie some of them."""
        against = set()
        for a in d["reports_a"]:
            for b in d["reports_b"]:
                one, two = self._find(a), self._find(b)
                if one != two:
                    self._apart[one].setdefault(two, set()).add(d["decision_id"])
                    self._apart[two].setdefault(one, set()).add(d["decision_id"])
                elif a != b:
                    against.update(_between(self._ties[one], {a}, {b}))
        return tuple(sorted(against))

    def tie(self, d: Decision) -> tuple[str, ...]:
        """Make the reports one set, unless some are held apart: then the ids of the decisions that do, and nothing changes."""
        roots = sorted({self._find(r) for r in (*d["reports_a"], *d["reports_b"])})
        against = set()
        for one in roots:
            for two in roots:
                against |= self._apart.get(one, {}).get(two, set())
        if against:
            return tuple(sorted(against))
        keep = max(roots, key=lambda r: (len(self._members[r]), r), default=None)
        for root in roots:
            if root != keep:
                self._join(keep, root)
        if keep is not None:
            self._ties[keep].append(d)
        return ()

    def named(self) -> tuple[dict[str, str], dict[str, frozenset[str]]]:
        """Ties and separations by the sets' names: `tied` and `apart` of :class:`Bonds`."""
        names = {root: min(members) for root, members in self._members.items()}
        tied = {report: names[root] for root, members in self._members.items() if len(members) > 1 for report in members}
        return tied, {names[root]: frozenset(names[r] for r in others) for root, others in self._apart.items() if others}

    def _find(self, report: str) -> str:
        if report not in self._root:
            self._root[report] = report
            self._members[report] = [report]
        return self._root[report]

    def _join(self, keep: str, other: str) -> None:
        for report in self._members[other]:
            self._root[report] = keep
        self._members[keep] += self._members.pop(other)
        self._ties[keep] += self._ties.pop(other, [])
        for third, ids in self._apart.pop(other, {}).items():
            del self._apart[third][other]
            for one, two in ((keep, third), (third, keep)):
                self._apart[one].setdefault(two, set()).update(ids)


def _between(ties: Iterable[Decision], one: set[str], two: set[str]) -> list[str]:
    """The ids of the ties that connect two reports: those that name both, else all of their set."""
    both = one | two
    direct = [d["decision_id"] for d in ties if both.issubset((*d["reports_a"], *d["reports_b"]))]
    return direct or [d["decision_id"] for d in ties]


def _counts(d: Decision, log: Mapping[str, Decision]) -> bool:
    """Whether it withdraws a decision of the log that it may withdraw."""
    taken_back = log.get(d["withdraws"]) if d["verdict"] == "withdrawn" else None
    return taken_back is not None and KINDS.index(d["by_kind"]) <= KINDS.index(taken_back["by_kind"])


def _bound(all_bonds: Bonds) -> dict[str, tuple]:
    """What binds each report: the members of its set, and the members of those held apart from it."""
    members = defaultdict(set)
    for report, name in all_bonds.tied.items():
        members[name].add(report)
    for name in all_bonds.apart:
        members[name].add(name)
    whole = {name: frozenset(reports) for name, reports in members.items()}
    return {
        report: (reports, frozenset(whole[other] for other in all_bonds.apart.get(name, ())))
        for name, reports in whole.items()
        for report in reports
    }


def _age(d: Decision) -> tuple[datetime, str]:
    return d["decided_at"], d["decision_id"]


def _name(acts: Iterable[Decision]) -> str:
    """The id of the only decision, or a digest of their ids."""
    ids = sorted(d["decision_id"] for d in acts)
    return ids[0] if len(ids) == 1 else f"decisions-{hashlib.sha256(' '.join(ids).encode()).hexdigest()[:20]}"
