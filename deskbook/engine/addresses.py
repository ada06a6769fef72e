"""The one form in which two spellings of a mail address, or of a domain, are equal.

Python's own folding makes ß to ss and ς to σ, as IDNA did until 2008: since then faß.de and fass.de
are two domains, of two owners. So a domain is compared as IDNA2008 reads it (RFC 5891, by UTS 46
without its transition), in letters that people can read: to each A-label there is exactly one
U-label.
"""

from __future__ import annotations

import re
from functools import lru_cache
from unicodedata import normalize

import idna

ADDRESS = re.compile(r"(?<![^\s<>,;@])[^\s<>,;@]{1,254}@[^\s<>,;@.]+(?:\.[^\s<>,;@.]+)+")
"""A mail address among other words, from its first letter on: the end of one is another's."""
_LONGEST = 253
"""Of a domain, in characters (RFC 1035 2.3.4)."""


def normal_address(address: str) -> str:
    """Returns an address with its local part in small letters and its domain as `normal_domain`;
    what has no `@`, in small letters.
    """
    local, at, domain = address.strip().rpartition("@")
    return f"{_small(local)}@{normal_domain(domain)}" if at else _small(domain)


def normal_domain(domain: str) -> str:
    """Returns a domain in small letters without a final dot, its A-labels (xn--…) as the letters
    they stand for.

    What is no domain by IDNA2008 equals nothing but itself, in ASCII capitals or not.
    """
    ascii_form = ascii_domain(domain)
    return _readable(ascii_form) or ascii_form


def domain_of(address: str) -> str:
    """Returns the normal domain of an address; empty when there is none."""
    _local, at, domain = address.strip().rpartition("@")
    return normal_domain(domain) if at else ""


def ascii_address(address: str) -> str:
    """Returns an address as it is sent to: with its domain in A-labels, which every mail server
    takes.

    Python and Django would make them by the rules of 2003, and send what is for faß.de to fass.de.
    """
    local, at, domain = address.strip().rpartition("@")
    return f"{local}@{ascii_domain(domain)}" if at else address


@lru_cache(maxsize=10_000)
def ascii_domain(domain: str) -> str:
    """Returns a domain in A-labels and small letters, without a final dot; what is none by IDNA2008
    as it stands.
    """
    plain = normalize("NFC", _small_ascii(normalize("NFC", domain.strip()))).rstrip(".")
    if len(plain) > _LONGEST or (plain.isascii() and "xn--" not in plain):
        return plain
    try:
        encoded = idna.encode(plain, uts46=True).decode().rstrip(".")
    except UnicodeError:  # IDNAError is one
        return plain
    return encoded if _readable(encoded) else plain


@lru_cache(maxsize=10_000)
def _readable(encoded: str) -> str:
    """The letters of a domain in A-labels; empty where these do not lead back to the same
    A-labels.
    """
    if "xn--" not in encoded:
        return encoded
    try:
        readable = idna.decode(encoded)
        return readable if idna.encode(readable) == encoded.encode() else ""
    except UnicodeError:
        return ""


def _small(text: str) -> str:
    # A small letter may be one with a mark a capital was not.
    return normalize("NFC", normalize("NFC", text).lower())


def _small_ascii(text: str) -> str:
    return "".join(letter.lower() if letter.isascii() else letter for letter in text)
