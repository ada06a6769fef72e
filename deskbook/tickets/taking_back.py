"""What follows from taking a merge back: what people wrote meanwhile, and go on writing, is on their own case again."""

from collections.abc import Iterable
from datetime import datetime

from deskbook.people.access import takes_part, visible_to_contact
from deskbook.people.merging import same_person
from deskbook.people.models import Contact
from deskbook.tickets.conversation import take_back_message
from deskbook.tickets.models import Message, Ticket


def take_words_back(ticket: Ticket, meanwhile: Iterable[Ticket], people: Iterable[Contact], *, at: datetime) -> None:
    """Brings to a case what its people (who take no part in the others) wrote on those since it was merged into them.

    Call inside the transaction that takes the merge back.
    """
    merged = ticket.log.filter(kind="Merged").order_by("-seq").first()
    if merged is None:
        return
    authors = {pk: contact for contact in people for pk in same_person(contact)}
    wrote = Message.objects.filter(ticket__in=meanwhile, kind=Message.Kind.REQUEST, author_contact__in=authors)
    for message in wrote.filter(at__gte=merged.at).order_by("at", "pk"):
        take_back_message(ticket, message, authors[message.author_contact_id or 0], at=at)


def case_taken_back(kept: Ticket, contact: Contact) -> Ticket | None:
    """Returns the case of somebody that was merged into `kept` and taken out again, the latest; None if none was.

    The letters they had meanwhile name `kept`, in which they take no part any more.
    """
    released = kept.log.filter(kind="Released").order_by("-seq").values_list("data__ticket", flat=True)
    numbers = [int(name.rpartition("-")[2]) for name in released]
    theirs = visible_to_contact(contact, Ticket.objects.filter(number__in=numbers)).select_related("desk")
    taken_part = (case for case in theirs if takes_part(contact, case))
    return min(taken_part, key=lambda case: numbers.index(case.number), default=None)
