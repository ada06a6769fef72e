"""Not now: setting a case aside until a time, or until somebody writes."""

from collections.abc import Sequence
from datetime import date, datetime, time
from functools import lru_cache
from typing import cast

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deskbook.engine.calendar import Calendar
from deskbook.engine.hours import calendar_for, openings_ahead
from deskbook.engine.wall_time import zone_named
from deskbook.people.moments import written
from deskbook.people.words import Words
from deskbook.tickets.snoozing import end_snooze, snooze_ticket
from deskbook.web.acts.act import Act, How
from deskbook.web.acts.subject import Subject
from deskbook.web.shared.fields import Choice, Flag, Instant, NotUnderstood

OPENINGS = {"next": _("when the desk opens"), "week": _("next week")}
ANSWER = ("answer", _("until somebody writes"))


class Snooze(Act):
    key, label, shortcut = "snooze", _("Snooze"), "Z"
    may_be_undone = on_many = True
    until = Choice(_("Until"), _("Choose until when."), blank=_("– choose –"))
    until_at = Instant(_("Or until this time"), optional=True)
    over = Flag.called(_("Take it back"))

    def furnish(self) -> None:
        offered = [*choices_of(self.of), ANSWER]
        self.offer("until", offered)
        self.begin_with(until=offered[0][0])
        self.second = "over" if self.of.state.snoozed_at else ""

    def stands(self) -> Words:
        state = self.of.state
        if state.snoozed_at is None:
            return _("is back") if state.returned_at else ""
        until_at = state.snoozed_until_at
        return _("until %(when)s") % {"when": written(until_at)} if until_at else ANSWER[1]

    def perform(self, how: How) -> Words:
        if self("over"):
            end_snooze(self.of.ticket, **how)
            return _("It is back.")
        snooze_ticket(self.of.ticket, self._until(), **how)
        return _("Snoozed.")

    def _until(self) -> datetime | None:
        """Returns the instant that was typed, else the one chosen; None for until somebody
        writes.
        """
        chosen, typed = self("until"), self("until_at")
        if typed or chosen == ANSWER[0]:
            return cast("datetime | None", typed or None)
        opens_at = openings_of(self.of, timezone.now()).get(chosen)
        if opens_at is None:
            raise NotUnderstood(until=_("Choose until when."))
        return opens_at


def openings_of(of: Subject, at: datetime) -> dict[str, datetime]:
    """Returns when the hours of a case open next, by the keys of OPENINGS."""
    return openings_ahead(calendar_for(of.desk, of.state, None), at)


def choices_of(of: Subject) -> Sequence[tuple[str, Words]]:
    """Returns what can be chosen of these, in words."""
    calendar, now = calendar_for(of.desk, of.state, None), timezone.now()
    return _choices(calendar, now.astimezone(zone_named(calendar.zone)).date(), of.shown_in)


@lru_cache(maxsize=256)
def _choices(
    calendar: Calendar, today: date, _shown_in: tuple[str, str]
) -> Sequence[tuple[str, Words]]:
    """Every page of a ticket asks it, and all day it is the same."""
    at = datetime.combine(today, time(12), zone_named(calendar.zone))
    opens = openings_ahead(calendar, at).items()
    return [(key, f"{OPENINGS[key]}: {written(opens_at)}") for key, opens_at in opens]
