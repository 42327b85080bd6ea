"""From a page's bytes to its characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.clean.charset import CharsetError, decode

ENGLISH = "<p>Two officers were wounded near the café “Sahara”, residents of the quarter said on Monday.</p>" * 3
ARABIC = "<p>قتل أربعة جنود وأصيب اثنان آخران في هجوم على موقع عسكري قرب مدينة السخنة في ريف حمص الشرقي.</p>" * 3
RUSSIAN = "<p>Четверо военных погибли и двое ранены при нападении на пост недалеко от города Пальмира.</p>" * 3


def page(text: str, declared: str | None = None) -> str:
    return f"<html><head>{f'<meta charset={declared}>' if declared else ''}</head><body>{text}</body></html>"


@pytest.mark.parametrize("text", [ENGLISH, ARABIC, RUSSIAN])
@pytest.mark.parametrize("declared", [None, "utf-8", "iso-8859-1", "windows-1256", "no-such-charset"])
def test_utf8_is_read_as_utf8_whatever_is_declared(text, declared):
    assert decode(page(text, declared).encode(), f"text/html; charset={declared}") == page(text, declared)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(ENGLISH, "cp1252"), (ARABIC, "cp1256"), (ARABIC, "iso8859_6"), (RUSSIAN, "cp1251"), (RUSSIAN, "koi8_r")],
)
def test_a_declared_charset_is_believed_when_the_text_reads_sensibly_under_it(text, encoding):
    label = encoding.replace("cp", "windows-").replace("iso8859_", "iso-8859-").replace("koi8_r", "koi8-r")
    in_header, in_page = page(text), page(text, label)
    assert decode(in_header.encode(encoding), f'text/html; charset="{label}"') == in_header
    assert decode(in_page.encode(encoding), "text/html") == in_page


def test_the_header_outranks_the_page():
    text = page(ARABIC, "windows-1252")
    assert decode(text.encode("cp1256"), "text/html; charset=windows-1256") == text


@pytest.mark.parametrize(("text", "encoding"), [(ENGLISH, "cp1252"), (ARABIC, "cp1256"), (RUSSIAN, "cp1251")])
@pytest.mark.parametrize("declared", ["utf-8", "iso-8859-1", None])
def test_a_wrong_declaration_gives_no_mojibake(text, encoding, declared):
    html = page(text, declared)
    assert decode(html.encode(encoding), None) == html


def test_latin_1_means_what_browsers_read_as_it():
    assert "“Sahara”" in decode(page(ENGLISH).encode("cp1252"), "text/html; charset=ISO-8859-1")


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_byte_order_marks_and_utf16_are_seen(encoding):
    assert decode(page(ARABIC).encode(encoding), "text/html; charset=iso-8859-1") == page(ARABIC)


def test_utf8_cut_off_in_the_middle_of_a_character_loses_that_one_only():
    assert decode(page(ARABIC).encode()[:200]).startswith("<html><head></head><body><p>قتل أربعة جنود")


def test_bytes_that_are_no_text_are_refused_by_name():
    noise = b"<html><body>" + bytes(range(0x80, 0x100)) * 20
    with pytest.raises(CharsetError, match=r"charset can't be told.*\(cp1252\)"):
        decode(noise, "text/html; charset=iso-8859-1")


@given(st.binary(max_size=300), st.none() | st.text(max_size=40))
def test_any_bytes_give_text_or_a_charset_error(body, content_type):
    try:
        assert isinstance(decode(b"<p>" + body, content_type), str)
    except CharsetError as error:
        assert "UTF-8" in str(error)
