"""What an article states, sentence by sentence: casualties with their role, and every number that was left out.

roles.py reads one sentence; here it is seen among the others: totals go on over the lines of a list, a party that counts its
own victims makes a claim, and deaths need a sign of violence.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

from include.extract.attribution import attribute, lone_attacker
from include.extract.breakdown import broken_down
from include.extract.casualties import find_casualties, has_casualty
from include.extract.clauses import Clause, incidents_of
from include.extract.dates import names_event
from include.extract.figures import LEAD, MEASURES, Figure, told
from include.extract.frames import frame_of
from include.extract.mentions import Casualty, DateMention, NotCounted, PlaceMention, Quantity
from include.extract.quantities import find_numbers, quantity
from include.extract.reading import Line, Reading
from include.extract.roles import MAIN, Role, cue, has, names_attacks, roles_of, speaks_of_total
from include.extract.tokens import tokenise
from include.extract.violence import (
    EXPLANATIONS,
    is_accident,
    killed_without_a_cause,
    knows_violence,
    other_cause,
    signs,
    tells_of_violence,
)

TOLD_AGAIN = ("told_again", "the same incident told in other words; the count that stands is in its report")
TOTAL_GOES_ON = "role.total_goes_on"
STATES = frozenset({"state_forces", "external_forces", "civilians"})
"""Sides whose own statements are official figures, not claims of a perpetrator."""
CLAIMS = ("cumulative_claim", "perpetrator_claim")
Story = Callable[[Casualty], NotCounted]
"""How an article that reports no incident at all leaves out a casualty."""
_LONG = timedelta(days=7)
_SEVERAL = 3
"""From this count on, people who "were killed" without a cause can be victims of a conflict."""
_REACH = 60
EARLIER = "role.earlier_time"
COURT = "role.court"
ANNIVERSARY = "role.anniversary"
_OPENS_A_CLAUSE = re.compile(r"\b(?:that|which|who|whom|whose|where|when|after|how)\s")
_OF_THE_NOUN = re.compile(
    r"\b(?:over|of|for|against|about|following|to|condemn\w*|mourn\w*)\s(?:the\s|its\s|their\s)(?:[\w-]{2,15}\s)?$"
)
"""What a noun for the dead follows that another verb is told of."""
_WHAT_WAS_SAID = re.compile(
    r",?\s(?:how|that\s(?:the|an?|at\sleast|its?|their|his|her|he|she|they|some|several|more|(?-i:[A-Z])[\w-]+|\d+|gunmen|militants))\s",
    re.IGNORECASE,
)
"""What follows a day on which somebody told what is told next ("heard on Tuesday that the men")."""
_DAYS_BEFORE = frozenset({"distance_earlier", "day_before_anchor"})
"""Rules of dates.py for days told from another day of the sentence: "a day earlier"."""
_NEAR_DAY = "near_day"
"""Rule of dates.py for days such as "today"."""


@dataclass(frozen=True, eq=False)
class Statement:
    """What one sentence says of the casualties of one incident, or of one total. Spans count from the sentence's start."""

    line: Line
    casualties: tuple[Casualty, ...]
    role: Role
    date: DateMention | None = None
    """The date that the sentence gives for it."""
    goes_on: Line | None = None
    """The line whose total it goes on with."""
    clause: Clause | None = None
    """The part of the sentence that tells it, where the others tell of other places."""

    @property
    def text(self) -> str:
        """The words that tell it: the sentence or its clause."""
        return self.line.text if self.clause is None else self.line.text[self.clause.start : self.clause.end].lstrip(" ,;")

    def places(self, reading: Reading) -> list[PlaceMention]:
        """The places that these words name."""
        found = reading.places(self.line)
        return found if self.clause is None or self.clause.shares_places else self.clause.of(found)

    @cached_property
    def lumped(self) -> bool:
        """The source lumps several incidents together (UCDP event clarity 2)."""
        return has("lumped", self.line.text)

    @property
    def told_at(self) -> int:
        """Where the sentence tells it: at the word for the casualties, else where it speaks of a total."""
        return self.casualties[0].trigger_start if self.casualties else self.role.start

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """What it tells, by measure. Those who died of wounds do not count as injured again."""
        casualties = [c for c in self.casualties if not (c.measure == "injured" and self._died_since(c))]
        told_of = {m: told(m, casualties, self.line.part, self.line.sentence) for m in MEASURES}
        return {m: f for m, f in told_of.items() if f is not None}

    def _died_since(self, casualty: Casualty) -> bool:
        """Of people hurt before, the sentence tells that they died."""
        before = cue("had_been").search(self.line.text, 0, casualty.trigger_start)
        return before is not None and cue("died_since").search(self.line.text, casualty.trigger_end) is not None

    @cached_property
    def of_wounds(self) -> bool:
        """It tells of deaths in hospital, whose day and place are not the incident's, and not of how the wounds came about."""
        found = cue("of_wounds").search(self.line.text)
        return found is not None and not any(c.measure == "injured" and c.trigger_end <= found.start() for c in self.casualties)

    @property
    def _in_a_quotation(self) -> bool:
        """The day is told from the day that somebody spoke ("They came this morning," she said)."""
        return self.date.rule == _NEAR_DAY and self.line.text.count('"', 0, self.date.start) % 2 == 1

    @cached_property
    def dated(self) -> bool:
        """The sentence dates the incident itself, not the report of it."""
        if self.date is None or self.date.date_start is None or self.of_wounds or self._in_a_quotation:
            return False
        return not of_the_news(self.line, self.date, self.told_at)

    def left_out(self, reason: str, explanation: str) -> list["LeftOut"]:
        """Its casualties as ones that are left out."""
        return [LeftOut(self.line, left_out_of(c, reason, explanation)) for c in self.casualties]


