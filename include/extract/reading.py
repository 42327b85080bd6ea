"""An article as the rules read it: its sentences, and what stands in each, read once and only when it is asked for."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Any, TypeVar

from include.extract.actors import PARTIES, find_actors
from include.extract.attribution import attribute, find_citations
from include.extract.clauses import Clause
from include.extract.dates import find_dateline, find_dates
from include.extract.mentions import ActorMention, Attribution, DateMention, PlaceMention, Sentence, shifted
from include.extract.places import choose_place, completed, find_places
from include.extract.roles import has
from include.extract.sentences import Part, above_headline
from include.extract.tokens import lowered

LEAD_LINES = 6
"""Sentences at the start of an article that can give its incident a date, a place or a party."""
LONGEST = 1_000_000
"""Characters of a title or text that are read: no article is as long, and what is no article must not fill the memory."""
_AT_HOME = frozenset({"rebels", "extremist_group", "pro_government_militia"})
"""Sides of armed groups that mostly fight in their own country."""
_FAR = 20
"""Sentences to each side that count as around a sentence."""
_BLANK = re.compile(r"[^\n]")
_NO_WORD = re.compile(r"\W{0,5}")
"""What stands between two sentences, or parts of a headline, where none is left out."""
Mention = TypeVar("Mention", ActorMention, DateMention, PlaceMention)


@dataclass(eq=False)
class Line:
    """A sentence of the article and the part that it stands in. Spans of what is found in it count from its start."""

    part: Part
    sentence: Sentence

    @property
    def text(self) -> str:
        """The sentence as the rules read it."""
        return self.sentence.text

    @cached_property
    def low(self) -> str:
        """The sentence in lower case, of the same length."""
        return lowered(self.sentence.text)

    @property
    def published(self) -> str:
        """The sentence as published."""
        return self.part.raw(self.sentence.start, self.sentence.end)[0]

    def receipt(self, start: int, end: int) -> tuple[str, str, int, int]:
        """(words as published, part, start, end) of a span of the sentence."""
        phrase, start, end = self.part.raw(self.sentence.start + start, self.sentence.start + end)
        return phrase, self.part.name, start, end


class Reading:
    """The title and text of one article, in sentences, with the finders' results per sentence."""

    def __init__(self, article: Mapping[str, Any]):
        self.published_on: date | None = article.get("published_on")
        self.country: str | None = article.get("country")
        self.outlet: str | None = article.get("outlet")
        self.parts = [Part.of(name, article[name][:LONGEST]) for name in ("title", "text") if article.get(name)]
        self._told: list[Line] | None = None
        self._attributions: dict[tuple[Line, Clause | None], Attribution] = {}
        self._citations: dict[Line, list[ActorMention]] = {}

    @cached_property
    def _all_lines(self) -> tuple[list[Line], list[Line]]:
        kept, other = [], []
        title = self.parts[0].text if len(self.parts) == 2 else None
        for part in self.parts:
            listed = part.other_stories
            if title and part.name == "text":
                listed |= above_headline(part.sentences, title)
            for sentence in part.sentences:
                (other if sentence.index in listed else kept).append(Line(part, sentence))
        return kept, other

    @property
    def lines(self) -> list[Line]:
        """All sentences in order, the title's first, without those of other stories."""
        return self._all_lines[0]

    @property
    def other_stories(self) -> list[Line]:
        """The sentences that belong to lists of other stories."""
        return self._all_lines[1]

    @cached_property
    def _paragraphs(self) -> dict[tuple[str, int], list[Line]]:
        paragraphs: dict[tuple[str, int], list[Line]] = {}
        for line in self.lines:
            paragraphs.setdefault((line.part.name, line.sentence.paragraph), []).append(line)
        return paragraphs

    def around(self, line: Line) -> list[Line]:
        """The other sentences of its paragraph, nearest first (those of a very long one as far as they can matter)."""
        paragraph = self._paragraphs[line.part.name, line.sentence.paragraph]
        at = line.sentence.index - paragraph[0].sentence.index
        near = paragraph[max(0, at - _FAR) : at + _FAR + 1]
        return sorted(
            (o for o in near if o is not line), key=lambda o: (abs(o.sentence.index - line.sentence.index), o.sentence.index)
        )

    @cached_property
    def _before(self) -> dict[Line, Line]:
        return {line: before for before, line in pairwise(self.lines) if before.part is line.part}

    def before(self, line: Line) -> Line | None:
        """The sentence before it in the text or title; null for the first one."""
        return self._before.get(line)

    def back_from(self, line: Line, most: int) -> Iterator[Line]:
        """The line and up to `most` before it in its part, the nearest first, and then the title."""
        current: Line | None = line
        for _ in range(most + 1):
            if current is None:
                break
            yield current
            current = self.before(current)
        if line.part.name != "title":
            yield from (other for other in self.lines if other.part.name == "title")

    @cached_property
    def dateline(self) -> DateMention | None:
        """The dateline's date; its span counts in the text."""
        text = next((p.text for p in self.parts if p.name == "text"), "")
        return find_dateline(text, self.published_on)

    def narrow(self, told: Iterable[Line]) -> None:
        """Look for dates, places and actors only where they can matter: in the title and the first sentences, in the
        paragraphs of `told` (lines that tell of casualties) and the sentences before, and where somebody is held responsible.
        """
        told = set(told)
        paragraphs = {(line.part.name, line.sentence.paragraph) for line in told}
        self._told = [
            line
            for line, after in zip(self.lines, [*self.lines[1:], None], strict=True)
            if line.part.name == "title"
            or line.sentence.index < LEAD_LINES
            or (line.part.name, line.sentence.paragraph) in paragraphs
            or after in told
            or has("responsibility", line.text)
        ]

    @cached_property
    def text(self) -> str:
        """The text and then the title as one string, in which dates and places are looked for; the rest is left blank."""
        pieces = []
        for part in reversed(self.parts):
            kept = [line.sentence for line in (self.lines if self._told is None else self._told) if line.part is part]
            done = 0
            for sentence in kept:
                gap = part.text[done : sentence.start]
                pieces += (gap if _NO_WORD.fullmatch(gap) else _BLANK.sub(" ", gap), sentence.text)
                done = sentence.end
            pieces += (_BLANK.sub(" ", part.text[done:]), "\n\n")
        return "".join(pieces[:-1])

    def offset(self, line: Line) -> int:
        """Where the line starts in `text`."""
        behind = len(self.parts[-1].text) + 2 if line.part is not self.parts[-1] else 0
        return behind + line.sentence.start

    @cached_property
    def _by_offset(self) -> tuple[list[Line], list[int]]:
        """The lines in the order of `text`, and where each starts."""
        lines = sorted(self.lines, key=self.offset)
        return lines, [self.offset(line) for line in lines]

    def _by_line(self, mentions: Iterable[Mention]) -> dict[Line, list[Mention]]:
        """The mentions in `text` by the line that they stand in, counted from its start."""
        lines, starts = self._by_offset
        found: dict[Line, list[Mention]] = {}
        for mention in mentions:
            at = bisect_right(starts, mention.start) - 1
            if at >= 0 and mention.end <= starts[at] + len(lines[at].text):
                found.setdefault(lines[at], []).append(shifted(mention, -starts[at]))
        return found

    @cached_property
    def _dates(self) -> dict[Line, list[DateMention]]:
        day = self.dateline.date_start if self.dateline else None
        return self._by_line(find_dates(self.text, published_on=self.published_on, dateline=day))

    def dates(self, line: Line) -> list[DateMention]:
        """The dates of a sentence."""
        return self._dates.get(line, [])

    @cached_property
    def all_places(self) -> list[PlaceMention]:
        """The places of the article; their spans count in `text`."""
        groups = {a.country for a in self._all_actors if a.side in _AT_HOME and a.country}
        return find_places(self.text, country=self.country, outlet=self.outlet, fighters=groups)

    @cached_property
    def _places(self) -> dict[Line, list[PlaceMention]]:
        return self._by_line(self.all_places)

    def places(self, line: Line) -> list[PlaceMention]:
        """The places of a sentence."""
        return self._places.get(line, [])

    def last_region(self, line: Line) -> PlaceMention | None:
        """The last region or province named before a line."""
        start = self.offset(line)
        before = bisect_right(self._regions, start, key=lambda p: p.end)
        return self._regions[before - 1] if before else None

    @cached_property
    def _regions(self) -> list[PlaceMention]:
        return [p for p in self.all_places if p.kind in ("region", "admin1") and p.role == "location"]

    def place_of(
        self, line: Line, trigger: int, clause: Clause | None = None, others: Iterable[Line] = ()
    ) -> tuple[Line, PlaceMention] | None:
        """The place of what the line (or a clause of it) tells at `trigger`, and the line that names it; null where the article
        names none. What other clauses of the line name is none, nor what the lines `others` name.
        """
        start = self.offset(line)
        end, mentions = start + len(line.text), self.all_places
        for other in others:
            first = self.offset(other)
            mentions = [m for m in mentions if not first <= m.start < first + len(other.text)]
        if clause and not clause.shares_places:
            first, last = start + clause.start, start + clause.end
            mentions = [m for m in mentions if not start <= m.start < end or first <= m.start < last]
            start, end = first, last
        place = choose_place(mentions, start, end, self.offset(line) + trigger)
        if place is None:
            return None
        place = self._in_its_country(place)
        lines, starts = self._by_offset
        at = bisect_right(starts, place.start) - 1
        if at < 0 or place.start - starts[at] >= len(lines[at].text):
            return None
        return lines[at], shifted(place, -starts[at])

    def completed(self, line: Line, place: PlaceMention) -> PlaceMention:
        """A place of the line with what the places around it tell, where the gazetteer lacks it."""
        start = self.offset(line)
        found = completed(shifted(place, start), self.all_places, start, start + len(line.text))
        return shifted(self._in_its_country(found), -start)

    def _in_its_country(self, place: PlaceMention) -> PlaceMention:
        """The place with the one country of the article's places, where it has none of its own."""
        countries = {m.country for m in self.all_places if m.country and m.role == "location"}
        return replace(place, country=countries.pop()) if place.country is None and len(countries) == 1 else place

    @cached_property
    def _all_actors(self) -> list[ActorMention]:
        return find_actors(self.text)

    @cached_property
    def _actors(self) -> dict[Line, list[ActorMention]]:
        return self._by_line(self._all_actors)

    def actors(self, line: Line) -> list[ActorMention]:
        """The actors of a sentence."""
        return self._actors.get(line, [])

    def attribution(self, line: Line, clause: Clause | None = None) -> Attribution:
        """How a sentence, or a clause of it, ties a perpetrator to what it tells."""
        if (line, clause) not in self._attributions:
            actors = self.actors(line)
            if clause is None:
                found = attribute(line.text, actors)
            else:
                around = (clause.start * " ", (len(line.text) - clause.end) * " ")
                found = attribute(line.text[clause.start : clause.end].join(around), clause.of(actors))
                if found.perpetrator is None and not clause.alone:
                    found = self.attribution(line)
            self._attributions[line, clause] = found
        return self._attributions[line, clause]

    @cached_property
    def telling(self) -> frozenset[Line]:
        """The sentences that can say who did it: they name an armed party or speak of responsibility."""
        return frozenset(
            line
            for line in self.lines
            if any(actor.kind in PARTIES for actor in self.actors(line)) or has("responsibility", line.text)
        )

    @cached_property
    def lumped_title(self) -> bool:
        """Whether the title tells of several incidents together."""
        return any(has("lumped", line.text) for line in self.lines if line.part.name == "title")

    @cached_property
    def _monitors(self) -> list[ActorMention]:
        return [actor for actor in self._all_actors if actor.kind == "monitor"]

    def citations(self, line: Line) -> list[ActorMention]:
        """The monitors, officials and others, but no armed parties, that a sentence cites."""
        if line not in self._citations:
            start = self.offset(line)
            found = find_citations(line.text, self.actors(line), [shifted(m, -start) for m in self._monitors])
            self._citations[line] = [cited for cited in found if cited.kind not in PARTIES]
        return self._citations[line]
