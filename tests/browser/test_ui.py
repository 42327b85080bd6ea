"""Airflow's own pages in a real browser: a person starts a run over the newsroom, sees it go green, finds their way."""

import itertools
import json
import os
import shutil
import socket
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest
import yaml

from demo.newsroom.server import newsroom, write_sources
from local import database
from local.environment import password_file
from local.processes import NotUp, left_running
from local.up import PARTS, USER, airflow
from tests.scrape.archive.archives import record, url

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MACOS = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
)
BROWSER = next(filter(None, [*map(shutil.which, NAMES), *(path for path in MACOS if Path(path).exists())]), None)
OPTIONS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
FLOW = ["scrape", "clean", "extract", "aggregate", "check"]
SOURCES = {"khabur", "steppe"}

pytestmark = pytest.mark.skipif(
    BROWSER is None, reason="no Chromium on this machine; install it: apt-get install chromium, or Google Chrome on macOS"
)


class Up:
    """A running Airflow over the newsroom, until it is stopped."""

    def __init__(self, home: Path):
        self.home = home
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        with ExitStack() as stack:
            write_sources(home / "sources.yaml", stack.enter_context(newsroom()))
            sources = yaml.safe_load((home / "sources.yaml").read_text())["sources"]
            fewer = [source for source in sources if source["id"] in SOURCES]
            (home / "sources.yaml").write_text(yaml.safe_dump({"sources": fewer}))
            variables = {"BADIA_LAKE": str(home / "lake"), "BADIA_SOURCES": str(home / "sources.yaml")}
            self.url, _ = stack.enter_context(airflow(home / "airflow", port, **variables))
            self.password = json.loads(password_file(home / "airflow", USER).read_text())[USER]
            self.stop = stack.pop_all().close

    def processes(self) -> list[psutil.Process]:
        """What runs for it, down to the last worker."""
        parts = left_running(self.home / "airflow", [*PARTS, database.NAME])
        return [process for part in parts for process in (part, *part.children(recursive=True))]


@pytest.fixture(scope="module")
def up():
    """Airflow, started as `make up` does.

    Not in pytest's folder: each session that starts locks others out of that, and PostgreSQL under root is another.
    """
    with tempfile.TemporaryDirectory(prefix="badia-test-") as folder:
        running = Up(Path(folder))
        yield running
        running.stop()


