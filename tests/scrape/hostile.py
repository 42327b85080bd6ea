"""One web server with a resource for every sin that a host can commit, on loopback."""

import gzip
import http.server
import os
import socket
import struct
import threading
import zlib
from collections import Counter
from collections.abc import Callable

Answer = Callable[["Handler"], None]


class Handler(http.server.BaseHTTPRequestHandler):
    """Answers with what the server's resources say; a resource is bytes of HTML or a function that writes the answer."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: "HostileServer"

    def do_GET(self) -> None:
        path = self.path
        with self.server.lock:
            self.server.requests[path] += 1
            self.server.user_agents.add(self.headers["User-Agent"])
        resource = self.server.resources.get(path.split("?")[0])
        if resource is None:
            self.answer(b"<html><title>404 Not Found</title></html>", status=404)
        elif isinstance(resource, bytes):
            self.answer(resource)
        else:
            resource(self)

    def answer(self, body: bytes, *, status: int = 200, content_type: str = "text/html; charset=utf-8", **headers: str) -> None:
        head = f"HTTP/1.1 {status} {http.server.BaseHTTPRequestHandler.responses.get(status, ('',))[0]}\r\n"
        fields = {"Content-Type": content_type, "Content-Length": str(len(body))} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        head += "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        self.wfile.write(head.encode("latin-1") + b"\r\n" + body)

    def raw(self, data: bytes, *, close: bool = True) -> None:
        self.wfile.write(data)
        self.close_connection = close

    def stall(self) -> None:
        """Say nothing more, for as long as the server lives."""
        self.server.closing.wait()
        self.close_connection = True

    def reset(self) -> None:
        """Drop the connection with a TCP reset."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        os.close(self.connection.detach())
        self.close_connection = True

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            self.close_connection = True  # the client went away, as it should from some of these

    def finish(self) -> None:
        try:
            super().finish()
        except OSError:
            self.close_connection = True

    def log_message(self, *args: object) -> None:
        """Say nothing."""


class HostileServer(http.server.ThreadingHTTPServer):
    """The server; tests add `resources` by path and read how often each was asked for."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.resources: dict[str, bytes | Answer] = {}
        self.requests: Counter[str] = Counter()
        self.user_agents: set[str] = set()
        self.lock = threading.Lock()
        self.closing = threading.Event()
        self.scheme = "http"

    @property
    def url(self) -> str:
        host = "localhost" if self.scheme == "https" else "127.0.0.1"
        return f"{self.scheme}://{host}:{self.server_port}"

    def __enter__(self) -> "HostileServer":
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *exc_info: object) -> None:
        self.closing.set()
        self.shutdown()
        self.server_close()

    def article(self, path: str, words: str = "Two soldiers were killed.") -> str:
        """Add an ordinary article; return its URL."""
        self.resources[path] = f"<html><head><title>Story</title></head><body><p>{words}</p></body></html>".encode()
        return self.url + path

    def feed(self, *paths: str, path: str = "/feed") -> str:
        """Add an RSS feed that lists paths of this server; return its URL."""
        items = "".join(f"<item><title>Story {p}</title><link>{self.url}{p}</link></item>" for p in paths)
        body = f'<?xml version="1.0"?><rss version="2.0"><channel><title>News</title>{items}</channel></rss>'.encode()
        self.resources[path] = lambda h: h.answer(body, content_type="application/rss+xml")
        return self.url + path


def page(body: bytes = b"<html><p>words</p></html>", **kwargs: object) -> Answer:
    return lambda h: h.answer(body, **kwargs)


def redirect(location: str, status: int = 302, **headers: str) -> Answer:
    return lambda h: h.answer(b"", status=status, Location=location, **headers)


def bomb(decoded_size: int, coding: str = "gzip") -> Answer:
    """A small body that unpacks to `decoded_size` bytes of zeros."""
    body = packed(decoded_size) if coding == "gzip" else deflated(decoded_size)
    return lambda h: h.answer(body, Content_Encoding=coding)


def sometimes(*answers: Answer) -> Answer:
    """The answers one after the other; the last one from then on."""
    left = list(answers)

    def answer(handler: Handler) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(handler)

    return answer


def stalls_before_headers(handler: Handler) -> None:
    handler.stall()


def stalls_in_headers(handler: Handler) -> None:
    handler.raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n", close=False)
    handler.stall()


def stalls_in_body(handler: Handler) -> None:
    handler.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<html>", close=False)
    handler.stall()


def drips(handler: Handler) -> None:
    """One byte every few milliseconds: never silent, never done."""
    handler.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", close=True)
    while not handler.server.closing.wait(0.02):
        handler.wfile.write(b"x")


def drips_headers(handler: Handler) -> None:
    handler.raw(b"HTTP/1.1 200 OK\r\n", close=True)
    while not handler.server.closing.wait(0.02):
        handler.wfile.write(b"X-Padding: x\r\n")


def streams_for_ever(handler: Handler) -> None:
    """Chunks without end and without a stated length."""
    handler.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", close=True)
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    while not handler.server.closing.is_set():
        handler.wfile.write(chunk)


def resets(handler: Handler) -> None:
    handler.reset()


def resets_in_body(handler: Handler) -> None:
    handler.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<html>")
    handler.reset()


def too_short(handler: Handler) -> None:
    """A body shorter than its Content-Length."""
    handler.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<html><p>cut")


def too_long(handler: Handler) -> None:
    """A body longer than its Content-Length, on a connection that is kept open."""
    handler.raw(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 16\r\n\r\n<p>exact 16 b</p>, and more", close=False
    )


def no_http(handler: Handler) -> None:
    handler.raw(b"SSH-2.0-OpenSSH_9.2\r\n")


def huge_headers(handler: Handler) -> None:
    handler.raw(b"HTTP/1.1 200 OK\r\n" + b"X-Padding: " + b"x" * 400_000 + b"\r\nContent-Length: 0\r\n\r\n")


def cut_gzip(handler: Handler) -> None:
    body = gzip.compress(b"<html><p>" + bytes(range(256)) * 40)[:-200]
    handler.answer(body, Content_Encoding="gzip")


def not_gzip(handler: Handler) -> None:
    handler.answer(b"<html>plain</html>", Content_Encoding="gzip")


def unknown_coding(handler: Handler) -> None:
    handler.answer(b"\x0b\x02\x80hello\x03", Content_Encoding="br")


# -- what is small to send and large to hold ----------------------------------------------------------------------------------


_PIECE = bytes(1024 * 1024)
_GZIP_HEADER = b"\x1f\x8b\x08" + bytes(7)
_LAST_BLOCK = b"\x03\0"


def _blocks(decoded_size: int) -> bytes:
    """The blocks of so many zeros: those of one piece, which refer to nothing before them, again and again."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return (packer.compress(_PIECE) + packer.flush(zlib.Z_FULL_FLUSH)) * (decoded_size // len(_PIECE))


