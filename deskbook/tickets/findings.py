"""The list of what to make better: findings, with the tickets that show them."""

from datetime import datetime

from django.db import transaction
from django.db.models import Count, Prefetch, Q, QuerySet

from deskbook.people.access import only_who_may
from deskbook.people.models import Agent, HelpDesk
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


def findings_of(desk: HelpDesk, *, current: bool) -> QuerySet[Finding]:
    """Returns the desk's findings by theme, those of the most tickets first, each with `tickets`
    and `bad` counted.

    `current`: those open and being done; else those done and declined. Their `links` are there,
    with the tickets.
    """
    state = Q(state__in=CURRENT)
    rows = Finding.objects.filter(state if current else ~state, desk=desk).select_related(
        "made_by__user"
    )
    bad = Count(
        "links__ticket__ratings", filter=Q(links__ticket__ratings__value="bad"), distinct=True
    )
    counted = rows.annotate(tickets=Count("links__ticket", distinct=True), bad=bad)
    shown = (
        FindingTicket.objects.select_related("ticket__desk")
        .defer("ticket__state")
        .order_by("-at", "-pk")
    )
    return counted.order_by("theme", "-tickets", "pk").prefetch_related(Prefetch("links", shown))
