"""Where a case or an article stood before its desk moved in: links in old mails and notes lead to
it here, once the other system's name leads to this server.
"""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, re_path, reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from deskbook.knowledge.reading import each_once, readable, reader_of
from deskbook.moving.models import ArticleCameFrom, CameFrom
from deskbook.people.access import NoAccess, ticket_for_agent, ticket_for_contact
from deskbook.people.models import User
from deskbook.tickets.models import Ticket
from deskbook.web.shared.article_addresses import address_of
from deskbook.web.viewer import in_their_language, signed_in, user_of

_ADDRESSES = {
    "django-helpdesk": ("tickets/<str:number>/", "helpdesk/tickets/<str:number>/"),
    "freshdesk": (
        "a/tickets/<str:number>",
        "helpdesk/tickets/<str:number>",
        "support/tickets/<str:number>",
    ),
    "jira": ("browse/<str:number>",),
    "zendesk": (
        "agent/tickets/<str:number>",
        "hc/requests/<str:number>",
        "hc/<str:language>/requests/<str:number>",
    ),
}
"""Source → where a ticket stood there, for its agents and its requesters."""
_ARTICLES = {
    "freshdesk": (
        r"^a/solutions/articles/(?P<number>\d+)$",
        r"^(?:[a-zA-Z-]+/)?support/solutions/articles/(?P<number>\d+)(?:-[^/]*)?$",
    ),
    "zendesk": (r"^hc/[^/]+/articles/(?P<number>\d+)(?:-[^/]*)?$",),
}
"""The same of articles."""
_LOOKED_AT = 20
"""Two desks may have come from two systems with the same numbers."""


@require_safe
@signed_in
def old_address(request: HttpRequest, source: str, number: str, language: str = "") -> HttpResponse:
    """Leads to the case that had this number there, for who sees it; to others there is none."""
    came = CameFrom.objects.filter(source=source, number=number).select_related("ticket__desk")
    user = user_of(request)
    address = _first_seen(user, (row.ticket for row in came[:_LOOKED_AT])) if user else None
    if address is None:
        raise NoAccess("no ticket of that number came from there")
    return HttpResponseRedirect(address)


@require_safe
@in_their_language
def old_article(request: HttpRequest, /, source: str, number: str) -> HttpResponse:
    """Leads to the article that had this number there, in the reader's language where it is there
    in it; for who may not read it there is none.
    """
    came = ArticleCameFrom.objects.filter(source=source, number=number)
    user, language = user_of(request), get_language() or ""
    for row in came.select_related("desk")[:_LOOKED_AT]:
        reader = reader_of(user, row.desk, language)
        texts = list(readable(reader).filter(article=row.article_id))
        for text in each_once(texts, language):
            return HttpResponseRedirect(address_of(text))
    raise NoAccess("no article of that number came from there")


def _first_seen(user: User, tickets: Iterable[Ticket]) -> str | None:
    for ticket in tickets:
        if address := _address_for(user, ticket):
            return address
    return None


def _address_for(user: User, ticket: Ticket) -> str | None:
    number = str(ticket)
    try:
        ticket_for_agent(user, number, Ticket.objects.all())
        return reverse("console-ticket", args=[number])
    except NoAccess:
        pass
    try:
        ticket_for_contact(user, number, Ticket.objects.all())
        return reverse("portal-case", args=[ticket.desk.key, number])
    except NoAccess:
        return None


urlpatterns: list[URLPattern] = [
    *(
        path(address, old_address, {"source": source})
        for source, addresses in _ADDRESSES.items()
        for address in addresses
    ),
    *(
        re_path(address, old_article, {"source": source})
        for source, addresses in _ARTICLES.items()
        for address in addresses
    ),
]
