"""What is worth judging: pairs near the threshold, those first on which most deaths hang."""

from collections.abc import Iterable, Sequence

import polars as pl

from include.aggregate.decisions import Decision, bonds, standing
from include.aggregate.match.rules import rules

COLUMNS = ("report_a", "report_b", "incident_a", "incident_b", "score", "reasons", "linked", "together", "killed")


def suggestions(
    pairs: pl.DataFrame, memberships: pl.DataFrame, incidents: pl.DataFrame, log: Iterable[Decision], limit: int = 20
) -> list[dict]:
    """The pairs of reports that a person should look at, with the columns of :data:`COLUMNS`.

    Two incidents whose most alike reports reach the threshold or nearly, and reports that only just joined theirs; no pair
    that a standing decision is about. `killed` is what hangs on it: the lesser best of two incidents, that of the one. The
    most first, then the nearest to the threshold, then by ids. `pairs` are rows of candidate_pairs, `memberships` and
    `incidents` of those datasets.
    """
    threshold = rules().thresholds["main_event"]
    best = incidents.select("incident_id", killed=pl.coalesce("killed_best", "killed_low", 0))
    placed = memberships.select("report_id", "incident_id").join(best, on="incident_id")
    both = pairs.filter(pl.col("score").is_not_null()).select("report_a", "report_b", "score", "reasons", "linked")
    for side in ("a", "b"):
        both = both.join(
            placed.select(pl.all().name.suffix(f"_{side}")).rename({f"report_id_{side}": f"report_{side}"}), on=f"report_{side}"
        )
    apart = (
        both.rename({"incident_id_a": "incident_a", "incident_id_b": "incident_b"})
        .filter(pl.col("incident_a") != pl.col("incident_b"))
        .with_columns(
            two=pl.concat_list("incident_a", "incident_b").list.sort(), killed=pl.min_horizontal("killed_a", "killed_b")
        )
        .sort(-pl.col("score"), "report_a", "report_b")
        .unique("two", keep="first", maintain_order=True)
        .with_columns(together=pl.lit(False))
    )
    only_just = pl.col("score") < threshold + rules().near_miss
    joined = (
        memberships.filter(pl.col("joined_to").is_not_null() & only_just)
        .join(best, on="incident_id")
        .with_columns(
            report_a=pl.min_horizontal("report_id", "joined_to"), report_b=pl.max_horizontal("report_id", "joined_to"),
            incident_a="incident_id", incident_b="incident_id", linked=pl.lit(True), together=pl.lit(True),
        )
        .unique(["report_a", "report_b"], keep="first", maintain_order=True)
    )  # fmt: skip
    found = pl.concat([frame.select(COLUMNS) for frame in (apart, joined)])
    ranked = found.sort(-pl.col("killed"), (pl.col("score") - threshold).abs(), "report_a", "report_b")
    is_judged = _judged(list(log), memberships)
    chosen = []
    for row in ranked.iter_rows(named=True):
        if len(chosen) == limit:
            break
        if not is_judged(row):
            chosen.append(row)
    return chosen


def _judged(log: Sequence[Decision], memberships: pl.DataFrame):
    """Whether a pair of reports, or their two incidents, are the subject of a standing decision."""
    stand = standing(log)
    bound = bonds(stand)
    named = {r for d in stand for r in (*d["reports_a"], *d["reports_b"])}
    incident_of = dict(memberships.filter(pl.col("report_id").is_in(named)).select("report_id", "incident_id").iter_rows())
    asked = set()
    for d in stand:
        for a in d["reports_a"]:
            for b in d["reports_b"]:
                asked |= {frozenset((a, b)), frozenset((incident_of.get(a), incident_of.get(b)))}

    def judged(row: dict) -> bool:
        pair = frozenset((row["report_a"], row["report_b"]))
        incidents = frozenset((row["incident_a"], row["incident_b"]))
        return (
            bound.name(row["report_a"]) == bound.name(row["report_b"])
            or pair in asked
            or (not row["together"] and incidents in asked)
        )

    return judged
