"""Whose a signed mark is. Desks of one mail domain read each other's: the letter or the case that
it names says which of them it is for.
"""

from __future__ import annotations

from deskbook.channels.email.address import NOTICE, Signer
from deskbook.channels.email.models import OutboundMail
from deskbook.people.models import HelpDesk
from deskbook.tickets.models import Ticket


def letter_of(token: str) -> OutboundMail | None:
    """Returns our mail that the token of a bounce address or of a Message-ID names, of whichever
    desk. The signature has been read by then.
    """
    rows = OutboundMail.objects.select_related("ticket__desk", "message", "desk")
    if token.startswith("n-"):  # a notice: it belongs to no ticket
        return rows.filter(mail_id__startswith=f"t.{NOTICE}.{token}.").first()
    entry = token.partition("-")[0]
    if not entry.isdecimal():
        return None
    of_entry = rows.filter(entry_id=int(entry))
    return next((row for row in of_entry if f".{token}." in row.mail_id), None)


def desk_of_letter(sent: OutboundMail) -> HelpDesk | None:
    """Returns whose letter it is; None for notices from before that was kept."""
    return sent.ticket.desk if sent.ticket else sent.desk


def desk_marked(address: str, signer: Signer) -> HelpDesk | None:
    """Returns the desk whose letter a bounce address names, or whose case the address of a case
    or of a notice; None where there is no such letter or case.
    """
    if token := signer.read_bounce_address(address):
        sent = letter_of(token)
        return desk_of_letter(sent) if sent else None
    case = signer.read_reply_address(address)
    case = case or next(iter(signer.read_agent_address(address) or ()), None)
    if case is None or not case.isdecimal():
        return None
    ticket = Ticket.objects.select_related("desk").filter(pk=int(case)).first()
    return ticket.desk if ticket else None
