"""
### Casualties: news pages in, incidents and monthly tallies out

`scrape -> clean -> extract -> aggregate`, then a **check** that the tallies equal the sum of their incidents.

- **scrape** fetches what each source lists and the lake does not hold; one mapped task a source, pages to WARC files first.
- **clean** turns each pending batch of captured pages into articles.
- **extract** reads reports and claims out of each pending batch of articles, every figure with the words that it came from.
- **aggregate** resolves reports into incidents, records what changed in the months that changed, and adds them up.

What is pending is derived from the lake, so a retry, a late report or a new version of a stage needs no special run. A source
that fails goes red after its retries and the others go on; **summarize** fails at the end and says what failed and why.

Runs come by the clock, and at once when an import brought documents or a run left batches to the next (**go_on**). All runs are
alike: one that was woken asks the outlets too, so that a long backlog does not hold up the news.

Datasets and columns: docs/DATA_DICTIONARY.md. Rules: docs/METHODOLOGY.md.
"""

from collections.abc import Callable
from datetime import timedelta

from airflow.sdk import (
    Asset,
    AssetOrTimeSchedule,
    CronTriggerTimetable,
    Label,
    Metadata,
    Param,
    TriggerRule,
    chain,
    dag,
    get_current_context,
    task,
    task_group,
)
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from include import settings
from include.scrape.sources import load_sources

LEDGER = (
    "memberships",
    "candidate_pairs",
    "incidents",
    "revisions",
    "doubts",
    "coverage",
    "coverage_days",
    "monthly_tallies",
    "reconciliation",
)
DATASETS = ("scrapes", "documents", "articles", "reports", "claims", *LEDGER)
ASSETS = {name: Asset(name=name, uri=f"badia://lake/{name}", group="badia") for name in DATASETS}
BACKLOG = Asset(name="backlog", uri="badia://lake/backlog", group="badia")
"""Batches that wait and should not wait for the clock; it wakes this DAG."""
SOURCES = sorted(load_sources(settings.sources_file()))
EVERY_HOURS = 6
MOST_BATCHES = 1_000
"""Most batches that one run cleans, and extracts: Airflow maps 1,024 tasks, and news should not wait for years of archives."""
ANYHOW = {"trigger_rule": TriggerRule.ALL_DONE}


def lake():
    """The lake that BADIA_LAKE names."""
    from include.datasets.lake import Lake

    return Lake(settings.lake_root())


def mapped(function: Callable):
    """A task to be mapped: named in the grid by its :func:`label`, documented there like any other."""
    return task(function, map_index_template="{{ label }}", doc_md=function.__doc__)


def label(text: str) -> None:
    """Show `text` in the grid instead of a mapped task's number."""
    get_current_context()["label"] = text


def batch_name(documents: str) -> str:
    """How people know the batch of a documents file: its source and the day on which it was fetched."""
    from include.datasets.lake import partition_of

    return "{source} {fetch_date}".format(**partition_of(documents))


def month_name(year: int, month: int) -> str:
    """The month as YYYY-MM, or that there is none."""
    from include.datasets.schema import UNDATED

    return f"{year:04}-{month:02}" if year else UNDATED


# What other groups' tasks returned is taken from the run where an argument would draw one more arrow across the whole graph.


def returned(task_id: str):
    """What a task of this run returned; None if it failed."""
    return get_current_context()["ti"].xcom_pull(task_ids=task_id)


def all_returned(task_id: str) -> list[dict]:
    """What the instances of a mapped task of this run returned, without those that failed."""
    results = get_current_context()["ti"].xcom_pull(task_ids=[task_id])
    return [result for result in results if result is not None]


def succeeded(*task_ids: str) -> list[dict]:
    """Those of the tasks that did not fail in this run."""
    ti = get_current_context()["ti"]
    states = ti.get_task_states(dag_id=ti.dag_id, run_ids=[ti.run_id], task_ids=list(task_ids))[ti.run_id]
    return [{"task": task_id} for task_id in task_ids if states[task_id] in ("success", "skipped")]


