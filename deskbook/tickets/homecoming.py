"""What of the conversation that two cases had as one belongs to the one that was taken out."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from deskbook.tickets.models import LogEntry, Message, Participant, Ticket
from deskbook.tickets.participants import people_of


class Homecoming:
    """What belongs to a case of what was said on those it was merged into (semantics §4.9).

    That is what was written to the case itself, and what its people wrote who take no part in the
    others; whom such words copied in are its people as well.
    """

    def __init__(
        self,
        unmerged: LogEntry,
        there: Collection[Ticket],
        people: Mapping[int, int],
        held: Collection[int],
    ) -> None:
        """`people`: person → contact of those whose words are asked for; `held`: who stays on the
        others for the sake of a third case.
        """
        self.case = unmerged.ticket_id
        self.people = dict(people)
        self.followers: list[Participant] = []
        """Whom words that belong to it let follow there."""
        self._held = held
        self._staying = {who for ticket in there for who in people_of(ticket)}
        self._said = _said_on(there, unmerged)
        copied_in = Participant.objects.filter(ticket__in=there).exclude(copied_by=None)
        rows = copied_in.select_related("ticket", "contact", "copied_by").order_by("pk")
        while fresh := [row for row in rows if row not in self.followers and self._let_in(row)]:
            self._take_along(fresh)
        self.words = [message for message in self._said if self._belongs(message)]
        self.moved = [one for one in self.words if not (one.outsider or self.stays(one))]
        """Those of them that belong to it alone and counted there."""

    @property
    def leaving(self) -> list[Participant]:
        """Who of the followers takes no part in the others any more."""
        return [row for row in self.followers if row.contact.person_id not in self._staying]

    def stays(self, message: Message) -> bool:
        """Whether a message that belongs to the case belongs to another there as well."""
        others = set(message.written_to) - {self.case}
        return bool(others) and _author(message) in self._staying

    def _belongs(self, message: Message) -> bool:
        who = _author(message)
        if self.case in message.written_to:
            return message.outsider or who in self.people
        return who in self.people and who not in self._staying

    def _let_in(self, row: Participant) -> bool:
        """Whether words that belong to the case let somebody follow there."""
        by = row.copied_by.person_id if row.copied_by else 0
        return by in self.people and (by not in self._staying or bool(self._letting_in(row)))

    def _letting_in(self, row: Participant) -> list[Message]:
        by = row.copied_by.person_id if row.copied_by else 0
        theirs = (one for one in self._said if one.at == row.since and _author(one) == by)
        return [one for one in theirs if self._belongs(one)]

    def _take_along(self, rows: Iterable[Participant]) -> None:
        for row in rows:
            who = row.contact.person_id
            self.followers.append(row)
            self.people.setdefault(who, row.contact_id)
            stays = row.contact_id == row.ticket.requester_id or who in self._held
            if not stays and not any(map(self.stays, self._letting_in(row))):
                self._staying.discard(who)


def merged_at(unmerged: LogEntry) -> datetime:
    """Returns when the case of this entry was merged into what it was taken out of."""
    merged = unmerged.ticket.log.filter(kind="Merged", seq__lt=unmerged.seq).order_by("-seq")
    return merged.values_list("at", flat=True)[0]


def _said_on(there: Collection[Ticket], unmerged: LogEntry) -> list[Message]:
    """What people wrote on these since the case was merged into them, as it was said."""
    said = Message.objects.filter(
        ticket__in=there, kind=Message.Kind.REQUEST, at__gte=merged_at(unmerged)
    )
    said = said.exclude(author_contact=None).order_by("at", "pk")
    return list(said.select_related("ticket__desk", "author_contact"))


def _author(message: Message) -> int:
    return message.author_contact.person_id if message.author_contact else 0
