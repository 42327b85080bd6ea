"""What is known of a host from one run to the next: its robots.txt for a day, and whether to leave it alone for now.

One JSON file a host, `_state/hosts/<host>.json`, for all sources that live there; it may be deleted.

A host that fails run after run is left alone for longer and longer (a circuit breaker): after the third failure in a row for an
hour, then two, four, at most a day; and as long as a Retry-After asks, up to a week. Then one run tries with one request; if
that fails, the host is left alone again. A source on a host that is left alone fails in every run, without a request: silence
must not look like peace.
"""

from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from include.datasets.lake import Lake
from include.scrape.error_classes import names_of

VERSION = 1
HOST_ERRORS = ("timeout", "connection", "protocol", "host_down", "host_wait", "robots_unreachable", "http_429", "http_5")
"""Error classes of a listing that are the host's fault and not the listing's."""
UNASKED = ("dns", "private_address")
"""Error classes of requests that never left: a machine without a network says nothing of any host."""

_PATIENCE = 3
_FIRST = timedelta(hours=1)
_LONGEST = timedelta(days=1)
_LONGEST_ASKED = timedelta(days=7)


@dataclass
class Host:
    """One host: `failures` in a row, until when to leave it alone (`closed_until`), the latest `error` in words, and each
    origin's robots.txt as {"read": when, "text": what}; text null: there is none.
    """

    name: str
    failures: int = 0
    closed_until: str | None = None
    error: str | None = None
    robots: dict[str, dict[str, Any]] = field(default_factory=dict)

    def closed(self, at: datetime) -> bool:
        """Whether the host is to be left alone."""
        return self.closed_until is not None and at < datetime.fromisoformat(self.closed_until)

    @property
    def on_trial(self) -> bool:
        """Whether it failed so often that it gets one request to prove itself."""
        return self.failures >= _PATIENCE

    def failed(self, at: datetime, error: str, asked: float | None) -> None:
        """Note a failure, and for how many seconds the host asked to be left alone."""
        self.failures, self.error = self.failures + 1, error
        wait = timedelta(0)
        if self.on_trial:
            wait = min(_FIRST * 2 ** min(self.failures - _PATIENCE, 10), _LONGEST)
        self._close(at, max(wait, _bounded(asked)))

    def asks(self, at: datetime, error: str, asked: float | None) -> None:
        """Note for how many seconds the host asked to be left alone when it refused one page."""
        if asked is not None and not self.closed(at + _bounded(asked)):
            self.error = error
            self._close(at, _bounded(asked))

    def _close(self, at: datetime, wait: timedelta) -> None:
        self.closed_until = (at + wait).isoformat(timespec="seconds") if wait else None

    def answered(self) -> None:
        """Note that the host answers."""
        self.failures, self.closed_until, self.error = 0, None, None


def _bounded(asked: float | None) -> timedelta:
    return min(timedelta(seconds=asked or 0), _LONGEST_ASKED)


def is_host_error(error_class: str) -> bool:
    """Whether a listing's failure is the host's."""
    return any(name in HOST_ERRORS for name in names_of(error_class))


def load(lake: Lake, name: str) -> Host:
    """What is known of a host."""
    stored = lake.read_json(_path(name)) or {}
    return Host(**stored) if stored.pop("version", None) == VERSION else Host(name)


def save(lake: Lake, host: Host) -> None:
    """Write what is known of a host, if it has changed."""
    value = asdict(host) | {"version": VERSION}
    if lake.read_json(_path(host.name)) != value:
        lake.write_json(_path(host.name), value)


def _path(name: str) -> str:
    return f"_state/hosts/{quote(name, safe='')}.json"
