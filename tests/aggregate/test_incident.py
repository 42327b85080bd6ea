"""What a group of reports tells as one incident: who speaks, what is odd, how well it stands."""

import random
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.aggregate.incident import describe
from include.datasets.catalogue import INCIDENT_FLAGS, INCIDENTS
from include.datasets.ids import content_id
from include.settings import COUNT_RULES
from tests.aggregate.factory import ISIS, PALMYRA, injured, killed, on, report

SOHR = {"monitor": "SOHR"}
ARMY = {"perpetrator": "Syrian army", "perpetrator_id": "syrian_government_forces", "attribution": "suspected_or_accused"}
BACKGROUND = {"mention_role": "background_reference"}
OLD_NEWS = {"flags": ["republished"]}


def incident(*reports, copies=None, rule="latest_trusted"):
    row = describe(reports, copies or {}, rule)
    INCIDENTS.table([row])
    return row


def recorded(day):
    return {"recorded_at": datetime(2022, 4, day, tzinfo=UTC)}


def bounds(row, measure="killed"):
    return tuple(row[f"{measure}_{b}"] for b in ("low", "best", "high"))


# --- its id, and who speaks --------------------------------------------------------------------------------------------


def test_the_founding_report_is_the_earliest_recorded_whenever_it_was_published():
    row = incident(
        report("a", killed(4), recorded(14), published="2022-04-10"),
        report("b", killed(4), recorded(12), published="2022-04-11"),
        report("c", killed(4), recorded_at=None, published="2022-04-09"),
    )
    assert row["report_ids"] == ["b", "a", "c"]
    assert row["incident_id"] == content_id("incident", report="b")


def test_of_an_article_that_an_archive_holds_many_times_the_last_capture_speaks():
    captures = [
        report(f"{number} killed", killed(number), {"captured_at": datetime(2022, 4, 11 + days, tzinfo=UTC)}, recorded(30))
        | {"article_id": "one", "document_id": f"capture {days}"}
        for number, days in ((6, 3), (7, 4), (3, 0), (5, 2))
    ]
    assert bounds(incident(*captures)) == (7, 7, 7)
    assert bounds(incident(*captures, report("live", killed(2), recorded(12)) | {"article_id": "one"})) == (7, 7, 7)


def test_ties_go_to_the_earlier_publication_whenever_it_was_recorded():
    row = incident(
        report("a", recorded(12), published="2022-04-12", place="Sukhna"),
        report("b", recorded(14), published="2022-04-11", place="al-Sukhna"),
    )
    assert row["place"] == "al-Sukhna"


def test_the_last_capture_of_an_article_speaks_for_it_and_is_one_report():
    article = {"article_id": "live", "outlet": "Wire"}
    row = incident(
        report("a", article, killed(9), recorded(11), document_id="first"),
        report("b", article, killed(4), recorded(12), document_id="second"),
        report("c", killed(4), recorded(13)),
    )
    assert bounds(row) == (4, 4, 4)
    assert row["report_ids"] == ["a", "b", "c"]
    assert (row["n_reports"], row["n_outlets"]) == (2, 2)


def test_two_reports_of_one_capture_both_speak():
    page = {"article_id": "page", "document_id": "page"}
    assert incident(report("a", page, killed(3)), report("b", page, injured(2)))["injured_best"] == 2


def test_old_news_repeated_sets_neither_day_nor_figures():
    row = incident(report("a", killed(4)), report("b", killed(9), OLD_NEWS, on("2023-04-09"), published="2023-04-10"))
    assert (row["date_start"].year, row["killed_best"]) == (2022, 4)
    assert row["flags"] == ["republished"]


def test_old_news_alone_has_its_figures_and_no_day():
    row = incident(report("b", killed(9), OLD_NEWS))
    assert (row["date_start"], row["killed_best"]) == (None, 9)


def test_the_codebook_is_that_of_the_reports_and_null_where_they_differ():
    acled, gtd = {"count_mode": "acled"}, {"count_mode": "gtd"}
    assert incident(report("a", acled), report("b", acled))["count_mode"] == "acled"
    assert incident(report("a", acled), report("b", gtd))["count_mode"] is None


