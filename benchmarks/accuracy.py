"""How accurate the extract command is on texts with known figures: `python -m benchmarks.accuracy [FOLDER ...]` prints the
tables of docs/ACCURACY.md.

A folder holds gold sets, one JSON lines file each, named in SETS: {"id", "title", "text", "published", "gold"}, where gold has
killed_low, killed_high, killed, the same for injured, date, lat, lon and perpetrator, as far as known; `gold_in_text` says
which of them the text states, and `incidents` lists the incidents of a text that has several. Three sets are texts of our own
and always read, from benchmarks/gold: local news of crime, one-line event notes, and news of many newsrooms (of which `gold`
lists the incidents, each with the counts, days and names that are right). The others come from public records and are not part
of this project: Airwars' assessments of Gaza, web articles that Airwars' assessments of Syria cite, Wikipedia's lists of
terrorist incidents, and the newswire texts of MUC-4.

The first main event that is read out of a text is compared with the gold incident, and both parts of a set are scored: the one
that was looked at while rules were written, and the one kept aside. Our own rows name their part, a hash of its id that of any
other.
"""

import argparse
import hashlib
import json
import math
import re
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
OWN = ROOT / "benchmarks" / "gold"
NEAR_KM = 25
EARTH_RADIUS_KM = 6371.0

# Parties that go by several names, and words that do not tell one party from another.
SAME_PARTY = {
    "israel": r"israel\w*|\bidf\b",
    "isis": r"\b(?:isis|isil|is)\b|daesh|islamic state",
    "syrian government": r"syrian (?:regime|arab army|army|military|government)\w*|regime forces",
    "russia": r"russia\w*",
    "turkey": r"turk\w+",
    "taliban": r"taliban",
    "united states": r"u\.?s\.?(?:-led)?\b|american|coalition",
    "iran": r"iran\w*",
}
COMMON_WORDS = (
    "the of and for military forces force army group militia unidentified armed unknown state front government police"
)

Row = Mapping[str, Any]


def killed_of(event: Row) -> int | None:
    """The best count of killed, or the lower bound where there is none."""
    return _count(event, "killed")


def _count(event: Row, what: str) -> int | None:
    best = event.get(f"{what}_best")
    return best if best is not None else event.get(f"{what}_low")


def in_range(what: str, *, stated: bool = False) -> Callable[[Row, Row], bool | None]:
    """The count lies in the gold range; `stated`: only where the text states the range's lower bound."""

    def score(row: Row, event: Row) -> bool | None:
        low, high = (row["gold"].get(f"{what}_{bound}") for bound in ("low", "high"))
        if low is None or high is None or (stated and not (row.get("gold_in_text") or {}).get(f"{what}_low")):
            return None
        count = _count(event, what)
        return count is not None and low <= count <= high

    return score


def exact(what: str) -> Callable[[Row, Row], bool | None]:
    """The count is the gold count, where the text states it."""
    return lambda row, event: _count(event, what) == row["gold"].get(what) if row["gold_in_text"].get(what) else None


def date(row: Row, event: Row) -> bool | None:
    """The incident starts on the gold day."""
    return (event.get("date_start") or "")[:10] == row["gold"]["date"] if row["gold"].get("date") else None


def date_where_published(row: Row, event: Row) -> bool | None:
    """The same, for texts whose day of publication is known."""
    return date(row, event) if row.get("published") else None


def place(row: Row, event: Row) -> bool | None:
    """The place lies within 25 km of the gold point."""
    if row["gold"].get("lat") is None:
        return None
    if event.get("latitude") is None or event.get("longitude") is None:
        return False
    return _km(event["latitude"], event["longitude"], float(row["gold"]["lat"]), float(row["gold"]["lon"])) <= NEAR_KM


def _km(lat: float, lon: float, other_lat: float, other_lon: float) -> float:
    """Kilometres between two points in degrees, on a sphere."""
    a, b = math.radians(lat), math.radians(other_lat)
    d = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(math.radians(other_lon - lon) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(d))


def perpetrator(row: Row, event: Row) -> bool | None:
    """The perpetrator shares a name with the gold one."""
    gold = row["gold"].get("perpetrator")
    return bool(_names(gold) & _names(event.get("perpetrator"))) if gold else None


def _names(party: str | None) -> set[str]:
    low = (party or "").lower()
    known = {name for name, pattern in SAME_PARTY.items() if re.search(pattern, low)}
    return known | (set(re.findall(r"[a-z]{3,}", low)) - set(COMMON_WORDS.split()))


def _tells(row: Row) -> bool:
    return any(i["killed_low"] or i["injured_low"] for i in row["incidents"])


def _told(event: Row) -> bool:
    return bool(_count(event, "killed") or _count(event, "injured"))


def article_recall(row: Row, event: Row) -> bool | None:
    """Casualties were found, for texts that have any."""
    return _told(event) if _tells(row) else None


