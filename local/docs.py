"""`make docs`: the documents that are generated from the code. With --check, say which are out of date and change nothing."""

import argparse
import json
import logging
import os
import sys

from include.datasets.dictionary import dictionary
from local.environment import HOME, PROJECT, environment
from local.methodology import filled


def dags_page() -> str:
    """The Markdown text of docs/DAGS.md: each DAG, when it runs, its parameters and its tasks."""
    os.environ.update(environment(HOME / "docs", f"sqlite:///{HOME / 'docs' / 'airflow.db'}"))
    logging.disable(logging.WARNING)
    from airflow.dag_processing.dagbag import DagBag

    bag = DagBag(str(PROJECT / "dags"))
    if bag.import_errors:
        raise SystemExit(f"error: DAG files do not import: {bag.import_errors}")
    head = ["# DAGs", "", "Generated from `dags/` by `make docs`; do not edit."]
    return "\n".join([*head, *(line for dag_id in sorted(bag.dags) for line in _dag(bag.dags[dag_id]))]) + "\n"


def _dag(dag) -> list[str]:
    params = [(name, dag.params.get_param(name)) for name in dag.params]
    return [
        "",
        f"## {dag.dag_id}",
        "",
        f"Schedule: {_schedule(dag.timetable)}. Tags: {', '.join(f'`{t}`' for t in sorted(dag.tags))}.",
        "",
        dag.doc_md.strip().replace("### ", "**", 1).replace("\n", "**\n", 1),
        "",
        "| parameter | default | meaning |",
        "|---|---|---|",
        *(f"| `{name}` | `{json.dumps(p.value)}` | {p.description} |" for name, p in params),
        "",
        "| task | after | what it does | runs when | writes |",
        "|---|---|---|---|---|",
        *(_task(task) for task in dag.topological_sort()),
    ]


def _schedule(timetable) -> str:
    if not timetable.can_be_scheduled:
        return "none; started by hand"
    return f"`{timetable.timetable.expression}` (UTC), and when `{timetable.asset_condition.name}` is published"


def _task(task) -> str:
    mapped = " (mapped)" if task.is_mapped else ""
    after = ", ".join(f"`{t}`" for t in sorted(task.upstream_task_ids))
    doc = task.python_callable.__doc__
    writes = ", ".join(f"`{a.name}`" for a in task.outlets)
    return f"| `{task.task_id}`{mapped} | {after} | {doc.strip()} | {task.trigger_rule.value} | {writes} |"


def main() -> int:
    """Write the documents, or check them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="exit 1 if a document is out of date")
    check = parser.parse_args().check
    stale = []
    methodology = filled((PROJECT / "docs" / "METHODOLOGY.md").read_text())
    for name, text in (("DATA_DICTIONARY.md", dictionary()), ("DAGS.md", dags_page()), ("METHODOLOGY.md", methodology)):
        path = PROJECT / "docs" / name
        if check and (not path.exists() or path.read_text() != text):
            stale.append(name)
        elif not check:
            path.write_text(text)
    if stale:
        print(f"out of date: docs/{', docs/'.join(stale)}; run make docs and commit what it writes", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
