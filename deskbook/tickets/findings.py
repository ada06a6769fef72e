"""The list of what to make better: findings, with the tickets that show them."""

from datetime import datetime

from django.db import transaction
from django.db.models import Count, Prefetch, Q, QuerySet

from deskbook.people.access import only_who_may, seen_by
from deskbook.people.models import Agent
from deskbook.people.sight import hidden_from
from deskbook.refusals.refusal import Refused
from deskbook.tickets.improvement_models import Finding, FindingTicket
from deskbook.tickets.models import Ticket

CURRENT = (Finding.State.OPEN, Finding.State.DOING)


@transaction.atomic
def add_to_findings(
    ticket: Ticket, title: str, *, theme: str, text: str, at: datetime, by: Agent
) -> Finding:
    """Links the ticket to the finding of this title, made if there is none. Raises Refused.

    A finding that is there keeps its theme and text, and how far it is: new words stand beside
    the ticket. The same words of a ticket twice stand there once.
    """
    title, theme = " ".join(title.split()), " ".join(theme.split())
    if not title:
        raise Refused("no title: finding")
    if len(title) > 200 or len(theme) > 100:
        raise Refused("too long: finding")
    finding = Finding.objects.filter(desk=ticket.desk_id, title__iexact=title).first()
    text, more = text.strip(), text.strip()
    if finding is None:
        more = ""
        finding = Finding.objects.create(
            desk=ticket.desk, title=title, theme=theme, text=text, made_by=by, at=at
        )
    link, _is_new = FindingTicket.objects.select_for_update().get_or_create(
        finding=finding, ticket=ticket, defaults={"made_by": by, "at": at}
    )
    if more and more not in (finding.text, *link.text.split("\n\n")):
        link.text = "\n\n".join(filter(None, (link.text, more)))
        link.save(update_fields=["text"])
    return finding


def change_state(finding: Finding, state: str, *, by: Agent) -> None:
    """Says how far the desk is with a finding. Raises NoAccess for who is no lead, Refused for an
    unknown state.
    """
    only_who_may(by, "steer improvements")
    if state not in Finding.State:
        raise Refused("finding state")
    Finding.objects.filter(pk=finding.pk).update(state=state)


def known_findings(agent: Agent) -> QuerySet[Finding]:
    """Returns the desk's findings, without those of tickets alone that the agent does not see."""
    rows = Finding.objects.filter(desk=agent.desk_id)
    if not hidden_from(agent):
        return rows
    seen = seen_by(agent, FindingTicket.objects.all(), "ticket__").values("finding")
    return rows.filter(Q(pk__in=seen) | Q(links=None))


def findings_of(agent: Agent, *, current: bool) -> QuerySet[Finding]:
    """Returns the desk's findings by theme, those of the most tickets first, each with `tickets`
    and `bad` counted; what came of tickets the agent does not see alone is not among them.

    `current`: those open and being done; else those done and declined. Their `links` are there,
    with the tickets.
    """
    state = Q(state__in=CURRENT)
    rows = (
        known_findings(agent).filter(state if current else ~state).select_related("made_by__user")
    )
    seen = hidden_from(agent).rows("links__ticket__")
    of_bad = Q(links__ticket__ratings__value="bad") & seen
    bad = Count("links__ticket__ratings", filter=of_bad, distinct=True)
    tickets = Count("links__ticket", filter=seen or None, distinct=True)
    counted = rows.annotate(tickets=tickets, bad=bad)
    shown = (
        seen_by(agent, FindingTicket.objects.all(), "ticket__")
        .select_related("ticket__desk")
        .defer("ticket__state")
        .order_by("-at", "-pk")
    )
    return counted.order_by("theme", "-tickets", "pk").prefetch_related(Prefetch("links", shown))
