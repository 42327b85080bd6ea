"""What the README says works: its Python runs, its YAML loads, its commands and files exist."""

import re
import textwrap
from pathlib import Path

import pytest

from include.__main__ import COMMANDS
from include.scrape.sources import load_sources
from tests.pipeline.stages import run_stages

PROJECT = Path(__file__).parents[2]
README = (PROJECT / "README.md").read_text()


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, re.S)


@pytest.fixture(scope="module")
def lake(captured_lake):
    run_stages(captured_lake)
    return captured_lake.root


@pytest.mark.parametrize("code", blocks("python"), ids=lambda code: code.split()[1])
def test_the_recipes_that_read_the_parquet_run_and_print_rows(code, lake, capsys):
    exec(compile(code.replace("demo/lake", lake), "README.md", "exec"), {})
    shown = capsys.readouterr().out
    assert len(shown.splitlines()) > 3 and "Empty" not in shown


def test_the_example_of_a_source_loads(tmp_path):
    (entry,) = blocks("yaml")
    (tmp_path / "sources.yaml").write_text("sources:\n" + textwrap.indent(textwrap.dedent(entry), "  "))
    assert load_sources(tmp_path / "sources.yaml")["example"].listing.kind == "feed"


def test_every_make_target_and_every_command_that_it_names_exists():
    targets = set(re.findall(r"^([a-z]+):", (PROJECT / "Makefile").read_text(), re.M))
    assert set(re.findall(r"\bmake ([a-z]+)", " ".join(re.findall(r"`make [a-z]+`|^make .*$", README, re.M)))) <= targets
    commands = {module.__name__.rsplit(".", 1)[1].removesuffix("_") for module in COMMANDS}
    assert set(re.findall(r"^badia ([a-z]+)|; badia ([a-z]+)", README, re.M)) and all(
        (a or b) in commands for a, b in re.findall(r"^badia ([a-z]+)|; badia ([a-z]+)", README, re.M)
    )


def test_every_file_that_it_links_to_exists():
    for target in re.findall(r"\]\((?!http)([^)]+)\)", README):
        assert (PROJECT / target).exists(), target
