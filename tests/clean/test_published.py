"""When an article was published, as the page or its listing states it."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import document_fromstring

from include.clean.metadata import read_metadata
from include.clean.published import Published, parse_stated, read_published, without_date_above

FETCHED = datetime(2022, 11, 23, 12, tzinfo=UTC)
APRIL_11 = date(2022, 4, 11)


def read(
    head="", body="", *, url="https://news.example/a", listed=None, text="Four were killed.", fetched_at=FETCHED
) -> Published:
    tree = document_fromstring(f"<html><head>{head}</head><body>{body or '<p>x</p>'}</body></html>")
    return read_published(tree, read_metadata(tree), url=url, listed=listed, text=text, fetched_at=fetched_at)


def json_ld(written: str) -> str:
    return f'<script type="application/ld+json">{{"@type": "NewsArticle", "datePublished": "{written}"}}</script>'


def meta(written: str) -> str:
    return f'<meta property="article:published_time" content="{written}">'


@pytest.mark.parametrize(
    ("written", "on", "at", "tz"),
    [
        ("2022-04-11", APRIL_11, None, None),
        ("20220411", APRIL_11, None, None),
        ("2022-04-11T09:30:00", APRIL_11, None, None),  # no zone: the instant is not known
        ("2022-04-11T09:30:00+03:00", APRIL_11, "2022-04-11T06:30", "+03:00"),
        ("2022-04-11T09:30+0300", APRIL_11, "2022-04-11T06:30", "+03:00"),
        ("2022-04-11 09:30:00.123 -05", APRIL_11, "2022-04-11T14:30", "-05:00"),
        ("2022-04-11T01:30:00+03:00", APRIL_11, "2022-04-10T22:30", "+03:00"),
        ("2022-04-11T09:30:00Z", APRIL_11, "2022-04-11T09:30", "+00:00"),
        ("2022-04-11 09:30:00 UTC", APRIL_11, "2022-04-11T09:30", "+00:00"),
        ("Mon, 11 Apr 2022 09:30:00 +0300", APRIL_11, "2022-04-11T06:30", "+03:00"),
        ("Mon, 11 Apr 2022 09:30:00 GMT", APRIL_11, "2022-04-11T09:30", "+00:00"),
        ("11 Apr 2022 09:30", APRIL_11, None, None),
        ("April 11, 2022", APRIL_11, None, None),
        ("Monday 11th of April 2022", APRIL_11, None, None),
        ("Posted Apr. 11, 2022 at 9 am", APRIL_11, None, None),
        ("2022/04/11", APRIL_11, None, None),
        ("25/04/2022", date(2022, 4, 25), None, None),
        ("04-25-2022 10:00", date(2022, 4, 25), None, None),
        ("الاثنين 11 نيسان 2022 - 14:35", APRIL_11, None, None),
        ("الاثنين ١١ أبريل/نيسان ٢٠٢٢", APRIL_11, None, None),
        ("le 1er avril 2022", date(2022, 4, 1), None, None),
        ("11 квітня 2022", APRIL_11, None, None),
        ("11 أبريل/أيار 2022", None, None, None),  # April or May
        ("31 April 2022", None, None, None),
        ("2022-13-01", None, None, None),
        ("04/11/2022", None, None, None),  # April or November
        ("April 2022", None, None, None),
        ("yesterday", None, None, None),
        ("", None, None, None),
    ],
)
def test_a_date_is_read_as_written_with_its_zone_or_without(written, on, at, tz):
    found = parse_stated(written) or Published()
    assert (found.on, found.tz) == (on, tz)
    assert found.at == (datetime.fromisoformat(at).replace(tzinfo=UTC) if at else None)


@pytest.mark.parametrize(
    ("given", "source"),
    [
        ({"head": json_ld("2022-04-11") + meta("2022-04-12"), "url": "https://news.example/2022/04/13/a"}, "json_ld"),
        ({"head": meta("2022-04-11"), "body": "<article><time datetime=2022-04-12></time></article>"}, "meta"),
        (
            {
                "body": "<article><h1>x</h1><time datetime='2022-04-11T08:00:00+03:00'>Monday</time></article>",
                "listed": "2022-04-12",
            },
            "time_element",
        ),
        ({"body": "<span itemprop=datePublished content=2022-04-11>Monday</span>"}, "time_element"),
        ({"listed": "Mon, 11 Apr 2022 09:30:00 +0300", "url": "https://news.example/2022/04/12/a"}, "feed"),
        ({"url": "https://news.example/world/2022/04/11/four-killed"}, "url"),
        ({"url": "https://news.example/2022/apr/11/four-killed"}, "url"),
        ({"url": "https://news.example/four-killed-2022-04-11.html"}, "url"),
        ({"url": "https://news.example/20220411/four-killed"}, "url"),
        ({"body": "<div class=top><h1>x</h1><p class=post-date>Published: April 11, 2022 - 10:30</p></div>"}, "text"),
        (
            {"head": "<title>Four killed there</title>", "body": "<b>Four killed there</b><br>By Rana<i>April 11, 2022</i>"},
            "text",
        ),
        ({"text": "DAMASCUS, April 11, 2022 (Agency) - Four soldiers were killed."}, "text"),
        ({"text": "Monday, 11 April 2022\nFour soldiers were killed."}, "text"),
        ({"head": "<meta name=date content=2022-04-11>"}, "meta"),
        (
            {"head": json_ld("2022-04-11").replace("NewsArticle", "VideoObject").replace("datePublished", "uploadDate")},
            "json_ld",
        ),
        (
            {"body": "<div class=widget_message><time datetime='2022-04-11T08:00:00+03:00'>08:00</time> Four killed.</div>"},
            "time_element",
        ),
        (
            {
                "head": "<title>Four killed there</title>",
                "body": "<b>Four killed there</b><i>11/04/2022</i>",
                "text": "On 9 April 2022 four were killed.",
            },
            "text",
        ),
    ],
)
def test_the_most_trusted_statement_gives_the_day(given, source):
    found = read(**given)
    assert (found.on, found.source) == (APRIL_11, source)


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"head": "<meta property=article:modified_time content=2022-04-11>"},
        {"head": '<script type="application/ld+json">{"@type": "NewsArticle", "dateModified": "2022-04-11"}</script>'},
        {"body": "<header><time datetime=2022-11-23>Today</time></header><article><h1>x</h1></article>"},
        {"body": "<article><h1>x</h1><time class=updated datetime=2022-04-11>11 April</time></article>"},
        {"body": "<div><time datetime=2022-04-11>1</time> Four killed.</div><div><time datetime=2022-04-10>2</time></div>"},
        {"head": "<title>Four killed there</title>", "body": "<b>Four killed there</b><i>11/04/2022</i>"},
        {
            "head": "<title>Four killed there</title>",
            "body": "<b>Four killed there</b><i>11/04/2022</i>",
            "text": "On 9 April 2022, and on 3 November 2022.",
        },
        {"body": "<article><h1>x</h1><aside><time datetime=2022-04-11>other story</time></aside></article>"},
        {"body": "<article><h1>x</h1><div class=related-posts><time datetime=2022-04-11></time></div></article>"},
        {"body": "<article><h1>x</h1><div class=meta-date>Incident date: April 11, 2022</div></article>"},
        {"body": "<article><h1>x</h1><div class=entry-meta>Last updated on April 11, 2022</div></article>"},
        {
            "head": "<title>Four killed there</title>",
            "body": f"<i>April 11, 2022</i><b>Four killed there</b>{'<p>x</p>' * 4}<i>April 11, 2022</i>",
        },
        {"text": "The war that began on March 15, 2011 has killed half a million people."},
        {"text": "HOMS, April 10 (Agency) - Four soldiers were killed."},
        {"url": "https://news.example/2022/04/four-killed"},
        {"url": "https://news.example/story-2022041177"},
    ],
)
def test_where_no_publication_is_stated_there_is_none(given):
    assert read(**given) == Published()


def test_a_date_after_the_capture_is_refused_by_name_and_the_next_statement_asked():
    alone = read(head=json_ld("2031-01-05T10:00:00Z"))
    assert alone.on is None
    assert alone.refused == ("json_ld says '2031-01-05T10:00:00Z', which is after the capture on 2022-11-23",)
    helped = read(head=json_ld("2031-01-05T10:00:00Z"), listed="Mon, 11 Apr 2022 09:30:00 GMT")
    assert (helped.on, helped.source, helped.refused) == (APRIL_11, "feed", alone.refused)


@pytest.mark.parametrize("zero", ["1970-01-01T00:00:00Z", "0001-01-01T00:00:00"])
def test_the_zero_of_a_clock_is_no_date(zero):
    assert read(head=meta(zero)).on is None
    assert "clock's zero" in read(head=meta(zero)).refused[0]


def test_an_outlet_ahead_of_the_capture_in_its_time_zone_is_believed():
    found = read(head=meta("2022-11-24T00:30:00+14:00"), fetched_at=datetime(2022, 11, 23, 11, tzinfo=UTC))
    assert (found.on, found.tz) == (date(2022, 11, 24), "+14:00")


def test_a_local_time_that_carries_the_wrong_zone_keeps_its_day_only():
    found = read(head=meta("2022-11-23T14:00:00Z"))
    assert (found.on, found.at, found.tz, found.source) == (date(2022, 11, 23), None, None, "meta")


def test_the_day_that_the_outlet_prints_outranks_the_utc_day_that_it_stores():
    stored = json_ld("2022-04-10T22:30:00Z")
    assert read(head=stored).on == date(2022, 4, 10)
    for printed in (
        {"url": "https://news.example/2022/04/11/a"},
        {"body": "<main><h1>x</h1><p class=date>April 11, 2022</p></main>"},
    ):
        found = read(head=stored, **printed)
        assert found.on == APRIL_11
        assert found.at == datetime(2022, 4, 10, 22, 30, tzinfo=UTC)
    assert read(head=stored, url="https://news.example/2022/04/14/a").on == date(2022, 4, 10)


def test_the_same_moment_in_the_outlets_own_time_gives_the_day_there():
    printed = "<article><h1>x</h1><time datetime=2022-04-11T01:30:00+03:00>Apr 11</time></article>"
    found = read(head=json_ld("2022-04-10T22:30:00Z"), body=printed)
    assert (found.on, found.tz, found.source) == (APRIL_11, "+03:00", "time_element")
    assert found.at == datetime(2022, 4, 10, 22, 30, tzinfo=UTC)
    assert read(head=json_ld("2022-04-10T20:30:00Z"), body=printed).tz == "+00:00"


@pytest.mark.parametrize(
    "date",
    [
        "12/10/2023",
        "17-05-2023 11:20 (Baghdad) | By Rana Haddad and Ali Omar",
        "Published on Monday, 11 April 2022",
        "الاثنين ١١ نيسان ٢٠٢٢ - 14:35",
        "Vendredi 1er avril 2022",
    ],
)
def test_the_date_above_a_story_is_no_part_of_it_and_those_of_a_chronology_are(date):
    assert without_date_above(f"Four killed\n{date}\nThey were soldiers.") == "Four killed\nThey were soldiers."
    for whole in (f"{date}\nFour died.\n13/10/2023\nTwo died.", f"1\n2\n3\n{date}\nFour died.", date):
        assert without_date_above(whole) == whole


@pytest.mark.parametrize(
    "line", ["HOMS, April 11, 2022", "Four killed on April 11, 2022", "11 April 2022: four killed", "April 11"]
)
def test_a_line_that_says_more_than_a_date_stays(line):
    assert without_date_above(f"{line}\nThey were soldiers.") == f"{line}\nThey were soldiers."


@given(
    st.text(max_size=40)
    | st.from_regex(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:?[0-9]{2})?)?", fullmatch=True
    )
)
def test_no_text_breaks_the_reading_and_an_instant_fits_its_day(written):
    found = parse_stated(written)
    if found is not None and found.at is not None:
        assert abs((found.at.date() - found.on).days) <= 1
        assert found.tz