@dataclass(frozen=True, slots=True)
class Total:
    """A total over a period that the next lines go on with: where it stands, and the casualties that it counts first."""

    line: Line
    casualty: Casualty | None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A number that was seen and left out, with the sentence that it stands in."""

    line: Line
    number: NotCounted


def find_statements(reading: Reading, mode: str, note: bool = False) -> tuple[list[Statement], list[LeftOut]]:
    """The statements of an article in the order of its text (the title first), and what was left out.

    Where no sentence tells of casualties of violence or counts attacks, only the sentences with a casualty word are read; in a
    `note` on an incident, any word for casualties is one, however common ("three soldiers fell").
    """
    statements: list[Statement] = []
    left_out = [LeftOut(line, number) for line in reading.other_stories for number in _of_other_stories(line, mode)]
    found = {line: find_casualties(line.text, mode) for line in reading.lines if note or has_casualty(line.text)}
    story = _no_news(reading) if any(casualties for casualties, _ in found.values()) else None
    noted = _without_incident(reading, found, story)
    if noted is not None and not _may_count_attacks(reading, mode):
        return [], left_out + noted
    found = {line: found.get(line) or find_casualties(line.text, mode) for line in reading.lines}
    reading.narrow(line for line, (casualties, _) in found.items() if casualties)
    total: Total | None = None
    for line, (casualties, numbers) in found.items():
        if total is not None and not cue("goes_on").match(line.text):
            total = None
        groups = list(_broken_down(line, casualties, total, mode))
        taken = {g.quantity.start for g in groups}
        left_out += [LeftOut(line, number) for number in numbers if number.start not in taken]
        counted = []
        for casualty in [*(c for c in casualties if c.quantity.start not in taken), *groups]:
            left_out += [LeftOut(line, _part(part)) for part in casualty.parts]
            number = _no_incident(reading, line, casualty, story)
            if number is None:
                counted.append(casualty)
            else:
                left_out.append(LeftOut(line, number))
        if not counted:
            if total is None and (role := speaks_of_total(line.text) or _covers_a_period(reading, line)):
                total = Total(line, None)
                if counted_attacks(line, mode):
                    statements.append(Statement(line, (), role))
            continue
        for statement in _statements(reading, line, counted, total):
            role = statement.role
            if role.role == "not_counted":
                left_out += statement.left_out(role.reason, role.explanation)
            else:
                statements.append(statement)
            if total is None and role.role == "cumulative_claim":
                total = Total(line, statement.casualties[0])
    again = _buried_again(statements)
    left_out += [item for s in again for item in s.left_out(*TOLD_AGAIN)]
    return [s for s in statements if s not in again], left_out


def _buried_again(statements: Sequence[Statement]) -> list[Statement]:
    """Those that only bury or mourn the dead of whom others tell: the day and place of the grave are not the incident's."""
    buried = [s for s in statements if s.casualties and all(cue("buried").match(c.trigger) for c in s.casualties)]
    told = {f.best for s in statements if s not in buried and (f := s.figures.get("killed"))}
    return [s for s in buried if (f := s.figures.get("killed")) and f.best in told]


