"""Names as they are compared: spellings that differ in case, accents, hyphens or spaces are equal."""

import re
import unicodedata
from functools import lru_cache


@lru_cache(maxsize=50_000)
def folded(text: str | None) -> str | None:
    """The text in a form in which spellings that differ in case, accents, hyphens or spaces are equal; None if it is empty."""
    if not text:
        return None
    plain = text.casefold()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", plain)) or None
