"""The statements of one article about one incident, brought together.

An article tells its incident several times (headline, lead, details). A statement joins an incident told before unless
something speaks against it: another day, another place, another perpetrator, or words that part them ("in a separate attack").
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from itertools import combinations

from include.extract.figures import LEAD, MEASURES, Figure, Receipt, resolved, without
from include.extract.gazetteer import fold
from include.extract.mentions import Casualty, DateMention, PlaceMention
from include.extract.nearness import SPOTS, abroad, apart, told_places
from include.extract.reading import Line, Reading
from include.extract.roles import cue, has
from include.extract.statements import Statement

_TELLING = 3
"""From this count on, the same number tells of the same incident even where the places differ."""
_SIGNS = 2
_FITS = 2
"""A count of up to twice "at least N" fits it."""
_NEXT = 4
"""Sentences within which a pronoun tells that somebody died who was only said to be shot."""
_MANY = 10
"""From this count on, it does so even where the days differ by up to three."""


@dataclass
class Incident:
    """One incident as one article tells it: its statements in the order of the text.

    What is worked out of them is kept: ask only when they are complete.
    """

    role: str
    statements: list[Statement] = field(default_factory=list)
    places: dict[tuple, PlaceMention] = field(default_factory=dict)
    """The places that its sentences name, each once."""
    dates: dict[tuple[date, date], DateMention] = field(default_factory=dict)
    """The dates that its statements give, each once."""
    attackers: list[Statement] = field(default_factory=list)
    """What is told of the attackers' own dead and injured, where it is kept apart from the statements."""
    only_attackers: bool = False
    """Nobody else is said to be hurt."""

    @cached_property
    def figures(self) -> dict[str, Figure]:
        """The counts by measure, over all statements.

        "No casualties" holds only where nobody is counted beside it, and an inseparable count gives way where killed or
        injured are told apart.
        """
        told_of = {m: [s.figures[m] for s in self.statements if m in s.figures] for m in MEASURES}
        if any(not f.none_at_all for figures in told_of.values() for f in figures):
            told_of = {m: [f for f in figures if not f.none_at_all] for m, figures in told_of.items()}
        found = {m: f for m, figures in told_of.items() if (f := resolved(figures))}
        if "casualties" in found and found["casualties"].best is None and {"killed", "injured"} & found.keys():
            del found["casualties"]
        while "killed" in found and "injured" in found and self._are_the_dead(found["injured"], found["killed"]):
            dead = found.pop("injured").receipts[0]
            told_of["injured"] = [f for f in told_of["injured"] if f.receipts[0].quantity is not dead.quantity]
            if others := resolved(told_of["injured"]):
                found["injured"] = others
        if (
            "killed" in found
            and "injured" in found
            and (others := self._others_than_the_dead(found["injured"], found["killed"]))
        ):
            found["injured"] = others
        elif "killed" in found and "injured" in found and self._died_of_those_hit(found["injured"]):
            if survivors := without(found["injured"], found["killed"]):
                found["injured"] = survivors
            else:
                del found["injured"]
        return found

    def _were_hit(self, injured: Figure) -> bool:
        """The words only say that they were hit ("four people were shot"), not what became of them."""
        quantity = injured.receipts[0].quantity
        people = next((c for s in self.statements for c in s.casualties if c.quantity is quantity), None)
        return people is not None and cue("hit").fullmatch(people.trigger) is not None

    def _are_the_dead(self, injured: Figure, killed: Figure) -> bool:
        """The dead had been shot: the words point back to them ("all four", "his girlfriend") or give a name."""
        first = injured.receipts[0]
        names = first.quantity.rule in ("named", "sum") and first.quantity.phrase[:1].isupper()
        known = names or cue("told_before").match(first.quantity.phrase)
        known = known and not has("survives", first.sentence.text)
        dead = killed.best or killed.low or 0
        hit = injured.best or injured.low or 0
        beside = (s.figures["killed"].best or 0 for s in self.statements if {"killed", "injured"} <= s.figures.keys())
        summed_up = (
            first.sentence.part == "title"
            and hit == dead
            and any(f.additional for s in self.statements if (f := s.figures.get("injured")))
        )  # "Man stabs six": they died, and "another ten were taken to hospital"
        all_of_them = dead > _TELLING and any(k + hit == dead for k in beside)  # "12 died: nine were stabbed, three were shot"
        return self._were_hit(injured) and (summed_up or all_of_them or (bool(known) and hit <= dead))

    @staticmethod
    def _follows(first: Receipt, statement: Statement) -> bool:
        """One of the next sentences tells that he or she died."""
        killed = statement.figures.get("killed")
        near = statement.line.part == first.part and 0 < statement.line.sentence.index - first.sentence.index <= _NEXT
        if not near or killed is None or has("survives", first.sentence.text):
            return False
        who = cue("only_they").match(killed.receipts[0].quantity.phrase)
        return who is not None and (who[0].lower() in ("she", "her")) == has("female", first.quantity.phrase)

    def _others_than_the_dead(self, injured: Figure, killed: Figure) -> Figure | None:
        """Of all who were hit ("three were shot"), those who live by another sentence ("two killed, cousin hurt")."""
        if not self._were_hit(injured) or injured.receipts[0].quantity.rule == "remainder":
            return None
        told = [f for s in self.statements if (f := s.figures.get("injured")) and f.best and f is not injured]
        return next((f for f in told if f.best + (killed.best or 0) == injured.best), None)

    def _died_of_those_hit(self, injured: Figure) -> bool:
        """The injured are those who were hit, and only later sentences tell that some died."""
        if not self._were_hit(injured):
            return False
        first = injured.receipts[0]
        known = cue("only_they").match(first.quantity.phrase)  # "both had been shot" of the dead
        if known and not has("survives", first.sentence.text):
            return True
        if injured.best == 1 and any(self._follows(first, s) for s in self.statements):  # "a man ... He died there"
            return True
        deaths = [s for s in self.statements if s.line.part == first.part and "killed" in s.figures]
        return bool(deaths) and all(
            (s.line.sentence.index > first.sentence.index or s.figures["killed"].again)
            and (has("of_those", s.line.text) or not has("hit", s.line.text))
            for s in deaths
        )

    @cached_property
    def _counted(self) -> set[int]:
        return {id(r.quantity) for f in self.figures.values() for r in f.receipts}

    def counts(self, casualty: Casualty) -> bool:
        """A figure rests on this casualty."""
        return id(casualty.quantity) in self._counted

    def told_again(self) -> list[tuple[Line, Casualty]]:
        """The casualties that no figure rests on: the incident told again, vaguely or in part."""
        return [(s.line, c) for s in self.statements for c in s.casualties if not self.counts(c)]

    @property
    def lumped(self) -> bool:
        """The source lumps several incidents together (UCDP event clarity 2)."""
        return any(s.lumped for s in self.statements)

    @cached_property
    def main_line(self) -> Line:
        """The line that gives the figures."""
        for figure in self.figures.values():
            for receipt in figure.receipts:
                return next(s.line for s in self.statements if s.line.sentence is receipt.sentence)
        return self.statements[0].line

    @cached_property
    def lines(self) -> list[Line]:
        """The lines that tell of it, each once."""
        return list(dict.fromkeys(s.line for s in self.statements))

    def add(self, statement: Statement, places: Iterable[PlaceMention]) -> None:
        """Take in a statement, and the places that its sentence names."""
        self.statements.append(statement)
        for p in places:
            self.places.setdefault((p.place, p.name, p.kind, p.country, p.admin1, p.latitude, p.longitude), p)
        if statement.dated:
            self.dates.setdefault((statement.date.date_start, statement.date.date_end), statement.date)


