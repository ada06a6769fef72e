"""Who calls: found while typing, looked at when chosen, made when new."""

import json
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from deskbook.channels.phone.callers import (
    Caller,
    callers_like,
    contact_by_name,
    numbers_of,
    open_cases_of,
    people_at,
    shown_callers,
)
from deskbook.channels.phone.calls import keep_way
from deskbook.engine.addresses import ADDRESS, normal_address
from deskbook.engine.desk import Desk
from deskbook.engine.quoting import short
from deskbook.people.access import contact_for_agent, visible_to_agent
from deskbook.people.books import OWN_WORDS, desk_in_force
from deskbook.people.changed_ways import OfTheDesk
from deskbook.people.contacts import address_of, find_or_make_contact
from deskbook.people.merging import kept_of, person, same_person
from deskbook.people.models import Agent, Contact, ContactIdentity
from deskbook.people.numbers import shown, spellings
from deskbook.tickets.models import Ticket
from deskbook.web.acts.whom import number_typed, refuse_of_a_desk_typed
from deskbook.web.shared.entering import for_agents
from deskbook.web.shared.fields import NotUnderstood

_NUMBER = re.compile(r"\+?[\d\s()/.-]{2,}")


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of a caller, for the one who talks to them."""

    caller: Caller
    cases: list[Ticket]
    address: str
    numbers: list[tuple[str, str]]
    """As stored and as read."""
    facets: str
    """What their cases are sorted by, as JSON: facet → value."""


@require_safe
@for_agents
def callers(request: HttpRequest, agent: Agent) -> HttpResponse:
    """Options for the field in which a caller is looked for."""
    option = (
        '<li role="option" data-value="{}" data-chosen="{}"><span class="grow"><b>{}</b> <span'
        ' class="small muted">{}</span><br><span class="small faint">{}</span></span><span'
        ' class="small">{}</span></li>'
    )
    found = callers_like(agent, request.GET.get("q", ""))
    rows = (
        (c.name, c.contact.pk, c.name, c.where, " · ".join(c.known_by[:3]), _open(c.open_cases))
        for c in found
    )
    return HttpResponse(format_html_join("", option, rows))


@require_safe
@for_agents
def card(request: HttpRequest, agent: Agent, contact: int) -> HttpResponse:
    """The caller who was chosen: their open cases, to log the call on one of them."""
    return render(
        request,
        "console/calls/_card.html",
        {"card": card_of(contact_for_agent(agent, contact), agent)},
        using="jinja2",
    )


def card_of(contact: Contact, agent: Agent) -> Card:
    """Returns what is shown of a caller to an agent."""
    known = person(contact)
    return Card(
        shown_callers(agent, [known.pk])[0],
        open_cases_of(known, agent),
        address_of(known) or "",
        [(number, shown(number)) for number in numbers_of(known)],
        json.dumps(facets_of(desk_in_force(known.desk, language=OWN_WORDS), known, agent)),
    )


def facets_of(desk: Desk, contact: Contact, agent: Agent) -> dict[str, str]:
    """Returns what a case of this person is probably sorted by: what the directory says of them,
    else their last.
    """
    last = (
        visible_to_agent(agent, Ticket.objects.filter(requester__in=same_person(contact)))
        .order_by("-opened_at", "-pk")
        .first()
    )
    before = last.state.get("facets", {}) if last else {}
    found: dict[str, str] = {}
    kept = kept_of(contact)
    for facet in desk.facets.values():
        words = {title.casefold(): value for value, title in facet.values.items()}
        told = str(kept.get(facet.key) or kept.get(facet.title) or "").casefold()
        stands = facet.key in LASTING and before.get(facet.key) in facet.values
        value = (
            words.get(told)
            or (told if told in facet.values else "")
            or (before[facet.key] if stands else "")
        )
        if value:
            found[facet.key] = value
    return found


LASTING = frozenset(
    {"district", "place", "department", "office", "ulb", "reporter", "plan", "region", "site"}
)
"""Facets that follow the person rather than what they call about."""


def caller_typed(agent: Agent, given: Mapping[str, Any]) -> Contact:
    """Returns who calls, as chosen or typed; made if they are new. Raises NotUnderstood when it is
    unclear who.
    """
    chosen, text, name = (
        str(given.get(field, "")).strip() for field in ("contact", "caller", "name")
    )
    if chosen.isdecimal() and len(chosen) < 18:
        known = person(contact_for_agent(agent, int(chosen)))
        _keep_number(agent, known, str(given.get("number", "")))
        return known
    number = str(given.get("number", "")).strip()
    if not text and not number and not name:
        raise NotUnderstood(caller=_("Say who: a name, an address or a number."))
    if address := ADDRESS.search(text or name):
        refuse_of_a_desk_typed(address.group(), "caller")
    return (
        _known(agent, text)
        or _by_number(agent, text, number, name, shared="shared" in given)
        or _by_name(agent, text or name, number, given)
    )


def _known(agent: Agent, text: str) -> Contact | None:
    """By what stands in the directory exactly: a PEN, an address, a number as it is stored."""
    if not text:
        return None
    forms = {text, normal_address(text), *spellings(text)}
    ways = ContactIdentity.objects.filter(desk=agent.desk_id, identifier__in=forms)
    return _only(
        [way.contact for way in ways.select_related("contact__organisation", "contact__desk")], text
    )


def _only(found: list[Contact], what: str) -> Contact | None:
    people = list(dict.fromkeys(found))
    if len(people) > 1:
        who = ", ".join(map(str, people))
        raise NotUnderstood(
            caller=_("%(what)s is known of more than one: %(who)s. Choose one in the list.")
            % {
                "what": what,
                "who": who,
            }
        )
    return people[0] if people else None


def _by_number(agent: Agent, text: str, number: str, name: str, *, shared: bool) -> Contact | None:
    typed_here = bool(_NUMBER.fullmatch(text))
    if not typed_here and (text or not number):
        return None
    typed, field = (text, "caller") if typed_here else (number, "number")
    stored = number_typed(agent, typed, field)
    if shared and name:
        return contact_by_name(agent.desk, name)
    known = _only(people_at(agent.desk, stored), shown(stored))
    if known and name and name.casefold() != known.name.casefold() and known.name != stored:
        raise NotUnderstood(name=_taken() % {"number": shown(stored), "who": known})
    return known or find_or_make_contact(agent.desk, "phone", stored, name=name, sign_in=False)


def _taken() -> str:
    return _(
        "%(number)s is known as %(who)s’s. Choose them in the list, or say that the number is"
        " shared: then the call is logged under the name."
    )


def _by_name(agent: Agent, text: str, number: str, given: Mapping[str, Any]) -> Contact:
    if address := ADDRESS.search(text):
        return find_or_make_contact(
            agent.desk, "email", address.group(), name=str(given.get("name", ""))
        )
    found = callers_like(agent, text)
    same = [c.contact for c in found if c.name.casefold() == text.casefold()]
    if known := _only(same, text):
        return known
    if number:
        made = _by_number(agent, "", number, text, shared="shared" in given)
        if made:
            return made
    if "shared" in given:
        return contact_by_name(agent.desk, text)
    if found:
        who = ", ".join(f"{c.name} ({c.known_by[0] if c.known_by else '–'})" for c in found[:3])
        raise NotUnderstood(caller=_("Which of them: %(who)s? Choose in the list.") % {"who": who})
    sentence = _("Nobody is known by “%(text)s”. Give their number, or say that it is withheld.")
    raise NotUnderstood(number=sentence % {"text": short(text)})


def _keep_number(agent: Agent, contact: Contact, text: str) -> None:
    """The number somebody known calls from is theirs from now on, unless it is another's or a
    colleague's.
    """
    if text.strip():
        with suppress(OfTheDesk):  # a colleague put them through, or lent them a telephone
            keep_way(contact, "phone", number_typed(agent, text, "number"), by=agent)


def _open(count: int) -> str:
    return _("%(count)s open") % {"count": count} if count else ""
