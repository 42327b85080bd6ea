"""Batches: what a stage has made of each batch, kept beside the data.

A stage (clean, extract) turns one batch of files into others. When all of them are written it leaves a record,
`_stages/<stage>/<batch>.json`. What is pending is derived from the records, the way make derives it from files: a batch
without a record, with one of another version of the stage or of other input, or with an output that is gone. Lost events,
retries, killed tasks and new versions all heal by that one rule.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from include.datasets.lake import Lake, partition_of
from include.datasets.schema import Dataset


def record_path(stage: str, batch: str) -> str:
    """Where the record of a batch stands in the lake."""
    return f"_stages/{stage}/{batch}.json"


def records(lake: Lake, stage: str) -> dict[str, dict[str, Any]]:
    """All records of a stage by batch name."""
    paths = lake.find(f"_stages/{stage}", ".json")
    return {p.rsplit("/", 1)[1].removesuffix(".json"): lake.read_json(p) for p in paths}


def outputs(lake: Lake, stage: str) -> dict[str, str]:
    """The hashes of all files that a stage wrote, by path, as its records have them: nothing is read but these."""
    return {path: sha for record in records(lake, stage).values() for path, sha in record["outputs"].items()}


def hashes(lake: Lake, stage: str, dataset: Dataset) -> dict[str, str]:
    """The hash of each file of a dataset that a stage writes, by path, as its records have it; "" where none tells of it."""
    told = outputs(lake, stage)
    return {path: told.get(path, "") for path in lake.files(dataset)}


def months(done: Iterable[Mapping[str, Any]]) -> list[str]:
    """The months of publication that the files in some records belong to, sorted."""
    return sorted({partition_of(path)["published_month"] for record in done for path in record["outputs"]})


def fingerprint(record: Mapping[str, Any]) -> str:
    """The input that a record is to the next stage: it changes when the version, the input or the rows of the batch do."""
    return hashlib.sha256(json.dumps(record, sort_keys=True).encode()).hexdigest()


def pending(lake: Lake, stage: str, version: str, inputs: Mapping[str, str], outputs_in: Iterable[str]) -> list[str]:
    """The batches that the stage still has to do, sorted.

    `inputs` gives each batch's input (a path or a fingerprint), `outputs_in` the names of the datasets that the stage writes.
    """
    done = records(lake, stage)
    there = {p for name in outputs_in for p in lake.find(name, ".parquet")}

    def is_done(batch: str) -> bool:
        record = done.get(batch)
        return (
            record is not None
            and record["version"] == version
            and record["input"] == inputs[batch]
            and there.issuperset(record["outputs"])
        )

    return sorted(batch for batch in inputs if not is_done(batch))


def finish(
    lake: Lake,
    stage: str,
    version: str,
    batch: str,
    *,
    source: str,
    outputs: Iterable[str],
    counts: Mapping[str, int],
    problems: Iterable[str] = (),
) -> dict[str, Any]:
    """Record that the stage has done a batch, and return the record.

    `source` is the input as :func:`pending` gets it, `outputs` the paths written. Files that an earlier version wrote for
    the batch and this one did not are removed first, so that no row of theirs lives on.
    """
    record = {
        "batch": batch,
        "version": version,
        "input": source,
        "outputs": {path: lake.sha256(path) for path in sorted(outputs)},
        "counts": dict(counts),
        "problems": list(problems),
    }
    earlier = lake.read_json(record_path(stage, batch)) or {"outputs": {}}
    for path in earlier["outputs"].keys() - record["outputs"].keys():
        lake.remove(path)
    lake.write_json(record_path(stage, batch), record)
    return record
