"""Outgoing mail, with the headers that keep threads together and machines quiet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime
from typing import Any, Literal, NamedTuple

from deskbook.channels.contract import NOTHING_BESIDE, Surroundings
from deskbook.channels.email.address import Signer
from deskbook.channels.email.attachments import safe_name
from deskbook.channels.email.letter_html import NO_WORDS, OwnWords, letter_html
from deskbook.channels.email.mail import Address, Attachment
from deskbook.channels.email.reply_languages import MARKERS
from deskbook.engine.addresses import ascii_address

LetterKind = Literal["answer", "notice", "acknowledgement"]
MAX_REFERENCES = 20
_IDS = frozenset({"message-id", "in-reply-to", "references", "list-unsubscribe"})


@dataclass(frozen=True, slots=True)
class Letter:
    """What is to be sent. `ticket` and `message` are public ids; `answers` is the last inbound
    Message-ID, `references` the known ids, oldest first.

    An answer is written by a person, a notice by the desk of its own accord, an acknowledgement in
    reply to a mail.
    """

    kind: LetterKind
    ticket: str
    message: str
    from_name: str
    to: tuple[Address, ...]
    subject: str
    text: str
    at: datetime
    cc: tuple[Address, ...] = ()
    language: str = "en"
    answers: str | None = None
    references: tuple[str, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    ask_for_answer: bool = True
    leave_at: str = ""
    """Where whoever has this copy stops getting more of them: of those who follow, and nobody else.
    """
    answered_by: str = ""
    """Id of who of the desk answers it: their answers come back as theirs. Empty: whoever has the
    ticket's address.
    """
    said: OwnWords = NO_WORDS
    around: Surroundings = NOTHING_BESIDE


def compose(letter: Letter, signer: Signer) -> EmailMessage:
    """The message, ready to send: plain text with an HTML alternative. Raises ValueError when it
    has no recipient.
    """
    if not letter.to:
        raise ValueError("The mail has no recipient; add one before sending.")
    message = EmailMessage(policy=_policy(letter))
    _address_headers(message, letter, signer)
    _thread_headers(message, letter, signer)
    _automation_headers(message, letter)
    _leaving_headers(message, letter)
    text = _text(letter)
    message.set_content(text, cte="quoted-printable" if not text.isascii() else None)
    html = _html(letter)
    message.add_alternative(html, subtype="html", cte=_cheaper(html))
    for number, attachment in enumerate(letter.attachments, start=1):
        _attach(message, attachment, number)
    return message


class Said(NamedTuple):
    """What a composed mail tells its reader."""

    text: str
    asks_for_answer: bool
    files: tuple[Attachment, ...]


def said_in(raw: bytes) -> Said:
    """Returns what one of our own mails says, as the letter it was composed of did."""
    mail: EmailMessage = message_from_bytes(raw, policy=SMTP)
    body = mail.get_body(("plain",))
    text = str(body.get_content()) if body else ""
    lines = {marker_line(language) for language in MARKERS}
    first, _line, rest = text.partition("\n")
    files = tuple(
        Attachment(part.get_filename() or "", part.get_content_type(), None, _bytes(part), False)
        for part in mail.iter_attachments()
    )
    asks = first in lines
    return Said((rest if asks else text).strip(), asks, files)


def _bytes(part: EmailMessage) -> bytes:
    """As they were attached: `get_content` would make text of a calendar's."""
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def envelope_from(letter: Letter, signer: Signer) -> str:
    """The MAIL FROM: our bounce address, or the null sender for acknowledgements, so that no bounce
    comes of them.
    """
    return "" if letter.kind == "acknowledgement" else signer.bounce_address(letter.message)


def marker_line(language: str) -> str:
    """The line that asks for the answer above it, in the reader's language; English for one we do
    not have.
    """
    return f"## {MARKERS.get(language, MARKERS['en'])} ##"


class _WholeIds(EmailPolicy):
    """Folds message ids, and addresses of pages, at the spaces between them only: the standard
    policy encodes long ones, and no program finds them again.
    """

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        """A short header of plain letters is what it says: to parse it, and fold it again, costs
        more than the rest of the letter.
        """
        plain = str(value) if isinstance(value, str | HeaderAddress) else ""
        if _is_plain(name, plain, self.max_line_length or 0):
            return name, plain
        return super().header_store_parse(name, value)

    def fold(self, name: str, value: Any) -> str:
        return _folded_ids(name, value) if name.lower() in _IDS else super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        return (
            _folded_ids(name, value).encode()
            if name.lower() in _IDS
            else super().fold_binary(name, value)
        )


