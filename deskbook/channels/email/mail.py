"""What a mail is once it has been read: plain values, safe to store and to show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from deskbook.engine.addresses import domain_of, normal_address


class Unparsable(ValueError):
    """The bytes are not a mail anyone could answer; the message is a sentence for the quarantine
    list.
    """


@dataclass(frozen=True, slots=True)
class Address:
    """A mailbox as written in a header: `name` may be empty, `addr` keeps the sender's capitals."""

    name: str
    addr: str

    @property
    def key(self) -> str:
        """The address in the form in which two spellings of it compare equal."""
        return normal_address(self.addr)

    @property
    def domain(self) -> str:
        """What follows the last `@`, in that form; empty when there is none."""
        return domain_of(self.addr)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A part kept as a file. `filename` has no path, control or direction characters and fits a
    file system.
    """

    filename: str
    content_type: str
    content_id: str | None
    content: bytes
    inline: bool


@dataclass(frozen=True, slots=True)
class Carried:
    """A mail that another carries as a file, opened."""

    path: tuple[int, ...]
    """Where that file is: its place among the files of the mail, then among those of the mail in
    it.
    """
    from_: Address | None
    date: datetime | None
    subject: str
    text: str
    html: str
    only_in_html: str
    attachments: tuple[Attachment, ...]


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """One mail, decoded. Every text is valid UTF-8 without NUL, so PostgreSQL takes it; message ids
    keep their `<>`.
    """

    message_id: str | None
    in_reply_to: str | None
    references: tuple[str, ...]
    from_: Address
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    delivered_to: tuple[str, ...]
    subject: str
    date: datetime | None
    text: str
    html: str | None
    only_in_html: str
    """Words of the HTML that `text` leaves out, each once: to be found by."""
    attachments: tuple[Attachment, ...]
    headers: tuple[tuple[str, str], ...]
    content_type: str
    report_type: str | None
    defects: tuple[str, ...]
    carried: tuple[Carried, ...] = ()
    """The mails among its files, the outer ones first: words of others, which prove and cause
    nothing.
    """
    original_sender: Address | None = None
    """Who wrote the mail that this one carries on, in its text or as a file, as it says itself."""

    def header(self, name: str) -> str | None:
        """The first header of that name, unfolded and not decoded, or None."""
        values = self.header_all(name)
        return values[0] if values else None

    def header_all(self, name: str) -> tuple[str, ...]:
        """Every header of that name, in the order of the mail."""
        wanted = name.lower()
        return tuple(value for key, value in self.headers if key.lower() == wanted)

    @property
    def recipients(self) -> tuple[str, ...]:
        """Every address the mail says it was for: To, Cc and where servers say they delivered
        it.
        """
        return tuple(a.addr for a in (*self.to, *self.cc)) + self.delivered_to
