"""The outlets, declared in one YAML file.

The file holds one key, `sources`, with a list of entries; :class:`Source` says what an entry holds. A mistake in it stops the
run with the line that has it: a source that is silently skipped looks like peace.
"""

import difflib
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NoReturn
from urllib.parse import urljoin, urlsplit
from zoneinfo import ZoneInfo

import yaml

from include.masking import masked

KINDS = ("monitor", "agency", "newspaper", "broadcaster", "aggregator", "official")
LISTINGS = ("feed", "sitemap", "page")


_PAGE = "a-page-number"


SOURCE_ID = r"[a-z0-9][a-z0-9_-]{0,59}"
"""The pattern of a source's id."""


class SourcesError(ValueError):
    """A mistake in the sources file. The message names the file, the line, the key and the valid choices."""


@dataclass(frozen=True)
class ListedBy:
    """Where a source lists its articles: the address of a feed, a sitemap, or a page whose links match a pattern.

    `kind` is one of LISTINGS; `links` is the pattern for a page (searched in the absolute URL of each link), else null. A feed
    or page may go on: at what it marks as its next page, at the first link that matches `following`, or at the addresses that
    `pages` gives for {page} 2, 3 and so on; at most `most_pages` of them are read in one run.
    """

    kind: str
    url: str
    links: re.Pattern[str] | None = None
    following: re.Pattern[str] | None = None
    pages: str | None = None
    most_pages: int = 20


@dataclass(frozen=True)
class Bounds:
    """What to expect of a source: at `least` and at `most` so many new articles in `days` days, and the least shares of its
    pages that state a date and that hold a text. Null is no bound.
    """

    least: int | None = None
    most: int | None = None
    days: int = 7
    dated: float | None = None
    text: float | None = None


@dataclass(frozen=True)
class Source:
    """One outlet and how to read it.

    `country` is the country that it mainly reports on (ISO 3166-1 alpha-3; null: several), `languages` are ISO 639-1 codes,
    `timezone` is the IANA zone in which it prints times (null: not known), `delay_seconds` passes between two requests to one
    host, `max_articles` is the most that one run fetches, `private_addresses` says that it is on a private network or this
    machine, and `verified` whether somebody saw the listing work. The first of its `listings` is read in every run, the others
    once a day and where it leaves a gap. What was published before the day `since` is left out.
    """

    id: str
    outlet: str
    kind: str
    languages: tuple[str, ...]
    base_url: str
    listings: tuple[ListedBy, ...]
    country: str | None = None
    timezone: str | None = None
    delay_seconds: float = 2.0
    max_articles: int = 200
    private_addresses: bool = False
    since: date | None = None
    bounds: Bounds = Bounds()
    notes: str | None = None
    verified: bool = False

    @property
    def listing(self) -> ListedBy:
        """The first of its listings."""
        return self.listings[0]

    @property
    def addresses(self) -> tuple[str, ...]:
        """All addresses that its entry names."""
        return (self.base_url, *(a for spec in self.listings for a in (spec.url, spec.pages) if a is not None))

    @property
    def host(self) -> str:
        """The host of its home page, with the port if it names one: who is to be treated with care."""
        return urlsplit(self.base_url).netloc.lower()


def load_sources(path: str | os.PathLike[str]) -> dict[str, Source]:
    """The sources declared in the YAML file at `path`, by id, in the file's order.

    Raises SourcesError, with file and line, for anything that is not a whole and valid declaration: broken YAML, an unknown,
    missing or repeated key, a value that does not fit, an id used twice. Raises FileNotFoundError if there is no such file.
    """
    path = os.fspath(path)
    with open(path, encoding="utf-8") as file:
        try:
            root = yaml.compose(file, Loader=yaml.SafeLoader)
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise SourcesError(f"{path}: not valid YAML in UTF-8: {error}") from error
    if root is None:
        raise SourcesError(f"{path}: the file is empty; want a key 'sources' with a list of entries")
    return _File(path).sources(root)


