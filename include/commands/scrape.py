"""Fetch what the sources list and the lake does not hold: pages to WARC files, every attempt a row of documents.

Sources are declared in include/sources.yaml (or BADIA_SOURCES). Many hosts are asked at once, each one as slowly as it wants.
Only what is new or has changed is fetched; run it as often as you like.
"""

import argparse
import sys
from collections import Counter

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
    from include.scrape.live import chosen, scrape_all
    from include.scrape.scrape import SourceFailed

    path, lake = settings.sources_file(), lake_of(args)
    try:
        chosen(path, args.source)
        user_agent(settings.contact())
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    done, failures = 0, Counter()
    for source, result in scrape_all(lake, path, args.source, run="command line", limit=args.limit, tell=progress.line):
        done += 1
        if isinstance(result, SourceFailed):
            failures[result.error_class] += 1
            print(f"failed: {result}", file=sys.stderr)
            continue
        print(f"{source}: {progress.counted(result['counts'])}")
        for problem in result["problems"]:
            print(f"  {problem}", file=sys.stderr)
    if failures:
        kinds = ", ".join(f"{kind} {number}" for kind, number in failures.most_common())
        print(f"{failures.total()} of {done} sources failed: {kinds}", file=sys.stderr)
        if failures["dns"] == done > 1:
            print("no name could be looked up: is this machine on a network?", file=sys.stderr)
    return int(bool(failures))
