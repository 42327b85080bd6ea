"""Clean what is pending: captured pages in the lake become articles.

Every captured page becomes a row of `articles`; `clean_outcome` and `clean_error` say what happened to those without text.
"""

import argparse

from include.commands import progress
from include.commands.lake import add_lake, lake_of


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    add_lake(parser)


def run(args: argparse.Namespace) -> int:
    """Run the command; 1 if a page failed."""
    from include.clean import batch

    lake = lake_of(args)
    paths = progress.shown(batch.pending(lake), "clean")
    return max((progress.tell(path, batch.clean_batch(lake, path)) for path in paths), default=0)
