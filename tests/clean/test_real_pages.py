"""Real pages with a gold text, where they are at hand: how much of the text is found, and how much else comes with it."""

import json
import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from include.clean.page import clean_page

DATA = Path(__file__).parents[3] / "shared" / "data" / "pages"
pytestmark = pytest.mark.skipif(not DATA.exists(), reason="the real pages are not at hand")


def words(text: str | None) -> Counter:
    return Counter(re.findall(r"\w+", (text or "").lower()))


@pytest.fixture(scope="module")
def rows() -> list[tuple[dict, dict]]:
    index = [json.loads(line) for line in (DATA / "index.jsonl").read_text(encoding="utf-8").splitlines()]
    fetched = datetime(2026, 11, 23, tzinfo=UTC)
    return [
        (
            entry,
            clean_page(
                (DATA / entry["file"]).read_bytes(),
                url=entry["url"] or f"https://x.example/{entry['file']}",
                fetched_at=fetched,
            ),
        )
        for entry in index
    ]


def test_every_page_is_cleaned(rows):
    assert {row["clean_outcome"] for _, row in rows} == {"cleaned"}


@pytest.mark.parametrize(
    ("kind", "precision", "recall"),
    [("fundus", 0.94, 0.98), ("aeb", 0.97, 0.99), ("readability", 0.98, 0.96), ("airwars", 0.83, 0.995)],
)
def test_the_text_is_the_gold_text(rows, kind, precision, recall):
    scores = []
    for entry, row in rows:
        if entry["file"].startswith(kind):
            found, gold = words(row["text"]), words(entry["gold"]["body"])
            common = (found & gold).total()
            scores.append((common / max(1, found.total()), common / max(1, gold.total())))
    assert sum(p for p, _ in scores) / len(scores) >= precision
    assert sum(r for _, r in scores) / len(scores) >= recall


def test_what_belongs_is_there_and_what_does_not_is_not(rows):
    for entry, row in rows:
        assert [s for s in entry["gold"].get("with") or [] if s not in row["text"]] == []
        assert [s for s in entry["gold"].get("without") or [] if s in row["text"]] == []


def test_nearly_every_stated_day_is_found(rows):
    dated = [
        (entry["gold"]["published"][:10], str(row["published_on"])) for entry, row in rows if entry["gold"].get("published")
    ]
    assert sum(gold == found for gold, found in dated) >= 0.95 * len(dated)