def _without_incident(
    reading: Reading, found: Mapping[Line, tuple[list[Casualty], list[NotCounted]]], story: Story | None
) -> list[LeftOut] | None:
    """What an article leaves out that tells of no incident; null where it may tell of one."""
    noted = []
    for line, (casualties, numbers) in found.items():
        noted += [LeftOut(line, number) for number in numbers]
        for casualty in casualties:
            number = _no_incident(reading, line, casualty, story)
            if number is None:
                return None
            noted += [LeftOut(line, n) for n in (*map(_part, casualty.parts), number)]
    return noted


def _may_count_attacks(reading: Reading, mode: str) -> bool:
    """Whether a sentence of an article may be a statement because of the attacks that it counts."""
    if not any(names_attacks(part.text) for part in reading.parts) or not tells_of_violence(_whole(reading)):
        return False
    lines = [line for line in reading.lines if names_attacks(line.text) and counted_attacks(line, mode) is not None]
    return any(speaks_of_total(line.text) or has("many_events", line.text) for line in lines)


def counted_attacks(line: Line, mode: str) -> Quantity | None:
    """The number of attacks that a sentence gives."""
    tokens = tokenise(line.text)
    for number in find_numbers(tokens):
        counts = number.value and number.reason in (None, "event_count") and number.last < len(tokens)
        if counts and cue("attacks").match(line.text, tokens[number.last].start):
            return quantity(line.text, tokens, number, mode)
    return None


def _no_incident(reading: Reading, line: Line, casualty: Casualty, story: Story | None) -> NotCounted | None:
    """The casualty as one that is left out, where it is none of an incident."""
    return story(casualty) if story else _not_violent(reading, line, casualty)


def _no_news(reading: Reading) -> Story | None:
    """For an article that reports no incident at all (sport, a film), what to say of its casualties."""
    if is_accident(_whole(reading)):
        return lambda c: left_out_of(c, "non_conflict_death", EXPLANATIONS["disaster"])
    title = reading.parts[0].text if reading.parts[0].name == "title" else ""
    frame = frame_of(title, reading.parts[-1].text)
    return frame and (lambda c: left_out_of(c, frame.reason, frame.explanation))


def _not_violent(reading: Reading, line: Line, casualty: Casualty) -> NotCounted | None:
    cause = other_cause(casualty.trigger, _texts(reading, line)) or _of_the_disaster(reading, line, casualty)
    if cause in ("no_sign", "animal") and (attribute(line.text).perpetrator or lone_attacker(line.text)):
        return None  # "marines killed 24 villagers", "the Tamil Tigers killed two"
    if cause == "no_sign" and _killed_in_a_conflict(reading, line, casualty):
        return None
    return cause and left_out_of(casualty, "non_conflict_death", EXPLANATIONS[cause])


