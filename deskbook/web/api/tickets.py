"""Tickets: found as the console finds them, read with their due times and why."""

import re
from datetime import UTC, datetime
from typing import Annotated

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import AwareDatetime

from deskbook.engine.clocks import Reading, readings, said_without_a_clock
from deskbook.moving.models import CameFrom
from deskbook.people.access import Masked, NoAccess, prepared_for_agents, ticket_for_agent
from deskbook.people.books import desk_in_force
from deskbook.people.models import Agent
from deskbook.tickets import queues
from deskbook.tickets.changed import since
from deskbook.tickets.models import Ticket
from deskbook.tickets.numbered import named as named_so
from deskbook.tickets.queues import PAGE, Listed, Wanted
from deskbook.web.acts.subject import WITH_A_TICKET, Subject
from deskbook.web.api.entering import Scope, agent_in
from deskbook.web.api.problems import Declined
from deskbook.web.api.shapes import Cursor, Named, leads_on, named, place_of, refuse_nul
from deskbook.web.console.inbox.operators import OPERATORS, taken_apart, unknown_operator, wanted_of
from deskbook.web.console.shared.reasons import reasons

router = Router(tags=["tickets"])
_Q = "As in the console’s search: words, is:open, owner:me, stage:new, before:2026-11-30 …"
_CHANGED = "An instant with its offset: 2026-11-30T14:00:00Z."
_SHOWN = re.compile(r"named_(\d{1,4})", re.ASCII)
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
    version: int
    """How far its log has come: what has the version you know has not changed."""
    last_activity_at: datetime
    """The latest instant of its log: when something happened on it."""
    changed_at: datetime
    """When something was written to its log last, which may be later: for `changed_since`."""


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


class CameFromElsewhere(Schema):
    """What a ticket was called in the system it came from."""

    source: str
    """As `deskbook import` names the system: freshdesk, zendesk …"""
    number: str


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
    came_from: CameFromElsewhere | None
    """Where it was before it came to this desk."""
    book_version: int
    clocks: list[Clock]
    link: str
    """Where people see it."""


_OF_ANY = prepared_for_agents(
    lambda _user: Ticket.objects.select_related(*WITH_A_TICKET, "came_from")
)


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
    *,
    limit: Annotated[int, Query(ge=1, le=PAGE)] = PAGE,
    changed_since: Annotated[AwareDatetime | None, Query(description=_CHANGED)] = None,
) -> list[TicketLine]:
    """Tickets by words and operators, the latest activity first, and before them what has the
    number that was asked for, here or where it came from; or one queue, the most urgent first.
    Without either all of them. With `changed_since` those of them that changed since, the
    earliest change first.
    """
    refuse_nul(q, queue)
    wanted, first = _wanted(agent_in(request), q, queue), tuple[Listed, ...]()
    if changed_since:
        wanted = since(changed_since, wanted)
    elif q and (called := named_so(agent_in(request), q, masked=False)):
        first = called.tickets
        wanted = wanted.where("ticket.id <> all(%(named)s)", named=[one.id for one in first])
    found, following = _page(first, wanted, after, limit)
    leads_on(request, response, following)
    return [_line(one) for one in found]


def _page(
    first: tuple[Listed, ...], wanted: Wanted, after: str, limit: int
) -> tuple[list[Listed], str]:
    """Returns a page of `first` and then of what is wanted, and where the next one begins: within
    `first` it says how many of them were shown, since they come in an order of their own.
    """
    shown = _SHOWN.fullmatch(after)
    begins = int(shown[1]) if shown else len(first) if after else 0
    named = first[begins : begins + limit]
    if not shown and (place := place_of(after)):
        wanted = wanted.behind(*place)
    room = limit - len(named)
    found = queues.listed(wanted, room + 1)
    following = found[room - 1].key if 0 < room < len(found) else ""
    if not room and (found or begins + limit < len(first)):
        following = f"named_{begins + limit}"
    return [*named, *found[:room]], following


def _wanted(agent: Agent, q: str, queue: str) -> Wanted:
    if q and queue:
        told = "Give q or queue: is:open, is:mine … stand in q too."
        raise Declined(422, told, errors=[("queue", told)])
    kind, _of, team = queue.partition(":")
    known = team in desk_in_force(agent.desk).teams if kind == "team" else queue in queues.QUEUES
    if queue and not known:
        told = f"There is no queue of this name. There are: {_QUEUES.removesuffix(' …')}."
        raise Declined(422, told, errors=[("queue", told)])
    asked = taken_apart(q)
    if unknown := unknown_operator(asked):
        there_are = ", ".join(f"{name}:" for name in OPERATORS)
        told = f"There is no operator “{unknown}:”. There are: {there_are}."
        raise Declined(422, told, errors=[("q", told)])
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
        version=one.version,
        last_activity_at=datetime.fromtimestamp(one.last_activity, UTC),
        changed_at=datetime.fromtimestamp(one.changed, UTC),
    )


@router.get("/tickets/{number}", auth=Scope("read"), response=TicketWhole, url_name="ticket")
def read_ticket(request: HttpRequest, response: HttpResponse, number: str) -> TicketWhole:
    """One ticket with every due time and why. Its ETag is for `If-Match`."""
    of = ticket_in(request, number)
    response.headers["ETag"] = f'"{of.state.seq}."'  # the rest of it follows in urls.py
    return whole(of)


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
        came_from=_came_from(ticket),
        book_version=ticket.book_version,
        clocks=_clocks(of),
        link=settings.DESKBOOK_SITE_URL + reverse("console-ticket", args=[str(ticket)]),
    )


def _came_from(ticket: Ticket) -> CameFromElsewhere | None:
    found: CameFrom | None = getattr(ticket, "came_from", None)
    return CameFromElsewhere(source=found.source, number=found.number) if found else None


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
