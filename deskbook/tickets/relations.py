"""Merging and linking. Both tickets are written in one transaction, the one with the lower id first."""

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
from deskbook.engine.decision import Refusal
from deskbook.people.access import actor_of_agent
from deskbook.people.models import Agent
from deskbook.tickets.conversation import answer_ticket
from deskbook.tickets.log import Recorded, Refused, act, recorded_before
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Ticket

BACK = {"incident of": "problem behind"}
"""What a relation is called on the other ticket; others are called the same on both."""


@transaction.atomic
def merge_ticket(ticket: Ticket, into: Ticket, *, at: datetime, by: Agent, key: str | None = None) -> Recorded:
    """Merges `ticket` into another of its desk; its messages show there. Raises Refused."""
    done = recorded_before(key)  # or the other ticket, whose half has no key, would be written again
    if done:
        return done
    _same_desk(ticket, into)
    _lock(ticket, into)
    actor = actor_of_agent(by)
    merged = act(
        ticket.pk,
        lambda d, s: decide_merge(d, s, str(into), own=str(ticket), at=at, by=actor),
        at=at,
        by=actor,
        key=key,
    )
    act(into.pk, lambda d, s: decide_absorb(d, s, str(ticket), at=at, by=actor), at=at, by=actor)
    return merged


@transaction.atomic
def unmerge_ticket(ticket: Ticket, *, at: datetime, by: Agent, key: str | None = None) -> Recorded:
    """Takes a wrong merge back: the ticket goes on where it stood. Raises Refused."""
    done = recorded_before(key)
    if done:
        return done
    # Read again: the caller may have it from before the merge, and the other ticket would keep what left it.
    actor, into = actor_of_agent(by), merged_into(Ticket.objects.get(pk=ticket.pk))
    if into is not None:
        _lock(ticket, into)
    back = act(ticket.pk, lambda d, s: decide_unmerge(d, s, at=at, by=actor), at=at, by=actor, key=key)
    if into is not None:
        act(into.pk, lambda d, s: decide_release(d, s, str(ticket), at=at, by=actor), at=at, by=actor)
    return back


@transaction.atomic
def link_tickets(
    ticket: Ticket, other: Ticket, *, relation: str = "related", at: datetime, by: Agent, key: str | None = None
) -> Recorded:
    """Links two tickets, both ways: "related", or `ticket` as the "incident of" a problem. Raises Refused."""
    done = recorded_before(key)
    if done:
        return done
    _same_desk(ticket, other)
    _lock(ticket, other)
    actor, back = actor_of_agent(by), BACK.get(relation, relation)
    act(
        other.pk,
        lambda d, s: decide_link(d, s, str(ticket), own=str(other), relation=back, at=at, by=actor),
        at=at, by=actor,
    )  # fmt: skip
    return act(
        ticket.pk,
        lambda d, s: decide_link(d, s, str(other), own=str(ticket), relation=relation, at=at, by=actor),
        at=at, by=actor, key=key,
    )  # fmt: skip


@transaction.atomic
def unlink_tickets(ticket: Ticket, other: Ticket, *, at: datetime, by: Agent, key: str | None = None) -> Recorded:
    done = recorded_before(key)
    if done:
        return done
    _lock(ticket, other)
    actor = actor_of_agent(by)
    act(other.pk, lambda d, s: decide_unlink(d, s, str(ticket), at=at, by=actor), at=at, by=actor)
    return act(ticket.pk, lambda d, s: decide_unlink(d, s, str(other), at=at, by=actor), at=at, by=actor, key=key)


def incidents_of(problem: Ticket) -> list[Ticket]:
    """Returns the open tickets that are linked as incidents of this problem, by number."""
    linked = set(problem.state.get("linked", ()))
    if not linked:
        return []
    entries = problem.log.filter(kind="Linked", data__relation=BACK["incident of"])
    names = linked & {data["ticket"] for data in entries.values_list("data", flat=True)}
    numbers = [int(name.rpartition("-")[2]) for name in names]
    found = Ticket.objects.filter(desk=problem.desk_id, number__in=numbers, is_open=True)
    return list(found.exclude(outcome="solved").select_related("desk").order_by("number"))


def answer_incidents(
    problem: Ticket, text: str, *, then_stage: str | None = None, at: datetime, by: Agent, key: str | None = None
) -> tuple[list[Ticket], list[str]]:
    """Answers every open incident of a problem with one text; returns those answered, and why others were not.

    One answer each: the same key again answers only those it did not reach before.
    """
    answered, refused = [], []
    for incident in incidents_of(problem):
        once = sha256(f"{key} {incident.pk}".encode()).hexdigest() if key else None
        try:
            with transaction.atomic():
                answer_ticket(incident, Written(text), then_stage=then_stage, at=at, by=by, key=once)
            answered.append(incident)
        except Refused as error:
            refused.append(f"{incident}: {error.sentence}")
    return answered, refused


def merged_into(ticket: Ticket) -> Ticket | None:
    """Returns the ticket this one was merged into."""
    name = ticket.state.get("merged_into")
    if not name:
        return None
    return Ticket.objects.select_related("desk").get(desk=ticket.desk_id, number=int(name.rpartition("-")[2]))


def _same_desk(ticket: Ticket, other: Ticket) -> None:
    if ticket.desk_id != other.desk_id:
        raise Refused(Refusal("other desk", "The two tickets belong to different desks."))


def _lock(*tickets: Ticket) -> None:
    # In one order everywhere: two merges in opposite directions would wait for each other for ever.
    ids = sorted({ticket.pk for ticket in tickets})
    list(Ticket.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk").values_list("pk"))
