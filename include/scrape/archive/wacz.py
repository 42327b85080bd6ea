"""WACZ archives: ZIP files in which WARC files stand uncompressed, so that each of their records can be reached.

What is said in the directory of a ZIP file is not believed: a member lies within the file, beside the others, and as it is.
"""

import struct
import zipfile
from typing import Any, BinaryIO, NamedTuple

from include.scrape.archive.warc_reader import WARC_ENDS

MAX_DIRECTORY = 1_000_000
"""Most bytes of the directory of a ZIP file, some ten thousand members."""

_HEAD = 30
_ENCRYPTED = 1


class Member(NamedTuple):
    """A WARC file in a WACZ archive: its name there, where it begins, and its size in bytes."""

    name: str
    offset: int
    size: int


def warc_members(source: BinaryIO, size: int) -> list[Member]:
    """The WARC files in a WACZ archive of so many bytes. Raises ValueError for what is no such archive, and for one that holds
    none, or one that is compressed or encrypted by ZIP, or not where the directory says.
    """
    try:
        directory = zipfile.ZipFile(_Short(source)).infolist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, struct.error, ValueError, OverflowError) as error:
        raise ValueError(f"not a WACZ archive, which is a ZIP file, that can be read: {error}") from error
    members = [_member(source, size, member) for member in directory if member.filename.endswith(WARC_ENDS)]
    if not members:
        raise ValueError("the WACZ archive holds no WARC file")
    end = 0
    for member in sorted(members, key=lambda member: member.offset):
        if member.offset < end:
            raise ValueError(f"{member.name!r} lies in another member of the archive, as in a bomb")
        end = member.offset + member.size
    return members


def _member(source: BinaryIO, size: int, member: zipfile.ZipInfo) -> Member:
    name = member.filename
    if member.flag_bits & _ENCRYPTED:
        raise ValueError(f"{name!r} is encrypted; unpack the archive with its password, and import the WARC file")
    if member.compress_type != zipfile.ZIP_STORED:
        raise ValueError(
            f"{name!r} is compressed by ZIP, which WACZ does not allow; unpack the archive, and import the WARC file"
        )
    source.seek(member.header_offset)
    head = source.read(_HEAD)
    offset = member.header_offset + len(head) + sum(struct.unpack("<26x2H", head)) if len(head) == _HEAD else size + 1
    if offset + member.file_size > size:
        raise ValueError(f"{name!r} lies beyond the end of the file, which was cut or is no WACZ archive")
    return Member(name, offset, member.file_size)


class _Short:
    """A file that gives a directory no more memory than an honest one takes."""

    def __init__(self, source: BinaryIO):
        self._source = source

    def __getattr__(self, name: str) -> Any:
        return getattr(self._source, name)

    def read(self, size: int = -1) -> bytes:
        """Read so many bytes, or all. Raises ValueError for more than a directory has."""
        read = self._source.read(min(size, MAX_DIRECTORY + 1) if size >= 0 else MAX_DIRECTORY + 1)
        if len(read) > MAX_DIRECTORY:
            raise ValueError(f"its directory has more than {MAX_DIRECTORY:,} bytes")
        return read
