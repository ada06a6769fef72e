"""Jira at the console: what is left over for a person, and on a ticket, its issue with a note for
the people there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.contrib import messages
from django.db import transaction
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from deskbook.bridges.jira.incoming import take_event
from deskbook.bridges.jira.models import JiraAct, JiraEvent, JiraIssue
from deskbook.bridges.jira.outgoing import share, try_again
from deskbook.bridges.jira.settings import failed_acts, held_events, link_of
from deskbook.delivery import inbox
from deskbook.delivery.outbox import drop
from deskbook.delivery.states import LEAVES_BY_ITSELF, LEFT_OVER, Taken
from deskbook.people.access import NoAccess, may, only_who_may
from deskbook.people.models import Agent
from deskbook.people.refusals import in_words
from deskbook.refusals.refusal import Refused
from deskbook.tickets.conversation import note_on_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Message, Ticket
from deskbook.web.acts.act import client_key
from deskbook.web.acts.fields import NotUnderstood
from deskbook.web.console.frame import screen
from deskbook.web.console.typed import refuse_too_long
from deskbook.web.shared.seat import for_agents, on_a_ticket

MOST = 100
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Left:
    """Something that waits for a person: an act that failed, or an event the book refused."""

    what: str
    reason: str
    ticket: str
    at: datetime
    retrial: str
    dropping: str


@dataclass(frozen=True, slots=True)
class OnTicket:
    """The issue of a ticket, as its panel shows it."""

    key: str
    url: str
    status: str
    synced_at: datetime | None
    gone: bool
    waiting: int
    left: tuple[Left, ...]
    note: str


@require_safe
@for_agents
def bridges(request: HttpRequest, agent: Agent) -> HttpResponse:
    """What could not be done at Jira, what Jira told and the book refused, and the way to the
    settings.
    """
    link = link_of(agent.desk)
    return screen(
        request,
        agent,
        "bridges/bridges.html",
        current="bridges",
        link=link,
        failed=_left_acts(failed_acts(agent.desk)[:MOST]),
        held=_left_events(held_events(agent.desk)[:MOST]),
        issues=JiraIssue.objects.filter(link=link).exclude(key="").count() if link else 0,
        may_connect=may(agent, "connect gateways"),
        leads=may(agent, "steer bridges"),
    )


@require_POST
@for_agents
def act_retrial(request: HttpRequest, agent: Agent, act: int) -> HttpResponse:
    if try_again(_one(failed_acts(agent.desk), act), at=timezone.now()):
        messages.success(request, _("It is tried again. If it fails, it comes back here."))
    return _back(request)


@require_POST
@for_agents
def act_dropping(request: HttpRequest, agent: Agent, act: int) -> HttpResponse:
    only_who_may(agent, "steer bridges")
    found = _one(failed_acts(agent.desk), act)
    if drop(JiraAct.objects.filter(pk=found.pk), at=timezone.now(), by=agent):
        messages.success(request, _("Discarded."))
    return _back(request)


@require_POST
@for_agents
def event_retrial(request: HttpRequest, agent: Agent, event: int) -> HttpResponse:
    row = take_event(_one(held_events(agent.desk), event).pk)
    if row.state == Taken.HELD:
        messages.error(request, in_words(row.reason))
    else:
        messages.success(request, _("Done."))
    return _back(request)


@require_POST
@for_agents
def event_dropping(request: HttpRequest, agent: Agent, event: int) -> HttpResponse:
    only_who_may(agent, "steer bridges")
    found = _one(held_events(agent.desk), event)
    if inbox.drop(JiraEvent.objects.filter(pk=found.pk), by=agent):
        messages.success(request, _("Discarded."))
    return _back(request)


@require_POST
@on_a_ticket
def note(request: HttpRequest, agent: Agent, ticket: Ticket) -> HttpResponse:
    """Adds a note for the desk and the people in Jira."""
    text = request.POST.get("text", "").strip()
    try:
        refuse_too_long(text)
        if not text:
            raise NotUnderstood(text=_("Write something, or add a file."))
        with transaction.atomic():
            recorded = note_on_ticket(
                ticket, Written(text), at=timezone.now(), by=agent, key=client_key(request)
            )
            said = [entry.data["message"] for entry in recorded.entries if entry.kind == "Noted"]
            for message in Message.objects.filter(pk__in=said):
                share(message, at=timezone.now())
    except (NotUnderstood, Refused) as refused:
        messages.error(request, in_words(refused) if isinstance(refused, Refused) else str(refused))
    return HttpResponseRedirect(reverse("console-ticket", args=[str(ticket)]))


def on_ticket(ticket: Ticket) -> OnTicket | None:
    """Returns what a ticket's panel says of its issue; None where there is none."""
    issue: JiraIssue | None = getattr(ticket, "jira_issue", None)  # read with the ticket
    if issue is None:
        return None
    acts = JiraAct.objects.filter(issue=issue).select_related("issue__ticket__desk")
    failed = acts.filter(state__in=LEFT_OVER).order_by("pk")[:MOST]
    held = JiraEvent.objects.filter(ticket=ticket, state=Taken.HELD).select_related("ticket__desk")
    return OnTicket(
        issue.key,
        f"{issue.link.base_url}/browse/{issue.key}" if issue.key else "",
        issue.status,
        issue.synced_at,
        issue.gone,
        acts.filter(state__in=LEAVES_BY_ITSELF).count(),
        (*_left_acts(failed), *_left_events(held.order_by("pk")[:MOST])),
        reverse("console-jira-note", args=[str(ticket)]) if not issue.gone else "",
    )


def _left_acts(acts: Iterable[JiraAct]) -> list[Left]:
    kinds = {
        JiraAct.Kind.CREATE: _("Make the issue"),
        JiraAct.Kind.COMMENT: _("Comment on it"),
        JiraAct.Kind.ATTACH: _("Attach a file to it"),
        JiraAct.Kind.MOVE: _("Move it"),
    }
    return [
        Left(
            kinds[JiraAct.Kind(act.kind)],
            in_words(act.reason),
            str(act.issue.ticket),
            act.queued_at,
            reverse("console-jira-act-retrial", args=[act.pk]),
            reverse("console-jira-act-dropping", args=[act.pk]),
        )
        for act in acts
    ]


def _left_events(events: Iterable[JiraEvent]) -> list[Left]:
    return [
        Left(
            event.what,
            in_words(event.reason),
            str(event.ticket) if event.ticket else "",
            event.came_at,
            reverse("console-jira-event-retrial", args=[event.pk]),
            reverse("console-jira-event-dropping", args=[event.pk]),
        )
        for event in events
    ]


def _one(rows: QuerySet[Row], number: int) -> Row:
    found = rows.filter(pk=number).first()
    if found is None:
        raise NoAccess("no such thing at this desk")
    return found


def _back(request: HttpRequest) -> HttpResponse:
    """To the ticket the button stood on, else to the list."""
    number = request.POST.get("ticket", "")
    return HttpResponseRedirect(
        reverse("console-ticket", args=[number]) if number else reverse("console-bridges")
    )
