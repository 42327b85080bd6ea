"""Show an article with the words that gave each number, and why the other numbers were not counted.

The article is a text or HTML file, or the id or address of an article in the lake.
"""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from include.commands.extract import day, read_article
from include.commands.lake import add_lake, lake_of
from include.datasets.catalogue import BREAKDOWN, CLAIMS, REPORTS

STYLES = {
    "main_event": "bold white on red",
    "background_reference": "black on yellow",
    "claim": "black on cyan",
    "left out": "dim",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("article", help="a file, an article_id, or an article's address")
    parser.add_argument("--published", type=day, metavar="DATE", help="day of publication of a file, YYYY-MM-DD")
    parser.add_argument("--title", help="headline of a file that does not carry it")
    add_lake(parser)


def run(args: argparse.Namespace) -> int:
    """Run the command; 2 if there is no such article."""
    from rich.console import Console

    from include.extract.article import extract_article

    try:
        article = _article(args)
    except (OSError, ValueError, LookupError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    found = extract_article(article)
    console = Console(highlight=False)
    published = article.get("published_on")
    console.print(
        f"published {published}" if published else "no publication date: relative dates stay unresolved", style="italic"
    )
    for part in ("title", "text"):
        if article.get(part):
            console.print(marked(article[part], part, found), style="bold" if part == "title" else "")
            console.print()
    for heading, style, lines in (*_reports(map(REPORTS.whole, found.reports)), *_claims(map(CLAIMS.whole, found.claims))):
        console.print(heading, style=style)
        for line in lines:
            console.print(f"  {line}", markup=False)
    if found.not_counted:
        console.print("not counted", style=STYLES["left out"])
    for left in found.not_counted:
        console.print(f"  {left['phrase']!r}: {left['explanation']} ({left['reason']})", markup=False)
    if not found.reports and not found.claims:
        console.print("No casualties of conflict in this article.")
    return 0


def marked(text: str, part: str, found):
    """The text with each span that is evidence in the style of what it is evidence of."""
    from rich.text import Text

    shown = Text(text)
    for left in found.not_counted:
        if left["part"] == part:
            shown.stylize(STYLES["left out"], left["start"], left["end"])
    for row in (*found.claims, *reversed(found.reports)):
        style = STYLES[row.get("mention_role", "claim")]
        for receipt in row["evidence"]:
            if receipt["part"] == part:
                shown.stylize(style, receipt["start"], receipt["end"])
    return shown


def _reports(reports: Iterable[dict[str, Any]]):
    for row in reports:
        named = [
            ("when", _when(row)),
            ("where", _where(row)),
            ("by", _who(row)),
            ("target", row["target"]),
            ("source", row["origin"]),
        ]
        named += [(m.replace("_", " "), _range(row, m)) for m in ("killed", "injured", "casualties", *BREAKDOWN)]
        named += [("sides", _sides(row)), ("confidence", row["confidence"])]
        lines = [f"{name}: {value}" for name, value in named if value]
        yield f"{row['mention_role'].replace('_', ' ')}", STYLES[row["mention_role"]], [*lines, *_receipts(row)]


def _sides(row: dict[str, Any]) -> str:
    """The sides, where there are several."""
    groups = row["groups"] or []
    sides = [f"{g['measure']} {g['victim_class']}{' (attackers)' if g['attackers'] else ''} {_bounds(g)}" for g in groups]
    return ", ".join(sides).replace("_", " ") if len(sides) > len({g["measure"] for g in groups}) else ""


def _claims(claims: Iterable[dict[str, Any]]):
    for row in claims:
        period = f"{row['period_start'] or '?'} to {row['period_end'] or '?'}"
        lines = [
            f"{row['measure']}: {_range(row, 'value')}",
            f"period: {period}",
            f"by: {row['monitor'] or row['perpetrator']}",
        ]
        yield f"{row['claim_type']} claim, never summed", STYLES["claim"], [*lines, *_receipts(row)]


def _receipts(row: dict[str, Any]) -> list[str]:
    """The evidence, one line for all columns that rest on the same words."""
    fields: dict[tuple, list[str]] = {}
    for e in row["evidence"]:
        fields.setdefault((e["phrase"], e["part"], e["start"], e["end"], e["rule"]), []).append(e["field"])
    return [
        f"{', '.join(names)} <- {phrase!r} ({part} {start}-{end}, rule {rule})"
        for (phrase, part, start, end, rule), names in fields.items()
    ]


def _when(row: dict[str, Any]) -> str:
    if row["date_start"] is None:
        return f"not known ({row['date_reason']})"
    return f"{row['date_start']} to {row['date_end']}, precision {row['date_prec']}"


def _where(row: dict[str, Any]) -> str | None:
    names = ", ".join(filter(None, (row["place"], row["admin1"], row["country"])))
    return names and f"{names}, precision {row['where_prec']}"


def _who(row: dict[str, Any]) -> str | None:
    if row["perpetrator"] is None:
        return None
    return " ".join(filter(None, (row["perpetrator"], f"({row['attribution']}", f"{row['claim_status']})")))


def _range(row: dict[str, Any], stem: str) -> str | None:
    bounds = {b: row[f"{stem}_{b}"] for b in ("low", "best", "high")}
    return f"{_bounds(bounds)}  (low / best / high)" if set(bounds.values()) != {None} else None


def _bounds(row: dict[str, Any]) -> str:
    return " / ".join("?" if row[b] is None else str(row[b]) for b in ("low", "best", "high"))


def _article(args: argparse.Namespace) -> dict[str, Any]:
    path = Path(args.article)
    if path.exists():
        return read_article(path, published=args.published, title=args.title)
    from include.datasets.catalogue import ARTICLES

    lake = lake_of(args)
    for row in lake.read(ARTICLES).to_pylist():
        if args.article in (row["article_id"], row["url"]) and row["text"]:
            return row
    raise LookupError(f"{args.article} is no file, and no article of the lake {lake.url} has that id or address")
