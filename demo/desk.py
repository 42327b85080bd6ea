"""What the desk of the demo decides about reports, as data: decisions.yaml."""

from datetime import datetime
from pathlib import Path

import yaml

from demo.newsroom.articles import load_outlets
from include.aggregate.decisions import decision, read_decisions, record
from include.datasets.catalogue import REPORTS
from include.datasets.lake import Lake

DECISIONS = Path(__file__).parent / "decisions.yaml"


def note_doubts(lake: Lake, now: datetime) -> None:
    """Write the desk's decisions into the log of the lake, decided at `now`; what is in the log already is not written again.

    Raises KeyError for an article that told of nothing.
    """
    slugs = {o.canonical_url(a).rstrip("/"): f"{o.id}/{a.slug}" for o in load_outlets() for a in o.articles}
    told = {}
    for report in lake.read(REPORTS, ["report_id", "url", "mention_role"]).to_pylist():
        if report["mention_role"] == "main_event":
            told.setdefault(slugs.get(report["url"].rstrip("/")), []).append(report["report_id"])
    known = {(d["verdict"], d["by"], d["why"]) for d in read_decisions(lake)}
    for entry in yaml.safe_load(DECISIONS.read_text(encoding="utf-8")):
        a, b = (told[article] for article in entry["articles"])
        if (entry["verdict"], entry["by"], entry["why"]) not in known:
            record(lake, [decision(entry["verdict"], a, b, by=entry["by"], why=entry["why"], decided_at=now)])
