"""Merging and linking. Both tickets are written in one transaction, the one with the lower id
first.
"""

from collections.abc import Collection
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from deskbook.engine.decide_relations import (
    decide_absorb,
    decide_link,
    decide_merge,
    decide_release,
    decide_unlink,
    decide_unmerge,
)
from deskbook.people.merging import of_two_organisations
from deskbook.people.models import Agent
from deskbook.refusals.refusal import Refusal, Refused
from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.going_on import absorbed_by, goes_on_as, merged_into
from deskbook.tickets.homecoming import Homecoming
from deskbook.tickets.log import Recorded, once, perform
from deskbook.tickets.messages import Written
from deskbook.tickets.models import LogEntry, Participant, Ticket
from deskbook.tickets.named import named_beside, number_in
from deskbook.tickets.participants import people_of
from deskbook.tickets.taking_back import take_followers_back, take_words_back

ACROSS = "across organisations"
BACK = {"incident of": "problem behind"}
"""What a relation is called on the other ticket; others are called the same on both."""


@once  # or the other ticket, whose half has no key, would be written again
def merge_ticket(
    ticket: Ticket,
    into: Ticket,
    *,
    across: bool = False,
    at: datetime,
    by: Agent,
    key: str | None = None,
) -> Recorded:
    """Merges `ticket` into another of its desk; its messages show there, and its people follow it
    from now on. Where it was the desk's turn, it is so there.

    Raises Refused; with the rule ACROSS where the two are of two organisations and nobody said yes
    to that (`across`).
    """
    _same_desk(ticket, into)
    in_one_order(ticket, into)
    ticket, into = _as_it_stands(ticket), _as_it_stands(into)
    if not across:
        _one_organisation(ticket, into)
    fresh, waits = joining(ticket, into), ticket.is_open and ticket.waits_for == "desk"
    merged = perform(ticket, decide_merge, str(into), str(ticket), at=at, by=by, key=key)
    perform(into, decide_absorb, str(ticket), fresh, waits, at=at, by=by)
    rows = [Participant(ticket=into, contact_id=int(contact), since=at) for contact in fresh]
    Participant.objects.bulk_create(rows, ignore_conflicts=True)
    return merged


@once
def unmerge_ticket(ticket: Ticket, *, at: datetime, by: Agent, key: str | None = None) -> Recorded:
    """Takes a wrong merge back: the ticket goes on where it stood; its people leave the other, and
    what they wrote there meanwhile, were answered, and whom they copied in comes with them. Raises
    Refused.
    """
    # Read again: the caller may have it from before the merge, and the other ticket would keep what
    # left it.
    into = merged_into(Ticket.objects.get(pk=ticket.pk))
    if into is not None:
        in_one_order(ticket, into)
    back = perform(ticket, decide_unmerge, at=at, by=by, key=key)
    if into is not None:
        unmerged = next(entry for entry in back.entries if entry.kind == "Unmerged")
        came = _came_for_it_alone(ticket, into)
        Participant.objects.filter(pk__in=[row.pk for row in came]).delete()
        home = bring_home(unmerged, at=at)
        leaving = tuple(sorted(str(row.contact_id) for row in (*came, *home.leaving)))
        perform(into, decide_release, str(ticket), leaving, at=at, by=by)
        Participant.objects.filter(pk__in=[row.pk for row in home.leaving]).delete()
        take_followers_back(ticket, home)
    return back


def merged_by(ticket: Ticket) -> str:
    """Returns the id of the agent who merged this ticket into another; "" where none did."""
    entry = ticket.log.filter(kind="Merged").order_by("-seq").first()
    kind, _colon, number = entry.actor.partition(":") if entry else ("", "", "")
    return number if kind == "agent" else ""


@once
def link_tickets(
    ticket: Ticket,
    other: Ticket,
    *,
    relation: str = "related",
    at: datetime,
    by: Agent,
    key: str | None = None,
) -> Recorded:
    """Links two tickets, both ways: "related", or `ticket` as the "incident of" a problem. Raises
    Refused.
    """
    _same_desk(ticket, other)
    in_one_order(ticket, other)
    back = BACK.get(relation, relation)
    perform(other, decide_link, str(ticket), str(other), back, at=at, by=by)
    return perform(ticket, decide_link, str(other), str(ticket), relation, at=at, by=by, key=key)


@once
def unlink_tickets(
    ticket: Ticket, other: Ticket, *, at: datetime, by: Agent, key: str | None = None
) -> Recorded:
    in_one_order(ticket, other)
    perform(other, decide_unlink, str(ticket), at=at, by=by)
    return perform(ticket, decide_unlink, str(other), at=at, by=by, key=key)


def incidents_of(problem: Ticket) -> list[Ticket]:
    """Returns the open tickets that are linked as incidents of this problem, by number."""
    linked = set(problem.state.get("linked", ()))
    if not linked:
        return []
    entries = problem.log.filter(kind="Linked", data__relation=BACK["incident of"])
    names = linked & {data["ticket"] for data in entries.values_list("data", flat=True)}
    numbers = [number_in(name) for name in names]
    found = Ticket.objects.filter(desk=problem.desk_id, number__in=numbers, is_open=True)
    return list(found.exclude(outcome="solved").select_related("desk").order_by("number"))


