"""How much of its plan an organisation has used."""

from collections.abc import Sequence
from datetime import datetime

from deskbook.engine.coming_round import CHANNEL
from deskbook.engine.desk import Desk, Plan
from deskbook.engine.quotas import Before, Used, longest_period, used_of
from deskbook.engine.routing import facets_of
from deskbook.people.books import desk_in_force
from deskbook.people.models import Organisation
from deskbook.tickets.models import Ticket
from deskbook.tickets.state import state_of


def used_by(organisation: Organisation | None, *, at: datetime) -> list[Used]:
    """Returns what an organisation has used of each quota of its plan; nothing without any."""
    if organisation is None:
        return []
    desk = desk_in_force(organisation.desk)
    plan = _plan(desk, organisation)
    if plan is None or not plan.quotas:
        return []
    return used_of(desk, plan, _opened_before(desk, plan, organisation, at), at=at)


def cases_before(
    desk: Desk, organisation: Organisation | None, *, at: datetime
) -> Sequence[Before]:
    """Returns the cases that count for the next one an organisation opens; until the transaction
    ends nobody opens another for it. Nothing is read where its plan has no quota.
    """
    if organisation is None:
        return ()
    plan = _plan(desk, organisation)
    if plan is None or not plan.quotas:
        return ()
    # Two who open one at the same instant must not both have the last.
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    return _opened_before(desk, plan, organisation, at)


def _plan(desk: Desk, organisation: Organisation) -> Plan | None:
    return desk.plans.get(organisation.plan)


def _opened_before(
    desk: Desk, plan: Plan, organisation: Organisation, at: datetime
) -> list[Before]:
    """One that was merged into another is none of its own, nor is what the book opened."""
    rows = Ticket.objects.filter(
        desk=organisation.desk_id,
        organisation=organisation,
        opened_at__gte=longest_period(plan, desk.zone, at=at),
    ).exclude(outcome="merged")
    rows = rows.exclude(channel=CHANNEL)
    states = ((row.opened_at, state_of(row)) for row in rows.only("opened_at", "state", "desk"))
    return [Before(opened_at, facets_of(state)) for opened_at, state in states]
