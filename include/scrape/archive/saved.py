"""Where a saved page is from, and when it was saved: what the program that saved it wrote into it, what the page states of
itself, or the folders in which a mirror keeps it.
"""

import html
import re
from datetime import UTC, datetime
from urllib.parse import quote

from courlan import extract_domain

from include.scrape.listed import instant

_HEAD = 100_000
_SAVED_BY = (  # browsers ("saved from url=(0025)https://..."), SingleFile, HTTrack
    re.compile(rb"<!--\s*saved from url=\(\d+\)(?P<url>https?://\S+)"),
    re.compile(
        rb"<!--\s*Page saved with SingleFile\s+url:\s*(?P<url>https?://\S+)(?:\s+saved date:\s*(?P<at>[^\r\n]{1,100}))?"
    ),
    re.compile(rb"<!--\s*Mirrored from (?P<host>[^\s/]+/\S*) by HTTrack[^,\r\n]{0,200},\s*(?P<at>[^\r\n]{1,60}?)\s*-->"),
)
_LINK = re.compile(rb"<(?:link|meta)\b[^>]{1,2000}>", re.IGNORECASE)
_OWN = re.compile(rb"""\b(?:rel|property|name)\s*=\s*["']?(?:canonical|og:url)\b""", re.IGNORECASE)
_ADDRESS = re.compile(rb"""\b(?:href|content)\s*=\s*["']?(https?://[^\s"'<>]+)""", re.IGNORECASE)
_CLOCK = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2} \d\d \d{4} \d\d:\d\d:\d\d) GMT([+-]\d{4})")
_HOST = re.compile(r"(?:[a-z0-9-]{1,63}\.)+[a-z]{2,63}")
_ASKED = re.compile(r"(\.(?:html?|php|aspx?|jsp))@", re.IGNORECASE)


def address_and_time(body: bytes) -> tuple[str | None, datetime | None]:
    """The address from which a page was saved and when, as far as it is written in it; else the address that the page states
    for itself, as canonical or for sharing.
    """
    for pattern in _SAVED_BY:
        if found := pattern.search(body, 0, _HEAD):
            said = {name: value.decode("utf-8", "replace") for name, value in found.groupdict().items() if value}
            return said.get("url") or f"https://{said['host']}", _time(said.get("at"))
    for link in _LINK.finditer(body, 0, _HEAD):
        if _OWN.search(link[0]) and (address := _ADDRESS.search(link[0])):
            return html.unescape(address[1].decode("utf-8", "replace")), None
    return None, None


def mirrored(path: str) -> str | None:
    """The address of a file in a mirror of a site, whose topmost folder is named after the host (wget -m); null for others.

    The scheme, and names that were made for files (index.html, "?" as "@"), are put back as sites mostly have them.
    """
    host, _, file = path.partition("/")
    if not file or not is_host(host):
        return None
    page, _, query = _ASKED.sub(r"\1?", file, count=1).partition("?")
    page = re.sub(r"(?:^|(?<=/))index\.html?$", "", page)
    query = quote(query.removesuffix(".html"), safe="=&;%+/:,@")
    return f"https://{host}/{quote(page, safe='/%:@')}" + (f"?{query}" if query else "")


def is_host(name: str) -> bool:
    """Whether a name is that of a host, under a domain that there is."""
    return _HOST.fullmatch(name) is not None and extract_domain(f"https://{name}/") is not None


def _time(written: str | None) -> datetime | None:
    clock = _CLOCK.match(written or "")
    if clock is None:
        return instant(written)
    try:
        return datetime.strptime(f"{clock[1]} {clock[2]}", "%b %d %Y %H:%M:%S %z").astimezone(UTC)
    except ValueError:
        return None
