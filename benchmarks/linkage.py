"""How well reports of one incident are told from reports of others: `python -m benchmarks.linkage` prints the tables of
docs/ACCURACY.md, `--misses` lists the pairs of the tuning part that are linked wrongly, with the linker's reasons.

benchmarks/gold/linkage_*.jsonl hold short news texts of our own, in scenes that are easy to confuse (tuning), likewise but in
other regions and voices (regions), ordinary, or as unlike each other as newsrooms and authors are (varied); nobody who writes
rules or weights reads those kept aside. Places and parties are real, outlets are not; most texts follow attacks that happened,
with figures and words of our own, and are no record of them. A row: {"id", "scene", "trap", "part", "outlet", "published",
"title", "text", "tells"}; `tells` names each incident that the text tells of, with the words of text or title that tell it and
the incident's country and days. Two tellings are of one incident iff they name the same one. Each part is extracted as the
pipeline does and linked as one pool, so that merges across scenes are seen.

A telling is the report whose sentence or evidence holds its words; for the last that has none, the first main event left (of
the headline, say). A telling without a report is the extractor's miss: it is counted apart, and no pair of it is judged. One is
misread where its report states another country or other days than the incident's: `recall, read right` leaves the pairs of such
out, and is what a linker can be held to.
"""

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import combinations
from typing import Any

import polars as pl

from benchmarks.accuracy import OWN
from include.aggregate.match.score import compare
from include.aggregate.resolve import resolve
from include.clean.copies import copies
from include.clean.near_duplicates import fingerprint
from include.extract.article import extract_article

PARTS = ("tuning", "regions", "ordinary", "varied", "aside")

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Told:
    """A telling of an incident that was read: the gold row, what it tells, and the report that it became."""

    row: Row
    tells: Row
    report: Row

    @property
    def incident(self) -> str:
        """Name of the gold incident."""
        return self.tells["incident"]

    @property
    def misread(self) -> bool:
        """Whether the report states another country than the incident's, or other days."""
        first, last = map(date.fromisoformat, self.tells["days"])
        start, end = self.report.get("date_start"), self.report.get("date_end")
        other_days = start is not None and (start > last or (end or start) < first)
        return other_days or self.report.get("country") not in (None, self.tells["country"])

    @property
    def id(self) -> str:
        """Id of the report."""
        return self.report["report_id"]


@dataclass(frozen=True)
class Pool:
    """One part as the linker sees it: all its reports, those that tell of a gold incident, and the group of each."""

    rows: Sequence[Row]
    reports: Sequence[Row]
    told: Sequence[Told]
    group_of: Mapping[str, str]
    """Incident id of each report."""

    def linked(self, a: Told, b: Told) -> bool:
        """Whether the linker took the two for one incident."""
        return self.group_of[a.id] == self.group_of[b.id]


@dataclass
class Pairs:
    """Pairs of tellings counted: of one incident and linked, linked wrongly, missed, and kept apart rightly."""

    linked: int = 0
    wrong: int = 0
    missed: int = 0
    apart: int = 0

    def add(self, same: bool, linked: bool) -> None:
        """Count a pair."""
        name = {(True, True): "linked", (False, True): "wrong", (True, False): "missed", (False, False): "apart"}[same, linked]
        setattr(self, name, getattr(self, name) + 1)

    @property
    def precision(self) -> float:
        """Share of the linked pairs that are one incident."""
        return _share(self.linked, self.linked + self.wrong)

    @property
    def recall(self) -> float:
        """Share of the pairs of one incident that are linked."""
        return _share(self.linked, self.linked + self.missed)


