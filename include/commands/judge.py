"""Judge whether reports or incidents are one incident: same, different, unsure, split, withdraw; list, suggest.

A report or an incident is named by its id or the beginning of it; an incident stands for the reports that it has now. Decisions
are kept in a log and never edited. Each command says what it changes; the next run, or `aggregate`, publishes it.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from include import settings
from include.commands.lake import add_lake, lake_of
from include.commands.output import console, grid, print_json
from include.commands.tallies import figure

ACTS = {
    "same": "they are one incident",
    "different": "no two of them are one incident",
    "unsure": "whether they are one incident is open; the tallies show what either answer would make",
}
COUNTS = [f"{m}_{bound}" for m in ("killed", "injured", "casualties") for bound in ("low", "best", "high")]
COLOURS = {
    "applied": "green",
    "in doubt": "yellow",
    "not applied": "red",
    "outranked": "red",
    "withdrawn": "dim",
    "settled": "dim",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the subcommands and their arguments."""
    acts = parser.add_subparsers(title="acts", required=True, metavar="ACT", dest="act")
    for verdict, meaning in ACTS.items():
        act = acts.add_parser(verdict, help=meaning, description=f"Decide: {meaning}.")
        act.add_argument("ids", nargs="+", metavar="ID", help="two or more reports or incidents")
        _signed(act)
    act = acts.add_parser(
        "split", help="some reports of an incident are not of it", description="Take reports out of an incident."
    )
    act.add_argument("incident", metavar="INCIDENT", help="the incident")
    act.add_argument("ids", nargs="+", metavar="REPORT", help="reports of it that are different from all its others")
    _signed(act)
    act = acts.add_parser("withdraw", help="take back a decision", description="Take back a decision, or a withdrawal.")
    act.add_argument("decision", metavar="DECISION", help="the decision, as judge list shows it")
    _signed(act)
    act = acts.add_parser(
        "suggest", help="what is worth judging", description="List pairs near the threshold that nobody judged."
    )
    _shared(act)
    act = acts.add_parser("list", help="the log: what stands, what is in doubt", description="List the decisions.")
    _shared(act)


