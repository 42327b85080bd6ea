"""Rows of the dataset `claims`: figures that cover a period, which nobody may add up.

A cumulative claim is a total that a monitor or an official gives ("61 killed since the beginning of the year"); a
perpetrator's claim is a party's own account of its victims ("ISIS claimed two attacks that killed and injured four").
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from include.extract import confidence
from include.extract.breakdown import is_broken_down
from include.extract.evidence import Evidence
from include.extract.figures import MEASURES
from include.extract.mentions import ActorMention, DateMention, PlaceMention, Quantity
from include.extract.places import choose_place
from include.extract.reading import Line, Reading
from include.extract.reports import article_columns, body_name, row_id
from include.extract.roles import cue
from include.extract.statements import CLAIMS, Statement, counted_attacks


@dataclass(frozen=True, slots=True)
class Counted:
    """One figure of a claim: how many of what."""

    measure: str
    number: Quantity
    victims: str | None = None
    victim_class: str | None = None
    part_of_total: bool = False


def claim_rows(
    article: Mapping[str, Any], reading: Reading, statements: Sequence[Statement], mode: str
) -> list[dict[str, Any]]:
    """The rows of an article's claims, in the order of the text: one per measure and group of victims."""
    rows: list[dict[str, Any]] = []
    totals: dict[tuple[Line | None, str], str] = {}
    for statement in statements:
        if statement.role.role not in CLAIMS:
            continue
        for counted in _counted(statement, mode):
            row = _row(reading, statement, counted, article.get("outlet"))
            claim_id = row_id("claim", article, row["sentence"], rows)
            if counted.part_of_total:
                lines = (statement.line, statement.goes_on)
                row["part_of"] = next((totals[key] for line in lines if (key := (line, counted.measure)) in totals), None)
            else:
                totals.setdefault((statement.line, counted.measure), claim_id)
            rows.append(article_columns(article) | {"claim_id": claim_id} | row)
    return rows


def _counted(statement: Statement, mode: str) -> Iterator[Counted]:
    attacks = counted_attacks(statement.line, mode)
    listed = statement.goes_on is not None and cue("list_item").match(statement.line.text) is not None
    if attacks:
        yield Counted("attacks", attacks, part_of_total=listed)
    for measure in MEASURES:
        for casualty in statement.casualties:
            if casualty.measure == measure and not casualty.negated:
                part = listed or is_broken_down(casualty)
                yield Counted(measure, casualty.quantity, casualty.victims, casualty.victim_class, part)


def _row(reading: Reading, statement: Statement, counted: Counted, outlet: str | None) -> dict[str, Any]:
    evidence = Evidence()
    line, number = statement.line, counted.number
    row: dict[str, Any] = {
        "claim_type": statement.role.role.removesuffix("_claim"),
        "measure": counted.measure,
        "value_low": number.low,
        "value_best": number.best,
        "value_high": number.high,
        "victims": counted.victims,
        "victim_class": counted.victim_class,
        "sentence": line.published,
    }
    evidence.add("claim_type", line, statement.role.start, statement.role.end, statement.role.rule)
    for bound in ("low", "best", "high"):
        if row[f"value_{bound}"] is not None:
            evidence.add(f"value_{bound}", line, number.start, number.end, number.rule)
    row |= _perpetrator(reading, statement, counted, evidence)
    row |= _period(reading, statement, evidence)
    row |= _area(reading, statement, evidence)
    row["monitor"] = _monitor(reading, statement, outlet, evidence)
    row["confidence"] = confidence.of_claim(row)
    row["evidence"] = evidence.rows
    return row


def _perpetrator(reading: Reading, statement: Statement, counted: Counted, evidence: Evidence) -> dict[str, Any]:
    """Who did it by the sentence, or by the total that it goes on with; nobody where the victims are of the same side,
    unless the total counts them together ("killed in ISIS operations: ... and three members of ISIS").
    """
    line = statement.line
    if statement.role.role == "perpetrator_claim" and (speaker := _speaker(reading, statement)):
        evidence.add("perpetrator", line, speaker.start, speaker.end, statement.role.rule)
        return {"perpetrator": speaker.text, "perpetrator_id": speaker.actor_id, "attribution": "claimed_or_admitted"}
    for line in filter(None, (statement.goes_on, statement.line)):
        found = reading.attribution(line)
        actor = found.perpetrator
        own_side = actor and counted.victim_class not in (None, "unknown", "civilians") and counted.victim_class == actor.side
        if actor is None or (own_side and not (counted.part_of_total or line is statement.goes_on)):
            continue
        evidence.add("perpetrator", line, actor.start, actor.end, f"attribution.{found.rule}")
        if found.hedge:
            evidence.add("hedge", line, found.hedge_start, found.hedge_end, f"attribution.{found.rule}")
        return {
            "perpetrator": actor.text,
            "perpetrator_id": actor.actor_id,
            "attribution": found.attribution or "reported_as_fact",
            "hedge": found.hedge,
        }
    return {}


