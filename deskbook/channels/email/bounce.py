"""What a delivery report changes: our mail's row, and the ticket it was about. It never causes a
mail.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from deskbook.channels.email.address import NOTICE
from deskbook.channels.email.deliver import fail
from deskbook.channels.email.models import InboundMail, OutboundMail
from deskbook.channels.email.report import Bounce
from deskbook.channels.email.signing import signer_for
from deskbook.people.models import HelpDesk
from deskbook.refusals.kept import kept


def take_in_bounce(row: InboundMail, desk: HelpDesk, bounce: Bounce | None, *, at: datetime) -> str:
    """Records what the report says and returns it as it is kept. A report on a mail we never sent
    changes nothing.
    """
    sent, by_address = _reported(desk, bounce, row.envelope_to) if bounce else (None, False)
    if bounce is None or sent is None:
        return kept("bounce.foreign")
    row.ticket, row.message = sent.ticket, sent.message
    failed = [r for r in bounce.recipients if r.action == "failed"]
    if bounce.recipients and not failed:
        return kept(
            "bounce.action", recipient=sent.recipient, action=bounce.recipients[0].action[:40]
        )
    why = next(
        (r.diagnostic or r.status for r in failed if r.diagnostic or r.status),
        kept("bounce.no_reason"),
    )
    fail(sent, kept("bounce.back", said=why), hard=bounce.hard and by_address, at=at)
    return kept("bounce.of", recipient=sent.recipient, said=why)


def _reported(
    desk: HelpDesk, bounce: Bounce, envelope_to: Sequence[str]
) -> tuple[OutboundMail | None, bool]:
    """Our mail, by the signed token of the bounce address or of its own Message-ID, and whether it
    was the address.

    That one is known to the servers the mail went through alone; its Message-ID stands in every
    answer to all, and who reads one of those may make up a report, but not make an address dead by
    it.
    """
    signer = signer_for(desk)
    signed = (signer.read_bounce_address(address) for address in envelope_to)
    addressed = [token for token in (bounce.addressed, *signed) if token]
    for token in addressed:
        if found := _with_token(desk, token):
            return found, True
    return (_with_token(desk, bounce.message) if bounce.message else None), False


def _with_token(desk: HelpDesk, token: str) -> OutboundMail | None:
    if token.startswith("n-"):  # a notice: it belongs to no ticket
        return OutboundMail.objects.filter(mail_id__startswith=f"t.{NOTICE}.{token}.").first()
    entry = token.partition("-")[0]
    if not entry.isdecimal():
        return None
    rows = OutboundMail.objects.filter(entry_id=int(entry), ticket__desk=desk).select_related(
        "ticket", "message"
    )
    return next((row for row in rows if f".{token}." in row.mail_id), None)
