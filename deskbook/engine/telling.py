"""Who of those the book names is told of something that happened (semantics §5.7)."""

from deskbook.engine import events as happened
from deskbook.engine.desk import Desk, Moment
from deskbook.engine.events import Event
from deskbook.engine.routing import facets_of, matches
from deskbook.engine.ticket import TicketState


def told_of(desk: Desk, ticket: TicketState, event: Event) -> tuple[str, ...]:
    """Returns whom the lines of `tell` name for an event, each once: teams, outside contacts,
    "leads", "owners" and addresses. `ticket` is the case after the event.

    Whoever outside gets a case by itself is told, where the book knows their address.
    """
    moment = _moment(event)
    if moment is None:
        return ()
    facets = {**facets_of(ticket), **({"team": ticket.team} if ticket.team else {})}
    lines = (line for line in desk.tells if moment in line.on and matches(line.when, facets))
    named = [name for line in lines for name in line.to]
    outside = desk.outside.get(event.to) if isinstance(event, happened.Redirected) else None
    if outside is not None and outside.mail:
        named.append(outside.key)
    return tuple(dict.fromkeys(named))


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
