"""Every clock of a ticket, and "why this time?"."""

from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from deskbook.engine.clocks import Reading, readings, said_without_a_clock
from deskbook.people.models import Agent
from deskbook.tickets.models import Ticket
from deskbook.web.acts.subject import Subject
from deskbook.web.console.shared.frame import screen
from deskbook.web.console.shared.reasons import Why, line_of, reasons, titled
from deskbook.web.console.shared.rows import clock_title
from deskbook.web.console.ticket.level_clock import card_of_going_up, why_up
from deskbook.web.shared.entering import on_a_ticket


@dataclass(frozen=True, slots=True)
class Card:
    title: str
    state_title: str
    tone: str
    at: datetime | None
    text: str
    why: str


def cards(of: Subject) -> list[Card]:
    """Returns the clocks, those that run first and by urgency, then the paused, then what is
    over.
    """
    desk, state, now = of.desk, of.state, timezone.now()
    shown = [_card(of, reading, now) for reading in sorted(readings(desk, state), key=_urgency)]
    for kind, said in said_without_a_clock(desk, state).items():
        shown.append(Card(clock_title(kind), _said(said), "", None, "", ""))
    up = card_of_going_up(of.ticket, desk, state)
    return [Card(up[0], _("runs"), "accent", up[1], "", up[2]), *shown] if up else shown


def _said(unclocked: str) -> str:
    words = {
        "at once": _("at once"),
        "best effort": _("best effort"),
        "no promise": _("no promise, on purpose"),
    }
    return words[unclocked]


@require_safe
@on_a_ticket
def why(request: HttpRequest, agent: Agent, ticket: Ticket, clock: str) -> HttpResponse:
    """The spans behind one due time, in the dialog or as a page of its own."""
    of = Subject(ticket, agent)
    desk, state = of.desk, of.state
    if clock == "level":
        summary, spans, line = why_up(desk, state)
        source = _("Line %(line)s of the book") % {"line": line} if line else ""
        return _told(
            request,
            agent,
            ticket,
            Why(clock_title(clock), summary, tuple(line_of(desk, span) for span in spans), source),
        )
    reading = next((reading for reading in readings(desk, state) if reading.clock == clock), None)
    if reading is None:
        raise Http404("no such clock")
    return _told(request, agent, ticket, reasons(desk, state, reading, of.beside.promised))


def _told(request: HttpRequest, agent: Agent, ticket: Ticket, told: Why) -> HttpResponse:
    if request.headers.get("HX-Request"):
        return render(
            request,
            "console/_why.html",
            {"why": told, "ticket": ticket, "whole": False},
            using="jinja2",
        )
    return screen(request, agent, "why.html", why=told, ticket=ticket, whole=True)


def _card(of: Subject, reading: Reading, now: datetime) -> Card:
    state_title, tone = _state(reading, now)
    at = reading.met_at or reading.ended_at or reading.due_at or reading.aim_at
    text = _("No date was agreed") if reading.undated else ""
    return Card(
        titled(reading, of.beside.promised),
        state_title,
        tone,
        None if reading.undated else at,
        text,
        f"{of.address}/why/{reading.clock}",
    )


def _state(reading: Reading, now: datetime) -> tuple[str, str]:
    late = reading.breached(at=now)
    if reading.met_at:
        return (_("late"), "red") if late else (_("met"), "green")
    if reading.ended_at:
        return (_("late"), "red") if late else (_("ended"), "")
    if reading.paused_since:
        return _("paused"), ""
    if late:
        return _("late"), "red"
    if reading.undated:
        return _("no date"), "amber"
    past_aim = reading.aim_at is not None and reading.aim_at <= now and reading.kind != "quiet"
    return (_("past its aim"), "amber") if past_aim else (_("runs"), "accent")


def _urgency(reading: Reading) -> tuple[int, float]:
    over = reading.met_at or reading.ended_at
    group = 3 if over else 1 if reading.paused_since else 0 if reading.kind != "quiet" else 2
    at = over or reading.due_at or reading.started_at
    return group, -at.timestamp() if over else at.timestamp()