def published(months: list[str], **rows: int):
    """The asset events of the datasets, each with its rows and the months touched; skipped if no row was written."""
    from include.datasets.schema import SCHEMA_VERSION

    if not any(rows.values()):
        raise AirflowSkipException("nothing new, so nobody needs to be told")
    for name, number in rows.items():
        yield Metadata(ASSETS[name], {"rows": number, "months": months, "schema_version": SCHEMA_VERSION})


@task_group
def scrape():
    """Sources to documents."""

    @task
    def choose_sources(params: dict) -> list[str]:
        """The ids of this run's sources."""
        from include.scrape.live import chosen

        return [source.id for source in chosen(settings.sources_file(), params["sources"] or [])]

    @mapped
    def scrape_source(source: str, params: dict, run_id: str) -> dict:
        """Fetch what the source lists and the lake does not hold."""
        from include.scrape.live import chosen, scrape
        from include.scrape.scrape import SourceFailed

        label(source)
        try:
            (declared,) = chosen(settings.sources_file(), [source])
            return scrape(lake(), declared, run=run_id, limit=params["limit"])
        except SourceFailed as error:
            if error.retryable:
                raise
            raise AirflowFailException(str(error)) from error

    @task(outlets=[ASSETS["documents"], ASSETS["scrapes"]], **ANYHOW)
    def publish(results: list[dict]):
        """Tell those who wait for documents, if there are new ones."""
        documents = sum(r["counts"][what] for r in results for what in ("captured", "not_modified", "held", "failed"))
        yield from published([], documents=documents, scrapes=len(results) if documents else 0)

    publish(scrape_source.expand(source=choose_sources()))


@task_group
def clean():
    """Documents to articles."""

    @task(**ANYHOW)
    def find_pending() -> list[str]:
        """Documents files without articles of this version; the latest, if they are too many for one run."""
        from include.clean import batch

        return batch.pending(lake())[:MOST_BATCHES]

    @mapped
    def clean_batch(documents: str) -> dict:
        """Clean the captured pages of one documents file."""
        from include.clean import batch

        label(batch_name(documents))
        return batch.clean_batch(lake(), documents)

    @task(outlets=[ASSETS["articles"]], **ANYHOW)
    def publish(records: list[dict]):
        """Tell those who wait for articles."""
        from include.datasets.batches import months

        yield from published(months(records), articles=sum(r["counts"]["articles"] for r in records))

    publish(clean_batch.expand(documents=find_pending()))


@task_group
def extract():
    """Articles to reports and claims."""

    @task(**ANYHOW)
    def find_pending() -> list[str]:
        """Batches of articles without reports of this version and codebook; the latest, if they are too many for one run."""
        from include.extract import batch

        return batch.pending(lake(), settings.count_mode())[:MOST_BATCHES]

    @mapped
    def extract_batch(batch: str) -> dict:
        """Read reports and claims out of one batch of articles."""
        from include.clean import STAGE
        from include.datasets.batches import record_path
        from include.extract.batch import extract_batch

        label(batch_name(lake().read_json(record_path(STAGE, batch))["input"]))
        return extract_batch(lake(), batch, settings.count_mode())

    @task(outlets=[ASSETS["reports"], ASSETS["claims"]], **ANYHOW)
    def publish(records: list[dict]):
        """Tell those who wait for reports and claims."""
        from include.datasets.batches import months

        totals = {name: sum(r["counts"][name] for r in records) for name in ("reports", "claims")}
        yield from published(months(records), **totals)

    publish(extract_batch.expand(batch=find_pending()))


