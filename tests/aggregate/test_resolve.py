import random
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from include.aggregate.match.link import link
from include.aggregate.resolve import month_of, resolve
from include.datasets.catalogue import INCIDENTS
from include.datasets.ids import content_id
from tests.aggregate.factory import (
    AL_SUKHNAH,
    BADIA,
    BAGHDAD,
    HOMS_PROVINCE,
    ISIS,
    NOWHERE,
    PALMYRA,
    SYRIA,
    casualties,
    injured,
    killed,
    on,
    report,
)

BACKGROUND = {"mention_role": "background_reference"}
LAST_MONTH = on("2022-03-01", "2022-03-31", prec=4)


def groups(reports, **more):
    """The ids of the reports of each incident."""
    return sorted(sorted(i["report_ids"]) for i in resolve(reports, **more))


# --- one incident ------------------------------------------------------------------------------------------------------

SAME = {
    "the same day, place and toll": (report("a", killed(4)), report("b", killed(4))),
    "near a town, and the governorate's countryside": (
        report("a", killed(4), ISIS, where_prec=2),
        report("b", HOMS_PROVINCE, killed(4), ISIS),
    ),
    "a town, and the region that it lies in": (report("a", killed(4), ISIS), report("b", BADIA, killed(4), ISIS)),
    "a town, and only the country": (report("a", killed(4)), report("b", SYRIA, killed(4))),
    "no place at all, but the same toll and perpetrator": (report("a", killed(4), ISIS), report("b", NOWHERE, killed(4), ISIS)),
    "a place that the gazetteer lacks": (
        report("a", NOWHERE, killed(7), place="Rasm al-Ghubar", country="SYR"),
        report("b", NOWHERE, killed(7), place="Rasm Al Ghubar", country="SYR"),
    ),
    "a place that the gazetteer lacks, in no country": (
        report("a", NOWHERE, killed(7, 7, None), place="Rasm al-Ghubar", event_type="shooting"),
        report("b", NOWHERE, killed(7), place="Rasm al-Ghubar", event_type="shooting"),
    ),
    "a toll that rose": (report("a", killed(3)), report("b", killed(5), published="2022-04-12")),
    "a toll that fell after a correction": (
        report("a", killed(8), outlet="Wire", event_type="explosion"),
        report("b", killed(5), outlet="Wire", event_type="explosion", published="2022-04-12"),
    ),
    "a vague toll and the exact one": (report("a", killed(3, None, 9), ISIS), report("b", killed(4), ISIS)),
    "dozens, and the exact toll of the next day": (
        report("a", killed(24, None, 99), event_type="armed_attack", victim_class="state_forces", where_prec=2),
        report("b", killed(11), ISIS, event_type="armed_attack", victim_class="state_forces", published="2022-04-12"),
    ),
    "figures that differ on the day itself": (
        report("a", killed(3), ISIS, event_type="explosion"),
        report("b", killed(4), ISIS, event_type="explosion"),
    ),
    "one names no perpetrator": (report("a", killed(4), ISIS), report("b", killed(4))),
    "different perpetrators of the same exact attack": (
        report("a", killed(4), ISIS),
        report("b", killed(4), perpetrator="Syrian army", perpetrator_id="syrian_government_forces"),
    ),
    "a slip of a day, with the same toll and parties": (
        report("a", killed(4), ISIS, event_type="explosion"),
        report("b", killed(4), ISIS, on("2022-04-09"), event_type="explosion"),
    ),
    "an exact day and the week around it": (report("a", killed(4)), report("b", killed(4), on("2022-04-04", "2022-04-10", 3))),
    "news without a date, published days after": (
        report("a", killed(4)),
        report("b", killed(4), dict.fromkeys(on("2022-04-10")), published="2022-04-12"),
    ),
    "two copies of one sentence without date or place": (
        report(
            "a", NOWHERE, dict.fromkeys(on("2022-04-10")), killed(2), published=None, sentence="The driver was one of two dead."
        ),
        report(
            "b", NOWHERE, dict.fromkeys(on("2022-04-10")), killed(2), published=None, sentence="The driver was one of two dead"
        ),
    ),
    "injured only": (report("a", injured(6), event_type="explosion"), report("b", injured(6), event_type="explosion")),
}


