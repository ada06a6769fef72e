"""What is mirrored of a case, on its page, and an agent's comment that goes there."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from deskbook.bridges.jira.models import JiraAct, JiraEvent, JiraIssue
from deskbook.bridges.jira.outgoing import share
from deskbook.channels.all import sorts_of_left_over
from deskbook.delivery.states import LEAVES_BY_ITSELF, LEFT_OVER, Taken
from deskbook.people.models import Agent
from deskbook.people.refusals import in_words
from deskbook.tickets.conversation import note_on_ticket
from deskbook.tickets.messages import Written
from deskbook.tickets.models import Message, Ticket
from deskbook.web.acts.act import client_key
from deskbook.web.shared.entering import on_a_ticket
from deskbook.web.shared.fields import Lines
from deskbook.web.shared.forms import Form, saved, sent

MOST = 100


@dataclass(frozen=True, slots=True)
class Left:
    """What could not be done there, or came from there and the book refused."""

    choice: str
    what: str
    reason: str
    at: datetime


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


class NoteForJira(Form):
    """A note for the desk and the people in Jira."""

    text = Lines("", gettext_lazy("Write something, or add a file."))


@require_POST
@on_a_ticket
def note(request: HttpRequest, agent: Agent, ticket: Ticket) -> HttpResponse:
    """Adds a note for the desk and the people in Jira."""
    form = NoteForJira(sent(request))

    def told() -> None:
        recorded = note_on_ticket(
            ticket, Written(form("text")), at=timezone.now(), by=agent, key=client_key(request)
        )
        said = [entry.data["message"] for entry in recorded.entries if entry.kind == "Noted"]
        for message in Message.objects.filter(pk__in=said):
            share(message, at=timezone.now())

    saved(form, told)
    if wrong := form.refusal or " ".join(form.sentences()):
        messages.error(request, wrong)
    return HttpResponseRedirect(reverse("console-ticket", args=[str(ticket)]))


def on_ticket(ticket: Ticket) -> OnTicket | None:
    """Returns what a ticket's panel says of its issue; None where there is none."""
    issue: JiraIssue | None = getattr(ticket, "jira_issue", None)  # read with the ticket
    if issue is None:
        return None
    acts = JiraAct.objects.filter(issue=issue)
    failed = acts.filter(state__in=LEFT_OVER).select_related("issue", "message").order_by("pk")
    held = JiraEvent.objects.filter(ticket=ticket, state=Taken.HELD).order_by("pk")
    return OnTicket(
        issue.key,
        f"{issue.link.base_url}/browse/{issue.key}" if issue.key else "",
        issue.status,
        issue.synced_at,
        issue.gone,
        acts.filter(state__in=LEAVES_BY_ITSELF).count(),
        (
            *(_left("jira-out", act, act.queued_at) for act in failed[:MOST]),
            *(_left("jira-in", event, event.came_at) for event in held[:MOST]),
        ),
        reverse("console-jira-note", args=[str(ticket)]) if not issue.gone else "",
    )


def _left(key: str, row: JiraAct | JiraEvent, at: datetime) -> Left:
    shown = sorts_of_left_over()[key].shows(row)
    return Left(f"{key} {row.pk}", str(shown.what), in_words(row.reason), at)
