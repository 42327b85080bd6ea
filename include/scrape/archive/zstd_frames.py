"""The frames of a file compressed by zstd (RFC 8878), told without unpacking them: where they end, what memory they take."""

import io
from typing import BinaryIO, NamedTuple

ZSTD = b"\x28\xb5\x2f\xfd"
DICTIONARY = b"\x5d\x2a\x4d\x18"
"""First bytes of the frame with the dictionary of a .warc.zst file, before all others."""
MAX_WINDOW = 8 * 1024 * 1024
"""Largest window of a frame: the one that RFC 8878 asks every decoder for, and what all but the `--ultra` levels use."""
MAX_DICTIONARY = 8 * 1024 * 1024

_HEAD = 18
_SKIPPABLE = range(0x184D2A50, 0x184D2A60)


class _Head(NamedTuple):
    blocks: int
    window: int
    has_checksum: bool


def end_of_frame(source: BinaryIO, start: int) -> int | None:
    """Where the frame that begins at `start` ends: the sizes of its blocks say so. Null if it is cut, or no frame."""
    head = _head_of_frame(source, start)
    if head is None:
        return None
    at, is_last = head.blocks, False
    while not is_last:
        block = _block(source, at)
        if block is None:
            return None
        at, is_last = block
    end = at + (4 if head.has_checksum else 0)
    source.seek(0, io.SEEK_END)
    return end if end <= source.tell() else None


def dictionary_of(source: BinaryIO) -> bytes:
    """The frame with the dictionary that a file begins with; empty if it begins with none. Raises OSError for one that is too
    large, or cut.
    """
    source.seek(0)
    head = source.read(8)
    if not head.startswith(DICTIONARY):
        return b""
    size = int.from_bytes(head[4:], "little")
    if size > MAX_DICTIONARY:
        raise OSError(f"its zstd dictionary has {size:,} bytes; dictionaries with more than {MAX_DICTIONARY:,} are not read")
    content = source.read(size)
    if len(head) < 8 or len(content) < size:
        raise OSError("it is cut in its zstd dictionary, which all its records need")
    return head + content


class Frames(io.RawIOBase):
    """A zstd file from a place on, as a file that is read from there, behind the dictionary that its frames need.

    It ends before a frame that would take much memory to unpack; `refused` says so then.
    """

    def __init__(self, source: BinaryIO, at: int, dictionary: bytes):
        self._source = source
        self._before = dictionary if at >= len(dictionary) else b""
        self.offset = at - len(self._before)
        self._at = at
        self._head = at if self._before or not dictionary else len(dictionary)
        self._in_frame: _Head | None = None
        self.refused: str | None = None

    def readable(self) -> bool:
        """It can be read."""
        return True

    def tell(self) -> int:
        """The place in what is read, which is `offset` less than the one in the file: a dictionary is looked for at 0 only."""
        return self._at - len(self._before) - self.offset

    def readinto(self, buffer) -> int:
        """Read into a buffer."""
        first, self._before = self._before[: len(buffer)], self._before[len(buffer) :]
        self._source.seek(self._at)
        piece = b"" if self.refused else self._source.read(len(buffer) - len(first))
        while self._head < self._at + len(piece):
            frame = self._head
            self._pass_head(self._at + len(piece))
            if self.refused:
                piece = piece[: frame - self._at]
        self._at += len(piece)
        piece = first + piece
        buffer[: len(piece)] = piece
        return len(piece)

    def _pass_head(self, end: int) -> None:
        """Look at the head of the next frame or block, and go behind it. What is no frame is for the decoder to judge."""
        if self._in_frame is not None:
            block = _block(self._source, self._head)
            checksum = 4 if self._in_frame.has_checksum else 0
            self._head, is_last = block or (end, True)
            if is_last:
                self._head += checksum
                self._in_frame = None
            return
        self._source.seek(self._head)
        head = self._source.read(8)
        if int.from_bytes(head[:4], "little") in _SKIPPABLE:
            self._head += 8 + int.from_bytes(head[4:], "little")
            return
        self._in_frame = frame = _head_of_frame(self._source, self._head)
        self._head = frame.blocks if frame else end
        if frame and frame.window > MAX_WINDOW:
            self.refused = f"its zstd frame takes {frame.window:,} bytes to unpack; more than {MAX_WINDOW:,} are refused"


def _head_of_frame(source: BinaryIO, start: int) -> _Head | None:
    source.seek(start)
    head = source.read(_HEAD)
    if len(head) < 6 or not head.startswith(ZSTD):
        return None
    described, at = head[4], 5
    is_one_segment = bool(described & 0x20)
    window = 0
    if not is_one_segment:
        base = 1 << (10 + (head[at] >> 3))
        window = base + base // 8 * (head[at] & 7)
        at += 1
    at += (0, 1, 2, 4)[described & 3]
    size = (1 if is_one_segment else 0, 2, 4, 8)[described >> 6]
    if is_one_segment:
        window = int.from_bytes(head[at : at + size], "little") + (256 if size == 2 else 0)
    return _Head(start + at + size, window, bool(described & 4))


def _block(source: BinaryIO, at: int) -> tuple[int, bool] | None:
    """Where the block at a place ends, and whether it is the last of its frame; null if there is none."""
    source.seek(at)
    head = source.read(3)
    block = int.from_bytes(head, "little")
    if len(head) < 3 or block >> 1 & 3 == 3:
        return None
    return at + 3 + (1 if block >> 1 & 3 == 1 else block >> 3), bool(block & 1)
