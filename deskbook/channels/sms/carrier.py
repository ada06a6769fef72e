"""Texts as a way out of the desk: short, by the book's templates, to mobiles."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format

from deskbook.channels.contract import Outgoing
from deskbook.channels.sms.gateway import gateway_of
from deskbook.channels.sms.writing import Wanted, queue_text
from deskbook.delivery.states import LEFT_OVER, State
from deskbook.people.books import desk_in_force
from deskbook.people.mobiles import NoText, mobiles_of
from deskbook.people.models import Contact
from deskbook.tickets.followers import latest_first, senders_on
from deskbook.tickets.models import Ticket

_OVER = (*LEFT_OVER, State.DROPPED)


def carry(outgoing: Outgoing, *, at: datetime) -> bool:
    """Queues a text to the mobile the person wrote from, else to their first.

    False when they have none, the desk has no gateway, the book no template for the purpose, or
    only files are to be told.
    """
    if outgoing.only_files:
        return False
    helpdesk = outgoing.ticket.desk
    number = where(outgoing.ticket, outgoing.contact, outgoing.purpose, outgoing.language, at=at)
    if number is None:
        return False
    wanted = Wanted(
        f"{outgoing.entry.pk} {outgoing.contact.pk} {outgoing.purpose}",
        number,
        outgoing.purpose,
        values_of(outgoing),
        outgoing.language,
        outgoing.ticket.pk,
        outgoing.entry.pk,
        outgoing.message.pk if outgoing.message else None,
    )
    try:
        text = queue_text(helpdesk, wanted, at=at)
    except NoText:
        return False
    return text.state not in _OVER  # one that failed is told by another way


def where(
    ticket: Ticket, contact: Contact, purpose: str, language: str, *, at: datetime
) -> str | None:
    """Returns the mobile a text on a ticket goes to, None where none reaches the person."""
    if (
        desk_in_force(ticket.desk).template(purpose, "sms", language) is None
        or gateway_of(ticket.desk) is None
    ):
        return None
    return next(iter(latest_first(mobiles_of(contact), senders_on(ticket, contact))), None)


def values_of(outgoing: Outgoing) -> Mapping[str, str]:
    """Returns what the variables of a template on a ticket may be."""
    ticket = outgoing.ticket
    stage = desk_in_force(ticket.desk).stages.get(ticket.stage)
    return {
        "ticket": str(ticket),
        "subject": ticket.subject,
        "desk": ticket.desk.title,
        "name": outgoing.contact.name,
        "text": outgoing.message.text if outgoing.message else "",
        "stage": stage.title if stage else ticket.stage,
        "link": f"{settings.DESKBOOK_SITE_URL}/desk/{ticket.desk.key}/cases/{ticket}",
        **_when(outgoing),
    }


def _when(outgoing: Outgoing) -> Mapping[str, str]:
    """The instant an entry speaks of (a promise's, a call-back's), on the reader's clock; nothing
    if it names none.
    """
    due = outgoing.entry.data.get("due_at")
    if not due:
        return {}
    zone = outgoing.contact.zone or desk_in_force(outgoing.ticket.desk).zone
    with translation.override(outgoing.language):
        return {
            "when": date_format(datetime.fromisoformat(due).astimezone(ZoneInfo(zone)), "j M H:i")
        }
