"""Print the monthly tallies: killed and injured by month, country, governorate, perpetrator and victims.

A figure is best [low-high]; a high of ? means that some report states no upper bound. The shares are of incidents: weak rests
on one origin, unlocated has no coordinates, imprecise is dated no better than to a week. In doubt is by how much open decisions
could change best. A country with * had sources that published less than usual in that month: few incidents are no peace.
"""

import argparse
import re
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from itertools import groupby

from include.commands.lake import add_lake, lake_of
from include.commands.output import console, grid, print_json, show
from include.datasets.lake import Lake

TITLE = "Monthly casualty tallies"


def instant(text: str) -> datetime:
    """The argument --as-of: the end of a day in UTC, or an instant with its zone. Raises ArgumentTypeError."""
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return datetime.combine(date.fromisoformat(text), time.max, UTC)
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no day (2022-04-30) and no instant with a zone (2022-04-30T18:00Z)")
    return at.astimezone(UTC)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--year", type=int, help="only this year")
    parser.add_argument("--country", type=str.upper, metavar="ISO3", help="only this country, such as SYR")
    parser.add_argument(
        "--as-of",
        type=instant,
        metavar="DATE",
        help="as the ledger said at the end of that day in UTC, or at an instant such as 2022-04-30T18:00Z",
    )
    parser.add_argument("--json", action="store_true", help="JSON lines with the columns of monthly_tallies")
    add_lake(parser)


def run(args: argparse.Namespace) -> int:
    """Run the command; 1 if there are no tallies, or none like that, 2 if the ledger begins later than --as-of."""
    from include.datasets.catalogue import MONTHLY_TALLIES

    lake = lake_of(args)
    title, notes = TITLE, []
    if args.as_of:
        try:
            rows, title, notes = past(lake, args.as_of)
        except LookupError as error:
            print(f"error: {error}", file=sys.stderr)
            return 2
    else:
        rows = lake.read(MONTHLY_TALLIES).to_pylist()
    if not rows:
        print(
            f"No tallies in the lake {lake.url}. Has a run aggregated anything? See: python -m include --help", file=sys.stderr
        )
        return 1
    years, countries = ([str(v) for v in sorted({r[c] for r in rows} - {None})] for c in ("year", "country"))
    rows = [r for r in rows if args.year in (None, r["year"]) and args.country in (None, r["country"])]
    if not rows:
        print(
            f"No tallies of that year and country; there are: years {', '.join(years)} (0: no date); countries "
            f"{', '.join(countries)}. That is no sign of peace: see python -m include coverage",
            file=sys.stderr,
        )
        return 1
    if args.json:
        print_json(rows)
    else:
        show_tallies(console(), rows, title)
    for note in notes:
        print(f"note: {note}", file=sys.stderr)
    return 0


def past(lake: Lake, at: datetime) -> tuple[list[dict], str, list[str]]:
    """The tallies as the ledger said at an instant, what they are, with the runs that they rest on, and what they cannot tell.

    Raises LookupError if nothing was recorded by then.
    """
    from include.aggregate.past_tallies import minute, tallies_as_of
    from include.datasets.ids import short

    told = tallies_as_of(lake, at)
    rests = f"run of {minute(told.runs[-1])}" + (
        f", the last of {len(told.runs)} since {minute(told.runs[0])}" if told.runs[1:] else ""
    )
    notes = []
    if told.untold:
        notes.append(
            f"What was in doubt by {', '.join(map(short, told.untold))} cannot be told any more: reports read otherwise today."
        )
    if told.read_anew:
        notes.append(
            "Silence is told by articles as they read today ({1}), not as they read then ({0}).".format(*told.read_anew)
        )
    return told.tallies.to_dicts(), f"{TITLE} as of {minute(at)} ({rests})", notes


def show_tallies(terminal, rows: list[dict], title: str = TITLE) -> None:
    """Print tallies as a table, and below it what silence there was."""
    show(terminal, table(rows, title), SPARE)
    for line in silence(rows):
        terminal.print(line)


