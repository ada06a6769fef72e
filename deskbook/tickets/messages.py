"""Storing what somebody wrote, with its files."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from deskbook.people.copying import insert_rows
from deskbook.people.models import Agent, Contact, HelpDesk
from deskbook.refusals.kept import cut
from deskbook.tickets.formatting import is_formatted, message_html
from deskbook.tickets.log import index_text
from deskbook.tickets.models import Attachment, Blob, CarriedMail, Message, Ticket

LONGEST_TEXT = 50_000
"""Characters of a text that somebody types in a form."""


@dataclass(frozen=True, slots=True)
class File:
    """One file that came with a message."""

    name: str
    content_type: str
    data: bytes
    content_id: str = ""
    inline: bool = False
    carried: CarriedWords | None = None
    """What a file says that is a mail."""

    @property
    def findable(self) -> str:
        return "\n".join([self.name, self.carried.findable] if self.carried else [self.name])


@dataclass(frozen=True, slots=True)
class CarriedWords:
    """A mail that came as a file: who wrote what in it, with its own files."""

    wrote: str
    """"Joan Field <joan@customer.example>"."""
    written_at: datetime | None
    subject: str
    text: str
    html: str
    only_in_html: str
    files: Sequence[File]

    @property
    def findable(self) -> str:
        said = (self.wrote, self.subject, self.text, self.only_in_html)
        return "\n".join([*said, *(file.findable for file in self.files)])


@dataclass(frozen=True, slots=True)
class Written:
    """A text and all that came with it, before it belongs to a ticket."""

    text: str
    html: str = ""
    only_in_html: str = ""
    """Words that only the HTML has."""
    formatted: bool = False
    """Typed as Markdown: where anything in it is, its HTML is made of it."""
    quoted: str = ""
    files: Sequence[File] = ()
    to: Sequence[str] = ()
    cc: Sequence[str] = ()
    sender: str = ""
    """The address or number it came from, as its author is known by it."""
    forwarded_from: str = ""
    """Who wrote what somebody of the desk carries on to it."""
    mail_id: str = ""
    match_reason: str = ""
    written_to: Sequence[int] = ()
    """Ids of the tickets it was written to, where these go on as the one it is put on."""
    outsider: bool = False
    unproven: str = ""
    """What could not be proved of the sender; empty when it was, or nobody looked."""
    automatic: str = ""
    """Why it is held for a machine's, where it moves nothing for that."""
    mended: Sequence[str] = ()
    """What had to be mended for it to be read, each in a sentence."""
    unofficial: bool = False
    """From an address that is none of those the book calls official."""

    @property
    def findable(self) -> str:
        """What a search finds it by: its text, what only its HTML says, its files' names and the
        mails in them.
        """
        return "\n".join([self.text, *(file.findable for file in self.files), self.only_in_html])


def store_message(
    desk: HelpDesk,
    ticket: Ticket | None,
    kind: Message.Kind,
    written: Written,
    *,
    channel: str,
    at: datetime,
    by: Agent | Contact | None,
) -> Message:
    """Stores a message and its files and returns it; call inside the transaction of the act it
    belongs to.
    """
    formatted = written.formatted and is_formatted(written.text)
    message = Message(
        desk=desk,
        ticket=ticket,
        kind=kind,
        channel=channel,
        at=at,
        author_user=by.user if isinstance(by, Agent) else None,
        author_contact=by if isinstance(by, Contact) else None,
        text=_storable(written.text),
        html=_storable(message_html(written.text) if formatted else written.html),
        formatted=formatted,
        quoted=_storable(written.quoted),
        to=list(written.to),
        cc=list(written.cc),
        sender=written.sender[:320],
        forwarded_from=_storable(written.forwarded_from)[:320],
        mail_id=written.mail_id,
        match_reason=cut(written.match_reason, 200),
        written_to=list(written.written_to),
        outsider=written.outsider,
        unofficial=written.unofficial,
        unproven=cut(written.unproven, 200),
        automatic=cut(written.automatic, 200),
        mended=list(written.mended),
    )
    insert_rows(message)
    for file in written.files:
        attach(message, file)
    if ticket is not None:
        index_text(ticket.pk, written.findable)
    return message


def copy_message(message: Message, ticket: Ticket) -> Message:
    """Stores on another ticket what was written on one, with its files, and returns it; call as
    `store_message`.
    """
    files = list(message.attachments.select_related("carried").order_by("pk"))
    copy = Message(
        **{field.attname: getattr(message, field.attname) for field in Message._meta.fields[1:]}
    )
    copy.ticket, copy.written_to = ticket, []
    copy.save(force_insert=True)
    copied: dict[int | None, Attachment] = {}
    words = [copy.text]
    for file in files:
        copied[file.pk] = Attachment.objects.create(
            message=copy,
            blob_id=file.blob_id,
            name=file.name,
            content_type=file.content_type,
            content_id=file.content_id,
            inline=file.inline,
            within=copied.get(file.within_id),
        )
        mail = getattr(file, "carried", None)  # a row that is not there has no name of its own
        words += [file.name, *((mail.wrote, mail.subject, mail.text) if mail else ())]
        if mail:
            mail.file = copied[file.pk]
            mail.save(force_insert=True)
    index_text(ticket.pk, "\n".join(words))
    return copy


def attach(message: Message, file: File, *, within: Attachment | None = None) -> Attachment:
    stored = Attachment.objects.create(
        message=message,
        blob=store_blob(file.data),
        name=_storable(file.name)[:255] or "file",
        content_type=file.content_type[:255],
        content_id=file.content_id[:255],
        inline=file.inline,
        within=within,
    )
    if file.carried:
        _keep_carried(stored, file.carried)
    return stored


def _keep_carried(file: Attachment, mail: CarriedWords) -> None:
    CarriedMail.objects.create(
        file=file,
        wrote=_storable(mail.wrote)[:400],
        written_at=mail.written_at,
        subject=_storable(mail.subject)[:500],
        text=_storable(mail.text),
        html=_storable(mail.html),
    )
    for inner in mail.files:
        attach(file.message, inner, within=file)


def store_blob(data: bytes) -> Blob:
    """Stores bytes once, however often they come, and returns their row."""
    digest = hashlib.sha256(data).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into deskbook_blob (sha256, size, data) values (%s, %s, %s)"
            " on conflict do nothing",
            [digest, len(data), data],
        )
    return Blob(sha256=digest, size=len(data))


def _storable(text: str) -> str:
    return text.replace("\x00", "\ufffd")  # PostgreSQL refuses NUL in text