def incidents(reading: Reading, statements: Sequence[Statement]) -> tuple[list[Incident], Incident | None]:
    """The incidents that the statements tell of, in the order of their first mention, and what only sums them up. Claims are
    left to claims.py.

    Parts of a total ("attacks killed six": four in one town, two in another) are incidents where they add up to it; else the
    total is the incident, so that nobody is counted twice.
    """
    if told := [s for s in statements if _adds_up_clauses(s, statements) or _covers_places(reading, s, statements)]:
        return _joined(reading, [s for s in statements if s not in told], total_apart=True), Incident("main_event", told)
    if any(map(_of_many, statements)):
        parts = _joined(reading, statements, total_apart=True)
        if total := _summed_up(parts):
            parts.remove(total)
            return parts, total
    return _joined(reading, statements, total_apart=False), None


def _adds_up_clauses(statement: Statement, statements: Sequence[Statement]) -> bool:
    """The sentence gives the sum of what one of several places tells of ("16 killed": "ten in one town, six in another")."""
    if statement.clause is not None or statement.role.role != "main_event":
        return False
    for line in dict.fromkeys(s.line for s in statements if s.clause is not None and s.role.role == "main_event"):
        parts = [s.figures for s in statements if s.line is line and s.role.role == "main_event"]
        sums = {m: [f[m].best for f in parts if m in f] for m in statement.figures}
        exact = all(len(counts) > 1 and None not in counts for counts in sums.values())
        if exact and sums and all(sum(counts) == statement.figures[m].best for m, counts in sums.items()):
            return True
    return False


