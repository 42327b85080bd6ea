"""Names of persons by their capitals."""

from collections.abc import Sequence

from include.extract.lexicon import grammar, people, word_list
from include.extract.tokens import Token

_NAME = 9
"""Words of a name."""
_PARTICLES = frozenset({"al", "el", "bin", "ibn", "bint", "abu", "abd", "de", "la", "van", "von", "da", "dos", "del", "-"})
_ARTICLES = ("al-", "el-", "ar-", "as-", "ash-", "an-", "at-", "az-", "ad-")
_WEEKDAYS = word_list("not_people.yaml", "weekdays")
_MONTHS = word_list("not_people.yaml", "months")
_QUOTES = frozenset("\"“”‘'’")


def is_capital(t: Token) -> bool:
    """A capitalised word that can be part of a name (data/people.yaml: not_names are not)."""
    if t.lower in people().not_names or t.lower in grammar():
        return False
    if t.text.isupper() and 1 < len(t.text) < 5:
        return False  # initials of a body
    return t.text[0].isupper() or (t.lower.startswith(_ARTICLES) and len(t.lower) > 4)


def is_temporal(t: Token) -> bool:
    """A weekday or a month."""
    return t.lower in _WEEKDAYS or (t.lower in _MONTHS and t.text[0].isupper())


def name_end(tokens: Sequence[Token], k: int) -> int:
    """The end of the run of capitalised words at k; k itself where it is the name of a place or body."""
    nouns, end = people().nouns, k
    while end < len(tokens) and end - k < _NAME:
        t = tokens[end]
        capital_next = end + 1 < len(tokens) and tokens[end + 1].text[0].isupper()
        if t.text[0].isupper() and t.lower in people().not_names:
            return k
        if is_capital(t):
            if t.lower in nouns and nouns[t.lower].number == "plural":
                return k
            if t.lower.endswith(("'s", "s'")) and end > k:
                return end + 1
        elif end > k and t.text == "." and len(tokens[end - 1].text) == 1:
            pass  # "Fuad R."
        elif not (end > k and capital_next):
            break
        elif t.text == ".":
            if len(tokens[end - 1].text) > 3:
                break
        elif t.lower not in _PARTICLES and t.text not in _QUOTES:
            break
        end += 1
    return k if end == k + 1 and is_temporal(tokens[k]) else end
