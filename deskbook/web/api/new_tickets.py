"""Tickets logged by programs, as the console's “New ticket” does it."""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from ninja import Schema
from pydantic import Field

from deskbook.engine.desk import Desk
from deskbook.people.books import desk_in_force
from deskbook.people.models import Agent
from deskbook.web.acts.act import How
from deskbook.web.acts.subject import Subject
from deskbook.web.api.entering import Scope, agent_in
from deskbook.web.api.once import IdempotencyKey, done_once
from deskbook.web.api.problems import Declined, wrong
from deskbook.web.api.shapes import Line, Text
from deskbook.web.api.tickets import TicketWhole, router, whole
from deskbook.web.console.new_cases.new_ticket import channels_of_new, logged
from deskbook.web.shared.fields import NotUnderstood


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
    """How it reached the desk: a channel of the book, or phone. Without it phone, where the book
    has no channels or has phone among them; else the first it has.
    """
    severity: Line = ""
    facets: dict[Line, Line] = Field(default_factory=dict)
    """As the book names them: type, category, place …"""
    fields: dict[Line, Text] = Field(default_factory=dict)
    """The book's own fields."""
    promised_by_at: datetime | None = None
    """When the requester is told it will be done."""


@router.post("/tickets", auth=Scope("write"), response={201: TicketWhole})
def open_ticket(
    request: HttpRequest, asked: NewTicket, idempotency_key: IdempotencyKey = None
) -> HttpResponse:
    """Logs a ticket for somebody; who is unknown by that address or number becomes a contact."""
    agent = agent_in(request)
    given = _as_typed(agent, asked)

    def do(how: How) -> TicketWhole:
        try:
            ticket = logged(agent, given, how["key"], at=how["at"])
        except NotUnderstood as wrong_fields:
            told = {_SENT_AS.sub(_sent_as, n): t for n, t in wrong_fields.message_dict.items()}
            raise wrong(told) from None
        return whole(Subject(ticket, agent))

    answer = done_once(request, do, status=201)
    made = json.loads(answer.content)
    answer.headers["Location"] = f"{settings.DESKBOOK_SITE_URL}/api/v1/tickets/{made['number']}"
    answer.headers["ETag"] = f'"{made["version"]}."'
    return answer


_SENT_AS = re.compile(r"^(facet|field)(?=\.)|^timeline$")


def _sent_as(found: re.Match[str]) -> str:
    """A field of the console's form, as a program sends it."""
    return f"{found[1]}s" if found[1] else "promised_by_at"


def _as_typed(agent: Agent, asked: NewTicket) -> dict[str, str]:
    """What the console's form would have sent; what the book does not have is refused."""
    desk = desk_in_force(agent.desk)
    if unknown := [*_not_of_the_book(desk, asked)]:
        detail = " ".join(f"{name}: {told}" for name, told in unknown)
        raise Declined(422, detail, errors=unknown)
    given = asked.model_dump(include={"requester", "name", "subject", "text", "severity"})
    given |= {f"facet.{key}": value for key, value in asked.facets.items()}
    given |= {f"field.{key}": value for key, value in asked.fields.items()}
    by_default = "phone" if "phone" in desk.channels else next(iter(desk.channels), "phone")
    given["channel"] = asked.channel or by_default
    if asked.promised_by_at:
        given["timeline"] = asked.promised_by_at.isoformat()
    return given


def _not_of_the_book(desk: Desk, asked: NewTicket) -> Iterator[tuple[str, str]]:
    """Yields what was sent and the book does not have, and what it has."""
    channels, severities = channels_of_new(desk), [*desk.severities]
    if asked.channel and asked.channel not in channels:
        yield "channel", _there_are("channel", channels)
    if asked.severity and asked.severity not in severities:
        yield "severity", _there_are("severity", severities)
    for name in asked.fields:
        if name not in (known := [field.key for field in desk.fields]):
            yield f"fields.{name}", _there_are("field", known)
    for name, value in asked.facets.items():
        if name not in desk.facets:
            yield f"facets.{name}", _there_are("facet", desk.facets)
        elif value and value not in (values := desk.facets[name].values):
            yield f"facets.{name}", _there_are(name, values)


def _there_are(what: str, known: Iterable[str]) -> str:
    named_here = ", ".join(known)
    has = f"It has {named_here[:1_000]}." if named_here else "It has none."
    return f"The book has no such {what}. {has}"
