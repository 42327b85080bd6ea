"""A captured page becomes a row of articles, and bad input an outcome."""

import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.clean import page
from include.clean.page import clean_page, clean_text, unreadable
from include.datasets.catalogue import ARTICLES
from include.datasets.ids import content_id
from include.extract.article import extract_article
from include.plain import COMMANDS

PAGES = Path(__file__).parent / "pages"
FETCHED = datetime(2022, 11, 23, 12, tzinfo=UTC)
URL = "https://news.example/a"
LEAD = "Four soldiers were killed and two others were wounded near the town of Sukhnah on Sunday evening, the governor said."


def clean(body: bytes | str, **given) -> dict:
    body = body.encode() if isinstance(body, str) else body
    row = clean_page(body, **{"url": URL, "content_type": "text/html", "fetched_at": FETCHED} | given)
    fits = row | {"source": "s", "outlet": "The Mail", "document_id": "d", "captured_at": FETCHED}
    assert ARTICLES.table([fits]).num_rows == 1
    assert (row["clean_outcome"] == "cleaned") == (row["text"] is not None)
    return row


def clean_file(name: str, **given) -> dict:
    return clean((PAGES / name).read_bytes(), **given)


def html(body: str) -> str:
    return f"<html><head><title>Four killed</title></head><body>{body}</body></html>"


def test_a_monitors_page():
    row = clean_file("monitor.html", url="http://127.0.0.1:8471/en/311842/")
    assert row["url"] == "https://orontes-monitor.example/en/311842"
    assert row["article_id"] == content_id("article", url=row["url"])
    assert row["title"] == "Dawn raid | Five kil-led as IS-IS cells attack post near Uqayribat"
    assert row["authors"] == ["Monitor Desk"]
    assert row["published_on"] == date(2022, 4, 9)
    assert row["published_at"] == datetime(2022, 4, 8, 21, 40, tzinfo=UTC)
    assert (row["published_tz"], row["published_source"]) == ("+03:00", "json_ld")
    assert (row["language"], row["syndicated_from"], row["clean_error"]) == ("en", None, None)
    assert row["text"].startswith("Hama province: Monitor activists")


def test_an_agency_is_not_the_origin_of_its_own_dateline():
    row = clean_file("agency.html", url="http://127.0.0.1:8472/article/roadside-bomb-diyala")
    assert row["url"] == "https://www.tigris-press.example/article/roadside-bomb-diyala"
    assert row["authors"] == ["Sarmad Hadi", "Noor Aziz"]
    assert row["syndicated_from"] is None


def test_a_republished_page_names_its_origin_and_keeps_the_line_that_says_so():
    row = clean_file(
        "republisher.html", url="https://jazira-mail.example/x.php?id=9", content_type="text/html; charset=ISO-8859-1"
    )
    assert row["url"] == "https://jazira-mail.example/news/2022/05/03/roadside-bomb.html"
    assert row["syndicated_from"] == "Tigris Press"
    assert row["text"].endswith("“drivers should wait”.\nSource: Tigris Press")
    assert (row["published_on"], row["published_at"], row["published_source"]) == (date(2022, 5, 3), None, "url")


def test_a_page_that_a_script_draws():
    row = clean_file("drawn_by_script.html")
    assert row["title"] == "Shelling of Ain Issa kills a farmer & his son"
    assert row["text"].splitlines()[1] == "A third man was brought to the hospital of Tell Abyad with wounds in his leg."


def test_what_a_table_cannot_hold_is_dropped_from_a_text_in_the_metadata():
    body = LEAD + "\\ud83d\\u0000 " + LEAD * 2
    row = clean(f'<html><script type="application/ld+json">{{"@type":"Article","articleBody":"{body}"}}</script></html>')
    assert row["text"] == f"{LEAD} {LEAD * 2}"


