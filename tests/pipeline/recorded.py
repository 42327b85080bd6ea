"""What Airflow's database holds of the last run of a DAG."""


def tasks(dag_id: str) -> dict[tuple[str, str | None], tuple[str, int]]:
    """State and number of tries of each task by its id and its name in the grid."""
    from airflow.models.taskinstance import TaskInstance

    return {
        (t.task_id, t.rendered_map_index): (str(t.state), t.try_number) for t in _of_last_run(dag_id, TaskInstance, "run_id")
    }


def events(dag_id: str) -> dict[str, dict]:
    """The extra of each asset event by the asset's name."""
    from airflow.models.asset import AssetEvent

    return {event.asset.name: event.extra for event in _of_last_run(dag_id, AssetEvent, "source_run_id")}


def _of_last_run(dag_id, model, column):
    from airflow.models.dagrun import DagRun
    from airflow.utils.session import create_session
    from sqlalchemy import select

    with create_session() as session:
        last = select(DagRun.run_id).where(DagRun.dag_id == dag_id).order_by(DagRun.id.desc()).limit(1).scalar_subquery()
        yield from session.scalars(select(model).where(getattr(model, column) == last))
