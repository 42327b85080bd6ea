"""What a run did, stage by stage, and what failed in it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from include.datasets.catalogue import SCRAPES
from include.datasets.lake import Lake, partition_of


class RunFailed(RuntimeError):
    """Something in a run failed. The message is the whole summary, what failed first."""


@dataclass(frozen=True)
class Work:
    """One step of a run: what there was to do (None: the step that should say so failed), and the results of what was done.

    A result is named by its `key`; it may have `counts` and `problems`.
    """

    step: str
    to_do: Sequence[Any] | None
    results: Sequence[Mapping[str, Any]]
    key: str

    def undone(self) -> list[str]:
        """The names of what was to do and has no result."""
        done = [result[self.key] for result in self.results]
        return [str(item) for item in self.to_do or () if item not in done]


def summarize(lake: Lake, steps: Sequence[Work]) -> str:
    """The summary of a run. Raises RunFailed with it if a step has work that was not done.

    A page or an article that failed is named but does not fail the run: it is a row of its dataset and costs nothing else.
    """
    failed, notes, done = [], [], []
    for work in steps:
        counts = Counter()
        for result in work.results:
            counts.update(result.get("counts", {}))
            notes += [f"{work.step}: {problem}" for problem in result.get("problems", ())]
        counted = [f"{len(work.results)} done", *(f"{number} {name}" for name, number in sorted(counts.items()))]
        done.append(f"{work.step}: {', '.join(counted)}")
        if work.to_do is None:
            failed.append(f"{work.step}: the step that finds its work failed; see its log")
        failed += [f"{work.step}: {item} failed{_why(lake, work.step, item)}" for item in work.undone()]
    text = "\n".join(
        [
            *(["FAILED, the rest went on:", *(f"  {line}" for line in failed)] if failed else []),
            *(["To look at:", *(f"  {line}" for line in notes)] if notes else []),
            "Done:",
            *(f"  {line}" for line in done),
        ]
    )
    if failed:
        raise RunFailed(text)
    return text


def _why(lake: Lake, step: str, item: str) -> str:
    """Why the last visit to a source failed, as its row of scrapes tells it."""
    if step != "scrape":
        return "; see its log"
    paths = [p for p in lake.files(SCRAPES) if partition_of(p)["source"] == item]
    visits = lake.read(SCRAPES, ["started_at", "error"], paths[-1:]).to_pylist()
    last = max(visits, key=lambda visit: visit["started_at"], default={})
    return f": {last['error']}" if last.get("error") else "; see its log"
