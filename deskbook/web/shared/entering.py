"""How a person gets to a console screen: signed in, at the desk they work at, in their own zone and
language.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from functools import wraps

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.http import require_http_methods

from deskbook.engine.wall_time import zone_named
from deskbook.knowledge.gaps import IS_MARKED
from deskbook.people import access
from deskbook.people.agents import language_of
from deskbook.people.books import desk_in_force
from deskbook.people.models import Agent, User
from deskbook.tickets.beside import beside_for
from deskbook.tickets.models import Ticket
from deskbook.tickets.participants import FORWARDED_FROM
from deskbook.tickets.readers import Known, as_known
from deskbook.tickets.senders import IS_UNPROVEN
from deskbook.web.acts.subject import WITH_A_TICKET
from deskbook.web.viewer import signed_in

SHOWN_WITH_A_TICKET = (*WITH_A_TICKET, "jira_issue")
"""An act shows none of it. The link is read for the few tickets that have an issue: it is twenty
columns wide.
"""


def _with(*related: str) -> QuerySet[Ticket]:
    return Ticket.objects.select_related(*related).annotate(
        unanswered=IS_MARKED, unproven=IS_UNPROVEN, forwarded_from=FORWARDED_FROM
    )


_TO_ACT_ON = access.prepared_for_agents(lambda _user: _with(*WITH_A_TICKET))
_TO_SHOW = access.prepared_for_agents(
    lambda user: _with(*SHOWN_WITH_A_TICKET).annotate(beside=beside_for(user))
)


def for_agents(screen: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Gives the screen who the viewer is at the desk; people who work at none are told there is no
    such page.
    """

    @signed_in
    @wraps(screen)
    def entered(request: HttpRequest, **parts: object) -> HttpResponseBase:
        agent = agent_of(request)
        with _at_home(agent):
            return screen(request, agent, **parts)

    return entered


def on_a_ticket(screen: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Gives the screen who the viewer is at the desk, and the ticket called `number`; or says there
    is none.
    """

    @signed_in
    @wraps(screen)
    def entered(request: HttpRequest, number: str, **parts: object) -> HttpResponseBase:
        tickets = _TO_ACT_ON if request.method == "POST" else _TO_SHOW
        agent, ticket = access.ticket_for_agent(user_of(request), number, tickets)
        _share(ticket, agent)
        with _at_home(agent), as_seen(request, ticket):
            return screen(request, agent, ticket, **parts)

    return entered


def acts_on_a_ticket(screen: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Like `on_a_ticket`, for what a POST does; who asks for the address itself is sent to the
    ticket.

    What was refused is shown at the act's own address: there people reload, and live.js looks for
    what is new.
    """

    @require_http_methods(["GET", "HEAD", "POST"])
    @on_a_ticket
    @wraps(screen)
    def entered(
        request: HttpRequest, agent: Agent, ticket: Ticket, **parts: object
    ) -> HttpResponseBase:
        if request.method == "POST":
            return screen(request, agent, ticket, **parts)
        return HttpResponseRedirect(reverse("console-ticket", kwargs={"number": str(ticket)}))

    return entered


def as_seen(request: HttpRequest, ticket: Ticket) -> AbstractContextManager[None]:
    """Holds what is sent to whom the page named on which it was typed."""
    seen = request.POST.get("last_seen", "")
    is_seq = seen.isdecimal() and len(seen) < 10 and int(seen) > 0
    return as_known(ticket.pk, [Known(ticket.pk, int(seen))] if is_seq else [])


def agent_of(request: HttpRequest) -> Agent:
    """Returns who asks, at the desk asked for or at their first one; raises NoAccess.

    Asked for by the address (`?desk=`), by the page that sends (its form, a script's header), else
    the last one.
    """
    of_page = (
        request.POST.get("at_desk") or request.headers.get("X-Desk")
        if request.method == "POST"
        else None
    )
    asked = request.GET.get("desk") or of_page or request.session.get("desk")
    agents = access.agents_by_desk(user_of(request))
    chosen = next((one for one in agents if one.desk.key == asked), agents[0] if agents else None)
    if chosen is None:
        raise access.NoAccess("no desk to work at")
    if request.session.get("desk") != chosen.desk.key:
        request.session["desk"] = chosen.desk.key
    return chosen


def _share(ticket: Ticket, agent: Agent) -> None:
    requester = ticket.requester
    ticket.desk = agent.desk
    if requester.desk_id == agent.desk_id:
        requester.desk = agent.desk
    if requester.organisation_id == ticket.organisation_id:
        requester.organisation = ticket.organisation


def user_of(request: HttpRequest) -> User:
    """Returns who is signed in; the callers above have made sure somebody is."""
    user = request.user
    if not isinstance(user, User):
        raise access.NoAccess("nobody is signed in")
    return user


def _at_home(agent: Agent) -> ExitStack:
    """Times in the viewer's zone (else the desk's), words in their language (else the desk's usual
    one).
    """
    home = ExitStack()
    home.enter_context(
        timezone.override(zone_named(agent.user.zone or desk_in_force(agent.desk).zone))
    )
    home.enter_context(translation.override(language_of(agent)))
    return home
