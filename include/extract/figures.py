"""The counts of one incident, put together from what its sentences say.

Groups of one sentence that exclude each other are added; a running total replaces; a vague count gives way to an exact one;
"at least" gives way to a count that fits it. Counts told again in other words never add, unless the text says that they do
("two more died").
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from include.extract.mentions import Casualty, Quantity, Sentence
from include.extract.sentences import Part

MEASURES = ("killed", "injured", "casualties")
NONE_RULE = "count.none"


@dataclass(frozen=True, slots=True)
class Receipt:
    """A quantity with the sentence that it was read from; the quantity's span counts from the sentence's start."""

    part: Part
    sentence: Sentence
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class Figure:
    """A count as a range, with the quantities that it is made of."""

    low: int | None
    best: int | None
    high: int | None
    receipts: tuple[Receipt, ...] = ()
    total: bool = False
    additional: bool = False
    open_above: bool = field(default=False)
    """The words are a lower bound ("at least"): a higher count elsewhere does not contradict them."""

    def __add__(self, other: "Figure") -> "Figure":
        """Both groups together. A group whose lowest number is not stated adds nothing to the low."""
        best = None if self.best is None or other.best is None else self.best + other.best
        high = None if self.high is None or other.high is None else self.high + other.high
        return Figure(
            low=(self.low or 0) + (other.low or 0),
            best=best,
            high=high,
            receipts=self.receipts + other.receipts,
            total=self.total,
            additional=self.additional and other.additional,
            open_above=self.open_above or other.open_above,
        )


def told(measure: str, casualties: Sequence[Casualty], part: Part, sentence: Sentence) -> Figure | None:
    """What one sentence tells for a measure: its groups added up, or its running total; null where it tells nothing."""
    groups = [c for c in casualties if c.measure == measure and not c.negated]
    if not groups:
        none = next((c for c in casualties if c.negated and c.measure in (measure, "casualties")), None)
        if none is None or measure == "casualties":
            return None
        return Figure(0, 0, 0, (Receipt(part, sentence, none.quantity),))
    groups = [c for c in groups if c.total] or groups
    figures = [_figure(c, part, sentence) for c in groups]
    figure = figures[0]
    for other in figures[1:]:
        if not (figure.total and other.total):  # a total told twice in one sentence is one total
            figure += other
    return figure


def _figure(casualty: Casualty, part: Part, sentence: Sentence) -> Figure:
    q = casualty.quantity
    return Figure(
        low=q.low,
        best=q.best,
        high=q.high,
        receipts=(Receipt(part, sentence, q),),
        total=casualty.total,
        additional=casualty.additional,
        open_above=q.best is not None and q.high is None,
    )


def resolved(figures: Iterable[Figure]) -> Figure | None:
    """The count of an incident from what its sentences tell, in the order of the text; null where they tell nothing."""
    figures = list(figures)
    base = [f for f in figures if not f.additional] or figures
    if not base:
        return None
    chosen = _chosen(base)
    later = figures[figures.index(chosen) + 1 :]
    if not chosen.total:
        for figure in later:
            if figure.additional and figure.best is not None and chosen is not figure:
                chosen += figure
    return chosen


def _chosen(figures: list[Figure]) -> Figure:
    totals = [f for f in figures if f.total and f.low is not None]
    if totals:
        return max(totals, key=lambda f: f.low)
    exact = [f for f in figures if f.best]
    if not exact:
        return max(figures, key=lambda f: (f.low or 0, -(f.high if f.high is not None else 10**9)))
    first = exact[0]
    if first.open_above:
        fits = [f for f in exact if not f.open_above and f.best >= first.best]
        return fits[0] if fits else first
    return first