@task_group
def aggregate():
    """Reports to incidents and monthly tallies."""

    @task(**ANYHOW)
    def resolve(ti) -> dict:
        """Say which incident each report belongs to, as far as new, changed and gone reports and decisions change it."""
        from include.aggregate.memberships import resolve_reports
        from include.aggregate.revisions import run_instant

        return {"recorded_at": run_instant(lake(), ti.start_date), **resolve_reports(lake())}

    @task
    def find_changed_months() -> list[list[int]]:
        """Months, as [year, month], whose memberships changed since they were aggregated."""
        from include.aggregate.months import changed_months

        return [list(month) for month in changed_months(lake(), settings.count_rule())]

    @mapped
    def aggregate_month(month: list[int], recorded_at) -> dict:
        """Describe one month's incidents, and record what changed in them."""
        from include.aggregate.months import aggregate_month

        label(month_name(*month))
        return aggregate_month(lake(), tuple(month), recorded_at, settings.count_rule(), settings.count_mode())

    @task(**ANYHOW)
    def weigh_doubts() -> dict:
        """Say what the figures would be if each doubt between reports went the one way or the other."""
        from include.aggregate.doubts import weigh_doubts

        return weigh_doubts(lake(), settings.count_rule())

    @task(**ANYHOW)
    def cover() -> dict:
        """Hold the articles of each source and month against the source's own past."""
        from include.aggregate.cover import cover

        return cover(lake())

    @task(**ANYHOW)
    def cover_days() -> dict:
        """Count what each source listed, brought and failed at, day by day."""
        from include.aggregate.days import cover_days

        return cover_days(lake())

    @task(**ANYHOW)
    def find_changed_years() -> list[int]:
        """Years whose incidents, doubts or coverage changed since they were tallied."""
        from include.aggregate.years import changed_years

        return changed_years(lake())

    @mapped
    def tally_year(year: int) -> dict:
        """Add up the incidents of one year by month."""
        from include.aggregate.years import tally_year
        from include.datasets.schema import UNDATED

        label(str(year or UNDATED))
        return tally_year(lake(), year)

    @task(**ANYHOW)
    def find_claimed_years() -> list[int]:
        """Years of claims that changed, or whose incidents did, since they were reconciled."""
        from include.aggregate.reconcile.years import find_changed_years

        return find_changed_years(lake())

    @mapped
    def reconcile_year(year: int) -> dict:
        """Hold the claims of one year against the incidents that they cover."""
        from include.aggregate.reconcile.years import reconcile_year
        from include.datasets.schema import UNDATED

        label(str(year or UNDATED))
        return reconcile_year(lake(), year)

    resolved, months, years, claimed = resolve(), find_changed_months(), find_changed_years(), find_claimed_years()
    described = aggregate_month.partial(recorded_at=resolved["recorded_at"]).expand(month=months)
    chain(resolved, months)
    doubts = weigh_doubts()
    chain(described, [doubts, claimed])
    chain([doubts, cover()], years)
    tally_year.expand(year=years)
    cover_days()
    reconcile_year.expand(year=claimed)


@task(retries=0, **ANYHOW)
def check(ti) -> dict:
    """Check that the tallies equal the sum of their incidents, and the incidents their reports: what changed since it was
    checked, and everything in the first run of a day.
    """
    from include.aggregate.check import check

    return check(lake(), whole=ti.start_date.hour < EVERY_HOURS)


@task(outlets=[ASSETS[name] for name in LEDGER])
def publish():
    """Tell those who wait for the ledger's datasets, now that they are checked."""
    aggregated, tallied = all_returned("aggregate.aggregate_month"), all_returned("aggregate.tally_year")
    yield from published(
        sorted(month_name(*r["month"]) for r in aggregated),
        memberships=returned("aggregate.resolve")["counts"]["memberships"],
        candidate_pairs=returned("aggregate.resolve")["counts"]["candidate_pairs"],
        incidents=sum(r["counts"]["incidents"] for r in aggregated),
        revisions=sum(r["counts"]["revisions"] for r in aggregated),
        doubts=returned("aggregate.weigh_doubts")["counts"]["doubts"],
        coverage=returned("aggregate.cover")["counts"]["coverage"],
        coverage_days=returned("aggregate.cover_days")["counts"]["coverage_days"],
        monthly_tallies=sum(r["counts"]["tallies"] for r in tallied),
        reconciliation=sum(r["counts"]["reconciliations"] for r in all_returned("aggregate.reconcile_year")),
    )


