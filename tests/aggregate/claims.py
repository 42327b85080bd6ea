"""Claim rows and incident frames for the tests of reconciliation."""

import polars as pl

from include.datasets.catalogue import CLAIMS, INCIDENTS
from tests.aggregate.factory import AL_SUKHNAH, ISIS, day, on

ARMY = {"victims": "soldiers", "victim_class": "state_forces"}
EVERYBODY = {"victims": "people", "victim_class": "unknown"}


def claim(name: str, value, *columns: dict, said: str = "2022-04-11", since: str | None = "2022-01-01", **more) -> dict:
    """A row of claims: SOHR says how many were killed by ISIS in the Badia since January, unless told otherwise.

    `value` is a number or (low, best, high). `name` is the id and, unless given, makes its article and outlet.
    """
    low, best, high = value if isinstance(value, tuple) else (value, value, value)
    row = dict.fromkeys(CLAIMS.schema.names) | {
        "claim_id": name,
        "article_id": f"article of {name}",
        "source": "source",
        "outlet": f"Outlet {name}",
        "published_on": day(said),
        "claim_type": "cumulative",
        "measure": "killed",
        "value_low": low,
        "value_best": best,
        "value_high": high,
        **EVERYBODY,
        **ISIS,
        "area": "the desert",
        "area_name": "Badia",
        "country": "SYR",
        "where_prec": 5,
        "period_start": day(since) if since else None,
        "period_end": day(said) if since else None,
        "as_of_start": day(said),
        "as_of": day(said),
        "monitor": "SOHR",
        "sentence": "A sentence.",
    }
    for part in (*columns, more):
        row |= part
    return row


def incident(name: str, *columns: dict, **more) -> dict:
    """A row of incidents: ISIS attacks soldiers near As Sukhnah on 10 February, unless told otherwise."""
    row = dict.fromkeys(INCIDENTS.schema.names) | {
        "incident_id": name,
        **on("2022-02-10"),
        **AL_SUKHNAH,
        **ISIS,
        "victim_class": "state_forces",
        "target_id": "syrian_government_forces",
        "first_published_on": day("2022-02-11"),
        "last_published_on": day("2022-02-11"),
        "grading": "weak",
    }
    for part in (*columns, more):
        row |= part
    return row


def area(name: str | None, country: str | None = "SYR", prec: int | None = None, **more) -> dict:
    """The columns of an area that the gazetteer has under its name; without a precision any of that name."""
    return {"area": name, "area_name": name, "country": country, "where_prec": prec, **more}


def group(measure: str, victim_class: str, low, best="same", high="same", *, attackers: bool = False) -> dict:
    """One side of an incident's victims."""
    best, high = (low if v == "same" else v for v in (best, high))
    sides = {"measure": measure, "victim_class": victim_class, "attackers": attackers}
    return sides | {"low": low, "best": best, "high": high}


def frame(*incidents: dict) -> pl.DataFrame:
    """The incidents as a frame with the columns of the dataset."""
    import pyarrow as pa

    return pl.from_arrow(
        pa.Table.from_pylist(list(incidents), schema=pa.schema([f.with_nullable(True) for f in INCIDENTS.schema]))
    )