@pytest.fixture(scope="module")
def page(up):
    """A browser's page, signed in as the admin."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=BROWSER, args=OPTIONS)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.set_default_timeout(20_000)
        page.goto(up.url)
        page.locator("input[name=username]").fill(USER)
        page.locator("input[name=password]").fill(up.password)
        page.get_by_role("button", name="Sign in").click()
        page.get_by_text("Welcome").wait_for()
        yield page
        browser.close()


@pytest.fixture(scope="module")
def run(up, page):
    """The address of a run that was started with the Trigger button, of three articles a source, when it is green."""
    page.goto(f"{up.url}/dags/casualties")
    page.get_by_role("button", name="Trigger Dag").click()
    form = page.get_by_role("dialog")
    form.locator("input[name=element_limit]").fill("3")
    form.get_by_role("button", name="Trigger", exact=True).click()
    page.wait_for_url("**/runs/manual__*")
    address = page.url
    page.get_by_test_id("header-card").get_by_text("Success", exact=True).wait_for(timeout=120_000)
    return address


def answer(url, **options):
    """The status with which an anonymous request is answered."""
    try:
        with urllib.request.urlopen(urllib.request.Request(url, **options), timeout=10) as response:
            return response.status
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


@pytest.mark.parametrize("path", ["/api/v2/dags", "/api/v2/assets/events", "/ui/config", "/api/v2/variables"])
def test_anonymous_requests_are_refused(up, path):
    assert answer(up.url + path) == 401


def test_nobody_starts_a_run_or_plays_a_task_without_a_token(up):
    assert answer(f"{up.url}/api/v2/dags/casualties/dagRuns", data=b"{}", method="POST") == 401
    instance = "00000000-0000-0000-0000-000000000000"
    assert answer(f"{up.url}/execution/task-instances/{instance}/run", data=b"{}", method="PATCH") in (401, 403)


def test_it_listens_on_this_machine_only(up):
    listening = [
        connection.laddr
        for process in up.processes()
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert listening and {address.ip for address in listening} == {"127.0.0.1"}
    assert {address.port for address in listening} == {int(up.url.rsplit(":", 1)[1])}


def test_a_second_one_on_the_same_folder_is_refused(up):
    with pytest.raises(NotUp, match="already up"), airflow(up.home / "airflow", 1):
        pass


def test_a_run_started_by_hand_waits_for_no_other(up, page, run):
    runs = page.request.get(f"{up.url}/api/v2/dags/casualties/dagRuns?order_by=start_date").json()["dag_runs"]
    assert [runs[0][field] for field in ("run_type", "state", "conf")] == ["manual", "success", {"sources": [], "limit": 3}]


def test_the_graph_reads_as_one_line_from_scrape_to_publish_and_summarize(page, run):
    page.goto(run)
    page.get_by_role("button", name="Show Graph").click()
    page.get_by_test_id("rf__edge-check-summarize").wait_for(state="attached")
    edges = page.locator("[data-testid^=rf__edge-]").evaluate_all("edges => edges.map(e => e.dataset.testid.slice(9))")
    line = [f"{before}-{after}" for before, after in itertools.pairwise(FLOW)]
    assert sorted(edges) == sorted([*line, "check-publish", "check-summarize", "check-go_on"])
    for group in FLOW[:-1]:
        assert "success" in page.get_by_test_id(f"rf__node-{group}").inner_text()
    for dataset in ("documents", "articles", "reports", "tallies"):
        assert page.get_by_text(dataset, exact=True).count() == 1
    page.get_by_role("button", name="Show Grid").click()


def test_the_grid_shows_the_four_groups_and_what_is_in_them(page, run):
    page.goto(run)
    for task in [*FLOW, "publish", "summarize", "go_on"]:
        page.get_by_test_id(f"task-{task}").wait_for()
    page.get_by_role("button", name="Expand all task groups").click()
    for task in ("scrape_source", "clean_batch", "extract_batch", "aggregate_month", "tally_year"):
        page.get_by_text(f"{task} [ ]").wait_for()


@pytest.mark.parametrize(
    "task, name",
    [
        ("scrape.scrape_source", "{source}"),
        ("clean.clean_batch", "{source} {day}"),
        ("extract.extract_batch", "{source} {day}"),
    ],
)
def test_mapped_tasks_carry_the_names_of_their_sources(up, page, run, task, name):
    page.goto(f"{run}/tasks/{task}/mapped")
    documents = (up.home / "lake" / "documents").glob("fetch_date=*/source=*")
    days = {path.name.removeprefix("source="): path.parent.name.removeprefix("fetch_date=") for path in documents}
    names = page.get_by_test_id("table-cell-rendered_map_index")
    for source in SOURCES:
        names.get_by_text(name.format(source=source, day=days[source]), exact=True).wait_for()
    assert names.count() == len(SOURCES)


def test_the_summary_is_what_one_reads_on_the_page_of_its_task(page, run):
    page.goto(f"{run}/tasks/summarize")
    page.get_by_text("scrape: 2 done").first.wait_for()


def test_what_others_wrote_is_text_on_every_page(up, page, run):
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    archive = up.home / "<img src=x onerror=alert(1)> [link](javascript:alert(2)) {{ 7*7 }}.warc"
    address = b"http://news.example/<svg onload=alert(3)>"
    archive.write_bytes(
        record(1, kind="response").replace(url(1).encode(), address).replace(b"HTTP/1.1 200", b"\x1b[2Jno HTTP")
    )
    imports = f"{up.url}/api/v2/dags/import_archive"
    page.request.patch(imports, data={"is_paused": False})
    started = page.request.post(f"{imports}/dagRuns", data={"logical_date": None, "conf": {"paths": [str(archive)]}}).json()
    of_run = f"dags/import_archive/runs/{started['dag_run_id']}"
    wait_for(page, f"{up.url}/api/v2/dags/import_archive/dagRuns?state=success", "dag_runs")
    for place in (f"{of_run}/tasks/summarize", f"{of_run}/tasks/summarize/xcom"):  # the log, and what the task returned
        page.goto(f"{up.url}/{place}")
        page.wait_for_function("name => document.body.innerText.includes(name)", arg=f"{archive.name}, byte 0: the response of")
        assert page.locator("img[src=x], svg[onload], a[href^=javascript]").count() == 0
    assert dialogs == []


@pytest.fixture(scope="module")
def woken(up, page, run):
    """The address of the run of casualties that an import of one saved article has started."""
    text = "At least four people were killed by gunmen in As Sukhnah on Sunday, local officials said. " * 5
    article = {"url": "https://news.example.org/1", "title": "Four killed", "text": text, "date": "2022-04-11"}
    (up.home / "export.jsonl").write_text(json.dumps(article))
    imports = f"{up.url}/api/v2/dags/import_archive"
    page.request.patch(imports, data={"is_paused": False})
    page.request.post(f"{imports}/dagRuns", data={"logical_date": None, "conf": {"paths": [str(up.home / "export.jsonl")]}})
    runs = f"{up.url}/api/v2/dags/casualties/dagRuns"
    (started,) = wait_for(page, f"{runs}?run_type=asset_triggered", "dag_runs")
    return f"{runs}/{started['dag_run_id']}"


def wait_for(page, address, what, seconds=60):
    """What the API lists there, when it lists something."""
    until = time.monotonic() + seconds
    while not (found := page.request.get(address).json()[what]) and time.monotonic() < until:
        page.wait_for_timeout(100)
    return found


def test_an_import_wakes_casualties_and_the_clock_goes_on(up, page, woken):
    events = page.request.get(f"{woken}/upstreamAssetEvents").json()["asset_events"]
    assert [(event["name"], event["source_dag_id"]) for event in events] == [("backlog", "import_archive")]
    due = datetime.fromisoformat(page.request.get(f"{up.url}/api/v2/dags/casualties").json()["next_dagrun_run_after"])
    assert due.hour % 6 == 0 and timedelta(0) < due - datetime.now(UTC) <= timedelta(hours=6)


def test_stopping_in_the_middle_of_a_run_leaves_no_process_behind(up, page, woken):
    """The last test of this file: nothing is up after it."""
    wait_for(page, f"{woken}/taskInstances?state=running", "task_instances")
    processes = up.processes()
    # A task has a process group of its own, as each part has.
    assert sum(os.getpgid(process.pid) == process.pid for process in processes if process.is_running()) > len(PARTS) + 1
    up.stop()
    _, alive = psutil.wait_procs(processes, timeout=5)
    assert not [process for process in alive if process.status() != psutil.STATUS_ZOMBIE]
