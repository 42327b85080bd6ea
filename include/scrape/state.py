"""What a source's next run must know of the ones before, so that it fetches nothing twice and misses nothing.

One JSON file a source, `_state/sources/<id>.json`. It holds what its listings list now and listed in the last 90 days, and so
it is as small after ten years as after three months. In it:

- `articles`: for each listed address when it was listed first and last, what the listing says of it, what came of fetching it,
  and when it is `due` again. To be fetched is what is due: what is new, what failed and gets another try (data/retries.yaml),
  and what its listing says has changed since it was captured. What a run leaves for lack of time stays due.
- `listings`: for each document of the listings (a feed, a sitemap of an index) the ETag and Last-Modified that it came with,
  and the date at which its index had it. A quiet hour is one conditional request, answered 304.
- `watermark`: the start of the last run that left no gap: what was published before it is here. A listing that shows nothing
  from before the watermark has rolled over since; then its further pages are read, and the source's other listings, until they
  do. It moves on when the gap is closed, or when nothing is left that could close it: then a person is told.
- `surveyed`: the start of the last run that read a listing. It lies after the watermark while a gap is open.
- `unjudged`: of the latest pages that were looked at and let through whether they state a date and hold a text, while they are
  too few to be judged by themselves (bounds.py).
- `begun`: the start of the first run; what the other listings hold from before it is history, and belongs to an import.
- `day`: on the first run of a day all listings are read, and read whole whatever their ETags say.

Truth is in the documents dataset: the state is written after it, and `folded` names the files of the latest days that are in
it. Files that are there and not named (a run was killed between the two) are folded in when the state is loaded; without a
state, all of the source's. So the state may be deleted: that costs some requests, and no article.
"""

import functools
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from typing import Any

import yaml

from include.datasets.catalogue import DOCUMENTS
from include.datasets.lake import Lake, partition_of
from include.scrape.error_classes import entry_of
from include.scrape.listed import Listed, instant

VERSION = 1
KEPT = timedelta(days=90)
"""How long an address that no listing shows any more stays known."""

_AGAIN = timedelta(hours=1)
"""Least time between a capture and the first look for a change; it quadruples with each look, however often dates change."""


@dataclass
class Known:
    """What is known of one listed address. Times are ISO 8601 in UTC; null where there is nothing to say.

    `seen` and `listed` are when it was listed first and last, `due` when it is to be fetched (null: not again), `captured` the
    latest capture, `first` the first one, `looks` how often a change was looked for, `failures` how often fetching it failed
    since it last worked, `error` the latest error class.
    """

    seen: str
    listed: str
    title: str | None = None
    published: str | None = None
    modified: str | None = None
    due: str | None = None
    captured: str | None = None
    first: str | None = None
    sha256: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    looks: int = 0
    failures: int = 0
    error: str | None = None


@dataclass
class SourceState:
    """The state of one source; see the module."""

    source: str
    begun: str | None = None
    watermark: str | None = None
    surveyed: str | None = None
    day: str | None = None
    listings: dict[str, dict[str, str]] = field(default_factory=dict)
    articles: dict[str, Known] = field(default_factory=dict)
    unjudged: list[list[bool]] = field(default_factory=list)
    folded: list[str] = field(default_factory=list)

    @property
    def waiting(self) -> int:
        """How many articles are due now or later."""
        return sum(known.due is not None for known in self.articles.values())

    def lists(self, article: Listed, at: datetime, *, wanted: bool) -> None:
        """Note that a listing shows an article. A new one that is not `wanted` is known from then on, and not fetched. One that
        has changed since it was captured, or was given up before it changed, is due again: by its time of change or, where the
        listing states none, by a time of publication that moves on.
        """
        known = self.articles.get(article.url)
        changed = known and (
            article.modified_text not in (None, known.modified)
            or (article.modified_text is None and article.published_text not in (None, known.published))
        )
        if known is None:
            known = self.articles[article.url] = Known(seen=_iso(at), listed=_iso(at))
            known.due = _iso(at) if wanted else None
        elif changed and known.captured and _later(article.modified_text or article.published_text, known.captured):
            known.due = _iso(_at(known.captured) + _AGAIN * 4**known.looks)
        elif changed and known.error and known.due is None:
            known.due = _iso(at)
        known.listed = _iso(at)
        known.title = article.title or known.title
        known.published = article.published_text or known.published
        known.modified = article.modified_text or known.modified

    def due(self, at: datetime) -> list[str]:
        """The addresses to fetch now, the latest seen first: what is new, then what failed before, then what has changed."""
        now = _iso(at)
        ready = [url for url, known in self.articles.items() if known.due is not None and known.due <= now]
        # Sorting is stable: what was seen in one run stays in the order of the listing.
        ready.sort(key=lambda url: self.articles[url].seen, reverse=True)
        return sorted(ready, key=lambda url: (self.articles[url].captured is not None, self.articles[url].error is not None))

    def listed(self, url: str) -> Listed:
        """What the listings say of an address."""
        known = self.articles[url]
        return Listed(url, known.title, known.published, known.modified)

    def note(self, row: Mapping[str, Any]) -> None:
        """Take in what came of one attempt to fetch an article, a row of the documents dataset. A page that is held counts as
        one that failed: neither its hash nor its validators may keep it from being fetched again.
        """
        at = row["fetched_at"]
        known = self.articles.setdefault(row["url"], Known(seen=_iso(at), listed=_iso(at)))
        if row["outcome"] in ("captured", "not_modified") and (known.captured or row["outcome"] == "captured"):
            known.looks += known.captured is not None
            known.captured, known.first = _iso(at), known.first or _iso(at)
            for name in ("sha256", "etag", "last_modified"):
                setattr(known, name, row.get(name) or getattr(known, name))
            known.due, known.error, known.failures = None, None, 0
            return
        known.error = row["error_class"]
        wait = retry_after(known.error, known.failures)
        known.failures += 1
        known.due = None if wait is None else _iso(at + wait)

    def before(self, article: Listed, instant: datetime) -> bool:
        """Whether an article was known, or published, by then."""
        known = self.articles.get(article.url)
        return (known is not None and known.seen <= _iso(instant)) or (article.dated is not None and article.dated <= instant)

    def captured_since(self, instant: datetime) -> int:
        """How many articles were captured for the first time since then."""
        return sum(known.first is not None and known.first >= _iso(instant) for known in self.articles.values())

    def forget(self, at: datetime) -> None:
        """Forget what has not been listed for long, and is not to be fetched."""
        oldest = _iso(at - KEPT)
        self.articles = {
            u: k for u, k in self.articles.items() if k.listed >= oldest or (k.due and not k.captured and not k.error)
        }


