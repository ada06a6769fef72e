"""The sentences of what was put off, undone, erased, held and tagged."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from deskbook.engine.snooze_events import (
    Erased,
    LegalHoldLifted,
    LegalHoldPlaced,
    Snoozed,
    SnoozeOver,
    Tagged,
)
from deskbook.engine.undo_events import Undone
from deskbook.people.moments import written
from deskbook.web.told import Sentence, Told, by_whom


def _snoozed(event: Snoozed, told: Told) -> Sentence:
    words = _("%(who)s snoozed it until somebody writes")
    if event.until_at:
        words = _("%(who)s snoozed it until %(when)s")
    when = written(event.until_at) if event.until_at else ""
    return Sentence(words % {"who": told.who, "when": when}, "due")


def _snooze_over(event: SnoozeOver, told: Told) -> Sentence:
    words = _("It is back: its snooze is over")
    if event.cause == "person":
        words = _("%(who)s took it back")
    return Sentence(words % {"who": told.who}, "due")


def _erased(event: Erased, told: Told) -> Sentence:
    words = {
        "files": _("Its files are erased (line %(line)s of version %(book_version)s of the book)"),
        "chats": _("Its chats are erased (line %(line)s of version %(book_version)s of the book)"),
        "call notes": _(
            "Its notes of calls are erased (line %(line)s of version %(book_version)s of the book)"
        ),
    }.get(
        event.what,
        _(
            "What was written of it is erased (line %(line)s of version %(book_version)s of the"
            " book)"
        ),
    )
    return Sentence(words % {"line": event.line, "book_version": event.book_version}, "stage")


def _held(event: LegalHoldPlaced | LegalHoldLifted, told: Told) -> Sentence:
    words = _("%(who)s lifted the legal hold%(why)s")
    if isinstance(event, LegalHoldPlaced):
        words = _("%(who)s put a legal hold on it%(why)s")
    said = {"who": told.who, "why": told.names.because(event.reason)}
    return Sentence(words % said, "stage")


def _tagged(event: Tagged, told: Told) -> Sentence:
    words = _("%(who)s put tags on: %(put)s")
    if event.off:
        words = _("%(who)s took tags off: %(off)s")
    if event.put and event.off:
        words = _("%(who)s put tags on: %(put)s; and took off: %(off)s")
    named = {"put": ", ".join(event.put), "off": ", ".join(event.off)}
    return Sentence(words % {"who": told.who, **named}, "stage")


LATER: Mapping[type, Callable[[Any, Told], Sentence]] = {
    Snoozed: _snoozed,
    SnoozeOver: _snooze_over,
    Erased: _erased,
    LegalHoldPlaced: _held,
    LegalHoldLifted: _held,
    Tagged: _tagged,
    Undone: by_whom(lambda: _("%(who)s undid that at once: nobody was told of it"), "stage"),
}
