"""How a command's answer reaches the reader: a table on the terminal, or JSON lines."""

import json
import sys
from collections.abc import Iterable, Mapping
from typing import Any

WIDTH = 140
"""Columns of a table that no terminal shows."""


def console(width: int = WIDTH):
    """The terminal to print tables on. A pipe or a file has no width, and a table must not be cut there: it gets `width`."""
    from rich.console import Console

    return Console(width=None if sys.stdout.isatty() else width, highlight=False)


def print_json(rows: Iterable[Mapping[str, Any]]) -> None:
    """Print each row as a line of JSON, days and instants in ISO form."""
    for row in rows:
        print(json.dumps(row, ensure_ascii=False, default=str))
