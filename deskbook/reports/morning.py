"""What a desk's morning is counted of: what broke its times, what will, and who has how much."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from deskbook.people.models import Agent
from deskbook.people.sight import hidden_from
from deskbook.tickets.queues import LATE

CROWDED = 1.5
"""Somebody has much who has so many times as much as half of the others."""
FEW = 3
"""And so many more: of two cases one is no burden."""


class Breach(NamedTuple):
    """A limit that passed unmet."""

    ticket: int
    clock: str
    at: datetime


class Held(NamedTuple):
    """What somebody has to do: open cases that are not waiting for others, nor done."""

    agent: int
    name: str
    cases: int
    late: int
    due: int
    """By the end of the day."""


def breached_between(agent: Agent, since_at: datetime, until_at: datetime) -> list[Breach]:
    """Returns the limits that passed between two instants, the latest first, of the cases the
    agent sees.
    """
    found = _asked(_BREACHED, agent, since_at=since_at, until_at=until_at)
    return [Breach(*row) for row in found]


def due_between(agent: Agent, from_at: datetime, until_at: datetime) -> list[int]:
    """Returns the ids of the cases that will be late by `until_at` if nobody does anything, the
    first first.
    """
    return [row[0] for row in _asked(_DUE, agent, from_at=from_at, until_at=until_at)]


def held_by_each(agent: Agent, until_at: datetime) -> list[Held]:
    """Returns who has how much, those with most first; `until_at` ends the day."""
    return [Held(*row) for row in _asked(_HELD, agent, until_at=until_at)]


def overloaded(held: Sequence[Held]) -> set[int]:
    """Returns ids of the agents who have much more than half of those do who have anything."""
    counts = sorted(one.cases for one in held)
    usual = counts[(len(counts) - 1) // 2] if counts else 0
    return {one.agent for one in held if one.cases > max(usual * CROWDED, usual + FEW - 1)}


def of_owner(agent: Agent, owner: int, until_at: datetime) -> list[tuple[int, bool, bool]]:
    """Returns what `held_by_each` counts of one agent: the id of each, whether it is late, and
    whether it is due by then.
    """
    found = _asked(_OF_OWNER, agent, owner=owner, until_at=until_at)
    return [(id_, late, due) for id_, late, due in found]


def _asked(question: str, agent: Agent, **values: Any) -> list[tuple[Any, ...]]:
    seen, given = hidden_from(agent).sql(masked=False)
    told: Mapping[str, Any] = {"desk": agent.desk_id, **given, **values}
    with connection.cursor() as cursor:
        cursor.execute(question.format(seen=seen), told)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


# Whatever passed since then was something done since then: the others' logs are not looked into.
_BREACHED = """
select entry.ticket_id, entry.data ->> 'clock', entry.at
from deskbook_ticket ticket join deskbook_logentry entry on entry.ticket_id = ticket.id
where ticket.desk_id = %(desk)s and ticket.last_activity_at >= %(since_at)s and ticket.breached
    and {seen} and entry.kind = 'LimitBreached' and entry.at >= %(since_at)s
    and entry.at < %(until_at)s
order by entry.at desc, entry.id desc
"""
_DUE = """
select id from deskbook_ticket ticket
where desk_id = %(desk)s and is_open and due_order_at > %(from_at)s and due_order_at < %(until_at)s
    and next_due_clock not in ('level', 'pick-up') and turn not in ('snoozed', 'finished')
    and {seen}
order by due_order_at, id
"""
_TO_DO = "ticket.desk_id = %(desk)s and is_open and turn in ('requester', 'desk', 'agree')"
_HELD = f"""
select owner_id, coalesce(nullif(person.name, ''), person.email), cases, late, due
from (
    select owner_id, count(*) as cases, count(*) filter (where {LATE}) as late,
        count(*) filter (where due_order_at < %(until_at)s) as due
    from deskbook_ticket ticket where {_TO_DO} and owner_id is not null and {{seen}} group by 1
) held
join deskbook_agent agent on agent.id = owner_id join deskbook_user person on person.id = user_id
order by cases desc, 2
"""
_OF_OWNER = f"""
select id, {LATE}, due_order_at < %(until_at)s
from deskbook_ticket ticket where {_TO_DO} and owner_id = %(owner)s and {{seen}}
order by due_order_at, id
"""
