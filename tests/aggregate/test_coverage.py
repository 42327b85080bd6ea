"""A source that dies must not look like peace."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.aggregate.cover import cover
from include.aggregate.coverage import Seen, _judged, coverage, silent_in
from include.datasets.catalogue import ARTICLES, COVERAGE, DOCUMENTS, REPORTS
from include.datasets.lake import Lake
from include.datasets.schema import month_of
from tests.aggregate.factory import report

DECEMBER = date(2022, 12, 31)
_WHO = {"source": pl.String, "day": pl.Date}
_ARTICLE = {"article_id": pl.String, **_WHO, "outlet": pl.String}


def every(days: int, first: date, last: date, *, n: int = 1, source: str = "wire", countries=("SYR",)) -> list[dict]:
    """`n` articles every so many days; the first of a day tells of some countries."""
    row = {"source": source, "outlet": "The Wire"}
    return [
        row | {"article_id": f"{source} {day} {k}", "day": day, "countries": countries if k == 0 else ()}
        for day in (first + timedelta(days=d) for d in range(0, (last - first).days + 1, days))
        for k in range(n)
    ]


def attempt(day: date, outcome: str, error: str | None = None, n: int = 1, source: str = "wire") -> dict:
    return {"source": source, "day": day, "outcome": outcome, "error_class": error, "n": n}


def followed(published: list[dict], attempts: list[dict], last: date) -> list[dict]:
    """The coverage of sources that are all followed to one day."""
    sources = sorted({row["source"] for row in (*published, *attempts)})
    told = [(row["article_id"], country) for row in published for country in row["countries"]]
    return coverage(
        Seen(
            articles=pl.DataFrame([{c: row[c] for c in _ARTICLE} for row in published], _ARTICLE),
            reports=pl.DataFrame(told, {"article_id": pl.String, "country": pl.String}, orient="row"),
            attempts=pl.DataFrame(attempts, {**_WHO, "outcome": pl.String, "error_class": pl.String, "n": pl.Int64}),
            followed=pl.DataFrame([(source, last) for source in sources], {"source": pl.String, "last": pl.Date}, orient="row"),
        )
    )


def status(rows: list[dict]) -> dict[int, str]:
    return {row["month"]: row["status"] for row in rows if row["year"] == 2022}


def test_a_source_that_publishes_as_ever_is_usual_once_it_has_a_past():
    rows = followed(every(1, date(2022, 1, 1), DECEMBER), [], DECEMBER)
    assert status(rows) == dict.fromkeys((1, 2, 3), "too_new") | dict.fromkeys(range(4, 13), "usual")
    assert [(r["n_articles"], r["n_expected"], r["lowest_before"]) for r in rows if r["month"] == 4] == [(30, 31, 28)]


def test_the_month_in_which_a_source_begins_is_no_whole_month_to_judge_by():
    rows = followed(every(1, date(2022, 1, 25), DECEMBER), [], DECEMBER)
    assert status(rows)[4] == "too_new" and status(rows)[5] == "usual"
    assert [r["lowest_before"] for r in rows if r["month"] == 5] == [28]


def test_a_month_without_any_article_is_silent_and_lowers_no_expectation():
    published = every(1, date(2022, 1, 1), date(2022, 8, 31))
    rows = followed(published, [], DECEMBER)
    assert [status(rows)[m] for m in (8, 9, 10, 11, 12)] == ["usual", *["silent"] * 4]
    assert {r["n_expected"] for r in rows if r["month"] > 9} == {31}


def test_a_source_of_two_articles_a_month_may_skip_one():
    rows = followed(every(15, date(2022, 1, 1), date(2022, 8, 31)), [], date(2022, 9, 30))
    assert status(rows)[9] == "usual"


def test_a_source_that_breaks_off_in_mid_month_is_interrupted():
    published = every(1, date(2022, 1, 1), date(2022, 9, 16)) + every(1, date(2022, 10, 1), DECEMBER)
    rows = followed(published, [], DECEMBER)
    assert status(rows)[9] == "interrupted" and status(rows)[10] == "usual"
    assert [(r["n_articles"], r["silent_days"]) for r in rows if r["month"] == 9] == [(16, 14)]


def test_fewer_than_half_of_the_least_month_is_low():
    published = every(1, date(2022, 1, 1), date(2022, 8, 31), n=3) + every(3, date(2022, 9, 1), date(2022, 9, 30))
    assert status(followed(published, [], date(2022, 9, 30)))[9] == "low"


def test_the_month_in_which_the_lake_ends_is_held_to_its_days_only():
    rows = followed(every(1, date(2022, 1, 1), date(2022, 6, 10)), [], date(2022, 6, 10))
    assert (rows[-1]["status"], rows[-1]["n_articles"], rows[-1]["n_expected"]) == ("in_progress", 10, 10)
    stopped = followed(every(1, date(2022, 1, 1), date(2022, 5, 31)), [], date(2022, 6, 10))
    assert stopped[-1]["status"] == "silent"


def test_an_article_from_the_future_is_no_coverage():
    rows = followed(every(1, date(2022, 1, 1), date(2022, 6, 30)) + every(1, date(2031, 1, 1), date(2031, 1, 5)), [], DECEMBER)
    assert {row["year"] for row in rows} == {2022}


def test_failed_fetches_are_told_with_their_kinds():
    attempts = [attempt(date(2022, 9, 3), "failed", "timeout", 2), attempt(date(2022, 9, 4), "blocked", "captcha", 5)]
    attempts.append(attempt(date(2022, 9, 5), "captured", n=3))
    (row,) = [r for r in followed(every(1, date(2022, 1, 1), DECEMBER), attempts, DECEMBER) if r["month"] == 9]
    assert (row["n_attempts"], row["n_failed"], row["errors"]) == (10, 7, ["captcha: 5", "timeout: 2"])


def test_a_source_that_never_gave_an_article_is_there_with_its_failures():
    (row,) = followed([], [attempt(date(2022, 9, 3), "failed", "dns")], date(2022, 9, 30))
    assert (row["source"], row["n_articles"], row["status"], row["errors"]) == ("wire", 0, "too_new", ["dns: 1"])


def test_silence_counts_for_the_countries_that_the_source_told_of_in_the_year_before():
    published = every(1, date(2022, 1, 1), date(2022, 3, 31), countries=["IRQ", "SYR"])
    published += every(1, date(2022, 4, 1), date(2022, 8, 31)) + every(1, date(2022, 1, 1), DECEMBER, source="gazette")
    silent = silent_in(followed(published, [], date(2023, 4, 30)))
    assert silent[2022, 9, "SYR"] == ["wire"] == silent[2023, 3, "IRQ"]
    assert silent[2023, 4, "SYR"] == ["gazette", "wire"] and (2023, 4, "IRQ") not in silent


@settings(deadline=None)
@given(st.lists(st.integers(0, 6), min_size=1, max_size=400), st.randoms(use_true_random=False))
def test_each_article_is_seen_once_and_the_order_does_not_matter(numbers, random):
    first = date(2022, 1, 3)
    days = [first + timedelta(days=d) for d in range(len(numbers))]
    published = [row for n, day in zip(numbers, days, strict=True) for row in every(1, day, day, n=n)]
    last = first + timedelta(days=len(numbers) - 1)
    rows = followed(published, [], last)
    assert sum(row["n_articles"] for row in rows) == sum(numbers)
    random.shuffle(published)
    assert followed(published, [], last) == rows


# --- in the lake -------------------------------------------------------------------------------------------------------


@pytest.fixture
def lake(tmp_path):
    lake = Lake(tmp_path)
    start = date(2022, 1, 1)
    days = [start + timedelta(days=n) for n in range(180)]
    reports = [report(f"r{n}", published=str(day), article_id=f"a{n}") for n, day in enumerate(days) if n % 3 == 0]
    for month in {month_of(day) for day in days}:
        rows = [article(f"a{n}", day) for n, day in enumerate(days) if month_of(day) == month]
        lake.write(ARTICLES, {"published_month": month}, "b1", rows)
        lake.write(REPORTS, {"published_month": month}, "b1", [r for r in reports if month_of(r["published_on"]) == month])
    lake.write(DOCUMENTS, {"fetch_date": "2022-08-20", "source": "source"}, "b2", [failed()])
    return lake


def article(name: str, day: date | None, captured: date | None = None) -> dict:
    at = datetime(*(captured or day).timetuple()[:3], 12, tzinfo=UTC)
    row = {"article_id": name, "source": "source", "outlet": "Wire", "document_id": f"d{at}", "captured_at": at}
    return row | {"published_on": day, "clean_outcome": "cleaned"}


def failed() -> dict:
    at = datetime(2022, 8, 20, tzinfo=UTC)
    return {"document_id": "d", "url": "u", "outcome": "failed", "error_class": "dns", "fetched_at": at}


def test_coverage_is_read_out_of_the_lake(lake):
    assert cover(lake)["years"] == [2022]
    rows = {row["month"]: row for row in lake.read(COVERAGE).to_pylist()}
    assert (rows[3]["n_articles"], rows[3]["n_reporting"], rows[3]["countries"]) == (31, 10, ["SYR"])
    assert (rows[7]["status"], rows[8]["status"], rows[8]["errors"]) == ("silent", "silent", ["dns: 1"])


def test_only_what_differs_is_written_again(lake):
    cover(lake)
    assert cover(lake) == {"years": [], "counts": {"coverage": 0}}
    lake.write(ARTICLES, {"published_month": "2022-07"}, "late", [article("late", date(2022, 7, 5))])
    assert cover(lake)["years"] == [2022]


def test_an_article_captured_again_is_one_article_and_an_undated_one_is_of_its_capture(lake):
    lake.write(ARTICLES, {"published_month": "2022-02"}, "again", [article("a40", date(2022, 2, 10), date(2022, 8, 1))])
    lake.write(ARTICLES, {"published_month": "undated"}, "undated", [article("u", None, date(2022, 8, 1))])
    cover(lake)
    rows = {row["month"]: row["n_articles"] for row in lake.read(COVERAGE).to_pylist()}
    assert (rows[2], rows[8]) == (28, 1)


def test_an_archive_ends_with_its_newest_article_and_its_gaps_are_seen(lake):
    days = [date(2015, 1, 1) + timedelta(days=n) for n in range(400) if not 200 < n < 300]
    rows = [article(f"x{day}", day, date(2022, 8, 1)) | {"source": "archive"} for day in days]
    for month in {month_of(day) for day in days}:
        lake.write(ARTICLES, {"published_month": month}, "x", [r for r in rows if month_of(r["published_on"]) == month])
    undated = article("undated", None, date(2022, 8, 1)) | {"source": "archive"}
    lake.write(ARTICLES, {"published_month": "undated"}, "x", [undated])
    cover(lake)
    found = [row for row in lake.read(COVERAGE).to_pylist() if row["source"] == "archive"]
    assert [(r["year"], r["month"]) for r in found if r["status"] == "silent"] == [(2015, 8), (2015, 9)]
    assert (found[-1]["year"], found[-1]["month"]) == (2016, 2)


def test_an_empty_lake_has_no_coverage(tmp_path):
    assert cover(Lake(tmp_path)) == {"years": [], "counts": {"coverage": 0}}


def test_a_file_deleted_by_hand_is_written_again(lake):
    cover(lake)
    (path,) = lake.files(COVERAGE)
    before = lake.read_file(path)
    lake.remove(path)
    assert cover(lake)["years"] == [2022]
    assert lake.read_file(path).equals(before)


@pytest.mark.parametrize("seed", range(8))
def test_file_by_file_the_coverage_is_that_of_all_at_once(tmp_path, seed):
    """Late articles, articles captured again, also by another source, archives, new outlets, failures, in any order."""
    random = Random(seed)
    step_by_step, at_once = Lake(tmp_path / "steps"), Lake(tmp_path / "once")
    first = date(2021, 1, 1)
    batches = [([article(f"s{n}", first + timedelta(days=n)) for n in range(0, 500, 3)], [])]
    for step in range(random.randint(1, 4)):
        articles, reports = [], []
        for n in range(random.randint(1, 4)):
            day = first + timedelta(days=random.randint(0, 700))
            captured = day + timedelta(days=random.choice([0, 3, 45, 400]))
            row = article(random.choice(["a", "b", "s300", f"n{step}"]), day, captured) | {"document_id": f"d{step}{n}"}
            row |= {"source": random.choice(["source", "other", "archive"]), "outlet": random.choice(["Wire", "Gazette"])}
            articles.append(row | random.choice([{"published_on": None}, {}, {}]))
            reports.append(report(f"r{step}{n}", article_id=row["article_id"], published=str(day)))
        batches.append((articles, reports))
    for name, (articles, reports) in enumerate(batches):
        fetched = {
            "fetch_date": str(first + timedelta(days=random.randint(0, 700))),
            "source": random.choice(["other", "failing"]),
        }
        for lake in (step_by_step, at_once):
            write(lake, f"b{name}", articles)
            lake.write(REPORTS, {"published_month": "2022-01"}, f"b{name}", reports)
            lake.write(DOCUMENTS, fetched, f"b{name}", [failed()])
        cover(step_by_step)
    cover(at_once)
    assert step_by_step.frame(COVERAGE).to_dicts() == at_once.frame(COVERAGE).to_dicts()


def write(lake: Lake, batch: str, rows: list[dict]) -> None:
    """One batch of articles."""
    lake.write(ARTICLES, {"published_month": "2022-01"}, batch, rows)


def test_months_that_stand_are_not_judged_again(lake, monkeypatch):
    cover(lake)
    write(lake, "next", [article("next", date(2022, 8, 21))])
    judged = []
    monkeypatch.setattr("include.aggregate.coverage._judged", lambda *args: judged.append(args) or _judged(*args))
    assert cover(lake)["years"] == [2022]
    assert len(judged) == 1
