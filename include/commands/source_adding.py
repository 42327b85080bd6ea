"""`sources add`: what was found at an address, three articles as cleaned, and the entry."""

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from include import settings
from include.commands import output, progress

if TYPE_CHECKING:
    from include.scrape.discovery import Discovery, Tried
    from include.scrape.fetch import Response
    from include.scrape.sources import Source
    from include.scrape.trial import ArticleTrial

_DELAY = 2.0  # seconds between two requests to one host; more where its robots.txt asks for it
_LINES, _WIDTH = 3, 110  # of an article's text


def run(args: argparse.Namespace) -> int:
    """Add a source; 1 if nothing could be added. Raises SourcesError."""
    from include.scrape import entries
    from include.scrape.discovery import discover
    from include.scrape.live import fetcher
    from include.scrape.sources import SourcesError, load_sources
    from include.scrape.trial import sample, try_article

    path = settings.sources_file()
    known = load_sources(path) if path.exists() else {}
    if args.id in known:
        raise SourcesError(f"{path} has a source {args.id} already; choose another --id")
    _refuse_known(args.url, known)
    began = time.monotonic()
    with fetcher(_DELAY, private_addresses=args.private_addresses) as asking:

        def get(url: str) -> "Response":
            progress.show(f"sources add: {asking.requests} requests, {url}"[:120])
            return asking.get(url)

        found = discover(args.url, get, asking.robots, _now())
        _refuse_known(found.home, known)
        tried = [try_article(article, get, _now) for article in sample(found.articles, entries.ARTICLES)]
        cost = {"requests": asking.requests, "seconds": round(time.monotonic() - began, 1)}
    progress.show("")
    source = text = None
    if any(article.has_text for article in tried):
        facts = {"kind": args.kind, "country": args.country, "private_addresses": args.private_addresses}
        name = args.id or entries.source_id(found.home, known)
        source = entries.new_source(found, tried, name=name, today=_now().date(), **facts)
    if source is not None:
        text = entries.append(path, source)
    if args.json:
        output.print_json([_row(found, tried, source) | cost])
    else:
        _show(found, tried, cost)
        if source is not None:
            _show_entry(path, source, text)
    if source is None:
        print(f"error: nothing was added: {_why_nothing(found)}", file=sys.stderr)
    return int(source is None)


def _now() -> datetime:
    return datetime.now(UTC)


def _refuse_known(url: str, known: "Mapping[str, Source]") -> None:
    from include.scrape.entries import same_outlet
    from include.scrape.sources import SourcesError

    if (source := same_outlet(url, known)) is not None:
        raise SourcesError(
            f"{urlsplit(url).netloc} is there already: the source {source.id} ({source.outlet}). To try it: sources check "
            f"{source.id}. A further listing of an outlet goes into its entry, under `listing`"
        )


def _show(found: "Discovery", tried: "Sequence[ArticleTrial]", cost: Mapping[str, Any]) -> None:
    terminal = output.console()
    table = output.grid(f"{found.outlet or 'An outlet without a name'}, {found.home}")
    for column in ("use", "address", "where from", "articles", "newest", "what it is"):
        table.add_column(column, justify="right" if column == "articles" else "left")
    site = urljoin(found.home, "/").rstrip("/")
    uses = {spec.url: use for spec, use in zip(found.listings, ("1st", "2nd"), strict=False)}
    for each in found.tried:
        newest = f"{each.newest:%Y-%m-%d %H:%M}" if each.newest else ""
        number = f"{len(each.articles):,}" if each.articles else ""
        table.add_row(uses.get(each.url, ""), each.url.removeprefix(site), each.where, number, newest, _what(each, found))
    output.show(terminal, table)
    terminal.print(f"{cost['requests']} requests, {cost['seconds']:g} seconds")
    for number, article in enumerate(tried, 1):
        terminal.print(f"\n{number}. {_article(article)}", soft_wrap=True)


def _what(tried: "Tried", found: "Discovery") -> str:
    if tried.problem is not None:
        return tried.problem.words.removeprefix(f"{tried.url} ")
    words = {"feed": "feed", "page": "links like headlines", "sitemap": "sitemap"}[tried.kind]
    words = f"news {words}" if tried.kind == "sitemap" and tried.is_news else words
    words += f", of an index of {tried.n_children:,}" if tried.n_children else ""
    goes_on = next((spec.pages for spec in found.listings if spec.url == tried.url), None)
    return words + (f", goes on at ?{urlsplit(goes_on).query}" if goes_on else "")


def _article(article: "ArticleTrial") -> str:
    """An article as cleaned, so that a person can judge; what is missing is said, too."""
    row = article.row
    if row is None:
        return f"{article.url}\n   not read: {article.problem.words}"
    date = f"{row['published_on']} (from {row['published_source']})" if row["published_on"] else "no date"
    authors = f", by {', '.join(row['authors'])}" if row["authors"] else ""
    lines = [row["title"] or "(no title)", article.url]
    if row["text"] is None:
        return "\n   ".join([*lines, f"{date}{authors}; no text: {row['clean_error']}"])
    lines.append(f"{date}{authors}; language {row['language'] or 'not known'}; {len(row['text']):,} characters")
    lines += [line if len(line) <= _WIDTH else f"{line[: _WIDTH - 1]}…" for line in row["text"].splitlines()[:_LINES]]
    return "\n   ".join(lines)


def _show_entry(path: Path, source: "Source", text: str) -> None:
    terminal = output.console()
    terminal.print(f"\nAdded to {path}:\n\n{text}", soft_wrap=True)
    look = [] if source.verified else ["the articles above: not all three came out clean, or the links' pattern is a guess"]
    look += ["its kind"] if "kind is a guess" in source.notes else []
    look += ["the country that it mainly reports on (left out: several)"] if source.country is None else []
    terminal.print(f"Look at: {'; '.join([*look, 'its terms'])}. Then:", soft_wrap=True)
    terminal.print(f"  python -m include scrape --source {source.id} --limit 5", soft_wrap=True)


def _why_nothing(found: "Discovery") -> str:
    from include.scrape.advice import advice
    from include.scrape.trial import GONE

    if found.listings:
        return (
            f"none of the articles tried gives a text, so no run would bring anything of {found.home}. Look at one in a "
            "browser; if it needs a script or a subscription, choose another outlet"
        )
    first = next(iter(found.tried), None)
    if first is not None and first.where == "given" and first.problem and first.problem.error_class not in GONE:
        return f"{first.problem.words}. {advice(first.problem.error_class)}"
    return (
        f"no feed, no sitemap and no links of articles were found from {found.home} on. Give the address of a feed or sitemap "
        "if you know one; else write an entry by hand, with `page` and a pattern of its `links` (docs/OPERATIONS.md)"
    )


def _row(found: "Discovery", tried: "Sequence[ArticleTrial]", source: "Source | None") -> dict[str, Any]:
    listings = [
        {"kind": spec.kind, "url": spec.url, "links": spec.links and spec.links.pattern, "pages": spec.pages}
        for spec in found.listings
    ]
    return {
        "id": source and source.id,
        "outlet": found.outlet,
        "base_url": found.home,
        "languages": source and list(source.languages),
        "verified": source is not None and source.verified,
        "listings": listings,
        "tried": [
            {"url": each.url, "where": each.where, "kind": each.kind, "articles": len(each.articles), "newest": each.newest}
            | {"error_class": each.problem and each.problem.error_class, "error": each.problem and each.problem.words}
            for each in found.tried
        ],
        "articles": [article.told() | {"text": article.row and article.row["text"]} for article in tried],
    }
