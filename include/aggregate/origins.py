"""Whom an incident's reports really come from: outlet -> cited monitor or official -> origin.

Ten outlets that quote one monitor are one independent origin, and so is an outlet that prints another's text.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from include.aggregate.parties import is_named
from include.aggregate.spelling import folded


def outlet_of(report: Mapping[str, Any]) -> str:
    """The outlet that published a report; the source's id where the outlet has no name."""
    return report.get("outlet") or report["source"]


def origin_of(report: Mapping[str, Any]) -> str:
    """Where one report says it comes from: the body cited, else the outlet that it was syndicated from, else its outlet.

    A source without a name ("a military source", "residents") is no origin of its own. `report` may have `syndicated_from`.
    """
    origin, monitor = report.get("origin"), report.get("monitor")
    if origin is None or (origin == monitor and not is_named(origin)):
        return report.get("syndicated_from") or outlet_of(report)
    return origin


def origins_of(reports: Sequence[Mapping[str, Any]], copies: Mapping[str, str]) -> dict[str, str]:
    """The origin of each report of an incident, by report id; reports of one origin have the same text here.

    `reports` are oldest first. `copies` gives an article's group of near-duplicate texts, for articles that are in one.

    - Reports from copies of one text have one origin: the body that one of them cites, else the outlet of the oldest.
    - What an outlet says in its own name has the origin that the outlet cites in another report of the incident, if it cites
      one: an outlet is not independent of its own source.
    """
    named = {r["report_id"]: origin_of(r) for r in reports}
    of_copy: dict[str, str] = {}
    for report in sorted(reports, key=_is_own_word):  # those that cite somebody first, the oldest first among them
        if report["article_id"] in copies:
            of_copy.setdefault(copies[report["article_id"]], named[report["report_id"]])
    for report in reports:
        group = copies.get(report["article_id"], "")
        named[report["report_id"]] = of_copy.get(group, named[report["report_id"]])
    cited: dict[str | None, str] = {}
    for report in reports:
        if not _is_own_word(report) and report.get("monitor"):
            cited.setdefault(folded(outlet_of(report)), named[report["report_id"]])
    named = {i: cited.get(folded(name), name) for i, name in named.items()}
    full = full_names(named.values())
    return {i: full[name] for i, name in named.items()}


def _is_own_word(report: Mapping[str, Any]) -> bool:
    return folded(origin_of(report)) == folded(outlet_of(report))


def full_names(names: Iterable[str]) -> dict[str, str]:
    """Each name with the one to use for it: the longest that begins with its words ("Steppe Observatory for Human Rights" for
    "Steppe Observatory"), the first spelling of that. A single word stands for itself.
    """
    names = list(dict.fromkeys(names))
    words = {name: (folded(name) or "").split() for name in names}
    by_length = sorted(names, key=lambda name: -len(words[name]))
    return {
        name: next(
            full
            for full in by_length
            if words[full] == words[name] or (len(words[name]) > 1 and words[full][: len(words[name])] == words[name])
        )
        for name in names
    }
