"""One article -> its reports, its claims, and the numbers that were left out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from include.extract.casualties import has_casualty
from include.extract.claims import claim_rows
from include.extract.lead import seen_from_the_lead
from include.extract.mentions import Extraction
from include.extract.merge import incidents
from include.extract.notes import incident_of_note, is_note
from include.extract.parties import told_apart
from include.extract.reading import LONGEST, Reading
from include.extract.reports import report_rows
from include.extract.statements import TOLD_AGAIN, LeftOut, find_statements, left_out_of

_ATTACKERS = ("attackers_own_dead", "the attackers' own dead and injured are kept apart from their victims")
_SUMMED_UP = ("told_as_total", "the sum of the incidents that the article tells of one by one")


def extract_article(article: Mapping[str, Any], mode: str = "range") -> Extraction:
    """What an article says of which incidents.

    `article` has columns of the dataset `articles`; only `text` is needed, `title` and `published_on` (a date) help, and
    `url` or `article_id` go into the ids. `mode` is the codebook for vague numbers: range, acled or gtd.
    Returns rows of `reports` (main events before background references, each in the order of the text) and `claims`, and
    the numbers left out, each with a reason. Spans count characters of the title or text as given. A text without
    casualties gives an empty extraction at once, unless it is a note on a violent incident: then a report without counts.
    """
    found = _read(article, mode)
    found.not_counted += _unread(article)
    for row in (*found.reports, *found.claims):
        row["count_mode"] = mode
    return found


def _read(article: Mapping[str, Any], mode: str) -> Extraction:
    reading = Reading(article)
    casualties = any(has_casualty(part.normalised.text) for part in reading.parts)
    note = not casualties and is_note(reading)
    if not casualties and not note:
        return Extraction()
    article = {**article, "article_id": article.get("article_id") or article.get("url") or "article"}
    statements, left_out = find_statements(reading, mode, note)
    if not statements:
        left_out = [] if note else left_out
        return Extraction(reports=_of_note(article, reading, left_out), not_counted=_rows(left_out, ()))
    statements, old = seen_from_the_lead(reading, statements)
    left_out += old
    found, total = incidents(reading, statements)
    found.sort(key=lambda i: i.role != "main_event")
    lines = {s.line for s in statements}
    if total:
        lines -= set(total.lines)
        left_out += [item for s in total.statements for item in s.left_out(*_SUMMED_UP)]
    told = [told_apart(reading, incident, lines) for incident in found]
    for incident in (t.incident for t in told):
        left_out += [item for s in incident.attackers for item in s.left_out(*_ATTACKERS)]
        left_out += [LeftOut(line, left_out_of(casualty, *TOLD_AGAIN)) for line, casualty in incident.told_again()]
    claims = claim_rows(article, reading, statements, mode)
    return Extraction(
        reports=report_rows(article, reading, told),
        claims=claims,
        not_counted=_rows(left_out, claims),
    )


def _unread(article: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A row for the end of a text that is longer than any article: the first words that are not read."""
    for part in ("title", "text"):
        text = article.get(part) or ""
        if len(text) > LONGEST:
            yield {
                "phrase": text[LONGEST : LONGEST + 60],
                "part": part,
                "start": LONGEST,
                "end": min(len(text), LONGEST + 60),
                "reason": "not_read",
                "explanation": f"only the first {LONGEST:,} of {len(text):,} characters are read; no article is as long",
                "sentence": text[LONGEST : LONGEST + 60],
            }


def _of_note(article: Mapping[str, Any], reading: Reading, left_out: Sequence[LeftOut]) -> list[dict[str, Any]]:
    """The report of a note on an incident without casualties: one that it places, and dates or says who did it."""
    incident = incident_of_note(reading, left_out) if is_note(reading) else None
    rows = report_rows(article, reading, [told_apart(reading, incident, set(incident.lines))]) if incident else []
    return [row for row in rows if row.get("place") and (row["date_start"] or row.get("perpetrator"))]


def _rows(left_out: Iterable[LeftOut], claims: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows of what was left out; a number of attacks that became a claim was not."""
    claimed = {(e["part"], e["start"]) for row in claims for e in row["evidence"] if e["field"].startswith("value_")}
    rows = []
    for item in left_out:
        phrase, part, start, end = item.line.receipt(item.number.start, item.number.end)
        if (part, start) in claimed:
            continue
        rows.append(
            {
                "phrase": phrase,
                "part": part,
                "start": start,
                "end": end,
                "reason": item.number.reason,
                "explanation": item.number.explanation,
                "sentence": item.line.published,
            }
        )
    rows.sort(key=lambda row: (row["part"] != "title", row["start"], row["end"], row["reason"]))
    return rows