def table(rows: list[dict], title: str = TITLE):
    """The tallies as a table for the terminal: a line for each row, for each month and for all."""
    columns = {name: cell for name, cell in CELLS.items() if any(cell(row) for row in rows)}
    shown = grid(title)
    for name in ("month", "country", "admin1", "perpetrator", "victims"):
        shown.add_column(name, no_wrap=name in ("month", "country"))
    for name in columns:
        shown.add_column(name, justify="right", no_wrap=name != "in doubt")
    for month, of_month in groupby(rows, key=month_of):
        lines = list(of_month)
        for row in lines:
            country = f"{row['country'] or '-'}{' *' if row['silent_sources'] else ''}"
            victims = (row["victim_class"] or "unknown").replace("_", " ") if row["n_incidents"] else "-"
            texts = (month, country, row["admin1"] or "-", row["perpetrator"] or "-", victims)
            shown.add_row(*texts, *(cell(row) for cell in columns.values()))
        if len(lines) > 1:
            of_all = total(lines)
            shown.add_row(month, "all", "", "", "", *(cell(of_all) for cell in columns.values()), style="bold")
        shown.add_section()
    if len({month_of(row) for row in rows}) > 1:
        of_all = total(rows)
        shown.add_row("all", "", "", "", "", *(cell(of_all) for cell in columns.values()), style="bold")
    return shown


def month_of(row: dict) -> str:
    """The month of a row as people write it."""
    return f"{row['year']}-{row['month']:02}" if row["year"] else "undated"


def silence(rows: list[dict]) -> list[str]:
    """A line for each month and country in which sources fell silent."""
    quiet = {(month_of(row), row["country"]): row["silent_sources"] for row in rows if row["silent_sources"]}
    return [f"* {month} {country}: fewer articles than usual from {', '.join(of)}" for (month, country), of in quiet.items()]


def total(rows: list[dict]) -> dict:
    """The sum of rows of tallies, column by column: a high is open as soon as one row's is."""
    sums = {column: sum(row[column] or 0 for row in rows) for column in rows[0] if column.startswith("n_")}
    for stem in ("killed", "injured", "casualties", "killed_women", "killed_children", "killed_doubt", "injured_doubt"):
        stated = [row for row in rows if any(row.get(f"{stem}_{b}") is not None for b in ("low", "best", "high"))]
        for bound in ("low", "best", "high"):
            values = [row.get(f"{stem}_{bound}") for row in stated]
            sums[f"{stem}_{bound}"] = None if not values or None in values else sum(values)
    return sums


def share(row: dict, column: str) -> str:
    """The share of a row's incidents that a column counts, in per cent; empty where there are none."""
    return f"{100 * (row[column] or 0) / row['n_incidents']:.0f}%" if row["n_incidents"] else ""


def women_and_children(row: dict) -> str:
    """The women and the children known to be among the killed: `3 / 12`, or empty where none are stated."""
    women, children = row["killed_women_best"], row["killed_children_best"]
    return "" if women is None and children is None else f"{women or 0} / {children or 0}"


def doubt(row: dict) -> str:
    """What open decisions could change, by measure: `killed -3/+0`; empty where nothing is open."""
    bounds = {m: (row[f"{m}_doubt_low"] or 0, row[f"{m}_doubt_high"] or 0) for m in ("killed", "injured")}
    return "\n".join(f"{m} -{-low}/+{high}" for m, (low, high) in bounds.items() if low or high)


def figure(row: dict, measure: str) -> str:
    """A range in words: `4`, `24 [24-99]`, `5 [5-?]`, or empty where nothing is stated."""
    low, best, high = (row[f"{measure}_{bound}"] for bound in ("low", "best", "high"))
    if low is None and best is None and high is None:
        return ""
    if low == best == high:
        return str(best)
    return f"{low if best is None else best} [{low}-{'?' if high is None else high}]"


CELLS: dict[str, Callable[[dict], str]] = {
    "inci-\ndents": lambda row: str(row["n_incidents"]),
    "killed": lambda row: figure(row, "killed"),
    "injured": lambda row: figure(row, "injured"),
    "killed or\ninjured": lambda row: figure(row, "casualties"),
    "women /\nchildren\nkilled": women_and_children,
    "in doubt": doubt,
    "weak": lambda row: share(row, "n_weak"),
    "un-\nlocated": lambda row: share(row, "n_unlocated"),
    "im-\nprecise": lambda row: share(row, "n_imprecise"),
}
"""What the table shows of a row, as far as any row has it."""

SPARE = (
    *("killed or\ninjured", "injured", "in doubt", "women /\nchildren\nkilled"),
    *("weak", "un-\nlocated", "im-\nprecise"),
)
"""What a narrow terminal does without, the last first."""
