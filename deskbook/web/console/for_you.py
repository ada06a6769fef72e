"""What concerns whoever looks: notes that name them, cases that are theirs now or are back, what is
written on those they own or follow.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from deskbook.people.models import Agent
from deskbook.tickets.models import LogEntry, Message
from deskbook.tickets.notification_models import Notification
from deskbook.tickets.notifications import mark_read, notifications_of, sentence, who_did_each
from deskbook.web.console.shared.frame import screen
from deskbook.web.console.shared.rows import url_of
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.fields import Id, Tick
from deskbook.web.shared.forms import Form, Pressed, sent
from deskbook.web.shared.paging import page_behind

PAGE = 50
LONGEST = 200
"""Characters of what was written, in its line."""


class Choice(Form):
    """What else somebody wants to be told by."""

    mails = Tick(_("Mail me what I have not read after two minutes"))


class Reading(Pressed):
    """Which is read; all of it where it names none."""

    one = Id()


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that concerns them."""

    id: int
    words: str
    number: str
    subject: str
    url: str
    said: str
    at: datetime
    is_unread: bool


@require_safe
@for_agents
def for_you(request: HttpRequest, agent: Agent) -> HttpResponse:
    """What is not read yet, or all of the last three months; the latest first."""
    everything, after = "all" in request.GET, request.GET.get("after", "")
    found = notifications_of(agent)
    found = found if everything else found.filter(read_at=None)
    rows, older = page_behind(found, "at", after, PAGE)
    form = Choice(None, {"mails": agent.mails_concerns})
    return screen(
        request,
        agent,
        "for_you.html",
        current="for-you",
        lines=_lines(rows),
        everything=everything,
        older=older,
        paged=bool(after),
        form=form,
    )


@require_POST
@for_agents
def reading(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Marks one as read, or all."""
    mark_read(agent, at=timezone.now(), only=Reading(request)("one") or None)
    return HttpResponseRedirect(reverse("console-for-you"))


@require_POST
@for_agents
def choice(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Keeps whether it is mailed as well."""
    form = Choice(sent(request))
    agent.mails_concerns = form.is_valid() and form("mails")
    agent.save(update_fields=["mails_concerns"])
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("console-for-you"))


def _lines(rows: Iterable[Notification]) -> list[Line]:
    rows = list(rows)
    who, said = who_did_each(row.entry for row in rows), _said([row.entry for row in rows])
    return [
        Line(
            row.pk,
            sentence(row, who[row.entry_id]),
            str(row.ticket),
            row.ticket.subject,
            url_of(str(row.ticket), {}),
            said.get(row.entry_id, ""),
            row.at,
            row.read_at is None,
        )
        for row in rows
    ]


def _said(entries: Iterable[LogEntry]) -> Mapping[int, str]:
    """Entry → the beginning of the words it brought."""
    brought = {entry.pk: int(entry.data.get("message") or 0) for entry in entries}
    texts = dict(Message.objects.filter(pk__in=brought.values()).values_list("pk", "text"))
    return {
        entry: " ".join(texts[message].split())[:LONGEST]
        for entry, message in brought.items()
        if message in texts
    }
