"""Write a new entry into the sources file: as text at its end, so that all that people wrote there stays as it is."""

import math
import os
import re
import stat
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import yaml

from include.clean.canonical import site_of
from include.datasets.lake import Lake
from include.scrape.discovery import Discovery
from include.scrape.sources import ListedBy, Source, SourcesError, load_sources
from include.scrape.trial import ArticleTrial

ARTICLES = 3
"""Articles that are tried of a new source."""

_LONGEST_ID = 60
_DELAY = (5, 60)  # seconds; what an outlet's robots.txt asks for beyond that, the fetcher obeys by itself
_PAGE = "a-page-number"


class _Dumper(yaml.SafeDumper):
    """Indents lists below their key, as people do."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Go one level down."""
        return super().increase_indent(flow, False)


def source_id(url: str, taken: Collection[str]) -> str:
    """An id for the outlet at `url` that is not `taken`: the name of its domain, with what stands before it, or a number, where
    another outlet has that.
    """
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    site = site_of(url)
    name = _plain(host if re.fullmatch(r"[0-9.:]+", host) else site.partition(".")[0]) or "source"
    before = _plain(host.removesuffix(site))
    wishes = [name, *([f"{name}-{before}"] if before else []), *(f"{name}-{number}" for number in range(2, len(taken) + 3))]
    return next(wish for wish in wishes if wish not in taken)


def _plain(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", words.lower())[: _LONGEST_ID // 2 - 5].strip("-")


def same_outlet(url: str, sources: Mapping[str, Source]) -> Source | None:
    """The source that is on the same host as `url`; null: none is."""
    return next((source for source in sources.values() if _host(source.base_url) == _host(url)), None)


def _host(url: str) -> str:
    return urlsplit(url).netloc.lower().removeprefix("www.")


def new_source(
    found: Discovery,
    tried: Sequence[ArticleTrial],
    *,
    name: str,
    kind: str | None,
    country: str | None,
    private_addresses: bool,
    today: date,
) -> Source:
    """The entry of an outlet with these listings, of which these articles were tried; `name` is its id. What is not known is
    guessed, and its notes say so.
    """
    notes = [f"Found by sources add on {today}; terms: not read yet."]
    if kind is None:
        notes.append("Its kind is a guess.")
    if found.guessed:
        notes.append("The pattern of its article links is a guess.")
    elsewhere = {_host(spec.url) for spec in found.listings} - {_host(found.home)}
    notes += [f"Listed at {host}." for host in sorted(elsewhere)]
    low, high = _DELAY
    return Source(
        id=name,
        outlet=found.outlet or _host(found.home),
        kind=kind or "newspaper",
        country=country,
        languages=_languages(found, tried),
        base_url=found.home,
        listings=found.listings,
        since=found.since,
        delay_seconds=float(min(max(low, math.ceil(found.crawl_delay)), high)),
        private_addresses=private_addresses,
        notes=" ".join(notes),
        verified=not found.guessed and len(tried) == ARTICLES and all(article.is_clean for article in tried),
    )


def _languages(found: Discovery, tried: Sequence[ArticleTrial]) -> tuple[str, ...]:
    """The languages of the articles, the commonest first; if they have none, the one that the home page states."""
    of_articles = Counter(article.row["language"] for article in tried if article.row and article.row["language"])
    return tuple(code for code, _ in of_articles.most_common()) or (found.language or "en",)


def append(path: Path, source: Source) -> str:
    """Append a source to the file at `path`, which is made if there is none; the text of its entry. The file is replaced only
    if it then holds what it held, and the source.

    Raises SourcesError for a file that is not valid, or to which an entry cannot be appended, with the entry to add by hand.
    """
    path = path.resolve()
    before, old, mode = ({}, b"sources:", 0o644)
    if path.exists():
        before, old, mode = load_sources(path), path.read_bytes(), stat.S_IMODE(path.stat().st_mode)
    text = entry_text(source, _column(old))
    added = ("" if old.endswith(b"\n") else "\n") + ("\n" if before else "") + text
    newline = "\r\n" if b"\r\n" in old else "\n"
    by_hand = SourcesError(f"{path} is not written in a way that an entry can be appended to; add this to it by hand:\n{text}")
    with Lake(path.parent).open_atomic(path.name) as out:
        out.write(old + added.replace("\n", newline).encode())
        out.flush()
        os.fchmod(out.fileno(), mode)
        try:
            after = load_sources(out.name)
        except SourcesError as error:
            raise by_hand from error
        if list(after.items()) != [*before.items(), (source.id, source)]:
            raise by_hand
    return text


def _column(file: bytes) -> int:
    """How far the entries of a sources file are indented."""
    root = yaml.compose(file, Loader=yaml.SafeLoader)
    entries = root.value[0][1] if isinstance(root, yaml.MappingNode) else None
    return entries.start_mark.column if isinstance(entries, yaml.SequenceNode) and not entries.flow_style else 2


def entry_text(source: Source, column: int = 2) -> str:
    """A source as an entry of the sources file, in YAML, its dash at a column."""
    entry: dict[str, Any] = {"id": source.id, "outlet": source.outlet, "kind": source.kind}
    if source.country:
        entry["country"] = source.country
    listings = [_listing(spec, source.base_url) for spec in source.listings]
    entry |= {
        "languages": list(source.languages),
        "base_url": source.base_url,
        "listing": listings[0] if len(listings) == 1 else listings,
        "delay_seconds": source.delay_seconds,
    }
    if source.delay_seconds.is_integer():
        entry["delay_seconds"] = int(source.delay_seconds)
    optional = {"since": source.since, "private_addresses": source.private_addresses, "notes": source.notes}
    entry |= {key: value for key, value in optional.items() if value}
    entry["verified"] = source.verified
    ways = {"default_flow_style": None, "width": math.inf, "allow_unicode": True, "sort_keys": False}
    lines = yaml.dump(entry, Dumper=_Dumper, **ways).rstrip("\n").split("\n")
    return "".join(f"{' ' * column}{'  ' if number else '- '}{line}\n" for number, line in enumerate(lines))


def _listing(spec: ListedBy, base_url: str) -> dict[str, str]:
    listing = {spec.kind: _relative(spec.url, base_url)}
    if spec.links is not None:
        listing["links"] = spec.links.pattern
    if spec.pages is not None:
        listing["pages"] = _relative(spec.pages.replace("{page}", _PAGE), base_url).replace(_PAGE, "{page}")
    return listing


def _relative(url: str, base_url: str) -> str:
    """The address without scheme and host, where those are the home page's."""
    path = urlsplit(url)._replace(scheme="", netloc="").geturl()
    return path if path.startswith("/") and urljoin(base_url, path) == url else url