def _covers_places(reading: Reading, total: Statement, statements: Sequence[Statement]) -> bool:
    """The headline or the lead counts the dead of an area ("Bombs kill 40 in Iraq"), and later sentences those of several
    attacks in it: all of them, or most of them, town by town.
    """
    killed, area = total.figures.get("killed"), told_places(total.places(reading))
    if not _opens(total) or killed is None or not killed.best or killed.total or any(p.kind in SPOTS for p in area):
        return False
    later = [s for s in statements[statements.index(total) + 1 :] if s.role.role == "main_event" and s.line.part.name == "text"]
    parts = [
        s for s in later if (f := s.figures.get("killed")) and f.best and f.best < killed.best and not (f.again or f.total)
    ]
    if len(parts) < 2:
        return False
    of_towns = [told_places(s.places(reading)) for s in parts]
    inside = not any(apart(area, places) or abroad(area, places) for places in of_towns)
    placed = inside and all(any(p.kind in SPOTS for p in places) for places in of_towns)
    apart_all = placed and all(apart(one, other) for one, other in combinations(of_towns, 2))
    new = all(has("new_event", s.text) or has("parted", s.text) for s in parts[1:])
    count = sum(s.figures["killed"].best for s in parts)
    return (new and count == killed.best) or (apart_all and killed.best <= 2 * count <= 2 * killed.best)


def _opens(statement: Statement) -> bool:
    return statement.clause is None and (statement.line.part.name == "title" or statement.line.sentence.index < LEAD)


def _joined(reading: Reading, statements: Iterable[Statement], total_apart: bool) -> list[Incident]:
    found: list[Incident] = []
    for statement in statements:
        if statement.role.role not in ("main_event", "background_reference"):
            continue
        nowhere = statement.of_wounds or (_of_two(statement) and statement.clause is None)
        places = [] if nowhere else told_places(statement.places(reading))
        told = [i for i in reversed(found) if i.role == statement.role.role]
        if len(told) > 1:
            told.sort(key=lambda i: not _same_counts(i, statement, _TELLING))
        incident = next((i for i in told if _same(reading, i, statement, places, total_apart)), None)
        if told and _of_attackers(statement):
            incident = next((i for i in told if _dates_agree(i, statement)), incident)
        if incident is None and told and not _stands_alone(reading, statement):
            incident = told[0]
        if incident is None:
            incident = Incident(statement.role.role)
            found.append(incident)
        incident.add(statement, places)
    return found


def _summed_up(found: Iterable[Incident]) -> Incident | None:
    """The main event that only sums up all others."""
    main = [i for i in found if i.role == "main_event"]
    if len(main) < 3:  # the total and at least two parts
        return None
    totals = (i for i in main if any(map(_of_many, i.statements)) and not any(s.clause for s in i.statements))
    return next((i for i in totals if _is_sum(i, [part for part in main if part is not i])), None)


def _is_sum(total: Incident, parts: list[Incident]) -> bool:
    for measure, figure in total.figures.items():
        counts = [i.figures[measure].best for i in parts if measure in i.figures]
        if figure.best is None or None in counts or sum(counts) != figure.best:
            return False
    return bool(total.figures)


def _of_attackers(statement: Statement) -> bool:
    """The sentence tells of attackers only ("six of the attackers were shot dead"), who are those of an attack told before."""
    return bool(statement.casualties) and all(c.attackers for c in statement.casualties)