def article_precision(row: Row, event: Row) -> bool | None:
    """The text has casualties, where any were found."""
    return _tells(row) if _told(event) else None


def killed_of_the_one_incident(row: Row, event: Row) -> bool | None:
    """Killed in the gold range, for texts with one incident."""
    if len(row["incidents"]) != 1 or not row["incidents"][0]["killed_low"]:
        return None
    low, high, count = row["incidents"][0]["killed_low"], row["incidents"][0]["killed_high"], killed_of(event)
    return count is not None and low <= count and (not high or count <= high)


def exact_of_all(what: str) -> Callable[[Row, Row], bool | None]:
    """The count is that of all who were hurt, or of all but the attackers, where the text states both or there are none."""

    def score(row: Row, event: Row) -> bool | None:
        gold = row["gold"]
        if not all(row["gold_in_text"].get(k) or gold[k] == 0 for k in ("killed", "injured")):
            return None
        return (_count(event, what) or 0) in {gold[what], gold[f"victims_{what}"]}

    return score


def exact_where_told(row: Row, event: Row) -> bool | None:
    """Killed as in gold, where the text tells it and gold is no coder's estimate."""
    return None if row["gold"]["killed_is_coder_estimate"] else exact("killed")(row, event)


def date_of_a_day(row: Row, event: Row) -> bool | None:
    """The incident starts on the gold day, where that is known to the day."""
    return date_where_published(row, event) if row["gold"].get("date_precision") == "1" else None


def _first(row: Row) -> Row | None:
    return next(iter(row["gold"]["incidents"]), None)


def no_incident(row: Row, event: Row) -> bool | None:
    """No casualties are found, for texts that tell of no incident."""
    return None if _first(row) else not (_told(event) or event.get("casualties_low"))


def accepted(what: str) -> Callable[[Row, Row], bool | None]:
    """The count of the text's first incident is one of those that are right; none at all is as good as 0."""

    def score(row: Row, event: Row) -> bool | None:
        first = _first(row)
        return first and (_count(event, what) or 0) in (first[what] or [0])

    return score


def date_accepted(row: Row, event: Row) -> bool | None:
    """The first incident starts on a day that is right."""
    first = _first(row)
    return (event.get("date_start") or "")[:10] in first["date"] if first and first["date"] else None


def place_named(row: Row, event: Row) -> bool | None:
    """The place of the first incident has a name that is right, and a point on the map."""
    first = _first(row)
    if not first or not first["place"]:
        return None
    names = f"{event.get('place')}|{event.get('place_name')}|{event.get('admin1')}"
    return bool(re.search(first["place"], names, re.IGNORECASE)) and event.get("latitude") is not None


def perpetrator_named(row: Row, event: Row) -> bool | None:
    """The perpetrator of the first incident has a name that is right."""
    first = _first(row)
    if not first or not first["perpetrator"]:
        return None
    return bool(re.search(first["perpetrator"], str(event.get("perpetrator")), re.IGNORECASE))


Metric = Callable[[Row, Row], bool | None]
"""(gold row, main event) -> whether it was right; None where the row cannot tell."""

SETS: dict[str, dict[str, Metric]] = {
    "airwars_gaza": {
        "killed in range": in_range("killed", stated=True),
        "injured in range": in_range("injured", stated=True),
        "date exact": date,
        "place within 25 km": place,
        "perpetrator": perpetrator,
    },
    "airwars_syria_sources_en": {
        "killed in range": in_range("killed"),
        "injured in range": in_range("injured"),
        "date exact": date_where_published,
        "place within 25 km": place,
        "perpetrator": perpetrator,
    },
    "wiki_terror": {"killed exact": exact("killed"), "injured exact": exact("injured"), "perpetrator": perpetrator},
    "muc4": {
        "article precision": article_precision,
        "article recall": article_recall,
        "killed in range": killed_of_the_one_incident,
    },
    "local_news": {
        "killed exact": exact_of_all("killed"),
        "injured exact": exact_of_all("injured"),
        "date exact": date_where_published,
    },
    "event_notes": {
        "killed exact": exact_where_told,
        "date exact": date_of_a_day,
        "place within 25 km": place,
        "perpetrator": perpetrator,
    },
    "newsroom": {
        "no incident where there is none": no_incident,
        "killed accepted": accepted("killed"),
        "injured accepted": accepted("injured"),
        "date accepted": date_accepted,
        "place named": place_named,
        "perpetrator": perpetrator_named,
    },
}


def kept_aside(row: Row) -> bool:
    """Whether a row belongs to the part that is kept aside."""
    if "part" in row:
        return row["part"] == "aside"
    return hashlib.sha256(row["id"].encode()).digest()[0] % 2 == 1


