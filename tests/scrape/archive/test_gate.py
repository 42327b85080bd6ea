import json
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from html import escape
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from include.clean.page import clean_page
from include.extract.article import extract_article
from include.extract.triggers import told_phrases
from include.scrape.archive import gate
from include.scrape.archive.gate import may_report

GOLD = Path(__file__).parents[3] / "benchmarks" / "gold"
REAL = Path(__file__).parents[4] / "shared" / "data" / "pages"
SIDE = """<nav><a href="/1">Three killed in strike on Homs</a></nav><aside><p>Two dead in a bomb attack</p></aside>
<ul><li><a href="/2">Gunmen kill five in Idlib</a></li></ul><footer>Nine were killed by shelling.</footer>
<script>var body = "killed: 4 soldiers were killed";</script><style>.killed {color: red}</style>"""
QUIET = "The council agreed on the new timetable of the buses, and on the repairs of the old bridge. " * 6


def page(story: str, title: str = "News of the day") -> bytes:
    return f"<html><head><title>{title}</title></head><body>{SIDE}<article>{story}</article></body></html>".encode()


@pytest.mark.parametrize(
    "story",
    [
        "<p>Four soldiers were killed by a roadside bomb.</p>",
        "<p>Four soldiers were <a href='/x'>killed</a> by a <b>roadside</b> bomb.</p>",
        "<div>It was quiet.<br>Four soldiers were shot dead.<br>Nothing else happened.</div>",
        "<p>FOUR SOLDIERS WERE KILLED IN AN AMBUSH.</p>",
        "<p>Four soldiers were kil-led in an att-ack.</p>",
        "<p>Four soldiers were k*illed in an am&shy;bush.</p>",
        "<p>Four soldiers were kil&#8203;led in an attack.</p>",
        "<p>Four soldiers were kil\u200bled in an attack.</p>",
        "<table><tr><td>Four soldiers were killed in an attack.</td></tr></table>",
        "<p>Nine died.</p><p>The village was shelled all night.</p>",
        "<li>Marines killed 24 villagers.</li>",
        '<script type="application/ld+json">{"articleBody": "Four soldiers were killed in an attack."}</script>',
    ],
)
def test_it_opens_for_casualties_however_they_are_marked_up(story):
    assert may_report(page(story + f"<p>{QUIET}</p>"))


def test_it_opens_for_a_title_alone():
    assert may_report(page(f"<p>{QUIET}</p>", title="Four soldiers killed in ambush near Homs"))


@pytest.mark.parametrize(
    "story",
    [
        f"<p>{QUIET}</p>",
        f"<p>Four people were killed when a bus crashed on the motorway.</p><p>{QUIET}</p>",
        f"<p>The race was a dead heat, and the bill was killed in the senate.</p><p>{QUIET}</p>",
        f"<p>{QUIET}</p><div><h3><a href='/x'>Three killed in strike</a></h3></div>",
        f"<p>{QUIET * 3}</p><a href='/x'><h3>Three killed in strike</h3></a>",
    ],
)
def test_it_stays_shut_for_other_news_and_for_headlines_of_other_stories(story):
    assert not may_report(page(story))


def test_it_opens_for_a_short_note_of_violence_without_casualties():
    note = "Jets struck positions near the town of Sukhna in Homs on 17 June. Losses are not known."
    assert may_report(page(f"<p>{note}</p>"))
    assert not may_report(page(f"<p>{note}</p><p>{QUIET * 3}</p>"))


@pytest.mark.parametrize("charset", ["utf-8", "cp1252", "utf-16", "iso8859_6"])
def test_it_reads_any_charset(charset):
    assert may_report(page(f"<p>Four soldiers were killed in an attack.</p><p>{QUIET}</p>").decode().encode(charset, "ignore"))


@pytest.mark.parametrize(
    "piece",
    [
        b"<",
        b">",
        b"<a ",
        b"</nav>",
        b"<nav>",
        b"<script>",
        b"<script>articlebody",
        b"<!--",
        b"&",
        b"killed ",
        b"<b>killed ",
        b"<div killed ",
        b"</a>killed",
        b"<meta content=killed ",
        b"<p>five killed",
        b"k-i-l-l-",
        b"kil-led<a>",
        b"<title>killed ",
    ],
)
def test_its_time_grows_with_the_length_of_a_hostile_page_and_no_faster(piece):
    page = piece * (2_000_000 // len(piece))
    start = time.process_time()
    may_report(page)
    may_report(page, "text/plain")
    assert time.process_time() - start < 20


def test_it_reads_texts_without_markup():
    assert may_report(b"Four soldiers were killed in an attack.", "text/plain; charset=utf-8")
    assert may_report(b"Jets struck positions near Sukhna.", "text/plain")
    assert not may_report(QUIET.encode(), "text/plain")


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=600))
def test_no_bytes_break_it(content):
    assert may_report(content) in (True, False)
    assert may_report(b"<p>four killed in an attack" + content) in (True, False)


@settings(max_examples=200, deadline=None)
@given(phrase=st.sampled_from(told_phrases()), tags=st.lists(st.sampled_from(["b", "a href='/'", "span", "em"]), max_size=2))
def test_it_sees_every_word_of_the_extractor_for_casualties(phrase, tags):
    words = phrase.replace("[^A-Za-z]+", " ")
    for tag in tags:
        words = f"<{tag}>{words}</{tag.split()[0]}>"
    content = page(f"<p>The army said that {words} it was.</p>")
    assert list(gate._blocks_with_hits(gate._without_chrome(content))) != []


def gold(every: int) -> Iterator[dict]:
    """One of so many articles of each gold file."""
    for path in sorted(GOLD.glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines()[::every]:
            article = json.loads(line)
            article["published_on"] = date.fromisoformat(article["published"][:10]) if article.get("published") else None
            yield article


def test_it_opens_for_the_gold_articles_that_report():
    shut = []
    for number, article in enumerate(gold(every=15)):
        tag = ("p", "div", "li")[number % 3]
        story = "".join(f"<{tag}>{escape(p)}</{tag}>" for p in article["text"].split("\n") if p.strip())
        content = page(story, title=escape(article["title"] or "News"))
        if not may_report(content) and extract_article(article).reports:
            shut.append(article["id"])
    assert shut == []


@pytest.mark.skipif(not REAL.exists(), reason="the real pages are not at hand")
def test_it_opens_for_the_real_pages_about_violence_and_for_few_others():
    captured = datetime(2026, 11, 23, tzinfo=UTC)
    opened: list[str] = []
    lost: list[str] = []
    for path in sorted(REAL.glob("*.html")):
        content = path.read_bytes()
        if may_report(content):
            opened.append(path.name)
            continue
        row = clean_page(content, url=f"https://x.example/{path.name}", fetched_at=captured)
        lost += [report["sentence"] for report in extract_article(row).reports]
    assert len([name for name in opened if name.startswith("airwars")]) == 35
    assert len([name for name in opened if not name.startswith("airwars")]) <= 13
    assert all("Never say die" in sentence for sentence in lost)  # a film, which the extractor takes for an incident
