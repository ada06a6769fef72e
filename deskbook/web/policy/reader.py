"""Who a policy is written for: a book in their words, and, where they look at it now, the time."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from deskbook.book.schema import Book
from deskbook.engine.calendar import Calendar
from deskbook.engine.desk import Conditions, Desk
from deskbook.people.books import Titled
from deskbook.web.policy.parts import Opening
from deskbook.web.shared.opening_hours import hours_of
from deskbook.web.times import with_zone
from deskbook.web.told import channel_title, facet_title, severity_word
from deskbook.web.viewer import in_zone


@dataclass(frozen=True, slots=True)
class Reader:
    """The desk in the words of the reader's language, and its book. `at` is None for what is
    printed: nobody knows when it is read. `zone` is theirs where it is known.
    """

    desk: Desk
    book: Book
    at: datetime | None = None
    zone: str = ""

    def said(self, text: str | None) -> str:
        return self.desk.said(text) if text else ""

    def opening(self, calendar: Calendar) -> Opening | None:
        """Returns how a calendar stands; the change in the reader's zone, else in its own."""
        if self.at is None:
            return None
        hours = hours_of(calendar, at=self.at)
        with in_zone(self.zone or calendar.zone):
            changes = with_zone(hours.changes_at) if hours.changes_at else ""
        return Opening(hours.is_open, changes)

    def hours_title(self, key: str) -> str:
        """Returns what hours are called."""
        title = self.said(self.desk.calendars[key].name)
        return title[:1].upper() + title[1:]

    def titles(self, facet: str) -> Mapping[str, str]:
        """Returns the values of a facet by key, whatever kind of facet it is."""
        desk = self.desk
        if facet == "channel":
            return {key: channel_title(key, desk) for key in desk.channels}
        named: Mapping[str, Mapping[str, Titled]] = {
            "severity": desk.severities,
            "plan": desk.plans,
            "team": desk.teams,
        }
        if facet in named:
            return {key: one.title for key, one in named[facet].items()}
        return desk.facets[facet].values

    def facet_word(self, facet: str) -> str:
        """Returns the label of a facet."""
        if facet == "severity":
            return severity_word(self.desk)
        known = {"plan": _("Plan"), "team": _("Team"), "channel": _("Channel")}
        return known.get(facet) or facet_title(self.desk.facets[facet])

    def conditions(self, when: Conditions) -> tuple[str, ...]:
        """Returns what a line asks about a case, a facet each; “Every case” where it asks
        nothing.
        """
        found = tuple(
            f"{self.facet_word(facet)}: {self.values_in_words(facet, values)}"
            for facet, values in when.items()
        )
        return found or (_("Every case"),)

    def values_in_words(self, facet: str, values: frozenset[str]) -> str:
        """Returns the titles of some values, in the book's order."""
        return ", ".join(title for key, title in self.titles(facet).items() if key in values)

    def holder(self, key: str) -> str:
        """Returns what a team, a level or somebody outside is called."""
        desk = self.desk
        named = (desk.teams, desk.levels, desk.outside)
        return next((group[key].title for group in named if key in group), key)
