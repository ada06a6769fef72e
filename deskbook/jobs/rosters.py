"""Rosters on the clock: tickets go to who is on, gaps are told ahead, temporary accounts end."""

import logging
from collections import defaultdict
from datetime import UTC, datetime, timedelta

from django.db import transaction

from deskbook.engine.desk import Desk
from deskbook.engine.rosters import way_of_giving
from deskbook.jobs.chats import give_back
from deskbook.jobs.roster_mail import (
    tell_leads_of_gap,
    tell_leads_of_returned,
    tell_leads_of_unfilled,
    tell_leads_of_visit,
    tell_of_ended_accounts,
)
from deskbook.people.agent_changes import tell_agents_changed
from deskbook.people.books import desk_in_force
from deskbook.people.duty import gaps_between, unfilled_between
from deskbook.people.models import Agent, HelpDesk
from deskbook.people.roster_models import RosterNotice
from deskbook.tickets import duty_assignment
from deskbook.tickets.models import LogEntry, Ticket
from deskbook.tickets.visit_rows import visits_of_who_left
from deskbook.tickets.what_follows import only_where

AHEAD = timedelta(hours=48)
_BEYOND = timedelta(hours=36)
MOST_AT_ONCE = 200
"""Cases of one who left that are given on, and told, in one transaction."""
log = logging.getLogger(__name__)


def _is_given(desk: Desk, _ticket: Ticket, entry: LogEntry) -> bool:
    return way_of_giving(desk, entry.data.get("team", "")) is not None


@only_where(_is_given)
def assign_on_duty(entry_id: int, *, at: datetime | None = None) -> None:
    """Gives a ticket that arrived at a team to who is on duty; with nobody on it waits for the next
    shift.
    """
    entry = LogEntry.objects.select_related("ticket__desk").get(pk=entry_id)
    duty_assignment.assign_on_duty(entry.ticket, at=at or datetime.now(UTC))


def give_waiting(*, at: datetime | None = None) -> int:
    """Gives what waits to the shift that is on by now; returns how many. One bad ticket does not
    hold up the rest.
    """
    at, given = at or datetime.now(UTC), 0
    for helpdesk in HelpDesk.objects.filter(book_version__gt=0):
        for ticket in duty_assignment.waiting_for_duty(helpdesk, at=at)[:500]:
            try:
                given += duty_assignment.assign_on_duty(ticket, at=at) is not None
            except Exception:
                log.exception("ticket %s could not be given", ticket)
    return given


def announce_gaps(*, at: datetime | None = None) -> int:
    """Mails the leads of every desk what will be missing within 48 hours, each once; returns how
    much was new.
    """
    at = at or datetime.now(UTC)
    return sum(_announce(helpdesk, at) for helpdesk in HelpDesk.objects.filter(book_version__gt=0))


def switch_off_accounts(*, at: datetime | None = None) -> int:
    """Ends the temporary accounts whose time has come, tells them and the leads so; returns
    how many.
    """
    at, ended = at or datetime.now(UTC), 0
    for helpdesk in HelpDesk.objects.filter(
        agents__until__lte=at, agents__is_active=True
    ).distinct():
        with transaction.atomic():
            due = Agent.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
            agents = list(
                due.filter(desk=helpdesk, is_active=True, until__lte=at).select_related("user")
            )
            Agent.objects.filter(pk__in=[agent.pk for agent in agents]).update(is_active=False)
            tell_of_ended_accounts(helpdesk, agents, at=at)
            tell_agents_changed(helpdesk.pk)
            ended += len(agents)
    return_cases(at=at)
    return ended


def return_cases(*, at: datetime | None = None) -> int:
    """Gives the open tickets of people who left to who is on, or back to their teams; returns how
    many. Their chats are in the queue again.

    The leads get one mail for each who left, with what became of what they held; of very many, one
    for each part. Of each visit they were to make the leads are told as well, once.
    """
    at, held = at or datetime.now(UTC), defaultdict[Agent, list[Ticket]](list)
    give_back(at)
    _tell_of_visits(at)
    for ticket in duty_assignment.cases_of_who_left(at=at)[:2_000]:
        if ticket.owner:
            held[ticket.owner].append(ticket)
    parts = [(left, part) for left, tickets in held.items() for part in _parts(tickets)]
    return sum(_return(left, part, at) for left, part in parts)


def _tell_of_visits(at: datetime) -> None:
    """Each by a key of its own, so that asked again nobody is told twice."""
    for left, visit in visits_of_who_left(at=at):
        tell_leads_of_visit(left, visit, at=at)


def _parts(tickets: list[Ticket]) -> list[list[Ticket]]:
    return [tickets[n : n + MOST_AT_ONCE] for n in range(0, len(tickets), MOST_AT_ONCE)]


@transaction.atomic
def _return(left: Agent, tickets: list[Ticket], at: datetime) -> int:
    """Gives them on and queues the mail about it at once: a worker killed between would leave
    nobody told.
    """
    returned: list[Ticket] = []
    for ticket in tickets:
        try:
            if duty_assignment.relieve_absent_owner(ticket, at=at, tells=False) is not None:
                returned.append(ticket)
        except Exception:
            log.exception("ticket %s could not be given back", ticket)
    if returned:
        tell_leads_of_returned(left, returned, at=at)
    return len(returned)


@transaction.atomic
def _announce(helpdesk: HelpDesk, at: datetime) -> int:
    desk, told = desk_in_force(helpdesk), 0
    for gap in gaps_between(helpdesk, desk, at, at + AHEAD + _BEYOND):
        span = (gap.from_at, gap.until_at)
        if gap.from_at < at + AHEAD and _is_new(
            helpdesk, ("gap", gap.team, gap.place or ""), span, at=at
        ):
            tell_leads_of_gap(helpdesk, desk, gap, at=at)
            told += 1
    for shift in unfilled_between(helpdesk, at, at + AHEAD):
        span = (shift.from_at, shift.until_at)
        if _is_new(helpdesk, ("shift", shift.team, shift.place), span, at=at):
            tell_leads_of_unfilled(helpdesk, desk, shift, at=at)
            told += 1
    return told


def _is_new(
    helpdesk: HelpDesk,
    about: tuple[str, str, str],
    span: tuple[datetime, datetime],
    *,
    at: datetime,
) -> bool:
    """Notes an announcement. A gap within one announced before is no news: it only shrank, or has
    begun.
    """
    what, team, place = about
    known = RosterNotice.objects.filter(desk=helpdesk, what=what, team=team, place=place)
    if known.filter(from_at__lte=span[0], until_at__gte=span[1]).exists():
        return False
    _row, made = RosterNotice.objects.get_or_create(
        desk=helpdesk,
        what=what,
        team=team,
        place=place,
        from_at=span[0],
        until_at=span[1],
        defaults={"announced_at": at},
    )
    return made
