"""`sources check`: a row for each source, with what works of it, and advice for what does not."""

import argparse
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from include import settings
from include.commands import output, progress
from include.masking import masked, secrets_in

if TYPE_CHECKING:
    from include.scrape.sources import Source

_STYLES = {"works": "green", "partly": "yellow", "fails": "bold red"}
_WORDS = {"works": "work", "partly": "partly", "fails": "fail"}


def run(args: argparse.Namespace) -> int:
    """Try sources; 1 if one fails. Raises SourcesError for an unknown id."""
    from include.scrape.live import by_host, chosen

    sources = chosen(settings.sources_file(), args.ids)
    rows: dict[str, dict[str, Any]] = {}
    for name, row in by_host(sources, _tried):
        rows[name] = row
        progress.show(f"sources check {len(rows)}/{len(sources)}: {name} {row['verdict']}")
    progress.show("")
    told = [rows[source.id] for source in sources]
    if args.json:
        output.print_json(told)
    else:
        _show(told)
    return int(any(row["verdict"] == "fails" for row in told))


def _tried(source: "Source", sleep: Callable[[float], None]) -> dict[str, Any]:
    """What came of trying a source, without its secrets."""
    from include.scrape.live import fetcher
    from include.scrape.trial import try_source

    began = time.monotonic()
    with fetcher(source.delay_seconds, sleep=sleep, private_addresses=source.private_addresses) as asking:
        row = try_source(source, asking.get, lambda: datetime.now(UTC)).told()
        row |= {"requests": asking.requests, "seconds": round(time.monotonic() - began, 1)}
    return _without(row, secrets_in(source.addresses))


def _without(value: Any, secrets: Sequence[str]) -> Any:
    if isinstance(value, dict):
        return {name: _without(inner, secrets) for name, inner in value.items()}
    if isinstance(value, list):
        return [_without(inner, secrets) for inner in value]
    return masked(value, secrets) if isinstance(value, str) else value


def _show(rows: Sequence[dict[str, Any]]) -> None:
    from rich.text import Text

    terminal = output.console()
    table = output.grid("Sources, tried just now")
    for column in ("source", "", "listing", "articles", "newest", "next page", "an article as cleaned", "requests", "seconds"):
        numbers = column in ("articles", "requests", "seconds")
        table.add_column(column, justify="right" if numbers else "left", no_wrap=column in ("source", "newest"))
    for row in rows:
        of_source = (row["id"], Text(row["verdict"], style=_STYLES[row["verdict"]]))
        cost = (str(row["requests"]), f"{row['seconds']:.0f}")
        for number, listing in enumerate(row["listings"]):
            shown = (listing["kind"], *_listed(listing))
            table.add_row(*(("", ""), of_source)[not number], *shown, *(("", "", ""), (_article(row), *cost))[not number])
    output.show(terminal, table, spare=("requests", "seconds"))
    for row in rows:
        for problem in row["problems"]:
            terminal.print(f"{row['id']}: {problem['error']}\n  {problem['advice']}", soft_wrap=True)
    verdicts = [row["verdict"] for row in rows]
    terminal.print(", ".join(f"{verdicts.count(verdict)} {what}" for verdict, what in _WORDS.items()))
    if unmarked := [row["id"] for row in rows if row["verdict"] == "works" and not row["verified"]]:
        advice = "who has looked at one may write `verified: true` into its entry"
        terminal.print(f"Working and not marked so: {', '.join(unmarked)}; {advice}", soft_wrap=True)


def _listed(listing: dict[str, Any]) -> tuple[str, str, str]:
    """Articles, newest, next page of a listing; in the last what is wrong with it."""
    wrong = listing["error_class"] or ""
    if not listing["articles"]:
        return "", "", wrong
    further = "" if listing["further"] is None else f"{listing['further']:,} more"
    newest = listing["newest"][:16].replace("T", " ") if listing["newest"] else "not dated"
    return f"{listing['articles']:,}", newest, wrong or further


def _article(row: dict[str, Any]) -> str:
    if not row["articles"]:
        return ""
    article = row["articles"][-1]
    if not article["characters"]:
        return article["error_class"]
    known = [article["published_on"] or "no date", f"{article['characters']:,} characters", article["language"]]
    return ", ".join(str(each) for each in known if each)
