"""What long work says of itself: progress on standard error when that is a terminal, counts in words."""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

T = TypeVar("T")


def shown(items: Iterable[T], verb: str) -> Iterator[T]:
    """The items, with a running count on standard error if it is a terminal."""
    total = f"/{len(items)}" if hasattr(items, "__len__") else ""
    for number, item in enumerate(items, 1):
        show(f"{verb} {number}{total}")
        yield item
    show("")


def line(name: str) -> Callable[[int, int, str, str], None]:
    """A callback for work that tells how many are done, of how many, which, and what came of it."""

    def tell(done: int, total: int, item: str, outcome: str) -> None:
        show(f"{name} {done}/{total} {outcome} {item}"[:120] if done < total else "")

    return tell


def counted(counts: Mapping[str, int]) -> str:
    """Counts in words: `3 articles, 5 reports`."""
    return ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in counts.items())


def tell(name: str, record: Mapping[str, Any]) -> int:
    """Say what the work on one batch did and, on standard error, what failed in it; 1 if something did, else 0."""
    print(f"{name}: {counted(record['counts'])}")
    for problem in record["problems"]:
        print(f"  failed: {problem}", file=sys.stderr)
    return int(bool(record["problems"]))


def show(text: str) -> None:
    """Show a line on standard error in place of the last one, if that is a terminal."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)
