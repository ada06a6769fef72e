"""The 24 hours in which somebody may be written to in free words, counted from what they wrote
last.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from deskbook.channels.whatsapp.models import WhatsAppAccount, WhatsAppWindow
from deskbook.channels.whatsapp.senders import ends_of, reached_by
from deskbook.engine.channels import Template
from deskbook.people.books import desk_in_force
from deskbook.people.merging import person, same_person
from deskbook.people.models import Contact, HelpDesk

LASTS = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Outlook:
    """How a message to somebody would go by WhatsApp now."""

    free_until_at: datetime | None = None
    """Free words until then; None: the window is closed."""
    template: Template | None = None
    """The registered wording that goes instead; None: nothing can go."""


def opened(contact: Contact, *, at: datetime) -> None:
    """Opens the window of somebody who wrote at `at`, or keeps it open longer."""
    row, made = WhatsAppWindow.objects.get_or_create(contact=contact, defaults={"wrote_at": at})
    WhatsAppWindow.objects.filter(contact__in=same_person(contact)).update(undeliverable_at=None)
    if not made and row.wrote_at < at:
        row.wrote_at, row.closed_at, row.undeliverable_at = at, None, None
        row.save(update_fields=["wrote_at", "closed_at", "undeliverable_at"])


def closed(contact: Contact, *, at: datetime) -> None:
    """Closes it because the service said so (131047)."""
    WhatsAppWindow.objects.update_or_create(
        contact=contact,
        defaults={"closed_at": at},
        create_defaults={"wrote_at": at - LASTS, "closed_at": at},
    )


def out_of_reach(contact: Contact, *, at: datetime) -> None:
    """Nothing reaches them until they write again (131026)."""
    WhatsAppWindow.objects.update_or_create(
        contact=contact,
        defaults={"undeliverable_at": at},
        create_defaults={"wrote_at": at - LASTS, "undeliverable_at": at},
    )


def open_until(contact: Contact, *, at: datetime) -> datetime | None:
    """Returns when the window closes, None when it is closed."""
    row = (
        WhatsAppWindow.objects.filter(contact__in=same_person(contact))
        .order_by("-wrote_at")
        .first()
    )
    if row is None or row.undeliverable_at or (row.closed_at and row.closed_at > row.wrote_at):
        return None
    until = row.wrote_at + LASTS
    return until if at < until else None


def outlook(
    desk: HelpDesk, contact: Contact, purpose: str, language: str, *, at: datetime
) -> Outlook | None:
    """Returns how a message would go; None when WhatsApp does not reach this person at all."""
    if (
        not WhatsAppAccount.objects.filter(desk=desk).exists()
        or reached_by(person(contact)) is None
    ):
        return None
    if WhatsAppWindow.objects.filter(
        contact__in=same_person(contact), undeliverable_at__isnull=False
    ).exists() or ends_of(contact):
        return None
    until = open_until(contact, at=at)
    if until:
        return Outlook(until)
    template = desk_in_force(desk).template(purpose, "whatsapp", language)
    return Outlook(None, template if template and template.registered else None)
