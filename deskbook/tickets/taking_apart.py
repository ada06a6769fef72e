"""Taking two people apart: what came meanwhile by an address or number that goes home goes home
with it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from deskbook.engine.decide_people import decide_part
from deskbook.people.access import may_write_on, takes_part
from deskbook.people.contacts import same_identifiers
from deskbook.people.merge_models import ContactMerge
from deskbook.people.merging import same_person, undo_merge
from deskbook.people.models import Agent, Contact, ContactIdentity
from deskbook.refusals.kept import kept
from deskbook.tickets.going_on import goes_on_as
from deskbook.tickets.log import perform
from deskbook.tickets.models import LogEntry, Message, Participant, Ticket
from deskbook.tickets.participants import give_back, people_of
from deskbook.tickets.relations import bring_home, unmerge_ticket
from deskbook.tickets.taking_back import take_followers_back

_SAID = Message.objects.filter(kind=Message.Kind.REQUEST).select_related(
    "author_contact", "ticket__requester"
)


@transaction.atomic
def take_people_apart(merge: ContactMerge, *, at: datetime, by: Agent) -> Contact:
    """Undoes the merge of two people and returns who is freed. What either wrote since by an
    address or number of their own is theirs again: the cases it opened, their words on the other's,
    and whom those copied in.

    What came by no way of either (words that an agent wrote down, of whom they knew the name) stays
    where it is; there it is said that nobody can know whose it is.
    """
    together = same_person(merge.source)
    freed = undo_merge(merge, at=at, by=by)
    homes = homes_of(together)
    said = _said_since(together, merge.at)
    for message in _give_words_back([one for one in said if one.sender in homes], homes):
        _give_case_back(message, at=at, by=by)
    _take_cases_apart(together, merge.at, at=at, by=by)
    _give_to_cases_taken_out(together, merge.at, at=at, by=by)
    _leave_the_others(together, merge.at, homes, at=at, by=by)
    _say_that_nobody_knows([one for one in said if one.sender not in homes], freed, merge.into)
    return freed


def _said_since(people: Collection[int], since: datetime) -> Sequence[Message]:
    said = _SAID.filter(author_contact__in=people, at__gte=since, ticket__isnull=False)
    return list(said.select_related("ticket__desk").order_by("pk"))


def homes_of(people: Collection[int]) -> Mapping[str, Contact]:
    """Returns address or number, as it may be written → whose of these people (ids) it is now."""
    ways = (
        ContactIdentity.objects.filter(contact__in=people).select_related("contact").order_by("pk")
    )
    return {
        form: way.contact for way in ways for form in same_identifiers(way.channel, way.identifier)
    }


def _give_words_back(said: Sequence[Message], homes: Mapping[str, Contact]) -> list[Message]:
    """Makes each message its sender's, and the follower it copied in theirs; returns those that
    were another's.
    """
    moved = []
    for message in said:
        before, author = message.author_contact, homes[message.sender]
        if before is None or before.person_id == author.pk:
            continue
        copied_in = Participant.objects.filter(
            ticket=message.ticket_id, copied_by=before, since=message.at
        )
        copied_in.update(copied_by=author)
        message.author_contact = author
        message.save(update_fields=["author_contact"])
        moved.append(message)
    return moved


def _say_that_nobody_knows(said: Sequence[Message], freed: Contact, into: Contact) -> None:
    """Says of words that were taken in as those of the person the two were: either may have said
    them.
    """
    stands_for_both = into.person_id
    words = kept("one person: which", one=freed, other=into)
    for message in said:
        if message.author_contact_id == stands_for_both and words not in message.mended:
            message.mended = [*message.mended, words]
            message.save(update_fields=["mended"])


def _give_case_back(opening: Message, *, at: datetime, by: Agent) -> None:
    """Makes a case that began with this message its author's; who wrote on it as well goes on
    following it.
    """
    ticket, author = opening.ticket, opening.author_contact
    if ticket is None or author is None or ticket.requester.person_id == author.pk:
        return
    said = _SAID.filter(ticket=ticket)
    if said.order_by("pk").values_list("pk", flat=True).first() == opening.pk:
        other = same_person(ticket.requester)
        follows = said.filter(author_contact__in=other, outsider=False).exists()
        give_back(ticket, author, follows=follows, at=at, by=by)


def _take_cases_apart(people: Collection[int], since: datetime, *, at: datetime, by: Agent) -> None:
    """Takes back merges of the two people's cases that were made while they were one: nobody would
    have agreed.
    """
    theirs = Ticket.objects.filter(requester__in=people, outcome="merged").select_related(
        "desk", "requester"
    )
    for ticket in theirs.order_by("pk"):
        meanwhile = ticket.log.filter(kind="Merged", at__gte=since).exists()
        if meanwhile and not takes_part(ticket.requester, goes_on_as(ticket)):
            unmerge_ticket(ticket, at=at, by=by)


def _give_to_cases_taken_out(
    people: Collection[int], since: datetime, *, at: datetime, by: Agent
) -> None:
    """Brings to a case that was taken out of the other's since the two were one what its person
    wrote there, and whom they copied in: they were taken for who stayed. The case takes in nothing
    while it is merged again; what they wrote is read by the desk alone then.
    """
    takes_part_in = Q(requester__in=people) | Q(participants__contact__in=people)
    theirs = LogEntry.objects.filter(
        ticket__in=Ticket.objects.filter(takes_part_in), kind="Unmerged", at__gte=since
    )
    for unmerged in theirs.select_related("ticket__desk", "ticket__requester").order_by("pk"):
        words: dict[tuple[Ticket, Contact], list[Message]] = defaultdict(list)
        home = bring_home(unmerged, among=people, at=at)
        for message in home.moved:
            if message.ticket and message.author_contact:
                words[message.ticket, message.author_contact].append(message)
        for (ticket, author), said in words.items():
            _leave(ticket, author, said, at=at, by=by)
        if unmerged.ticket.outcome != "merged":
            take_followers_back(unmerged.ticket, home)


def _leave_the_others(
    people: Collection[int],
    since: datetime,
    homes: Mapping[str, Contact],
    *,
    at: datetime,
    by: Agent,
) -> None:
    """Shows what either wrote on the other's case to the desk alone, unless they take part in it
    themselves.
    """
    words: dict[tuple[Ticket, Contact], list[Message]] = defaultdict(list)
    for message in _said_since(people, since):
        if message.sender in homes and message.ticket and not message.outsider:
            words[message.ticket, homes[message.sender]].append(message)
    for (ticket, author), said in words.items():
        others = {pk for pk in people_of(ticket) if pk in people and pk != author.pk}
        if others and not may_write_on(author, ticket) and not _left(author, ticket):
            _leave(ticket, author, said, at=at, by=by)


def _leave(
    ticket: Ticket, author: Contact, said: Sequence[Message], *, at: datetime, by: Agent
) -> None:
    """Shows these words to the desk alone; whom they had copied in follows no more."""
    Message.objects.filter(pk__in=[one.pk for one in said]).update(outsider=True)
    leaving = _brought(ticket, author, [one.at for one in said])
    gone, papers = [str(row.contact_id) for row in leaving], _papers_of(ticket, said)
    perform(ticket, decide_part, str(author.pk), gone, papers, at=at, by=by)
    Participant.objects.filter(pk__in=[row.pk for row in leaving]).delete()


def _papers_of(ticket: Ticket, said: Sequence[Message]) -> list[str]:
    """Returns which papers came last with these words: nobody else has sent them."""
    received = ticket.log.filter(kind="PaperReceived").order_by("seq")
    last = {data["paper"]: data.get("message") for data in received.values_list("data", flat=True)}
    theirs = {str(message.pk) for message in said}
    return sorted(paper for paper, message in last.items() if message in theirs)


def _brought(ticket: Ticket, author: Contact, at: Sequence[datetime]) -> list[Participant]:
    """Whom these words let follow, and whom those brought in turn."""
    brought: dict[int, Participant] = {}
    rows = (
        Participant.objects.filter(ticket=ticket)
        .exclude(copied_by=None)
        .select_related("contact", "copied_by")
    )
    for row in rows.order_by("pk"):
        if (row.copied_by_id == author.pk and row.since in at) or row.copied_by_id in brought:
            brought[row.contact_id] = row
    return list(brought.values())


def _left(author: Contact, ticket: Ticket) -> bool:
    """Whether somebody follows no more who did: what they wrote then was a follower's."""
    return not set(map(str, same_person(author))).isdisjoint(ticket.state.get("left", ()))
