"""The extractor on texts of our own with known figures: what it has learnt it must not forget."""

import pytest

from benchmarks.accuracy import SETS, extracted, gold_sets, main_event

FLOORS = {
    "local_news": {"killed exact": 0.95, "injured exact": 0.85, "date exact": 0.93},
    "event_notes": {"killed exact": 0.92, "date exact": 0.93, "place within 25 km": 0.93, "perpetrator": 0.70},
    "newsroom": {
        "no incident where there is none": 0.80,
        "killed accepted": 0.88,
        "injured accepted": 0.88,
        "date accepted": 0.88,
        "place named": 0.85,
        "perpetrator": 0.80,
    },
}
"""The least share of right answers, some points below what docs/ACCURACY.md reports."""


@pytest.fixture(scope="module")
def answers():
    return {name: (rows, [main_event(answer) for answer in extracted(rows)]) for name, rows in gold_sets([])}


def test_every_set_of_our_own_is_scored(answers):
    assert answers.keys() == FLOORS.keys()


@pytest.mark.parametrize("name", FLOORS)
def test_no_metric_falls_below_its_floor(answers, name):
    rows, events = answers[name]
    shares = {}
    for metric, judge in SETS[name].items():
        hits = [hit for row, event in zip(rows, events, strict=True) if (hit := judge(row, event)) is not None]
        shares[metric] = sum(hits) / len(hits)
    assert {m: share for m, share in shares.items() if share < FLOORS[name][m]} == {}
