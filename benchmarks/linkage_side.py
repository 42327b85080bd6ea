"""The ledger's own linkage for the comparison with splink: `python -m benchmarks.linkage_side LAKE FOLDER`.

Links the reports of a lake, and prints the seconds that it took, the number of candidate pairs and the peak of memory as JSON.
Writes `ledger.parquet`, every report with its incident, and for the other side `reports.parquet`, what is compared of each
report, and `pairs.parquet`, all candidate pairs.
"""

import argparse
import json
import time
from pathlib import Path

import polars as pl

from benchmarks.side import peak_mb
from include.aggregate.copies import read_articles
from include.aggregate.match.accounts import accounts_of, report_frame
from include.aggregate.match.blocking import Blocks
from include.aggregate.match.link import link
from include.aggregate.reports import read_captures, standing
from include.clean.copies import copies
from include.datasets.catalogue import REPORTS
from include.datasets.lake import Lake

COMPARED = (
    *("i", "report_id", "document_id", "first", "last", "latitude", "longitude", "place_key", "admin1_key", "country_key"),
    *("killed_from", "killed_to", "injured_from", "sentence_key", "perpetrator_key", "target", "victims", "type"),
)


def main() -> None:
    """Link the reports of the lake that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lake")
    parser.add_argument("folder", type=Path)
    args = parser.parse_args()
    lake = Lake(args.lake)
    reports = standing(read_captures(lake, lake.files(REPORTS)))
    reports = reports.join(copies(read_articles(lake, reports)), on="article_id", how="left")
    start, before = time.perf_counter(), time.process_time()
    linkage = link(reports)
    seconds, worked, peak = time.perf_counter() - start, time.process_time() - before, peak_mb()
    linkage.memberships.select("report_id", found="incident_id").write_parquet(args.folder / "ledger.parquet")
    accounts = accounts_of(report_frame(reports))
    told = accounts.join(reports.select("report_id", "document_id", "target"), on="report_id", maintain_order="left")
    told.select(COMPARED).write_parquet(args.folder / "reports.parquet")
    blocks = Blocks(accounts)
    pairs = pl.concat(map(blocks.pairs, blocks.days()))
    pairs.write_parquet(args.folder / "pairs.parquet")
    print(json.dumps({"seconds": {"all": seconds}, "pairs": pairs.height, "of_processors": worked, "peak_mb": peak}))


if __name__ == "__main__":
    main()