def _signed(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--by", required=True, type=_text, metavar="NAME", help="who decides")
    parser.add_argument("--why", required=True, type=_text, metavar="TEXT", help="the reason, for those who read it later")
    _shared(parser)


def _text(text: str) -> str:
    """An argument that must not be empty. Raises ArgumentTypeError."""
    if not text.strip():
        raise argparse.ArgumentTypeError("must not be empty")
    return text.strip()


def _shared(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="JSON lines")
    add_lake(parser)


def run(args: argparse.Namespace) -> int:
    """Run the command; 1 if there is nothing to list, 2 if the call was wrong."""
    from include.aggregate.decisions import read_decisions, record
    from include.aggregate.judge import WrongCall
    from include.aggregate.ledger import Ledger
    from include.aggregate.reports import ReportsChanged

    lake = lake_of(args)
    log = read_decisions(lake)
    ledger = Ledger(lake)
    if args.act == "suggest":
        return _suggest(log, lake, args.json)
    if args.act == "list":
        return _list(log, ledger, lake.url, args.json)
    try:
        added = _decided(args, log, ledger)
        lines = list(told(log, added, ledger))
    except (WrongCall, LookupError, ReportsChanged) as error:
        print(f"error: {error.args[0]}", file=sys.stderr)
        return 2
    record(lake, added)
    if args.json:
        for row in added:
            print(json.dumps(row | {"effects": lines}, ensure_ascii=False, default=str))
    else:
        print("\n".join(lines))
    return 0


def _decided(args: argparse.Namespace, log: Sequence[Mapping[str, Any]], ledger: Any) -> list[Mapping[str, Any]]:
    from include.aggregate.judge import Signature, judge, split, withdraw

    signed = Signature(args.by, args.why, datetime.now(UTC))
    if args.act == "split":
        return split(ledger, args.incident, args.ids, signed)
    if args.act == "withdraw":
        return withdraw(log, args.decision, signed)
    return judge(ledger, args.act, args.ids, signed)


def _list(log: Sequence[Mapping[str, Any]], ledger: Any, url: str, as_json: bool) -> int:
    from include.aggregate.judge import states

    if not log:
        print(f"No decisions in the lake {url}. To make one: python -m include judge --help", file=sys.stderr)
        return 1
    rows = states(log, ledger)
    if as_json:
        print_json(rows)
        return 0
    console().print(table(rows))
    return 0


def table(rows: Iterable[Mapping[str, Any]]):
    """The log as a table for the terminal."""
    from rich.text import Text

    from include.datasets.ids import short

    shown = grid("Decisions")
    for name in ("decision", "decided", "by", "verdict", "about", "why", "state"):
        shown.add_column(name)
    for row in rows:
        about = [short(row["withdraws"])] if row["withdraws"] else [short(i) for i in row["incidents"]]
        if row["gone"]:
            about.append(f"{len(row['gone'])} no longer there")
        state = " ".join(
            [row["state"], *(["by" if row["state"] in ("withdrawn", "outranked") else "against"] if row["because"] else [])]
        )
        because = ", ".join(short(i) for i in row["because"])
        shown.add_row(
            short(row["decision_id"]),
            f"{row['decided_at']:%Y-%m-%d %H:%M}",
            row["by"] if row["by_kind"] == "person" else f"{row['by']} {row['rule_version'] or ''}".strip(),
            row["verdict"],
            ", ".join(about),
            row["why"],
            Text(f"{state} {because}".strip(), COLOURS.get(row["state"], "")),
        )
    return shown


def _suggest(log: Sequence[Mapping[str, Any]], lake: Any, as_json: bool) -> int:
    from include.aggregate.suggestions import suggestions
    from include.datasets.catalogue import CANDIDATE_PAIRS, INCIDENTS, MEMBERSHIPS

    pairs = lake.frame(CANDIDATE_PAIRS)
    memberships = lake.frame(MEMBERSHIPS, ["report_id", "incident_id", "joined_to", "score", "reasons"])
    incidents = lake.frame(
        INCIDENTS, ["incident_id", "date_start", "date_end", "place_name", "place", "admin1", "country", *COUNTS]
    )
    rows = suggestions(pairs, memberships, incidents, log)
    if not rows:
        print(f"Nothing near the threshold in the lake {lake.url} that nobody judged.", file=sys.stderr)
        return 1
    if as_json:
        print_json(rows)
        return 0
    shown = {i for row in rows for i in (row["incident_a"], row["incident_b"])}
    found = {i["incident_id"]: i for i in incidents.filter(incidents["incident_id"].is_in(shown)).iter_rows(named=True)}
    console().print(suggested(rows, found))
    return 0


def suggested(rows: Iterable[Mapping[str, Any]], incidents: Mapping[str, Mapping[str, Any]]):
    """What is worth judging as a table for the terminal."""
    from include.datasets.ids import short

    title = "Worth judging, by the deaths that hang on it: judge same|different|unsure with the two ids"
    shown = grid(title)
    for name in ("reports", "now", "incidents", "score", "reasons"):
        shown.add_column(name)
    for row in rows:
        ids = dict.fromkeys((row["incident_a"], row["incident_b"]))
        shown.add_row(
            f"{short(row['report_a'])} {short(row['report_b'])}",
            "one" if row["together"] else "two",
            "\n".join(summary(incidents[i]) for i in ids),
            str(row["score"]),
            ", ".join(row["reasons"]).replace("_", " "),
        )
    return shown


def told(log: Sequence[Mapping[str, Any]], added: Sequence[Mapping[str, Any]], ledger: Any) -> Iterator[str]:
    """What the decisions are and change, in lines."""
    from include.aggregate.doubts import doubts, open_questions
    from include.aggregate.judge import called
    from include.aggregate.ledger import copies_of
    from include.aggregate.memberships import reached_by
    from include.aggregate.what_if import reach, what_if

    for d in added:
        yield f"{called(d)}: {d['why']}"
    near = [reached_by(ledger.lake, decisions) for decisions in (log, [*log, *added])]
    reports = ledger.members(reach(log, added).union(*(() if None in near else near)))
    copies = copies_of(reports)
    outcome = what_if(reports, log, added, copies, settings.count_rule())
    by_id = {d["decision_id"]: d for d in (*log, *added)}
    new = {d["decision_id"] for d in added}
    for u in outcome.unapplied:
        against = ", ".join("this" if i in new else called(by_id[i]) for i in u.against)
        if u.outranked:
            yield f"Not applied: {called(u.decision)} is outranked by {against}."
        elif u.decision["decision_id"] in new:
            yield f"Not applied: it is in conflict with {against}. Both stand, and show as a doubt, until one is withdrawn."
        else:
            yield f"No longer applied: {called(u.decision)}, in conflict with {against}. Withdraw the one that is wrong."
    for d in outcome.applied:
        yield f"Applied from now on: {called(d)}."
    for change in outcome.changes:
        yield changed(change)
    for (year, month, country, admin1), measure, before, after in outcome.moves():
        at = f"{year}-{month:02}" if year else "undated"
        place = admin1 or country or "unlocated"
        yield f"{place} {at} {'rises' if after > before else 'falls'} by {abs(after - before)} {measure}: {before} -> {after}."
    incident_of = {r: i["incident_id"] for i in outcome.after for r in i["report_ids"]}
    for row in doubts([*log, *added], reports, incident_of, copies, settings.count_rule()):
        if row["decision_id"] in new:
            yield open_question(row)
    before, after = ({q.decision["decision_id"] for q in open_questions(decisions)} for decisions in (log, [*log, *added]))
    settled = sorted(before - after)
    for i in settled:
        yield f"No longer in doubt: {called(by_id[i])}."
    if None in near:
        yield (
            "Only the incidents that it names were looked at: too many reports are near, or the last run broke off. Others may "
            "change too."
        )
    if not (outcome.changes or outcome.unapplied or settled or any(d["verdict"] == "unsure" for d in added)):
        yield "Nothing changes: the incidents are so already."
    else:
        yield "The next run publishes it, or: python -m include aggregate"


def changed(change: Any) -> str:
    """Which incidents become which, in a sentence."""
    from include.datasets.ids import short

    before = " and ".join(short(i["incident_id"]) for i in change.before)
    if len(change.after) == 1:
        verb = "will be one, " if len(change.before) > 1 else "will be "
        return f"{before} {verb}{summary(change.after[0])}."
    verb = "will be" if len(change.before) > 1 else f"will be {len(change.after)}:"
    return f"{before} {verb} {'; '.join(map(summary, change.after))}."


def summary(incident: Mapping[str, Any]) -> str:
    """An incident in a few words: `01234567 (2022-04-10 As Sukhnah, Homs, SYR: killed 4 [4-6])`."""
    from include.commands.incidents import when, where
    from include.datasets.ids import short

    counts = ", ".join(f"{m} {figure(incident, m)}" for m in ("killed", "injured", "casualties") if figure(incident, m))
    return f"{short(incident['incident_id'])} ({when(incident)} {where(incident) or 'unlocated'}: {counts or 'no figures'})"


def open_question(row: Mapping[str, Any]) -> str:
    """A doubt in a sentence."""

    def figures(which: str) -> str:
        cells = {f"{m}_{b}": row[f"{m}{which}_{b}"] for m in ("killed", "injured") for b in ("low", "best", "high")}
        return ", ".join(f"{m} {figure(cells, m)}" for m in ("killed", "injured") if figure(cells, m)) or "no figures"

    now, same, different = map(figures, ("", "_if_same", "_if_different"))
    return f"In doubt: {now} now; {same} if they are one incident; {different} if they are not."
