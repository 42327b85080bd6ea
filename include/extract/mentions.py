"""What the extractors find in a text: small frozen records with the span that they were read from.

Spans count characters (code points) in the string that the extractor was given, end exclusive.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as a range, with the words and the rule that gave it. A null bound is one that the words do not state."""

    low: int | None
    best: int | None
    high: int | None
    phrase: str
    start: int
    end: int
    rule: str


@dataclass(frozen=True, slots=True)
class Casualty:
    """One group of people that a sentence says was killed or injured.

    `measure` is killed, injured, or casualties (killed and injured, not separable). A part of a group ("three civilians,
    including two children") is not a group of its own: it is in `parts`.
    """

    measure: str
    quantity: Quantity
    victims: str | None = None
    victim_class: str = "unknown"
    trigger: str = ""
    trigger_start: int = 0
    trigger_end: int = 0
    start: int = 0
    """Span of the whole statement: quantity, victims and trigger."""
    end: int = 0
    total: bool = False
    """It restates a running total of this incident ("the toll rose to 14") and so replaces, not adds."""
    additional: bool = False
    """It adds to a group named before it ("two others", "another three")."""
    attackers: bool = False
    """The victims are the attackers themselves ("the suicide bomber also died")."""
    negated: bool = False
    """The text says that there were none ("no casualties")."""
    anaphoric: bool = False
    """They were named before ("he", "both", "the three", "among the dead"), so that they may be counted already."""
    parts: tuple["Casualty", ...] = ()
    unit: str = "person"
    """person, or family where families of unknown size are counted."""


@dataclass(frozen=True, slots=True)
class NotCounted:
    """A number or casualty word that was seen and left out, and why (`reason` is an id, `explanation` says it in words)."""

    phrase: str
    start: int
    end: int
    reason: str
    explanation: str


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date or period. Null dates mean that the words could not be resolved; `reason` then says why."""

    date_start: date | None
    date_end: date | None
    date_prec: int | None
    phrase: str
    start: int
    end: int
    rule: str
    kind: str = "point"
    """point, period (from X to Y; since X), age (of a claim: "said last month"), sequel (of an arrest, a day in court, a
    funeral), future, or name ("the October 7 attacks")."""
    reason: str | None = None
    tells_of: str | None = None
    """What the words around it say of that time: happening ("opened fire on Monday"), dying ("she died on Monday"), following
    (an arrest, a day in court) or nothing.
    """


@dataclass(frozen=True, slots=True)
class PlaceMention:
    """A place as written and, where the gazetteer has it, what it is. `where_prec` follows UCDP (see the datasets)."""

    place: str
    start: int
    end: int
    rule: str
    name: str | None = None
    geonames_id: int | None = None
    kind: str = "unknown"
    """settlement, site, district, admin1, region, country or unknown."""
    admin1: str | None = None
    country: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    where_prec: int | None = None
    role: str = "location"
    """location, origin (of a person, a shell, an outlet), destination (of the injured) or dateline."""
    compact: bool = False
    """A province no larger than a district: a point of it is near all of it."""


@dataclass(frozen=True, slots=True)
class ActorMention:
    """An armed actor, a body that can attribute or count, or a class of victims, as written."""

    text: str
    start: int
    end: int
    actor_id: str | None = None
    name: str | None = None
    side: str | None = None
    """state_forces, pro_government_militia, rebels, extremist_group, external_forces, civilians or unknown."""
    kind: str = "armed"
    """armed; suspect (a person whom the text calls one by name); monitor, official, media, medical, aid, witness (those who are
    cited); or site (a place that was the target).
    """
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Attribution:
    """How a passage ties a perpetrator to what happened (MUC-3/4), and what it says of claims of responsibility (GTD)."""

    perpetrator: ActorMention | None = None
    target: ActorMention | None = None
    attribution: str | None = None
    hedge: str | None = None
    hedge_start: int = 0
    hedge_end: int = 0
    attributed_by: str | None = None
    claim_status: str = "unknown"
    claimed_by: str | None = None
    rule: str = ""
    clash: tuple[ActorMention, ActorMention] | None = None
    """The two sides of a clash that the passage tells of."""


class Sentence(NamedTuple):
    """A sentence of an article, with its place in the part that it stands in."""

    text: str
    start: int
    end: int
    part: str
    """title or text."""
    paragraph: int
    index: int
    post: int = 0
    """Number of the post of a live blog that it stands in; 0 before the first, and in articles that are none."""


@dataclass(slots=True)
class Extraction:
    """What one article gives: rows of `reports` and `claims` (column names as keys) and what was left out."""

    reports: list[dict] = field(default_factory=list)
    claims: list[dict] = field(default_factory=list)
    not_counted: list[dict] = field(default_factory=list)


def shifted(mention, offset: int):
    """The mention with its `start` and `end` moved by `offset` characters."""
    values = {name: getattr(mention, name) for name in mention.__slots__}
    return type(mention)(**values | {"start": mention.start + offset, "end": mention.end + offset})
