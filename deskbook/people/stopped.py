"""Whoever asked for nothing more by a way is not written to by it: by which words they ask, and who
did.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from deskbook.people.models import HelpDesk
from deskbook.people.numbers import spellings
from deskbook.people.stopped_models import StoppedNumber

STOPS = frozenset(
    {"stop", "stopall", "unsubscribe", "cancel", "end", "quit"}
    | {"parar", "cancelar", "sair", "रोकें", "बंद", "നിർത്തുക", "ବନ୍ଦ"}
)
"""CTIA's, which carriers know, and the same in the languages of desks."""
STARTS = frozenset(["start", "unstop", "iniciar", "recomeçar", "शुरू", "തുടങ്ങുക", "ଆରମ୍ଭ"])
Heeded = Literal["", "started", "stopped", "stopped before"]


def wish_in(text: str) -> bool | None:
    """Returns False for words that ask for nothing more, True for ones that ask for it again, None
    for any other. The word stands alone.
    """
    word = re.sub(r"[\s.!\"'“”]+", " ", text).strip().casefold()
    return False if word in STOPS else True if word in STARTS else None


def heed(desk: HelpDesk, way: str, number: str, text: str, *, at: datetime) -> Heeded:
    """Does what a word from a number asks of a way and returns what that was; nothing for any other
    words, which the desk is to read: also for who asks for it again and never ended it.
    """
    wants = wish_in(text)
    if wants is None:
        return ""
    if wants:
        return "started" if start(desk, number, way=way) else ""
    is_new = stop(desk, number, text.strip(), way=way, at=at)
    return "stopped" if is_new else "stopped before"


def start(desk: HelpDesk, number: str, *, way: str = "sms") -> bool:
    """Lets the people of a number be written to again; returns whether they had asked not to be."""
    rows = StoppedNumber.objects.filter(desk=desk, way=way, number__in=spellings(number))
    return bool(rows.delete()[0])


def stop(desk: HelpDesk, number: str, word: str, *, way: str = "sms", at: datetime) -> bool:
    """Keeps that the people of a number asked for nothing more by a way, by which word; returns
    whether that is new.
    """
    if is_stopped(desk, number, way=way):
        return False
    asked = {"stopped_at": at, "word": word[:32]}
    rows = StoppedNumber.objects
    return rows.get_or_create(desk=desk, way=way, number=number[:32], defaults=asked)[1]


def is_stopped(desk: HelpDesk, number: str, *, way: str = "sms") -> bool:
    """Whether nobody at this number (E.164) is to be written to by a way."""
    return bool(stops_of(desk, [number], way=way))


def stops_of(
    desk: HelpDesk, numbers: Iterable[str], *, way: str = "sms"
) -> dict[str, StoppedNumber]:
    """Returns number → when and by which word its people asked for nothing more by a way."""
    lines = {form[:32]: number for number in numbers for form in spellings(number)}
    rows = StoppedNumber.objects.filter(desk=desk, way=way, number__in=lines) if lines else ()
    return {lines[row.number]: row for row in rows}
