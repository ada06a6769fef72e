"""Who is calling: the one answer to what address a request comes from, for whatever counts or
limits by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

from django.conf import settings
from django.http import HttpRequest

Address = IPv4Address | IPv6Address
HOME = 64
"""Bits of an IPv6 address that name a line; its owner chooses the others freely (RFC 6177, RFC
8981).
"""


def client_address(request: HttpRequest) -> str:
    """Returns the address a request comes from, as limits count it: an IPv4 address, or the /64 of
    an IPv6 one.

    `X-Forwarded-For` is believed only as far as DESKBOOK_TRUSTED_PROXIES wrote it, counted from the
    right: what stands left of the first address that is none of them was written by the sender. RFC
    7239's `Forwarded` is not read: a proxy writes one of the two and hands on the other as it came.
    """
    meta = request.META
    return _counted(str(meta.get("REMOTE_ADDR", "")), str(meta.get("HTTP_X_FORWARDED_FOR", "")))


def client_address_of(scope: Mapping[str, Any]) -> str:
    """Returns the same for a request as the web server gives it, before Django sees it."""
    said = (
        value.decode("latin1")
        for name, value in scope["headers"]
        if name.lower() == b"x-forwarded-for"
    )
    return _counted(str((scope.get("client") or ("",))[0]), ",".join(said))


def _counted(peer: str, forwarded: str) -> str:
    address = _address(peer)
    while address is not None and forwarded and _is_trusted(address):
        forwarded, _comma, hop = forwarded.rpartition(",")
        said = _address(hop)
        if said is None:
            break
        address = said
    if address is None:
        return peer[:HOME]
    return str(ip_network((address, HOME), strict=False)) if address.version == 6 else str(address)


def _is_trusted(address: Address) -> bool:
    return any(address in network for network in settings.DESKBOOK_TRUSTED_PROXIES)


def _address(written: str) -> Address | None:
    """Reads `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1` and `[2001:db8::1]:4711`; None for
    anything else.
    """
    text = written.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return (address.version == 6 and address.ipv4_mapped) or address
