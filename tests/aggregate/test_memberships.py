"""What a change reaches is resolved again, and nothing else; the result is that of resolving everything."""

from datetime import date, timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from include.aggregate import memberships
from include.aggregate.decisions import decision, record
from include.aggregate.ledger import Ledger, copies_of
from include.aggregate.match import blocking
from include.aggregate.memberships import NotResolved, reached_by, resolve_reports, resolved_months
from include.aggregate.what_if import reach, what_if
from include.clean import STAGE as CLEAN
from include.datasets.batches import finish
from include.datasets.catalogue import ARTICLES, CANDIDATE_PAIRS, MEMBERSHIPS, REPORTS
from include.datasets.lake import Lake
from include.datasets.schema import month_of
from tests.aggregate.factory import AL_SUKHNAH, BAGHDAD, HOMS_PROVINCE, ISIS, NOWHERE, PALMYRA, SYRIA, killed, on, report
from tests.aggregate.ledger import NOW, write_reports

FIRST = date(2022, 3, 28)
SDF = {"perpetrator": "SDF", "perpetrator_id": "sdf"}


@st.composite
def some_reports(draw):
    """Up to thirty reports of few days, places, tolls, sentences and articles, so that many are alike."""
    rows = []
    number = draw(st.integers(8, 30))
    pick = partial(_pick, draw)
    for n in range(number):
        day = FIRST + timedelta(days=draw(st.integers(0, 7)))
        exact = on(day.isoformat())
        around = on(day.isoformat(), (day + timedelta(days=3)).isoformat(), 2)
        when = pick(exact, exact, exact, around, on("2022-03-01", "2022-04-15", 4), dict.fromkeys(exact))
        published = day + timedelta(days=pick(1, 1, 2, 3, 60))
        rows.append(
            report(
                f"r{n:02}",
                when,
                pick(AL_SUKHNAH, AL_SUKHNAH, PALMYRA, HOMS_PROVINCE, SYRIA, NOWHERE, BAGHDAD),
                pick(killed(1), killed(4), killed(5), killed(12), killed(3, None, None)),
                pick(ISIS, SDF, {}),
                published=pick(published.isoformat(), published.isoformat(), published.isoformat(), None),
                mention_role=pick("main_event", "main_event", "main_event", "background_reference"),
                article_id=f"a{draw(st.integers(0, number))}",
                sentence=pick(f"This is the sentence of report {n}, as it says.", f"Several outlets print sentence {n % 3}."),
            )
        )
    return rows


def _pick(draw, *choices):
    return draw(st.sampled_from(choices))


def write_batch(lake, batch, rows, texts):
    """Replace a batch of reports, and their articles with them, as cleaning does."""
    for dataset in (REPORTS, ARTICLES):
        for path in lake.files(dataset):
            if path.endswith(f"/{batch}.parquet"):
                lake.remove(path)
    write_reports(lake, batch, *rows)
    for month in {month_of(row["published_on"]) for row in rows}:
        ids = {row["article_id"] for row in rows if month_of(row["published_on"]) == month}
        articles = [
            {"article_id": i, "document_id": f"{batch} {i}", "source": "s", "captured_at": NOW, "clean_outcome": "cleaned"}
            | {"fingerprint": [texts[i]] * 64}
            for i in sorted(ids)
        ]
        lake.write(ARTICLES, {"published_month": month}, batch, articles)
    written = [path for path in lake.files(ARTICLES) if path.endswith(f"/{batch}.parquet")]
    finish(lake, CLEAN, "1", batch, source=batch, outputs=written, counts={})


def resolved(lake):
    """The files that resolving writes, with their bytes."""
    return {path: lake.open(path).read() for dataset in (MEMBERSHIPS, CANDIDATE_PAIRS) for path in lake.files(dataset)}


