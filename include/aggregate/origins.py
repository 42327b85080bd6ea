"""Whom an incident's reports really come from: outlet -> cited monitor or official -> origin.

Ten outlets that quote one monitor are one independent origin, and so is an outlet that prints another's text.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from include.aggregate.compare import folded


def outlet_of(report: Mapping[str, Any]) -> str:
    """The outlet that published a report; the source's id where the outlet has no name."""
    return report.get("outlet") or report["source"]


def origin_of(report: Mapping[str, Any]) -> str:
    """Where one report says it comes from: the monitor cited, else the outlet that it was syndicated from, else its outlet."""
    return report.get("origin") or report.get("monitor") or outlet_of(report)


def origins_of(reports: Sequence[Mapping[str, Any]], copies: Mapping[str, str]) -> dict[str, str]:
    """The origin of each report of an incident, by report id; reports of one origin have the same text here.

    `reports` are oldest first. `copies` gives an article's group of near-duplicate texts, for articles that are in one.

    - Reports from copies of one text have one origin: the body that one of them cites, else the outlet of the oldest.
    - What an outlet says in its own name has the origin that the outlet cites in another report of the incident, if it cites
      one: an outlet is not independent of its own source.
    """
    named = {r["report_id"]: origin_of(r) for r in reports}
    spelling: dict[str | None, str] = {}
    of_copy: dict[str, str] = {}
    for report in sorted(reports, key=_is_own_word):  # those that cite somebody first, the oldest first among them
        if report["article_id"] in copies:
            of_copy.setdefault(copies[report["article_id"]], named[report["report_id"]])
    for report in reports:
        group = copies.get(report["article_id"])
        named[report["report_id"]] = of_copy.get(group, named[report["report_id"]])
    cited: dict[str | None, str] = {}
    for report in reports:
        origin = named[report["report_id"]]
        if not _is_own_word(report) and folded(origin) != folded(outlet_of(report)) and report.get("monitor"):
            cited.setdefault(folded(outlet_of(report)), origin)
    return {i: spelling.setdefault(folded(o), o) for i, name in named.items() for o in [cited.get(folded(name), name)]}


def _is_own_word(report: Mapping[str, Any]) -> bool:
    return folded(origin_of(report)) == folded(outlet_of(report))
