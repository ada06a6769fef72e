"""What a delivery report changes: our mail's row, and the ticket it was about. It never causes a mail."""

from __future__ import annotations

from datetime import datetime

from deskbook.channels.email.address import NOTICE
from deskbook.channels.email.deliver import fail
from deskbook.channels.email.models import InboundMail, OutboundMail
from deskbook.channels.email.report import Bounce
from deskbook.channels.email.signing import signer_for
from deskbook.people.models import HelpDesk


def take_in_bounce(row: InboundMail, desk: HelpDesk, bounce: Bounce | None, *, at: datetime) -> str:
    """Records what the report says and returns it as a sentence. A report on a mail we never sent changes nothing."""
    sent = _reported(desk, bounce, [*row.envelope_to]) if bounce else None
    if bounce is None or sent is None:
        return "A delivery report on a mail this desk did not send, or that it does not name."
    row.ticket, row.message = sent.ticket, sent.message
    failed = [r for r in bounce.recipients if r.action == "failed"]
    if bounce.recipients and not failed:
        return f"A delivery report: the mail to {sent.recipient} is {bounce.recipients[0].action}."
    why = next((r.diagnostic or r.status for r in failed if r.diagnostic or r.status), "no reason was given")
    fail(sent, f"It came back: {why}.", hard=bounce.hard, at=at)
    return f"The mail to {sent.recipient} came back: {why}."


def _reported(desk: HelpDesk, bounce: Bounce, envelope_to: list[str]) -> OutboundMail | None:
    """Our mail, by the signed token of the bounce address or of its own Message-ID: nobody else's word is enough."""
    signer = signer_for(desk)
    tokens = [bounce.message, *(signer.read_bounce_address(a) for a in envelope_to)]
    for token in tokens:
        entry = (token or "").partition("-")[0]
        if token and entry.isdecimal():
            rows = OutboundMail.objects.filter(entry_id=int(entry), ticket__desk=desk).select_related(
                "ticket", "message"
            )
            found = next((r for r in rows if f".{token}." in r.mail_id), None)
            if found:
                return found
        if token and token.startswith("n-"):  # a notice: it belongs to no ticket
            return OutboundMail.objects.filter(mail_id__startswith=f"t.{NOTICE}.{token}.").first()
    return None