def _killed_in_a_conflict(reading: Reading, line: Line, casualty: Casualty) -> bool:
    """Several people "were killed" in a country where that is how the press tells of violence, and nothing gives a cause."""
    several = (casualty.quantity.low or 0) >= _SEVERAL
    if not several or not killed_without_a_cause(casualty.trigger, line.text[casualty.trigger_end :], _whole(reading)):
        return False
    told = reading.place_of(line, casualty.trigger_start)
    return told is not None and told[0] is line and knows_violence(told[1].country)


def _of_the_disaster(reading: Reading, line: Line, casualty: Casualty) -> str | None:
    """Of people who only "died", the cause of death that the title and the lead tell, whatever the paragraph speaks of."""
    if not cue("died_since").match(casualty.trigger) or signs(line.text).attack or signs(line.text).armed:
        return None
    lead = signs(" ".join(o.text for o in reading.lines[: 1 + LEAD]))
    return None if lead.attack else lead.other_cause


def _broken_down(line: Line, casualties: Sequence[Casualty], total: Total | None, mode: str) -> Iterator[Casualty]:
    """The groups that a total is broken down into, after its colon or in the lines of a list below it."""
    item = cue("list_item").match(line.text)
    if item and total and total.casualty and not casualties:
        yield from broken_down(line.text, item.end(), total.casualty, mode)
        return
    follows = casualties and cue("list_follows").search(line.text, casualties[0].trigger_end)
    if follows and (total or speaks_of_total(line.text)):
        yield from broken_down(line.text, follows.end(), casualties[0], mode)


def _texts(reading: Reading, line: Line) -> Iterator[str]:
    """The texts that tell of the cause, nearest first: the sentence, its paragraph, the title and lead, everything."""
    yield line.text
    yield " ".join(o.text for o in reading.around(line))
    yield " ".join(o.text for o in reading.lines[:4])
    yield _whole(reading)


def _whole(reading: Reading) -> str:
    return " ".join(part.text for part in reading.parts)


def _of_other_stories(line: Line, mode: str) -> Iterator[NotCounted]:
    casualties, numbers = find_casualties(line.text, mode)
    yield from numbers
    for casualty in casualties:
        yield left_out_of(casualty, "other_story", "it stands in a list of other stories, not in this article")


def _part(part: Casualty) -> NotCounted:
    return left_out_of(part, "part_of_group", "part of a group that is counted already")


def left_out_of(casualty: Casualty, reason: str, explanation: str) -> NotCounted:
    """The number of a casualty as one that is left out."""
    q = casualty.quantity
    return NotCounted(q.phrase, q.start, q.end, reason, explanation)


def _statements(reading: Reading, line: Line, casualties: list[Casualty], total: Total | None) -> Iterator[Statement]:
    """The casualties of a sentence in groups of one role, each with the date that the sentence gives it."""
    claims = _own_claims(reading, line)
    elsewhere = _elsewhere(reading, line, total)
    roles = [
        _in_article(line, c, role, claims, elsewhere)
        for c, role in zip(casualties, roles_of(line.text, casualties), strict=True)
    ]
    clauses = incidents_of(line.text, casualties, roles, reading.places(line), reading.dates(line))
    in_time = {} if any(clauses) else _clauses_in_time(line, casualties, roles)
    told = list(zip(casualties, roles, clauses, strict=True))
    for role, clause in dict.fromkeys(zip(roles, clauses, strict=True)):
        group = tuple(c for c, r, where in told if (r, where) == (role, clause))
        goes_on = total.line if total and role.rule == TOTAL_GOES_ON else None
        date = date_told(reading, line, group, role, clause)
        statement = Statement(line, group, role, date, goes_on, clause or in_time.get(role.role))
        if role.role == "perpetrator_claim" and not _has_period(reading, line):
            told_by_them = replace(role, role="main_event")
            statement = replace(statement, role=told_by_them, casualties=tuple(map(_at_most, group)))
        yield statement


