"""The groups that a total is broken down into, where the words do not say again what became of them.

"33 people were killed: 9 civilians and 24 members of the SDF", or a list below a total with lines such as "- 4 civilians".
"""

from collections.abc import Sequence
from dataclasses import replace

from include.extract.lexicon import is_single
from include.extract.mentions import Casualty, Quantity
from include.extract.people import Scene, victim_class
from include.extract.quantities import find_numbers, quantity
from include.extract.roles import cue
from include.extract.tokens import Token, tokenise


def broken_down(text: str, start: int, total: Casualty, mode: str) -> list[Casualty]:
    """The groups that text[start:] names, one after the other, as casualties of the measure of `total`.

    Parts of a group ("including two officers", "one of them a child") are left out. The victims of a line with a heading
    ("Regime forces: 28 soldiers") are of the heading's class.
    """
    tokens = [t for t in tokenise(text) if t.start >= start]
    groups = _one(text, tokens, total)
    after = groups[0].end if groups else start
    for number in find_numbers(tokens):
        at, end = tokens[number.first].start, tokens[number.last - 1].end
        between = text[after:at]
        if number.reason or cue("part_of_group").search(between) or cue("part_of_group").match(text, at):
            continue
        if groups and not cue("next_group").search(between):
            continue
        stop = cue("group_end").search(text, end)
        victims = text[end : stop.start() if stop else len(text)].strip()
        last = next((i for i, t in enumerate(tokens) if t.start >= end + len(victims) + 1), len(tokens))
        first = 0 if not groups else number.last
        counted = quantity(text, tokens, number, mode)
        groups.append(_group(total, counted, victims, victim_class(Scene(text, tokens, {}, {}), first, last)))
        after = end
    return groups


def _one(text: str, tokens: Sequence[Token], total: Casualty) -> list[Casualty]:
    """The person with whom the text begins, if it does ("A member of Hezbollah", "The commander of the brigade")."""
    if len(tokens) < 2 or tokens[0].lower not in ("a", "an", "the"):
        return []
    start, end = tokens[0].start, tokens[0].end
    stop = cue("group_end").search(text, end)
    victims = text[end : stop.start() if stop else len(text)].strip()
    last = next((i for i, t in enumerate(tokens) if t.start >= end + len(victims) + 1), len(tokens))
    if not any(is_single(t.lower) for t in tokens[1 : min(last, 4)]):
        return []
    counted = Quantity(1, 1, 1, text[start:end], start, end, "singular")
    return [_group(total, counted, victims, victim_class(Scene(text, list(tokens), {}, {}), 1, last))]


def _group(total: Casualty, counted: Quantity, victims: str, of_class: str) -> Casualty:
    return replace(
        total,
        quantity=counted,
        victims=victims or None,
        victim_class=of_class,
        trigger_start=counted.start,
        trigger_end=counted.end,
        start=counted.start,
        end=counted.end,
        total=False,
        additional=False,
        parts=(),
    )


def is_broken_down(casualty: Casualty) -> bool:
    """The casualty was read by `broken_down`: it has no word of its own that tells what became of the people."""
    return casualty.trigger_start == casualty.quantity.start
