import pytest

from include.aggregate.counts import figures_of, incident_counts, perpetrators_of
from include.aggregate.origins import origins_of
from include.settings import COUNT_RULES
from tests.aggregate.factory import ISIS, casualties, injured, killed, report

SOHR = {"monitor": "SOHR"}
AMAQ = ISIS | {"monitor": "Amaq", "claim_status": "claimed", "claimed_by": "ISIS"}
PAST = {"mention_role": "background_reference"}
DAY = ["2022-04-11", "2022-04-12", "2022-04-13", "2022-04-14"]


def on_days(*columns):
    """Reports a, b, c ... published on successive days, each with its columns."""
    return [report("abcd"[n], *parts, published=DAY[n]) for n, parts in enumerate(columns)]


def on_one_day(*columns):
    return [report("abcd"[n], *parts) for n, parts in enumerate(columns)]


def count(reports, measure="killed", rule="latest_trusted"):
    counts = incident_counts(figures_of(reports, origins_of(reports, {}), perpetrators_of(reports)), rule)
    return tuple(counts[f"{measure}_{b}"] for b in ("low", "best", "high")), counts["count_rule"]


CASES = {
    "one report": (on_days([killed(4)]), (4, 4, 4), "latest_trusted"),
    "no best stated": (on_days([killed(4, None, 6)]), (4, None, 6), "no_best_stated"),
    # one origin
    "a rising toll of one origin supersedes": (
        on_days([SOHR, killed(3)], [SOHR, killed(5)], [SOHR, killed(6)]),
        (6, 6, 6),
        "latest_trusted",
    ),
    "a correction downwards of one origin supersedes": (
        on_days([SOHR, killed(8)], [SOHR, killed(5)]),
        (5, 5, 5),
        "latest_trusted",
    ),
    "a vaguer figure of one origin says nothing new": (
        on_days([SOHR, killed(4)], [SOHR, killed(3, None, 9)]),
        (4, 4, 4),
        "latest_trusted",
    ),
    "a vague figure of one origin gives way to the exact one of that day": (
        on_one_day([SOHR, killed(3, None, 9)], [SOHR, killed(4)]),
        (4, 4, 4),
        "latest_trusted",
    ),
    "a vague figure that contradicts the exact one before supersedes it": (
        on_days([SOHR, killed(4)], [SOHR, killed(24, None, 99)]),
        (24, None, 99),
        "no_best_stated",
    ),
    "at least N gives way to the exact figure": (
        on_days([SOHR, killed(3, 3, None)], [SOHR, killed(5)]),
        (5, 5, 5),
        "latest_trusted",
    ),
    "an outlet's own word is superseded by its source's later figure": (
        on_days([{"outlet": "Wire"}, killed(8)], [{"outlet": "Wire", "monitor": "Diyala Health Directorate"}, killed(5)]),
        (5, 5, 5),
        "latest_trusted",
    ),
    "an article without date is the oldest": (
        [report("a", SOHR, killed(9), published=None), report("b", SOHR, killed(4))],
        (4, 4, 4),
        "latest_trusted",
    ),
    # several origins
    "between origins the range is kept, best is the latest": (on_days([killed(15)], [killed(7)]), (7, 7, 15), "latest_trusted"),
    "a vague word of another origin widens": (on_days([killed(24, None, 99)], [killed(11)]), (11, 11, 99), "latest_trusted"),
    "a figure superseded at its origin does not drag the low": (
        on_days([SOHR, killed(3)], [killed(6)], [SOHR, killed(6)]),
        (6, 6, 6),
        "latest_trusted",
    ),
    "on one day the majority decides": (
        on_one_day([killed(4)], [killed(4)], [killed(6)]),
        (4, 4, 6),
        "latest_trusted_majority",
    ),
    "without majority the lowest": (on_one_day([killed(6)], [killed(4)]), (4, 4, 6), "latest_trusted_lowest"),
    "an open figure beyond all upper bounds opens the high": (
        on_days([killed(7)], [killed(9, 9, None)]),
        (7, 9, None),
        "latest_trusted",
    ),
    "an open figure within the upper bound does not": (on_days([killed(9)], [killed(7, 7, None)]), (7, 7, 9), "latest_trusted"),
    # claims
    "a perpetrator's figure raises the high alone": (
        on_days([ISIS, killed(2)], [AMAQ, killed(9)]),
        (2, 2, 9),
        "latest_trusted",
    ),
    "a perpetrator's lower figure changes nothing": (
        on_days([ISIS, killed(4)], [AMAQ, killed(1)]),
        (4, 4, 4),
        "latest_trusted",
    ),
    "a perpetrator's figure alone sets no best": (on_days([AMAQ, killed(9)]), (9, None, 9), "perpetrator_claim_only"),
    "a monitor's figure stands though the perpetrator claims": (
        on_days([ISIS, SOHR, {"claim_status": "claimed", "claimed_by": "ISIS"}, killed(3)]),
        (3, 3, 3),
        "latest_trusted",
    ),
    # background references
    "a vague background reference changes nothing": (
        on_days([killed(4)], [PAST, killed(24, None, 99)]),
        (4, 4, 4),
        "latest_trusted",
    ),
    "an exact background reference widens and sets no best": (
        on_days([killed(4)], [PAST, killed(6)]),
        (4, 4, 6),
        "latest_trusted",
    ),
    "background references alone count": (on_days([PAST, killed(6)]), (6, 6, 6), "latest_trusted"),
    # nothing
    "nobody killed": (on_days([killed(0)]), (0, 0, 0), "latest_trusted"),
    "no figures": (on_days([]), (None, None, None), "not_stated"),
    "only an upper bound": (on_days([killed(None, None, 5)]), (None, None, 5), "no_best_stated"),
}


