"""The ledger's linkage done with splink, as its documentation teaches it: `python -m benchmarks.splink_side FOLDER`.

Reads `reports.parquet` and, if it is there, `pairs.parquet` (the pairs to score; else splink blocks by itself) in FOLDER,
trains without labels, scores, joins what reaches a threshold, and writes `found.parquet`: for each threshold a column with the
cluster of every report. Prints seconds by step, the number of pairs and the peak of memory as JSON.
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

THRESHOLDS = (0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999)
MEMORY = "2GB"
_SEED = 1
_GAP = '(greatest("first_l", "first_r") - least("last_l", "last_r"))'
_KM = (
    '(12742 * asin(sqrt(least(1.0, pow(sin(radians("latitude_r" - "latitude_l") / 2), 2) + cos(radians("latitude_l"))'
    ' * cos(radians("latitude_r")) * pow(sin(radians("longitude_r" - "longitude_l") / 2), 2)))))'
)


def settings() -> SettingsCreator:
    """What a pair is compared by. A level that holds comes before those below it; what a report leaves open says nothing."""
    overlap = '"killed_low_l" <= "killed_high_r" and "killed_low_r" <= "killed_high_l"'
    same = '"killed_low_l" = "killed_high_l" and "killed_low_l" = "killed_low_r" and "killed_high_l" = "killed_high_r"'
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
            '"country_l" is null or "country_r" is null',
            ("same place", f'"latitude_l" is not null and "latitude_r" is not null and {_KM} <= 2'),
            ("within 15 km", f'"latitude_l" is not null and "latitude_r" is not null and {_KM} <= 15'),
            ("within 50 km", f'"latitude_l" is not null and "latitude_r" is not null and {_KM} <= 50'),
            ("far", '"latitude_l" is not null and "latitude_r" is not null'),
            ("same governorate", '"admin1_l" = "admin1_r"'),
            ("same country", '"country_l" = "country_r" and ("admin1_l" is null or "admin1_r" is null)'),
        ),
        _comparison(
            "killed",
            '"killed_low_l" is null or "killed_low_r" is null',
            ("same, 10 or more", f'"killed_low_l" >= 10 and {same}'),
            ("same, 2 or more", f'"killed_low_l" >= 2 and {same}'),
            ("same", same),
            ("overlap", overlap),
            ("up to a half more", '1.5 * least("killed_low_l", "killed_low_r") >= greatest("killed_low_l", "killed_low_r")'),
        ),
        _comparison(
            "injured",
            '"injured_l" is null or "injured_r" is null',
            ("same, 10 or more", '"injured_l" = "injured_r" and "injured_l" >= 10'),
            ("same", '"injured_l" = "injured_r"'),
        ),
        _comparison("sentence", '"sentence_l" is null or "sentence_r" is null', ("same", '"sentence_l" = "sentence_r"')),
        *(cl.ExactMatch(c).configure(term_frequency_adjustments=True) for c in ("perpetrator_id", "target")),
        *(cl.ExactMatch(c) for c in ("victim_class", "event_type")),
    ]
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="report_id",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=[
            block_on("place_name", "first"),
            block_on("admin1", "first"),
            block_on("country", "first", "killed_low"),
            block_on("country", "week", "target", "killed_low"),
            block_on("sentence"),
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
    folder = parser.parse_args().folder
    logging.getLogger("splink").setLevel(logging.ERROR)
    seconds: dict[str, float] = {}
    start = time.perf_counter()

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
        [block_on("sentence"), block_on("place_name", "first", "killed_low", "target")], recall=0.4
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e7, seed=_SEED)
    for rule in (block_on("place_name", "first"), block_on("country", "killed_low", "injured")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule, max_pairs=2e6)
    done("train")
    if (folder / "pairs.parquet").exists():
        connection.execute(f"create table pairs as select * from '{folder}/pairs.parquet'")
        linker.table_management.register_blocked_pairs_for_predict(api.register("pairs"))
    scored = linker.inference.predict(threshold_match_probability=min(THRESHOLDS))
    done("score")
    clusters = []
    for threshold in THRESHOLDS:
        found = linker.clustering.cluster_pairwise_predictions_at_threshold(scored, threshold_match_probability=threshold)
        clusters.append((threshold, found.physical_name))
        done(f"cluster at {threshold}")
    columns = ", ".join(f'c{n}.cluster_id as "{threshold}"' for n, (threshold, _) in enumerate(clusters))
    joins = " ".join(f"join {table} c{n} using (report_id)" for n, (_, table) in enumerate(clusters))
    connection.execute(f"copy (select report_id, {columns} from reports {joins}) to '{folder}/found.parquet'")
    (pairs,) = connection.execute(f"select count(*) from {scored.physical_name}").fetchone()
    print(json.dumps({"seconds": seconds, "pairs": pairs, "peak_mb": peak_mb()}))


if __name__ == "__main__":
    main()
