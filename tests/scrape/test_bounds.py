"""Too little fails a source before anything is published, too much is told."""

from collections import Counter
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.clean import batch as clean
from include.datasets.catalogue import ARTICLES, DOCUMENTS, SCRAPES
from include.scrape.bounds import SAMPLE, Sample
from include.scrape.scrape import SourceFailed
from include.scrape.sources import Bounds
from include.scrape.state import SourceState
from include.scrape.warc import read_body
from tests.scrape.hostile import Answer, HostileServer, page
from tests.scrape.outlet import outlet

STORY = "<p>" + "Two soldiers were killed near the town in the morning, officials said on Monday. " * 8 + "</p>"


def story(server: HostileServer, path: str, *, dated: bool = True, text: bool = True) -> str:
    meta = '<meta property="article:published_time" content="2022-04-10T10:00:00Z">' if dated else ""
    body = f"<article><h1>Two killed</h1>{STORY}</article>" if text else "<div id=app></div><script>draw()</script>"
    server.resources[path] = f"<html><head><title>Two killed</title>{meta}</head><body>{body}</body></html>".encode()
    return path


def test_a_source_within_its_bounds_is_done(server: HostileServer, scrape):
    paths = [story(server, f"/{n}") for n in range(6)]
    result = scrape(outlet(server.feed(*paths), bounds=Bounds(least=1, most=10, dated=1.0, text=1.0)))
    assert (result.captured, result.problems) == (6, ())


def test_too_few_articles_in_the_period_fail_the_source_once_it_is_followed_for_so_long(
    server: HostileServer, scrape, lake, clock
):
    source = outlet(server.feed(story(server, "/1")), bounds=Bounds(least=1, days=7))
    scrape(source)
    clock.pass_hours(6 * 24)
    scrape(source)
    clock.pass_hours(3 * 24)
    with pytest.raises(SourceFailed, match="0 new articles in 7 days, at least 1 are expected") as caught:
        scrape(source)
    assert (caught.value.error_class, caught.value.retryable) == ("bounds", False)
    last = lake.read(SCRAPES).to_pylist()[-1]
    assert (last["outcome"], last["error_class"]) == ("failed", "bounds")
    server.feed(story(server, "/2"), "/1")
    assert scrape(source).captured == 1


def test_too_many_are_told(server: HostileServer, scrape):
    paths = [story(server, f"/{n}") for n in range(3)]
    result = scrape(outlet(server.feed(*paths), bounds=Bounds(least=0, most=2)))
    assert result.problems == ("3 new articles in 7 days, at most 2 are expected",)


def outcomes(lake) -> Counter[str]:
    return Counter(row["outcome"] for row in lake.read(DOCUMENTS).to_pylist())


def cleaned(lake) -> int:
    """Clean what is pending; how many articles the lake then has."""
    for path in clean.pending(lake):
        clean.clean_batch(lake, path)
    return len(lake.read(ARTICLES))


@pytest.mark.parametrize(
    ("sin", "bounds", "says"),
    [
        ({"text": False}, Bounds(text=0.8), "1 of 6 pages looked at hold a text, at least 80% are expected to"),
        ({"dated": False}, Bounds(dated=0.8), "1 of 6 pages looked at state a date, at least 80% are expected to"),
    ],
)
def test_pages_that_lack_what_they_used_to_have_are_held_and_fail_the_source(server, scrape, lake, *, sin, bounds, says):
    paths = [story(server, "/good"), *(story(server, f"/{n}", **sin) for n in range(5))]
    with pytest.raises(SourceFailed, match=says):
        scrape(outlet(server.feed(*paths), bounds=bounds))
    rows = lake.read(DOCUMENTS).to_pylist()
    assert {(row["outcome"], row["error_class"]) for row in rows} == {("held", "bounds")}
    assert all(says in row["error"] for row in rows)
    for row in rows:  # evidence is kept of them all the same
        assert (
            read_body(lake, row["warc_file"], row["warc_offset"], row["sha256"]).body
            == server.resources[urlsplit(row["url"]).path]
        )
    (visit,) = lake.read(SCRAPES).to_pylist()
    assert (visit["error_class"], visit["n_captured"], visit["n_held"], visit["n_failed"]) == ("bounds", 0, 6, 0)
    assert cleaned(lake) == 0


def test_of_a_source_that_was_rebuilt_only_a_sample_is_fetched_and_nothing_is_published(server, scrape, lake):
    paths = [story(server, f"/{n}", text=False) for n in range(50)]
    with pytest.raises(SourceFailed, match="0 of 20 pages"):
        scrape(outlet(server.feed(*paths), bounds=Bounds(text=0.9)))
    assert outcomes(lake) == {"held": SAMPLE}
    assert sum(server.requests[path] for path in paths) == SAMPLE
    assert lake.read(SCRAPES).to_pylist()[0]["n_left"] == 30


