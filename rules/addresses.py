"""Addresses of the network: which of them lie in the open internet, and which inside somebody's house."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

INSIDE: Final = ("localhost", "local", "internal", "intranet", "lan", "home.arpa", "corp", "private")
"""Last parts of names that mean nothing in the open internet."""

PLATFORM: Final = IPv4Address("168.63.129.16")
"""Looks public, and is where a machine in Azure asks its host."""

TRANSLATED: Final = IPv6Network("64:ff9b::/96")
"""Addresses of IPv6 whose last four bytes are one of IPv4."""


def is_public(text: str) -> bool:
    """Tell whether an address is one of the open internet. One of IPv6 may stand for one of IPv4."""
    found = ip_address(text.partition("%")[0])
    if isinstance(found, IPv6Address) and (meant := _meant(found)) is not None:
        found = meant
    return found.is_global and not found.is_multicast and found != PLATFORM


def _meant(address: IPv6Address) -> IPv4Address | None:
    if address in TRANSLATED:
        return IPv4Address(int(address) & 0xFFFF_FFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else None)


def is_inside(host: str) -> bool:
    """Tell whether a host's name or address alone says that it is inside a house; a name may still lead there."""
    try:
        return not is_public(host)
    except ValueError:
        name = host.casefold().rstrip(".")
        return "." not in name or any(name.endswith(f".{last}") for last in INSIDE)
