"""Mail that belongs to no ticket: to people of the desk about rosters, accounts, lists."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from procrastinate.contrib.django import app

from deskbook.channels.email.address import NOTICE
from deskbook.channels.email.compose import Letter, compose, envelope_from
from deskbook.channels.email.mail import Address
from deskbook.channels.email.models import OutboundMail
from deskbook.channels.email.signing import signer_for
from deskbook.people.models import HelpDesk


@dataclass(frozen=True, slots=True)
class Notice:
    """One mail of a desk to one person. `key` says what about; the same key is mailed once to each
    recipient.
    """

    key: str
    recipient: str
    subject: str
    text: str
    language: str = "en"
    recipient_name: str = ""


@transaction.atomic
def queue_notice(desk: HelpDesk, notice: Notice, *, at: datetime) -> OutboundMail | None:
    """Queues the mail and the job that sends it; returns None when it was queued before."""
    known = {"notice_key": notice.key, "recipient": notice.recipient}
    if OutboundMail.objects.filter(**known).exists():
        return None
    signer = signer_for(desk)
    letter = _letter(desk, notice, at)
    mail = compose(letter, signer)
    row, made = OutboundMail.objects.get_or_create(
        **known,
        defaults={
            "desk": desk,
            "purpose": "notice",
            "mail_id": str(mail["Message-ID"]).strip("<>"),
            "subject": str(mail["Subject"]),
            "envelope_from": envelope_from(letter, signer),
            "raw": mail.as_bytes(),
            "queued_at": at,
            "next_try_at": at,
        },
    )
    if not made:
        return None
    app.configure_task("deliver_mail", queue="mail").defer(outbound_id=row.pk)
    return row


def _letter(desk: HelpDesk, notice: Notice, at: datetime) -> Letter:
    mark = sha256(f"{desk.pk} {notice.key} {notice.recipient}".encode()).hexdigest()[:16]
    return Letter(
        kind="notice",
        ticket=NOTICE,
        message=f"n-{mark}",
        from_name=desk.title,
        to=(Address(notice.recipient_name, notice.recipient),),
        subject=notice.subject,
        text=notice.text,
        at=at,
        language=notice.language,
        ask_for_answer=False,
    )
