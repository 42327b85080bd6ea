"""The network below the HTTP client: a wall-clock deadline on every read, and addresses resolved once and judged.

A read timeout alone does not end a server that sends one byte a second; here every read gets what is left of the deadline.
A name is resolved once for each connection, every answer is judged, and the connection goes to an answer, never to the name: a
name that leads elsewhere the next time gains nothing by it.
"""

import math
import queue
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import httpcore2
import httpx2

from include.scrape.addresses import refusal


class DeadlineExceeded(httpcore2.TimeoutException):
    """The request was not complete when its deadline came."""


class NameNotResolved(httpcore2.ConnectError):
    """The host's name has no address."""


class AddressRefused(httpcore2.ConnectError):
    """The host has an address from which nothing may be fetched. The message says which, and why."""


class Deadline:
    """The instant, on a monotonic clock, at which the request under way must be complete."""

    def __init__(self, clock: Callable[[], float]):
        self._clock = clock
        self._at = math.inf

    def start(self, seconds: float) -> None:
        """Give the request that starts now so many seconds in all."""
        self._at = self._clock() + seconds

    def left(self, timeout: float | None) -> float:
        """Seconds that one step may take: `timeout`, or what is left if that is less. Raises DeadlineExceeded."""
        left = self._at - self._clock()
        if left <= 0:
            raise DeadlineExceeded
        return left if timeout is None else min(timeout, left)

    @property
    def passed(self) -> bool:
        """Whether the deadline has come."""
        return self._clock() >= self._at


class _Stream(httpcore2.NetworkStream):
    """A connection whose steps end at the deadline."""

    def __init__(self, inner: httpcore2.NetworkStream, deadline: Deadline):
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        return _Stream(self._inner.start_tls(ssl_context, server_hostname, self._deadline.left(timeout)), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class _Backend(httpcore2.NetworkBackend):
    """Resolves a host once and connects to the addresses found, in turn, if nothing speaks against any of them."""

    def __init__(self, deadline: Deadline, private_addresses: bool):
        self._deadline = deadline
        self._private_addresses = private_addresses
        self._inner = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        addresses = _resolved(host, port, self._deadline.left(timeout))
        for address in addresses:
            if why := refusal(address, self._private_addresses):
                raise AddressRefused(why)
        failure: Exception | None = None
        for address in addresses:
            try:
                stream = self._inner.connect_tcp(
                    address, port, self._deadline.left(timeout), local_address, socket_options or ()
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
            else:
                return _Stream(stream, self._deadline)
        raise failure or NameNotResolved(f"the name {host} has no address")


def _resolved(host: str, port: int, timeout: float) -> list[str]:
    """The addresses of a host, each once. The system's resolver has no deadline, so it works in a thread that may be left."""
    answers: queue.SimpleQueue[list[Any] | Exception] = queue.SimpleQueue()

    def resolve() -> None:
        try:
            answers.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except Exception as error:  # noqa: BLE001  (raised below, where somebody waits for it)
            answers.put(error)

    threading.Thread(target=resolve, daemon=True).start()
    try:
        found = answers.get(timeout=timeout)
    except queue.Empty:
        raise httpcore2.ConnectTimeout from None
    if isinstance(found, socket.gaierror | UnicodeError):
        raise NameNotResolved(f"the name {host} has no address ({found})") from found
    if isinstance(found, Exception):
        raise found
    return list(dict.fromkeys(answer[4][0] for answer in found))


class _Body(httpx2.SyncByteStream):
    def __init__(self, pieces: Iterable[bytes]):
        self._pieces = pieces

    def __iter__(self) -> Iterator[bytes]:
        yield from self._pieces

    def close(self) -> None:
        self._pieces.close()  # type: ignore[attr-defined]


class DeadlineTransport(httpx2.BaseTransport):
    """An HTTP/1.1 transport whose requests end at `deadline` and go to public addresses only, or also to private ones.

    Its errors are those of httpcore2.
    """

    def __init__(self, deadline: Deadline, tls: ssl.SSLContext, *, private_addresses: bool):
        self._pool = httpcore2.ConnectionPool(
            ssl_context=tls,
            max_connections=8,
            max_keepalive_connections=8,
            keepalive_expiry=60.0,
            http1=True,
            http2=False,
            retries=0,
            network_backend=_Backend(deadline, private_addresses),
        )

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Send one request; the body of the response is read by whoever iterates over it."""
        response = self._pool.handle_request(
            httpcore2.Request(
                method=request.method,
                url=httpcore2.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx2.Response(
            status_code=response.status,
            headers=response.headers,
            stream=_Body(response.stream),
            extensions=response.extensions,
        )

    def close(self) -> None:
        """Close all connections."""
        self._pool.close()
