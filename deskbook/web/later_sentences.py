"""The sentences of what was put off and of what was undone."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from deskbook.engine.snooze_events import Snoozed, SnoozeOver
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


LATER: Mapping[type, Callable[[Any, Told], Sentence]] = {
    Snoozed: _snoozed,
    SnoozeOver: _snooze_over,
    Undone: by_whom(lambda: _("%(who)s undid that at once: nobody was told of it"), "stage"),
}
