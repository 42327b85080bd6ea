"""docker-compose.yaml against the compose specification, and against what it promises."""

import json
import re
from pathlib import Path

import pytest
import yaml
from compose_spec import PyCompose

PROJECT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def compose():
    return yaml.safe_load((PROJECT / "docker-compose.yaml").read_text())


def airflow_parts(compose):
    return {n: s for n, s in compose["services"].items() if s.get("image") == "badia-airflow"}


def test_it_follows_the_compose_specification(compose):
    spec = PyCompose.from_json(json.dumps(compose)).to_spec()
    assert {"postgres", "api-server", "scheduler", "dag-processor", "triggerer"} <= set(spec.services)


def test_every_service_that_stays_up_has_a_health_check(compose):
    for name, service in compose["services"].items():
        if service["restart"] == "unless-stopped":
            assert "healthcheck" in service, name


def test_the_code_is_mounted_read_only(compose):
    for name, service in airflow_parts(compose).items():
        for folder in ("dags", "include", "plugins"):
            assert f"./{folder}:/opt/badia/{folder}:ro" in service["volumes"], name


def test_the_ui_listens_on_the_machine_only(compose):
    ports = [p for s in compose["services"].values() for p in s.get("ports", [])]
    assert ports == ["127.0.0.1:8080:8080"]


def test_every_secret_is_required_from_env_and_the_example_has_none(compose):
    text = (PROJECT / "docker-compose.yaml").read_text()
    example = dict(
        line.split("=", 1) for line in (PROJECT / ".env.example").read_text().splitlines() if re.match(r"[A-Z_]+=", line)
    )
    used = set(re.findall(r"\$\{([A-Z_]+)", text))
    assert used == set(example), "what compose reads and what .env.example lists are the same"
    assert set(example.values()) == {""}
    for name in ("POSTGRES_PASSWORD", "JWT_SECRET", "API_SECRET_KEY", "FERNET_KEY"):
        assert set(re.findall(r"\$\{" + name + r"(.)", text)) == {":"} and f"${{{name}:?" in text


def test_named_volumes_are_declared(compose):
    mounted = {v.split(":")[0] for s in compose["services"].values() for v in s.get("volumes", []) if not v.startswith(".")}
    assert mounted == set(compose["volumes"])