@settings(max_examples=7, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=some_reports(), data=st.data())
def test_what_is_resolved_step_by_step_is_what_is_resolved_at_once(tmp_path_factory, rows, data):
    lake, at_once = (Lake(tmp_path_factory.mktemp(name)) for name in ("steps", "once"))
    ids = [row["report_id"] for row in rows]
    texts = {row["article_id"]: data.draw(st.integers(1, 20)) for row in rows}
    cleaned_anew = texts | {i: data.draw(st.integers(1, 20)) for i in texts}
    acts, batches = [], {}
    for _ in range(data.draw(st.integers(2, 5))):
        batch = data.draw(st.sampled_from(["b1", "b2", "b3", "b4"]))
        batches[batch] = data.draw(st.lists(st.sampled_from(rows), max_size=12, unique_by=lambda row: row["report_id"]))
        write_batch(lake, batch, batches[batch], texts)
        if data.draw(st.booleans()):
            acts.append(data.draw(an_act(ids, acts)))
            record(lake, acts[-1:])
        resolve_reports(lake)
    for batch, of_batch in batches.items():
        write_batch(lake, batch, of_batch, cleaned_anew)
        if data.draw(st.booleans()):
            resolve_reports(lake)
        write_batch(at_once, batch, of_batch, cleaned_anew)
    for act in reversed(acts):
        record(at_once, [act])
    resolve_reports(lake)
    resolve_reports(at_once)
    assert resolved(lake) == resolved(at_once)


@settings(max_examples=7, deadline=None, suppress_health_check=list(HealthCheck))
@given(rows=some_reports(), data=st.data())
def test_what_a_decision_would_change_is_what_it_changes(tmp_path_factory, rows, data):
    """Foretold from the incidents within reach, with decisions that no run has come to yet; then all is resolved anew."""
    lake = Lake(tmp_path_factory.mktemp("lake"))
    ids, log = [row["report_id"] for row in rows], []
    write_batch(lake, "b1", rows, {row["article_id"]: data.draw(st.integers(1, 20)) for row in rows})
    for published in (True, False):
        for _ in range(data.draw(st.integers(0, 2))):
            log.append(data.draw(an_act(ids, log)))
            record(lake, log[-1:])
        if published:
            resolve_reports(lake)
    added = [data.draw(an_act(ids, log))]
    ledger = Ledger(lake)
    reached = reached_by(lake, log) | reached_by(lake, [*log, *added])
    told = ledger.members(reach(log, added) | reached)
    outcome = what_if(told, log, added, copies_of(told))
    before = incidents_of_all(lake)
    record(lake, added)
    after = incidents_of_all(lake)
    foretold = [{(i["incident_id"], *i["report_ids"]) for c in outcome.changes for i in c.before}]
    foretold.append({(i["incident_id"], *i["report_ids"]) for c in outcome.changes for i in c.after})
    assert foretold == [before - after, after - before]


def incidents_of_all(lake):
    """The id and the reports of each incident, everything resolved anew."""
    for path in lake.files(MEMBERSHIPS):
        lake.remove(path)
    resolve_reports(lake)
    ledger = Ledger(lake)
    return {(i, *ledger.reports_of(i)) for i in ledger.ids("incident_id")}


def members(lake):
    """The incident of each report."""
    return {row["report_id"]: row["incident_id"] for row in lake.read(MEMBERSHIPS).to_pylist()}


def test_a_late_report_is_resolved_with_its_like_alone(lake):
    write_reports(lake, "b1", *(report(f"p{n}", PALMYRA, killed(n), on(f"2022-03-{n:02}")) for n in range(1, 20)))
    write_reports(lake, "b2", report("a", killed(4), ISIS))
    resolve_reports(lake)
    write_reports(lake, "b3", report("late", killed(4), ISIS))
    assert resolve_reports(lake)["counts"]["memberships"] == 1
    assert members(lake)["late"] == members(lake)["a"]


def test_articles_that_are_cleaned_anew_are_noticed_though_their_reports_stay_the_same(lake):
    rows = [report("a", killed(4), BAGHDAD), report("b", killed(4), BAGHDAD, published="2022-04-12")]
    others = [report(f"p{n}", PALMYRA, killed(n), on(f"2022-03-{n:02}")) for n in range(1, 9)]
    apart = {row["article_id"]: n for n, row in enumerate([*rows, *others])}
    write_batch(lake, "b1", [*rows, *others], apart)
    resolve_reports(lake)
    reports = lake.hashes(REPORTS)
    write_batch(lake, "b1", [*rows, *others], apart | {row["article_id"]: 99 for row in rows})
    assert lake.hashes(REPORTS) == reports
    assert resolve_reports(lake)["counts"]["memberships"] == 2
    copies = dict(lake.frame(MEMBERSHIPS, ["report_id", "copy"]).iter_rows())
    assert copies["a"] == copies["b"] is not None


