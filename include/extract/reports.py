"""Rows of the dataset `reports`: one incident as one article tells it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from include.datasets.ids import content_id
from include.extract import confidence
from include.extract.evidence import Evidence
from include.extract.figures import Figure
from include.extract.groups import Group, civilians_killed, class_of, groups_of, women_and_children
from include.extract.lexicon import word_list
from include.extract.mentions import ActorMention, PlaceMention
from include.extract.merge import Incident
from include.extract.nearness import told_place
from include.extract.parties import Parties, Told
from include.extract.reading import Line, Reading
from include.extract.roles import cue
from include.extract.violence import event_type
from include.extract.when import When, date_of

ARTICLE_COLUMNS = ("article_id", "document_id", "captured_at", "source", "outlet", "url", "published_on")

_WITHIN_DISTRICT = 3
_BACK = 8
"""Sentences in which "the same village" can be named."""
_PRECISIONS = {"road": 2, "highway": 2, "route": 2, "area": 3, "district": 3}
"""Precision (UCDP) of what is no more than in the same area as the place named before."""
_PROVINCE = 3
_KINDS = {"site": 0, "settlement": 0, "unknown": 0, "district": 1, "region": 2, "admin1": _PROVINCE, "country": 4}
"""Kinds of places from exact to vague."""


def article_columns(article: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that a row shares with its article."""
    shared = {name: article.get(name) for name in ARTICLE_COLUMNS}
    return shared | {
        "source": article.get("source") or "given",
        "recorded_at": article.get("recorded_at") or article.get("captured_at"),
    }


