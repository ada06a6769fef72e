"""Choosing who to be in the demo."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from deskbook.channels.chat.identity import asked_by
from deskbook.channels.walk_in.models import Kiosk
from deskbook.engine.desk import Desk
from deskbook.people.access import agents_of, contacts_of
from deskbook.people.books import desk_in_force
from deskbook.people.models import Agent, Contact, HelpDesk, User
from deskbook.web.shared.campaign import outside_dates
from deskbook.web.shared.fields import Id, Sent
from deskbook.web.shared.forms import Pressed
from deskbook.web.shared.opening_hours import hours_now
from deskbook.web.signing_in import begin_proved_session
from deskbook.web.times import with_zone
from deskbook.web.viewer import in_their_language, in_zone

MOST_REQUESTERS = 8
_ORDER = {Agent.Role.AGENT.value: 0, Agent.Role.LEAD.value: 1, Agent.Role.OWNER.value: 2}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to be. `what` says in which role, and for whom; one person is shown for each
    `role`.
    """

    user_id: int
    name: str
    email: str
    role: str
    what: str


@dataclass(frozen=True, slots=True)
class Card:
    """A desk with the people to be there, one of each role, and the others."""

    key: str
    title: str
    is_open: bool
    changes: str
    """When it opens or closes next."""
    outside: str
    """Of a campaign that has not begun or is over."""
    first: tuple[Person, ...]
    others: tuple[Person, ...]
    chat: tuple[tuple[str, str], ...] | None = None
    """What a visitor of the chat would state, where the desk has one."""
    walk_in: bool = False
    """Visitors take tokens at a site of it."""


@in_their_language
def people(request: HttpRequest) -> HttpResponse:
    """Shows the people of each desk by role, each with a button that signs in as them, and whether
    the desk is open.
    """
    at = timezone.now()
    cards = [_card(desk, at) for desk in HelpDesk.objects.order_by("title")]
    return render(request, "demo/people.html", {"desk": _("Demo"), "desks": cards})


class Chosen(Pressed):
    """Who to be, and on the card of which desk."""

    user, desk = Id(), Sent()


@require_POST
def sign_in_as(request: HttpRequest) -> HttpResponse:
    """Signs in as the person chosen: an agent or a requester, never an administrator of the server.

    They land at the desk on whose card they were chosen.
    """
    chosen = Chosen(request)
    user = get_object_or_404(User, pk=chosen("user") or 0, is_active=True, is_superuser=False)
    begin_proved_session(request, user)
    key = chosen("desk")
    if agents_of(user).filter(desk__key=key).exists():
        return redirect(reverse("console", query={"desk": key}))
    if contacts_of(user).filter(desk__key=key).exists():
        return redirect("portal-cases", key)
    return redirect("front")


def _card(helpdesk: HelpDesk, at: datetime) -> Card:
    desk = desk_in_force(helpdesk)
    hours = hours_now(desk, at=at)
    with in_zone(desk.zone):
        outside = outside_dates(desk, at=at)
        changes = with_zone(hours.changes_at) if hours.changes_at else ""
    everybody = [*_requesters(helpdesk), *_agents(helpdesk, desk)]
    first, others = _one_of_each(everybody)
    return Card(
        helpdesk.key,
        desk.title,
        hours.is_open,
        changes,
        outside,
        first,
        others,
        _at_the_chat(helpdesk, desk),
        walk_in=Kiosk.objects.filter(desk=helpdesk).exists(),
    )


def _at_the_chat(helpdesk: HelpDesk, desk: Desk) -> tuple[tuple[str, str], ...] | None:
    channel = desk.channel_of("chat")
    visitor = helpdesk.contacts.filter(identities__channel="pen").order_by("pk").first()
    if channel is None or visitor is None:
        return None
    known = dict(visitor.identities.values_list("channel", "identifier")) | {"name": visitor.name}
    return tuple((one.field.title, known.get(one.kept, "")) for one in asked_by(desk, channel))


def _one_of_each(everybody: list[Person]) -> tuple[tuple[Person, ...], tuple[Person, ...]]:
    """Returns the first of each role, and the others."""
    first = {person.role: person for person in reversed(everybody)}
    chosen = tuple(person for person in everybody if first[person.role] is person)
    return chosen, tuple(person for person in everybody if person not in chosen)


def _agents(helpdesk: HelpDesk, desk: Desk) -> list[Person]:
    agents = helpdesk.agents.filter(is_active=True, user__is_active=True, user__is_superuser=False)
    chosen = sorted(agents.select_related("user"), key=lambda agent: (_ORDER[agent.role], agent.pk))
    return [_agent(agent, desk) for agent in chosen]


def _agent(agent: Agent, desk: Desk) -> Person:
    """An agent stands for the level of their team, or for the team where it has none; leads and
    owners for theirs.
    """
    role = str(Agent.Role(agent.role).label)
    person = Person(agent.user_id, str(agent.user), agent.user.email, role, role)
    teams = [desk.teams[key] for key in agent.teams if key in desk.teams]
    if agent.role != Agent.Role.AGENT or not teams:
        return person
    return replace(person, role=teams[0].level or teams[0].key, what=f"{role}, {teams[0].title}")


def _requesters(helpdesk: HelpDesk) -> list[Person]:
    known = Contact.objects.filter(
        desk=helpdesk, user__isnull=False, user__is_active=True, user__is_superuser=False
    )
    chosen = known.select_related("user", "organisation").order_by("pk")[:MOST_REQUESTERS]
    return [_requester(contact, contact.user) for contact in chosen if contact.user]


def _requester(contact: Contact, user: User) -> Person:
    if contact.organisation is None:
        return Person(user.pk, str(contact), user.email, _("Requester"), _("Requester"))
    role = _("Named contact") if contact.named else _("Reader")
    return Person(user.pk, str(contact), user.email, role, f"{role}, {contact.organisation.name}")
