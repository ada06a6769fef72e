"""Who gets what the desk says on a ticket, and where: one answer for those who write it and for
what sends it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import F, Max, Q
from django.db.models.functions import Coalesce

from deskbook.people.merging import person
from deskbook.people.models import Contact
from deskbook.people.prepared import Prepared
from deskbook.tickets.models import Message, Participant, Ticket
from deskbook.tickets.relations import absorbed_by


@dataclass(frozen=True, slots=True)
class Used:
    """A way somebody wrote on a ticket by: the book's key of the channel, and the address or
    number, if any.
    """

    channel: str
    sender: str


def who_is_answered(ticket: Ticket) -> list[Contact]:
    """Returns everybody a public answer goes to, each person once: the requester, then who
    follows.
    """
    follow = [row.contact for row in _FOLLOWING.ask(ticket=ticket.pk)]
    return list(dict.fromkeys(map(person, [ticket.requester, *follow])))


_FOLLOWING = Prepared(
    lambda ticket: (
        Participant.objects.filter(ticket=ticket)
        .select_related("contact__merged_into", "contact__organisation")
        .order_by("pk")
    ),
    "ticket",
)


def used_on(ticket: Ticket) -> Mapping[int, Sequence[Used]]:
    """Returns for each person (id) by what they wrote on a ticket, or on one that goes on as it,
    the latest first; not what outsiders wrote.
    """
    here = Q(ticket=ticket)
    if absorbed := absorbed_by(ticket):
        here |= Q(ticket__desk=ticket.desk_id, ticket__number__in=absorbed)
    said = Message.objects.filter(here, kind=Message.Kind.REQUEST, outsider=False)
    ways = (
        said.exclude(author_contact=None)
        .values(
            "channel", "sender", who=Coalesce(F("author_contact__merged_into"), F("author_contact"))
        )
        .annotate(last_at=Max("at"), last=Max("pk"))
        .order_by("-last_at", "-last")
    )
    used: dict[int, list[Used]] = defaultdict(list)
    for way in ways:
        used[way["who"]].append(Used(way["channel"], way["sender"]))
    return used


def senders_on(ticket: Ticket, contact: Contact) -> list[str]:
    """Returns the addresses and numbers somebody wrote on a ticket from, the latest first."""
    return [way.sender for way in used_on(ticket).get(person(contact).pk, ()) if way.sender]


def latest_first(known: Sequence[str], used: Sequence[str]) -> list[str]:
    """Returns what is known of somebody, beginning with what they used: what is theirs no more is
    not among it.
    """
    return [
        *(way for way in dict.fromkeys(used) if way in known),
        *(way for way in known if way not in used),
    ]
