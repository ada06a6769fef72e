"""What did not go by WhatsApp goes another way, and the owner learns what did not arrive."""

from datetime import UTC, datetime

from deskbook.channels.contract import Outgoing
from deskbook.channels.whatsapp.models import WhatsAppOutgoing
from deskbook.channels.whatsapp.statuses import UNDELIVERABLE
from deskbook.jobs.carriers import send
from deskbook.jobs.untold import record_untold


def carry_another_way(outgoing_id: int, *, at: datetime | None = None) -> None:
    """Offers the whole text of a message that was refused to the carriers again: as a registered
    wording, by mail …

    That no way is left to the person is recorded on the ticket; where another takes it, nothing is:
    they are told.
    """
    at = at or datetime.now(UTC)
    row = WhatsAppOutgoing.objects.select_related(
        "entry__ticket__desk", "ticket__desk", "contact", "message"
    ).get(pk=outgoing_id)
    outgoing = Outgoing(
        row.entry,
        row.ticket,
        row.contact,
        row.purpose,
        row.letter,
        row.language,
        row.message,
        row.ask_for_answer,
    )
    if send(outgoing, at=at) is None:
        record_untold(outgoing, at=at, hard=row.code == UNDELIVERABLE)
