"""Undo a Content-Encoding in small pieces, so that a bomb is noticed long before it fills the memory."""

import io
import zlib
from collections.abc import Callable, Iterable, Iterator

PIECE = 256 * 1024
"""Most bytes that one step yields."""

MAX_CODINGS = 3
"""Most codings laid over each other."""

_BETWEEN = 64 * 1024 * 1024  # bytes that one coding may hand to the next: what comes of them may be nothing
_SLICE = 16 * 1024  # what a decoder is given at a time; it copies what it has not used


class DecodingError(ValueError):
    """A body that is not what its Content-Encoding says."""


def codings(content_encoding: str | None) -> tuple[str, ...]:
    """The codings in a Content-Encoding header, in the order in which they were applied; `identity` is left out."""
    names = (name.strip().lower() for name in (content_encoding or "").split(","))
    return tuple(name for name in names if name not in ("", "identity"))


def decoded(pieces: Iterable[bytes], content_encoding: str | None, *, stored: bool = False) -> Iterator[bytes]:
    """The pieces of a body with its Content-Encoding undone, each at most PIECE long where one was undone.

    Raises DecodingError for a coding that is not gzip or deflate (or, for what is `stored`, Brotli, which browsers ask for and
    we do not), for a broken stream, and for one that ends early.
    """
    known = _DECODERS | _OF_BROWSERS if stored else _DECODERS
    names = codings(content_encoding)
    if len(names) > MAX_CODINGS:
        raise DecodingError(f"{len(names)} content codings over each other; at most {MAX_CODINGS} are undone")
    for layer, name in enumerate(reversed(names)):
        if name not in known:
            raise DecodingError(f"content coding {name!r} is not known; valid are {', '.join(sorted(known))}")
        pieces = known[name](_slices(limited(pieces, _BETWEEN) if layer else pieces))
    yield from pieces


def gathered(pieces: Iterable[bytes], most: int) -> bytes:
    """The pieces as one, held once only. Raises DecodingError for more than `most` bytes."""
    whole = io.BytesIO()
    for piece in limited(pieces, most):
        whole.write(piece)
    return whole.getvalue()


def limited(pieces: Iterable[bytes], most: int) -> Iterator[bytes]:
    """The pieces. Raises DecodingError for more than `most` bytes."""
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > most:
            raise DecodingError(f"it unpacks to more than {most:,} bytes")
        yield piece


def _slices(pieces: Iterable[bytes]) -> Iterator[bytes]:
    for piece in pieces:
        for start in range(0, len(piece), _SLICE):
            yield piece[start : start + _SLICE]


def gunzip(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The content of a gzip stream of one or more members. What follows the last member and is no member is ignored."""
    inflater = None
    members = 0
    for piece in pieces:
        rest = piece
        while rest:
            if inflater is None:
                if members and not rest.startswith(b"\x1f"):
                    return
                inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
                members += 1
            yield from _inflate(inflater, rest)
            rest = inflater.unused_data
            inflater = None if inflater.eof else inflater
    if inflater is not None:
        raise DecodingError("the gzip stream ends before its end mark: the body was cut off on the way")


def _undeflate(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The content of a `deflate` body: a zlib stream, or (as many servers send it) a raw one."""
    inflater = None
    for piece in pieces:
        if not piece:
            continue
        if inflater is None:
            is_zlib = piece[0] & 0x0F == 8 and piece[0] >> 4 <= 7
            inflater = zlib.decompressobj(zlib.MAX_WBITS if is_zlib else -zlib.MAX_WBITS)
        if not inflater.eof:
            yield from _inflate(inflater, piece)
    if inflater is not None and not inflater.eof:
        raise DecodingError("the deflate stream ends before its end mark: the body was cut off on the way")


def _unbrotli(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The content of a Brotli stream."""
    import brotli

    inflater = brotli.Decompressor()
    try:
        for piece in pieces:
            out = inflater.process(piece, output_buffer_limit=PIECE)
            while out:
                yield out
                out = inflater.process(b"", output_buffer_limit=PIECE)
    except brotli.error as error:
        raise DecodingError(f"the compressed stream is broken: {error}") from error
    if not inflater.is_finished():
        raise DecodingError("the Brotli stream ends before its end mark: the body was cut off on the way")


def _inflate(inflater: "zlib._Decompress", piece: bytes) -> Iterator[bytes]:
    rest = piece
    try:
        while True:
            out = inflater.decompress(rest, PIECE)
            if out:
                yield out
            rest = inflater.unconsumed_tail
            if inflater.eof or not (out or rest):
                return
    except zlib.error as error:
        raise DecodingError(f"the compressed stream is broken: {error}") from error


_DECODERS: dict[str, Callable[[Iterable[bytes]], Iterator[bytes]]] = {
    "gzip": gunzip,
    "x-gzip": gunzip,
    "deflate": _undeflate,
}
_OF_BROWSERS: dict[str, Callable[[Iterable[bytes]], Iterator[bytes]]] = {"br": _unbrotli}
