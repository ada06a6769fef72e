"""Mail is kept first and understood later: one row per mail and mailbox, and a job for the worker,
in one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from django.db import transaction
from procrastinate.contrib.django import app

from deskbook.channels.email import headers as fields
from deskbook.channels.email.addressees import named_in
from deskbook.channels.email.charset import storable
from deskbook.channels.email.mailboxes import Mailbox, mailboxes_of, only_desk
from deskbook.channels.email.models import InboundMail
from deskbook.people.copying import insert_new
from deskbook.people.models import HelpDesk
from deskbook.people.prepared import Prepared
from deskbook.tickets.messages import store_blob

RECEIVE_JOB = "receive_mail"
MAX_SIZE = 35 * 1024 * 1024
"""The listener refuses larger mails (552); those that come another way are kept and not read."""
MAX_RETRY = timedelta(hours=1)

# What a second copy of the same mail keeps, whichever way it came; servers on the way add the rest.
_SAME_IN_EVERY_COPY = ("From", "To", "Cc", "Subject", "Date", "Message-ID")
_NAMING_RECIPIENTS = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")


def ingest(
    raw: bytes,
    mailbox: str | None = None,
    *,
    envelope_from: str = "",
    envelope_to: Sequence[str] = (),
) -> int:
    """Stores a mail and returns the number of its row; the same mail to the same mailbox again
    returns the row there is.

    Nothing is refused here, not even what is no mail: `receive` sorts that out. Once this returns
    the mail is safe.
    """
    found = mailboxes_of([mailbox] if mailbox else [*envelope_to, *_recipients(raw)])
    if found:
        return ingest_for(found[0], raw, envelope_from=envelope_from, envelope_to=envelope_to)
    return _store(raw, mailbox or "", only_desk(), envelope_from, envelope_to)


def ingest_for(
    mailbox: Mailbox, raw: bytes, *, envelope_from: str, envelope_to: Sequence[str]
) -> int:
    """Like `ingest`, for a mailbox that is known already."""
    return _store(raw, mailbox.address, mailbox.desk, envelope_from, envelope_to)


@transaction.atomic
def _store(
    raw: bytes, mailbox: str, desk: HelpDesk | None, envelope_from: str, envelope_to: Sequence[str]
) -> int:
    head, body = fields.split(raw)
    ids = fields.message_ids(fields.first(head, "Message-ID"))
    now = datetime.now(UTC)
    content_hash = _content_hash(head, body)
    if not ids and not fields.first(head, "Date"):
        content_hash = _hash_of_this_time(mailbox[:320], content_hash, envelope_to, now)
    row = InboundMail(
        mailbox=mailbox[:320],
        mail_id=ids[0].strip("<>")[:998] if ids else "",
        content_hash=content_hash,
        desk=desk,
        raw=store_blob(raw),
        envelope_from=storable(envelope_from)[:320],
        envelope_to=[storable(a)[:320] for a in envelope_to],
        received_at=now,
    )
    if not insert_new(row):
        [(there,)] = _THERE.columns(
            mailbox=row.mailbox, mail_id=row.mail_id, content_hash=content_hash
        )
        return int(there)
    # Before the letters that follow: whoever wrote has a ticket first, and an acknowledgement soon
    # after.
    app.configure_task(RECEIVE_JOB, queue="intake", priority=10).defer(inbound_id=row.pk)
    return row.pk


_THERE = Prepared(
    lambda mailbox, mail_id, content_hash: InboundMail.objects.filter(
        mailbox=mailbox, mail_id=mail_id, content_hash=content_hash
    ).values_list("pk"),
    "mailbox",
    "mail_id",
    "content_hash",
)


def _hash_of_this_time(
    mailbox: str, content_hash: str, envelope_to: Sequence[str], now: datetime
) -> str:
    """What tells a mail from the same one sent another time, where neither an id nor a date does: a
    machine says "Disk full" today as it did yesterday, and that there is no such person of each
    letter, to the address that names it. Within MAX_RETRY it is the same, sent again by a server
    that heard no answer.
    """
    hours = int(now.timestamp() // MAX_RETRY.total_seconds())
    same = f"{content_hash} {' '.join(sorted(envelope_to))}"
    of_hour = [sha256(f"{same} {hour}".encode()).hexdigest() for hour in (hours, hours - 1)]
    recent = InboundMail.objects.filter(
        mailbox=mailbox, content_hash__in=of_hour, received_at__gt=now - MAX_RETRY
    )
    return recent.values_list("content_hash", flat=True).first() or of_hour[0]


def _content_hash(head: fields.Headers, body: bytes) -> str:
    digest = sha256()
    for name in _SAME_IN_EVERY_COPY:
        digest.update(fields.first(head, name).encode() + b"\n")
    digest.update(body.replace(b"\r\n", b"\n").rstrip())
    return digest.hexdigest()


def _recipients(raw: bytes) -> list[str]:
    head, _ = fields.split(raw)
    values = tuple(
        value for name in _NAMING_RECIPIENTS for key, value in head if key.lower() == name.lower()
    )
    return [address.addr for address in named_in(values).people]
