"""One agent, contact or organisation, for leads and owners to change."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from deskbook.engine.addresses import normal_domain
from deskbook.engine.quoting import short
from deskbook.engine.wall_time import zone_named
from deskbook.people.access import NoAccess, may, of_desk, only_who_may
from deskbook.people.books import desk_in_force
from deskbook.people.changed_ways import OfTheDesk
from deskbook.people.contacts import add_way, normal_identifier, same_identifiers, take_ways_away
from deskbook.people.duty import has_left
from deskbook.people.lists.columns import Wrong
from deskbook.people.lists.reading import instant, phone_number, region_of, zone_name
from deskbook.people.models import Agent, Contact, ContactIdentity, Organisation
from deskbook.people.refusals import in_words
from deskbook.people.seat_changes import tell_seats_changed
from deskbook.people.seats import move_contact
from deskbook.web.console.shared.frame import screen
from deskbook.web.console.shared.typed import Typed, typed
from deskbook.web.shared.fields import NotUnderstood
from deskbook.web.shared.seat import for_agents

LISTS_OF = {"seat": "agents", "contact": "contacts", "organisation": "organisations"}


@for_agents
def seat(request: HttpRequest, agent: Agent, seat: int) -> HttpResponse:
    """An agent's role, teams, end; only owners touch owners."""
    only_who_may(agent, "manage people")
    found = of_desk(agent, Agent.objects.select_related("user", "desk"), seat)
    desk, zone = desk_in_force(agent.desk), zone_named(desk_in_force(agent.desk).zone)
    values = {
        "role": found.role,
        "phone": found.phone,
        "extension": found.extension,
        "place": found.place,
        "until": f"{found.until.astimezone(zone):%Y-%m-%dT%H:%M}" if found.until else "",
    }
    makes_owners = may(agent, "make owners")
    context = {
        "person": found,
        "teams": [(team.key, team.title) for team in desk.teams.values()],
        "chosen": found.teams,
        "roles": [
            (value, label)
            for value, label in Agent.Role.choices
            if value != "owner" or makes_owners
        ],
        "zone": desk.zone,
        "locked": found.role == "owner" and not makes_owners,
    }
    return _page(
        request, agent, "seat", lambda: _save_seat(request, agent, found), values=values, **context
    )


@for_agents
def contact(request: HttpRequest, agent: Agent, contact: int) -> HttpResponse:
    """A contact's name, organisation, ways to be reached."""
    only_who_may(agent, "manage people")
    found = of_desk(agent, Contact.objects.select_related("organisation", "desk"), contact)
    values = {
        "name": found.name,
        "organisation": found.organisation.name if found.organisation else "",
        "zone": found.zone,
        "language": found.language,
        "channel": "",
        "identifier": "",
    }
    context = {"person": found, "identities": list(found.identities.order_by("channel", "pk"))}
    return _page(
        request,
        agent,
        "contact",
        lambda: _save_contact(request, agent, found),
        values=values,
        **context,
    )


@for_agents
def organisation_edit(request: HttpRequest, agent: Agent, organisation: int) -> HttpResponse:
    """An organisation's plan, zone and mail domains."""
    only_who_may(agent, "manage people")
    found = of_desk(agent, Organisation.objects.all(), organisation)
    values = {
        "name": found.name,
        "plan": found.plan,
        "zone": found.zone,
        "domains": " ".join(found.domains),
    }
    plans = [(plan.key, plan.title) for plan in desk_in_force(agent.desk).plans.values()]
    return _page(
        request,
        agent,
        "organisation",
        lambda: _save_organisation(request, found),
        values=values,
        person=found,
        plans=plans,
    )


def _page(
    request: HttpRequest,
    agent: Agent,
    form: str,
    save: Callable[[], None],
    *,
    values: dict[str, str],
    **context: Any,
) -> HttpResponse:
    """Shows the form; on POST saves it and goes back to the list, or shows it again as typed with
    what is wrong.
    """
    again, status, what = Typed(), 200, LISTS_OF[form]
    if request.method == "POST":
        try:
            with transaction.atomic():
                save()
        except (NotUnderstood, Wrong, IntegrityError) as wrong:
            values = {name: request.POST.get(name, "") for name in values}
            again, status = _said(request, form, wrong), 422
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("console-people", args=[what]))
    return screen(
        request,
        agent,
        f"people/{form}.html",
        current="people",
        status=status,
        values=values,
        again=again,
        what=what,
        **context,
    )


