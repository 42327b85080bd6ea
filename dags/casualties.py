"""
### Casualties: news pages in, incidents and monthly tallies out

`scrape -> clean -> extract -> aggregate`, then a **check** that the tallies equal the sum of their incidents.

- **scrape** fetches what each source lists and the lake does not hold; one mapped task a source, pages to WARC files first.
- **clean** turns each pending batch of captured pages into articles.
- **extract** reads reports and claims out of each pending batch of articles, every figure with the words that it came from.
- **aggregate** resolves reports into incidents for the months that changed, and adds them up.

What is pending is derived from the lake, so a retry, a late report or a new version of a stage needs no special run. A source
that fails goes red after its retries and the others go on; **summarize** fails at the end and says what failed and why.

Datasets and columns: docs/DATA_DICTIONARY.md. Rules: docs/METHODOLOGY.md.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from airflow.sdk import (
    Asset,
    CronTriggerTimetable,
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

DATASETS = ("documents", "articles", "reports", "claims", "incidents", "monthly_tallies")
ASSETS = {name: Asset(name=name, uri=f"badia://lake/{name}", group="badia") for name in DATASETS}
SOURCES = sorted(load_sources(settings.sources_file()))


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

        return [source.id for source in chosen(settings.sources_file(), params["sources"])]

    @mapped
    def scrape_source(source: str, params: dict, run_id: str) -> dict:
        """Fetch what the source lists and the lake does not hold."""
        from include.scrape.live import scrape
        from include.scrape.scrape import SourceFailed

        label(source)
        try:
            return scrape(lake(), settings.sources_file(), source, run=run_id, limit=params["limit"])
        except SourceFailed as error:
            if error.retryable:
                raise
            raise AirflowFailException(str(error)) from error

    @task(outlets=[ASSETS["documents"]], **ANYHOW)
    def publish(results: list[dict]):
        """Tell those who wait for documents."""
        yield from published([], documents=sum(r["counts"]["captured"] + r["counts"]["failed"] for r in results))

    chosen = choose_sources()
    results = scrape_source.expand(source=chosen)
    publish(results)
    return chosen, results


@task_group
def clean():
    """Documents to articles."""

    @task(**ANYHOW)
    def find_pending() -> list[str]:
        """Documents files without articles of this version."""
        from include.clean import batch

        return batch.pending(lake())

    @mapped
    def clean_batch(documents: str) -> dict:
        """Clean the captured pages of one documents file."""
        from include.clean import batch

        label(documents)
        return batch.clean_batch(lake(), documents)

    @task(outlets=[ASSETS["articles"]], **ANYHOW)
    def publish(records: list[dict]):
        """Tell those who wait for articles."""
        from include.datasets.batches import months

        yield from published(months(records), articles=sum(r["counts"]["articles"] for r in records))

    pending = find_pending()
    records = clean_batch.expand(documents=pending)
    publish(records)
    return pending, records


@task_group
def extract():
    """Articles to reports and claims."""

    @task(**ANYHOW)
    def find_pending() -> list[str]:
        """Batches of articles without reports of this version."""
        from include.extract import batch

        return batch.pending(lake())

    @mapped
    def extract_batch(batch: str) -> dict:
        """Read reports and claims out of one batch of articles."""
        from include.extract.batch import extract_batch

        label(batch)
        return extract_batch(lake(), batch)

    @task(outlets=[ASSETS["reports"], ASSETS["claims"]], **ANYHOW)
    def publish(records: list[dict]):
        """Tell those who wait for reports and claims."""
        from include.datasets.batches import months

        totals = {name: sum(r["counts"][name] for r in records) for name in ("reports", "claims")}
        yield from published(months(records), **totals)

    pending = find_pending()
    records = extract_batch.expand(batch=pending)
    publish(records)
    return pending, records


@task_group
def aggregate():
    """Reports to incidents and monthly tallies."""

    @task(**ANYHOW)
    def find_changed_months() -> list[list[int]]:
        """Months, as [year, month], whose reports changed since they were aggregated."""
        from include.aggregate.months import changed_months

        return [list(month) for month in changed_months(lake())]

    @mapped
    def aggregate_month(month: list[int]) -> dict:
        """Resolve the reports of one month into its incidents."""
        from include.aggregate.months import aggregate_month

        label("{:04}-{:02}".format(*month))
        return aggregate_month(lake(), *month)

    @task(**ANYHOW)
    def find_changed_years() -> list[int]:
        """Years whose incidents changed since they were tallied."""
        from include.aggregate.months import changed_years

        return changed_years(lake())

    @mapped
    def tally_year(year: int) -> dict:
        """Add up the incidents of one year by month."""
        from include.aggregate.months import tally_year

        label(str(year))
        return tally_year(lake(), year)

    months = find_changed_months()
    aggregated = aggregate_month.expand(month=months)
    years = find_changed_years()
    aggregated >> years
    tallied = tally_year.expand(year=years)
    return months, aggregated, years, tallied


@task(retries=0, **ANYHOW)
def check() -> dict:
    """Check that the tallies equal the sum of their incidents, and the incidents their reports."""
    from include.aggregate.check import check

    return check(lake())


@task(outlets=[ASSETS["incidents"], ASSETS["monthly_tallies"]])
def publish(aggregated: list[dict], tallied: list[dict]):
    """Tell those who wait for incidents and tallies, now that they are checked."""
    yield from published(
        ["{:04}-{:02}".format(*month) for month in sorted(r["month"] for r in aggregated)],
        incidents=sum(r["counts"]["incidents"] for r in aggregated),
        monthly_tallies=sum(r["counts"]["tallies"] for r in tallied),
    )


@task(retries=0, **ANYHOW)
def summarize(*, sources, scraped, documents, cleaned, articles, extracted, months, aggregated, years, tallied) -> str:
    """Say what the run did; fail if anything in it failed, and say what and why."""
    from include.summary import Work, summarize

    text = summarize(
        lake(),
        [
            Work("scrape", sources, scraped, "source"),
            Work("clean", documents, cleaned, "input"),
            Work("extract", articles, extracted, "batch"),
            Work("aggregate", months, aggregated, "month"),
            Work("tally", years, tallied, "year"),
        ],
    )
    print(text)
    return text


@dag(
    dag_id="casualties",
    schedule=CronTriggerTimetable("0 */6 * * *", timezone="UTC"),
    start_date=datetime(2022, 1, 1, tzinfo=UTC),
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
            type="array",
            items={"type": "string"},
            uniqueItems=True,
            examples=sorted(load_sources(settings.sources_file())),
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

    sources, scraped = scrape()
    documents, cleaned = clean()
    articles, extracted = extract()
    months, aggregated, years, tallied = aggregate()
    checked = check()
    chain(scraped, documents)
    chain(cleaned, articles)
    chain(extracted, months)
    chain(tallied, checked, publish(aggregated, tallied))
    checked >> summarize(
        sources=sources, scraped=scraped, documents=documents, cleaned=cleaned, articles=articles,
        extracted=extracted, months=months, aggregated=aggregated, years=years, tallied=tallied,
    )  # fmt: skip


casualties()