@pytest.mark.parametrize("pair", SAME.values(), ids=SAME.keys())
def test_two_reports_of_one_incident_become_one(pair):
    assert groups(pair) == [["a", "b"]]


# --- two incidents -----------------------------------------------------------------------------------------------------

DIFFERENT = {
    "two days apart": (report("a", killed(2)), report("b", killed(2), on("2022-04-12"), published="2022-04-13")),
    "one killed each on two days running": (
        report("a", killed(1), ISIS, event_type="assassination", victim_class="civilians"),
        report("b", killed(1), ISIS, on("2022-04-09"), event_type="assassination", victim_class="civilians"),
    ),
    "two towns on one day": (report("a", killed(4), ISIS), report("b", PALMYRA, killed(4), ISIS)),
    "two governorates": (report("a", killed(4)), report("b", HOMS_PROVINCE, killed(4), admin1="Hama")),
    "two countries": (report("a", killed(4), SYRIA), report("b", killed(4), SYRIA, country="IRQ")),
    "one town, one day, other kinds of attack and other tolls": (
        report("a", killed(4), event_type="shelling"),
        report("b", killed(9), event_type="kidnapping"),
    ),
    "one town, one day, other victims and other targets": (
        report("a", BAGHDAD, killed(4), event_type="explosion", target="a market", victim_class="civilians"),
        report("b", BAGHDAD, killed(11), event_type="explosion", target="police checkpoint", victim_class="state_forces"),
    ),
    "one town, one day, other perpetrators and other tolls": (
        report("a", killed(4), ISIS),
        report("b", killed(9), perpetrator="Syrian army", perpetrator_id="syrian_government_forces"),
    ),
    "two reports of one article": (report("a", killed(4)), report("b", killed(4), article_id="article of a")),
    "no place and a common toll": (report("a", killed(1)), report("b", NOWHERE, killed(1))),
    "the article republished after a year": (
        report("a", killed(4), sentence="Four men were killed near the town on Sunday."),
        report(
            "b", killed(4), on("2023-04-09"), published="2023-04-10", sentence="Four men were killed near the town on Sunday."
        ),
    ),
    "a period of years is no date": (
        report("a", killed(4), ISIS),
        report("b", BADIA, killed(4), ISIS, BACKGROUND, on("2015-01-01", "2022-04-30", 5)),
    ),
    "what was published before it happened": (
        report("a", killed(4), on("2022-04-20"), published="2022-04-21"),
        report("b", killed(4), on("2022-04-01", "2022-04-30", 4), published="2022-04-12"),
    ),
    "two places that the gazetteer lacks": (
        report("a", NOWHERE, killed(2), place="Rasm al-Ghubar", country="SYR"),
        report("b", NOWHERE, killed(2), place="Tell Hawa", country="SYR"),
    ),
}


@pytest.mark.parametrize("pair", DIFFERENT.values(), ids=DIFFERENT.keys())
def test_reports_of_two_incidents_stay_two(pair):
    assert groups(pair) == [["a"], ["b"]]


def test_reports_that_chain_do_not_pull_two_incidents_together():
    in_sukhnah = report("a", killed(4), ISIS)
    somewhere = report("b", HOMS_PROVINCE, killed(4), ISIS)
    in_palmyra = report("c", PALMYRA, killed(4), ISIS)
    found = groups([in_sukhnah, somewhere, in_palmyra])
    assert ["c"] in found or ["a"] in found
    assert len(found) == 2


def test_a_report_that_fits_two_incidents_alike_joins_the_older():
    older = report("z", killed(4), ISIS, published="2022-04-10")
    younger = report("a", PALMYRA, killed(4), ISIS)
    assert groups([younger, older, report("m", BADIA, killed(4), ISIS, published="2022-04-13")]) == [["a"], ["m", "z"]]


def test_two_articles_with_the_same_two_incidents_give_two():
    reports = [
        report("a1", killed(4), article_id="a"),
        report("a2", PALMYRA, killed(2), article_id="a"),
        report("b1", killed(4), article_id="b"),
        report("b2", PALMYRA, killed(2), article_id="b"),
    ]
    assert groups(reports) == [["a1", "b1"], ["a2", "b2"]]


