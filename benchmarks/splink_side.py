"""The ledger's linkage done with splink, as its documentation teaches it: `python -m benchmarks.splink_side FOLDER`.

Reads `reports.parquet` (what the ledger compares of each report, see linkage_side.py) and, unless `--own-blocking` is given,
`pairs.parquet`, the pairs to score. Trains without labels, scores, joins what reaches a threshold, and writes
`splink.parquet`: for each threshold a column with the cluster of every report. Prints seconds by step, the number of pairs
and the peak of memory as JSON.
"""

import argparse
import json
import logging
import time
from pathlib import Path

import duckdb
import splink.comparison_level_library as cll
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

from benchmarks.side import peak_mb

THRESHOLDS = (0.5, 0.9, 0.95, 0.98, 0.99, 0.999)
MEMORY = "2GB"
_SEED = 1
_GAP = '(greatest("first_l", "first_r") - least("last_l", "last_r"))'
_KM = (
    '(12742 * asin(sqrt(least(1.0, pow(sin(radians("latitude_r" - "latitude_l") / 2), 2) + cos(radians("latitude_l"))'
    ' * cos(radians("latitude_r")) * pow(sin(radians("longitude_r" - "longitude_l") / 2), 2)))))'
)


def settings() -> SettingsCreator:
    """What a pair is compared by. A level that holds comes before those below it; what a report leaves open says nothing."""
    overlap = '"killed_from_l" <= "killed_to_r" and "killed_from_r" <= "killed_to_l"'
    same = '"killed_from_l" = "killed_to_l" and "killed_from_l" = "killed_from_r" and "killed_to_l" = "killed_to_r"'
    located = '"latitude_l" is not null and "latitude_r" is not null'
    comparisons = [
        _comparison(
            "days",
            '"first_l" is null or "first_r" is null',
            ("same day", f'{_GAP} = 0 and "first_l" = "last_l" and "first_r" = "last_r"'),
            ("overlap within a week", f'{_GAP} <= 0 and "last_l" - "first_l" <= 7 and "last_r" - "first_r" <= 7'),
            ("overlap", f"{_GAP} <= 0"),
            ("a day apart", f"{_GAP} = 1"),
        ),
        _comparison(
            "place",
            '"country_key_l" is null or "country_key_r" is null',
            ("same place", f"{located} and {_KM} <= 2"),
            ("within 15 km", f"{located} and {_KM} <= 15"),
            ("within 50 km", f"{located} and {_KM} <= 50"),
            ("far", located),
            ("same governorate", '"admin1_key_l" = "admin1_key_r"'),
            ("same country", '"country_key_l" = "country_key_r" and ("admin1_key_l" is null or "admin1_key_r" is null)'),
        ),
        _comparison(
            "killed",
            '"killed_from_l" is null or "killed_from_r" is null',
            ("same, 10 or more", f'"killed_from_l" >= 10 and {same}'),
            ("same, 2 or more", f'"killed_from_l" >= 2 and {same}'),
            ("same", same),
            ("overlap", overlap),
            (
                "up to a half more",
                '1.5 * least("killed_from_l", "killed_from_r") >= greatest("killed_from_l", "killed_from_r")',
            ),
        ),
        _comparison(
            "injured",
            '"injured_from_l" is null or "injured_from_r" is null',
            ("same, 10 or more", '"injured_from_l" = "injured_from_r" and "injured_from_l" >= 10'),
            ("same", '"injured_from_l" = "injured_from_r"'),
        ),
        _comparison(
            "sentence", '"sentence_key_l" is null or "sentence_key_r" is null', ("same", '"sentence_key_l" = "sentence_key_r"')
        ),
        *(cl.ExactMatch(c).configure(term_frequency_adjustments=True) for c in ("perpetrator_key", "target")),
        *(cl.ExactMatch(c) for c in ("victims", "type")),
    ]
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="i",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=[
            block_on("place_key", "first"),
            block_on("admin1_key", "first"),
            block_on("country_key", "first", "killed_from"),
            block_on("country_key", "target", "killed_from"),
            block_on("sentence_key"),
        ],
        retain_matching_columns=False,
    )


def _comparison(name: str, nothing: str, *levels: tuple[str, str]) -> cl.CustomComparison:
    return cl.CustomComparison(
        output_column_name=name,
        comparison_levels=[
            cll.CustomLevel(nothing, "not stated").configure(is_null_level=True),
            *(cll.CustomLevel(sql, label) for label, sql in levels),
            cll.ElseLevel(),
        ],
    )


def main() -> None:
    """Link the reports of the folder that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--own-blocking", action="store_true")
    args = parser.parse_args()
    folder = args.folder
    logging.getLogger("splink").setLevel(logging.ERROR)
    seconds: dict[str, float] = {}
    start, worked = time.perf_counter(), time.process_time()

    def done(step: str) -> None:
        nonlocal start
        seconds[step] = time.perf_counter() - start
        start = time.perf_counter()

    connection = duckdb.connect()
    connection.execute(f"set memory_limit = '{MEMORY}'; set temp_directory = '{folder}/spill'; set threads = 2")
    api = DuckDBAPI(connection=connection)
    connection.execute(f"create table reports as select * from '{folder}/reports.parquet'")
    linker = Linker(api.register("reports"), settings(), log_level=None)
    done("read")
    linker.training.estimate_probability_two_random_records_match(
        [block_on("sentence_key"), block_on("place_key", "first", "killed_from", "target")], recall=0.4
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e7, seed=_SEED)
    for rule in (block_on("place_key", "first"), block_on("country_key", "killed_from", "injured_from")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule, max_pairs=2e6)
    done("train")
    if args.own_blocking:
        blocked = linker.inference.compute_blocked_pairs_for_predict()
    else:
        named = "a as join_key_l, b as join_key_r, 0 as match_key"
        connection.execute(f"create table pairs as select {named} from '{folder}/pairs.parquet'")
        blocked = linker.table_management.register_blocked_pairs_for_predict(api.register("pairs"))
    ((pairs,),) = connection.execute(f"select count(*) from {blocked.physical_name}").fetchall()
    done("block")
    scored = linker.inference.predict(threshold_match_probability=min(THRESHOLDS))
    done("score")
    clusters = []
    for threshold in THRESHOLDS:
        found = linker.clustering.cluster_pairwise_predictions_at_threshold(scored, threshold_match_probability=threshold)
        clusters.append((threshold, found.physical_name))
    done("cluster")
    seconds["cluster"] /= len(THRESHOLDS)  # a user clusters once
    columns = ", ".join(f'c{n}.cluster_id as "{threshold}"' for n, (threshold, _) in enumerate(clusters))
    joins = " ".join(f"join {table} c{n} using (i)" for n, (_, table) in enumerate(clusters))
    connection.execute(f"copy (select reports.report_id, {columns} from reports {joins}) to '{folder}/splink.parquet'")
    print(json.dumps({"seconds": seconds, "pairs": pairs, "of_processors": time.process_time() - worked, "peak_mb": peak_mb()}))


if __name__ == "__main__":
    main()
