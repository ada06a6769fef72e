"""The freeze: what it holds and until when, what it hands over at its end; one screen, one
export.
"""

from dataclasses import dataclass
from datetime import datetime

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from deskbook.engine.desk import Desk
from deskbook.people.books import desk_in_force
from deskbook.people.models import Agent
from deskbook.people.moments import written
from deskbook.tickets.freezes import Frozen, handed_over, held
from deskbook.web.console.shared.frame import screen
from deskbook.web.console.shared.rows import ticket_url
from deskbook.web.shared.downloads import csv_download, xlsx_download
from deskbook.web.shared.entering import for_agents
from deskbook.web.told import team_title


@dataclass(frozen=True, slots=True)
class Line:
    """One ticket of the list, and of the export."""

    number: str
    url: str
    subject: str
    sort: str
    severity: str
    team: str
    opened_at: datetime
    until_at: datetime
    what: str


@require_safe
@for_agents
def freeze(request: HttpRequest, agent: Agent) -> HttpResponse:
    """What is held and handed over; freezes that are on, over or to come."""
    desk, at = desk_in_force(agent.desk), timezone.now()
    waiting, going = _lines(agent, desk, at)
    return screen(
        request,
        agent,
        "freeze.html",
        current="freeze",
        waiting=waiting,
        going=going,
        freezes=sorted(desk.freezes, key=lambda f: f.from_at),
        at=at,
    )


@require_safe
@for_agents
def export(request: HttpRequest, agent: Agent, form: str) -> FileResponse:
    """The same list as a file: freeze.csv or freeze.xlsx. Instants are in the viewer's zone, with
    its name.
    """
    if form not in ("freeze.csv", "freeze.xlsx"):
        raise Http404("no such form")
    waiting, going = _lines(agent, desk_in_force(agent.desk), timezone.now())
    rows = [_cells(line) for line in (*waiting, *going)]
    if form == "freeze.csv":
        return csv_download(form, _header(), rows)
    return xlsx_download(form, _header(), rows, title="Freeze")


def _lines(agent: Agent, desk: Desk, at: datetime) -> tuple[list[Line], list[Line]]:
    waiting = [_line(frozen, desk, _("held, picked up by itself")) for frozen in held(agent)]
    going = [
        _line(frozen, desk, _("handed over to %(team)s") % {"team": team_title(desk, frozen.to)})
        for frozen in handed_over(agent, at=at)
    ]
    return waiting, going


def _line(frozen: Frozen, desk: Desk, what: str) -> Line:
    ticket = frozen.ticket
    sorts = [_value(desk, "type", ticket.kind), _value(desk, "category", ticket.category)]
    known = desk.severities.get(ticket.severity)
    return Line(
        str(ticket),
        ticket_url(ticket, {}),
        ticket.subject,
        " · ".join(filter(None, sorts)),
        known.title if known else "",
        team_title(desk, ticket.team),
        ticket.opened_at,
        frozen.until_at,
        what,
    )


def _value(desk: Desk, facet: str, value: str) -> str:
    known = desk.facets.get(facet)
    return known.values.get(value, value) if known else value


def _header() -> tuple[str, ...]:
    return (
        _("Ticket"),
        _("Subject"),
        _("Sorted as"),
        _("Severity"),
        _("Team"),
        _("Opened"),
        _("What happens"),
        _("When"),
    )


def _cells(line: Line) -> tuple[str, ...]:
    return (
        line.number,
        line.subject,
        line.sort,
        line.severity,
        line.team,
        written(line.opened_at, year=True),
        line.what,
        written(line.until_at, year=True),
    )