def main() -> int:
    """Score every set in the folders and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="*", help="folder with more gold sets")
    sets = dict(gold_sets(parser.parse_args().folder))
    print("| set | metric | looked at | rows | kept aside | rows | all | rows |\n|---|---|---|---|---|---|---|---|")
    calibration: list[tuple[float, bool]] = []
    for name, rows in sets.items():
        events = [main_event(answer) for answer in extracted(rows)]
        for metric, judge in SETS[name].items():
            judged = [(row, hit) for row, event in zip(rows, events, strict=True) if (hit := judge(row, event)) is not None]
            parts = (
                [h for r, h in judged if not kept_aside(r)],
                [h for r, h in judged if kept_aside(r)],
                [h for _, h in judged],
            )
            print(f"| {name} | {metric} | {' | '.join(_share(part) for part in parts)} |")
        counted = ((row, event) for row, event in zip(rows, events, strict=True) if event.get("confidence") is not None)
        told = [(event["confidence"], count_is_right(name, row, event)) for row, event in counted]
        calibration += [(confidence, hit) for confidence, hit in told if hit is not None]
    print(f"\n{reliability(calibration)}")
    return 0


def gold_sets(folders: Iterable[Path]) -> Iterator[tuple[str, list[Row]]]:
    """Our own sets and those that the folders hold, by name, in the order of SETS."""
    for name in SETS:
        for file in (folder / f"{name}.jsonl" for folder in (OWN, *folders)):
            if file.exists():
                yield name, [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def count_is_right(name: str, row: Row, event: Row) -> bool | None:
    """Whether the count that the confidence of a report is about is right: of killed, where it has none of injured."""
    metrics = SETS[name]
    if name == "newsroom" and not _first(row):
        return no_incident(row, event)
    if name == "muc4" and not _tells(row):
        return article_precision(row, event)
    killed = any(event.get(f"killed_{bound}") is not None for bound in ("low", "best", "high"))
    measure = "killed" if killed else "injured"
    judge = next(
        (metrics[metric] for metric in (f"{measure} exact", f"{measure} in range", f"{measure} accepted") if metric in metrics),
        None,
    )
    return judge(row, event) if judge else None


def reliability(judged: Iterable[tuple[float, bool]]) -> str:
    """A table of the probabilities given against the share that was right, in five parts of about equal size, and below it
    the Brier score beside that of giving everything the base rate, and the area under the ROC curve.
    """
    ordered = sorted(judged)
    lines = ["| probability | reports | expected right | right |", "|---|---|---|---|"]
    for part in fifths(ordered):
        given, hits = [p for p, _ in part], [hit for _, hit in part]
        span = f"{given[0]:.2f} to {given[-1]:.2f}"
        lines.append(f"| {span} | {len(part)} | {sum(given) / len(part):.2f} | {sum(hits) / len(part):.2f} |")
    base = sum(hit for _, hit in ordered) / len(ordered)
    brier = sum((p - hit) ** 2 for p, hit in ordered) / len(ordered)
    right, wrong = ([p for p, hit in ordered if hit is which] for which in (True, False))
    above = sum((p > q) + (p == q) / 2 for p in right for q in wrong)
    auc = f"{above / (len(right) * len(wrong)):.2f}" if right and wrong else "not defined"
    return "\n".join(
        [*lines, "", f"Brier score {brier:.3f} (base rate {base:.2f}: {base * (1 - base):.3f}), area under the curve {auc}."]
    )


def fifths(ordered: list[tuple[float, bool]]) -> Iterator[list[tuple[float, bool]]]:
    """Five parts of about equal size; equal probabilities stay together."""
    start = 0
    for fifth in range(1, 6):
        stop = len(ordered) * fifth // 5
        while 0 < stop < len(ordered) and ordered[stop][0] == ordered[stop - 1][0]:
            stop += 1
        if stop > start:
            yield ordered[start:stop]
            start = stop


def extracted(rows: Iterable[Row]) -> Iterator[dict[str, Any]]:
    """What the extract command prints for each row, in order. Raises subprocess.CalledProcessError if it fails."""
    lines = ({"id": r["id"], "title": r.get("title"), "text": r["text"], "published_at": r.get("published")} for r in rows)
    command = [sys.executable, "-m", "include", "extract"]
    given = "".join(json.dumps(line) + "\n" for line in lines)
    done = subprocess.run(command, input=given, stdout=subprocess.PIPE, text=True, encoding="utf-8", cwd=ROOT, check=True)
    yield from map(json.loads, done.stdout.splitlines())


def main_event(answer: Row) -> Row:
    """The first main event of an output line; empty where there is none."""
    return next((r for r in answer["reports"] if r["mention_role"] == "main_event"), {})


def _share(hits: list[bool]) -> str:
    return f"{sum(hits) / len(hits):.2f} | {len(hits)}" if hits else " | 0"


if __name__ == "__main__":
    sys.exit(main())
