from pathlib import Path

import pytest
import yaml

import include.aggregate
from include.aggregate.match.rules import rules
from include.aggregate.match.score import compare
from include.datasets.catalogue import EVENT_TYPES
from tests.aggregate.factory import BADIA, HOMS_PROVINCE, ISIS, PALMYRA, SYRIA, killed, on, report


def reasons(a, b):
    forth, back = compare(a, b), compare(b, a)
    assert forth == back
    return forth


def test_a_comparison_names_its_reasons_and_sums_their_weights():
    found = reasons(report("a", ISIS, killed(4)), report("b", ISIS, killed(4)))
    assert found.reasons == ("same_day", "same_place", "same_perpetrator", "same_toll")
    assert found.score == sum(rules().weights[r] for r in found.reasons)


IMPOSSIBLE = {
    "same_document": {"document_id": "capture of article of a"},
    "other_days": on("2022-04-07"),
    "too_far": PALMYRA,
    "other_admin1": HOMS_PROVINCE | {"admin1": "Hama"},
    "other_country": {"country": "IRQ"},
}


@pytest.mark.parametrize(("reason", "columns"), IMPOSSIBLE.items())
def test_what_cannot_be_one_incident_has_no_score_but_a_reason(reason, columns):
    found = reasons(report("a"), report("b", columns))
    assert (found.score, found.reasons) == (None, (reason,))


SAID = {
    "adjacent_day": on("2022-04-09"),
    "days_overlap": on("2022-04-08", "2022-04-10", 2),
    "period_overlaps": on("2022-04-01", "2022-04-30", 4),
    "at_once_reported": dict.fromkeys(on("2022-04-10")),
    "soon_reported": dict.fromkeys(on("2022-04-10")) | {"published_on": on("2022-04-14")["date_start"]},
    "near": {"where_prec": 2},
    "in_namesake": PALMYRA | {"place": "Homs", "place_name": "Homs"},
    "next_place": {"latitude": 34.93, "place": "next", "place_name": "Next"},
    "same_admin1": HOMS_PROVINCE,
    "in_region": BADIA,
    "other_perpetrator": {"perpetrator": "army", "perpetrator_id": "syrian_government_forces"},
    "other_victims": {"victim_class": "civilians"},
    "other_type": {"event_type": "airstrike"},
    "alike_target": {"target": "the army checkpoint"},
    "unlike_target": {"target": "a vegetable market"},
    "tolls_overlap": killed(3, None, 9),
    "toll_differs": killed(5),
    "toll_rose": killed(6) | {"published_on": on("2022-04-13")["date_start"]},
    "high_toll_rose": killed(16) | {"published_on": on("2022-04-13")["date_start"]},
    "toll_fell": killed(2) | {"published_on": on("2022-04-13")["date_start"]},
    "toll_jumped": killed(40) | {"published_on": on("2022-04-13")["date_start"]},
    "origin_updates": killed(6) | {"published_on": on("2022-04-13")["date_start"], "origin": "SOHR"},
    "origin_tells_both": killed(6) | {"origin": "SOHR"},
    "same_sentence": {"sentence": "This is the sentence that says what report A says"},
}


@pytest.mark.parametrize(("reason", "columns"), SAID.items())
def test_a_reason_is_given_for_what_the_reports_say(reason, columns):
    first = report(
        "a", ISIS, killed(4), victim_class="state_forces", event_type="shooting", target="military checkpoint", origin="SOHR"
    )
    assert reason in reasons(first, report("b", columns)).reasons


def test_the_same_rare_toll_makes_one_of_two_towns_of_a_governorate_and_no_other_does():
    near_palmyra = PALMYRA | {"latitude": 34.6, "longitude": 38.5}
    high, low = (reasons(report("a", killed(n)), report("b", near_palmyra, killed(n))) for n in (43, 4))
    assert "next_town" in high.reasons
    assert low.reasons == ("too_far",)
    assert reasons(report("a", killed(43)), report("b", near_palmyra, killed(43), admin1="Hama")).reasons == ("too_far",)


def test_a_part_of_a_country_without_a_name_of_its_own_is_as_wide_as_the_country():
    southern_syria = SYRIA | {"where_prec": 5, "latitude": 33.0, "longitude": 36.6}
    assert "same_country" in reasons(report("a"), report("b", southern_syria)).reasons


def test_a_floor_that_a_later_count_passes_is_no_contradiction():
    early, late = report("a", killed(6, 6, None)), report("b", killed(14), published="2022-04-13")
    assert "tolls_overlap" in reasons(early, late).reasons
    assert "floors_apart" in reasons(early, late | {"published_on": early["published_on"]}).reasons


def test_a_high_floor_can_be_an_early_count_of_the_same_day():
    assert "high_tolls_overlap" in reasons(report("a", killed(23, 23, None)), report("b", killed(83))).reasons


@pytest.mark.parametrize(
    "words",
    ["late on Saturday", "overnight", "in the early hours", "shortly after midnight", "around 1 a.m.", "on Saturday night"],
)
def test_the_days_before_and_after_a_night_are_no_contradiction_and_others_are(words):
    eve, day = report("a", on("2022-04-09")), report("b")
    told = report("b", sentence=f"Four people were killed {words} near As Sukhnah.")
    assert "night_between" in reasons(eve, told).reasons
    assert "adjacent_day" in reasons(eve, day).reasons
    assert reasons(eve, told).score > reasons(eve, day).score


def test_dozens_of_the_first_hour_can_turn_out_to_be_a_hundred():
    dozens, between = killed(24, None, 99), killed(24, 60, 99)
    assert "high_tolls_overlap" in reasons(report("a", dozens), report("b", killed(132))).reasons
    assert "toll_differs" in reasons(report("a", between), report("b", killed(132))).reasons


def test_two_words_for_one_force_are_no_other_target_and_two_for_civilians_are():
    for victims, expected in (("state_forces", False), ("civilians", True)):
        pair = (report(t, {"target": t, "victim_class": victims}) for t in ("the herders", "the village school"))
        assert ("unlike_target" in reasons(*pair).reasons) == expected


@pytest.mark.parametrize(("other", "reason"), [(24, "tolls_close"), (30, "tolls_overlap")])
def test_ranges_that_overlap_tell_more_where_the_tolls_are_rare(other, reason):
    high, low = (
        reasons(report("a", killed(n, n, None)), report("b", killed(m), published="2022-04-13"))
        for n, m in ((16, other), (8, other // 2))
    )
    assert f"high_{reason}" in high.reasons
    assert reason in low.reasons
    assert high.score > low.score


def test_copies_that_tell_it_in_other_sentences_are_told_apart():
    assert "copy_tells_both" in reasons(report("a", copy="g"), report("b", copy="g")).reasons


def test_a_later_capture_of_an_article_tells_of_the_same():
    later = report("b", article_id="article of a", document_id="the capture of the next day")
    assert "later_capture" in reasons(report("a"), later).reasons


def test_a_common_toll_is_weak_evidence_and_a_high_one_strong():
    weights = [reasons(report("a", killed(n)), report("b", killed(n))).score for n in (1, 4, 26)]
    assert weights == sorted(set(weights))


def test_every_weight_is_a_whole_number_with_a_meaning_and_every_type_exists():
    table = yaml.safe_load((Path(include.aggregate.__file__).parent / "data" / "match.yaml").read_text(encoding="utf-8"))
    assert all(type(r["weight"]) is int and r["means"] for r in table["reasons"].values())
    assert {t for group in table["related_types"] for t in group} <= set(EVENT_TYPES)
