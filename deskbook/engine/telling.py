"""Who of those the book names is told of something that happened (semantics §5.7)."""

from datetime import datetime

from deskbook.engine import events as happened
from deskbook.engine.calendar import NoOpening
from deskbook.engine.desk import Desk, Moment, Tell
from deskbook.engine.events import Event
from deskbook.engine.routing import facets_of, matches
from deskbook.engine.ticket import TicketState


def told_of(desk: Desk, ticket: TicketState, event: Event, *, at: datetime) -> dict[str, datetime]:
    """Returns whom the lines of `tell` name for an event that happened at `at`, and when each is to
    know: teams, outside contacts, "leads", "owners" and addresses. `ticket` is the case after it.

    Whoever outside gets a case by itself is told, where the book knows their address. Of lines that
    name somebody twice, the first to tell them counts.
    """
    moment = _moment(event)
    if moment is None:
        return {}
    facets = {**facets_of(ticket), **({"team": ticket.team} if ticket.team else {})}
    told: dict[str, datetime] = {}
    for line in desk.tells:
        if moment in line.on and matches(line.when, facets):
            told_at = _open_from(desk, line, at)
            told |= {name: min(told.get(name, told_at), told_at) for name in line.to}
    outside = desk.outside.get(event.to) if isinstance(event, happened.Redirected) else None
    return {**told, outside.key: at} if outside is not None and outside.mail else told


def _open_from(desk: Desk, line: Tell, at: datetime) -> datetime:
    """Returns when the hours of a line are open next; `at` where they never are again."""
    try:
        return desk.calendars[line.hours].next_opening(at) if line.hours else at
    except NoOpening:
        return at


def _moment(event: Event) -> Moment | None:
    match event:
        case happened.Opened():
            return "opening"
        case happened.LimitBreached():
            return "breach"
        case happened.TeamArrived(cause="escalation") | happened.Redirected(cause="escalation"):
            return "handing up"
        case _:
            return None
