"""What a group of reports tells: the row of `incidents` for it.

Each value comes from the reports that state it best, never from a blend: the days of the most exactly dated report, the place
of the most exactly placed one, the party that most reports name. Background references have a say only where nothing else
tells of the incident; a report that repeats old news has none in its day. Ties go to the earlier publication, then the smaller
report id.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, date, datetime
from typing import Any

from include.aggregate.counts import Figures, figures_of, incident_counts, perpetrators_of, toll_fell
from include.aggregate.groups import incident_groups
from include.aggregate.origins import origins_of, outlet_of
from include.aggregate.parties import name_of, party_of
from include.aggregate.ranges import range_of
from include.aggregate.spelling import folded
from include.datasets.catalogue import INCIDENT_FLAGS
from include.datasets.ids import content_id

Report = Mapping[str, Any]

WHERE = ("place", "place_name", "admin1", "country", "latitude", "longitude", "where_prec")

MOST_CAUTIOUS_FIRST = (
    "possible",
    "suspected_or_accused",
    "suspected_or_accused_by_authorities",
    "reported_as_fact",
    "claimed_or_admitted",
)

_NEVER = datetime.max.replace(tzinfo=UTC)
_WITHIN_A_WEEK = 3
"""UCDP's date_prec of a week."""

BACKGROUND_CONFIDENCE = 0.5
"""An incident that only background references tell of keeps this share of their confidence: it may be one that is already here
under another date or place."""


def describe(reports: Sequence[Report], copies: Mapping[str, str], rule: str = "latest_trusted") -> dict[str, Any]:
    """The row of `incidents` for a group of reports, without partition columns.

    `copies` gives the group of near-duplicate texts of an article, `rule` chooses best (see counts.py). Rows may have
    `syndicated_from` (their article's) and `flags` (what is odd about the report). Of an article that was captured again, the
    last capture speaks. Perpetrator and target have the name in the actor table where they are in it, else what is written.
    """
    recorded = sorted(reports, key=oldest_first) if len(reports) > 1 else reports
    current = sorted(_last_captures(recorded), key=_published_first) if len(reports) > 1 else reports
    telling = [r for r in current if not _is_background(r)] or current
    dated = [r for r in telling if "republished" not in (r.get("flags") or ())]
    origins = origins_of(current, copies)
    independent = list(dict.fromkeys(origins[r["report_id"]] for r in telling))
    days = [r["published_on"] for r in current if r.get("published_on") is not None]
    perpetrators = perpetrators_of(current)
    figures = figures_of(current, origins, perpetrators)
    counts = incident_counts(figures, rule)
    row = {
        "incident_id": content_id("incident", report=recorded[0]["report_id"]),
        **_when(dated),
        **_where(telling),
        **counts,
        "count_mode": _only({r.get("count_mode") for r in current}),
        "groups": incident_groups(telling, counts),
        **_parties(telling),
        "event_clarity": min((r["event_clarity"] for r in current if r.get("event_clarity") is not None), default=None),
        "n_reports": len({r["article_id"] for r in current}),
        "n_outlets": len({outlet_of(r) for r in current}),
        "n_independent_origins": len(independent),
        "origins": independent,
        "report_ids": [r["report_id"] for r in recorded],
        "first_published_on": min(days, default=None),
        "last_published_on": max(days, default=None),
        "confidence": _confidence(current, _is_background(telling[0])),
    }
    return row | {"grading": _grading(telling, row, perpetrators), "flags": _flags(current, telling, dated, figures)}


def oldest_first(report: Report) -> tuple[datetime, str]:
    """Sort key that puts the founding report of an incident first: the earliest recorded, ties by id; those of which nobody
    knows when they were recorded come last.
    """
    return report.get("recorded_at") or _NEVER, report["report_id"]


def _published_first(report: Report) -> tuple[date, str]:
    """Sort key by which ties are broken: the earliest published, ties by id; undated ones last."""
    return report.get("published_on") or date.max, report["report_id"]


def _captured_first(report: Report) -> datetime:
    """Sort key that puts the earliest captured first: an archive brings many captures of an article at once, in any order."""
    return report.get("captured_at") or report.get("recorded_at") or _NEVER


def _last_captures(recorded: Sequence[Report]) -> Sequence[Report]:
    """The reports without those from earlier captures of an article that is here with a later one; oldest first, both."""
    last = {r["article_id"]: r.get("document_id") for r in sorted(recorded, key=_captured_first)}
    return [r for r in recorded if r.get("document_id") == last[r["article_id"]]]


def _is_background(report: Report) -> bool:
    return report["mention_role"] == "background_reference"


def _confidence(reports: Sequence[Report], all_background: bool) -> float | None:
    highest = max((r["confidence"] for r in reports if r.get("confidence") is not None), default=None)
    return highest * BACKGROUND_CONFIDENCE if highest is not None and all_background else highest


def _only(values: AbstractSet[Any]) -> Any:
    """The value if it is the only one; else None."""
    return next(iter(values)) if len(values) == 1 else None


def _when(reports: Sequence[Report]) -> dict[str, Any]:
    """The days that most of the most exactly dated reports give."""
    dated = [r for r in reports if r.get("date_start") is not None]
    finest = min((r.get("date_prec") or 5 for r in dated), default=None)
    values = [
        (r["date_start"], r.get("date_end") or r["date_start"], r.get("date_prec"))
        for r in dated
        if (r.get("date_prec") or 5) == finest
    ]
    start, end, precision = _most_frequent(values) or (None, None, None)
    return {"date_start": start, "date_end": end, "date_prec": precision}


