"""The people of a desk and those it helps: agents, contacts, organisations, places; for leads and
owners.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from deskbook.channels.phone.callers import shown_callers
from deskbook.engine.addresses import normal_domain
from deskbook.people.access import NoAccess, only_who_may
from deskbook.people.accounts import awaiting_first_sign_in
from deskbook.people.books import book_at, desk_in_force
from deskbook.people.contacts import begins_like
from deskbook.people.lists.kinds import LISTS
from deskbook.people.models import Agent, Contact, ContactIdentity, HelpDesk, Organisation, Place
from deskbook.web.console.shared.frame import screen
from deskbook.web.shared.downloads import csv_download
from deskbook.web.shared.entering import for_agents

PAGE = 50


@dataclass(frozen=True, slots=True)
class Tool:
    """Something outside the desk that only so many people may use, as the book says."""

    name: str
    means: str
    limit: int
    holders: tuple[str, ...]


@require_safe
@for_agents
def people(request: HttpRequest, agent: Agent, what: str = "agents") -> HttpResponse:
    """One of the four lists, searched by the beginning of a word, a page at a time."""
    only_who_may(agent, "manage people")
    found = _found(agent.desk, what, request.GET.get("q", "").strip()[:100])
    words = request.GET.get("q", "").strip()
    start = page_start(request)
    rows = list(found[start : start + PAGE + 1])
    ids = [row.pk for row in rows[:PAGE]] if what == "contacts" else []
    return screen(
        request,
        agent,
        "people/people.html",
        current="settings",
        what=what,
        words=words,
        rows=rows[:PAGE],
        shown=shown_callers(agent, ids),
        new=new_ones().get(what),
        tabs=[(key, title) for key, title in titles().items()],
        next_start=start + PAGE if len(rows) > PAGE else None,
        start=start,
        teams=_titles(agent),
        plans=desk_in_force(agent.desk).plans,
        now=timezone.now(),
        tools=_tools(agent.desk) if what == "agents" else (),
        awaiting=awaiting_first_sign_in(agent.desk, at=timezone.now()).count()
        if what == "agents"
        else 0,
    )


@require_safe
@for_agents
def people_csv(request: HttpRequest, agent: Agent, what: str) -> FileResponse:
    """A whole list as a file that can come back in."""
    only_who_may(agent, "upload lists")
    kind = LISTS.get(what)
    if kind is None:
        raise NoAccess("no such list")
    return csv_download(f"{agent.desk.key}-{kind.key}.csv", *kind.table(agent.desk))


def titles() -> dict[str, str]:
    """Returns the lists by key, as they are called on their tabs."""
    return {
        "agents": _("People of the desk"),
        "contacts": _("Contacts"),
        "organisations": _("Organisations"),
        "places": _("Places"),
    }


def new_ones() -> dict[str, tuple[str, str]]:
    """Returns list → the page of a new line of it, and what it is called."""
    return {
        "agents": ("console-invite", _("Invite someone")),
        "contacts": ("console-contact-new", _("New contact")),
        "organisations": ("console-organisation-new", _("New organisation")),
    }


def _found(helpdesk: HelpDesk, what: str, words: str) -> QuerySet[Any]:
    finders = {
        "agents": _agents,
        "contacts": contacts_found,
        "organisations": _organisations,
        "places": _places,
    }
    if what not in finders:
        raise NoAccess("no such list")
    return finders[what](helpdesk, words)


def _agents(helpdesk: HelpDesk, words: str) -> QuerySet[Agent]:
    rows = Agent.objects.filter(desk=helpdesk).select_related("user")
    if words:
        rows = rows.filter(
            Q(user__name__icontains=words)
            | Q(user__email__istartswith=words)
            | Q(teams__contains=[words])
        )
    return rows.order_by("-is_active", "user__name", "pk")


def contacts_found(helpdesk: HelpDesk, words: str) -> QuerySet[Contact]:
    """Returns the contacts of a desk by name; those whose name, address or number has the words."""
    rows = Contact.objects.filter(desk=helpdesk, merged_into=None)
    if words:
        reached = ContactIdentity.objects.filter(
            begins_like(words.lower()), desk=helpdesk, contact=OuterRef("pk")
        )
        rows = rows.filter(Q(name__icontains=words) | Exists(reached))
    return rows.order_by("name", "pk")


def _organisations(helpdesk: HelpDesk, words: str) -> QuerySet[Organisation]:
    rows = Organisation.objects.filter(desk=helpdesk)
    if words:
        rows = rows.filter(
            Q(name__icontains=words) | Q(domains__contains=[normal_domain(words.removeprefix("@"))])
        )
    one_each = Q(contacts__merged_into=None)
    people = Count("contacts", filter=one_each, distinct=True)
    named = Count("contacts", filter=one_each & Q(contacts__named=True), distinct=True)
    return rows.annotate(people=people, named=named).order_by("name")


def _places(helpdesk: HelpDesk, words: str) -> QuerySet[Place]:
    rows = Place.objects.filter(desk=helpdesk)
    if words:
        rows = rows.filter(Q(name__icontains=words) | Q(code__istartswith=words))
    return rows.order_by("code")


def _titles(agent: Agent) -> Mapping[str, str]:
    return {team.key: team.title for team in desk_in_force(agent.desk).teams.values()}


def _tools(helpdesk: HelpDesk) -> tuple[Tool, ...]:
    seats, desk = book_at(helpdesk.pk, helpdesk.book_version).seats, desk_in_force(helpdesk)
    return tuple(
        Tool(desk.said(name), desk.said(said.means), said.limit, tuple(map(desk.said, said.for_)))
        for name, said in seats.items()
    )


def page_start(request: HttpRequest) -> int:
    """Returns how many lines of a list stand on the pages before."""
    text = request.GET.get("from", "")
    return min(int(text), 1_000_000) if text.isdecimal() and len(text) < 8 else 0
