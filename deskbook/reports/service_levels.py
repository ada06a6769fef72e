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
        counted = Counted(*map(sum, zip(*(row[1:] for row in rows), strict=True)) if rows else ())
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
    of_team = level.clock.startswith("team")
    has, given = with_a_target(desk, "resolve" if level.clock == "team-resolve" else level.clock)
    parts = {
        "outcome": (_TEAMS if of_team else _OF_CASES[level.clock]).replace("{clock}", level.clock),
        "marks": _MARKS[level.within],
        "has": "true" if of_team else has,
    }
    statement = _COUNTS.format(wanted=wanted, when=when, **parts)
    with connection.cursor() as cursor:
        cursor.execute(statement, {**values, **({} if of_team else given)})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


_MARKS: Mapping[str, str] = {
    "limit": "ticket.missed",
    "aim": """array(
        select substr(mark, 5) from jsonb_array_elements_text(row.state -> 'passed') mark
        where mark like 'aim %%')""",
}
_LATE = "exists (select from unnest(marks) mark where mark like '{clock}%%')"
_OF_CASES: Mapping[str, str] = {
    "response": f"""case when {_LATE} then 'missed' when answered_at is not null then 'kept'
        when ended_at is null then 'open' end""",
    "update": f"""case when {_LATE} then 'missed' when answered_at is null then null
        when solved_at is not null or ended_at is not null then 'kept' else 'open' end""",
    "resolve": f"""case when {_LATE} then 'missed' when solved_at is not null then 'kept'
        when ended_at is null then 'open' end""",
}
_TEAMS = """case
    when exists (select from jsonb_array_elements(visits) with ordinality visit(its, number)
        where its ->> 0 = any(%(teams)s) and '{clock}:' || number = any(marks)) then 'missed'
    when exists (select from jsonb_array_elements(visits) visit
        where visit ->> 0 = any(%(teams)s) and visit ->> 1 is null) then 'open'
    when exists (select from jsonb_array_elements(visits) visit
        where visit ->> 0 = any(%(teams)s)) then 'kept' end"""
_COUNTS = """
select organisation, count(*) filter (where outcome = 'kept'),
    count(*) filter (where outcome = 'missed'), count(*) filter (where outcome = 'open')
from (
    select organisation, {outcome} as outcome from (
        select row.organisation_id as organisation, ticket.answered_at, ticket.solved_at,
            ticket.ended_at, ticket.visits, {marks} as marks
        from deskbook_course ticket join deskbook_ticket row on row.id = ticket.ticket_id
        where {wanted} and not ticket.imported and ticket.outcome <> 'merged' and {when} and {has}
            and ticket.opened_at >= %(from_at)s and ticket.opened_at < %(until_at)s
    ) cases
) decided where outcome is not null
group by organisation
"""
