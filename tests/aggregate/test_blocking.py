import itertools

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from include.aggregate.match import blocking
from include.aggregate.match.accounts import accounts_of, report_frame
from include.aggregate.match.blocking import Blocks
from include.aggregate.match.link import windows
from include.aggregate.match.rules import rules
from include.aggregate.match.score import PAIRS, judged, scored
from include.datasets.catalogue import NARROWED
from tests.aggregate.factory import AL_SUKHNAH, BADIA, HOMS_PROVINCE, ISIS, NOWHERE, PALMYRA, SYRIA, killed, on, report

_PLACES = st.one_of(
    st.sampled_from([AL_SUKHNAH, PALMYRA, HOMS_PROVINCE, BADIA, SYRIA, NOWHERE]),
    st.builds(
        lambda lat, lon, prec: AL_SUKHNAH | {"latitude": lat, "longitude": lon, "where_prec": prec, "admin1": None},
        st.floats(34.0, 36.0),
        st.floats(37.0, 39.0),
        st.sampled_from([1, 2, 3, 5]),
    ),
)
_DAYS = st.builds(
    lambda day, length: on(f"2022-04-{day:02}", f"2022-04-{day + length:02}"), st.integers(1, 9), st.integers(0, 20)
)


def compared(reports):
    """The pairs of report ids that are compared, sorted; each comes up once."""
    accounts = accounts_of(report_frame(reports))
    ids = accounts["report_id"]
    blocks = Blocks(accounts)
    pairs = [(ids[a], ids[b]) for days in blocks.days() for a, b in blocks.pairs(days).iter_rows()]
    assert len(set(pairs)) == len(pairs)
    return sorted(tuple(sorted(pair)) for pair in pairs)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(_PLACES, _DAYS, st.sampled_from([killed(1), killed(12)])), min_size=2, max_size=20),
    st.sampled_from([1, 40_000]),
)
def test_blocking_loses_no_pair_that_is_one_incident(rows, at_once):
    reports = [report(f"r{n:02}", ISIS, *row, published="2022-05-01", event_type="clash") for n, row in enumerate(rows)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocking, "_AT_ONCE", at_once)
        found = compared(reports)
    accounts = accounts_of(report_frame(reports))
    every = pl.DataFrame(list(itertools.combinations(range(len(reports)), 2)), schema=PAIRS, orient="row")
    possible = judged(accounts, every).filter(pl.col("conflict").is_null())
    for a, b, score in scored(accounts, possible).select("a", "b", "score").rows():
        if score >= rules().thresholds["main_event"] and reports[a]["country"] and reports[b]["country"]:
            assert (f"r{a:02}", f"r{b:02}") in found


def test_reports_of_other_places_and_days_are_not_compared():
    assert compared([report("a"), report("b", PALMYRA), report("c", on("2022-04-20"), published="2022-04-21")]) == []


YEAR = on("2021-06-01", "2022-04-30", 5)


def test_a_place_that_bears_the_name_of_its_governorate_is_compared_with_what_it_agrees_with_there():
    homs = PALMYRA | {"place": "Homs", "place_name": "Homs"}
    assert compared([report("a", killed(9)), report("b", homs, killed(7)), report("c", homs, killed(2))]) == [
        ("a", "b"),
        ("b", "c"),
    ]


def test_the_same_rare_toll_is_compared_all_over_its_governorate():
    rows = [("a", {}, 43), ("b", PALMYRA, 43), ("c", PALMYRA | {"admin1": "Hama"}, 43), ("d", PALMYRA, 44)]
    pairs = compared([report(name, place, killed(n)) for name, place, n in rows])
    assert ("a", "b") in pairs
    assert not {("a", "c"), ("a", "d")} & set(pairs)


@pytest.mark.parametrize(
    ("of_province", "of_place"),
    [
        (killed(24, None, 99), killed(51, 51, None)),
        (killed(2, None, None), killed(23)),
        ({"place": "Al-Sukhnah", "where_prec": None}, {}),
    ],
    ids=["many dead both", "dead uncounted", "a name that sounds alike"],
)
def test_who_knows_the_governorate_only_is_compared_with_what_can_well_mean_the_same(of_province, of_place):
    assert compared([report("a", HOMS_PROVINCE, of_province), report("b", of_place)]) == [("a", "b")]


def test_who_knows_the_governorate_only_is_not_compared_with_what_it_agrees_with_in_nothing():
    assert compared([report("a", HOMS_PROVINCE, killed(3)), report("b", killed(5))]) == []


def test_a_name_without_a_place_is_compared_with_a_place_of_that_sound():
    assert compared([report("a", NOWHERE, {"place": "As-Sukhnah"}, killed(2)), report("b", killed(9))]) == [("a", "b")]


def test_a_period_too_long_for_its_place_is_compared_where_the_toll_is_the_same():
    vague = report("vague", SYRIA, YEAR, killed(12), published="2022-05-01")
    same_toll, other_toll = report("same", killed(12)), report("other", killed(3))
    assert compared([vague, same_toll, other_toll]) == [("other", "same"), ("same", "vague")]


def test_it_is_told_why_a_report_is_compared_with_less_than_its_block():
    reports = {
        "whole": report("whole", killed(4)),
        "no_day": report("no_day", dict.fromkeys(on("2022-04-10")), published=None),
        "no_place": report("no_place", NOWHERE, killed(4)),
        "long_period": report("long_period", SYRIA, YEAR, killed(12), published="2022-05-01"),
        "vague_place": report("vague_place", HOMS_PROVINCE, killed(4)),
        "uncounted": report("uncounted", HOMS_PROVINCE, killed(1, None, None)),
    }
    told = dict(windows(list(reports.values())).select("report_id", "narrowed").iter_rows())
    assert told == {name: name if name in NARROWED else None for name in reports}
    assert NARROWED.keys() <= reports.keys()
