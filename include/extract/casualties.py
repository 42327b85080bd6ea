"""Who a sentence says was killed or injured, and how many.

Rules over words: casualty words (data/triggers.yaml) take their victims from the left ("five people were killed"), from the
right ("killing five people", "the death of five people") or hold them ("five deaths"). Groups that are named side by side
add up; parts of a group ("including two children") never do.
"""

from dataclasses import replace

from include.extract.chains import link_chains
from include.extract.lexicon import people, reasons, word_list
from include.extract.linking import Group, LeftOut, Reader, dated, placed
from include.extract.mentions import Casualty, NotCounted, Quantity
from include.extract.people import Mention, Scene, find_people
from include.extract.quantities import Number, bounds, find_numbers, quantity
from include.extract.tokens import tokenise
from include.extract.triggers import cause, cue, find_triggers, may_tell

_QUIET = frozenset({"lives", "body", "burial", "loss", "present", "means"})
"""Frames of words that mean something else more often than not; without victims they are not worth a note."""

_DONE_TO = frozenset({"past", "present", "base", "gerund", "event"})
"""Frames of words that somebody does to others."""

_IDLE = frozenset({"no_count", "hypothetical", "threat"})
"""Reasons that are not worth a note for a word such as "shooting" that nobody stands beside."""

_REFLEXIVE = frozenset({"himself", "herself", "themselves"})

_PASSING = frozenset({"arrest", "displaced", "kidnapped", "missing", "rescued", "no_count"})
"""Reasons that are not worth a note where a pronoun alone is meant."""


def has_casualty(text: str) -> bool:
    """Whether a text has a word that can tell of a casualty: the gate before extraction. Recall comes first."""
    return may_tell(text)


def find_casualties(sentence: str, mode: str = "range") -> tuple[list[Casualty], list[NotCounted]]:
    """The groups of people that a sentence says were killed or injured, and the numbers in it that are no casualties.

    Spans count in `sentence`. Groups of one class of victims that are named side by side ("a woman and her two sons") are one
    record with the rule `sum`; other classes are records of their own, and all of them add up. `mode` is the codebook of the
    ranges: range, acled or gtd; another raises ValueError.
    """
    bounds("exact", mode)
    tokens = tokenise(sentence)
    numbers = find_numbers(tokens)
    triggers = find_triggers(tokens)
    if not numbers and not triggers:
        return [], []
    scene = Scene(sentence, tokens, {n.first: n for n in numbers}, {t.first: t for t in triggers})
    if not triggers:
        return [], _not_counted(scene, numbers, [], [])
    find_people(scene)
    link_chains(scene)
    groups, left_out = Reader(scene, triggers).read()
    if reason := _other_cause(scene, groups):
        left_out += [(m, reason) for g in groups for m in g.mentions]
        groups = []
    casualties = _Writer(scene, mode).records(groups)
    return casualties, _not_counted(scene, numbers, groups, left_out)


def _other_cause(scene: Scene, groups: list[Group]) -> str | None:
    """The reason why a sentence's casualties are none of conflict, where it names another cause and no violence."""
    text = scene.text.lower()
    if not groups:
        return None
    if not cue("simulated").isdisjoint(scene.words):
        return "exercise"
    if cause("violence").search(text):
        return None
    for reason in ("exercise", "fiction"):
        if not cue(reason).isdisjoint(scene.words):
            return reason
    others = any(g.trigger.frame in _DONE_TO and g.mentions[0].head not in _REFLEXIVE for g in groups)
    if cause("suicide").search(text) and not others:
        return "non_conflict_death"
    if cause("other_causes").search(text):
        return "non_conflict_death"
    return "sport" if all(g.measure == "injured" for g in groups) and cause("sports").search(text) else None


