from datetime import UTC, datetime

import polars as pl

from include.aggregate.decisions import decision
from include.aggregate.match.rules import rules
from include.aggregate.suggestions import suggestions

AT = rules().thresholds["main_event"]


def pair(a, b, score, linked=False):
    return {"report_a": a, "report_b": b, "score": score, "reasons": ["same_day"], "linked": linked}


def member(report, incident, joined_to=None, score=None):
    return {"report_id": report, "incident_id": incident, "joined_to": joined_to, "score": score, "reasons": ["same_day"]}


MEMBERS = [
    member("a1", "A"),
    member("a2", "A", "a1", AT + 9),
    member("b1", "B"),
    member("c1", "C"),
    member("c2", "C", "c1", AT),
]
PAIRS = [
    pair("a1", "b1", AT - 2),
    pair("a2", "b1", AT + 1, linked=True),
    pair("a1", "a2", AT + 9, linked=True),
    pair("b1", "c1", None),
]
KILLED = {"A": 5, "B": 3, "C": 40}


def suggested(*log, pairs=PAIRS):
    incidents = pl.DataFrame([{"incident_id": i, "killed_low": 1, "killed_best": n} for i, n in KILLED.items()])
    schema = {
        "report_a": pl.String,
        "report_b": pl.String,
        "score": pl.Int32,
        "reasons": pl.List(pl.String),
        "linked": pl.Boolean,
    }
    return suggestions(
        pl.DataFrame(pairs, schema=schema), pl.DataFrame(MEMBERS, schema_overrides={"score": pl.Int32}), incidents, log
    )


def ids(rows):
    return [(r["report_a"], r["report_b"]) for r in rows]


def judged(verdict, a, b):
    return decision(verdict, [a], [b], by="Rana", why="read", decided_at=datetime(2022, 5, 1, tzinfo=UTC))


def test_two_incidents_that_are_nearly_one_and_reports_that_only_just_joined_most_deaths_first():
    rows = suggested()
    assert ids(rows) == [("c1", "c2"), ("a2", "b1")]
    assert [(r["together"], r["killed"]) for r in rows] == [(True, 40), (False, 3)]


def test_what_stands_judged_is_not_suggested_again():
    assert ids(suggested(judged("unsure", "c1", "c2"))) == [("a2", "b1")]
    assert ids(suggested(judged("different", "a1", "b1"))) == [("c1", "c2")], "the same two incidents, by other reports"
    assert ids(suggested(judged("same", "c1", "c2"), judged("different", "a2", "b1"))) == []


def test_nothing_near_the_threshold_is_nothing_to_suggest():
    assert ids(suggested(judged("same", "c1", "c2"), pairs=[])) == []
