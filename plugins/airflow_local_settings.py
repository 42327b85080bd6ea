"""What Airflow's scheduler asks of this project: one pool per host, so that two sources on one host never run at once.

Airflow loads this module by its name, from the plugins folder. The tasks of one mapped task share a pool unless a policy gives
each its own; the pools are made here when they are first needed, for a task whose pool is missing is never started.
"""

import functools
import logging
import re

from sqlalchemy import select
from sqlalchemy.orm import object_session

from include import settings
from include.scrape.live import chosen

__all__ = ["task_instance_mutation_hook"]

TASK = "scrape.scrape_source"

log = logging.getLogger(__name__)


def task_instance_mutation_hook(task_instance, dag_run=None):
    """Give the scrape of a source the pool of its host. Without one (no such source any more) it stays in the default pool."""
    if task_instance.task_id != TASK or task_instance.map_index < 0 or dag_run is None:
        return
    host = _host(dag_run.conf or {}, task_instance.map_index)
    session = object_session(dag_run)
    if host is not None and session is not None:
        task_instance.pool = _pool(host, session)


def _host(conf: dict, map_index: int) -> str | None:
    """The host of the source that the mapped task of this number scrapes, as the task choose_sources counts them."""
    path = settings.sources_file()
    try:
        hosts = _hosts(path, path.stat().st_mtime_ns, tuple(conf.get("sources") or ()))
    except (OSError, ValueError) as error:  # the run says so itself; the scheduler has other runs to look after
        log.warning("no pools for the sources of %s: %s", path, error)
        return None
    return hosts[map_index] if map_index < len(hosts) else None


@functools.lru_cache(maxsize=8)
def _hosts(path, modified: int, ids: tuple[str, ...]) -> list[str]:
    return [source.host for source in chosen(path, list(ids))]


def _pool(host: str, session) -> str:
    """The name of a host's pool, which is there once the session is committed."""
    from airflow.models.pool import Pool

    name = "host_" + re.sub(r"[^a-z0-9.-]", "_", host)
    if session.scalar(select(Pool.id).where(Pool.pool == name)) is None:
        words = f"One source of {host} at a time (sources.yaml)"
        session.add(Pool(pool=name, slots=1, description=words, include_deferred=False))
        session.flush()
    return name
