"""Bad input ends in a state that is written down, and no report is lost."""

from datetime import timedelta

import pytest

from include.aggregate.check import check
from include.aggregate.cover import cover
from include.aggregate.decisions import decision, read_decisions, record
from include.aggregate.judge import states
from include.aggregate.ledger import Ledger
from include.aggregate.memberships import resolve_reports
from include.aggregate.past_tallies import tallies_as_of
from include.datasets.catalogue import (
    ARTICLES,
    CANDIDATE_PAIRS,
    COVERAGE,
    DECISIONS,
    DOUBTS,
    INCIDENTS,
    MEMBERSHIPS,
    MONTHLY_TALLIES,
    REVISIONS,
)
from include.datasets.schema import month_of
from tests.aggregate.factory import ISIS, killed, on, report
from tests.aggregate.ledger import NOW, aggregate, contents, write_reports

ARMY = {"perpetrator": "Syrian army", "perpetrator_id": "syrian_government_forces"}
SOHR = {"monitor": "SOHR"}
BUS = {"event_type": "armed_attack", "victim_class": "state_forces", "target": "a bus of the 17th Division"}
A_YEAR_ON = {"published": "2023-04-10", "sentence": "This is the sentence that says what report a says."}

BAD = {
    "contradictory dates": (
        [report("a", killed(9), BUS), report("b", killed(9), BUS, on("2022-04-09"))],
        "contradictory_dates",
    ),
    "a toll that falls": (
        [report("a", SOHR, killed(8), BUS), report("b", SOHR, killed(7), BUS, published="2022-04-12")],
        "toll_fell",
    ),
    "an article republished after a year": (
        [report("a", killed(4)), report("b", killed(4), on("2023-04-09"), **A_YEAR_ON)],
        "republished",
    ),
    "one incident with two perpetrators": (
        [report("a", killed(9), BUS, ISIS), report("b", killed(9), BUS, ARMY)],
        "two_perpetrators",
    ),
    "a report dated in the future": (
        [report("a", killed(4), on("2031-01-01")), report("b", killed(4), on("2031-01-01"))],
        "dated_after_publication",
    ),
}


def written(lake, reports):
    """A lake with the reports and their articles, whose texts are one if their sentences are."""
    sentences = sorted({row["sentence"] for row in reports})
    write_reports(lake, "b1", *reports)
    for row in reports:
        article = {"article_id": row["article_id"], "document_id": row["document_id"], "source": "source"}
        article |= {"captured_at": row["recorded_at"], "published_on": row["published_on"], "clean_outcome": "cleaned"}
        month = {"published_month": month_of(row["published_on"])}
        lake.write(
            ARTICLES,
            month,
            "b1",
            [*rows_there(lake, month), article | {"fingerprint": [sentences.index(row["sentence"])] * 64}],
        )
    return lake


def rows_there(lake, month):
    path = lake.path(ARTICLES, month, "b1")
    return lake.read_file(path, ARTICLES.schema.names).to_pylist() if lake.exists(path) else []


def run(lake, now=NOW):
    resolve_reports(lake)
    cover(lake)
    aggregate(lake, now)
    return check(lake)


@pytest.mark.parametrize(("reports", "flag"), BAD.values(), ids=BAD.keys())
def test_what_is_odd_is_flagged_in_the_ledger_and_every_report_is_in_it(lake, reports, flag):
    assert run(written(lake, reports))["reports"] == len(reports)
    incidents = lake.frame(INCIDENTS).to_dicts()
    assert sorted(r for i in incidents for r in i["report_ids"]) == [r["report_id"] for r in reports]
    (flagged,) = [i for i in incidents if flag in i["flags"]]
    assert len(flagged["report_ids"]) == len(reports), "it is one incident"
    assert lake.frame(MONTHLY_TALLIES)["n_incidents"].sum() == 1


def test_a_decision_on_what_is_no_longer_there_is_kept_and_listed_and_holds_for_the_rest(lake):
    log = [
        decision("same", ["a"], ["gone"], by="Rana", why="read both", decided_at=NOW),
        decision("different", ["a"], ["b", "gone"], by="Rana", why="two streets", decided_at=NOW + timedelta(hours=1)),
        decision("withdrawn", withdraws="decision-gone", by="Rana", why="a slip", decided_at=NOW + timedelta(hours=2)),
    ]
    record(lake, log)
    written(lake, [report("a", killed(4), ISIS), report("b", killed(4), ISIS)])
    run(lake, NOW + timedelta(days=1))
    assert len(lake.frame(INCIDENTS)) == 2, "a and b are held apart"
    assert [row["gone"] for row in states(read_decisions(lake), Ledger(lake))] == [["gone"], ["gone"], ["decision-gone"]]


@pytest.mark.parametrize(
    "dataset", [MEMBERSHIPS, CANDIDATE_PAIRS, INCIDENTS, DOUBTS, COVERAGE, MONTHLY_TALLIES], ids=lambda d: d.name
)
def test_a_file_deleted_by_hand_comes_back_as_it_was(lake, dataset):
    written(lake, [report("a", killed(4), ISIS), report("b", killed(4), ISIS), report("c", killed(9), on("2022-03-02"))])
    record(lake, [decision("unsure", ["a"], ["c"], by="Rana", why="one or two", decided_at=NOW)])
    run(lake)
    before = contents(lake)
    lake.remove(lake.files(dataset)[0])
    run(lake, NOW + timedelta(days=1))
    assert contents(lake) == before


def test_a_file_of_decisions_deleted_by_hand_takes_its_effect_with_it(lake):
    written(lake, [report("a", killed(4), ISIS), report("b", killed(4), ISIS)])
    run(lake)
    before = {path: content for path, content in contents(lake).items() if path.startswith(("incidents", "monthly_tallies"))}
    record(lake, [decision("different", ["a"], ["b"], by="Rana", why="two", decided_at=NOW)])
    run(lake, NOW + timedelta(days=1))
    assert len(lake.frame(INCIDENTS)) == 2
    lake.remove(lake.files(DECISIONS)[0])
    run(lake, NOW + timedelta(days=2))
    assert {p: content for p, content in contents(lake).items() if p.startswith(("incidents", "monthly_tallies"))} == before


def test_a_revision_deleted_by_hand_is_history_lost_and_the_incidents_recorded_anew(lake):
    written(lake, [report("a", killed(4), ISIS)])
    run(lake)
    for dataset in (REVISIONS, INCIDENTS):
        lake.remove(lake.files(dataset)[0])
    run(lake, NOW + timedelta(days=1))
    with pytest.raises(LookupError, match="knows nothing before its first run, of 2022-05-03"):
        tallies_as_of(lake, NOW)
    assert len(tallies_as_of(lake, NOW + timedelta(days=1)).tallies) == 1
