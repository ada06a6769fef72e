"""Writing down a call: who it was, what they said, and how it goes on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from deskbook.channels.contract import Incoming
from deskbook.channels.phone.models import Call
from deskbook.channels.way_in import take_in
from deskbook.engine.decide_stage import allowed_moves
from deskbook.engine.desk import Desk
from deskbook.people.agents import language_of
from deskbook.people.books import desk_at, desk_in_force
from deskbook.people.contacts import add_way, contact_by, normal_identifier
from deskbook.people.merging import person, same_person
from deskbook.people.models import Agent, Contact
from deskbook.refusals.refusal import Refused
from deskbook.tickets.call_backs import Ring, promise_call_back
from deskbook.tickets.conversation import (
    acknowledge_ticket,
    answer_ticket,
    ask_requester,
    note_on_ticket,
)
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket
from deskbook.tickets.opening import NewCase, open_ticket
from deskbook.tickets.state import state_of

HEARD = frozenset({"Answered"})
"""What is said on the phone is not mailed as well."""
Outcome = Literal["open", "solved", "mail", "call back"]


@dataclass(frozen=True, slots=True)
class Spoken:
    """One call as an agent wrote it down."""

    caller: Contact
    text: str
    subject: str = ""
    ticket: Ticket | None = None
    """The open case it was about; None begins a new one."""
    facets: Mapping[str, str] = field(default_factory=dict)
    severity: str | None = None
    outcome: Outcome = "open"
    told: str = ""
    """What the caller was told, or is asked for by mail."""
    ring: Ring | None = None
    """Whom to call back; needed for that outcome."""
    call: Call | None = None
    """The call the telephone system told of."""
    sender: str = ""
    """The number, PEN or address by which it is known who called, of which the caller has it."""


@transaction.atomic
def log_call(spoken: Spoken, *, at: datetime, by: Agent, key: str) -> Ticket:
    """Writes a call down as a new case or on an open one, does what was agreed, and returns the
    case.

    Raises Refused; then nothing of it happened. The same key again returns the same case.
    """
    ticket = _written_down(spoken, at=at, by=by, key=key)
    if spoken.outcome == "solved":
        _solve(ticket, spoken, at=at, by=by, key=f"{key}:a")
    elif spoken.outcome == "mail":
        _go_on_by_mail(ticket, spoken, at=at, by=by, key=f"{key}:a")
    elif spoken.told.strip():  # typed for an outcome that was then not chosen
        note_on_ticket(ticket, Written(_told(spoken, by)), at=at, by=by, key=f"{key}:n")
    if spoken.outcome == "call back" and spoken.ring:
        promise_call_back(ticket, spoken.ring, at=at, by=by, key=f"{key}:a")
    if spoken.call:
        settled = Call.objects.filter(pk=spoken.call.pk, desk=by.desk_id)
        settled.update(ticket=ticket, contact=spoken.caller, settled_at=at)
    return ticket


def phone_channel(desk: Desk) -> str:
    """Returns the key of the book's phone channel; "phone" where it names none and people ring all
    the same.
    """
    channel = desk.channel_of("phone")
    return channel.key if channel else "phone"


def keep_way(contact: Contact, channel: str, identifier: str, *, by: Agent) -> bool:
    """Makes an address or number one of the contact's; False when it is somebody else's, and stays
    theirs.

    Raises WayRefused where it may not be.
    """
    stored = normal_identifier(channel, identifier)
    known = contact_by(contact.desk, channel, stored)
    if known is None:
        try:
            add_way(person(contact), channel, stored, by=by)
            return True
        except IntegrityError:  # two agents at once: the other was first
            known = contact_by(contact.desk, channel, stored)
    return known is not None and known.pk in same_person(contact)


def _written_down(spoken: Spoken, *, at: datetime, by: Agent, key: str) -> Ticket:
    channel = phone_channel(desk_in_force(by.desk))
    if spoken.ticket is None:
        case = NewCase(
            spoken.subject,
            Written(spoken.text, sender=spoken.sender),
            channel,
            severity=spoken.severity,
            facets=dict(spoken.facets),
        )
        return open_ticket(spoken.caller, case, at=at, by=by, key=key).ticket
    said = Written(
        spoken.text, match_reason=f"Said by phone, written down by {by}.", sender=spoken.sender
    )
    incoming = Incoming(
        spoken.caller, channel, said, at, key, subject=spoken.subject, ticket=spoken.ticket
    )
    return take_in(incoming).ticket


def _told(spoken: Spoken, by: Agent) -> str:
    with translation.override(language_of(by)):
        return _("Said on the phone: {told}").format(told=spoken.told.strip())


def _solve(ticket: Ticket, spoken: Spoken, *, at: datetime, by: Agent, key: str) -> None:
    """Records what was said as the answer, and moves to the book's first solved stage that asks for
    nothing more.
    """
    text = spoken.told.strip() or "Solved on the phone."
    stage = _solved_stage(ticket)
    channel = phone_channel(desk_at(ticket.desk_id, ticket.book_version))
    answer_ticket(
        ticket,
        Written(text),
        then_stage=stage,
        channel=channel,
        seen_to=HEARD,
        at=at,
        by=by,
        key=key,
    )


def _solved_stage(ticket: Ticket) -> str | None:
    desk, state = desk_at(ticket.desk_id, ticket.book_version), state_of(ticket)
    reached = [
        stage
        for stage in allowed_moves(desk, state)
        if stage.solved and not stage.closed and not stage.needs
    ]
    if not reached:
        raise Refused("no solved stage")
    return reached[0].key


def _go_on_by_mail(ticket: Ticket, spoken: Spoken, *, at: datetime, by: Agent, key: str) -> None:
    """Mails the caller what to send; their answer lands on this case, by its address or on its
    page.
    """
    with translation.override(spoken.caller.language or "en"):
        lines = [
            _("You called us about “{subject}”. Its number is {number}.").format(
                subject=ticket.subject, number=ticket
            ),
            spoken.told.strip(),
            _(
                "Please send us the details, and any papers, as an answer to this mail or on the"
                " page of the case."
            ),
        ]
    written = Written("\n\n".join(line for line in lines if line))
    desk = desk_at(ticket.desk_id, ticket.book_version)
    if desk.stage_set_by("asking"):
        ask_requester(ticket, written, ["details"], at=at, by=by, key=key)
    else:
        answer_ticket(ticket, written, at=at, by=by, key=key)
    if spoken.ticket is None:
        # The mail says the number: an acknowledgement would be a second one beside it.
        by_mail = desk.channel_of("email")
        acknowledge_ticket(ticket, by_mail.key if by_mail else "email", at=at)