def _is_plain(name: str, value: str, longest: int) -> bool:
    if not value.isascii() or not value.isprintable() or "=?" in value:
        return False
    about_the_content = name.lower().startswith(("content-", "mime-"))
    return not about_the_content and 0 < len(value) < longest - len(name) - 2


def _folded_ids(name: str, value: object) -> str:
    return f"{name}: " + "\r\n ".join(str(value).split()) + "\r\n"


_POLICY = _WholeIds(**{key: getattr(SMTP, key) for key in ("linesep", "max_line_length")})


def _policy(letter: Letter) -> EmailPolicy:
    plain = all(ascii_address(a.addr).isascii() for a in (*letter.to, *letter.cc))
    return _POLICY if plain else _POLICY.clone(utf8=True)


def _address_headers(message: EmailMessage, letter: Letter, signer: Signer) -> None:
    message["From"] = _header_address(Address(letter.from_name, f"{signer.local}@{signer.domain}"))
    to = [_header_address(a) for a in letter.to]
    message["To"] = to[0] if len(to) == 1 else to
    if letter.cc:
        message["Cc"] = [_header_address(a) for a in letter.cc]
    answers_to = signer.reply_address(letter.ticket)
    if letter.answered_by:
        answers_to = signer.agent_address(letter.ticket, letter.answered_by)
    message["Reply-To"] = _header_address(Address(letter.from_name, answers_to))
    message["Subject"] = _one_line(letter.subject)
    message["Date"] = format_datetime(letter.at)


def _header_address(address: Address) -> HeaderAddress:
    local, _, domain = ascii_address(address.addr).rpartition("@")
    if not local or not domain or _one_line(address.addr) != address.addr:
        raise ValueError(
            f"{address.addr!r} is not an address mail can be sent to; correct it on the contact."
        )
    return HeaderAddress(_one_line(address.name), username=local, domain=domain)


def _thread_headers(message: EmailMessage, letter: Letter, signer: Signer) -> None:
    own = signer.message_id(letter.ticket, letter.message)
    message["Message-ID"] = own
    if letter.answers:
        message["In-Reply-To"] = _one_line(letter.answers)
    known = dict.fromkeys(
        _one_line(i) for i in (*letter.references, *([letter.answers] if letter.answers else []))
    )
    known.pop(own, None)
    # Our own id last: some services rewrite Message-ID on sending, and then this is the only trace
    # of it.
    message["References"] = " ".join([*list(known)[-MAX_REFERENCES:], own])


def _automation_headers(message: EmailMessage, letter: Letter) -> None:
    if letter.kind == "answer":
        return
    message["Auto-Submitted"] = (
        "auto-replied" if letter.kind == "acknowledgement" else "auto-generated"
    )
    message["X-Auto-Response-Suppress"] = "All"


def _leaving_headers(message: EmailMessage, letter: Letter) -> None:
    """A button of the mail program (RFC 2369, 3.2); one click without a page only over TLS (RFC
    8058, 3.1).
    """
    if letter.leave_at:
        message["List-Unsubscribe"] = f"<{letter.leave_at}>"
    if letter.leave_at.startswith("https://"):
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _one_line(text: str) -> str:
    return " ".join(re.sub(r"[\x00-\x1f\x7f\x85\u2028\u2029]+", " ", text).split())


def _text(letter: Letter) -> str:
    marker = f"{marker_line(letter.language)}\n\n" if letter.ask_for_answer else ""
    return f"{marker}{letter.text.strip()}\n"


def _html(letter: Letter) -> str:
    return letter_html(
        letter.text,
        desk=letter.from_name,
        subject=_one_line(letter.subject),
        language=letter.language,
        marker=marker_line(letter.language) if letter.ask_for_answer else "",
        said=letter.said,
        around=letter.around,
    )


def _cheaper(html: str) -> str:
    """The encoding in which a part is smaller: quoted, a letter of Malayalam takes nine bytes."""
    return "quoted-printable" if 3 * len(html) > 2 * len(html.encode()) else "base64"


def _attach(message: EmailMessage, attachment: Attachment, number: int) -> None:
    maintype, _, subtype = attachment.content_type.partition("/")
    # Mail inside mail may not be base64 (RFC 2046 5.2.1), and the bytes must arrive as they are.
    if maintype in ("message", "multipart") or not subtype:
        maintype, subtype = "application", "octet-stream"
    name = safe_name(attachment.filename, attachment.content_type, number)
    message.add_attachment(attachment.content, maintype=maintype, subtype=subtype, filename=name)
