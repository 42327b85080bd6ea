"""The counts of one incident, put together from what its sentences say.

Groups of one sentence that exclude each other are added; a running total replaces; a vague count gives way to an exact one;
"at least" gives way to a count that fits it. Counts told again in other words never add, unless the text says that they do
("two more died").
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from include.extract.mentions import Casualty, Quantity, Sentence
from include.extract.roles import cue, has
from include.extract.sentences import Part

MEASURES = ("killed", "injured", "casualties")
_RANGES = frozenset({"interval", "up_to", "fewer_than"})
_MENTIONS = frozenset({"named", "singular", "sum", "bare_plural", "family"})
"""Rules of quantities.py that count people who are mentioned, without a number."""
_FITS = 2
"""A count of up to twice "at least N" fits it; more is another count."""
_NEAR = 5
"""Sentences within which a higher toll, or the number of people who were first only named, belongs to the first figure."""
LEAD = 2
"""Sentences of the text that its headline sums up."""
_RANKS = {
    word: n for n, word in enumerate(("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"), 2)
}
_A_FEW = 3
"""The low of "several" and "a number of"."""
_DIRECTLY = 2
"""Sentences within which "two more died" follows directly."""


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
    """It is a running total of the incident ("the toll rose to 14")."""
    additional: bool = False
    """It adds to what was told before ("two more died")."""
    counted: bool = False
    """The words give a number; else they name or mention people ("the teacher", "his two sons and Sara")."""
    none_at_all: bool = False
    """It says that there were no casualties of any kind."""
    again: bool = False
    """The words only point back to people told of before ("they", "these civilians")."""
    other_source: bool = False
    """Another source's count that is given beside the first, not in its place ("put the toll even higher, at 200")."""
    early: bool = False
    """A first count that was revised later ("initially, officials spoke of six dead")."""
    relative: str | None = None
    """What the one person is to somebody told of before ("friend" in "his friend")."""

    def __add__(self, other: "Figure") -> "Figure":
        """Both groups together. A group whose lowest number is not stated adds nothing to the low."""
        return Figure(
            low=None if self.low is None and other.low is None else (self.low or 0) + (other.low or 0),
            best=None if self.best is None or other.best is None else self.best + other.best,
            high=None if self.high is None or other.high is None else self.high + other.high,
            receipts=self.receipts + other.receipts,
            total=self.total,
            additional=self.additional and other.additional,
            counted=self.counted or other.counted,
            early=self.early,
            other_source=self.other_source,
        )

    @property
    def claimed(self) -> bool:
        """Only the perpetrator says so: an upper bound and no more."""
        return self.low is None and self.best is None and self.high is not None

    @property
    def open_above(self) -> bool:
        """A lower bound ("at least"): a somewhat higher count does not contradict it."""
        return self.best is not None and self.high is None

    @property
    def bounded(self) -> bool:
        """A range in numbers ("12 to 14", "up to six")."""
        return self.best is None and self.counted and self.high is not None and self.receipts[0].quantity.rule in _RANGES

    def holds(self, count: int) -> bool:
        """The range allows this count."""
        return (self.low or 0) <= count and (self.high is None or count <= self.high)

    @property
    def line(self) -> Sentence:
        """The sentence that it was told in."""
        return self.receipts[0].sentence


def told(measure: str, casualties: Sequence[Casualty], part: Part, sentence: Sentence) -> Figure | None:
    """What one sentence tells for a measure: its groups added up, or its running total; null where it tells nothing."""
    groups = [c for c in casualties if c.measure == measure and not c.negated]
    if not groups:
        none = next((c for c in casualties if _nobody(c) and c.measure in (measure, "casualties")), None)
        if none is None or measure == "casualties":
            return None
        at_all = none.measure == "casualties"
        return Figure(0, 0, 0, (Receipt(part, sentence, none.quantity),), counted=True, none_at_all=at_all)
    groups = [c for c in groups if c.total] or groups
    figures = [_figure(c, part, sentence) for c in groups]
    first = [(c, f) for c, f in zip(groups, figures, strict=True) if not f.again]
    words = {c.trigger_start for c, _ in first}
    kept = [(c, f) for c, f in zip(groups, figures, strict=True) if not f.again or c.trigger_start in words]
    (before, figure), *others = kept or [(groups[0], figures[0])]
    if before is not groups[0]:  # "their death and the death of 13 others": the others come on top of those
        figure = replace(figure, additional=False)
    for after, other in others:
        if _replaces(before, after, sentence.text):
            figure = other
        elif not (_told_again(before, after, sentence.text) or _names(figure, other, sentence.text) or _is_part(before, after)):
            figure += other
        before = after
    return figure


def _is_part(before: Casualty, after: Casualty) -> bool:
    """How some of the injured are ("seven were injured, two of them are in a critical condition")."""
    fewer = (after.quantity.best or 0) < (before.quantity.best or 0)
    return before.measure == "injured" and fewer and not after.additional and cue("condition").search(after.trigger) is not None


