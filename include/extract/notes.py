"""Event notes: a few sentences on one violent incident, of which no casualties are told ("Jets struck positions near the town
on 17 June. Losses not known.").

ACLED records such incidents like others. In longer articles attacks are mentioned in passing, and only casualties make a
report.
"""

from include.extract.lexicon import load
from include.extract.mentions import Casualty, Quantity
from include.extract.merge import Incident
from include.extract.reading import Line, Reading
from include.extract.roles import MAIN, roles_of
from include.extract.statements import Statement, date_told
from include.extract.violence import first_event, signs

LONGEST = 600
"""Characters of a note."""


def is_note(reading: Reading) -> bool:
    """The text is as short as a note."""
    return sum(len(part.normalised.raw) for part in reading.parts) <= LONGEST


def incident_of_note(reading: Reading) -> Incident | None:
    """The incident that a note tells of: that of its first sentence with a word for violence, asserted and not of the past."""
    line = next((line for line in reading.lines if signs(line.text).attack), None)
    event = line and first_event(line.text)
    if not event or _other_act(line, event.start()):
        return None
    nobody = Quantity(None, None, None, event[0], *event.span(), "none")
    told = Casualty("casualties", nobody, None, "unknown", event[0], *event.span(), *event.span())
    if roles_of(line.text, [told]) != [MAIN]:
        return None
    return Incident("main_event", [Statement(line, (), MAIN, date_told(reading, line, (told,), MAIN))])


def _other_act(line: Line, event: int) -> bool:
    """What is told first is no violence ("police arrested five and seized suicide vests")."""
    return any(word in line.text[:event].lower() for word in load("notes.yaml")["other_acts"])
