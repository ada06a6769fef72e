"""Reports about mail: not delivered (RFC 3464), read (RFC 8098), complained about (RFC 5965)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from deskbook.channels.email import headers as fields
from deskbook.channels.email.address import Signer
from deskbook.channels.email.mail import Attachment, ParsedMail
from deskbook.engine.addresses import normal_address

_DELIVERY = ("message/delivery-status", "message/global-delivery-status")
_ORIGINAL = ("message/rfc822", "message/global", "text/rfc822-headers", "message/global-headers")
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_REPLY_CODE = re.compile(r"\b([45]\d\d)[ -]")
_ADDRESS = re.compile(
    r"(?<![^\s<>;,:\"@])<?([^\s<>;,:\"@]{1,254}@[^\s<>;,\"]{1,255}?)>?[:,;.]?(?=\s|$)"
)
_FAILURE_SUBJECT = re.compile(
    r"(?i)(undeliver|delivery (status|failure|has failed|notification)|returned mail|mail"
    r" delivery|failure notice|"
    r"não (foi )?entregue|falha n[ao] (entrega|envio)|non remis|unzustellbar|no se puede"
    r" entregar|वितरण|അയയ്ക്കാനായില്ല)"
)
_DAEMONS = frozenset({"mailer-daemon", "postmaster", "mail-daemon", "maildaemon", ""})
MAX_RECIPIENTS = 100

Action = Literal["failed", "delayed", "delivered", "relayed", "expanded"]
ReportKind = Literal["bounce", "read receipt", "abuse report"]
_KINDS: dict[str, ReportKind] = {
    "delivery-status": "bounce",
    "disposition-notification": "read receipt",
    "feedback-report": "abuse report",
}
_REPORTS: dict[str, ReportKind] = {
    "message/feedback-report": "abuse report",
    "message/disposition-notification": "read receipt",
    "message/global-disposition-notification": "read receipt",
    **dict.fromkeys(_DELIVERY, "bounce"),
}
"""Types of the part that a report is about."""


@dataclass(frozen=True, slots=True)
class FailedRecipient:
    """What a server says of one recipient. `status` is the enhanced code (RFC 3463), empty when
    none was given.
    """

    address: str
    action: str
    status: str
    diagnostic: str
    original: str = ""
    """Where the mail was sent to, when it went on from there to `address`."""

    @property
    def hard(self) -> bool:
        """Whether trying again is of no use: a failure whose status is 5.x.x."""
        return self.action == "failed" and self.status.startswith("5")

    @property
    def undelivered(self) -> bool:
        """Whether the mail has not arrived (yet)."""
        return self.action in ("failed", "delayed")


@dataclass(frozen=True, slots=True)
class Bounce:
    """A delivery report. `addressed` is the id of our message out of the VERP address, `named` the
    one out of its Message-ID; both are proven by signature.
    """

    recipients: tuple[FailedRecipient, ...]
    original_message_id: str | None
    addressed: str | None
    named: str | None

    @property
    def hard(self) -> bool:
        """Whether any recipient failed for good."""
        return any(r.hard for r in self.recipients)

    def on(self, recipient: str) -> Bounce:
        """Returns what it says of one recipient; all of it where it names none so: their mail goes
        on to an address only their server knows.
        """
        key = normal_address(recipient)
        theirs = (r for r in self.recipients if key in map(normal_address, (r.address, r.original)))
        return replace(self, recipients=tuple(theirs) or self.recipients)


def report_kind(mail: ParsedMail, envelope_from: str | None = None) -> ReportKind | None:
    """Which report a mail is; None when it is none. `envelope_from` is the MAIL FROM where it is
    known.

    Only what the mail as a whole says it is counts, and who sent it: a report that a person
    attaches is a file.
    """
    kinds = _kinds_of_parts(mail)
    if mail.content_type == "multipart/report":
        return _KINDS.get(mail.report_type or "", next(iter(kinds), None))
    if mail.content_type in _REPORTS:
        return _REPORTS[mail.content_type]
    daemon = mail.from_.key.partition("@")[0] in _DAEMONS
    if mail.header("X-Failed-Recipients"):
        return "bounce"
    if daemon or is_null_sender(mail, envelope_from):
        undelivered = "bounce" in kinds or _FAILURE_SUBJECT.search(mail.subject)
        return "bounce" if undelivered else next(iter(kinds), None)
    return None


def is_null_sender(mail: ParsedMail, envelope_from: str | None) -> bool:
    """Whether the mail wants no answer and no report: `<>` as MAIL FROM (RFC 5321, 4.5.5)."""
    return envelope_from == "" or (mail.header("Return-Path") or "").strip() == "<>"


def _kinds_of_parts(mail: ParsedMail) -> list[ReportKind]:
    return [_REPORTS[a.content_type] for a in mail.attachments if a.content_type in _REPORTS]


def read_bounce(mail: ParsedMail, signer: Signer | None, *, from_words: bool = True) -> Bounce:
    """Who was not reached and which message it was about. With an unreadable report both may be
    empty; VERP then still names the message. `from_words`: where no part of it says who, its words
    are believed.
    """
    original = _original_id(mail, signer)
    recipients = _recipients(mail) or (_from_words(mail) if from_words else ())
    return Bounce(recipients, original, _addressed(mail, signer), _named(original, signer))


def _recipients(mail: ParsedMail) -> tuple[FailedRecipient, ...]:
    found = [r for a in mail.attachments if a.content_type in _DELIVERY for r in _in_status(a)]
    return tuple(found[:MAX_RECIPIENTS])


def _in_status(part: Attachment) -> list[FailedRecipient]:
    """The per-recipient blocks; the first block speaks of the message as a whole."""
    blocks = re.split(rb"(?:\r?\n){2,}", part.content.strip(), maxsplit=MAX_RECIPIENTS + 1)
    return [
        r
        for r in (_in_block(fields.split(block)[0]) for block in blocks[: MAX_RECIPIENTS + 1])
        if r
    ]


def _in_block(block: fields.Headers) -> FailedRecipient | None:
    original = fields.first(block, "Original-Recipient")
    recipient = fields.first(block, "Final-Recipient") or original
    action = fields.first(block, "Action").split("(")[0].strip().lower()
    if not recipient:
        return None
    status = _STATUS.search(fields.first(block, "Status"))
    diagnostic = fields.words(fields.first(block, "Diagnostic-Code"))[:500]
    code = status[1] if status else _code(diagnostic)
    return FailedRecipient(
        _address(recipient), action or "failed", code, diagnostic, _address(original)
    )


def _address(typed: str) -> str:
    return fields.words(typed.rpartition(";")[2]).strip("<> ")[:320]


def _from_words(mail: ParsedMail) -> tuple[FailedRecipient, ...]:
    """Bounces from before RFC 3464 say it in a header or in prose."""
    named = [
        a
        for value in mail.header_all("X-Failed-Recipients")
        for a in re.split(r"[,\s]+", value)
        if "@" in a
    ]
    own = {a.key for a in (mail.from_, *mail.to, *mail.cc)}
    named = (
        named
        or [m for m in _ADDRESS.findall(mail.text[:5_000]) if normal_address(m) not in own][:1]
    )
    code = _code(mail.text[:20_000])
    action = "delayed" if code.startswith("4") else "failed"
    line = next((part.strip() for part in mail.text.splitlines() if code and code in part), "")
    return tuple(
        FailedRecipient(address, action, code, line[:500])
        for address in dict.fromkeys(named[:MAX_RECIPIENTS])
    )


def _code(words: str) -> str:
    found = _STATUS.search(words)
    if found:
        return found[1]
    reply = _REPLY_CODE.search(words)
    return f"{reply[1][0]}.0.0" if reply else ""


def _original_id(mail: ParsedMail, signer: Signer | None) -> str | None:
    for part in mail.attachments:
        if part.content_type in _ORIGINAL:
            found = fields.message_ids(fields.first(fields.split(part.content)[0], "Message-ID"))
            if found:
                return found[0]
    mentioned = [
        *fields.message_ids(mail.text[:100_000]),
        *mail.references,
        *([mail.in_reply_to] if mail.in_reply_to else []),
    ]
    return next((i for i in mentioned if _named(i, signer)), None)


def _addressed(mail: ParsedMail, signer: Signer | None) -> str | None:
    named = (signer.read_bounce_address(address) for address in mail.recipients) if signer else ()
    return next(filter(None, named), None)


def _named(original: str | None, signer: Signer | None) -> str | None:
    # Of whichever desk here: a report may come to another's address.
    own = signer.read_message_id(original, any_domain=True) if signer and original else None
    return own.message if own else None