def test_what_was_held_comes_by_itself_when_the_outlet_is_mended(server, scrape, lake, clock):
    paths = [story(server, f"/{n}", text=False) for n in range(25)]
    source = outlet(server.feed(*paths), bounds=Bounds(text=0.9))
    for _ in range(3):
        with pytest.raises(SourceFailed):
            scrape(source)
        clock.pass_hours(6)
    for path in paths:
        story(server, path)
    assert scrape(source).captured == 25
    assert outcomes(lake) == {"held": 60, "captured": 25}
    assert cleaned(lake) == 25


def test_what_was_held_comes_by_itself_when_the_entry_is_corrected(server, scrape, clock):
    feed = server.feed(*(story(server, f"/{n}", dated=False) for n in range(6)))
    with pytest.raises(SourceFailed):
        scrape(outlet(feed, bounds=Bounds(dated=0.9)))
    clock.pass_hours(6)
    assert scrape(outlet(feed, bounds=Bounds(dated=0.0))).captured == 6


def test_a_server_that_says_not_modified_does_not_keep_pages_held(server, scrape, clock, lake):
    asked = []

    def answer(path: str) -> Answer:
        def with_etag(handler):
            asked.append(handler.headers["If-None-Match"])
            if handler.headers["If-None-Match"] == '"7"':
                handler.answer(b"", status=304)
            else:
                handler.answer(bodies[path], ETag='"7"')

        return with_etag

    paths = [story(server, f"/{n}", dated=False) for n in range(6)]
    bodies = {path: server.resources[path] for path in paths}
    server.resources |= {path: answer(path) for path in paths}
    feed = server.feed(*paths)
    with pytest.raises(SourceFailed):
        scrape(outlet(feed, bounds=Bounds(dated=0.9)))
    clock.pass_hours(6)
    lake.remove("_state/sources/herald.json")  # made again from the documents, it must not know these pages' ETags either
    assert scrape(outlet(feed)).captured == 6
    assert set(asked) == {None}


def test_a_new_version_that_is_held_leaves_the_article_as_it_was(server, scrape, lake, clock):
    source = outlet(server.feed(*(story(server, f"/{n}") for n in range(3))), bounds=Bounds(text=0.9))
    scrape(source)
    clock.pass_hours(24 * 3)
    server.feed(*(story(server, f"/{n}", text=False) for n in range(3, 9)), *(f"/{n}" for n in range(3)))
    with pytest.raises(SourceFailed):
        scrape(source)
    assert outcomes(lake) == {"captured": 3, "held": 6}
    assert cleaned(lake) == 3


def test_pages_that_come_one_by_one_are_judged_together_with_those_before(server: HostileServer, scrape, clock, lake):
    paths: list[str] = []

    def visit(name: str, **sin: bool) -> str:
        paths.insert(0, story(server, f"/{name}", **sin))
        clock.pass_hours(6)
        try:
            scrape(outlet(server.feed(*paths), bounds=Bounds(text=0.9)))
        except SourceFailed as error:
            return error.error_class
        return "done"

    assert [visit(f"good-{n}") for n in range(3)] == ["done"] * 3
    rebuilt = [visit(f"bad-{n}", text=False) for n in range(6)]
    assert rebuilt == ["done", "done", "done", "bounds", "bounds", "bounds"]
    for path in paths:
        story(server, path)
    assert visit("mended") == "done"
    assert outcomes(lake)["captured"] == 3 + 3 + 3 + 1


def test_one_page_without_a_text_among_a_few_is_chance(server: HostileServer, scrape):
    paths = [story(server, "/video", text=False), *(story(server, f"/{n}") for n in range(4))]
    assert scrape(outlet(server.feed(*paths), bounds=Bounds(text=0.9))).captured == 5
    with pytest.raises(SourceFailed, match="4 of 5 pages looked at hold a text, at least 100% are expected to"):
        scrape(outlet(server.feed(*paths), id="strict", bounds=Bounds(text=1.0)))


@given(least=st.floats(0, 1), looks=st.lists(st.booleans(), max_size=40), good=st.integers(1, 20))
def test_good_pages_never_make_a_source_fall_short(least, looks, good):
    """So what is held while an outlet is broken can't stay held once its pages are whole again."""
    state = SourceState("herald", unjudged=[[text, text] for text in looks])
    bounds = Bounds(text=least)

    def short(pages: list[bool]) -> bool:
        sample = Sample(bounds, state)
        sample._looks = [[text, text] for text in pages]
        return bool(sample.falls_short())

    if not short([True]):
        assert not short([True] * good)


def test_two_kinds_of_shortage_are_told_together(server, scrape):
    paths = [story(server, f"/{n}", text=False, dated=False) for n in range(6)]
    says = "0 of 6 pages looked at state a date, .*; 0 of 6 pages looked at hold a text"
    with pytest.raises(SourceFailed, match=says):
        scrape(outlet(server.feed(*paths), bounds=Bounds(text=0.9, dated=0.9)))


def test_pages_that_failed_are_not_judged(server: HostileServer, scrape):
    for n in range(6):
        server.resources[f"/{n}"] = page(status=404)
    assert scrape(outlet(server.feed(*(f"/{n}" for n in range(6))), bounds=Bounds(dated=1.0))).failed == {"http_404": 6}
