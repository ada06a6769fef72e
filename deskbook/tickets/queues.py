"""The lists of the console and the portal: pages by key, counts that were maintained."""

import re
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.postgres.search import SearchQuery
from django.db import connection
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from deskbook.people.models import Agent
from deskbook.tickets.folding import prefix_query
from deskbook.tickets.models import Ticket

PAGE = 50
DUE_SOON = timedelta(hours=4)
"""What is due within this is shown with what is late."""
ENDED = ("closed", "redirected")
"""Queues of what is over: the latest first."""


def queue(agent: Agent, name: str) -> QuerySet[Ticket]:
    """Returns the open tickets of one queue of the agent's desk, the most urgent first.

    Names: "open", "mine", "teams" (of the agent), "unassigned", "waiting", "breached" (with what is
    due soon), "team:…".
    "closed" and "redirected" hold what has ended, the latest first; redirected ones are in their
    own queue only.
    """
    tickets = Ticket.objects.filter(desk=agent.desk_id).select_related(
        "desk", "requester", "organisation", "owner__user"
    )
    latest_first = ("-last_activity_at", "-id")
    if name == "redirected":
        return tickets.filter(outcome="redirected").order_by(*latest_first)
    if name == "closed":
        return tickets.filter(is_open=False).exclude(outcome="redirected").order_by(*latest_first)
    return tickets.filter(_chosen(agent, name), is_open=True).order_by("due_order_at", "id")


def counts(agent: Agent) -> dict[str, int]:
    """Returns how many open tickets each queue of the agent's desk holds, "mine" and "teams"
    included.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"desk": agent.desk_id})
        found = {name: max(n, 0) for name, n in cursor.fetchall()}
    found["breached"] = found.get("breached", 0) + found.pop("due soon")
    found["redirected"] = found.get("outcome:redirected", 0)
    found["mine"] = found.get(f"owner:{agent.pk}", 0)
    found["teams"] = sum(found.get(f"team:{team}", 0) for team in agent.teams)
    return found


# What is late was counted when it became so. What is due soon becomes so by time alone, and is
# counted where the index begins.
_COUNTS = f"""
    select queue, sum(change)::bigint from deskbook_queuechange where desk_id = %(desk)s
    group by queue
    union all
    select 'due soon', count(*) from deskbook_ticket
    where desk_id = %(desk)s and is_open and not breached
        and due_order_at <= now() + interval '{DUE_SOON.total_seconds()} seconds'
"""


def fold_counts() -> None:
    """Replaces the changes gathered so far by one row a queue; counts stay as they were."""
    with connection.cursor() as cursor:
        cursor.execute("""
            with gone as (delete from deskbook_queuechange returning desk_id, queue, change)
            insert into deskbook_queuechange (desk_id, queue, change)
            select desk_id, queue, sum(change)
                from gone group by desk_id, queue having sum(change) <> 0
            """)


def find(agent: Agent, words: str) -> QuerySet[Ticket]:
    """Returns the tickets that hold every word typed, the latest activity first.

    Newest first, not by rank: ranking all matches of a common word costs a hundred times more.
    """
    tickets = Ticket.objects.filter(desk=agent.desk_id).select_related(
        "desk", "requester", "organisation", "owner__user"
    )
    query = prefix_query(words)
    if not query:
        return tickets.none()
    matching = SearchQuery(query, config="simple", search_type="raw")
    return tickets.filter(search=matching).order_by("-last_activity_at", "-id")


@dataclass(frozen=True, slots=True)
class Named:
    """A ticket whose number was typed."""

    ticket: Ticket
    is_certain: bool
    """With the desk's prefix or a #. A bare 12 may as well be a word that was written."""


def named(agent: Agent, words: str) -> Named | None:
    """Returns the desk's ticket that was typed as "SPR-12", "#12" or "12"; COVID-19 is none."""
    found = re.fullmatch(
        rf"(#|{re.escape(agent.desk.prefix)}-)?(\d{{1,15}})",
        words.strip(),
        re.ASCII | re.IGNORECASE,
    )
    if found is None:
        return None
    tickets = Ticket.objects.select_related("desk", "requester", "organisation", "owner__user")
    ticket = tickets.filter(desk=agent.desk_id, number=int(found[2])).first()
    return Named(ticket, is_certain=bool(found[1])) if ticket else None


def _chosen(agent: Agent, name: str) -> Q:
    plain = {
        "open": Q(),
        "mine": Q(owner=agent),
        "teams": Q(team__in=agent.teams),
        "unassigned": Q(owner=None),
        "waiting": ~Q(waits_for="desk"),
        "breached": Q(breached=True) | Q(due_order_at__lte=Now() + DUE_SOON),
    }
    if name in plain:
        return plain[name]
    kind, _, value = name.partition(":")
    return Q(team=value) if kind == "team" else Q(pk__in=[])