# --- background references ---------------------------------------------------------------------------------------------

BUS = report(
    "bus",
    PALMYRA,
    ISIS,
    killed(15),
    injured(18),
    on("2022-03-06"),
    published="2022-03-07",
    target="a military bus",
    victim_class="state_forces",
)
DOZENS = report(
    "later", BADIA, ISIS, BACKGROUND, LAST_MONTH, casualties(24, None, 99), target="military bus", victim_class="state_forces"
)


def test_a_vague_background_reference_joins_its_incident_and_changes_no_figure():
    (incident,) = resolve([BUS, DOZENS])
    assert incident["report_ids"] == ["bus", "later"]
    assert [incident[f"killed_{b}"] for b in ("low", "best", "high")] == [15, 15, 15]
    assert incident["casualties_low"] is None
    assert (incident["date_start"], incident["date_prec"]) == (date(2022, 3, 6), 1)
    assert incident["place_name"] == "Tadmur"
    assert incident["n_independent_origins"] == 1


def test_a_background_reference_does_not_join_an_incident_that_its_figures_rule_out():
    small = BUS | killed(2) | injured(1)
    assert groups([small, DOZENS]) == [["bus"], ["later"]]


def test_a_background_reference_joins_the_incident_that_it_fits_best():
    other = report(
        "other", ISIS, killed(26), on("2022-03-20"), published="2022-03-21", event_type="explosion", target="a convoy"
    )
    assert groups([BUS, other, DOZENS]) == [["bus", "later"], ["other"]]


def test_a_background_reference_never_joins_two_incidents():
    other = BUS | report("other", ISIS, killed(26), on("2022-03-20"), published="2022-03-21")
    assert len(resolve([BUS, other, DOZENS])) == 2


def test_a_background_reference_alone_is_an_incident_of_half_the_confidence():
    (incident,) = resolve([DOZENS])
    assert incident["confidence"] == 0.4
    assert [incident[f"casualties_{b}"] for b in ("low", "best", "high")] == [24, None, 99]
    assert incident["count_rule"] == "no_best_stated"


def test_a_background_reference_is_not_about_the_news_of_its_own_article():
    news = report("news", killed(11), on("2022-04-10"))
    past = report("past", BACKGROUND, killed(11), on("2022-04-01", "2022-04-30", 4), article_id=news["article_id"])
    assert groups([news, past]) == [["news"], ["past"]]


def test_an_exact_background_reference_joins():
    news = report("news", killed(2), on("2022-03-14"), published="2022-03-15", event_type="shooting")
    past = report("past", BACKGROUND, killed(2), on("2022-03-14"), published="2022-03-16", event_type="shooting")
    assert groups([news, past]) == [["news", "past"]]


# --- the incident ------------------------------------------------------------------------------------------------------


def test_the_id_is_that_of_the_report_published_first():
    (incident,) = resolve([report("a", killed(4), published="2022-04-12"), report("b", killed(4), published="2022-04-11")])
    assert incident["incident_id"] == content_id("incident", report="b")
    assert incident["report_ids"] == ["b", "a"]
    assert (incident["first_published_on"], incident["last_published_on"]) == (date(2022, 4, 11), date(2022, 4, 12))


def test_the_id_stays_when_figures_place_or_date_change():
    before = resolve([report("a", killed(4))])[0]
    after = resolve([report("a", PALMYRA, killed(9), on("2022-03-01"))])[0]
    assert before["incident_id"] == after["incident_id"]


def test_the_most_exact_date_and_place_win():
    (incident,) = resolve(
        [
            report("a", HOMS_PROVINCE, ISIS, killed(4), on("2022-04-04", "2022-04-10", 3)),
            report("b", ISIS, killed(4), published="2022-04-12"),
        ]
    )
    assert (incident["date_start"], incident["date_prec"]) == (date(2022, 4, 10), 1)
    assert {k: incident[k] for k in AL_SUKHNAH} == AL_SUKHNAH


def test_parties_have_the_names_of_the_actor_table():
    (incident,) = resolve([report("a", killed(4), perpetrator="IS-IS", perpetrator_id="isis", target="soldiers")])
    assert (incident["perpetrator"], incident["perpetrator_id"]) == ("ISIS", "isis")
    assert incident["target"] == "soldiers"