def answer_incidents(
    problem: Ticket,
    text: str,
    *,
    then_stage: str | None = None,
    at: datetime,
    by: Agent,
    key: str | None = None,
) -> tuple[list[Ticket], list[Refusal]]:
    """Answers every open incident of a problem with one text; returns those answered, and why
    others were not.

    One answer each: the same key again answers only those it did not reach before.
    """
    answered: list[Ticket] = []
    refused: list[Refusal] = []
    for incident in incidents_of(problem):
        its_key = sha256(f"{key} {incident.pk}".encode()).hexdigest() if key else None
        try:
            with transaction.atomic():
                answer_ticket(
                    incident, Written(text), then_stage=then_stage, at=at, by=by, key=its_key
                )
            answered.append(incident)
        except Refused as error:
            refused.append(Refusal("carry over: ticket", ticket=str(incident), why=error.refusal))
    return answered, refused


def came_with(ticket: Ticket, into: Ticket) -> list[int]:
    """Returns who follows a ticket since this one was merged into it, by contact: nobody who took
    part there before.
    """
    entry = into.log.filter(kind="Absorbed", data__ticket=str(ticket)).order_by("-seq").first()
    return [int(contact) for contact in entry.data.get("joining", ())] if entry else []


def went_with(unmerged: LogEntry) -> list[int]:
    """Returns whom it concerns that a case was taken out of another by this entry, by contact: who
    follows the other no more, and whoever had come there with it, also if they left it since or
    take part in it now in their own right.
    """
    ticket, into = unmerged.ticket, named_beside(unmerged.ticket, unmerged.data["out_of"])
    entry = into.log.filter(kind="Released", data__ticket=str(ticket)).order_by("-seq").first()
    leaving = [int(contact) for contact in entry.data.get("leaving", ())] if entry else []
    theirs = people_of(ticket).values()
    return sorted({*leaving, *(one for one in came_with(ticket, into) if one in theirs)})


def taken_out_of(unmerged: LogEntry) -> Ticket:
    """Returns what the ticket goes on as that a case was taken out of by this entry."""
    return goes_on_as(named_beside(unmerged.ticket, unmerged.data["out_of"]))


def joining(ticket: Ticket, into: Ticket) -> tuple[str, ...]:
    """Returns who takes part in a ticket and not in the one it is merged into, by contact."""
    there = people_of(into)
    return tuple(
        str(contact) for who, contact in sorted(people_of(ticket).items()) if who not in there
    )


def bring_home(
    unmerged: LogEntry, *, among: Collection[int] | None = None, at: datetime
) -> Homecoming:
    """Brings to a case that was taken out of another what belongs to it of what its people, or
    those of them who are `among` these, wrote there and were answered; returns that.
    """
    into = named_beside(unmerged.ticket, unmerged.data["out_of"])
    there = list({one.pk: one for one in (into, goes_on_as(into))}.values())
    people = people_of(unmerged.ticket)
    people = {who: one for who, one in people.items() if among is None or who in among}
    home = Homecoming(unmerged, there, people, _others_of(into, unmerged.ticket))
    take_words_back(unmerged, home, there, at=at)
    return home


def _came_for_it_alone(ticket: Ticket, into: Ticket) -> list[Participant]:
    """Those who follow for this ticket's sake, not for that of another that stays, nor for the kept
    one's own.
    """
    going = people_of(ticket).keys() - _others_of(into, ticket)
    rows = Participant.objects.filter(ticket=into, copied_by=None, since__isnull=False)
    # By the contact, not the person: of two people taken for one, only one is the requester.
    rows = rows.exclude(contact=into.requester_id).select_related("contact").order_by("pk")
    return [row for row in rows if row.contact.person_id in going]


def _others_of(into: Ticket, ticket: Ticket) -> set[int]:
    """Who takes part in another case that goes on as this one."""
    others = Ticket.objects.filter(desk=into.desk_id, number__in=absorbed_by(into))
    others = others.exclude(pk=ticket.pk).select_related("requester")
    return {who for other in others for who in people_of(other)}


def _one_organisation(ticket: Ticket, into: Ticket) -> None:
    if of_two_organisations(ticket.organisation_id, into.organisation_id):
        raise Refused(
            ACROSS,
            ticket=str(ticket),
            requester=str(ticket.requester),
            organisation=str(ticket.organisation),
            other=str(into),
            other_requester=str(into.requester),
            other_organisation=str(into.organisation),
        )


def _same_desk(ticket: Ticket, other: Ticket) -> None:
    if ticket.desk_id != other.desk_id:
        raise Refused("other desk")


def _as_it_stands(ticket: Ticket) -> Ticket:
    """Once it is locked: whose case it is may have changed since the caller read it."""
    return Ticket.objects.select_related("desk", "requester", "organisation").get(pk=ticket.pk)


def in_one_order(*tickets: Ticket) -> None:
    """Keeps everybody else from acting on these until the transaction ends."""
    # In one order everywhere: two merges in opposite directions would wait for each other for ever.
    ids = sorted({ticket.pk for ticket in tickets})
    list(
        Ticket.objects.select_for_update(no_key=True)
        .filter(pk__in=ids)
        .order_by("pk")
        .values_list("pk")
    )
