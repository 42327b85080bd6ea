"""
### Import archive: years of saved news in, documents out

The pages of WARC and WACZ files, folders of saved pages and tables of texts become documents, as if they had been fetched. Then
**casualties**, if it is switched on, starts a run that cleans them and goes on from there.

- **begin** finds the archives and cuts them into shards; the same archives are the same import, wherever they lie.
- **import_shards** lets the gate choose what is worth cleaning and stores it; one mapped task for some shards.
- **publish** wakes casualties and tells those who wait for documents.
- **summarize** says what was read, kept and left, and what is damaged.

Started by hand. A run that was stopped is simply started again: finished shards are not done twice.
"""

from datetime import timedelta

from airflow.sdk import Asset, Metadata, Param, TriggerRule, chain, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException

from include import settings

DOCUMENTS = Asset(name="documents", uri="badia://lake/documents", group="badia")
BACKLOG = Asset(name="backlog", uri="badia://lake/backlog", group="badia")
"""What wakes casualties."""
MOST_TASKS = 500
"""Most mapped tasks: Airflow allows 1,024, and a task of some shards is long enough."""


def lake():
    """The lake that BADIA_LAKE names."""
    from include.datasets.lake import Lake

    return Lake(settings.lake_root())


@task
def begin(params: dict, ti) -> dict:
    """Find the archives, cut them into shards, and record the import."""
    from include.scrape.archive import importing
    from include.scrape.archive.shards import ArchiveError

    try:
        record = importing.start(
            lake(), params["paths"], now=ti.start_date, source=params["source"] or None, gated=params["gate"]
        )
    except ArchiveError as error:
        raise AirflowFailException(str(error)) from error
    return {"id": record["id"], "left": importing.Progress(lake(), record).left}


@task
def share_out(begun: dict) -> list[list[int]]:
    """The shards that are left, in as many groups as there may be tasks."""
    left = begun["left"]
    each = -(-len(left) // MOST_TASKS) or 1
    return [left[at : at + each] for at in range(0, len(left), each)]


def import_shards(import_id: str, shards: list[int]) -> list[str]:
    """Import some shards, or what is left of them; the documents files written."""
    from include.scrape.archive.importing import import_shard
    from include.scrape.sources import load_sources

    get_current_context()["label"] = f"shard {shards[0]}" + (f" to {shards[-1]}" if len(shards) > 1 else "")
    sources = load_sources(settings.sources_file())
    return [path for number in shards for path in import_shard(lake(), import_id, number, sources)["batches"]]


@task(outlets=[DOCUMENTS, BACKLOG], trigger_rule=TriggerRule.ALL_DONE_MIN_ONE_SUCCESS)
def publish(begun: dict):
    """Tell those who wait for documents, and have casualties start on them, if there are new ones."""
    from include.datasets.schema import SCHEMA_VERSION
    from include.scrape.archive import importing

    kept = importing.Progress(lake(), importing.known(lake(), begun["id"])).counts.get("kept", 0)
    if not kept or not begun["left"]:
        raise AirflowSkipException("nothing new, so nobody needs to be told")
    yield Metadata(DOCUMENTS, {"rows": kept, "months": [], "schema_version": SCHEMA_VERSION})


@task(retries=0, trigger_rule=TriggerRule.ALL_DONE_MIN_ONE_SUCCESS)
def summarize(begun: dict) -> str:
    """Say what was read, kept and left; fail if a shard is not done."""
    from include.scrape.archive.importing import summary

    return summary(lake(), begun["id"])


@dag(
    dag_id="import_archive",
    description="Archives of saved news in, documents out",
    schedule=None,
    catchup=False,
    max_active_runs=1,
    doc_md=__doc__,
    tags=["badia", "conflict", "parquet"],
    default_args={
        "owner": "badia",
        "retries": 4,
        "retry_delay": timedelta(seconds=30),
        "retry_exponential_backoff": True,
        "max_retry_delay": timedelta(minutes=10),
        "execution_timeout": timedelta(hours=1),
    },
    params={
        "paths": Param(
            [],
            type="array",
            items={"type": "string"},
            minItems=1,
            title="Archives",
            description="Files, folders or fsspec URLs: .warc(.gz, .zst), .wacz, .jsonl(.gz), .csv(.gz), .parquet, folders.",
        ),
        "source": Param(
            None,
            type=["string", "null"],
            title="Source",
            description="Id of the source of pages whose address is on no known site; empty: their host.",
        ),
        "gate": Param(
            True, type="boolean", title="Gate", description="Keep only pages that may report an incident."
        ),
    },
)  # fmt: skip
def import_archive():
    """From archives to documents."""
    begun = begin()
    imported = (
        task(import_shards, map_index_template="{{ label }}", doc_md=import_shards.__doc__)
        .partial(import_id=begun["id"])
        .expand(shards=share_out(begun))
    )
    chain(imported, [publish(begun), summarize(begun)])


import_archive()
