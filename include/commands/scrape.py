"""Fetch what the sources list and the lake does not hold: pages to WARC files, every attempt a row of documents.

Sources are declared in include/sources.yaml (or BADIA_SOURCES). Only pages that are not in the lake yet are fetched; run it
as often as you like.
"""

import argparse
import sys

from include import settings
from include.commands import progress
from include.commands.lake import add_lake, lake_of


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--source", action="append", default=[], metavar="ID", help="a source to scrape; may be repeated")
    parser.add_argument("--limit", type=int, metavar="N", help="the most articles to fetch from each source")
    add_lake(parser)


def run(args: argparse.Namespace) -> int:
    """Run the command; 1 if a source failed, 2 if the call or the sources file is wrong."""
    from include.scrape.fetch import user_agent
    from include.scrape.live import chosen, scrape
    from include.scrape.scrape import SourceFailed

    path, lake = settings.sources_file(), lake_of(args)
    try:
        sources = chosen(path, args.source)
        user_agent(settings.contact())
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    status = 0
    for source in sources:
        try:
            result = scrape(lake, path, source.id, run="command line", limit=args.limit, progress=progress.line(source.id))
        except SourceFailed as error:
            print(f"{source.id}: failed: {error}", file=sys.stderr)
            status = 1
            continue
        print(f"{source.id}: {progress.counted(result['counts'])}")
        for problem in result["problems"]:
            print(f"  {problem}", file=sys.stderr)
    return status
