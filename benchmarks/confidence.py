"""Fit the confidence of reports to texts with known figures: `python -m benchmarks.confidence [FOLDER ...] --write`.

The gold sets are those of benchmarks/accuracy.py. The first main event that is read out of a text is one row: the signs
of include/extract/confidence.py, and whether its count is right. A logistic regression with a small penalty on large weights
gives each sign its weight. How it does on texts that it was not fitted to is printed twice: with a tenth of the rows left out
at a time, and with one whole set left out at a time. `--write` writes the weights to include/extract/data/confidence.yaml.
"""

import argparse
import hashlib
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.accuracy import ROOT, Row, count_is_right, extracted, gold_sets, main_event, reliability
from include.extract.confidence import signs

FILE = ROOT / "include" / "extract" / "data" / "confidence.yaml"
PENALTY = 1.0
HEAD = """\
# Written by `python -m benchmarks.confidence [FOLDER ...] --write`; do not edit. Weights of the signs (confidence.py) in a
# logistic regression of whether the count of a report is right; beside each how many reports of the texts had the sign, and the
# share of those that was right.
version: 1
"""


@dataclass(frozen=True, slots=True)
class Told:
    """A report of a text with a known figure: its signs, and whether its count is right."""

    id: str
    set: str
    signs: dict[str, float]
    right: bool


def told(name: str, rows: Sequence[Row]) -> Iterator[Told]:
    """The reports of one set that can be judged."""
    for row, answer in zip(rows, extracted(rows), strict=True):
        event = main_event(answer)
        right = count_is_right(name, row, event) if event.get("confidence") is not None else None
        if right is not None:
            yield Told(row["id"], name, signs(event, len(answer["reports"])), right)


def fitted(reports: Sequence[Told]) -> np.ndarray:
    """The weights that fit the reports, the intercept first: penalised maximum likelihood, by Newton's method."""
    x, y = _matrix(reports), np.array([r.right for r in reports], float)
    penalty = np.diag([0.0] + [PENALTY] * (x.shape[1] - 1))
    weights = np.zeros(x.shape[1])
    for _ in range(50):
        p = _given(x, weights)
        step = np.linalg.solve((x.T * (p * (1 - p))) @ x + penalty, x.T @ (y - p) - penalty @ weights)
        weights += step
        if np.abs(step).max() < 1e-9:
            break
    return weights


def left_out(reports: Sequence[Told], parts: Sequence[str | int]) -> list[tuple[float, bool]]:
    """(probability, right) of each report, from the weights that fit the reports of the other parts."""
    judged = []
    for part in sorted(set(parts)):
        inside = [r for r, p in zip(reports, parts, strict=True) if p == part]
        weights = fitted([r for r, p in zip(reports, parts, strict=True) if p != part])
        judged += [(float(p), r.right) for p, r in zip(_given(_matrix(inside), weights), inside, strict=True)]
    return judged


def _matrix(reports: Sequence[Told]) -> np.ndarray:
    return np.array([[1.0, *r.signs.values()] for r in reports])


def _given(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x @ weights))


def data_file(reports: Sequence[Told], weights: np.ndarray) -> str:
    """The text of data/confidence.yaml."""
    names = list(reports[0].signs)
    sets = list(dict.fromkeys(r.set for r in reports))
    counts = ", ".join(f"{name}: {sum(r.set == name for r in reports)}" for name in sets)
    lines = [f"texts: {{{counts}}}", f"right: {_share([r.right for r in reports])}", f"intercept: {weights[0]:.2f}", "signs:"]
    for name, weight in zip(names, weights[1:], strict=True):
        having = [r.right for r in reports if r.signs[name]]
        lines.append(f"  {name}: {{weight: {weight:.2f}, reports: {len(having)}, right: {_share(having)}}}")
    return HEAD + "\n".join(lines) + "\n"


def _share(hits: list[bool]) -> str:
    return f"{sum(hits) / len(hits):.2f}" if hits else "null"


def main() -> int:
    """Fit, print the calibration and, if asked, write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="*", help="folder with more gold sets")
    parser.add_argument("--write", action="store_true", help="write include/extract/data/confidence.yaml")
    args = parser.parse_args()
    reports = [r for name, rows in gold_sets(args.folder) for r in told(name, rows)]
    tenths = [hashlib.sha256(r.id.encode()).digest()[1] % 10 for r in reports]
    print(f"A tenth of the texts left out at a time:\n\n{reliability(left_out(reports, tenths))}\n")
    print(f"A whole set left out at a time:\n\n{reliability(left_out(reports, [r.set for r in reports]))}\n")
    text = data_file(reports, fitted(reports))
    print(text)
    if args.write:
        FILE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
