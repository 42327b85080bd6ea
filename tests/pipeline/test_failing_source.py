"""A run in which one outlet has moved its feed: that source is red, all else is done, and the run says what failed and why."""

from dataclasses import dataclass

import pytest
import yaml

import include.aggregate.check
import include.summary
from demo.newsroom.server import newsroom, write_sources
from include.datasets.catalogue import CATALOGUE, DOCUMENTS, INCIDENTS
from include.datasets.lake import Lake, partition_of
from include.datasets.schema import SCHEMA_VERSION, UNDATED
from tests.pipeline.recorded import events, tasks

MOVED = "khabur"


@dataclass
class Outcome:
    """What is left of a run."""

    state: str
    lake: Lake
    failure: str
    """Why summarize failed."""
    tasks: dict[tuple[str, str | None], tuple[str, int]]
    """State and number of tries by task id and name in the grid."""
    events: dict[str, dict]
    """The asset events' extra by dataset."""


def run_over(run_dag, root, sources, **conf):
    """The outcome of a run over sources, declared as in a sources file."""
    failures = []

    def summarize(*args):
        try:
            return original(*args)
        except include.summary.RunFailed as error:
            failures.append(str(error))
            raise

    original = include.summary.summarize
    (root / "sources.yaml").write_text(yaml.safe_dump({"sources": list(sources)}))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(include.summary, "summarize", summarize)
        state = run_dag("casualties", lake=root / "lake", sources=root / "sources.yaml", **conf)
    return Outcome(state, Lake(root / "lake"), "\n".join(failures), tasks("casualties"), events("casualties"))


@pytest.fixture(scope="module")
def sources(tmp_path_factory):
    """The newsroom's sources by id, while it is served."""
    path = tmp_path_factory.mktemp("newsroom") / "sources.yaml"
    with newsroom() as sites:
        write_sources(path, sites)
        yield {source["id"]: source for source in yaml.safe_load(path.read_text())["sources"]}


@pytest.fixture(scope="module")
def outcome(run_dag, sources, tmp_path_factory):
    """The outcome of one run over the newsroom, one of whose feeds answers 404."""
    moved = sources[MOVED] | {"listing": {"feed": f"{sources[MOVED]['base_url']}/moved.xml"}}
    return run_over(run_dag, tmp_path_factory.mktemp("failing"), (sources | {MOVED: moved}).values())


def test_the_source_fails_at_once_for_a_retry_would_not_help(outcome):
    assert outcome.tasks["scrape.scrape_source", MOVED] == ("failed", 1)


def test_the_other_sources_and_everything_after_them_are_done(outcome):
    red = {task for task, (state, _) in outcome.tasks.items() if state == "failed"}
    assert red == {("scrape.scrape_source", MOVED), ("summarize", None)}
    assert {task for task, (state, _) in outcome.tasks.items() if state != "success"} - red == {("go_on", None)}
    sources = {partition_of(path)["source"] for path in outcome.lake.files(DOCUMENTS)}
    assert {"orontes", "sandstorm", "steppe"} <= sources
    assert outcome.lake.read(INCIDENTS).num_rows


def test_the_run_is_red_and_says_what_failed_and_why(outcome):
    assert outcome.state == "failed"
    assert f"scrape: {MOVED} failed: " in outcome.failure
    assert "/moved.xml answered 404" in outcome.failure


def test_mapped_tasks_are_named_by_source_day_month_and_year(outcome, sources):
    names = {task_id: set() for task_id, _ in outcome.tasks}
    for task_id, name in outcome.tasks:
        names[task_id].add(name)
    assert names["scrape.scrape_source"] == set(sources)
    days = {f"{partition_of(p)['source']} {partition_of(p)['fetch_date']}" for p in outcome.lake.files(DOCUMENTS)}
    assert names["clean.clean_batch"] == names["extract.extract_batch"] == days
    assert {"2022-02", "2022-03", "2022-04"} <= names["aggregate.aggregate_month"]
    assert "2022" in names["aggregate.tally_year"]


def test_each_dataset_is_announced_with_its_rows_months_and_schema_version(outcome):
    assert outcome.events.keys() == CATALOGUE.keys() - {"decisions"}
    for name, extra in outcome.events.items():
        assert extra.keys() == {"rows", "months", "schema_version"}
        assert extra["schema_version"] == SCHEMA_VERSION, name
    # The rows that tell of the moved feed are in documents and scrapes, but no page: they are not announced.
    rows = {name: outcome.lake.read(CATALOGUE[name]).num_rows for name in outcome.events}
    assert {name: extra["rows"] for name, extra in outcome.events.items()} == rows | {
        name: rows[name] - 1 for name in ("documents", "scrapes")
    }


def test_the_months_of_an_event_are_the_partitions_that_were_written(outcome):
    written = {(int(partition_of(p)["year"]), int(partition_of(p)["month"])) for p in outcome.lake.files(INCIDENTS)}
    names = sorted(f"{year}-{month:02}" if year else UNDATED for year, month in written)
    assert outcome.events["incidents"]["months"] == outcome.events["monthly_tallies"]["months"] == names


def test_a_lake_that_does_not_add_up_is_said_to_and_not_announced(run_dag, sources, tmp_path, monkeypatch):
    def check(lake, whole):
        raise include.aggregate.check.CheckFailed(["incidents: 1 row too many"])

    monkeypatch.setattr(include.aggregate.check, "check", check)
    outcome = run_over(run_dag, tmp_path, [sources["orontes"]], limit=3)
    assert outcome.state == "failed"
    assert "check failed; see its log" in outcome.failure
    assert outcome.tasks["publish", None][0] == "upstream_failed"
    assert outcome.events.keys() == {"scrapes", "documents", "articles", "reports", "claims"}
