"""What is in doubt between reports, and what the ledger would say if each doubt went the one way or the other.

A false merge hides deaths and a false split counts them twice. So a decision `unsure`, and decisions that contradict each
other, are not settled in silence: the incidents stay as the rules have them, and the figures of both answers stand beside.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from include.aggregate.decisions import Bonds, Decision, Unapplied, bonds, decision, rank, read_decisions, standing
from include.aggregate.incident import describe, oldest_first
from include.aggregate.ledger import Ledger, copies_of
from include.aggregate.ranges import total
from include.aggregate.resolve import month_of, resolve
from include.aggregate.tallies import BY
from include.datasets.catalogue import DOUBTS
from include.datasets.lake import Lake, partition_of

MEASURES = ("killed", "injured")
"""The measures whose doubt is told."""

Incidents = list[Mapping[str, Any]]


def open_questions(decisions: Iterable[Decision]) -> list[Unapplied]:
    """The decisions that leave something open, in order of rank, each with the ids of those that it contradicts: every
    `unsure`, and every `same` that is not applied because of a `different` of its own rank.

    An `unsure` is settled, and left out, once later decisions of its rank or higher ones tie all of its reports together or
    hold the whole of its sides apart.
    """
    stand = standing(decisions)
    bound = bonds(stand)
    unsure = [d for d in stand if d["verdict"] == "unsure" and not (_is_answered(d, bound) and _is_settled(d, stand))]
    return sorted((*(Unapplied(d, (), outranked=False) for d in unsure), *bound.conflicts), key=lambda q: rank(q.decision))


def in_doubt(decisions: Iterable[Decision]) -> set[str]:
    """The reports between which something is open. :func:`doubts` needs all reports of the incidents that they are in."""
    return {report for q in open_questions(decisions) for report in _reports(q.decision)}


def doubts(
    decisions: Iterable[Decision],
    reports: Iterable[Mapping[str, Any]],
    incident_of: Mapping[str, str],
    copies: Mapping[str, str] | None = None,
    rule: str = "latest_trusted",
) -> list[dict[str, Any]]:
    """The rows of `doubts`, with year and month, by decided_at and decision_id.

    `reports` are all rows of the incidents that reports in doubt are in; `incident_of` gives the incident of each by report
    id; `copies` and `rule` are those of `resolve`. A doubt whose reports are gone has no row.
    """
    stand = standing(decisions)
    involved = _Involved(stand, reports, incident_of, copies or {}, rule)
    rows = []
    for together in _overlapping([q for q in open_questions(stand) if involved.is_open(q)], involved):
        effects = involved.effects(together)
        for question in together:
            rows.append(involved.row(question) | {"effects": effects})
            effects = []
    return sorted(rows, key=lambda row: (row["decided_at"], row["decision_id"]))


def tally_doubts(doubts: Iterable[Mapping[str, Any]]) -> dict[tuple, dict[str, int]]:
    """What rows of `doubts` mean for the rows of the tallies, by key (year, month and :data:`BY`): n_in_doubt, and for each
    measure the changes <measure>_doubt_low (not above 0) and <measure>_doubt_high (not below 0) of its best.
    """
    sums: dict[tuple, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for effect in (e for row in doubts for e in row["effects"]):
        of_row = sums[effect["year"], effect["month"], *(effect[c] for c in BY)]
        of_row["n_in_doubt"] += effect["n_incidents"]
        for m in MEASURES:
            for bound in ("low", "high"):
                of_row[f"{m}_doubt_{bound}"] += effect[f"{m}_{bound}"]
    return {key: dict(columns) for key, columns in sums.items()}


def weigh_doubts(lake: Lake, rule: str = "latest_trusted") -> dict[str, Any]:
    """Write the months of `doubts` that differ from what they hold, and return {"counts": {"doubts": rows written}}."""
    log = read_decisions(lake)
    named = in_doubt(log)
    members = Ledger(lake).members(named) if named else []
    incident_of = {row["report_id"]: row["incident_id"] for row in members}
    months = {path: [] for path in lake.files(DOUBTS)}
    for row in doubts(log, members, incident_of, copies_of(members), rule):
        partition = {name: row.pop(name) for name in ("year", "month")}
        months.setdefault(lake.path(DOUBTS, partition, DOUBTS.name), []).append(row)
    written = [path for path, rows in months.items() if _replace(lake, path, rows)]
    return {"counts": {DOUBTS.name: sum(len(months[path]) for path in written)}}


def doubts_by_year(lake: Lake) -> dict[int, dict[tuple, dict[str, int]]]:
    """What the doubts in the lake mean for the tallies of each year that they concern; see :func:`tally_doubts`."""
    years = defaultdict(dict)
    for key, changes in sorted(tally_doubts(lake.frame(DOUBTS, ["effects"]).to_dicts()).items(), key=str):
        years[key[0]][key] = changes
    return years


def _replace(lake: Lake, path: str, rows: list[dict[str, Any]]) -> bool:
    """Make the file at `path` hold these rows; whether it did not before."""
    if not rows:
        lake.remove(path)
        return True
    if lake.exists(path) and DOUBTS.table(rows).equals(lake.read_file(path, DOUBTS.schema.names)):
        return False
    lake.write(DOUBTS, partition_of(path), DOUBTS.name, rows)
    return True


class _Involved:
    """The incidents that are in doubt, with their reports."""

    def __init__(
        self,
        stand: Sequence[Decision],
        reports: Iterable[Mapping[str, Any]],
        incident_of: Mapping[str, str],
        copies: Mapping[str, str],
        rule: str,
    ):
        self._stand = stand
        self._copies = copies
        self._rule = rule
        self._incident_of = incident_of
        self._members = defaultdict(list)
        for report in sorted(reports, key=oldest_first):
            self._members[incident_of[report["report_id"]]].append(report)
        self._described: dict[str, dict[str, Any]] = {}

    def is_open(self, question: Unapplied) -> bool:
        """Whether there are reports on both sides still."""
        sides = _sides(question.decision)
        return all(any(r in self._incident_of for r in side) for side in sides) and len(self._known(question)) > 1

    def incidents(self, question: Unapplied) -> list[str]:
        """The ids of the incidents that its reports are in, the oldest first."""
        ids = {self._incident_of[r] for r in self._known(question)}
        return sorted(ids, key=lambda i: oldest_first(self._members[i][0]))

    def row(self, question: Unapplied) -> dict[str, Any]:
        """The row of `doubts` for one question, without its effects."""
        d, ids = question.decision, self.incidents(question)
        now, same, different = self._now(ids), self._if_same([question]), self._if_different([question])
        year, month = month_of(now[0])
        return {
            "decision_id": d["decision_id"],
            "kind": "unsure" if d["verdict"] == "unsure" else "conflict",
            "against": list(question.against),
            "report_ids": self._known(question),
            "incident_ids": ids,
            **_figures(now, ""),
            "n_if_same": len(same),
            **_figures(same, "_if_same"),
            "n_if_different": len(different),
            **_figures(different, "_if_different"),
            **{column: d[column] for column in ("by", "by_kind", "why", "decided_at")},
            "year": year,
            "month": month,
        }

    def effects(self, questions: Sequence[Unapplied]) -> list[dict[str, Any]]:
        """By how much each row of the tallies could fall or rise, if all of the questions were answered the same way."""
        ids = {i for q in questions for i in self.incidents(q)}
        now = _by_row(self._now(ids))
        ways = [_by_row(self._if_same(questions)), _by_row(self._if_different(questions))]
        found = []
        for key in sorted({*now, *ways[0], *ways[1]}, key=lambda key: (*key[:2], *(v or "" for v in key[2:]))):
            effect: dict[str, Any] = dict(zip(("year", "month", *BY), key, strict=True)) | {
                "n_incidents": len(now.get(key, ()))
            }
            for m in MEASURES:
                best = total(now.get(key, ()), m)[1] or 0
                changes = [(total(way.get(key, ()), m)[1] or 0) - best for way in ways]
                effect |= {f"{m}_low": min(0, *changes), f"{m}_high": max(0, *changes)}
            if any(effect[c] for c in effect if c == "n_incidents" or c.endswith(("_low", "_high"))):
                found.append(effect)
        return found

    def _known(self, question: Unapplied) -> list[str]:
        return sorted(r for r in _reports(question.decision) if r in self._incident_of)

    def _now(self, ids: Iterable[str]) -> Incidents:
        for i in ids:
            if i not in self._described:
                self._described[i] = describe(self._members[i], self._copies, self._rule)
        return [self._described[i] for i in ids]

    def _if_same(self, questions: Sequence[Unapplied]) -> Incidents:
        """The incidents of the questions if all that are asked about are the same."""
        merged: list[set[str]] = []
        for q in questions:
            ids = set(self.incidents(q))
            ids.update(*(group for group in merged if group & ids))
            merged = [group for group in merged if not group & ids] + [ids]
        return [describe([r for i in sorted(group) for r in self._members[i]], self._copies, self._rule) for group in merged]

    def _if_different(self, questions: Sequence[Unapplied]) -> Incidents:
        """The incidents of the questions if all that are asked about are different."""
        ids = sorted({i for q in questions for i in self.incidents(q)})
        apart = [
            decision(
                "different", *_sides(q.decision), by="what if", why="to see what would be", decided_at=q.decision["decided_at"]
            )
            for q in questions
            if any(self._is_mixed(i, q) for i in ids)
        ]
        if not apart:
            return self._now(ids)
        return resolve([r for i in ids for r in self._members[i]], [*self._stand, *apart], copies=self._copies, rule=self._rule)

    def _is_mixed(self, incident_id: str, question: Unapplied) -> bool:
        """Whether reports of both sides are in the incident."""
        if question.against:
            return False  # a conflict is held apart as it is
        here = {r["report_id"] for r in self._members[incident_id]}
        a, b = (side & here for side in _sides(question.decision))
        return bool(a and b and len(a | b) > 1)


def _is_settled(unsure: Decision, stand: Iterable[Decision]) -> bool:
    """Whether later decisions answer it."""

    def answers(d: Decision) -> bool:
        above = rank(d)[0] - rank(unsure)[0]
        return d["verdict"] != "unsure" and (above < 0 or (above == 0 and d["decided_at"] > unsure["decided_at"]))

    return _is_answered(unsure, bonds(filter(answers, stand)))


def _is_answered(unsure: Decision, bound: Bonds) -> bool:
    """Whether all of its reports are tied together, or the whole of its sides held apart."""
    one, two = _sides(unsure)
    return len({bound.name(r) for r in one | two}) == 1 or all(bound.forbids(a, b) for a in one for b in two if a != b)


def _overlapping(questions: Iterable[Unapplied], involved: _Involved) -> Iterator[list[Unapplied]]:
    """The questions by the incidents that they share: answers to one bear on the figures of the others."""
    groups: list[tuple[set[str], list[Unapplied]]] = []
    for q in questions:
        ids, together = set(involved.incidents(q)), [q]
        for group in [g for g in groups if g[0] & ids]:
            groups.remove(group)
            ids |= group[0]
            together = group[1] + together
        groups.append((ids, together))
    yield from (sorted(together, key=lambda q: rank(q.decision)) for _, together in groups)


def _sides(d: Decision) -> tuple[set[str], set[str]]:
    """The two sides; of a `same` both are all of its reports."""
    one, two = set(d["reports_a"]), set(d["reports_b"])
    return (one | two, one | two) if d["verdict"] == "same" else (one, two)


def _reports(d: Decision) -> set[str]:
    return {*d["reports_a"], *d["reports_b"]}


def _figures(incidents: Incidents, which: str) -> dict[str, int | None]:
    names = [f"{m}{which}_{bound}" for m in MEASURES for bound in ("low", "best", "high")]
    return dict(zip(names, [value for m in MEASURES for value in total(incidents, m)], strict=True))


def _by_row(incidents: Incidents) -> dict[tuple, Incidents]:
    """The incidents by the row of the tallies that they are in."""
    rows = defaultdict(list)
    for incident in incidents:
        rows[*month_of(incident), *(incident.get(c) for c in BY)].append(incident)
    return rows
