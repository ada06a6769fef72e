"""How many cases were in time, of those a book's service levels count; and what is owed for those
that were not.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from deskbook.engine.desk import Desk
from deskbook.engine.money import Money, Part
from deskbook.engine.service_level_parts import ServiceLevel
from deskbook.engine.service_levels import Counted, Owed, credit_of, owed, worked_out
from deskbook.people.models import Agent, Organisation
from deskbook.people.sight import hidden_from
from deskbook.reports.narrowing import conditions
from deskbook.reports.targets import holds, with_a_target
from deskbook.tickets.models import Ticket
from deskbook.tickets.state import state_of


class Standing(NamedTuple):
    """How a service level stands in a period; of an organisation where it is each one's own."""

    level: ServiceLevel
    from_at: datetime
    until_at: datetime
    counted: Counted
    organisation: str = ""
    gives: Money | Part | None = None
    """What follows as the numbers stand."""


class OwedFor(NamedTuple):
    """What is owed for a case."""

    ticket: Ticket
    owed: Owed


def standings(
    agent: Agent, desk: Desk, level: ServiceLevel, from_at: datetime, until_at: datetime
) -> list[Standing]:
    """Returns how a level stands in a period, by one statement: one line, or one for each
    organisation, the worst first. What the agent does not see is not counted.
    """
    rows = _counts(agent, desk, level, from_at, until_at)
    if not level.by_organisation:
        counted = sum((Counted(*row[1:]) for row in rows), Counted())
        credit = credit_of(level, counted)
        gives = worked_out(level, credit, None) if credit else None
        return [Standing(level, from_at, until_at, counted, gives=gives)]
    named = Organisation.objects.in_bulk([row[0] for row in rows if row[0]])
    found = (
        _of(desk, level, from_at, until_at, named[row[0]], Counted(*row[1:]))
        for row in rows
        if row[0] in named
    )
    return sorted(found, key=_worst_first)


def _worst_first(one: Standing) -> tuple[bool, Decimal, str]:
    """None in time is the worst there is; of whom nothing is decided stands last."""
    percent = one.counted.percent
    return percent is None, percent or Decimal(0), one.organisation


def _of(
    desk: Desk,
    level: ServiceLevel,
    from_at: datetime,
    until_at: datetime,
    organisation: Organisation,
    counted: Counted,
) -> Standing:
    credit, plan = credit_of(level, counted), desk.plans.get(organisation.plan)
    gives = worked_out(level, credit, plan.fee if plan else None) if credit else None
    return Standing(level, from_at, until_at, counted, organisation.name, gives)


def owed_between(
    agent: Agent, desk: Desk, from_at: datetime, until_at: datetime, *, at: datetime
) -> Iterator[OwedFor]:
    """Yields what is owed for each case that opened between two instants, the first first; by the
    book in force.
    """
    if not desk.compensations:
        return
    rows = Ticket.objects.filter(hidden_from(agent).rows(), desk=agent.desk_id, breached=True)
    rows = rows.filter(opened_at__gte=from_at, opened_at__lt=until_at).order_by("opened_at", "pk")
    for row in rows.select_related("desk").iterator(chunk_size=500):
        state = state_of(row)
        if state.imported_at is None:
            yield from (OwedFor(row, one) for one in owed(desk, state, at=at))


def _counts(
    agent: Agent, desk: Desk, level: ServiceLevel, from_at: datetime, until_at: datetime
) -> list[tuple[Any, ...]]:
    wanted, values = conditions({}, hidden_from(agent))
    values |= {"desk": agent.desk_id, "from_at": from_at, "until_at": until_at}
    values |= {"teams": sorted(level.teams)}
    when = holds(level.when, "level", values)
    has, given = _promised(desk, level)
    of_team = level.clock.startswith("team")
    outcome = (_OF_TEAMS if of_team else _OF_CASES[level.clock]).format(clock=level.clock, has=has)
    statement = _COUNTS.format(
        wanted=wanted,
        when=when,
        outcome=outcome,
        marks=_MARKS[level.within],
        has="true" if of_team else has,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, {**values, **given})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _promised(desk: Desk, level: ServiceLevel) -> tuple[str, dict[str, Any]]:
    """Returns which cases a target promises the time a level counts, as SQL with its values; of
    teams, which visits. What is promised for a team is nothing of the case's own.
    """
    match level.clock:
        case "team":
            return with_a_target(desk, "team", team=_VISITED)
        case "team-resolve":
            return with_a_target(desk, "resolve", team=_VISITED, asks_team=True)
        case clock:
            return with_a_target(desk, clock, asks_team=False)


_VISITED = "its ->> 0"
_PASSED = """array(
    select substr(mark, position(' ' in mark) + 1)
    from jsonb_array_elements_text(row.state -> 'passed') mark
    where mark like 'aim %%' or mark like 'limit %%')"""
_MARKS: Mapping[str, str] = {"limit": "ticket.missed", "aim": _PASSED}
"""Which clocks were late: a time without an aim is in time until its limit."""
_LATE = "exists (select from unnest(marks) mark where split_part(mark, ':', 1) = '{clock}')"
_OF_CASES: Mapping[str, str] = {
    "response": f"""case when {_LATE} then 'missed'
        when ticket.answered_at is not null then 'kept'
        when ticket.ended_at is null then 'open' end""",
    "update": f"""case when ticket.answered_at is null then null when {_LATE} then 'missed'
        when ticket.solved_at is not null or ticket.ended_at is not null then 'kept'
        else 'open' end""",
    "resolve": f"""case when {_LATE} then 'missed' when ticket.solved_at is not null then 'kept'
        when ticket.ended_at is null then 'open' end""",
}
_OF_TEAMS = """(
    select case when bool_or('{clock}:' || number = any(marks)) then 'missed'
        when bool_or(promised and its ->> 1 is null) then 'open' else 'kept' end
    from (
        select its, number, {has} as promised
        from jsonb_array_elements(ticket.visits) with ordinality visit (its, number)
        where its ->> 0 = any(%(teams)s)
    ) visits
    having bool_or(promised))"""
_COUNTS = """
select organisation, count(*) filter (where outcome = 'kept'),
    count(*) filter (where outcome = 'missed'), count(*) filter (where outcome = 'open')
from (
    select row.organisation_id as organisation, {outcome} as outcome
    from deskbook_course ticket join deskbook_ticket row on row.id = ticket.ticket_id
        cross join lateral (select {marks} as marks) passed
    where {wanted} and not ticket.imported and ticket.outcome <> 'merged' and {when} and {has}
        and ticket.opened_at >= %(from_at)s and ticket.opened_at < %(until_at)s
) decided where outcome is not null
group by organisation
"""