def main() -> int:
    """Link the parts and print how well."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--part", choices=PARTS, help="only this part")
    parser.add_argument("--misses", action="store_true", help="list the misses of the tuning part")
    args = parser.parse_args()
    pools = {part: pool(gold(part)) for part in PARTS if args.part in (None, part)}
    print("\n".join(overall(pools)), "", *by_trap(pools), sep="\n")
    if args.misses and "tuning" in pools:
        print("", *misses(pools["tuning"]), sep="\n")
    return 0


def gold(part: str) -> list[Row]:
    """The rows of a part."""
    return [json.loads(line) for line in (OWN / f"linkage_{part}.jsonl").read_text(encoding="utf-8").splitlines()]


def pool(rows: Sequence[Row]) -> Pool:
    """The rows extracted, their tellings found, and all their reports linked."""
    articles = [_article(row) for row in rows]
    found = [extract_article(article).reports for article in articles]
    told = [telling for row, reports in zip(rows, found, strict=True) for telling in tellings(row, reports)]
    reports = [report for some in found for report in some]
    prints = [(article["article_id"], article["published_on"], fingerprint(article["text"])) for article in articles]
    schema = {"article_id": pl.String, "published_on": pl.Date, "fingerprint": pl.List(pl.UInt32)}
    of_copies = dict(copies(pl.DataFrame(prints, schema=schema, orient="row")).iter_rows())
    incidents = resolve(reports, copies=of_copies)
    return Pool(rows, reports, told, {r: i["incident_id"] for i in incidents for r in i["report_ids"]})


def _article(row: Row) -> dict[str, Any]:
    published = date.fromisoformat(row["published"])
    return {
        "article_id": row["id"],
        "document_id": row["id"],
        "captured_at": datetime(published.year, published.month, published.day, 12, tzinfo=UTC),
        "url": f"https://news.example/{row['id']}",
        "source": row["outlet"].casefold().replace(" ", "-"),
        "outlet": row["outlet"],
        "published_on": published,
        "title": row["title"],
        "text": row["text"],
    }


def tellings(row: Row, reports: Sequence[Row]) -> Iterator[Told]:
    """The tellings of a row that were read, each with its report: no report tells of two."""
    free, left = list(reports), []
    for tells in row["tells"]:
        part = "text" if tells["phrase"] in row["text"] else "title"
        start = row[part].index(tells["phrase"])
        span = range(start, start + len(tells["phrase"]))
        best = max(free, key=lambda report: _rests_on(row, report, part, span), default=None)
        if best and _rests_on(row, best, part, span):
            free.remove(best)
            yield Told(row, tells, best)
        else:
            left.append(tells)
    free = [report for report in free if report["mention_role"] == "main_event"]
    if len(left) == 1 and free:
        yield Told(row, left[0], free[0])


def _rests_on(row: Row, report: Row, part: str, span: range) -> int:
    """How closely a report rests on these words of a part: 2 its evidence lies in them, 1 its sentence holds them, else 0."""
    evidence = (
        e for e in report["evidence"] if e["part"] == part and e["field"].startswith(("killed", "injured", "casualties"))
    )
    if any(e["start"] < span.stop and span.start < e["end"] for e in evidence):
        return 2
    start = row[part].find(report["sentence"])
    return int(start >= 0 and start <= span.start and span.stop <= start + len(report["sentence"]))


def pairs(pool: Pool) -> Iterator[tuple[Told, Told, bool, bool]]:
    """All pairs of tellings: the two, whether they are one incident, and whether they are linked."""
    for a, b in combinations(pool.told, 2):
        yield a, b, a.incident == b.incident, pool.linked(a, b)


def count_pairs(pool: Pool, *, read_right: bool = False) -> Pairs:
    """The pairs of the whole pool; `read_right`: only those of which no telling is misread."""
    counted = Pairs()
    for a, b, same, linked in pairs(pool):
        if not (read_right and (a.misread or b.misread)):
            counted.add(same, linked)
    return counted


def count_pairs_by_trap(pool: Pool) -> dict[str, Pairs]:
    """The pairs within scenes by the scenes' trap; a pair across scenes counts where it is linked, with the traps of both."""
    counted: dict[str, Pairs] = defaultdict(Pairs)
    for a, b, same, linked in pairs(pool):
        if linked or a.row["scene"] == b.row["scene"]:
            for trap in {a.row["trap"], b.row["trap"]}:
                counted[trap].add(same, linked)
    return counted


def clusters_exact(pool: Pool) -> float:
    """Share of the gold incidents whose tellings are linked with each other and with no other telling."""
    groups = defaultdict(set)
    incidents = defaultdict(set)
    for told in pool.told:
        groups[pool.group_of[told.id]].add(told.id)
        incidents[told.incident].add(told.id)
    return _share(sum(ids in groups.values() for ids in incidents.values()), len(incidents))


