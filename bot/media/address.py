"""Which hosts and addresses a person may make us call: public ones only, and no number in disguise. Pure."""

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address

_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})+")
_ENDS_IN_A_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")
_PRIVATE_SUFFIXES = (
    *(".localhost", ".local", ".localdomain", ".internal", ".intranet", ".private", ".corp", ".home", ".lan"),
    *(".home.arpa", ".in-addr.arpa", ".ip6.arpa", ".onion", ".invalid"),
)
_NOT_FOR_US_4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "100.64.0.0/10",  # carriers' own; also the metadata service of one cloud
        "168.63.129.16/32",  # public by its number, the host's own service inside Azure
        "192.0.0.0/24",  # IETF's; also the metadata service of another cloud
        "192.88.99.0/24",  # 6to4 relays
        "198.18.0.0/15",
    )
)
_GLOBAL_6 = IPv6Network("2000::/3")
_NOT_FOR_US_6 = tuple(IPv6Network(network) for network in ("2001::/23", "2001:db8::/32", "3fff::/20"))
_NAT64 = IPv6Network("64:ff9b::/96")


def is_public(address: Address) -> bool:
    """Whether the address is on the public internet, looking through IPv6 forms that carry an IPv4 address."""
    if isinstance(address, IPv4Address):
        return address.is_global and not (address.is_multicast or address.is_reserved or _within(address))
    if address.scope_id is not None:
        return False
    carried = address.sixtofour
    if address in _NAT64:
        carried = IPv4Address(int(address) & 0xFFFF_FFFF)
    if carried is not None:
        return is_public(carried)
    return address in _GLOBAL_6 and address.is_global and not any(address in network for network in _NOT_FOR_US_6)


def literal(host: str) -> Address | None:
    """The address when the host is one in its usual spelling, None for a name."""
    try:
        return ip_address(host)
    except ValueError:
        return None


def host_problem(host: str) -> str:
    """Why a person may not name this host (lower case, IDNA-encoded), as words; "" when it may be resolved.

    What it resolves to still has to be checked with `is_public`.
    """
    address = literal(host)
    if address is not None:
        return "" if is_public(address) else "it is not a public address"
    if _ENDS_IN_A_NUMBER.fullmatch(host):
        return "it is a number in disguise"
    if _NAME.fullmatch(host) is None:
        return "it is not a public name"
    return "it is a private name" if host.endswith(_PRIVATE_SUFFIXES) else ""


def _within(address: IPv4Address) -> bool:
    return any(address in network for network in _NOT_FOR_US_4)
