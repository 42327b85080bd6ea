"""How a command's answer reaches the reader: a table on the terminal, or JSON lines."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rich.table import Table

WIDTH = 140
"""Columns of a table that no terminal shows."""


def console(width: int = WIDTH):
    """The terminal to print tables on. A pipe or a file has no width, and a table must not be cut there: it gets `width`.
    Brackets in what people and pages wrote are text, and no markup.
    """
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else width, highlight=False, markup=False)


def grid(title: str) -> "Table":
    """An empty table in the style of all."""
    from rich import box
    from rich.table import Table

    return Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))


def show(terminal, table: "Table", spare: Sequence[str] = ()) -> None:
    """Print a table so that no figure is cut: where it is too wide, without columns of `spare`, the last of them first, which a
    line below names.
    """
    from rich.cells import cell_len
    from rich.measure import Measurement

    for column in table.columns:
        if column.no_wrap:
            cells = (str(getattr(cell, "plain", cell)) for cell in column.cells)
            lines = [line for cell in (str(column.header), *cells) for line in cell.split("\n")]
            column.min_width = max(cell_len(line) for line in lines)

    def least() -> int:
        return Measurement.get(terminal, terminal.options.update(width=10_000), table).minimum

    left_out = []
    for name in reversed(spare):
        if least() <= terminal.width:
            break
        for column in [column for column in table.columns if column.header == name]:
            table.columns.remove(column)
            left_out.append(name.replace("-\n", "").replace("\n", " "))
    if least() > terminal.width:
        table.width = least()
    terminal.print(table, crop=False)
    if left_out:
        terminal.print(f"Too narrow for {', '.join(reversed(left_out))}: widen the window, or use --json.", style="dim")


def print_json(rows: Iterable[Mapping[str, Any]]) -> None:
    """Print each row as a line of JSON, days and instants in ISO form."""
    for row in rows:
        print(json.dumps(row, ensure_ascii=False, default=str))
