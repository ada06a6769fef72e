"""When a case goes up to the next level by itself, and why then."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from deskbook.engine.clocks import readings
from deskbook.engine.desk import Desk
from deskbook.engine.handing_up import GoingUp, counted, goes_up
from deskbook.engine.spans import Span, explain
from deskbook.engine.ticket import TicketState
from deskbook.people.moments import written
from deskbook.tickets.models import Ticket
from deskbook.web.console.shared.rows import clock_title


def card_of_going_up(
    ticket: Ticket, desk: Desk, state: TicketState
) -> tuple[str, datetime, str] | None:
    """Returns where the case goes by itself, when, and the address of the reason; None where it
    does not.
    """
    up = goes_up(desk, state)
    if up is None:
        return None
    title = _("Goes up by itself to %(team)s") % {"team": up.titled(desk)}
    return title, up.at, reverse("console-why", args=[str(ticket), "level"])


def why_up(desk: Desk, state: TicketState) -> tuple[str, tuple[Span, ...], int]:
    """Returns the sentence behind the instant, the time counted for it and the line of the book;
    nothing counted where none runs, or where a clock of its own says it.
    """
    up, visit = goes_up(desk, state), state.team_visit
    if up is None or visit is None:
        return _("Nothing takes this case up by itself now."), (), 0
    what = {
        "team": desk.teams[visit.team].title,
        "since": written(visit.arrived_at),
        "when": written(up.at),
        "clock": clock_title(up.line.clock or ""),
    }
    return _words(up) % what, _spans(desk, state, up), up.line.line


def _words(up: GoingUp) -> str:
    return {
        "not answered": _(
            "At %(team)s since %(since)s. If nobody there takes it, answers or notes by %(when)s,"
            " it goes up."
        ),
        "not solved": _(
            "At %(team)s since %(since)s. If it is not solved by %(when)s, it goes up."
        ),
        "breached": _(
            "At %(team)s since %(since)s. If the clock “%(clock)s” is not met by %(when)s, it goes"
            " up."
        ),
    }[up.line.on]


def _spans(desk: Desk, state: TicketState, up: GoingUp) -> tuple[Span, ...]:
    if up.line.after is not None and state.team_visit is not None:
        calendar, held = counted(desk, state, up.line)
        arrived_at = state.team_visit.arrived_at
        return tuple(explain(calendar, arrived_at, up.line.after, pauses=held.pauses))
    for reading in readings(desk, state):
        limit = reading.target.limit if reading.target else None
        if reading.due_at == up.at and reading.kind == up.line.clock and limit and reading.calendar:
            return tuple(
                explain(
                    reading.calendar,
                    reading.started_at,
                    limit,
                    pauses=reading.pauses,
                    after_hours=reading.after_hours,
                )
            )
    return ()
