"""The one URL that an article is known by, whatever address it was fetched from."""

import ipaddress
import re
from urllib.parse import urljoin, urlsplit

from courlan import clean_url, extract_domain

_CACHES = ("cdn.ampproject.org", "web.archive.org", "webcache.googleusercontent.com")
_ARCHIVED = re.compile(r"^https?://web\.archive\.org/web/[0-9a-z_*]{1,24}/(https?://.+)$")
_EMPTY_PATHS = ("", "/")


def canonical_url(fetched: str, stated: str | None) -> str:
    """The article's URL: the one that its page states (`stated`, from rel=canonical or og:url) where that can be its own,
    else the one that it was fetched from.

    A page may speak for its own site, and a copy without an identity of its own (an address that is a bare IP or a loopback
    name, an AMP or archive cache) for its original. A page that names another site as its canonical home is a republished
    copy: it keeps its own URL, so that its outlet stays known (`republished_from` gives the other site). A page that names
    the front page is not believed.
    """
    page = _stable(fetched) or fetched
    claim = _claim(fetched, stated)
    if claim is None or (_path(claim) in _EMPTY_PATHS and _path(page) not in _EMPTY_PATHS):
        return page
    return claim if _is_copy(fetched) or site_of(claim) == site_of(page) else page


def republished_from(fetched: str, stated: str | None) -> str | None:
    """The host that a page names as its canonical home when that is another site; null when it is its own."""
    claim = _claim(fetched, stated)
    if claim is None or _is_copy(fetched) or site_of(claim) == site_of(fetched):
        return None
    return (urlsplit(claim).hostname or "").removeprefix("www.") or None


def _claim(fetched: str, stated: str | None) -> str | None:
    if not stated or not stated.strip():
        return None
    try:
        return _stable(urljoin(fetched, stated.strip()))
    except ValueError:
        return None


def _stable(url: str) -> str | None:
    """One form for all spellings of an address: https, host in lower case, no default port, no fragment, no tracking
    parameters, sorted query, no slash at the end. Null for what is not a web address."""
    if match := _ARCHIVED.match(url):
        url = match[1]
    try:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return None
        default = {"http": 80, "https": 443}[parts.scheme]
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        netloc = host if parts.port in (None, default) else f"{host}:{parts.port}"
        scheme = "http" if _is_local(parts.hostname) else "https"
        plain = parts._replace(scheme=scheme, netloc=netloc, path=parts.path.rstrip("/"), fragment="").geturl()
        cleaned = clean_url(plain) or plain
        # Cleaning can lay bare another slash at the end ("/a/<"); each pass makes the address shorter, so this ends.
        return _stable(cleaned) if len(cleaned) < len(plain) else cleaned
    except ValueError:
        return None


def _path(url: str) -> str:
    return urlsplit(url).path


def site_of(url: str) -> str:
    """The registered domain ("bbc.co.uk"); of a host under no known one, its last two names."""
    host = urlsplit(url).hostname or ""
    return extract_domain(url) or (host if _is_local(host) else ".".join(host.split(".")[-2:]))


def _is_copy(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    return _is_local(host) or host in _CACHES or host.endswith(tuple(f".{c}" for c in _CACHES))


def _is_local(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