def row_id(kind: str, article: Mapping[str, Any], sentence: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """The id of a row that rests on this sentence; `rows` are the article's rows before it."""
    occurrence = sum(row["sentence"] == sentence for row in rows)
    return content_id(kind, url=article.get("url") or article["article_id"], sentence=sentence, occurrence=occurrence)


def report_rows(article: Mapping[str, Any], reading: Reading, found: Sequence[Told]) -> list[dict[str, Any]]:
    """The rows of an article's incidents, in their order."""
    rows: list[dict[str, Any]] = []
    before: When | None = None
    for told in found:
        when = date_of(reading, told.incident, told.taken, before)
        row = _row(article, reading, told, when, len(found))
        rows.append(row | {"report_id": row_id("report", article, row["sentence"], rows)})
        before = when
    return rows


def _row(article, reading: Reading, told: Told, when: When, reports: int) -> dict[str, Any]:
    evidence = Evidence()
    incident = told.incident
    figures = incident.figures
    line = incident.main_line
    row: dict[str, Any] = article_columns(article) | {
        "mention_role": incident.role,
        "sentence": line.published,
        "unit": "family" if any(c.unit == "family" for s in incident.statements for c in s.casualties) else "person",
    }
    role = incident.statements[0].role
    if role.end:
        evidence.add("mention_role", incident.statements[0].line, role.start, role.end, role.rule)
    for measure, figure in figures.items():
        row |= _bounds(measure, figure)
        evidence.add_figure(measure, figure)
    groups = groups_of(incident, told.parties.accused and told.parties.accused[1].perpetrator.side)
    row |= _who(incident, groups, evidence)
    row |= _when(reading, when, evidence)
    row |= _where(reading, told, evidence)
    row |= _victims(incident, groups, evidence)
    row |= _parties(told.parties, evidence)
    row |= _source(article, reading, [line, *incident.lines], evidence)
    texts = [s.text for s in incident.statements]
    row["event_type"] = event_type([*texts, *(o.text for o in told.lines if o not in incident.lines)])
    row["event_clarity"] = 2 if incident.lumped else 1
    row["evidence"] = evidence.rows
    row["confidence"] = confidence.of_report(row, reports)
    return row


def _who(incident: Incident, groups: Sequence[Group], evidence: Evidence) -> dict[str, Any]:
    """The counts by side, and of civilians, women and children among them."""
    counts = {"killed_civilians": civilians_killed(groups)}
    counts |= women_and_children(incident)
    counts |= {f"attackers_{g.measure}": g.figure for g in groups if g.attackers and incident.attackers}
    row: dict[str, Any] = {"groups": [_group(g) for g in groups]}
    for stem, figure in counts.items():
        if figure:
            row |= _bounds(stem, figure)
            evidence.add_figure(stem, figure)
    return row


def _group(group: Group) -> dict[str, Any]:
    return {
        "measure": group.measure,
        "victim_class": group.victim_class,
        "attackers": group.attackers,
        "low": group.figure.low,
        "best": group.figure.best,
        "high": group.figure.high,
    }


def _bounds(stem: str, figure: Figure) -> dict[str, int | None]:
    return {f"{stem}_low": figure.low, f"{stem}_best": figure.best, f"{stem}_high": figure.high}


def _when(reading: Reading, when: When, evidence: Evidence) -> dict[str, Any]:
    phrase = None
    if when.mention:
        start, end = when.mention.start, when.mention.end
        if when.mention is reading.dateline:
            start, end = start - when.line.sentence.start, end - when.line.sentence.start
        phrase = when.line.receipt(start, end)[0]
        if when.start:
            evidence.add("date_start", when.line, start, end, when.rule)
            evidence.add("date_end", when.line, start, end, when.rule)
    return {
        "date_start": when.start,
        "date_end": when.end,
        "date_prec": when.prec,
        "date_phrase": phrase,
        "date_reason": when.reason,
    }


def _where(reading: Reading, told: Told, evidence: Evidence) -> dict[str, Any]:
    found = _place(reading, told.incident, told.taken)
    if found is None:
        return {}
    line, place = found
    evidence.add("place", line, place.start, place.end, f"place.{place.rule}")
    row = {"place": line.receipt(place.start, place.end)[0], "admin1": place.admin1, "country": place.country}
    if not _placed(reading, line, place):
        return row
    return row | {
        "place_name": place.name,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "where_prec": place.where_prec,
    }


def _placed(reading: Reading, line: Line, place: PlaceMention) -> bool:
    """The place is in the gazetteer, or lies within a town or district that is; a large province lends no coordinates."""
    named = next((p for p in reading.places(line) if p.start == place.start), place)
    return named.latitude is not None or (place.where_prec or 0) <= _WITHIN_DISTRICT


def _place(reading: Reading, incident: Incident, taken: set[Line]) -> tuple[Line, PlaceMention] | None:
    """The most exact place that the incident's sentences name; where they name no more than a province, an exact one of their
    paragraphs, which must lie in the province that is named beside the count. What happened across a country is in all of it. A
    background reference takes its own sentences' places only, an incident told in one clause of a sentence that of the clause.
    What is told of another incident further down is of that one.
    """
    last = max(s.line.sentence.index for s in incident.statements)
    others = [line for line in taken if line.part.name == "text" and line.sentence.index > last]
    own, near = [], []
    for statement in incident.statements:
        found = reading.place_of(statement.line, statement.told_at, statement.clause, others)
        if found:
            (own if found[0] is statement.line and not statement.of_wounds else near).append(found)
    if incident.role == "background_reference":
        if not any(told_place(place) for _, place in own) and (again := _place_again(reading, incident)):
            return again
        near = []
    elif all(s.clause and not s.clause.shares_places for s in incident.statements):
        near = []
    else:
        near += _of_paragraphs(reading, incident)
        near = [pair for pair in near if pair[0] not in others]
    home = Counter(place.country for _, place in (*own, *near) if place.country and told_place(place)).most_common(1)
    own = [pair for pair in own if home and pair[1].country in (home[0][0], None)] or own
    best = min(own, key=_vagueness, default=None)
    if own and own[0][1].rule == "across":
        return own[0]
    if best and _KINDS.get(best[1].kind, 0) < _PROVINCE:
        exact = (pair for pair in near if best[1].rule == "near" and pair[1].rule == "in" and _is_town_beside(best, pair[1]))
        return next(exact, best)
    exact = (pair for pair in near if told_place(pair[1]) and _KINDS.get(pair[1].kind, 0) < _PROVINCE)
    if best and told_place(best[1]):
        exact = (pair for pair in exact if _lies_in(pair[1], best[1]))
    return next(exact, None) or best or next(iter(near), None)


def _place_again(reading: Reading, incident: Incident) -> tuple[Line, PlaceMention] | None:
    """The place named last before "there", "the same village" or "the city's market"; of "the same province", a province."""
    for statement in incident.statements:
        again = cue("place_again").search(statement.line.text, statement.clause.start if statement.clause else 0)
        if again is None:
            continue
        wide, large = again["wide"] is not None, ("admin1", "region")
        for line in reading.back_from(statement.line, _BACK):
            end = again.start() if line is statement.line else len(line.text)
            named = [p for p in reading.places(line) if p.end <= end and p.role == "location" and p.kind != "country"]
            if fitting := [p for p in named if (p.kind in large if wide else p.kind not in large and told_place(p))]:
                last = reading.completed(line, fitting[-1])
                prec = last.where_prec and max(last.where_prec, _PRECISIONS.get((again["what"] or "").lower(), 1))
                return line, replace(last, rule="again", where_prec=prec)
    return None


def _is_town_beside(found: tuple[Line, PlaceMention], place: PlaceMention) -> bool:
    """The title tells a town that it was near to ("north of Kabul"), and the place is the one that it was in."""
    exact = told_place(place) and place.kind == "settlement" and place.where_prec == 1
    return exact and found[0].part.name == "title" and place.country == found[1].country and place.name != found[1].name


def _lies_in(place: PlaceMention, area: PlaceMention) -> bool:
    """The place is not known to lie outside the province or country."""
    same = place.country == area.country and area.admin1 in (None, place.admin1)
    return same or area.country is None or place.country is None


def _of_paragraphs(reading: Reading, incident: Incident) -> list[tuple[Line, PlaceMention]]:
    lines = [o for s in incident.statements if s.line.part.name == "text" for o in reading.around(s.line)]
    return [(line, place) for line in dict.fromkeys(lines) for place in reading.places(line) if place.latitude is not None]


def _vagueness(found: tuple[Line, PlaceMention]) -> tuple[bool, int, bool, bool]:
    line, place = found
    return not told_place(place), _KINDS.get(place.kind, 0), line.part.name == "title", place.latitude is None


def _victims(incident: Incident, groups: Sequence[Group], evidence: Evidence) -> dict[str, Any]:
    """Whom the figures count, and the class of most of them. Where nobody was hurt there are no victims."""
    named = [(s.line, c) for s in incident.statements for c in s.casualties if c.victims and c.quantity.high != 0]
    of_count = [(line, c) for line, c in named if incident.counts(c)] or named
    for line, casualty in of_count:
        evidence.add("victims", line, casualty.start, casualty.end, "victims.of_count")
    first, *others = dict.fromkeys(c.victims for _, c in of_count) or [None]
    telling = (words for words in others if words.lower() not in word_list("demography.yaml", "anybody"))
    return {"victims": first and "; ".join([first, *telling]), "victim_class": class_of(groups)}


def _parties(parties: Parties, evidence: Evidence) -> dict[str, Any]:
    row: dict[str, Any] = {"claim_status": "unknown"}
    if parties.accused:
        line, by = parties.accused
        row |= {
            "perpetrator": by.perpetrator.text,
            "perpetrator_id": by.perpetrator.actor_id,
            "attribution": by.attribution or "reported_as_fact",
            "attributed_by": by.attributed_by,
            "hedge": by.hedge,
        }
        evidence.add("perpetrator", line, by.perpetrator.start, by.perpetrator.end, f"attribution.{by.rule}")
        if by.hedge:
            evidence.add("hedge", line, by.hedge_start, by.hedge_end, f"attribution.{by.rule}")
    if parties.targeted:
        line, target = parties.targeted
        row |= {"target": target.text, "target_id": target.actor_id}
        evidence.add("target", line, target.start, target.end, "attribution.target")
    if parties.claimed:
        line, claim = parties.claimed
        row |= {"claim_status": claim.claim_status, "claimed_by": claim.claimed_by}
        evidence.add("claim_status", line, 0, len(line.text), "attribution.claim_of_responsibility")
    return row


def _source(article: Mapping[str, Any], reading: Reading, own: list[Line], evidence: Evidence) -> dict[str, Any]:
    """Who is cited for the figures, and where the report comes from: an official without a name is the outlet's own source."""
    outlet = article.get("outlet")
    monitor = origin = None
    cited = [(line, c) for line in own for c in reading.citations(line)]
    if cited:
        known = [(line, c) for line, c in cited if c.actor_id] or [(line, c) for line, c in cited if c.kind == "monitor"]
        line, source = (known or cited)[0]
        evidence.add("monitor", line, source.start, source.end, "citation")
        monitor = body_name(source, outlet)
        origin = monitor if source.actor_id or any(map(str.isupper, monitor[1:])) else None
    return {"monitor": monitor, "origin": origin or article.get("syndicated_from") or outlet}


def body_name(body: ActorMention, outlet: str | None) -> str:
    """The canonical name of a body that is cited; the outlet's own name where it cites itself by a shorter one."""
    name = body.name or body.text
    if body.actor_id is None and outlet and (name in outlet or name == "".join(w[0] for w in outlet.split())):
        return outlet
    return name
