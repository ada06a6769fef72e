"""Mail as it came, without what lets its reader write in a colleague's name: the signature in an
answer's address.
"""

from __future__ import annotations

import re
from base64 import b64decode, b64encode

_BREAK = rb"(?:=\r?\n)?\0?"
"""A line that goes on, in quoted-printable (RFC 2045, 6.7); the other half of a sign in UTF-16."""
_CODED = (
    rb"(?:[=%](?:2D|3[0-9]|[46][1-9A-F]|[57][0-9A])"
    rb"|(?:&|=26)\#0{0,9}(?:45|4[89]|[5-9][0-9]|1[012][0-9]);"
    rb"|(?:&|=26)\#x0{0,9}(?:2D|[3-7][0-9A-F]);)"
)
"""A letter, figure or hyphen as quoted-printable, a URL or HTML may write it."""
_PLUS = rb"(?:\+-?|[=%]2B|(?:&|=26)(?:\#0{0,9}43|\#x0{0,9}2B|plus);)" + _BREAK
_DOT = rb"(?:\.|[=%]2E|(?:&|=26)(?:\#0{0,9}46|\#x0{0,9}2E|period);)" + _BREAK
_A = rb"(?:a|" + _CODED + rb")" + _BREAK
_ID = rb"(?:(?:[a-z0-9-]|" + _CODED + rb")" + _BREAK + rb"){1,64}?"
_SIGN = rb"(?:[a-z2-7]|" + _CODED + rb")"
_SIGNATURE = rb"((?:" + _SIGN + _BREAK + rb"){15}" + _SIGN + rb")"
_ADDRESS = re.compile(rb"(?i)" + _PLUS + _A + _DOT + _ID + _DOT + _ID + _DOT + _SIGNATURE)
_SIGNS = re.compile(rb"(?i)" + _CODED + rb"|[a-z2-7]")
_BASE64 = re.compile(rb"(?m)^(?:[A-Za-z0-9+/]{4,}+={0,2}\r?(?:\n|\Z))++")


def blanked(raw: bytes) -> bytes:
    """Returns a mail with asterisks for the signatures of answer addresses, in plain words,
    quoted-printable, base64 or as HTML may write them; of the same length, and all else as it came.
    """
    return _BASE64.sub(lambda block: _in_base64(block[0]), _in_words(raw))


def blanked_words(text: str) -> str:
    """Returns a text in the same way."""
    return _in_words(text.encode()).decode()


def _in_words(raw: bytes) -> bytes:
    def asterisks(found: re.Match[bytes]) -> bytes:
        before = found[0][: found.start(1) - found.start()]
        return before + _SIGNS.sub(lambda sign: b"*" * len(sign[0]), found[1])

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
