"""How the ledger does at scale: reports to incidents to tallies.

`python -m benchmarks.ledger --make 100000 FOLDER` writes a synthetic lake with known truth (see synthetic.py).
"""

import argparse
import sys
from pathlib import Path

from benchmarks import synthetic


def main() -> None:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--make", nargs=2, metavar=("N", "FOLDER"), help="only write a lake of N reports")
    parser.add_argument("--seed", type=int, default=0)
    args = parser.parse_args()
    if args.make:
        count, folder = int(args.make[0]), Path(args.make[1])
        if folder.exists():
            sys.exit(f"error: {folder} is there already; name a new folder")
        synthetic.make(str(folder), count, args.seed)


if __name__ == "__main__":
    main()
