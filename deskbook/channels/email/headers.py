"""Header lines of a mail: splitting, decoding (RFC 2047, RFC 2231), message ids, dates."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from datetime import UTC, datetime
from email.utils import decode_params, parsedate_to_datetime, unquote
from typing import TypeVar

from deskbook.channels.email.charset import decode_quietly, storable

MAX_HEADER = 64_000
MAX_HEADERS = 2_000_000
MAX_FIELDS = 50_000
MAX_PARAMETERS = 10_000
MAX_IDS = 200

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:(.*)", re.DOTALL)
_END_OF_HEADERS = re.compile(rb"\r?\n[ \t]*\r?\n|\r\r")
# Of a mail on its way; not From, To and Subject, by which a quoted mail begins.
_LATER_HEADER = re.compile(
    rb"(?mi)^(?:message-id|mime-version|content-type|content-transfer-encoding|"
    rb"received|return-path|delivered-to|"
    rb"dkim-signature|authentication-results|arc-seal|x-[a-z-]{1,60}):"
)
_LINE_END = re.compile(rb"\r\n|\n|\r|\Z")
_LINE_FEED = re.compile(rb"\n")
_BLANK = re.compile(rb"[\r\n]*")
_ENCODED_WORD = re.compile(
    r"=\?([^?*\s]{1,60})(?:\*[^?\s]{0,60})?\?([bBqQ])\?((?:[^?=]|=(?!\?[^=])|\?(?!=)){0,5000})\?="
)
_RAW_WORD = re.compile(rb"=\?[!->@-~]{1,60}\?[qQ]\?[^?]{0,5000}\?=")
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
_BETWEEN_WORDS = re.compile(r"(\?=)[ \t]+(?==\?)")
# Own pieces, not the standard library's: it looks for the quotes from the beginning again at every
# `;`.
_PIECE = re.compile(r'((?:[^;"]++|"(?:[^"\\]|\\.)*+"?)*+)(?:;|\Z)', re.DOTALL)
_COMMENT = re.compile(r"\([^()]{0,500}\)")
_COMMENT_AT_END = re.compile(r"(?<=[^\s.])\s{1,20}\([^()]{0,500}\)\Z")
_QUOTED_THEN_COMMENT = re.compile(r'("(?:[^"\\]|\\.)*+")\s*+\([^()]{0,500}\)', re.DOTALL)
_NO_BASE64 = bytes(
    set(range(256)) - set(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
)
_FOREIGN_TO_BASE64 = re.compile(rb"[^A-Za-z0-9+/=\s]")
_BASE64_LINE = re.compile(rb"(?m)^[A-Za-z0-9+/]{60,1000}={0,2}[ \t\r]{0,5}$")
_LONGEST_BASE64_LINE = 1_000
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,900}>")
NO_LETTERS = re.compile("[\x00-\x1f\x7f\x85\u2028\u2029\u202a-\u202e\u2066-\u2069]+")
"""Control and direction characters."""

Headers = tuple[tuple[str, str], ...]
Raw = TypeVar("Raw", bytes, memoryview)


def split(raw: Raw) -> tuple[Headers, Raw]:
    """Headers (unfolded, eight-bit text read) and body of one entity; of a view, a view.

    A line that is no header ends the headers and starts the body, as a missing blank line would
    otherwise swallow the text; but not where headers that every mail has follow it: then a server
    on the way broke it. Headers past MAX_FIELDS in number or MAX_HEADERS in bytes are body too.
    """
    begin = _after_an_envelope(raw)
    if raw[begin : begin + 1] in (b"\n", b"\r"):
        blank = _BLANK.match(raw, begin)
        return (), raw[blank.end() if blank else begin :]
    end = _END_OF_HEADERS.search(raw, begin, begin + MAX_HEADERS)
    block = bytes(raw[begin : end.start() if end else begin + MAX_HEADERS])
    fields, body_at = _fields_of(block)
    if body_at is None:
        body_at = end.end() - begin if end else len(block)
    return _finished(fields), raw[begin + body_at :]


def _fields_of(block: bytes) -> tuple[list[tuple[bytes, list[bytes]]], int | None]:
    """The header fields of a block, and where in it a line that is none begins the body, if one
    does.
    """
    fields: list[tuple[bytes, list[bytes]]] = []
    at = 0
    sure: int | None = None
    for line_end in _LINE_END.finditer(block):
        line = block[at : line_end.start()]
        field = _FIELD.match(line)
        if line[:1] in (b" ", b"\t") and fields:
            fields[-1][1].append(line.strip())
        elif field and len(fields) < MAX_FIELDS:
            fields.append((field[1], [field[2].strip()]))
        elif line.strip():
            sure = _sure_headers(block) if sure is None else sure
            if not fields or at >= sure:
                return fields, at
        at = line_end.end()
    return fields, None


def _sure_headers(block: bytes) -> int:
    """Where the last header begins that no text below them would begin with; 0 where there is
    none.
    """
    return max((found.start() for found in _LATER_HEADER.finditer(block)), default=0)


def _finished(fields: list[tuple[bytes, list[bytes]]]) -> Headers:
    whole = [(name.decode("ascii"), b" ".join(lines)[:MAX_HEADER]) for name, lines in fields]
    types = (value for name, value in whole if name.lower() == "content-type")
    # Bytes beyond ASCII, which should not be there, are of the charset of the words below them, if
    # of any.
    charset = parameters(next(types, b"").decode("latin-1")).get("charset")
    return tuple((name, _raw_bytes_read(value, charset)) for name, value in whole)


def _raw_bytes_read(value: bytes, charset: str | None) -> str:
    if value.isascii():
        return decode_quietly(value)
    return decode_quietly(_RAW_WORD.sub(_escaped, value), charset)


def _escaped(word: re.Match[bytes]) -> bytes:
    """A Q-encoded word with the bytes its sender forgot to encode, so that they are read in the
    word's charset.
    """
    return _HIGH_BYTE.sub(lambda high: b"=%02X" % high[0][0], word[0])


def first(headers: Headers, name: str) -> str:
    """The first header of that name, or an empty text."""
    wanted = name.lower()
    return next((value for key, value in headers if key.lower() == wanted), "")


def words(value: str) -> str:
    """A header as people read it: encoded words decoded, on one line, no control or direction
    characters.
    """
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
    return " ".join(NO_LETTERS.sub(" ", storable("".join(out))).split())


def _word_bytes(word: re.Match[str]) -> bytes:
    coded = word[3].encode("utf-8", "replace")
    if word[2] in "qQ":
        return quopri.decodestring(coded.replace(b"_", b" "), header=False)
    return unbase64(coded)


def unbase64(coded: bytes | memoryview) -> bytes:
    """What can be read of base64: foreign characters are skipped, a cut-off end is dropped."""
    try:
        return binascii.a2b_base64(coded)
    except binascii.Error:
        letters = bytes(coded).translate(None, _NO_BASE64)
        whole = letters[: len(letters) - 1] if len(letters) % 4 == 1 else letters
        return base64.b64decode(whole + b"=" * (-len(whole) % 4))


def unbase64_of_words(coded: bytes | memoryview) -> bytes:
    """Like `unbase64`, for words: a footer that a list put below them without encoding it is kept
    as it stands.
    """
    foreign = _FOREIGN_TO_BASE64.search(coded)
    if foreign is None:
        return unbase64(coded)
    near = max(0, foreign.start() - _LONGEST_BASE64_LINE)
    begin = near + bytes(coded[near : foreign.start()]).rfind(b"\n") + 1
    if begin <= near or _BASE64_LINE.search(coded, foreign.end()):
        return unbase64(coded)
    return unbase64(coded[:begin]) + b"\n" + bytes(coded[begin:])


def message_ids(value: str) -> tuple[str, ...]:
    """Message ids in `<>` in their order; one written bare is taken when it is all there is."""
    found = _MESSAGE_ID.findall(value)
    bare = value.strip()
    if not found and "@" in bare[1:-1] and re.fullmatch(r"[^<>\s]+", bare):
        found = [f"<{bare}>"]
    return tuple(storable(i) for i in found[-MAX_IDS:])


def instant(value: str) -> datetime | None:
    """The instant a Date header names, in UTC; None when it names none."""
    try:
        at = parsedate_to_datetime(value)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def token(value: str) -> str:
    """What a structured header says before its parameters, in lower case, without comments (RFC
    5322 3.2.2).
    """
    return _COMMENT.sub(" ", value[:MAX_PARAMETERS].partition(";")[0]).strip().strip('"').lower()


def parameters(value: str) -> dict[str, str]:
    """The parameters of a Content-Type or Content-Disposition, RFC 2231 and RFC 2047 forms decoded,
    names in lower case.
    """
    given = [piece.partition("=") for piece in _PIECE.findall(value[:MAX_PARAMETERS])]
    pairs = [
        (_COMMENT.sub(" ", name).strip().lower(), _uncommented(content.strip()))
        for name, _, content in given
    ]
    try:
        return {name.lower(): _parameter(content) for name, content in decode_params(pairs)[1:]}
    except (ValueError, TypeError, LookupError, AttributeError):
        return {}


def _uncommented(content: str) -> str:
    """`utf-8 (as ever)` is utf-8 (RFC 2045, 5.1); a bracket that belongs to a file name stays where
    it is.
    """
    quoted = _QUOTED_THEN_COMMENT.fullmatch(content)
    return quoted[1] if quoted else _COMMENT_AT_END.sub("", content)


def _parameter(content: str | tuple[str | None, str | None, str]) -> str:
    if isinstance(content, tuple):
        charset, _, text = content
        return words(decode_quietly(unquote(text).encode("latin-1", "replace"), charset or "utf-8"))
    return words(unquote(content))


def _after_an_envelope(raw: Raw) -> int:
    """Where the headers begin: behind the line a mailbox file has before each mail (RFC 4155)."""
    if raw[:5] not in (b"From ", b">From"):
        return 0
    first_line = _LINE_FEED.search(raw)
    return first_line.end() if first_line else len(raw)
