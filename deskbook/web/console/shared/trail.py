"""The list somebody came through to a ticket: carried along, so that "next" is the next of it."""

from collections.abc import Mapping
from urllib.parse import parse_qsl

from django.http import HttpRequest

from deskbook.people.models import Agent
from deskbook.tickets import queues
from deskbook.tickets.models import Ticket
from deskbook.tickets.queues import Listed, Wanted
from deskbook.web.console.shared.frame import Frame, counted_for, frame_of
from deskbook.web.console.shared.paging import key_typed

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


def tickets_of(agent: Agent, trail: Mapping[str, str]) -> Wanted:
    """Returns the tickets of a queue with the filters applied, in the queue's order."""
    wanted = queues.queue(agent, trail.get("queue", "mine"))
    for field in FILTERS:
        if trail.get(field):
            wanted = wanted.where(f"ticket.{field} = %({field})s", **{field: trail[field]})
    return wanted


def page(
    agent: Agent, wanted: Wanted, after: str, *, current: str
) -> tuple[list[Listed], str, Frame]:
    """Returns one page of a list, the key the next one begins behind ("" where there is none), and
    the frame around it, in one question.
    """
    key = key_typed(after)
    wanted = wanted.behind(*key) if key else wanted
    found, counted = queues.listed_beside(wanted, counted_for(agent))
    shown = found[: queues.PAGE]
    more = shown[-1].key if len(found) > len(shown) else ""
    return shown, more, frame_of(agent, current, counted)


def next_ticket(agent: Agent, ticket: Ticket, trail: Mapping[str, str]) -> str:
    """Returns the number of the ticket after this one in the queue it was opened from, else of its
    first other one.
    """
    if not trail.get("queue"):
        return ""
    others = tickets_of(agent, trail).where("ticket.id <> %(this)s", this=ticket.pk)
    found: list[Listed] = []
    if not others.latest_first:
        found = queues.listed(others.behind(ticket.due_order_at, ticket.pk), most=1)
    found = found or queues.listed(others, most=1)
    return found[0].name if found else ""
