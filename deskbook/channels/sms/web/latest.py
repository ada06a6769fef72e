"""Texts to phones: the latest, and what became of them."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from deskbook.channels.sms.gateway import gateway_of
from deskbook.channels.sms.models import TextMessage
from deskbook.delivery.states import LEFT_OVER, State
from deskbook.people.access import may, seen_by
from deskbook.people.models import Agent
from deskbook.people.refusals import in_words
from deskbook.people.text_parts import parts_of
from deskbook.web.console.shared.deliveries import STATE_TITLES
from deskbook.web.console.shared.frame import screen
from deskbook.web.shared.entering import for_agents

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
    """The latest texts with their parts."""
    gateway = gateway_of(agent.desk)
    latest = seen_by(agent, TextMessage.objects.filter(desk=agent.desk_id), "ticket__")
    return screen(
        request,
        agent,
        "texts/texts.html",
        current="settings",
        latest=[
            _row(text)
            for text in latest.select_related("ticket__desk").order_by("-queued_at", "-pk")[:MOST]
        ],
        connected=gateway is not None,
        trouble=in_words(gateway.trouble) if gateway else "",
        may_connect=may(agent, "connect gateways"),
    )


def _row(text: TextMessage) -> Row:
    words = _("(a sign-in code)") if text.purpose == "code" else text.text
    tones = {State.DELIVERED: "green", State.HANDED_OVER: "blue", **dict.fromkeys(LEFT_OVER, "red")}
    return Row(
        text.pk,
        text.number,
        words,
        text.parts,
        parts_of(text.text).unicode,
        str(STATE_TITLES[State(text.state)]),
        tones.get(State(text.state), ""),
        in_words(text.reason),
        str(text.ticket) if text.ticket else "",
        text.queued_at,
    )