def b_cubed(pool: Pool) -> float:
    """B-cubed F1 (Bagga and Baldwin 1998): precision and recall of each telling's group, averaged over the tellings."""
    groups = Counter(pool.group_of[t.id] for t in pool.told)
    incidents = Counter(t.incident for t in pool.told)
    both = Counter((pool.group_of[t.id], t.incident) for t in pool.told)
    precision = sum(n * n / groups[group] for (group, _), n in both.items()) / len(pool.told)
    recall = sum(n * n / incidents[incident] for (_, incident), n in both.items()) / len(pool.told)
    return 2 * precision * recall / (precision + recall)


def overall(pools: Mapping[str, Pool]) -> Iterator[str]:
    """A table of each part: its size, what extraction gave, and how well it is linked."""
    heads = "part|scenes|texts|incidents|tellings|not extracted|misread|precision|recall|recall, read right|clusters exact|"
    heads += "B-cubed F1"
    yield f"| {heads.replace('|', ' | ')} |"
    yield f"|{'---|' * (heads.count('|') + 1)}"
    for part, found in pools.items():
        incidents = [tells["incident"] for row in found.rows for tells in row["tells"]]
        counted = count_pairs(found)
        sizes = (len({row["scene"] for row in found.rows}), len(found.rows), len(set(incidents)), len(incidents))
        right = count_pairs(found, read_right=True)
        shares = (counted.precision, counted.recall, right.recall, clusters_exact(found), b_cubed(found))
        cells = [
            *map(str, sizes),
            str(len(incidents) - len(found.told)),
            str(sum(t.misread for t in found.told)),
            *(f"{share:.3f}" for share in shares),
        ]
        yield f"| {part} | {' | '.join(cells)} |"


def by_trap(pools: Mapping[str, Pool]) -> Iterator[str]:
    """A table of the pairs by trap, each part's in a cell: linked and missed of one incident, linked wrongly of two."""
    counted = {part: count_pairs_by_trap(found) for part, found in pools.items()}
    yield f"| trap | {' | '.join(f'{part}: linked of same | wrong of different' for part in pools)} |"
    yield f"|---|{'---|---|' * len(pools)}"
    for trap in sorted(set().union(*counted.values())):
        cells = []
        for traps in counted.values():
            n = traps.get(trap, Pairs())
            cells += [f"{n.linked} of {n.linked + n.missed}", f"{n.wrong} of {n.wrong + n.apart}"]
        yield f"| {trap} | {' | '.join(cells)} |"


def misses(pool: Pool) -> Iterator[str]:
    """The pairs that are linked wrongly and those that are not linked, with score and reasons, then what was not extracted."""
    for a, b, same, linked in pairs(pool):
        if same != linked:
            found = compare(a.report, b.report)
            score = "cannot be one" if found.score is None else f"score {found.score}"
            misread = " (MISREAD)" if a.misread or b.misread else ""
            yield f"{'MISSED' if same else 'WRONG '}{misread} {a.row['trap']}: {score}, {', '.join(found.reasons)}"
            yield from (f"    {told.incident} {_seen(told)}" for told in (a, b))
    read = {(t.row["id"], t.incident) for t in pool.told}
    for row in pool.rows:
        for tells in row["tells"]:
            if (row["id"], tells["incident"]) not in read:
                yield f"NOT EXTRACTED {row['id']}: {tells['phrase']}"


def _seen(told: Told) -> str:
    r = told.report
    when = f"{r['date_start']}..{r['date_end']}" if r.get("date_start") else "no day"
    where = f"{r.get('place')} ({r.get('admin1')}, {r.get('country')}; precision {r.get('where_prec')})"
    killed = "-".join(str(r.get(f"killed_{bound}")) for bound in ("low", "best", "high"))
    return f"[{told.row['id']}] {r['mention_role']}, {when}, {where}, killed {killed}: {r['sentence']}"


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0


if __name__ == "__main__":
    sys.exit(main())
