"""Opening a ticket, through any channel."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection

from deskbook.engine.decide_open import Case, decide_open
from deskbook.people.access import Who, actor_of
from deskbook.people.books import desk_in_force, take_number
from deskbook.people.contacts import address_of
from deskbook.people.models import Contact
from deskbook.refusals.refusal import Refusal, Refused
from deskbook.tickets.folding import searchable
from deskbook.tickets.log import Recorded, begin, once
from deskbook.tickets.messages import Written, store_message
from deskbook.tickets.models import Message, Ticket
from deskbook.tickets.quotas import cases_before, own_cases_before


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case as a person, a form or a mail states it."""

    subject: str
    written: Written
    channel: str
    severity: str | None = None
    facets: Mapping[str, str] = field(default_factory=dict)
    requested_for_at: datetime | None = None
    followers: tuple[Contact, ...] = ()
    team: str | None = None
    """The book's key of the team of the place somebody came to."""
    recurring: str | None = None
    """Which line of the book opens it by itself."""


@once
def open_ticket(
    requester: Contact, case: NewCase, *, at: datetime, by: Who, key: str | None = None
) -> Recorded:
    """Opens a ticket for `requester` and returns it with its first entries.

    `by` is the requester, the agent who records it for them (both are kept), or the system by a
    line of the book. Raises Refused.
    The same key again returns the ticket it opened before.
    """
    helpdesk, words = requester.desk, case.written
    message = store_message(
        helpdesk, None, Message.Kind.REQUEST, words, channel=case.channel, at=at, by=requester
    )
    actor = actor_of(by)
    stated = _stated(requester, case, message, at)
    decision = decide_open(desk_in_force(helpdesk), stated, at=at, by=actor)
    if isinstance(decision, Refusal):
        raise Refused(decision)
    number = take_number(helpdesk)
    row = Ticket(
        desk=helpdesk,
        number=number,
        subject=_subject(case),
        requester=requester,
        organisation=requester.organisation,
        channel=case.channel,
        opened_at=at,
        search=_found_by(f"{helpdesk.prefix}-{number}", requester, case),
    )
    recorded = begin(row, decision, at=at, by=actor, key=key)
    _give(recorded.ticket, message, (requester, *case.followers))
    return recorded


def _stated(requester: Contact, case: NewCase, message: Message, at: datetime) -> Case:
    organisation, facets = requester.organisation, dict(case.facets)
    if organisation and organisation.plan:
        facets["plan"] = organisation.plan
    return Case(
        requester=str(requester.pk),
        channel=case.channel,
        facets=facets,
        severity=case.severity or None,
        organisation=str(organisation.pk) if organisation else None,
        zone=requester.zone or (organisation.zone if organisation else "") or None,
        message=str(message.pk),
        requested_for_at=case.requested_for_at,
        team=case.team,
        recurring=case.recurring,
        anonymous=requester.anonymous,
        before=cases_before(desk_in_force(requester.desk), organisation, at=at),
        own=own_cases_before(desk_in_force(requester.desk), requester, at=at),
        followers=tuple(str(follower.pk) for follower in case.followers),
    )


def _found_by(name: str, requester: Contact, case: NewCase) -> str:
    sender = case.written.sender
    address = sender if "@" in sender else address_of(requester) or ""
    words = f"{name} {case.subject}\n{requester.name} {address}\n{case.written.findable}"
    return searchable(words)


def _subject(case: NewCase) -> str:
    first_line = next((line.strip() for line in case.written.text.splitlines() if line.strip()), "")
    return (case.subject.strip() or first_line or "(no subject)").replace("\x00", "")[:300]


def _give(ticket: Ticket, message: Message, contacts: tuple[Contact, ...]) -> None:
    """The message is the ticket's now, and these people follow it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "with said as (update deskbook_message set ticket_id = %s where id = %s)"
            " insert into deskbook_participant (ticket_id, contact_id) select %s,"
            " unnest(%s::bigint[]) on conflict do nothing",
            [ticket.pk, message.pk, ticket.pk, [one.pk for one in dict.fromkeys(contacts)]],
        )
