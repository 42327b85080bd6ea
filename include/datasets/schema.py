"""What a dataset is: its columns, types, units, key and partitions, said once.

From a :class:`Dataset` come the Arrow schema (with a description and a unit on every field), the checks that the writer
makes, and the data dictionary.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, reduce
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

SCHEMA_VERSION = "6"
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

EFFECTS = pa.list_(
    pa.struct(
        [
            pa.field("year", COUNT),
            pa.field("month", COUNT),
            pa.field("country", pa.string()),
            pa.field("admin1", pa.string()),
            pa.field("perpetrator", pa.string()),
            pa.field("victim_class", pa.string()),
            pa.field("n_incidents", COUNT),
            pa.field("killed_low", COUNT),
            pa.field("killed_high", COUNT),
            pa.field("injured_low", COUNT),
            pa.field("injured_high", COUNT),
        ]
    )
)
"""What a doubt means for the rows of monthly_tallies, each named by its key: how many incidents of the row are in doubt, by how
much its killed and injured would fall (low, not above 0) and rise (high, not below 0)."""


CAUSES = pa.list_(pa.struct([pa.field("kind", pa.string()), pa.field("id", pa.string())]))
"""Why something changed: `kind` of cause, and the `id` of the report or decision, or the name of the rules."""


class DatasetError(ValueError):
    """Rows that do not fit their dataset. The message names the dataset, the row, the column and the valid choices."""


@dataclass(frozen=True)
class Column:
    """One column: Arrow type, meaning, unit, and what it (in a column of lists, each item) may hold."""

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

    @cached_property
    def schema(self) -> pa.Schema:
        """The Arrow schema of a file (partition columns are in its path)."""
        metadata = {"dataset": self.name, "schema_version": SCHEMA_VERSION, "grain": self.grain}
        return pa.schema([c.field() for c in self.columns], metadata=metadata)

    @cached_property
    def ranges(self) -> tuple[str, ...]:
        """Stems of the range columns: `killed` where killed_low, killed_best and killed_high are columns."""
        names = {c.name for c in self.columns}
        return tuple(
            n.removesuffix("_low") for n in sorted(names) if n.endswith("_low") and {n[:-3] + "best", n[:-3] + "high"} <= names
        )

    def whole(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """The row with all columns of a file, in their order; what it does not state is null."""
        return {c.name: row.get(c.name) for c in self.columns}

    def table(self, rows: Iterable[Mapping[str, Any]] | pa.Table) -> pa.Table:
        """The rows as a sorted Arrow table of this dataset's schema.

        A missing nullable column is null. Raises :class:`DatasetError` for an unknown or missing column, a value of the wrong
        type or outside the column's choices, a range whose bounds are out of order, or a repeated key.
        """
        table = self._of_table(rows) if isinstance(rows, pa.Table) else self._of_rows(list(rows))
        for column in self.columns:
            self._check_column(column, table[column.name])
        for stem in self.ranges:
            self._check_range(stem, table)
        order = [(name, "ascending", "at_start") for name in dict.fromkeys((*self.sort, *self.key))]
        places = pc.sort_indices(table, sort_keys=order)
        is_in_order = places.equals(pa.arange(0, len(table)).cast(places.type))
        in_order = table.combine_chunks() if is_in_order else table.take(places)
        # Where rows are in the order of their key, two of one key are neighbours.
        if not {*self.sort} <= {*self.key} or _neighbours_alike(in_order.select(self.key)):
            self._check_key(table)
        return in_order

    def _of_rows(self, rows: list[Mapping[str, Any]]) -> pa.Table:
        names = set(self.schema.names)
        for i, row in enumerate(rows):
            if not row.keys() <= names:
                self._unknown(f"row {i}", row.keys())
        try:
            return pa.Table.from_pylist(rows, schema=self.schema)
        except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError) as error:
            raise DatasetError(f"{self.name}: a value does not fit its column's type: {self._misfit(rows) or error}") from error

    def _of_table(self, table: pa.Table) -> pa.Table:
        if not set(table.column_names) <= set(self.schema.names):
            self._unknown("the table", table.column_names)
        columns = []
        for field in self.schema:
            try:
                column = table[field.name] if field.name in table.column_names else pa.nulls(len(table), field.type)
                columns.append(column.cast(field.type))
            except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
                raise DatasetError(f"{self.name}: {field.name} does not fit its type, {field.type}: {error}") from error
        return pa.Table.from_arrays(columns, schema=self.schema)

    def _unknown(self, what: str, columns: Iterable[str]) -> None:
        unknown = sorted(set(columns) - set(self.schema.names))
        raise DatasetError(f"{self.name}: {what} has unknown columns {unknown}; the columns are {sorted(self.schema.names)}")

    def _check_column(self, c: Column, values: pa.ChunkedArray) -> None:
        if c.required and values.null_count:
            i = _first(values.is_null())
            raise DatasetError(f"{self.name}: row {i} has no {c.name}, which every row must have ({c.description})")
        if c.values is not None:
            items = pc.list_flatten(values) if pa.types.is_list(c.type) else values
            i = _first(pc.invert(pc.is_in(items, pa.array([*c.values, None], type=items.type))))
            if i is not None:
                if items is not values:
                    i = pc.list_parent_indices(values.combine_chunks())[i].as_py()
                raise DatasetError(f"{self.name}: row {i} has {c.name}={values[i].as_py()!r}; valid are {', '.join(c.values)}")

    def _check_range(self, stem: str, table: pa.Table) -> None:
        low, best, high = bounds = [table[f"{stem}_{b}"] for b in ("low", "best", "high")]
        wrong = [pc.less(b, 0) for b in bounds] + [pc.greater(a, b) for a, b in ((low, best), (best, high), (low, high))]
        found = [i for i in map(_first, wrong) if i is not None]
        if found:
            stated = [v for v in (b[min(found)].as_py() for b in bounds) if v is not None]
            raise DatasetError(
                f"{self.name}: row {min(found)} has {stem} low/best/high = {stated}; want 0 <= low <= best <= high"
            )

    def _check_key(self, table: pa.Table) -> None:
        numbered = table.select(self.key).append_column("_row", pa.array(range(len(table)), type=pa.int64()))
        rows = numbered.group_by(list(self.key)).aggregate([("_row", "min"), ("_row", "max"), ("_row", "count")])
        repeated = rows.filter(pc.greater(rows["_row_count"], 1)).sort_by("_row_min").slice(0, 1).to_pylist()
        for row in repeated:
            key = {name: row[name] for name in self.key}
            raise DatasetError(f"{self.name}: rows {row['_row_min']} and {row['_row_max']} have the same key {key}")

    def _misfit(self, rows: list[Mapping[str, Any]]) -> str | None:
        for c in self.columns:
            for i, row in enumerate(rows):
                try:
                    pa.array([row.get(c.name)], type=c.type)
                except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
                    return f"row {i} has {c.name}={row.get(c.name)!r}; want {c.type}"
        return None


def _neighbours_alike(table: pa.Table) -> bool:
    """Whether a row may be as the one before it; where one has a null, it may."""
    alike = (pc.fill_null(pc.equal(column[1:], column[:-1]), True) for column in table.columns)
    return bool(pc.any(reduce(pc.and_, alike)).as_py())


def _first(wrong: pa.ChunkedArray) -> int | None:
    """The index of the first true value; None if there is none."""
    i = pc.index(wrong, True).as_py()
    return None if i < 0 else i
