"""Years of tallies in the lake. A year's input is its files of incidents, what is in doubt in it and which sources fell silent;
what differs from the stage's record is pending.
"""

import hashlib
from itertools import groupby
from operator import itemgetter
from typing import Any

import polars as pl

from include.aggregate import VERSION
from include.aggregate.coverage import SHORT, silent_in
from include.aggregate.doubts import doubts_by_year
from include.aggregate.tallies import Doubts, Silent, tally_frame
from include.datasets import batches
from include.datasets.catalogue import COVERAGE, INCIDENTS, MONTHLY_TALLIES
from include.datasets.lake import Lake, year_in

STAGE = "tally"


def changed_years(lake: Lake) -> list[int]:
    """The years to tally, sorted; 0 is that of incidents without a date."""
    doubts, silent = doubts_by_year(lake), _silent_by_year(lake)
    years = {year_in(path) for dataset in (INCIDENTS, MONTHLY_TALLIES) for path in lake.files(dataset)}
    years |= {int(name) for name in batches.records(lake, STAGE)} | doubts.keys() | silent.keys()
    inputs = {str(year): _fingerprint(lake, year, doubts.get(year, {}), silent.get(year, {})) for year in years}
    return sorted(int(y) for y in batches.pending(lake, STAGE, VERSION, inputs, [MONTHLY_TALLIES.name]))


def tally_year(lake: Lake, year: int) -> dict[str, Any]:
    """Tally the incidents of one year, write its tallies whole, and return {"year", "counts"}.

    A year without tallies any more loses its file. Killed at any point and run again, it leaves the same files.
    """
    path = lake.path(MONTHLY_TALLIES, {"year": year}, MONTHLY_TALLIES.name)
    doubts, silent = (of_years(lake).get(year, {}) for of_years in (doubts_by_year, _silent_by_year))
    source = _fingerprint(lake, year, doubts, silent)
    incidents = lake.frame(INCIDENTS, paths=lake.files(INCIDENTS, year=year))
    tallies = tally_frame(incidents, doubts, silent)
    counts = {"tallies": len(tallies), "incidents": len(incidents)}
    lake.remove(batches.record_path(STAGE, str(year)))
    if len(tallies):
        lake.write(MONTHLY_TALLIES, {"year": year}, MONTHLY_TALLIES.name, tallies.drop("year").to_arrow())
        batches.finish(lake, STAGE, VERSION, str(year), source=source, outputs=[path], counts=counts)
    else:
        lake.remove(path)
    return {"year": year, "counts": counts}


def _silent_by_year(lake: Lake) -> dict[int, Silent]:
    """Which sources fell silent in each year in which one did, as its coverage tells."""
    columns = ["year", "month", "source", "status", "countries"]
    covered = lake.frame(COVERAGE, columns, where=pl.col("status").is_in(SHORT))
    silent = silent_in(covered.sort("year", "month", "source").iter_rows(named=True))
    return {year: {key: silent[key] for key in keys} for year, keys in groupby(silent, key=itemgetter(0))}


def _fingerprint(lake: Lake, year: int, doubts: Doubts, silent: Silent) -> str:
    hashes = "".join(f"{path} {lake.sha256(path)}\n" for path in lake.files(INCIDENTS, year=year))
    return hashlib.sha256(f"{hashes}{doubts}{silent}".encode()).hexdigest()