def _speaker(reading: Reading, statement: Statement) -> ActorMention | None:
    """The party that claims: the armed actor before the claiming verb, nearest to it."""
    armed = [a for a in reading.actors(statement.line) if a.kind == "armed" and a.end <= statement.role.end]
    named = [a for a in armed if a.actor_id]
    return (named or armed)[-1] if armed else reading.attribution(statement.line).perpetrator


def _monitor(reading: Reading, statement: Statement, outlet: str | None, evidence: Evidence) -> str | None:
    """Who states the figure: the claiming party itself, the one cited, or the outlet where it is a monitor."""
    if statement.role.role == "perpetrator_claim":
        speaker = _speaker(reading, statement)
        return (speaker.name or speaker.text) if speaker else None
    for line in filter(None, (statement.line, statement.goes_on)):
        for cited in reading.citations(line):
            evidence.add("monitor", line, cited.start, cited.end, "citation")
            return body_name(cited, outlet)
    return outlet if outlet and cue("monitor_name").search(outlet) else None


def _period(reading: Reading, statement: Statement, evidence: Evidence) -> dict[str, Any]:
    """The days that the figure covers and until when it can have been stated."""
    line = statement.line
    as_of = next((d for d in reading.dates(line) if d.kind == "age" and d.date_end), None)
    last: date | None = as_of.date_end if as_of else reading.published_on
    row: dict[str, Any] = {"as_of_start": as_of.date_start if as_of else last, "as_of": last}
    if as_of:
        row["as_of_phrase"] = line.receipt(as_of.start, as_of.end)[0]
        evidence.add("as_of", line, as_of.start, as_of.end, f"date.{as_of.rule}")
    covered = _covered(reading, line, statement)
    if covered is None and statement.goes_on:
        line, covered = statement.goes_on, _covered(reading, statement.goes_on, statement)
    if covered:
        row |= {
            "period_start": covered.date_start,
            "period_end": _period_end(statement, covered, last),
            "period_phrase": line.receipt(covered.start, covered.end)[0],
        }
        evidence.add("period_start", line, covered.start, covered.end, f"date.{covered.rule}")
        evidence.add("period_end", line, covered.start, covered.end, f"date.{covered.rule}")
    return row


def _period_end(statement: Statement, covered: DateMention, last: date | None) -> date:
    """The last day covered: no later than the figure can have been stated; "since" runs up to that day."""
    if last is None or last < covered.date_start:
        return covered.date_end
    since = statement.line.text[statement.role.start : statement.role.end].lower().startswith("since")
    return last if since else min(covered.date_end, last)


def _covered(reading: Reading, line: Line, statement: Statement) -> DateMention | None:
    """The period of the sentence: the one that made it a claim, else a period, else a day or month."""
    dates = [d for d in reading.dates(line) if d.date_start and d.kind in ("period", "point")]
    role = statement.role
    return min(
        dates,
        key=lambda d: (not (d.start < role.end and role.start < d.end), d.kind != "period", d.start),
        default=None,
    )


def _area(reading: Reading, statement: Statement, evidence: Evidence) -> dict[str, Any]:
    """The area that the sentence names; "the desert" is the last region named before it, "areas held by X" no place."""
    item = statement.goes_on and cue("list_item").match(statement.line.text)
    lines = (statement.goes_on, statement.line) if item else (statement.line, statement.goes_on)
    for line in filter(None, lines):
        places = [p for p in reading.places(line) if p.role == "location"]
        place = choose_place(places, 0, len(line.text), statement.told_at)
        if place:
            evidence.add("area", line, place.start, place.end, f"place.{place.rule}")
            return {"area": line.receipt(place.start, place.end)[0]} | _matched(place)
        if again := cue("area_again").search(line.text):
            start, end = again.span("area")
            evidence.add("area", line, start, end, "place.named_before")
            region = reading.last_region(line)
            return {"area": line.receipt(start, end)[0]} | (_matched(region) if region else {})
        if held := cue("area_held").search(line.text):
            start, end = held.span("area")
            evidence.add("area", line, start, end, "place.held_by")
            return {"area": line.receipt(start, end)[0]} | _country(reading, statement, evidence)
    return _country(reading, statement, evidence)


def _matched(place: PlaceMention) -> dict[str, Any]:
    """What the gazetteer says of an area."""
    return {
        "area_name": place.name,
        "admin1": place.admin1,
        "country": place.country,
        "where_prec": place.where_prec,
    }


def _country(reading: Reading, statement: Statement, evidence: Evidence) -> dict[str, Any]:
    """The country of the place that the article tells of nearest to the figure, where the sentence names no area."""
    found = reading.place_of(statement.line, statement.told_at)
    if found is None or found[1].country is None or found[1].role != "location":
        return {}
    line, place = found
    evidence.add("country", line, place.start, place.end, f"place.{place.rule}")
    return {"country": place.country}
