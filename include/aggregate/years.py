"""Years of tallies in the lake. A year's input is its files of incidents and of coverage and what is in doubt in it; what
differs from the stage's record is pending.
"""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from include.aggregate import VERSION
from include.aggregate.coverage import silent_in
from include.aggregate.doubts import doubts_by_year
from include.aggregate.tallies import tally_frame
from include.datasets import batches
from include.datasets.catalogue import COVERAGE, INCIDENTS, MONTHLY_TALLIES
from include.datasets.lake import Lake, year_in

STAGE = "tally"
_INPUTS = (INCIDENTS, COVERAGE)


def changed_years(lake: Lake) -> list[int]:
    """The years to tally, sorted; 0 is that of incidents without a date."""
    years = {year_in(path) for dataset in (*_INPUTS, MONTHLY_TALLIES) for path in lake.files(dataset)}
    doubts = doubts_by_year(lake)
    years |= {int(name) for name in batches.records(lake, STAGE)} | doubts.keys()
    inputs = {str(year): _fingerprint(lake, _files(lake, year), doubts.get(year, {})) for year in years}
    return sorted(int(y) for y in batches.pending(lake, STAGE, VERSION, inputs, [MONTHLY_TALLIES.name]))


def tally_year(lake: Lake, year: int) -> dict[str, Any]:
    """Tally the incidents of one year, write its tallies whole, and return {"year", "counts"}.

    A year without tallies any more loses its file. Killed at any point and run again, it leaves the same files.
    """
    path = lake.path(MONTHLY_TALLIES, {"year": year}, MONTHLY_TALLIES.name)
    inputs, doubts = _files(lake, year), doubts_by_year(lake).get(year, {})
    source = _fingerprint(lake, inputs, doubts)
    incidents, covered = (lake.frame(dataset, paths=lake.files(dataset, year=year)) for dataset in _INPUTS)
    silent = silent_in(covered.iter_rows(named=True))
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


def _files(lake: Lake, year: int) -> list[str]:
    return [path for dataset in _INPUTS for path in lake.files(dataset, year=year)]


def _fingerprint(lake: Lake, paths: Iterable[str], doubts: Mapping[tuple, Mapping[str, int]]) -> str:
    hashes = "".join(f"{path} {lake.sha256(path)}\n" for path in paths)
    return hashlib.sha256(f"{hashes}{doubts}".encode()).hexdigest()
