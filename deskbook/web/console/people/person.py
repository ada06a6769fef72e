"""One agent, contact or organisation, for leads and owners to change."""

import re
from collections.abc import Callable
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from deskbook.engine.addresses import normal_domain
from deskbook.engine.quoting import short
from deskbook.engine.wall_time import zone_named
from deskbook.people.access import NotOfTheRole, may, of_desk, only_who_may
from deskbook.people.books import desk_in_force
from deskbook.people.contacts import take_ways_away
from deskbook.people.lists.reading import instant, region_of
from deskbook.people.merging import person
from deskbook.people.models import Agent, Contact, Organisation
from deskbook.people.ruled_places import after_a_change
from deskbook.people.seats import move_contact
from deskbook.web.console.people.ways import WayForm
from deskbook.web.console.shared.frame import screen
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.fields import (
    Choice,
    Ids,
    Instant,
    Known,
    Line,
    Lines,
    NotUnderstood,
    Read,
    Sent,
    Several,
    Tel,
    Tick,
    Zone,
)
from deskbook.web.shared.forms import Form, saved, sent


class Until(Read):
    """The end of an account, on the clocks of the desk."""

    drawn, wrong = "datetime-local", Instant.wrong
    zone = "UTC"

    def read(self, text: str) -> datetime:
        until = instant(text, self.zone, end_of_day=True)
        if until.date() < date(2000, 1, 1):
            raise ValueError(text)
        return until


class AgentForm(Form):
    """An agent's role, teams, end; only owners touch owners."""

    role = Choice(_("Role"), _("Choose a role."))
    teams = Several(_("Teams"))
    phone, until = Tel(), Until()
    extension = Line(_("Extension"), hint=_("A call that rings there is shown to them."), most=16)
    place = Line(_("Place"), most=64)
    is_active = Tick(_("May sign in and work here"))

    def __init__(self, found: Agent, by: Agent, data: QueryDict | None) -> None:
        super().__init__(data)
        self.found, self.by, desk = found, by, desk_in_force(by.desk)
        self.desk, self.makes_owners = desk, may(by, "make owners")
        told = _("A temporary account switches itself off then. Times in {zone}.")
        self.fields["phone"] = Tel(_("Phone"), region=region_of(desk.zone))
        self.fields["until"] = Until(_("Until"), zone=desk.zone, hint=told.format(zone=desk.zone))
        self.offer("teams", [(team.key, team.title) for team in desk.teams.values()])
        if found.by_rule:
            self.hints["role"] = _(
                "Role and teams come from the sign-in provider, until somebody changes them here."
            )
        roles = (role for role in Agent.Role.choices if role[0] != "owner" or self.makes_owners)
        self.offer("role", list(roles))
        until = found.until and f"{found.until.astimezone(zone_named(desk.zone)):%Y-%m-%dT%H:%M}"
        self.begin_with(until=until or "")
        self.begin_as(found, "role", "teams", "phone", "extension", "place", "is_active")

    @property
    def is_locked(self) -> bool:
        """An owner is changed by owners."""
        return self.found.role == "owner" and not self.makes_owners

    def clean(self) -> None:
        role = self.cleaned_data.get("role", self.found.role)
        if "owner" in (role, self.found.role) and not self.makes_owners:
            raise NotOfTheRole("owners are for owners")
        if role not in Agent.Role.values:
            self.add_error("role", _("Choose a role."))
        own = self.found.pk == self.by.pk
        if own and (role != self.found.role or not self.cleaned_data["is_active"]):
            told = _("Somebody else has to change your own role or switch you off.")
            self.add_error("role", told)

    def save(self) -> Agent:
        found, names = self.found, ("role", "phone", "extension", "place", "is_active", "until")
        before = _ruled(found)
        self.put_into(found, *names)
        found.teams = [team for team in self("teams") if team in self.desk.teams]
        found.by_rule = found.by_rule and _ruled(found) == before
        found.save(update_fields=[*names, "teams", "by_rule"] if found.pk else None)
        after_a_change(found, at=timezone.now())
        return found


