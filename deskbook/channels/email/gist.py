"""What a mail is known by in a list. No Django here: the head of a mail nobody could read is read
apart.
"""

from __future__ import annotations

from typing import NamedTuple

from deskbook.channels.email import headers as fields
from deskbook.channels.email.addressees import named_in
from deskbook.channels.email.mail import Address


class Gist(NamedTuple):
    """What a mail is known by in a list."""

    sender: str = ""
    subject: str = ""
    words: str = ""


def gist_of_head(raw: bytes) -> Gist:
    """Sender and subject as far as they can be read in what need be no mail at all."""
    head, _body = fields.split(raw)
    sender = fields.first(head, "From")
    named = named_in([sender]).people
    return Gist(
        shown(named[0]) if named else fields.words(sender),
        fields.words(fields.first(head, "Subject")),
    )


def shown(address: Address) -> str:
    """Returns name and address as a list shows them."""
    return f"{address.name} <{address.addr}>" if address.name else address.addr
