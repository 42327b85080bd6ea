"""Who did it to whom, over all that an article tells of an incident; and whose dead the attackers are."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from include.extract.actors import PARTIES, is_unidentified
from include.extract.attribution import belong, lone_attacker, same
from include.extract.mentions import ActorMention, Attribution, Casualty
from include.extract.merge import Incident
from include.extract.reading import Line, Reading
from include.extract.roles import cue
from include.extract.statements import STATES, Statement

COMBATANTS = frozenset({"state_forces", "pro_government_militia", "rebels", "extremist_group", "external_forces"})
"""Classes of victims who take part in the fighting."""


@dataclass(frozen=True, slots=True)
class Parties:
    """Who is accused, who was the target, and what is said of claims of responsibility, each with the line that says it."""

    accused: tuple[Line, Attribution] | None = None
    targeted: tuple[Line, ActorMention] | None = None
    claimed: tuple[Line, Attribution] | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """An incident as it goes into a row: with its parties, the lines that can tell of it, and those that tell of other
    incidents and of totals.
    """

    incident: Incident
    parties: Parties
    lines: list[Line]
    taken: set[Line]


def parties_of(reading: Reading, incident: Incident, lines: Iterable[Line]) -> Parties:
    """The parties of an incident. A party with a name goes before one that is only described ("gunmen").

    `lines` are those that can tell of it (`lines_on`).
    """
    clauses = {s.line: s.clause for s in incident.statements}
    found = [(line, reading.attribution(line, clauses.get(line))) for line in lines if line in reading.telling]
    accused = [(line, a) for line, a in found if a.perpetrator and not _answers(incident, line, a.perpetrator)]
    by = _most_telling(accused) or _other_side(reading, incident, found) or _lone_attacker(incident)
    targets = [(line, a.target) for line, a in found if a.target and not (by and same(a.target, by[1].perpetrator))]
    known = [(line, target) for line, target in targets if target.actor_id and line in incident.lines]
    targeted = next(iter(known or targets), None)
    return Parties(
        accused=by,
        targeted=targeted and (targeted[0], _identified(reading, targeted[1])),
        claimed=next(((line, a) for line, a in found if a.claim_status != "unknown"), None),
    )


def _answers(incident: Incident, line: Line, party: ActorMention) -> bool:
    """ "The militia fired rockets after a strike in which nine people died": it is not said to have killed them."""
    told_at = [s.told_at for s in incident.statements if s.line is line]
    return bool(told_at) and cue("in_reply").search(line.text, party.end, max(party.end, min(told_at))) is not None


def _most_telling(accused: list[tuple[Line, Attribution]]) -> tuple[Line, Attribution] | None:
    """The first accusation of a party by its name, else of a person, else of a party that is described; the unidentified give
    way to those of whom the text knows the side.
    """
    ranked = sorted(accused, key=lambda told: (told[1].perpetrator.actor_id is None, told[1].perpetrator.kind != "suspect"))
    if ranked and is_unidentified(ranked[0][1].perpetrator):
        sided = [told for told in ranked if told[1].perpetrator.side in ("extremist_group", "rebels")]
        return (sided or ranked)[0]
    return ranked[0] if ranked else None


def _other_side(
    reading: Reading, incident: Incident, found: Iterable[tuple[Line, Attribution]]
) -> tuple[Line, Attribution] | None:
    """The side of a clash told before whose enemies the victims are, where all victims that are a party are of one side."""
    hit = [
        [a for a in reading.actors(s.line) if a.kind in PARTIES and (a.text in c.victims or c.victims in a.text)]
        for s in incident.statements
        for c in s.casualties
        if c.victims
    ]
    victims = [actor for actors in hit for actor in actors] if all(hit) else []
    for line, attribution in found:
        if not victims or attribution.clash is None:
            continue
        one, other = attribution.clash
        for enemy, own in ((one, other), (other, one)):
            if all(belong(victim, own) and not belong(victim, enemy) for victim in victims):
                return line, replace(attribution, perpetrator=enemy, attribution="reported_as_fact", rule="clash_between")
    return None


def _lone_attacker(incident: Incident) -> tuple[Line, Attribution] | None:
    """Somebody who did it alone and is only described, in the lines that tell of the victims; never one of these."""
    victims = {word for s in incident.statements for c in s.casualties for word in (c.victims or "").lower().split()}
    for line in dict.fromkeys([incident.main_line, *incident.lines]):
        found = lone_attacker(line.text)
        if found and found.perpetrator.text.lower().split()[-1] not in victims:
            return line, found
    return None


def _identified(reading: Reading, target: ActorMention) -> ActorMention:
    """The target; one that is only described ("soldiers") gets the id of the one party whose soldiers the article names."""
    if target.actor_id or target.side in (None, "unknown"):
        return target
    parties = {
        (actor.actor_id, actor.name, actor.country)
        for line in reading.lines
        for actor in reading.actors(line)
        if actor.actor_id and actor.side == target.side and _has(line.text, actor, target.text.lower())
    }
    if len(parties) != 1:
        return target
    actor_id, name, country = parties.pop()
    return replace(target, actor_id=actor_id, name=name, country=country)


def _has(text: str, actor: ActorMention, people: str) -> bool:
    """ "Soldiers of the regime forces", "regime forces soldiers"."""
    before = text[max(0, actor.start - len(people) - len(" from the ")) : actor.start].lower().removesuffix("the ")
    after = text[actor.end : actor.end + 1 + len(people)].lower()
    return after == f" {people}" or before.endswith((f"{people} of ", f"{people} from "))


def lines_on(reading: Reading, incident: Incident, taken: set[Line]) -> list[Line]:
    """The lines that can tell of the incident: its own, those of its paragraphs, then those that follow on its own ones.

    `taken` are the lines that tell of other incidents and of totals.
    """
    own = list(dict.fromkeys([incident.main_line, *incident.lines]))
    near = [o for line in own for o in reading.around(line) if o not in taken]
    told = set(own)
    follow = []
    ours = incident.role == "main_event" and not taken & set(reading.lines[:1])
    for line in reading.lines:
        if line in taken or (line.part.name == "title" and reading.lumped_title):
            ours = False
        elif line in told:
            ours = True
        elif ours:
            follow.append(line)
    return list(dict.fromkeys([*own, *near, *follow]))


def told_apart(reading: Reading, incident: Incident, told: set[Line]) -> Told:
    """The incident with its parties, the attackers' own dead and injured set apart where it has other victims.

    `told` are the lines that tell of casualties of any incident or total.
    """
    found = _told(reading, incident, told)
    perpetrator = found.parties.accused[1].perpetrator if found.parties.accused else None
    own = [_attackers(reading, s, perpetrator) for s in incident.statements]
    if not any(own):
        own = _second_side(incident)
    if not any(own):
        return found
    if _both_sides_fight(incident, own):
        return _told(reading, _added_up(incident, own), told)
    if not _others_are_hurt(incident, own):
        return replace(found, incident=replace(incident, only_attackers=True))
    told_of = [
        (replace(s, casualties=tuple(c for c in s.casualties if c not in mine)), replace(s, casualties=tuple(mine)))
        for s, mine in zip(incident.statements, own, strict=True)
    ]
    incident = replace(
        incident,
        statements=[victims for victims, _ in told_of if victims.casualties],
        attackers=[attackers for _, attackers in told_of if attackers.casualties],
    )
    return _told(reading, incident, told)


def _told(reading: Reading, incident: Incident, told: set[Line]) -> Told:
    taken = told - set(incident.lines)
    lines = lines_on(reading, incident, taken)
    return Told(incident, parties_of(reading, incident, lines), lines, taken)


def _others_are_hurt(incident: Incident, attackers: list[list[Casualty]]) -> bool:
    """The incident has other victims than the attackers, and not only in general words ("government forces, too, had
    casualties").
    """
    return any(
        c not in mine and not c.negated and (c.measure != "casualties" or c.quantity.best)
        for s, mine in zip(incident.statements, attackers, strict=True)
        for c in s.casualties
    )


def _both_sides_fight(incident: Incident, attackers: list[list[Casualty]]) -> bool:
    """Combatants of both sides were killed ("two policemen and seven Taliban"): then all of them are the incident's dead."""
    told = [(c, c in mine) for s, mine in zip(incident.statements, attackers, strict=True) for c in s.casualties]
    others = [c for c, mine in told if not mine and not c.negated]
    fight = bool(others) and all(c.victim_class in COMBATANTS for c in others)
    beside = {c.trigger_start for c in others}  # "7 policemen and 9 assailants were killed"
    return fight and all(c.trigger_start in beside for c, _ in told if c.attackers)


def _second_side(incident: Incident) -> list[list[Casualty]]:
    """The combatants of the side told of second, where all who were hurt are of two fighting sides."""
    told = [c for s in incident.statements for c in s.casualties if c.victims and not c.negated]
    classes = list(dict.fromkeys(c.victim_class for c in told))
    second = classes[1] if len(classes) == 2 and COMBATANTS.issuperset(classes) else None
    return [
        list(s.casualties) if {c.victim_class for c in s.casualties if c.victims} == {second} else []
        for s in incident.statements
    ]


def _added_up(incident: Incident, attackers: list[list[Casualty]]) -> Incident:
    """The incident with the dead of the other side on top of those told of first, where two sentences tell of the two sides."""
    text = [(s, bool(mine)) for s, mine in zip(incident.statements, attackers, strict=True) if s.line.part.name == "text"]
    mixed = any(mine and len(mine) < len(s.casualties) for s, mine in zip(incident.statements, attackers, strict=True))
    other = next((s for s, mine in text if mine != text[0][1] and not s.figures.keys().isdisjoint(text[0][0].figures)), None)
    if mixed or other is None or any(c.anaphoric for c in other.casualties):
        return incident
    on_top = replace(other, casualties=tuple(replace(c, additional=True) for c in other.casualties))
    return replace(incident, statements=[on_top if s is other else s for s in incident.statements])


def _attackers(reading: Reading, statement: Statement, perpetrator: ActorMention | None) -> list[Casualty]:
    """The attackers among the casualties of a statement, with those told right after them without a word for who they are
    ("ten Taliban fighters were killed and seven injured").
    """
    found: list[Casualty] = []
    for c in statement.casualties:
        goes_on = found and c.victims is None and not found[-1].attackers and (found[-1].quantity.low or 0) > 1
        if goes_on or _is_attacker(reading, statement.line, c, perpetrator):
            found.append(c)
    return found


def _is_attacker(reading: Reading, line: Line, casualty: Casualty, perpetrator: ActorMention | None) -> bool:
    if casualty.attackers:
        return True
    if perpetrator is None or perpetrator.side in STATES or not casualty.victims:
        return False
    victims = [a for a in reading.actors(line) if casualty.start <= a.start and a.end <= casualty.end]
    if perpetrator.actor_id and any(a.actor_id == perpetrator.actor_id for a in victims):
        return True
    if perpetrator.actor_id and any(a.actor_id for a in victims):  # of another party, though perhaps of the same side
        return False
    same_side = perpetrator.side not in (None, "unknown") and casualty.victim_class == perpetrator.side
    return same_side or cue("attackers").search(casualty.victims) is not None
