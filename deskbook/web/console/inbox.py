"""The queues."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from deskbook.engine.desk import Desk
from deskbook.people.books import desk_in_force
from deskbook.people.models import Agent
from deskbook.tickets import queues
from deskbook.tickets.models import Ticket
from deskbook.web.console.frame import Queue, rail, screen
from deskbook.web.console.rows import row_of, with_what_rows_need
from deskbook.web.console.seat import for_agents
from deskbook.web.sentences import severity_title

DUE_SOON = timedelta(hours=4)
FILTERS = ("severity", "stage", "team")


@dataclass(frozen=True, slots=True)
class Filter:
    name: str
    label: str
    options: tuple[tuple[str, str], ...]
    value: str


@require_safe
@for_agents
def inbox(request: HttpRequest, agent: Agent) -> HttpResponse:
    """One queue, the most urgent ticket first, page by page."""
    trail = trail_of(request.GET)
    chosen = trail.setdefault("queue", "mine")
    filters = _filters(desk_in_force(agent.desk), trail)
    after = request.GET.get("after", "")
    found = page(tickets_of(agent, trail), chosen, after)
    rows = [row_of(ticket, trail) for ticket in found[: queues.PAGE]]
    older = _key(found[queues.PAGE - 1], chosen) if len(found) > queues.PAGE else ""
    return screen(
        request, agent, "inbox.html", current=chosen, queue=_described(agent, chosen), rows=rows, filters=filters,
        filtered=any(f.value for f in filters), older=older, paged=bool(after),
    )  # fmt: skip


def trail_of(given: Mapping[str, str]) -> dict[str, str]:
    """Returns the queue and filters a person came through: carried along, so that "next" is the next of these."""
    return {name: given[name] for name in ("queue", *FILTERS) if given.get(name)}


def tickets_of(agent: Agent, trail: Mapping[str, str]) -> QuerySet[Ticket]:
    """Returns the tickets of a queue with the filters applied, in the queue's order."""
    name = trail.get("queue", "mine")
    tickets = queues.queue(agent, "open" if name == "breached" else name)
    if name == "breached":
        tickets = tickets.filter(Q(breached=True) | Q(due_order_at__lte=timezone.now() + DUE_SOON))
    return tickets.filter(**{field: trail[field] for field in FILTERS if trail.get(field)})


def page(tickets: QuerySet[Ticket], queue: str, after: str) -> list[Ticket]:
    """Returns one page and one ticket more, if there is one: that is how "next" is known without counting."""
    tickets = with_what_rows_need(tickets)
    key = _parsed(after)
    if queue != "closed":
        return queues.page_after(tickets, key, queues.PAGE + 1)
    if key:
        before_at, id_ = key
        tickets = tickets.filter(
            Q(last_activity_at__lt=before_at) | Q(last_activity_at=before_at, id__lt=id_),
            last_activity_at__lte=before_at,
        )
    return list(tickets[: queues.PAGE + 1])


def next_ticket(agent: Agent, ticket: Ticket, trail: Mapping[str, str]) -> Ticket | None:
    """Returns the ticket after this one in the queue it was opened from, else the queue's first other one."""
    if not trail.get("queue"):
        return None
    tickets = tickets_of(agent, trail).exclude(pk=ticket.pk).defer("state", "search")
    if trail["queue"] == "closed":
        return tickets.first()
    following = queues.page_after(tickets, (ticket.due_order_at, ticket.pk), 1)
    return following[0] if following else tickets.first()


def _described(agent: Agent, chosen: str) -> Queue:
    known = next((queue for queue in rail(agent) if queue.key == chosen), None)
    return known or Queue(chosen, chosen.partition(":")[2] or chosen, "inbox", "", empty=_("Nothing is here."))


def _filters(desk: Desk, trail: Mapping[str, str]) -> tuple[Filter, ...]:
    severities = {s.key: severity_title(s) for s in desk.severities.values()}
    lists = {
        "severity": (desk.severity_word.capitalize(), severities),
        "stage": (_("Stage"), {s.key: s.title for s in desk.stages.values()}),
        "team": (_("Team"), {t.key: t.title for t in desk.teams.values()}),
    }
    return tuple(
        Filter(name, label, tuple(options.items()), trail.get(name, ""))
        for name, (label, options) in lists.items()
        if len(options) > 1
    )


def _key(ticket: Ticket, queue: str) -> str:
    at = ticket.last_activity_at if queue == "closed" else ticket.due_order_at
    return f"{at.isoformat()}_{ticket.pk}"


def _parsed(after: str) -> tuple[datetime, int] | None:
    at, _separator, id_ = after.rpartition("_")
    try:
        return datetime.fromisoformat(at), int(id_)
    except ValueError:
        return None
