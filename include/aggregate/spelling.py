"""Names as they are compared: spellings that differ in case, accents, hyphens or spaces are equal."""

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


@lru_cache(maxsize=50_000)
def folded(text: str | None) -> str | None:
    """The text in a form in which spellings that differ in case, accents, hyphens or spaces are equal; None if it is empty."""
    if not text:
        return None
    plain = text.casefold()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", plain)) or None


def fold(texts: "pl.Expr") -> "pl.Expr":
    """The same for a column of texts: what is equal by the one is equal by the other, in the scripts of the news."""
    plain = texts.str.to_lowercase().str.normalize("NFKD").str.replace_all(r"\p{M}+", "")
    words = plain.str.replace_all(r"[^\w]+", " ").str.strip_chars(" ")
    return words.replace("", None)
