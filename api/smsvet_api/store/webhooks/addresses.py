"""Which addresses messages may be sent to: a message must not reach the operator's own network."""

from __future__ import annotations

import ipaddress
from typing import Final
from urllib.parse import urlsplit

from ..errors import RefusedError

LONGEST: Final = 2000
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
"""Addresses of RFC 6052: the last 32 bits are an IPv4 address."""

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def check_url(url: str, *, private: bool) -> None:
    """Raise RefusedError unless a message can be sent to a URL.

    It needs `https`, a host and no user. With `private`, `http` and addresses of the own network are allowed.
    """
    schemes = ("https", "http") if private else ("https",)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise _refused() from None
    if len(url) > LONGEST or not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
        raise _refused()
    if not host or parts.username is not None or parts.password is not None or port == 0:
        raise _refused()
    if parts.scheme not in schemes:
        needed = " 或 ".join(schemes), " or ".join(schemes)
        raise RefusedError("url", f"地址应以 {needed[0]} 开头", f"the address has to begin with {needed[1]}")
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return  # a name: it is resolved, and its addresses are checked, at each delivery
    if not private and not is_public(str(address)):
        raise RefusedError(
            "url",
            "不允许内网、本机或链路本地地址",
            "private, loopback and link-local addresses are not allowed",
        )


def is_public(text: str) -> bool:
    """Return whether an IP address, as a resolver returns it, belongs to the public internet.

    IPv6 addresses that contain an IPv4 address are public if both are.
    """
    try:
        address: Address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return all(one.is_global and not one.is_multicast for one in (address, *_inside(address)))


def _inside(address: Address) -> tuple[ipaddress.IPv4Address, ...]:
    if isinstance(address, ipaddress.IPv4Address):
        return ()
    teredo = address.teredo or ()
    found = [address.ipv4_mapped, address.sixtofour, *teredo]
    if address in _NAT64:
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return tuple(one for one in found if one is not None)


def _refused() -> RefusedError:
    return RefusedError("url", "不是可用的地址", "this is not an address that can be used")
