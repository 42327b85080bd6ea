"""How fast the extractor is, and how much memory it takes: `make bench` prints the tables of docs/PERFORMANCE.md.

Each side runs in a process of its own on one core, one after the other, over the same generated articles (see corpus.py).
The ratios are the result; the rates depend on the machine. Options: --quick for a tenth of the articles.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from benchmarks import corpus
from benchmarks.side import SIDES, WARM_UP, measure, pin
from benchmarks.tables import print_table

ROOT = Path(__file__).parents[1]
BENCH_PYTHON = ROOT / ".venv-bench" / "bin" / "python"
MIXES = {"ordinary news, 3 % conflict": 0.03, "conflict news only": 1.0}
ARTICLES = {"badia": 2000, "spacy": 200, "spacy-entities": 400}
GROWTH = (1_000, 10_000, 100_000)
LONG_LINE = "Three soldiers were killed and 12 wounded in an airstrike near Homs on Sunday, said Ahmad Ali, "
# Linear algebra libraries start a thread per core unless told otherwise.
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"), "1")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a tenth of the articles, and no growth beyond 10,000")
    parser.add_argument("--growth", type=int, metavar="N", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.growth:
        print(json.dumps(_grow(args.growth)))
        return
    if not BENCH_PYTHON.exists():
        sys.exit(f"error: {BENCH_PYTHON} is missing, so there is no baseline to compare with; run `make bench`")
    scale = 10 if args.quick else 1
    print(f"Python {platform.python_version()}, {platform.machine()}, one core of {os.cpu_count()}; processor time.\n")
    print_table(("articles", "extractor", "articles/s", "times spaCy", "times its entities", "peak MB"), _speeds(scale))
    print_table(
        ("start-up", "seconds"), [("`python -m include extract`, first answer to one line, median of 5", f"{_start_up():.2f}")]
    )
    counts = GROWTH[:2] if args.quick else GROWTH
    print_table(("articles (ordinary news, 3 % conflict)", "seconds", "articles/s", "peak MB"), _growth(counts))
    print_table(("one line of", "seconds", "MB/s", "peak MB"), _long_lines((1, 2, 5)))


def _speeds(scale: int) -> Iterator[tuple[str, ...]]:
    for mix, share in MIXES.items():
        found = {side: _run(side, share, count // scale) for side, count in ARTICLES.items()}
        rates = {side: run["articles"] / run["seconds"] for side, run in found.items()}
        for side, run in found.items():
            ratios = (f"{rates[side] / rates[other]:.1f}" for other in ("spacy", "spacy-entities"))
            yield mix, side, f"{rates[side]:.0f}", *ratios, f"{run['peak_mb']:.0f}"


def _run(side: str, share: float, count: int) -> dict[str, float]:
    python = sys.executable if side == "badia" else BENCH_PYTHON
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "articles.jsonl"
        file.write_text("".join(json.dumps(a) + "\n" for a in corpus.articles(count, share)), encoding="utf-8")
        return _answer([python, "-m", "benchmarks.side", side, file])


def _answer(command: list[Any]) -> dict[str, float]:
    done = subprocess.run(command, cwd=ROOT, env=os.environ | ONE_THREAD, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"error: {' '.join(map(str, command))} failed:\n{done.stderr}")
    return json.loads(done.stdout)


def _start_up() -> float:
    """Median seconds on the clock from the call to the first answer."""
    line = json.dumps({"id": "1", **WARM_UP}) + "\n"
    times = []
    for _ in range(5):
        start = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "include", "extract"], cwd=ROOT, input=line, text=True, capture_output=True, check=True
        )
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def _grow(count: int) -> dict[str, float]:
    pin()
    extract = SIDES["badia"]()
    extract([WARM_UP])
    return measure(extract, corpus.articles(count, 0.03))


def _growth(counts: Iterable[int]) -> Iterator[tuple[str, ...]]:
    for count in counts:
        run = _answer([sys.executable, "-m", "benchmarks.extract", "--growth", str(count)])
        yield f"{count:,}", f"{run['seconds']:.1f}", f"{count / run['seconds']:.0f}", f"{run['peak_mb']:.0f}"


def _long_lines(sizes: Iterable[int]) -> Iterator[tuple[str, ...]]:
    """An article that is one endless sentence, in megabytes."""
    for size in sizes:
        text = LONG_LINE * (size * 1_000_000 // len(LONG_LINE))
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "articles.jsonl"
            file.write_text(json.dumps(WARM_UP | {"text": text}) + "\n", encoding="utf-8")
            run = _answer([sys.executable, "-m", "benchmarks.side", "badia", file])
        yield f"{size} MB", f"{run['seconds']:.1f}", f"{size / run['seconds']:.2f}", f"{run['peak_mb']:.0f}"


if __name__ == "__main__":
    main()
