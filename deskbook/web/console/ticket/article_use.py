"""A ticket marked as one that no article answers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from deskbook.knowledge.gaps import is_marked, mark_unanswered, unmark
from deskbook.people.models import Agent
from deskbook.tickets.models import Ticket
from deskbook.web.console.shared.rows import ticket_url
from deskbook.web.console.shared.trail import trail_of
from deskbook.web.shared.entering import acts_on_a_ticket


@acts_on_a_ticket
def gap(request: HttpRequest, agent: Agent, ticket: Ticket) -> HttpResponse:
    """Notes that no article answers this, or takes the mark back: one key, one POST."""
    if is_marked(ticket):
        unmark(ticket)
        messages.success(
            request,
            _("%(ticket)s is off the list of what no article answered.") % {"ticket": ticket},
        )
    else:
        mark_unanswered(ticket, at=timezone.now(), by=agent)
        messages.success(
            request,
            _("%(ticket)s is on the list of what no article answered.") % {"ticket": ticket},
        )
    return HttpResponseRedirect(ticket_url(ticket, trail_of(request)))