# --- flags -------------------------------------------------------------------------------------------------------------

FLAGS = {
    "nothing odd": ([report("a", killed(4)), report("b", killed(4))], []),
    "only background references": ([report("a", BACKGROUND), report("b", BACKGROUND)], ["background_only"]),
    "news and a background reference": ([report("a"), report("b", BACKGROUND)], []),
    "days without one in common": ([report("a"), report("b", on("2022-04-09"))], ["contradictory_dates"]),
    "a day and the week around it": ([report("a"), report("b", on("2022-04-04", "2022-04-10", 3))], []),
    "a day, and another month given roughly": ([report("a"), report("b", on("2022-03-01", "2022-03-31", 4))], []),
    "a background reference of another day": ([report("a"), report("b", BACKGROUND, on("2022-04-09"))], []),
    "an origin's toll that fell": (
        [report("a", SOHR, killed(8)), report("b", SOHR, killed(5), published="2022-04-12")],
        ["toll_fell"],
    ),
    "an origin's toll that rose": ([report("a", SOHR, killed(5)), report("b", SOHR, killed(8), published="2022-04-12")], []),
    "an origin's toll said more vaguely": (
        [report("a", SOHR, killed(8)), report("b", SOHR, killed(3, None, 9), published="2022-04-12")],
        [],
    ),
    "an origin's toll that rose and fell": (
        [report(i, SOHR, killed(n), published=f"2022-04-1{n}") for i, n in zip("abc", (1, 2, 3), strict=True)]
        + [report("d", SOHR, killed(2), published="2022-04-14")],
        ["toll_fell"],
    ),
    "a lower toll of another origin": ([report("a", SOHR, killed(8)), report("b", killed(5), published="2022-04-12")], []),
    "two figures of an origin on one day": ([report("a", SOHR, killed(8)), report("b", SOHR, killed(5))], []),
    "two known perpetrators": ([report("a", ISIS), report("b", ARMY)], ["two_perpetrators"]),
    "a known perpetrator and gunmen": ([report("a", ISIS), report("b", perpetrator="gunmen")], []),
    "a report dated after its publication": (
        [report("a", flags=["dated_after_publication"]), report("b", flags=[])],
        ["dated_after_publication"],
    ),
    "a report's own matter": ([report("a", flags=["undated"]), report("b")], []),
}


@pytest.mark.parametrize(("reports", "flags"), FLAGS.values(), ids=FLAGS.keys())
def test_flags(reports, flags):
    assert incident(*reports)["flags"] == flags


def test_every_flag_has_a_case():
    told = {flag for _, flags in FLAGS.values() for flag in flags} | {"republished"}
    assert told == set(INCIDENT_FLAGS)


# --- grading -----------------------------------------------------------------------------------------------------------

AMAQ = ISIS | {"monitor": "Amaq"}
CLAIMED = {"claim_status": "claimed", "claimed_by": "ISIS", "attribution": "claimed_or_admitted"}
GRADES = {
    "one origin": ([report("a", SOHR), report("b", SOHR)], "weak"),
    "two origins": ([report("a", SOHR), report("b")], "fair"),
    "one origin and the perpetrator's own medium": ([report("a", ISIS, SOHR), report("b", AMAQ)], "weak"),
    "two origins and the perpetrator's own medium": ([report("a", ISIS, SOHR), report("b", AMAQ), report("c", ISIS)], "fair"),
    "the perpetrator's own medium alone": ([report("a", AMAQ)], "weak"),
    "one origin, and the perpetrator admits it": ([report("a", SOHR), report("b", AMAQ, CLAIMED)], "confirmed"),
    "two blamed": ([report("a", ISIS), report("b", ARMY)], "contested"),
    "two claim it": (
        [report("a", CLAIMED, ISIS), report("b", CLAIMED, ISIS, claimed_by="Hezbollah")],
        "contested",
    ),
    "nobody was hurt": ([report("a", killed(0), injured(0))], "discounted"),
    "nobody was killed, some were hurt": ([report("a", killed(0), injured(2))], "weak"),
    "another news agency and a background reference": ([report("a", SOHR), report("b", BACKGROUND)], "weak"),
}


