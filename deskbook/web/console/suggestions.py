"""People and tickets found while typing; never a menu of thousands."""

from collections.abc import Iterable

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from deskbook.engine.addresses import normal_address
from deskbook.engine.quoting import short
from deskbook.people.contacts import begins_like
from deskbook.people.models import Agent, Contact, ContactIdentity
from deskbook.tickets import queues
from deskbook.tickets.improvement_models import Finding
from deskbook.web.console.seat import for_agents
from deskbook.web.console.typed import NotUnderstood, words_of

MOST = 8


@require_safe
@for_agents
def agents(request: HttpRequest, agent: Agent) -> HttpResponse:
    found = agents_like(agent, request.GET.get("q", ""))[:MOST]
    return options((a.user.email, str(a.user), ", ".join(a.teams)) for a in found)


@require_safe
@for_agents
def contacts(request: HttpRequest, agent: Agent) -> HttpResponse:
    return options(contacts_like(agent, request.GET.get("q", "")))


@require_safe
@for_agents
def tickets(request: HttpRequest, agent: Agent) -> HttpResponse:
    words, own = request.GET.get("q", ""), request.GET.get("not", "")
    named = queues.named(agent, words)
    found = [named.ticket] if named else []
    if not (named and named.is_certain):
        found += queues.find(agent, words)[: MOST + 2]
    others = [ticket for ticket in dict.fromkeys(found) if str(ticket) != own]
    return options(
        (str(ticket), f"{ticket} {ticket.subject}", str(ticket.requester))
        for ticket in others[:MOST]
    )


@require_safe
@for_agents
def findings(request: HttpRequest, agent: Agent) -> HttpResponse:
    rows = Finding.objects.filter(desk=agent.desk_id).order_by("title")
    for word in words_of(request.GET.get("q", "")):
        rows = rows.filter(title__icontains=word)
    return options((finding.title, finding.title, finding.theme) for finding in rows[:MOST])


def agents_like(agent: Agent, words: str) -> list[Agent]:
    """Returns the desk's agents whose name or address holds every word, by name."""
    seats = Agent.objects.filter(desk=agent.desk_id, is_active=True)
    people = seats.select_related("user").order_by("user__name", "pk")
    for word in words_of(words):
        people = people.filter(Q(user__name__icontains=word) | Q(user__email__icontains=word))
    return list(people[: MOST + 1])


def agent_typed(agent: Agent, text: str) -> Agent | None:
    """Returns the agent a person typed, None for nobody; raises NotUnderstood when it is unclear
    who.
    """
    text = text.strip()
    if not text:
        return None
    found = agents_like(agent, text)
    exact = [
        a
        for a in found
        if normal_address(text) == a.user.email or text.casefold() == a.user.name.casefold()
    ]
    if len(exact) == 1 or len(found) == 1:
        return (exact or found)[0]
    if not found:
        raise NotUnderstood(
            owner=_("Nobody at this desk is called “%(text)s”.") % {"text": short(text)}
        )
    names = ", ".join(str(a.user) for a in found[:4])
    raise NotUnderstood(
        owner=_("More than one person fits: %(names)s. Write more of the name.") % {"names": names}
    )


def contacts_like(agent: Agent, words: str) -> list[tuple[str, str, str]]:
    """Returns contacts by the beginning of an address or number, and by name: what to fill in,
    name, organisation.
    """
    start = words.strip().lower()
    if not start:
        return []
    known = ContactIdentity.objects.filter(begins_like(start), desk=agent.desk_id)
    by_address = list(known.select_related("contact__organisation").order_by("identifier")[:MOST])
    named = Contact.objects.filter(desk=agent.desk_id, merged_into=None, name__icontains=start)
    named = named.select_related("organisation")
    by_name = (
        named.prefetch_related("identities").order_by("name")[:MOST]
        if len(by_address) < MOST
        else []
    )
    found = {identity.identifier: identity.contact for identity in by_address}
    for contact in by_name:
        for identity in list(contact.identities.all())[:1]:
            found.setdefault(identity.identifier, contact)
    return [
        (identifier, f"{c} <{identifier}>", _organisation(c))
        for identifier, c in list(found.items())[:MOST]
    ]


def _organisation(contact: Contact) -> str:
    return contact.organisation.name if contact.organisation else ""


def options(found: Iterable[tuple[str, str, str]]) -> HttpResponse:
    """Returns what a field for typing shows: for each, what to fill in, what is read, and what
    tells it apart.
    """
    shown = '<span class="cut grow">{}</span><span class="small faint cut">{}</span>'
    option = f'<li role="option" data-value="{{}}">{shown}</li>'
    return HttpResponse(format_html_join("", option, found))
