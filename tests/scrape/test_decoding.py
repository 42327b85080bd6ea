import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from include.scrape.decoding import PIECE, DecodingError, decoded

PACKERS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "gzip, deflate": lambda b: zlib.compress(gzip.compress(b)),
    "identity": bytes,
}


def cut(body: bytes, size: int) -> list[bytes]:
    return [body[i : i + size] for i in range(0, len(body), size)]


@given(st.binary(max_size=2000), st.sampled_from(sorted(PACKERS)), st.integers(1, 50))
def test_what_was_packed_comes_back_however_it_is_cut(body: bytes, coding: str, size: int):
    assert b"".join(decoded(cut(PACKERS[coding](body), size), coding)) == body


@given(st.binary(max_size=300), st.binary(max_size=300), st.integers(1, 50))
def test_gzip_members_are_joined_however_they_are_cut(one: bytes, two: bytes, size: int):
    body = gzip.compress(one) + gzip.compress(two)
    assert b"".join(decoded(cut(body, size), "gzip")) == one + two


@given(st.binary(min_size=1, max_size=500), st.sampled_from(["gzip", "deflate", "gzip, gzip", "deflate, gzip"]))
def test_bytes_that_are_not_packed_raise_nothing_but_the_named_error(body: bytes, coding: str):
    try:
        b"".join(decoded([body], coding))
    except DecodingError as error:
        assert str(error)


def test_a_stream_cut_off_anywhere_is_noticed():
    for coding, packed in (("gzip", gzip.compress(b"words " * 50)), ("deflate", zlib.compress(b"words " * 50))):
        for end in range(1, len(packed)):
            with pytest.raises(DecodingError):
                b"".join(decoded([packed[:end]], coding))


def test_no_body_is_no_broken_stream():
    assert b"".join(decoded([], "gzip")) == b""


def test_a_bomb_comes_in_small_pieces():
    bomb = gzip.compress(bytes(50 * 1024 * 1024))
    assert max(len(piece) for piece in decoded([bomb], "gzip")) <= PIECE


@pytest.mark.parametrize("coding", ["br", "zstd", "compress", "gzip, br", "gzip;q=1"])
def test_an_unknown_coding_is_named_with_the_valid_ones(coding: str):
    with pytest.raises(DecodingError, match="valid are deflate, gzip, x-gzip"):
        list(decoded([b"x"], coding))


def test_codings_piled_up_are_refused():
    with pytest.raises(DecodingError, match="at most 3"):
        list(decoded([b"x"], ", ".join(["gzip"] * 20)))
