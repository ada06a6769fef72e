"""Logging a case for somebody who called, came by, or whose mail could not be read."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from deskbook.channels.all import sorts_of_left_over
from deskbook.channels.email.addressees import why_unanswerable
from deskbook.channels.email.copied import answers_elsewhere, not_copied_in
from deskbook.channels.email.mail import ParsedMail
from deskbook.channels.email.mailboxes import ours_of
from deskbook.channels.email.models import InboundMail
from deskbook.channels.email.set_aside import (
    beginning_of,
    file_by_hand,
    files_of,
    read_again,
    set_aside,
)
from deskbook.channels.email.writer import writer_of
from deskbook.channels.phone.callers import desk_region
from deskbook.delivery.left_over import LeftOver
from deskbook.engine.desk import Desk
from deskbook.people.books import desk_in_force
from deskbook.people.contacts import way_typed
from deskbook.people.models import Agent, Contact
from deskbook.people.moments import zone_name
from deskbook.people.refusals import in_words
from deskbook.refusals.refusal import Refused
from deskbook.tickets.log import recorded_before
from deskbook.tickets.messages import LONGEST_TEXT, File, Written
from deskbook.tickets.models import Draft, Message, Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.promises import make_promise
from deskbook.web.acts.act import client_key
from deskbook.web.acts.whom import named_or_typed
from deskbook.web.console.shared.frame import screen
from deskbook.web.console.shared.rows import ticket_url
from deskbook.web.console.shared.typed import Typed, instant_typed, typed
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.fields import NotUnderstood
from deskbook.web.told import channel_title, facet_title, severity_title

SUBJECT = 80
"""Characters of what came that a subject begins with."""


@dataclass(frozen=True, slots=True)
class Choice:
    name: str
    title: str
    options: tuple[tuple[str, str], ...]
    start: str
    required: bool


@require_http_methods(["GET", "POST"])
@for_agents
def new_ticket(request: HttpRequest, agent: Agent) -> HttpResponse:
    """The form, or the case logged from it; what cannot be logged comes back as it was typed."""
    if request.method == "GET":
        return _form(request, agent, _started(request, agent))
    try:
        ticket = _log(request, agent, at=timezone.now())
    except NotUnderstood as problem:
        return _form(request, agent, typed(request, "new", errors=problem.errors), status=422)
    except Refused as refused:
        return _form(request, agent, typed(request, "new", refusal=in_words(refused)), status=409)
    messages.success(request, _("Logged as %(ticket)s.") % {"ticket": ticket})
    Draft.objects.filter(user=agent.user, place=_draft_place(agent)).delete()
    answer = HttpResponseRedirect(ticket_url(ticket, {}))
    answer.set_cookie(
        "accepted", _draft_place(agent).replace(" ", "%20"), max_age=60, samesite="Lax"
    )
    return answer


def _form(request: HttpRequest, agent: Agent, form: Typed, status: int = 200) -> HttpResponse:
    desk = desk_in_force(agent.desk)
    return screen(
        request,
        agent,
        "new.html",
        current="new",
        status=status,
        desk_key=agent.desk.key,
        form=form,
        choices=tuple(choices_of(desk)),
        zone=zone_name(timezone.localtime()),
        fields=desk.fields,
        draft=_draft_place(agent),
        mail=form.values["mail"],
        files=[file.name for file in _files_of(agent, form.values["mail"])],
    )


def choices_of(desk: Desk) -> Iterator[Choice]:
    """Returns what a case is sorted by as it is logged: channel, severity, the book's facets, each
    with its start.
    """
    channels = tuple((c, channel_title(c, desk)) for c in _channels(desk))
    yield Choice("channel", _("How it reached us"), channels, channels[0][0], True)
    if desk.severities:
        options = tuple((s.key, severity_title(s)) for s in desk.severities.values())
        yield Choice(
            "severity", desk.severity_word.capitalize(), options, desk.default_severity or "", False
        )
    for facet in desk.facets.values():
        options = tuple(facet.values.items())
        yield Choice(
            f"facet.{facet.key}", facet_title(facet), options, facet.default or "", facet.required
        )


def _channels(desk: Desk) -> tuple[str, ...]:
    return tuple(dict.fromkeys(["phone", *desk.channels]))


def _started(request: HttpRequest, agent: Agent) -> Typed:
    """A fresh form; one about a mail that became no ticket begins with what is known of it."""
    left = _left(agent, request.GET.get("left", ""))
    if left:
        return Typed(values=defaultdict(str, _begun(agent, left)))
    mail = _mail(agent, request.GET.get("mail", ""))
    if mail is None:
        draft = Draft.objects.filter(user=agent.user, place=_draft_place(agent)).first()
        return Typed(
            values=defaultdict(str, {"text": draft.fields.get("text", "")} if draft else {})
        )
    read = read_again(mail)
    start = {
        "mail": str(mail.pk),
        "channel": "email",
        "subject": read.subject if read else mail.subject,
        "requester": _writer(agent, mail, read),
        "text": read.text[:LONGEST_TEXT] if read else _beginning(mail),
    }
    return Typed(values=defaultdict(str, start))


def _left(agent: Agent, choice: str) -> LeftOver | None:
    """What came otherwise than by mail and is left over, for who makes a ticket of it."""
    key, _space, number = choice.partition(" ")
    sort = sorts_of_left_over().get(key)
    if sort is None or sort.begins is None or not _digits(number):
        return None
    row = sort.rows(agent).filter(pk=_digits(number)).first()
    return LeftOver(sort, row, getattr(row, sort.at)) if row else None


def _begun(agent: Agent, left: LeftOver) -> dict[str, str]:
    assert left.sort.begins  # `_left` looked
    begins = left.sort.begins(left.row)
    channel = desk_in_force(agent.desk).channel_of(begins.channel)
    words = " ".join(begins.text.split())
    return {
        "left": f"{left.sort.key} {left.row.pk}",
        "channel": channel.key if channel else "phone",
        "subject": words if len(words) <= SUBJECT else words[: SUBJECT - 1].rstrip() + "…",
        "requester": begins.requester,
        "text": begins.text[:LONGEST_TEXT],
    }


def _mail(agent: Agent, typed_number: str) -> InboundMail | None:
    number = _digits(typed_number)
    return set_aside(agent).filter(pk=number).first() if number else None


def _files_of(agent: Agent, typed_number: str) -> list[File]:
    """What comes with a case that is made of a mail."""
    mail = _mail(agent, typed_number)
    read = read_again(mail) if mail else None
    return files_of(read) if read else []


def _writer(agent: Agent, mail: InboundMail, read: ParsedMail | None) -> str:
    """Who wrote it, for the field of the requester; nobody where it says it is from the desk
    itself.
    """
    envelope = mail.envelope_from.strip("<>")
    if read is None:
        return mail.sender or envelope
    ours = ours_of(agent.desk)
    address = writer_of(read, ours).address
    if ours.wrote(address.addr):
        return ""
    return (
        envelope if why_unanswerable(address.addr) else f"{address.name} <{address.addr}>".strip()
    )


def _beginning(mail: InboundMail) -> str:
    return beginning_of(mail, 20_000).decode(errors="replace") if mail.may_be_read else ""


@transaction.atomic
def _timeline(given: QueryDict, at: datetime) -> datetime | None:
    text = str(given.get("timeline", ""))
    timeline = instant_typed(text, "timeline") if text else None
    if timeline and timeline <= at:
        raise NotUnderstood(timeline=_("This time is over: give a later one."))
    return timeline


def _log(request: HttpRequest, agent: Agent, *, at: datetime) -> Ticket:
    desk, given = desk_in_force(agent.desk), request.POST
    problems = dict(_missing(desk, given))
    if problems:
        raise NotUnderstood(**problems)
    if before := recorded_before(client_key(request)):
        # Sent twice: nobody known by name is made a second time.
        return before.ticket
    requester = named_or_typed(agent, given.get("requester", ""), given.get("name", ""))
    facets = {key: str(given[f"facet.{key}"]) for key in desk.facets if given.get(f"facet.{key}")}
    mail, left = _mail(agent, given.get("mail", "")), _left(agent, given.get("left", ""))
    files = _files_of(agent, given.get("mail", ""))
    written = Written(text_typed(desk, given), files=files, sender=_way_of(requester, given))
    case = NewCase(
        given.get("subject", ""),
        written,
        given.get("channel", "phone"),
        severity=given.get("severity") or None,
        facets=facets,
    )
    timeline = _timeline(given, at)
    ticket = open_ticket(requester, case, at=at, by=agent, key=client_key(request)).ticket
    if timeline:
        # Given at triage, it is a promise like any other: it has a clock, and the requester reads
        # it.
        with translation.override(requester.language or "en"):
            words = _("Tentative timeline")
        make_promise(ticket, words, timeline, at=at, by=agent, key=client_key(request, "timeline"))
    if mail:
        file_by_hand(mail, _saying_who_is_named(ticket, read_again(mail)), by=agent)
    if left and left.sort.file:
        left.sort.file(left.row, ticket.messages.order_by("pk")[0], at)
    return ticket


def _saying_who_is_named(ticket: Ticket, mail: ParsedMail | None) -> Message:
    """Returns the first message, which says whom the mail it was made of names beside the desk."""
    message = ticket.messages.order_by("pk")[0]
    if mail:
        elsewhere = answers_elsewhere(ticket.desk, ticket.requester, mail)
        message.mended = [*message.mended, *not_copied_in(ticket, (*mail.to, *mail.cc)), *elsewhere]
        message.save(update_fields=["mended"])
    return message


def _way_of(requester: Contact, given: Any) -> str:
    return way_typed(requester, given.get("requester", ""), region=desk_region(requester.desk))


def _missing(desk: Desk, given: Any) -> Iterator[tuple[str, str]]:
    if not given.get("requester", "").strip() and not given.get("name", "").strip():
        yield "requester", _("Say who it is for: a name, an address or a number.")
    if not given.get("text", "").strip() and not given.get("subject", "").strip():
        yield "text", _("Say what it is about.")
    if given.get("channel", "phone") not in _channels(desk):
        yield "channel", _("Choose one of the answers.")
    for facet in desk.facets.values():
        if facet.required and not given.get(f"facet.{facet.key}"):
            yield f"facet.{facet.key}", _("Choose one: the book asks for it.")
    for field in desk.fields:
        if field.required and not given.get(f"field.{field.key}", "").strip():
            yield f"field.{field.key}", _("The book asks for this.")


def text_typed(desk: Desk, given: Any) -> str:
    """Returns the text with what was typed in the book's own fields under it."""
    told = [(field.title, given.get(f"field.{field.key}", "").strip()) for field in desk.fields]
    more = "\n".join(f"{title}: {text}" for title, text in told if text)
    return "\n\n".join(
        part for part in (given.get("text", "").replace("\r\n", "\n").strip(), more) if part
    )


def _draft_place(agent: Agent) -> str:
    return f"new ticket {agent.desk_id}"


def _digits(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else 0
