"""What the desk writes beside a case to somebody who takes no part in it, and what they answer."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from django.db.models import QuerySet

from deskbook.engine.decide_conversation import decide_aside
from deskbook.people.access import visible_to_contact
from deskbook.people.merging import same_person
from deskbook.people.models import Agent, Contact, HelpDesk
from deskbook.refusals.refusal import Refusal, Refused
from deskbook.tickets.going_on import all_going_on_as
from deskbook.tickets.log import Recorded, once, perform
from deskbook.tickets.messages import Written, store_message
from deskbook.tickets.models import LogEntry, Message, Ticket


@once
def write_aside(
    ticket: Ticket,
    contact: Contact,
    written: Written,
    *,
    at: datetime,
    by: Agent,
    key: str | None = None,
) -> Recorded:
    """Writes to somebody beside the case: nobody of it reads that, nor what they answer.

    Raises Refused: to somebody who reads the case, and where the case takes no notes.
    """
    if visible_to_contact(contact, Ticket.objects.filter(pk=ticket.pk)).exists():
        raise Refused(Refusal("aside: reads it", who=str(contact)))
    aside = replace(written, outsider=True)
    message = store_message(
        ticket.desk, ticket, Message.Kind.ASIDE, aside, channel="console", at=at, by=by
    )
    facts = (str(message.pk), str(contact.person_id))
    return perform(ticket, decide_aside, *facts, at=at, by=by, key=key)


def is_written_to_aside(ticket: Ticket, contact: Contact) -> bool:
    """Whether the desk wrote to somebody beside this case, or one that goes on as it: what they
    write on it is an answer to that and stays there, even once they follow the case. What its
    requester writes is the case's own, however they came to be that.
    """
    people = same_person(contact)
    return ticket.requester_id not in people and _written_to(ticket, people).exists()


def said_before_any_aside(
    ticket: Ticket, contact: Contact, messages: QuerySet[Message]
) -> QuerySet[Message]:
    """Returns those of somebody's messages that can quote nothing the desk said beside the case:
    they were not written to yet.
    """
    asides = _written_to(ticket, same_person(contact))
    first = asides.order_by("at").values_list("at", flat=True).first()
    messages = messages.exclude(kind=Message.Kind.ASIDE)
    return messages.filter(at__lt=first) if first else messages


def is_said_aside(desk: HelpDesk, entries: Collection[int], mail_ids: Collection[str]) -> bool:
    """Whether any of these entries of logs, or of these mails of others, was said beside a case."""
    ours = LogEntry.objects.filter(pk__in=entries, kind="WroteAside")
    theirs = Message.objects.filter(desk=desk, mail_id__in=mail_ids, kind=Message.Kind.ASIDE)
    theirs = theirs.exclude(mail_id="")
    found = ours.order_by().values_list("pk").union(theirs.values_list("pk"), all=True)
    return bool(found[:1])


def _written_to(ticket: Ticket, people: Collection[int]) -> QuerySet[LogEntry]:
    them = [str(number) for number in people]
    asides = LogEntry.objects.filter(ticket__in=all_going_on_as(ticket), kind="WroteAside")
    return asides.filter(data__contact__in=them)
