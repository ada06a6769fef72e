"""Giving tickets to who is on duty, where the book says how; and taking them from owners who are
not there.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Count, QuerySet

from deskbook.engine.campaign import is_over
from deskbook.engine.decide_assignment import decide_assign
from deskbook.engine.decide_owner import Absence, decide_relieve
from deskbook.engine.decision import Decision
from deskbook.engine.desk import Desk
from deskbook.engine.rosters import given_at, next_for, way_of_giving
from deskbook.engine.ticket import SYSTEM, TicketState
from deskbook.people.books import desk_at, desk_in_force
from deskbook.people.duty import has_left, is_away, on_duty, those_who_left
from deskbook.people.models import Agent, HelpDesk
from deskbook.people.turns import take_turns
from deskbook.refusals.refusal import Refused
from deskbook.tickets.log import Decide, Recorded, act
from deskbook.tickets.models import LogEntry, Ticket

RELIEVED: tuple[Absence, ...] = ("off duty", "left")


@transaction.atomic
def assign_on_duty(ticket: Ticket, *, at: datetime) -> Recorded | None:
    """Gives an unowned ticket to one of its team who is on duty at `at`, as the book says; returns
    what was recorded.

    Whoever had it before their shift was over gets it back, if they are on. None when nothing was
    to do: the book leaves it to be taken, it has an owner, a person gave it back, a freeze holds
    it, or nobody is on. Asked twice it is given once.
    """
    changes = _owners_since_it_arrived(ticket)
    former = next((owner for owner, _cause in reversed(changes) if owner), None)
    if former and changes[-1] not in [(None, cause) for cause in RELIEVED]:
        return None
    chosen = _who_is_next(ticket, at=at, rather=former)
    team = ticket.team

    def decide(desk: Desk, state: TicketState) -> Decision:
        stage = desk.stages[state.stage]
        if (
            state.owner is not None
            or state.team != team
            or state.held_by
            or stage.solved
            or stage.redirected
        ):
            return ()
        return decide_assign(desk, state, chosen, at=at, by=SYSTEM)

    return _give(ticket, chosen, decide, at=at) if chosen else None


@transaction.atomic
def relieve_absent_owner(ticket: Ticket, *, at: datetime, tells: bool = True) -> Recorded | None:
    """Takes a ticket from an owner who is off duty or has left, and gives it to who is on, or to
    its team.

    Returns what was recorded, None when its owner is there or it has none. Without `tells` no
    reaction follows where nobody gets it: the caller says so.
    """
    if ticket.owner_id is None:
        return None
    owner = Agent.objects.select_related("user", "desk").get(pk=ticket.owner_id)
    why: Absence | None = (
        "left" if has_left(owner, at=at) else "off duty" if is_away(owner, at=at) else None
    )
    if why is None:
        return None
    chosen = _who_is_next(ticket, at=at)
    number, cause = str(owner.pk), why

    def decide(desk: Desk, state: TicketState) -> Decision:
        return decide_relieve(desk, state, number, why=cause, successor=chosen, at=at)

    seen_to = frozenset() if tells or chosen else frozenset({"Assigned"})
    return _give(ticket, chosen, decide, at=at, seen_to=seen_to)


def cases_of_who_left(*, at: datetime) -> QuerySet[Ticket]:
    """Returns the open tickets whose owner no longer works at their desk, of all desks."""
    left = Ticket.objects.filter(is_open=True, owner__in=those_who_left(at=at).values("pk"))
    return left.select_related("desk", "owner__user").order_by("owner", "pk")


def waiting_for_duty(helpdesk: HelpDesk, *, at: datetime) -> QuerySet[Ticket]:
    """Returns the unowned open tickets of teams that have somebody on duty at `at` and give by the
    book; none once the desk has ended.
    """
    desk = desk_in_force(helpdesk)
    giving = [team for team in desk.teams if way_of_giving(desk, team) and not is_over(desk, at=at)]
    staffed = [team for team in giving if on_duty(helpdesk, team, at=at)]
    waiting = Ticket.objects.filter(desk=helpdesk, is_open=True, owner=None, team__in=staffed)
    return waiting.select_related("desk").order_by("due_order_at", "id")


def _who_is_next(ticket: Ticket, *, at: datetime, rather: str | None = None) -> str | None:
    """Returns whom the book gives a ticket of this team to at `at`: `rather`, if they are on.

    Nobody once the desk has ended, as its book in force says: with no roster all would be on.
    """
    how = way_of_giving(desk_at(ticket.desk_id, ticket.book_version), ticket.team)
    if how is None or is_over(desk_in_force(ticket.desk), at=at):
        return None
    _one_at_a_time(ticket.desk_id, ticket.team)
    present = on_duty(ticket.desk, ticket.team, at=at, place=_site_of(ticket))
    candidates = [str(agent.pk) for agent in present]
    if rather in candidates:
        return rather
    return next_for(
        candidates,
        how=how,
        open_tickets=_open_tickets(present),
        last_given_at={
            str(agent.pk): agent.last_given_at for agent in present if agent.last_given_at
        },
    )


def _give(
    ticket: Ticket,
    chosen: str | None,
    decide: Decide,
    *,
    at: datetime,
    seen_to: frozenset[str] = frozenset(),
) -> Recorded | None:
    try:
        recorded = act(ticket.pk, decide, at=at, by=SYSTEM, seen_to=seen_to)
    except Refused:
        return None
    if not any(entry.kind == "Assigned" for entry in recorded.entries):
        return None
    if chosen:
        since = Agent.objects.filter(desk_id=ticket.desk_id, last_given_at__gte=at)
        before = since.values_list("last_given_at", flat=True)
        own = Agent.objects.filter(pk=int(chosen))
        own.update(last_given_at=given_at((last for last in before if last), at=at))
    return recorded


def _site_of(ticket: Ticket) -> str | None:
    """Returns the site a case is sorted to, else its place; None is any."""
    site: str | None = ticket.state.get("facets", {}).get("site")
    return site or ticket.place or None


def _owners_since_it_arrived(ticket: Ticket) -> list[tuple[str | None, str]]:
    """Returns who owned it since it came to its team, in order, and why: who gave it back by hand
    does not want it.
    """
    arrived = (
        ticket.log.filter(kind="TeamArrived").order_by("-seq").values_list("seq", flat=True).first()
    )
    since = LogEntry.objects.filter(ticket=ticket, kind="Assigned", seq__gt=arrived or 0).order_by(
        "seq"
    )
    return [
        (data.get("owner"), data.get("cause", "person"))
        for data in since.values_list("data", flat=True)
    ]


def _one_at_a_time(desk_id: int, team: str) -> None:
    """Two tickets of a team at once would otherwise both go to the one who waited longest."""
    take_turns(f"duty {desk_id} {team}")


def _open_tickets(agents: Sequence[Agent]) -> dict[str, int]:
    rows = (
        Ticket.objects.filter(owner__in=agents, is_open=True)
        .order_by()
        .values("owner")
        .annotate(n=Count("pk"))
    )
    return {str(row["owner"]): row["n"] for row in rows}
