"""Calls to addresses that somebody typed in: gateways, trackers. They never reach into the network
the desk runs in.

A name is looked up once and the call goes to the very address that was checked, so that a name
which answers differently the second time gains nothing. DESKBOOK_PRIVATE_HOSTS names what is
allowed although it is private.
"""

import ipaddress
import re
import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from functools import cache
from typing import cast
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.utils.module_loading import import_string

from deskbook.refusals.kept import kept

SECONDS = 20.0
"""How long another service may take to answer, and between two parts of its answer."""
LONGEST = 3 * SECONDS
"""How long a whole answer may take: who sends a byte now and then holds no worker."""
LARGEST = 5_000_000
"""Bytes of an answer."""
NO_ANSWER_BEHIND = frozenset({502, 504})
"""What a proxy answers for a service that said nothing it understood: it may have taken what it was
given (RFC 9110, 15.6.3 and 15.6.5).
"""
_NEVER_REACHED = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
_PORTS = {"http": 80, "https": 443}
_AT_A_PORT = re.compile(r"(?P<host>\[[^\]]+\]|[^:\[\]]+):(?P<port>\d{1,5})")
"""An IPv6 address stands in brackets then (RFC 3986, 3.2.2)."""
_UNICAST = ipaddress.ip_network("2000::/3")
"""Where public IPv6 addresses lie (RFC 4291, 2.4); ::a.b.c.d and all other old forms lie outside.
"""
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_NEITHER = tuple(map(ipaddress.ip_network, ("3fff::/20", "192.88.99.0/24", "192.0.0.0/24")))
"""For documentation (RFC 9637), relays that are no more (RFC 7526), protocols (RFC 6890, 2.2.2):
Python 3.11 takes them for public, the last in part.
"""


class NotAllowed(httpx.TransportError):
    """The address is of a network the desk does not call; the text says which and what to do."""


class _Bounded(httpx.SyncByteStream):
    """An answer that ends, whatever the other side sends."""

    def __init__(self, inner: httpx.SyncByteStream) -> None:
        self._inner = inner

    def __iter__(self) -> Iterator[bytes]:
        begun, size = time.monotonic(), 0
        for part in self._inner:
            size += len(part)
            if size > LARGEST:
                raise httpx.ReadError(f"The answer has more than {LARGEST // 1_000_000} MB.")
            if time.monotonic() - begun > LONGEST:
                raise httpx.ReadTimeout(f"The answer took longer than {LONGEST:.0f} seconds.")
            yield part

    def close(self) -> None:
        self._inner.close()


@cache
def trusted() -> ssl.SSLContext:
    """Whose certificates are believed. Reading them takes longer than most calls do, so each
    process does it once.
    """
    return httpx.create_ssl_context()


class CheckedAddresses(httpx.BaseTransport):
    """By which a desk calls others: public addresses only, and answers that end."""

    def __init__(self) -> None:
        self._inner = httpx.HTTPTransport(verify=trusted(), retries=0)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        host, port = request.url.host, request.url.port or _PORTS[request.url.scheme]
        # The certificate is still the name's.
        request.extensions = {
            **request.extensions,
            "sni_hostname": host,
        }
        request.url = request.url.copy_with(host=permitted_address(host, port))
        response = self._inner.handle_request(request)
        if response.headers.get("Content-Encoding", "identity") != "identity":
            response.close()  # a little that is packed may be very much
            raise httpx.DecodingError(
                "The answer is packed, which was not asked for.", request=request
            )
        stream = _Bounded(cast("httpx.SyncByteStream", response.stream))
        return httpx.Response(
            response.status_code,
            headers=response.headers,
            stream=stream,
            extensions=response.extensions,
        )

    def close(self) -> None:
        self._inner.close()


def outward_client(*, seconds: float = SECONDS) -> httpx.Client:
    """Returns a client that follows no redirects, reads no proxy settings, calls public addresses
    only and takes answers of at most LARGEST bytes, unpacked.
    """
    plain = {"Accept-Encoding": "identity"}
    transport: httpx.BaseTransport = import_string(settings.DESKBOOK_OUTWARD)()
    return httpx.Client(
        transport=transport, timeout=seconds, follow_redirects=False, trust_env=False, headers=plain
    )