class _Writer:
    """Writes the groups of a sentence as records."""

    def __init__(self, scene: Scene, mode: str):
        self.scene = scene
        self.mode = mode

    def records(self, groups: list[Group]) -> list[Casualty]:
        """The records of all groups in the order of the text."""
        told: set[str] = set()
        records: list[Casualty] = []
        for g in groups:
            first = not told or g.measure in told
            records += self._of_group(g, adds=first)
            told |= set() if g.roster else {g.measure}
        return sorted(records, key=lambda c: (c.quantity.start, c.trigger_start, c.measure))

    def _of_group(self, g: Group, adds: bool) -> list[Casualty]:
        """One record per run of mentions of one class of victims."""
        sets: list[list[Mention]] = []
        for m in g.mentions:
            if sets and _same_kind(sets[-1][0], m) and not self._in_another_place(sets[-1][-1], m):
                sets[-1].append(m)
            else:
                sets.append([m])
        records = [self._record(g, s, adds) for s in sets]
        for m in g.parts:
            k = next((i for i in range(len(sets) - 1, -1, -1) if sets[i][0].first < m.first), 0)
            records[k] = replace(records[k], parts=(*records[k].parts, self._part(g, m)))
        if self.mode == "acled" and g.measure == "casualties":
            low, best, high = bounds("casualties_only", self.mode)
            none = replace(records[0].quantity, low=low, best=best, high=high, rule="casualties_only")
            records.append(replace(records[0], measure="killed", quantity=none))
        return records

    def _in_another_place(self, a: Mention, b: Mention) -> bool:
        """ "Two in Homs and three in Hama", "two on Monday and three on Sunday"."""
        if dated(self.scene, range(b.last, b.last + 3)) and dated(self.scene, range(b.first)):
            return True
        return placed(self.scene, range(a.last, b.first)) and placed(self.scene, range(b.last, b.last + 1))

    def _text(self, first: int, last: int) -> tuple[str, int, int]:
        start, end = self.scene.tokens[first].start, self.scene.tokens[last - 1].end
        return self.scene.text[start:end], start, end

    def _record(self, g: Group, mentions: list[Mention], adds: bool) -> Casualty:
        quantities = [self._quantity(m, g.standing == "asserted") for m in mentions]
        q = quantities[0] if len(quantities) == 1 else self._sum(mentions, quantities)
        if g.negated:
            q = replace(q, low=0, best=0, high=0)
        elif g.standing == "possible":
            low, best, high = bounds("possible", self.mode, q.high or q.best or q.low or 0)
            q = replace(q, low=low, best=best, high=None if q.high is None else high, rule="possible")
        elif g.remainder and q.rule == "exact" and q.best is not None and g.remainder < q.best:
            low, best, high = bounds("remainder", self.mode, q.best - g.remainder)
            q = replace(q, low=low, best=best, high=high, rule="remainder")
        first, last = mentions[0], mentions[-1]
        classes = {m.victim_class for m in mentions} - {"unknown"}
        trigger, trigger_start, trigger_end = self._text(g.trigger.first, g.trigger.last)
        _, start, end = self._text(min(first.first, g.trigger.first), max(last.last, g.trigger.last))
        return Casualty(
            measure=g.measure,
            quantity=q,
            victims=self._victims(mentions),
            victim_class=min(classes, default="unknown"),
            trigger=trigger,
            trigger_start=trigger_start,
            trigger_end=trigger_end,
            start=start,
            end=end,
            total=g.total,
            additional=adds and (first.additional or self._also(g)),
            attackers=_is_attacker(first),
            negated=g.negated,
            anaphoric=g.roster or _named_before(first),
            parts=self._groups_inside(g, mentions),
            unit="family" if first.family else "person",
        )

    def _victims(self, mentions: list[Mention]) -> str | None:
        """The words for the victims: without the number where there is one group."""
        first, last = mentions[0], mentions[-1]
        if len(mentions) > 1 and any(k in self.scene.triggers for k in range(first.last, last.first)):
            return " and ".join(self._text(m.first, m.last)[0] for m in mentions)  # "X was killed along with two others"
        if len(mentions) > 1:
            return self._text(first.first, last.last)[0]
        if first.trigger is not None and first.number is None and first.value == 0:
            return None
        end = first.trigger if first.trigger is not None and first.last == first.trigger + 1 else first.last
        return self._text(first.noun, end)[0] if first.noun < end else None

    def _quantity(self, m: Mention, asserted: bool = True) -> Quantity:
        """The range of one mention, with the words that give it."""
        if m.number is not None and (m.number.rule, m.number.value) == (m.rule, m.value):
            return quantity(self.scene.text, self.scene.tokens, m.number, self.mode, asserted)
        low, best, high = bounds(m.rule, self.mode, m.value, m.top, asserted)
        rule = m.rule
        if m.number is not None:
            first, last = m.number.first, m.number.last
        else:
            if rule == "exact":
                rule = "named" if m.name else "singular" if m.value == 1 else rule
            whole = m.name or m.pronoun or m.rule != "exact" or m.noun == m.first
            first, last = m.first, m.last if whole else m.noun
        return Quantity(low, best, high, *self._text(first, last), rule)

    def _sum(self, mentions: list[Mention], quantities: list[Quantity]) -> Quantity:
        """Several mentions added up; a bound that one of them lacks is lacking in the sum, but for the low."""
        lows, bests, highs = ([getattr(q, bound) for q in quantities] for bound in ("low", "best", "high"))
        return Quantity(
            sum(v or 0 for v in lows),
            None if None in bests else sum(bests),
            None if None in highs else sum(highs),
            *self._text(mentions[0].first, mentions[-1].last),
            "sum",
        )

    def _also(self, g: Group) -> bool:
        """ "were also killed", unlike "also reported five deaths"."""
        before = [t.lower for t in self.scene.tokens[max(0, g.trigger.first - 3) : g.trigger.first]]
        if "also" not in before or "," in before[before.index("also") :]:
            return False
        return g.trigger.frame not in ("count", "event", "toll", "body")

    def _groups_inside(self, g: Group, mentions: list[Mention]) -> tuple[Casualty, ...]:
        """Women and children among mentions that were added up."""
        if len(mentions) < 2:
            return ()
        groups = people().women | people().children
        return tuple(self._part(g, m) for m in mentions if m.head in groups)

    def _part(self, g: Group, m: Mention) -> Casualty:
        trigger, trigger_start, trigger_end = self._text(g.trigger.first, g.trigger.last)
        _, start, end = self._text(m.first, m.last)
        return Casualty(
            measure=g.measure,
            quantity=self._quantity(m),
            victims=self._victims([m]),
            victim_class=m.victim_class,
            trigger=trigger,
            trigger_start=trigger_start,
            trigger_end=trigger_end,
            start=start,
            end=end,
        )


