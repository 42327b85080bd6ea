"""The newsroom's sites over real HTTP, on the loopback address only."""

import hashlib
import os
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import yaml

from demo.newsroom.articles import Outlet, load_outlets
from demo.newsroom.pages import Resource, listing_path, site

LOOPBACK = "127.0.0.1"


class Site(ThreadingHTTPServer):
    """One outlet's site: at its own port if that is free, else at any. Late articles are there once `late` is set."""

    daemon_threads = True

    def __init__(self, outlet: Outlet, late: threading.Event):
        try:
            super().__init__((LOOPBACK, outlet.port), _Handler)
        except OSError:
            super().__init__((LOOPBACK, 0), _Handler)
        self.base_url = f"http://{LOOPBACK}:{self.server_port}"
        in_time = replace(outlet, articles=tuple(a for a in outlet.articles if not a.late))
        self._resources = {True: site(outlet, self.base_url), False: site(in_time, self.base_url)}
        self._late = late
        self._asked: Counter[str] = Counter()
        self._lock = threading.Lock()

    def resource(self, path: str) -> Resource | None:
        """What a path answers now."""
        return self._resources[self._late.is_set()].get(path)

    def times_asked(self, path: str) -> int:
        """How often a path has been asked for, this time included."""
        with self._lock:
            self._asked[path] += 1
            return self._asked[path]


class _Handler(BaseHTTPRequestHandler):
    server: Site
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        resource = self.server.resource(path)
        if resource is None:
            self._answer(HTTPStatus.NOT_FOUND, b"<h1>Not found</h1>")
            return
        if self.server.times_asked(path) <= resource.fail_first:
            self._answer(HTTPStatus.INTERNAL_SERVER_ERROR, b"<h1>The database is away from its desk</h1>")
            return
        time.sleep(resource.delay)
        etag = f'"{hashlib.sha256(resource.body).hexdigest()[:16]}"'
        if self.headers.get("If-None-Match") == etag:
            self._answer(HTTPStatus.NOT_MODIFIED, b"", {"ETag": etag})
        else:
            self._answer(HTTPStatus.OK, resource.body, {"ETag": etag, "Content-Type": resource.content_type})

    do_HEAD = do_GET

    def _answer(self, status: HTTPStatus, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in ({"Content-Type": "text/html; charset=utf-8"} | dict(headers or {})).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the terminal quiet; whoever scrapes says what was fetched."""


@contextmanager
def newsroom(late: threading.Event | None = None) -> Iterator[dict[str, str]]:
    """Serve all outlets until the block ends; the value is their base URLs by outlet id.

    Late articles appear when `late` is set; without it they are there from the beginning.
    """
    if late is None:
        late = threading.Event()
        late.set()
    with ExitStack() as stack:
        sites = {}
        for outlet in load_outlets():
            server = stack.enter_context(Site(outlet, late))
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown)
            sites[outlet.id] = server.base_url
        yield sites


def write_sources(path: str | os.PathLike[str], sites: Mapping[str, str]) -> None:
    """Write a sources file for the outlets as they are served at `sites` (what newsroom() gives)."""
    entries = [_source(outlet, sites[outlet.id]) for outlet in load_outlets()]
    with open(path, "w", encoding="utf-8") as out:
        yaml.safe_dump({"sources": entries}, out, sort_keys=False, allow_unicode=True)


def _source(outlet: Outlet, base_url: str) -> dict:
    key = {"rss": "feed", "atom": "feed"}.get(outlet.listed_in, outlet.listed_in)
    listing = {key: base_url + listing_path(outlet)}
    if key == "page":
        listing["links"] = outlet.path.format(slug="[a-z0-9-]+") + "$"
    entry = {
        "id": outlet.id,
        "outlet": outlet.outlet,
        "kind": outlet.kind,
        "languages": ["en"],
        "base_url": base_url,
        "listing": listing,
        "country": outlet.country,
        "timezone": outlet.timezone,
        "delay_seconds": 0.0,
        "private_addresses": True,
        "notes": "A fictional outlet of the demo.",
        "verified": True,
    }
    return {name: value for name, value in entry.items() if value is not None}
