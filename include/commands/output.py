"""How a command's answer reaches the reader: a table on the terminal, or JSON lines."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from include.plain import COMMANDS, plain

if TYPE_CHECKING:
    from rich.table import Table

WIDTH = 140
"""Columns of a table that no terminal shows."""


def console(width: int = WIDTH):
    """The terminal to print tables on. A pipe or a file has no width, and a table must not be cut there: it gets `width`.
    Brackets in what people and pages wrote are text, and no markup.
    """
    from rich.console import Console
    from rich.segment import Segment

    class Plain(Console):
        """Shows what was written as it is, and never does what it says."""

        def render(self, *args: Any, **options: Any) -> Iterator[Segment]:
            for segment in super().render(*args, **options):
                yield segment if segment.control else Segment(plain(segment.text), segment.style)

    return Plain(width=None if sys.stdout.isatty() else width, highlight=False, markup=False)


def grid(title: str) -> "Table":
    """An empty table in the style of all."""
    from rich import box
    from rich.table import Table

    return Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))


def show(terminal, table: "Table", spare: Sequence[str] = ()) -> None:
    """Print a table so that no figure and no word is cut: where it is too wide for that, without columns of `spare`, the last
    of them first, which a line below names.
    """
    left_out = []
    for name in reversed(spare):
        if _fits(terminal, table):
            break
        for column in [column for column in table.columns if column.header == name]:
            table.columns.remove(column)
            left_out.append(name.replace("-\n", "").replace("\n", " "))
    if not _fits(terminal, table):
        table.width = _least_width(terminal, table)
    terminal.print(table, crop=False)
    if left_out:
        terminal.print(f"Too narrow for {', '.join(reversed(left_out))}: widen the window, or use --json.", style="dim")


def _fits(terminal, table: "Table") -> bool:
    """Give each column the width of its longest word (of its longest line, where it must not wrap), and its share of what is
    left; whether the terminal is as wide as that.
    """
    from rich.cells import cell_len

    wanted = []
    for column in table.columns:
        lines = [line for cell in (column.header, *column.cells) for line in str(getattr(cell, "plain", cell)).split("\n")]
        whole = lines if column.no_wrap else [word for line in lines for word in line.split()]
        column.width = max(column.min_width or 0, 1, *map(cell_len, whole))
        wanted.append(max(0, *map(cell_len, lines)) - column.width)
    left = terminal.width - _least_width(terminal, table)
    wanted = [max(0, more) for more in wanted]
    for column, more in zip(table.columns, wanted, strict=True):
        column.width += min(more, max(0, left) * more // max(1, sum(wanted)))
    return left >= 0


def _least_width(terminal, table: "Table") -> int:
    from rich.measure import Measurement

    return Measurement.get(terminal, terminal.options.update(width=10_000), table).minimum


def print_json(rows: Iterable[Mapping[str, Any]]) -> None:
    """Print each row as a line of JSON, days and instants in ISO form, and no character that commands a terminal."""
    for row in rows:
        print(COMMANDS.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(row, ensure_ascii=False, default=str)))
