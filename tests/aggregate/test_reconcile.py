"""What a monitor's figure is held against, and what is left of it."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.aggregate.reconcile.rows import reconcile
from include.datasets.catalogue import RECONCILIATION
from tests.aggregate.claims import ARMY, area, claim, frame, group, incident
from tests.aggregate.factory import BADIA, BAGHDAD, HOMS_PROVINCE, NOWHERE, SYRIA, casualties, day, injured, killed, on

ATTACK = incident("attack", killed(4))
FAR = {"latitude": 36.2, "longitude": 37.16, "place_name": "Aleppo", "admin1": "Aleppo"}
AT_THE_RIM = {"latitude": 34.23, "longitude": 37.24, "place_name": "Al-Qaryatayn"}
HTS = {"perpetrator": "HTS", "perpetrator_id": "hts"}
NOBODY = {"perpetrator": None, "perpetrator_id": None, "attribution": None}
MILITIA = {"victim_class": "pro_government_militia"}
WOMEN = {"killed_women_low": 1, "killed_women_best": 1, "killed_women_high": 2}
UNDATED = dict.fromkeys(on("2022-01-01"))


def only(rows):
    (row,) = rows
    return row


def explained(claimed, *incidents):
    row = only(reconcile([claimed], frame(*incidents)))
    return row["explained_low"], row["explained_best"], row["explained_high"]


# --- which incidents are covered ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "columns, wanted",
    [
        ({}, (4, 4, 4)),
        (on("2021-12-31"), (0, 0, 0)),
        (on("2021-12-31", "2022-01-02", 2), (0, 0, 4)),
        (on("2022-04-12"), (0, 0, 0)),
        (on("2022-04-11"), (0, 0, 4)),
        (UNDATED, (0, 0, 4)),
        (UNDATED | {"first_published_on": day("2021-12-20")}, (0, 0, 0)),
        (UNDATED | {"first_published_on": None}, (0, 0, 4)),
    ],
    ids=[
        "inside",
        "before",
        "across the start",
        "after",
        "on the day when it was said",
        "undated",
        "published before",
        "unknown",
    ],
)
def test_the_period_covers_certainly_possibly_or_not(columns, wanted):
    assert explained(claim("c", 61), ATTACK | columns) == wanted


def test_what_a_monitor_said_some_day_last_month_may_not_count_that_month():
    said = {"as_of_start": day("2022-03-01"), "as_of": day("2022-03-31"), "period_end": day("2022-03-31")}
    assert explained(claim("c", 61, said), ATTACK, ATTACK | {"incident_id": "b"} | on("2022-03-08")) == (4, 4, 8)


@pytest.mark.parametrize(
    "where, columns, wanted",
    [
        (area("Badia", prec=5), {}, (4, 4, 4)),
        (area("Badia", prec=5), BADIA, (4, 4, 4)),
        (area("Badia", prec=5), AT_THE_RIM, (0, 0, 4)),
        (area("Badia", prec=5), FAR | {"latitude": 36.9}, (0, 0, 0)),
        (area("Badia", prec=5), HOMS_PROVINCE, (0, 0, 4)),
        (area("Badia", prec=5), SYRIA, (0, 0, 4)),
        (area("Badia", prec=5), BAGHDAD, (0, 0, 0)),
        (area("Syria", prec=6), FAR, (4, 4, 4)),
        (area("Syria", prec=6), BAGHDAD, (0, 0, 0)),
        (area("Syria", prec=6), NOWHERE, (0, 0, 4)),
        (area("Homs", prec=4), HOMS_PROVINCE, (4, 4, 4)),
        (area("Homs", prec=4), FAR, (0, 0, 0)),
        (area("Homs", prec=4), BADIA, (0, 0, 4)),
        (area("Homs"), HOMS_PROVINCE, (0, 0, 4)),
        (area("Homs", prec=1), HOMS_PROVINCE, (0, 0, 4)),
        (area("Homs", prec=1), {}, (0, 0, 0)),
        (area("Tadmur", prec=1), {"latitude": 34.56, "longitude": 38.27}, (4, 4, 4)),
        (area("Aleppo", prec=4, area="the northern countryside of Aleppo"), FAR, (0, 0, 4)),
        (area("areas held by the SDF", area_name=None), {}, (0, 0, 4)),
        (area(None), {}, (0, 0, 4)),
        (area(None, None), {}, (None, None, None)),
    ],
)
def test_the_area_covers_certainly_possibly_or_not(where, columns, wanted):
    assert explained(claim("c", 61, where), ATTACK | columns) == wanted


@pytest.mark.parametrize(
    "columns, wanted",
    [
        ({}, (4, 4, 4)),
        (NOBODY, (0, 0, 4)),
        ({"perpetrator": "unknown gunmen", "perpetrator_id": None}, (0, 0, 4)),
        (HTS, (0, 0, 0)),
        (HTS | {"grading": "contested"}, (0, 0, 4)),
        ({"grading": "contested"}, (0, 0, 4)),
    ],
    ids=["the same", "unknown", "nobody in particular", "another", "another, contested", "the same, contested"],
)
def test_the_perpetrator_covers_certainly_possibly_or_not(columns, wanted):
    assert explained(claim("c", 61), ATTACK | columns) == wanted


def test_a_claim_without_a_perpetrator_covers_the_deeds_of_all():
    assert explained(claim("c", 61, NOBODY), ATTACK, ATTACK | HTS | {"incident_id": "b"}) == (8, 8, 8)


@pytest.mark.parametrize(
    "victims, columns, wanted",
    [
        (ARMY, {}, (4, 4, 4)),
        (ARMY, {"victim_class": "civilians"}, (0, 0, 0)),
        (ARMY, MILITIA, (0, 0, 4)),
        (ARMY, {"victim_class": "unknown"}, (0, 0, 4)),
        (ARMY, {"victim_class": None}, (0, 0, 4)),
        ({"victims": "soldiers and militiamen", "victim_class": "mixed"}, MILITIA, (4, 4, 4)),
        ({"victims": "pro-regime fighters", "victim_class": "pro_government_militia"}, {}, (4, 4, 4)),
        ({"victims": "combatants", "victim_class": "unknown"}, {}, (4, 4, 4)),
        ({"victims": "combatants", "victim_class": "unknown"}, {"victim_class": "civilians"}, (0, 0, 0)),
        ({"victims": "combatants and civilians", "victim_class": "civilians"}, {"victim_class": "civilians"}, (4, 4, 4)),
        ({"victims": "members", "victim_class": "state_forces"}, {}, (4, 4, 4)),
        ({"victims": None, "victim_class": "unknown"}, {"victim_class": "civilians"}, (4, 4, 4)),
        ({"victims": "women", "victim_class": "civilians"}, WOMEN, (1, 1, 2)),
    ],
)  # fmt: skip
def test_the_victims_are_compared_by_class(victims, columns, wanted):
    assert explained(claim("c", 61, victims), ATTACK | columns) == wanted


SIDES = incident(
    "sides",
    killed(9, 10, 12),
    groups=[group("killed", "state_forces", 6), group("killed", "civilians", 4)],
    victim_class="mixed",
)


@pytest.mark.parametrize(
    "victims, wanted",
    [(ARMY, (5, 6, 8)), ({"victims": "civilians", "victim_class": "civilians"}, (3, 4, 6)), ({}, (9, 10, 12))],
)
def test_a_side_of_several_has_the_range_that_the_whole_leaves_it(victims, wanted):
    assert explained(claim("c", 61, victims), SIDES) == wanted


def test_the_breakdown_of_an_incident_tells_its_civilians():
    told = {"killed_civilians_low": 2, "killed_civilians_best": 3, "killed_civilians_high": 5}
    row = only(reconcile([claim("c", 61, victims="civilians", victim_class="civilians")], frame(SIDES | told)))
    assert row["explained_best"] == 3


OWN = {"victims": "members of ISIS", "victim_class": "extremist_group"}
LOSSES = {"attackers_killed_low": 2, "attackers_killed_best": 2, "attackers_killed_high": 3}


@pytest.mark.parametrize(
    "victims, columns, wanted",
    [
        (OWN, {}, (0, 0, 0)),
        (OWN, LOSSES, (2, 2, 3)),
        (OWN, LOSSES | HTS, (0, 0, 0)),
        (ARMY, LOSSES, (4, 4, 4)),
        ({}, LOSSES, (4, 4, 7)),
        (NOBODY, LOSSES, (6, 6, 7)),
    ],
    ids=[
        "no loss is told",
        "the attackers' own",
        "another's",
        "not among soldiers",
        "possibly in a total",
        "in a total of all",
    ],
)
def test_a_partys_own_dead_are_compared_with_its_own_dead(victims, columns, wanted):
    assert explained(claim("c", 69, victims), ATTACK | columns) == wanted


def test_a_partys_dead_by_anothers_hand_are_possible():
    strike = {
        "perpetrator_id": "russian_forces",
        "perpetrator": "Russian",
        "target_id": "isis",
        "victim_class": "extremist_group",
    }
    assert explained(claim("c", 69, OWN), ATTACK | strike) == (0, 0, 4)


def test_a_total_whose_parts_count_the_partys_own_dead_counts_them_certainly():
    rows = reconcile([claim("c", 10), claim("p", 3, OWN, part_of="c", article_id="article of c")], frame(ATTACK | LOSSES))
    assert {r["claim_id"]: r["explained_low"] for r in rows} == {"c": 6, "p": 2}


@pytest.mark.parametrize(
    "measure, columns, wanted",
    [
        ("killed", killed(3, None, None), (3, 3, None)),
        ("killed", casualties(24, None, 99) | dict.fromkeys(killed(0)), (0, 0, 99)),
        ("injured", injured(2), (2, 2, 2)),
        ("injured", {}, (0, 0, 0)),
        ("casualties", {}, (4, 4, 4)),
        ("casualties", injured(2, 3, 5), (6, 7, 9)),
        ("casualties", casualties(9) | dict.fromkeys(killed(0)), (9, 9, 9)),
        ("attacks", {}, (1, 1, 1)),
        ("attacks", {"event_clarity": 2}, (1, 1, None)),
    ],
)
def test_each_measure_is_compared_with_its_own(measure, columns, wanted):
    assert explained(claim("c", 61, measure=measure), ATTACK | columns) == wanted


def test_the_incidents_are_named():
    row = only(
        reconcile(
            [claim("c", 61)], frame(ATTACK, ATTACK | {"incident_id": "rim"} | AT_THE_RIM, ATTACK | {"incident_id": "x"} | HTS)
        )
    )
    assert (row["incidents_certain"], row["incidents_possible"]) == (["attack"], ["rim"])
    assert (row["n_certain"], row["n_possible"]) == (1, 1)


# --- what becomes of a claim --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value, columns, status, residual",
    [
        (61, {}, "under", (57, 57, 57)),
        (4, {}, "consistent", (0, 0, 0)),
        (3, {}, "over", (-1, -1, -1)),
        ((61, 61, None), {}, "under", (57, 57, None)),
        ((2, 2, None), {}, "consistent", (-2, -2, None)),
        ((3, None, 9), {}, "consistent", (-1, None, 5)),
        (61, {"killed_high": None}, "consistent", (None, 57, 57)),
        (20, {"killed_high": 99}, "consistent", (-79, 16, 16)),
    ],
)
def test_what_is_left_gives_the_status(value, columns, status, residual):
    row = only(reconcile([claim("c", value)], frame(ATTACK | columns)))
    assert (row["status"], (row["residual_low"], row["residual"], row["residual_high"])) == (status, residual)


@pytest.mark.parametrize(
    "columns, reason",
    [
        (area("areas held by the SDF", area_name=None), "area_unknown"),
        (area(None, None), "area_unknown"),
        ({"period_start": None, "period_end": None}, "period_unknown"),
        ({"period_start": day("2011-03-15")}, "period_before_ledger"),
        ({"victims": "journalists", "victim_class": "civilians"}, "victims_not_counted_apart"),
        ({"victims": "women and children", "victim_class": "civilians"}, "victims_not_counted_apart"),
        (area("Yemen", "YEM", 6), "country_not_covered"),
    ],
)
def test_what_cannot_be_compared_says_why(columns, reason):
    row = only(reconcile([claim("c", 61, columns)], frame(ATTACK), begins={"SYR": day("2022-01-01")}))
    assert (row["status"], row["reason"]) == ("scope_mismatch", reason)
    assert row["note"]


def test_a_ledger_that_has_more_although_it_begins_later_has_too_many():
    row = only(reconcile([claim("c", 3)], frame(ATTACK), begins={"SYR": day("2022-02-01")}))
    assert (row["status"], row["reason"]) == ("over", "period_before_ledger")


# --- series -------------------------------------------------------------------------------------------------------------


def test_outlets_that_quote_one_figure_quote_one_statement():
    rows = reconcile(
        [claim("a", 61, said="2022-04-11"), claim("b", 61, said="2022-04-13", monitor="Syrian Observatory for Human Rights")],
        frame(ATTACK),
    )
    row = only(rows)
    assert (row["claim_ids"], row["n_outlets"], row["as_of"]) == (["a", "b"], 2, day("2022-04-11"))
    assert row["monitor"] == "SOHR"


@pytest.mark.parametrize(
    "second",
    [
        claim("b", 61, said="2022-05-11"),
        claim("b", 61, said="2022-04-13", outlet="Outlet a"),
        claim("b", 62, said="2022-04-11"),
        claim("b", 61, said="2022-04-11", monitor="SNHR"),
        claim("b", 61, ARMY, said="2022-04-11"),
        claim("b", 61, said="2022-04-11", since="2022-02-01"),
        claim("b", 61, area("Syria", prec=6), said="2022-04-11"),
        claim("b", 61, HTS, said="2022-04-11"),
    ],
    ids=["a month later", "the same outlet again", "another figure", "another monitor", "other victims", "since another day",
         "another area", "another perpetrator"],
)  # fmt: skip
def test_other_statements_stay_apart(second):
    assert len(reconcile([claim("a", 61), second], frame(ATTACK))) == 2


def test_the_monitors_latest_figure_stands():
    rows = reconcile([claim("a", 61), claim("b", 66, said="2022-05-02")], frame(ATTACK))
    assert [(r["claim_id"], r["status"], r["superseded_by"]) for r in rows] == [("a", "superseded", "b"), ("b", "under", None)]
    assert rows[0]["series_id"] == rows[1]["series_id"]


def test_a_month_of_its_own_is_not_superseded_by_the_year():
    january = claim("a", 20, said="2022-02-05", period_end=day("2022-01-31"))
    rows = reconcile([january, claim("b", 66, said="2022-05-02")], frame(ATTACK))
    assert [r["status"] for r in rows] != ["superseded", "under"]


def test_a_rise_is_held_against_what_happened_since():
    since = ATTACK | {"incident_id": "b", "first_published_on": day("2022-04-21"), "last_published_on": day("2022-04-21")}
    claims = [claim("a", 61), claim("b", 66, said="2022-05-02")]
    row = reconcile(claims, frame(ATTACK, since | on("2022-04-20") | killed(5)))[1]
    assert (row["previous"], row["delta_low"], row["delta_high"]) == ("a", 5, 5)
    assert (row["since_low"], row["since_high"], row["growth"]) == (5, 5, "fits")


@pytest.mark.parametrize(
    "later, columns, growth",
    [
        (66, killed(5), "fits"),
        (70, killed(5), "more_than_found"),
        (62, killed(5), "less_than_found"),
        (60, killed(5), "fell"),
        (66, killed(3, 3, None), "fits"),
        (62, killed(5) | on("2022-02-10") | {"first_published_on": day("2022-04-20")}, "fits"),
        (62, killed(5) | NOBODY, "fits"),
    ],
    ids=["fits", "more", "less", "fell", "open", "reported late", "perhaps another's"],
)
def test_the_growth_of_a_figure_is_judged(later, columns, growth):
    since = incident("b", on("2022-04-20"), first_published_on=day("2022-04-21"), last_published_on=day("2022-04-21"))
    row = reconcile([claim("a", 61), claim("b", later, said="2022-05-02")], frame(ATTACK, since | columns))[1]
    assert row["growth"] == growth
    assert (growth == "fits") == ("rose" not in row["note"] and "fell" not in row["note"])


def test_what_the_ledger_cannot_know_of_makes_no_growth():
    row = reconcile([claim("a", 61), claim("b", 66, said="2022-05-02")], frame(ATTACK), begins={"SYR": day("2022-05-01")})[1]
    assert row["growth"] == "not_comparable"


# --- arithmetic ---------------------------------------------------------------------------------------------------------


def parts(*values, **more):
    victims = [ARMY, {"victims": "civilians", "victim_class": "civilians"}, OWN]
    return [claim(f"p{i}", v, victims[i], part_of="c", article_id="article of c", **more) for i, v in enumerate(values)]


@pytest.mark.parametrize(
    "total, values, result, added",
    [
        (52, (44, 5, 3), "ok", (52, 52, 52)),
        (52, (44, 5, 4), "parts_exceed", (53, 53, 53)),
        (52, (44, 5), "parts_short", (49, 49, 49)),
        ((52, 52, None), (44, 5, 4), "ok", (53, 53, 53)),
        (52, (44, (5, 5, None)), "ok", (49, 49, None)),
        (52, (), "not_checkable", (None, None, None)),
    ],
)
def test_a_total_is_held_against_its_parts(total, values, result, added):
    row = next(r for r in reconcile([claim("c", total), *parts(*values)], frame(ATTACK)) if r["claim_id"] == "c")
    assert (row["arithmetic"], (row["parts_low"], row["parts_best"], row["parts_high"])) == (result, added)
    assert row["parts_by"] == ("victims" if values else None)


def test_parts_by_victims_and_by_area_are_two_sums():
    by_area = [claim("h", 30, area("Homs", prec=4), part_of="c"), claim("d", 21, area("Deir ez-Zor", prec=4), part_of="c")]
    row = next(r for r in reconcile([claim("c", 52), *parts(44, 5, 3), *by_area], frame(ATTACK)) if r["claim_id"] == "c")
    assert (row["arithmetic"], row["parts_by"], row["parts_best"]) == ("parts_short", "area", 51)


def test_a_part_names_the_row_that_it_is_part_of():
    claims = [claim("b", 52), claim("c", 52, said="2022-04-12"), *parts(52, said="2022-04-12")]
    rows = {r["claim_id"]: r for r in reconcile(claims, frame(ATTACK))}
    assert rows["b"]["claim_ids"] == ["b", "c"] and rows["p0"]["part_of"] == "b" and rows["b"]["arithmetic"] == "ok"


# --- for any claims and incidents -----------------------------------------------------------------------------------------

COUNTS = st.tuples(st.integers(0, 9), st.integers(0, 9), st.one_of(st.none(), st.integers(0, 30))).map(
    lambda v: killed(v[0], v[0] + v[1], None if v[2] is None else v[0] + v[1] + v[2])
)
DAYS = st.tuples(st.integers(-20, 120), st.integers(0, 9)).map(
    lambda v: on(str(date(2022, 1, 1) + timedelta(v[0])), str(date(2022, 1, 1) + timedelta(v[0] + v[1])))
)
INCIDENTS = st.lists(
    st.builds(
        lambda *parts: parts,
        COUNTS,
        st.one_of(DAYS, st.just(UNDATED)),
        st.sampled_from([{}, BADIA, FAR, AT_THE_RIM, HOMS_PROVINCE, SYRIA, BAGHDAD, NOWHERE]),
        st.sampled_from([{}, NOBODY, HTS]),
        st.sampled_from([{"victim_class": c} for c in ("civilians", "state_forces", "unknown", "extremist_group", None)]),
    ),
    max_size=6,
).map(lambda rows: [incident(f"i{n}", *parts) for n, parts in enumerate(rows)])
VALUES = st.tuples(st.integers(0, 60), st.integers(0, 9), st.booleans()).map(
    lambda v: (v[0], v[0] + v[1], None if v[2] else v[0] + v[1])
)
CLAIMS = st.lists(
    st.builds(
        lambda *parts: parts,
        VALUES,
        st.sampled_from([{}, ARMY, OWN, {"victims": "civilians", "victim_class": "civilians"}]),
        st.sampled_from([{}, area("Syria", prec=6), area(None), area("Homs", prec=4)]),
        st.integers(0, 90),
    ),
    min_size=1,
    max_size=5,
).map(
    lambda rows: [claim(f"c{n}", v, *parts, said=str(date(2022, 1, 5) + timedelta(d))) for n, (v, *parts, d) in enumerate(rows)]
)


@settings(max_examples=60, deadline=None)
@given(CLAIMS, INCIDENTS)
def test_bounds_are_in_order_and_rows_fit_the_dataset(claims, incidents):
    rows = reconcile(claims, frame(*incidents))
    RECONCILIATION.table([{k: v for k, v in r.items() if k != "year"} for r in rows])
    assert sorted(c for r in rows for c in r["claim_ids"]) == sorted(c["claim_id"] for c in claims)
    for r in rows:
        left = [r[c] for c in ("residual_low", "residual", "residual_high") if r[c] is not None]
        assert left == sorted(left) or r["value_best"] is None
        assert not set(r["incidents_certain"]) & set(r["incidents_possible"])


@settings(max_examples=40, deadline=None)
@given(CLAIMS, INCIDENTS, st.randoms())
def test_the_order_of_claims_and_incidents_makes_no_difference(claims, incidents, random):
    before = reconcile(claims, frame(*incidents))
    random.shuffle(claims)
    random.shuffle(incidents)
    assert reconcile(claims, frame(*incidents)) == before


@settings(max_examples=40, deadline=None)
@given(CLAIMS, INCIDENTS, st.integers(-200, 60))
def test_the_rows_of_each_year_are_those_of_all(claims, incidents, shift):
    earlier = [c | {"claim_id": f"{c['claim_id']} earlier", "part_of": c["claim_id"]} for c in claims]
    for c in earlier:
        c |= {d: c[d] + timedelta(shift) for d in ("period_start", "period_end", "as_of_start", "as_of", "published_on")}
    rows = reconcile([*claims, *earlier], frame(*incidents))
    by_year = [r for y in sorted({r["year"] for r in rows}) for r in reconcile([*claims, *earlier], frame(*incidents), year=y)]
    assert by_year == rows


@settings(max_examples=40, deadline=None)
@given(CLAIMS, INCIDENTS, COUNTS)
def test_an_incident_outside_the_scope_changes_nothing(claims, incidents, counts):
    outside = incident("outside", counts, BAGHDAD)
    assert reconcile(claims, frame(*incidents, outside)) == reconcile(claims, frame(*incidents))


@settings(max_examples=60, deadline=None)
@given(CLAIMS, INCIDENTS, INCIDENTS)
def test_more_incidents_never_leave_more_of_a_claim(claims, incidents, more):
    added = [row | {"incident_id": f"more {row['incident_id']}"} for row in more]
    fewer, rows = reconcile(claims, frame(*incidents)), reconcile(claims, frame(*incidents, *added))
    for before, after in zip(fewer, rows, strict=True):
        for column in ("residual_low", "residual", "residual_high"):
            if before[column] is None:
                assert column == "residual" or after[column] is None
            else:
                assert after[column] is None or after[column] <= before[column]