@pytest.mark.parametrize(("reports", "bounds", "rule"), CASES.values(), ids=CASES.keys())
def test_killed(reports, bounds, rule):
    assert count(reports) == (bounds, rule)


def test_injured_are_counted_by_themselves():
    reports = on_days([SOHR, killed(3), injured(7)], [SOHR, killed(5), injured(5)])
    assert count(reports)[0] == (5, 5, 5)
    assert count(reports, "injured")[0] == (5, 5, 5)


def test_a_combined_figure_gives_way_to_separate_ones():
    reports = on_days([casualties(20)], [killed(5), injured(15)])
    assert count(reports, "casualties")[0] == (None, None, None)
    assert count(reports)[0] == (5, 5, 5)


def test_a_combined_figure_alone_is_kept():
    reports = on_days([casualties(20)])
    assert count(reports, "casualties") == ((20, 20, 20), "latest_trusted")
    assert count(reports)[0] == (None, None, None)


def test_the_rule_is_that_of_the_first_measure_stated():
    assert count(on_days([injured(6)]), "injured") == ((6, 6, 6), "latest_trusted")


RULES = {
    "the latest": ("latest_trusted", 7, "latest_trusted"),
    "the most told": ("majority", 15, "majority"),
    "the lowest": ("lowest", 6, "lowest"),
}


@pytest.mark.parametrize(("rule", "best", "named"), RULES.values(), ids=RULES.keys())
def test_a_rule_chooses_best_and_only_that(rule, best, named):
    reports = on_days([killed(6)], [killed(15)], [killed(15)], [killed(7)])
    assert count(reports, rule=rule) == ((6, best, 15), named)


def test_a_tie_of_the_majority_goes_to_the_lowest():
    assert count(on_days([killed(15)], [killed(7)]), rule="majority") == ((7, 7, 15), "majority_lowest")


def test_many_outlets_of_one_origin_are_one_voice_in_the_majority():
    reports = [report(i, SOHR, killed(4)) for i in "abc"] + [report("d", killed(6)), report("e", killed(6))]
    for rule, named in (("majority", "majority"), ("latest_trusted", "latest_trusted_majority")):
        assert count(reports, rule=rule) == ((4, 6, 6), named)


def test_between_figures_of_one_origin_the_one_that_most_outlets_print_is_the_majority():
    reports = [report("a", SOHR, killed(6)), report("b", SOHR, killed(6)), report("c", SOHR, killed(4))]
    assert count(reports, rule="majority") == ((4, 6, 6), "majority")


@pytest.mark.parametrize("rule", COUNT_RULES)
def test_no_rule_takes_best_from_the_perpetrator_or_from_the_past(rule):
    reports = on_days([ISIS, killed(4)], [AMAQ, killed(1)], [PAST, killed(2)])
    assert count(reports, rule=rule)[0] == (2, 4, 4)
    assert count(on_days([AMAQ, killed(9)]), rule=rule) == ((9, None, 9), "perpetrator_claim_only")


@pytest.mark.parametrize("rule", COUNT_RULES)
def test_a_figure_that_was_superseded_is_no_best_by_any_rule(rule):
    assert count(on_days([SOHR, killed(3)], [SOHR, killed(3)], [SOHR, killed(6)]), rule=rule)[0] == (6, 6, 6)


def test_an_unknown_rule_is_refused_with_the_valid_ones():
    with pytest.raises(ValueError, match=r"median.*latest_trusted, majority, lowest"):
        count(on_days([killed(3)]), rule="median")
