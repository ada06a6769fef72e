"""How often a requester may write again before the desk has answered."""

from datetime import datetime, timedelta

from deskbook.engine.desk import Desk
from deskbook.engine.plan_parts import Reminders
from deskbook.engine.quotas import PERIODS, period_at
from deskbook.engine.routing import facets_of, matches
from deskbook.engine.spans import due
from deskbook.engine.ticket import TicketState
from deskbook.engine.turn import waiting_since
from deskbook.engine.wall_time import zone_named
from deskbook.refusals.refusal import Refusal

TOGETHER = timedelta(hours=1)
"""What is written within it of the words before adds to them, and reminds nobody."""
_LIVE = ("chat", "phone", "walk-in", "on-site")


def is_reminder(desk: Desk, ticket: TicketState, channel: str, *, at: datetime) -> bool:
    """Whether words that come now remind the desk of some that wait for an answer, where the book
    limits that.
    """
    kind = desk.channels[channel].kind if channel in desk.channels else channel
    of_requester = desk.stages[ticket.stage].next == "requester"
    if not desk.reminders or kind in _LIVE or of_requester:
        return False
    last_at = ticket.requester_wrote_at or ticket.opened_at
    waits = waiting_since(ticket) is not None and ticket.closed_at is None
    return waits and at - last_at > TOGETHER


def refused_reminder(desk: Desk, ticket: TicketState, *, at: datetime) -> Refusal | None:
    """Returns why a reminder is not taken yet, or None."""
    for line in desk.reminders:
        if matches(line.when, facets_of(ticket)):
            refusal = _too_early(desk, line, ticket, at) or _too_many(desk, line, ticket, at)
            if refusal:
                return refusal
    return None


def _too_early(desk: Desk, line: Reminders, ticket: TicketState, at: datetime) -> Refusal | None:
    since_at = waiting_since(ticket)
    if line.after is None or since_at is None:
        return None
    calendar = desk.calendars[desk.hours]
    from_at = due(calendar, since_at, line.after)
    if at >= from_at:
        return None
    again_at = from_at.astimezone(zone_named(desk.zone))
    return Refusal("reminder early", again=again_at, line=line.line or None)


def _too_many(desk: Desk, line: Reminders, ticket: TicketState, at: datetime) -> Refusal | None:
    if line.most is None:
        return None
    from_at, again_at = period_at(line.each, desk.zone, at=at)
    if sum(from_at <= one < again_at for one in ticket.reminded_us) < line.most:
        return None
    again = again_at.astimezone(zone_named(desk.zone)).date()
    period = PERIODS[line.each]
    return Refusal("reminders", most=line.most, period=period, again=again, line=line.line or None)
