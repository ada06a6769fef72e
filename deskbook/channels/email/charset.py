"""Bytes to text, whatever the mail claims about them."""

from __future__ import annotations

import codecs
import re

from deskbook.refusals.kept import kept

# Names that mail programs give and Python does not know; an `x-` before a name is dropped.
_ALIASES = {
    "ansi_x3.4-1968": "ascii",
    "cp-850": "cp850",
    "cp50220": "iso2022_jp",
    "cp50221": "iso2022_jp",
    "cp51932": "euc_jp",
    "iso-2022-jp-ms": "iso2022_jp",
    "iso-8859-8-i": "iso-8859-8",
    "iso-8859-8-e": "iso-8859-8",
    "mac-ce": "mac-latin2",
    "mac-centraleurroman": "mac-latin2",
    "mac-chinesesimp": "gb18030",
    "mac-chinesetrad": "big5hkscs",
    "mac-japanese": "cp932",
    "mac-korean": "cp949",
    "mac-simp-chinese": "gb18030",
    "mac-trad-chinese": "big5hkscs",
    "unicode-1-1-utf-7": "utf-7",
    "utf8mb4": "utf-8",
    "windows-31j": "cp932",
    "windows-874": "cp874",
    "windows-932": "cp932",
    "windows-936": "gb18030",
    "windows-949": "cp949",
    "windows-950": "cp950",
}
# What senders mean by a name is the larger set of the same bytes (WHATWG Encoding, 4.2); keys are
# Python's names.
_SUPERSETS = {
    "big5": "big5hkscs",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "shift_jis": "cp932",
    "tis-620": "cp874",
}
# Not character sets of any mail, and two of them take quadratic time on hostile input.
_REFUSED = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"})
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]")
_JAPANESE_ESCAPE = re.compile(rb"\x1b\$[@B]")
_IN_META = re.compile(rb"(?i)<meta\s[^<>]{0,200}?charset\s{0,5}=\s{0,5}[\"']?([a-z0-9_:.-]{1,60})")
_MOST_BEFORE_META = 4_096
_HIGH_BYTES = re.compile(rb"[\x80-\xff]+")
# Rows of punctuation, then those of the characters of every day: no accented letter is written in
# their first bytes next to another but in capitals.
_COMMON_CHINESE = re.compile(rb"(?:[\xa1-\xa3\xb0-\xd7][\xa1-\xfe])+")
_A_CHINESE_WORD = 4
"""Bytes."""
MAX_NAME = 60


def codec_for(declared: str | None) -> str | None:
    """The Python codec for a charset name out of a mail; None when it is missing, unknown or not a
    charset.
    """
    name = (declared or "").strip().strip("\"'").lower()
    if not name or len(name) > MAX_NAME:
        return None
    name = name.removeprefix("x-")
    try:
        found = codecs.lookup(_ALIASES.get(name, name)).name
    except (LookupError, ValueError):
        return None
    return None if found.replace("_", "-") in _REFUSED else _SUPERSETS.get(found, found)


def decode(content: bytes, declared: str | None, *, whole: bool = True) -> tuple[str, str | None]:
    """Text of `content` and, when the declared charset did not do, what says so, as it is kept.

    The ladder: declared, UTF-8, either of them but for some damaged characters, Chinese,
    Windows-1252, Latin-1 (which cannot fail). When it is not the `whole`, the last character may be
    cut.
    """
    codec = codec_for(declared) or _told_by_its_shape(content)
    for candidate in dict.fromkeys(name for name in (codec, "utf-8") if name):
        text = _attempt(content, candidate, whole)
        if text is not None:
            trusted = candidate == codec or not declared
            return text, None if trusted else _complaint(declared, candidate)
    return _mended(content, codec, declared) or _guessed(content, declared)


def decode_quietly(content: bytes, declared: str | None = None) -> str:
    """The text alone, for places where a wrong charset is not worth a sentence."""
    return decode(content, declared)[0]


def declared_in_html(content: bytes) -> str | None:
    """The charset an HTML page gives itself in a `<meta>` near its beginning; None when it gives
    none.
    """
    found = _IN_META.search(content[:_MOST_BEFORE_META])
    return found[1].decode("ascii") if found else None


def storable(text: str) -> str:
    """The text without NUL and lone surrogates, which PostgreSQL refuses; both become U+FFFD."""
    return _UNSTORABLE.sub("\ufffd", text)


def _told_by_its_shape(content: bytes) -> str | None:
    """ISO-2022-JP names itself by the escapes it is made of; to any other charset they are control
    characters.
    """
    return "iso2022_jp" if _JAPANESE_ESCAPE.search(content) else None


def _attempt(content: bytes, codec: str, whole: bool) -> str | None:
    for name, given in _readings(content, codec):
        try:
            return storable(
                given.decode(name) if whole else codecs.getincrementaldecoder(name)().decode(given)
            )
        except (UnicodeError, LookupError, ValueError):
            continue
    return None


def _readings(content: bytes, codec: str) -> list[tuple[str, bytes]]:
    """The codec, then what reads more under the same name: ①, ㈱ and half-width kana, which Windows
    puts there.
    """
    if codec == "euc_jp":
        return [(codec, content), ("euc_jis_2004", content)]
    if codec == "iso2022_jp":
        # The newer set has the same characters in the same places, and more of them.
        newer = content.replace(b"\x1b$B", b"\x1b$(Q").replace(b"\x1b(J", b"\x1b(B")
        return [(codec, content), ("iso2022_jp_ext", content), ("iso2022_jp_2004", newer)]
    return [(codec, content)]


def _mended(content: bytes, codec: str | None, declared: str | None) -> tuple[str, str] | None:
    """The text with U+FFFD for what is damaged, when at least as many characters outside ASCII are
    whole.
    """
    for candidate in dict.fromkeys(name for name in (codec, "utf-8") if name):
        name, given = _readings(content, candidate)[-1]
        try:
            text = given.decode(name, "replace")
        except (UnicodeError, LookupError, ValueError):
            continue
        damaged = text.count("\ufffd")
        if len(_BEYOND_ASCII.findall(text)) >= 2 * damaged:
            return storable(text), _said_of_damage(declared, candidate)
    return None


def _guessed(content: bytes, declared: str | None) -> tuple[str, str]:
    codecs_left = (
        ("gb18030", "cp1252", "latin-1") if _is_chinese(content) else ("cp1252", "latin-1")
    )
    used, text = next(
        (c, t) for c in codecs_left if (t := _attempt(content, c, whole=True)) is not None
    )
    return text, _complaint(declared, used)


def _is_chinese(content: bytes) -> bool:
    """Whether all bytes beyond ASCII are pairs of the commonest characters of GB 2312, some of them
    side by side.
    """
    runs = _HIGH_BYTES.findall(content)
    return any(len(run) >= _A_CHINESE_WORD for run in runs) and all(
        _COMMON_CHINESE.fullmatch(run) for run in runs
    )


def _complaint(declared: str | None, used: str) -> str:
    if declared:
        name = storable(declared)[:MAX_NAME]
        return kept("mended.charset", declared=name, used=used)
    return kept("mended.no_charset", used=used)


def _said_of_damage(declared: str | None, used: str) -> str:
    name = storable(declared)[:MAX_NAME] if declared else used
    return kept("mended.damaged", charset=name)
