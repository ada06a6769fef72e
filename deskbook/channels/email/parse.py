"""Raw bytes to a ParsedMail. Whatever can be shown is shown; what was mended is said in `defects`."""

from __future__ import annotations

import re

from deskbook.channels.email import headers as fields
from deskbook.channels.email.attachments import keep
from deskbook.channels.email.body import read_body
from deskbook.channels.email.mail import Address, ParsedMail, Unparsable
from deskbook.channels.email.parts import Splitter, entity

_DELIVERED = ("Delivered-To", "X-Original-To", "X-Delivered-To", "Envelope-To", "X-Envelope-To", "X-RcptTo")
_SENDERS = ("From", "Sender", "Reply-To", "Return-Path", "X-Envelope-From")
_LISTS = ("To", "Cc")
_MAX_SENDERS = 8_000
"""Characters read of headers that name one person."""
MAX_SUBJECT = 500


def parse(raw: bytes) -> ParsedMail:
    """The mail in `raw`, decoded and safe to store and show.

    Raises Unparsable, with a sentence for the quarantine list, when there is no mail in the bytes or nobody it is from.
    """
    if not raw.strip():
        raise Unparsable("The mail is empty: not one byte arrived. Ask the sender, or delete it.")
    head, rest = fields.split(memoryview(raw))
    if not head:
        raise Unparsable(
            "There are no mail headers in this; it is not a mail. Look at the raw text and delete it, or file it "
            "by hand."
        )
    splitter = Splitter()
    body = read_body(tuple(splitter.leaves(entity(head, rest, ()))))
    date = fields.instant(fields.first(head, "Date"))
    ids = _ids(head)
    return ParsedMail(
        message_id=ids[0],
        in_reply_to=ids[1],
        references=ids[2],
        from_=_sender(head),
        reply_to=_addresses(head, "Reply-To"),
        to=_addresses(head, "To"),
        cc=_addresses(head, "Cc"),
        delivered_to=tuple(a.addr for name in _DELIVERED for a in _addresses(head, name)),
        subject=fields.words(fields.first(head, "Subject"))[:MAX_SUBJECT],
        date=date,
        text=body.text,
        html=body.html,
        attachments=tuple(keep(part, number) for number, part in enumerate(body.kept, start=1)),
        headers=head,
        content_type=entity(head, b"", ()).content_type,
        report_type=fields.parameters(fields.first(head, "Content-Type")).get("report-type", "").lower() or None,
        defects=(*_header_defects(head, ids[0], date is not None), *splitter.defects, *body.defects),
    )


def _addresses(head: fields.Headers, name: str) -> tuple[Address, ...]:
    values = tuple(value for key, value in head if key.lower() == name.lower())
    return fields.addresses(values, fields.MAX_HEADER if name in _LISTS else _MAX_SENDERS)


def _sender(head: fields.Headers) -> Address:
    for name in _SENDERS:
        found = _addresses(head, name)
        if found:
            return found[0]
    if any(key.lower() == "from" for key, _ in head):
        # A null sender in From itself: some gateways bounce that way.
        return Address(fields.words(fields.first(head, "From"))[:200], "")
    raise Unparsable(
        "The mail does not say who it is from: no From, Sender, Reply-To or Return-Path has an address. It cannot "
        "be answered."
    )


def _ids(head: fields.Headers) -> tuple[str | None, str | None, tuple[str, ...]]:
    own = fields.message_ids(fields.first(head, "Message-ID"))
    answered = fields.message_ids(fields.first(head, "In-Reply-To"))
    return (
        (own[0] if own else None),
        (answered[0] if answered else None),
        fields.message_ids(fields.first(head, "References")),
    )


def _header_defects(head: fields.Headers, message_id: str | None, dated: bool) -> tuple[str, ...]:
    said = []
    if message_id is None:
        said.append("The mail has no usable Message-ID; answers to it can be matched by our own ids only.")
    if not dated:
        said.append("The mail has no usable Date; the time it arrived is used.")
    first = _addresses(head, "From")
    if not first or not re.fullmatch(r"[^@\s]+@[^@\s]+", first[0].addr):
        said.append("The sender's address is missing or malformed.")
    if sum(key.lower() == "from" for key, _ in head) > 1:
        said.append("The mail has more than one From; the first is shown.")
    return tuple(said)