@task(outlets=[BACKLOG], **ANYHOW)
def go_on():
    """Start the next run at once if this one left batches to it; not if it got none done, for the next one would not either."""
    from include.clean import batch as clean_batch
    from include.extract import batch as extract_batch

    cleaned, extracted = (all_returned(task_id) for task_id in ("clean.clean_batch", "extract.extract_batch"))
    tried = {*(returned("clean.find_pending") or ()), *(returned("extract.find_pending") or ())}
    pending = [*clean_batch.pending(lake()), *extract_batch.pending(lake(), settings.count_mode())]
    left = [batch for batch in pending if batch not in tried]
    if not left or not (cleaned or extracted):
        raise AirflowSkipException("nothing is left that another run could do")
    yield Metadata(BACKLOG, {"batches": len(left)})


@task(retries=0, **ANYHOW)
def summarize() -> str:
    """Say what the run did; fail if anything in it failed, and say what and why."""
    from include.summary import Work, summarize

    def work(step: str, found_by: str, done_by: str, key: str) -> Work:
        return Work(step, returned(found_by), all_returned(done_by), key)

    others = [
        "scrape.publish",
        "clean.publish",
        "extract.publish",
        "aggregate.resolve",
        "aggregate.weigh_doubts",
        "aggregate.cover",
        "aggregate.cover_days",
        "check",
    ]
    return summarize(
        lake(),
        [
            work("scrape", "scrape.choose_sources", "scrape.scrape_source", "source"),
            work("clean", "clean.find_pending", "clean.clean_batch", "input"),
            work("extract", "extract.find_pending", "extract.extract_batch", "batch"),
            work("aggregate", "aggregate.find_changed_months", "aggregate.aggregate_month", "month"),
            work("tally", "aggregate.find_changed_years", "aggregate.tally_year", "year"),
            work("reconcile", "aggregate.find_claimed_years", "aggregate.reconcile_year", "year"),
            Work("publish and check", others, succeeded(*others), "task"),
        ],
    )


@dag(
    dag_id="casualties",
    description="News pages in, incidents and monthly casualty tallies out",
    # Without a start date the first run is the next one due, never the one just missed (without a timedelta Airflow would look
    # back by a tenth of the interval): a run that somebody starts by hand must not wait for it.
    schedule=AssetOrTimeSchedule(
        timetable=CronTriggerTimetable(f"0 */{EVERY_HOURS} * * *", timezone="UTC", run_immediately=timedelta(0)),
        assets=BACKLOG,
    ),
    catchup=False,
    max_active_runs=1,
    doc_md=__doc__,
    tags=["badia", "conflict", "parquet"],
    default_args={
        "owner": "badia",
        "retries": 2,
        "retry_delay": timedelta(seconds=30),
        "retry_exponential_backoff": True,
        "max_retry_delay": timedelta(minutes=10),
        "execution_timeout": timedelta(hours=1),
    },
    params={
        "sources": Param(
            [],
            type=["array", "null"],
            items={"type": "string"},
            uniqueItems=True,
            examples=SOURCES,
            title="Sources",
            description="Ids of the sources to scrape; none: all of sources.yaml.",
        ),
        "limit": Param(
            None,
            type=["integer", "null"],
            minimum=1,
            title="Limit",
            description="The most articles to fetch from each source in this run; empty: each source's own limit.",
        ),
    },
)
def casualties():
    """The whole way from the outlets to the tallies."""

    chain(
        scrape(), Label("documents"), clean(), Label("articles"), extract(), Label("reports"), aggregate(), Label("tallies"),
        check(), [publish(), summarize(), go_on()],
    )  # fmt: skip


casualties()