def test_a_copy_that_names_another_site_as_its_home_keeps_its_url_and_names_its_origin():
    copy = f'<html><head><link rel=canonical href="https://agency.example/b"></head><body><p>{LEAD}</p></body></html>'
    row = clean(copy)
    assert (row["url"], row["syndicated_from"]) == (URL, "agency.example")


def test_what_the_listing_said_fills_in():
    row = clean(f"<p>{LEAD}</p><p>{LEAD}</p>", listed_title="Four killed", listed_published="Mon, 11 Apr 2022 09:30:00 +0300")
    assert (row["title"], row["published_on"], row["published_source"]) == ("Four killed", date(2022, 4, 11), "feed")


def test_a_page_whose_head_calls_every_page_alike_has_the_title_that_it_is_listed_with_and_prints():
    body = f"<title>Ministry - Health</title><b>Ministry - Health</b><span>Strike on the harbour</span><p>{LEAD}</p>"
    assert clean(body, listed_title="Strike on the harbour")["title"] == "Strike on the harbour"
    assert clean(body, listed_title="Strike on a harbour")["title"] == "Ministry - Health"
    linked = body.replace("span", "a")
    assert clean(linked, listed_title="Strike on the harbour")["title"] == "Ministry - Health"
    headed = body.replace("<b>Ministry - Health</b>", "<h1>Ministry - Health</h1>")
    assert clean(headed, listed_title="Strike on the harbour")["title"] == "Ministry - Health"


def test_an_article_without_a_date_has_none():
    row = clean(html(f"<p>{LEAD}</p>"))
    assert row["clean_outcome"] == "cleaned"
    assert [row[f"published_{c}"] for c in ("on", "at", "tz", "source")] == [None] * 4


def test_a_date_in_the_future_is_refused_and_the_row_says_so():
    row = clean(f'<meta property="article:published_time" content="2031-01-05T10:00:00Z"><p>{LEAD}</p>')
    assert row["clean_outcome"] == "cleaned"
    assert row["published_on"] is None
    assert row["clean_error"] == "meta says '2031-01-05T10:00:00Z', which is after the capture on 2022-11-23"


def test_the_same_page_gives_the_same_row():
    first, second = (clean_file("monitor.html", url="http://127.0.0.1:8471/en/311842/") for _ in range(2))
    assert first == second
    assert first["article_id"] == clean_file("monitor.html", url="http://127.0.0.1:9999/en/311842/")["article_id"]


def test_a_page_in_the_wrong_charset_is_no_mojibake():
    body = html(f"<p>{LEAD}</p><p>قتل أربعة جنود وأصيب اثنان آخران في هجوم على موقع عسكري قرب مدينة السخنة.</p>")
    row = clean(body.encode("cp1256"), content_type="text/html; charset=utf-8")
    assert "قتل أربعة جنود" in row["text"]


@pytest.mark.parametrize(
    ("body", "content_type", "outcome", "error"),
    [
        (b"", "text/html", "no_text", "the page is empty"),
        (b" \r\n\t ", "text/html", "no_text", "the page is empty"),
        (b"<html><head><title>x</title></head><body></body></html>", "text/html", "no_text", "no main text was found"),
        (b"<html><body><nav><a href=/>Home</a></nav></body></html>", "text/html", "no_text", "no main text was found"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "text/html", "not_html", "the page is not HTML but a PDF"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "text/html", "not_html", "a JPEG image"),
        (b"PK\x03\x04\x14\x00", "application/octet-stream", "not_html", "a ZIP archive or an office document"),
        (b'<?xml version="1.0"?><rss version="2.0"><channel></channel></rss>', "text/xml", "not_html", "a feed or sitemap"),
        (b'{"title": "Four killed"}', "application/json; charset=utf-8", "not_html", "application/json without an HTML tag"),
        (b"Four soldiers were killed.", None, "not_html", "something without an HTML tag"),
        (b"<p>" + bytes(range(0x80, 0x100)) * 20, "text/html", "failed", "charset can't be told"),
        (
            b"<p>x" + b" " * 2_000_000,
            "text/html",
            "failed",
            "the page has 2,000,004 bytes besides scripts and pictures; pages with more than 1,000,000 are not parsed",
        ),
        (b"<p>x" * 30_000, "text/html", "failed", "the page has 30,000 tags; pages with more than 20,000 are not parsed"),
        (b"<div>" * 10_000 + b"x", "text/html", "failed", "the HTML parser stopped at line 1: Excessive depth"),
        (b"<p>" + b"<b>" * 300 + b"x", "text/html", "failed", "Excessive depth"),
        (b"<div " + b" ".join(b"a%d=1" % i for i in range(9000)) + b">x", "text/html", "failed", "more than 3,000 attributes"),
    ],
    ids=lambda value: value[:20] if isinstance(value, bytes) else None,
)
def test_bad_input_is_an_outcome_that_names_it(body, content_type, outcome, error):
    row = clean(body, content_type=content_type)
    assert row["clean_outcome"] == outcome
    assert error in row["clean_error"]
    assert (row["url"], row["text"], row["fingerprint"]) == (URL, None, None)


