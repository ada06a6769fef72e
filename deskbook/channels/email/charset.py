"""Bytes to text, whatever the mail claims about them."""

from __future__ import annotations

import codecs
import re

_ALIASES = {
    "ansi_x3.4-1968": "ascii",
    "cp-850": "cp850",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso-8859-1": "cp1252",
    "iso-8859-8-i": "iso-8859-8",
    "ks_c_5601-1987": "cp949",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8",
    "windows-874": "cp874",
    "x-sjis": "cp932",
}
# Not character sets of any mail, and two of them take quadratic time on hostile input.
_REFUSED = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"})
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
MAX_NAME = 60


def codec_for(declared: str | None) -> str | None:
    """The Python codec for a charset name out of a mail; None when it is missing, unknown or not a charset."""
    name = (declared or "").strip().strip("\"'").lower()
    if not name or len(name) > MAX_NAME:
        return None
    try:
        found = codecs.lookup(_ALIASES.get(name, name)).name
    except (LookupError, ValueError):
        return None
    return None if found.replace("_", "-") in _REFUSED else found


def decode(content: bytes, declared: str | None, *, whole: bool = True) -> tuple[str, str | None]:
    """Text of `content` and, when the declared charset did not do, a sentence saying so.

    The ladder: declared, UTF-8, Windows-1252, Latin-1 (which cannot fail). When it is not the `whole`, the last
    character may be cut.
    """
    codec = codec_for(declared)
    for candidate in (codec, "utf-8", "cp1252"):
        text = _attempt(content, candidate, whole)
        if text is not None:
            trusted = candidate == codec or (not declared and candidate == "utf-8")
            return text, None if trusted else _complaint(declared, str(candidate))
    return storable(content.decode("latin-1")), _complaint(declared, "latin-1")


def decode_quietly(content: bytes, declared: str | None = None) -> str:
    """The text alone, for places where a wrong charset is not worth a sentence."""
    return decode(content, declared)[0]


def storable(text: str) -> str:
    """The text without NUL and lone surrogates, which PostgreSQL refuses; both become U+FFFD."""
    return _UNSTORABLE.sub("\ufffd", text)


def _attempt(content: bytes, codec: str | None, whole: bool) -> str | None:
    if codec is None:
        return None
    try:
        return storable(content.decode(codec) if whole else codecs.getincrementaldecoder(codec)().decode(content))
    except (UnicodeError, LookupError, ValueError):
        return None


def _complaint(declared: str | None, used: str) -> str:
    if declared:
        name = storable(declared)[:MAX_NAME]
        return f"The text is not in the character set it declares ({name!r}); it was read as {used}."
    return f"The text declares no character set; it was read as {used}."
