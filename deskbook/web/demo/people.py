"""Choosing who to be in the demo."""

from dataclasses import dataclass

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from deskbook.people.models import Agent, Contact, HelpDesk, User
from deskbook.web.demo.only import only_in_demo
from deskbook.web.viewer import in_their_language

MOST_REQUESTERS = 8


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to be. `what` says in which role, and for whom."""

    user_id: int
    name: str
    email: str
    role: str
    what: str


@only_in_demo
@in_their_language
def people(request: HttpRequest) -> HttpResponse:
    """Shows the people of each desk by role, each with a button that signs in as them."""
    known = [(desk.title, [*_requesters(desk), *_agents(desk)]) for desk in HelpDesk.objects.order_by("title")]
    desks = [(title, *_one_of_each(everybody)) for title, everybody in known]
    return render(request, "demo/people.html", {"desk": _("Demo"), "desks": desks})


@require_POST
@only_in_demo
def sign_in_as(request: HttpRequest) -> HttpResponse:
    """Signs in as the person chosen: an agent or a requester, never an administrator of the server."""
    given = request.POST.get("user", "")
    user = get_object_or_404(User, pk=int(given) if given.isdecimal() else 0, is_active=True, is_superuser=False)
    login(request, user, "django.contrib.auth.backends.ModelBackend")
    return redirect("front")


def _one_of_each(everybody: list[Person]) -> tuple[list[Person], list[Person]]:
    """Returns the first of each role, and the others."""
    first = {person.role: person for person in reversed(everybody)}
    chosen = [person for person in everybody if first[person.role] is person]
    return chosen, [person for person in everybody if person not in chosen]


def _agents(desk: HelpDesk) -> list[Person]:
    seats = desk.agents.filter(is_active=True, user__is_active=True, user__is_superuser=False).select_related("user")
    order = {Agent.Role.AGENT.value: 0, Agent.Role.LEAD.value: 1, Agent.Role.OWNER.value: 2}
    chosen = sorted(seats, key=lambda seat: (order[seat.role], seat.pk))
    roles = [(seat.user, str(Agent.Role(seat.role).label)) for seat in chosen]
    return [Person(user.pk, str(user), user.email, role, role) for user, role in roles]


def _requesters(desk: HelpDesk) -> list[Person]:
    known = Contact.objects.filter(desk=desk, user__isnull=False, user__is_active=True, user__is_superuser=False)
    chosen = known.select_related("user", "organisation").order_by("pk")[:MOST_REQUESTERS]
    return [_requester(contact, contact.user) for contact in chosen if contact.user]


def _requester(contact: Contact, user: User) -> Person:
    if contact.organisation is None:
        return Person(user.pk, str(contact), user.email, _("Requester"), _("Requester"))
    role = _("Named contact") if contact.named else _("Reader")
    return Person(user.pk, str(contact), user.email, role, f"{role}, {contact.organisation.name}")
