"""Years of tallies in the lake. A year's input is its files of incidents and of coverage and what is in doubt in it; what
differs from the stage's record is pending.
"""

import hashlib
from typing import Any

from include.aggregate import VERSION
from include.aggregate.coverage import silent_in
from include.aggregate.doubts import doubts_of_year, years_in_doubt
from include.aggregate.tallies import tally_frame
from include.datasets import batches
from include.datasets.catalogue import COVERAGE, INCIDENTS, MONTHLY_TALLIES
from include.datasets.lake import Lake, partition_of
from include.datasets.schema import Dataset

STAGE = "tally"
_INPUTS = (INCIDENTS, COVERAGE)


def changed_years(lake: Lake) -> list[int]:
    """The years to tally, sorted; 0 is that of incidents without a date."""
    years = {_year(path) for dataset in (*_INPUTS, MONTHLY_TALLIES) for path in lake.files(dataset)}
    years |= {int(name) for name in batches.records(lake, STAGE)} | years_in_doubt(lake)
    inputs = {str(year): _fingerprint(lake, year) for year in years}
    return sorted(int(y) for y in batches.pending(lake, STAGE, VERSION, inputs, [MONTHLY_TALLIES.name]))


def tally_year(lake: Lake, year: int) -> dict[str, Any]:
    """Tally the incidents of one year, write its tallies whole, and return {"year", "counts"}.

    A year without tallies any more loses its file. Killed at any point and run again, it leaves the same files.
    """
    path = lake.path(MONTHLY_TALLIES, {"year": year}, MONTHLY_TALLIES.name)
    source = _fingerprint(lake, year)
    inputs = [of_year for dataset in _INPUTS for of_year in _files(lake, dataset, year)]
    incidents = lake.frame(INCIDENTS, paths=_files(lake, INCIDENTS, year))
    doubts = doubts_of_year(lake, year)
    silent = silent_in(lake.frame(COVERAGE, paths=_files(lake, COVERAGE, year)).iter_rows(named=True))
    tallies = tally_frame(incidents, doubts, silent)
    counts = {"tallies": len(tallies), "incidents": len(incidents)}
    lake.remove(batches.record_path(STAGE, str(year)))
    outputs = [path] if len(tallies) else []
    if outputs:
        lake.write(MONTHLY_TALLIES, {"year": year}, MONTHLY_TALLIES.name, tallies.drop("year").to_arrow())
    else:
        lake.remove(path)
    if inputs or doubts:
        batches.finish(lake, STAGE, VERSION, str(year), source=source, outputs=outputs, counts=counts)
    return {"year": year, "counts": counts}


def _fingerprint(lake: Lake, year: int) -> str:
    paths = [path for dataset in _INPUTS for path in _files(lake, dataset, year)]
    hashes = "".join(f"{path} {lake.sha256(path)}\n" for path in paths)
    return hashlib.sha256(f"{hashes}{doubts_of_year(lake, year)}".encode()).hexdigest()


def _files(lake: Lake, dataset: Dataset, year: int) -> list[str]:
    return [path for path in lake.files(dataset) if _year(path) == year]


def _year(path: str) -> int:
    return int(partition_of(path)["year"])
