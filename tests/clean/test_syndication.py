"""Whose text a page carries, where it says so."""

import pytest
from lxml.html import document_fromstring

from include.clean.syndication import origin_lines, syndicated_from

STORY = "Four soldiers were killed near Homs on Monday, the governor said, and two more were wounded when a mine blew up."


@pytest.mark.parametrize(
    ("line", "origin"),
    [
        ("Source: Rudaw", "Rudaw"),
        ("Source: Enab Baladi.", "Enab Baladi"),
        ("News source - rudaw.net", None),
        ("Source: www.rudaw.net", "www.rudaw.net"),
        ("Originally published by Tigris Press", "Tigris Press"),
        ("First published in The Jazira Mail on 3 May 2022.", "The Jazira Mail"),
        ("This article was first published by Tigris Press and is used here with its permission.", "Tigris Press"),
        ("This story originally appeared on Kurdistan Today.", "Kurdistan Today"),
        ("Republished from Enab Baladi under a Creative Commons licence.", "Enab Baladi"),
        ("(This article was republished with permission from The Jazira Mail.)", "The Jazira Mail"),
        ("© 2022 AFP", "AFP"),
        ("- Reuters", "Reuters"),
        ("The road was closed until the evening. (Xinhua)", "Xinhua"),
        # who helped is no origin
        ("AFP contributed to this report.", None),
        ("With files from the Associated Press", None),
        ("Reporting by Rana Haddad; editing by Ali Omar", None),
        # nor is who is quoted
        ("Reuters reported on Monday that four soldiers were killed.", None),
        ("The toll was first published by the ministry on Monday.", None),
        ("Source: a security official", None),
        ("Source: He said that four were killed", None),
        ("Photo source: AFP", None),
        ("The governor lives in Homs (Syria).", None),
    ],
)
def test_a_line_under_the_text(line, origin):
    assert syndicated_from(f"{STORY}\n{line}") == origin


@pytest.mark.parametrize(
    ("opening", "origin"),
    [
        ("BAGHDAD (Reuters) - ", "Reuters"),
        ("BAQUBAH, Iraq, May 2 (Tigris Press) — ", "Tigris Press"),
        ("Damascus, 11 April 2022 (SANA) -- ", "SANA"),
        ("BAGHDAD - ", None),
        ("The Islamic State (ISIS) has ", None),
    ],
)
def test_a_dateline(opening, origin):
    assert syndicated_from(opening + STORY) == origin


def test_an_agency_as_the_author():
    assert syndicated_from(STORY, authors=["Reuters"]) == "Reuters"
    assert syndicated_from(STORY, authors=["Rana Haddad"]) is None


def test_an_outlet_is_not_its_own_origin():
    text = f"BAGHDAD (Reuters) - {STORY}"
    assert syndicated_from(text, url="https://www.reuters.com/world/a") is None
    assert syndicated_from(text, url="https://www.reuters-fans.example/a") == "Reuters"
    assert syndicated_from(f"BAQUBAH (Tigris Press) - {STORY}", site_name="The Tigris Press") is None
    assert syndicated_from(f"HOMS (OMHR) - {STORY}", site_name="Orontes Monitor for Human Rights") is None


def test_a_line_that_names_the_origin_outranks_the_dateline():
    assert syndicated_from(f"BAGHDAD (Reuters) - {STORY}\nSource: Rudaw") == "Rudaw"


def test_several_source_lines_are_credits_and_name_no_origin():
    assert syndicated_from(f"{STORY}\nSource: Rana Haddad\nSource: Ali Omar") is None


def test_a_term_names_the_origin_and_stays_out_of_the_text():
    terms = "<dl><dt>Format</dt><dd>Report</dd><dt>Source</dt><dd><ul><li><a href=/o>Tigris Press</a></li></ul></dd></dl>"
    page = document_fromstring(f"<article>{terms}<p>{STORY}</p></article>")
    assert origin_lines(page) == ["Source: Tigris Press"]
    assert origin_lines(document_fromstring(f"<aside>{terms}</aside><p>{STORY}</p>")) == []


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        (f"<article><p>{STORY}</p><p class=tags>Source: <a href=/>Rudaw</a></p></article>", ["Source: Rudaw"]),
        (f"<article><div><p>{STORY}</p></div><footer>Source: Rudaw</footer></article>", []),
        (f"<article><p>{STORY}</p><footer><p>Source: Rudaw</p></footer></article>", ["Source: Rudaw"]),
        (f"<div>{STORY * 4}<br><span>Source: Rudaw</span></div>", ["Source: Rudaw"]),
        (f"<p>{STORY}</p><figure><img><figcaption><span>Source: AFP</span></figcaption></figure>", []),
        (f"<p>{STORY}</p><div><div><img><i>Source: AFP</i></div></div>", []),
        (f"<p>{STORY}</p><p>Source: Rana</p><p>Source: Ali</p>", []),
    ],
)
def test_the_line_is_found_on_the_page_and_credits_of_pictures_are_not(html, lines):
    assert origin_lines(document_fromstring(f"<html><body>{html}</body></html>")) == lines
