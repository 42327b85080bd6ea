"""Serve the fictional outlets until Ctrl-C: `python -m demo.newsroom [SOURCES_YAML]`.

With a file name, a sources file for the outlets as they are served is written there.
"""

import sys
import threading

from demo.newsroom.articles import load_outlets
from demo.newsroom.server import newsroom, write_sources


def main() -> None:
    """Print the addresses, then wait."""
    with newsroom() as sites:
        for outlet in load_outlets():
            print(f"{sites[outlet.id]}/  {outlet.outlet} ({len(outlet.articles)} articles)")
        for path in sys.argv[1:2]:
            write_sources(path, sites)
            print(f"{path}  sources file for these addresses")
        print("Serving until Ctrl-C.", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main()
