"""What was written on a ticket, with its files; and answering, asking, noting."""

from collections.abc import Iterable
from datetime import datetime
from typing import Literal

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Router, Schema
from pydantic import Field

from deskbook.people.access import NoAccess, visible_to_agent
from deskbook.tickets.conversation import note_on_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Attachment, Message, Ticket
from deskbook.tickets.sendings import say
from deskbook.tickets.stages import move_ticket
from deskbook.web.acts.act import How
from deskbook.web.acts.doing import part_of
from deskbook.web.api.acts import Done
from deskbook.web.api.entering import Scope, agent_in
from deskbook.web.api.once import IdempotencyKey, IfMatch, as_seen, done_once
from deskbook.web.api.shapes import Cursor, Line, Text, leads_on, place_of
from deskbook.web.api.tickets import ticket_in
from deskbook.web.files import sent
from deskbook.web.shared.paging import page_behind

router = Router(tags=["messages"])
PAGE = 50
_DONE = {"answer": "Answered.", "note": "Noted.", "question": "Asked."}


class FileLine(Schema):
    id: int
    name: str
    type: str
    size: int
    address: str
    """Where its bytes are asked for."""


class MessageLine(Schema):
    """What somebody wrote."""

    id: int
    kind: str
    """request, answer, note, aside, reason, promise, system."""
    at: datetime
    author: str
    """Empty for the desk itself."""
    by_desk: bool
    channel: str
    text: str
    formatted: bool
    """The text is Markdown."""
    outsider: bool
    """Written by somebody who takes no part in the ticket."""
    files: list[FileLine]


class NewMessage(Schema):
    """What is written on a ticket."""

    model_config = {"extra": "forbid"}

    act: Literal["answer", "note", "question"]
    text: Text
    formatted: bool = False
    """The text is Markdown: bold, lists, links, quotes and code; else it is shown as it stands."""
    stage: Line = ""
    """Where the ticket moves with it: a key of the book, of an answer or a note."""
    awaited: list[Line] = Field(default_factory=list, max_length=20)
    """What a question waits for."""


@router.get("/tickets/{number}/messages", auth=Scope("read"), response=list[MessageLine])
def messages(
    request: HttpRequest, response: HttpResponse, number: str, after: Cursor = ""
) -> list[MessageLine]:
    """All that was written on a ticket, the first of it first."""
    rows = Message.objects.filter(ticket=ticket_in(request, number).ticket)
    rows = rows.select_related("author_user", "author_contact").defer("html", "quoted")
    rows = rows.prefetch_related("attachments__blob")
    place_of(after)  # what is no cursor is said, and not taken for none
    found, following = page_behind(rows, "at", after, PAGE, first=True)
    leads_on(request, response, following)
    return [_line(one) for one in found]


def _line(one: Message) -> MessageLine:
    author = one.author_user or one.author_contact
    return MessageLine(
        id=one.pk,
        kind=one.kind,
        at=one.at,
        author=str(author) if author else "",
        by_desk=one.author_contact_id is None,
        channel=one.channel,
        text=one.text,
        formatted=one.formatted,
        outsider=one.outsider,
        files=list(_files(one.attachments.all())),
    )


def _files(rows: Iterable[Attachment]) -> Iterable[FileLine]:
    for file in rows:
        place = reverse("api-v1:api-file", args=[file.pk])
        yield FileLine(
            id=file.pk,
            name=file.name,
            type=file.content_type,
            size=file.blob.size,
            address=settings.DESKBOOK_SITE_URL + place,
        )


@router.post("/tickets/{number}/messages", auth=Scope("write"), response={201: Done})
def write(
    request: HttpRequest,
    number: str,
    asked: NewMessage,
    idempotency_key: IdempotencyKey = None,
    if_match: IfMatch = None,
) -> HttpResponse:
    """Answers the requester, asks them, or notes something for the desk. It leaves at once."""
    of = ticket_in(request, number)

    def do(how: How) -> Done:
        with as_seen(request, of.ticket):
            _say(of.ticket, asked, how)
        of.ticket.refresh_from_db(fields=["seq"])
        return Done(ticket=number, version=of.ticket.seq, done=_DONE[asked.act])

    return done_once(request, do, status=201)


def _say(ticket: Ticket, asked: NewMessage, how: How) -> None:
    if asked.act != "note":
        say(ticket, {**asked.model_dump(), "files": []}, **how)
        return
    note_on_ticket(ticket, Written(asked.text, formatted=asked.formatted), **how)
    if asked.stage:
        move_ticket(ticket, asked.stage, **part_of(how, "stage"))


@router.get(
    "/files/{int:file}",
    auth=Scope("read"),
    url_name="api-file",
    openapi_extra={
        "responses": {
            200: {"description": "Its bytes", "content": {"application/octet-stream": {}}}
        }
    },
)
def file(request: HttpRequest, file: int) -> HttpResponse:
    """The bytes of a file of a message."""
    agent = agent_in(request)
    rows = Attachment.objects.select_related("message", "blob").filter(message__desk=agent.desk_id)
    found = rows.filter(pk=file).first() if file < 2**63 else None
    if found is None or found.message.ticket_id is None:
        raise NoAccess("no such file")
    tickets = Ticket.objects.filter(pk=found.message.ticket_id)
    if not visible_to_agent(agent, tickets).exists():
        raise NoAccess("no such file")
    answer = sent(found)
    answer.headers["Content-Type"] = "application/octet-stream"
    return answer