def _stands_alone(reading: Reading, statement: Statement) -> bool:
    """The sentence can open an incident: under a place of its own, or because it counts people and does not only name some,
    point back to them, restate a toll or tell of deaths in hospital.
    """
    if statement.of_wounds or any(c.total for c in statement.casualties):
        return False
    if any(p.rule == "header" for p in statement.places(reading)):
        return True
    told = [f for f in statement.figures.values() if not f.none_at_all]
    if all(cue("buried").match(c.trigger) for c in statement.casualties):
        return False
    return any(f.counted or _new_people(f) for f in told)


def _new_people(figure: Figure) -> bool:
    """People who were not told of before ("a farmer", "a woman and her two sons")."""
    return not figure.again and all(
        r.quantity.rule == "singular" or (r.quantity.rule == "sum" and cue("indefinite").match(r.quantity.phrase))
        for r in figure.receipts
    )


def _same(reading: Reading, incident: Incident, statement: Statement, places: list[PlaceMention], total_apart: bool) -> bool:
    """Nothing speaks against the statement being of the incident."""
    beside = incident.statements[-1] if incident.statements[-1].line is statement.line else None
    if beside is not None and (statement.clause is None or statement.clause == beside.clause):
        return True
    if any(s.line is statement.line and s.clause != statement.clause for s in incident.statements):
        return False
    if _points_back(reading, incident, statement):
        return True
    if not _dates_agree(incident, statement):
        return False
    if abroad(incident.places.values(), places):
        return False
    if _of_another_town(incident, statement, places):
        return False
    here, there = (cue("lead_in").match(s.line.text) for s in (incident.statements[-1], statement))
    if here and there and here[1].lower() != there[1].lower():
        return False
    in_lead = _sums_up(incident, statement)
    tied = _same_counts(incident, statement, least=1 if in_lead else _TELLING, halves=in_lead)
    if tied and not _of_a_list(incident, statement, places, total_apart):
        return True
    parted = has("parted", statement.text) and not _of_the_headline(incident, statement, places)
    if in_lead and not parted and (_made_exact(incident, statement) or _as_vague(incident, statement, places)):
        return True
    if incident.lumped != statement.lumped and (statement.lumped or statement.dated or places):
        return False
    if _other_posts(incident, statement) and not _named(incident.places.values()) & _named(places):
        return False
    if apart(incident.places.values(), places) or parted or _of_the_next(reading, incident, statement):
        return False
    return not _another(reading, incident, statement, places, total_apart)


def _of_another_town(incident: Incident, statement: Statement, places: list[PlaceMention]) -> bool:
    """It is told under the name of a town that the incident does not name, or in a clause of its own, with another count."""
    heads = [p for p in places if p.rule == "header"] if incident.statements[-1].line.part.name == "text" else []
    own = _named(places if statement.clause and not statement.clause.shares_places else heads)
    return bool(own) and not own & _named(incident.places.values()) and _other_counts(incident, statement, several=True)


def _of_a_list(incident: Incident, statement: Statement, places: list[PlaceMention], total_apart: bool) -> bool:
    """Both are items of a round-up, of places apart: parts of a total, or sentences that begin with their places."""
    items = all(cue("item_of_a_place").match(s.text) for s in (incident.statements[-1], statement))
    return (total_apart or items) and apart(incident.places.values(), places)


def _points_back(reading: Reading, incident: Incident, statement: Statement) -> bool:
    """The sentence tells more of the same people as the one before it ("The two, aged 20 and 31, were shot on Monday")."""
    points = bool(statement.casualties) and all(c.anaphoric for c in statement.casualties)
    if not points or reading.before(statement.line) is not incident.statements[-1].line:
        return False
    return _same_counts(incident, statement)


def _made_exact(incident: Incident, statement: Statement) -> bool:
    """The headline is vague ("dozens killed"), and the lead gives a number that it allows."""
    shared = [(s.figures[m], f) for m, f in statement.figures.items() for s in incident.statements if m in s.figures]
    return bool(shared) and all(vague.best is None and f.best and vague.holds(f.best) for vague, f in shared)


