"""Who did it, to whom, by whose word; who claimed it; and who is cited.

Terms: attribution follows MUC-3/4, claims of responsibility GTD. The rules are data (`data/attribution.yaml`). They read the
text with each party put down as one sign, so that one pattern serves every name.

A perpetrator is only ever a party that the text names or describes. Where two parties clash and the words do not say who
killed whom, there is none. Unidentified attackers are kept as written, without an id.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from include.extract.actors import PARTIES, find_actors, is_unidentified
from include.extract.lexicon import load, word_list
from include.extract.mentions import ActorMention, Attribution
from include.extract.patterns import PatternSet
from include.extract.tokens import lowered

RULES = Path(__file__).parent / "data" / "attribution.yaml"

_GROUPS = ("rules", "claims", "targets", "clashes", "individuals", "citations", "told")
_PARTY, _BODY = "§", "¤"
_QUOTES = ("'", '"', "‘", "’", "“", "”", "«", "»")
_PASSIVE_BEFORE = re.compile(r"(?P<party>§)(?:\s(?:was|were|has|had|have|been|also|later|then)){1,4}\s$")
_OBJECT_AFTER = re.compile(r"(?:\s(?:dead|the|a|an|one|two|three|four|five|all|both)){0,3}\s(?P<party>§)")
_BOTH = re.compile(r"\w,?\sand\s(?:[\w-]+\s){0,3}$")
"""Words before victims that are not the only ones: "a corporal and a guerrilla were killed"."""
_HIT = re.compile(
    r"(?:\s(?:dead|the|an?|at|least|some|about|another|members|of|\d{1,4}|two|three|four|five|six|seven|eight|nine|ten)){0,4}\s§"
)
"""Whom a verb before it hit: no party attacks itself."""
_OPENS = re.compile(r"(?:\(\?<![^)]*\))*\(\?P<\w+>§\)")
_SENTENCE_END = re.compile(r"[.!?][\"”’)\]]?\s+(?=[^a-z\s])|\n")


def attribute(passage: str, actors: Sequence[ActorMention] | None = None) -> Attribution:
    """What `passage` (the sentences on one incident) says of perpetrator, target, attribution and claim of responsibility.

    `actors` are those of the passage where they were found before. A sentence outranks one after it, and within a sentence a
    rule one below it in the table; but a party that is only described ("gunmen") gives way to a name in its sentence, or
    in a later one that speaks of the same incident ("ISIS claimed responsibility").
    """
    table, view = _table(), _view(passage, tuple(find_actors(passage) if actors is None else actors))
    claim = _claim(view)
    best = _best(view, table, claim)
    target = _target(view, table, best)
    clash = _sides(view)
    status, claimed_by = (claim.status, claim.by) if claim else ("unknown", None)
    if best is None:
        return Attribution(target=target, claim_status=status, claimed_by=claimed_by and claimed_by.text, clash=clash)
    start, end = best.hedge or (0, 0)
    return Attribution(
        perpetrator=best.perp,
        target=target,
        attribution=best.attribution,
        hedge=passage[start:end] or None,
        hedge_start=start,
        hedge_end=end,
        attributed_by=best.by,
        claim_status=status,
        claimed_by=claimed_by and claimed_by.text,
        rule=best.rule.id,
        clash=clash,
    )


def lone_attacker(passage: str) -> Attribution | None:
    """Somebody without a name who did what `passage` tells ("a man stabbed two guards"); null where it tells of nobody."""
    view = _view(passage, ())
    for rule in view.whole.rules["individuals"]:
        match = rule.first(view, view.whole)
        if match:
            words, start, end = view.words(match, "who"), match.start("who"), match.end("who")
            perp = ActorMention(words, start, end, None, words, "unknown")
            return Attribution(perpetrator=perp, attribution="reported_as_fact", rule=rule.id)
    return None


def find_citations(
    passage: str, actors: Sequence[ActorMention] | None = None, monitors: Sequence[ActorMention] | None = None
) -> list[ActorMention]:
    """Who is cited in `passage` for what it says, in reading order: bodies, officials, witnesses.

    "The monitor said" stands for the monitor named last (or, before any is named, the next one): its id and name, the words
    as written. `monitors` are those of the article, with spans that count from the start of the passage, so that they are
    negative before it; by default the passage's own. Those cited by description have the kind official, medical or, where
    nothing tells more, witness.
    """
    table, view = _table(), _view(passage, tuple(find_actors(passage) if actors is None else actors))
    if monitors is None:
        monitors = [mention for mention in view.actors if mention.kind == "monitor"]
    found: dict[int, ActorMention] = {}
    taken: set[int] = set()
    for rule in view.whole.rules["citations"]:
        for match in rule.matches(view, view.whole):
            words = range(match.start("by"), match.end("by"))
            if taken.isdisjoint(words):
                taken.update(words)
                cited = view.mention(match.start("by")) or _described_source(view, match, monitors, table)
                found[cited.start] = cited
    for rule in view.whole.rules["told"]:
        for match in rule.matches(view, view.whole):
            told = view.mention(match.start("by"))
            if told.kind == "monitor":
                found[told.start] = told
    return [found[start] for start in sorted(found)]


# --- The text with parties as signs -----------------------------------------------------------------------------------


class _Span(NamedTuple):
    """A sentence of a view: where it stands, its words in lower case, where parties stand, and the rules whose words it has."""

    start: int
    end: int
    low: str
    parties: list[int]
    rules: dict[str, list["_Rule"]]
    """By their group in the table, in its order."""


class _View:
    """A text in which each party is one sign, and the way back to the text."""

    def __init__(self, text: str, actors: Sequence[ActorMention]):
        self.actors = list(actors)
        pieces, self._at, self._was, self._mentions, self._parties = [], [0], [0], {}, []
        length = position = 0
        text = text.replace(_PARTY, " ").replace(_BODY, " ")
        for mention in self.actors:
            before = text[position : mention.start]
            if before in (" (", " [") and self._mentions and text[mention.end : mention.end + 1] in (")", "]"):
                # "Islamic State (ISIS)": one party, named twice.
                position = mention.end + 1
                self._note(length, position)
                continue
            quoted = before[-1:] in _QUOTES and text[mention.end : mention.end + 1] in _QUOTES
            before = before[:-1] if quoted else before
            pieces.append(before)
            length += len(before)
            self._note(length, mention.start)
            self._mentions[length] = mention
            if mention.kind in PARTIES:
                self._parties.append(length)
            pieces.append(_PARTY if mention.kind in PARTIES else _BODY)
            length += 1
            position = mention.end + quoted
            self._note(length, position)
        pieces.append(text[position:])
        self.text = "".join(pieces)
        self.low = lowered(self.text)
        ends = [match.end() for match in _SENTENCE_END.finditer(self.text)]
        self.sentences = [self._span(*span) for span in zip([0, *ends], [*ends, len(self.text)], strict=True)]
        self.whole = self._span(0, len(self.text)) if ends else self.sentences[0]

    def _span(self, start: int, end: int) -> "_Span":
        low = self.low[start:end]
        return _Span(
            start, end, low, self._parties[bisect_left(self._parties, start) : bisect_left(self._parties, end)], _rules_for(low)
        )

    def _note(self, at: int, was: int) -> None:
        self._at.append(at)
        self._was.append(was)

    def mention(self, at: int) -> ActorMention | None:
        """The actor whose sign stands at this place."""
        return self._mentions.get(at)

    def words(self, match: re.Match, group: str) -> str:
        """What a group of a match says."""
        return self.text[match.start(group) : match.end(group)]

    def back(self, at: int) -> int:
        """The place in the text that a place in the view stands for."""
        piece = bisect_right(self._at, at) - 1
        return self._was[piece] + at - self._at[piece]


@lru_cache(maxsize=256)
def _view(text: str, actors: tuple[ActorMention, ...]) -> _View:
    """The view of a text, kept for the next who asks."""
    return _View(text, actors)


# --- Rules ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Rule:
    id: str
    strength: int
    """Its place in the table: the first is the strongest."""
    pattern: re.Pattern
    needs: tuple[str, ...]
    """A text without any of these words is not searched; none where it is always."""
    opens: bool
    """Whether it begins with a party."""
    cased: bool
    """Whether capitals matter; else it is searched in lower case, which is three times as fast."""
    attribution: str | None = None
    status: str | None = None
    anaphora: bool = False
    looks_back: bool = False
    claim: bool = False
    denial: bool = False
    act: bool = False
    person: bool = False

    def matches(self, view: _View, span: _Span) -> list[re.Match]:
        """Where the rule matches in a sentence, from left to right without overlaps."""
        text = view.text if self.cased else view.low
        if not self.opens:
            return list(self.pattern.finditer(text, span.start, span.end))
        found, free = [], span.start
        for at in span.parties:
            if at >= free and (match := self.pattern.match(text, at, span.end)):
                found.append(match)
                free = match.end()
        return found

    def first(self, view: _View, span: _Span) -> re.Match | None:
        """The first match in a sentence."""
        if self.opens:
            return next(iter(self.matches(view, span)), None)
        return self.pattern.search(view.text if self.cased else view.low, span.start, span.end)


@dataclass(frozen=True, slots=True)
class _Table:
    rules: dict[str, list[_Rule]]
    """By group; those of "claiming" are the ones of "rules" by which a party claims responsibility."""
    members: re.Pattern
    elsewhere: re.Pattern
    there: re.Pattern
    answers: re.Pattern
    deaths: re.Pattern
    detainees: re.Pattern
    started: re.Pattern
    earlier: re.Pattern
    habit: re.Pattern
    attacker_shot: re.Pattern
    fell: re.Pattern
    pronoun: re.Pattern
    accusers: re.Pattern
    attackers: re.Pattern
    struck: re.Pattern
    hedge_before: re.Pattern
    hedge_inside: re.Pattern
    hedges: dict[str, str]
    authorities: re.Pattern
    medics: re.Pattern
    anaphora: re.Pattern


@cache
def _table() -> _Table:
    table = load(RULES.name)
    demonyms = "|".join(sorted(word_list("demonyms.yaml", "demonyms") - {"european"})).replace("/", "|")
    words = table["words"] | {"site": table["sites"], "source": table["sources"], "demonyms": demonyms}

    def filled(source: str) -> str:
        for _ in range(2):  # a word may stand for other words
            source = re.sub(r"\{([a-z_]+)\}", lambda m: words[m[1]], source)
        return r"(?<!\w)" + source.replace(" ", r"\s")

    def rule(row: dict, place: int) -> _Rule:
        source = filled(row["pattern"])
        cased = "(?-i:" in source
        return _Rule(
            id=row["id"],
            strength=place,
            pattern=re.compile(source, re.IGNORECASE if cased else 0),
            needs=tuple(row.get("needs", ())),
            opens=_OPENS.match(row["pattern"]) is not None,
            cased=cased,
            **{
                key: row[key]
                for key in ("attribution", "status", "anaphora", "looks_back", "claim", "denial", "act", "person")
                if key in row
            },
        )

    hedges = {word: attribution for attribution, group in table["hedges"].items() for word in group}
    any_hedge = "|".join(sorted(map(re.escape, hedges), key=lambda word: (-len(word), word)))
    rules = {group: [rule(row, place) for place, row in enumerate(table[group])] for group in _GROUPS}
    return _Table(
        rules=rules | {"claiming": [rule for rule in rules["rules"] if rule.claim]},
        members=re.compile(table["members"].replace(" ", r"\s"), re.IGNORECASE),
        accusers=re.compile(filled(rf"(?:{words['accusers']})(?!\w)"), re.IGNORECASE),
        struck=re.compile(table["struck"].replace(" ", r"\s"), re.IGNORECASE),
        **{
            name: re.compile(table[name])
            for name in (
                "elsewhere",
                "there",
                "answers",
                "deaths",
                "detainees",
                "started",
                "earlier",
                "habit",
                "fell",
                "pronoun",
                "attacker_shot",
            )
        },
        attackers=re.compile(rf"\b{table['attackers']}", re.IGNORECASE),
        hedge_before=re.compile(rf"\b({any_hedge})(?:\sto\s(?:have\sbeen|be))?(?:\s[\w-]{{1,20}}){{0,3}}?\s$", re.IGNORECASE),
        hedge_inside=re.compile(rf"\b({any_hedge})\b", re.IGNORECASE),
        hedges=hedges,
        authorities=re.compile(table["authorities"], re.IGNORECASE),
        medics=re.compile(table["medics"], re.IGNORECASE),
        anaphora=re.compile(table["anaphora"], re.IGNORECASE),
    )


def _rules_for(low: str) -> dict[str, list[_Rule]]:
    """The rules whose words a text in lower case has, by group."""
    return _selected(tuple(_needs().possible(low)))


@cache
def _needs() -> PatternSet[str]:
    """The words that rules need, by rule."""
    rules = [rule for group in _table().rules.values() for rule in group]
    return PatternSet({rule.id: "|".join(map(re.escape, rule.needs)) for rule in rules if rule.needs})


@lru_cache(maxsize=4096)
def _selected(ids: tuple[str, ...]) -> dict[str, list[_Rule]]:
    return {name: [rule for rule in group if not rule.needs or rule.id in ids] for name, group in _table().rules.items()}


@dataclass(frozen=True, slots=True)
class _Tie:
    """A perpetrator as one rule reads it."""

    perp: ActorMention
    attribution: str
    hedge: tuple[int, int] | None
    by: str | None
    rule: _Rule
    order: tuple[bool, int, int, int]
    """Whether it only struck back, number of the sentence, strength of the rule, place."""


@dataclass(frozen=True, slots=True)
class _Claim:
    status: str
    by: ActorMention | None


def _best(view: _View, table: _Table, claim: _Claim | None) -> _Tie | None:
    ties = [tie for number, span in enumerate(view.sentences) for tie in _ties(view, table, number, span)]
    if claim and claim.status == "not_claimed":
        ties = [tie for tie in ties if not tie.rule.claim]
    if not ties:
        return None
    best = min(ties, key=lambda tie: tie.order)
    if best.perp.actor_id is None:
        named = [tie for tie in ties if tie.rule.looks_back or tie.order[:2] == best.order[:2]]
        named = [tie for tie in named if tie.perp.actor_id or tie.rule.claim or tie.perp.kind == "suspect"]
        best = min(named, key=lambda tie: (tie.perp.kind == "suspect", tie.order), default=best)
    if is_unidentified(best.perp):
        sided = [tie for tie in ties if tie.perp.side in ("extremist_group", "rebels") and not tie.order[0]]
        best = min(sided, key=lambda tie: tie.order, default=best)
    if best.perp.actor_id is None:
        best = replace(best, perp=_fullest(best.perp, ties))
    if best.by is None:
        best = replace(best, by=_cited_in(view, table, view.sentences[best.order[1]], best.perp))
    if claim and claim.status == "claimed" and claim.by and same(claim.by, best.perp):
        return replace(best, attribution="claimed_or_admitted")
    return best


def _fullest(perp: ActorMention, ties: list[_Tie]) -> ActorMention:
    """The description with the most words among those of the same noun: "unidentified gunmen" for "gunmen"."""
    noun = perp.text.split()[-1].lower()
    alike = [tie.perp for tie in ties if tie.perp.actor_id is None and tie.perp.text.split()[-1].lower() == noun]
    return max([perp, *alike], key=lambda mention: len(mention.text))


def _cited_in(view: _View, table: _Table, span: _Span, perp: ActorMention) -> str | None:
    """Who is cited in the sentence that names the perpetrator."""
    for rule in span.rules["citations"]:
        match = rule.first(view, span)
        mention = match and view.mention(match.start("by"))
        if match and not (mention and same(mention, perp)):
            return mention.text if mention else view.words(match, "by")
    return None


def _can_do(mention: ActorMention) -> bool:
    """Whether it can have done it: an armed party, a suspect, or a command of one that is cited ("AFRICOM")."""
    return mention.kind in PARTIES or mention.side is not None


def same(one: ActorMention, other: ActorMention) -> bool:
    """Whether two mentions are of one party."""
    return (one.actor_id or one.name) == (other.actor_id or other.name)


def _ties(view: _View, table: _Table, number: int, span: _Span) -> list[_Tie]:
    if not span.parties and _BODY not in span.low:
        return []
    clashes = [(rule, found) for rule in span.rules["clashes"] if (found := rule.first(view, span))]
    earlier = [pair for pair in clashes if table.earlier.search(view.low, span.start, pair[1].start())]
    ties = []
    for rule in span.rules["rules"]:
        for match in rule.matches(view, span):
            if rule.act and len(earlier) < len(clashes) and not table.started.search(view.low, span.start, match.start("perp")):
                continue
            tie = _tie(view, table, rule, match, (number, rule.strength, match.start("perp")))
            if tie:
                ties.append(tie)
    if any(tie.rule.act for tie in ties):
        return ties
    return [*(tie for rule, found in clashes if (tie := _clash(view, table, rule, found, number))), *ties]


def _clash(view: _View, table: _Table, rule: _Rule, clash: re.Match, number: int) -> _Tie | None:
    """The other side of a clash, where the victims are of one side."""
    hit = table.rules["targets"][0].first(view, view.sentences[number])
    victims = view.mention(hit.start("target")) if hit else None
    one = view.mention(clash.start("one")) if clash["one"] else None
    other = view.mention(clash.start("other"))
    if not (victims and other) or (hit and _BOTH.search(view.low, max(0, hit.start("target") - 40), hit.start("target"))):
        return None
    if belong(victims, other):
        perp = one if one and not belong(victims, one) else None
    elif one is None or belong(victims, one):
        perp = other
    else:
        perp = None
    return perp and _Tie(perp, rule.attribution, None, None, rule, (False, number, 0, clash.start()))


def _sides(view: _View) -> tuple[ActorMention, ActorMention] | None:
    """The two sides of a clash, where both are told."""
    for rule in view.whole.rules["clashes"]:
        clash = rule.first(view, view.whole)
        if clash and clash["one"]:
            one, other = view.mention(clash.start("one")), view.mention(clash.start("other"))
            return None if same(one, other) else (one, other)
    return None


def belong(victims: ActorMention, party: ActorMention) -> bool:
    """Whether victims are of a party: the same one, or only described ("rebels") and of its side."""
    if victims.actor_id and party.actor_id:
        return same(victims, party)
    return same(victims, party) or (victims.side == party.side and victims.side not in (None, "unknown"))


def _tie(view: _View, table: _Table, rule: _Rule, match: re.Match, order: tuple[int, int, int]) -> _Tie | None:
    at = match.start("perp")
    perp = _party_at(view, table, at)
    if perp is None or not _can_do(perp):
        return None
    if rule.act and (
        table.struck.search(view.text, max(0, at - 60), at)
        or table.elsewhere.search(view.low, max(0, at - 30), at)
        or (view.low.startswith(", which ", at + 1) and table.there.search(view.low, max(0, at - 40), at))
    ):
        return None
    if rule.act and (hit := _HIT.match(view.low, match.end())) and same(view.mention(hit.end() - 1), perp):
        return None
    if not rule.claim and table.habit.match(view.low, match.end()):
        return None
    if (rule.act or rule.attribution == "claimed_or_admitted") and _answers(view, table, match):
        return None
    if rule.person and (perp.kind != "suspect" or table.detainees.search(view.sentences[order[0]].low)):
        return None
    if _fell(view, table, match, view.sentences[order[0]]):
        return None
    groups = match.groupdict()
    if groups.get("own") and not same(view.mention(match.start("own")), perp):
        return None
    accuser = _accuser(view, table, match) if groups.get("by") else None
    if accuser and accuser[1] and same(accuser[1], perp):
        return None
    attribution, hedge = _hedge(view, table, rule, match, view.sentences[order[0]].start)
    if attribution == "suspected_or_accused" and accuser and _is_authority(*accuser, table):
        attribution = "suspected_or_accused_by_authorities"
    span = (view.back(hedge[0]), view.back(hedge[1])) if hedge else None
    place = (_strikes_back(view, table, match), *order)
    return _Tie(perp, attribution, span, accuser and accuser[0], rule, place)


def _party_at(view: _View, table: _Table, at: int) -> ActorMention | None:
    """The party whose sign stands here; for a description tied to a name ("gunmen loyal to ISIS"), the named one."""
    mention = view.mention(at)
    if mention is None or mention.actor_id:
        return mention
    member = table.members.match(view.text, at + 1)
    named = [member and view.mention(member.start("perp")), view.mention(at - 2)]
    return next((party for party in named if party and party.actor_id and party.kind == "armed"), mention)


def _accuser(view: _View, table: _Table, match: re.Match) -> tuple[str, ActorMention | None]:
    """The words for who accuses, and the mention where it is one: of several before the verb the last."""
    verb = match.start("hedge") if match.groupdict().get("hedge") else match.start("perp")
    found = list(table.accusers.finditer(view.text, match.start(), verb))[-1]
    mention = view.mention(found.start())
    return (mention.text if mention else found[0]), mention


def _hedge(view: _View, table: _Table, rule: _Rule, match: re.Match, start: int) -> tuple[str, tuple[int, int] | None]:
    """What the words of the sentence from `start` make of the attribution, and the span of the hedge in the view."""
    at = match.start("perp")
    if match.groupdict().get("hedge"):
        return rule.attribution, match.span("hedge")
    if rule.attribution != "reported_as_fact":
        return rule.attribution, None
    found = table.hedge_before.search(view.text, max(start, at - 60), at)
    found = found or table.hedge_inside.search(view.text, match.start(), match.end())
    if not found:
        return rule.attribution, None
    return table.hedges[" ".join(found[1].lower().split())], found.span(1)


def _answers(view: _View, table: _Table, match: re.Match) -> bool:
    """Whether it answered deaths that others dealt ("fired rockets after an air strike killed two")."""
    start = next(span.start for span in view.sentences if match.start() < span.end)
    dealt = table.answers.match(view.low, match.end())
    return dealt is not None and not table.deaths.search(view.low, start, match.end())


def _fell(view: _View, table: _Table, match: re.Match, span: _Span) -> bool:
    """Whether it tells how an attacker fell ("... stabbed two men before being shot by police")."""
    at = match.start("perp")
    if table.fell.search(view.low, max(span.start, at - 60), at):
        return True
    if not table.pronoun.search(view.low, max(span.start, at - 50), at):
        return False
    return any(table.attackers.search(view.mention(party).text) for party in span.parties if party < at)


def _strikes_back(view: _View, table: _Table, match: re.Match) -> bool:
    """Whether the party only killed the attackers ("the attacker was shot by police"): then it is not the perpetrator."""
    if table.attacker_shot.match(view.low, match.end()):
        return True
    before = _PASSIVE_BEFORE.search(view.text, max(0, match.start() - 40), match.start())
    after = _OBJECT_AFTER.match(view.text, match.end())
    struck = [view.mention(found.end("party") - 1) for found in (before, after) if found]
    return any(mention and table.attackers.search(mention.text) for mention in struck)


def _is_authority(words: str, mention: ActorMention | None, table: _Table) -> bool:
    if mention and (mention.kind == "official" or mention.side in ("state_forces", "external_forces")):
        return True
    return bool(table.authorities.search(words))


def _claim(view: _View) -> _Claim | None:
    """The first statement on a claim of responsibility; a denial only where there is no other."""
    found = []
    for rule in view.whole.rules["claims"]:
        match = rule.first(view, view.whole)
        if match:
            by = _last_party(view, match.start()) if rule.anaphora else None
            found.append((rule.denial, match.start(), _Claim(rule.status, by)))
    for rule in view.whole.rules["claiming"]:
        match = rule.first(view, view.whole)
        by = match and view.mention(match.start("perp"))
        own = view.mention(match.start("own")) if match and "own" in match.groupdict() else by
        if by and _can_do(by) and same(by, own) and not _answers(view, _table(), match):
            found.append((False, match.start(), _Claim("claimed", by)))
    return min(found, key=lambda item: item[:2])[2] if found else None


def _last_party(view: _View, at: int) -> ActorMention | None:
    before = [mention for mention in view.actors if mention.kind == "armed" and mention.end <= view.back(at)]
    named = [mention for mention in before if mention.actor_id]
    return (named or before or [None])[-1]


def _target(view: _View, table: _Table, best: _Tie | None) -> ActorMention | None:
    """Whom or what was attacked: a party before a site, in the perpetrator's sentence before others."""
    perp = best.perp if best else None
    home = view.sentences[best.order[1]] if best else None
    for span in ([home] if home else []) + view.sentences:
        for rule in span.rules["targets"]:
            for match in rule.matches(view, span):
                mention = _site(view, match) if "site" in match.groupdict() else view.mention(match.start("target"))
                if mention is None or mention.kind == "suspect" or (perp and same(mention, perp)):
                    continue
                if not table.attackers.search(mention.text):
                    return mention
    return None


def _site(view: _View, match: re.Match) -> ActorMention:
    start, end = view.back(match.start("site")), view.back(match.end("site"))
    words = view.words(match, "site")
    return ActorMention(words, start, end, None, words, None, "site")


def _described_source(view: _View, match: re.Match, monitors: Sequence[ActorMention], table: _Table) -> ActorMention:
    """Someone cited by description; a monitor's description stands for the monitor that is named."""
    start, end, words = view.back(match.start("by")), view.back(match.end("by")), view.words(match, "by")
    if table.anaphora.search(words):
        named = bisect_right(monitors, start, key=lambda monitor: monitor.end)
        if monitors:
            return replace(monitors[max(named - 1, 0)], text=words, start=start, end=end)
        return ActorMention(words, start, end, None, words, None, "monitor")
    kinds = {"medical": table.medics, "official": table.authorities}
    kind = next((kind for kind, pattern in kinds.items() if pattern.search(words)), "witness")
    return ActorMention(words, start, end, None, words, None, kind)
