"""That somebody of the desk changed what a person is known by, or what is theirs: refused, noted,
told.
"""

from collections.abc import Collection, Iterable
from typing import Literal

from django.db.models import Q
from django.db.models.functions import Now
from procrastinate.contrib.django import app
from structlog import get_logger

from deskbook.engine.addresses import domain_of
from deskbook.people.models import Agent, Contact, ContactIdentity, HelpDesk, Organisation
from deskbook.people.numbers import comparable, in_common
from deskbook.people.rights import may
from deskbook.refusals.refusal import Refused

log = get_logger(__name__)
NOTICE_JOB = "mail_way_notice"
Change = Literal["added", "taken away"]
Loss = Literal["seat", "case"]


class WayRefused(Refused):
    """An address or number may not become this person's; the sentence says why."""


class OfTheDesk(WayRefused):
    """An address or number is of somebody who works at the desk: by it they would be taken for who
    they serve.
    """

    def __init__(self, way: str) -> None:
        super().__init__("way of the desk", what=way)


class OutsideTheDomains(WayRefused):
    """By a mail address in none of its domains somebody would read an organisation's cases."""

    def __init__(self, address: str, organisation: Organisation) -> None:
        super().__init__("way outside", what=address, organisation=organisation.name)


def ways_of_the_desk(helpdesk: HelpDesk) -> frozenset[str]:
    """Returns the mail addresses by which people who work at the desk sign in, and their numbers,
    as `comparable`.
    """
    there = Agent.objects.filter(Q(until=None) | Q(until__gt=Now()), desk=helpdesk, is_active=True)
    ways = there.values_list("user__email", "phone")
    return frozenset(
        way for address, number in ways for way in (address, comparable(number)) if way
    )


def is_of_the_desk(channel: str, stored: str, ours: Collection[str]) -> bool:
    """Whether an identity is among the ways (`ways_of_the_desk`) of those who work there. A PEN is
    nobody's way.
    """
    return channel != "pen" and in_common(channel, stored) in ours


def works_where_helped(contact: Contact) -> bool:
    """Whether a contact is somebody who works at the desk that helps them, by what they are known
    by.
    """
    ways = ContactIdentity.objects.filter(contact=contact.person_id)
    known, ours = ways.values_list("channel", "identifier"), ways_of_the_desk(contact.desk)
    return any(is_of_the_desk(channel, stored, ours) for channel, stored in known)


def refuse_of_the_desk(helpdesk: HelpDesk, channel: str, stored: str) -> None:
    """Raises OfTheDesk for an address or number of somebody who works at the desk."""
    if is_of_the_desk(channel, stored, ways_of_the_desk(helpdesk)):
        raise OfTheDesk(stored)


def refuse_outside(contact: Contact, addresses: Iterable[str], *, by: Agent | None) -> None:
    """Raises OutsideTheDomains for mail addresses that are to be a contact's but in none of the
    domains of their organisation, whose cases their owner would read; who manages people may.
    """
    its = contact.organisation
    if its is None or (by is not None and may(by, "manage people")):
        return
    outside = (one for one in addresses if domain_of(one) not in its.domains)
    if (address := next(outside, None)) is not None:
        raise OutsideTheDomains(address, its)


def note_changed_way(
    contact: int, change: Change, way: ContactIdentity, told: Iterable[str], *, by: Agent
) -> None:
    """Logs by ids who changed what of which contact, and mails those who were known by the
    addresses `told`.

    A PEN lets nobody in and carries nothing: of it no mail is sent.
    """
    log.warning(
        "a way of a contact was changed", change=change, contact=contact, way=way.pk, by=by.pk
    )
    for address in told if way.channel != "pen" else ():
        app.configure_task(NOTICE_JOB, queue="mail", priority=5).defer(
            contact_id=contact, address=address, change=change, way=way.identifier, by_id=by.pk
        )


def note_loss(
    contact: Contact, loss: Loss, what: str, *, by: Agent, ours: Collection[str] | None = None
) -> None:
    """Logs that a contact holds a seat of the organisation `what`, or has the case `what`, no more,
    and mails them.

    Told are the addresses they have at this moment: call it before any is taken away. A colleague
    is not told: `ours` is what `ways_of_the_desk` says, where it is known for many already.
    """
    log.warning("a contact lost what was theirs", loss=loss, contact=contact.pk, by=by.pk)
    known = ContactIdentity.objects.filter(contact=contact.person_id, channel="email").order_by(
        "pk"
    )
    ours = ways_of_the_desk(contact.desk) if ours is None else ours
    for address in known.values_list("identifier", flat=True):
        if not is_of_the_desk("email", address, ours):
            app.configure_task(NOTICE_JOB, queue="mail", priority=5).defer(
                contact_id=contact.pk, address=address, change=loss, way=what, by_id=by.pk
            )
