"""When a case goes up to the next level by itself, and why then."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from deskbook.engine.clocks import held_intervals
from deskbook.engine.desk import Desk
from deskbook.engine.hops import escalates_at, team_above
from deskbook.engine.hours import calendar_for
from deskbook.engine.spans import Span, explain
from deskbook.engine.ticket import TicketState
from deskbook.people.moments import written
from deskbook.tickets.models import Ticket


def goes_up(ticket: Ticket, desk: Desk, state: TicketState) -> tuple[str, datetime, str] | None:
    """Returns where the case goes by itself, when, and the address of the reason; None where it
    does not.
    """
    at = escalates_at(desk, state)
    above = team_above(desk, state.team) if at and state.team else None
    if at is None or above is None:
        return None
    title = _("Goes up by itself to %(team)s") % {"team": desk.teams[above].title}
    return title, at, reverse("console-why", args=[str(ticket), "level"])


def why_up(desk: Desk, state: TicketState) -> tuple[str, tuple[Span, ...]]:
    """Returns the sentence behind the instant and the time counted for it; nothing counted where
    none runs.
    """
    at, visit = escalates_at(desk, state), state.team_visit
    level = (
        desk.levels.get(desk.teams[visit.team].level or "")
        if visit and visit.team in desk.teams
        else None
    )
    if at is None or visit is None or level is None or level.acts_within is None:
        return _("Nothing takes this case up by itself now."), ()
    calendar = calendar_for(desk, state, level.hours, visit.team)
    pauses = held_intervals(desk, state, "team", visit.arrived_at).pauses
    words = _(
        "At %(team)s since %(since)s. If nobody there takes it, answers or notes by %(when)s, it"
        " goes up."
    )
    what = {
        "team": desk.teams[visit.team].title,
        "since": written(visit.arrived_at),
        "when": written(at),
    }
    return words % what, tuple(
        explain(calendar, visit.arrived_at, level.acts_within, pauses=pauses)
    )