def _where(reports: Sequence[Report]) -> dict[str, Any]:
    """The place that most of the most exactly placed reports give, all columns from one report."""

    def vagueness(report: Report) -> int:
        if report.get("where_prec") is None:
            return 7 if report.get("place") else 8
        return report["where_prec"]

    finest = min(map(vagueness, reports))
    placed = [r for r in reports if vagueness(r) == finest]
    name = _most_frequent([_place_key(r) for r in placed])
    chosen = next(r for r in placed if _place_key(r) == name)
    return {column: chosen.get(column) for column in WHERE}


def _place_key(report: Report) -> tuple:
    return (folded(report.get("place_name") or report.get("place")), report.get("admin1"), report.get("country"))


def _parties(reports: Sequence[Report]) -> dict[str, Any]:
    blames, hits = _naming(reports, "perpetrator"), _naming(reports, "target")
    blamed, hit = (blames or [{}])[0], (hits or [{}])[0]
    claims = [r for r in reports if r["claim_status"] == "claimed"]
    unclaimed = any(r["claim_status"] == "not_claimed" for r in reports)
    return {
        "perpetrator": name_of(blamed.get("perpetrator_id"), blamed.get("perpetrator")),
        "perpetrator_id": blamed.get("perpetrator_id"),
        "attribution": _attribution(blames),
        "target": name_of(hit.get("target_id"), hit.get("target")),
        "target_id": hit.get("target_id"),
        "victim_class": _victim_class(reports),
        "claim_status": "claimed" if claims else "not_claimed" if unclaimed else "unknown",
        "claimed_by": _most_frequent([r["claimed_by"] for r in claims if r.get("claimed_by")]),
        "event_type": _most_frequent([r["event_type"] for r in reports if r["event_type"] != "unknown"]) or "unknown",
    }


def _naming(reports: Sequence[Report], role: str) -> list[Report]:
    """The reports that name the party that most name. A known actor goes before a description ("gunmen") that it fits."""
    named = [r for r in reports if r.get(role)]
    named = [r for r in named if r.get(f"{role}_id")] or named
    party = _most_frequent([_party(r, role) for r in named])
    return [r for r in named if _party(r, role) == party]


def _party(report: Report, role: str) -> str | None:
    return report.get(f"{role}_id") or folded(report.get(role))


def _attribution(reports: Sequence[Report]) -> str | None:
    """An admission if there is one; else what most reports say, ties to the most cautious."""
    votes = Counter(r["attribution"] for r in reports if r.get("attribution"))
    if not votes:
        return None
    if "claimed_or_admitted" in votes:
        return "claimed_or_admitted"
    return max(votes, key=lambda a: (votes[a], -MOST_CAUTIOUS_FIRST.index(a)))


def _victim_class(reports: Sequence[Report]) -> str | None:
    """The class that most reports name; mixed where two are named equally often; unknown or null where none is named."""
    votes = Counter(c for r in reports if (c := r.get("victim_class")) not in (None, "unknown"))
    if not votes:
        return next((r["victim_class"] for r in reports if r.get("victim_class")), None)
    most = [c for c, n in votes.items() if n == max(votes.values())]
    return most[0] if len(most) == 1 else "mixed"


def _grading(reports: Sequence[Report], row: Mapping[str, Any], perpetrators: AbstractSet[str]) -> str:
    """Airwars' grading: how well the incident stands.

    discounted: by the figures that stand nobody was hurt. contested: several parties claim it, or reports blame different ones
    and none admits it. confirmed: the responsible party admits it. Else fair with two independent origins that do not speak for
    that party, weak with fewer.
    """
    highs = [row[f"{m}_high"] for m in ("killed", "injured", "casualties") if range_of(row, m)]
    if highs and all(high == 0 for high in highs):
        return "discounted"
    claims = [r for r in reports if r["claim_status"] == "claimed" and r.get("claimed_by")]
    if len({party_of(r["claimed_by"]) for r in claims}) > 1:
        return "contested"
    if row["attribution"] == "claimed_or_admitted":
        return "confirmed"
    if len({r["perpetrator_id"] for r in reports if r.get("perpetrator_id")}) > 1:
        return "contested"
    return "fair" if sum(party_of(origin) not in perpetrators for origin in row["origins"]) > 1 else "weak"


def _flags(current: Sequence[Report], telling: Sequence[Report], dated: Sequence[Report], figures: Figures) -> list[str]:
    """What is odd about the incident (INCIDENT_FLAGS), sorted: about the whole, or about one of its reports."""
    found = {flag for r in current for flag in r.get("flags") or () if flag in INCIDENT_FLAGS}
    if _is_background(telling[0]):
        found.add("background_only")
    if len(current) > 1:
        exact = [r for r in dated if r.get("date_start") is not None and (r.get("date_prec") or 5) <= _WITHIN_A_WEEK]
        if exact and max(r["date_start"] for r in exact) > min(r.get("date_end") or r["date_start"] for r in exact):
            found.add("contradictory_dates")
        if len({r["perpetrator_id"] for r in telling if r.get("perpetrator_id")}) > 1:
            found.add("two_perpetrators")
        if toll_fell(figures):
            found.add("toll_fell")
    return sorted(found)


def _most_frequent(values: Sequence[Any]) -> Any:
    """The most frequent value, the first of those that tie; None if there are none."""
    if not values or values.count(values[0]) == len(values):
        return values[0] if values else None
    votes = Counter(values)
    return max(votes, key=votes.__getitem__)
