"""What the handbook of operations says is so."""

import re
from pathlib import Path

import yaml

from include.scrape.advice import advice_table
from include.scrape.hosts import Host
from include.scrape.sources import load_sources
from include.scrape.state import retry_after

PROJECT = Path(__file__).parents[2]
OPERATIONS = (PROJECT / "docs" / "OPERATIONS.md").read_text()


def test_the_example_of_a_source_loads(tmp_path):
    (entry,) = re.findall(r"```yaml\n(.*?)```", OPERATIONS, re.S)
    (tmp_path / "sources.yaml").write_text(yaml.safe_dump({"sources": yaml.safe_load(entry)}))
    source = load_sources(tmp_path / "sources.yaml")["example"]
    assert [listing.kind for listing in source.listings] == ["feed", "sitemap"] and source.bounds.most == 200


def test_the_error_classes_that_it_explains_are_those_that_a_run_gives_advice_on():
    rows = re.findall(r"^\| (`[^|]*) \|", OPERATIONS, re.M)
    named = set(re.findall(r"`([a-z0-9_]+)(?:\.\.)?`", " ".join(rows)))
    assert "robots" in named and named <= advice_table().keys()


def test_the_tries_that_it_tells_of_are_those_of_the_table():
    def tries(error_class: str) -> tuple[int, int]:
        waits = []
        while (wait := retry_after(error_class, len(waits))) is not None:
            waits.append(wait)
        return len(waits), sum(wait.total_seconds() for wait in waits) // 86400

    assert tries("http_404") == (3, 8)
    assert tries("http_503") == (6, 11)
    assert Host("h", failures=3).on_trial


def test_every_file_and_heading_that_it_links_to_exists():
    headings = {re.sub(r"[^a-z -]", "", h.lower()).replace(" ", "-") for h in re.findall(r"^## (.*)$", OPERATIONS, re.M)}
    for target in re.findall(r"\]\((?!http)([^)]+)\)", OPERATIONS):
        assert target[1:] in headings if target.startswith("#") else (PROJECT / "docs" / target).exists(), target
