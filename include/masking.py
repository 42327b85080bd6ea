"""Keep secrets out of what people read: logs, errors, datasets.

Secrets are those of whoever runs this: a user name and password in any address, and the values of parameters such as `token` in
the addresses of the sources file. What an outlet publishes for all to see is none.
"""

import re
from collections.abc import Iterable
from urllib.parse import parse_qsl, quote, quote_plus, urlsplit

MASK = "***"
_USERINFO = re.compile(r"(?<=://)[^\s/?#@'\"<>]{1,500}@")
_NAME = re.compile(
    r"(?:^|[_-])(?:(?:api|access|auth|secret)?[_-]?(?:key|token)|secret|passw(?:or)?d|pwd|sig|signature|auth|jwt)$", re.I
)
_SHORTEST = 6  # a shorter value is no secret, and would be found in innocent words


def secrets_in(addresses: Iterable[str]) -> tuple[str, ...]:
    """The values of the parameters of some addresses whose names say that they are secret, in each way of writing them."""
    values = {
        value
        for address in addresses
        for name, value in parse_qsl(urlsplit(address).query)
        if _NAME.search(name) and len(value) >= _SHORTEST
    }
    return tuple(sorted({way for value in values for way in (value, quote(value, safe=""), quote_plus(value))}, key=len)[::-1])


def masked(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without these secrets, and without user names and passwords in addresses."""
    for secret in secrets:
        text = text.replace(secret, MASK)
    return _USERINFO.sub(f"{MASK}@", text)
