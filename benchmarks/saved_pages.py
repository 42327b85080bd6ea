"""Pages as outlets serve them, around the generated articles of corpus.py: the same in every run, some 54 kB each.

A page has what makes real ones long: styles, scripts with data in them, menus, a box of other stories (headlines of conflict
among them, as on any front page), comments, a footer. Outlets differ in their markup: paragraphs of text in `p` or in `div`,
other stories in an `aside`, in a list below the text, or in cards.
"""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import escape
from random import Random
from typing import NamedTuple

from benchmarks import corpus

HOSTS = 200
SIZE = 54_000
"""Bytes of a page, about."""
CONFLICT_HEADLINES = (
    "Three killed in overnight strike on Kharkiv",
    "At least 12 dead as gunmen attack village market",
    "Two soldiers wounded by roadside bomb near Mosul",
    "Death toll from camp shelling rises to nine",
)
_BEGUN = datetime(2022, 4, 11, tzinfo=UTC)


class SavedPage(NamedTuple):
    """A page: its address, when it was captured, its bytes, and whether its article is about conflict."""

    url: str
    captured_at: datetime
    body: bytes
    is_conflict: bool


def pages(count: int, conflict_share: float, seed: int = 0) -> Iterator[SavedPage]:
    """That many pages, of which this share is about conflict."""
    random = Random(seed)
    titles = ["Council approves the new timetable"]
    fillers = [_filler(Random(n)) for n in range(20)]
    for number, article in enumerate(corpus.articles(count, conflict_share, seed)):
        host = f"www.outlet{random.randrange(HOSTS)}.example"
        titles = [*titles[-40:], article["title"]]
        url = f"https://{host}/news/2022/04/11/{number}.html"
        body = _page(article, url, titles, random.choice(fillers), random)
        yield SavedPage(url, _BEGUN + timedelta(seconds=number), body.encode(), article["id"].startswith("conflict"))


def _page(article: dict[str, str], url: str, titles: list[str], filler: str, random: Random) -> str:
    title, style, host = escape(article["title"]), random.randrange(3), url.split("/")[2]
    others = [*random.choices(titles, k=10), random.choice(CONFLICT_HEADLINES)]
    random.shuffle(others)
    data = {"@type": "NewsArticle", "headline": article["title"], "datePublished": article["published_at"]}
    tag = ("p", "p", "div")[style]
    story = "\n".join(f"<{tag}>{escape(p)}</{tag}>" for p in article["text"].split("\n") if p.strip())
    head = f"""<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title} - {host}</title>
<meta property="og:title" content="{title}"><meta name="description" content="{title}">
<link rel="canonical" href="{url}">
<script type="application/ld+json">{json.dumps(data)}</script>"""
    body = f"""</head><body class="single"><header><nav>{_links(titles, 12)}</nav></header>
<main><article><h1>{title}</h1><time datetime="{article["published_at"]}">11 April 2022</time>
{story}
{_others(others, style)}</article></main>
<footer>{_links(titles, 20)}<p>Copyright {host}. All rights reserved.</p></footer>"""
    room = SIZE - len(head) - len(body)
    return f"{head}\n<style>{filler[: room // 3]}</style>{body}\n<script>{filler[room // 3 : room]}</script></body></html>"


def _others(titles: list[str], style: int) -> str:
    """The box of other stories, as one of three outlets has it."""
    links = [f'<a href="/news/{i}.html">{escape(title)}</a>' for i, title in enumerate(titles)]
    if style == 0:
        return f"<aside><h2>Most read</h2><ol>{''.join(f'<li>{link}</li>' for link in links)}</ol></aside>"
    if style == 1:
        return f'<div class="related"><h3>Related stories</h3><ul>{"".join(f"<li>{link}</li>" for link in links)}</ul></div>'
    return f'<section class="cards">{"".join(f"<div><h3>{link}</h3></div>" for link in links)}</section>'


def _links(titles: list[str], number: int) -> str:
    return "".join(f'<a class="item" href="/section/{i}">{escape(title)}</a>' for i, title in enumerate(titles[-number:]))


def _filler(random: Random) -> str:
    """Text like that of styles and scripts, which says `body`, `life` and `killed` as they do; no tag in it."""
    words = ("body", "div", "font-size", "margin", "color", "function", "return", "document", "killed-flag", "life-cycle")
    pieces = []
    size = 0
    while size < SIZE:
        piece = f".{random.choice(words)}-{random.randrange(9999)}{{{random.choice(words)}:{random.randrange(999)}px;}} "
        pieces.append(piece)
        size += len(piece)
    return "".join(pieces)
