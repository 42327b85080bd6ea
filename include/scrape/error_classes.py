"""How tables that go by error class are read: what has no entry of its own shares one."""

from collections.abc import Mapping
from typing import TypeVar

_T = TypeVar("_T")


def names_of(error_class: str | None) -> tuple[str, ...]:
    """The names under which an error class is known: its own, for a status (`http_503`) that of its first digit (`http_5`)."""
    if error_class is None:
        return ()
    return (error_class, error_class[:6]) if error_class.startswith("http_") else (error_class,)


def entry_of(table: Mapping[str, _T], error_class: str | None) -> _T:
    """The entry of a table for an error class, else the table's `other`."""
    return next((table[name] for name in names_of(error_class) if name in table), table["other"])
