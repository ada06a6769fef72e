"""Tickets: found as the console finds them, read with their due times and why, opened."""

from datetime import UTC, datetime
from typing import Annotated

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from deskbook.engine.clocks import Reading, readings, said_without_a_clock
from deskbook.people.access import Masked, NoAccess, prepared_for_agents, ticket_for_agent
from deskbook.people.books import desk_in_force
from deskbook.people.models import Agent
from deskbook.tickets import queues
from deskbook.tickets.models import Ticket
from deskbook.tickets.queues import PAGE, Listed, Wanted
from deskbook.web.acts.subject import WITH_A_TICKET, Subject
from deskbook.web.api.entering import Scope, agent_in
from deskbook.web.api.once import IdempotencyKey, done_once
from deskbook.web.api.problems import Declined
from deskbook.web.api.shapes import (
    Cursor,
    Line,
    Named,
    Text,
    leads_on,
    named,
    place_of,
    refuse_nul,
)
from deskbook.web.console.inbox.operators import taken_apart, wanted_of
from deskbook.web.console.new_cases.new_ticket import logged
from deskbook.web.console.shared.reasons import reasons

router = Router(tags=["tickets"])
_Q = "As in the console’s search: words, is:open, owner:me, stage:new, before:2026-11-30 …"
_QUEUES = "mine, teams, unassigned, open, breached, waiting, closed, redirected, team:support …"


class TicketLine(Schema):
    """A ticket as a list has it."""

    number: str
    subject: str
    requester: str
    organisation: str | None
    owner: str | None
    stage: str
    severity: str
    verified: bool
    outcome: str
    """How it ended: solved, closed, redirected, merged; empty while it goes on."""
    open: bool
    waits_for: str
    """Who acts next: desk, requester, third party, nobody."""
    next_due_at: datetime | None
    next_due_clock: str


class Span(Schema):
    """A stretch of the way to a due time."""

    from_at: datetime
    to_at: datetime
    text: str
    kind: str
    counts: str
    total: str


class Why(Schema):
    """Why a clock says what it says."""

    summary: str
    source: str
    """The line of the book, in words."""
    book_line: int | None
    spans: list[Span]


class Clock(Schema):
    """One clock of a ticket."""

    clock: str
    title: str
    state: str
    """runs, paused, met, ended, undated; at once, best effort, no promise: said without a clock."""
    late: bool
    started_at: datetime | None
    due_at: datetime | None
    aim_at: datetime | None
    met_at: datetime | None
    ended_at: datetime | None
    paused_since: datetime | None
    why: Why | None


class TicketWhole(Schema):
    """A ticket as it stands."""

    number: str
    version: int
    """How far its log has come."""
    subject: str
    requester: Named | None
    organisation: Named | None
    owner: Named | None
    team: str
    channel: str
    stage: str
    stage_title: str
    severity: str
    claimed: str
    verified: bool
    facets: dict[str, str]
    tags: list[str]
    waits_for: str
    open: bool
    outcome: str
    merged_into: str | None
    opened_at: datetime
    closed_at: datetime | None
    last_activity_at: datetime
    book_version: int
    clocks: list[Clock]
    link: str
    """Where people see it."""


class NewTicket(Schema):
    """A ticket to log, as the console's “New ticket” does."""

    model_config = {"extra": "forbid"}

    requester: Line = ""
    """Who it is for: an address, a number, or the name of somebody known."""
    name: Line = ""
    """What somebody new is called."""
    subject: Line
    text: Text
    channel: Line = ""
    """How it reached the desk: a channel of the book, or phone."""
    severity: Line = ""
    facets: dict[Line, Line] = Field(default_factory=dict)
    """As the book names them: type, category, place …"""
    fields: dict[Line, Text] = Field(default_factory=dict)
    """The book's own fields."""
    promised_by_at: datetime | None = None
    """When the requester is told it will be done."""


_OF_ANY = prepared_for_agents(lambda _user: Ticket.objects.select_related(*WITH_A_TICKET))


def ticket_in(request: HttpRequest, number: str) -> Subject:
    """Returns the ticket with who looks at it. Raises NoAccess, for one that is not for them to see
    as for one that is not there.
    """
    if "\x00" in number:
        raise NoAccess("no such ticket")
    try:
        agent, ticket = ticket_for_agent(agent_in(request).user, number, _OF_ANY)
    except Masked:
        raise NoAccess("no such ticket") from None
    ticket.desk = agent.desk
    return Subject(ticket, agent)


@router.get("/tickets", auth=Scope("read"), response=list[TicketLine], url_name="tickets")
def find_tickets(
    request: HttpRequest,
    response: HttpResponse,
    q: Annotated[str, Query(description=_Q, max_length=200)] = "",
    queue: Annotated[str, Query(description=_QUEUES, max_length=80)] = "",
    after: Cursor = "",
    limit: Annotated[int, Query(ge=1, le=PAGE)] = PAGE,
) -> list[TicketLine]:
    """Tickets by words and operators, the latest activity first; or one queue, the most urgent
    first. Without either all of them.
    """
    refuse_nul(q, queue)
    wanted = _wanted(agent_in(request), q, queue)
    if place := place_of(after):
        wanted = wanted.behind(*place)
    found = queues.listed(wanted, limit + 1)
    leads_on(request, response, found[limit - 1].key if len(found) > limit else "")
    return [_line(one) for one in found[:limit]]