def _clauses_in_time(line: Line, casualties: list[Casualty], roles: list[Role]) -> dict[str, Clause]:
    """By role, the clause that tells of now and the one that goes back to earlier ("..., a day after three died in X"), where a
    sentence has both.
    """
    back = min((r.start for r in roles if r.role == "background_reference"), default=0)
    sides = {(role is MAIN, c.trigger_start < back) for c, role in zip(casualties, roles, strict=True)}
    if sides != {(True, True), (False, False)}:
        return {}
    return {MAIN.role: Clause(0, back, alone=True), "background_reference": Clause(back, len(line.text))}


def _in_article(line: Line, casualty: Casualty, role: Role, claims: list[Role], elsewhere: Role) -> Role:
    """The role in the article: a party's own claim goes first, and what is no more than told may go on with a total."""
    last_year = role.rule == EARLIER and "year" in line.low[role.start : role.end]
    if last_year and elsewhere.role == "cumulative_claim":  # "killed in conflicts around the world last year"
        return elsewhere
    if role.role in ("main_event", "cumulative_claim"):
        own = next((claim for claim in claims if _rests_on(claim, line, casualty)), None)
        if own:
            return own
    return elsewhere if role is MAIN else role


def _rests_on(claim: Role, line: Line, casualty: Casualty) -> bool:
    """The party's own claim gives the number, and not the text that only adds it ("it was behind the blast, in which ...")."""
    before = line.text[claim.end : casualty.trigger_start]
    return claim.end <= casualty.trigger_start and cue("known_attack").search(before) is None


def _elsewhere(reading: Reading, line: Line, total: Total | None) -> Role:
    """What the article makes of a sentence that only tells: it goes on with a total, or covers a period, or is the incident."""
    if total and (goes_on := cue("goes_on").match(line.text)):
        return Role("cumulative_claim", TOTAL_GOES_ON, *goes_on.span())
    return _covers_a_period(reading, line) or MAIN


def _covers_a_period(reading: Reading, line: Line) -> Role | None:
    """Several incidents of a week or longer are told of, not one of them."""
    if not has("many_events", line.text) or has("one_event", line.text):
        return None
    long = next((d for d in reading.dates(line) if _covers_long(d)), None)
    return long and Role("cumulative_claim", "role.long_period", long.start, long.end)


def _covers_long(mention: DateMention) -> bool:
    return (
        mention.kind in ("period", "point")
        and mention.date_start is not None
        and mention.date_end - mention.date_start >= _LONG
    )


def _own_claims(reading: Reading, line: Line) -> list[Role]:
    """Where a party that is no state counts the victims of its own attacks ("ISIS claimed to have killed ...")."""
    found = []
    for m in cue("claims_for_itself").finditer(line.text):
        before = line.text[: m.start()]
        reach = len(before) if cue("it_said").search(before) else _REACH
        armed = (a for a in reading.actors(line) if a.kind == "armed" and 0 <= m.start() - a.end <= reach)
        speaks = cue("the_group").search(before) or any(a.side not in STATES for a in armed)
        speaks = speaks and not cue("after_an_attack").search(line.text, m.end())
        if speaks and not (m["credit"] and not _has_period(reading, line)):
            found.append(Role("perpetrator_claim", "role.own_claim", *m.span()))
    media = cue("own_media").search(line.text)
    return [*found, Role("perpetrator_claim", "role.own_media", *media.span())] if media else found


def _has_period(reading: Reading, line: Line) -> bool:
    return any(d.kind == "period" for d in reading.dates(line))