class _File:
    """Reads the nodes of one YAML file, which know their lines."""

    def __init__(self, path: str):
        self.path = path

    def sources(self, root: yaml.Node) -> dict[str, Source]:
        entries = self.mapping(root, "the file", required=("sources",), optional=())["sources"]
        if not isinstance(entries, yaml.SequenceNode) or not entries.value:
            self.fail(entries, "sources", "want a list with at least one entry, each starting with '- id: ...'")
        found: dict[str, Source] = {}
        lines: dict[str, int] = {}
        for i, node in enumerate(entries.value):
            source = self.source(node, f"sources[{i}]")
            if source.id in found:
                self.fail(node, f"sources[{i}].id", f"{source.id!r} is already the id of the entry in line {lines[source.id]}")
            found[source.id] = source
            lines[source.id] = node.start_mark.line + 1
        return found

    def source(self, node: yaml.Node, at: str) -> Source:
        nodes = self.mapping(node, at, required=_REQUIRED, optional=_OPTIONAL)
        values = {key: self.value(nodes[key], f"{at}.{key}", check) for key, check in _CHECKS.items() if key in nodes}
        if "bounds" in nodes:
            values["bounds"] = self.bounds(nodes["bounds"], f"{at}.bounds")
        return Source(**values, listings=self.listings(nodes["listing"], f"{at}.listing", values["base_url"]))

    def bounds(self, node: yaml.Node, at: str) -> Bounds:
        nodes = self.mapping(node, at, required=(), optional=tuple(_BOUNDS))
        values = {key: self.value(nodes[key], f"{at}.{key}", check) for key, check in _BOUNDS.items() if key in nodes}
        least, most = values.pop("articles", (None, None))
        return Bounds(least=least, most=most, **values)

    def listings(self, node: yaml.Node, at: str, base_url: str) -> tuple[ListedBy, ...]:
        """The one listing, or those of a list."""
        if not isinstance(node, yaml.SequenceNode):
            return (self.listing(node, at, base_url),)
        if not node.value:
            self.fail(node, at, "want at least one listing")
        found = tuple(self.listing(each, f"{at}[{i}]", base_url) for i, each in enumerate(node.value))
        if len({each.url for each in found}) < len(found):
            self.fail(node, at, "names one address twice; keep one")
        return found

    def listing(self, node: yaml.Node, at: str, base_url: str) -> ListedBy:
        nodes = self.mapping(node, at, required=(), optional=(*LISTINGS, *_LISTING))
        kinds = [k for k in LISTINGS if k in nodes]
        if len(kinds) != 1:
            self.fail(node, at, f"has {len(kinds)} of the keys {', '.join(LISTINGS)}; want exactly one, with an address")
        kind = kinds[0]
        if (kind == "page") != ("links" in nodes):
            self.fail(node, at, "want 'links', a regular expression that article links match, with 'page' and only there")
        if "next" in nodes and kind != "page":
            self.fail(nodes["next"], f"{at}.next", "goes with 'page' only; a feed that goes on says so itself, or give 'pages'")
        if "pages" in nodes and (kind == "sitemap" or "next" in nodes):
            self.fail(nodes["pages"], f"{at}.pages", "goes with 'feed', or with 'page' where there is no 'next'")
        url = self.value(nodes[kind], f"{at}.{kind}", _url_under(base_url))
        checks = _LISTING | {"pages": _pages_under(base_url)}
        values = {key: self.value(nodes[key], f"{at}.{key}", check) for key, check in checks.items() if key in nodes}
        return ListedBy(kind, url, following=values.pop("next", None), **values)

    def mapping(self, node: yaml.Node, at: str, required: tuple[str, ...], optional: tuple[str, ...]) -> dict[str, yaml.Node]:
        """The values of a mapping by key, its keys checked."""
        valid = (*required, *optional)
        if not isinstance(node, yaml.MappingNode):
            self.fail(node, at, f"want a mapping with the keys {', '.join(valid)}")
        nodes: dict[str, yaml.Node] = {}
        for key_node, value_node in node.value:
            key = key_node.value if isinstance(key_node, yaml.ScalarNode) else "a key that is not text"
            if key not in valid:
                near = difflib.get_close_matches(key, valid, n=1)
                hint = f"did you mean {near[0]!r}? " if near else ""
                self.fail(key_node, at, f"unknown key {key!r}; {hint}valid keys are {', '.join(valid)}")
            if key in nodes:
                self.fail(key_node, at, f"the key {key!r} stands here a second time; keep one")
            nodes[key] = value_node
        if missing := [key for key in required if key not in nodes]:
            self.fail(node, at, f"lacks {', '.join(missing)}; required keys are {', '.join(required)}")
        return nodes

    def value(self, node: yaml.Node, at: str, check: Callable[[Any], Any]) -> Any:
        """The plain value of a node as `check` returns it."""
        try:
            value = _construct(node)
        except yaml.YAMLError as error:
            self.fail(node, at, str(error))
        try:
            return check(value)
        except ValueError as error:
            self.fail(node, at, f"got {value!r}; want {error}")

    def fail(self, node: yaml.Node, at: str, problem: str) -> NoReturn:
        raise SourcesError(f"{self.path}, line {node.start_mark.line + 1}: {at}: {masked(problem)}")


def _construct(node: yaml.Node) -> Any:
    constructor = yaml.constructor.SafeConstructor()
    return constructor.construct_document(node)


