"""Print the life of an incident: each change with its time, what it was and became, and the report or decision that did it.

The beginning of an id is enough, as the command incidents shows it. An incident that became part of another is shown to its
end, and then the other.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from include.commands.incidents import against, when, where
from include.commands.lake import add_lake, lake_of
from include.commands.output import console, print_json
from include.commands.tallies import figure
from include.datasets.catalogue import BREAKDOWN
from include.datasets.ids import short

FACTS: dict[str, Callable[[Mapping[str, Any]], str]] = {
    "date": when,
    "place": where,
    "by": lambda row: row["perpetrator"] or "",
    "attribution": lambda row: row["attribution"] or "",
    "claim": lambda row: row["claimed_by"] or row["claim_status"],
    "against": against,
    "victims": lambda row: row["victim_class"] or "",
    "kind": lambda row: row["event_type"],
    **{m.replace("_", " "): partial(figure, measure=m) for m in ("killed", "injured", "casualties", *BREAKDOWN)},
    "grading": lambda row: row["grading"],
    "origins": lambda row: ", ".join(row["origins"] or ()),
    "to note": lambda row: ", ".join(row["flags"] or ()),
}
"""What is told of an incident, and how it reads."""

Rows = Mapping[str, Mapping[str, Any]]
"""Rows by id."""

TITLES = {
    "added": "recorded",
    "changed": "changed",
    "merged": "merged into {merged_into}",
    "removed": "removed: its reports are gone",
    "returned": "recorded again",
}
COLOURS = {"added": "green", "changed": "cyan", "merged": "magenta", "removed": "red", "returned": "green"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("incident", metavar="ID", help="the id of an incident, or its beginning")
    parser.add_argument("--json", action="store_true", help="JSON lines, one an event: what changed from what to what, and why")
    add_lake(parser)


def run(args: argparse.Namespace) -> int:
    """Run the command; 2 if there is no such incident."""
    from include.aggregate.decisions import read_decisions
    from include.aggregate.history import find, life, reports_of

    lake = lake_of(args)
    try:
        incident_id, current_id = find(lake, args.incident)
    except LookupError as error:
        print(f"error: {error} (lake {lake.url}; python -m include incidents lists what there is)", file=sys.stderr)
        return 2
    terminal = console()
    decisions = {d["decision_id"]: d for d in read_decisions(lake)}
    for shown in dict.fromkeys(filter(None, (incident_id, current_id))):
        events = life(lake, shown)
        known = decisions | reports_of(lake, events)
        if args.json:
            print_json({"current_id": current_id} | as_json(event, known) for event in events)
        else:
            show(terminal, shown, incident_id, events, known)
    if current_id is None and not args.json:
        terminal.print("All its reports are gone; no incident goes on in its place.", style="red")
    return 0


def show(console, incident_id: str, asked: str, events: list, known: Rows) -> None:
    """Print the life of one incident. `asked` is the id that was asked for, `known` has the reports and decisions by id."""
    from rich.padding import Padding
    from rich.text import Text

    last = facts(events[-1].incident)
    console.print()
    console.print(Text.assemble((f"Incident {short(incident_id)}", "bold"), (f"  {incident_id}", "dim")))
    console.print(Text(", ".join(last[name] for name in ("date", "place", "by", "against") if last[name])))
    if asked != incident_id:
        console.print(f"It holds the founding report of {short(asked)} now; the casualties are counted here.", style="magenta")
    for event in events:
        title = TITLES[event.change].format(merged_into=short(event.merged_into or ""))
        console.print()
        console.print(Text.assemble((f"{event.recorded_at:%Y-%m-%d %H:%M} UTC  ", "bold"), (title, COLOURS[event.change])))
        for line in _lines(event, known):
            console.print(Padding(line, (0, 0, 0, 4)))


def facts(incident: Mapping[str, Any]) -> dict[str, str]:
    """What there is to tell of an incident, fact by fact; empty where nothing is known."""
    told = {name: fact(incident) for name, fact in FACTS.items()}
    return {name: "" if text == "unknown" else text.replace("_", " ") for name, text in told.items()}


def as_json(event, known: Rows) -> dict[str, Any]:
    """An event for machines: reports and decisions in full, as far as the lake still has them."""
    return {
        "incident_id": event.incident["incident_id"],
        "recorded_at": event.recorded_at.isoformat(),
        "change": event.change,
        "merged_into": event.merged_into,
        "changed": event.changed if event.stands else {},
        "joined": [known.get(i, {"report_id": i}) for i in event.joined],
        "left": [known.get(i, {"report_id": i}) for i in event.left],
        "decisions": [known.get(i, {"decision_id": i}) for i in event.decisions],
        "rules": event.rules,
        "incident": event.incident,
    }


def _lines(event, known: Rows) -> Iterator[Any]:
    """What changed and why, a line each."""
    from rich.text import Text

    now, before = facts(event.incident), facts(event.before) if event.before else {}
    if event.change in ("added", "returned"):
        yield Text(" · ").join(Text.assemble((f"{name} ", "dim"), text) for name, text in now.items() if text)
    if event.change == "changed":
        for name in [n for n in now if now[n] != before[n]]:
            yield Text.assemble((f"{name} ", "dim"), before[name] or "-", " → ", (now[name] or "-", "bold"))
    for sign, style, ids in (("+ ", "green", event.joined), ("- ", "red", event.left)):
        for i in ids:
            yield Text.assemble((sign, style), _report(i, known), (_reasons(known.get(i, {})), "dim"))
    for i in event.decisions:
        yield Text.assemble(("decided ", "yellow"), _decision(i, known))
    if event.rules:
        yield Text.assemble(("other rules ", "yellow"), event.rules)


def _report(report_id: str, known: Rows) -> str:
    if report_id not in known:
        return f"report {short(report_id)}, which the lake no longer has"
    report = known[report_id]
    return f"{report['outlet'] or 'no outlet'}, {report['published_on'] or 'undated'}: “{report['sentence']}”"


def _reasons(report: Mapping[str, Any]) -> str:
    """Why it belongs to the incident, if it still does and is not the one that founded it, and if it was compared with less."""
    told = []
    if report.get("score") is not None:
        told.append(f"{report['score']} points: {', '.join(report['reasons'])}")
    if report.get("narrowed"):
        told.append(f"compared in part: {report['narrowed']}")
    return f" ({'; '.join(told)})".replace("_", " ") if told else ""


def _decision(decision_id: str, known: Rows) -> str:
    if decision_id not in known:
        return f"decision {short(decision_id)}, which the lake no longer has"
    made = known[decision_id]
    return f"{made['verdict']} ({short(decision_id)}) by {made['by']} on {made['decided_at']:%Y-%m-%d %H:%M} UTC: {made['why']}"
