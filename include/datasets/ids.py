"""Ids: hashes of what was published, never of what was read out of it."""

import hashlib
import json
from typing import Any


def content_id(kind: str, **published: Any) -> str:
    """An id of 20 hex digits: `kind` and the SHA-256 of `published` as canonical JSON (sorted keys, no spaces, UTF-8).

    The same published content gives the same id on every machine and in every run.
    """
    canonical = json.dumps(published, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"{kind}-{hashlib.sha256(canonical.encode('utf-8', 'surrogatepass')).hexdigest()[:20]}"
