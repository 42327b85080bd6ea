"""`python -m include COMMAND`: the four stages and the questions one asks of their result, without Airflow."""

import argparse
import logging
import os
import sys

from include import settings
from include.commands import (
    aggregate,
    clean,
    coverage,
    explain,
    extract,
    history,
    import_,
    incidents,
    judge,
    reconcile,
    revisions,
    scrape,
    sources,
    tallies,
)

COMMANDS = (
    sources,
    scrape,
    import_,
    clean,
    extract,
    aggregate,
    tallies,
    incidents,
    history,
    judge,
    revisions,
    reconcile,
    coverage,
    explain,
)

EPILOG = """\
The four stages, in order, over the lake (BADIA_LAKE, by default lake/):
  python -m include scrape --source sohr --limit 20    (or: import news.warc.gz)
  python -m include clean
  python -m include extract --pending
  python -m include aggregate
The outlets it reads are in include/sources.yaml (BADIA_SOURCES):
  python -m include sources add https://www.example.org --country SYR
  python -m include sources check
Then ask:
  python -m include tallies --year 2022 --country SYR --as-of 2022-04-30
  python -m include incidents --month 2022-03 --min-killed 5
  python -m include history 1f8a03c2
  python -m include judge same 1f8a03c2 77d0e4b1 --by Rana --why "one bus, two spellings of the village"
  python -m include reconcile --monitor SOHR
  python -m include explain article.txt --published 2022-04-11
Each command has its own --help."""


def main(argv: list[str] | None = None) -> int:
    """Run the command line and return its exit status: 0 done, 1 something failed, 2 the call was wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m include", description=__doc__, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for module in COMMANDS:
        summary = module.__doc__.split("\n", 1)[0]
        command = commands.add_parser(
            module.__name__.rsplit(".", 1)[1].removesuffix("_"),
            help=summary,
            description=module.__doc__,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        module.arguments(command)
        command.set_defaults(run=module.run)
    args = parser.parse_args(argv)
    # Whatever the locale. Half a surrogate pair is written as its escape, which JSON reads back.
    sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    # Errors only: what the stages warn of is in their results, and the commands print those.
    logging.basicConfig(stream=sys.stderr, level=logging.ERROR, format="%(levelname)s %(message)s")
    try:
        return args.run(args)
    except settings.InvalidSetting as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:
        # The reader (head, less) has gone; Python must not complain about it again while it shuts down.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


if __name__ == "__main__":
    sys.exit(main())
