"""Header lines of a mail: splitting, decoding (RFC 2047, RFC 2231), addresses, message ids, dates."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from datetime import UTC, datetime
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

from deskbook.channels.email.charset import decode_quietly, storable
from deskbook.channels.email.mail import Address

MAX_HEADER = 64_000
MAX_ADDRESSES = 1_000
MAX_IDS = 200

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:(.*)", re.DOTALL)
_END_OF_HEADERS = re.compile(rb"\r?\n[ \t]*\r?\n|\r\r")
_LINE_END = re.compile(rb"\r\n|\n|\r")
_ENCODED_WORD = re.compile(r"=\?([^?*\s]{1,60})(?:\*[^?\s]{0,60})?\?([bBqQ])\?((?:[^?]|\?(?!=)){0,5000})\?=")
_BETWEEN_WORDS = re.compile(r"(\?=)[ \t]+(?==\?)")
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,900}>")
_CONTROL = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029\u202a-\u202e\u2066-\u2069]+")

Headers = tuple[tuple[str, str], ...]


def split(raw: bytes) -> tuple[Headers, bytes]:
    """Headers (unfolded, eight-bit text read) and body of one entity.

    A line that is no header ends the headers and starts the body, as a missing blank line would otherwise swallow
    the text.
    """
    if raw[:5] in (b"From ", b">From"):
        raw = raw.partition(b"\n")[2]
    if raw[:1] in (b"\n", b"\r"):
        return (), raw.lstrip(b"\r\n")
    end = _END_OF_HEADERS.search(raw)
    block, body = (raw[: end.start()], raw[end.end() :]) if end else (raw, b"")
    fields: list[tuple[bytes, list[bytes]]] = []
    lines = _LINE_END.split(block)
    for position, line in enumerate(lines):
        field = _FIELD.match(line)
        if line[:1] in (b" ", b"\t") and fields:
            fields[-1][1].append(line.strip())
        elif field:
            fields.append((field[1], [field[2].strip()]))
        elif line.strip():
            rest = b"\n".join(lines[position:])
            return _finished(fields), rest + b"\n\n" + body if end else rest
    return _finished(fields), body


def _finished(fields: list[tuple[bytes, list[bytes]]]) -> Headers:
    return tuple((name.decode("ascii"), decode_quietly(b" ".join(lines)[:MAX_HEADER])) for name, lines in fields)


def first(headers: Headers, name: str) -> str:
    """The first header of that name, or an empty text."""
    wanted = name.lower()
    return next((value for key, value in headers if key.lower() == wanted), "")


def words(value: str) -> str:
    """A header as people read it: encoded words decoded, on one line, no control or direction characters."""
    joined = _BETWEEN_WORDS.sub(r"\1", value)
    out, at, pending, charset = [], 0, b"", ""
    for word in _ENCODED_WORD.finditer(joined):
        between = joined[at : word.start()]
        # Neighbouring words of one charset are decoded together: senders split inside a character.
        if between or word[1].lower() != charset:
            out += [decode_quietly(pending, charset), between]
            pending = b""
        pending += _word_bytes(word)
        charset, at = word[1].lower(), word.end()
    out += [decode_quietly(pending, charset), joined[at:]]
    return " ".join(_CONTROL.sub(" ", storable("".join(out))).split())


def _word_bytes(word: re.Match[str]) -> bytes:
    coded = word[3].encode("utf-8", "replace")
    if word[2] in "qQ":
        return quopri.decodestring(coded.replace(b"_", b" "), header=False)
    return unbase64(coded)


def unbase64(coded: bytes) -> bytes:
    """What can be read of base64: foreign characters are skipped, a cut-off end is dropped."""
    try:
        return binascii.a2b_base64(coded)
    except binascii.Error:
        letters = re.sub(rb"[^A-Za-z0-9+/]", b"", coded)
        whole = letters[: len(letters) - 1] if len(letters) % 4 == 1 else letters
        return base64.b64decode(whole + b"=" * (-len(whole) % 4))


def addresses(values: tuple[str, ...]) -> tuple[Address, ...]:
    """The mailboxes in address headers, names decoded; what cannot be an address is left out."""
    found = [a for value in values for a in _in_one(value[:MAX_HEADER])]
    if not any("@" in a.addr for a in found):
        found = [a for value in values for a in _in_one(words(value[:MAX_HEADER]))] or found
    return tuple(found[:MAX_ADDRESSES])


def _in_one(value: str) -> list[Address]:
    try:
        pairs = getaddresses([value])
    except (RecursionError, IndexError, ValueError):
        return []
    cleaned = [(words(name), _CONTROL.sub("", storable(addr)).strip("<> '\"")) for name, addr in pairs[:MAX_ADDRESSES]]
    return [Address(name, addr) for name, addr in cleaned if addr and not re.search(r"\s", addr)]


def message_ids(value: str) -> tuple[str, ...]:
    """Message ids in `<>` in their order; one written bare is taken when it is all there is."""
    found = _MESSAGE_ID.findall(value)
    if not found and re.fullmatch(r"[^<>\s]+@[^<>\s]+", value.strip()):
        found = [f"<{value.strip()}>"]
    return tuple(storable(i) for i in found[-MAX_IDS:])


def instant(value: str) -> datetime | None:
    """The instant a Date header names, in UTC; None when it names none."""
    try:
        at = parsedate_to_datetime(value)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def parameters(value: str) -> dict[str, str]:
    """The parameters of a Content-Type or Content-Disposition, RFC 2231 and RFC 2047 forms decoded, names in lower
    case.
    """
    holder = Message()
    holder["Content-Type"] = value
    try:
        pairs = holder.get_params(failobj=[], header="Content-Type", unquote=True) or []
        return {name.lower(): _parameter(content) for name, content in pairs[1:]}
    except (ValueError, TypeError, LookupError, AttributeError):
        return {}


def _parameter(content: str | tuple[str | None, str | None, str]) -> str:
    if isinstance(content, tuple):
        charset, _, text = content
        return words(decode_quietly(text.encode("latin-1", "replace"), charset or "utf-8"))
    return words(content)