def date_told(
    reading: Reading, line: Line, casualties: tuple[Casualty, ...], role: Role, clause: Clause | None = None
) -> DateMention | None:
    """The date of the sentence that is nearest to the casualties, out of those that can be an incident's; one of their clause
    goes first.
    """
    at = _told_at(line, casualties[0])
    dates = [d for d in reading.dates(line) if d.kind == "point" or (d.kind == "period" and role.role != "main_event")]
    dates += [d for d in reading.dates(line) if d.kind == "period" and d not in dates and not _covers_long(d)]
    dates = [d for d in dates if not cue("dateline").match(line.text, d.end)]
    dates = (clause and clause.of(dates)) or dates
    if role.rule in (COURT, ANNIVERSARY):  # a later day, which may be the only one told, is that of the trial
        first = min((d for d in dates if d.date_start), key=lambda d: d.date_start, default=None)
        several = len(dates) > 1 or any(d.kind == "sequel" for d in reading.dates(line))
        its_own = first is not None and names_event(line.low, first)
        return first if role.rule == ANNIVERSARY or several or its_own or _long_ago(first, reading.published_on) else None
    if role.role == "background_reference":
        inside = [d for d in dates if d.start < role.end and role.start < d.end]
        dates = inside or dates
    elif role is MAIN:
        back = [d for d in dates if d.rule in _DAYS_BEFORE and d.date_start and _in_a_clause(line, d, at, dates)]
        dates = back or [d for d in dates if not d.rule.startswith("distance")] or dates
    far = {
        d: (
            of_the_news(line, d, at),
            _of_the_verb_before(line, d, at) or _before_the_clause(line, d, at) or _before_the_noun(line, d, at),
            min(abs(d.start - at), abs(d.end - at)),
        )
        for d in dates
    }
    return min(dates, key=lambda d: (far[d], d.start), default=None)


def _told_at(line: Line, casualty: Casualty) -> int:
    """Where the sentence tells of it; of bodies, where it tells that they were found."""
    found = cue("found").search(line.low, casualty.trigger_end) if casualty.trigger.lower().startswith("bod") else None
    return found.end() if found else casualty.trigger_start


def _of_the_verb_before(line: Line, mention: DateMention, at: int) -> bool:
    """ "Kidnapped 30 on Thursday and killed four": the day is of what stands before it."""
    return mention.end <= at and cue("and_then").match(line.low, mention.end) is not None


def _before_the_clause(line: Line, mention: DateMention, at: int) -> bool:
    """ "Prayed on Sunday for the two who were killed": the day is not that of what the clause tells. "On Sunday, when two were
    killed" is.
    """
    return mention.end <= at and _OPENS_A_CLAUSE.search(line.low, mention.end + len(", when"), at) is not None


def _before_the_noun(line: Line, mention: DateMention, at: int) -> bool:
    """ "Spoke on Sunday of the killing of two": the day is not that of what the noun tells."""
    return mention.end <= at and _OF_THE_NOUN.search(line.low, mention.end, at) is not None


def _in_a_clause(line: Line, mention: DateMention, at: int, dates: list[DateMention]) -> bool:
    """ "On Sunday they cleared the house that a shell hit a day earlier, killing two": the day before tells of the clause."""
    last = min(mention.start, at)
    before = [d for d in dates if d.end <= last and d is not mention]
    return bool(before) and _OPENS_A_CLAUSE.search(line.low, before[-1].end, last) is not None


def _long_ago(mention: DateMention | None, published_on: date | None) -> bool:
    return mention is not None and published_on is not None and published_on - mention.date_end > _LONG


def of_the_news(line: Line, mention: DateMention, at: int) -> bool:
    """Between the date and the casualties stands a verb of reporting, so that the date may be the report's."""
    before = mention.end <= at
    between = line.text[mention.end : at] if before else line.text[at : mention.start]
    return cue("reporting").search(between) is not None or (before and _WHAT_WAS_SAID.match(between) is not None)


def _at_most(casualty: Casualty) -> Casualty:
    """The casualty as the perpetrator's own word on an incident: no low and no best rest on it."""
    high = casualty.quantity.high if casualty.quantity.high is not None else casualty.quantity.best
    return replace(casualty, quantity=replace(casualty.quantity, low=None, best=None, high=high))
