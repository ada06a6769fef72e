"""Promising the requester of a ticket a call."""

from datetime import datetime

from django.http import HttpRequest
from django.utils.translation import gettext as _

from deskbook.people.models import Agent
from deskbook.tickets.call_backs import Ring, promise_call_back
from deskbook.tickets.models import Ticket
from deskbook.web.console.acts import an_act
from deskbook.web.console.caller import number_typed
from deskbook.web.console.typed import NotUnderstood, client_key, instant_typed


@an_act("call-back")
def call_back_on(request: HttpRequest, agent: Agent, ticket: Ticket, *, at: datetime) -> str:
    """Promises the requester a call."""
    given = request.POST
    typed = given.get("number", "").strip() or given.get("known", "")
    if not typed:
        raise NotUnderstood(number=_("Give the number to call."))
    number = number_typed(agent, typed, "number")
    ring = Ring(
        number, instant_typed(given.get("due_at", ""), "due_at"), text=given.get("text", "")
    )
    promise_call_back(ticket, ring, at=at, by=agent, key=client_key(request))
    return _("The call-back is on the list.")
