"""What follows from taking a merge back: what people wrote meanwhile, and were
answered, and go on writing, is on their own case again."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from deskbook.engine.apply import apply
from deskbook.people.access import actor_of, takes_part, visible_to_contact
from deskbook.people.merging import same_person
from deskbook.people.models import Contact
from deskbook.tickets.conversation import (
    take_back_answer,
    take_back_message,
)
from deskbook.tickets.homecoming import Homecoming, merged_at
from deskbook.tickets.models import LogEntry, Message, Ticket
from deskbook.tickets.named import number_in
from deskbook.tickets.participants import add_participant, people_of
from deskbook.tickets.said_before import as_it_was_said
from deskbook.tickets.state import END_OF_TIME, entry_of


def take_words_back(
    unmerged: LogEntry, home: Homecoming, there: Collection[Ticket], *, at: datetime
) -> None:
    """Brings to the case of this entry what belongs to it of what was said on those it was merged
    into, and what was answered there until it was taken out, in the order in which it was said.
    What was said while some of its people had left is kept from these.

    What the case has already does not come twice, and it takes in nothing while it is merged again.
    Call inside the transaction of the act by which it is known whose words they are.
    """
    ticket = unmerged.ticket
    if ticket.outcome == "merged":
        return
    told = {one.message.pk: one for one in _told_meanwhile(unmerged, there)}
    said = _not_on(ticket, [*home.words, *(one.message for one in told.values())])
    with as_it_was_said():
        for message in sorted(said, key=lambda one: (one.at, one.pk)):
            if answer := told.get(message.pk):
                take_back_answer(ticket, answer.entry, kept_from=answer.away, at=at)
            else:
                take_back_message(ticket, message, stays=home.stays(message), at=at)


class _Told(NamedTuple):
    """An answer to everybody there, its entry, and which contacts had left by then."""

    message: Message
    entry: LogEntry
    away: set[int]


def _not_on(ticket: Ticket, messages: Sequence[Message]) -> list[Message]:
    """Those of them of which a case has no copy: a copy keeps its instant and its words."""
    at = [one.at for one in messages]
    copies = set(ticket.messages.filter(at__in=at).values_list("kind", "at", "text"))
    return [one for one in messages if (one.kind, one.at, one.text) not in copies]


def _told_meanwhile(unmerged: LogEntry, there: Collection[Ticket]) -> Iterator[_Told]:
    """What was answered until the case was taken out, but for what reached nobody of its people."""
    people = Contact.objects.filter(pk__in=people_of(unmerged.ticket).values())
    each, out = [set(same_person(contact)) for contact in people], _who_was_out(there)
    entries = LogEntry.objects.filter(
        ticket__in=there, kind="Answered", at__range=(merged_at(unmerged), unmerged.at)
    )
    for entry in entries.select_related("ticket__desk"):
        away = {who for who, begins, ends in out if begins <= entry.at < ends}
        if any(ids.isdisjoint(away) for ids in each):
            yield _Told(Message.objects.get(pk=entry.data["message"]), entry, away)


def _who_was_out(tickets: Iterable[Ticket]) -> list[tuple[int, datetime, datetime]]:
    """Which contact had left one of the tickets, or was taken out of it, from when until when: what
    was answered then was for the others.
    """
    stretches: list[tuple[int, datetime, datetime]] = []
    for ticket in tickets:
        state, since = None, dict[str, datetime]()
        for line in ticket.log.order_by("seq"):
            state = apply(state, entry_of(line))
            out = state.left - state.participants
            back = since.keys() - out
            stretches += [(int(who), since.pop(who), line.at) for who in back]
            since |= dict.fromkeys(out - since.keys(), line.at)
        stretches += [(int(who), begins, END_OF_TIME) for who, begins in since.items()]
    return stretches


def take_followers_back(ticket: Ticket, home: Homecoming) -> None:
    """Lets those follow a case whom its people copied in on the one it was merged into: from that
    mail on, as there.
    """
    for row in home.followers:
        if row.copied_by is not None and row.since is not None:
            by = actor_of(row.copied_by)
            add_participant(ticket, row.contact, copied_by=row.copied_by, at=row.since, by=by)


def case_taken_back(kept: Ticket, contact: Contact) -> Ticket | None:
    """Returns the case of somebody that was merged into `kept` and taken out again, the latest;
    None if none was.

    The letters they had meanwhile name `kept`, in which they take no part any more.
    """
    released = (
        kept.log.filter(kind="Released").order_by("-seq").values_list("data__ticket", flat=True)
    )
    numbers = [number_in(name) for name in released]
    theirs = visible_to_contact(contact, Ticket.objects.filter(number__in=numbers)).select_related(
        "desk"
    )
    taken_part = (case for case in theirs if takes_part(contact, case))
    return min(taken_part, key=lambda case: numbers.index(case.number), default=None)
