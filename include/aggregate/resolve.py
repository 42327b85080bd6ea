"""Reports become incidents: which reports, from whatever outlets, tell of one and the same incident.

The result is a pure function of the set of reports: neither the order in which they arrive nor the machine changes it. Reports
exact in time and place are grouped first; vaguer ones then join the group that they fit best, or are grouped among themselves;
background references come last. So a vague mention never brings two exact incidents together.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from include.aggregate.blocking import Neighbours
from include.aggregate.clusters import agglomerate, attach, components
from include.aggregate.compare import Account, account, compare, rules
from include.aggregate.incident import describe, oldest_first

Month = tuple[int, int]
"""Year and month; (0, 0) for no date."""


def month_of(row: Mapping[str, Any]) -> Month:
    """The month that a report or incident belongs to: that of its date_start."""
    day: date | None = row.get("date_start")
    return (day.year, day.month) if day else (0, 0)


def resolve(
    reports: Sequence[Mapping[str, Any]],
    copies: Mapping[str, str] | None = None,
    month: Month | None = None,
    rule: str = "latest_trusted",
) -> list[dict[str, Any]]:
    """The incidents that rows of `reports` tell of, as rows of `incidents` sorted by id. Every report is in exactly one.

    Rows may have `syndicated_from`, their article's. `copies` gives, by article id, the group of near-duplicate texts that the
    article is in, and `rule` chooses best (see counts.py). With `month`, only the incidents of that month, at the cost of that
    month's reports and their like. Raises ValueError if a report_id is there twice.
    """
    reports = sorted(reports, key=oldest_first)
    ids = [r["report_id"] for r in reports]
    if len(set(ids)) != len(ids):
        twice = next(i for i in ids if ids.count(i) > 1)
        raise ValueError(f"report {twice} is there more than once; give resolve each report once (see months.read_reports)")
    copies = copies or {}
    accounts = [account(r, copies.get(r["article_id"])) for r in reports]
    pairs = Pairs(accounts)
    seeds = [i for i, r in enumerate(reports) if month is None or month_of(r) == month]
    groups = _groups(pairs, pairs.reached_from(seeds))
    incidents = [describe([reports[i] for i in group], copies, rule) for group in groups]
    # Pairs can reach into other months; an incident's date_start is always that of one of its reports.
    return sorted((i for i in incidents if month is None or month_of(i) == month), key=lambda i: i["incident_id"])


class Pairs:
    """The pairs of reports, scored as they are needed. Reports are known by their index, oldest first."""

    def __init__(self, accounts: list[Account]):
        self.accounts = accounts
        self._neighbours = Neighbours(accounts)
        self._scores: dict[tuple[int, int], int | None] = {}
        self._linked: dict[int, set[int]] = {}

    def score(self, i: int, j: int) -> int | None:
        """The score of a pair; None if the two cannot be one incident."""
        pair = (i, j) if i < j else (j, i)
        if pair not in self._scores:
            self._scores[pair] = compare(self.accounts[i], self.accounts[j]).score
        return self._scores[pair]

    def linked(self, i: int) -> set[int]:
        """The reports with which this one reaches the threshold."""
        if i not in self._linked:
            background = self.accounts[i].background
            self._linked[i] = {
                j
                for j in self._neighbours.of(i)
                if (self.score(i, j) or 0) >= _threshold(background or self.accounts[j].background)
            }
        return self._linked[i]

    def reached_from(self, seeds: Sequence[int]) -> list[int]:
        """The seeds and all reports that links lead to from them: what the incidents of the seeds can depend on."""
        reached = set(seeds)
        to_do = list(seeds)
        while to_do and len(reached) < len(self.accounts):
            new = self.linked(to_do.pop()) - reached
            reached |= new
            to_do += new
        return sorted(reached)


def _threshold(background: bool) -> int:
    return rules().thresholds["background_reference" if background else "main_event"]


def _groups(pairs: Pairs, items: Sequence[int]) -> list[list[int]]:
    """The reports by incident: exact ones grouped, vaguer ones joined to them, background references last."""
    accounts = pairs.accounts
    exact = [i for i in items if accounts[i].is_anchor]
    vague = [i for i in items if not accounts[i].is_anchor and not accounts[i].background]
    background = [i for i in items if accounts[i].background]
    groups: list[list[int]] = []
    for tier in (exact, vague, background):
        joined = attach(tier, groups, pairs.linked, pairs.score, _threshold(tier is background))
        apart = [i for i in tier if i not in joined]
        for item, group in joined.items():
            groups[group].append(item)
        for component in components(apart, pairs.linked):
            groups += agglomerate(component, pairs.score, _threshold(background=False))
    return groups