def _nobody(casualty: Casualty) -> bool:
    """ "No one was hurt", unlike "he was not hurt"."""
    return casualty.negated and not casualty.anaphoric


def _replaces(before: Casualty, after: Casualty, text: str) -> bool:
    """The second group is a later count of the same people ("in total 26 were killed", "500, later revised to 471")."""
    between = text[before.end : after.trigger_end] if before.end <= after.trigger_end else ""
    if cue("in_all").search(between):
        return True
    if after.additional or not ((before.total and after.total) or cue("at_first").search(text[: before.trigger_end])):
        return False
    return cue("later_account").search(between) is not None


def _names(figure: Figure, other: Figure, text: str) -> bool:
    """The second group names the people whom the first one counts ("three were killed: A, B and a guard")."""
    first, last = figure.receipts[-1].quantity, other.receipts[0].quantity
    return figure.counted and not other.counted and not other.additional and ":" in text[first.end : last.start]


def _told_again(before: Casualty, after: Casualty, text: str) -> bool:
    """The second group is the first one by another account ("12 were killed, though other sources reported 14 dead")."""
    if before.total and after.total:
        return True
    if before.trigger_start == after.trigger_start or after.additional or after.start < before.end:
        return False
    same = "unknown" in (before.victim_class, after.victim_class) or before.victim_class == after.victim_class
    return same and bool(cue("other_account").search(text, before.end, after.trigger_end))


def _figure(casualty: Casualty, part: Part, sentence: Sentence) -> Figure:
    q = casualty.quantity
    rank = cue("ordinal").match(q.phrase) or cue("ordinal").match(f"{q.phrase} {casualty.victims}")
    dies = cue("dies").fullmatch(sentence.text, q.end, max(q.end, casualty.trigger_start))
    if casualty.measure == "killed" and rank and dies:
        count = _RANKS[rank[1].lower()]
        receipt = Receipt(part, sentence, replace(q, low=count, best=count, high=count, rule="ordinal"))
        return Figure(count, count, count, (receipt,), total=True, counted=True)
    and_others = q.rule == "sum" and cue("only_they").match(q.phrase) is not None  # "he was killed along with two guards"
    whose = cue("whose").fullmatch(q.phrase) if q.rule == "singular" and casualty.victims else None
    return Figure(
        low=q.low,
        best=q.best,
        high=q.high,
        receipts=(Receipt(part, sentence, q),),
        total=casualty.total,
        additional=casualty.additional,
        counted=q.rule not in _MENTIONS or (q.rule == "sum" and bool(cue("number").match(q.phrase))),
        other_source=has("other_source", sentence.text) and not has("later_account", sentence.text),
        early=bool(cue("at_first").search(sentence.text, 0, max(casualty.trigger_start, q.start))),
        relative=casualty.victims.split()[-1].lower() if whose else None,
        again=not and_others
        and (
            casualty.anaphoric
            or (not whose and ((q.rule in _MENTIONS or casualty.victims is None) and bool(cue("told_before").match(q.phrase))))
        ),
    )


def resolved(figures: Iterable[Figure]) -> Figure | None:
    """The count of an incident from what its sentences tell, in the order of the text; null where they tell nothing.

    What only the perpetrator says can raise the highest number and nothing else.
    """
    figures = list(figures)
    claimed = max((f for f in figures if f.claimed), key=lambda f: f.high or 0, default=None)
    chosen = _told_by_others([f for f in figures if not f.claimed])
    if chosen is None or claimed is None:
        return chosen or claimed
    if chosen.high is None or claimed.high is None or claimed.high <= chosen.high:
        return chosen
    return replace(chosen, high=claimed.high, receipts=chosen.receipts + claimed.receipts)


def without(injured: Figure, killed: Figure) -> Figure | None:
    """Of people who were hit, those who live, where the killed are some of them; null where nobody is left."""
    if killed.best is None or injured.best is None:
        return injured
    if killed.best >= injured.best:
        return None
    low, best = (injured.low or 0) - killed.best, injured.best - killed.best
    high = None if injured.high is None else injured.high - killed.best
    return replace(injured, low=max(low, 0), best=best, high=high, receipts=injured.receipts + killed.receipts)


def _soon(figure: Figure, later: Figure) -> bool:
    """The later figure stands near the first one, or in the other part of the article."""
    return figure.line.part != later.line.part or later.line.index - figure.line.index <= _NEAR


def _with_low(exact: Figure, bound: Figure) -> Figure:
    """The number that one source gives, with the lower bound of another ("more than 70", then 75)."""
    if not bound.low or bound.low >= (exact.low or 0):
        return exact
    return replace(exact, low=bound.low, receipts=exact.receipts + bound.receipts)


