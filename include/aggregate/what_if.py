"""What decisions change: the incidents with and without them, and the months whose figures move."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from include.aggregate.decisions import Decision, Unapplied, bonds, standing, touched
from include.aggregate.ranges import total
from include.aggregate.resolve import month_of, resolve

Incident = Mapping[str, Any]

MEASURES = ("killed", "injured")


@dataclass(frozen=True)
class Change:
    """Incidents that give way to others: several become one, one becomes several, or reports move between them."""

    before: tuple[Incident, ...]
    after: tuple[Incident, ...]


@dataclass(frozen=True)
class Outcome:
    """What decisions would change."""

    changes: tuple[Change, ...]
    after: tuple[Incident, ...]
    """The incidents with them, changed or not."""
    unapplied: tuple[Unapplied, ...]
    """Decisions that are not applied with them and were, or were not there, without them."""
    applied: tuple[Decision, ...]
    """Decisions that are applied with them and were not without them, though they stood."""

    def moves(self) -> list[tuple[tuple, str, int, int]]:
        """By (year, month, country, admin1) and measure the best figure before and after, where they differ."""
        cells = defaultdict(lambda: ([], []))
        for change in self.changes:
            for way, incidents in enumerate((change.before, change.after)):
                for i in incidents:
                    cells[*month_of(i), i["country"], i["admin1"]][way].append(i)
        found = []
        for key in sorted(cells, key=lambda key: (*key[:2], *(v or "" for v in key[2:]))):
            for m in MEASURES:
                before, after = (total(way, m)[1] or 0 for way in cells[key])
                if before != after:
                    found.append((key, m, before, after))
        return found


def reach(log: Iterable[Decision], added: Sequence[Decision]) -> set[str]:
    """The reports that decisions, added to the log, concern: those that they name and those whose bonds they change."""
    log = list(log)
    return {r for d in added for r in (*d["reports_a"], *d["reports_b"])} | touched(log, [*log, *added])


def what_if(
    reports: Sequence[Mapping[str, Any]],
    log: Iterable[Decision],
    added: Sequence[Decision],
    copies: Mapping[str, str] | None = None,
    rule: str = "latest_trusted",
) -> Outcome:
    """What adding decisions to the log changes about the incidents of `reports`: all that :func:`reach` gives, of whole
    incidents.
    """
    log = list(log)
    before, after = (resolve(reports, decisions, copies=copies, rule=rule) for decisions in (log, [*log, *added]))
    was, now = ({u.decision["decision_id"]: u for u in bonds(decisions).unapplied} for decisions in (log, [*log, *added]))
    stood = {d["decision_id"]: d for d in standing([*log, *added])}
    return Outcome(
        changes=tuple(_changes(before, after)),
        after=tuple(after),
        unapplied=tuple(u for i, u in now.items() if i not in was),
        applied=tuple(u.decision for i, u in was.items() if i not in now and i in stood),
    )


def _changes(before: Sequence[Incident], after: Sequence[Incident]) -> list[Change]:
    """The incidents that differ in their reports, by the reports that they share."""
    same = {(i["incident_id"], frozenset(i["report_ids"])) for i in before}
    same &= {(i["incident_id"], frozenset(i["report_ids"])) for i in after}
    knots: list[tuple[set[str], list[Incident], list[Incident]]] = []
    for way, incidents in enumerate((before, after), start=1):
        for incident in incidents:
            if (incident["incident_id"], frozenset(incident["report_ids"])) in same:
                continue
            knot = (set(incident["report_ids"]), [], [])
            knot[way].append(incident)
            for other in [k for k in knots if k[0] & knot[0]]:
                knots.remove(other)
                knot = (knot[0] | other[0], other[1] + knot[1], other[2] + knot[2])
            knots.append(knot)
    return [Change(tuple(old), tuple(new)) for _, old, new in knots]