def test_reports_that_were_compared_with_less_are_counted_and_listed(lake):
    write_reports(lake, "b1", report("a", killed(4)), report("b", HOMS_PROVINCE, killed(4)))
    assert resolve_reports(lake)["counts"]["narrowed"] == 1
    assert lake.frame(MEMBERSHIPS).select("report_id", "narrowed").sort("report_id").rows() == [
        ("a", None),
        ("b", "vague_place"),
    ]


def test_pairs_stand_in_the_month_of_their_day_however_they_were_found(lake, monkeypatch):
    monkeypatch.setattr(blocking, "_AT_ONCE", 1)
    night = [report(f"{name}{n}", killed(4), on(f"2022-0{n}-28"), published=f"2022-0{n}-28") for n in (3, 4) for name in "ab"]
    never = report(
        "c", killed(4), dict.fromkeys(on("2022-04-10")), published=None, sentence="Four men were killed near the town."
    )
    night[0] |= {"sentence": never["sentence"]}
    write_reports(lake, "b1", *night, never)
    assert resolve_reports(lake)["counts"]["candidate_pairs"] == 3
    pairs = lake.frame(CANDIDATE_PAIRS).sort("year", "month", "report_b").select("year", "month", "report_a", "report_b")
    assert pairs.rows() == [(0, 0, "a3", "c"), (2022, 3, "a3", "b3"), (2022, 4, "a4", "b4")]


def test_nothing_new_writes_nothing(lake):
    write_reports(lake, "b1", report("a", killed(4)))
    resolve_reports(lake)
    assert resolve_reports(lake) == {"counts": {"memberships": 0, "narrowed": 0, "candidate_pairs": 0}}


def test_a_withdrawn_decision_brings_both_incidents_back(lake):
    write_reports(lake, "b1", report("a", killed(4)), report("b", PALMYRA, killed(9)))
    resolve_reports(lake)
    apart = resolved(lake)
    told = {"by": "analyst", "why": "one attack"}
    same = decision("same", ["a"], ["b"], decided_at=NOW, **told)
    record(lake, [same])
    resolve_reports(lake)
    assert len(set(members(lake).values())) == 1
    record(lake, [decision("withdrawn", withdraws=same["decision_id"], decided_at=NOW + timedelta(days=1), **told)])
    resolve_reports(lake)
    assert resolved(lake) == apart


@pytest.mark.parametrize("dataset", [MEMBERSHIPS, CANDIDATE_PAIRS])
def test_a_file_that_was_deleted_by_hand_comes_back(lake, dataset):
    write_reports(lake, "b1", report("a", killed(4)), report("b", killed(4)))
    resolve_reports(lake)
    before = resolved(lake)
    lake.remove(lake.files(dataset)[0])
    resolve_reports(lake)
    assert resolved(lake) == before


def test_memberships_that_were_never_made_are_said_to_be_missing(lake):
    with pytest.raises(NotResolved, match="python -m include aggregate"):
        resolved_months(lake)


def test_a_change_that_reaches_much_is_resolved_with_everything(lake, monkeypatch):
    write_reports(lake, "b1", report("a", killed(4)))
    resolve_reports(lake)
    monkeypatch.setattr(memberships, "_SMALL", 0)
    write_reports(lake, "b2", report("b", killed(4)))
    assert resolve_reports(lake)["counts"]["memberships"] == 2


@st.composite
def an_act(draw, ids, acts):
    """A decision between some reports, or one that takes an earlier one back."""
    told = {"by": "analyst", "why": "as said", "decided_at": NOW + timedelta(hours=len(acts))}
    earlier = [act["decision_id"] for act in acts]
    if earlier and draw(st.booleans()):
        return decision("withdrawn", withdraws=draw(st.sampled_from(earlier)), **told)
    a, b = draw(st.lists(st.sampled_from(ids), min_size=2, max_size=2, unique=True))
    return decision(draw(st.sampled_from(["same", "different", "unsure"])), [a], [b], **told)
