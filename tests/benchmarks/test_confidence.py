"""Fitting the confidence of reports, on made-up reports whose odds are known."""

import yaml

from benchmarks.accuracy import reliability
from benchmarks.confidence import Told, data_file, fitted, left_out

REPORTS = [
    Told(f"{sign}-{right}-{n}", f"set {n % 2}", {"vague": float(sign)}, right)
    for sign, right, times in ((0, True, 900), (0, False, 100), (1, True, 200), (1, False, 800))
    for n in range(times)
]


def test_the_weights_are_the_log_odds_of_the_reports():
    intercept, vague = fitted(REPORTS)
    assert 1.9 < intercept < 2.4  # log 9 is 2.2
    assert -3.7 < vague < -3.0  # log 1/4 less log 9 is -3.6


def test_probabilities_of_reports_that_were_left_out_are_reliable():
    table = reliability(left_out(REPORTS, [r.set for r in REPORTS]))
    assert "| 1000 | 0.89 | 0.90 |" in table
    assert "area under the curve 0.85" in table


def test_the_data_file_says_how_many_reports_stand_behind_each_weight():
    data = yaml.safe_load(data_file(REPORTS, fitted(REPORTS)))
    assert data["texts"] == {"set 0": 1000, "set 1": 1000}
    assert data["signs"]["vague"]["reports"] == 1000
    assert data["signs"]["vague"]["right"] == 0.2
