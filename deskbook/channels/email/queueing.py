"""Queueing mail: one row for each (entry, recipient, purpose), composed once, sent by a job of its
own.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from procrastinate.contrib.django import app

from deskbook.channels.contract import NOTHING_BESIDE, Surroundings
from deskbook.channels.email.budgets import ACKNOWLEDGEMENT, AFTER_ALL_ELSE, ASIDE, BY_A_PERSON
from deskbook.channels.email.compose import Letter, LetterKind, compose, envelope_from
from deskbook.channels.email.letter_html import NO_WORDS, OwnWords
from deskbook.channels.email.mail import Address
from deskbook.channels.email.mail import Attachment as MailFile
from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.signing import signer_for
from deskbook.channels.email.told_at_desk import as_told
from deskbook.people.copying import insert_rows
from deskbook.people.models import Contact
from deskbook.people.prepared import Prepared, anything
from deskbook.tickets.messages import File
from deskbook.tickets.models import LogEntry, Message, Ticket

_KINDS: dict[str, LetterKind] = {
    "answer": "answer",
    "aside": "answer",
    "acknowledgement": "acknowledgement",
}


@dataclass(frozen=True, slots=True)
class Post:
    """One mail that follows from one entry of a log."""

    purpose: str
    """"answer", "acknowledgement", "reminder", "closing", "severity", "notice", "aside"."""
    recipient: str
    text: str
    language: str = "en"
    recipient_name: str = ""
    contact: Contact | None = None
    """Whose address it is, unless somebody works there at the desk."""
    message: Message | None = None
    ask_for_answer: bool = True
    answered_by: str = ""
    """Id of who of the desk it is for, or "team": their answer to it goes to the requester."""
    subject: str = ""
    """Empty: the ticket's own."""
    files: tuple[File, ...] = ()
    """Beside those of the message."""
    leave_at: str = ""
    """Where a follower stops following."""
    around: Surroundings = NOTHING_BESIDE


def queue_letter(
    entry: LogEntry, ticket: Ticket, post: Post, *, at: datetime
) -> OutboundMail | None:
    """Queues the mail and the job that sends it; returns None when it was queued before."""
    known = {"entry": entry.pk, "recipient": post.recipient, "purpose": post.purpose}
    if _QUEUED.finds(**known):
        return None
    signer = signer_for(ticket.desk)
    letter = _letter(entry, ticket, as_told(post, ticket), at)
    mail = compose(letter, signer)
    row = OutboundMail(
        entry=entry,
        recipient=post.recipient,
        purpose=post.purpose,
        ticket=ticket,
        desk=ticket.desk,
        message=post.message,
        contact=post.contact,
        mail_id=str(mail["Message-ID"]).strip("<>"),
        envelope_from=envelope_from(letter, signer),
        subject=str(mail["Subject"]),
        raw=mail.as_bytes(),
        queued_at=at,
        next_try_at=at,
    )
    try:
        _queue(row)
    except IntegrityError:  # another worker was at it too, and was first
        if not _QUEUED.finds(**known):
            raise
        return None
    return row


_QUEUED = Prepared(
    lambda entry, recipient, purpose: anything(
        OutboundMail.objects.filter(entry=entry, recipient=recipient, purpose=purpose)
    ),
    "entry",
    "recipient",
    "purpose",
)


@transaction.atomic
def _queue(row: OutboundMail) -> None:
    insert_rows(row)
    # What anybody makes the desk write waits behind what somebody waits for.
    priority = AFTER_ALL_ELSE if row.purpose == ACKNOWLEDGEMENT else 0
    app.configure_task("deliver_mail", queue="mail", priority=priority).defer(outbound_id=row.pk)


def _letter(entry: LogEntry, ticket: Ticket, post: Post, at: datetime) -> Letter:
    # Beside a case goes no trace of its people's mails, nor the other way round.
    known = () if post.purpose == ASIDE else _MAILS.columns(ticket=ticket.pk)
    inbound = next((mail_id for kind, mail_id in known if kind == Message.Kind.REQUEST), None)
    token = f"[{ticket}]"
    subject = post.subject or ticket.subject
    return Letter(
        kind=_KINDS.get(post.purpose, "notice"),
        ticket=str(ticket.pk),
        message=f"{entry.pk}-{_mark(post)}",
        from_name=ticket.desk.title,
        to=(Address(post.recipient_name, post.recipient),),
        subject=subject if token.lower() in subject.lower() else f"{subject} {token}",
        text=post.text,
        at=at,
        language=post.language,
        answers=f"<{inbound}>" if inbound else None,
        references=tuple(f"<{mail_id}>" for _, mail_id in reversed(known)),
        attachments=(*_files(post.message), *(_as_mail_file(file) for file in post.files)),
        ask_for_answer=post.ask_for_answer,
        answered_by=post.answered_by,
        leave_at=post.leave_at,
        said=_said(post),
        around=post.around,
    )


def _said(post: Post) -> OwnWords:
    """An answer's words as they were written: whatever else a mail carries on is the desk's."""
    message = post.message if post.purpose in BY_A_PERSON else None
    if message is None:
        return NO_WORDS
    return OwnWords(message.text, message.html if message.formatted else "")


_MAILS = Prepared(
    lambda ticket: (
        Message.objects.filter(ticket=ticket, outsider=False)
        .exclude(mail_id="")
        .order_by("-at", "-id")
        .values_list("kind", "mail_id")[:20]
    ),
    "ticket",
)


def _mark(post: Post) -> str:
    """A short mark of recipient and purpose: two recipients of one entry need two Message-IDs."""
    from hashlib import sha256

    return sha256(f"{post.purpose} {post.recipient}".encode()).hexdigest()[:8]


def _files(message: Message | None) -> tuple[MailFile, ...]:
    if message is None:
        return ()
    return tuple(
        MailFile(file.name, file.content_type, None, bytes(file.blob.data), inline=False)
        for file in message.attachments.filter(within=None).select_related("blob")
    )


def _as_mail_file(file: File) -> MailFile:
    return MailFile(file.name, file.content_type, None, file.data, inline=False)