def _of_the_headline(incident: Incident, statement: Statement, places: list[PlaceMention]) -> bool:
    """Only the headline told of the incident, and the statement opens the text or names its place: words that part it from
    another incident do not part the two.
    """
    titled = all(s.line.part.name == "title" for s in incident.statements) and statement.line.part.name == "text"
    if not titled or _other_counts(incident, statement, several=False):
        return False
    return statement.line.sentence.index == 0 or bool(_named(incident.places.values()) & _named(places))


def _as_vague(incident: Incident, statement: Statement, places: list[PlaceMention]) -> bool:
    """Headline and lead give no number, and may mean the same one in one province ("dozens die in Homs", "... in Qusayr")."""
    pairs = [(s.figures[m], f) for m, f in statement.figures.items() for s in incident.statements if m in s.figures]
    vague = [
        one.best is None and other.best is None and (one.holds(other.low or 0) or other.holds(one.low or 0))
        for one, other in pairs
    ]
    here, there = ({(p.country, p.admin1) for p in told if p.admin1} for told in (incident.places.values(), places))
    return bool(vague) and all(vague) and (not here or not there or bool(here & there))


def _of_the_next(reading: Reading, incident: Incident, statement: Statement) -> bool:
    """The sentence goes on with an event that the one before it tells of for the first time ("Another bomb went off in the
    market. That blast killed six"), and that is none of the incident.
    """
    before = reading.before(statement.line) if cue("that_event").match(statement.line.text) else None
    if before is None or not (has("parted", before.text) or has("new_event", before.text)):
        return False
    if any(s.line is before for s in incident.statements):
        return False
    return has("parted", before.text) or apart(incident.places.values(), told_places(reading.places(before)))


def _other_posts(incident: Incident, statement: Statement) -> bool:
    """The statement is of another post of a live blog than all that tells of the incident."""
    post = statement.line.sentence.post
    return post > 0 and all(s.line.sentence.post not in (0, post) for s in incident.statements)


def _another(reading: Reading, incident: Incident, statement: Statement, places: list[PlaceMention], total_apart: bool) -> bool:
    """Another count than any of the incident's, and at least two other signs that another incident is told of: a place or a day
    of its own, another part of the day, victims of another side, another perpetrator, an event that is told of for the first
    time ("a drone hit"), one that had happened before ("nine had been killed"), or one of several that the incident lumps
    together.
    """
    lumped = total_apart and any(map(_of_many, incident.statements))
    another_time = _at_another_time(incident, statement)
    goes_back = _goes_back(statement) and not any(map(_goes_back, incident.statements))
    several = lumped or another_time or goes_back
    if (_sums_up(incident, statement) and not lumped) or not _other_counts(incident, statement, several):
        return False
    here, there = _named(incident.places.values()), _named(places)
    classes = {c.victim_class for s in incident.statements for c in s.casualties} - {"unknown"}
    own_classes = {c.victim_class for c in statement.casualties} - {"unknown"}
    signs = (
        bool(there) and not here & there,
        statement.dated and not incident.dates,
        _on_another_day(reading, incident, statement),
        bool(classes and own_classes) and not classes & own_classes,
        has("new_event", statement.text),
        another_time,
        _by_others(reading, incident, statement),
        goes_back,
        lumped,
    )
    return sum(signs) >= _SIGNS


def _on_another_day(reading: Reading, incident: Incident, statement: Statement) -> bool:
    """It gives another day than the sentence that the incident goes on with ("It fell on Saturday. Two were killed.")."""
    before = reading.before(incident.statements[0].line)
    if before is None or incident.dates or not statement.dated:
        return False
    days = [d for d in reading.dates(before) if d.tells_of == "happening" and d.date_prec == 1]
    own = statement.date
    return bool(days) and all(d.date_end < own.date_start or own.date_end < d.date_start for d in days)


def _goes_back(statement: Statement) -> bool:
    """It tells what had happened before, and not what somebody said had happened."""
    had = cue("had_happened").search(statement.text)
    return had is not None and cue("reporting").search(statement.text, 0, had.start()) is None


def _at_another_time(incident: Incident, statement: Statement) -> bool:
    """The sentence begins earlier or later on the day, or tells of a new event in another part of it than the incident."""
    text = statement.text
    if statement.line.part.name == "title":
        return False
    part = _part_of_day(text) if has("new_event", text) else None
    others = {p for s in incident.statements if (p := _part_of_day(s.text))}
    return cue("earlier_or_later").match(text) is not None or (part is not None and bool(others) and part not in others)


