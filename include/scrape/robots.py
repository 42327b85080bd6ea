"""What a host's robots.txt allows, as RFC 9309 has it."""

from dataclasses import dataclass

from protego import Protego

MAX_BYTES = 500 * 1024
"""As much of a robots.txt as is read (RFC 9309, section 2.5)."""


@dataclass(frozen=True)
class Robots:
    """The rules of one host for one product token; without rules everything is allowed."""

    rules: Protego | None
    token: str

    def allows(self, url: str) -> bool:
        """Whether `url`, which must be on this host, may be fetched."""
        return self.rules is None or self.rules.can_fetch(url, self.token)

    @property
    def crawl_delay(self) -> float:
        """Seconds that must pass between two requests; 0 where none are asked for."""
        return 0.0 if self.rules is None else self.rules.crawl_delay(self.token) or 0.0

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """The sitemaps that it names, as written."""
        return () if self.rules is None else tuple(self.rules.sitemaps)


def read_robots(body: bytes, token: str) -> Robots:
    """The rules in a robots.txt for the product token `token`. Lines that are no rules are ignored, as the RFC wants it."""
    return Robots(Protego.parse(body[:MAX_BYTES].decode("utf-8-sig", "replace")), token)


def no_robots(token: str) -> Robots:
    """The rules of a host that has no robots.txt: everything is allowed."""
    return Robots(None, token)
