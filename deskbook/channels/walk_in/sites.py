"""Sites that give tokens: their services, letters, counters, hours and the day it is there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from deskbook.engine.calendar import Calendar, NoOpening
from deskbook.engine.campaign import has_ended
from deskbook.engine.channels import Channel, Service, Site
from deskbook.engine.desk import Desk
from deskbook.people.books import desk_in_force
from deskbook.people.models import HelpDesk

AFTER_MIDNIGHT = timedelta(hours=3)
"""After a night's close the day is still that of its opening."""
AHEAD = timedelta(days=40)


@dataclass(frozen=True)
class WalkInSite:
    """One site of a desk where visitors take tokens."""

    helpdesk: HelpDesk
    desk: Desk
    site: Site
    channel: Channel

    @property
    def slug(self) -> str:
        return slug(self.site.key)

    @cached_property
    def services(self) -> dict[str, Service]:
        """Key → service, in the book's order."""
        return {
            key: service for key, service in self.desk.services.items() if key in self.site.services
        }

    @cached_property
    def calendar(self) -> Calendar:
        """When visitors are received here."""
        return self.desk.calendars[self.site.hours or self.channel.hours or self.desk.hours]

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.calendar.zone)

    def letter(self, service: str) -> str:
        """Returns what the numbers of a service begin with: A, B … by the book's order, the same at
        all its sites.
        """
        place = list(self.desk.services).index(service)
        return (
            chr(ord("A") + place)
            if place < 26
            else f"{chr(ord('A') + place // 26 - 1)}{chr(ord('A') + place % 26)}"
        )

    def title_of(self, service: str, language: str) -> str:
        """Returns a service's title in a language, else as the book has it; its key when the book
        dropped it.
        """
        known = desk_in_force(self.helpdesk, language=language).services
        return known[service].title if service in self.services else service

    def anew(self) -> "WalkInSite":
        """Returns it in the words of the active language, whichever it was looked up in."""
        return site_of(self.helpdesk, self.slug) or self

    def is_open(self, at: datetime) -> bool:
        """Whether a token taken at `at` counts: the closing instant does not."""
        return self.calendar.is_open(at)

    def has_ended(self, at: datetime) -> bool:
        """Whether nobody is received there any more: the dates of its calendar are over."""
        return has_ended(self.calendar, at=at)

    def closes_at(self, at: datetime) -> datetime | None:
        """Returns the end of the opening `at` lies in; None when it is closed, or does not close
        within days.
        """
        end = at
        for opens, closes, _day in self.calendar.segments(at, at + AHEAD):
            if opens > end:
                break
            end = closes
        return end if at < end < at + AHEAD else None

    def opens_at(self, at: datetime) -> datetime | None:
        """Returns the next opening from `at` on; None when none is in sight."""
        try:
            return self.calendar.next_opening(at)
        except NoOpening:
            return None

    def received_again(self, at: datetime, *, ended: bool) -> datetime | None:
        """Returns when visitors get tokens again: after a day that was ended not before the next
        day's opening.
        """
        if not ended:
            return self.opens_at(at)
        today = self.day(at)
        later = (
            opens for opens, _closes, day in self.calendar.segments(at, at + AHEAD) if day > today
        )
        return next(later, None) or self.opens_at(at + AHEAD)

    def day(self, at: datetime) -> date:
        """Returns the day whose numbers count at `at`: of the opening, of one just ended, else by
        the clock there.
        """
        last = None
        for _opens, _closes, day in self.calendar.segments(
            at - AFTER_MIDNIGHT, at + timedelta(microseconds=1)
        ):
            last = day
        return last or at.astimezone(self.zone).date()

    def open_since(self, day: date, *, at: datetime) -> bool:
        """Whether the site is open at `at` and has not closed since an opening of that day."""
        began = datetime.combine(day, time.min, self.zone)
        first, end = day, began
        for opens, closes, its_day in self.calendar.segments(
            max(began, at - AHEAD), at + timedelta(microseconds=1)
        ):
            if opens != end:
                first = its_day
            end = closes
        return first <= day and end > at


def sites_of(helpdesk: HelpDesk) -> Iterator[WalkInSite]:
    """Returns the sites of a desk that give tokens, in the book's order."""
    desk = desk_in_force(helpdesk)
    channel = desk.channel_of("walk-in")
    if channel:
        for site in desk.sites.values():
            if site.counters:
                yield WalkInSite(helpdesk, desk, site, channel)


def site_of(helpdesk: HelpDesk, name: str) -> WalkInSite | None:
    """Returns the site whose key reads `name` in an address; None when the desk has none that gives
    tokens.
    """
    return next((site for site in sites_of(helpdesk) if site.slug == slug(name)), None)


def slug(key: str) -> str:
    """Returns a key as it stands in an address: "kannur-regional-desk"."""
    return re.sub(r"[\s/?#&]+", "-", key.strip().casefold())
