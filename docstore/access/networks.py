"""Addresses and the networks that they lie in."""

from collections.abc import Iterable
from ipaddress import ip_address, ip_network


def is_within(address: str, networks: Iterable[str]) -> bool:
    """Whether `address` lies in one of `networks`; never where it is no address at all."""
    try:
        where = ip_address(address)
    except ValueError:
        return False
    return any(where in ip_network(one) for one in networks)


def network(text: str) -> str:
    """Return a network as it is stored; raise ValueError where it is none."""
    return str(ip_network(text.strip(), strict=False))
