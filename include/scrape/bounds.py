"""What to expect of a source: too little fails it, for a site that was rebuilt looks like peace; too much is told.

The shares of pages with a date and with a text are judged before anything is published: of each run the first pages are looked
at, and where they fall short they are held, and nothing more is fetched. The number of articles is judged afterwards.

A violated bound is a signal to look at the outlet and explain it; the bound is changed only if the outlet has.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import comb
from typing import Any

from include.scrape.fetch import Response
from include.scrape.listed import Listed
from include.scrape.sources import Bounds
from include.scrape.state import SourceState

SAMPLE = 20
"""Pages of one run that are cleaned to see whether they state a date and hold a text, before any is published."""

_BY_CHANCE = 0.01


class Sample:
    """The pages of a run that are looked at. A few pages say little: they are judged together with those of the runs before,
    up to SAMPLE, that were let through.
    """

    def __init__(self, bounds: Bounds, state: SourceState):
        self._bounds = bounds
        self._state = state
        self._looks: list[list[bool]] = []
        self._left = SAMPLE if bounds.dated is not None or bounds.text is not None else 0

    @property
    def goes_on(self) -> bool:
        """Whether more pages must be looked at before any is published unseen."""
        return self._left > 0

    def look(self, article: Listed, response: Response, fetched_at: datetime) -> None:
        """See whether cleaning finds a date and a text in a captured page."""
        row = cleaned(article, response, fetched_at)
        self._looks.append([row["published_on"] is not None, row["clean_outcome"] == "cleaned"])

    def falls_short(self) -> list[str]:
        """What the pages looked at since it was asked last fall short of, in words. If of nothing, they are let through."""
        if not self._looks:
            return []
        looks = [*self._state.unjudged, *self._looks]
        self._left -= len(self._looks)
        self._looks = []
        dated, text = zip(*looks, strict=True)
        short = _share(dated, self._bounds.dated, "state a date") + _share(text, self._bounds.text, "hold a text")
        if not short:
            self._state.unjudged = looks if len(looks) < SAMPLE else []
        return short


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
    """By how many articles a source falls short of its bounds, and goes beyond them, in words."""
    period = timedelta(days=bounds.days)
    number = state.captured_since(now - period)
    short, beyond = [], []
    followed = state.begun is not None and datetime.fromisoformat(state.begun) <= now - period
    if bounds.least is not None and followed and number < bounds.least:
        short.append(f"{number:,} new articles in {bounds.days} days, at least {bounds.least:,} are expected")
    if bounds.most is not None and number > bounds.most:
        beyond.append(f"{number:,} new articles in {bounds.days} days, at most {bounds.most:,} are expected")
    return short, beyond


def _share(seen: Sequence[bool], least: float | None, what: str) -> list[str]:
    """Whether so few pages have something that chance does not explain it: were `least` the share of all the source's pages,
    as few would be seen in fewer than one sample in a hundred. What is fully expected, 1, may never be missing.
    """
    n, has = len(seen), sum(seen)
    if least is None or has >= least * n or sum(_binomial(k, n, least) for k in range(has + 1)) >= _BY_CHANCE:
        return []
    return [f"{has} of {n} pages looked at {what}, at least {least:.0%} are expected to"]


def _binomial(k: int, n: int, share: float) -> float:
    return comb(n, k) * share**k * (1 - share) ** (n - k)
