"""What a delivery report changes: our mail's row, and the ticket it was about. It never causes a
mail.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from deskbook.channels.email.deliver import fail
from deskbook.channels.email.mail import ParsedMail
from deskbook.channels.email.marks import desk_of_letter, letter_of
from deskbook.channels.email.models import InboundMail, OutboundMail
from deskbook.channels.email.report import Bounce, read_bounce, report_kind
from deskbook.channels.email.signing import signer_for, signer_of_site
from deskbook.people.models import HelpDesk
from deskbook.refusals.kept import kept
from deskbook.tickets.going_on import goes_on_as


def take_in_bounce(row: InboundMail, desk: HelpDesk, bounce: Bounce | None, *, at: datetime) -> str:
    """Records what the report says and returns it as it is kept: for the desk that sent the mail,
    whichever of ours it came to, and on the case people look at. A report on a mail we never sent
    changes nothing.
    """
    sent, by_address = _reported(desk, bounce, row.envelope_to)
    if bounce is None or sent is None:
        return kept("bounce.foreign")
    row.desk, row.message = desk_of_letter(sent) or desk, sent.message
    row.ticket = goes_on_as(sent.ticket) if sent.ticket else None
    said = bounce.on(sent.recipient)
    failed = [each for each in said.recipients if each.action == "failed"]
    if said.recipients and not failed:
        return kept(
            "bounce.action", recipient=sent.recipient, action=said.recipients[0].action[:40]
        )
    reasons = filter(None, (each.diagnostic or each.status for each in failed))
    why = next(reasons, kept("bounce.no_reason"))
    fail(sent, kept("bounce.back", said=why), hard=said.hard and by_address, at=at)
    return kept("bounce.of", recipient=sent.recipient, said=why)


def desk_of_report(mail: ParsedMail, envelope_from: str | None) -> HelpDesk | None:
    """Returns the desk whose letter a delivery report names by its Message-ID, where its address
    names none; None for a report on no letter of ours, and for what is no report.
    """
    if report_kind(mail, envelope_from) != "bounce":
        return None
    named = read_bounce(mail, signer_of_site()).named
    sent = letter_of(named) if named else None
    return desk_of_letter(sent) if sent else None


def _reported(
    desk: HelpDesk, bounce: Bounce | None, envelope_to: Sequence[str]
) -> tuple[OutboundMail | None, bool]:
    """Our mail, by the signed token of the bounce address or of its own Message-ID, and whether it
    was the address.

    That one is known to the servers the mail went through alone; its Message-ID stands in every
    answer to all, and who reads one of those may make up a report, but not make an address dead by
    it.
    """
    if bounce is None:
        return None, False
    signer = signer_for(desk)
    signed = (signer.read_bounce_address(address) for address in envelope_to)
    addressed = [token for token in (bounce.addressed, *signed) if token]
    for token in addressed:
        if found := letter_of(token):
            return found, True
    return (letter_of(bounce.named) if bounce.named else None), False
