"""Handing queued mail to the server: never to a dead address, tried again for as long as it is not
the recipient's fault (docs/decisions/0006).
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from procrastinate.contrib.django import app

from deskbook.channels.all import carrying
from deskbook.channels.email.budgets import (
    ACKNOWLEDGEMENT,
    BY_A_PERSON,
    WAITS_AT_MOST,
    full_budget,
)
from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.smtp import Outcome as Said
from deskbook.channels.email.smtp import hand_over
from deskbook.channels.email.trouble import (
    end_trouble,
    keep_back_refused,
    note_trouble,
    pausing,
    present_trouble,
)
from deskbook.delivery.order import send_in_order
from deskbook.delivery.outbox import (
    InHand,
    Outcome,
    TryAgain,
    settle,
    taken_in_hand,
    to_take,
    too_late,
)
from deskbook.delivery.states import LEAVES_BY_ITSELF, State
from deskbook.people.books import desk_in_force
from deskbook.people.contacts import addresses_to_write_to
from deskbook.people.duty import works_at_a_desk
from deskbook.people.merging import person, ways_of_each
from deskbook.people.models import Contact
from deskbook.people.prepared import Prepared, among, anything
from deskbook.refusals.kept import kept
from deskbook.tickets.followers import used_by
from deskbook.tickets.models import Ticket
from deskbook.tickets.not_arrived import record_not_arrived
from deskbook.tickets.reminders import (
    is_reminder,
    record_came_back,
    record_left,
    tell_another_way,
)

TRIED_FOR = timedelta(days=3)
"""How long a mail is tried again that the server does not take (RFC 5321, 4.5.4.1). The time in
which it takes none at all does not count: that is nothing about the mail.
"""
REFUSED_FOR = timedelta(hours=1)
"""How long one is that the server refuses for good (5xx) for what is in it, while it refuses nobody
else's.
"""
HARD_BOUNCE_LASTS = timedelta(days=30)
WAITING_JOB = "send_waiting_mail"
ANOTHER_WAY_JOB = "carry_email_another_way"


def deliver(outbound_id: int, *, at: datetime | None = None) -> OutboundMail:
    """Sends one queued mail and returns its row; one that is not queued any more is left alone.

    To an address that bounced it is held for a person. Raises TryAgain, with the attempt recorded,
    when the server cannot take it for now or a budget is used up.
    """
    at = at or datetime.now(UTC)
    with taken_in_hand(partial(_TO_TAKE.first, pk=outbound_id), at=at) as taken:
        if taken:
            _deliver(taken)
    row = taken.row if taken else _MAILS.get(pk=outbound_id)
    if row.state in LEAVES_BY_ITSELF:
        raise TryAgain(
            row.reason or "Another worker has it in hand.", row.next_try_at if taken else None
        )
    return row


_MAILS = OutboundMail.objects.select_related("ticket__desk", "entry")
_TO_TAKE = Prepared(
    lambda pk, at, passed: to_take(_MAILS.filter(pk=pk), at=at, passed=passed), "pk", "at", "passed"
)


def deliver_in_turn(outbound_id: int) -> None:
    """Does the same, after what is to leave before it: while the server takes no mail at all, too,
    since whichever is tried first when it does leaves first.
    """
    send_in_order(
        OutboundMail,
        "recipient",
        outbound_id,
        deliver,
        at=datetime.now(UTC),
        waits_for_all=Q(kept_back=True),
    )


def _deliver(taken: InHand[OutboundMail]) -> None:
    row, at = taken.row, taken.at
    hindrance = _hindrance(taken)
    trouble = None if hindrance else pausing(at=at)
    if hindrance:
        _record(taken, hindrance)
    elif trouble:
        row.kept_back = True
        _record(taken, Outcome(State.WAITING, trouble.reason, untried=True))
    else:
        said = hand_over(row.envelope_from, row.recipient, bytes(row.raw))
        _learn(taken, said)


def _hindrance(taken: InHand[OutboundMail]) -> Outcome | None:
    """Why a mail does not leave now, before any server is asked."""
    row, at = taken.row, taken.at
    row.kept_back = False
    late = too_late(row, row.entry, row.purpose)
    if late:
        return late
    held = _why_held(row, at)
    if held:
        return Outcome(State.HELD, held)
    full = full_budget(row, at=at)
    if full and at > row.queued_at + WAITS_AT_MOST:
        return Outcome(State.HELD, kept("held.waited", why=full.reason))
    if full:
        return Outcome(
            State.WAITING, kept("held.later", why=full.reason), full.until_at, untried=True
        )
    return None


def _why_held(row: OutboundMail, at: datetime) -> str | None:
    """Why a person has to look before this leaves; nobody is asked twice."""
    if row.released_by:
        return None
    if row.purpose not in BY_A_PERSON and is_dead(row.recipient, at=at):
        return kept("held.dead", recipient=row.recipient)
    if row.purpose == ACKNOWLEDGEMENT and _ACKNOWLEDGED.finds(
        recipient=row.recipient, ticket=row.ticket_id, pk=row.pk
    ):
        return kept("held.acknowledged", recipient=row.recipient, ticket=str(row.ticket))
    return None


_ACKNOWLEDGED = Prepared(
    lambda recipient, ticket, pk: anything(
        OutboundMail.objects.filter(
            recipient=recipient, ticket=ticket, purpose=ACKNOWLEDGEMENT
        ).exclude(pk=pk)
    ),
    "recipient",
    "ticket",
    "pk",
)


def is_dead(address: str, *, at: datetime) -> bool:
    """Whether mail to an address came back for good lately, and none was taken since."""
    return bool(dead_among([address], at=at))


def dead_among(addresses: Collection[str], *, at: datetime) -> set[str]:
    """Returns those of the addresses that are dead, as `is_dead` says, in one question."""
    if not addresses:
        return set()
    return {
        recipient
        for recipient, since_at, taken_at in _CAME_BACK.columns(
            addresses=list(addresses), since=at - HARD_BOUNCE_LASTS
        )
        if taken_at is None or taken_at <= since_at
    }


_TAKEN = OutboundMail.objects.filter(recipient=OuterRef("recipient"), state=State.HANDED_OVER)
_CAME_BACK = Prepared(
    lambda addresses, since: (
        OutboundMail.objects.filter(
            among("deskbook_outboundmail.recipient", addresses),
            state=State.BOUNCED,
            hard=True,
            queued_at__gt=since,
        )
        .order_by("recipient", "-queued_at")
        .distinct("recipient")
        .values_list(
            "recipient",
            Coalesce("ended_at", "queued_at"),
            Subquery(_TAKEN.order_by("-sent_at").values("sent_at")[:1]),
        )
    ),
    "addresses",
    "since",
)


def _outcome(row: OutboundMail, said: Said) -> Outcome:
    if said.fault is None:
        return Outcome(State.HANDED_OVER)
    if said.fault == "recipient":
        return Outcome(State.BOUNCED, said.said)
    if said.fault == "server":
        return Outcome(State.WAITING, said.said)
    of_itself = said.fault == "mail" and said.is_final and not present_trouble()
    tried_for = REFUSED_FOR if of_itself else TRIED_FOR
    return Outcome(State.WAITING, said.said, tried_for=tried_for, may_be_there=said.may_be_there)


@transaction.atomic
def _learn(taken: InHand[OutboundMail], said: Said) -> None:
    """Records what came of a mail, and what it tells of all: a refusal of what is in it tells
    nothing, unless it is one of many.
    """
    row, at = taken.row, taken.at
    row.hard = said.fault == "recipient"
    of_us = said.is_final and present_trouble() is not None
    row.kept_back = said.fault in ("server", "us") or (said.fault == "mail" and of_us)
    _record(taken, _outcome(row, said))
    if said.fault is None and end_trouble(at=at):
        app.configure_task(WAITING_JOB, queue="mail").defer()
    elif said.fault == "server" or (said.fault == "us" and said.is_final):
        note_trouble(said.said, stops=said.fault == "server", refused=said.is_final, at=at)
    elif said.fault == "mail" and said.is_final and keep_back_refused(at=at):
        note_trouble(said.said, stops=False, refused=True, at=at)


@transaction.atomic
def _record(taken: InHand[OutboundMail], outcome: Outcome) -> None:
    row, state = taken.row, settle(taken, outcome, "kept_back", "hard")
    if state is None:  # a bounce was here first
        return
    if state == State.HANDED_OVER:
        record_left(row.entry, row.purpose, at=taken.at)
    elif state == State.HELD:
        # Who was not told is told by another way, if there is one
        tell_another_way(row.entry, row.purpose)
    elif state in (State.BOUNCED, State.GIVEN_UP):
        _say_not_arrived(row, at=taken.at)


@transaction.atomic
def fail(row: OutboundMail, reason: str, *, hard: bool, at: datetime) -> None:
    """Marks a mail that came back, and says so on its ticket, once: a server may report twice, and
    anybody can send more of that.

    `hard` when there is no such address; that may be learned later.
    """
    now = OutboundMail.objects.select_for_update(no_key=True, of=("self",)).get(pk=row.pk)
    was_over = now.state in (State.BOUNCED, State.GIVEN_UP)
    row.state, row.hard = State.BOUNCED, (now.hard and was_over) or hard
    if not was_over:
        row.reason, row.ended_at, row.next_try_at = reason, at, None
    elif not hard:
        row.state = State(now.state)
    row.save(update_fields=["state", "hard", "reason", "ended_at", "next_try_at"])
    if not was_over:
        _say_not_arrived(row, at=at)


def _say_not_arrived(row: OutboundMail, *, at: datetime) -> None:
    """Queues the job that offers the letter to the person's other addresses and ways; where they
    have none it did not arrive. A reminder has a job of its own.
    """
    if is_reminder(row.entry, row.purpose):
        record_came_back(row.entry, row.purpose, at=at)
        tell_another_way(row.entry, row.purpose)
    elif row.entry_id and _is_reached_elsewhere(row):
        app.configure_task(ANOTHER_WAY_JOB, queue="reactions").defer(outbound_id=row.pk)
    else:
        say_not_arrived(row, at=at)


def _is_reached_elsewhere(row: OutboundMail) -> bool:
    """Whether another address or number is known of whom a letter was for, or they wrote on its
    ticket by a way that needs none.
    """
    if row.contact is None or works_at_a_desk(row.recipient):
        return False
    [ways] = ways_of_each([person(row.contact)])
    return any(way.identifier != row.recipient for way in ways) or (
        row.ticket is not None and _wrote_without_address(row.ticket, row.contact)
    )


def _wrote_without_address(ticket: Ticket, contact: Contact) -> bool:
    channels = desk_in_force(ticket.desk).channels
    used = {
        channels[way.channel].kind for way in used_by(ticket, contact) if way.channel in channels
    }
    return any(one.word in used and not one.needs_address for one in carrying().values())


def say_not_arrived(row: OutboundMail, *, at: datetime) -> None:
    """Records on its ticket that a mail did not arrive; a colleague's is said elsewhere."""
    if row.ticket and not works_at_a_desk(row.recipient):
        record_not_arrived(row.ticket, row.message, is_to(row), hard=row.hard, at=at)


def is_to(row: OutboundMail) -> Callable[[Contact], bool]:
    """Returns who of contacts a mail was for: by its address."""
    return lambda contact: row.recipient in addresses_to_write_to(contact)


def give_up(outbound_id: int, *, at: datetime | None = None) -> None:
    """Gives up a mail that ended every process it was sent in, unless it left after all."""
    at = at or datetime.now(UTC)
    with taken_in_hand(partial(_TO_TAKE.first, pk=outbound_id), at=at) as taken:
        if taken:
            _record(taken, Outcome(State.GIVEN_UP, kept("untold.stopped")))
