"""Cases that wait for a visit: to be decided, or approved and without a date."""

from dataclasses import dataclass

from django.db.models import Q

from deskbook.engine.decide_site_visit import visits_rule
from deskbook.engine.desk import Desk
from deskbook.people.access import visible_to_agent
from deskbook.people.books import desk_at
from deskbook.people.models import Agent
from deskbook.tickets.models import Ticket
from deskbook.tickets.state import state_of
from deskbook.web.console.visits.facts import Asked, asked_for

MOST = 200


@dataclass(frozen=True, slots=True)
class Waiting:
    """One case nobody goes out for yet."""

    number: str
    subject: str
    requester: str
    asked: Asked | None


def waiting_for_visits(agent: Agent, desk: Desk) -> tuple[list[Waiting], list[Waiting]]:
    """Returns the open cases whose visit is to be decided and those whose visit is to be dated, the
    oldest first.
    """
    if not desk.site_visits:
        return [], []
    kinds = {kind for rule in desk.site_visits for kind in rule.when.get("type", ())}
    open_ones = visible_to_agent(agent, Ticket.objects.filter(is_open=True))
    rows = open_ones.filter(Q(kind__in=kinds) | Q(state__site_visit_wish__people__gt=0))
    found: tuple[list[Waiting], list[Waiting]] = ([], [])
    for row in rows.select_related("desk", "requester").order_by("opened_at", "pk")[:MOST]:
        state = state_of(row)
        if (
            visits_rule(desk_at(row.desk_id, row.book_version), state) is None
            or state.site_visit_approved is False
        ):
            continue
        if any(visit.state != "called off" for visit in state.site_visits):
            continue
        told = Waiting(str(row), row.subject, str(row.requester), asked_for(state))
        found[1 if state.site_visit_approved else 0].append(told)
    return found