def _wanted(agent: Agent, q: str, queue: str) -> Wanted:
    if q and queue:
        raise Declined(422, "Give q or queue: is:open, is:mine … stand in q too.")
    kind, _of, team = queue.partition(":")
    known = team in desk_in_force(agent.desk).teams if kind == "team" else queue in queues.QUEUES
    if queue and not known:
        raise Declined(422, f"There is no queue of this name. There are: {_QUEUES}.")
    asked = taken_apart(q)
    wanted = (
        queues.queue(agent, queue) if queue else wanted_of(agent, asked) if asked.typed else None
    )
    # What is told by its number and stage alone is not in the API: absent, as where it is named.
    return (wanted or queues.every(agent)).where("true")


def _line(one: Listed) -> TicketLine:
    due_at = datetime.fromtimestamp(one.next_due, UTC) if one.next_due else None
    return TicketLine(
        number=one.name,
        subject=one.subject,
        requester=one.requester,
        organisation=one.organisation,
        owner=one.owner,
        stage=one.stage,
        severity=one.severity,
        verified=one.is_verified,
        outcome=one.outcome,
        open=one.is_open,
        waits_for=one.waits_for,
        next_due_at=due_at,
        next_due_clock=one.next_due_clock,
    )


@router.get("/tickets/{number}", auth=Scope("read"), response=TicketWhole, url_name="ticket")
def read_ticket(request: HttpRequest, response: HttpResponse, number: str) -> TicketWhole:
    """One ticket with every due time and why. Its ETag is for `If-Match`."""
    of = ticket_in(request, number)
    response.headers["ETag"] = f'"{of.state.seq}."'  # the rest of it follows in urls.py
    return whole(of)


@router.post("/tickets", auth=Scope("write"), response={201: TicketWhole})
def open_ticket(
    request: HttpRequest, asked: NewTicket, idempotency_key: IdempotencyKey = None
) -> HttpResponse:
    """Logs a ticket for somebody; who is unknown by that address or number becomes a contact."""
    agent = agent_in(request)
    given = _as_typed(agent, asked)
    return done_once(
        request,
        lambda how: whole(Subject(logged(agent, given, how["key"], at=how["at"]), agent)),
        status=201,
    )


def _as_typed(agent: Agent, asked: NewTicket) -> dict[str, str]:
    """What the console's form would have sent; names the book does not have are refused."""
    desk = desk_in_force(agent.desk)
    known = {"facets": set(desk.facets), "fields": {field.key for field in desk.fields}}
    unknown = [
        (f"{of}.{name}", "The book has no such name.")
        for of, names in known.items()
        for name in getattr(asked, of)
        if name not in names
    ]
    if unknown:
        raise Declined(422, "The book has no such name.", errors=unknown)
    given = asked.model_dump(include={"requester", "name", "subject", "text", "severity"})
    given |= {f"facet.{key}": value for key, value in asked.facets.items()}
    given |= {f"field.{key}": value for key, value in asked.fields.items()}
    if asked.channel:
        given["channel"] = asked.channel
    if asked.promised_by_at:
        given["timeline"] = asked.promised_by_at.isoformat()
    return given


def whole(of: Subject) -> TicketWhole:
    """Returns a ticket as it stands."""
    ticket, state, desk = of.ticket, of.state, of.desk
    stage = desk.stages[state.stage]
    return TicketWhole(
        number=str(ticket),
        version=state.seq,
        subject=ticket.subject,
        requester=named(ticket.requester),
        organisation=named(ticket.organisation),
        owner=named(ticket.owner),
        team=ticket.team,
        channel=ticket.channel,
        stage=stage.key,
        stage_title=str(stage.title),
        severity=state.severity or "",
        claimed=state.claimed or "",
        verified=bool(state.verified),
        facets=dict(state.facets),
        tags=list(state.tags),
        waits_for=ticket.waits_for,
        open=ticket.is_open,
        outcome=ticket.outcome,
        merged_into=state.merged_into or None,
        opened_at=ticket.opened_at,
        closed_at=ticket.closed_at,
        last_activity_at=ticket.last_activity_at,
        book_version=ticket.book_version,
        clocks=_clocks(of),
        link=settings.DESKBOOK_SITE_URL + reverse("console-ticket", args=[str(ticket)]),
    )


def _clocks(of: Subject) -> list[Clock]:
    desk, state, now = of.desk, of.state, timezone.now()
    clocks = [_clock(of, reading, now) for reading in readings(desk, state)]
    said = said_without_a_clock(desk, state)
    return clocks + [_without(kind, words) for kind, words in said.items()]


def _without(kind: str, said: str) -> Clock:
    instants = dict.fromkeys(
        ("started_at", "due_at", "aim_at", "met_at", "ended_at", "paused_since")
    )
    return Clock(clock=kind, title=kind, state=said, late=False, why=None, **instants)


def _clock(of: Subject, reading: Reading, now: datetime) -> Clock:
    texts = of.beside.promised if reading.kind == "promise" else {}
    told = reasons(of.desk, of.state, reading, texts)
    line = reading.target.line if reading.target else None
    spans = [Span.model_validate(one, from_attributes=True) for one in told.spans]
    return Clock(
        clock=reading.clock,
        title=told.title,
        state=_state(reading),
        late=reading.breached(at=now),
        started_at=reading.started_at,
        due_at=reading.due_at,
        aim_at=reading.aim_at,
        met_at=reading.met_at,
        ended_at=reading.ended_at,
        paused_since=reading.paused_since,
        why=Why(summary=told.summary, source=told.source, book_line=line or None, spans=spans),
    )


def _state(reading: Reading) -> str:
    if reading.met_at:
        return "met"
    if reading.ended_at:
        return "ended"
    if reading.paused_since:
        return "paused"
    return "undated" if reading.undated else "runs"
