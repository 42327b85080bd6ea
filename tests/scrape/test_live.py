"""Many sources at once."""

import socket
import threading
import time
from collections import Counter

import pytest
import yaml

from include.__main__ import main
from include.datasets.catalogue import DOCUMENTS
from include.datasets.lake import Lake
from include.scrape.live import scrape_all
from include.scrape.scrape import SourceFailed
from include.scrape.sources import SourcesError
from tests.scrape.hostile import HostileServer, page


def entry(server: HostileServer, name: str, **fields: object) -> dict:
    listing = {"feed": server.feed(f"/{name}/1", f"/{name}/2", path=f"/{name}/feed")}
    known = {"id": name, "outlet": name, "kind": "agency", "languages": ["en"], "base_url": server.url, "listing": listing}
    return known | {"delay_seconds": 0, "private_addresses": True} | fields


@pytest.fixture
def other() -> HostileServer:
    with HostileServer() as running:
        yield running


@pytest.fixture
def sources(tmp_path):
    def write(*entries: dict):
        path = tmp_path / "sources.yaml"
        path.write_text(yaml.safe_dump({"sources": list(entries)}))
        return path

    return write


class Watch:
    """An answer that notes how many of a host, and of all hosts, are asked at once."""

    def __init__(self) -> None:
        self.now: Counter[str] = Counter()
        self.most: Counter[str] = Counter()
        self.lock = threading.Lock()

    def of(self, host: str):
        def answer(handler) -> None:
            with self.lock:
                self.now.update([host, "all"])
                self.most |= self.now
            time.sleep(0.15)
            with self.lock:
                self.now.subtract([host, "all"])
            handler.answer(b"<p>words</p>")

        return answer


def test_hosts_are_asked_at_once_and_the_sources_of_one_host_one_after_the_other(server, other, sources, tmp_path):
    watch = Watch()
    for name, host in {"a": server, "b": server, "c": other}.items():
        host.resources |= {f"/{name}/{n}": watch.of(host.url) for n in (1, 2)}
    path = sources(entry(server, "a"), entry(server, "b"), entry(other, "c"))
    results = dict(scrape_all(Lake(tmp_path / "lake"), path, [], run="r"))
    assert {name: result["captured"] for name, result in results.items()} == {"a": 2, "b": 2, "c": 2}
    assert (watch.most[server.url], watch.most[other.url], watch.most["all"]) == (1, 1, 2)


def test_a_source_that_fails_costs_the_others_nothing(server, other, sources, tmp_path):
    other.resources |= {"/c/1": page(), "/c/2": page()}
    path = sources(entry(server, "a"), entry(other, "c"))
    server.resources["/a/feed"] = page(status=404)
    results = dict(scrape_all(Lake(tmp_path / "lake"), path, [], run="r"))
    assert isinstance(results["a"], SourceFailed) and results["c"]["captured"] == 2


def test_breaking_off_does_not_wait_for_the_delays(server, other, sources, tmp_path):
    path = sources(entry(server, "a"), entry(other, "slow", delay_seconds=60))
    began = time.monotonic()
    results = scrape_all(Lake(tmp_path / "lake"), path, [], run="r")
    assert next(results)[0] == "a"
    results.close()
    assert time.monotonic() - began < 20


def test_an_unknown_source_is_an_error_before_anything_is_asked(server, sources, tmp_path):
    with pytest.raises(SourcesError, match="no source x"):
        next(scrape_all(Lake(tmp_path / "lake"), sources(entry(server, "a")), ["x"], run="r"))
    assert not server.requests


def test_the_command_tells_of_each_source_and_its_status_of_failures(server, other, sources, tmp_path, *, monkeypatch, capsys):
    other.resources |= {"/c/1": page(), "/c/2": page()}
    monkeypatch.setenv("BADIA_SOURCES", str(sources(entry(server, "a"), entry(other, "c"))))
    server.resources["/a/feed"] = page(status=404)
    assert main(["scrape", "--lake", str(tmp_path / "lake")]) == 1
    out, err = capsys.readouterr()
    assert "c: 2 listed, 2 new, 2 captured" in out
    assert "failed: source a (a): no articles" in err and "1 of 2 sources failed: http_404 1" in err
    assert len(Lake(tmp_path / "lake").read(DOCUMENTS)) == 3
    assert main(["scrape", "--source", "c", "--lake", str(tmp_path / "lake")]) == 0
    assert main(["scrape", "--source", "x", "--lake", str(tmp_path / "lake")]) == 2


def test_a_machine_without_a_network_is_told_so(server, other, sources, tmp_path, *, monkeypatch, capsys):
    monkeypatch.setenv("BADIA_SOURCES", str(sources(entry(server, "a"), entry(other, "c"))))
    monkeypatch.setattr("socket.getaddrinfo", no_names)
    assert main(["scrape", "--lake", str(tmp_path / "lake")]) == 1
    assert "2 of 2 sources failed: dns 2\nno name could be looked up" in capsys.readouterr().err


def no_names(*_, **__):
    raise socket.gaierror(-2, "Name or service not known")
