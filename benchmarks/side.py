"""One side of the speed benchmark, in a process of its own: `python -m benchmarks.side NAME FILE` reads the articles in a
JSON lines file and prints how long it took and how much memory, as JSON.

Time is processor time of this process, which other processes on the machine lengthen less than the time on the clock.
"""

import argparse
import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

_BATCH = 200


Extract = Callable[[list[dict[str, Any]]], Any]


def badia() -> Extract:
    """Badia's extractor."""
    from datetime import date

    from include.extract.article import extract_article

    def extract(articles: list[dict[str, Any]]) -> Any:
        return [extract_article(a | {"published_on": date.fromisoformat(a["published_at"])}) for a in articles]

    return extract


def spacy(entities_only: bool) -> Extract:
    """The baseline, with its whole pipeline or with its entity recogniser alone."""
    from benchmarks import baseline

    nlp = baseline.load(entities_only)
    return lambda articles: baseline.extract(nlp, articles)


SIDES = {"badia": badia, "spacy": lambda: spacy(entities_only=False), "spacy-entities": lambda: spacy(entities_only=True)}


def pin() -> None:
    """Stay on one core, where the system lets a process choose."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def peak_mb() -> float:
    """Most memory that this process has had resident, in MB (10^6 bytes)."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return int(status.split("VmHWM:")[1].split()[0]) * 1024 / 1e6
    except OSError:  # not Linux
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def measure(extract: Extract, articles: Iterator[dict[str, Any]]) -> dict[str, float]:
    """Extract from all articles; their number, the seconds that it took, and the peak of memory. Reading is not counted."""
    count, seconds = 0, 0.0
    for batch in _batches(articles):
        start = time.process_time()
        extract(batch)
        seconds += time.process_time() - start
        count += len(batch)
    return {"articles": count, "seconds": seconds, "peak_mb": peak_mb()}


def _batches(articles: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch = []
    for article in articles:
        batch.append(article)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


WARM_UP = {
    "title": "Two killed",
    "text": "Two soldiers were killed near Homs on Sunday, the army said.",
    "published_at": "2022-04-11",
}


def main() -> None:
    """Run the side that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("side", choices=SIDES)
    parser.add_argument("file", type=Path)
    args = parser.parse_args()
    pin()
    extract = SIDES[args.side]()
    extract([WARM_UP])
    with args.file.open(encoding="utf-8") as lines:
        print(json.dumps(measure(extract, map(json.loads, lines))))


if __name__ == "__main__":
    main()
