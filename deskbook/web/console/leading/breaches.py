"""What broke its time, each with why: the spans that were counted, and the line of the book."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from deskbook.engine.clocks import Reading, readings
from deskbook.people.books import desk_at
from deskbook.people.models import Agent, BookVersion
from deskbook.reports.morning import Breach
from deskbook.tickets.models import Ticket
from deskbook.tickets.state import state_of
from deskbook.web.console.shared.reasons import Why, reasons
from deskbook.web.console.shared.rows import SeverityMark, clock_title, severity_mark, ticket_url
from deskbook.web.told import team_title


@dataclass(frozen=True, slots=True)
class Broken:
    """One limit that passed, as the morning shows it."""

    number: str
    url: str
    subject: str
    severity: SeverityMark | None
    clock: str
    whose: str
    """Its owner, or else its team."""
    due_at: datetime
    late: timedelta | None
    """By how much what was due came too late; None while it has not come."""
    why: Why | None
    quoted: str
    """The line of the book, as it is written there."""


def broken(agent: Agent, breaches: Sequence[Breach]) -> list[Broken]:
    """Returns the first breaches in the order given, in two questions."""
    found = Ticket.objects.select_related("owner__user").in_bulk({one.ticket for one in breaches})
    for ticket in found.values():
        ticket.desk = agent.desk
    books = BookVersion.objects.filter(
        desk=agent.desk_id, number__in={ticket.book_version for ticket in found.values()}
    )
    lines = {number: text.splitlines() for number, text in books.values_list("number", "text")}
    return [_broken(found[one.ticket], one, lines) for one in breaches if one.ticket in found]


def _broken(ticket: Ticket, breach: Breach, lines: Mapping[int, Sequence[str]]) -> Broken:
    desk, state = desk_at(ticket.desk_id, ticket.book_version), state_of(ticket)
    reading = next((one for one in readings(desk, state) if one.clock == breach.clock), None)
    due_at = reading.due_at if reading and reading.due_at else breach.at
    line = reading.target.line if reading and reading.target else 0
    text = lines.get(ticket.book_version, ())
    return Broken(
        number=str(ticket),
        url=ticket_url(ticket, {}),
        subject=ticket.subject,
        severity=severity_mark(desk, ticket.severity, verified=True),
        clock=clock_title(breach.clock),
        whose=str(ticket.owner) if ticket.owner else team_title(desk, ticket.team),
        due_at=due_at,
        late=_late(reading, due_at),
        why=reasons(desk, state, reading, {}) if reading else None,
        quoted=text[line - 1].strip() if line and line <= len(text) else "",
    )


def _late(reading: Reading | None, due_at: datetime) -> timedelta | None:
    over_at = (reading.met_at or reading.ended_at) if reading else timezone.now()
    return over_at - due_at if over_at else None
