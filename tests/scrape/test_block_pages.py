import pytest

from include.scrape.block_pages import block_page


@pytest.mark.parametrize(
    "head",
    [
        b"<html><head><title>Just a moment...</title>",
        b"<TITLE lang='en'>\n  Access   Denied </TITLE>",
        b"<title>Attention Required! | Cloudflare</title>",
        b"<title>Checking your browser before you go on</title>",
        b"<html><script>window._cf_chl_opt={cvId:'2'}</script>",
        b'<html><iframe src="//x/_Incapsula_Resource?SWUDNSAI=1"></iframe>',
    ],
)
def test_what_a_guard_serves_is_a_block_page(head: bytes):
    assert block_page(head)


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"\xff\xfe\x00",
        b"<title>",
        b"<title>Access denied to aid convoys near Homs, monitor says</title>",
        b"<title>Security checkpoint attacked, three killed</title>",
        b"<title>Two killed</title><script src='/cdn-cgi/challenge-platform/scripts/jsd/main.js'></script>",
        b"<title>Contact</title><div class='g-recaptcha'></div>",
        b"<p>Forbidden</p>",
    ],
)
def test_an_article_is_none(head: bytes):
    assert block_page(head) is None
