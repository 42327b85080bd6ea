"""Pages that are small to send and large to read, for :mod:`tests.peak`: each as large as the limits let through, or larger."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from include.clean.page import clean_page

MB = 1_000_000
SENTENCE = b"Two soldiers were killed on Monday in Homs when a mine went off under their car. "
END = b"<p>" + SENTENCE + b"</p></body></html>"


def fill(piece: bytes, size: float = 0.99, before: bytes = b"<html><body>", after: bytes = END) -> Callable[[], bytes]:
    """So many megabytes of one piece."""
    return lambda: before + piece * (int(size * MB) // len(piece)) + after


def numbered(pattern: bytes, number: int, before: bytes = b"<html><body>", after: bytes = END) -> Callable[[], bytes]:
    """So many pieces, each with its number in it."""
    return lambda: before + b"".join(pattern % i for i in range(number)) + after


SCRIPT = b"<html><head><script>"
JSON_LD = b"<html><head><script type='application/ld+json'>"
PAGES: dict[str, Callable[[], bytes]] = {
    "words": fill(SENTENCE, before=b"<html><body><p>"),
    "words, 20 MB": fill(SENTENCE, 20, before=b"<html><body><p>"),
    "Arabic words": fill("قتل جنديان في انفجار لغم. ".encode(), before=b"<html><body><p>"),
    "words in no UTF-8": fill(b"\xe9\xe8\xe7\xe6 ", before=b"<html><body><p>"),
    "paragraphs": fill(b"<p>" + SENTENCE + b"</p>", 0.75),
    "short paragraphs": fill(b"<p>words", 0.15),
    "20 MB of paragraphs": fill(b"<p>" + SENTENCE + b"</p>", 20),
    "100,000 boxes in each other": fill(b"<div>", 0.5),
    "19,000 boxes in each other": fill(b"<div>", 0.095),
    "boxes in each other, 200 deep": fill(b"<div>" * 200 + SENTENCE + b"</div>" * 200, 0.13),
    "tables in each other": fill(b"<table><tr><td>", 0.09),
    "a tag with 100,000 attributes": numbered(b" a%d=''", 100_000, before=b"<html><body><p", after=b">words" + END),
    "attributes without a value": numbered(b" a%d", 100_000, before=b"<html><body><p", after=b">words" + END),
    "many tags with 2,900 attributes": lambda: (
        b"<html><body>" + (b"<p" + b"".join(b" a%d" % i for i in range(2900))) * 50 + END
    ),
    "tags": fill(b"<b>x</b>", 0.078),
    "links": numbered(b"<a href=/%d>Two killed</a>", 9_900),
    "lists of links": fill(b"<li><a href=x>Two killed in Homs on Monday by a mine</a></li>", 0.3, before=b"<html><body><ul>"),
    "headlines": fill(b"<h1>Two killed in Homs</h1>", 0.26),
    "meta elements": fill(b"<meta property='og:title' content='a b c'>", 0.75, before=b"<html><head>"),
    "a title": fill(b"word ", before=b"<html><title>", after=b"</title>" + END),
    "entities": fill(b"&amp;", before=b"<html><body><p>"),
    "less-than signs": fill(b"<", 0.019),
    "a million less-than signs": fill(b"<"),
    "comments": fill(b"<!---->", 10),
    "a script of 10 MB": fill(b"var a=1;", 10, before=SCRIPT, after=b"</script></head><body>" + END),
    "scripts that do not end": fill(b"<script>", 0.15),
    "scripts that do not end, in no UTF-8": fill(b"<script>\xe9", 0.15),
    "JSON-LD": fill(b'{"@type":"x"},', before=JSON_LD + b"[", after=b"{}]</script></head><body>" + END),
    "JSON-LD in itself": fill(b"[", before=JSON_LD, after=b"</script></head><body>" + END),
    "a picture of 10 MB": fill(b"AAAA", 10, before=b"<html><body><img src='data:image/png;base64,", after=b"'>" + END),
    "NUL bytes": fill(b"\0", before=b"<html><body><p>"),
    "noise": lambda: b"<html><body><p>" + bytes(i * i % 251 for i in range(990_000)),
    "quotes that do not close": fill(b"<a href='", 0.17),
    "white space": fill(b" ", before=b"<html><body><p>x"),
    "word<br>": fill(b"word<br>", 0.15, before=b"<html><body><p>"),
}


def warm_up(_: str) -> None:
    """Clean ordinary pages, with and without much text, and one whose charset must be detected."""
    folder = Path(__file__).parent / "pages"
    for page in [path.read_bytes() for path in sorted(folder.glob("*.html"))] + [b"<p>" + b"caf\xe9s r\xe9sum\xe9s " * 50, END]:
        _clean(page)


def _clean(page: bytes) -> str:
    row = clean_page(page, url="https://news.example/a", content_type="text/html", fetched_at=datetime(2022, 4, 11, tzinfo=UTC))
    return f"{row['clean_outcome']}: {row['clean_error']}"


def cases(_: str) -> dict[str, Callable[[], str]]:
    """Cleaning each page. The page itself is there before."""
    return {name: partial(_clean, make()) for name, make in PAGES.items()}