@pytest.mark.parametrize(("reports", "grading"), GRADES.values(), ids=GRADES.keys())
def test_grading(reports, grading):
    assert incident(*reports)["grading"] == grading


# --- order -------------------------------------------------------------------------------------------------------------


def test_the_order_of_the_reports_is_no_matter():
    reports = [
        report("a", SOHR, ISIS, killed(8), recorded(14)),
        report("b", SOHR, killed(5), recorded(13), published="2022-04-12"),
        report("c", ARMY, PALMYRA, killed(6, None, 9), injured(2), recorded(12)),
        report("d", BACKGROUND, killed(7), on("2022-04-09"), recorded(15)),
    ]
    rows = [incident(*random.Random(seed).sample(reports, 4)) for seed in range(10)]
    assert all(row == rows[0] for row in rows)


bounds_of = st.one_of(
    st.just((None, None, None)),
    st.integers(0, 9).map(lambda n: (n, n, n)),
    st.integers(0, 9).map(lambda n: (n, n, None)),
    st.sampled_from([(3, None, 9), (2, None, None), (24, None, 99), (None, None, 5)]),
)
sources = st.sampled_from(
    [{}, SOHR, AMAQ, {"monitor": "the Observatory"}, {"monitor": "residents"}, {"syndicated_from": "Wire"}]
)
columns = st.fixed_dictionaries(
    {
        "outlet": st.sampled_from(["Wire", "Gazette", None]),
        "mention_role": st.sampled_from(["main_event", "main_event", "background_reference"]),
        "published_on": st.sampled_from([None, *(report("x", published=f"2022-04-1{n}")["published_on"] for n in range(4))]),
        "flags": st.sampled_from([None, [], ["republished"], ["undated"]]),
        "claim_status": st.sampled_from(["unknown", "claimed"]),
        "claimed_by": st.sampled_from([None, "ISIS", "Hezbollah"]),
        "confidence": st.sampled_from([None, 0.4, 0.9]),
    }
)


@st.composite
def random_reports(draw):
    reports = []
    for name in "abcdef"[: draw(st.integers(1, 6))]:
        figures = {f"{m}_{b}": v for m in ("killed", "injured", "casualties", "killed_women", "attackers_killed")
                   for b, v in zip(("low", "best", "high"), draw(bounds_of), strict=True)}  # fmt: skip
        where = draw(st.sampled_from([{}, PALMYRA, dict.fromkeys(PALMYRA)]))
        when = draw(st.sampled_from([{}, on("2022-04-09"), on("2022-04-04", "2022-04-10", 3), dict.fromkeys(on("2022-04-10"))]))
        article = {"article_id": draw(st.sampled_from("pqrstu")), "document_id": draw(st.sampled_from("xyz"))}
        parties = draw(st.sampled_from([{}, ISIS, ARMY]))
        reports.append(report(name, draw(sources), draw(columns), figures, where, when, article, parties))
    return reports


@given(random_reports(), st.sampled_from(COUNT_RULES), st.randoms())
def test_whatever_reports_say_the_incident_fits_its_dataset_and_loses_no_report(reports, rule, rng):
    copies = {"p": "p", "q": "p"}
    row = incident(*reports, copies=copies, rule=rule)
    assert incident(*rng.sample(reports, len(reports)), copies=copies, rule=rule) == row
    assert sorted(row["report_ids"]) == [r["report_id"] for r in reports]
    assert 1 <= row["n_reports"] == len({r["article_id"] for r in reports})
    assert row["n_independent_origins"] == len(set(row["origins"])) >= 1
    if row["killed_low"] is not None or row["injured_low"] is not None:
        assert row["casualties_low"] is None
    if row["grading"] == "fair":
        assert row["n_independent_origins"] > 1
