"""Somebody new: a contact, an organisation, a colleague. Who is known already is said while it is
typed, and once more where it is sent.
"""

import re
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from deskbook.channels.email.mailboxes import refuse_of_a_desk
from deskbook.channels.phone.callers import desk_region, ids_like, shown_callers
from deskbook.engine.addresses import ADDRESS, normal_address
from deskbook.engine.quoting import short
from deskbook.people.access import NoAccess, may, only_who_may
from deskbook.people.accounts import awaiting_first_sign_in, make_codes
from deskbook.people.adding import NewContact, add_contact
from deskbook.people.agents import invite_agent
from deskbook.people.books import desk_in_force, usual_language
from deskbook.people.contacts import contact_by
from deskbook.people.models import Agent, Contact, Organisation
from deskbook.people.refusals import in_words
from deskbook.refusals.refusal import Refused
from deskbook.web.console.people.person import (
    AgentForm,
    OrganisationForm,
    domains_in,
    organisation_typed,
    organisations_called,
    person_page,
)
from deskbook.web.console.people.sign_in_codes import mail_codes
from deskbook.web.console.shared.suggestions import options
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.fields import Choice, Known, Line, Lines, Mail, Tel, Tick, Zone
from deskbook.web.shared.forms import Form, Pressed, sent

MOST = 5
_NUMBER = re.compile(r"\+?[\d\s()/.-]{6,}")


class ContactTyped(Pressed):
    """What a form of somebody new holds so far, and words somebody was looked for by."""

    q, name, mail, phone, domains = Line(), Line(), Line(), Line(), Line()

    def start(self) -> dict[str, str]:
        """Returns what the form begins with: who was looked for in vain."""
        words = self("q")[:254]
        if address := ADDRESS.search(words):
            return {"mail": address.group(), "name": words.partition("<")[0].strip(" \"'")}
        return {"phone" if _NUMBER.fullmatch(words) else "name": words}


class NewContactForm(Form):
    """Somebody the desk is to help; who manages people says of which organisation."""

    name = Line(_("Name"), most=200)
    mail = Mail(_("Mail address"))
    organisation = Known(_("Organisation"), reverse_lazy("console-known-organisations"))
    named = Tick(_("Opens and closes cases for the organisation"))
    language, zone = Choice(_("Language")), Zone(_("Time zone"), placeholder="Africa/Maputo")
    note = Lines(_("Note"), hint=_("For the desk alone: the person does not read it."), rows=2)

    def __init__(self, by: Agent, data: QueryDict | None, **begun: Any) -> None:
        super().__init__(data, begun)
        self.by, desk = by, desk_in_force(by.desk)
        self.fields["phone"] = Tel(_("Phone"), region=desk_region(by.desk))
        self.leads = may(by, "manage people")
        if not self.leads:  # or they could make themselves somebody of any organisation
            del self.fields["organisation"], self.fields["named"]
            self.hints["mail"] = _(
                "Its domain decides the organisation; a lead can choose another later."
            )
        self.has_seats = any(plan.contacts for plan in desk.plans.values())
        self.offer("language", settings.LANGUAGES)
        self.begin_with(language=usual_language(by.desk))

    def ways(self) -> dict[str, str]:
        """Returns channel → what was typed for it, as it is stored."""
        typed = {"email": "mail", "phone": "phone"}
        ways = {way: self.cleaned_data.get(field, "") for way, field in typed.items()}
        return {way: stored for way, stored in ways.items() if stored}

    def clean(self) -> None:
        ways = self.ways()
        if not ways and not self.errors:
            told = _("Give an address or a number: nobody could be answered without.")
            self.add_error("mail", told)
        told = _("%(what)s belongs to %(who)s.")
        for channel, stored in ways.items():
            field = "mail" if channel == "email" else channel
            if owner := contact_by(self.by.desk, channel, stored):
                self.add_error(field, told % {"what": short(stored), "who": owner})
        try:
            refuse_of_a_desk(ways.get("email", ""))
        except Refused as refused:
            self.add_error("mail", in_words(refused))

    def save(self) -> Contact:
        return add_contact(
            NewContact(
                self("name"),
                self.ways(),
                self("language")[:8] or usual_language(self.by.desk),
                self("zone"),
                organisation_typed(self.by, self.cleaned_data.get("organisation", "")),
                self.cleaned_data.get("named", False),
                self("note"),
            ),
            by=self.by,
        )


class InviteForm(AgentForm):
    """Somebody who is to work here."""

    name = Line(_("Name"), _("Say what they are called."), most=200)
    mail = Mail(_("Mail address"), _("Say where they get the code to sign in."))

    def __init__(self, by: Agent, data: QueryDict | None) -> None:
        new = Agent(desk=by.desk, role=Agent.Role.AGENT)
        super().__init__(new, by, data)
        del self.fields["is_active"]

    def clean(self) -> None:
        self.cleaned_data["is_active"] = True
        super().clean()
        known = colleague_at(self.by, self.cleaned_data.get("mail", ""))
        if known is not None:
            self.add_error("mail", _("%(who)s works here already.") % {"who": known})

    def save(self) -> Agent:
        self.found = invite_agent(self.by.desk, self("mail"), name=self("name"), role=self("role"))
        made, at = super().save(), timezone.now()
        waiting = awaiting_first_sign_in(made.desk, at=at).filter(pk=made.pk)
        mail_codes([made], make_codes(list(waiting), at=at), at=at)
        return made