def retry_after(error_class: str | None, failures: int) -> timedelta | None:
    """How long a page that has failed again, after so many failures before, is left alone; null: it is given up."""
    hours = entry_of(_retries(), error_class)
    if hours == "always":
        return timedelta(0)
    return timedelta(hours=hours[failures]) if failures < len(hours) else None


def load(lake: Lake, source: str, today: date) -> SourceState:
    """The state of a source, with all that the documents dataset holds of it until a day."""
    stored = lake.read_json(_path(source)) or {}
    if stored.pop("version", None) != VERSION:
        state = SourceState(source)
        paths = [path for path in lake.files(DOCUMENTS) if partition_of(path)["source"] == source]
    else:
        articles = {url: Known(**known) for url, known in stored.pop("articles").items()}
        state = SourceState(**stored, articles=articles)
        paths = _since(lake, source, state.day, today)
    state.folded = [path for path in state.folded if path in paths]
    _fold(lake, state, [path for path in paths if path not in state.folded])
    return state


def save(lake: Lake, state: SourceState) -> None:
    """Write the state, whole or not at all."""
    articles = {u: {n: v for n, v in asdict(k).items() if v not in (None, 0)} for u, k in state.articles.items()}
    value = {"version": VERSION} | {name: getattr(state, name) for name in SourceState.__dataclass_fields__}
    # In the order of the listings and on few lines: it is read and written in every run.
    with lake.open_atomic(_path(state.source)) as out:
        out.write(json.dumps(value | {"articles": articles}, ensure_ascii=False, indent=None).encode())


def _fold(lake: Lake, state: SourceState, paths: list[str]) -> None:
    columns = ["url", "listing", "outcome", "error_class", "sha256", "etag", "last_modified", "fetched_at"]
    columns += ["listed_title", "listed_published"]
    rows = lake.read(DOCUMENTS, columns, paths).to_pylist()
    for row in sorted(rows, key=lambda row: row["fetched_at"]):
        if not row["listing"]:
            state.note(row)
            known = state.articles[row["url"]]
            known.title = known.title or row["listed_title"]
            known.published = known.published or row["listed_published"]
    state.folded += paths


def _since(lake: Lake, source: str, first: str | None, last: date) -> list[str]:
    """The source's documents files of some days, in UTC."""
    day, paths = date.fromisoformat(first) if first else last, []
    while day <= last:
        paths += lake.files(DOCUMENTS, fetch_date=day.isoformat(), source=source)
        day += timedelta(days=1)
    return paths


def _path(source: str) -> str:
    return f"_state/sources/{source}.json"


@functools.cache
def _retries() -> dict[str, list[float] | str]:
    return yaml.safe_load(resources.files("include.scrape").joinpath("data/retries.yaml").read_text("utf-8"))


def _later(written: str | None, than: str) -> bool:
    at = instant(written)
    return at is not None and at > _at(than)


def _at(iso: str) -> datetime:
    return datetime.fromisoformat(iso)


def _iso(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