def _ruled(agent: Agent) -> tuple[object, ...]:
    """What a rule of sign-in says of somebody, until a person says otherwise."""
    return agent.role, sorted(agent.teams), agent.is_active


class ContactForm(WayForm):
    """A contact's name, organisation, ways to be reached."""

    name = Line(_("Name"), most=200)
    organisation = Known(_("Organisation"), reverse_lazy("console-known-organisations"))
    note = Lines(_("Note"), hint=_("For the desk alone: the person does not read it."), rows=2)
    zone = Zone(_("Time zone"), placeholder="Africa/Maputo")
    language = Choice(_("Language"))
    remove, seen = Ids(), Sent()

    def __init__(self, found: Contact, by: Agent, data: QueryDict | None) -> None:
        super().__init__(by, data)
        self.found = found
        self.fields["channel"] = Choice(_("Add"), blank="–")
        self.offer("language", settings.LANGUAGES)
        self.begin_with(**_stands(found))

    @property
    def stands(self) -> str:
        """What is sent along to tell whether somebody else changed the contact meanwhile."""
        return sha256(repr(_stands(self.found)).encode()).hexdigest()[:32]

    def save(self) -> Contact:
        """Saves it. Raises NotUnderstood where that would take back what another changed."""
        rows = Contact.objects.select_for_update(of=("self",)).select_related("organisation")
        self.found = rows.get(pk=self.found.pk)
        if self("seen") and self("seen") != self.stands:
            self._refuse_to_take_back()
        self.put_into(self.found, "name", "zone", "note")
        self.found.language = self("language")[:8] or self.found.language
        self.found.save(update_fields=["name", "zone", "language", "note"])
        organisation = organisation_typed(self.agent, self("organisation"))
        move_contact(self.found, organisation, by=self.agent)
        take_ways_away(self.found, self("remove"), by=self.agent)
        if not self.add_to(self.found):
            raise NotUnderstood()
        return self.found

    def _refuse_to_take_back(self) -> None:
        told = _("Somebody else changed this to “%(now)s” meanwhile. Save again to keep yours.")
        now = {name: said for name, said in _stands(self.found).items() if said != self(name)}
        if now:
            raise NotUnderstood(**{name: told % {"now": short(now[name])} for name in now})


def _stands(contact: Contact) -> dict[str, str]:
    organisation = contact.organisation.name if contact.organisation else ""
    of_row = {name: getattr(contact, name) for name in ("name", "zone", "language", "note")}
    return {**of_row, "organisation": organisation}


def organisation_typed(by: Agent, text: str) -> Organisation | None:
    """Returns the organisation of the desk that is called so, None where nothing was typed. Raises
    NotUnderstood.
    """
    if not text:
        return None
    found = organisations_called(by, text).first()
    if found is None:
        told = _("There is no organisation “%(name)s”.") % {"name": short(text)}
        raise NotUnderstood(organisation=told)
    return found


def organisations_called(by: Agent, text: str) -> QuerySet[Organisation]:
    """Returns those of the desk that are called so, however it is spaced and in capitals or not."""
    words = r"\s+".join(map(re.escape, text.split()))
    return Organisation.objects.filter(desk=by.desk_id, name__iregex=rf"^\s*{words}\s*$")


