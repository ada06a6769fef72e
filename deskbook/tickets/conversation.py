"""Answers, notes, questions, and what requesters write."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from deskbook.engine.decide_conversation import (
    decide_acknowledge,
    decide_answer_elsewhere,
    decide_ask,
    decide_note,
    decide_outsider_message,
    decide_requester_message,
)
from deskbook.engine.decide_reminder import decide_delivery_failed
from deskbook.engine.decide_stage import decide_answer_and_move
from deskbook.engine.ladder_events import DeliveryFailed
from deskbook.engine.ticket import SYSTEM, Actor
from deskbook.people.books import desk_at
from deskbook.people.models import Agent, Contact
from deskbook.refusals.refusal import Refusal, Refused
from deskbook.tickets.asides import said_before_any_aside
from deskbook.tickets.assignment import store_reason
from deskbook.tickets.awaited import told_apart
from deskbook.tickets.log import Recorded, act, allow, once, perform
from deskbook.tickets.messages import Written, copy_message, store_message
from deskbook.tickets.models import LogEntry, Message, Ticket
from deskbook.tickets.participants import add_participant, change_requester
from deskbook.tickets.senders import accept_sender

NOT_STORED = "0"
"""In place of the message of words that nobody has stored yet: whether they may be said does not
depend on which they are.
"""


@once
def answer_ticket(
    ticket: Ticket,
    written: Written,
    *,
    then_stage: str | None = None,
    channel: str = "console",
    seen_to: frozenset[str] = frozenset(),
    at: datetime,
    by: Agent,
    key: str | None = None,
) -> Recorded:
    """Answers the requester, then moves to `then_stage` if one is named. Raises Refused; then
    neither happens.

    `channel` is where it was written; `seen_to` as in `log.act`.
    """
    message = store_message(
        ticket.desk, ticket, Message.Kind.ANSWER, written, channel=channel, at=at, by=by
    )
    return perform(
        ticket,
        decide_answer_and_move,
        str(message.pk),
        then_stage,
        at=at,
        by=by,
        key=key,
        seen_to=seen_to,
    )


def may_answer(ticket: Ticket, then_stage: str | None, *, at: datetime, by: Agent) -> int:
    """Raises Refused where `answer_ticket` would; otherwise as `log.allow`."""
    return allow(ticket, decide_answer_and_move, NOT_STORED, then_stage, at=at, by=by)


def may_ask(ticket: Ticket, awaited: Sequence[str], *, at: datetime, by: Agent) -> int:
    """Raises Refused where `ask_requester` would; otherwise as `log.allow`."""
    keys, else_ = told_apart(desk_at(ticket.desk_id, ticket.book_version), awaited)
    return allow(ticket, decide_ask, NOT_STORED, keys, else_ and NOT_STORED, at=at, by=by)


@once
def note_on_ticket(
    ticket: Ticket,
    written: Written,
    *,
    channel: str = "console",
    at: datetime,
    by: Agent | Actor,
    key: str | None = None,
) -> Recorded:
    """Adds an internal note; what somebody wrote in another system is by the desk itself, and the
    text says who. Raises Refused.
    """
    author = by if isinstance(by, Agent) else None
    message = store_message(
        ticket.desk, ticket, Message.Kind.NOTE, written, channel=channel, at=at, by=author
    )
    return perform(ticket, decide_note, str(message.pk), at=at, by=by, key=key)


@once
def ask_requester(
    ticket: Ticket,
    written: Written,
    awaited: Sequence[str],
    *,
    at: datetime,
    by: Agent,
    key: str | None = None,
) -> Recorded:
    """Asks the requester for what is awaited and moves to the book's waiting stage. What of it is
    no key (`awaited.py`) is kept apart from the log. Raises Refused.
    """
    message = store_message(
        ticket.desk, ticket, Message.Kind.ANSWER, written, channel="console", at=at, by=by
    )
    keys, else_ = told_apart(desk_at(ticket.desk_id, ticket.book_version), awaited)
    words = store_reason(ticket, else_, at=at, by=by)
    return perform(ticket, decide_ask, str(message.pk), keys, words, at=at, by=by, key=key)


@once
def take_in_message(
    ticket: Ticket,
    written: Written,
    *,
    channel: str,
    at: datetime,
    by: Contact,
    key: str | None = None,
    seen_to: frozenset[str] = frozenset(),
) -> Recorded:
    """Adds what a requester or other participant wrote; the book says what it moves. `seen_to` as
    in `log.act`.

    Raises Refused("closed for good") when the ticket may not come back: the caller opens a new one.
    """
    message = store_message(
        ticket.desk, ticket, Message.Kind.REQUEST, written, channel=channel, at=at, by=by
    )
    return _take_in(ticket, message, at=at, by=by, key=key, seen_to=seen_to)


@once
def take_in_outsider_message(
    ticket: Ticket,
    written: Written,
    *,
    channel: str,
    aside: bool = False,
    at: datetime,
    by: Contact,
    key: str | None = None,
) -> Recorded:
    """Keeps what somebody wrote who takes no part in the ticket: the desk reads it, nobody else,
    and nothing moves. `aside`: it answers what the desk wrote beside the case.

    The owner is told of what is not a machine's. Raises Refused where the ticket takes no notes.
    """
    kept = replace(written, outsider=True)
    kind = Message.Kind.ASIDE if aside else Message.Kind.REQUEST
    message = store_message(ticket.desk, ticket, kind, kept, channel=channel, at=at, by=by)
    return _keep_outside(ticket, message, at=at, by=by, key=key)


@transaction.atomic
def take_back_message(ticket: Ticket, message: Message, *, stays: bool, at: datetime) -> Recorded:
    """Adds to a ticket what was written to it, or by its people, on the one it was merged into, and
    counts it there as theirs.

    What did not count there does not here, nor what a ticket closed for good takes: the desk reads
    it as a note. On the other ticket it is an outsider's from now on, unless it `stays` there.
    """
    copy, author = copy_message(message, ticket), message.author_contact
    if author is None:
        raise ValueError("words of nobody belong to no case")
    if message.outsider:
        return _keep_outside(ticket, copy, at=at, by=author, key=None)
    message.outsider = not stays
    message.save(update_fields=["outsider"])
    try:
        with transaction.atomic():
            return _take_in(ticket, copy, at=at, by=author, key=None)
    except Refused as refused:
        if refused.rule != "closed for good":
            raise
    # A contact's note is shown as an outsider's, and they are none here.
    return perform(ticket, decide_note, str(copy.pk), at=at, by=SYSTEM)


@transaction.atomic
def take_back_answer(
    ticket: Ticket, answered: LogEntry, *, kept_from: Collection[int], at: datetime
) -> Recorded:
    """Adds to a ticket what its people were answered on the one it was merged into (`answered` is
    the entry there), but for these contacts, who do not read it.
    """
    copy = copy_message(Message.objects.get(pk=answered.data["message"]), ticket)
    copy.kept_from = sorted({*copy.kept_from, *kept_from})
    copy.save(update_fields=["kept_from"])
    by = Actor("agent", answered.actor.partition(":")[2], tuple(answered.data.get("teams", ())))
    on = str(answered.ticket)
    return perform(ticket, decide_answer_elsewhere, str(copy.pk), on, answered.at, at=at, by=by)


@once
def accept_outsider(
    ticket: Ticket, contact: Contact, *, at: datetime, by: Agent, key: str | None = None
) -> Recorded | None:
    """Lets somebody in who wrote without taking part: what they wrote counts from now on as a
    participant's does, but for what a machine wrote in their name.

    Returns what the last of their messages moved, None if there was none. Raises Refused; then they
    stay outside.
    """
    # Locked first: of two who let the same person in, the second finds nothing left to do.
    Ticket.objects.select_for_update(no_key=True).get(pk=ticket.pk)
    theirs = Message.objects.filter(automatic="")
    return _let_in_or_refuse(ticket, contact, theirs, at=at, by=by, key=key)


@once
def count_as_answer(
    ticket: Ticket, message: Message, *, at: datetime, by: Agent, key: str | None = None
) -> Recorded | None:
    """Says that what looks like a machine's is an answer: that one message counts from now on as
    its author's.

    Returns what it moved, None where it counts already. Raises Refused; then it goes on moving
    nothing.
    """
    if message.author_contact is None:
        return None
    Ticket.objects.select_for_update(no_key=True).get(pk=ticket.pk)
    which = Message.objects.filter(pk=message.pk)
    return _let_in_or_refuse(ticket, message.author_contact, which, at=at, by=by, key=key)


@once
def let_follow(
    ticket: Ticket, contact: Contact, *, at: datetime, by: Agent, key: str | None = None
) -> Recorded:
    """Lets somebody follow at the desk's word; what they wrote before without taking part counts.
    Raises Refused.
    """
    recorded = add_participant(ticket, contact, at=at, by=by, key=key)
    return _let_in_proven(ticket, contact, at=at, by=by) or recorded


@once
def give_case(
    ticket: Ticket,
    contact: Contact,
    *,
    follows: bool,
    at: datetime,
    by: Agent,
    key: str | None = None,
) -> Recorded:
    """Makes the case somebody's, as `change_requester`; what they wrote before without taking part
    counts.
    """
    recorded = change_requester(ticket, contact, follows=follows, at=at, by=by, key=key)
    return _let_in_proven(recorded.ticket, contact, at=at, by=by) or recorded


def _let_in_or_refuse(
    ticket: Ticket,
    contact: Contact,
    which: QuerySet[Message],
    *,
    at: datetime,
    by: Agent,
    key: str | None,
) -> Recorded | None:
    recorded = _let_in(ticket, contact, which, at=at, by=by, key=key)
    if recorded is None and which.filter(_kept_outside(ticket, contact)).exists():
        raise Refused(Refusal("aside: stays", who=str(contact)))
    return recorded


def _let_in_proven(ticket: Ticket, contact: Contact, *, at: datetime, by: Agent) -> Recorded | None:
    """Who lets a person in says nothing of mails of which it is not proven that they are theirs."""
    theirs = Message.objects.filter(automatic="", unproven="")
    return _let_in(ticket, contact, theirs, at=at, by=by, key=None)


def _let_in(
    ticket: Ticket,
    contact: Contact,
    which: QuerySet[Message],
    *,
    at: datetime,
    by: Agent,
    key: str | None,
) -> Recorded | None:
    # What was said beside the case stays there, whoever is let in, and so does what may quote it.
    theirs = which.filter(_kept_outside(ticket, contact))
    waiting = list(said_before_any_aside(ticket, contact, theirs).order_by("pk"))
    recorded = add_participant(ticket, contact, at=at, by=by) if waiting else None
    for message in waiting:
        accept_sender(message, (), at=at, by=by)
        message.outsider = False
        message.save(update_fields=["outsider"])
        recorded = _take_in(
            ticket, message, at=at, by=contact, key=key if message is waiting[-1] else None
        )
    return recorded


def _kept_outside(ticket: Ticket, contact: Contact) -> Q:
    return Q(ticket=ticket, author_contact=contact, outsider=True)


def acknowledge_ticket(ticket: Ticket, channel: str, *, at: datetime) -> Recorded:
    """Records that the requester was told their case arrived; nothing the second time."""
    return perform(ticket, decide_acknowledge, channel, at=at, by=SYSTEM)


def record_failed_delivery(
    ticket: Ticket,
    message: Message | None,
    *,
    hard: bool,
    to_requester: bool,
    at: datetime,
    discarded_by: Agent | None = None,
) -> Recorded:
    """Records that a message did not reach its recipient; None for words the desk writes of its own
    accord.

    `discarded_by` is who decided that it does not leave, where somebody did.
    """
    who = str(discarded_by.pk) if discarded_by else None
    failed = DeliveryFailed(
        str(message.pk) if message else "", hard, to_requester, discarded_by=who
    )
    return act(
        ticket.pk, lambda desk, state: decide_delivery_failed(desk, state, failed), at=at, by=SYSTEM
    )


def _take_in(
    ticket: Ticket,
    message: Message,
    *,
    at: datetime,
    by: Contact,
    key: str | None,
    seen_to: frozenset[str] = frozenset(),
) -> Recorded:
    facts = (str(message.pk), message.channel)
    return perform(ticket, decide_requester_message, *facts, at=at, by=by, key=key, seen_to=seen_to)


def _keep_outside(
    ticket: Ticket, message: Message, *, at: datetime, by: Contact, key: str | None
) -> Recorded:
    decide = decide_note if message.automatic else decide_outsider_message
    return perform(ticket, decide, str(message.pk), at=at, by=by, key=key)