def fell_silent(failure: Exception) -> bool:
    """Whether a call may have been heard although nothing came back: only then was anybody
    reached.
    """
    return isinstance(failure, httpx.HTTPError) and not isinstance(failure, _NEVER_REACHED)


def permitted_address(host: str, port: int | None = None) -> str:
    """Returns the address a host is called at. Raises NotAllowed, or httpx.ConnectError when the
    name is unknown.
    """
    try:
        found = socket.getaddrinfo(host, port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as problem:
        raise httpx.ConnectError(f"{host} is not known by name here ({problem})") from problem
    addresses = [str(entry[4][0]) for entry in found]
    inside = [address for address in addresses if not _is_public(address)]
    if inside and not _allowed(host, port or 443, inside):
        raise NotAllowed(kept("address.private", host=host, address=inside[0]))
    return addresses[0]


def wrong_address(url: str) -> str | None:
    """Returns what is wrong with an address somebody typed, as a sentence, without calling it; None
    if nothing is.
    """
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        usable = False
    if not usable:
        return (
            f"“{url[:80]}” is no address of a service; it looks like https://api.example.org/send."
        )
    if parts.username or parts.password:
        return "A name and password do not stand in the address: there are fields for them."
    return None


def why_not_called(url: str) -> str:
    """Returns, in its written form, why an address would not be called from here: it is of a
    private network. Empty where nothing is known against it; a name nobody knows now may be known
    later.
    """
    parts = urlsplit(url)
    try:
        permitted_address(parts.hostname or "", parts.port or _PORTS[parts.scheme])
    except NotAllowed as problem:
        return str(problem)
    except httpx.ConnectError:
        return ""
    return ""


def _is_public(address: str) -> bool:
    """Only what the whole internet routes; an IPv6 address that carries an IPv4 one only if that
    one is public too.
    """
    number, _, zone = address.partition("%")
    found = ipaddress.ip_address(number)
    if zone:
        return False  # zones exist on networks of one's own alone (RFC 4007)
    if isinstance(found, ipaddress.IPv4Address):
        return _is_global(found)
    meant = _stands_for(found)
    if meant is not None:
        return _is_global(meant)
    return (
        found in _UNICAST
        and _is_global(found)
        and all(_is_global(inner) for inner in _tunnelled_to(found))
    )


def _is_global(number: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    return (
        number.is_global
        and not number.is_multicast
        and not any(number in network for network in _NEITHER)
    )


def _stands_for(number: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Returns the IPv4 address that is called instead: mapped (RFC 4291, 2.5.5.2), or behind a
    NAT64 (RFC 6052).
    """
    return number.ipv4_mapped or (
        ipaddress.IPv4Address(int(number) & 0xFFFFFFFF) if number in _NAT64 else None
    )


def _tunnelled_to(number: ipaddress.IPv6Address) -> Iterator[ipaddress.IPv4Address]:
    """Yields the IPv4 ends of a tunnel: 6to4 (RFC 3056), Teredo (RFC 4380), ISATAP (RFC 5214,
    6.1).
    """
    if number.sixtofour:
        yield number.sixtofour
    yield from number.teredo or ()
    if (int(number) >> 32) & 0xFCFFFFFF == 0x5EFE:
        yield ipaddress.IPv4Address(int(number) & 0xFFFFFFFF)


def _allowed(host: str, port: int, inside: Iterable[str]) -> bool:
    """Named by its name, or all its private addresses lie in networks that are named; where a port
    is said, at that port alone.
    """
    named = [_named_at(entry, port) for entry in settings.DESKBOOK_PRIVATE_HOSTS]
    if host.lower() in named:
        return True
    networks = [ipaddress.ip_network(entry, strict=False) for entry in named if _is_network(entry)]
    return all(
        any(ipaddress.ip_address(a.partition("%")[0]) in net for net in networks) for a in inside
    )


def _named_at(entry: str, port: int) -> str:
    """Returns which host or network an entry opens at a port, "" for none."""
    said = _AT_A_PORT.fullmatch(entry)
    if said is None:
        return entry
    return said["host"].strip("[]") if int(said["port"]) == port else ""


def _is_network(entry: str) -> bool:
    try:
        ipaddress.ip_network(entry, strict=False)
    except ValueError:
        return False
    return True
