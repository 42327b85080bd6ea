"""Whom an incident's reports really come from: outlet -> cited monitor or official -> origin.

Ten outlets that quote one monitor are one independent origin, and so is an outlet that prints another's text.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from include.aggregate.parties import id_of, is_named, kind_of, party_of, words_of
from include.aggregate.spelling import folded

Report = Mapping[str, Any]


def outlet_of(report: Report) -> str:
    """The outlet that published a report; the source's id where the outlet has no name."""
    return report.get("outlet") or report["source"]


def origin_of(report: Report) -> str:
    """Where one report says it comes from: the body cited, else the outlet that it was syndicated from, else its outlet.

    A source without a name ("a military source", "residents") is no origin of its own. `report` may have `syndicated_from`.
    """
    origin = report.get("origin")
    if origin is None or (origin == report.get("monitor") and not is_named(origin)):
        return report.get("syndicated_from") or outlet_of(report)
    return origin


def origins_of(reports: Sequence[Report], copies: Mapping[str, str]) -> dict[str, str]:
    """The origin of each report of an incident, by report id; reports of one origin have the same text here.

    `reports` are oldest first. `copies` gives an article's group of near-duplicate texts, for articles that are in one.

    - "The Observatory", "the war monitor" are the one body cited by name in the incident that they can mean.
    - Reports from copies of one text have one origin: the body that one of them cites, else the outlet of the oldest.
    - What an outlet says in its own name has the origin that the outlet cites in another report of the incident, if it cites
      one: an outlet is not independent of its own source.
    - One body under several names ("Steppe Observatory", "SOHR") has the longest.
    """
    named = {r["report_id"]: origin_of(r) for r in reports}
    if len(reports) == 1:
        return named
    own_word = {r["report_id"]: folded(named[r["report_id"]]) == folded(outlet_of(r)) for r in reports}
    bodies = {name for i, name in named.items() if not own_word[i]}
    for r in reports:
        if bodies and r.get("monitor") and not is_named(r["monitor"]):
            meant = _meant(r["monitor"], bodies)
            if meant:
                named[r["report_id"]], own_word[r["report_id"]] = meant, False
    if copies:
        of_copy: dict[str, str] = {}
        for r in sorted(reports, key=lambda r: own_word[r["report_id"]]):  # those that cite somebody first, each oldest first
            if r["article_id"] in copies:
                of_copy.setdefault(copies[r["article_id"]], named[r["report_id"]])
        named |= {r["report_id"]: of_copy[copies[r["article_id"]]] for r in reports if r["article_id"] in copies}
    cited: dict[str | None, str] = {}
    for r in reports:
        if not own_word[r["report_id"]] and r.get("monitor"):
            cited.setdefault(folded(outlet_of(r)), named[r["report_id"]])
    if cited:
        named = {i: cited.get(folded(name), name) for i, name in named.items()}
    full = full_names(named.values())
    return {i: full[name] for i, name in named.items()}


def full_names(names: Iterable[str]) -> dict[str, str]:
    """Each name with the one to use for it: the longest, in its first spelling, of the names for one body.

    Two names are for one body that the actor table knows under both, that have the same words, or of which one has two words
    or more, all of them the other's ("Steppe Observatory", "Steppe Observatory for Human Rights"), or the other's initials.
    """
    names = list(dict.fromkeys(names))
    if len(names) == 1:
        return {names[0]: names[0]}
    by_length = sorted(names, key=lambda name: -len((folded(name) or "").split()))
    return {name: next(full for full in by_length if full == name or _is_name_for(name, full)) for name in names}


@lru_cache(50_000)
def _is_name_for(name: str, full: str) -> bool:
    if party_of(name) == party_of(full):
        return True
    words, others = (folded(name) or "").split(), (folded(full) or "").split()
    if len(words) > 1:
        return set(words) <= set(others)
    initials = "".join(w[0] for w in full.split() if w[0].isupper())
    return words == [folded(initials)] and len(initials) > 2 and id_of(name) is None


def _meant(description: str, bodies: Collection[str]) -> str | None:
    """The body that a description without a name means, by its last word: the only one that has it in a name, or is of that
    kind; None if none or several can be meant.
    """
    noun = (folded(description) or "").rpartition(" ")[2]
    able = [body for body in bodies if noun in words_of(body) or noun == kind_of(body)]
    return able[0] if len(able) == 1 or len({party_of(body) for body in able}) == 1 else None
