"""The --lake argument that the commands share."""

import argparse

from include import settings
from include.datasets.lake import Lake


def add_lake(parser: argparse.ArgumentParser) -> None:
    """Declare --lake."""
    parser.add_argument("--lake", metavar="ROOT", help="folder or URL of the datasets (default: BADIA_LAKE, else lake/)")


def lake_of(args: argparse.Namespace) -> Lake:
    """The lake that the arguments name."""
    return Lake(args.lake or settings.lake_root())
