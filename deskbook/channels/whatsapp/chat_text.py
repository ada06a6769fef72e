"""Chats as WhatsApp exports them, read line by line: Android and iOS, with the dates of many
countries.

Android: `15/12/25, 10:30 - Name: text`; iOS: `[15/12/25, 10:30:00] Name: text`. What begins with no
date belongs to the message before. Which of day and month comes first is decided from the whole
file, or asked.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import pairwise
from typing import Literal

from deskbook.refusals.refusal import Refused

Order = Literal["dmy", "mdy", "ymd"]
LONGEST_TEXT = 20_000
"""Characters of one message that are kept; WhatsApp itself allows 65,536."""
_AHEAD = timedelta(days=2)
"""Nobody wrote later than this: a date beyond it lacks its year, and means the one before."""
_MARKS = dict.fromkeys(
    map(ord, "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
)
_SPACES = dict.fromkeys(map(ord, "\u00a0\u202f\u2009\u2007"), " ")
_DATE = r"(?P<a>\d{1,4})[./-](?P<b>\d{1,2})[./-](?P<c>\d{2,4})"
# Half of the day: a.m., PM, a. m. (pt), पूर्वाह्न and अपराह्न (hi); before or behind the time.
_HALF = r"[ap]\.? ?m\.?|पूर्वाह्न|अपराह्न|पूर्व|अप\.?"
_TIME = (
    rf"(?:(?P<before>{_HALF}) )?(?P<h>\d{{1,2}})[:.](?P<m>\d\d)(?:[:.](?P<s>\d\d))?(?:"
    rf" ?(?P<half>{_HALF}))?"
)
_HEAD = re.compile(
    rf"(?P<bracket>\[)?{_DATE},? (?:(?:às|at|को|को,) )?{_TIME}(?(bracket)\]| -)[ ]?(?P<rest>.*)",
    re.IGNORECASE,
)
# What copying messages gives: [10:30, 15/12/2025] Name: text, or [15/12, 10:30] Name: text, the
# year left out.
_SHORT_DATE = r"(?P<a>\d{1,4})[./-](?P<b>\d{1,2})(?:[./-](?P<c>\d{2,4}))?"
_COPIED = (
    re.compile(rf"\[{_TIME}, {_SHORT_DATE}\][ ]?(?P<rest>.*)", re.IGNORECASE),
    re.compile(rf"\[{_SHORT_DATE}, {_TIME}\][ ]?(?P<rest>.*)", re.IGNORECASE),
)
_FILE_ANDROID = re.compile(
    r"(?P<name>[^\n/\\]{1,200}\.\w{2,5}) \((?:file attached|arquivo anexado|ficheiro anexado|"
    r"फ़ाइल अटैच की गई|फ़ाइल संलग्न|फ़ाइल जोड़ी गई)\)"
)
_FILE_IOS = re.compile(
    r"<(?:attached|anexado|anexo|अटैच किया गया|संलग्न): (?P<name>[^>\n/\\]{1,200})>"
)
_LEFT_OUT = re.compile(
    r"<(?:media omitted|m[íi]dia oculta|(?:arquivo de )?m[íi]dia omitid[oa]|ficheiro não revelado|"
    r"ficheiro multim[ée]dia omitido|मीडिया के बिना|मीडिया छोड़ा गया|मीडिया शामिल नहीं)>|"
    r"^(?:image|video|audio|sticker|document|GIF) omitted$|"
    r"^(?:imagem|vídeo|áudio|figurinha) (?:omitida|omitido|ocultado|oculta)$",
    re.IGNORECASE | re.MULTILINE,
)


class OrderUnknown(Exception):
    """Every date of the chat can be read both ways; `example` is one of them."""

    def __init__(self, example: str) -> None:
        super().__init__(example)
        self.example = example


@dataclass(frozen=True, slots=True)
class Line:
    """One message of a chat."""

    said_at: datetime
    sender: str
    """Empty: WhatsApp itself says it (somebody joined, the group has a new name)."""
    text: str
    file: str = ""
    """Name of the file that came with it."""
    left_out: bool = False
    """The export says that there was a file, and left it out."""


@dataclass(frozen=True, slots=True)
class _Raw:
    a: int
    b: int
    c: int
    hour: int
    minute: int
    second: int
    half: str
    rest: str
    more: list[str]


def read_chat(
    text: str, zone: tzinfo, order: Order | None = None, *, at: datetime
) -> Iterator[Line]:
    """Returns the messages of an exported or copied chat in their order, times taken as those of
    `zone`.

    A date without a year is the last one before `at`. Raises Refused, and OrderUnknown when `order`
    is not given and the dates do not tell it.
    """
    raw = list(_heads(_plain(text), at.year))
    if not raw:
        raise Refused("chat export: no chat")
    found = order or order_of(raw)
    return (_line(one, found, zone, at) for one in raw)


def order_of(raw: Sequence["_Raw"]) -> Order:
    """Returns which of day, month and year comes first, from all dates together; raises
    OrderUnknown.

    A number above 12 is a day. Where none is, the order in which the messages never go back in time
    decides.
    """
    if any(one.a > 31 for one in raw):
        return "ymd"
    days_first, days_second = sum(one.a > 12 for one in raw), sum(one.b > 12 for one in raw)
    if days_first or days_second:
        return "dmy" if days_first >= days_second else "mdy"
    back = _steps_back(raw, "dmy") - _steps_back(raw, "mdy")
    if back:
        return "dmy" if back < 0 else "mdy"
    told_apart = next((one for one in raw if one.a != one.b), None)
    if told_apart is None:
        return "dmy"
    raise OrderUnknown(f"{told_apart.a}/{told_apart.b}/{told_apart.c}")


def _steps_back(raw: Sequence[_Raw], order: str) -> int:
    days = [(one.c, one.b, one.a) if order == "dmy" else (one.c, one.a, one.b) for one in raw]
    return sum(later < earlier for earlier, later in pairwise(days))


def _plain(text: str) -> str:
    """Without marks of direction and with one kind of space."""
    return text.translate(_MARKS).translate(_SPACES)


def _digits_in(text: str) -> dict[int, str]:
    """Digits of other scripts → 0 to 9. One sign for one sign: places in the text stay the same."""
    return {
        ord(c): str(unicodedata.digit(c)) for c in set(text) if not c.isascii() and c.isdecimal()
    }


def _heads(text: str, year: int) -> Iterator[_Raw]:
    digits = {} if text.isascii() else _digits_in(text)
    now: _Raw | None = None
    for line in text.splitlines():
        head = _head(line, digits, year)
        if head is None:
            if now is not None:
                now.more.append(line)
            continue
        if now is not None:
            yield now
        now = head
    if now is not None:
        yield now


def _head_in(line: str, folded: str) -> re.Match[str] | None:
    if line[:1].isdigit():
        return _HEAD.match(folded)
    if line[:1] != "[":
        return None
    return next((found for head in (_HEAD, *_COPIED) if (found := head.match(folded))), None)


def _head(line: str, digits: dict[int, str], year: int) -> _Raw | None:
    """The beginning of a message, None when the line goes on with the one before."""
    found = _head_in(line, line.translate(digits) if digits else line)
    if found is None:
        return None
    part = found.group
    raw = _Raw(
        int(part("a")),
        int(part("b")),
        int(part("c") or year),
        int(part("h")),
        int(part("m")),
        int(part("s") or 0),
        part("half") or part("before") or "",
        line[found.start("rest") :],
        [],
    )
    return raw if _is_an_instant(raw) else None


def _is_an_instant(raw: _Raw) -> bool:
    """Without making one, which would cost as much as the rest: what is left over is told from the
    order later.
    """
    dated = (
        raw.a > 0 and 0 < raw.b <= 31 and min(raw.a, raw.b) <= 12 and (raw.a <= 31 or raw.b <= 12)
    )
    return dated and raw.hour < 24 and raw.minute < 60 and raw.second < 60


def _line(raw: _Raw, order: Order, zone: tzinfo, now: datetime) -> Line:
    """A date that cannot be read in the chat's order is read in another: two phones may have
    written one file.
    """
    others: tuple[Order, ...] = (order, "dmy", "mdy", "ymd")
    said_at = next((at for one in others if (at := _instant(raw, one, zone))), now)
    if said_at > now + _AHEAD:
        said_at -= timedelta(days=365)
    sender, colon, first = raw.rest.partition(": ")
    if not colon and raw.rest.endswith(":"):
        sender, colon, first = raw.rest[:-1], ":", ""
    if not colon or len(sender) > 100 or "\n" in sender:
        sender, first = "", raw.rest
    text = "\n".join([first, *raw.more]).strip()[:LONGEST_TEXT]
    return Line(said_at, sender.strip().lstrip("~").strip(), *_file(text))


def _file(text: str) -> tuple[str, str, bool]:
    """The text without the words that stand for a file, the file's name, and whether it was left
    out.
    """
    for pattern in (_FILE_ANDROID, _FILE_IOS):
        if found := pattern.search(text):
            return (
                (text[: found.start()] + text[found.end() :]).strip(),
                found["name"].strip(),
                False,
            )
    without = _LEFT_OUT.sub("", text).strip()
    return without, "", without != text


def _instant(raw: _Raw, order: Order, zone: tzinfo) -> datetime | None:
    day, month, year = {
        "dmy": (raw.a, raw.b, raw.c),
        "mdy": (raw.b, raw.a, raw.c),
        "ymd": (raw.c, raw.b, raw.a),
    }[order]
    try:
        return datetime(
            year + 2000 if year < 100 else year,
            month,
            day,
            _hour(raw),
            raw.minute,
            raw.second,
            tzinfo=zone,
        )
    except ValueError:
        return None


def _hour(raw: _Raw) -> int:
    half = raw.half.casefold().replace(".", "").replace(" ", "")
    if not half or raw.hour > 12:
        return raw.hour
    is_afternoon = half.startswith(("p", "अप"))
    return raw.hour % 12 + (12 if is_afternoon else 0)