def _said(request: HttpRequest, form: str, wrong: NotUnderstood | Wrong | IntegrityError) -> Typed:
    if isinstance(wrong, NotUnderstood):
        return typed(request, form, errors=wrong.errors)
    taken = _("Somebody else has this name, address or number already.")
    return typed(
        request, form, refusal=taken if isinstance(wrong, IntegrityError) else in_words(wrong)
    )


def _save_seat(request: HttpRequest, by: Agent, found: Agent) -> None:
    given, desk = request.POST, desk_in_force(by.desk)
    role = given.get("role", found.role)
    if "owner" in (role, found.role) and not may(by, "make owners"):
        raise NoAccess("owners are for owners")
    if role not in Agent.Role.values:
        raise NotUnderstood(role=_("Choose a role."))
    if found.pk == by.pk and (role != found.role or not given.get("is_active")):
        raise NotUnderstood(role=_("Somebody else has to change your own role or switch you off."))
    found.role, found.teams = role, [team for team in given.getlist("teams") if team in desk.teams]
    found.phone = phone_number(given["phone"], region_of(desk.zone)) if given.get("phone") else ""
    found.extension = given.get("extension", "").strip()[:16]
    found.place, found.is_active = given.get("place", "")[:64], bool(given.get("is_active"))
    found.until = _until(given.get("until", ""), desk.zone)
    found.save(update_fields=["role", "teams", "phone", "extension", "place", "is_active", "until"])
    tell_seats_changed(found.desk_id)
    if has_left(found, at=timezone.now()):
        app.configure_task("return_cases", queue="reactions").defer()


def _until(text: str, zone: str) -> datetime | None:
    if not text.strip():
        return None
    until = instant(text, zone, end_of_day=True)
    if until.date() < date(2000, 1, 1):
        raise NotUnderstood(until=_("Give a date and a time."))
    return until


def _save_contact(request: HttpRequest, by: Agent, found: Contact) -> None:
    given, desk = request.POST, desk_in_force(by.desk)
    found.name = given.get("name", "").strip()[:200]
    named = given.get("organisation", "").strip()
    organisation = (
        Organisation.objects.filter(desk=by.desk_id, name__iexact=named).first() if named else None
    )
    if named and organisation is None:
        raise NotUnderstood(
            organisation=_("There is no organisation “%(name)s”.") % {"name": short(named)}
        )
    found.zone = zone_name(given["zone"]) if given.get("zone") else ""
    found.language = given.get("language", found.language)[:8]
    found.save(update_fields=["name", "zone", "language"])
    move_contact(found, organisation, by=by)
    removed = [
        int(number) for number in given.getlist("remove") if number.isdecimal() and len(number) < 18
    ]
    take_ways_away(found, removed, by=by)
    channel, identifier = given.get("channel", ""), given.get("identifier", "").strip()
    if channel in ("email", "phone", "whatsapp", "pen") and identifier:
        stored = normal_identifier(channel, identifier, region=region_of(desk.zone))
        forms = same_identifiers(channel, stored)
        known = ContactIdentity.objects.filter(
            desk=by.desk_id, channel=channel, identifier__in=forms
        )
        taken = known.exclude(contact=found)
        if owner := taken.select_related("contact").first():
            raise NotUnderstood(
                identifier=_("“%(what)s” belongs to %(name)s.")
                % {"what": short(stored), "name": owner.contact}
            )
        try:
            add_way(found, channel, stored, by=by)
        except OfTheDesk as refused:
            raise NotUnderstood(identifier=in_words(refused)) from None


def _save_organisation(request: HttpRequest, found: Organisation) -> None:
    given = request.POST
    found.name = given.get("name", "").strip()[:200]
    if not found.name:
        raise NotUnderstood(name=_("Give it a name."))
    plans = desk_in_force(found.desk).plans
    if given.get("plan") and given["plan"] not in plans:
        raise NotUnderstood(plan=_("Choose one of the book’s plans."))
    found.plan = given.get("plan", "")
    found.zone = zone_name(given["zone"]) if given.get("zone") else ""
    found.domains = [
        normal_domain(word.removeprefix("@"))
        for word in given.get("domains", "").replace(",", " ").split()
    ]
    found.save(update_fields=["name", "plan", "zone", "domains"])
