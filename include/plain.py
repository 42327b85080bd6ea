"""Text that shows itself and does nothing else: what others wrote, without the characters that command whoever shows it.

A page can hold the escape codes of terminals (also as `&#27;`), and characters that turn the direction of what follows: on the
screen an address, a name or a figure would then read as another. The joiners of Persian and Burmese, and the marks that say to
which side a single character belongs, are part of writing and stay.
"""

import re

COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""Controls but tabs and line breaks, other line breaks, and what overrides or isolates a direction."""

_BREAKS_OR_HALVES = re.compile("[\n\t\ud800-\udfff]")
_LINE_BREAKS = "\x0b\x0c\r\u2028\u2029"
_WINDOWS = {chr(byte): bytes([byte]).decode("cp1252", "ignore") for byte in range(0x80, 0xA0)}
"""What pages mean by these characters, as browsers read them: quotation marks and dashes of Windows."""


def plain(text: str) -> str:
    """The text without such characters: line breaks of other kinds become newlines, the rest is dropped."""
    return COMMANDS.sub(_instead, text.replace("\r\n", "\n")) if COMMANDS.search(text) else text


def plain_line(text: str) -> str:
    """The same on one line."""
    return " ".join(plain(text).split())


def is_plain_line(text: str) -> bool:
    """Whether a text is one line that can be stored and shown as it is."""
    return not (COMMANDS.search(text) or _BREAKS_OR_HALVES.search(text))


def _instead(found: re.Match[str]) -> str:
    character = found[0]
    return "\n" if character in _LINE_BREAKS else _WINDOWS.get(character, "")
