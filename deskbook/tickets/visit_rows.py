"""The rows of dated visits, kept as the states of their tickets say; and who goes where, read from
them.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from deskbook.engine.ticket import TicketState
from deskbook.engine.ticket_parts import SiteVisit
from deskbook.engine.visit_events import VisitEvent
from deskbook.people.duty import has_left, those_who_left
from deskbook.people.free_days import Engagement
from deskbook.people.models import Agent, HelpDesk
from deskbook.tickets.models import LogEntry, Message, Ticket
from deskbook.tickets.visit_models import DatedVisit

CHANGES = frozenset(kind.__name__ for kind in VisitEvent.__args__)
"""Kinds after which the rows are looked through."""


def show_visits(row: Ticket, state: TicketState) -> None:
    """Makes the rows of a ticket's visits what its state says; call it in the transaction of the
    act.
    """
    known = {found.visit: found for found in DatedVisit.objects.filter(ticket=row.pk)}
    place = place_and_words(state)[0]
    for visit in state.site_visits:
        columns = _columns(visit, place, state)
        before = known.get(visit.id)
        if before and all(getattr(before, name) == value for name, value in columns.items()):
            continue
        changed_at = state.last_at or state.opened_at
        columns |= {"desk_id": row.desk_id, "changed_at": changed_at}
        DatedVisit.objects.update_or_create(ticket_id=row.pk, visit=visit.id, defaults=columns)


def _columns(visit: SiteVisit, place: str, state: TicketState) -> dict[str, Any]:
    """What a row says of a visit."""
    return {
        "from_at": visit.from_at,
        "until_at": visit.until_at,
        "people": [int(id_) for id_ in visit.people],
        "left_out": [int(id_) for id_ in visit.left_out],
        "place": place,
        "state": visit.state,
        "suits": visit.suits,
        "attended": visit.attended,
        "sequence": visit.sequence,
        "expected": state.site_visit_wish.people if state.site_visit_wish else None,
    }


def place_and_words(state: TicketState) -> tuple[str, str]:
    """Returns where the office wants people to come to, and what it said besides."""
    wish = state.site_visit_wish
    asked = Message.objects.filter(pk=int(wish.message)) if wish and wish.message else None
    text = asked.values_list("text", flat=True).first() if asked is not None else None
    place, _blank, words = (text or "").partition("\n\n")
    return " ".join(place.split())[:300], words


def engagements_between(
    helpdesk: HelpDesk, from_at: datetime, until_at: datetime, *, but: DatedVisit | None = None
) -> list[Engagement]:
    """Returns who goes where between two instants; `but` is a visit left aside because it is about
    to be moved.
    """
    rows = visits_between(helpdesk, from_at, until_at).exclude(state=DatedVisit.State.CALLED_OFF)
    return [
        Engagement(str(person), row.from_at, row.until_at, str(row.ticket))
        for row in rows
        if but is None or row.pk != but.pk
        for person in row.people
    ]


def visits_between(
    helpdesk: HelpDesk, from_at: datetime, until_at: datetime
) -> QuerySet[DatedVisit]:
    """Returns a desk's visits that touch a stretch of time, called-off ones too, the first
    first.
    """
    rows = DatedVisit.objects.filter(desk=helpdesk, until_at__gt=from_at, from_at__lt=until_at)
    return rows.select_related("ticket__desk").order_by("from_at", "pk")


def visits_of_person(agent: Agent) -> QuerySet[DatedVisit]:
    """Returns the visits somebody goes to, and those they were to go to."""
    rows = DatedVisit.objects.filter(
        Q(people__contains=[agent.pk]) | Q(left_out__contains=[agent.pk])
    )
    return rows.filter(desk=agent.desk_id).select_related("ticket__desk").order_by("from_at", "pk")


def visits_of_who_left(*, at: datetime) -> list[tuple[Agent, DatedVisit]]:
    """Returns the dated visits ahead of people who left their desk, of all desks, each with who."""
    ahead = DatedVisit.objects.filter(state=DatedVisit.State.DATED, until_at__gt=at)
    left = {agent.pk: agent for agent in those_who_left(at=at)}
    rows = ahead.filter(people__overlap=list(left)).select_related("ticket__desk")
    return [
        (left[person], row)
        for row in rows.order_by("from_at", "pk")
        for person in row.people
        if person in left
    ]


def people_of(rows: list[DatedVisit]) -> dict[int, Agent]:
    """Returns id → agent for everybody in these visits."""
    ids = {person for row in rows for person in (*row.people, *row.left_out)}
    return {
        agent.pk: agent for agent in Agent.objects.filter(pk__in=ids).select_related("user", "desk")
    }


def answers_of(rows: Sequence[DatedVisit]) -> dict[tuple[int, str], Message]:
    """Returns (ticket, visit) → what the office said with its answer, for the visits whose present
    date it answered.
    """
    answered = {(row.ticket_id, row.visit) for row in rows if row.suits is not None}
    if not answered:
        return {}
    entries = LogEntry.objects.filter(
        ticket__in={pk for pk, _visit in answered}, kind="SiteVisitAnswered"
    ).order_by("seq")
    last = {(e.ticket_id, e.data["visit"]): int(e.data.get("reason") or 0) for e in entries}
    said = Message.objects.select_related("author_contact").in_bulk(last.values())
    return {key: said[last[key]] for key in answered if last.get(key) in said}


def who_left(people: Iterable[Agent], *, at: datetime) -> frozenset[int]:
    """Returns the ids of those of them who are of the desk no more: they do not come."""
    return frozenset(agent.pk for agent in people if has_left(agent, at=at))
