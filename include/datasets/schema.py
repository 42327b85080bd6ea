"""What a dataset is: its columns, types, units, key and partitions, said once.

From a :class:`Dataset` come the Arrow schema (with a description and a unit on every field), the checks that the writer
makes, and the data dictionary.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa

SCHEMA_VERSION = "2"
"""Version of all dataset schemas together; stored in every file's metadata."""

UNDATED = "undated"
"""Partition value of a text month that is not known. Hive's null partition is not used: pyarrow cannot read a dataset that
holds nothing else. Numbered years and months that are not known are 0."""

COUNT = pa.int32()
DAY = pa.date32()
INSTANT = pa.timestamp("us", tz="UTC")
TEXT = pa.string()
TEXTS = pa.list_(pa.string())
EVIDENCE = pa.list_(
    pa.struct(
        [
            pa.field("field", pa.string()),
            pa.field("phrase", pa.string()),
            pa.field("part", pa.string()),
            pa.field("start", pa.int32()),
            pa.field("end", pa.int32()),
            pa.field("rule", pa.string()),
        ]
    )
)
"""The receipt of a value: `field` names the column, `phrase` the words, `part` where they stand (title or text),
`start` and `end` their character span there (code points, end exclusive), `rule` the rule that read them."""

GROUPS = pa.list_(
    pa.struct(
        [
            pa.field("measure", pa.string()),
            pa.field("victim_class", pa.string()),
            pa.field("attackers", pa.bool_()),
            pa.field("low", COUNT),
            pa.field("best", COUNT),
            pa.field("high", COUNT),
        ]
    )
)
"""The people hurt by side: `measure` (killed, injured or casualties), the class of the victims, `attackers` where they are the
attackers' own, and how many as a range."""


class DatasetError(ValueError):
    """Rows that do not fit their dataset. The message names the dataset, the row, the column and the valid choices."""


@dataclass(frozen=True)
class Column:
    """One column: Arrow type, meaning, unit, and what it may hold."""

    name: str
    type: pa.DataType
    description: str
    unit: str | None = None
    required: bool = False
    values: tuple[str, ...] | None = None

    def field(self) -> pa.Field:
        """The Arrow field, its description and unit in the metadata."""
        metadata = {"description": self.description} | ({"unit": self.unit} if self.unit else {})
        return pa.field(self.name, self.type, nullable=not self.required, metadata=metadata)


def month_of(day: date | None) -> str:
    """The text month, YYYY-MM, that partitions a row of this day; UNDATED for none."""
    return UNDATED if day is None else f"{day:%Y-%m}"


def bounds(measure: str, what: str, unit: str = "people") -> tuple[Column, Column, Column]:
    """The three columns of a count that is a range: `<measure>_low`, `_best`, `_high`."""
    return (
        Column(f"{measure}_low", COUNT, f"Lowest number of {what} that the words allow; null: not stated.", unit),
        Column(f"{measure}_best", COUNT, f"Number of {what} that the words give; null: they give none.", unit),
        Column(f"{measure}_high", COUNT, f"Highest number of {what} that the words allow; null: no upper bound stated.", unit),
    )


@dataclass(frozen=True)
class Dataset:
    """A dataset: one row's meaning, its columns, its key and how its files are partitioned.

    `partitions` are columns that stand in the folder names (Hive style) and not in the files. `sort` orders the rows of a
    file, so that the same rows are always the same bytes.
    """

    name: str
    grain: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    partitions: tuple[Column, ...]
    written: str
    sort: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()

    @property
    def schema(self) -> pa.Schema:
        """The Arrow schema of a file (partition columns are in its path)."""
        metadata = {"dataset": self.name, "schema_version": SCHEMA_VERSION, "grain": self.grain}
        return pa.schema([c.field() for c in self.columns], metadata=metadata)

    @property
    def ranges(self) -> tuple[str, ...]:
        """Stems of the range columns: `killed` where killed_low, killed_best and killed_high are columns."""
        names = {c.name for c in self.columns}
        return tuple(
            n.removesuffix("_low") for n in sorted(names) if n.endswith("_low") and {n[:-3] + "best", n[:-3] + "high"} <= names
        )

    def whole(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """The row with all columns of a file, in their order; what it does not state is null."""
        return {c.name: row.get(c.name) for c in self.columns}

    def table(self, rows: Iterable[Mapping[str, Any]]) -> pa.Table:
        """The rows as a sorted Arrow table of this dataset's schema.

        A missing key of a nullable column is null. Raises :class:`DatasetError` for an unknown or missing column, a value
        of the wrong type or outside the column's choices, a range whose bounds are out of order, or a repeated key.
        """
        rows = list(rows)
        for i, row in enumerate(rows):
            self._check(i, row)
        self._check_keys(rows)
        rows.sort(key=lambda row: tuple(_ordered(row.get(c)) for c in (*self.sort, *self.key)))
        try:
            return pa.Table.from_pylist(rows, schema=self.schema)
        except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError) as error:
            raise DatasetError(f"{self.name}: a value does not fit its column's type: {self._misfit(rows) or error}") from error

    def _check(self, i: int, row: Mapping[str, Any]) -> None:
        names = {c.name for c in self.columns}
        if unknown := sorted(row.keys() - names):
            raise DatasetError(f"{self.name}: row {i} has unknown columns {unknown}; the columns are {sorted(names)}")
        for c in self.columns:
            value = row.get(c.name)
            if value is None:
                if c.required:
                    raise DatasetError(f"{self.name}: row {i} has no {c.name}, which every row must have ({c.description})")
            elif c.values is not None and value not in c.values:
                raise DatasetError(f"{self.name}: row {i} has {c.name}={value!r}; valid are {', '.join(c.values)}")
        for stem in self.ranges:
            stated = [v for v in (row.get(f"{stem}_{b}") for b in ("low", "best", "high")) if v is not None]
            if stated != sorted(stated) or any(v < 0 for v in stated):
                raise DatasetError(f"{self.name}: row {i} has {stem} low/best/high = {stated}; want 0 <= low <= best <= high")

    def _check_keys(self, rows: list[Mapping[str, Any]]) -> None:
        seen: dict[tuple, int] = {}
        for i, row in enumerate(rows):
            key = tuple(row.get(k) for k in self.key)
            if key in seen:
                raise DatasetError(
                    f"{self.name}: rows {seen[key]} and {i} have the same key {dict(zip(self.key, key, strict=True))}"
                )
            seen[key] = i

    def _misfit(self, rows: list[Mapping[str, Any]]) -> str | None:
        for c in self.columns:
            for i, row in enumerate(rows):
                try:
                    pa.array([row.get(c.name)], type=c.type)
                except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
                    return f"row {i} has {c.name}={row.get(c.name)!r}; want {c.type}"
        return None


def _ordered(value: Any) -> tuple:
    """A sort key that puts nulls first and compares only like with like."""
    return (value is not None, value if value is not None else 0)
