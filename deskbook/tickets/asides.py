"""What the desk writes beside a case to somebody who takes no part in it, and what they answer."""

from dataclasses import replace
from datetime import datetime

from deskbook.engine.decide_conversation import decide_aside
from deskbook.people.access import visible_to_contact
from deskbook.people.merging import same_person
from deskbook.people.models import Agent, Contact
from deskbook.refusals.refusal import Refusal, Refused
from deskbook.tickets.log import Recorded, once, perform
from deskbook.tickets.messages import Written, store_message
from deskbook.tickets.models import LogEntry, Message, Ticket
from deskbook.tickets.relations import all_going_on_as


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
    if ticket.requester_id in people:
        return False
    them = [str(number) for number in people]
    asides = LogEntry.objects.filter(ticket__in=all_going_on_as(ticket), kind="WroteAside")
    return asides.filter(data__contact__in=them).exists()
