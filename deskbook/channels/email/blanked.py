"""Mail as it came, without what lets its reader write in a colleague's name: the signature in an answer's address."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode

_BREAK = rb"(?:=\r?\n)?"
"""A line that goes on, in quoted-printable (RFC 2045, 6.7)."""
_DOT = rb"(?:\.|=2E)" + _BREAK
_ID = rb"(?:[a-z0-9-]" + _BREAK + rb"){1,64}?"
_SIGNATURE = rb"((?:[a-z2-7]" + _BREAK + rb"){15}[a-z2-7])"
_ADDRESS = re.compile(rb"(?i)(?:\+|[=%]2B)" + _BREAK + rb"a" + _BREAK + _DOT + _ID + _DOT + _ID + _DOT + _SIGNATURE)
_BASE64 = re.compile(rb"(?m)^(?:[A-Za-z0-9+/]{4,998}={0,2}\r?(?:\n|\Z))+")


def blanked(raw: bytes) -> bytes:
    """Returns a mail with asterisks for the signatures of answer addresses, in plain words, quoted-printable or
    base64; of the same length, and all else as it came.
    """
    return _BASE64.sub(lambda block: _in_base64(block[0]), _in_words(raw))


def blanked_words(text: str) -> str:
    """Returns a text in the same way."""
    return _in_words(text.encode()).decode()


def _in_words(raw: bytes) -> bytes:
    def asterisks(found: re.Match[bytes]) -> bytes:
        return found[0][: found.start(1) - found.start()] + re.sub(rb"[A-Za-z2-7]", b"*", found[1])

    return _ADDRESS.sub(asterisks, raw)


def _in_base64(block: bytes) -> bytes:
    letters = block.translate(None, b"\r\n")
    whole = len(letters) // 4 * 4
    try:
        plain = b64decode(letters[:whole], validate=True)
    except ValueError:  # words in lines, or padding in between
        return block
    if (other := _in_words(plain)) == plain:
        return block
    written = iter(b64encode(other) + letters[whole:])
    return bytes(sign if sign in b"\r\n" else next(written) for sign in block)
