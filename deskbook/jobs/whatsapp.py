"""What did not go by WhatsApp goes another way, and the owner learns what did not arrive."""

from datetime import UTC, datetime

from deskbook.channels.contract import Outgoing
from deskbook.channels.whatsapp.models import WhatsAppOutgoing
from deskbook.channels.whatsapp.statuses import UNDELIVERABLE
from deskbook.jobs.carriers import send
from deskbook.tickets.conversation import record_failed_delivery
from deskbook.tickets.models import LogEntry


def carry_another_way(outgoing_id: int, *, at: datetime | None = None) -> None:
    """Offers the whole text of a message that was refused to the carriers again: as a registered wording, by mail …

    What nobody can reach the person with, and what the service calls undeliverable, is recorded on the ticket.
    """
    at = at or datetime.now(UTC)
    row = WhatsAppOutgoing.objects.select_related("entry__ticket__desk", "ticket__desk", "contact", "message").get(
        pk=outgoing_id
    )
    way = send(
        Outgoing(
            row.entry, row.ticket, row.contact, row.purpose, row.letter, row.language, row.message, row.ask_for_answer
        ),
        at=at,
    )
    if row.message and (way is None or row.code == UNDELIVERABLE) and not _recorded(row):
        record_failed_delivery(row.ticket, row.message, hard=row.code == UNDELIVERABLE, at=at)


def _recorded(row: WhatsAppOutgoing) -> bool:
    failed = LogEntry.objects.filter(ticket=row.ticket, kind="DeliveryFailed", data__message=str(row.message_id))
    return failed.exists()
