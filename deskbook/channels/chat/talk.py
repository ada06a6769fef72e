"""What the two at a chat do: begin, say, answer, end. Each line is a message on the ticket, stored
as any other is.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest

from deskbook.channels.chat.belonging import TAKES_PART
from deskbook.channels.chat.models import ChatSession
from deskbook.channels.chat.notices import tell
from deskbook.channels.chat.transcript import said
from deskbook.channels.contract import Incoming
from deskbook.channels.way_in import take_in
from deskbook.engine.channels import Channel
from deskbook.people.access import takes_part
from deskbook.people.books import desk_in_force
from deskbook.people.models import Agent, Contact
from deskbook.refusals.refusal import Refused
from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.going_on import goes_on_as
from deskbook.tickets.log import Recorded, recorded_before
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Message, Participant, Ticket
from deskbook.tickets.taking_apart import homes_of
from deskbook.tickets.taking_back import case_taken_back

LINES_A_MINUTE = 60
FORGOTTEN_AFTER = timedelta(hours=24)
"""How long after its end a chat is gone on with from the same device."""
_TOLD_HERE = frozenset({"Answered"})
NOT_THEIRS = "not theirs"
_BY_SECRET = (
    "select s.* from deskbook_chatsession s where s.desk_id = %s and s.token_hash = %s and"
    f" {TAKES_PART}"
)
_LOCKED = (
    f"select s.*, {TAKES_PART} as takes_part from deskbook_chatsession s where s.id = %s for no key"
    " update of s"
)
_CHANGED = ["ticket", "seen_at", "pace_from_at", "paced"]
_CHANGED_STATE = [
    *_CHANGED,
    "state",
    "queued_at",
    "taken_at",
    "ended_at",
    "ended_by",
    "operator",
    "meant_for",
    "passed_at",
]


@dataclass(frozen=True, slots=True)
class Device:
    """What a visitor's browser said of itself."""

    secret: str
    """It chose this, and knows the chat again by it; only its hash is kept."""
    language: str = "en"
    zone: str = ""


def hash_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def chat_of(desk_id: int, secret: str, *, at: datetime) -> ChatSession | None:
    """Returns the chat this secret belongs to; None for a secret nobody has, long after the end,
    and where the visitor has no part in its case any more."""
    # Without Django's joins: each line asks it, and what hangs on a chat is seldom looked at.
    found = list(ChatSession.objects.raw(_BY_SECRET, [desk_id, hash_of(secret)]))
    if not found or (found[0].ended_at and at - found[0].ended_at > FORGOTTEN_AFTER):
        return None
    return found[0]


@transaction.atomic
def begin(
    contact: Contact, channel: Channel, written: Written, device: Device, *, at: datetime
) -> ChatSession:
    """Opens a ticket by the first message and puts the visitor into the queue; the same secret
    again does nothing.

    By the `sender` of that message the visitor is known from then on. Raises Refused.
    """
    known = chat_of(contact.desk_id, device.secret, at=at)
    if known:
        return known
    token_hash = hash_of(device.secret)
    recorded = take_in(Incoming(contact, channel.key, written, at, _beginning(token_hash)))
    session, made = ChatSession.objects.get_or_create(
        token_hash=token_hash,
        defaults={
            "desk": contact.desk,
            "contact": contact,
            "came_as": written.sender,
            "ticket": recorded.ticket,
            "channel": channel.key,
            "language": device.language,
            "zone": device.zone,
            "began_at": at,
            "queued_at": at,
            "seen_at": at,
            "pace_from_at": at,
        },
    )
    if made:
        tell(session)
    return session


def first_words(session: ChatSession) -> str:
    """Returns the text a chat was begun with."""
    begun = recorded_before(_beginning(session.token_hash))
    ids = [one.data["message"] for one in begun.entries if "message" in one.data] if begun else []
    said = Message.objects.filter(pk__in=ids).order_by("pk")
    return said.values_list("text", flat=True).first() or ""


def _beginning(token_hash: str) -> str:
    return f"chat-begun:{token_hash[:40]}"


@transaction.atomic
def leave_message(
    contact: Contact, channel: Channel, written: Written, *, at: datetime, key: str
) -> Recorded:
    """Opens a ticket by a message left when the chat is closed. Raises Refused."""
    return take_in(Incoming(contact, channel.key, written, at, f"chat-left:{key[:40]}"))


@transaction.atomic
def say(
    session: ChatSession, written: Written, *, at: datetime, key: str, watched: bool = False
) -> int:
    """Adds what the visitor wrote and returns the id of its log entry; the same key again returns
    the same.

    A chat that had ended is in the queue again, in its hours; else the message waits on the ticket.
    `watched`: others than the two want to know of it (a bridge), so its reactions are queued.
    Raises Refused.
    """
    [row] = ChatSession.objects.raw(_LOCKED, [session.pk])
    row.desk = session.desk
    _refuse_unless(vars(row)["takes_part"])
    _keep_pace(row, at)
    going_on, own = row.state != ChatSession.State.ENDED, f"chat:{row.pk}:{key}"
    if not going_on and (done := recorded_before(own)):
        return entry_said(done)  # its answer was lost: whoever sends it again does not come back
    recorded = take_in(
        Incoming(
            _contact(row),
            row.channel,
            replace(written, sender=row.came_as),
            at,
            own,
            live=going_on and not watched,
            # Whose rest is read under its lock anyway.
            ticket=Ticket(pk=row.ticket_id, desk=session.desk),
        )
    )
    moved = recorded.ticket.pk != row.ticket_id
    if moved:  # where a merged case goes on, or in a new one
        _refuse_unless(takes_part(session.contact, recorded.ticket))
    row.ticket, row.seen_at = recorded.ticket, max(at, row.seen_at)
    if not going_on and is_open(row, at=at):
        _queue_again(row, at)
    row.save(update_fields=_CHANGED if going_on else _CHANGED_STATE)
    if moved or not going_on:
        tell(row)
    return entry_said(recorded)


