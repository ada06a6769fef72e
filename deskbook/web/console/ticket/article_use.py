"""Articles beside a ticket: found while answering and put into the answer, or marked as missing."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from deskbook.knowledge.gaps import is_marked, mark_unanswered, unmark
from deskbook.knowledge.markdown import as_letter
from deskbook.knowledge.reading import readable, reader_for
from deskbook.knowledge.search import find
from deskbook.people.access import NoAccess
from deskbook.people.models import Agent
from deskbook.tickets.models import Ticket
from deskbook.web.console.shared.rows import ticket_url
from deskbook.web.console.shared.trail import trail_of
from deskbook.web.shared.article_addresses import address_of
from deskbook.web.shared.entering import acts_on_a_ticket, on_a_ticket
from deskbook.web.shared.languages import language_name

MOST = 6


@require_safe
@on_a_ticket
def options(request: HttpRequest, agent: Agent, ticket: Ticket) -> HttpResponse:
    """Returns articles the requester may read, in their language where they are, that fit what is
    typed.
    """
    reader = reader_for(ticket.requester)
    words = request.GET.get("q", "").strip() or ticket.subject
    hits = find(
        ticket.desk_id, words, language=reader.language, audiences=reader.audiences, most=MOST
    )
    shown = '<span class="cut grow">{}</span><span class="small faint cut">{}</span>'
    option = f'<li role="option" data-value="article:{{}}">{shown}</li>'
    found = ((hit.text.pk, str(hit.text), language_name(hit.text.language)) for hit in hits)
    return HttpResponse(format_html_join("", option, found))


@require_safe
@on_a_ticket
def insertion(request: HttpRequest, agent: Agent, ticket: Ticket, text: int) -> HttpResponse:
    """Returns what goes into the answer: the title and address of an article, or (`?as=text`) all
    it says.
    """
    row = (
        readable(reader_for(ticket.requester))
        .select_related("article__desk")
        .filter(pk=text)
        .first()
    )
    if row is None or row.published is None:
        raise NoAccess("no such article")
    version = row.published
    words = f"{version.title}\n{settings.DESKBOOK_SITE_URL}{address_of(row)}"
    if request.GET.get("as") == "text":
        words = f"{version.title}\n\n{as_letter(version.body)}"
    return HttpResponse(words, content_type="text/plain; charset=utf-8")


@acts_on_a_ticket
def gap(request: HttpRequest, agent: Agent, ticket: Ticket) -> HttpResponse:
    """Notes that no article answers this, or takes the mark back: one key, one POST."""
    if is_marked(ticket):
        unmark(ticket)
        messages.success(
            request,
            _("%(ticket)s is off the list of what no article answered.") % {"ticket": ticket},
        )
    else:
        mark_unanswered(ticket, at=timezone.now(), by=agent)
        messages.success(
            request,
            _("%(ticket)s is on the list of what no article answered.") % {"ticket": ticket},
        )
    return HttpResponseRedirect(ticket_url(ticket, trail_of(request)))