def _part_of_day(text: str) -> str | None:
    """morning, afternoon or night, where a sentence names one of them."""
    found = {m.lastgroup for m in cue("part_of_day").finditer(text)}
    return found.pop() if len(found) == 1 else None


def _by_others(reading: Reading, incident: Incident, statement: Statement) -> bool:
    """The sentence names a party that did it, and those of the incident, or before them, name others."""
    by = reading.attribution(statement.line, statement.clause).perpetrator
    if by is None or by.actor_id is None:
        return False
    lines = [line for s in incident.statements for line in (reading.before(s.line), s.line) if line]  # "It was claimed by ..."
    others = {p.actor_id for line in lines if (p := reading.attribution(line).perpetrator) and p.actor_id}
    return bool(others) and by.actor_id not in others


def _sums_up(incident: Incident, statement: Statement) -> bool:
    """Only the headline (which the text may repeat) told of the incident so far, and the statement is of the lead."""
    if statement.line.part.name == "title" or statement.line.sentence.index >= LEAD:
        return False
    titled = any(s.line.part.name == "title" for s in incident.statements)
    return titled and all(s.line.part.name == "title" or s.line.sentence.index == 0 for s in incident.statements)


def _of_many(statement: Statement) -> bool:
    text = statement.line.text
    return statement.lumped or (has("many_events", text) and not has("one_event", text))


def _other_counts(incident: Incident, statement: Statement, several: bool) -> bool:
    """Numbers of the killed or injured of which none can be the incident's. "A man" is such a number where several incidents
    are told of, and so is "another three" then.
    """
    compared = []
    for measure, figure in statement.figures.items():
        told = [f for s in incident.statements if (f := s.figures.get(measure)) and not f.none_at_all]
        told = [f for f in told if f.counted or (several and _new_people(f))]
        beside = figure.again or figure.total or figure.none_at_all
        beside = beside or (not several and (figure.additional or figure.early))
        new = (figure.counted or (several and _new_people(figure))) and not beside
        if told and new and figure.best:
            compared.append(any(_allows(f, figure) or _allows(figure, f) for f in told))
    return bool(compared) and not any(compared)


def _allows(some: Figure, other: Figure) -> bool:
    """Both can be counts of the same people: equal numbers, or a number within the bounds of the other."""
    if some.best is None or other.best is None:
        return some.holds(other.best or other.low or 0)
    return some.best == other.best or (some.open_above and some.best <= other.best <= _FITS * some.best)


def _named(places: Iterable[PlaceMention]) -> set[str]:
    return {fold(p.place) for p in places if p.kind in SPOTS}


def _dates_agree(incident: Incident, statement: Statement) -> bool:
    """The days overlap, give or take one where the counts are the same; days that cannot be resolved agree by their words."""
    date = statement.date
    if date is not None and date.date_start is None:
        others = {s.date.phrase.lower() for s in incident.statements if s.date and s.date.date_start is None}
        return not others or date.phrase.lower() in others
    if not statement.dated or not incident.dates:
        return True
    slack = timedelta(days=3 if _same_counts(incident, statement, _MANY) else _same_counts(incident, statement))
    return any(d.date_start - date.date_end <= slack and date.date_start - d.date_end <= slack for d in incident.dates.values())


def _same_counts(incident: Incident, statement: Statement, least: int = 1, halves: bool = False) -> bool:
    """The statement repeats an exact count of the incident, of `least` people or more; or of one of a headline's halves."""
    return any(
        (figure.best or 0) >= least
        and any(measure in s.figures and figure.best in _counts(s, measure, halves) for s in incident.statements)
        for measure, figure in statement.figures.items()
    )


def _counts(statement: Statement, measure: str, halves: bool) -> set[int | None]:
    figure = statement.figures[measure]
    return {figure.best} | ({r.quantity.best for r in figure.receipts} if halves and _of_two(statement) else set())


def _of_two(statement: Statement) -> bool:
    """A headline of two halves ("two dead in one town; ten killed in another")."""
    return statement.line.part.name == "title" and cue("halves").search(statement.line.text) is not None
