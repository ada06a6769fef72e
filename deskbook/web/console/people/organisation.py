"""An organisation: its plan, who is named on it, who belongs to the community; giving and taking
seats.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from deskbook.engine.desk import Desk
from deskbook.engine.quotas import counts_time
from deskbook.people.access import NoAccess, contact_for_agent, organisation_for_agent
from deskbook.people.books import desk_in_force
from deskbook.people.models import Agent, Contact, Organisation
from deskbook.people.refusals import in_words
from deskbook.people.seats import name_contact, seats_of, take_seat_away
from deskbook.refusals.refusal import Refused
from deskbook.tickets.quotas import logged_by_month, used_by
from deskbook.web.console.shared.frame import screen
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.plan_words import used_in_words
from deskbook.web.times import worked

MOST = 200


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    reached: str
    action: str


@require_safe
@for_agents
def organisation(request: HttpRequest, agent: Agent, organisation: int) -> HttpResponse:
    """Shows the seats of an organisation and its community."""
    return _page(request, agent, organisation_for_agent(agent, organisation))


@require_POST
@for_agents
def seat(request: HttpRequest, agent: Agent, contact: int) -> HttpResponse:
    """Gives a contact a seat, or takes it; the seat beyond the plan's last is refused, naming who
    holds them.
    """
    person = contact_for_agent(agent, contact)
    if person.organisation is None:
        raise NoAccess("no organisation")
    if "undo" in request.POST:
        take_seat_away(person, by=agent)
        messages.success(request, _("%(who)s is of the community now.") % {"who": person})
    else:
        try:
            name_contact(person)
        except Refused as refused:
            return _page(request, agent, person.organisation, refusal=in_words(refused), status=409)
        messages.success(request, _("%(who)s is a named contact now.") % {"who": person})
    return HttpResponseRedirect(reverse("console-organisation", args=[person.organisation.pk]))


def _page(
    request: HttpRequest, agent: Agent, known: Organisation, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    others = (
        known.contacts.filter(named=False, merged_into=None)
        .order_by("name", "pk")
        .prefetch_related("identities")
    )
    seats, desk = seats_of(known), desk_in_force(agent.desk)
    used = [used_in_words(desk, one) for one in used_by(known, at=timezone.now())]
    return screen(
        request,
        agent,
        "organisation.html",
        status=status,
        organisation=known,
        seats=seats,
        used=used,
        logged=_logged(known, desk),
        refusal=refusal,
        named=[_person(contact) for contact in seats.holders],
        others=[_person(c) for c in others[:MOST]],
    )


def _logged(known: Organisation, desk: Desk) -> list[str]:
    """The time logged in each month, where the book counts it."""
    months = logged_by_month(known, at=timezone.now()) if counts_time(desk) else []
    return [
        f"{date_format(month, 'F Y')}: {worked(timedelta(minutes=minutes))}"
        for month, minutes in months
    ]


def _person(contact: Contact) -> Person:
    reached = ", ".join(identity.identifier for identity in contact.identities.all()[:2])
    return Person(str(contact), reached, reverse("console-contact-seat", args=[contact.pk]))
