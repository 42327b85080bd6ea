"""What long work says of itself: progress on standard error when that is a terminal, counts in words."""

import sys
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

T = TypeVar("T")


def shown(items: Iterable[T], verb: str) -> Iterator[T]:
    """The items, with a running count on standard error if it is a terminal."""
    if not sys.stderr.isatty():
        yield from items
        return
    total = f"/{len(items)}" if hasattr(items, "__len__") else ""
    for number, item in enumerate(items, 1):
        print(f"\r{verb} {number}{total}", end="", file=sys.stderr, flush=True)
        yield item
    print("\r\033[K", end="", file=sys.stderr, flush=True)


def counted(counts: Mapping[str, int]) -> str:
    """Counts in words: `3 articles, 5 reports`."""
    return ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in counts.items())
