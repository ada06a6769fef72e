"""Handing queued mail to the server: one worker at a time, never to a dead address, tried again for
as long as it is not the recipient's fault.

No transaction and no lock on a row lasts while the server is talked to: docs/decisions/0006.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from typing import NoReturn

from django.db import Error, connection, transaction
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Coalesce
from procrastinate.contrib.django import app

from deskbook.channels.email.budgets import WAITS_AT_MOST, full_budget
from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.smtp import Outcome, hand_over
from deskbook.channels.email.trouble import (
    end_trouble,
    keep_back_refused,
    note_trouble,
    pausing,
    present_trouble,
)
from deskbook.people.contacts import addresses_to_write_to
from deskbook.people.duty import works_at_a_desk
from deskbook.refusals.kept import kept
from deskbook.tickets.conversation import record_failed_delivery
from deskbook.tickets.faults import in_short
from deskbook.tickets.reminders import (
    NOT_WAITED_FOR,
    is_reminder,
    is_too_late,
    record_came_back,
    record_left,
    tell_another_way,
)

TRIED_FOR = timedelta(days=3)
"""How long a mail is tried again that the server does not take (RFC 5321, 4.5.4.1). The time in
which it takes none at all does not count: that is nothing about the mail.
"""
SHORTEST_PAUSE, LONGEST_PAUSE = timedelta(seconds=4), timedelta(minutes=30)
"""A server that is back is not kept waiting, and not asked all the time."""
REFUSED_FOR = timedelta(hours=1)
"""How long one is that the server refuses for good (5xx) for what is in it, while it refuses nobody
else's.
"""
HARD_BOUNCE_LASTS = timedelta(days=30)
WAITING_JOB = "send_waiting_mail"
State = OutboundMail.State


class TryAgain(Exception):
    """The mail could not be handed over this time; the job is to be tried again, not before `at`
    where that is known.

    The text says why.
    """

    def __init__(self, why: str = "", at: datetime | None = None) -> None:
        super().__init__(why)
        self.at = at


def deliver(outbound_id: int, *, at: datetime | None = None) -> OutboundMail:
    """Sends one queued mail and returns its row; one that is not queued any more is left alone.

    To an address that bounced it is held for a person. Raises TryAgain, with the attempt recorded,
    when the server cannot take it for now or a budget is used up.
    """
    at = at or datetime.now(UTC)
    with _alone_with(outbound_id) as alone:
        row = OutboundMail.objects.select_related("ticket__desk", "entry").get(pk=outbound_id)
        if row.state != State.QUEUED:
            return row
        if not alone:
            raise TryAgain("Another worker has it in hand.")
        with _saying_why_it_failed(row):
            return _deliver(row, at)


@contextmanager
def _saying_why_it_failed(row: OutboundMail) -> Iterator[None]:
    """Keeps of a failure that is no answer of the server's why the mail waits, while the job is
    tried again.
    """
    try:
        yield
    except TryAgain:
        raise
    except Exception as failure:
        with suppress(Error):  # the database itself may be what failed
            waiting = OutboundMail.objects.filter(pk=row.pk, state=State.QUEUED)
            waiting.update(reason=kept("held.failing", words=in_short(failure)))
        raise


@contextmanager
def _alone_with(outbound_id: int) -> Iterator[bool]:
    """Whether this worker is the only one with this mail: a lock that ends with the connection, and
    holds no row.
    """
    key = f"outgoing mail {outbound_id}"
    with connection.cursor() as cursor:
        cursor.execute("select pg_try_advisory_lock(hashtextextended(%s, 0))", [key])
        [alone] = cursor.fetchone()
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("select pg_advisory_unlock(hashtextextended(%s, 0))", [key])


def _deliver(row: OutboundMail, at: datetime) -> OutboundMail:
    if is_too_late(row.entry, row.purpose, may_be_there=bool(row.released_by or row.attempts)):
        return _changed(row, state=State.DROPPED, reason=NOT_WAITED_FOR)
    held = _why_held(row, at)
    if held:
        # Who was not told is told by another way, if there is one.
        tell_another_way(row.entry, row.purpose)
        return _changed(row, state=State.HELD, reason=held)
    full = full_budget(row, at=at)
    if full and at > row.queued_at + WAITS_AT_MOST:
        return _changed(row, state=State.HELD, reason=kept("held.waited", why=full.reason))
    if full:
        _changed(row, kept_back=False)
        _put_off(row, kept("held.later", why=full.reason), full.until_at)
    trouble = pausing(at=at)
    if trouble:
        _changed(row, kept_back=True)
        _put_off(row, trouble.reason, _again_at(row, at))
    row.attempts += 1
    row.save(update_fields=["attempts"])
    _record(row, hand_over(row.envelope_from, row.recipient, bytes(row.raw)), at)
    if row.state == State.QUEUED:
        _put_off(row, row.reason, _again_at(row, at))
    return row


def _again_at(row: OutboundMail, at: datetime) -> datetime:
    """When a mail is tried again: after as long as it has waited so far, half an hour at most."""
    return at + min(max(at - row.queued_at, SHORTEST_PAUSE), LONGEST_PAUSE)


def _put_off(row: OutboundMail, reason: str, until_at: datetime) -> NoReturn:
    _changed(row, reason=reason, next_try_at=until_at)
    raise TryAgain(reason, until_at)


def _why_held(row: OutboundMail, at: datetime) -> str | None:
    """Why a person has to look before this leaves; nobody is asked twice."""
    if row.released_by:
        return None
    if row.purpose != "answer" and is_dead(row.recipient, at=at):
        return kept("held.dead", recipient=row.recipient)
    of_it = OutboundMail.objects.filter(recipient=row.recipient, ticket=row.ticket_id).exclude(
        pk=row.pk
    )
    if row.purpose == "acknowledgement" and of_it.filter(purpose=row.purpose).exists():
        return kept("held.acknowledged", recipient=row.recipient, ticket=str(row.ticket))
    return None


def is_dead(address: str, *, at: datetime) -> bool:
    """Whether mail to an address came back for good lately, and none was taken since."""
    return bool(dead_among([address], at=at))


def dead_among(addresses: Collection[str], *, at: datetime) -> set[str]:
    """Returns those of the addresses that are dead, as `is_dead` says, in one question."""
    failed = OutboundMail.objects.filter(
        state=State.FAILED, hard=True, queued_at__gt=at - HARD_BOUNCE_LASTS
    )
    failed = failed.filter(recipient__in=addresses).annotate(
        since_at=Coalesce("failed_at", "queued_at")
    )
    newest = failed.order_by("recipient", "-queued_at").distinct("recipient")
    taken = OutboundMail.objects.filter(recipient=OuterRef("recipient"), state=State.SENT)
    last = Subquery(taken.order_by("-sent_at").values("sent_at")[:1])
    rows = newest.annotate(taken_at=last).values_list("recipient", "since_at", "taken_at")
    return {
        recipient
        for recipient, since_at, taken_at in rows
        if taken_at is None or taken_at <= since_at
    }


@transaction.atomic
def _record(row: OutboundMail, outcome: Outcome, at: datetime) -> None:
    """What came of it, unless somebody else knows better by now: a bounce can be here before we
    are.
    """
    kept = OutboundMail.objects.select_for_update(no_key=True, of=("self",)).get(pk=row.pk)
    if kept.state != State.QUEUED:
        row.state, row.reason = kept.state, kept.reason
    elif outcome.fault is None:
        _changed(row, state=State.SENT, sent_at=at, reason="")
        record_left(row.entry, row.purpose, at=at)
    elif outcome.fault == "recipient" or _tried_enough(row, outcome, at):
        fail(row, outcome.said, hard=outcome.fault == "recipient", at=at)
    else:
        of_us = outcome.fault in ("server", "us") or (
            outcome.is_final and present_trouble() is not None
        )
        _changed(row, reason=outcome.said, kept_back=of_us)
    _learn_of_the_server(outcome, at)


def _tried_enough(row: OutboundMail, outcome: Outcome, at: datetime) -> bool:
    if outcome.fault == "server":
        return False
    of_itself = outcome.fault == "mail" and outcome.is_final and not present_trouble()
    return at >= row.queued_at + (REFUSED_FOR if of_itself else TRIED_FOR)


def _learn_of_the_server(outcome: Outcome, at: datetime) -> None:
    """What one mail tells of all: a refusal of what is in it tells nothing, unless it is one of
    many.
    """
    if outcome.fault is None and end_trouble(at=at):
        app.configure_task(WAITING_JOB, queue="mail").defer()
    elif outcome.fault == "server" or (outcome.fault == "us" and outcome.is_final):
        note_trouble(outcome.said, stops=outcome.fault == "server", refused=outcome.is_final, at=at)
    elif outcome.fault == "mail" and outcome.is_final and keep_back_refused(at=at):
        note_trouble(outcome.said, stops=False, refused=True, at=at)


@transaction.atomic
def fail(row: OutboundMail, reason: str, *, hard: bool, at: datetime) -> None:
    """Gives a mail up, and says so on its ticket, once: a server may report twice, and anybody can
    send more of that.

    `hard` when there is no such address; that may be learned later.
    """
    kept = OutboundMail.objects.select_for_update(no_key=True, of=("self",)).get(pk=row.pk)
    if kept.state == State.FAILED:
        _changed(row, hard=kept.hard or hard)
        return
    _changed(row, state=State.FAILED, hard=hard, reason=reason, failed_at=at)
    if (
        row.ticket
        and not is_reminder(row.entry, row.purpose)
        and not works_at_a_desk(row.recipient)
    ):
        to_requester = row.recipient in addresses_to_write_to(row.ticket.requester)
        record_failed_delivery(row.ticket, row.message, hard=hard, to_requester=to_requester, at=at)
    record_came_back(row.entry, row.purpose, at=at)
    tell_another_way(row.entry, row.purpose)


def give_up(outbound_id: int, *, at: datetime | None = None) -> None:
    """Gives up a mail that ended every process it was sent in, unless it left after all."""
    row = OutboundMail.objects.select_related("ticket__desk", "entry").get(pk=outbound_id)
    if row.state == State.QUEUED:
        fail(row, kept("untold.stopped"), hard=False, at=at or datetime.now(UTC))


def _changed(row: OutboundMail, **values: object) -> OutboundMail:
    for name, value in values.items():
        setattr(row, name, value)
    row.save(update_fields=list(values))
    return row
