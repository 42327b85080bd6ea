from datetime import date

import pyarrow as pa
import pytest

from include.datasets.catalogue import CATALOGUE, INCIDENTS, MONTHLY_TALLIES, REPORTS
from include.datasets.ids import content_id
from include.datasets.schema import COUNT, Column, Dataset, DatasetError, month_of
from tests.datasets.rows import NO_INCIDENTS

TALLY = NO_INCIDENTS | {"month": 4, "n_incidents": 1, "n_weak": 1}

FLAGGED = Dataset(
    name="flagged",
    grain="one thing",
    columns=(Column("id", COUNT, "Its number.", required=True), next(c for c in INCIDENTS.columns if c.name == "flags")),
    key=("id",),
    partitions=(),
    written="once",
)


def refusal(dataset, rows):
    with pytest.raises(DatasetError) as caught:
        dataset.table(rows)
    return str(caught.value)


def test_a_missing_nullable_column_is_null():
    table = MONTHLY_TALLIES.table([TALLY])
    assert table.column("killed_low").to_pylist() == [None]
    assert table.schema.equals(MONTHLY_TALLIES.schema, check_metadata=True)


def test_an_unknown_column_is_named_with_the_valid_ones():
    message = refusal(MONTHLY_TALLIES, [TALLY | {"deaths": 3}])
    assert "row 0" in message and "deaths" in message and "killed_best" in message


def test_a_required_column_that_is_missing_is_named():
    assert "row 1 has no n_incidents" in refusal(MONTHLY_TALLIES, [TALLY, TALLY | {"month": 5, "n_incidents": None}])


def test_a_value_outside_the_choices_is_answered_with_the_choices():
    message = refusal(MONTHLY_TALLIES, [TALLY | {"victim_class": "soldiers"}])
    assert "'soldiers'" in message and "state_forces" in message


def test_an_item_of_a_list_outside_the_choices_is_answered_with_the_choices():
    with pytest.raises(DatasetError, match=r"flags=\['toll_fell', 'odd'\]; valid are background_only"):
        FLAGGED.table([{"id": i, "flags": flags} for i, flags in enumerate((["republished"], [], None, ["toll_fell", "odd"]))])


def test_a_value_of_the_wrong_type_is_named():
    assert "n_weak='many'" in refusal(MONTHLY_TALLIES, [TALLY | {"n_weak": "many"}])


@pytest.mark.parametrize("low, best, high", [(3, 2, None), (None, 5, 4), (-1, None, None), (9, None, 3)])
def test_a_range_with_its_bounds_out_of_order_is_refused(low, best, high):
    message = refusal(MONTHLY_TALLIES, [TALLY | {"killed_low": low, "killed_best": best, "killed_high": high}])
    assert "killed low/best/high" in message


def test_two_rows_of_one_key_are_refused():
    assert "rows 0 and 1 have the same key" in refusal(MONTHLY_TALLIES, [TALLY, TALLY])


def test_rows_are_sorted_whatever_order_they_come_in():
    rows = [TALLY | {"month": m, "country": c} for m in (3, 1, 2) for c in ("SYR", None, "IRQ")]
    assert MONTHLY_TALLIES.table(rows).equals(MONTHLY_TALLIES.table(reversed(rows)))


@pytest.mark.parametrize("dataset", CATALOGUE.values(), ids=CATALOGUE)
def test_every_dataset_is_described_and_consistent(dataset):
    in_files = {c.name for c in dataset.columns}
    assert len(in_files) == len(dataset.columns)
    assert in_files.isdisjoint(c.name for c in dataset.partitions), "a partition column stands only in the path"
    assert in_files.issuperset(dataset.key) and in_files.issuperset(dataset.sort)
    for column in (*dataset.columns, *dataset.partitions):
        assert column.description.endswith("."), f"{column.name} has no sentence that describes it"
        if pa.types.is_integer(column.type) and column.name.endswith(("_low", "_best", "_high")):
            assert column.unit, f"{column.name} counts something; say what"


def test_the_schema_carries_descriptions_and_units_into_the_file():
    field = REPORTS.schema.field("killed_low")
    assert field.metadata[b"unit"] == b"people" and b"Lowest number" in field.metadata[b"description"]
    assert INCIDENTS.schema.metadata[b"dataset"] == b"incidents"


def test_ids_are_the_same_whatever_order_the_content_is_given_in():
    assert content_id("report", url="u", sentence="s", occurrence=0) == content_id(
        "report", occurrence=0, sentence="s", url="u"
    )
    assert content_id("report", url="u", sentence="s", occurrence=0) != content_id(
        "report", url="u", sentence="s", occurrence=1
    )


def test_an_id_survives_text_that_is_no_valid_unicode():
    assert content_id("report", sentence="\ud800").startswith("report-")


def test_the_month_of_no_day_is_undated():
    assert month_of(date(2022, 4, 11)) == "2022-04" and month_of(None) == "undated"


def test_a_table_is_checked_and_sorted_as_rows_are():
    rows = [TALLY | {"month": m, "country": c, "killed_low": m} for m in (3, 1, 2) for c in ("SYR", None)]
    table = MONTHLY_TALLIES.table(rows)
    shuffled = table.take([3, 1, 5, 0, 2, 4]).select(["killed_low", "month", "country", *list(TALLY)[1:]])
    assert MONTHLY_TALLIES.table(shuffled).equals(table)


@pytest.mark.parametrize(
    ("column", "values", "told"),
    [
        ("n_incidents", [1, None], "row 1 has no n_incidents"),
        ("victim_class", ["mixed", "soldiers"], "row 1 has victim_class='soldiers'"),
        ("killed_low", [None, -1], "row 1 has killed low/best/high"),
        ("month", [4, 4], "rows 0 and 1 have the same key"),
        ("n_weak", ["one", "many"], "n_weak does not fit its type, int32"),
        ("deaths", [1, 2], "the table has unknown columns ['deaths']"),
    ],
)
def test_a_table_that_does_not_fit_is_refused_as_rows_are(column, values, told):
    columns = {name: [value, value] for name, value in TALLY.items()} | {"month": [4, 5], column: values}
    assert told in refusal(MONTHLY_TALLIES, pa.table(columns))
