"""Cases that an older version merged: their people follow what they go on as from the upgrade on,
as those of newer merges do from the merge on.
"""

from datetime import datetime

from deskbook.engine.ticket import SYSTEM
from deskbook.people.merging import of_two_organisations
from deskbook.people.models import Contact
from deskbook.tickets.going_on import goes_on_as
from deskbook.tickets.models import LogEntry, Participant, Ticket
from deskbook.tickets.named import number_in
from deskbook.tickets.participants import add_participant
from deskbook.tickets.relations import joining
from deskbook.tickets.state import state_of


def follow_older_merges(*, at: datetime) -> int:
    """Lets whose case was merged follow the one it goes on as, from `at` on, and returns how many
    do. Repeatable.

    Nothing is sent, and nothing is shown to them that was said before, for it was said to others.
    Nor do people of another organisation follow: that takes somebody's yes.
    """
    return sum(_follow(into, name, at) for into, name in _merged())


def _merged() -> list[tuple[Ticket, str]]:
    """The tickets that took another in, with its name, where the log says of nobody that they
    follow for it.
    """
    entries = (
        LogEntry.objects.filter(kind="Absorbed")
        .exclude(data__has_key="joining")
        .select_related("ticket__desk")
    )
    return [(entry.ticket, str(entry.data["ticket"])) for entry in entries.order_by("pk")]


def _follow(into: Ticket, name: str, at: datetime) -> int:
    tickets = Ticket.objects.select_related("desk", "requester__merged_into")
    ticket = tickets.get(desk=into.desk_id, number=number_in(name))
    if not ticket.state.get("merged_into"):
        return 0  # taken back since
    kept = tickets.get(pk=goes_on_as(ticket).pk)
    if kept.state.get("merged_into") or of_two_organisations(
        ticket.organisation_id, kept.organisation_id
    ):
        return 0
    fresh = [
        int(contact) for contact in joining(ticket, kept) if contact not in state_of(kept).left
    ]
    for contact in Contact.objects.filter(pk__in=fresh).order_by("pk"):
        add_participant(kept, contact, at=at, by=SYSTEM)
    Participant.objects.filter(ticket=kept, contact__in=fresh, since=None).update(since=at)
    return len(fresh)
