"""Too little fails a source, too much is told."""

import pytest

from include.datasets.catalogue import DOCUMENTS, SCRAPES
from include.scrape.scrape import SourceFailed
from include.scrape.sources import Bounds
from tests.scrape.hostile import HostileServer, page
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


@pytest.mark.parametrize(
    ("sin", "bounds", "says"),
    [
        ({"text": False}, Bounds(text=0.8), "3 of 6 pages looked at hold a text, at least 80% are expected to"),
        ({"dated": False}, Bounds(dated=0.8), "3 of 6 pages looked at state a date, at least 80% are expected to"),
    ],
)
def test_pages_that_lack_what_they_used_to_have_fail_the_source_after_they_are_kept(server, scrape, lake, *, sin, bounds, says):
    paths = [story(server, f"/{n}", **(sin if n % 2 else {})) for n in range(6)]
    with pytest.raises(SourceFailed, match=says):
        scrape(outlet(server.feed(*paths), bounds=bounds))
    assert len(lake.read(DOCUMENTS)) == 6


def test_a_few_pages_are_judged_together_with_those_of_the_next_runs(server: HostileServer, scrape, clock):
    source = outlet(server.feed(*(story(server, f"/{n}", text=False) for n in range(4))), bounds=Bounds(text=0.5))
    scrape(source)
    clock.pass_hours(1)
    server.feed("/new", *(f"/{n}" for n in range(4)))
    story(server, "/new")
    with pytest.raises(SourceFailed, match="1 of 5 pages"):
        scrape(source)


def test_pages_that_failed_are_not_judged(server: HostileServer, scrape):
    for n in range(6):
        server.resources[f"/{n}"] = page(status=404)
    assert scrape(outlet(server.feed(*(f"/{n}" for n in range(6))), bounds=Bounds(dated=1.0))).failed == {"http_404": 6}