def _same_kind(a: Mention, b: Mention) -> bool:
    combatants = word_list("victim_classes.yaml", "combatants")
    unclear = {a.victim_class, b.victim_class} == {"civilians", "unknown"} and not {a.head, b.head} & combatants
    return (a.victim_class == b.victim_class or unclear) and _is_attacker(a) == _is_attacker(b) and not (a.family or b.family)


def _is_attacker(m: Mention) -> bool:
    """ "the suicide bomber", "himself"."""
    return m.head in people().attackers or m.head in _REFLEXIVE


def _named_before(m: Mention) -> bool:
    """ "he", "both", "the three", "the victims"."""
    if m.additional:
        return False
    if m.pronoun or (m.bare and m.number is not None and m.definite):
        return True
    if m.number is not None and m.number.first > m.noun:
        return False  # "the family of six"
    return m.definite and (m.number is not None or m.rule == "bare_plural" or m.head in cue("restating"))


def _not_counted(scene: Scene, numbers: list[Number], groups: list[Group], left_out: list[LeftOut]) -> list[NotCounted]:
    """What was seen and left out, in order, each once."""
    tokens, told = scene.tokens, reasons()
    counted = {k for g in groups for m in (*g.mentions, *g.parts) for k in range(m.first, m.last)}
    chains = {m.chain for g in groups for m in g.mentions} - {-1}
    restated = {k for m in scene.mentions if m.chain in chains for k in range(m.first, m.last)}
    found: dict[tuple[int, int], NotCounted] = {}

    def note(first: int, last: int, reason: str) -> None:
        start, end = tokens[first].start, tokens[last - 1].end
        found.setdefault((start, end), NotCounted(scene.text[start:end], start, end, reason, told[reason]))

    for what, reason in left_out:
        if isinstance(what, Mention):
            if what.first not in counted and not (what.pronoun and reason in _PASSING):
                note(what.first, what.last, reason)
        elif not (what.weak and (reason in _IDLE or what.frame == "gerund")) and (
            reason != "no_count" or what.frame not in _QUIET
        ):
            note(what.first, what.last, reason)
    said = counted | restated | {k for w, _ in left_out if isinstance(w, Mention) for k in range(w.first, w.last)}
    for n in numbers:
        stated = n.reason not in (None, "animal") and not n.vague
        if not n.none and (stated or (n.first not in said and (n.reason != "animal" or not n.vague))):
            note(n.first, n.last, n.reason or "not_said_to_be_hurt")
    return [found[k] for k in sorted(found)]
