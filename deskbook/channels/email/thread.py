"""Which ticket a mail may belong to: candidates in the order in which they are to be tried, each
with its reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from deskbook.channels.email.address import Signer
from deskbook.channels.email.mail import ParsedMail

MAX_DIGITS = 15
"""Of the id of a row: more than there ever are."""
ThreadKind = Literal["reply address", "our message", "foreign message", "subject token"]


@dataclass(frozen=True, slots=True)
class ThreadKey:
    """One candidate. `value` is a ticket id, a foreign Message-ID or a ticket number, as `kind`
    says.

    A subject token counts only when the sender already takes part in that ticket.
    """

    kind: ThreadKind
    value: str
    reason: str


def thread_keys(mail: ParsedMail, signer: Signer) -> list[ThreadKey]:
    """Candidates, best first; an empty list means a new ticket. A wrong signature is no candidate.
    Never by bare subject.
    """
    found = [*_by_address(mail, signer), *_by_our_ids(mail, signer), *_by_foreign_ids(mail, signer)]
    number = signer.read_subject_token(mail.subject)
    if number is not None:
        found.append(
            ThreadKey(
                "subject token", str(number), f"The subject carries {signer.subject_token(number)}."
            )
        )
    once: dict[tuple[ThreadKind, str], ThreadKey] = {}
    for key in found:
        once.setdefault((key.kind, key.value), key)
    return list(once.values())


def answered_letters(mail: ParsedMail, signer: Signer) -> tuple[list[int], list[str]]:
    """Returns what a mail answers: of letters of ours the entries of the log they follow from, of
    others' mails their Message-IDs.
    """
    ids = [message_id for _where, message_id in _answered(mail)]
    read = {one: signer.read_message_id(one) for one in ids}
    entries = (own.message.partition("-")[0] for own in read.values() if own)
    ours = [int(one) for one in entries if one.isdecimal() and len(one) <= MAX_DIGITS]
    return ours, [one.strip("<>") for one, own in read.items() if own is None]


def _by_address(mail: ParsedMail, signer: Signer) -> Iterator[ThreadKey]:
    for address in mail.recipients:
        ticket = signer.read_reply_address(address)
        if ticket is not None:
            yield ThreadKey(
                "reply address", ticket, f"It was sent to the ticket's own address {address}."
            )


def _by_our_ids(mail: ParsedMail, signer: Signer) -> Iterator[ThreadKey]:
    for where, message_id in _answered(mail):
        own = signer.read_message_id(message_id)
        if own is not None:
            yield ThreadKey(
                "our message", own.ticket, f"Its {where} names our message {own.message}."
            )


def _by_foreign_ids(mail: ParsedMail, signer: Signer) -> Iterator[ThreadKey]:
    for where, message_id in _answered(mail):
        if signer.read_message_id(message_id) is None:
            yield ThreadKey("foreign message", message_id, f"Its {where} names {message_id}.")


def _answered(mail: ParsedMail) -> list[tuple[str, str]]:
    direct = [("In-Reply-To", mail.in_reply_to)] if mail.in_reply_to else []
    return [*direct, *(("References", i) for i in reversed(mail.references))]
