"""Hold what monitors claim against the ledger: what its incidents explain of each total, and what is left.

explained is low-high (best): certainly covered incidents at least, possibly covered ones at most. left is the claim less that.
Below the claims stands how each monitor's figure grew, and what the ledger found meanwhile. Claims are never summed.
"""

import argparse
from datetime import date
from itertools import groupby

from include.aggregate.reconcile.note import span
from include.commands.lake import add_lake, lake_of
from include.commands.output import console, grid, print_json, show

STYLES = {"consistent": "green", "under": "yellow", "over": "red", "scope_mismatch": "dim", "superseded": "dim"}
GROWTHS = {"fits": "green", "more_than_found": "yellow", "less_than_found": "red", "fell": "red", "not_comparable": "dim"}
WIDTH = 160
"""Columns of a table that no terminal shows."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--year", type=int, help="only claims whose period ends in this year")
    parser.add_argument("--country", type=str.upper, metavar="ISO3", help="only claims about this country, such as SYR")
    parser.add_argument("--monitor", metavar="NAME", help="only claims of monitors with this in their name, in any case")
    parser.add_argument("--json", action="store_true", help="JSON lines with the columns of reconciliation")
    add_lake(parser)


def run(args: argparse.Namespace) -> int:
    """Run the command; 1 if there is nothing to show."""
    from rich.console import Console

    from include.datasets.catalogue import RECONCILIATION

    lake = lake_of(args)
    everything = lake.read(RECONCILIATION).to_pylist()
    rows = [r for r in everything if _wanted(r, args)]
    if not rows:
        Console(stderr=True, highlight=False).print(_nothing(lake.url, everything), markup=False)
        return 1
    if args.json:
        print_json(rows)
        return 0
    terminal = console(WIDTH)
    show(terminal, claims_table(rows), ["left", "note"])
    series = [list(same) for _, same in groupby(sorted(rows, key=_in_series), key=lambda r: r["series_id"])]
    grown = [same for same in series if len(same) > 1]
    if grown:
        terminal.print()
        show(terminal, series_table(grown), ["ledger found", "parts"])
    return 0


def claims_table(rows: list[dict]):
    """The standing claims with all their parts as a table for the terminal; other superseded ones are in the series."""
    from rich.text import Text

    shown = grid("Claims against the ledger")
    shown.add_column("claim", min_width=24)
    for name in ("said", "explained", "left"):
        shown.add_column(name, justify="right", no_wrap=True)
    shown.add_column("status", no_wrap=True)
    shown.add_column("note", min_width=20)
    totals = {r["claim_id"]: r for r in rows if r["status"] != "superseded"}
    standing = [r for r in rows if r["claim_id"] in totals or r["part_of"] in totals]
    for monitor, same in groupby(sorted(standing, key=lambda r: _in_table(r, totals)), key=lambda r: r["monitor"]):
        shown.add_row(Text(monitor or "no monitor named", style="bold"))
        for row in same:
            total = totals.get(row["part_of"])
            text = f"  of these {_bounds(row, 'value')} {_part(row, total)}" if total else claim(row)
            status = Text(row["status"].replace("_", " "), style=STYLES[row["status"]])
            shown.add_row(text, _day(row["as_of"]), explained(row), left(row), status, row["note"] or "")
        shown.add_section()
    return shown


def series_table(series: list[list[dict]]):
    """Each series of several figures: how it grew, what the ledger found meanwhile, and whether its parts add up."""
    from rich.text import Text

    shown = grid("How the figures grew")
    shown.add_column("series", min_width=24)
    for name in ("said", "figure", "rose by", "ledger found"):
        shown.add_column(name, justify="right", no_wrap=True)
    shown.add_column("growth", no_wrap=True)
    shown.add_column("parts", no_wrap=True)
    for monitor, of_monitor in groupby(series, key=lambda same: same[0]["monitor"]):
        shown.add_row(Text(monitor or "no monitor named", style="bold"))
        for same in of_monitor:
            for n, row in enumerate(same):
                what = f"{_of_what(row)}, since {_day(row['period_start'])}" if n == 0 else ""
                growth = Text((row["growth"] or "").replace("_", " "), style=GROWTHS.get(row["growth"], ""))
                found = _bounds(row, "since") if row["growth"] else ""
                shown.add_row(what, _day(row["as_of"]), _bounds(row, "value"), _rise(row), found, growth, _parts(row))
        shown.add_section()
    return shown


def claim(row: dict) -> str:
    """A claim in words: `61 killed, soldiers, by ISIS, Badia, 1 Jan - 31 Mar 2022`."""
    return f"{_bounds(row, 'value')} {_of_what(row)}{_period(row)}"


def explained(row: dict) -> str:
    """What the ledger explains: `15-114 (17)`; empty where there is no comparison."""
    if row["explained_low"] is None:
        return ""
    low, best, high = (row[f"explained_{b}"] for b in ("low", "best", "high"))
    return f"{low:,}" if low == best == high else f"{low:,}-{'?' if high is None else format(high, ',')} ({best:,})"


def left(row: dict) -> str:
    """What is left of the claim: `70 to 78`; below 0 the ledger has more."""
    if row["explained_low"] is None:
        return ""
    low, high = ("?" if row[f"residual_{b}"] is None else format(row[f"residual_{b}"], ",") for b in ("low", "high"))
    return low if low == high else f"{low} to {high}"


def _of_what(row: dict) -> str:
    measure = "killed or injured" if row["measure"] == "casualties" else row["measure"]
    by = row["perpetrator"] and f"by {row['perpetrator']}"
    return ", ".join(filter(None, (measure, _victims(row), by, row["area"] or row["country"])))


def _victims(row: dict) -> str:
    """The victims as written, or their classes where the words alone ("members") do not tell."""
    if row["victims"] and " " in row["victims"]:
        return row["victims"]
    return " and ".join(c.replace("_", " ") for c in row["victim_classes"] or ())


def _part(row: dict, total: dict) -> str:
    """What sets a part apart from its total."""
    area = row["area"] if row["area"] != total["area"] else None
    days = _period(row).removeprefix(", ") if (row["period_start"], row["period_end"]) != _days(total) else None
    return ", ".join(filter(None, (_victims(row) or row["victims"], area, days)))


def _days(row: dict) -> tuple:
    return row["period_start"], row["period_end"]


def _period(row: dict) -> str:
    start, end = row["period_start"], row["period_end"]
    if start is None or end is None:
        return ""
    return f", {_day(start, year=start.year != end.year)} - {_day(end)}" if start != end else f", {_day(end)}"


def _day(day: date | None, *, year: bool = True) -> str:
    return "-" if day is None else f"{day.day} {day:%b %Y}" if year else f"{day.day} {day:%b}"


def _bounds(row: dict, stem: str) -> str:
    low, best, high = (row[f"{stem}_{b}"] for b in ("low", "best", "high"))
    return "?" if low is None and best is None and high is None else span(best if low is None else low, high)


def _rise(row: dict) -> str:
    low, high = row["delta_low"], row["delta_high"]
    if row["previous"] is None:
        return ""
    if low == high and low is not None:
        return f"{low:+,}"
    return f"{'?' if low is None else format(low, '+,')} to {'?' if high is None else format(high, '+,')}"


def _parts(row: dict) -> str:
    if row["arithmetic"] == "not_checkable":
        return ""
    return "ok" if row["arithmetic"] == "ok" else f"{row['arithmetic'].replace('_', ' ')}: {_bounds(row, 'parts')}"


def _wanted(row: dict, args: argparse.Namespace) -> bool:
    return (
        args.year in (None, row["year"])
        and args.country in (None, row["country"])
        and (args.monitor is None or args.monitor.casefold() in (row["monitor"] or "").casefold())
    )


def _nothing(url: str, rows: list[dict]) -> str:
    if not rows:
        return (
            f"No claims were held against the ledger in the lake {url}. Either no article states a total over a period, or "
            "nothing has been aggregated yet: python -m include aggregate"
        )
    years, countries, monitors = (sorted({str(r[c]) for r in rows if r[c]}) for c in ("year", "country", "monitor"))
    return (
        "No claim is of that year, country and monitor. There are: years "
        f"{', '.join(years)}; countries {', '.join(countries)}; monitors {', '.join(monitors)}."
    )


def _in_table(row: dict, totals: dict[str, dict]) -> tuple:
    """By monitor, country and period; parts below their total, the greatest first."""
    total = totals.get(row["part_of"], row)
    value = row["value_low"] or row["value_best"] or row["value_high"] or 0
    days = (total["period_start"] or date.min, total["as_of"] or date.min)
    named = (row["monitor"] or "", total["country"] or "")
    return *named, days[0], total["area"] or "", days[1], total["claim_id"], row is not total, -value


def _in_series(row: dict) -> tuple:
    days = (row["period_end"] or date.max, row["as_of"] or date.max)
    return row["monitor"] or "", row["series_id"], *days, row["claim_id"]