@pytest.mark.parametrize(
    "body",
    [
        f"<p>{LEAD}\0</p>\0",
        f"<p>{LEAD} &bogus; &#x110000; &#xd800; &#0; &amp &lt</p>",
        f"<html><html><body><body><p>{LEAD}</p></div></span></table>",
        f"<![CDATA[<!-- -- > --><p>{LEAD}",
        f"<p>{LEAD}</p>" + "<img src='data:image/png;base64," + "A" * 200_000 + "'>",
        f"<div data-page='{'{' + ' a b c' * 5000}'><p>{LEAD}</p></div>",
        f"<p>{LEAD}</p><script>if (a<b) {{ {'var c = d + e; ' * 2000} }}</script>",
        "<div>" * 200 + f"<p>{LEAD}</p>",
        "\ufeff" + f"<?xml version='1.0' encoding='ascii'?><!DOCTYPE html><html><body><p>{LEAD}</p></body></html>",
    ],
)
def test_broken_markup_costs_no_text(body):
    assert LEAD in clean(body)["text"]


def test_a_utf16_page_is_read():
    assert LEAD in clean(html(f"<p>{LEAD}</p>").encode("utf-16-le"))["text"]


@pytest.mark.parametrize(
    "piece", ["<p>x", "<li><a href=x>y</a>", "<td>1<td>2", "word<br>", "<div class=related>", "&amp;", "<a href='"]
)
def test_a_long_page_takes_linear_time(piece):
    def seconds(characters: int) -> float:
        body = html("<article>" + piece * (characters // len(piece))).encode()
        begin = time.process_time()
        clean(body)
        return time.process_time() - begin

    seconds(2000)
    assert seconds(40_000) < 40 * (seconds(4_000) + 0.02)


def test_a_library_that_breaks_costs_its_page_only(monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("no such node")

    monkeypatch.setattr("trafilatura.bare_extraction", broken)
    row = clean(html(f"<p>{LEAD}</p>"))
    assert row["clean_outcome"] == "failed"
    assert row["clean_error"] == "the main text could not be extracted: RuntimeError: no such node"


def test_a_broken_table_of_rules_is_no_fault_of_the_page(monkeypatch):
    def broken():
        raise ValueError("line 7")

    monkeypatch.setattr(page, "chrome_rules", broken)
    with pytest.raises(ValueError, match="line 7"):
        clean(html(f"<p>{LEAD}</p>"))


def test_a_capture_without_a_zone_is_the_callers_mistake():
    with pytest.raises(ValueError, match="has no time zone"):
        clean(html("<p>x</p>"), fetched_at=datetime(2022, 11, 23))  # noqa: DTZ001


def test_a_capture_that_cannot_be_read_back_is_a_row_too():
    row = unreadable("http://News.example/a/?utm_source=x", "the WARC record is cut off")
    assert (row["url"], row["clean_outcome"], row["clean_error"]) == (URL, "failed", "the WARC record is cut off")
    assert row.keys() == clean(html(f"<p>{LEAD}</p>")).keys()


_BITS = """<html>|<head>|<meta charset=utf-8>|<title>|<p>|</p>|<div class='related'>|</div>|<time datetime='|2022-04-11|'>|<h1>
|<!--|<script type='application/ld+json'>|{"@type":"Article","headline":"\\ud800","datePublished":"2022-04-11T25:00Z"}|</script>
|<a href='|<link rel=canonical href='//[x'>|Source: Rudaw|&#xd800;|\0|<table><tr><td>|<article>"""
_MARKUP = st.lists(st.sampled_from([LEAD, *_BITS.replace("\n", "").split("|")]), max_size=30)


@given(_MARKUP.map("".join).map(str.encode) | st.binary(max_size=200), st.none() | st.text(max_size=20))
def test_no_bytes_raise_and_every_row_fits_its_dataset(body, content_type):
    row = clean(body, content_type=content_type)
    assert "cleaning broke" not in (row["clean_error"] or "")


OWNED = "&#27;[2J\x1b]0;owned\x07&#x202e;&#155;31m&#x2066;\x0b"


def test_a_page_commands_no_terminal_and_its_evidence_stands_where_it_is_said_to():
    sentence = f"At least{OWNED} four people were killed by gunmen in As Sukhnah{OWNED} on Sunday, officials said."
    witnesses = "".join(f"<p>Witness {n} told the agency that{OWNED} the town was quiet before that.</p>" for n in "ABCDE")
    head = f"<title>Four{OWNED} killed</title><meta name=author content='A{OWNED} B'>"
    row = clean(f"<html><head>{head}</head><body><article><p>{sentence}</p>{witnesses}</article></body></html>")
    assert row["clean_outcome"] == "cleaned"
    for text in (row["title"], row["text"], *row["authors"]):
        assert not COMMANDS.search(text), text
    assert "four people were killed" in row["text"]
    article = row | {"source": "wire", "outlet": "Wire", "document_id": "d", "published_on": date(2022, 11, 22)}
    evidence = [e for report in extract_article(article).reports for e in report["evidence"] if e["start"] is not None]
    assert evidence and all(row[e["part"]][e["start"] : e["end"]] == e["phrase"] for e in evidence)


@pytest.mark.parametrize(
    "control", ["\x00", "\x07", "\x0b", "\x0c", "\x1b[2J", "&#27;", "&#x1B;", "&#0000007;", "&#xe;", "&#12;", "&#x9b;"]
)
def test_a_control_character_does_not_cost_the_text(control):
    row = clean(
        html(
            f"<article><p>{LEAD}</p><p>Residents said that{control} the town was quiet before that.</p><p>{LEAD}</p></article>"
        )
    )
    assert row["clean_outcome"] == "cleaned"
    assert LEAD in row["text"] and "the town was quiet" in row["text"]


@pytest.mark.parametrize(
    ("written", "read"), [("&#39;", "'"), ("&#270;", "\u010e"), ("&#x1F4;", "\u01f4"), ("&#160;", " "), ("&#x6;4", "4")]
)
def test_other_references_to_characters_are_read(written, read):
    row = clean(html(f"<article><p>{LEAD} It said{written}so.</p></article>"))
    assert f"It said{read}so." in row["text"].replace("\xa0", " ")


def test_a_text_without_a_page_commands_no_terminal():
    text = "Four people were killed\x1b[2J in Homs\u202e on Sunday.\r\nThe army said so.\x9b"
    row = clean_text(
        text.encode(), url="https://a.example/1", title="Four\x1b[0m", published=None, fetched_at=datetime.now(UTC)
    )
    assert (row["title"], row["text"]) == ("Four[0m", "Four people were killed[2J in Homs on Sunday.\nThe army said so.\u203a")
