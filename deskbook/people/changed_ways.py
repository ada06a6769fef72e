"""That somebody of the desk changed by which addresses and numbers a person is known: refused, noted, told."""

from collections.abc import Iterable
from typing import Literal

from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from structlog import get_logger

from deskbook.people.models import Agent, Contact, ContactIdentity, HelpDesk

log = get_logger(__name__)
NOTICE_JOB = "mail_way_notice"
Change = Literal["added", "taken away"]


class OfTheDesk(ValueError):
    """An address belongs to somebody who works at the desk: by it they would sign in as the person they serve."""

    def __init__(self, address: str) -> None:
        told = _("“%(what)s” is of somebody who works at this desk: it cannot belong to a person the desk helps.")
        super().__init__(told % {"what": address})


def addresses_of_the_desk(helpdesk: HelpDesk) -> frozenset[str]:
    """Returns the mail addresses by which people who work at the desk sign in."""
    there = Agent.objects.filter(Q(until=None) | Q(until__gt=Now()), desk=helpdesk, is_active=True)
    return frozenset(there.values_list("user__email", flat=True))


def refuse_of_the_desk(helpdesk: HelpDesk, channel: str, stored: str) -> None:
    """Raises OfTheDesk for an address that lets in somebody who works at the desk."""
    if channel == "email" and stored in addresses_of_the_desk(helpdesk):
        raise OfTheDesk(stored)


def note_changed_way(contact: Contact, change: Change, way: ContactIdentity, told: Iterable[str], *, by: Agent) -> None:
    """Logs by ids who changed what of whom, and mails those who were known by the addresses `told`.

    A PEN lets nobody in and carries nothing: of it no mail is sent.
    """
    log.warning("a way of a contact was changed", change=change, contact=contact.pk, way=way.pk, by=by.pk)
    for address in told if way.channel != "pen" else ():
        app.configure_task(NOTICE_JOB, queue="mail", priority=5).defer(
            contact_id=contact.pk, address=address, change=change, way=way.identifier, by_id=by.pk
        )
