"""Which network addresses may be fetched from: public ones, and private ones where a source says that it is on such a network.

A page decides where its links and redirects lead. Without this check it could lead the scraper to the machine's own services,
to others behind the same firewall, and to the credentials that clouds serve to their machines.
"""

import functools
from collections.abc import Mapping
from importlib import resources
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

import yaml

_PUBLIC_IPV6 = ip_network("2000::/3")
_ISATAP = (0x00005EFE, 0x02005EFE)  # RFC 5214: any prefix, one of these, an IPv4 address

_Blocks = Mapping[IPv4Network | IPv6Network, str]


def refusal(address: str, private_addresses: bool = False) -> str | None:
    """Why nothing may be fetched from an IP address (as getaddrinfo gives it), in words; null if it may.

    With `private_addresses`, private networks and loopback may; link-local, metadata, multicast and the like never.
    """
    ip = ip_address(address.partition("%")[0])  # a zone says which interface, not which address
    never, private, carries_ipv4 = (_blocks(name) for name in ("never", "private", "carries_ipv4"))
    if isinstance(ip, IPv6Address):
        if carrier := _block_of(ip, carries_ipv4):
            why = refusal(str(IPv4Address(int(ip) & 0xFFFFFFFF)), private_addresses)
            return why and f"{ip} is {carrier} of {why}"
        if int(ip) >> 32 & 0xFFFFFFFF in _ISATAP:
            return f"{ip} is ISATAP, which carries an IPv4 address (RFC 5214)"
    if what := _block_of(ip, never):
        return f"{ip} is {what}"
    if what := _block_of(ip, private):
        return None if private_addresses else f"{ip} is {what}"
    if isinstance(ip, IPv6Address) and ip not in _PUBLIC_IPV6:
        return f"{ip} is outside the public addresses of IPv6 (2000::/3)"
    return None


def _block_of(ip: IPv4Address | IPv6Address, blocks: _Blocks) -> str | None:
    return next((what for block, what in blocks.items() if ip in block), None)


@functools.cache
def _blocks(name: str) -> _Blocks:
    table = yaml.safe_load(resources.files("include.scrape").joinpath("data/networks.yaml").read_text("utf-8"))
    return {ip_network(block): what for block, what in table[name].items()}
