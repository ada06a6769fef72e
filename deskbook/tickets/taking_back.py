"""What follows from taking a merge back: what people wrote meanwhile, and were
answered, and go on writing, is on their own case again."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from deskbook.engine.apply import apply
from deskbook.people.access import actor_of, takes_part, visible_to_contact
from deskbook.people.merging import same_person
from deskbook.people.models import Contact
from deskbook.tickets.conversation import take_back_answer, take_back_message
from deskbook.tickets.models import LogEntry, Message, Participant, Ticket
from deskbook.tickets.participants import add_participant
from deskbook.tickets.said_before import as_it_was_said
from deskbook.tickets.state import END_OF_TIME, entry_of


def take_words_back(
    unmerged: LogEntry, meanwhile: Iterable[Ticket], people: Iterable[Contact], *, at: datetime
) -> list[Message]:
    """Brings to the case of this entry what its people (who take no part in the others) wrote on
    those since it was merged into them, and what they were answered there until it was taken out,
    in the order in which it was said. What was said while some of them had left is kept from these.

    Returns what they wrote there. What the case has already does not come twice. Call inside the
    transaction of the act by which it is known whose words they are.
    """
    ticket = unmerged.ticket
    merged = ticket.log.filter(kind="Merged", seq__lt=unmerged.seq).order_by("-seq").first()
    each = {contact: frozenset(same_person(contact)) for contact in people}
    authors = {pk: contact for contact, ids in each.items() for pk in ids}
    if merged is None or not authors:
        return []
    there = Message.objects.filter(ticket__in=meanwhile, at__gte=merged.at)
    by_them = there.filter(kind=Message.Kind.REQUEST, author_contact__in=authors)
    wrote = list(by_them.select_related("ticket", "author_contact").order_by("pk"))
    told = list(there.filter(kind=Message.Kind.ANSWER, at__lte=unmerged.at))
    if ticket.outcome == "merged":  # again: it takes in nothing itself
        return wrote
    answers, out = _answers_among(told, meanwhile), _who_was_out(meanwhile)
    with as_it_was_said():
        for message in sorted(_not_on(ticket, [*wrote, *told]), key=lambda one: (one.at, one.pk)):
            if message.kind == Message.Kind.REQUEST:
                take_back_message(ticket, message, authors[message.author_contact_id or 0], at=at)
            elif message.pk in answers:
                answered = answers[message.pk]
                away = {who for who, begins, ends in out if begins <= answered.at < ends}
                if any(ids.isdisjoint(away) for ids in each.values()):
                    take_back_answer(ticket, answered, kept_from=away, at=at)
    return wrote


def _not_on(ticket: Ticket, messages: Sequence[Message]) -> list[Message]:
    """Those of them of which a case has no copy: a copy keeps its instant and its words."""
    at = [one.at for one in messages]
    copies = set(ticket.messages.filter(at__in=at).values_list("kind", "at", "text"))
    return [one for one in messages if (one.kind, one.at, one.text) not in copies]


def _answers_among(told: Iterable[Message], tickets: Iterable[Ticket]) -> dict[int, LogEntry]:
    """Message → the entry by which it was an answer to everybody there."""
    said = [str(message.pk) for message in told]
    entries = LogEntry.objects.filter(ticket__in=tickets, kind="Answered", data__message__in=said)
    return {int(entry.data["message"]): entry for entry in entries.select_related("ticket__desk")}


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


def take_followers_back(ticket: Ticket, followers: Iterable[Participant]) -> None:
    """Lets those follow a case whom its people copied in on the one it was merged into: from that
    mail on, as there.
    """
    for row in followers:
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
    numbers = [int(name.rpartition("-")[2]) for name in released]
    theirs = visible_to_contact(contact, Ticket.objects.filter(number__in=numbers)).select_related(
        "desk"
    )
    taken_part = (case for case in theirs if takes_part(contact, case))
    return min(taken_part, key=lambda case: numbers.index(case.number), default=None)
