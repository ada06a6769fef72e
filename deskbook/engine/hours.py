"""Which calendar a clock of a ticket runs on."""

from contextlib import suppress
from datetime import date, datetime, timedelta

from deskbook.engine.calendar import Calendar, NoOpening
from deskbook.engine.desk import Desk
from deskbook.engine.ticket import TicketState
from deskbook.engine.wall_time import zone_named

LOOKED_BACK = timedelta(days=14)


def openings_ahead(calendar: Calendar, at: datetime) -> dict[str, datetime]:
    """Returns when the hours open after today, and in the next week where that is another day, by
    "next" and "week"; not what never opens again.
    """
    today = at.astimezone(zone_named(calendar.zone)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    days = {"next": 1, "week": 7 - today.weekday()}
    found: dict[str, datetime] = {}
    with suppress(NoOpening):
        for key, ahead in days.items():
            opens_at = calendar.next_opening((today + timedelta(days=ahead)).replace(fold=0))
            if opens_at not in found.values():
                found[key] = opens_at
    return found


def last_working_day(calendar: Calendar, at: datetime) -> datetime:
    """Returns when the hours opened on the last day before today that they did; where they did not
    for two weeks, a day ago.
    """
    today = at.astimezone(zone_named(calendar.zone)).date()
    opened: dict[date, datetime] = {}
    for opens_at, _closes_at, day in calendar.segments(at - LOOKED_BACK, at):
        if day < today:
            opened.setdefault(day, opens_at)
    return opened[max(opened)] if opened else at - timedelta(days=1)


def closed_lately(calendar: Calendar, at: datetime, within: timedelta) -> date | None:
    """Returns the latest day whose hours were over at `at`, and that not longer than so; None where
    none was.
    """
    ends: dict[date, datetime] = {}
    for _opens_at, closes_at, day in calendar.segments(at - LOOKED_BACK, at + LOOKED_BACK):
        ends[day] = closes_at
    over = [day for day, end in ends.items() if at - within <= end <= at]
    return max(over, default=None)


def calendar_for(
    desk: Desk, ticket: TicketState, named: str | None, team: str | None = None
) -> Calendar:
    """Returns the calendar named by the target or ladder, else the team's or the plan's, else the
    desk's.

    A plan whose hours are "the customer's" is read in the ticket's zone.
    """
    plan = desk.plans.get(ticket.facets.get("plan", ""))
    if named is None and team is not None and team in desk.teams:
        named = desk.teams[team].hours
    elif named is None and plan:
        named = plan.hours
    calendar = desk.calendars[named or desk.hours]
    if plan and plan.customer_zone and ticket.zone and named == plan.hours:
        return calendar.in_zone(ticket.zone)
    return calendar