def test_a_known_perpetrator_goes_before_a_description_of_it():
    gunmen = {"perpetrator": "Gunmen", "attribution": "reported_as_fact"}
    (incident,) = resolve([report("a", gunmen, killed(4)), report("b", gunmen, killed(4)), report("c", ISIS, killed(4))])
    assert (incident["perpetrator"], incident["attribution"]) == ("ISIS", "suspected_or_accused")


def test_of_two_attributions_the_more_cautious_stands_and_an_admission_outweighs_both():
    fact = report("a", killed(4), ISIS, attribution="reported_as_fact")
    suspicion = report("b", killed(4), ISIS)
    admission = report("c", killed(4), ISIS, attribution="claimed_or_admitted")
    assert resolve([fact, suspicion])[0]["attribution"] == "suspected_or_accused"
    assert resolve([fact, suspicion, admission])[0]["attribution"] == "claimed_or_admitted"


def test_the_class_that_most_reports_name_is_the_victims_and_a_tie_is_mixed():
    soldiers, civilians = {"victim_class": "state_forces"}, {"victim_class": "civilians"}
    one, other, third = report("a", killed(4), soldiers), report("b", killed(4), civilians), report("c", killed(4), soldiers)
    unknown = report("d", killed(4), victim_class="unknown")
    assert resolve([one, other, unknown])[0]["victim_class"] == "mixed"
    assert resolve([one, other, third])[0]["victim_class"] == "state_forces"
    assert resolve([unknown])[0]["victim_class"] == "unknown"


def test_a_perpetrator_is_never_inferred():
    (incident,) = resolve([report("a", killed(4), target="ISIS", target_id="isis")])
    assert incident["perpetrator"] is None
    assert incident["attribution"] is None


GRADINGS = {
    "one origin": ("weak", [report("a", killed(4))]),
    "ten outlets that quote one monitor": ("weak", [report(f"r{i}", killed(4), monitor="SOHR") for i in range(10)]),
    "two origins": ("fair", [report("a", killed(4)), report("b", killed(4))]),
    "two perpetrators": (
        "contested",
        [
            report("a", killed(4), ISIS),
            report("b", killed(4), perpetrator="the army", perpetrator_id="syrian_government_forces"),
        ],
    ),
    "two claims": (
        "contested",
        [
            report("a", killed(4), claim_status="claimed", claimed_by="ISIS"),
            report("b", killed(4), claim_status="claimed", claimed_by="Hurras al-Din"),
        ],
    ),
    "one claim under two spellings": (
        "fair",
        [
            report("a", killed(4), claim_status="claimed", claimed_by="ISIS"),
            report("b", killed(4), claim_status="claimed", claimed_by="Islamic State"),
        ],
    ),
    "the perpetrator admits it": ("confirmed", [report("a", ISIS, killed(4), attribution="claimed_or_admitted")]),
    "nobody was hurt after all": ("discounted", [report("a", killed(0), injured(0))]),
}


@pytest.mark.parametrize(("grading", "reports"), GRADINGS.values(), ids=GRADINGS.keys())
def test_grading(grading, reports):
    (incident,) = resolve(reports)
    assert incident["grading"] == grading


def test_a_claim_days_later_outweighs_no_claim_yet():
    first = report("a", killed(4), claim_status="not_claimed")
    later = report("b", killed(4), claim_status="claimed", claimed_by="ISIS", published="2022-04-13")
    (incident,) = resolve([first, later])
    assert (incident["claim_status"], incident["claimed_by"]) == ("claimed", "ISIS")


# --- bad input ---------------------------------------------------------------------------------------------------------

