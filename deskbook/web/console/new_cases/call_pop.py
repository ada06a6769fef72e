"""The call that rings at the viewer's telephone, on whatever screen they are."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from deskbook.channels.phone.callers import Caller, open_cases_of, people_at, shown_callers
from deskbook.channels.phone.models import Call
from deskbook.people.access import agents_by_desk
from deskbook.people.models import Agent
from deskbook.people.numbers import shown
from deskbook.tickets.models import Ticket
from deskbook.web.shared.entering import for_agents, user_of
from deskbook.web.shared.ringing import calls_of


@never_cache
@require_safe
@for_agents
def call_pop(request: HttpRequest, agent: Agent) -> HttpResponse:
    """The panel, empty when nothing rings."""
    user = user_of(request)
    mine = {one.desk_id: one for one in agents_by_desk(user)}
    calls = [_told(call, mine[call.desk_id]) for call in calls_of(user)]
    return render(request, "console/calls/_pop.html", {"calls": calls}, using="jinja2")


def _told(call: Call, agent: Agent) -> tuple[Call, str, list[Caller], list[Ticket]]:
    """The call, its number as it is read, who it may be, and the open cases of the one it is."""
    people = [call.contact] if call.contact else people_at(call.desk, call.number)
    cases = open_cases_of(people[0], agent)[:3] if len(people) == 1 else []
    return (
        call,
        shown(call.number),
        shown_callers(agent, [contact.pk for contact in people]),
        cases,
    )
