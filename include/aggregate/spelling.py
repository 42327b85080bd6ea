"""Names as they are compared: spellings that differ in case, accents, hyphens or spaces are equal."""

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl


_SOUNDS = {"kh": "k", "gh": "g", "dh": "d", "th": "t", "sh": "s", "ph": "f", "ck": "k", "q": "k", "c": "k", "z": "s", "v": "f"}
"""Letters that transliterations use for each other."""


@lru_cache(maxsize=50_000)
def folded(text: str | None) -> str | None:
    """The text in a form in which spellings that differ in case, accents, hyphens or spaces are equal; None if it is empty."""
    if not text:
        return None
    plain = text.casefold()
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", plain)) or None


def skeleton(texts: "pl.Expr") -> "pl.Expr":
    """What the transliterations of a name have in common: its consonants, without articles ("Ain Yaacoub", "Ayn Ya'qub")."""
    words = fold(texts).str.replace_all(r"\b(?:al|el|as|an|ad|ar|at|ash|az|ul|the)\b", "")
    words = words.str.replace_all(r"[^a-z]", "")
    sounds = words.str.replace_many(list(_SOUNDS), list(_SOUNDS.values()))
    return sounds.str.replace_all(r"[aeiouwyh]", "").replace("", None)


def fold(texts: "pl.Expr") -> "pl.Expr":
    """The same for a column of texts: what is equal by the one is equal by the other, in the scripts of the news."""
    plain = texts.str.to_lowercase().str.normalize("NFKD").str.replace_all(r"\p{M}+", "")
    words = plain.str.replace_all(r"[^\w]+", " ").str.strip_chars(" ")
    return words.replace("", None)
