"""Reports become incidents: which reports, from whatever outlets, tell of one and the same incident.

The result is a pure function of the set of reports: neither the order in which they arrive nor the machine changes it. Reports
exact in time and place are grouped first; vaguer ones then join the group that they fit best, or are grouped among themselves;
background references come last. So a vague mention never brings two exact incidents together.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from include.aggregate.blocking import Neighbours
from include.aggregate.clusters import agglomerate, attach
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
) -> list[dict[str, Any]]:
    """The incidents that rows of `reports` tell of, as rows of `incidents` sorted by id. Every report is in exactly one.

    `copies` gives, by article id, the group of near-duplicate texts that the article is in. With `month`, only the incidents of
    that month, at the cost of that month's reports and their like. Raises ValueError if a report_id is there twice.
    """
    reports = sorted(reports, key=oldest_first)
    ids = [r["report_id"] for r in reports]
    if len(set(ids)) != len(ids):
        twice = next(i for i in ids if ids.count(i) > 1)
        raise ValueError(f"report {twice} is there more than once; give resolve each report once (see months.read_reports)")
    copies = copies or {}
    accounts = [account(r, copies.get(r["article_id"])) for r in reports]
    seeds = [i for i, r in enumerate(reports) if month is None or month_of(r) == month]
    incidents = [
        describe([reports[i] for i in group], copies)
        for component, score in _components(accounts, seeds)
        for group in _groups(accounts, component, score)
    ]
    # A component can reach into other months; an incident's date_start is always that of one of its reports.
    return sorted((i for i in incidents if month is None or month_of(i) == month), key=lambda i: i["incident_id"])


def _components(accounts: list[Account], seeds: Sequence[int]) -> Iterator[tuple[list[int], Callable]]:
    """The sets of reports linked by pairs that reach their threshold, those with a seed in them, and the score in each."""
    neighbours = Neighbours(accounts)
    seen: set[int] = set()
    for seed in seeds:
        if seed in seen:
            continue
        score = _scores(accounts)
        seen.add(seed)
        component = [seed]
        for i in component:  # grows while it is walked
            for j in neighbours.of(i):
                if j not in seen and (score(i, j) or 0) >= _threshold(accounts[i], accounts[j]):
                    seen.add(j)
                    component.append(j)
        yield component, score


def _scores(accounts: list[Account]) -> Callable[[int, int], int | None]:
    known: dict[tuple[int, int], int | None] = {}

    def score(i: int, j: int) -> int | None:
        pair = (i, j) if i < j else (j, i)
        if pair not in known:
            known[pair] = compare(accounts[i], accounts[j]).score
        return known[pair]

    return score


def _threshold(a: Account, b: Account) -> int:
    return rules().thresholds["background_reference" if a.background or b.background else "main_event"]


def _groups(accounts: list[Account], component: list[int], score: Callable) -> list[list[int]]:
    """One component's reports by incident: exact ones grouped, vaguer ones joined to them, background references last."""
    if len(component) == 1:
        return [component]
    exact = [i for i in component if accounts[i].is_anchor]
    vague = [i for i in component if not accounts[i].is_anchor and not accounts[i].background]
    background = [i for i in component if accounts[i].background]
    groups: list[list[int]] = []
    for tier, role in ((exact, "main_event"), (vague, "main_event"), (background, "background_reference")):
        joined = attach(tier, groups, score, rules().thresholds[role])
        apart = agglomerate([i for i in tier if i not in joined], score, rules().thresholds["main_event"])
        for item, group in joined.items():
            groups[group].append(item)
        groups += apart
    return groups
