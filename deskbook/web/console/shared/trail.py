"""The list somebody came through to a ticket: carried along, so that "next" is the next of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from urllib.parse import parse_qsl

from django.db.models import Q, QuerySet
from django.http import HttpRequest

from deskbook.people.models import Agent
from deskbook.tickets import queues
from deskbook.tickets.models import Ticket
from deskbook.web.console.shared.paging import key_typed
from deskbook.web.console.shared.rows import Values, with_what_rows_need

FILTERS = ("severity", "stage", "team", "outcome")


def trail_of(request: HttpRequest) -> dict[str, str]:
    """Returns the queue and filters a person came through: carried along, so that "next" is the
    next of these.

    A form carries them as one field: a stage, severity or team of its own is what it sets, not what
    was looked for.
    """
    given = (
        dict(parse_qsl(request.POST.get("trail", ""))) if request.method == "POST" else request.GET
    )
    return {name: given[name] for name in ("queue", *FILTERS) if given.get(name)}


def tickets_of(agent: Agent, trail: Mapping[str, str]) -> QuerySet[Ticket]:
    """Returns the tickets of a queue with the filters applied, in the queue's order."""
    tickets = queues.queue(agent, trail.get("queue", "mine"))
    return tickets.filter(**{field: trail[field] for field in FILTERS if trail.get(field)})


def page(tickets: QuerySet[Ticket], queue: str, after: str) -> list[Values]:
    """Returns one page and one ticket more, if there is one: that is how "next" is known without
    counting.
    """
    key = key_typed(after)
    if key and queue in queues.ENDED:
        before_at, id_ = key
        tickets = tickets.filter(
            Q(last_activity_at__lt=before_at) | Q(last_activity_at=before_at, id__lt=id_),
            last_activity_at__lte=before_at,
        )
    elif key:
        tickets = _behind(tickets, key)
    return list(with_what_rows_need(tickets)[: queues.PAGE + 1])


def _behind(tickets: QuerySet[Ticket], key: tuple[datetime, int]) -> QuerySet[Ticket]:
    due_at, id_ = key
    return tickets.filter(
        Q(due_order_at__gt=due_at) | Q(due_order_at=due_at, id__gt=id_), due_order_at__gte=due_at
    )


def next_ticket(agent: Agent, ticket: Ticket, trail: Mapping[str, str]) -> str:
    """Returns the number of the ticket after this one in the queue it was opened from, else of its
    first other one.
    """
    if not trail.get("queue"):
        return ""
    tickets = tickets_of(agent, trail).exclude(pk=ticket.pk)
    behind = (
        tickets.none()
        if trail["queue"] in queues.ENDED
        else _behind(tickets, (ticket.due_order_at, ticket.pk))
    )
    number = _first_number(behind) or _first_number(tickets)
    return f"{agent.desk.prefix}-{number}" if number else ""


def _first_number(tickets: QuerySet[Ticket]) -> int | None:
    return tickets.values_list("number", flat=True).first()


def key_behind(found: Sequence[Values], queue: str) -> str:
    """Returns the key the next page begins behind, "" where there is none."""
    if len(found) <= queues.PAGE:
        return ""
    last = found[queues.PAGE - 1]
    at = last["last_activity_at" if queue in queues.ENDED else "due_order_at"]
    return f"{at.isoformat()}_{last['id']}"
