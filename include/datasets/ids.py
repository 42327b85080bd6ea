"""Ids: hashes of what was published, never of what was read out of it."""

import hashlib
import heapq
import json
from collections.abc import Iterable, Sequence
from operator import eq
from typing import Any

SHORT = 8
"""Hex digits of an id that tables show. Of a million ids about a hundred pairs share them; more digits tell these apart."""


_canonical = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def content_id(kind: str, **published: Any) -> str:
    """An id of 20 hex digits: `kind` and the SHA-256 of `published` as canonical JSON (sorted keys, no spaces, UTF-8).

    The same published content gives the same id on every machine and in every run.
    """
    return f"{kind}-{hashlib.sha256(_canonical(published).encode('utf-8', 'surrogatepass')).hexdigest()[:20]}"


def short(content: str) -> str:
    """The first eight hex digits of an id, as tables show it; :func:`matching` finds the id again."""
    return content.rsplit("-", 1)[-1][:SHORT]


def matching(text: str, ids: Iterable[str]) -> str:
    """The one of `ids` that starts with `text`, its kind ("incident-") left out or not.

    Raises LookupError if none does, naming the most alike, or if several do, naming some of those.
    """
    wanted = text.rsplit("-", 1)[-1].lower()
    by_digits = {i.rsplit("-", 1)[-1]: i for i in ids}
    found = sorted(digits for digits in by_digits if digits.startswith(wanted)) if wanted else []
    if len(found) == 1:
        return by_digits[found[0]]
    if found:
        raise LookupError(f"{text} could be {_listed(found)}; give more of its digits")
    alike = heapq.nsmallest(3, by_digits, key=lambda digits: (-sum(map(eq, digits, wanted)), digits))
    hint = f"; the ids most like it are {_listed(alike)}" if alike else ""
    raise LookupError(f"there is no {text}{hint}")


def _listed(digits: Sequence[str]) -> str:
    """Some of them, as long as it takes to tell them apart."""
    length = next((n for n in range(SHORT, 20) if len({d[:n] for d in digits}) == len(digits)), 20)
    more = f" and {len(digits) - 5} more" if len(digits) > 5 else ""
    return ", ".join(d[:length] for d in digits[:5]) + more
