"""Which calendar a clock of a ticket runs on."""

from deskbook.engine.calendar import Calendar
from deskbook.engine.desk import Desk
from deskbook.engine.ticket import TicketState


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