@transaction.atomic
def answer(
    session: ChatSession,
    written: Written,
    *,
    at: datetime,
    by: Agent,
    key: str,
    watched: bool = False,
) -> int:
    """Adds what the operator wrote and returns the id of its log entry; the same key again returns
    the same.

    Nobody is mailed while the visitor is there: what they have not got when they leave goes after
    them (jobs/chats.py). `watched` as in `say`. Raises Refused.
    """
    # Ended meanwhile, nobody would be told the answer.
    [row] = ChatSession.objects.raw(_LOCKED, [session.pk])
    if (
        row.operator_id != by.pk
        or row.ticket_id != session.ticket_id
        or not vars(row)["takes_part"]
    ):
        raise Refused("not yours: chat")
    others = (
        Participant.objects.filter(ticket=session.ticket_id)
        .exclude(contact=session.contact_id)
        .exists()
    )
    told_here = row.state != ChatSession.State.ENDED and not others and not watched
    recorded = answer_ticket(
        session.ticket,
        written,
        channel=session.channel,
        seen_to=_TOLD_HERE if told_here else frozenset(),
        at=at,
        by=by,
        key=f"chat-answer:{session.pk}:{key}",
    )
    return entry_said(recorded)


@transaction.atomic
def end(session: ChatSession, by: ChatSession.Ended, *, at: datetime) -> bool:
    """Ends the chat and returns whether it went on before; its ticket goes on as any other."""
    ended = ChatSession.objects.filter(pk=session.pk).exclude(state=ChatSession.State.ENDED)
    if not ended.update(state=ChatSession.State.ENDED, ended_at=at, ended_by=by):
        return False
    tell(session)
    return True


@transaction.atomic
def settle(session: ChatSession, *, at: datetime) -> None:
    """Brings a chat to where its case goes on since it was merged, and one whose visitor has no
    part in its case any more to the case that is theirs, or ends it.
    """
    [row] = ChatSession.objects.raw(_LOCKED, [session.pk])
    ticket: Ticket | None
    if vars(row)["takes_part"]:
        ticket = goes_on_as(row.ticket)
        if ticket.pk == row.ticket_id or not takes_part(row.contact, ticket):
            return
    else:
        ticket = case_taken_back(row.ticket, row.contact)
    if ticket is None:
        end(row, ChatSession.Ended.PARTED, at=at)
        return
    ChatSession.objects.filter(pk=row.pk).update(ticket=ticket)
    tell(row)


@transaction.atomic
def bring_home(people: Collection[int]) -> None:
    """Makes each chat of these people (ids) theirs by whose PEN, number or address its visitor
    came.
    """
    homes = homes_of(people)
    for session in ChatSession.objects.filter(contact__in=people, came_as__in=homes).select_related(
        "contact"
    ):
        visitor = homes[session.came_as]
        if visitor.pk != session.contact.person_id:
            ChatSession.objects.filter(pk=session.pk).update(contact=visitor)
            tell(session)


def read_up_to(session: ChatSession, entry: int, *, by_visitor: bool) -> None:
    """Keeps how far one side has read, and shows it to the other; never backwards."""
    mark = "visitor_read" if by_visitor else "operator_read"
    moved = ChatSession.objects.filter(pk=session.pk, **{f"{mark}__lt": entry}).update(
        **{mark: entry}
    )
    if moved:
        tell(session, read={mark: entry})


def heard_of(session: ChatSession, *, at: datetime, got: int = 0) -> None:
    """Keeps that the visitor is there, and up to which entry they have everything."""
    if got > session.got or session.seen_at < at - ChatSession.GONE_AFTER / 3:
        ChatSession.objects.filter(pk=session.pk).update(seen_at=at, got=Greatest(F("got"), got))


def is_open(session: ChatSession, *, at: datetime) -> bool:
    """Whether the chat takes people in now; one that goes on is never ended by the hour."""
    desk = desk_in_force(session.desk)
    channel = desk.channels.get(session.channel)
    return channel is not None and desk.channel_hours(channel).is_open(at)


def entry_said(recorded: Recorded) -> int:
    """Returns the id of the entry that holds what was said."""
    lines = [entry.pk for entry in recorded.entries if entry.kind in said()]
    return lines[-1] if lines else recorded.entries[-1].pk


def _refuse_unless(theirs: bool) -> None:
    if not theirs:
        raise Refused(NOT_THEIRS)


def _contact(row: ChatSession) -> Contact:
    [contact] = Contact.objects.raw(
        "select * from deskbook_contact where id = %s", [row.contact_id]
    )
    contact.desk = row.desk
    return contact


def _queue_again(row: ChatSession, at: datetime) -> None:
    row.state = ChatSession.State.WAITING
    row.queued_at = at
    row.taken_at = None
    row.ended_at = None
    row.ended_by = ""
    row.operator, row.meant_for, row.passed_at = None, row.operator, at


def _keep_pace(row: ChatSession, at: datetime) -> None:
    if at - row.pace_from_at > timedelta(minutes=1):
        row.pace_from_at, row.paced = at, 0
    row.paced += 1
    if row.paced > LINES_A_MINUTE:
        raise Refused("pace")
