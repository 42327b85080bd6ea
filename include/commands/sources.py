"""The outlets: add one, given the address of its home page; check whether each can still be read.

`add URL` looks for the feed or sitemap of the outlet at URL (a home page, or a feed or sitemap itself), cleans three of its
articles and shows them, and appends an entry to include/sources.yaml (or BADIA_SOURCES). `check` tries the sources of that file
(without IDs: all), each listing and an article of each, and says what works. Neither writes anything to the lake.
"""

import argparse
import re
import sys
from urllib.parse import urlsplit

from include import settings
from include.commands import source_adding, source_checking
from include.masking import secrets_in
from include.scrape.sources import KINDS, SOURCE_ID


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    acts = parser.add_subparsers(title="what to do", required=True, metavar="ACT")
    add = acts.add_parser("add", help="find what lists an outlet's articles, and add it to the sources file")
    add.add_argument("url", metavar="URL", type=_address, help="the outlet's home page, or its feed or sitemap")
    add.add_argument("--id", type=_id, help="the source's id (default: from the host); it names folders and never changes")
    add.add_argument("--kind", choices=KINDS, help="what the outlet is (default: newspaper, noted as a guess)")
    add.add_argument("--country", type=_country, metavar="CODE", help="the country that it mainly reports on, such as SYR")
    add.add_argument("--private-addresses", action="store_true", help="it is on a private network or this machine")
    add.set_defaults(act=source_adding.run)
    check = acts.add_parser("check", help="try sources live: each listing, and an article of each")
    check.add_argument("ids", nargs="*", metavar="ID", help="a source to try (default: all)")
    check.set_defaults(act=source_checking.run)
    for act in (add, check):
        act.add_argument("--json", action="store_true", help="print the result as JSON, a line for each source")


def run(args: argparse.Namespace) -> int:
    """Run the command; 1 if no entry could be added or a source fails, 2 if the call or the sources file is wrong."""
    from include.scrape.fetch import user_agent
    from include.scrape.sources import SourcesError

    try:
        user_agent(settings.contact())
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    try:
        return args.act(args)
    except (SourcesError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


def _address(written: str) -> str:
    """An http(s) address; https where no scheme is written. What it holds of secrets is not repeated."""
    url = written if "://" in written else f"https://{written}"
    try:
        parts = urlsplit(url)
        valid = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0 and not re.search(r"\s", url)
    except ValueError:
        valid = False
    if not valid:
        raise argparse.ArgumentTypeError("want an address such as https://www.example.org or example.org/feed")
    if parts.username is not None or secrets_in([url]):
        raise argparse.ArgumentTypeError(
            "the address holds a user name, password or key, and those are not written into a file unasked. Give the address "
            "without them, or write the entry by hand (docs/OPERATIONS.md, Your secrets)"
        )
    return url


def _id(written: str) -> str:
    if not re.fullmatch(SOURCE_ID, written):
        raise argparse.ArgumentTypeError(f"{written!r}: want 1 to 60 lower-case letters, digits, hyphens and underscores")
    return written


def _country(written: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{3}", written):
        raise argparse.ArgumentTypeError(f"{written!r}: want an ISO 3166-1 alpha-3 code, such as SYR")
    return written.upper()
