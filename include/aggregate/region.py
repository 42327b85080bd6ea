"""What a change can reach: the incidents to be resolved again when reports come, change or go.

Linking a union of whole incidents gives the same incidents again: average-link clusters grow from within, and a report that
joined a group fits no other better. So a change is resolved among the incidents that it touches, R, and what follows is looked
at: every report whose membership then differs from the ledger's is changed too, and the partners of changed reports (pairs
that link) must be in R with their whole incidents, and so must the partners of those partners that stand apart, because they
may now join. R grows until nothing is missing. Then no link leads from what changed to what was left out, so that the whole,
resolved from scratch, would give the same. A spurious difference, for want of a neighbour, only makes R grow to hold that
neighbour.
"""

from collections.abc import Callable, Set

import polars as pl

from include.aggregate.stored import StoredMemberships
from include.datasets.catalogue import TIERS

SAME = ("incident_id", "year", "month", "tier", "joined_to", "score", "reasons", "flags")
"""Columns of a membership that linking decides."""

_RANK = {tier: rank for rank, tier in enumerate(TIERS)}

Partners = Callable[[Set[str]], Set[str]]
"""The reports that a link, old or new, or a decision ties to any of some reports."""

Link = Callable[[Set[str]], pl.DataFrame]
"""The memberships of some reports, linked among themselves."""


def resolve_region(
    stored: StoredMemberships, changed: Set[str], gone: Set[str], *, partners: Partners, link: Link, limit: int
) -> pl.DataFrame | None:
    """The memberships of all reports that a change can reach; None if those are more than `limit`.

    `stored` has the memberships of before, `changed` are the reports that are new, say something else or are named by a
    decision that is new or no longer stands; `gone` those that are no more.
    """

    def incidents_of(reports: Set[str]) -> Set[str]:
        """The reports and all that share an incident of before with them."""
        return (reports | stored.beside(reports)) - gone

    seeds = changed | gone
    region = incidents_of(seeds | partners(seeds))
    while len(region) <= limit:
        found = link(region)
        moved = _moved(stored, found, seeds)
        near = partners(moved)
        missing = (near | partners(_apart(found, near))) - region - gone
        if not missing:
            return found
        region = incidents_of(region | missing)
    return None


def _moved(stored: StoredMemberships, found: pl.DataFrame, seeds: Set[str]) -> Set[str]:
    """The seeds, and the members, old and new, of incidents in which anything is not as it was."""
    comparable = pl.struct(*SAME[:-2], *(pl.col(c).list.join(",") for c in SAME[-2:])).alias("as_is")
    before = stored.of(set(found["report_id"])).select("report_id", comparable)
    same = found.select("report_id", comparable).join(before, on=["report_id", "as_is"], how="semi")
    differing = (set(found["report_id"]) - set(same["report_id"])) | seeds
    incidents = found.filter(pl.col("report_id").is_in(differing))["incident_id"].unique().implode()
    members = found.filter(pl.col("incident_id").is_in(incidents))["report_id"]
    return differing | stored.beside(differing) | set(members)


def _apart(found: pl.DataFrame, reports: Set[str]) -> Set[str]:
    """Those of `reports` that joined no incident of more exact ones, though they are of a kind that could."""
    ranked = found.with_columns(rank=pl.col("tier").replace_strict(_RANK, return_dtype=pl.Int8))
    apart = ranked.filter((pl.col("rank") > 0) & (pl.col("rank") == pl.col("rank").min().over("incident_id")))
    return reports & set(apart["report_id"])
