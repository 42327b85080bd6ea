"""The story of a page without what stands around it."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.html import document_fromstring

from include.clean.chrome import without_chrome_lines
from include.clean.main_text import main_text

PAGES = Path(__file__).parent / "pages"
LEAD = "Four soldiers were killed and two others were wounded near the town of Sukhnah on Sunday evening, the governor said."
MORE = "The road to Deir ez-Zor was closed until the morning, and lorries stood in line as far as the edge of the oasis."
LAST = "Nobody has said that they carried out the attack, which was the third of its kind since the month of Ramadan began."
STORY = [LEAD, MORE, LAST]
PARAGRAPHS = "".join(f"<p>{p}</p>" for p in STORY)


def text_of(body: str, **given) -> list[str]:
    return main_text(document_fromstring(f"<html><body>{body}</body></html>"), **given).splitlines()


def page_text(name: str, **given) -> str:
    return main_text(document_fromstring((PAGES / name).read_text(encoding="utf-8")), **given)


def test_a_monitors_page_keeps_its_words_as_broken_up_and_loses_other_stories():
    text = page_text("monitor.html", title="Dawn raid | Five kil-led as IS-IS cells attack post near Uqayribat")
    assert text.splitlines() == [
        "Hama province: Monitor activists have documented the death of five soldiers of the regime forces, in a dawn att-ack by"
        " IS-IS cells on a post near Uqayribat.",
        "Two other soldiers were inju-red and were taken to the hospital in Salamiyah.",
        "On the other hand, warplanes struck caves in the desert, and no losses were reported.",
        "The toll of the year has thus reached:",
        "- 31 soldiers of the regime forces.",
        "- 12 members of the militias.",
    ]


def test_an_agencys_page_loses_the_story_linked_in_the_middle():
    text = page_text("agency.html")
    assert "Islamic State cells still move about in the orchards of the province, where eleven people died last month." in text
    assert "AFP contributed to this report." in text
    for other in ("Tuz Khurmatu", "ferry", "Read more", "Most read"):
        assert other not in text


def test_paragraphs_in_boxes_keep_their_links_and_the_short_ones_between_them():
    assert page_text("boxes.html", title="Drone strike on convoy near Abu Kamal").splitlines() == [
        "A drone struck a convoy of lorries near Abu Kamal on Monday night, and at least six drivers were killed, residents of"
        " the town said.",
        "Nobody survived.",
        "The lorries had crossed from Iraq in the afternoon and carried flour and cooking oil, said a man who sells both in the"
        " market.",
        "It was the third strike on the crossing within a month, and the first one by day that people there could remember.",
    ]


def test_a_page_laid_out_in_tables_is_read_in_paragraphs():
    lines = page_text("republisher.html").splitlines()
    assert "Officers said that they had closed the road until the evening, and that “drivers should wait”." in lines
    assert not any("Sport" in line for line in lines)


def test_the_text_in_the_metadata_counts_where_a_script_draws_the_page():
    stated = f"<p>{LEAD}</p><p>{MORE}</p><p>{LAST}</p>"
    assert text_of("<div id=root></div>", stated=stated) == STORY
    assert text_of(PARAGRAPHS, stated="Something else " * 50) == STORY


@pytest.mark.parametrize(
    "chrome",
    [
        "<aside><h3>Related news</h3><ul><li><a href=/>Ninety killed in Aleppo</a></ul></aside>",
        "<div class='post__related-list'><a href=/>Ninety killed in Aleppo</a><p>Ninety people were killed in Aleppo when a"
        " lorry full of explosives blew up beside a queue for bread in the east.</p></div>",
        "<h4>Read also:</h4><ul><li><a href=/>Ninety killed in Aleppo</a><li><a href=/>Sport</a></ul>",
        "<div><div><b>More from this section</b></div><div><a href=/>Ninety killed in Aleppo</a></div></div>",
        "<div>Prev Post</div><div><a href=/>Ninety killed in Aleppo</a></div>",
        "<p>Read more: <a href=/>Ninety killed in Aleppo</a></p>",
        "<p><strong>ALSO READ | <a href=/>Ninety killed in Aleppo</a></strong></p>",
        "<p><a href=/>Ninety killed in Aleppo, says the monitor</a></p>",
        "<ul><li><a href=/>Ninety killed in Aleppo as bread queue hit</a><li><a href=/>Truce talks begin in Astana</a></ul>",
        "<div class='newsletter-box'><p>Sign up for our newsletter: Ninety killed in Aleppo and other stories.</p></div>",
        "<div class=cookie-banner><p>Ninety killed in Aleppo. We use cookies.</p></div>",
        '<div class=x-data>{"type":"FeatureCollection","label":"Ninety killed in Aleppo","features":[{"a":1},{"b":2}]}</div>',
        "<div class='tnt-asset'><ul><li><a href=/><h3>Ninety killed in Aleppo</h3></a><p>A lorry full of explosives blew"
        " up beside a queue for bread in the east of the city, and the hospitals are full.</p></li></ul></div>",
        "<div><div><h4><a href=/>Ninety killed in Aleppo</a></h4><span>A lorry blew up beside a queue.</span></div></div>",
        "<div class=story-recirc><p>Ninety killed in Aleppo</p></div>",
        "<table><tr><td><b>TOP STORIES</b><br><a href=/>Ninety killed in Aleppo</a><br>Truce talks begin</td></tr></table>",
        "<div><b>Most viewed</b><br>Ninety killed in Aleppo<br>Truce talks begin in Astana</div>",
        "<form><p>Ninety killed in Aleppo</p><input></form>",
    ],
)
@pytest.mark.parametrize("place", ["middle", "end", "outside"])
def test_other_stories_are_cut_and_the_story_is_whole(chrome, place):
    first, *rest = (f"<p>{p}</p>" for p in STORY)
    body = {
        "middle": f"<article><div class=body>{first}{chrome}{''.join(rest)}</div></article>",
        "end": f"<article><div class=body>{PARAGRAPHS}{chrome}</div></article>",
        "outside": f"<article><div class=body>{PARAGRAPHS}</div></article>{chrome}",
    }[place]
    assert text_of(f"<h1>Four killed near Sukhnah</h1>{body}", title="Four killed near Sukhnah") == STORY


@pytest.mark.parametrize(
    "html",
    [
        f"<article class='post has-related share-enabled'>{PARAGRAPHS}</article>",
        f"<div class='content related'>{PARAGRAPHS}</div>",
        f"<div class='social-body'><div class='share'>{PARAGRAPHS}</div></div>",
        f"<section><h2>Latest news</h2>{PARAGRAPHS}</section>",
        "".join(f"<div class=body><p>{p}</p></div><div class=ad>Advertisement</div>" for p in STORY),
        "".join(f"<div>{p}</div>" for p in STORY),
        "".join(f"<p><span class=social-menu><a class=author href=/>{p[:40]}</a></span>{p[40:]}</p>" for p in STORY),
        f"<table><tr><td><a href=/>Home</a></td><td>{PARAGRAPHS}</td></tr></table>",
    ],
)
def test_names_and_boxes_that_look_like_chrome_do_not_cost_the_story(html):
    assert text_of(f"<h1>Four killed near Sukhnah</h1>{html}", title="Four killed near Sukhnah") == STORY


OTHER = "<h1>Ninety killed in Aleppo</h1>" + "".join(f"<p>{p.replace('Four', 'Ninety')}</p>" for p in STORY)


@pytest.mark.parametrize(
    "html",
    [
        f"<main><article><h1>Four killed near Sukhnah</h1>{PARAGRAPHS}</article>Up next<article>{OTHER}</article></main>",
        f"<article>{OTHER}</article><article><h1>Four killed near Sukhnah</h1>{PARAGRAPHS}</article>",
        f"<h1>Four killed near Sukhnah</h1><article>{PARAGRAPHS}</article><article>{OTHER}</article>",
    ],
)
def test_of_several_articles_the_one_of_the_title_is_read(html):
    assert text_of(html, title="Four killed near Sukhnah") == STORY


def test_a_linked_headline_over_a_short_story_is_its_own():
    assert text_of(f"<div><h2><a href=/>Four killed</a></h2><p>{LEAD}</p></div>", title="Four killed") == [LEAD]
    html = f"<div><h2><a href=/>Four killed near Sukhnah</a></h2><p>{LEAD}</p></div><div><p>{MORE}</p></div>"
    assert LEAD in text_of(html, title="Four killed near Sukhnah on Sunday")


def test_a_short_story_is_not_filled_up_with_what_surrounds_it():
    body = (
        f"<main><article><h1>Four killed</h1><p>{LEAD}</p></article></main><div><p>Weather: dust.</p><p>Dollar: up.</p></div>"
    )
    assert text_of(body, title="Four killed") == [LEAD]


def test_text_between_line_breaks_and_boxes_is_a_paragraph_as_a_browser_shows_it():
    box = "<table><tr><td><b>Also in the news</b><br><a href=/x>Eleven killed in market blast in Tuz</a></td></tr></table>"
    body = (
        f"<div><h2>Four killed</h2><b>HOMS -</b> {LEAD}<br><br>{MORE}<br>{box}{LAST}<br>(Agency)<br><a href=/p>Print</a></div>"
    )
    assert text_of(body) == [f"HOMS - {LEAD}", MORE, LAST, "(Agency)"]


def test_a_notice_that_is_longer_than_the_story_is_none():
    notice = f"<div role=dialog><p>We and our 846 partners {MORE * 9}</p></div>"
    assert text_of(f"{notice}<article>{PARAGRAPHS}</article>") == STORY
    assert text_of(f"<div class=didomi-popup><p>Partners. {LAST}</p></div><article>{PARAGRAPHS * 3}</article>") == STORY * 3


def test_a_story_in_a_box_that_is_called_a_dialog_or_a_component_stays():
    assert text_of(f"<div role=dialog><h1>Four killed</h1>{PARAGRAPHS}</div>", title="Four killed") == STORY
    parts = [*STORY, MORE.replace("lorries", "buses"), LAST.replace("third", "fourth")]
    assert text_of("".join(f"<div class=cmp-text><p>{part}</p></div>" for part in parts)) == parts


def test_a_post_loses_the_post_that_it_answers():
    quoted = "<a href=/1><div class=message_reply_text>Shelling since dawn, six dead</div></a>"
    assert text_of(f"<div class=post>{quoted}<div class=message_text>{LEAD}<br>{MORE}</div></div>") == [LEAD, MORE]


def test_a_table_of_tolls_is_kept():
    rows = "<tr><th>Province</th><th>Killed</th></tr><tr><td>Homs</td><td>12</td></tr><tr><td>Hama</td><td>31</td></tr>"
    text = "\n".join(text_of(f"<article>{PARAGRAPHS}<table>{rows}</table></article>"))
    assert "Homs | 12" in text
    assert "Hama | 31" in text


def test_a_label_and_its_value_in_two_boxes_are_two_words():
    items = "<ul><li><div>Civilians killed</div><div>2</div></li><li><div>Injured</div><div>7</div></li></ul>"
    assert "- Civilians killed 2" in text_of(f"<article>{PARAGRAPHS}{items}</article>")


@pytest.mark.parametrize("body", ["", "<p></p>", "<script>var a = 1</script>", "<img src=x>", "<nav><a href=/>Home</a></nav>"])
def test_a_page_without_words_has_no_text(body):
    assert text_of(body) == []


@pytest.mark.parametrize(
    "line",
    [
        "Related: Ninety killed in Aleppo",
        "READ MORE: Ninety killed in Aleppo",
        "Lire aussi : Quatre-vingt-dix morts à Alep",
        "اقرأ أيضا: مقتل 20 جنديا في كمين بالبادية",
        "Also read - Ninety killed in Aleppo",
        "Follow us on Twitter and Facebook",
        "Share | Tweet | Email",
        "Sign up here for our free newsletter on the Middle East",
        "This website uses cookies to improve what it shows you",
        "Advertisement",
        "Got a story? Write to the desk.",
        "Do you like our stories? Join our WhatsApp channel, where 55,000 readers get them first.",
        "This article is for subscribers. Subscribe for one euro to read the rest.",
        "This site is protected by reCAPTCHA and the Privacy Policy applies.",
        "Issued on: Modified:",
        "For more stories like this, check our news page.",
    ],
)
def test_a_line_of_chrome_is_cut(line):
    assert without_chrome_lines(f"{LEAD}\n{line}\n{MORE}") == f"{LEAD}\n{MORE}"


@pytest.mark.parametrize(
    "line",
    [
        "More than forty people were killed, the monitor said.",
        "Related attacks killed two people in Homs and wounded five.",
        "Watch towers were set on fire and three guards were shot.",
        "Read also means that the toll of 12 was in the earlier report.",
        "Following the attack, four people died of their wounds.",
        "Sharing the road with the army, two farmers were killed.",
        "We count only the dead whose names we have.",
        "The next day, three more were killed.",
        "Source: Rudaw",
        "Source: Tigris Press",
        "• One member of the militia.",
        "Posted to the front in May, he died there.",
        "12/10/2023: two killed in Hays",
        "Like our neighbours we saw it on Facebook: two dead, three hurt.",
        "They told him to join our group on the hill, and shot him.",
        "Video: none.",
    ],
)
def test_a_line_of_the_story_stays(line):
    assert without_chrome_lines(f"{LEAD}\n{line}\n{MORE}") == f"{LEAD}\n{line}\n{MORE}"


def test_what_follows_prev_post_is_cut_unless_the_story_goes_on():
    tail = "Prev Post\nNinety killed in Aleppo\nNext Post\nA truce, and what came of it"
    assert without_chrome_lines(f"{LEAD}\n{tail}") == LEAD
    assert MORE in without_chrome_lines(f"{LEAD}\nRelated news\n{MORE} {LAST}")


_TAGS = st.sampled_from(
    ["div", "p", "span", "a", "ul", "li", "table", "tr", "td", "h1", "h2", "b", "article", "aside", "br", "form"]
)
_CLASSES = st.sampled_from(["", " class=related", " class=body", " id=share", " class='post-nav x'"])
_HTML = st.lists(
    st.tuples(_TAGS, _CLASSES).map(lambda t: f"<{t[0]}{t[1]}>")
    | _TAGS.map(lambda t: f"</{t}>")
    | st.sampled_from([LEAD, MORE, "Related news", "Prev Post", "killed", "&#0;&#xd800;&bogus;", "Source: Rudaw"]),
    max_size=40,
).map("".join)


@given(_HTML)
def test_no_markup_breaks_the_reading(html):
    text = main_text(document_fromstring(f"<html><body>{html}<p>.</p></body></html>"))
    assert text == text.strip()
    assert "\n\n" not in text
