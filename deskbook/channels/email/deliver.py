"""Outgoing mail: a row asked for in the event's own transaction, sent by a worker, at most so many, and never to a dead address."""

from __future__ import annotations

import smtplib
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.smtp import EmailBackend
from django.db import transaction
from procrastinate.contrib.django import app

from deskbook.channels.email.compose import Letter, LetterKind, compose, envelope_from
from deskbook.channels.email.mail import Address, Attachment
from deskbook.channels.email.mailboxes import signer_of
from deskbook.channels.email.models import OutboundMail
from deskbook.tickets.conversation import record_failed_delivery
from deskbook.tickets.models import LogEntry, Message, Ticket

DELIVER_JOB = "deliver_mail"
MAX_ATTEMPTS = 12
MAX_AUTOMATIC_PER_RECIPIENT = 10
MAX_PER_TICKET = 60
MAX_ALL = 3_000
"""Mails in an hour: automatic ones to one recipient, all of one ticket, all of the installation."""
HARD_BOUNCE_LASTS = timedelta(days=30)
_HOUR = timedelta(hours=1)
State = OutboundMail.State


class TryAgain(Exception):
    """The mail could not be handed over this time; the job is to be tried again later. The text says why."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One mail to one recipient. `purpose` and the log entry make it unique; `text` is final, in `language`."""

    recipient: Address
    purpose: str
    subject: str
    text: str
    language: str = "en"
    kind: LetterKind = "notice"
    ask_for_answer: bool = True


@transaction.atomic
def queue_mail(entry: LogEntry, outgoing: Outgoing, *, message: Message | None = None, at: datetime) -> OutboundMail:
    """Writes the mail and queues its job, both with the caller's transaction; asked for again returns the row there is.

    Attachments of `message` go with it. Raises ValueError when the recipient is no address mail can be sent to.
    """
    unique = {"entry": entry, "recipient": outgoing.recipient.addr.lower(), "purpose": outgoing.purpose}
    known = OutboundMail.objects.filter(**unique).first()
    if known:
        return known
    ticket = entry.ticket
    signer = signer_of(ticket.desk)
    letter = _letter(entry, outgoing, message, at)
    defaults = {
        "ticket": ticket, "message": message, "subject": letter.subject[:998], "queued_at": at,
        "mail_id": signer.message_id(letter.ticket, letter.message).strip("<>"),
        "envelope_from": envelope_from(letter, signer), "raw": compose(letter, signer).as_bytes(),
    }  # fmt: skip
    row, created = OutboundMail.objects.get_or_create(**unique, defaults=defaults)
    if created:
        app.configure_task(DELIVER_JOB, queue="mail").defer(outbound_id=row.pk)
    return row


@transaction.atomic
def deliver(outbound_id: int, *, at: datetime) -> OutboundMail:
    """Sends one queued mail and returns its row; one that is not queued any more is left alone.

    In a demo it is kept for the mailbox page. Over a budget, or to an address that bounced, it is held for a person.
    A server that refuses for now leaves it queued with the reason and the attempt counted: see `to_be_tried_again`.
    """
    row = OutboundMail.objects.select_for_update(no_key=True, of=("self",)).select_related("ticket").get(pk=outbound_id)
    if row.state != State.QUEUED:
        return row
    held = _why_held(row, at)
    if held:
        row.state, row.reason = State.HELD, held
    elif settings.DESKBOOK_DEMO:
        row.state, row.sent_at = State.KEPT, at
    else:
        _send(row, at)
    row.save(update_fields=["state", "reason", "sent_at", "attempts"])
    return row


def to_be_tried_again(row: OutboundMail) -> TryAgain | None:
    """What the job is to raise, after the transaction of `deliver`, so that its queue tries again; None when all is said."""
    return TryAgain(row.reason) if row.state == State.QUEUED else None


def _letter(entry: LogEntry, outgoing: Outgoing, message: Message | None, at: datetime) -> Letter:
    ticket = entry.ticket
    ids = _known_ids(ticket)
    return Letter(
        kind=outgoing.kind, ticket=str(ticket), message=_token(entry, outgoing), from_name=ticket.desk.title,
        to=(outgoing.recipient,), subject=outgoing.subject, text=outgoing.text, at=at, language=outgoing.language,
        answers=ids[-1] if ids else None, references=ids, attachments=_files(message) if message else (),
        ask_for_answer=outgoing.ask_for_answer,
    )  # fmt: skip


def _token(entry: LogEntry, outgoing: Outgoing) -> str:
    """Names the mail in its ids: the entry, and which of the entry's mails. The same request gives the same token."""
    which = sha256(f"{outgoing.recipient.addr.lower()} {outgoing.purpose}".encode()).hexdigest()[:12]
    return f"{entry.pk}-{which}"


def _known_ids(ticket: Ticket) -> tuple[str, ...]:
    """Message-IDs of what came in on the ticket, oldest first: what the recipient's mail program has seen."""
    came_in = Message.objects.filter(ticket=ticket, kind=Message.Kind.REQUEST).exclude(mail_id="").order_by("-at")
    return tuple(f"<{mail_id}>" for mail_id in reversed(came_in.values_list("mail_id", flat=True)[:20]))


def _files(message: Message) -> tuple[Attachment, ...]:
    rows = message.attachments.select_related("blob").order_by("pk")
    return tuple(Attachment(r.name, r.content_type, r.content_id or None, bytes(r.blob.data), r.inline) for r in rows)


def _why_held(row: OutboundMail, at: datetime) -> str | None:
    """Why a person has to look before this leaves: a dead address, or more mail than any honest day brings."""
    to_them = OutboundMail.objects.filter(recipient=row.recipient).exclude(pk=row.pk)
    dead = to_them.filter(state=State.FAILED, queued_at__gt=at - HARD_BOUNCE_LASTS).exists()
    if dead and row.purpose != "answer":
        return f"Mail to {row.recipient} came back before. Correct the address, then send it again."
    earlier = OutboundMail.objects.filter(ticket=row.ticket_id, queued_at__gt=at - _HOUR, pk__lt=row.pk)
    if row.purpose == "acknowledgement" and to_them.filter(ticket=row.ticket_id, purpose=row.purpose).exists():
        return f"{row.recipient} had an acknowledgement of {row.ticket} already."
    automatic = to_them.filter(queued_at__gt=at - _HOUR, pk__lt=row.pk).exclude(purpose="answer")
    if row.purpose != "answer" and automatic.count() >= MAX_AUTOMATIC_PER_RECIPIENT:
        return f"{row.recipient} had {MAX_AUTOMATIC_PER_RECIPIENT} automatic mails within an hour; this may be a loop."
    if earlier.count() >= MAX_PER_TICKET:
        return f"{row.ticket} sent {MAX_PER_TICKET} mails within an hour; this may be a loop."
    if row.purpose != "answer" and _too_many_in_all(row, at):
        return f"More than {MAX_ALL:,} mails left within an hour; automatic ones wait for a person."
    return None


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
    if code < 500 and row.attempts < MAX_ATTEMPTS:
        return
    row.state = State.FAILED
    if row.message:
        record_failed_delivery(row.ticket, row.message, hard=code >= 500, at=at)
