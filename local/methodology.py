"""The tables of docs/METHODOLOGY.md that are made from the rules' data files.

In the document each stands between `<!-- table: NAME -->` and `<!-- end -->`; the rest of it is written by hand.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import yaml

from include.extract.lexicon import load
from local.environment import PROJECT

WITHOUT_A_PHRASE = {
    "exact": "12, twelve, a hundred",
    "singular": "a soldier, gunmen kill policeman",
    "named": "Ahmad Saleh; Ahmad and Sara",
    "remainder": "ten wounded, two of whom died: the other eight",
    "interval": "7 to 9, between 7 and 9",
    "at_least_vague": "at least dozens (N is the low of dozens)",
    "bare_plural": "soldiers were killed",
    "family": "a family",
    "families": "three families",
    "possible": "may have killed five",
    "casualties_only": "there were casualties",
}
"""Words for the rules of quantities that no phrase brings about."""

Row = Iterable[Any]
_BLOCK = re.compile(r"<!-- table: (\w+) -->\n.*?<!-- end -->", re.DOTALL)


def filled(document: str) -> str:
    """The document with its tables made anew. Raises KeyError for a table that there is none of."""
    return _BLOCK.sub(lambda m: f"<!-- table: {m[1]} -->\n{TABLES[m[1]]()}<!-- end -->", document)


def _table(head: Row, rows: Iterable[Row]) -> str:
    lines = [head, ["---"] * len(list(head)), *rows]
    return "".join(f"| {' | '.join(str(cell).replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)


def _quantities() -> str:
    """Each rule with the words that bring it about, and what the codebooks make of it."""
    table = load("quantity_rules.yaml")

    def words(rule: str) -> Iterator[str]:
        yield from (f"{phrase} N" for phrase in table["before"].get(rule, [])[:2] if rule != "exact")
        yield from (f"N {phrase}" for phrase in table["after"].get(rule, [])[:1])
        yield from table["words"].get(rule, [])[:3]
        yield from filter(None, [WITHOUT_A_PHRASE.get(rule)])

    def cell(value: Any) -> str:
        return "-" if value is None else str(value)

    rows = [
        (
            f"`{rule}`",
            ", ".join(words(rule)),
            " / ".join(map(cell, modes["range"])) if modes["range"] else "killed stays null",
            cell(modes["acled"]),
            cell(modes["gtd"]),
        )
        for rule, modes in table["rules"].items()
    ]
    return _table(("rule", "words", "low / best / high", "ACLED", "GTD"), rows)


def _dates() -> str:
    rows = []
    for rule in load("dates.yaml")["rules"]:
        _, published, phrase, start, end, prec, kind = rule["examples"][0]
        days = "no date" if start is None else str(start) if start == end else f"{start} to {end}"
        seen = f" (published {published})" if published else ""
        rows.append((f"`date.{rule['id']}`", f"{phrase}{seen}", days, "-" if prec is None else prec, kind))
    return _table(("rule", "for example", "becomes", "precision", "kind"), rows)


def _attribution() -> str:
    table = load("attribution.yaml")
    rows = [
        (f"`attribution.{rule['id']}`", rule["attribution"], rule["examples"][0][0], rule["examples"][0][1])
        for rule in (*table["rules"], *table["clashes"])
    ]
    return _table(("rule", "attribution", "for example", "perpetrator"), rows)


def _reasons() -> str:
    return _table(("reason", "why"), ((f"`{name}`", why) for name, why in load("reasons.yaml")["reasons"].items()))


def _match() -> str:
    text = (PROJECT / "include" / "aggregate" / "data" / "match.yaml").read_text(encoding="utf-8")
    reasons = yaml.safe_load(text)["reasons"].items()
    return _table(("reason", "weight", "means"), ((f"`{name}`", r["weight"], r["means"]) for name, r in reasons))


TABLES: dict[str, Callable[[], str]] = {
    "quantities": _quantities,
    "dates": _dates,
    "attribution": _attribution,
    "reasons": _reasons,
    "match": _match,
}
"""The tables by name."""
