"""Years of tallies in the lake. A year's input is its incidents and its coverage; what differs from the stage's record is
pending.
"""

import hashlib
from typing import Any

from include.aggregate import VERSION
from include.aggregate.tallies import tally
from include.datasets import batches
from include.datasets.catalogue import INCIDENTS, MONTHLY_TALLIES
from include.datasets.lake import Lake, partition_of

STAGE = "tally"


def changed_years(lake: Lake) -> list[int]:
    """The years to tally, sorted; 0 is that of incidents without a date."""
    years = {int(partition_of(p)["year"]) for p in (*lake.files(INCIDENTS), *lake.files(MONTHLY_TALLIES))}
    years |= {int(name) for name in batches.records(lake, STAGE)}
    inputs = {str(year): _fingerprint(lake, year) for year in years}
    return sorted(int(y) for y in batches.pending(lake, STAGE, VERSION, inputs, [MONTHLY_TALLIES.name]))


def tally_year(lake: Lake, year: int) -> dict[str, Any]:
    """Tally the incidents of one year, write its tallies whole, and return {"year", "counts"}.

    A year without incidents any more loses its file. Killed at any point and run again, it leaves the same files.
    """
    path = lake.path(MONTHLY_TALLIES, {"year": year}, MONTHLY_TALLIES.name)
    source = _fingerprint(lake, year)
    incidents = lake.read(INCIDENTS, paths=_files(lake, year)).to_pylist()
    rows = [{k: v for k, v in row.items() if k != "year"} for row in tally(incidents)]
    counts = {"tallies": len(rows), "incidents": len(incidents)}
    lake.remove(batches.record_path(STAGE, str(year)))
    if rows:
        lake.write(MONTHLY_TALLIES, {"year": year}, MONTHLY_TALLIES.name, rows)
        batches.finish(lake, STAGE, VERSION, str(year), source=source, outputs=[path], counts=counts)
    else:
        lake.remove(path)
    return {"year": year, "counts": counts}


def _fingerprint(lake: Lake, year: int) -> str:
    hashes = "".join(f"{path} {lake.sha256(path)}\n" for path in _files(lake, year))
    return hashlib.sha256(hashes.encode()).hexdigest()


def _files(lake: Lake, year: int) -> list[str]:
    return [p for p in lake.files(INCIDENTS) if int(partition_of(p)["year"]) == year]
