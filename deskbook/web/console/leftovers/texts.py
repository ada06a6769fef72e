"""Texts to phones: those not delivered, with another try; those that came and became nothing; the
latest of all.
"""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from deskbook.channels.sms.gateway import gateway_of
from deskbook.channels.sms.held import not_delivered, not_taken_in, send_again
from deskbook.channels.sms.incoming import take_in_row
from deskbook.channels.sms.models import TextMessage
from deskbook.delivery import inbox
from deskbook.delivery.outbox import drop
from deskbook.delivery.states import LEFT_OVER, State, Taken
from deskbook.people.access import may, of_desk, only_who_may
from deskbook.people.models import Agent
from deskbook.people.refusals import in_words
from deskbook.people.text_parts import parts_of
from deskbook.web.console.shared.deliveries import state_titles
from deskbook.web.console.shared.frame import screen
from deskbook.web.shared.seat import for_agents

MOST = 100


@dataclass(frozen=True, slots=True)
class Row:
    """One text as the list shows it. A sign-in code is for its reader alone."""

    id: int
    number: str
    text: str
    parts: int
    unicode: bool
    state: str
    tone: str
    reason: str
    ticket: str
    at: datetime


@require_safe
@for_agents
def texts(request: HttpRequest, agent: Agent) -> HttpResponse:
    """What was not delivered, what was not taken in, and the latest texts with their parts."""
    gateway = gateway_of(agent.desk)
    latest = TextMessage.objects.filter(desk=agent.desk_id).exclude(state__in=LEFT_OVER)
    return screen(
        request,
        agent,
        "texts/texts.html",
        current="texts",
        failed=[_row(text) for text in not_delivered(agent.desk)[:MOST]],
        held=list(not_taken_in(agent.desk)[:MOST]),
        latest=[
            _row(text)
            for text in latest.select_related("ticket__desk").order_by("-queued_at", "-pk")[:MOST]
        ],
        connected=gateway is not None,
        trouble=in_words(gateway.trouble) if gateway else "",
        may_connect=may(agent, "connect gateways"),
        leads=may(agent, "steer texts"),
    )


@require_POST
@for_agents
def retrial(request: HttpRequest, agent: Agent, text: int) -> HttpResponse:
    if send_again(of_desk(agent, TextMessage.objects.all(), text), at=timezone.now()):
        messages.success(request, _("It is sent again. If it fails, it comes back here."))
    return HttpResponseRedirect(reverse("console-texts"))


@require_POST
@for_agents
def dropping(request: HttpRequest, agent: Agent, text: int) -> HttpResponse:
    """Leads only. The text stays stored, marked with who decided it."""
    only_who_may(agent, "steer texts")
    found = of_desk(agent, TextMessage.objects.all(), text)
    if drop(TextMessage.objects.filter(pk=found.pk), at=timezone.now(), by=agent):
        messages.success(request, _("Discarded."))
    return HttpResponseRedirect(reverse("console-texts"))


@require_POST
@for_agents
def incoming_retrial(request: HttpRequest, agent: Agent, text: int) -> HttpResponse:
    row = take_in_row(of_desk(agent, not_taken_in(agent.desk), text), at=timezone.now())
    if row.state == Taken.DONE:
        messages.success(request, _("It is on %(ticket)s.") % {"ticket": row.ticket})
    else:
        messages.error(request, in_words(row.reason))
    return HttpResponseRedirect(reverse("console-texts"))


@require_POST
@for_agents
def incoming_dropping(request: HttpRequest, agent: Agent, text: int) -> HttpResponse:
    """Leads only. The text stays stored, marked with who decided it."""
    only_who_may(agent, "steer texts")
    row = of_desk(agent, not_taken_in(agent.desk), text)
    inbox.drop(not_taken_in(agent.desk).filter(pk=row.pk), by=agent)
    messages.success(request, _("Discarded."))
    return HttpResponseRedirect(reverse("console-texts"))


def _row(text: TextMessage) -> Row:
    words = _("(a sign-in code)") if text.purpose == "code" else text.text
    tones = {State.DELIVERED: "green", State.HANDED_OVER: "blue", **dict.fromkeys(LEFT_OVER, "red")}
    return Row(
        text.pk,
        text.number,
        words,
        text.parts,
        parts_of(text.text).unicode,
        state_titles()[State(text.state)],
        tones.get(State(text.state), ""),
        in_words(text.reason),
        str(text.ticket) if text.ticket else "",
        text.queued_at,
    )
