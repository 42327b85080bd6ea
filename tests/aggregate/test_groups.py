"""Who was hurt, in incidents and tallies."""

from include.aggregate.resolve import resolve
from include.aggregate.tallies import tally
from include.datasets.catalogue import INCIDENTS, MONTHLY_TALLIES
from tests.aggregate.factory import PALMYRA, killed, on, report


def side(victim_class, n, measure="killed", attackers=False):
    return {"measure": measure, "victim_class": victim_class, "attackers": attackers, "low": n, "best": n, "high": n}


def groups(*sides):
    return {"groups": list(sides)}


def count(stem, n):
    return {f"{stem}_{b}": n for b in ("low", "best", "high")}


def incident(*reports):
    (row,) = resolve(reports)
    INCIDENTS.table([row])
    return row


def told(row):
    return [(g["victim_class"], g["best"], g["attackers"]) for g in row["groups"]]


def test_the_report_that_has_the_count_gives_the_sides_and_nobody_is_in_two_of_them():
    row = incident(
        report("a", killed(8), groups(side("unknown", 8))),
        report("b", killed(8), groups(side("civilians", 5), side("state_forces", 3))),
        report("c", killed(7), groups(side("civilians", 7)), published="2022-04-10"),
    )
    assert row["killed_best"] == 8
    assert told(row) == [("civilians", 5, False), ("state_forces", 3, False)]


def test_the_attackers_own_are_kept_apart_from_the_count():
    own = count("attackers_killed", 2)
    row = incident(
        report("a", killed(5), groups(side("state_forces", 5))),
        report("b", killed(5), own, groups(side("state_forces", 5), side("extremist_group", 2, attackers=True))),
    )
    assert told(row) == [("state_forces", 5, False), ("extremist_group", 2, True)]
    assert (row["killed_best"], row["attackers_killed_best"]) == (5, 2)


def test_attackers_who_are_the_count_are_not_told_twice():
    row = incident(report("a", killed(3), groups(side("extremist_group", 3, attackers=True))))
    assert told(row) == [("extremist_group", 3, True)]


def test_women_and_children_follow_the_rules_of_the_counts():
    row = incident(
        report("a", killed(8), count("killed_children", 2)),
        report("b", killed(8), count("killed_children", 3), published="2022-04-12"),
        report("c", killed(8), published="2022-04-13"),
    )
    assert [row[f"killed_children_{b}"] for b in ("low", "best", "high")] == [2, 3, 3]


def test_more_children_than_were_killed_are_not_believed():
    row = incident(
        report("a", killed(8), count("killed_children", 6), outlet="Wire"),
        report("b", killed(5), outlet="Wire", published="2022-04-12"),
    )
    assert (row["killed_best"], row["killed_children_best"]) == (5, None)


def test_tallies_sum_them_where_they_are_stated():
    reports = [
        report("a", killed(8), count("killed_children", 2), count("attackers_killed", 1)),
        report("b", killed(3), on("2022-04-01"), PALMYRA, count("killed_children", 1)),
        report("c", killed(4), on("2022-04-20"), published="2022-04-21"),
    ]
    (row,) = tally(resolve(reports))
    MONTHLY_TALLIES.table([{k: v for k, v in row.items() if k != "year"}])
    assert (row["killed_best"], row["killed_children_best"], row["attackers_killed_best"]) == (15, 3, 1)
    assert row["killed_women_best"] is None
