"""Raw bytes to a ParsedMail. Whatever can be shown is shown; what was mended is said in
`defects`.
"""

from __future__ import annotations

import re

from deskbook.channels.email import headers as fields
from deskbook.channels.email.addressees import Named, named_in
from deskbook.channels.email.attachments import keep
from deskbook.channels.email.body import read_body
from deskbook.channels.email.carried import carried_in
from deskbook.channels.email.forwarded import original_sender
from deskbook.channels.email.mail import Address, ParsedMail, Unparsable
from deskbook.channels.email.parts import Splitter, entity
from deskbook.channels.email.pictures import shown_in
from deskbook.channels.email.uuencoded import without_files
from deskbook.channels.email.winmail import unwrapped
from deskbook.people.apart import Over, done_apart
from deskbook.refusals.kept import kept, stored

_DELIVERED = (
    "Delivered-To",
    "X-Original-To",
    "X-Delivered-To",
    "Envelope-To",
    "X-Envelope-To",
    "X-RcptTo",
)
_SENDERS = ("Sender", "Reply-To", "Return-Path", "X-Envelope-From")
_LISTS = ("To", "Cc")
_MAX_SENDERS = 8_000
"""Characters read of headers that name one person."""
_MAX_SAID = 5
_HOLDS_MORE = re.compile(
    rb"(?i)ms-tnef|winmail\.dat|message/(?:rfc822|global)|multipart/digest|\.eml\b"
)
"""What may have been opened besides the mail itself."""
MAX_SUBJECT = 500


def read_apart(raw: bytes, envelope_from: str = "") -> ParsedMail:
    """As `parse`, in a process of its own: whatever is in it, it costs the desk no more than the
    limits there.
    """
    try:
        try:
            return done_apart(parse, raw, envelope_from)
        except Over:
            if not _HOLDS_MORE.search(raw):
                raise
            return done_apart(parse, raw, envelope_from, unwrap=False)
    except Over as over:
        raise Unparsable(kept("mail.costly", why=stored(str(over)))) from None


def parse(raw: bytes, envelope_from: str = "", *, unwrap: bool = True) -> ParsedMail:
    """The mail in `raw`, decoded and safe to store and show. `envelope_from` is its MAIL FROM,
    where that is known: it is the sender of a mail whose headers name none. Without `unwrap` a
    winmail.dat and a mail in it stay files.

    Raises Unparsable, with why, for the quarantine list, when there is no mail in the bytes or
    nobody it is from.
    """
    if not raw.strip():
        raise Unparsable(kept("mail.empty"))
    head, rest = fields.split(memoryview(raw))
    if not head:
        raise Unparsable(kept("mail.no_headers"))
    splitter = Splitter()
    unwrapping = unwrapped(tuple(splitter.leaves(entity(head, rest, ()))), at_all=unwrap)
    body = read_body(without_files(unwrapping.leaves) if unwrap else unwrapping.leaves)
    date = fields.instant(fields.first(head, "Date"))
    ids = _ids(head)
    shown = shown_in(body.html or "", [part.content_id for part in body.kept if part.content_id])
    files = tuple(keep(part, number, shown) for number, part in enumerate(body.kept, start=1))
    carried = carried_in(files) if unwrap else ()
    subject = fields.words(fields.first(head, "Subject"))[:MAX_SUBJECT]
    return ParsedMail(
        message_id=ids[0],
        in_reply_to=ids[1],
        references=ids[2],
        from_=_sender(head, envelope_from),
        reply_to=_addresses(head, "Reply-To"),
        to=_addresses(head, "To"),
        cc=_addresses(head, "Cc"),
        delivered_to=tuple(a.addr for name in _DELIVERED for a in _addresses(head, name)),
        subject=subject,
        date=date,
        text=body.text,
        html=body.html,
        only_in_html=" ".join(body.only_in_html),
        attachments=files,
        carried=carried,
        original_sender=original_sender(subject, body.text, carried),
        headers=head,
        content_type=entity(head, b"", ()).content_type,
        report_type=fields.parameters(fields.first(head, "Content-Type"))
        .get("report-type", "")
        .lower()
        or None,
        defects=(
            *_header_defects(head, ids[0], date is not None),
            *splitter.defects,
            *unwrapping.defects,
            *body.defects,
        ),
    )


def _addresses(head: fields.Headers, name: str) -> tuple[Address, ...]:
    return tuple(_named(head, name).people)


def _named(head: fields.Headers, name: str) -> Named:
    values = tuple(value for key, value in head if key.lower() == name.lower())
    return named_in(values, fields.MAX_HEADER if name in _LISTS else _MAX_SENDERS)


def _sender(head: fields.Headers, envelope_from: str) -> Address:
    called = fields.words(fields.first(head, "From"))[:200]
    own = _addresses(head, "From")
    if own:
        return own[0]
    word = called.partition("(")[0].strip()
    if word and not re.search(r"\s", word):
        return Address("", word)  # MAILER-DAEMON, of programs that put no domain after it
    others = (found for name in _SENDERS for found in _addresses(head, name))
    instead = next(others, None) or next(iter(named_in([envelope_from]).people), None)
    if instead:
        return Address(called or instead.name, instead.addr)
    if any(key.lower() == "from" for key, _ in head):
        # A null sender in From itself: some gateways bounce that way.
        return Address(called, "")
    raise Unparsable(kept("mail.of_nobody"))


def _ids(head: fields.Headers) -> tuple[str | None, str | None, tuple[str, ...]]:
    own = fields.message_ids(fields.first(head, "Message-ID"))
    answered = fields.message_ids(fields.first(head, "In-Reply-To"))
    return (
        (own[0] if own else None),
        (answered[0] if answered else None),
        fields.message_ids(fields.first(head, "References")),
    )


def _header_defects(head: fields.Headers, message_id: str | None, dated: bool) -> tuple[str, ...]:
    said: list[str] = []
    if message_id is None:
        said.append(kept("mended.no_message_id"))
    if not dated:
        said.append(kept("mended.no_date"))
    if not _addresses(head, "From"):
        said.append(kept("mended.no_from"))
    said += [
        kept("mended.unusable", header=name, address=unusable)
        for name in _LISTS
        for unusable in _named(head, name).unusable[:_MAX_SAID]
    ]
    if sum(key.lower() == "from" for key, _ in head) > 1:
        said.append(kept("mended.two_froms"))
    if others := _addresses(head, "From")[1 : 1 + _MAX_SAID]:
        named = ", ".join(f"{one.name} <{one.addr}>".strip()[:120] for one in others)
        said.append(kept("mended.also_from", people=named))
    return tuple(said)