ODD = {
    "ends before it starts": on("2022-04-10") | {"date_end": date(2022, 4, 1)},
    "in the future": on("2031-01-01"),
    "over centuries": on("1900-01-01", "2022-04-10", 5),
    "a start without an end": {"date_start": date(2022, 4, 10), "date_end": None, "date_prec": None},
    "coordinates without a precision": {"where_prec": None},
    "a precision without coordinates": {"latitude": None, "longitude": None, "where_prec": 1},
    "at the pole": {"latitude": 90.0, "longitude": 180.0},
    "no sentence": {"sentence": ""},
    "no place and no date": {**NOWHERE, **dict.fromkeys(on("2022-04-10"))},
    "only an upper bound": killed(None, None, 5),
    "no outlet": {"outlet": None, "origin": None},
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
def test_no_report_is_lost(odd):
    reports = [report("a", killed(4)), report("b", killed(3), odd), report("c", killed(3), odd)]
    incidents = resolve(reports)
    assert sorted(r for i in incidents for r in i["report_ids"]) == ["a", "b", "c"]
    INCIDENTS.table(incidents)


def test_a_report_dated_in_the_future_stays_in_the_month_that_it_names():
    (incident,) = resolve([report("a", on("2031-01-01"))])
    assert month_of(incident) == (2031, 1)


def test_a_report_given_twice_is_named():
    with pytest.raises(ValueError, match="report a is there more than once"):
        resolve([report("a"), report("a")])


def test_no_reports_give_no_incidents():
    assert resolve([]) == []


# --- independence of order ---------------------------------------------------------------------------------------------

_ONE_REPORT = st.builds(
    lambda where, when, toll, hurt, who, kind, role, published, article, monitor: [
        where,
        when,
        toll,
        hurt,
        who,
        {"event_type": kind, "mention_role": role, "published_on": published, "article_id": article, "monitor": monitor},
    ],
    st.sampled_from([AL_SUKHNAH, AL_SUKHNAH | {"where_prec": 2}, PALMYRA, HOMS_PROVINCE, BADIA, SYRIA, NOWHERE]),
    st.sampled_from(
        [on("2022-04-10"), on("2022-04-11"), on("2022-04-04", "2022-04-10", 3), LAST_MONTH, dict.fromkeys(on("2022-04-10"))]
    ),
    st.sampled_from([killed(1), killed(4), killed(5), killed(3, None, 9), killed(9, 9, None), killed(None)]),
    st.sampled_from([{}, injured(2), casualties(24, None, 99)]),
    st.sampled_from([{}, ISIS, {"perpetrator": "army", "perpetrator_id": "syrian_government_forces"}]),
    st.sampled_from(["unknown", "shelling", "shooting"]),
    st.sampled_from(["main_event", "main_event", "main_event", "background_reference"]),
    st.sampled_from([None, date(2022, 4, 11), date(2022, 4, 12), date(2022, 4, 14)]),
    st.sampled_from([f"a{n}" for n in range(1, 13)]),
    st.sampled_from([None, None, "SOHR"]),
)
_SOME_REPORTS = (
    st.integers(0, 30)
    .flatmap(lambda number: st.lists(_ONE_REPORT, min_size=number, max_size=number))
    .map(lambda rows: [report(f"r{n:02}", *row) for n, row in enumerate(rows)])
)
_FEW = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""Few and large: linking takes as long for six reports as for a hundred."""
_COPIES = {"a1": "a1", "a2": "a1"}


@_FEW
@given(_SOME_REPORTS, st.randoms(use_true_random=False))
def test_the_order_of_arrival_makes_no_difference(reports, order: random.Random):
    shuffled = list(reports)
    order.shuffle(shuffled)
    assert resolve(reports, copies=_COPIES) == resolve(shuffled, copies=_COPIES)


@_FEW
@given(_SOME_REPORTS)
def test_every_report_is_in_one_incident_and_every_incident_fits_the_dataset(reports):
    incidents = resolve(reports, copies=_COPIES)
    assert sorted(r for i in incidents for r in i["report_ids"]) == [r["report_id"] for r in reports]
    INCIDENTS.table(incidents)
    articles = {r["report_id"]: r["article_id"] for r in reports}
    for incident in incidents:
        of_incident = [articles[r] for r in incident["report_ids"]]
        assert len(set(of_incident)) == len(of_incident)


@_FEW
@given(_SOME_REPORTS)
def test_linking_tells_the_month_that_an_incident_is_then_dated_to(reports):
    months = {i["incident_id"]: month_of(i) for i in resolve(reports, copies=_COPIES)}
    linked = link([r | {"copy": _COPIES.get(r["article_id"])} for r in reports]).memberships
    assert {i: (y, m) for i, y, m in linked.select("incident_id", "year", "month").iter_rows()} == months