class OrganisationForm(Form):
    """An organisation's plan, zone and mail domains."""

    name = Line(_("Name"), _("Give it a name."), most=200)
    plan = Choice(_("Plan"), blank="–")
    zone = Zone(_("Time zone"), placeholder="America/Toronto")
    domains = Line(
        _("Mail domains"),
        hint=_("Unknown senders from these are taken for its people. Put spaces between."),
    )

    def __init__(self, found: Organisation, by: Agent, data: QueryDict | None) -> None:
        super().__init__(data)
        self.found, self.by, self.plans = found, by, desk_in_force(by.desk).plans
        self.offer("plan", [(plan.key, plan.title) for plan in self.plans.values()])
        self.begin_with(domains=" ".join(found.domains))
        self.begin_as(found, "name", "plan", "zone")

    def clean(self) -> None:
        if self.cleaned_data.get("plan") and self("plan") not in self.plans:
            self.add_error("plan", _("Choose one of the book’s plans."))
        told = _("%(who)s is called so already.")
        for other in self.others(organisations_called(self.by, self.cleaned_data.get("name", "–"))):
            self.add_error("name", told % {"who": other})
        told = _("%(what)s is a domain of %(who)s already.")
        for domain in domains_in(self.cleaned_data.get("domains", "")):
            for other in self.others(Organisation.objects.filter(domains__contains=[domain])):
                self.add_error("domains", told % {"what": short(domain), "who": other})

    def others(self, those: QuerySet[Organisation]) -> list[Organisation]:
        """Returns the others of the desk among those."""
        return list(those.filter(desk=self.by.desk_id).exclude(pk=self.found.pk)[:3])

    def save(self) -> Organisation:
        names = ["name", "plan", "zone"]
        self.put_into(self.found, *names)
        self.found.domains = domains_in(self("domains"))
        self.found.save(update_fields=[*names, "domains"] if self.found.pk else None)
        return self.found


def domains_in(text: str) -> list[str]:
    """Returns the mail domains that were typed, as they are stored."""
    words = text.replace(",", " ").split()
    return [normal_domain(word.removeprefix("@")) for word in words]


@for_agents
def colleague(request: HttpRequest, agent: Agent, number: int) -> HttpResponse:
    """An agent, to be changed."""
    only_who_may(agent, "manage people")
    found = of_desk(agent, Agent.objects.select_related("user", "desk"), number)
    form = AgentForm(found, agent, sent(request))
    return person_page(request, agent, form, form.save, of="agents", shown="agent")


@for_agents
def contact(request: HttpRequest, agent: Agent, contact: int) -> HttpResponse:
    """A contact, to be changed; one that was merged is the person it became."""
    only_who_may(agent, "change contacts")
    found = person(of_desk(agent, Contact.objects.select_related("organisation", "desk"), contact))
    form = ContactForm(found, agent, sent(request))
    card = reverse("console-contact-card", args=[found.pk])
    return person_page(
        request,
        agent,
        form,
        form.save,
        of="contacts",
        shown="contact",
        then=lambda _done: _changed(request, card),
        current="contacts",
        card=card,
        identities=list(found.identities.order_by("channel", "pk")),
    )


def _changed(request: HttpRequest, card: str) -> str:
    messages.success(request, _("Saved."))
    return card


@for_agents
def organisation_edit(request: HttpRequest, agent: Agent, organisation: int) -> HttpResponse:
    """An organisation, to be changed."""
    only_who_may(agent, "manage people")
    found = of_desk(agent, Organisation.objects.all(), organisation)
    form = OrganisationForm(found, agent, sent(request))
    return person_page(request, agent, form, form.save, of="organisations", shown="organisation")


def person_page(
    request: HttpRequest,
    agent: Agent,
    form: Form,
    save: Callable[[], Agent | Contact | Organisation],
    *,
    of: str,
    shown: str,
    then: Callable[[Any], str] | None = None,
    **context: Any,
) -> HttpResponse:
    """Shows the form; on POST saves it and goes back to the list, or where `then` says, or shows it
    again as typed with what is wrong.
    """
    try:
        if done := saved(form, save):
            if then is None:
                messages.success(request, _("Saved."))
            where = then(done) if then else reverse("console-people", args=[of])
            return HttpResponseRedirect(where)
    except IntegrityError:
        form.add_error(None, _("Somebody else has this name, address or number already."))
    found = getattr(form, "found", None)
    context = {"current": "people", "form": form, "person": found, "what": of, **context}
    return screen(request, agent, f"people/{shown}.html", status=form.status, **context)
