"""Handing queued mail to the server: at most so many, never to a dead address, tried again when it is the server's
fault.
"""

from __future__ import annotations

import smtplib
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.db import transaction

from deskbook.channels.email.models import OutboundMail
from deskbook.tickets.conversation import record_failed_delivery

TRIED_FOR = timedelta(days=3)
"""How long a mail is tried again when the server, or the way to it, cannot take it for now (RFC 5321, 4.5.4.1)."""
MAX_AUTOMATIC_PER_RECIPIENT = 10
MAX_PER_TICKET = 60
MAX_ALL = 3_000
"""Mails in an hour: automatic ones to one recipient, all of one ticket, all of the installation."""
HARD_BOUNCE_LASTS = timedelta(days=30)
_HOUR = timedelta(hours=1)
State = OutboundMail.State


class TryAgain(Exception):
    """The mail could not be handed over this time; the job is to be tried again later. The text says why."""


def deliver(outbound_id: int, *, at: datetime | None = None) -> OutboundMail:
    """Sends one queued mail and returns its row; one that is not queued any more is left alone.

    In a demo it is kept for the mailbox page. Over a budget, or to an address that bounced, it is held for a person.
    Raises TryAgain, with the attempt recorded, when the server cannot take it for now.
    """
    row = _deliver_once(outbound_id, at or datetime.now(UTC))
    if row.state == State.QUEUED:
        raise TryAgain(row.reason)
    return row


@transaction.atomic
def _deliver_once(outbound_id: int, at: datetime) -> OutboundMail:
    row = OutboundMail.objects.select_for_update(no_key=True, of=("self",)).select_related("ticket").get(pk=outbound_id)
    if row.state != State.QUEUED:
        return row
    held = None if row.released_by else _why_held(row, at)
    if held:
        row.state, row.reason = State.HELD, held
    elif settings.DESKBOOK_DEMO:
        row.state, row.sent_at = State.KEPT, at
    else:
        _send(row, at)
    row.save(update_fields=["state", "reason", "sent_at", "attempts", "hard"])
    return row


def _why_held(row: OutboundMail, at: datetime) -> str | None:
    """Why a person has to look before this leaves: a dead address, or more mail than any honest day brings."""
    to_them = OutboundMail.objects.filter(recipient=row.recipient).exclude(pk=row.pk)
    dead = to_them.filter(state=State.FAILED, hard=True, queued_at__gt=at - HARD_BOUNCE_LASTS).exists()
    if dead and row.purpose != "answer":
        return f"Mail to {row.recipient} came back before. Correct the address, then send it again."
    if row.purpose == "acknowledgement" and to_them.filter(ticket=row.ticket_id, purpose=row.purpose).exists():
        return f"{row.recipient} had an acknowledgement of {row.ticket} already."
    automatic = to_them.filter(queued_at__gt=at - _HOUR, pk__lt=row.pk).exclude(purpose="answer")
    if row.purpose != "answer" and automatic.count() >= MAX_AUTOMATIC_PER_RECIPIENT:
        return f"{row.recipient} had {MAX_AUTOMATIC_PER_RECIPIENT} automatic mails within an hour; this may be a loop."
    if row.ticket and _sent_of_its_ticket(row, at) >= MAX_PER_TICKET:
        return f"{row.ticket} sent {MAX_PER_TICKET} mails within an hour; this may be a loop."
    if row.purpose != "answer" and _too_many_in_all(row, at):
        return f"More than {MAX_ALL:,} mails left within an hour; automatic ones wait for a person."
    return None


def _sent_of_its_ticket(row: OutboundMail, at: datetime) -> int:
    return OutboundMail.objects.filter(ticket=row.ticket_id, queued_at__gt=at - _HOUR, pk__lt=row.pk).count()


def _too_many_in_all(row: OutboundMail, at: datetime) -> bool:
    """By the row that many places before, not by counting: the table holds years."""
    before = OutboundMail.objects.filter(pk__lte=row.pk - MAX_ALL).order_by("-pk").values_list("queued_at", flat=True)
    queued_at = before.first()
    return queued_at is not None and queued_at > at - _HOUR


def _send(row: OutboundMail, at: datetime) -> None:
    row.attempts += 1
    try:
        _hand_over(row)
    except smtplib.SMTPRecipientsRefused as refused:
        code, words = next(iter(refused.recipients.values()))
        _refused(row, code, words, at)
    except smtplib.SMTPResponseException as refused:
        _refused(row, refused.smtp_code, refused.smtp_error, at)
    except (OSError, smtplib.SMTPException) as failure:
        _refused(row, 451, str(failure), at)
    else:
        row.state, row.sent_at, row.reason = State.SENT, at, ""


def _hand_over(row: OutboundMail) -> None:
    """Over Django's SMTP connection, but with our own envelope: Django cannot send from the null sender."""
    backend = get_connection("django.core.mail.backends.smtp.EmailBackend")
    if not isinstance(backend, EmailBackend):
        raise TypeError("mail leaves through Django's SMTP backend")
    backend.open()
    connection = backend.connection
    if connection is None:
        raise OSError("no connection to the mail server")
    try:
        ascii_only = row.recipient.isascii()
        connection.sendmail(
            row.envelope_from, [row.recipient], bytes(row.raw), mail_options=() if ascii_only else ("SMTPUTF8",)
        )
    finally:
        backend.close()


def _refused(row: OutboundMail, code: int, words: bytes | str, at: datetime) -> None:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    row.reason = f"The mail server said: {code} {said}"[:1_000].replace("\x00", "")
    if code < 500 and at < row.queued_at + TRIED_FOR:
        return
    row.state, row.hard = State.FAILED, code >= 500
    if row.message and row.ticket:
        record_failed_delivery(row.ticket, row.message, hard=row.hard, at=at)