def _checksum(of: Callable[[bytes, int], int], start: int, decoded_size: int) -> int:
    for _ in range(decoded_size // len(_PIECE)):
        start = of(_PIECE, start)
    return start


def packed(decoded_size: int) -> bytes:
    """So many zeros, down to the mebibyte, as gzip."""
    size = decoded_size // len(_PIECE) * len(_PIECE)
    end = struct.pack("<LL", _checksum(zlib.crc32, 0, size), size % 2**32)
    return _GZIP_HEADER + _blocks(decoded_size) + _LAST_BLOCK + end


def deflated(decoded_size: int) -> bytes:
    """So many zeros, down to the mebibyte, as HTTP's deflate."""
    return b"\x78\xda" + _blocks(decoded_size) + _LAST_BLOCK + struct.pack(">L", _checksum(zlib.adler32, 1, decoded_size))


def packed_without_end(decoded_size: int) -> bytes:
    """The gzip of so many zeros, and of more that would come."""
    return _GZIP_HEADER + _blocks(decoded_size)


def nested(handler: Handler) -> None:
    """A bomb in a bomb in a bomb."""
    body = gzip.compress(gzip.compress(packed(512 * 1024 * 1024)))
    handler.answer(body, Content_Encoding="gzip, gzip, gzip")


def nothing_for_long(handler: Handler) -> None:
    """A gigabyte of blocks without content, compressed: the decoder inside works on it and gives nothing."""
    block = b"\0\0\0\xff\xff" * (200 * 1024)
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    body = b"".join(packer.compress(block) for _ in range(1024)) + packer.flush()
    handler.answer(body, Content_Encoding="deflate, gzip")


def empty_members(handler: Handler) -> None:
    """Hundreds of thousands of gzip members with nothing in them."""
    handler.answer(gzip.compress(b"", mtime=0) * 500_000, Content_Encoding="gzip")


def tiny_chunks(handler: Handler) -> None:
    """A body of chunks of two bytes."""
    handler.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", close=True)
    while not handler.server.closing.is_set():
        handler.wfile.write(b"2\r\nxy\r\n" * 10_000)


def endless_chunk_extension(handler: Handler) -> None:
    handler.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;", close=True)
    while not handler.server.closing.is_set():
        handler.wfile.write(b"x" * 0x10000)


def endless_trailers(handler: Handler) -> None:
    handler.raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n", close=True)
    while not handler.server.closing.is_set():
        handler.wfile.write(b"X-Padding: x\r\n" * 10_000)


def provisional_for_ever(handler: Handler) -> None:
    """One "100 Continue" after the other."""
    while not handler.server.closing.is_set():
        handler.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000)


def many_headers(handler: Handler) -> None:
    handler.raw(b"HTTP/1.1 200 OK\r\n" + b"".join(b"A%d:\r\n" % i for i in range(9000)) + b"Content-Length: 1\r\n\r\nx")


def headers_for_ever(handler: Handler) -> None:
    handler.raw(b"HTTP/1.1 200 OK\r\n", close=True)
    while not handler.server.closing.is_set():
        handler.wfile.write(b"X-Padding: x\r\n" * 10_000)


def many_cookies(handler: Handler) -> None:
    """150 cookies of 500 bytes with each page, other ones every time."""
    with handler.server.lock:
        number = handler.server.requests[handler.path]
    cookies = b"".join(b"Set-Cookie: c%d-%d=%s\r\n" % (number, i, b"x" * 500) for i in range(150))
    handler.raw(b"HTTP/1.1 200 OK\r\n" + cookies + b"Content-Length: 1\r\n\r\nx", close=False)
