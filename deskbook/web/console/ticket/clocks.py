"""Every clock of a ticket, and "why this time?"."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from deskbook.engine.clocks import Reading, readings, said_without_a_clock
from deskbook.engine.desk import Desk
from deskbook.engine.hours import calendar_for
from deskbook.engine.spans import Span, explain
from deskbook.engine.ticket import TicketState
from deskbook.people.models import Agent
from deskbook.people.moments import written
from deskbook.tickets.models import Ticket
from deskbook.web.acts.subject import Subject
from deskbook.web.console.shared.frame import screen
from deskbook.web.console.shared.rows import clock_title
from deskbook.web.console.ticket.level_clock import card_of_going_up, why_up
from deskbook.web.shared.entering import on_a_ticket
from deskbook.web.times import spoken


@dataclass(frozen=True, slots=True)
class Card:
    title: str
    state_title: str
    tone: str
    at: datetime | None
    text: str
    why: str


@dataclass(frozen=True, slots=True)
class Line:
    from_at: datetime
    to_at: datetime
    text: str
    kind: str
    counts: str
    total: str


@dataclass(frozen=True, slots=True)
class Why:
    title: str
    summary: str
    spans: tuple[Line, ...] = ()
    source: str = ""


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
            Why(clock_title(clock), summary, tuple(_line(desk, span) for span in spans), source),
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


def reasons(desk: Desk, state: TicketState, reading: Reading, texts: dict[str, str]) -> Why:
    """Returns why a clock says what it says: a sentence, and spans where the time was counted."""
    title = _titled(reading, texts)
    if reading.kind == "promise":
        return Why(
            title, _("A date given to a person: it runs by the wall clock, whatever the stage.")
        )
    if state.next_update_at and reading.kind == "update" and reading.due_at == state.next_update_at:
        return Why(
            title,
            _("The desk and the requester agreed on %(when)s.")
            % {"when": written(state.next_update_at)},
        )
    if reading.undated:
        return Why(title, _("The book says “as agreed”, and no date was agreed yet."))
    spans = tuple(_line(desk, span) for span in _spans(desk, state, reading))
    return Why(title, _summary(desk, reading), spans, _source(desk, reading))


def _spans(desk: Desk, state: TicketState, reading: Reading) -> Iterable[Span]:
    stage = desk.stages[state.stage]
    if reading.kind == "quiet" and stage.ladder and stage.ladder.close:
        calendar = calendar_for(desk, state, stage.ladder.hours)
        return explain(calendar, reading.started_at, stage.ladder.close)
    amount = (reading.target.limit or reading.target.aim) if reading.target else None
    if amount is None or reading.calendar is None:
        return ()
    spans = explain(
        reading.calendar,
        reading.started_at,
        amount,
        pauses=reading.pauses,
        after_hours=reading.after_hours,
    )
    stopped_at = reading.paused_since
    return [span for span in spans if stopped_at is None or span.to_at <= stopped_at]


def _line(desk: Desk, span: Span) -> Line:
    counted = _("not counted") if span.state in ("closed", "paused") else _amount(span.counted)
    at_rate = "" if span.rate in (0, 1) else f" × {span.rate}"
    return Line(
        span.from_at,
        span.to_at,
        desk.said(span.reason),
        span.state,
        f"{counted}{at_rate}",
        _amount(span.total),
    )


def _amount(counted: timedelta | Fraction) -> str:
    if isinstance(counted, timedelta):
        return spoken(counted)
    return _("%(days)s bd") % {"days": f"{float(counted):.2f}".rstrip("0").rstrip(".")}


def _summary(desk: Desk, reading: Reading) -> str:
    started = {"start": written(reading.started_at)}
    if reading.met_at:
        return _("Started %(start)s, met %(met)s.") % {**started, "met": written(reading.met_at)}
    if reading.paused_since:
        words = _("Started %(start)s and paused since %(paused)s: what has run is kept.")
        return words % {**started, "paused": written(reading.paused_since)}
    if reading.due_at is None:
        return _("Started %(start)s; nothing falls due.") % started
    return _("Started %(start)s, due %(due)s.") % {**started, "due": written(reading.due_at)}


def _source(desk: Desk, reading: Reading) -> str:
    if reading.target is None:
        return ""
    words = (
        [_("Line %(line)s of the book") % {"line": reading.target.line}]
        if reading.target.line
        else []
    )
    if reading.target.recommended:
        words.append(_("recommended: never a breach"))
    if reading.after_hours:
        words.append(
            _("after hours it runs %(factor)s times slower") % {"factor": reading.after_hours}
        )
    return " · ".join(words)


def _card(of: Subject, reading: Reading, now: datetime) -> Card:
    state_title, tone = _state(reading, now)
    at = reading.met_at or reading.ended_at or reading.due_at or reading.aim_at
    text = _("No date was agreed") if reading.undated else ""
    return Card(
        _titled(reading, of.beside.promised),
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


def _titled(reading: Reading, texts: dict[str, str]) -> str:
    text = texts.get(reading.clock.partition(":")[2], "")
    return f"{clock_title(reading.clock)}: {text}" if text else clock_title(reading.clock)


def _urgency(reading: Reading) -> tuple[int, float]:
    over = reading.met_at or reading.ended_at
    group = 3 if over else 1 if reading.paused_since else 0 if reading.kind != "quiet" else 2
    at = over or reading.due_at or reading.started_at
    return group, -at.timestamp() if over else at.timestamp()
