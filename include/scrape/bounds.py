"""What to expect of a source: too little fails it, for a site that was rebuilt looks like peace; too much is told.

A violated bound is a signal to look at the outlet and explain it; the bound is changed only if the outlet has.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from include.scrape.fetch import Response
from include.scrape.listed import Listed
from include.scrape.sources import Bounds
from include.scrape.state import SourceState

SAMPLE = 20
"""Most pages of one run that are cleaned to see whether they state a date and hold a text."""

ENOUGH = 5
"""Fewest pages by which shares are judged; fewer wait for the next run's."""


def look(article: Listed, response: Response, fetched_at: datetime) -> list[bool]:
    """Whether cleaning finds a date and a text in a captured page."""
    row = cleaned(article, response, fetched_at)
    return [row["published_on"] is not None, row["clean_outcome"] == "cleaned"]


def cleaned(article: Listed, response: Response, fetched_at: datetime) -> dict[str, Any]:
    """What cleaning makes of a captured page: columns of `articles`."""
    from include.clean.page import clean_page

    return clean_page(
        response.decoded(),
        url=response.url,
        content_type=response.header("content-type"),
        listed_title=article.title,
        listed_published=article.published_text,
        fetched_at=fetched_at,
    )


def judge(bounds: Bounds, state: SourceState, now: datetime) -> tuple[list[str], list[str]]:
    """What falls short of the bounds, and what goes beyond them, in words. The pages that are judged are judged once."""
    period = timedelta(days=bounds.days)
    number = state.captured_since(now - period)
    short, beyond = [], []
    followed = state.begun is not None and datetime.fromisoformat(state.begun) <= now - period
    if bounds.least is not None and followed and number < bounds.least:
        short.append(f"{number:,} new articles in {bounds.days} days, at least {bounds.least:,} are expected")
    if bounds.most is not None and number > bounds.most:
        beyond.append(f"{number:,} new articles in {bounds.days} days, at most {bounds.most:,} are expected")
    if len(state.unjudged) >= ENOUGH:
        dated, text = zip(*state.unjudged, strict=True)
        short += _share(dated, bounds.dated, "state a date") + _share(text, bounds.text, "hold a text")
        state.unjudged = []
    return short, beyond


def _share(seen: Sequence[bool], least: float | None, what: str) -> list[str]:
    if least is None or sum(seen) / len(seen) >= least:
        return []
    return [f"{sum(seen)} of {len(seen)} pages looked at {what}, at least {least:.0%} are expected to"]
