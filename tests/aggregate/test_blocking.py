import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from include.aggregate.blocking import Neighbours
from include.aggregate.compare import account, compare, rules
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


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(_PLACES, _DAYS, st.sampled_from([killed(1), killed(12)])), min_size=2, max_size=6))
def test_blocking_loses_no_pair_that_is_one_incident(rows):
    accounts = [account(report(f"r{n}", ISIS, *row, published="2022-05-01", event_type="clash")) for n, row in enumerate(rows)]
    neighbours = Neighbours(accounts)
    for i, j in itertools.combinations(range(len(accounts)), 2):
        assert (j in neighbours.of(i)) == (i in neighbours.of(j))
        score = compare(accounts[i], accounts[j]).score
        placed = all(a.country or a.reach for a in (accounts[i], accounts[j]))
        if placed and score is not None and score >= rules().thresholds["main_event"]:
            assert j in neighbours.of(i)


def test_reports_of_other_places_and_days_are_not_compared():
    accounts = [account(r) for r in (report("a"), report("b", PALMYRA), report("c", on("2022-04-20"), published="2022-04-21"))]
    neighbours = Neighbours(accounts)
    assert [neighbours.of(i) for i in range(3)] == [[], [], []]