def colleague_at(by: Agent, mail: str) -> Agent | None:
    """Returns who of the desk signs in by that address, switched off or not."""
    own = Agent.objects.filter(desk=by.desk_id, user__email=normal_address(mail))
    return own.select_related("user").first()


@for_agents
def new_contact(request: HttpRequest, agent: Agent) -> HttpResponse:
    """A contact to be made, by everybody of the desk, in an organisation of their choice by who
    manages people; afterwards their card is shown.
    """
    only_who_may(agent, "work on cases")
    typed = ContactTyped(request)
    form = NewContactForm(agent, sent(request), **typed.start())

    def card(made: Contact) -> str:
        messages.success(request, _("%(who)s is a contact now.") % {"who": made})
        return reverse("console-contact-card", args=[made.pk])

    return person_page(
        request,
        agent,
        form,
        form.save,
        of="contacts",
        shown="new_contact",
        then=card,
        current="contacts",
        known=known_people(agent, typed) if form.is_bound else None,
    )


@for_agents
def new_organisation(request: HttpRequest, agent: Agent) -> HttpResponse:
    """An organisation to be made; afterwards its seats and people are shown."""
    only_who_may(agent, "manage people")
    form = OrganisationForm(Organisation(desk=agent.desk), agent, sent(request))

    def seats(made: Organisation) -> str:
        messages.success(request, _("%(who)s is an organisation here now.") % {"who": made})
        return reverse("console-organisation", args=[made.pk])

    known = known_organisations(agent, ContactTyped(request)) if form.is_bound else None
    return person_page(
        request,
        agent,
        form,
        form.save,
        of="organisations",
        shown="organisation",
        then=seats,
        known=known,
    )


@for_agents
def invite(request: HttpRequest, agent: Agent) -> HttpResponse:
    """A colleague to be made, who is mailed how they sign in."""
    only_who_may(agent, "manage people")
    form = InviteForm(agent, sent(request))

    def colleagues(made: Agent) -> str:
        told = _("%(who)s is invited: a mail says how they sign in.")
        messages.success(request, told % {"who": made})
        return reverse("console-people")

    known = known_colleagues(agent, ContactTyped(request)) if form.is_bound else None
    return person_page(
        request, agent, form, form.save, of="agents", shown="invite", then=colleagues, known=known
    )


def known_people(agent: Agent, typed: ContactTyped) -> dict[str, Any]:
    """Returns whom the desk knows by what was typed: by a way, and others who are called so."""
    words = [word for word in (typed("mail"), typed("phone")) if len(word) > 3]
    by_way = dict.fromkeys(pk for word in words for pk in ids_like(agent.desk, word, most=MOST))
    name = typed("name")
    called = ids_like(agent.desk, name, most=MOST) if len(name) > 2 else []
    found = shown_callers(agent, [*dict.fromkeys([*by_way, *called])][:MOST])
    return {"people": found}


def known_organisations(agent: Agent, typed: ContactTyped) -> dict[str, Any]:
    """Returns the organisations that are called so, or have one of the domains."""
    mine = Organisation.objects.filter(desk=agent.desk_id)
    name = typed("name")
    found = mine.filter(domains__overlap=domains_in(typed("domains"))) | (
        organisations_called(agent, name) if name else mine.none()
    )
    return {"organisations": found.order_by("name")[:MOST]}


def known_colleagues(agent: Agent, typed: ContactTyped) -> dict[str, Any]:
    """Returns who works here by that address."""
    known = colleague_at(agent, typed("mail"))
    return {"colleagues": [known] if known else []}


KNOWN = {
    "contacts": known_people,
    "organisations": known_organisations,
    "agents": known_colleagues,
}


@require_safe
@for_agents
def known_already(request: HttpRequest, agent: Agent, what: str) -> HttpResponse:
    """Who is known by what a form of somebody new holds so far, as part of its page."""
    if what == "contacts":
        only_who_may(agent, "work on cases")
    else:
        only_who_may(agent, "manage people")
    if what not in KNOWN:
        raise NoAccess("no such list")
    context = {"known": KNOWN[what](agent, ContactTyped(request))}
    return render(request, "console/people/_known.html", context, using="jinja2")


@require_safe
@for_agents
def organisations(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Options for a field in which an organisation is looked for."""
    rows = Organisation.objects.filter(desk=agent.desk_id)
    for word in request.GET.get("q", "")[:200].split()[:8]:
        rows = rows.filter(name__icontains=word)
    plans = desk_in_force(agent.desk).plans
    return options(
        (one.name, one.name, plans[one.plan].title if one.plan in plans else "")
        for one in rows.order_by("name")[:8]
    )
