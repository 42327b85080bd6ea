"""A ledger of two runs, for the commands that tell of it."""

from datetime import UTC, datetime

import pytest

from include.__main__ import main
from include.aggregate.decisions import decision
from include.aggregate.decisions import record as decide
from include.datasets.catalogue import INCIDENTS
from include.datasets.ids import content_id
from include.datasets.lake import Lake
from tests.aggregate.chronicle import Chronicle
from tests.aggregate.factory import BAGHDAD, ISIS, killed, on, report
from tests.aggregate.ledger import write_reports

A = report("a", killed(4), ISIS)
B = report("b", killed(5, 5, None), ISIS, published="2022-04-12")
FAR = report("c", BAGHDAD, killed(1), on("2022-03-02"), published="2022-03-03")
ELSEWHERE = on("2022-04-20")
SAME = decision("same", ["a", "b"], by="Jane", why="one attack in two reports", decided_at=datetime(2022, 5, 1, 12, tzinfo=UTC))
ID_A, ID_B, ID_FAR = (content_id("incident", report=name) for name in "abc")


@pytest.fixture
def ledger(tmp_path):
    """A ledger of two runs, on 1 and 2 May 2022: b joins a by a decision, an incident in Baghdad is gone."""
    lake = Lake(tmp_path)
    ledger = Chronicle()
    ledger.run(A, B | ELSEWHERE, FAR)
    ledger.run(A, B, decisions=[SAME], rules="2")
    ledger.write(lake)
    lake.write(INCIDENTS, {"year": 2022, "month": 4}, "incidents", ledger.incidents[-1])
    write_reports(lake, "b1", A, B)
    decide(lake, [SAME])
    return str(tmp_path)


@pytest.fixture
def shown(capsys):
    """A function that runs a command and gives what it printed, with single spaces."""

    def run(*command):
        assert main([*command]) == 0
        return " ".join(capsys.readouterr().out.split())

    return run
