"""Reports become incidents: which reports, from whatever outlets, tell of one and the same incident, and what they tell of it.

The result is a pure function of the set of reports and the set of decisions: neither their order nor the machine changes it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from include.aggregate.incident import describe

Month = tuple[int, int]
"""Year and month; (0, 0) for no date."""


def month_of(row: Mapping[str, Any]) -> Month:
    """The month that a report or incident belongs to: that of its date_start."""
    day: date | None = row.get("date_start")
    return (day.year, day.month) if day else (0, 0)


def resolve(
    reports: Sequence[Mapping[str, Any]],
    decisions: Sequence[Mapping[str, Any]] = (),
    as_of: datetime | None = None,
    copies: Mapping[str, str] | None = None,
    rule: str = "latest_trusted",
) -> list[dict[str, Any]]:
    """The incidents that rows of `reports` tell of, as rows of `incidents` sorted by id. Every report is in exactly one.

    Rows may have `syndicated_from`, their article's. `decisions` are rows of that dataset; what was recorded or decided after
    `as_of` is not there. `copies` gives, by article id, the group of near-duplicate texts that the article is in, and `rule`
    chooses best (see counts.py). Raises ValueError if a report_id is there twice.
    """
    from include.aggregate.match.link import link

    copies = copies or {}
    memberships = link([{**r, "copy": copies.get(r["article_id"])} for r in reports], decisions, as_of).memberships
    by_id = {r["report_id"]: r for r in reports}
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for report_id, incident_id, flags in memberships.select("report_id", "incident_id", "flags").iter_rows():
        groups[incident_id].append({**by_id[report_id], "flags": flags})
    return [describe(group, copies, rule) for _, group in sorted(groups.items())]