def _told_by_others(figures: list[Figure]) -> Figure | None:
    """The first figure leads. A vague one gives way to the first number; a range or a lower bound to a number that it allows;
    any to a higher running total. What is said to come on top is added when it follows directly.
    """
    if not figures:
        return None
    listed = all(f.again for f in figures) and any(f.additional for f in figures)  # "Victim 1: ...", "Victim 2: ..."
    points_back = figures[0].again
    if points_back and (figures[0].counted or figures[0].line.index == 0):  # "the three men who were killed" opens it
        figures = [replace(figures[0], again=False), *figures[1:]]
    told_first = _based([f for f in figures if listed or not f.again] or figures)
    first = chosen = told_first[0]
    later = told_first[1:]
    numbers = [f for f in later if f.counted and not f.additional and f.low]
    if first.early and first.low:
        revised = (f for f in numbers if not f.early and _soon(first, f) and f.best and f.best * _FITS >= first.low)
        chosen = next(revised, chosen)
    if not chosen.low or (chosen.best is None and not chosen.bounded):
        known = (f for f in numbers if (f.best is not None and not (f.early and f.best < (chosen.low or 0))) or f.bounded)
        chosen = next(known, chosen)
    if chosen.line.part == "title":  # the first sentences may be newer, or tell one event of a headline's two
        in_lead = (f for f in numbers if f.line.part == "text" and f.line.index < LEAD and f.best is not None)
        lead = next(in_lead, chosen)
        one_of = len(chosen.receipts) > 1 and any(r.quantity.best == lead.best for r in chosen.receipts)
        if one_of or (lead.best or 0) > (chosen.high or chosen.best or chosen.low or 0):
            chosen = lead
        if chosen.receipts[0].quantity.rule == "singular":  # "Mayor shot dead": "he was killed along with two guards"
            sums = (f for f in later if f.line.part == "text" and f.line.index < LEAD and f.receipts[0].quantity.rule == "sum")
            chosen = next((f for f in sums if (f.best or 0) > (chosen.best or 0)), chosen)
    if chosen.bounded or chosen.open_above:
        exact = (f for f in numbers if f.best is not None and f.high == f.best and (chosen.bounded or not f.other_source))
        fits = (f for f in exact if chosen.holds(f.best))
        near = (f for f in fits if (f.best * _FITS >= chosen.high if chosen.bounded else f.best <= _FITS * chosen.low))
        if fitting := next(near, None):
            update = fitting.total and has("later_account", fitting.line.text)
            chosen = fitting if update or chosen.bounded else _with_low(fitting, chosen)
    if not chosen.counted and chosen.receipts[0].quantity.rule != "singular":
        chosen = next((f for f in numbers if _soon(chosen, f) and (f.best or 0) > (chosen.best or 0)), chosen)
    higher = [
        f for f in numbers if f.total and not f.early and _soon(first, f) and (f.best or 0) > (chosen.high or chosen.low or 0)
    ]
    if risen := [f for f in higher if not f.other_source]:
        return max(risen, key=lambda f: f.best)
    if higher and chosen.best is not None:
        claimed = max(higher, key=lambda f: f.best)
        return replace(chosen, high=claimed.high or claimed.best, receipts=chosen.receipts + claimed.receipts)
    if chosen.best is None and chosen.low == _A_FEW:  # "several were wounded" by one source, "people were" by another
        chosen = _with_low(chosen, next((f for f in later if f.best is None and 1 < (f.low or 0) < _A_FEW), chosen))
    if chosen.line.part == "title":  # what comes on top follows on where the text tells the headline's number
        chosen = next((f for f in numbers if f.line.part == "text" and f.best and f.best == chosen.best), chosen)
    for figure in later[later.index(chosen) + 1 if chosen in later else 0 :]:
        on_top = (figure.additional and figure.counted and figure.best is not None) or _is_new(figure, chosen)
        on_top = on_top and (listed or not points_back)
        last = chosen.receipts[-1].sentence
        if on_top and figure.line.part == last.part and 0 < figure.line.index - last.index <= _DIRECTLY:
            chosen += figure
    return chosen


def _based(figures: list[Figure]) -> list[Figure]:
    """The figures, where the first number adds to no one ("accused of killing two other men")."""
    first = next((n for n, f in enumerate(figures) if f.receipts[0].quantity.rule != "bare_plural"), None)
    if first is None or not figures[first].additional:
        return figures
    return [*figures[:first], replace(figures[first], additional=False), *figures[first + 1 :]]


def _is_new(figure: Figure, chosen: Figure) -> bool:
    """Somebody who is told of beside a single victim for the first time ("his friend was wounded")."""
    single = chosen.receipts[0].quantity.rule in ("singular", "named") or chosen.receipts[-1].quantity.rule == "singular"
    known = " ".join(r.sentence.text.lower() for r in chosen.receipts)
    return figure.relative is not None and single and figure.relative not in known
