"""Giving tickets to who is on duty, where the book says how."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Count, QuerySet

from deskbook.engine.decide_assignment import decide_assign
from deskbook.engine.decision import Decision
from deskbook.engine.desk import Desk
from deskbook.engine.rosters import next_for, way_of_giving
from deskbook.engine.ticket import SYSTEM
from deskbook.engine.ticket import Ticket as State
from deskbook.people.books import desk_at, desk_in_force
from deskbook.people.duty import on_duty
from deskbook.people.models import Agent, HelpDesk
from deskbook.tickets.log import Recorded, Refused, act
from deskbook.tickets.models import LogEntry, Ticket


@transaction.atomic
def assign_on_duty(ticket: Ticket, *, at: datetime) -> Recorded | None:
    """Gives an unowned ticket to one of its team who is on duty at `at`, as the book says; returns what was recorded.

    None when nothing was to do: the book leaves it to be taken, it has an owner, a person had it since it arrived,
    a freeze holds it, or nobody is on. Asked twice it is given once.
    """
    desk = desk_at(ticket.desk_id, ticket.book_version)
    how = way_of_giving(desk, ticket.team)
    if how is None or _was_touched(ticket):
        return None
    _one_at_a_time(ticket.desk_id, ticket.team)
    present = on_duty(ticket.desk, ticket.team, at=at, place=_site_of(ticket))
    chosen = next_for(
        [str(agent.pk) for agent in present],
        how=how,
        open_tickets=_open_tickets(present),
        last_given_at={str(agent.pk): agent.last_given_at for agent in present if agent.last_given_at},
    )
    return _give(ticket, chosen, ticket.team, at) if chosen else None


def waiting_for_duty(helpdesk: HelpDesk, *, at: datetime) -> QuerySet[Ticket]:
    """Returns the unowned open tickets of teams that have somebody on duty at `at` and give by the book."""
    desk = desk_in_force(helpdesk)
    giving = [team for team in desk.teams if way_of_giving(desk, team)]
    staffed = [team for team in giving if on_duty(helpdesk, team, at=at)]
    waiting = Ticket.objects.filter(desk=helpdesk, is_open=True, owner=None, team__in=staffed)
    return waiting.select_related("desk").order_by("due_order_at", "id")


def _give(ticket: Ticket, chosen: str, team: str, at: datetime) -> Recorded | None:
    def decide(desk: Desk, state: State) -> Decision:
        stage = desk.stages[state.stage]
        if state.owner is not None or state.team != team or state.held_by or stage.solved or stage.redirected:
            return ()
        return decide_assign(desk, state, chosen, at=at, by=SYSTEM)

    try:
        recorded = act(ticket.pk, decide, at=at, by=SYSTEM)
    except Refused:
        return None
    if not any(entry.kind == "Assigned" for entry in recorded.entries):
        return None
    Agent.objects.filter(pk=int(chosen)).update(last_given_at=at)
    return recorded


def _site_of(ticket: Ticket) -> str | None:
    """Returns the site a case is sorted to, else its place; None is any."""
    site: str | None = ticket.state.get("facets", {}).get("site")
    return site or ticket.place or None


def _was_touched(ticket: Ticket) -> bool:
    """Whether somebody owned it since it arrived: who gave it back by hand did not mean to get it again."""
    arrived = ticket.log.filter(kind="TeamArrived").order_by("-seq").values_list("seq", flat=True).first()
    since = LogEntry.objects.filter(ticket=ticket, kind="Assigned", seq__gt=arrived or 0)
    return any(data.get("owner") for data in since.values_list("data", flat=True))


def _one_at_a_time(desk_id: int, team: str) -> None:
    """Two tickets of a team at once would otherwise both go to the one who waited longest."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(%s))", [f"duty {desk_id} {team}"])


def _open_tickets(agents: Sequence[Agent]) -> dict[str, int]:
    rows = Ticket.objects.filter(owner__in=agents, is_open=True).order_by().values("owner").annotate(n=Count("pk"))
    return {str(row["owner"]): row["n"] for row in rows}
