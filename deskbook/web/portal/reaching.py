"""How a desk is reached: its channels and its places, each with whether it is open and when that
changes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.safestring import SafeString

from deskbook.engine.calendar import Calendar
from deskbook.engine.channels import Channel, Site
from deskbook.engine.desk import Desk
from deskbook.web.shared.opening_hours import hours_of
from deskbook.web.times import with_zone
from deskbook.web.told import channel_title
from deskbook.web.viewer import in_zone


@dataclass(frozen=True, slots=True)
class Opening:
    """One calendar: whether it is open, and when that changes."""

    title: str
    is_open: bool
    changes: SafeString | str


@dataclass(frozen=True, slots=True)
class Way:
    """One channel as people read of it: `opening` where the book gives it hours, `asks` as the
    fields are titled.
    """

    title: str
    means: str
    opening: Opening | None
    asks: tuple[str, ...]
    when_closed: str


@dataclass(frozen=True, slots=True)
class Places:
    """Sites with the same visitor hours; `opening` None: people only call there."""

    opening: Opening | None
    sites: tuple[Site, ...]


def opening_of(title: str, calendar: Calendar, *, at: datetime) -> Opening:
    """Returns how a calendar stands, the change in the calendar's own zone."""
    hours = hours_of(calendar, at=at)
    with in_zone(calendar.zone):
        return Opening(
            title, hours.is_open, with_zone(hours.changes_at) if hours.changes_at else ""
        )


def ways_to(desk: Desk, *, at: datetime) -> Iterator[Way]:
    """Yields the desk's channels in the book's order."""
    for channel in desk.channels.values():
        opening = (
            opening_of(channel.title, desk.channel_hours(channel), at=at) if channel.hours else None
        )
        asks = tuple(desk.directory[field].title for field in channel.asks)
        told = channel.when_closed if opening and not opening.is_open else ""
        title = channel_title(channel.key, desk)
        yield Way(title, channel.means, opening, asks, told)


def places_of(desk: Desk, *, at: datetime) -> Iterator[Places]:
    """Yields the sites that have a telephone or receive visitors: together where their hours are
    one calendar.
    """
    walk_in = desk.channel_of("walk-in")
    together: dict[str | None, list[Site]] = {}
    for site in desk.sites.values():
        hours = _visitor_hours(desk, site, walk_in)
        if hours or site.phone:
            together.setdefault(hours, []).append(site)
    for hours, sites in together.items():
        opening = (
            opening_of(desk.said(desk.calendars[hours].name), desk.calendars[hours], at=at)
            if hours
            else None
        )
        yield Places(opening, tuple(sites))


def _visitor_hours(desk: Desk, site: Site, walk_in: Channel | None) -> str | None:
    if site.counters:
        return site.hours or (walk_in.hours if walk_in else None) or desk.hours
    return site.hours