# What a value must be: each returns it as the dataclass holds it, or raises ValueError with the words after "want".


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("text (quote it if YAML reads it as a number, a date or yes/no)")
    return value.strip()


def _id(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(SOURCE_ID, value):
        raise ValueError("1 to 60 lower-case letters, digits, hyphens and underscores; it names folders and never changes")
    return value


def _kind(value: Any) -> str:
    if value not in KINDS:
        raise ValueError(f"one of {', '.join(KINDS)}")
    return value


def _languages(value: Any) -> tuple[str, ...]:
    codes = value if isinstance(value, list) else [value]
    if not codes or not all(isinstance(c, str) and re.fullmatch(r"[a-z]{2}", c) for c in codes):
        raise ValueError("a list of ISO 639-1 codes, such as [en, ar]")
    return tuple(codes)


def _country(value: Any) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Z]{3}", value):
        raise ValueError("an ISO 3166-1 alpha-3 code, such as SYR; leave the key out where the outlet reports on several")
    return value


def _timezone(value: Any) -> str:
    try:
        return ZoneInfo(value).key
    except (KeyError, ValueError, TypeError, OSError) as error:
        raise ValueError("the name of an IANA time zone, such as Asia/Damascus; leave the key out if not known") from error


def _delay(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 60:
        raise ValueError("seconds between two requests to one host, 0 to 60")
    return float(value)


def _since(value: Any) -> date:
    if not isinstance(value, date) or isinstance(value, datetime):
        raise ValueError("a day, such as 2024-01-01; what was published before it is left out")
    return value


def _most_pages(value: Any) -> int:
    return _whole(value, 1, 1000, "the most pages of the listing that one run reads")


def _days(value: Any) -> int:
    return _whole(value, 1, 60, "the days in which so many articles are expected")


def _articles(value: Any) -> tuple[int, int]:
    wanted = "two whole numbers, [LEAST, MOST]: the new articles to expect in `days` days"
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError(wanted)
    least, most = (_whole(each, 0, 1_000_000, wanted) for each in value)
    if least > most:
        raise ValueError(wanted)
    return least, most


def _share(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError("a share of the pages, 0 to 1")
    return float(value)


def _whole(value: Any, least: int, most: int, what: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise ValueError(f"a whole number from {least} to {most}: {what}")
    return value


def _max_articles(value: Any) -> int:
    return _whole(value, 1, 100_000, "the most articles that one run fetches")


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false")
    return value


def _url(value: Any) -> str:
    wanted = "an address that starts with http:// or https:// and has a host"
    if not isinstance(value, str) or re.search(r"[\s\x00-\x1f]", value):
        raise ValueError(wanted)
    try:
        parts = urlsplit(value)
        port_is_valid = parts.port is None or parts.port > 0
    except ValueError as error:
        raise ValueError(f"{wanted} ({error})") from error
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_is_valid or parts.username is not None:
        raise ValueError(f"{wanted}, and no user name")
    return value


def _url_under(base_url: str) -> Callable[[Any], str]:
    """A check for an address that may be relative to `base_url`."""
    return lambda value: _url(urljoin(base_url, value) if isinstance(value, str) else value)


def _pages_under(base_url: str) -> Callable[[Any], str]:
    """A check for an address with {page} in it, that may be relative to `base_url`."""

    def check(value: Any) -> str:
        if not isinstance(value, str) or value.count("{page}") != 1:
            raise ValueError("an address with {page} in it once, which is replaced by 2, 3 and so on")
        return _url_under(base_url)(value.replace("{page}", _PAGE)).replace(_PAGE, "{page}")

    return check


def _pattern(value: Any) -> re.Pattern[str]:
    try:
        return re.compile(_text(value))
    except re.error as error:
        raise ValueError(f"a regular expression ({error})") from error


_CHECKS: dict[str, Callable[[Any], Any]] = {
    "id": _id,
    "outlet": _text,
    "kind": _kind,
    "languages": _languages,
    "base_url": _url,
    "country": _country,
    "timezone": _timezone,
    "delay_seconds": _delay,
    "max_articles": _max_articles,
    "private_addresses": _flag,
    "since": _since,
    "notes": _text,
    "verified": _flag,
}
_LISTING: dict[str, Callable[[Any], Any]] = {"links": _pattern, "next": _pattern, "pages": _text, "most_pages": _most_pages}
_BOUNDS: dict[str, Callable[[Any], Any]] = {"articles": _articles, "days": _days, "dated": _share, "text": _share}
_REQUIRED = ("id", "outlet", "kind", "languages", "base_url", "listing")
_OPTIONAL = (*(key for key in _CHECKS if key not in _REQUIRED), "bounds")
