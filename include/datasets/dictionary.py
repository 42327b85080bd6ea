"""The data dictionary as Markdown, from the definitions of the datasets. `python -m include.datasets.dictionary` prints it."""

import pyarrow as pa

from include.datasets.catalogue import CATALOGUE
from include.datasets.schema import SCHEMA_VERSION, Column, Dataset


def dictionary() -> str:
    """The Markdown text of docs/DATA_DICTIONARY.md."""
    head = [
        "# Data dictionary",
        "",
        "Generated from `include/datasets/catalogue.py` by `make docs`; do not edit.",
        "",
        f"Schema version {SCHEMA_VERSION}. Every dataset is Hive-partitioned Parquet (Zstandard) under the lake's root. "
        "Partition columns stand in the folder names. Null means not stated; 0 means that the text says none.",
        "",
        "| dataset | a row is | partitioned by | written |",
        "|---|---|---|---|",
        *(
            f"| [{d.name}](#{d.name}) | {d.grain} | {', '.join(f'`{c.name}`' for c in d.partitions)} | {d.written} |"
            for d in CATALOGUE.values()
        ),
    ]
    return "\n".join([*head, *(line for d in CATALOGUE.values() for line in _dataset(d))]) + "\n"


def _dataset(dataset: Dataset) -> list[str]:
    return [
        "",
        f"## {dataset.name}",
        "",
        f"A row is {dataset.grain}. Key: {', '.join(f'`{k}`' for k in dataset.key)}.",
        *(line for caveat in dataset.caveats for line in ("", f"- {caveat}")),
        "",
        "| column | type | unit | meaning |",
        "|---|---|---|---|",
        *(_row(c, "partition") for c in dataset.partitions),
        *(_row(c) for c in dataset.columns),
    ]


def _row(column: Column, note: str = "") -> str:
    kind = " ".join(filter(None, [_type(column), "not null" if column.required else "", note]))
    choices = (
        f" {'Any' if pa.types.is_list(column.type) else 'One'} of {', '.join(f'`{v}`' for v in column.values)}."
        if column.values
        else ""
    )
    return f"| `{column.name}` | {kind} | {column.unit or ''} | {column.description}{choices} |"


def _type(column: Column) -> str:
    return str(column.type).replace("element: ", "").replace("item: ", "").replace("|", "\\|")


if __name__ == "__main__":
    print(dictionary(), end="")
