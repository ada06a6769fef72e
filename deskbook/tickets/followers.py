"""Who gets what the desk says on a ticket, and where: one answer for those who write it and for
what sends it.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import F, Max, Q
from django.db.models.functions import Coalesce

from deskbook.engine.apply import replay
from deskbook.engine.moving_events import GIVEN_BY
from deskbook.engine.people_events import PersonParted
from deskbook.people.merge_models import ContactMerge
from deskbook.people.merging import person, same_person
from deskbook.people.models import Contact
from deskbook.people.prepared import Prepared, among
from deskbook.tickets.going_on import all_going_on_as
from deskbook.tickets.models import LogEntry, Message, Participant, Ticket
from deskbook.tickets.readers import CHANGES_WHO_FOLLOWS
from deskbook.tickets.state import entry_of
from deskbook.tickets.taking_back import case_taken_back


@dataclass(frozen=True, slots=True)
class Used:
    """A way somebody wrote on a ticket by: the book's key of the channel, and the address or
    number, if any.
    """

    channel: str
    sender: str


class Whose(NamedTuple):
    """Whose a case was: its requester, and the id of the organisation it was for, if any."""

    requester: Contact
    organisation: int | None


def who_is_answered(ticket: Ticket) -> list[Contact]:
    """Returns everybody a public answer given now goes to, each person once: the requester, then
    who follows.
    """
    follow = [row.contact for row in _FOLLOWING.ask(ticket=ticket.pk)]
    return list(dict.fromkeys(map(person, [ticket.requester, *follow])))


def who_was_answered(answered: LogEntry) -> list[Contact]:
    """Returns everybody a public answer goes to that was given with this entry (semantics §6.4):
    who took part then, in the order of `who_is_answered`, whatever changed since.
    """
    follow = [row.contact for row in _FOLLOWING.ask(ticket=answered.ticket_id)]
    later = answered.ticket.log.filter(seq__gt=answered.seq, kind__in=CHANGES_WHO_FOLLOWS)
    if later.exists():
        came, left = _came_and_left_since(answered)
        back = Contact.objects.select_related("merged_into").filter(pk__in=left).order_by("pk")
        follow = [*(one for one in follow if str(one.pk) not in came), *back]
    return list(dict.fromkeys(map(person, [whose_then(answered).requester, *follow])))


def whose_then(entry: LogEntry) -> Whose:
    """Returns whose the case was when this entry was written: who is told of it (semantics §6.4),
    whoever's the case is by now.
    """
    ticket, given = entry.ticket, _given_by(entry)
    if not given:
        return Whose(ticket.requester, ticket.organisation_id)
    whose = given[-1].data
    organisation = whose.get("organisation")
    requester = Contact.objects.select_related("merged_into").get(pk=whose["requester"])
    return Whose(requester, int(organisation) if organisation else None)


def _came_and_left_since(entry: LogEntry) -> tuple[Collection[str], Collection[str]]:
    """Which contacts follow that did not when an entry was written, and the other way round; not
    who was taken for another person, nor who followed by their words.
    """
    entries = [entry_of(line) for line in entry.ticket.log.order_by("seq")]
    then, now = replay(entries[: entry.seq]).participants, replay(entries).participants
    events = [one.event for one in entries[entry.seq :]]
    parted = {who for one in events if isinstance(one, PersonParted) for who in one.leaving}
    taken_for = {given.data["requester"] for given in _given_by(entry)[:-1]}
    return now - then, then - now - parted - taken_for


def _given_by(entry: LogEntry) -> list[LogEntry]:
    """The entry by which the case was whose it was when `entry` was written, and those by which it
    was given since to who they turned out to be; nothing where it was given to nobody since.
    """
    ticket = entry.ticket
    later = ticket.log.filter(seq__gt=entry.seq, kind="RequesterChanged").order_by("seq")
    if entry.seq >= ticket.seq or not later:
        return []
    before = ticket.log.filter(seq__lte=entry.seq, kind__in=GIVEN_BY)
    given = [before.latest("seq")]
    for change in later:
        if not _turned_out_to_be(change, given[-1].data["requester"], entry):
            break
        given.append(change)
    return given


def _turned_out_to_be(change: LogEntry, before: str, since: LogEntry) -> bool:
    """Whether a case was given to whom two contacts, taken for one, were taken apart into: it was
    theirs all along.
    """
    apart = ContactMerge.objects.filter(
        source=change.data["requester"], undone_at__range=(since.at, change.at)
    )
    return apart.filter(Q(into=before) | Q(into__merged_into=before)).exists()


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
    used: dict[int, list[Used]] = defaultdict(list)
    for who, channel, sender, *_last in _WAYS_USED.columns(tickets=all_going_on_as(ticket)):
        used[who].append(Used(channel, sender))
    return used


_WAYS_USED = Prepared(
    lambda tickets: (
        Message.objects.filter(
            among("deskbook_message.ticket_id", tickets), kind=Message.Kind.REQUEST, outsider=False
        )
        .exclude(author_contact=None)
        .values_list(
            Coalesce(F("author_contact__merged_into"), F("author_contact")), "channel", "sender"
        )
        .annotate(last_at=Max("at"), last=Max("pk"))
        .order_by("-last_at", "-last")
    ),
    "tickets",
)


def used_by(ticket: Ticket, contact: Contact) -> Sequence[Used]:
    """Returns by what one person wrote on a ticket, as `used_on`; where by nothing, on the case of
    theirs that was taken out of it: an answer of before may be on its way to them.
    """
    who = person(contact).pk
    if used := used_on(ticket).get(who):
        return used
    home = case_taken_back(ticket, contact)
    return used_on(home).get(who, ()) if home else ()


def senders_on(ticket: Ticket, contact: Contact) -> list[str]:
    """Returns the addresses and numbers somebody wrote on a ticket from, the latest first; then
    those of whatever else they wrote to the desk, the latest first.
    """
    here = [way.sender for way in used_by(ticket, contact) if way.sender]
    return list(dict.fromkeys([*here, *_senders_of(contact)]))


def _senders_of(contact: Contact) -> Sequence[str]:
    said = Message.objects.filter(
        author_contact__in=same_person(contact), kind=Message.Kind.REQUEST, outsider=False
    )
    senders = said.exclude(sender="").order_by().values("sender").annotate(last_at=Max("at"))
    return [row["sender"] for row in senders.order_by("-last_at", "sender")]


def latest_first(known: Sequence[str], used: Sequence[str]) -> list[str]:
    """Returns what is known of somebody, beginning with what they used: what is theirs no more is
    not among it.
    """
    return [
        *(way for way in dict.fromkeys(used) if way in known),
        *(way for way in known if way not in used),
    ]
