"""The acts of the registry at the console: their addresses, and what becomes of one refused."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from deskbook.people.access import of_desk, only_who_may
from deskbook.people.models import Agent
from deskbook.tickets.call_back_models import CallBack
from deskbook.tickets.models import Ticket
from deskbook.tickets.second_thoughts import may_think_again
from deskbook.web.acts.act import Act, How, client_key
from deskbook.web.acts.doing import do
from deskbook.web.acts.registry import ACTS
from deskbook.web.acts.subject import Subject
from deskbook.web.console.new_cases.call_backs import call_backs_page
from deskbook.web.console.shared.rows import ticket_url
from deskbook.web.console.shared.trail import trail_of
from deskbook.web.console.shared.undoing import offer_undo
from deskbook.web.console.ticket.ticket import ticket_page
from deskbook.web.console.visits.visit import visit_page
from deskbook.web.shared.entering import acts_on_a_ticket, as_seen, for_agents
from deskbook.web.shared.forms import sent
from deskbook.web.uploads import take_uploads

AT_THE_FOOT = "foot"


Reached = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Place:
    """Where acts on a kind of thing are sent, what shows one again, where a done one leads."""

    address: str
    reach: Callable[[Reached], Callable[..., HttpResponseBase]]
    """Makes a view of what takes a request, a subject and the parts of the address."""
    again: Callable[[HttpRequest, Act, int], HttpResponse]
    after: Callable[[HttpRequest, Act], str]


def _on_a_case(reached: Reached) -> Callable[..., HttpResponseBase]:
    @acts_on_a_ticket
    def view(request: HttpRequest, agent: Agent, ticket: Ticket, **parts: str) -> HttpResponse:
        return reached(request, Subject(ticket, agent), **parts)

    return view


def _on_a_call_back(reached: Reached) -> Callable[..., HttpResponseBase]:
    @require_POST
    @for_agents
    def view(request: HttpRequest, agent: Agent, row: int) -> HttpResponse:
        rows = CallBack.objects.select_related("ticket__desk", "ticket__requester")
        found = of_desk(agent, rows, row)
        with as_seen(request, found.ticket):
            return reached(request, Subject(found.ticket, agent, call_back=found), row=str(row))

    return view


def _ticket_again(request: HttpRequest, act: Act, status: int) -> HttpResponse:
    return ticket_page(request, act.of.viewer, act.of.ticket, again=act, status=status)


def _ticket_after(request: HttpRequest, act: Act) -> str:
    return ticket_url(act.of.ticket, trail_of(request))


def _visit_again(request: HttpRequest, act: Act, status: int) -> HttpResponse:
    return visit_page(request, act.of.viewer, act.of.ticket, again=act, status=status)


def _visit_after(request: HttpRequest, act: Act) -> str:
    return reverse("console-visit", args=[str(act.of.ticket)])


def _call_backs_again(request: HttpRequest, act: Act, status: int) -> HttpResponse:
    return call_backs_page(request, act.of.viewer, again=act, status=status)


def _call_backs_after(request: HttpRequest, act: Act) -> str:
    return reverse("console-call-backs")


_TICKET = "console/tickets/<str:number>"
PLACES = {
    "ticket": Place(_TICKET, _on_a_case, _ticket_again, _ticket_after),
    "visit": Place(f"{_TICKET}/visit", _on_a_case, _visit_again, _visit_after),
    "call-back": Place("console/call-backs", _on_a_call_back, _call_backs_again, _call_backs_after),
}


def addresses() -> list[URLPattern]:
    """Returns the addresses of all acts."""
    return [
        path(f"{PLACES[act.on].address}/{act.address or key}", view_of(act), name=f"console-{key}")
        for key, act in ACTS.items()
        if not act.page
    ]


def view_of(act: type[Act]) -> Callable[..., HttpResponseBase]:
    """Makes the view of an act: done, the page says so; refused, its form comes back with why."""
    place = PLACES[act.on]

    def reached(request: HttpRequest, of: Subject, **parts: str) -> HttpResponse:
        only_who_may(of.viewer, act.who_may)
        form, key = act(of, sent(request), **parts), client_key(request, alone=act.reaches_the_rest)
        if act.takes_files:  # before the transaction: what is refused takes the file back with it
            user = of.viewer.user
            form.uploads = take_uploads(request, user, form.draft, act.takes_files, key=key)
        with may_think_again(allowed=act.may_be_undone and settings.DESKBOOK_UNDO) as thoughts:
            done = do(form, How(at=timezone.now(), by=of.viewer, key=key))
        if done and form.waiting:
            offer_undo(request, done, of.ticket, sending=form.waiting.pk)
        elif done and (first := thoughts.began.get(of.ticket.pk)):
            offer_undo(request, done, of.ticket, first=first)
        elif done:
            messages.success(request, str(done))
        elif form.refusal and form.told_in == AT_THE_FOOT:
            messages.error(request, form.refusal)
        elif done is None:
            of.ticket.refresh_from_db()
            return place.again(request, form, form.status)
        return HttpResponseRedirect(place.after(request, form))

    return place.reach(reached)
